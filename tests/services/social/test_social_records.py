"""Records from facts: the four composed samples again, older workers, dependants, letters."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from social_company import FORMS, OFFICE, SPRING, TABLES, TARO, company, paid

from app.domain.errors import BadInput
from app.domain.social.average import PayMonth
from app.domain.social.decisions import Decision, regular, revision
from app.facts.record import Value
from app.forms.nenkin.encode import Faults, encode
from app.forms.nenkin.head import Head
from app.services.social.life_records import acquisition_record, dependant_records, loss_record
from app.services.social.pay_records import bonus_record, regular_record, revision_record
from app.services.social.people import Person, people_of
from app.services.social.writing import Writing

TODAY = date(2026, 11, 24)
HEAD = Head(OFFICE, date(2017, 1, 1))
ADDRESS: dict[str, Value] = {
    "postal_code": "1008916", "address": "東京都千代田区霞が関１－２－２",
    "address_kana": "トウキョウトチヨダクカスミガセキ１－２－２",
}  # fmt: skip


def writing(**more: object) -> Writing:
    return Writing(FORMS, OFFICE, TABLES.figures(TODAY), TODAY, **more)  # type: ignore[arg-type]


def person(told: dict[str, Value]) -> Person:
    (found,) = people_of(company(taro=told))
    return found


def content(code: str, *records: list[str]) -> bytes:
    faults = Faults()
    files = list(encode(FORMS, HEAD, code, records, today=TODAY, faults=faults))
    assert [f.sentence for f in faults] == []
    return b"".join(f.content for f in files)


def sample(shared: Path, code: str) -> bytes:
    return (shared / f"samples/egov/nenkin_csv/composed_{code}_SHFD0006.CSV").read_bytes()


def spring(who: Person) -> Decision:
    months = [who.pay[m] for m in ("2026-04", "2026-05", "2026-06")]
    figures = TABLES.figures(TODAY)
    return regular(2026, months, who.work, dict(who.held), TABLES.both(TODAY), figures)


JOINED: dict[str, Value] = TARO | ADDRESS | {
    "social_insurance.acquired_on": date(2026, 4, 1), "social_insurance.expected_monthly": 260_000,
}  # fmt: skip


def test_acquisition_as_the_sample(shared: Path) -> None:
    assert content("2200700", acquisition_record(writing(), person(JOINED))) == sample(
        shared, "2200700"
    )


def test_loss_as_the_sample(shared: Path) -> None:
    told = TARO | {"left_on": date(2026, 8, 31), "pension_number": "1234567890"}
    assert content("2201700", loss_record(writing(), person(told))) == sample(shared, "2201700")


def test_regular_as_the_sample(shared: Path) -> None:
    who = person(TARO | SPRING)
    assert content("2225700", regular_record(writing(), who, spring(who))) == sample(
        shared, "2225700"
    )


def test_bonus_as_the_sample(shared: Path) -> None:
    told: dict[str, Value] = TARO | {
        "bonus[2026-07]": 500_500, "bonus_paid_on[2026-07]": date(2026, 7, 10),
    }  # fmt: skip
    who = person(told)
    assert content("2265700", bonus_record(writing(), who, who.bonuses[0])) == sample(
        shared, "2265700"
    )


def test_a_revision_leaves_with_its_three_months() -> None:
    who = person(
        TARO | {"fixed_pay_reason[2026-05]": "基本給の変更", "fixed_pay_reason[2026-06]": "別"}
    )
    months = [PayMonth(m, 22, 320_000, 5_000) for m in ("2026-05", "2026-06", "2026-07")]
    figures = TABLES.figures(TODAY)
    found = revision(months, who.work, dict(who.held), 1, TABLES.both(TODAY), figures)
    line = content("2221700", revision_record(writing(), who, found))
    record = line.decode("cp932").split("\r\n")[5].split(",")
    assert record[9:12] == ["9", "08", "08"]
    assert record[17:19] == ["05", "1"]
    assert record[36:39] == ["0975000", "0325000", ""]
    assert record[45] == "基本給の変更"


@pytest.mark.parametrize(
    ("birth", "number", "flags"),
    [
        (
            date(1956, 9, 3),
            "12",
            ("", ""),
        ),  # seventy on 2 September, the amount counts from the 1st
        (date(1956, 9, 2), "12", ("1", "")),
        (date(1955, 1, 1), "12", ("1", "")),
        (date(1950, 1, 1), "", ("1", "1")),
    ],
)
def test_older_workers_are_marked(birth: date, number: str, flags: tuple[str, str]) -> None:
    who = person(TARO | SPRING | {"birth": birth, "pension_number": "1234567890"})
    record = regular_record(writing(), who, spring(who))
    assert (record[4], record[42], record[52]) == (number, *flags)
    assert record[40] == ("1234" if flags[0] else "")
    assert content("2225700", record)


def test_somebody_over_seventy_leaves_on_the_day_not_the_next() -> None:
    told = TARO | {
        "birth": date(1955, 1, 1), "left_on": date(2026, 8, 31), "pension_number": "1234567890",
    }  # fmt: skip
    record = loss_record(writing(), person(told))
    assert record[13:15] == ["9", "080901"]
    assert record[23:26] == ["1", "9", "080831"]
    assert content("2201700", record)
    older = loss_record(writing(), person(told | {"birth": date(1950, 1, 1)}))
    assert (older[13:15], older[26]) == (["", ""], "1")
    assert content("2201700", older)
    at75 = loss_record(
        writing(), person(TARO | {"birth": date(1951, 6, 1), "pension_number": "1234567890",
                                  "social_insurance.loss_cause": "7"})
    )  # fmt: skip
    assert at75[13:18] == ["9", "080601", "7", "", ""]
    assert content("2201700", at75)


def test_a_my_number_takes_the_place_of_the_address() -> None:
    record = acquisition_record(writing(my_numbers={"taro": "123456789018"}), person(JOINED))
    assert (record[12], record[28:32]) == ("123456789018", ["", "", "", ""])
    assert content("2200700", record)


def test_dependants_fill_a_line_and_go_on_to_the_next() -> None:
    told = dict(JOINED)
    for key, relation, name in (
        ("s", "spouse", "久美"), ("a", "01", "一"), ("b", "01", "二"), ("c", "01", "三"),
    ):  # fmt: skip
        start = f"dependants[{key}]."
        told |= {
            f"{start}family_name": "年金", f"{start}given_name": name, f"{start}family_kana": "ネンキン",
            f"{start}given_kana": "ナ", f"{start}birth": date(2000, 1, 2), f"{start}sex": "女",
            f"{start}relation": relation, f"{start}since": date(2026, 4, 1),
            f"{start}since_reason": "1", f"{start}occupation": "1", f"{start}income": 0,
            f"{start}lives_together": True,
        }  # fmt: skip
    who = person(told | {"social_insurance.yearly_income": 5_000_000})
    records = list(
        dependant_records(
            writing(my_numbers={"taro": "123456789018"}), who, who.dependants,
            joining=True, received_on=date(2026, 4, 2),
        )
    )  # fmt: skip
    assert [len(r) for r in records] == [139, 139]
    assert (records[0][24], records[0][71], records[0][104]) == (
        "年金　久美",
        "年金　一",
        "年金　二",
    )
    assert (records[1][24], records[1][71]) == ("", "年金　三")
    assert [record[16] for record in records] == ["5000000", "5000000"]
    left = [d for d in who.dependants if d.relation == "spouse"]
    (gone,) = dependant_records(writing(), who, left, joining=False, received_on=date(2026, 4, 2))
    assert gone[16] == "", "asked for only where somebody becomes a dependant"
    assert content("2202700", *records)


def test_an_accepted_substitute_is_sent_and_noted_while_the_fact_stays() -> None:
    who = person(JOINED | {"family_name": "髙橋"})
    pen = writing(accepted={"髙": "高"})
    record = acquisition_record(pen, who)
    assert record[7] == "高橋　太郎"
    assert [(s.true, s.sent) for s in pen.substitutions] == [("髙橋　太郎", "高橋　太郎")]
    assert who.name == "髙橋　太郎"


def test_what_is_not_told_is_asked_in_words() -> None:
    with pytest.raises(BadInput, match="取得時の報酬月額がありません"):
        acquisition_record(
            writing(), person(TARO | {"social_insurance.acquired_on": date(2026, 4, 1)})
        )
    bonus: dict[str, Value] = {"bonus[2026-07]": 1, "bonus_paid_on[2026-07]": date(2026, 7, 10)}
    who = person({"family_name": "無", **bonus})
    with pytest.raises(BadInput, match="生年月日がありません"):
        bonus_record(writing(), who, who.bonuses[0])


def test_names_do_not_show_where_a_person_is_printed() -> None:
    assert "太郎" not in repr(person(TARO | paid({"2026-04": (30, 1)})))
