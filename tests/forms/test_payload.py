"""The package e-Gov takes: element order of the real samples, exact bytes, what is refused."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree

from app.domain.errors import BadInput
from app.domain.filing import Capacity
from app.forms.draft import Draft
from app.forms.payload import Attachment, Submission, build_package, fingerprint
from app.forms.procedure import Procedure

FORM = "4950000020325000/495000020325029841_01.xml"
KOUSEI = "4950000020325000/kousei.xml"
EXTRA = {"添付書類属性情報", "添付種別", "添付書類名称", "添付書類ファイル名称", "提出情報"}


def outline(content: bytes) -> list[tuple[int, str]]:
    """Every element in document order with its depth."""
    root = etree.fromstring(content)
    return [(len(list(e.iterancestors())), str(e.tag)) for e in root.iter(etree.Element)]


def files_of(draft: Draft, **more: object) -> dict[str, bytes]:
    return dict(build_package(draft.procedure, draft.cells(), **more).files)  # type: ignore[arg-type]


def test_element_order_is_that_of_the_real_samples(ready: Draft, shared: Path) -> None:
    samples = shared / "samples" / "egov"
    files = files_of(ready)
    real_form = (samples / "shinseisho" / "495000020325029841_01.xml").read_bytes()
    real_kousei = (samples / "kousei" / "4950000020325000_base_kousei.xml").read_bytes()
    assert outline(files[FORM]) == outline(real_form)
    assert outline(files[KOUSEI]) == outline(real_kousei)


def test_what_the_sample_leaves_empty_or_constant_we_do_too(ready: Draft, shared: Path) -> None:
    """Elements the office fills, and those of no use here, are there and empty; constants agree."""
    samples = shared / "samples" / "egov"
    for ours, theirs in (
        (FORM, samples / "shinseisho" / "495000020325029841_01.xml"),
        (KOUSEI, samples / "kousei" / "4950000020325000_base_kousei.xml"),
    ):
        mine = etree.fromstring(files_of(ready)[ours])
        real = etree.fromstring(theirs.read_bytes())
        tree, real_tree = mine.getroottree(), real.getroottree()
        empty_there = {
            real_tree.getpath(e): e
            for e in real.iter(etree.Element)
            if not len(e) and not (e.text or "").strip()
        }
        filled_by_us = {
            real_tree.getpath(e).split("/")[-1]
            for path in empty_there
            for e in real_tree.xpath(path)
            if (tree.xpath(path)[0].text or "").strip()
        }
        allowed = set() if ours == FORM else {"役職", "法人団体名", "法人団体名フリガナ"}
        assert filled_by_us <= allowed
    constants = (
        "帳票種別",
        "様式コピー情報",
        "Doctype",
        "Xmit",
        "STYLESHEET",
        "様式ID",
        "様式バージョン",
    )
    real = etree.fromstring((samples / "shinseisho" / "495000020325029841_01.xml").read_bytes())
    mine = etree.fromstring(files_of(ready)[FORM])
    for name in constants:
        assert mine.findtext(f".//{name}") == real.findtext(f".//{name}")


def test_rules_of_the_management_file(ready: Draft) -> None:
    root = etree.fromstring(files_of(ready)[KOUSEI])

    def at(path: str) -> str | None:
        return root.findtext(f"構成情報/{path}")

    who = "管理情報/申請者連絡先情報/申請者情報"
    assert at("管理情報/手続番号/受付行政機関ID") == "100495"
    assert at(f"{who}/氏名") == "山本　湊"
    assert at(f"{who}/郵便番号") == "1080023"
    assert at(f"{who}/電話番号") == "03-1234-5678"
    assert at(f"{who}/住所") == "東京都港区芝浦１－２－３"
    assert at("管理情報/申請種別") == "新規申請"
    assert at("提出先情報/提出先識別子") == "49511000010000000003829"
    assert at("提出先情報/提出先名称") == "東京都,渋谷公共職業安定所"
    assert at("申請書属性情報/申請書ファイル名称") == "495000020325029841_01.xml"
    assert root.find("構成情報").get("ID") == "構成情報"  # type: ignore[union-attr]


def test_the_zip_is_a_function_of_the_cells(make_draft: Callable[..., Draft]) -> None:
    packages = []
    for _ in range(2):
        draft = make_draft()
        draft.leave_blank("hihokensha_bangou")
        packages.append(build_package(draft.procedure, draft.cells()))
    one, two = packages
    assert one.zip_bytes == two.zip_bytes
    assert one.sha256 == fingerprint(one.zip_bytes)
    assert one.file_name == "4950000020325000.zip"
    with zipfile.ZipFile(io.BytesIO(one.zip_bytes)) as archive:
        assert archive.namelist() == [KOUSEI, FORM]
        assert {i.date_time for i in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {i.compress_type for i in archive.infolist()} == {zipfile.ZIP_STORED}
        assert archive.testzip() is None
        assert archive.read(FORM) == dict(one.files)[FORM]


def test_unzip_takes_it(ready: Draft, tmp_path: Path) -> None:
    if shutil.which("unzip") is None:
        pytest.skip("unzip is not installed")
    path = tmp_path / "p.zip"
    path.write_bytes(build_package(ready.procedure, ready.cells()).zip_bytes)
    subprocess.run(["unzip", "-q", str(path), "-d", str(tmp_path)], check=True)
    assert (tmp_path / FORM).read_bytes() == files_of(ready)[FORM]


def test_attachments_resubmission_and_message(ready: Draft) -> None:
    what = Submission(
        "再提出", "9002026000002796", "<至急> & よろしく",
        (Attachment("労働条件通知書", "通知書.pdf", b"%PDF"), Attachment("写し", "b.txt", b"b")),
    )  # fmt: skip
    package = build_package(ready.procedure, ready.cells(), submission=what)
    root = etree.fromstring(dict(package.files)[KOUSEI])
    info = root.find("構成情報")
    assert info is not None
    assert info.findtext("管理情報/初回受付番号") == "9002026000002796"
    assert info.findtext("通信欄") == "<至急> & よろしく"
    names = [[e.text for e in item] for item in info.findall("添付書類属性情報")]
    assert names == [["添付", "労働条件通知書", "通知書.pdf", "1"], ["添付", "写し", "b.txt", "1"]]
    order = [str(e.tag) for e in info]
    assert order[:4] == ["管理情報", "添付書類属性情報", "添付書類属性情報", "手数料情報"]
    assert [name for name, _ in package.files][2:] == [
        "4950000020325000/通知書.pdf", "4950000020325000/b.txt",
    ]  # fmt: skip
    with zipfile.ZipFile(io.BytesIO(package.zip_bytes)) as archive:
        assert archive.read("4950000020325000/通知書.pdf") == b"%PDF"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"submission": Submission("新規申請", "9002026000002796")}, "first-number"),
        ({"submission": Submission("再提出")}, "first-number"),
        ({"submission": Submission("お願い")}, "submission-kind"),
        ({"submission": Submission(message="あ" * 1001)}, "message-too-long"),
        ({"submission": Submission(message="a\x00b")}, "xml-character"),
        ({"submission": Submission(attachments=(Attachment("a", "../x", b""),))}, "attachment-name"),
        ({"submission": Submission(attachments=(Attachment("a", "kousei.xml", b""),))}, "attachment-name"),
        (
            {"submission": Submission(attachments=(Attachment("a", "A.txt", b""), Attachment("b", "a.txt", b"")))},
            "attachment-twice",
        ),
        ({"capacity": Capacity.TEISHUTSU_DAIKO}, "agency-proof-missing"),
    ],
)  # fmt: skip
def test_what_the_door_would_refuse_is_not_built(
    ready: Draft, more: dict[str, object], code: str
) -> None:
    with pytest.raises(BadInput) as fault:
        files_of(ready, **more)
    assert fault.value.code == code


def test_an_unfinished_draft_is_not_packed(make_draft: Callable[..., Draft]) -> None:
    draft = make_draft()
    with pytest.raises(BadInput, match="cell-missing"):
        build_package(draft.procedure, draft.cells())
    draft.leave_blank("hihokensha_bangou")
    draft.answer("shimei", "髙橋 由美")
    with pytest.raises(BadInput, match="cell-bad-character"):
        build_package(draft.procedure, draft.cells())
    draft.substitute("shimei")
    assert "高橋　由美" in files_of(draft)[FORM].decode()
    assert "髙" not in files_of(draft)[FORM].decode()
    draft.typing("bikou_ran", "書きかけ")
    with pytest.raises(BadInput, match="cell-pending"):
        build_package(draft.procedure, draft.cells())


def test_a_value_is_never_a_template_or_markup(make_draft: Callable[..., Draft]) -> None:
    draft = make_draft()
    draft.leave_blank("hihokensha_bangou")
    hostile = "｛｛shimei｝｝</備考>＜＆{{genin}}"
    draft.answer("bikou_ran", hostile)
    content = files_of(draft)[FORM]
    text = etree.fromstring(content).findtext(".//備考欄_申請者/備考")
    assert text == draft.cell("bikou_ran").sent_text
    assert outline(content) == outline(files_of(draft)[FORM])


def test_an_office_files_for_its_client(ready: Draft) -> None:
    proof = Attachment("提出代行証明書", "shoumei.pdf", b"%PDF")
    package = build_package(
        ready.procedure, ready.cells(), {"shinseisha_shimei": "代理　花子"}, Capacity.TEISHUTSU_DAIKO,
        Submission(attachments=(proof,)),
    )  # fmt: skip
    root = etree.fromstring(dict(package.files)[KOUSEI])
    assert root.findtext(".//申請者情報/氏名") == "代理　花子"
    assert root.findtext(".//連絡先情報/氏名") == "山本　湊"
    form = etree.fromstring(dict(package.files)[FORM])
    assert form.findtext(".//事業主/氏名") == "山本　湊"


def test_thousand_yen_eras_and_phone_groups(make_draft: Callable[..., Draft]) -> None:
    draft = make_draft(monthly_wage=249_500)
    draft.leave_blank("hihokensha_bangou")
    root = etree.fromstring(files_of(draft)[FORM])
    assert root.findtext(".//賃金/賃金月額") == "250"
    born = [e.text for e in root.find(".//生年月日")]  # type: ignore[union-attr]
    assert born == ["平成", "8", "4", "12"]
    assert [e.text for e in root.find(".//事業主/電話番号")] == ["03", "1234", "5678"]  # type: ignore[union-attr]
    assert [e.text for e in root.find(".//事業所番号")] == ["1301", "345678", "9"]  # type: ignore[union-attr]
    assert root.findtext("あて先") is None
    assert root.findtext(".//あて先") == "渋谷"


def test_only_our_own_edition_is_named(ready: Draft, procedure: Procedure) -> None:
    root = etree.fromstring(files_of(ready)[FORM])
    assert root.findtext("様式ID") == procedure.form_id
    assert root.findtext("様式バージョン") == procedure.form_version
