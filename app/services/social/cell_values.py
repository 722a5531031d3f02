"""A cell's text as the value of a fact: days, yen, yes and no, months, kana, choices."""

from __future__ import annotations

import re
import unicodedata

from app.domain.era import parse_date
from app.domain.errors import BadInput
from app.domain.kana import to_full_kana, to_half_width
from app.facts.definition import FactDef
from app.facts.record import Value

_WESTERN_MONTH = re.compile(r"(\d{4})\s*(?:年|[-/.])\s*(\d{1,2})\s*月?(?:分|度|支給)?")
_ERA_MONTH = re.compile(
    r"(令和|平成|[RHrh])\s*(元|\d{1,2})\s*(?:年|[-/.])\s*(\d{1,2})\s*月?(?:分|度|支給)?"
)
_COMPACT_MONTH = re.compile(r"(\d{4})(\d{2})")
_FIRST_YEARS = {"令和": 2018, "R": 2018, "平成": 1988, "H": 1988}
_YES = frozenset({"はい", "有", "あり", "○", "◯", "1", "true", "yes", "該当"})
_NO = frozenset({"いいえ", "無", "なし", "×", "0", "false", "no", "非該当"})
_MOST_YEN = 10**12


def month_in(text: str) -> tuple[str, str]:
    """The month named in a text ("2026年4月 支給額") and the rest of it; ("", text) without one."""
    plain = unicodedata.normalize("NFKC", text)
    for shape in (_ERA_MONTH, _WESTERN_MONTH):
        match = shape.search(plain)
        if match is None:
            continue
        if shape is _ERA_MONTH:
            number = 1 if match[2] == "元" else int(match[2])
            year, month = _FIRST_YEARS[match[1].upper()] + number, int(match[3])
        else:
            year, month = int(match[1]), int(match[2])
        if 1 <= month <= 12:
            return f"{year:04d}-{month:02d}", plain[: match.start()] + plain[match.end() :]
    return "", text


def month_value(text: str) -> str:
    """A month from 2026-04, 202604, 2026年4月, 令和8年4月 or a day in it. Raises BadInput."""
    plain = unicodedata.normalize("NFKC", text).strip()
    compact = _COMPACT_MONTH.fullmatch(plain)
    month = f"{compact[1]}-{compact[2]}" if compact else month_in(plain)[0]
    if not month or not "01" <= month[5:] <= "12":
        raise BadInput(
            "cell-month", "年月を読めません。2026-04 や 令和8年4月 のように入れてください。"
        )
    return month


def cell_value(definition: FactDef, text: str) -> Value:
    """The value. Raises BadInput with a sentence for the person who looks at the table."""
    kind = definition.kind
    if kind == "date":
        return parse_date(text.partition(" ")[0])
    if kind in ("yen", "integer"):
        return _number(text)
    if kind == "bool":
        word = to_half_width(text).casefold()
        if word in _YES or word in _NO:
            return word in _YES
        raise BadInput("cell-bool", "「はい」か「いいえ」で入れてください。")
    if kind == "month":
        return month_value(text)
    if kind == "digits":
        return _digits(definition, text)
    if kind == "choice":
        return _choice(definition, text)
    if kind == "kana":
        return to_full_kana(text)
    return text


def _number(text: str) -> int:
    plain = to_half_width(text).replace(",", "").replace("¥", "").removesuffix("円").strip()
    try:
        number = int(plain.removesuffix(".0"))
    except ValueError:
        raise BadInput("cell-number", "数字で入れてください（円未満は書けません）。") from None
    if not 0 <= number < _MOST_YEN:
        raise BadInput("cell-number", "0 以上の額や日数を入れてください。")
    return number


def _digits(definition: FactDef, text: str) -> str:
    plain = to_half_width(text).replace("-", "").replace(" ", "")
    if not (plain.isascii() and plain.isdigit()):
        raise BadInput("cell-digits", "数字だけで入れてください。")
    if definition.length and len(plain) != definition.length:
        told = f"{definition.length}桁の数字です。頭の 0 が落ちていないか確かめてください。"
        raise BadInput("cell-digits", told)
    return plain


def _choice(definition: FactDef, text: str) -> str:
    for value, label in definition.choices:
        if text in (value, label):
            return value
    short = {"男性": "男", "女性": "女", "M": "男", "F": "女"}.get(text, "")
    if any(short == value for value, _ in definition.choices):
        return short
    told = "・".join(label for _, label in definition.choices)
    raise BadInput("cell-choice", f"{told}のどれかを入れてください。")


def two_names(text: str) -> tuple[str, str]:
    """Family and given name of a cell. Raises BadInput where no space parts them."""
    parts = text.split()
    if len(parts) != 2:
        raise BadInput("cell-name", "姓と名の間に空白を一つ入れてください。")
    return parts[0], parts[1]
