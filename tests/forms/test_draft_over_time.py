"""A draft over time: undo and redo, storage, typing, a later edition, incremental recompute."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime

import pytest
from filled_company import TODAY, Ticking, company_records
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.clock import JST
from app.domain.errors import BadInput
from app.facts.catalogue import Catalogue
from app.facts.graph import Graph, State
from app.facts.record import Origin, Record
from app.forms.draft import Answer, Draft
from app.forms.procedure import Field, Procedure
from app.forms.withdrawal import standing

E = "employees[k3x9]."
Make = Callable[..., Draft]


def document_record(path: str, value: str) -> Record:
    moment = datetime(2026, 7, 3, 10, 0, tzinfo=JST)
    return Record(path, value, Origin.DOCUMENT, moment, value)


def test_undo_and_redo_through_facts_and_answers(make_draft: Make) -> None:
    draft = make_draft()
    draft.answer("jigyousho_meishou", "株式会社みなと")
    draft.answer("bikou_ran", "週4日勤務")
    draft.leave_blank("hihokensha_bangou")
    before = {c.field.id: (c.text, c.origin, c.typed) for c in draft.cells()}
    for _ in range(3):
        assert draft.undo() is not None
    assert draft.undo() is None
    cell = draft.cell("jigyousho_meishou")
    assert (cell.text, cell.origin) == ("株式会社みなと製菓", Origin.REGISTER)
    assert draft.cell("bikou_ran").text == ""
    assert draft.once_only.typed == 0
    for _ in range(3):
        assert draft.redo() is not None
    assert draft.redo() is None
    assert {c.field.id: (c.text, c.origin, c.typed) for c in draft.cells()} == before
    draft.undo()
    draft.answer("bikou_ran", "別")
    assert draft.redo() is None


def test_only_the_last_acts_can_be_undone(
    make_draft: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.forms.draft_state.UNDO_LIMIT", 2)
    draft = make_draft()
    for text in ("一", "二", "三"):
        draft.answer("bikou_ran", text)
    assert [draft.undo() is not None for _ in range(3)] == [True, True, False]
    assert draft.cell("bikou_ran").text == "一"


def test_an_undo_survives_the_log(make_draft: Make) -> None:
    """Everything the acts told the store, read back: the same facts."""
    draft = make_draft()
    log = [r for path in ("company.name",) for r in draft.graph.records(path)]
    for act in (
        lambda: draft.answer("jigyousho_meishou", "株式会社みなと"),
        draft.undo,
        draft.redo,
        lambda: draft.answer("jigyousho_meishou", "株式会社みなと二"),
        draft.undo,
    ):
        change = act()
        assert change is not None
        log.extend(change.records)
    assert draft.cell("jigyousho_meishou").text == "株式会社みなと"
    again = Graph(draft.graph.catalogue, standing(log), draft.reference_date)
    assert again.fact("company.name").value == "株式会社みなと"
    assert len(log) == len({r.id for r in log})


def test_del_empties_a_prefilled_cell_here_and_not_the_fact(make_draft: Make) -> None:
    draft = make_draft()
    change = draft.clear("seibetsu")
    assert change.records == ()
    assert (draft.cell("seibetsu").text, "seibetsu" in draft.gaps()) == ("", True)
    assert draft.graph.fact(E + "sex").value == "女"
    draft.undo()
    assert draft.cell("seibetsu").text == "女"
    draft.clear("shikaku_shutoku_bi")
    assert draft.cell("shikaku_shutoku_bi").value is None
    draft.clear("todokede_bi")
    assert "todokede_bi" in draft.gaps()


def test_del_takes_back_what_was_typed_here(make_draft: Make) -> None:
    draft = make_draft(sex=None)
    draft.answer("seibetsu", "女")
    assert draft.graph.fact(E + "sex").value == "女"
    change = draft.clear("seibetsu")
    assert change.records[0].locator["withdraws"]
    assert draft.graph.fact(E + "sex").state is State.MISSING
    draft.undo()
    assert draft.cell("seibetsu").text == "女"


def test_typing_is_checked_at_once_and_states_no_fact_until_committed(make_draft: Make) -> None:
    draft = make_draft(family_name=None, given_name=None)
    for text in ("髙", "髙橋", "髙橋 ", "髙橋 由", "髙橋 由美"):
        change = draft.typing("shimei", text)
        assert change.records == ()
        assert draft.cell("shimei").text == text
    assert [p.code for p in draft.cell("shimei").problems] == ["bad-character"]
    assert draft.graph.fact(E + "family_name").state is State.MISSING
    changes = draft.commit_pending()
    assert [r.value for c in changes for r in c.records] == ["髙橋", "由美"]
    draft.undo()
    assert draft.cell("shimei").text == ""


def test_answers_survive_storage_and_a_restart(make_draft: Make) -> None:
    draft = make_draft(monthly_wage=1_600_000)
    draft.leave_blank("hihokensha_bangou")
    draft.accept("chingin_getsugaku", "implausible")
    draft.answer("bikou_ran", "週4日勤務")
    draft.clear("seibetsu")
    draft.typing("kokuseki", "ベト")
    stored = json.loads(json.dumps({i: a.to_json() for i, a in draft.answers.items()}))
    graph = draft.graph
    again = Draft(
        draft.procedure, graph, "k3x9", {i: Answer.from_json(a) for i, a in stored.items()},
        draft.reference_date, draft._clock, "山本",
    )  # fmt: skip
    assert [c.text for c in again.cells()] == [c.text for c in draft.cells()]
    assert again.cells() == draft.cells()
    assert again.once_only == draft.once_only
    assert again.cell("kokuseki").text == "ベト"


def test_a_record_from_elsewhere_is_seen_on_refresh(make_draft: Make) -> None:
    draft = make_draft()
    draft.graph.add(document_record(E + "employment_insurance.number", "50123456789"))
    changed = draft.refresh()
    assert {"hihokensha_bangou", "shutoku_kubun"} <= changed
    assert draft.cell("hihokensha_bangou").text == "5012-345678-9"
    assert draft.cell("hihokensha_bangou").origin is Origin.DOCUMENT
    assert draft.cell("shutoku_kubun").text == "再取得"
    assert draft.refresh() == frozenset()


def test_progress_and_deadline(make_draft: Make) -> None:
    draft = make_draft(birth=None, family_name="髙橋")
    progress = draft.section_progress("hihokensha")
    assert (progress.done, progress.total, progress.to_fix) == (2, 6, 1)
    assert draft.due() == date(2026, 8, 10)
    with pytest.raises(KeyError):
        draft.section_progress("nowhere")


def test_a_conflict_is_asked_about(make_draft: Make) -> None:
    draft = make_draft()
    draft.graph.add(document_record("company.kana", "ミナトセイカ"))
    draft.refresh()
    cell = draft.cell("houjin_mei_kana")
    assert cell.state is State.CONFLICTING
    assert cell.competitors
    assert cell.problems[0].sentence == "法人団体名フリガナが 2通りあります。どれを使いますか。"
    draft.confirm("houjin_mei_kana")
    assert draft.cell("houjin_mei_kana").problems == ()


def test_unknown_fields_raise_and_empty_text_clears(make_draft: Make) -> None:
    draft = make_draft()
    with pytest.raises(KeyError):
        draft.answer("nowhere", "x")
    draft.answer("bikou_ran", "あ")
    draft.answer("bikou_ran", "　 ")
    assert draft.cell("bikou_ran").text == ""
    assert draft.answer("jigyousho_meishou", "株式会社みなと製菓").answer is None


def test_del_after_blank_leaves_the_companys_fact_alone(make_draft: Make) -> None:
    draft = make_draft(employment_insurance__number="50123456789")
    draft.leave_blank("hihokensha_bangou")
    change = draft.clear("hihokensha_bangou")
    assert change.records == ()
    assert draft.cell("hihokensha_bangou").text == "5012-345678-9"
    draft.answer("hihokensha_bangou", "5012-345678-0")
    draft.clear("hihokensha_bangou")
    assert draft.cell("hihokensha_bangou").text == "5012-345678-9"


def edition(procedure: Procedure, changes: dict[str, dict[str, object] | None]) -> Procedure:
    """A later edition: fields changed, or taken away where the change is None."""
    kept = {name: getattr(procedure, name) for name in Procedure.model_fields}
    sections = []
    for section in procedure.sections:
        fields = []
        for field in section.fields:
            change = changes.get(field.id, {})
            if change is not None:
                held = {name: getattr(field, name) for name in Field.model_fields}
                fields.append(Field(**{**held, **change}))
        sections.append({"id": section.id, "label": section.label, "fields": fields})
    return Procedure(**{**kept, "sections": sections, "edition": "第0004版", "checks": ()})


def test_a_change_of_edition_loses_nothing(make_draft: Make) -> None:
    draft = make_draft(given=[])
    for field_id, text in {
        "shimei": "佐野 灯", "seinengappi": "H8.4.12", "bikou_ran": "週4日勤務",
        "henkougo_shimei": "佐野 光", "sr_hyouji": "2026-07-10", "chingin_getsugaku": "250",
    }.items():  # fmt: skip
        draft.answer(field_id, text)
    later = edition(
        draft.procedure,
        {
            "bikou_ran": None,
            "shimei": {"label": "氏名（漢字）", "max_length": 60},
            "sr_hyouji": {"kind": "date", "profile": ""},
            "henkougo_shimei": {"kind": "integer", "profile": "", "when": ""},
        },
    )
    stored = {i: Answer.from_json(a.to_json()) for i, a in draft.answers.items()}
    moved = Draft(later, draft.graph, "k3x9", stored, draft.reference_date, draft._clock, "山本")
    assert moved.cell("shimei").text == "佐野　灯"
    assert moved.cell("seinengappi").value == date(1996, 4, 12)
    assert moved.cell("chingin_getsugaku").value == 250_000
    assert moved.cell("sr_hyouji").value == date(2026, 7, 10)
    assert moved.cell("henkougo_shimei").text == "佐野 光"
    assert moved.cell("henkougo_shimei").blocked
    assert set(draft.answers) <= set(moved.answers)
    back = Draft(
        draft.procedure, draft.graph, "k3x9", moved.answers, draft.reference_date, draft._clock,
        "山本",
    )  # fmt: skip
    assert [c.text for c in back.cells()] == [c.text for c in draft.cells()]


ACTS = ("answer", "typing", "clear", "blank", "confirm", "undo", "redo", "substitute", "restore")
TEXTS = ("有", "無", "2", "佐野 灯", "髙橋 灯", "5012-345678-9", "R8.7.1", "2026-06-01", "サノ アカリ",
         "ベトナム", "240", "x", "03-1234-5678", "", "1996-04-12")  # fmt: skip
FIELDS = ("shimei", "hihokensha_bangou", "shutoku_kubun", "henkougo_shimei", "keiyaku_sadame",
          "keiyaku_kaishi", "keiyaku_shuuryou", "shikaku_shutoku_bi", "seinengappi", "kokuseki",
          "zairyuu_shikaku", "chingin_getsugaku", "jigyousho_meishou", "houjin_mei", "sr_hyouji",
          "todokede_bi", "renrakusaki_shimei", "shinseisha_shimei")  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    acts=st.lists(
        st.tuples(st.sampled_from(ACTS), st.sampled_from(FIELDS), st.sampled_from(TEXTS)),
        max_size=14,
    )
)
def test_recomputing_only_what_depends_gives_what_a_fresh_draft_gives(
    acts: list[tuple[str, str, str]], procedure: Procedure, catalogue: Catalogue
) -> None:
    log = company_records()
    clock = Ticking()
    draft = Draft(procedure, Graph(catalogue, log, TODAY), "k3x9", {}, TODAY, clock, "山本")
    for name, field_id, text in acts:
        do = {
            "answer": lambda f=field_id, t=text: draft.answer(f, t),
            "typing": lambda f=field_id, t=text: draft.typing(f, t),
            "clear": lambda f=field_id: draft.clear(f),
            "blank": lambda f=field_id: draft.leave_blank(f),
            "confirm": lambda f=field_id: draft.confirm(f),
            "substitute": lambda f=field_id: draft.substitute(f),
            "restore": lambda f=field_id: draft.restore(f),
            "undo": draft.undo,
            "redo": draft.redo,
        }[name]
        with suppress(BadInput):
            change = do()
            log.extend(change.records if change else ())
    graph = Graph(catalogue, standing(log), TODAY)
    stored = {i: Answer.from_json(a.to_json()) for i, a in draft.answers.items()}
    fresh = Draft(procedure, graph, "k3x9", stored, TODAY, clock, "山本")
    for mine, anew in zip(draft.cells(), fresh.cells(), strict=True):
        assert mine == anew, mine.field.id
    while draft.undo() is not None:
        pass
    assert draft.once_only.typed == 0
