"""The whole of e-Gov, client against practice door, written apart from one specification.

Packages are made from the door's own skeletons, signed by the program, and sent by the connector.
"""

from __future__ import annotations

import base64
from datetime import timedelta

import pytest

from app.domain.clock import JST
from app.domain.errors import Known, Refused
from app.domain.filing import Stage
from app.forms.certificate import KeySigner, read_pkcs12
from app.forms.payload import Package, Submission, pack
from app.forms.signing import INDIVIDUAL, STANDARD, signed
from app.forms.skeleton import ProcedureSkeleton, build_from_skeleton
from app.services.connectors.egov import Egov, Share
from tests.services.open_desk import OpenDesk

PEOPLE = {
    "氏名": "山本　湊", "氏名フリガナ": "ヤマモト　ミナト", "法人団体名": "株式会社練習",
    "郵便番号": "1000001", "住所": "東京都千代田区千代田１番１号",
    "住所フリガナ": "トウキョウトチヨダクチヨダ", "電話番号": "0312345678",
}  # fmt: skip
CONFIGURATION = {
    f"管理情報/申請者連絡先情報/{who}/{name}": text
    for who in ("申請者情報", "連絡先情報")
    for name, text in PEOPLE.items()
}
SIGNED = "950A010002010000"
THREE = "900A020700013000"
DELIVERY = "900A013800001000"
SINGLE = "950A101220029000"
PLAIN = "X-PRACTICE-T0001"
FEE = "X-PRACTICE-T0002"


def skeleton_of(office: OpenDesk, proc_id: str) -> ProcedureSkeleton:
    return office.desk.cases.skeletons.fetch(proc_id).skeleton


def values_of(skeleton: ProcedureSkeleton) -> dict[str, dict[str, str]]:
    """Every element that must be filled, with a name."""
    return {
        form.names.form_id: {f.path: "山本　湊" for f in form.fields if f.required and not f.preset}
        for form in skeleton.forms
    }


def package_of(office: OpenDesk, proc_id: str, what: Submission | None = None) -> Package:
    skeleton = skeleton_of(office, proc_id)
    return build_from_skeleton(skeleton, values_of(skeleton), CONFIGURATION, submission=what)


def signer_of(office: OpenDesk, name: str = "練習 一郎") -> KeySigner:
    made = office.town.control("POST", "certificate", {"common_name": name})
    return read_pkcs12(base64.b64decode(made["pkcs12"]), made["password"])


@pytest.fixture
def egov(office: OpenDesk) -> Egov:
    return office.desk.doors.egov


def test_every_fixed_end_is_filed_from_its_skeleton(office: OpenDesk) -> None:
    skeletons = office.desk.cases.skeletons
    for number in range(1, 11):
        proc_id = f"X-PRACTICE-T{number:04d}"
        values = values_of(skeletons.fetch(proc_id).skeleton)
        filing = skeletons.seal(proc_id, values, CONFIGURATION, office.desk.filer())
        view = office.desk.send(filing)
        assert view.stage is Stage.ACCEPTED, proc_id
        office.town.advance(view.receipt_number, "結末")
    office.desk.poll()
    words = {row.procedure_id[-5:]: row.door_status for row in office.desk.filings_store.list()}
    assert words["T0008"] == words["T0009"] == "審査中（補正待ち）"
    assert words["T0010"] == "手続終了"


def test_a_signed_package_is_taken_and_a_changed_one_refused(office: OpenDesk, egov: Egov) -> None:
    package = signed(package_of(office, PLAIN), STANDARD, signer_of(office), office.clock())
    assert egov.check(PLAIN, package.file_name, package.zip_bytes).error_count == 0
    assert egov.apply(PLAIN, package.file_name, package.zip_bytes).arrive_id
    changed = pack(
        PLAIN,
        tuple((n, b.replace("山本".encode(), "山木".encode())) for n, b in package.files),
    )
    with pytest.raises(Refused) as refused:
        egov.apply(PLAIN, changed.file_name, changed.zip_bytes)
    assert "改変" in str(refused.value.items) + refused.value.sentence


def test_three_people_sign(office: OpenDesk, egov: Egov) -> None:
    package = package_of(office, THREE)
    for number in range(3):
        package = signed(package, STANDARD, signer_of(office, f"練習 {number}"), office.clock())
        if number < 2:
            with pytest.raises(Refused):
                egov.apply(THREE, package.file_name, package.zip_bytes)
    assert egov.apply(THREE, package.file_name, package.zip_bytes).arrive_id


def test_single_signatures_are_taken(office: OpenDesk, egov: Egov) -> None:
    from app.forms.payload import Attachment

    assert skeleton_of(office, SINGLE).individual
    papers = Submission(attachments=(Attachment("資料", "shiryo.pdf", b"%PDF-1.4"),))
    for what in (None, papers):
        package = package_of(office, SINGLE, what)
        done = signed(package, INDIVIDUAL, signer_of(office), office.clock())
        assert egov.apply(SINGLE, done.file_name, done.zip_bytes).arrive_id


def test_bulk_appears_late_and_names_what_is_wrong(office: OpenDesk, egov: Egov) -> None:
    good = package_of(office, PLAIN)
    name = f"{PLAIN}/"
    files = [*good.files]
    files += [(n.replace(name, f"{PLAIN}(1)/"), b) for n, b in good.files]
    spoiled = "髙".encode()
    files += [
        (n.replace(name, f"{PLAIN}(2)/"), b.replace("山本".encode(), spoiled))
        for n, b in good.files
    ]
    batch = pack("matome", tuple(files))
    tried = egov.bulk_apply(batch.file_name, batch.zip_bytes, trial=True)
    told = egov.bulk_apply(batch.file_name, batch.zip_bytes)
    assert (told.apply_count, told.send_number != tried.send_number) == (3, True)
    assert egov.cases_of_send(told.send_number) == []
    office.pass_time(300)
    egov = office.desk.doors.egov
    for _ in range(10):
        found = egov.cases_of_send(told.send_number)
        if found:
            break
    assert len({case.arrive_id for case in found}) == 2
    (report,) = egov.reports_of_send(told.send_number)
    assert (report.apply_count, report.arrive_count, report.error_count) == (3, 2, 1)
    assert any("髙" in item.content for item in report.items)
    assert egov.cases_of_send(tried.send_number) == []


def test_a_trial_files_nothing(office: OpenDesk, egov: Egov) -> None:
    package = package_of(office, PLAIN)
    egov.apply(PLAIN, package.file_name, package.zip_bytes, trial=True)
    assert office.town.ledger() == []


def test_a_fee_is_told_and_its_bank_found(office: OpenDesk, egov: Egov) -> None:
    package = package_of(office, FEE)
    number = egov.apply(FEE, package.file_name, package.zip_bytes).arrive_id
    office.town.advance(number, "結末")
    assert egov.case(number).pay_status == "納付待ち"
    (fee,) = egov.payments.fees(number).fees
    assert (fee.pay_status, fee.total_fee) == ("納付待ち", "1500")
    banks = egov.payments.banks()
    assert {b.kind for b in banks.banks} >= {"trust_bank", "shinkin_bank"}
    page = egov.payments.bank_page(FEE, number, fee.pay_number, banks.banks[0].name)
    assert page.content


def test_delivery_to_its_end(office: OpenDesk, egov: Egov) -> None:
    package = package_of(office, DELIVERY)
    receipt = egov.deliveries.apply(DELIVERY, package.file_name, package.zip_bytes)
    office.town.advance(receipt.arrive_id, "結末")
    assert egov.deliveries.case(receipt.arrive_id).status == "手続終了"
    day = office.clock().astimezone(JST).date()
    (message,) = egov.deliveries.list(day - timedelta(days=1), day + timedelta(days=1))
    (letter,) = message.letters
    assert letter.expires
    file = egov.deliveries.letter(letter.post_id)
    assert file.file_names
    assert egov.deliveries.done(letter.post_id).download_date


def test_sharing_is_set_changed_and_ended(egov: Egov) -> None:
    member = "member@example.jp"
    egov.sharing.add(Share(member, "DOWNLOAD", "READ"))
    (seen,) = egov.sharing.list()
    assert (seen.gbiz_id, seen.official_documents) == (member, "DOWNLOAD")
    with pytest.raises(Refused):
        egov.sharing.add(Share(member, "DOWNLOAD", "READ"))
    egov.sharing.change(Share(member, "READ", "READ"))
    egov.sharing.remove(member)
    assert egov.sharing.list() == ()


def test_what_the_office_knows_is_printed_in(office: OpenDesk, egov: Egov) -> None:
    proc_id = "X-PRACTICE-06001"
    form = skeleton_of(office, proc_id).forms[0]
    keys = {"労働保険番号": "13101123456000", "アクセスコード": "RENSHU01"}
    names = form.names
    filled = egov.preprint(proc_id, names.form_id, names.form_version, form.empty, keys)
    assert b"180000" in filled.content
    wrong = keys | {"アクセスコード": "SECRET99"}
    with pytest.raises(Known) as refused:
        egov.preprint(proc_id, names.form_id, names.form_version, form.empty, wrong)
    assert "SECRET99" not in str(refused.value)


@pytest.mark.parametrize(
    ("proc_id", "kind"),
    [
        ("X-PRACTICE-T0008", "部分補正"),
        ("X-PRACTICE-T0009", "再提出"),
        ("X-PRACTICE-T0010", "再提出"),
    ],
)
def test_a_correction_by_skeleton(office: OpenDesk, proc_id: str, kind: str) -> None:
    cases = office.desk.cases
    values = values_of(cases.skeletons.fetch(proc_id).skeleton)
    filing = cases.skeletons.seal(proc_id, values, CONFIGURATION, office.desk.filer())
    number = office.desk.send(filing).receipt_number
    office.town.advance(number, "結末")
    office.desk.poll()
    wanted = cases.correction(filing)
    assert wanted is not None
    assert (wanted.kind, wanted.first_number) == (kind, number)
    with pytest.raises(Known, match="下書きがありません"):
        cases.amend(filing)
    answer = cases.amend_by_skeleton(filing, values, CONFIGURATION)
    stage = office.desk.send(answer).stage
    assert stage is (Stage.ENDED if kind == "部分補正" else Stage.ACCEPTED)
    with pytest.raises(Known):
        cases.amend_by_skeleton(filing, values, CONFIGURATION)
    assert cases.not_withdrawable(filing) == "" or kind == "再提出"


def test_an_agents_account_needs_paper_and_certificate(
    office: OpenDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.services.open_desk.ACCOUNT", "office@example.jp")
    office.sign_in()
    cases, standing = office.desk.cases, office.desk.standing
    values = values_of(cases.skeletons.fetch(PLAIN).skeleton)
    made = office.town.control("POST", "certificate", {})
    kept = standing.certificates.take_in(base64.b64decode(made["pkcs12"]), made["password"])

    def filed(certificate_id: str) -> str:
        return cases.skeletons.seal(
            PLAIN, values, CONFIGURATION, office.desk.filer(),
            signer=standing.signer(certificate_id),
            submission=Submission(attachments=standing.attachments()),
        )  # fmt: skip

    for certificate_id in ("", kept.id):
        with pytest.raises(Refused):
            office.desk.send(filed(certificate_id))
    standing.appoint("練習社労士事務所", "daikou.pdf", b"%PDF-1.4")
    with pytest.raises(Refused):
        office.desk.send(filed(""))
    view = office.desk.send(filed(kept.id))
    assert view.stage is Stage.ACCEPTED
    case = next(f for f in office.town.ledger() if f["arrive_id"] == view.receipt_number)
    assert case["capacity"] == "提出代行"
