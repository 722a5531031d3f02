"""The package of a 取下げ依頼: elements and order of the real samples, whatever it is made from."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from customer import SIGNED_AT, customer
from lxml import etree

from app.domain.errors import BadInput
from app.forms.draft import Draft
from app.forms.envelope import read_package
from app.forms.package_signature import verify_package
from app.forms.payload import Attachment, Submission, build_package
from app.forms.signing import STANDARD, signed
from app.forms.withdrawal_request import WithdrawalRequest, build_withdrawal

REQUEST = WithdrawalRequest("9002026000000001", "日付を誤ったため。", date(2026, 7, 3))


def outline(content: bytes) -> list[tuple[int, str]]:
    root = etree.fromstring(content)
    return [(len(list(e.iterancestors())), str(e.tag)) for e in root.iter(etree.Element)]


@pytest.fixture(params=[False, True])
def filed(ready: Draft, request: pytest.FixtureRequest) -> bytes:
    """A sealed package, plain or with attachments and a signature."""
    proof = Attachment("図面", "zumen.pdf", b"%PDF")
    package = build_package(
        ready.procedure, ready.cells(), submission=Submission(attachments=(proof,))
    )
    return (
        signed(package, STANDARD, customer(), SIGNED_AT) if request.param else package
    ).zip_bytes


def test_it_is_that_of_the_samples(filed: bytes, shared: Path) -> None:
    samples = shared / "samples" / "egov"
    kousei, form = (body for _, body in build_withdrawal(filed, REQUEST).files)
    real_kousei = (samples / "kousei" / "9990000000000003_base_kousei.xml").read_bytes()
    real_form = (samples / "torisage" / "torisageirai.xml").read_bytes()
    assert outline(kousei) == outline(real_kousei)
    assert outline(form) == outline(real_form)
    ours, theirs = etree.fromstring(kousei), etree.fromstring(real_kousei)
    for name in ("様式ID", "様式バージョン", "STYLESHEET"):
        assert ours.findtext(name) == theirs.findtext(name)
    for name in (
        "管理情報/手続番号/手続ID",
        "管理情報/申請種別",
        "申請書属性情報/申請書ファイル名称",
    ):
        assert ours.findtext(f"構成情報/{name}") == theirs.findtext(f"構成情報/{name}")
    told = read_package(build_withdrawal(filed, REQUEST).zip_bytes)
    assert (told.kind, told.first_number) == ("取下げ依頼", "9002026000000001")
    assert told.applicant_name == "山本　湊"
    assert told.proc_title == "雇用保険被保険者資格取得届／電子申請"


def test_it_can_be_signed(filed: bytes) -> None:
    package = signed(build_withdrawal(filed, REQUEST), STANDARD, customer(), SIGNED_AT)
    (verdict,) = verify_package(package.files, [], SIGNED_AT)
    assert verdict.unchanged
    assert verdict.signed == ("torisageirai.xml",)


def test_it_is_made_of_a_package_only() -> None:
    with pytest.raises(BadInput):
        build_withdrawal(b"PK", REQUEST)
