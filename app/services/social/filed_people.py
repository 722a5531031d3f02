"""What a sealed SHFD0006.CSV says of each person, and what is expected to be decided from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from app.domain.errors import BadInput, Known
from app.domain.periods import first_day, month_of
from app.domain.social.bonus import standard_bonus
from app.domain.social.grades import KENPO, KOUNEN
from app.forms.archive import read_archive
from app.forms.nenkin.dates import read
from app.forms.nenkin.layout import FILE_NAME
from app.forms.nenkin.reading import records_of
from app.services.social.insurer import ACQUISITION, BONUS, DEPENDANTS, LOSS, REGULAR, REVISION
from app.services.social.tables import SocialTables

# Where things stand in a record: 整理番号, カナ, 漢字, birth (era, digits), counted from 1.
_WHO = {
    ACQUISITION: (6, 7, 8, 9),
    LOSS: (6, 7, 8, 9),
    DEPENDANTS: (8, 9, 10, 11),
    REVISION: (5, 6, 7, 8),
    REGULAR: (5, 6, 7, 8),
    BONUS: (5, 6, 7, 8),
}
_At = Callable[[int], str]
_CHANGES = {"1": "該当", "2": "非該当", "3": "変更"}


@dataclass(frozen=True)
class FiledPerson:
    """One record. `reported` is the yen it tells (報酬月額, 賞与額), None where it tells none.

    `expected` is the yen we expect by scheme, from the tables in force on the day it counts from;
    `month` that month. `kept` is True where no month counted, so that the former amounts stay.
    """

    place: int
    number: str
    kana: str = field(repr=False)
    name: str = field(repr=False)
    birth: date | None
    day: date | None
    month: str
    change: str
    reported: int | None
    expected: Mapping[str, int]
    kept: bool = False


def csv_of(envelope: bytes) -> bytes:
    """The SHFD0006.CSV in a sealed package. Raises BadInput where it holds none."""
    for entry in read_archive(envelope):
        if entry.name.rsplit("/", 1)[-1].upper() == FILE_NAME:
            return entry.content
    raise BadInput("no-nenkin-file", f"この届の封に {FILE_NAME} がありません。")


def filed_people(content: bytes, tables: SocialTables) -> tuple[str, tuple[FiledPerson, ...]]:
    """The form of a file and its people, in its order. Raises BadInput where it cannot be read."""
    records = records_of(content)
    form = records[0][0] if records else ""
    if form not in _WHO or any(record[0] != form for record in records):
        raise BadInput("nenkin-form", "この CSV の届の種類が読めません。")
    return form, tuple(_filed(form, r, n, tables) for n, r in enumerate(records, 1))


def _filed(form: str, record: Sequence[str], place: int, tables: SocialTables) -> FiledPerson:
    def at(no: int) -> str:
        return record[no - 1] if no <= len(record) else ""

    number, kana, name, birth = _WHO[form]
    day, month, change, reported = _told(form, at)
    expected, kept = _expected(form, at, day, month, reported, tables)
    return FiledPerson(
        place,
        at(number),
        at(kana),
        at(name),
        read(at(birth), at(birth + 1)),
        day,
        month,
        change,
        reported,
        expected,
        kept,
    )


def _told(form: str, at: _At) -> tuple[date | None, str, str, int | None]:
    if form == ACQUISITION:
        day = read(at(18), at(19))
        return day, month_of(day) if day else "", "", _yen(at(23))
    if form == LOSS:
        return read(at(14), at(15)) or read(at(25), at(26)), "", "", None
    if form == DEPENDANTS:
        return None, "", _CHANGES.get(at(21), ""), None
    if form == BONUS:
        day = read(at(10), at(11))
        return day, month_of(day) if day else "", "", _yen(at(14))
    first = read(at(10), f"{at(11)}{at(12)}01")
    return None, month_of(first) if first else "", "", _yen(at(39)) or _yen(at(38))


def _expected(
    form: str, at: _At, day: date | None, month: str, reported: int | None, tables: SocialTables
) -> tuple[dict[str, int], bool]:
    if reported is None or not month:
        return {}, False
    try:
        if form == BONUS and day is not None:
            bonus = standard_bonus(reported, tables.figures(day))
            return {KENPO: bonus.kenpo, KOUNEN: bonus.kounen}, False
        held = {} if form == ACQUISITION else {KENPO: _yen(at(13)), KOUNEN: _yen(at(14))}
        if reported == 0:
            return {s: yen * 1000 for s, yen in held.items() if yen}, True
        found = {t.scheme: t.of(reported).standard for t in tables.both(first_day(month))}
    except (
        Known
    ):  # no table reaches that day: nothing is expected, and only what was decided is told
        return {}, False
    kounen = held.get(KOUNEN)
    if form == REVISION and at(47) == "1" and kounen:  # 健保のみの改定
        found[KOUNEN] = kounen * 1000
    return found, False


def _yen(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() else None
