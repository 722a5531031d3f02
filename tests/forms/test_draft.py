"""A draft from outside: filled from facts, asked for gaps, typed into, undone, resumed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from filled_company import company_records

from app.domain.clock import JST
from app.domain.errors import BadInput
from app.facts.graph import State
from app.facts.record import BLANK, Origin, Record, Value
from app.forms.draft import Answer, Draft
from app.forms.procedure import Procedure
from app.forms.withdrawal import WITHDRAWS

E = "employees[k3x9]."
Make = Callable[..., Draft]


def document_record(path: str, value: str) -> Record:
    moment = datetime(2026, 7, 3, 10, 0, tzinfo=JST)
    return Record(path, value, Origin.DOCUMENT, moment, value)


def test_what_is_known_is_filled_with_its_origin(make_draft: Make) -> None:
    draft = make_draft()
    name = draft.cell("jigyousho_meishou")
    assert (name.text, name.origin, name.state) == (
        "株式会社みなと製菓", Origin.REGISTER, State.UNCONFIRMED,
    )  # fmt: skip
    assert draft.cell("shimei").text == "佐野　あかり"
    assert draft.cell("shimei").origin is Origin.DERIVED
    assert draft.cell("chingin_getsugaku").text == "241"
    assert draft.cell("chingin_getsugaku").value == 241300
    assert draft.cell("seinengappi").wareki == "平成8年4月12日(金)"
    assert draft.cell("todokede_bi").value == date(2026, 7, 3)
    assert draft.gaps() == ("hihokensha_bangou", "shutoku_kubun")
    assert draft.once_only.ratio == 1.0


def test_an_assumed_date_is_shown_as_assumed_and_can_be_confirmed(make_draft: Make) -> None:
    draft = make_draft()
    cell = draft.cell("shikaku_shutoku_bi")
    assert (cell.value, cell.state, cell.origin) == (
        date(2026, 7, 1), State.ASSUMED, Origin.ASSUMED,
    )  # fmt: skip
    change = draft.confirm("shikaku_shutoku_bi")
    assert change.record is not None
    assert change.record.path == E + "employment_insurance.acquired_on"
    assert change.record.confirmed_by == "山本"
    after = draft.cell("shikaku_shutoku_bi")
    assert (after.state, after.typed) == (State.CONFIRMED, False)
    assert draft.once_only.typed == 0


def test_the_second_filing_is_typed_once_only(make_draft: Make) -> None:
    first = make_draft(given=[])
    typed = {
        "jigyousho_bangou": "1301-345678-9", "shimei": "佐野 あかり", "shimei_kana": "さの あかり",
        "seibetsu": "女", "seinengappi": "H8.4.12",
    }  # fmt: skip
    for field_id, text in typed.items():
        first.answer(field_id, text)
    assert first.once_only.typed == len(typed)
    second = Draft(
        first.procedure, first.graph, "k3x9", {}, first.reference_date, first._clock, "山本"
    )
    assert second.once_only.typed == 0
    assert second.cell("shimei").text == "佐野　あかり"
    assert second.once_only.percent == 100


def test_blank_on_purpose_counts_as_typed_and_confirming_does_not(make_draft: Make) -> None:
    draft = make_draft()
    filled = draft.once_only.filled
    change = draft.leave_blank("hihokensha_bangou")
    assert change.records == ()
    assert draft.cell("hihokensha_bangou").value is BLANK
    assert draft.cell("hihokensha_bangou").sent_text == ""
    assert draft.cell("shutoku_kubun").text == "新規"
    assert draft.once_only.typed == 1
    assert draft.once_only.filled == filled + 2
    draft.confirm("jigyousho_meishou")
    assert draft.cell("jigyousho_meishou").state is State.CONFIRMED
    assert draft.once_only.typed == 1
    with pytest.raises(BadInput, match="blank-not-allowed"):
        draft.leave_blank("seibetsu")


def test_a_typed_name_becomes_the_facts_it_is_made_of(make_draft: Make) -> None:
    draft = make_draft(family_name=None, given_name=None)
    assert "shimei" in draft.gaps()
    change = draft.answer("shimei", " 佐野  灯 ")
    assert [(r.path, r.value, r.origin) for r in change.records] == [
        (E + "family_name", "佐野", Origin.TYPED), (E + "given_name", "灯", Origin.TYPED),
    ]  # fmt: skip
    assert change.records[0].source_text == " 佐野  灯 "
    assert draft.cell("shimei").typed
    assert change.note == "全角に直しました。"


def test_typing_over_a_register_value_counts_from_today_and_stays_visible(make_draft: Make) -> None:
    draft = make_draft()
    change = draft.answer("jigyousho_meishou", "株式会社みなと")
    assert change.record is not None
    assert change.record.valid_from == date(2026, 7, 3)
    cell = draft.cell("jigyousho_meishou")
    assert (cell.text, cell.origin, cell.typed) == ("株式会社みなと", Origin.TYPED, True)
    assert draft.cell("houjin_mei").text == "株式会社みなと"
    assert "houjin_mei" in change.affected
    yesterday = draft.graph.at(date(2026, 7, 2))
    assert yesterday.fact("company.name").value == "株式会社みなと製菓"


def test_correcting_what_was_typed_here_leaves_no_conflict(make_draft: Make) -> None:
    draft = make_draft(birth=None)
    draft.answer("seinengappi", "1996-04-21")
    draft.answer("seinengappi", "1996-04-12")
    cell = draft.cell("seinengappi")
    assert (cell.value, cell.state, cell.competitors) == (date(1996, 4, 12), State.CONFIRMED, ())
    past = draft.graph.at(date(2020, 1, 1))
    assert past.fact(E + "birth").value == date(1996, 4, 12)


def test_conditions_show_and_hide_fields(make_draft: Make) -> None:
    draft = make_draft()
    assert not draft.cell("keiyaku_kaishi").visible
    change = draft.answer("keiyaku_sadame", "有")
    assert {"keiyaku_kaishi", "keiyaku_shuuryou", "keiyaku_koushin"} <= change.affected
    assert set(draft.gaps()) >= {"keiyaku_kaishi", "keiyaku_shuuryou", "keiyaku_koushin"}
    draft.answer("keiyaku_kaishi", "R8.7.1")
    draft.answer("keiyaku_shuuryou", "R8.6.30")
    assert [p.code for p in draft.cell("keiyaku_shuuryou").problems] == ["check:keiyaku_jun"]
    draft.answer("keiyaku_kaishi", "R8.6.1")
    assert draft.cell("keiyaku_shuuryou").problems == ()
    draft.answer("keiyaku_sadame", "無")
    assert not draft.cell("keiyaku_shuuryou").filled


def test_an_unreadable_text_is_kept_with_what_to_do(make_draft: Make) -> None:
    draft = make_draft(birth=None)
    change = draft.answer("seinengappi", "令和8年2月30日")
    assert change.records == ()
    cell = draft.cell("seinengappi")
    assert (cell.text, cell.value, cell.answered) == ("令和8年2月30日", None, False)
    assert cell.problems[0].sentence == "令和8年2月30日という日はありません。"
    assert "seinengappi" not in draft.gaps()
    draft.clear("seinengappi")
    assert draft.cell("seinengappi").text == ""
    assert "seinengappi" in draft.gaps()


def test_a_bad_letter_is_named_and_the_true_one_stays_the_fact(make_draft: Make) -> None:
    draft = make_draft(family_name="髙橋")
    problem = draft.cell("shimei").problems[0]
    assert problem.sentence == "「髙」は e-Gov で使えない字です。「高」に替えて送れます。"
    assert (problem.character, problem.substitutes, problem.blocks) == ("髙", ("高",), True)
    change = draft.substitute("shimei")
    assert change.records == ()
    cell = draft.cell("shimei")
    assert (cell.text, cell.sent_text, cell.problems) == ("髙橋　あかり", "高橋　あかり", ())
    assert draft.graph.fact(E + "family_name").value == "髙橋"
    draft.undo()
    assert draft.cell("shimei").blocked


def test_a_letter_without_a_substitute_stays_blocked(make_draft: Make) -> None:
    draft = make_draft(family_name="𩸽")
    with pytest.raises(BadInput, match="no-substitute"):
        draft.substitute("shimei")
    assert draft.cell("shimei").problems[0].substitutes == ()


def test_a_new_value_drops_the_substitution_mark(make_draft: Make) -> None:
    draft = make_draft(family_name="髙橋")
    draft.substitute("shimei")
    draft.answer("shimei", "髙木 由美")
    assert draft.cell("shimei").blocked


def test_an_accepted_warning_is_asked_again_only_when_the_value_changes(make_draft: Make) -> None:
    draft = make_draft(monthly_wage=1_600_000)
    assert [p.code for p in draft.problems()] == ["implausible"]
    draft.accept("chingin_getsugaku", "implausible")
    assert draft.problems() == ()
    accepted = draft.cell("chingin_getsugaku").problems[0]
    assert accepted.accepted_by == "山本"
    assert accepted.accepted_at is not None
    draft.accept("chingin_getsugaku", "implausible")
    assert len(draft.answers["chingin_getsugaku"].accepted) == 1
    draft.answer("shokushu", "事務的職業")
    assert draft.problems() == ()
    draft.answer("chingin_getsugaku", "1700")
    assert [p.code for p in draft.problems()] == ["implausible"]
    with pytest.raises(BadInput, match="nothing-to-accept"):
        draft.accept("shimei", "implausible")


def test_an_accepted_rule_is_asked_again_when_the_other_value_changes(make_draft: Make) -> None:
    draft = make_draft(birth=date(2015, 1, 1))
    draft.accept("seinengappi", "check:nenrei")
    assert draft.cell("seinengappi").problems[0].accepted_by == "山本"
    draft.answer("shikaku_shutoku_bi", "2026-07-02")
    assert [p.code for p in draft.problems()] == ["check:nenrei"]


def test_a_conversion_is_told_and_can_be_taken_back(make_draft: Make) -> None:
    draft = make_draft(given=[])
    change = draft.answer("atesaki", "shibuya")
    assert (change.note, draft.cell("atesaki").text) == ("全角に直しました。", "ｓｈｉｂｕｙａ")
    assert draft.cell("atesaki").source_text == "shibuya"
    draft.restore("atesaki")
    assert draft.cell("atesaki").value == "shibuya"
    assert draft.cell("atesaki").note == ""
    assert draft.graph.fact("company.employment_insurance.hello_work").value == "shibuya"


# whose records an emptied cell takes back


@pytest.mark.parametrize(("before", "stays"), [(1, True), (0, False)])
def test_emptying_takes_back_only_what_was_stated_by_this_answer(
    make_draft: Make, procedure: Procedure, before: int, stays: bool
) -> None:
    """A record of an earlier filing of the same form, a second older than the answer, stays."""
    typed_at = datetime(2026, 7, 1, 9, 0, tzinfo=JST)
    stated = Record(
        E + "sex", "男", Origin.TYPED, typed_at - timedelta(seconds=before), "男",
        {"by": "山本", "procedure": procedure.id}, valid_from=date(2026, 7, 1),
    )  # fmt: skip
    answer = Answer("seibetsu", "男", "男", typed=True, updated_at=typed_at)
    draft = make_draft([*company_records(sex=None), stated], {"seibetsu": answer})
    assert draft.cell("seibetsu").typed
    change = draft.clear("seibetsu")
    assert [r.locator.get(WITHDRAWS) for r in change.records] == ([] if stays else [stated.id])
    assert (draft.cell("seibetsu").value == "男") is stays


# the whole row looked over


def test_what_cells_call_right_the_whole_row_calls_right(ready: Draft, make_draft: Make) -> None:
    assert ready.refused() == ()
    half = make_draft(family_kana=None, monthly_wage=None)
    half.leave_blank("hihokensha_bangou")
    assert half.gaps()
    assert half.refused() == ()


def test_the_whole_row_and_the_cells_refuse_the_same_letters(make_draft: Make) -> None:
    draft = make_draft(family_name="髙野")
    assert [p.field_id for p in draft.refused()] == [p.field_id for p in draft.problems()]
    draft.substitute("shimei")
    assert draft.refused() == draft.problems() == ()


@pytest.mark.parametrize(
    ("field_id", "value", "code"),
    [
        ("shotei_jikan", "40", "wrong-kind"),
        ("seinengappi", "1996-04-12", "wrong-kind"),
        ("koyou_keitai", "99", "choice-unknown"),
        ("chingin_getsugaku", -1, "out-of-range"),
        ("shimei", "①", "name-space"),
    ],
)
def test_the_whole_row_does_not_believe_the_cells(
    ready: Draft, field_id: str, value: Value, code: str
) -> None:
    """A cell that holds what its field does not take, though nothing was found at its making."""
    ready._cells[field_id] = replace(ready.cell(field_id), value=value)
    assert ready.is_complete
    found = ready.refused()
    assert {p.field_id for p in found} == {field_id}
    assert code in {p.code for p in found}
