"""No double filing under any fault, no filing lost: the town's own ledger is the judge.

Twenty rounds of each here; `make soak` runs a thousand.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from app.domain.errors import Known, NoAnswer, SignedOut, Unreachable, VaultFault
from app.domain.filing import Stage
from tests.services.open_desk import OpenDesk

ROUNDS = int(os.environ.get("ICHIDO_ROUNDS", "20"))
AFTER_LAG = 6 * 60 + 150
pytestmark = pytest.mark.timeout(600 + 6 * ROUNDS)


def mine(office: OpenDesk) -> list[str]:
    """The 到達番号 of what this program filed, by the town's ledger."""
    return [f["arrive_id"] for f in office.town.ledger() if f["origin"] != "foreign"]


def settled(office: OpenDesk, filing_id: str) -> Stage:
    """Lets the list's lag pass and asks."""
    office.pass_time(AFTER_LAG)
    office.desk.settle(filing_id)
    return office.desk.filings_store.get(filing_id).stage


@pytest.mark.parametrize("kind", ["answer_lost", "malformed_json", "truncated_body"])
def test_a_lost_answer_is_settled_by_asking_and_never_sent_twice(
    office: OpenDesk, kind: str
) -> None:
    for n in range(ROUNDS):
        filing_id = office.sealed(f"佐野{'一二三四五六七八九十'[n % 10]}")
        office.town.weather(kind, match="POST */apply")
        view = office.desk.send(filing_id)
        assert view.stage is Stage.UNKNOWN, view.band
        assert len(mine(office)) == n + 1
        found = office.desk.settle(filing_id)
        assert not found.settled, "the list may lag: it is too early to match"
        with pytest.raises(Known, match="もう送りました"):
            office.desk.send(filing_id)
        assert settled(office, filing_id) is Stage.ACCEPTED
        row = office.desk.filings_store.get(filing_id)
        assert row.receipt_number == mine(office)[-1]
        assert len(mine(office)) == n + 1


def test_nothing_accepted_is_found_out_and_can_be_sent_again(office: OpenDesk) -> None:
    """500 without acceptance: unknown, the list shows nothing, a person sets it free, then once."""
    for n in range(ROUNDS):
        filing_id = office.sealed()
        office.town.weather("error_500", match="POST */apply")
        view = office.desk.send(filing_id)
        assert view.stage is Stage.UNKNOWN
        with pytest.raises(Known, match="6分"):
            office.desk.decide_unknown(filing_id, None)
        assert settled(office, filing_id) is Stage.UNKNOWN, "no automatic way back"
        office.desk.decide_unknown(filing_id, None)
        assert office.desk.filings_store.get(filing_id).stage is Stage.READY
        assert office.desk.send(filing_id).stage is Stage.ACCEPTED
        assert len(mine(office)) == n + 1


def test_a_list_that_lags_five_minutes_does_not_mislead(office: OpenDesk) -> None:
    for n in range(ROUNDS):
        filing_id = office.sealed()
        office.town.weather("answer_lost", match="POST */apply")
        assert office.desk.send(filing_id).stage is Stage.UNKNOWN
        office.town.weather("list_lag", seconds=300, lag=300)
        found = office.desk.settle(filing_id)
        assert (found.settled, found.candidates) == (False, ())
        office.pass_time(302)
        assert settled(office, filing_id) is Stage.ACCEPTED
        assert len(mine(office)) == n + 1


def test_two_candidates_are_never_matched_by_the_program(office: OpenDesk) -> None:
    """A filing made elsewhere by the same account at the same moment, for the same company."""
    for _ in range(ROUNDS):
        filing_id = office.sealed()
        office.town.weather("answer_lost", match="POST */apply")
        assert office.desk.send(filing_id).stage is Stage.UNKNOWN
        ours = mine(office)[-1]
        theirs = office.town.control("POST", "foreign-filing", {"applicant": "山本　湊"})[
            "arrive_id"
        ]
        assert settled(office, filing_id) is Stage.UNKNOWN
        view = office.desk.filing(filing_id)
        assert {c.arrive_id for c in view.candidates} == {ours, theirs}
        with pytest.raises(Known, match="この届かもしれない"):
            office.desk.decide_unknown(filing_id, None)
        assert office.desk.decide_unknown(filing_id, ours).receipt_number == ours


def test_a_foreign_filing_while_ours_lags_is_not_taken_for_ours(office: OpenDesk) -> None:
    """The other way round: theirs is to be seen at once, ours only later."""
    filing_id = office.sealed()
    office.town.weather("answer_lost", match="POST */apply")
    assert office.desk.send(filing_id).stage is Stage.UNKNOWN
    theirs = office.town.control(
        "POST", "foreign-filing", {"applicant": "山本　湊", "ago_seconds": 100}
    )["arrive_id"]
    office.town.weather("list_lag", seconds=60, lag=90)
    found = office.desk.settle(filing_id)
    assert [c.arrive_id for c in found.candidates] == [theirs]
    assert not found.settled
    assert settled(office, filing_id) is Stage.UNKNOWN
    assert len(office.desk.filing(filing_id).candidates) == 2


def test_twin_drafts_of_one_day_go_one_after_the_other(office: OpenDesk) -> None:
    for n in range(ROUNDS):
        first, second = office.sealed("佐野"), office.sealed("伊藤")
        office.town.weather("answer_lost", match="POST */apply")
        assert office.desk.send(first).stage is Stage.UNKNOWN
        with pytest.raises(VaultFault) as refused:
            office.desk.send(second)
        assert refused.value.code == "twin_in_flight"
        assert office.desk.filings_store.get(second).stage is Stage.READY
        assert settled(office, first) is Stage.ACCEPTED
        assert office.desk.send(second).stage is Stage.ACCEPTED
        numbers = [office.desk.filings_store.get(i).receipt_number for i in (first, second)]
        assert numbers == mine(office)[-2:]
        assert len(mine(office)) == 2 * (n + 1)


def test_two_presses_at_once_send_once(office: OpenDesk) -> None:
    for n in range(ROUNDS):
        filing_id = office.sealed()
        outcomes: list[object] = []

        def press(filing_id: str = filing_id, outcomes: list[object] = outcomes) -> None:
            try:
                outcomes.append(office.desk.send(filing_id).stage)
            except (Known, Exception) as fault:
                outcomes.append(fault)

        hands = [threading.Thread(target=press) for _ in range(4)]
        for hand in hands:
            hand.start()
        for hand in hands:
            hand.join()
        assert outcomes.count(Stage.ACCEPTED) >= 1, outcomes
        assert all(isinstance(o, Stage | Known) for o in outcomes), outcomes
        assert len(mine(office)) == n + 1


@pytest.mark.parametrize(
    ("kind", "fault", "stage"),
    [
        ("rate_limited", Unreachable, Stage.READY),
        ("token_revoked", None, None),
    ],
)
def test_what_was_surely_not_taken_stays_in_the_outbox(
    office: OpenDesk, kind: str, fault: type[Exception] | None, stage: Stage | None
) -> None:
    filing_id = office.sealed()
    office.town.weather(kind, match="POST */apply")
    if fault is not None:
        with pytest.raises(fault):
            office.desk.send(filing_id)
        assert office.desk.filings_store.get(filing_id).stage is stage
        assert mine(office) == []
        return
    try:
        view = office.desk.send(filing_id)
        assert view.stage is Stage.UNKNOWN
    except SignedOut:
        assert office.desk.filings_store.get(filing_id).stage is Stage.READY
    assert mine(office) == []


def test_a_town_that_is_gone_costs_nothing(
    office: OpenDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    filing_id = office.sealed()
    monkeypatch.setitem(office.town.endpoints, "egov_api", "http://127.0.0.1:9/shinsei/v2")
    office.house.town._endpoints["egov_api"] = "http://127.0.0.1:9/shinsei/v2"
    office.desk.doors.__dict__.pop("egov", None)
    with pytest.raises((Unreachable, NoAnswer)):
        office.desk.send(filing_id)
    assert office.desk.filings_store.get(filing_id).stage is Stage.READY


def test_a_refusal_is_told_with_the_doors_own_words(office: OpenDesk) -> None:
    filing_id = office.sealed()
    office.town.control("POST", "revoke", {"account": "prime@example.jp"})
    office.sign_in()
    assert office.desk.send(filing_id).stage is Stage.ACCEPTED


@pytest.mark.kill
def test_a_kill_between_sending_and_receipt_never_files_twice(
    office: OpenDesk, tmp_path: Path
) -> None:
    """The sending process dies at a random moment; a new start settles what it left."""
    dice = random.Random(11)
    seen: set[Stage] = set()
    for n in range(ROUNDS):
        filing_id = office.sealed()
        office.desk.lock()
        context = multiprocessing.get_context("fork")
        child = context.Process(target=_send_in_child, args=(office, filing_id))
        child.start()
        time.sleep(dice.uniform(0.02, 0.5))
        if child.pid is not None and child.is_alive():
            os.kill(child.pid, signal.SIGKILL)
        child.join()
        office.reopen()
        before = len(mine(office))
        stage = office.desk.filings_store.get(filing_id).stage
        seen.add(stage)
        assert stage in (Stage.READY, Stage.UNKNOWN, Stage.ACCEPTED), stage
        if stage is Stage.UNKNOWN and settled(office, filing_id) is Stage.UNKNOWN:
            assert before == len(mine(office)) == n
            office.desk.decide_unknown(filing_id, None)
        if office.desk.filings_store.get(filing_id).stage is Stage.READY:
            assert office.desk.send(filing_id).stage is Stage.ACCEPTED
        assert len(mine(office)) == n + 1
        row = office.desk.filings_store.get(filing_id)
        assert row.receipt_number == mine(office)[-1]
    assert len(seen) > 1, f"the kills all fell into one moment: {seen}"


def _send_in_child(office: OpenDesk, filing_id: str) -> None:
    office.reopen()
    office.desk.send(filing_id)
    sys.stdout.flush()
    os._exit(0)
