"""Fees: told by the case, kept in the chain, asked again, ordered by what has to be paid."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.services.fees import EXPIRED, PAID, WAITING
from tests.services.open_desk import OpenDesk
from tests.services.test_skeleton_drafts import filled


def sent(office: OpenDesk, proc_id: str) -> str:
    """A filing of a procedure with a fee, followed until its fee was told."""
    filing_id = office.desk.egov.seal(filled(office, proc_id))
    office.desk.send(filing_id)
    for _ in range(5):
        office.desk.poll()
    return filing_id


def test_a_fee_is_told_with_its_numbers_and_its_day(office: OpenDesk) -> None:
    filing_id = sent(office, "X-PRACTICE-T0002")
    (row,) = office.desk.egov.fees.rows()
    assert (row.filing_id, row.fee.pay_status, row.waits, row.yen) == (
        filing_id,
        WAITING,
        True,
        1500,
    )
    assert len(row.fee.pay_number) == 16
    assert row.fee.facility_number
    assert row.fee.confirm_number
    assert row.due is not None
    events = [e for e in office.desk.filings_store.events(filing_id) if e.kind == "fee"]
    assert len(events) == 1, "told once, however often it is asked"
    assert "1,500円" in events[0].note


def test_what_was_paid_at_the_bank_is_learnt_by_asking(office: OpenDesk) -> None:
    filing_id = sent(office, "X-PRACTICE-T0002")
    number = office.desk.filings_store.get(filing_id).receipt_number
    fees = office.desk.egov.fees
    assert fees.refresh() == 0
    office.town.advance(number, "納付済み")
    assert fees.refresh() == 1
    (row,) = fees.rows()
    assert (row.fee.pay_status, row.waits) == (PAID, False)
    assert office.desk.filing(filing_id).chain_ok


def test_a_day_that_has_passed_is_said(office: OpenDesk) -> None:
    sent(office, "X-PRACTICE-T0002")
    office.clock.ahead += timedelta(days=30)
    (row,) = office.desk.egov.fees.rows()
    assert row.late
    assert not row.waits


@pytest.mark.parametrize(
    ("proc_id", "word"), [("X-PRACTICE-T0003", PAID), ("X-PRACTICE-T0004", EXPIRED)]
)
def test_every_word_of_the_door_is_kept(office: OpenDesk, proc_id: str, word: str) -> None:
    sent(office, proc_id)
    for _ in range(3):
        office.desk.poll()
    (row,) = office.desk.egov.fees.rows()
    assert row.fee.pay_status == word
    assert not row.waits


def test_the_banks_are_told(office: OpenDesk) -> None:
    names = [bank.name for bank in office.desk.egov.fees.banks().banks]
    assert "練習銀行" in names
