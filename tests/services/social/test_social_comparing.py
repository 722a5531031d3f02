"""Reading a 決定通知書 and joining its people with those filed: what is certain, and what is never guessed."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st
from social_company import TABLES

from app.domain.errors import BadInput
from app.domain.social.grades import KENPO, KOUNEN
from app.facts.record import BLANK, Origin
from app.forms.official import OfficialDocument
from app.services.social.comparing import Outcome, compare, pairs
from app.services.social.deciding import decided_values
from app.services.social.decision_reading import DecidedPerson, read_decision
from app.services.social.filed_people import FiledPerson, filed_people
from app.services.social.insurer import REGULAR

TITLE = "健康保険・厚生年金保険標準報酬決定通知書"
HEAD = "21,01,ｹｲﾄ,001,20260703,22223\r\n[kanri]\r\n,001\r\n21,01,ｹｲﾄ,123,100,0000,東京都千代田区,株式会社練習,山本　湊,03,1234,5678\r\n[data]\r\n"
LINE = "2225700,21,01,ｹｲﾄ,12,ﾈﾝｷﾝ ﾀﾛｳ,年金　太郎,7,070401,9,08,09,0260,0260,9,07,09,,,,,04,05,06,30,31,30,0260000,0260000,0260000,0000000,0000000,0000000,0260000,0260000,0260000,0780000,0260000,,,,,,,,,,,,,,,"


def letter(*lines: str, title: str = TITLE) -> OfficialDocument:
    return OfficialDocument(title, "1号", "令和8年7月20日", "", "", lines)


def block(number: str = "12", kenpo: str = "260千円", month: str = "令和8年9月") -> tuple[str, ...]:
    return (
        f"被保険者整理番号　{number}", "被保険者氏名　年金　太郎", "被保険者氏名フリガナ　ﾈﾝｷﾝ ﾀﾛｳ",
        "生年月日　平成7年4月1日", f"適用年月　{month}", f"標準報酬月額（健康保険）　{kenpo}",
        "標準報酬月額（厚生年金保険）　260千円",
    )  # fmt: skip


def filed(*lines: str) -> tuple[FiledPerson, ...]:
    content = (HEAD + "".join(f"{line}\r\n" for line in lines)).encode("cp932")
    return filed_people(content, TABLES)[1]


def person(number: str, kana: str = "ｱ ｲ", birth: date | None = date(2000, 1, 1)) -> FiledPerson:
    return FiledPerson(1, number, kana, "", birth, None, "2026-09", "", 0, {})


def other(number: str, kana: str = "ｱ ｲ", birth: date | None = date(2000, 1, 1)) -> DecidedPerson:
    return DecidedPerson(number, "", kana, birth, "", None, "2026-09", MappingProxyType({}))


def test_a_notice_is_read_with_everything_it_says() -> None:
    found = read_decision(
        letter("到達番号　9002026000002796", "事業所番号　123", "決定年月日　令和8年7月20日", "件数　1", *block())
    )  # fmt: skip
    assert (found.form, found.arrive_id, found.office_number) == (
        REGULAR, "9002026000002796", "123",
    )  # fmt: skip
    assert (found.decided_on, found.doubts) == (date(2026, 7, 20), ())
    (one,) = found.people
    assert dict(one.amounts) == {KENPO: 260_000, KOUNEN: 260_000}
    assert (one.month, one.birth, one.number) == ("2026-09", date(1995, 4, 1), "12")


def test_what_cannot_be_read_is_said_and_nothing_is_made_of_it() -> None:
    found = read_decision(
        letter(
            "件数　2",
            *block(kenpo="二十六万", month="来月"),
            "標準報酬月額（厚生年金保険）　280千円",
        )
    )
    said = "".join(found.doubts)
    for words in ("件数は「2」", "二通り", "「二十六万」", "適用年月を読めません"):
        assert words in said, words
    assert found.people[0].month == ""
    assert KENPO not in found.people[0].amounts
    joined = pairs(filed(LINE), found.people)
    assert list(decided_values(REGULAR, joined, {1: "e1"})) == [], "without a month nothing counts"


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (letter(*block(), title="お知らせ"), "decision-title"),
        (letter("件数　1"), "decision-people"),
    ],
)
def test_another_letter_is_no_decision(document: OfficialDocument, code: str) -> None:
    with pytest.raises(BadInput, match=code):
        read_decision(document)


@given(st.lists(st.text(max_size=40) | st.sampled_from(block()), max_size=12))
def test_no_text_breaks_the_reader(lines: list[str]) -> None:
    with suppress(BadInput):
        found = read_decision(letter(*lines))
        assert len(found.people) == sum("被保険者整理番号" in line for line in lines)


def test_people_are_joined_by_ever_less_and_never_by_a_guess() -> None:
    ours = [person("1"), person("", "ｶ ｷ"), person("3", "ｻ ｼ", None), person("9", "ﾀ ﾁ")]
    theirs = [other("0001"), other("22", "ｶ ｷ"), other("3", "ｻ ｼ", None), other("8", "ﾅ ﾆ")]
    found = pairs(ours, theirs)
    assert [(f.number if f else None, d.number if d else None) for f, d in found] == [
        ("1", "0001"), ("", "22"), ("3", "3"), ("9", None), (None, "8"),
    ]  # fmt: skip
    twins = pairs([person("", "ｶ ｷ"), person("", "ｶ ｷ")], [other("5", "ｶ ｷ"), other("6", "ｶ ｷ")])
    assert all(f is None or d is None for f, d in twins), "two alike with other numbers join nobody"


def test_lines_alike_in_everything_go_together_in_their_order() -> None:
    found = pairs([person("1"), person("1")], [other("1"), other("1")])
    assert all(f and d for f, d in found)
    assert all(
        f is None or d is None for f, d in pairs([person("1"), person("1")], [other("1")])
    ), "one letter for two lines is nobody's"


def test_nobody_gets_a_fact_who_is_not_known_by_the_file() -> None:
    decision = read_decision(letter(*block()))
    assert list(decided_values(REGULAR, pairs(filed(LINE), decision.people), {})) == []


def test_a_report_of_pay_is_kept_only_where_it_was_decided_as_filed() -> None:
    def told(kenpo: str) -> dict[str, object]:
        decision = read_decision(letter(*block(kenpo=kenpo)))
        values = decided_values(REGULAR, pairs(filed(LINE), decision.people), {1: "e1"})
        return {v.path.rpartition(".")[2]: (v.value, v.origin, v.valid_from) for v in values}

    day = date(2026, 9, 1)
    assert told("260千円")["original_monthly"] == (260_000, Origin.FILING, day)
    assert told("280千円")["original_monthly"] == (BLANK, Origin.DOCUMENT, day)
    assert told("280千円")["kenpo_standard"] == (280_000, Origin.DOCUMENT, day)


def test_where_no_month_counted_the_former_amounts_are_expected_and_the_report_stays() -> None:
    line = LINE.replace(",0780000,0260000,", ",0000000,0000000,")
    (one,) = filed(line)
    assert (one.kept, one.expected) == (True, {KENPO: 260_000, KOUNEN: 260_000})
    decision = read_decision(letter(*block()))
    values = decided_values(REGULAR, pairs([one], decision.people), {1: "e1"})
    assert "original_monthly" not in {v.path.rpartition(".")[2] for v in values}


def test_both_figures_and_what_to_do_are_said() -> None:
    found = compare(
        "f", "d", REGULAR, filed(LINE), read_decision(letter(*block("13", "300千円"))), {1: "e1"}
    )
    (one,) = found.people
    assert one.outcome is Outcome.DIFFERS
    assert "被保険者整理番号は、届では12、決定では13です" in one.sentence
    assert "届では260千円、決定では300千円" in one.sentence
    assert "訂正の届を出してください" in one.sentence
    gone = compare(
        "f", "d", REGULAR, filed(LINE), read_decision(letter(*block("9"), *block("10"))), {}
    )
    assert [p.outcome for p in gone.people] == [
        Outcome.ONLY_FILED, Outcome.ONLY_DECIDED, Outcome.ONLY_DECIDED,
    ]  # fmt: skip
    assert all(p.sentence for p in gone.people)


def test_a_bonus_over_the_ceiling_is_expected_at_it() -> None:
    line = (
        "2265700,21,01,ｹｲﾄ,12,ﾈﾝｷﾝ ﾀﾛｳ,年金　太郎,7,070401,9,080701,2000500,0000000,2000000,,,,,,,"
    )
    (one,) = filed(line)
    assert one.expected == {KENPO: 2_000_000, KOUNEN: 1_500_000}
    assert one.day == date(2026, 7, 1)


def test_a_revision_of_health_alone_expects_the_pension_to_stay() -> None:
    line = "2221700,21,01,ｹｲﾄ,12,ﾈﾝｷﾝ ﾀﾛｳ,年金　太郎,7,070401,9,08,10,0650,0650,9,07,09,07,1,,,07,08,09,31,31,30,800000,800000,800000,0,0,0,800000,800000,800000,2400000,800000,,,,,,,,,1,,"
    (one,) = filed(line)
    assert one.expected == {KENPO: 790_000, KOUNEN: 650_000}
    assert one.month == "2026-10"


def test_a_file_of_two_forms_is_no_filing_of_ours() -> None:
    with pytest.raises(BadInput, match="nenkin-form"):
        filed(LINE, LINE.replace("2225700", "2221700", 1))
