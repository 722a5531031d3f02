"""Records of 資格取得届 (2200700), 資格喪失届 (2201700) and 被扶養者（異動）届 (2202700) from people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from app.domain.errors import BadInput
from app.domain.kana import to_half_kana
from app.domain.social.qualification import late_elderly_from, loss_by_leaving
from app.forms.nenkin.dates import written
from app.services.social.people import Dependant, Person, number_key
from app.services.social.writing import SEX, Writing, amount, half_name

_OTHERS = (70, 103)
"""Where the two blocks of other dependants begin."""


def acquisition_record(writing: Writing, person: Person) -> list[str]:
    """One line of 資格取得届. Raises BadInput where the day or the expected pay is not known."""
    acquired, expected = person.acquired_on, person.expected
    if acquired is None or expected is None:
        what = "資格取得年月日" if acquired is None else "取得時の報酬月額"
        raise BadInput("acquisition", f"{person.name}さんの{what}がありません。")
    covered = writing.covered(person, acquired)
    only70 = not covered.kenpo
    mine, place, serial = writing.numbers(person)
    cash, kind = expected
    told = {
        6: person.number,
        11: "" if only70 else SEX[person.sex],
        12: "" if only70 else "1",
        13: mine,
        16: place,
        17: serial,
        20: "1" if any(d.since and d.since <= acquired for d in person.dependants) else "0",
        21: amount(cash),
        22: amount(kind),
        23: amount(cash + kind),
        24: "1" if covered.over70 else "",
        25: "1" if person.second_workplace else "",
        26: "1" if person.work == "short" else "",
        27: "1" if person.rehired else "",
        33: "1" if only70 else "",
    }
    told[18], told[19] = written(acquired)
    if not mine:
        told |= {
            29: person.postal_code[:3],
            30: person.postal_code[3:],
            31: " ".join(to_half_kana(person.address_kana).split()),
            32: writing.wide(person, "住所", person.address),
        }
    return _record(writing, "2200700", person, told, name_at=7, numbered=True)


def loss_record(writing: Writing, person: Person) -> list[str]:
    """One line of 資格喪失届: leaving, death, or the 75th birthday. Raises BadInput without a day."""
    cause = person.loss_cause or "4"
    birth = writing.birth(person)
    ends = late_elderly_from(birth, writing.figures) if cause == "7" else person.left_on
    if ends is None:
        raise BadInput("loss", f"{person.name}さんの離職年月日がありません。")
    leaving = cause in ("4", "5")
    covered = writing.covered(person, ends)
    only70 = leaving and not covered.kenpo
    mine, place, serial = writing.numbers(person)
    told = {
        6: "" if only70 else person.number,
        11: mine,
        12: place,
        13: serial,
        16: cause,
        19: "1" if person.second_workplace else "",
        20: "1" if person.rehired else "",
        27: "1" if only70 else "",
    }
    if not only70:
        told[14], told[15] = written(loss_by_leaving(ends) if leaving else ends)
    if leaving:
        told[17], told[18] = written(ends)
        if covered.over70:
            told[24] = "1"
            told[25], told[26] = written(ends)
    return _record(writing, "2201700", person, told, name_at=7, numbered=True)


def dependant_records(
    writing: Writing,
    person: Person,
    dependants: Sequence[Dependant],
    *,
    joining: bool,
    received_on: date,
) -> Iterator[list[str]]:
    """被扶養者（異動）届 for those who become dependants (`joining`) or cease to be; two others a line."""
    spouse = next((d for d in dependants if d.relation == "spouse"), None)
    others = [d for d in dependants if d.relation != "spouse"]
    while spouse is not None or others:
        told = _insured(writing, person, joining, received_on)
        if spouse is not None:
            told |= _spouse(writing, person, spouse, joining, received_on)
        for start, other in zip(_OTHERS, others, strict=False):
            told |= _other(writing, person, other, start, joining)
        spouse, others = None, others[len(_OTHERS) :]
        yield _record(writing, "2202700", person, told, name_at=9)


def _insured(writing: Writing, person: Person, joining: bool, received_on: date) -> dict[int, str]:
    mine, place, serial = writing.numbers(person)
    told = {
        5: "1",
        8: person.number,
        13: SEX[person.sex],
        14: mine,
        15: place,
        16: serial,
        17: "" if person.income is None or not joining else str(min(person.income, 9_999_999)),
        21: "1" if joining else "2",
    }
    told[6], told[7] = written(received_on)
    if not mine:
        told |= {
            18: person.postal_code[:3],
            19: person.postal_code[3:],
            20: writing.wide(person, "住所", person.address),
        }
    return told


def _spouse(
    writing: Writing, person: Person, spouse: Dependant, joining: bool, received_on: date
) -> dict[int, str]:
    mine = writing.my_numbers.get(number_key(person, spouse), "")
    told = {
        24: half_name(spouse.kana),
        25: writing.wide(person, "配偶者の氏名", spouse.name),
        28: {"男": "1", "女": "2"}.get(spouse.sex, ""),
        29: mine,
        30: "" if mine else spouse.pension_number[:4],
        31: "" if mine else spouse.pension_number[4:],
        35: _together(spouse),
    }
    told[22], told[23] = written(received_on)
    if spouse.birth:
        told[26], told[27] = written(spouse.birth)
    return told | _change(spouse, joining, since=44, reason=46, work=48, income=49, until=50)


def _other(
    writing: Writing, person: Person, other: Dependant, start: int, joining: bool
) -> dict[int, str]:
    told = {
        start + 1: half_name(other.kana),
        start + 2: writing.wide(person, "被扶養者の氏名", other.name),
        start + 5: SEX[other.sex],
        start + 6: other.relation,
        start + 8: writing.my_numbers.get(number_key(person, other), ""),
        start + 9: _together(other),
    }
    if other.birth:
        told[start + 3], told[start + 4] = written(other.birth)
    return told | _change(
        other,
        joining,
        since=start + 20,
        reason=start + 25,
        work=start + 22,
        income=start + 24,
        until=start + 27,
    )


def _change(
    who: Dependant, joining: bool, *, since: int, reason: int, work: int, income: int, until: int
) -> dict[int, str]:
    told: dict[int, str] = {}
    if joining and who.since:
        told[since], told[since + 1] = written(who.since)
        told[reason] = who.since_reason
        told[work] = who.occupation
        told[income] = "" if who.income is None else str(min(who.income, 9_999_999))
    if not joining and who.until:
        told[until], told[until + 1] = written(who.until)
        told[until + 2] = who.until_reason
    return told


def _together(who: Dependant) -> str:
    return {True: "1", False: "2", None: ""}[who.lives_together]


def _record(
    writing: Writing,
    code: str,
    person: Person,
    told: dict[int, str],
    *,
    name_at: int,
    numbered: bool = False,
) -> list[str]:
    record = writing.forms.forms[code].record(told)
    start = writing.begin(code, numbered=numbered)
    record[: len(start)] = start
    record[name_at - 1 : name_at + 3] = writing.name_and_birth(person)
    return record
