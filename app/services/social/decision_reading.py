"""決定通知書 of the pension office, read person by person from the paragraphs of an official document.

No real document of this kind is public. What is read here is the shape of the practice town
(resources/sandbox/notes.md): lines of 項目 and 値, a person beginning at 被保険者整理番号. A document of
another shape is never guessed at: it says that it cannot be read, and stays in 書類庫 to be looked at.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from app.domain.era import parse_date
from app.domain.errors import BadInput
from app.domain.periods import month_of
from app.domain.social.grades import KENPO, KOUNEN
from app.forms.official import OfficialDocument
from app.services.social.insurer import ACQUISITION, BONUS, DEPENDANTS, LOSS, REGULAR, REVISION

NUMBER, NAME, KANA, BIRTH = (
    "被保険者整理番号",
    "被保険者氏名",
    "被保険者氏名フリガナ",
    "生年月日",
)
_TITLES = (
    ("資格取得", ACQUISITION),
    ("資格喪失", LOSS),
    ("被扶養者", DEPENDANTS),
    ("標準賞与額", BONUS),
    ("標準報酬改定", REVISION),
    ("標準報酬決定", REGULAR),
)
WHEN: Mapping[str, str] = MappingProxyType({
    ACQUISITION: "資格取得年月日", LOSS: "資格喪失年月日", DEPENDANTS: "異動の別",
    REVISION: "改定年月", REGULAR: "適用年月", BONUS: "賞与支払年月日",
})  # fmt: skip
_AMOUNTS = {
    "標準報酬月額（健康保険）": KENPO,
    "標準報酬月額（厚生年金保険）": KOUNEN,
    "標準賞与額（健康保険）": KENPO,
    "標準賞与額（厚生年金保険）": KOUNEN,
}
_OF_PERSON = frozenset({NUMBER, NAME, KANA, BIRTH, *WHEN.values(), *_AMOUNTS})
_ARRIVED, _OFFICE, _DECIDED, _COUNT = "到達番号", "事業所番号", "決定年月日", "件数"
_LINE = re.compile(
    r"[\s\u3000]*(\S+?)(?:[\s\u3000]*[：:][\s\u3000]*|[\s\u3000]+)(\S.*?)[\s\u3000]*"
)
_THOUSANDS = re.compile(r"([0-9,]{1,9})千円")
_MONTH = re.compile(r"(令和|平成)(元|[0-9]{1,2})年([0-9]{1,2})月")
_BEGINS = {"令和": 2018, "平成": 1988}


@dataclass(frozen=True)
class DecidedPerson:
    """What was decided about one person. `amounts` are yen by scheme.

    `when` is the text of what the notice turns on (a day, a month, 該当 …), `month` the month from
    which amounts count ("" where none can be read), `day` the day ("" as None).
    """

    number: str
    name: str = field(repr=False)
    kana: str = field(repr=False)
    birth: date | None
    when: str
    day: date | None
    month: str
    amounts: Mapping[str, int]


@dataclass(frozen=True)
class DecidedNotice:
    """A 決定通知書: which notice it answers, by whom it arrived, and its people.

    `doubts` are sentences on what could not be read or contradicts itself.
    """

    form: str
    title: str
    arrive_id: str
    office_number: str
    decided_on: date | None
    people: tuple[DecidedPerson, ...]
    doubts: tuple[str, ...] = ()


def read_decision(document: OfficialDocument) -> DecidedNotice:
    """The decision in a document. Raises BadInput where it is none that can be read."""
    form = next((code for words, code in _TITLES if words in document.title), "")
    if not form:
        raise BadInput(
            "decision-title",
            f"「{document.title[:40]}」は、ここでは読めない通知書です。書類庫で開いて見てください。",
        )
    head, blocks = _split(document.paragraphs)
    if not blocks:
        raise BadInput(
            "decision-people",
            "通知書から、ひとりも読み取れませんでした。書類庫で開いて、届と見比べてください。",
        )
    doubts: list[str] = []
    people = tuple(_person(block, form, n, doubts) for n, block in enumerate(blocks, 1))
    told = _one(head, _COUNT)
    count = _digits(told)
    if told and count != str(len(people)):
        doubts.append(f"通知書の件数は「{told}」ですが、読めたのは{len(people)}人です。")
    return DecidedNotice(
        form,
        document.title,
        _digits(_one(head, _ARRIVED)),
        _digits(_one(head, _OFFICE)),
        _day(_one(head, _DECIDED)) or _day(document.dated),
        people,
        tuple(doubts),
    )


Lines = list[tuple[str, str]]


def _split(paragraphs: Iterable[str]) -> tuple[Lines, list[Lines]]:
    """The lines before the first person, and those of each person."""
    head: Lines = []
    blocks: list[Lines] = []
    for paragraph in paragraphs:
        for line in paragraph.split("\n"):
            label, value = _labelled(line)
            if label == NUMBER:
                blocks.append([])
            if label and blocks and label in _OF_PERSON:
                blocks[-1].append((label, value))
            elif label and not blocks:
                head.append((label, value))
    return head, blocks


def _labelled(line: str) -> tuple[str, str]:
    plain = line.strip()
    if plain in _OF_PERSON:
        return plain, ""  # a value left empty
    found = _LINE.fullmatch(line)
    return (found[1], found[2]) if found else ("", "")


def _one(lines: Lines, label: str) -> str:
    return next((value for name, value in lines if name == label), "")


def _person(lines: Lines, form: str, place: int, doubts: list[str]) -> DecidedPerson:
    told = dict(lines)
    name = told.get(NAME, "")
    who = f"{place}人目（{name or '氏名なし'}）"
    doubts += [
        f"{who}の{label}が、二通り書いてあります。"
        for label in told
        if len({value for other, value in lines if other == label}) > 1
    ]
    amounts: dict[str, int] = {}
    for label, scheme in _AMOUNTS.items():
        text = told.get(label, "")
        yen = _yen(text)
        if yen is not None:
            amounts[scheme] = yen
        elif text:
            doubts.append(f"{who}の{label}「{text[:20]}」を金額として読めません。")
    when = told.get(WHEN[form], "")
    day, month = _day(when), _month(when)
    if not when or (form != DEPENDANTS and day is None and not month):
        doubts.append(f"{who}の{WHEN[form]}を読めません。")
    return DecidedPerson(
        _digits(told.get(NUMBER, "")),
        name,
        told.get(KANA, ""),
        _day(told.get(BIRTH, "")),
        when,
        day,
        month or (month_of(day) if day else ""),
        MappingProxyType(amounts),
    )


def _yen(text: str) -> int | None:
    found = _THOUSANDS.fullmatch(unicodedata.normalize("NFKC", text))
    digits = found[1].replace(",", "") if found else ""
    return int(digits) * 1000 if digits else None


def _day(text: str) -> date | None:
    try:
        return parse_date(text) if text else None
    except BadInput:
        return None


def _month(text: str) -> str:
    found = _MONTH.fullmatch(unicodedata.normalize("NFKC", text).replace(" ", ""))
    if found is None or not 1 <= int(found[3]) <= 12:
        return ""
    year = 1 if found[2] == "元" else int(found[2])
    return f"{_BEGINS[found[1]] + year:04d}-{int(found[3]):02d}"


def _digits(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text) if c.isdigit() and c.isascii())
