"""A document that expired before it was fetched is said once and stops nothing else."""

from __future__ import annotations

import pytest

from app.domain.errors import Refused
from app.domain.filing import Stage
from app.services.connectors.egov import OfficialDocument
from tests.services.open_desk import OpenDesk


def test_a_document_that_expired_is_said_once(office: OpenDesk) -> None:
    first, second = office.sealed("佐野"), office.sealed("伊藤")
    numbers = [office.desk.send(i).receipt_number for i in (first, second)]
    office.town.control("POST", "lives", {"document": 60})
    office.town.advance(numbers[1], "審査終了")
    office.pass_time(120)
    office.town.advance(numbers[0], "審査終了")
    news = [n.sentence for n in office.desk.poll()]
    assert any("受け取れませんでした" in told for told in news)
    assert any("公文書が届き" in told for told in news), "the other one came all the same"
    kinds = [e.kind for e in office.desk.filings_store.events(second)]
    assert kinds.count("document-missed") == 1
    assert "document-done" not in kinds
    assert office.desk.filings_store.get(second).stage is Stage.ENDED
    office.desk.poll()
    again = [e.kind for e in office.desk.filings_store.events(second)]
    assert again.count("document-missed") == 1


def test_another_refusal_is_asked_again(office: OpenDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    filing_id = office.sealed()
    number = office.desk.send(filing_id).receipt_number
    office.town.advance(number, "審査終了")
    egov = office.desk.doors.egov
    fetch = egov.official_document

    def busy(arrive_id: str, sub_id: int) -> OfficialDocument:
        raise Refused("egov-400", "いまは渡せません。")

    monkeypatch.setattr(egov, "official_document", busy)
    office.desk.poll()
    monkeypatch.setattr(egov, "official_document", fetch)
    office.desk.poll()
    kinds = [e.kind for e in office.desk.filings_store.events(filing_id)]
    assert "document-missed" not in kinds
    assert kinds.count("document-done") == 1
