"""From what a person types to a value, and from a value to what is shown and what is sent.

What is typed is converted, never scolded (LOOK 3): full and half width, kana, dates in both
calendars. A value and its two texts are kept apart: `shown` is for the window and the printed
form, `sent` is what leaves the house before substitutes are applied.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from app.domain.corporate_number import parse_corporate_number
from app.domain.era import parse_date, wareki_text
from app.domain.errors import BadInput
from app.domain.kana import to_full_kana, to_full_width, to_half_width
from app.facts.record import Blank, Value

if TYPE_CHECKING:
    from app.forms.procedure import Field

FULL_ONLY = ("egov_full", "egov_kana", "egov_kana_address")
UNWRITTEN = ("choice", "choices", "consent", "table", "file")
"""Kinds whose text is no writing: codes, rows, files."""
_TRUE_WORDS = ("はい", "有", "あり", "true", "1", "○")
_FALSE_WORDS = ("いいえ", "無", "なし", "false", "0", "×")


@dataclass(frozen=True)
class Converted:
    """A typed text as a value, with the note of what was changed in it (empty if nothing was)."""

    value: Value
    note: str = ""


def convert(field: Field, text: str) -> Converted:
    """The value of `text` for `field`.

    Raises:
        BadInput: the text cannot be read as this kind of value; its sentence says what to do.
    """
    return _CONVERTERS.get(field.kind, _text)(field, text)


def shown(field: Field, value: Value | None) -> str:
    """The text of `value` in the window: digits in their groups, yen grouped, a choice in words."""
    if value is None or isinstance(value, Blank):
        return ""
    if isinstance(value, bool):
        return field.words[0] if value else field.words[1]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Fraction | int) and field.kind in ("percent", "decimal"):
        return decimal_text(value, field) + ("%" if field.kind == "percent" else "")
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, int):
        return f"{in_units(value, field.unit):,}" if field.kind == "yen" else str(value)
    if field.kind == "choice":
        return field.choice_labels.get(value, value)
    if field.kind == "table":
        from app.forms.tables import rows_of_value

        return f"{len(rows_of_value(field, value))}行"
    if field.kind == "file":
        from app.forms.file_slots import files_of

        return "、".join(one.name for one in files_of(value))
    if field.kind in ("choices", "consent"):
        return "、".join(field.choice_labels.get(part, part) for part in value.split(","))
    return _shown_text(field, value)


def sent(field: Field, value: Value | None) -> str:
    """The text of `value` as it leaves the house: no grouping, codes not words, ISO dates."""
    if value is None or isinstance(value, Blank):
        return ""
    if isinstance(value, bool):
        return field.words[0] if value else field.words[1]
    if isinstance(value, Fraction | int) and field.kind in ("percent", "decimal"):
        return decimal_text(value, field)
    if isinstance(value, int) and field.kind == "yen":
        return str(in_units(value, field.unit))
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str) and field.kind not in UNWRITTEN:
        return _written(field, value)
    return str(value)


def in_units(yen: int, unit: int) -> int:
    """Yen in thousands and so on, rounded half up as the printed forms ask."""
    return int((Decimal(yen) / unit).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def decimal_text(value: Fraction | int, field: Field) -> str:
    """A fraction as the decimal it is, to six places where it has no end; a percentage is ×100."""
    millionths = round(Fraction(value) * (100 if field.kind == "percent" else 1) * 1_000_000)
    whole, rest = divmod(abs(millionths), 1_000_000)
    tail = f".{rest:06d}".rstrip("0") if rest else ""
    return f"{'-' if millionths < 0 else ''}{whole}{tail}"


def beside(field: Field, value: Value | None) -> str:
    """The other calendar's date, e.g. 令和8年7月10日(金); empty for anything but a date."""
    if field.kind == "date" and isinstance(value, date):
        try:
            return wareki_text(value, weekday=True)
        except BadInput:
            return ""
    return ""


def grouped(field: Field, digits: str) -> tuple[str, ...]:
    """The digits in the printed groups of the field, e.g. ("5012", "345678", "9")."""
    parts, at = [], 0
    for size in field.groups:
        parts.append(digits[at : at + size])
        at += size
    return tuple(parts)


def _shown_text(field: Field, value: str) -> str:
    if field.groups and len(value) == field.digits and value.isdigit():
        return "-".join(grouped(field, value))
    if field.kind == "postal_code" and len(value) == 7 and value.isdigit():
        return f"{value[:3]}-{value[3:]}"
    return _written(field, value)


def _written(field: Field, value: str) -> str:
    """A text in the width its profile wants; the fact keeps its own width."""
    if field.profile == "egov_full":
        return to_full_width(value)
    if field.profile == "egov_kana":
        return to_full_kana(value)
    if field.profile == "egov_kana_address":
        return to_full_width(to_full_kana(value))
    return value


def _text(field: Field, text: str) -> Converted:
    if field.kind != "long_text":
        text = re.sub(r"[\r\n\t]+", " ", text)
    plain = text.strip(" \u3000")
    if field.profile == "egov_full":
        full = to_full_width(plain)
        return Converted(full, "全角に直しました。" if full != plain else "")
    return _half_kana_made_full(plain)


def _half_kana_made_full(plain: str) -> Converted:
    """Half-width kana to full, full-width letters and digits to half (LOOK 3)."""
    full = re.sub(r"[\uff61-\uff9f]+", lambda m: to_full_width(m[0]), plain)
    if full != plain:
        return Converted(full, "全角に直しました。")
    half = "".join(to_half_width(c) if "０" <= c <= "９" else c for c in plain)
    return Converted(half, "半角に直しました。" if half != plain else "")


def _person_name(field: Field, text: str) -> Converted:
    plain = text.strip(" \u3000\r\n\t")
    name = re.sub(r"[ \u3000]+", "\u3000", to_full_width(plain))
    return Converted(name, "全角に直しました。" if name != plain else "")


def _kana(field: Field, text: str) -> Converted:
    plain = text.strip(" \u3000\r\n\t")
    written = to_full_kana(plain)
    if field.profile == "egov_kana_address":
        written = to_full_width(written)
    kana = re.sub(r"\u3000+", "\u3000", written)
    if kana == plain:
        return Converted(kana)
    had_hiragana = any("ぁ" <= c <= "ゖ" for c in plain)
    return Converted(kana, "カタカナに直しました。" if had_hiragana else "全角に直しました。")


def _digits(field: Field, text: str) -> Converted:
    plain = to_half_width(text)
    digits = re.sub(r"[\s\-()]", "", plain)
    if not (digits.isascii() and digits.isdigit()):
        raise BadInput("not-digits", f"{field.label}は数字だけで入れてください。")
    return Converted(digits, "半角に直しました。" if plain != text.strip() else "")


def _postal_code(field: Field, text: str) -> Converted:
    plain = to_half_width(text).removeprefix("〒")
    digits = re.sub(r"[\s\-]", "", plain)
    if not (digits.isascii() and digits.isdigit() and len(digits) == 7):
        raise BadInput(
            "postal-shape", "郵便番号は 7桁の数字です。123-4567 のように入れてください。"
        )
    return Converted(digits, "半角に直しました。" if not text.isascii() else "")


def _phone(field: Field, text: str) -> Converted:
    plain = re.sub(r"\s", "", to_half_width(text)).replace(")", "-").replace("(", "-").strip("-")
    if not plain or not all(c in "0123456789-" for c in plain):
        raise BadInput(
            "phone-shape", "電話番号は 03-1234-5678 のように、数字と「-」で入れてください。"
        )
    return Converted(plain, "半角に直しました。" if not text.isascii() else "")


def _email(field: Field, text: str) -> Converted:
    plain = to_half_width(text)
    if not re.fullmatch(r"[A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9.\-]{1,190}\.[A-Za-z]{2,24}", plain):
        raise BadInput(
            "email-shape", "メールアドレスを読めません。name@example.jp のように入れてください。"
        )
    return Converted(plain, "半角に直しました。" if plain != text.strip() else "")


def _integer(field: Field, text: str) -> Converted:
    plain = to_half_width(text)
    number = re.sub(r"[\s,円人時間分]", "", plain)
    if not re.fullmatch(r"-?\d{1,15}", number):
        raise BadInput("not-a-number", f"{field.label}は数字で入れてください。")
    value = int(number) * (field.unit if field.kind == "yen" else 1)
    return Converted(
        value, "半角に直しました。" if not text.strip().isascii() and number in plain else ""
    )


def _decimal(field: Field, text: str) -> Converted:
    plain = re.sub(r"[\s,%％円時間]", "", to_half_width(text))
    if not re.fullmatch(r"-?\d{1,12}(?:\.\d{1,6})?", plain):
        raise BadInput("not-a-number", f"{field.label}は数字で入れてください。例: 33.3")
    value = Fraction(plain) / (100 if field.kind == "percent" else 1)
    return Converted(value)


def _table(field: Field, text: str) -> Converted:
    from app.forms.tables import TableAnswer

    return Converted(TableAnswer.of(text).to_text())


def _file(field: Field, text: str) -> Converted:
    from app.forms.file_slots import take_files

    return Converted(take_files(field, text))


def _date(field: Field, text: str) -> Converted:
    return Converted(parse_date(text))


def _month(field: Field, text: str) -> Converted:
    plain = to_half_width(text)
    match = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})月?", plain)
    if match and 1 <= int(match[2]) <= 12:
        return Converted(f"{match[1]}-{int(match[2]):02d}")
    try:
        day = parse_date(plain.removesuffix("月") + ("月1日" if plain.endswith("月") else "-1"))
    except BadInput:
        raise BadInput(
            "month-unread", "年月を読めません。2026-07 や 令和8年7月 のように入れてください。"
        ) from None
    return Converted(f"{day.year:04d}-{day.month:02d}")


def _yes_no(field: Field, text: str) -> Converted:
    plain = to_half_width(text).casefold()
    if plain in (field.words[0].casefold(), *_TRUE_WORDS):
        return Converted(True)
    if plain in (field.words[1].casefold(), *_FALSE_WORDS):
        return Converted(False)
    yes, no = field.words
    raise BadInput("choice-unknown", f"{field.label}は「{yes}」か「{no}」から選んでください。")


def _choice(field: Field, text: str) -> Converted:
    plain = text.strip()
    for value, label in field.choices:
        if plain in (value, label) or to_half_width(plain) == value:
            return Converted(value)
    raise BadInput("choice-unknown", f"{field.label}は一覧から選んでください。")


def _choices(field: Field, text: str) -> Converted:
    wanted = [str(_choice(field, part).value) for part in re.split(r"[,、]", text) if part.strip()]
    ordered = [value for value, _ in field.choices if value in wanted]
    if not ordered:
        raise BadInput("choice-unknown", f"{field.label}は一覧から選んでください。")
    return Converted(",".join(ordered))


def _corporate_number(field: Field, text: str) -> Converted:
    return Converted(parse_corporate_number(text))


_CONVERTERS = {
    "person_name": _person_name,
    "kana": _kana,
    "digits": _digits,
    "postal_code": _postal_code,
    "phone": _phone,
    "email": _email,
    "integer": _integer,
    "yen": _integer,
    "date": _date,
    "month": _month,
    "yes_no": _yes_no,
    "choice": _choice,
    "choices": _choices,
    "consent": _choices,
    "percent": _decimal,
    "decimal": _decimal,
    "table": _table,
    "file": _file,
    "corporate_number": _corporate_number,
}
