"""A portal's filing at the desk: sealed as a snapshot, and the next one of its kind begins from it."""

from __future__ import annotations

import json
import tomllib

from app.domain.filing import Stage
from app.facts.record import Origin
from app.forms.snapshot import FORMAT
from app.store.rows import NewEvent
from tests.services.open_desk import ROOT, OpenDesk

PROCEDURE = "jgrants/renshu_hojokin"
FILES = ("f_kessan", "f_touki")
CASES = ROOT / "resources" / "procedures" / PROCEDURE / "cases"


def fill(office: OpenDesk) -> str:
    """The company of the folder's cases, and what a first applicant writes."""
    desk = office.desk
    shared = tomllib.loads((CASES / "_minato.toml").read_text("utf-8"))["facts"]
    case = tomllib.loads((CASES / "full.toml").read_text("utf-8"))
    for group in (*shared.values(), *case["facts"].values()):
        for path, value in group.items():
            if not path.endswith((".ratio", "company.kind")) and not isinstance(value, bool):
                desk.answer_fact(path, str(value))
    for key, text in (("sh1", "66.7"), ("sh2", "33.3")):
        desk.answer_fact(f"shareholders[{key}].ratio", text)
    open_draft = desk.open_draft(PROCEDURE, "")
    for act in case["acts"]:
        if act["do"] == "answer" and act["field"] not in FILES:
            open_draft.apply(open_draft.draft.answer(act["field"], act["text"]))
        if act["do"] == "add_row":
            added, _ = open_draft.draft.add_row(act["field"], act.get("row", ""))
            open_draft.apply(added)
        if act["do"] == "write_cell":
            table = open_draft.draft.cell(act["field"]).table
            assert table is not None
            row = act["row"]
            key = table.rows[int(row) - 1].key if row.isdigit() else row
            written = open_draft.draft.write_cell(act["field"], key, act["column"], act["text"])
            open_draft.apply(written)
    for field_id in FILES:
        open_draft.apply(open_draft.files.attach(field_id, f"{field_id}.pdf", b"%PDF-1.7"))
    return open_draft.id


def test_a_snapshot_is_sealed_and_fills_the_next_application(office: OpenDesk) -> None:
    desk = office.desk
    draft_id = fill(office)
    review = desk.review(draft_id)
    draft = desk.draft(draft_id).draft
    assert (draft.gaps(), [(p.field_id, p.sentence) for p in draft.problems()]) == ((), [])
    assert review.reasons == ()
    filing_id = desk.seal(draft_id)
    row = desk.filings_store.get(filing_id)
    envelope = desk.filings_store.envelope(filing_id)
    said = json.loads(envelope)
    assert said["format"] == FORMAT
    assert said["attachments"][0]["name"].startswith("決算書（")
    officers = next(f for f in said["fields"] if f["id"] == "yakuin")
    assert [r["yakushoku"] for r in officers["rows"]] == ["代表取締役", "取締役"]
    assert row.envelope_name == "renshu_hojokin.json"
    table = next(f for f in row.facts if f["field"] == "yakuin")
    assert "代表取締役" in table["value"]["v"]

    # the person pressed the portal's button; a year later the same form is begun again
    event = NewEvent("x", "進みました")
    desk.filings_store.begin_sending(filing_id, (), event)
    desk.filings_store.store_receipt(
        filing_id, "S-00006007-0001", receipt_at=office.clock(), event=event
    )
    desk.filings_store.move(filing_id, Stage.ENDED, event)
    again = desk.open_draft(PROCEDURE, "")
    assert again.id != draft_id
    cell = again.draft.cell("b_gaiyou")
    assert (cell.origin, cell.typed) == (Origin.FILING, False)
    assert cell.text.startswith("小箱の詰合せ")
    assert not again.draft.cell("doui").answered
    assert again.draft.once_only.typed == 0
