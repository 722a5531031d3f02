"""After an award: tasks with days from several anchors, the notice read, the evidence given as a ZIP."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from app.domain.errors import BadInput
from app.facts.graph import Graph
from app.facts.record import Origin, Record
from app.forms.award_rules import Due, Task
from app.forms.library import ProcedureLibrary
from app.services.award import Award, Awards, AwardTask, last_day
from app.services.company_facts import CompanyFacts
from app.services.evidence import Evidence
from app.services.obligations import today_page
from app.store.documents import Documents
from app.store.meta import Meta
from app.store.vault import Vault
from tests.services.grant_desk import CATALOGUE, NOW, RESOURCES, Ticks, open_vault

PROCEDURE = "chusho/jizokuka"
NOTICE = """
小規模事業者持続化補助金 交付決定通知書

交付決定番号　一般20-1234567
交付決定日　令和9年4月12日
交付決定額　金 500,000円
補助事業の実施期限
令和10年3月31日
実績報告書の提出期限：2028年4月10日
"""


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    opened = open_vault(tmp_path, Ticks())
    yield opened
    opened.close()


@pytest.fixture
def awards() -> Awards:
    graph = Graph(CATALOGUE, [], NOW.date())
    kept: list[Record] = []

    def keep(records: tuple[Record, ...]) -> None:
        kept.extend(records)

    clock = Ticks()
    facts = CompanyFacts(CATALOGUE, graph, keep, clock, "山本")
    return Awards(graph, facts, ProcedureLibrary(RESOURCES), CATALOGUE, clock, keep)


def task(award: Award, name: str) -> AwardTask:
    return next(t for t in award.tasks if t.id == name)


def test_the_chain_goes_on_as_its_days_become_known(awards: Awards) -> None:
    key = awards.begin(PROCEDURE, "20", "小箱の詰合せで卸先を広げる事業")
    award = awards.award(key)
    assert [t.id for t in award.tasks if t.state == "open"] == ["request"]
    assert task(award, "finish").state == "later"
    assert task(award, "finish").due == date(2028, 3, 31)  # the round's own day
    assert task(award, "claim").due is None
    assert task(award, "claim").say

    awards.set(key, "requested_on", "令和9年3月20日")
    awards.set(key, "ends_on", "2027-12-31")
    award = awards.award(key)
    assert task(award, "request").state == "done"
    assert task(award, "finish").due == date(2027, 12, 31)  # the notice is earlier than the round

    awards.set(key, "completed_on", "2027-11-10")
    report = task(awards.award(key), "report")
    assert (report.state, report.due, report.evidence) == ("open", date(2027, 12, 10), True)


def test_the_report_is_due_on_the_earlier_of_two_days(awards: Awards) -> None:
    key = awards.begin(PROCEDURE, "20", "事業")
    awards.set(key, "completed_on", "2028-03-31")
    assert task(awards.award(key), "report").due == date(2028, 4, 10)
    awards.set(key, "completed_on", "2028-03-01")
    assert task(awards.award(key), "report").due == date(2028, 3, 31)
    assert task(awards.award(key), "effect").due == date(2029, 4, 30)


def test_a_withdrawal_ends_the_chain(awards: Awards) -> None:
    key = awards.begin(PROCEDURE, "20", "事業")
    awards.set(key, "notice_on", "2027-04-14")
    withdraw = task(awards.award(key), "withdraw")
    assert (withdraw.state, withdraw.due) == ("if_needed", date(2027, 4, 24))
    awards.set(key, "withdrawn_on", "2027-04-20")
    assert {t.state for t in awards.award(key).tasks} == {"done"}
    assert awards.duties() == ()


def test_a_notice_gives_its_days_with_the_document_as_origin(awards: Awards) -> None:
    key = awards.begin(PROCEDURE, "20", "事業")
    read = awards.read_notice(key, NOTICE)
    said = {v.path.rpartition(".")[2]: v.value for v in read}
    assert said == {
        "decided_on": date(2027, 4, 12),
        "ends_on": date(2028, 3, 31),
        "report_by": date(2028, 4, 10),
        "amount": 500_000,
        "number": "一般20-1234567",
    }
    records = awards.take_notice(read, "d1")
    assert {r.origin for r in records} == {Origin.DOCUMENT}
    assert {r.locator["document"] for r in records} == {"d1"}
    assert awards.award(key).amount == 500_000
    assert task(awards.award(key), "change").due == date(2028, 3, 31)


def test_a_notice_without_a_day_says_nothing(awards: Awards) -> None:
    key = awards.begin(PROCEDURE, "20", "事業")
    assert awards.read_notice(key, "交付決定日　別に通知します\n交付決定額") == ()


def test_what_cannot_be_begun_is_said(awards: Awards) -> None:
    with pytest.raises(BadInput, match="回"):
        awards.begin(PROCEDURE, "99", "事業")
    with pytest.raises(BadInput, match="交付決定のあと"):
        awards.begin("mhlw/koyou_hoken_shikaku_shutoku", "", "事業")


def test_duties_stand_among_the_days_of_today(awards: Awards) -> None:
    key = awards.begin(PROCEDURE, "20", "小箱の事業")
    awards.set(key, "requested_on", "2026-11-01")
    page = today_page(date(2027, 12, 1), (), (), duties=awards.duties())
    assert [(r.award, r.title, r.due) for r in page.due] == [
        (key, "補助事業の完了（支払まで）", date(2028, 3, 31))
    ]
    assert "小箱の事業" in page.due[0].note
    late = today_page(date(2028, 4, 1), (), (), duties=awards.duties())
    assert late.due[0].kind == "danger"
    assert "過ぎた" in late.sentence


def test_earliest_and_latest_of_the_days_that_are_known() -> None:
    days = {"a": date(2026, 1, 31), "b": date(2026, 2, 10), "c": None}
    due = ({"from": "a", "months": 1}, {"from": "b", "days": 3}, {"from": "c"})
    made = tuple(Due.model_validate(d) for d in due)
    first = Task(id="t", label="x", done="awards[].reported_on", due=made)
    last = first.model_copy(update={"take": "latest"})
    assert last_day(first, days, lambda _: None) == date(2026, 2, 13)
    assert last_day(last, days, lambda _: None) == date(2026, 2, 28)
    assert last_day(first, {}, lambda _: None) is None


def test_the_evidence_zip_has_one_numbered_folder_a_voucher(vault: Vault) -> None:
    evidence = Evidence(Documents(vault), Meta(vault))
    one = evidence.add_voucher("k", "① 機械装置等費", "包装機 A/B")
    two = evidence.add_voucher("k", "② 広報費", "チラシ")
    evidence.add_file("k", one.number, "見積書", "m.PDF", b"%PDF-1")
    evidence.add_file("k", one.number, "請求書", "s.pdf", b"%PDF-2")
    evidence.add_file("k", two.number, "請求書", "t.jpg", b"\xff\xd8\xff")
    content = evidence.zip_bytes("k")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.namelist() == [
            "証拠書類/01_① 機械装置等費_包装機 A_B/1_見積書.pdf",
            "証拠書類/01_① 機械装置等費_包装機 A_B/2_請求書.pdf",
            "証拠書類/02_② 広報費_チラシ/1_請求書.jpg",
        ]
    assert evidence.zip_bytes("k") == content
    assert evidence.missing("k", ("見積書", "請求書")) == {1: (), 2: ("見積書",)}


def test_evidence_that_is_not_there_is_refused(vault: Vault) -> None:
    evidence = Evidence(Documents(vault), Meta(vault))
    with pytest.raises(BadInput, match="証拠書類"):
        evidence.zip_bytes("k")
    with pytest.raises(BadInput, match="名前"):
        evidence.add_voucher("k", "", " ")
    with pytest.raises(BadInput, match="一覧"):
        evidence.add_file("k", 3, "見積書", "m.pdf", b"%PDF-")
    evidence.add_voucher("k", "", "包装機")
    with pytest.raises(BadInput, match="空"):
        evidence.add_file("k", 1, "見積書", "m.pdf", b"")
