"""A form's edition changes between draft and filing: nothing is lost, what is new is named."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.errors import BadInput
from app.forms.draft import Draft
from app.forms.draft_parts import Answer
from app.forms.fields import Field
from app.forms.procedure import Procedure, Section, load_procedure
from app.services.draft_files import DraftFiles
from app.services.draft_renewal import DraftRenewals
from app.store.documents import Documents
from app.store.drafts import Drafts
from app.store.meta import Meta
from app.store.vault import Vault
from tests.services.grant_desk import CATALOGUE, RESOURCES, Ticks, draft_of, open_vault

FOLDER = RESOURCES / "procedures" / "chusho" / "jizokuka"


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    opened = open_vault(tmp_path, Ticks())
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def old() -> Procedure:
    return load_procedure(FOLDER, CATALOGUE)


def renewed(old: Procedure) -> Procedure:
    """A later edition: 事業名 is gone, a question is new, a column is gone and one is new."""
    sections = []
    for section in old.sections:
        fields = []
        for field in section.fields:
            if field.id == "jigyoumei":
                fields.append(Field(id="jigyou_id", label="事業の番号", kind="text"))
            elif field.id == "keihi":
                columns = [c for c in field.columns if c.id != "uchiwake"]
                columns.append(Field(id="tanka", label="単価", kind="yen", optional=True))
                said = {n: getattr(field, n) for n in Field.model_fields}
                fields.append(Field.model_validate({**said, "columns": tuple(columns)}))
            else:
                fields.append(field)
        sections.append(Section(id=section.id, label=section.label, fields=tuple(fields)))
    return Procedure.model_validate(
        {
            **{n: getattr(old, n) for n in Procedure.model_fields},
            "sections": tuple(sections),
            "edition": "2027年2月版",
        }
    )


def filled(old: Procedure, clock: Ticks) -> Draft:
    draft = draft_of(old, clock)
    draft.answer("jigyoumei", "小箱の事業")
    draft.answer("keiei_1", "焼菓子の店です。")
    _, key = draft.add_row("keihi")
    for column, text in (
        ("kubun", "1"),
        ("naiyou", "包装機"),
        ("uchiwake", "1台"),
        ("kingaku", "9"),
    ):
        draft.write_cell("keihi", key, column, text)
    return draft


def test_the_draft_survives_and_everything_is_named(vault: Vault, old: Procedure) -> None:
    clock = Ticks()
    renewals = DraftRenewals(Meta(vault))
    draft = filled(old, clock)
    assert renewals.look("d1", draft, old.edition) is None

    new = renewed(old)
    stored = {i: Answer.from_json(a.to_json()) for i, a in draft.answers.items()}
    later = draft_of(new, clock, answers=stored)
    assert later.cell("keiei_1").value == "焼菓子の店です。"
    assert later.cell("keihi").table is not None
    assert later.cell("a").value == 9

    found = renewals.look("d1", later, old.edition)
    assert found is not None
    assert (found.was, found.now) == ("2026年11月版", "2027年2月版")
    assert set(found.asked) == {("jigyou_id", "事業の番号"), ("keihi.tanka", "経費明細表 単価")}
    assert {(k.label, k.text) for k in found.kept} == {
        ("補助事業で行う事業名", "小箱の事業"),
        ("経費明細表 経費内訳（単価×回数）", "1台"),
    }
    assert "jigyou_id" in later.gaps()
    assert found.sentence.endswith("。")

    # whatever is done on the new edition, the kept answers stay, and the old edition has them again
    later.answer("jigyou_id", "7")
    later.write_cell("keihi", "r1", "kingaku", "12")
    again = draft_of(old, clock, answers=dict(later.answers))
    assert again.cell("jigyoumei").value == "小箱の事業"
    table = again.cell("keihi").table
    assert table is not None
    assert table.row("r1").cells["uchiwake"].value == "1台"
    assert table.row("r1").cells["kingaku"].value == 12


def test_once_seen_it_is_not_said_again_but_the_answers_stay(vault: Vault, old: Procedure) -> None:
    clock, renewals, new = Ticks(), DraftRenewals(Meta(vault)), renewed(old)
    draft = filled(old, clock)
    renewals.look("d1", draft, old.edition)
    later = draft_of(new, clock, answers=dict(draft.answers))
    renewals.accept("d1", new)
    found = renewals.look("d1", later, old.edition)
    assert found is not None
    assert found.asked == ()
    assert {k.label for k in found.kept} == {
        "補助事業で行う事業名",
        "経費明細表 経費内訳（単価×回数）",
    }


def test_earlier_texts_can_be_brought_back(vault: Vault, old: Procedure) -> None:
    clock = Ticks()
    drafts = Drafts(vault)
    draft_id = drafts.create(old.id, old.edition)
    draft = draft_of(old, clock)
    files = DraftFiles(draft_id, draft, drafts, Documents(vault))
    for text in ("一つめ。", "二つめ。\n長い。", "三つめ。"):
        change = draft.answer("keiei_1", text)
        assert change.answer is not None
        drafts.save(draft_id, {"keiei_1": change.answer.to_json()})
        clock.now = vault.clock()
        vault.clock()
    said = [v.text for v in files.versions("keiei_1")]
    assert said == ["二つめ。\n長い。", "一つめ。"]
    draft.answer("keiei_1", said[0])
    assert draft.cell("keiei_1").value == "二つめ。\n長い。"
    assert files.versions("keiei_1", limit=1)[0].text == "三つめ。"


def test_a_slot_takes_what_it_says_and_the_vault_keeps_the_bytes(
    vault: Vault, old: Procedure
) -> None:
    draft = draft_of(old, Ticks())
    draft.answer("keitai", "会社")
    files = DraftFiles("d", draft, Drafts(vault), Documents(vault))
    for name, content, word in (
        ("BS.docx", b"PK\x03\x04", "PDF"),
        ("BS.pdf", b"PK\x03\x04", "中身"),
        ("BS.pdf", b"", "空"),
    ):
        with pytest.raises(BadInput, match=word):
            files.attach("f_bs", name, content)
    assert Documents(vault).list() == []
    files.attach("f_bs", "BS.pdf", b"%PDF-1.7 a")
    files.attach("f_bs", "BS2.pdf", b"%PDF-1.7 b")
    cell = draft.cell("f_bs")
    assert cell.text == "BS2.pdf"  # a slot for one file changes it
    (document,) = [d.id for d in Documents(vault).list() if d.name == "BS2.pdf"]
    assert files.content(document) == b"%PDF-1.7 b"
    files.detach("f_bs", document)
    assert not draft.cell("f_bs").answered
    draft.undo()
    assert draft.cell("f_bs").text == "BS2.pdf"
