"""補正 and 取下げ under faults: each reaches the town once, or not at all and is said so.

Twenty rounds of each; the town's own ledger is the judge.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import threading
import time
from typing import Any

import pytest

from app.domain.errors import Known
from app.domain.filing import Stage
from tests.services.open_desk import OpenDesk

ROUNDS = int(os.environ.get("ICHIDO_ROUNDS", "20"))
AFTER_LAG = 6 * 60 + 150
LOST = ["answer_lost", "malformed_json", "truncated_body"]
WITHDRAWING = "到達（取下げ処理中）"
pytestmark = pytest.mark.timeout(600 + 10 * ROUNDS)


def told(office: OpenDesk, number: str) -> dict[str, Any]:
    """What the town itself knows of a case."""
    return next(f for f in office.town.ledger() if f["arrive_id"] == number)


def asked_to_correct(office: OpenDesk, correct_type: str = "部分補正") -> tuple[str, str]:
    """A filing that the office wants put right: its id and 到達番号."""
    filing_id = office.sealed()
    number = office.desk.send(filing_id).receipt_number
    office.town.advance(number, "補正", correct_type=correct_type)
    office.desk.poll()
    return filing_id, number


def under_examination(office: OpenDesk) -> tuple[str, str]:
    filing_id = office.sealed()
    number = office.desk.send(filing_id).receipt_number
    office.town.advance(number, "審査中")
    office.desk.poll()
    return filing_id, number


def stage(office: OpenDesk, filing_id: str) -> Stage:
    return office.desk.filings_store.get(filing_id).stage


@pytest.mark.parametrize("kind", LOST)
def test_a_lost_correction_is_found_in_its_case_and_never_sent_twice(
    office: OpenDesk, kind: str
) -> None:
    for _ in range(ROUNDS):
        filing_id, number = asked_to_correct(office)
        answer = office.desk.cases.amend(filing_id)
        office.town.weather(kind, match="POST */apply/amend")
        assert office.desk.send(answer).stage is Stage.UNKNOWN
        assert not office.desk.settle(answer).settled, "too early"
        with pytest.raises(Known, match="もう送りました"):
            office.desk.send(answer)
        with pytest.raises(Known, match="もう封をしました"):
            office.desk.cases.amend(filing_id)
        office.pass_time(AFTER_LAG)
        assert office.desk.settle(answer).settled
        row = office.desk.filings_store.get(answer)
        assert (row.stage, row.receipt_number) == (Stage.ENDED, f"{number}-1")
        assert told(office, number)["amendments"] == [row.sha256]
        office.desk.filings_store.verify_chain(filing_id)
        office.desk.filings_store.verify_chain(answer)


def test_a_correction_that_never_arrived_is_set_free_by_a_person(office: OpenDesk) -> None:
    for _ in range(ROUNDS):
        filing_id, number = asked_to_correct(office)
        answer = office.desk.cases.amend(filing_id)
        office.town.weather("error_500", match="POST */apply/amend")
        assert office.desk.send(answer).stage is Stage.UNKNOWN
        office.pass_time(AFTER_LAG)
        assert not office.desk.settle(answer).settled
        assert stage(office, answer) is Stage.UNKNOWN, "no automatic way back"
        office.desk.decide_unknown(answer, None)
        assert office.desk.send(answer).stage is Stage.ENDED
        assert len(told(office, number)["amendments"]) == 1


@pytest.mark.parametrize("kind", LOST)
def test_a_lost_new_application_is_found_in_the_list(office: OpenDesk, kind: str) -> None:
    for _ in range(ROUNDS):
        filing_id, number = asked_to_correct(office, "再提出")
        again = office.desk.cases.amend(filing_id)
        office.town.weather(kind, match="POST */apply")
        assert office.desk.send(again).stage is Stage.UNKNOWN
        office.pass_time(AFTER_LAG)
        assert office.desk.settle(again).settled
        row = office.desk.filings_store.get(again)
        mine = [f for f in office.town.ledger() if f["first_number"] == number]
        assert [(f["arrive_id"], f["sha256"]) for f in mine] == [(row.receipt_number, row.sha256)]
        assert row.stage is Stage.ACCEPTED


@pytest.mark.parametrize("kind", LOST)
def test_a_lost_withdrawal_is_found_in_its_case(office: OpenDesk, kind: str) -> None:
    for _ in range(ROUNDS):
        filing_id, number = under_examination(office)
        wish = office.desk.cases.withdraw(filing_id, "日付を誤ったため。")
        office.town.weather(kind, match="POST */apply/withdraw")
        assert office.desk.send(wish).stage is Stage.UNKNOWN
        assert not office.desk.settle(wish).settled, "too early"
        with pytest.raises(Known, match="もう送りました"):
            office.desk.send(wish)
        with pytest.raises(Known, match="もう取下げを頼んで"):
            office.desk.cases.withdraw(filing_id, "もう一度")
        office.pass_time(AFTER_LAG)
        assert office.desk.settle(wish).settled
        assert stage(office, wish) is Stage.ENDED
        history = [word for _, word in told(office, number)["history"]]
        assert history.count(WITHDRAWING) == 1
        office.desk.poll()
        assert stage(office, filing_id) is Stage.WITHDRAWN
        office.desk.filings_store.verify_chain(filing_id)


def test_a_withdrawal_that_never_arrived_is_set_free_by_a_person(office: OpenDesk) -> None:
    for _ in range(ROUNDS):
        filing_id, number = under_examination(office)
        wish = office.desk.cases.withdraw(filing_id, "日付を誤ったため。")
        office.town.weather("error_500", match="POST */apply/withdraw")
        assert office.desk.send(wish).stage is Stage.UNKNOWN
        office.pass_time(AFTER_LAG)
        assert not office.desk.settle(wish).settled
        office.desk.decide_unknown(wish, None)
        assert stage(office, wish) is Stage.READY
        history = [word for _, word in told(office, number)["history"]]
        assert WITHDRAWING not in history
        office.town.advance(number, "審査中")
        assert office.desk.send(wish).stage is Stage.ENDED


def test_two_presses_at_once_correct_once(office: OpenDesk) -> None:
    for _ in range(ROUNDS):
        filing_id, number = asked_to_correct(office)
        answer = office.desk.cases.amend(filing_id)
        outcomes: list[object] = []

        def press(answer: str = answer, outcomes: list[object] = outcomes) -> None:
            try:
                outcomes.append(office.desk.send(answer).stage)
            except Known as fault:
                outcomes.append(fault)

        hands = [threading.Thread(target=press) for _ in range(4)]
        for hand in hands:
            hand.start()
        for hand in hands:
            hand.join()
        assert len(outcomes) == 4, outcomes
        assert stage(office, answer) is Stage.ENDED
        assert len(told(office, number)["amendments"]) == 1


@pytest.mark.kill
def test_a_kill_while_correcting_never_corrects_twice(office: OpenDesk) -> None:
    """The sending process dies at a random moment; a new start settles what it left."""
    dice = random.Random(7)
    seen: set[Stage] = set()
    for _ in range(ROUNDS):
        filing_id, number = asked_to_correct(office)
        answer = office.desk.cases.amend(filing_id)
        office.desk.lock()
        child = multiprocessing.get_context("fork").Process(
            target=_send_in_child, args=(office, answer)
        )
        child.start()
        time.sleep(dice.uniform(0.02, 0.5))
        if child.pid is not None and child.is_alive():
            os.kill(child.pid, signal.SIGKILL)
        child.join()
        office.reopen()
        found = stage(office, answer)
        seen.add(found)
        assert found in (Stage.READY, Stage.UNKNOWN, Stage.ENDED), found
        if found is Stage.UNKNOWN:
            office.pass_time(AFTER_LAG)
            if not office.desk.settle(answer).settled:
                assert told(office, number)["amendments"] == []
                office.desk.decide_unknown(answer, None)
        if stage(office, answer) is Stage.READY:
            office.desk.send(answer)
        row = office.desk.filings_store.get(answer)
        assert (row.stage, row.receipt_number) == (Stage.ENDED, f"{number}-1")
        assert told(office, number)["amendments"] == [row.sha256]
    assert len(seen) > 1, f"the kills all fell into one moment: {seen}"


def _send_in_child(office: OpenDesk, filing_id: str) -> None:
    office.reopen()
    office.desk.send(filing_id)
    os._exit(0)
