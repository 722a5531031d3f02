"""Pension notices that the office wants put right, whose answer is lost, or that hold 個人番号."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time
from datetime import date

import pytest

from app.domain.errors import Known
from app.domain.filing import Stage
from app.domain.my_number import check_digit
from app.facts.record import Value
from app.services.my_number import MyNumbers
from app.services.social.insurer import ACQUISITION, BONUS, LOSS, REGULAR
from tests.services.open_desk import OpenDesk
from tests.services.social_town import MORE, SPRING, WHO, advanced, files_of, social, told


@pytest.mark.parametrize("kind", ["部分補正", "再提出"])
def test_a_correction_is_written_anew_from_the_facts(office: OpenDesk, kind: str) -> None:
    desk = social(office)
    told(office, "e1", WHO | MORE[LOSS])
    (filing,) = desk.seal(LOSS)
    office.desk.send(filing)
    number = advanced(office, filing, "補正", correct_type=kind)
    told(office, "e1", {"left_on": date(2026, 9, 30)})
    assert office.desk.cases.correction(filing) is not None
    answer = office.desk.cases.amend(filing, message="日を直しました。")
    files = files_of(office, answer)
    assert b",9,081001,4,9,080930," in files["SHFD0006.CSV"]
    assert f"<初回受付番号>{number}</初回受付番号>".encode() in files["kousei.xml"]
    assert f"<申請種別>{kind}</申請種別>".encode() in files["kousei.xml"]
    assert desk.reports(answer) == ((LOSS, "e1", "2026-10-01"),)
    stage = office.desk.send(answer).stage
    assert stage is (Stage.ENDED if kind == "部分補正" else Stage.ACCEPTED)
    assert [n for n in desk.needs().notices if n.form == LOSS] == []
    with pytest.raises(Known):
        office.desk.cases.amend(filing)


def test_a_correction_that_could_be_of_two_notices_is_not_guessed(office: OpenDesk) -> None:
    desk = social(office)
    told(office, "e1", WHO | MORE[BONUS])
    (filing,) = desk.seal(BONUS)
    office.desk.send(filing)
    advanced(office, filing, "補正", correct_type="再提出")
    more: dict[str, Value] = {
        "bonus_paid_on[2026-07]": date(2026, 7, 15),
        "bonus[2026-09]": 100_000, "bonus_paid_on[2026-09]": date(2026, 9, 10),
    }  # fmt: skip
    told(office, "e1", more)
    with pytest.raises(Known, match="どれで答えるのか決められません"):
        office.desk.cases.amend(filing)
    told(office, "e1", {"left_on": date(2026, 7, 1)})
    with pytest.raises(Known, match="出すことがありません"):
        office.desk.cases.amend(filing)


@pytest.mark.parametrize("kind", ["answer_lost", "malformed_json", "error_500"])
def test_a_lost_answer_is_settled_by_asking(office: OpenDesk, kind: str) -> None:
    desk = social(office)
    told(office, "e1", WHO | SPRING)
    (filing,) = desk.seal(REGULAR)
    office.town.weather(kind, match="POST */apply")
    assert office.desk.send(filing).stage is Stage.UNKNOWN
    assert [n for n in desk.needs().notices if n.form == REGULAR] == [], "nobody twice meanwhile"
    office.pass_time(6 * 60 + 150)
    settled = office.desk.settle(filing).settled
    assert settled is (kind != "error_500")
    if not settled:
        office.desk.decide_unknown(filing, None)
        office.desk.send(filing)
    assert len(office.town.ledger()) == 1
    assert office.desk.filings_store.get(filing).stage is Stage.ACCEPTED


def test_my_numbers_leave_and_are_not_kept(office: OpenDesk) -> None:
    desk = social(office)
    told(office, "e1", WHO | MORE[ACQUISITION])
    told(office, "e2", WHO | MORE[ACQUISITION] | {"given_name": "次郎", "given_kana": "ジロウ"})
    review = desk.review(ACQUISITION)
    assert set(review.numbers_of) == {"e1", "e2"}
    number = "123456789018"
    with MyNumbers() as numbers:
        numbers.put("e1", number)
        numbers.put("other", "987654321094"[:11] + str(check_digit("98765432109")))
        (filing,) = desk.seal(ACQUISITION, my_numbers=numbers)
    assert number.encode() not in files_of(office, filing)["SHFD0006.CSV"]
    kept = office.desk.filings_store.kept_apart(filing)
    assert kept is not None
    assert kept.people == 1
    assert number.encode() in office.desk.filings_store.leaving(filing)
    assert office.desk.send(filing).stage is Stage.ACCEPTED
    assert number not in str(office.desk.filings_store.get(filing).facts)


@pytest.mark.kill
@pytest.mark.timeout(300)
def test_a_kill_while_sending_never_reports_anybody_twice(office: OpenDesk) -> None:
    """The sending process dies at a random moment; a new start settles it, and nobody is needed anew."""
    dice = random.Random(7)
    social(office)
    for n in range(1, 7):
        told(office, f"e{n}", WHO | SPRING)
        (filing,) = office.desk.social.seal(REGULAR)
        office.desk.lock()
        child = multiprocessing.get_context("fork").Process(target=_send, args=(office, filing))
        child.start()
        time.sleep(dice.uniform(0.02, 0.4))
        if child.pid is not None and child.is_alive():
            os.kill(child.pid, signal.SIGKILL)
        child.join()
        office.reopen()
        assert [x for x in office.desk.social.needs().notices if x.form == REGULAR] == []
        if office.desk.filings_store.get(filing).stage is Stage.UNKNOWN:
            office.pass_time(6 * 60 + 150)
            if not office.desk.settle(filing).settled:
                office.desk.decide_unknown(filing, None)
        if office.desk.filings_store.get(filing).stage is Stage.READY:
            office.desk.send(filing)
        assert office.desk.filings_store.get(filing).stage is Stage.ACCEPTED
        assert len(office.town.ledger()) == n
    assert len(set(office.desk.social.filed().values())) == 6


def _send(office: OpenDesk, filing_id: str) -> None:
    office.reopen()
    office.desk.send(filing_id)
