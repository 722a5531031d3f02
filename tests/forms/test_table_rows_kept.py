"""A row of a table is made again only when what it reads has changed, and then it always is."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from test_tables import HEAD, NOW, over

from app.facts.catalogue import Catalogue, load_catalogue
from app.facts.record import Origin, Record
from app.forms.draft import Draft
from app.forms.procedure import Procedure, load_procedure

BODY = """
[[sections.fields]]
id = "ritsu"
label = "率"
kind = "integer"
optional = true
[[sections.fields]]
id = "keihi"
label = "経費"
kind = "table"
max_rows = 4
optional = true
[[sections.fields.columns]]
id = "kazu"
label = "数"
kind = "integer"
[[sections.fields.columns]]
id = "bikou"
label = "備考"
kind = "text"
max_length = 10
optional = true
when = "field.ritsu > 1"
[[sections.fields.columns]]
id = "kingaku"
label = "金額"
kind = "integer"
calc = "field.kazu * field.ritsu"
[[sections.fields]]
id = "yakuin"
label = "役員"
kind = "table"
rows_from = "officers"
optional = true
[[sections.fields.columns]]
id = "yakushoku"
label = "役職"
kind = "text"
from = "officers[].title"
[[sections.fields]]
id = "goukei"
label = "合計"
kind = "integer"
calc = "total(field.keihi, 'kingaku')"
"""
_READ: list[tuple[Procedure, Catalogue]] = []
_ACT = st.tuples(
    st.sampled_from(["ritsu", "kazu", "bikou", "remove", "officer", "undo", "typing"]),
    st.integers(1, 3),
    st.sampled_from(["", "1", "2", "30", "あ"]),
)


def _read(tmp: Path) -> tuple[Procedure, Catalogue]:
    if not _READ:
        folder = tmp / "x" / "y"
        folder.mkdir(parents=True)
        (folder / "procedure.toml").write_text(HEAD + BODY, "utf-8")
        catalogue = load_catalogue(Path(__file__).resolve().parents[2] / "resources")
        _READ.append((load_procedure(folder, catalogue), catalogue))
    return _READ[0]


def _do(draft: Draft, what: str, row: int, text: str) -> None:
    key = f"r{row}"
    rows = {r.key for r in draft.written("keihi").rows}
    if what in ("kazu", "bikou") and key not in rows:
        draft.add_row("keihi", key)
    if what == "ritsu":
        draft.answer("ritsu", text)
    elif what in ("kazu", "bikou"):
        draft.write_cell("keihi", key, what, text)
    elif what == "remove":
        if key in rows:
            draft.remove_row("keihi", key)
    elif what == "typing":
        draft.typing("keihi", draft.written("keihi").with_cell(key, "kazu", text).to_text())
    elif what == "officer":
        title = Record(f"officers[o{row}].title", text or "社長", Origin.REGISTER, NOW, text)
        draft.graph.add(title)
        draft.refresh()
    else:
        draft.undo()


@settings(max_examples=80, deadline=None)
@given(acts=st.lists(_ACT, max_size=14))
def test_rows_stand_as_if_all_were_made_anew(
    tmp_path_factory: object, acts: list[tuple[str, int, str]]
) -> None:
    procedure, catalogue = _read(tmp_path_factory.mktemp("rows"))  # type: ignore[attr-defined]
    draft = over(procedure, catalogue, {})
    for what, row, text in acts:
        _do(draft, what, row, text)
    fresh = Draft(
        procedure, draft.graph, "", draft.answers, draft.reference_date, lambda: NOW, "山本"
    )
    assert fresh.cells() == draft.cells()


def test_a_row_nobody_touched_is_kept(tmp_path: Path) -> None:
    draft = over(*_read(tmp_path), {})
    for key, count in (("r1", "3"), ("r2", "4")):
        draft.add_row("keihi", key)
        draft.write_cell("keihi", key, "kazu", count)
    before = draft.cell("keihi").table
    draft.write_cell("keihi", "r2", "kazu", "5")
    after = draft.cell("keihi").table
    assert before is not None
    assert after is not None
    assert after.row("r1").cells is before.row("r1").cells
    assert after.row("r2").cells["kazu"].value == 5
