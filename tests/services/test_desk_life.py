"""The life of a filing at the desk: sealed once, given up, refused, locked in the middle of sending."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.clock import JST, today
from app.domain.errors import Known
from app.domain.filing import Stage
from app.services.official_documents import ReadDocument
from app.store.rows import FilingRow, NewEvent
from tests.services.open_desk import OpenDesk


def test_a_draft_is_sealed_once_however_often_it_is_pressed(office: OpenDesk) -> None:
    draft_id = office.complete_draft()
    outcomes: list[object] = []

    def press() -> None:
        try:
            outcomes.append(office.desk.seal(draft_id))
        except Known as fault:
            outcomes.append(fault.code)

    hands = [threading.Thread(target=press) for _ in range(6)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert outcomes.count("sealed-already") == 5, outcomes
    assert len(office.desk.filings_store.list()) == 1
    assert [line.id for line in office.desk.drafts()] == []


def test_no_value_is_sealed_that_its_field_does_not_take(office: OpenDesk) -> None:
    """Every cell says it is right; the look over the whole row says no, and nothing was sealed."""
    draft_id = office.complete_draft()
    draft = office.desk.draft(draft_id).draft
    draft._cells["koyou_keitai"] = replace(draft.cell("koyou_keitai"), value="99")
    assert draft.is_complete
    review = office.desk.review(draft_id)
    assert not review.can_send
    assert "一覧から選んで" in review.reasons[0]
    with pytest.raises(Known, match="一覧から選んで"):
        office.desk.seal(draft_id)
    assert office.desk.filings_store.list() == []


def test_an_envelope_not_sent_can_be_given_up_and_its_draft_corrected(office: OpenDesk) -> None:
    first = office.sealed()
    draft_id = office.desk.unseal(first)
    assert [line.id for line in office.desk.drafts()] == [draft_id]
    with pytest.raises(Known, match="もう送りました"):
        office.desk.send(first)
    open_draft = office.desk.draft(draft_id)
    open_draft.apply(open_draft.draft.answer("chingin_getsugaku", "260"))
    second = office.desk.seal(draft_id)
    assert second != first
    assert office.desk.send(second).stage is Stage.ACCEPTED
    assert len(office.town.ledger()) == 1
    with pytest.raises(Known, match="もう送りました"):
        office.desk.unseal(second)


def test_a_refused_filing_opens_its_draft_again(office: OpenDesk) -> None:
    filing_id = office.sealed()
    row = office.desk.filings_store.get(filing_id)
    store = office.desk.filings_store
    store.begin_sending(filing_id, [], NewEvent("sending", "送信"))
    store.move(
        filing_id, Stage.REJECTED, NewEvent("rejected", "受け付けられませんでした", "様式ID")
    )
    assert [line.id for line in office.desk.drafts()] == [row.draft_id]
    assert office.desk.filing(filing_id).band.kind == "danger"
    assert office.desk.filing(filing_id).draft_id == row.draft_id
    assert office.desk.send(office.desk.seal(row.draft_id)).stage is Stage.ACCEPTED


def test_a_lock_lets_a_send_in_flight_store_its_answer(office: OpenDesk) -> None:
    filing_id = office.sealed()
    office.town.weather("slow", match="POST */apply", delay=1.5)
    sender = threading.Thread(target=office.desk.send, args=(filing_id,))
    sender.start()
    end = time.monotonic() + 20
    while office.desk.filings_store.get(filing_id).stage is not Stage.SENDING:
        assert time.monotonic() < end
        time.sleep(0.02)
    began = time.monotonic()
    office.desk.lock()
    assert time.monotonic() - began < 0.5, "the window is not held up"
    sender.join()
    end = time.monotonic() + 20
    while office.desk.vault.is_open:
        assert time.monotonic() < end, "the vault stays open"
        time.sleep(0.02)
    office.reopen()
    row = office.desk.filings_store.get(filing_id)
    assert row.stage is Stage.ACCEPTED
    assert row.receipt_number == office.town.ledger()[0]["arrive_id"]


def test_facts_of_a_decision_stand_before_what_was_typed(office: OpenDesk) -> None:
    filing_id = office.sealed()
    office.desk.send(filing_id)
    subject = office.desk.filings_store.get(filing_id).subject
    for _ in range(6):
        office.desk.poll()
    office.desk.take_in()
    fact = office.desk.graph.fact(f"employees[{subject}].employment_insurance.number")
    assert fact.record is not None
    assert fact.record.origin.value == "document"
    before = len(office.desk.records.all())
    documents = len(office.desk.documents())
    office.desk.poll()
    assert len(office.desk.records.all()) == before, "a further poll states nothing twice"
    assert len(office.desk.documents()) == documents
    second = office.desk.open_draft("mhlw/koyou_hoken_shikaku_shutoku", subject)
    assert second.draft.cell("hihokensha_bangou").origin is not None
    assert second.draft.once_only.percent >= 85, second.draft.once_only


@pytest.mark.parametrize("told", [True, False])
def test_a_decision_holds_from_its_own_day_not_from_that_of_its_reading(
    office: OpenDesk, told: bool
) -> None:
    """A letter read five days after it was written; and one that tells no day of decision."""
    desk = office.desk
    now = today(office.clock)
    day = now - timedelta(days=5) if told else None
    real = desk.doors.following._read

    def read(row: FilingRow, zip_bytes: bytes) -> ReadDocument:
        found = real(row, zip_bytes)
        assert found.decided_on == now, "the town writes its letters today"
        return replace(found, decided_on=day)

    desk.doors.following._read = read
    filing_id = office.sealed()
    desk.send(filing_id)
    for _ in range(6):
        desk.poll()
    stated = [r for r in desk.records.all() if r.locator.get("filing") == filing_id]
    assert len(stated) == 3
    assert {r.valid_from for r in stated} == {day or now}
    assert {r.recorded_at.astimezone(JST).date() for r in stated} == {now}
