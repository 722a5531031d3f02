"""When the key of a 個人番号 stays, and when it goes: lost answers, refusals, notices, a backup."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from app.domain.errors import Known, Refused, VaultFault
from app.domain.filing import Stage
from app.services.connectors.egov import Egov, Notice
from app.services.social.insurer import ACQUISITION
from app.store.backup import backups_of
from app.store.restore import restore
from tests.services.number_town import (
    AFTER_LAG,
    TARO,
    ended,
    kinds,
    numbers_of,
    sealed,
)
from tests.services.open_desk import OpenDesk
from tests.store.store_parts import decrypted


def test_a_lost_answer_keeps_the_key_until_it_is_settled(office: OpenDesk) -> None:
    filing_id = sealed(office)
    store = office.desk.filings_store
    true = store.leaving(filing_id)
    office.town.weather("answer_lost", match="POST */apply")
    assert office.desk.send(filing_id).stage is Stage.UNKNOWN
    office.reopen()
    store = office.desk.filings_store
    assert store.leaving(filing_id) == true
    office.pass_time(AFTER_LAG)
    assert office.desk.settle(filing_id).settled
    assert store.leaving(filing_id) == true
    assert len(office.town.ledger()) == 1
    assert ended(office, filing_id).stage is Stage.ENDED
    with pytest.raises(VaultFault, match="numbers_gone"):
        store.leaving(filing_id)


def test_one_that_never_arrived_is_sent_with_its_number(office: OpenDesk) -> None:
    filing_id = sealed(office)
    office.town.weather("error_500", match="POST */apply")
    assert office.desk.send(filing_id).stage is Stage.UNKNOWN
    office.pass_time(AFTER_LAG)
    office.desk.settle(filing_id)
    office.desk.decide_unknown(filing_id, None)
    assert office.desk.send(filing_id).stage is Stage.ACCEPTED
    (arrived,) = office.town.ledger()
    true = office.desk.filings_store.leaving(filing_id)
    assert arrived["sha256"] == hashlib.sha256(true).hexdigest()


def test_a_refusal_that_repeats_the_number_is_kept_without_it(
    office: OpenDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    filing_id = sealed(office)

    def refuse(*_: object) -> None:
        item = ("SHFD0006.CSV", f"個人番号({TARO})", f"{TARO}に誤りがあります")
        raise Refused("egov-refused", f"個人番号 {TARO} に誤りがあります。", items=(item,))

    monkeypatch.setattr(Egov, "apply", refuse)
    with pytest.raises(Refused) as caught:
        office.desk.send(filing_id)
    assert TARO not in f"{caught.value} {caught.value.items}"
    assert "************" in caught.value.sentence
    store = office.desk.filings_store
    assert store.get(filing_id).stage is Stage.REJECTED
    assert kinds(office, filing_id)[-2:] == ["rejected", "numbers-destroyed"]
    assert TARO not in str([event.content() for event in store.events(filing_id)])
    with pytest.raises(VaultFault, match="numbers_gone"):
        store.leaving(filing_id)


def test_a_notice_that_repeats_the_number_is_kept_without_it(
    office: OpenDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    filing_id = sealed(office)
    office.desk.send(filing_id)
    asked = Egov.notice

    def telling(egov: Egov, number: str, sub: int) -> Notice:
        told = asked(egov, number, sub)
        return replace(told, notice_sentence=f"個人番号 {TARO} を確かめてください。")

    monkeypatch.setattr(Egov, "notice", telling)
    number = office.desk.filings_store.get(filing_id).receipt_number
    office.town.advance(number, "審査中")
    office.town.advance(number, "審査中（補正待ち）")
    office.desk.poll()
    store = office.desk.filings_store
    (event,) = [e for e in store.events(filing_id) if e.kind == "notice"]
    assert event.note == "個人番号 ************ を確かめてください。"
    for document in office.desk.documents():
        assert TARO.encode() not in office.desk.document_bytes(document.id)
    assert store.leaving(filing_id)  # the case is not over: the key stays


def test_unsealing_destroys_it_and_the_next_seal_asks_again(office: OpenDesk) -> None:
    filing_id = sealed(office)
    office.desk.unseal(filing_id)
    assert kinds(office, filing_id)[-2:] == ["unsealed", "numbers-destroyed"]
    desk = office.desk.social
    with pytest.raises(Known, match="my-number-needed"):
        desk.seal(ACQUISITION)
    with numbers_of(e1=TARO) as numbers:
        (again,) = desk.seal(ACQUISITION, my_numbers=numbers)
    assert office.desk.send(again).stage is Stage.ACCEPTED


def test_a_withdrawal_that_is_granted_destroys_it(office: OpenDesk) -> None:
    filing_id = sealed(office)
    office.desk.send(filing_id)
    number = office.desk.filings_store.get(filing_id).receipt_number
    office.town.advance(number, "審査中")
    office.desk.poll()
    wish = office.desk.cases.withdraw(filing_id, "二重に出したため")
    assert office.desk.send(wish).stage is Stage.ENDED
    office.town.advance(number, "取下げ承認")
    office.desk.poll()
    assert office.desk.filings_store.get(filing_id).stage is Stage.WITHDRAWN
    assert kinds(office, filing_id)[-1] == "numbers-destroyed"


def test_what_comes_back_from_a_backup_is_sealed_anew(office: OpenDesk) -> None:
    filing_id = sealed(office)
    office.desk.back_up()
    office.desk.lock()
    (row,) = backups_of(office.path)
    assert TARO.encode() not in decrypted(row.path, office.key)
    restore(office.path, row.path, office.key, present_key=office.key, clock=office.clock)
    office.reopen()
    office.sign_in()
    assert kinds(office, filing_id)[-1] == "numbers-gone"
    with pytest.raises(VaultFault, match="封を解いて"):
        office.desk.send(filing_id)
    assert office.town.ledger() == []
    assert office.desk.filings_store.get(filing_id).stage is Stage.READY
    office.desk.unseal(filing_id)
    with numbers_of(e1=TARO) as numbers:
        (again,) = office.desk.social.seal(ACQUISITION, my_numbers=numbers)
    assert office.desk.send(again).stage is Stage.ACCEPTED
    assert office.desk.care.check() == []
