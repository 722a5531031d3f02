"""Who needs which notice, why, until when; who does not; nobody twice."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from social_company import SPRING, TABLES, TARO, company, paid

from app.facts.record import Value
from app.services.social.insurer import (
    ACQUISITION,
    BONUS,
    DEPENDANTS,
    LABOUR_ACQUISITION,
    LABOUR_LOSS,
    LOSS,
    REGULAR,
    REVISION,
    SEVENTY,
    Insurer,
    route_of,
)
from app.services.social.needs import needs_of
from app.services.social.notice import Needs
from app.services.social.people import people_of

STAFF = TARO | {"social_insurance.acquired_on": date(2024, 4, 1)}


def needs(
    today: date = date(2026, 7, 3), since: date = date(2026, 6, 1), *, insurer: Any = Insurer.KYOKAI,
    filed: Any = (), **people: dict[str, Value],
) -> Needs:  # fmt: skip
    found = people_of(company(**people))
    return needs_of(found, TABLES, today=today, since=since, insurer=insurer, filed=filed)


def forms(found: Needs) -> list[tuple[str, str, str]]:
    return [n.key for n in found.notices]


def raised(month: str, before: int, after: int, days: int = 30, pay: int = 0) -> dict[str, Value]:
    """Fixed pay that changes in `month`, and three months of pay from it on."""
    from app.domain.periods import month_after

    told: dict[str, Value] = {f"fixed_pay[{month_after(month, -1)}]": before}
    told |= {f"fixed_pay[{month_after(month, n)}]": after for n in range(3)}
    return told | paid({month_after(month, n): (days, pay or after) for n in range(3)})


def test_joined_within_five_days_moved_past_closed_ones() -> None:
    new = TARO | {
        "social_insurance.acquired_on": date(2026, 6, 29), "weekly_hours": 40,
        "hired_on": date(2026, 6, 29),
    }  # fmt: skip
    found = needs(a=new)
    (health, labour) = found.notices
    assert (health.form, health.due) == (ACQUISITION, date(2026, 7, 6))  # 7/4 is a Saturday
    assert health.reason == "2026年6月29日に資格を取得したため。"
    assert health.asks == ("取得時の報酬月額",)
    assert health.needs_my_number == ("a",)
    assert (labour.form, labour.due) == (LABOUR_ACQUISITION, date(2026, 7, 10))
    assert needs(a=new, filed=[n.key for n in found.notices]).notices == ()


def test_left_on_the_last_day_of_june() -> None:
    found = needs(
        a=STAFF | {"left_on": date(2026, 6, 30), "employment_insurance.acquired_on": date(2024, 4, 1),
                   "birth": date(1967, 7, 1)}
    )  # fmt: skip
    assert forms(found) == [(LOSS, "a", "2026-07-01"), (LABOUR_LOSS, "a", "2026-07-01")]
    assert [n.due for n in found.notices] == [date(2026, 7, 6), date(2026, 7, 13)]  # 7/11 Saturday
    assert "59歳以上なので、離職証明書を必ず付けます" in found.notices[1].reason
    assert "退職したので" in found.left_out[0].sentence


def test_an_unknown_hire_is_asked_about() -> None:
    found = needs(a={"family_name": "新", "hired_on": date(2026, 7, 1)})
    assert found.notices == ()
    assert "被保険者になるかが分かりません" in found.questions[0].sentence
    later = needs(a=TARO | {"hired_on": date(2026, 7, 1), "social_insurance.covered": True})
    assert forms(later) == [(ACQUISITION, "a", "2026-07-01")]
    assert needs(a={"hired_on": date(2026, 7, 1), "social_insurance.covered": False}) == Needs(
        (), (), ()
    )


def test_the_regular_decision_of_july() -> None:
    (notice,) = needs(a=STAFF | SPRING).notices
    assert (notice.form, notice.due) == (REGULAR, date(2026, 7, 10))
    assert "(260,000 + 260,000 + 260,000) ÷ 3 = 260,000円" in "".join(notice.explanation)
    assert notice.content is not None
    assert needs(date(2026, 6, 30), a=STAFF | SPRING).notices == ()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"social_insurance.acquired_on": date(2026, 6, 1)}, "6月1日以後"),
        ({"left_on": date(2026, 6, 30)}, "退職した"),
        ({"social_insurance.revised_month": "2026-07"}, "7月から月額変更"),
    ],
)
def test_who_needs_no_regular_decision_is_told_why(change: dict[str, Value], why: str) -> None:
    found = needs(a=STAFF | SPRING | change)
    assert REGULAR not in {n.form for n in found.notices}
    assert why in "".join(a.sentence for a in found.left_out)


def test_missing_pay_is_asked_for() -> None:
    (notice,) = needs(a=STAFF | paid({"2026-04": (30, 1), "2026-05": (31, 1)})).notices
    assert notice.asks == ("2026年6月の給与と支払基礎日数",)
    assert notice.content is None


def test_a_month_before_the_person_came_counts_as_none() -> None:
    late = STAFF | {"social_insurance.acquired_on": date(2026, 5, 1)}
    (notice,) = needs(a=late | paid({"2026-05": (31, 300_000), "2026-06": (30, 300_000)})).notices
    assert "4月は0日なので除きます" in "".join(notice.explanation)
    assert "÷ 2 = 300,000円" in "".join(notice.explanation)


def test_fixed_pay_that_rose_in_april_is_revised_from_july_and_needs_no_regular_decision() -> None:
    found = needs(a=STAFF | raised("2026-04", 260_000, 320_000))
    assert forms(found) == [(REVISION, "a", "2026-07")]
    (notice,) = found.notices
    assert (notice.due, notice.due_text) == (None, "速やかに")
    assert "2等級以上変わった" in notice.reason
    assert "7月から月額変更" in found.left_out[0].sentence
    again = needs(a=STAFF | raised("2026-04", 260_000, 320_000), filed=[notice.key])
    assert again.notices == ()  # neither the revision again nor the regular decision beside it


@pytest.mark.parametrize(
    "told",
    [
        raised("2026-04", 260_000, 265_000),  # one grade or none
        raised("2026-04", 260_000, 320_000, days=16),
        raised("2026-04", 260_000, 250_000, pay=320_000),  # the other way
        raised("2026-05", 260_000, 320_000),  # the fourth month has not come
        raised("2026-04", 260_000, 320_000) | {"left_on": date(2026, 6, 20)},
    ],
)
def test_what_makes_no_revision(told: dict[str, Value]) -> None:
    assert REVISION not in {n.form for n in needs(a=STAFF | SPRING | told).notices}


def test_a_bonus_within_five_days_up_to_the_ceiling_of_the_year() -> None:
    told = STAFF | {
        "bonus[2026-04]": 5_000_000, "bonus_paid_on[2026-04]": date(2026, 4, 10),
        "bonus[2026-06]": 1_000_000, "bonus_paid_on[2026-06]": date(2026, 6, 30),
        "social_insurance.revised_month": "2026-07",
    }  # fmt: skip
    (notice,) = needs(a=told).notices
    assert (notice.form, notice.due) == (BONUS, date(2026, 7, 6))
    assert "健康保険は上限までの730,000円" in "".join(notice.explanation)


def test_seventy_and_seventy_five() -> None:
    told = STAFF | {"birth": date(1956, 6, 20), "pension_number": "1234567890"}
    quiet = needs(a=told | {"social_insurance.revised_month": "2026-07"})
    assert quiet.notices == ()
    assert "70歳到達届は要りません" in quiet.left_out[0].sentence
    changed = needs(
        a=told | {"social_insurance.revised_month": "2026-07"} | paid({"2026-06": (30, 150_000)})
    )
    assert forms(changed) == [(SEVENTY, "a", "2026-06-19")]
    assert not changed.notices[0].route.egov
    older = needs(
        a=told | {"birth": date(1951, 6, 20), "social_insurance.revised_month": "2026-07"}
    )
    assert forms(older) == [(LOSS, "a", "2026-06-20")]
    assert "確認の済んでいない読み方" in older.notices[0].reason
    assert older.notices[0].person.loss_cause == "7"


def test_dependants_who_come_and_go() -> None:
    told: dict[str, Value] = STAFF | {"social_insurance.revised_month": "2026-07"}
    for key, relation, way, day in (
        ("s", "spouse", "since", date(2026, 6, 15)),
        ("c", "01", "since", date(2026, 6, 15)),
        ("m", "03", "until", date(2026, 6, 20)),
    ):
        told |= {f"dependants[{key}].relation": relation, f"dependants[{key}].{way}": day,
                 f"dependants[{key}].birth": date(2000, 1, 1)}  # fmt: skip
    found = needs(a=told)
    assert forms(found) == [
        (DEPENDANTS, "a", "since:2026-06-15"),
        (DEPENDANTS, "a", "until:2026-06-20"),
    ]
    assert found.notices[0].needs_my_number == ("a", "a/s", "a/c")
    kumiai = needs(a=told, insurer=Insurer.KUMIAI)
    assert [n.route.egov for n in kumiai.notices] == [True, False]
    assert "第3号被保険者の分だけ" in kumiai.notices[0].route.sentence


@pytest.mark.parametrize("insurer", [Insurer.KUMIAI, Insurer.KOKUHO])
def test_only_the_pension_side_goes_by_e_gov_for_a_kumiai(insurer: Insurer) -> None:
    route = route_of(REGULAR, insurer)
    assert route.egov
    assert "厚生年金保険の側だけを e-Gov で" in route.sentence
    assert "印刷して" in route.sentence
    assert route_of(LABOUR_LOSS, insurer) == route_of(LABOUR_LOSS, Insurer.KYOKAI)


def test_nobody_twice_and_soonest_first() -> None:
    people = {
        f"p{n}": STAFF | SPRING | raised("2026-04", 260_000, 260_000 + 10_000 * n) for n in range(9)
    }
    found = needs(**people)
    keys = forms(found)
    assert len(keys) == len(set(keys)) == 9
    assert len({member for _, member, _ in keys}) == 9
    dues = [n.due or date.max for n in found.notices]
    assert dues == sorted(dues)
