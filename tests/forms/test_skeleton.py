"""A procedure without a folder: its skeleton read, its rules enforced, its package made."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from customer import SIGNED_AT, customer
from lxml import etree

from app.domain.errors import BadInput
from app.domain.filing import Capacity
from app.forms.check_rules import read_checks, read_path
from app.forms.package_signature import verify_package
from app.forms.payload import Attachment, Submission
from app.forms.signing import INDIVIDUAL, STANDARD, signed
from app.forms.skeleton import (
    FormNames,
    ProcedureSkeleton,
    build_from_skeleton,
    read_skeleton,
)

PROC, FORM = "900A010200001000", "900A01020000100001"
NAMES = FormNames(FORM, "0003", "様式の名", f"{FORM}_01.xml", f"{FORM}check.xml")
ROOT = "DataRoot/G00005-A-250045-001_1"
CHECKS = """<checks>
  <checkItem><xpath>/DataRoot/G00005-A-250045-001_1/被保険者氏名</xpath>
    <errtag>被保険者の氏名（1ページ目）</errtag><omitDisabled/><fullAllChar/>
    <char><range><number>10</number></range></char></checkItem>
  <checkItem><xpath>/DataRoot/G00005-A-250045-001_1/事業所番号/事業所番号4桁[1]</xpath>
    <errtag>事業所番号</errtag><numerical/>
    <char><range><number>4</number><equal/></range></char></checkItem>
  <checkItem><xpath>/DataRoot/G00005-A-250045-001_1/賃金/賃金月額</xpath><errtag>賃金</errtag>
    <numerical/><intDigit><number>4</number></intDigit>
    <value>1</value><moreThan/><value>5000</value><lessThan/></checkItem>
  <checkItem><xpath>/DataRoot/G00005-A-250045-001_1/被保険者氏名フリガナ</xpath>
    <errtag>フリガナ</errtag><specifiedLetter><list>アイウエオ　</list></specifiedLetter></checkItem>
  <checkItem><xpath>/DataRoot/G00005-A-250045-001_1/職種</xpath><errtag>職種</errtag>
    <someday/></checkItem>
</checks>"""


def archive(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for name, body in files.items():
            made.writestr(f"{PROC}/{name}", body)
    return buffer.getvalue()


def emptied(content: bytes, keep: tuple[str, ...]) -> bytes:
    root = etree.fromstring(content)
    for element in root.iter(etree.Element):
        if not len(element) and element.tag not in keep:
            element.text = None
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


@pytest.fixture(scope="module")
def files(shared: Path) -> dict[str, bytes]:
    samples = shared / "samples" / "egov"
    form = (samples / "shinseisho" / f"{FORM}_01.xml").read_bytes()
    kousei = (samples / "kousei" / f"apply_{PROC}_base_kousei.xml").read_bytes()
    kept = (
        "様式ID",
        "様式バージョン",
        "STYLESHEET",
        "様式コピー情報",
        "Doctype",
        "Xmit",
        "帳票種別",
    )
    return {
        f"{FORM}_01.xml": emptied(form, kept),
        f"{FORM}check.xml": CHECKS.encode(),
        "kousei.xml": emptied(kousei, ("様式ID", "様式バージョン", "STYLESHEET", "手続名称")),
    }


@pytest.fixture
def skeleton(files: dict[str, bytes]) -> ProcedureSkeleton:
    return read_skeleton(PROC, archive(files), [NAMES], ["kousei.xml"])


GOOD = {
    f"{ROOT}/被保険者氏名": "佐野　あかり",
    f"{ROOT}/被保険者氏名フリガナ": "アイ　アイ",
    f"{ROOT}/事業所番号/事業所番号4桁": "1301",
    f"{ROOT}/賃金/賃金月額": "250",
}


def test_what_can_be_filled_and_what_must(skeleton: ProcedureSkeleton) -> None:
    (form,) = skeleton.forms
    fields = {f.path: f for f in form.fields}
    assert fields[f"{ROOT}/被保険者氏名"].label == "被保険者の氏名（1ページ目）"
    assert [f.path for f in form.fields if f.required] == [f"{ROOT}/被保険者氏名"]
    assert fields[f"{ROOT}/帳票種別"].preset == "13101"
    assert f"{ROOT}/Xmit" not in fields
    assert f"{ROOT}/事業所番号" not in fields, "only leaves are filled"
    assert form.unread == ("職種: someday",)
    assert form.problems(GOOD) == ()


@pytest.mark.parametrize(
    ("path", "text", "said"),
    [
        ("被保険者氏名", "", "被保険者の氏名（1ページ目）を入れて"),
        ("被保険者氏名", "Sano", "全角"),
        ("被保険者氏名", "佐" * 11, "10字まで"),
        ("事業所番号/事業所番号4桁", "130", "4字で"),
        ("事業所番号/事業所番号4桁", "１３０１", "半角の数字"),
        ("賃金/賃金月額", "12345", "4桁まで"),
        ("賃金/賃金月額", "0", "1以上"),
        ("賃金/賃金月額", "5001", "5000以下"),
        ("被保険者氏名フリガナ", "カ", "「カ」は使えません"),
        ("職種", "1\x07", "制御文字"),
        ("ない欄", "1", "その欄はありません"),
    ],
)
def test_the_doors_rules_are_enforced(
    skeleton: ProcedureSkeleton, path: str, text: str, said: str
) -> None:
    values = {**GOOD, f"{ROOT}/{path}": text}
    (form,) = skeleton.forms
    assert any(said in p.sentence for p in form.problems(values))
    with pytest.raises(BadInput):
        build_from_skeleton(skeleton, {FORM: values}, {})


def test_bounds_themselves_are_allowed(skeleton: ProcedureSkeleton) -> None:
    for text in ("1", "5000"):
        assert skeleton.forms[0].problems({**GOOD, f"{ROOT}/賃金/賃金月額": text}) == ()


def test_the_package(skeleton: ProcedureSkeleton, files: dict[str, bytes]) -> None:
    proof = Attachment("提出代行証明書", "daikou.pdf", b"%PDF-")
    package = build_from_skeleton(
        skeleton,
        {FORM: GOOD},
        {
            "管理情報/申請者連絡先情報/申請者情報/氏名": "山本　湊",
            "提出先情報/提出先識別子": "900API00000000001001001",
        },
        Capacity.TEISHUTSU_DAIKO,
        Submission(attachments=(proof,)),
    )
    bodies = {n.partition("/")[2]: b for n, b in package.files}
    assert list(bodies) == ["kousei.xml", f"{FORM}_01.xml", "daikou.pdf"]
    form, empty = (
        etree.fromstring(bodies[f"{FORM}_01.xml"]),
        etree.fromstring(files[f"{FORM}_01.xml"]),
    )
    assert [e.tag for e in form.iter()] == [e.tag for e in empty.iter()]
    assert form.findtext(".//賃金月額") == "250"
    node = etree.fromstring(bodies["kousei.xml"]).find("構成情報")
    assert node is not None
    assert node.findtext("管理情報/手続番号/受付行政機関ID") == "100900"
    assert node.findtext("管理情報/申請者連絡先情報/申請者情報/氏名") == "山本　湊"
    assert node.findtext("申請書属性情報/申請書ファイル名称") == f"{FORM}_01.xml"
    assert [e.tag for e in node] == [
        "管理情報", "添付書類属性情報", "手数料情報", "通信欄", "府省照会情報", "提出先情報",
        "申請書属性情報",
    ]  # fmt: skip
    for how in (STANDARD, INDIVIDUAL):
        done = signed(package, how, customer(), SIGNED_AT)
        assert all(v.unchanged for v in verify_package(done.files, [], SIGNED_AT))


def test_a_proof_is_wanted_of_an_office(skeleton: ProcedureSkeleton) -> None:
    with pytest.raises(BadInput, match="提出代行証明書"):
        build_from_skeleton(skeleton, {FORM: GOOD}, {}, Capacity.TEISHUTSU_DAIKO)


@pytest.mark.parametrize("path", ["管理情報", "ない", "../様式ID", "管理情報/手続番号//手続ID"])
def test_only_what_the_configuration_has_is_filled(skeleton: ProcedureSkeleton, path: str) -> None:
    with pytest.raises(BadInput):
        build_from_skeleton(skeleton, {FORM: GOOD}, {path: "x"})


@pytest.mark.parametrize(
    "xpath",
    ["//*", "/DataRoot/a[b=1]", "document('x')", "/DataRoot/@ID", "../a", "", "/DataRoot/a[0]"],
)
def test_no_other_xpath_is_followed(xpath: str) -> None:
    with pytest.raises(BadInput):
        read_path(xpath)


def test_two_lengths_and_bounds_written_inside() -> None:
    (item,) = read_checks(
        b"<c><checkItem><xpath>/a/b</xpath><char><range><number>3</number><equal/></range>"
        b"<range><number>5</number><equal/></range></char>"
        b"<moreThan><value>100</value></moreThan></checkItem></c>"
    )
    assert item.label == "b"
    assert (item.problem("123"), item.problem("12345"), item.problem("")) == ("", "", "")
    assert "3字か5字" in item.problem("1234")
    assert "100以上" in item.problem("099")


def test_lengths_of_at_least_and_at_most() -> None:
    text = (
        "<c><checkItem><xpath>/a/b</xpath><char><range><number>3</number><{}/></range></char>"
        "</checkItem></c>"
    )
    (least,) = read_checks(text.format("moreThan").encode())
    (most,) = read_checks(text.format("lessThan").encode())
    assert (least.problem("123"), most.problem("123"), least.unread, most.unread) == (
        "",
        "",
        (),
        (),
    )
    assert "3字以上" in least.problem("12")
    assert "3字まで" in most.problem("1234")


def test_a_rule_about_nothing_is_refused(files: dict[str, bytes]) -> None:
    odd = {**files, f"{FORM}check.xml": b"<c><checkItem><xpath>/DataRoot/x</xpath></checkItem></c>"}
    with pytest.raises(BadInput, match="様式にない"):
        read_skeleton(PROC, archive(odd), [NAMES], ["kousei.xml"])
    with pytest.raises(BadInput, match="取り寄せ直して"):
        read_skeleton(PROC, archive({"kousei.xml": b"<a/>"}), [NAMES], ["kousei.xml"])
