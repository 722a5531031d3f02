"""提出代行: the certificate goes along, account and capacity are on every filing, and it ends cleanly."""

from __future__ import annotations

import io
import zipfile

import pytest
from lxml import etree

from app.domain.errors import BadInput, Known
from app.domain.filing import Capacity, Stage
from app.forms.archive import read_archive
from app.forms.package_signature import verify_package
from app.services.sealing import Filer
from tests.forms.customer import PASSWORD, pkcs12_file
from tests.services.open_desk import OpenDesk
from tests.services.test_case_faults import asked_to_correct, told

PDF = b"%PDF-1.7 proof"
FOLDER = "4950000020325000/"


def files_of(office: OpenDesk, filing_id: str) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(office.desk.filings_store.envelope(filing_id))) as archive:
        return {n.removeprefix(FOLDER): archive.read(n) for n in archive.namelist()}


def test_an_office_files_with_its_certificate(office: OpenDesk) -> None:
    assert office.desk.filer().capacity is Capacity.HONNIN
    office.desk.standing.appoint("みなと社労士事務所", "代行証明 2026.PDF", PDF)
    draft = office.complete_draft()
    review = office.desk.review(draft)
    assert (review.capacity, review.can_send) == (Capacity.TEISHUTSU_DAIKO, True)
    filing_id = office.desk.seal(draft)
    row = office.desk.filings_store.get(filing_id)
    assert (row.capacity, row.account_id) == (Capacity.TEISHUTSU_DAIKO, "egov")
    files = files_of(office, filing_id)
    assert files["提出代行証明書.pdf"] == PDF
    listed = etree.fromstring(files["kousei.xml"]).find("構成情報/添付書類属性情報")
    assert listed is not None
    assert [(e.tag, e.text) for e in listed] == [
        ("添付種別", "添付"),
        ("添付書類名称", "提出代行証明書"),
        ("添付書類ファイル名称", "提出代行証明書.pdf"),
        ("提出情報", "1"),
    ]
    view = office.desk.send(filing_id)
    assert (view.stage, view.capacity) == (Stage.ACCEPTED, Capacity.TEISHUTSU_DAIKO)
    sent = next(e for e in office.desk.filings_store.events(filing_id) if e.kind == "sending")
    assert (sent.data["account"], sent.data["capacity"]) == ("egov", "提出代行")
    assert told(office, view.receipt_number)["attachments"]


def test_a_correction_is_answered_in_the_same_role(office: OpenDesk) -> None:
    office.desk.standing.appoint("みなと社労士事務所", "a.pdf", PDF)
    filing_id, number = asked_to_correct(office)
    office.desk.standing.dismiss()
    with pytest.raises(Known, match="元の届を送ったアカウントと立場"):
        office.desk.cases.amend(filing_id)
    with pytest.raises(Known, match="元の届を送ったアカウントと立場"):
        office.desk.cases.withdraw(filing_id, "誤り")
    office.desk.standing.appoint("みなと社労士事務所", "a.pdf", PDF)
    answer = office.desk.cases.amend(filing_id)
    assert "提出代行証明書.pdf" in files_of(office, answer)
    assert office.desk.send(answer).stage is Stage.ENDED
    assert len(told(office, number)["amendments"]) == 1


def test_afterwards_the_company_files_for_itself(office: OpenDesk) -> None:
    office.desk.standing.appoint("みなと社労士事務所", "a.pdf", PDF)
    office.desk.standing.dismiss()
    filing_id = office.sealed()
    assert office.desk.filings_store.get(filing_id).capacity is Capacity.HONNIN
    assert "提出代行証明書.pdf" not in files_of(office, filing_id)


@pytest.mark.parametrize(
    ("office_name", "file_name", "content"),
    [
        ("", "a.pdf", PDF),
        ("事務所", "a.pdf", b"MZ"),
        ("事務所", "a.exe", PDF),
        ("事務所", "a", PDF),
    ],
)
def test_what_is_no_proof_is_refused(
    office: OpenDesk, office_name: str, file_name: str, content: bytes
) -> None:
    with pytest.raises(BadInput):
        office.desk.standing.appoint(office_name, file_name, content)
    assert office.desk.standing.agent() is None


def test_a_portal_knows_no_such_role() -> None:
    filer = Filer("みなと製菓", "1", "egov", "a", Capacity.TEISHUTSU_DAIKO)
    assert filer.at("portal").capacity is Capacity.HONNIN
    assert filer.at("egov") is filer


def test_a_filing_signed_with_the_offices_certificate(office: OpenDesk) -> None:
    office.desk.standing.appoint("みなと社労士事務所", "a.pdf", PDF)
    now = office.clock()
    kept = office.desk.standing.certificates.take_in(
        pkcs12_file(start=now.replace(microsecond=0), days=30), PASSWORD
    )
    filing_id = office.desk.seal(office.complete_draft(), kept.id)
    envelope = office.desk.filings_store.envelope(filing_id)
    files = tuple((f.name, f.content) for f in read_archive(envelope))
    (verdict,) = verify_package(files, [], office.clock())
    assert verdict.unchanged
    assert verdict.signed == ("495000020325029841_01.xml", "提出代行証明書.pdf")
    assert office.desk.send(filing_id).stage is Stage.ACCEPTED
    with pytest.raises(Known, match="その証明書はここにありません"):
        office.desk.seal(office.complete_draft("伊藤"), "certificate-0")
