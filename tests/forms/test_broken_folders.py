"""Thirty and more broken folders, each the good one with one small edit: refused, with file and line.

Every one is judged within two seconds and never crashes.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from app.facts.catalogue import Catalogue
from app.forms.pack_fault import PackFault
from app.forms.packs import check_pack
from app.forms.procedure import load_procedure

Edit = Callable[[Path], None]


def swap(name: str, old: str, new: str, count: int = 1) -> Edit:
    """Replaces the first `count` of `old` in a file of the folder."""

    def edit(folder: Path) -> None:
        path = folder / name
        text = path.read_text("utf-8")
        assert old in text, f"{old!r} is not in {name}"
        path.write_text(text.replace(old, new, count), "utf-8", newline="\n")

    return edit


def write(name: str, content: bytes) -> Edit:
    return lambda folder: (folder / name).write_bytes(content) and None


def remove(name: str) -> Edit:
    return lambda folder: (folder / name).unlink()


def every_case_away(folder: Path) -> None:
    for path in (folder / "cases").iterdir():
        path.unlink()


def link(folder: Path) -> None:
    (folder / "notes.md").unlink()
    (folder / "notes.md").symlink_to("/etc/hostname")


P = "procedure.toml"
Y = "payload.toml"
SHA = 'sha256 = "'

BROKEN: dict[str, tuple[Edit, str, str]] = {
    # name: (edit, file named, code)
    "unknown fact": (swap(P, '"company.phone"', '"company.telephone"'), P, "pack-fact-unknown"),
    "fact of another kind": (swap(P, 'from = "company.phone"', 'from = "company.capital"'), P, "pack-fact-kind"),
    "fact of another collection": (swap(P, 'from = "employees[].sex"', 'from = "officers[].name"'), P, "pack-fact-subject"),
    "unknown key": (swap(P, "optional = true", "optinal = true"), P, "pack-extra-forbidden"),
    "unknown key at the top": (swap(P, 'subject = "employees"', 'subjekt = "employees"'), P, "pack-extra-forbidden"),
    "missing key": (swap(P, 'door = "egov"\n', ""), P, "pack-missing"),
    "duplicate field": (swap(P, 'id = "shimei_kana"', 'id = "shimei"'), P, "pack-duplicate"),
    "duplicate section": (swap(P, 'id = "shikaku"', 'id = "hihokensha"'), P, "pack-duplicate"),
    "duplicate check": (swap(P, 'id = "umare"', 'id = "nenrei"'), P, "pack-duplicate"),
    "when pointing forward": (swap(P, 'when = "answered(field.henkougo_shimei)"', 'when = "answered(field.bikou_ran)"'), P, "pack-forward"),
    "when pointing nowhere": (swap(P, 'when = "answered(field.henkougo_shimei)"', 'when = "answered(field.nai)"'), P, "pack-field-unknown"),
    "when naming an unknown fact": (swap(P, 'when = "answered(field.henkougo_shimei)"', 'when = "company.size > 3"'), P, "pack-condition"),
    "conditions in a circle": (swap(P, "when = \"field.shutoku_kubun == '2'\"", 'when = "answered(field.henkougo_shimei_kana)"'), P, "pack-cycle"),
    "a condition on itself": (swap(P, "when = \"field.shutoku_kubun == '2'\"", 'when = "answered(field.henkougo_shimei)"'), P, "pack-cycle"),
    "a condition that is code": (swap(P, 'when = "answered(field.henkougo_shimei)"', "when = \"__import__('os').system('id')\""), P, "pack-condition"),
    "a condition with a power": (swap(P, 'when = "answered(field.henkougo_shimei)"', 'when = "field.shimei == 9**9**9"'), P, "pack-condition"),
    "check on an unknown field": (swap(P, 'field = "keiyaku_shuuryou"', 'field = "keiyaku_owari"'), P, "pack-field-unknown"),
    "deadline of no date": (swap(P, 'field = "shikaku_shutoku_bi"\nmonth', 'field = "shimei"\nmonth'), P, "pack-deadline"),
    "edition that ends before it begins": (swap(P, "in_force_from = 2015-01-01", "in_force_from = 2015-01-01\nin_force_to = 2014-12-31"), P, "pack-value-error"),
    "edition date that does not exist": (swap(P, "2015-01-01", "2015-02-30"), P, "pack-toml"),
    "procedure number too short": (swap(P, "4950000020325000", "495000002032500"), P, "pack-string-pattern-mismatch"),
    "form number too long": (swap(P, '"495000020325029841"', '"4950000203250298410"'), P, "pack-string-pattern-mismatch"),
    "practice number in a real edition": (swap(P, 'proc_id = "4950000020325000"', 'proc_id = "X-PRACTICE-1"\n#'), P, ""),
    "id of another folder": (swap(P, 'id = "mhlw/koyou', 'id = "mhlw/kouyou'), P, "pack-id"),
    "bad character profile": (swap(P, 'profile = "egov_kana"', 'profile = "egov_kanji"'), P, "pack-value-error"),
    "unknown kind": (swap(P, 'kind = "phone"', 'kind = "fax"'), P, "pack-literal-error"),
    "choice without choices": (swap(P, 'choices = [["1", "新規"], ["2", "再取得"]]\n', ""), P, "pack-value-error"),
    "choice with a value twice": (swap(P, '["2", "再取得"]', '["1", "再取得"]'), P, "pack-value-error"),
    "limits upside down": (swap(P, "min = 1\nmax = 9999", "min = 9999\nmax = 1"), P, "pack-value-error"),
    "default that is no choice": (swap(P, '{ value = "2", when', '{ value = "7", when'), P, "pack-default"),
    "default from two sources": (swap(P, "{ today = true }", '{ today = true, value = "1" }'), P, "pack-value-error"),
    "not TOML": (swap(P, "[deadline]", "[deadline"), P, "pack-toml"),
    "not UTF-8": (swap(P, "", ""), P, "pack-not-utf8"),
    "huge file": (write("payload.toml", b"#" * 1_100_000), Y, "pack-too-large"),
    "enormous file": (write("extra.xml", b" " * 9_000_000), "extra.xml", "pack-too-large"),
    "deeply nested values": (write("layout.toml", b"a = " + b"[" * 5000 + b"]" * 5000), "layout.toml", "pack-toml"),
    "procedure.toml missing": (remove(P), P, "pack-file-missing"),
    "payload.toml missing": (remove(Y), Y, "pack-file-missing"),
    "template missing": (remove("form.xml"), Y, "pack-file-missing"),
    "path out of the folder": (swap(Y, 'template = "form.xml"', 'template = "../../../secret.xml"'), Y, "pack-path"),
    "absolute path": (swap(Y, 'template = "form.xml"', 'template = "/etc/passwd"'), Y, "pack-path"),
    "file name out of the package": (swap(Y, 'name = "kousei.xml"', 'name = "../kousei.xml"'), Y, "pack-string-pattern-mismatch"),
    "no kousei": (swap(Y, 'name = "kousei.xml"', 'name = "kosei.xml"'), Y, "payload-kousei"),
    "link": (link, "notes.md", "pack-link"),
    "unexpected file": (write("run.py", b"print(1)"), "run.py", "pack-unknown-file"),
    "element without a value": (swap("form.xml", "{{genin}}", ""), "form.xml", "payload-element-unmapped"),
    "field sent nowhere": (swap("form.xml", "<備考>{{bikou_ran}}</備考>", "<備考>なし</備考>"), Y, "payload-field-unmapped"),
    "template with an unknown field": (swap("form.xml", "{{genin}}", "{{gennin}}"), "form.xml", "payload-field-unknown"),
    "template with an unknown part": (swap("form.xml", "{{seinengappi.year}}", "{{seinengappi.nen}}"), "form.xml", "payload-part"),
    "template with a mark in an attribute": (swap("kousei.xml", 'ID="構成情報"', 'ID="{{shimei}}"'), "kousei.xml", "payload-mark"),
    "template not well-formed": (swap("form.xml", "</DataRoot>", "</DataRoo>"), "form.xml", "payload-template-xml"),
    "template with a DTD": (swap("form.xml", "<DataRoot>", '<!DOCTYPE x [<!ENTITY e "x">]><DataRoot>'), "form.xml", "payload-template-xml"),
    "layout field unknown": (swap("layout.toml", 'field = "shimei"', 'field = "namae"'), "layout.toml", "layout-field-unknown"),
    "layout off the page": (swap("layout.toml", "x = 143", "x = 190"), "layout.toml", "pack-value-error"),
    "document field unknown": (swap("document.toml", 'field = "shimei"', 'field = "namae"'), "document.toml", "document-field-unknown"),
    "document day is no date": (swap("document.toml", 'decided_on = "確認通知年月日"', 'decided_on = "被保険者番号"'), "document.toml", "document-day-unknown"),
    "document day unknown": (swap("document.toml", 'decided_on = "確認通知年月日"', 'decided_on = "決定日"'), "document.toml", "document-day-unknown"),
    "document fact unknown": (swap("document.toml", '"employees[].employment_insurance.number"', '"employees[].insurance.number"'), "document.toml", "document-fact-unknown"),
    "rejection field unknown": (swap("rejections.toml", 'field = "shimei"', 'field = "namae"'), "rejections.toml", "rejection-field-unknown"),
    "notes missing": (remove("notes.md"), "notes.md", "pack-file-missing"),
    "notes empty": (write("notes.md", b"x"), "notes.md", "pack-notes"),
    "no case": (every_case_away, "cases", "case-missing"),
    "expected bytes differ": (swap("cases/ordinary.expected.kousei.xml", "新規申請", "再提出"), "cases/ordinary.expected.kousei.xml", "case-bytes"),
    "expected bytes missing": (remove("cases/ordinary.expected.kousei.xml"), "cases/ordinary.expected.kousei.xml", "case-bytes"),
    "expected bytes of no case": (write("cases/other.expected.kousei.xml", b"<x/>"), "cases/other.expected.kousei.xml", "case-orphan"),
    "expected problems differ": (swap("cases/minimal.toml", '"shimei:name-space"', '"shimei:too-long"'), "cases/minimal.toml", "case-differs"),
    "expected fingerprint differs": (swap("cases/ordinary.toml", SHA, SHA + "0"), "cases/ordinary.toml", "pack-string-pattern-mismatch"),
    "case with an unknown act": (swap("cases/ordinary.toml", 'do = "blank"', 'do = "guess"'), "cases/ordinary.toml", "pack-literal-error"),
    "case with an unknown field": (swap("cases/ordinary.toml", 'field = "hihokensha_bangou"', 'field = "bangou"'), "cases/ordinary.toml", "case-field"),
    "case with an act that is refused": (swap("cases/ordinary.toml", 'do = "blank"', 'do = "substitute"'), "cases/ordinary.toml", "case-act"),
    "case sharing a file outside": (swap("cases/ordinary.toml", '"_minato.toml"', '"../../notes.toml"'), "cases/ordinary.toml", "pack-path"),
}  # fmt: skip


@pytest.fixture
def broken(folder: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "mhlw" / folder.name
    shutil.copytree(folder, copy)
    return copy


def test_the_good_folder_has_no_fault(broken: Path, catalogue: Catalogue) -> None:
    assert check_pack(broken, catalogue) == []


def test_there_are_more_than_thirty() -> None:
    assert len(BROKEN) >= 30


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_folder_is_refused(name: str, broken: Path, catalogue: Catalogue) -> None:
    edit, file, code = BROKEN[name]
    edit(broken)
    if name == "not UTF-8":
        raw = (broken / P).read_bytes()
        (broken / P).write_bytes(raw.replace("事業所".encode(), "事業所".encode("cp932"), 1))
    if name == "practice number in a real edition":
        swap(P, "practice_only = true", "practice_only = false")(broken)
        code = "pack-value-error"
    start = time.perf_counter()
    faults = check_pack(broken, catalogue)
    assert time.perf_counter() - start < 2.0
    assert faults, "the folder was taken"
    found = next((f for f in faults if f.file == file), None)
    assert found is not None, [str(f) for f in faults]
    assert found.code == code, [str(f) for f in faults]
    assert found.reason.rstrip("）").endswith("。") or found.reason.endswith("）。")
    assert any("ぁ" <= c <= "ヿ" for c in found.reason)


def test_lines_are_named(broken: Path, catalogue: Catalogue) -> None:
    swap(P, 'from = "company.phone"', 'from = "company.telephone"')(broken)
    lines = (broken / P).read_text("utf-8").split("\n")
    with pytest.raises(PackFault) as fault:
        load_procedure(broken, catalogue)
    assert lines[fault.value.line - 1] == 'from = "company.telephone"'
    assert fault.value.sentence.startswith(f"procedure.toml の {fault.value.line}行目: ")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("unknown key", "optinal = true"),
        ("unknown kind", 'kind = "fax"'),
        ("bad character profile", 'id = "shimei_kana"'),
        ("procedure number too short", 'proc_id = "495000002032500"'),
        ("layout field unknown", 'field = "namae"'),
        ("element without a value", "<被保険者となったことの原因></被保険者となったことの原因>"),
        ("case with an unknown act", 'do = "guess"'),
        ("expected problems differ", "problems = ["),
    ],
)
def test_the_line_is_the_one_that_is_wrong(
    name: str, text: str, broken: Path, catalogue: Catalogue
) -> None:
    edit, file, _ = BROKEN[name]
    edit(broken)
    fault = next(f for f in check_pack(broken, catalogue) if f.file == file)
    lines = (broken / file).read_text("utf-8").split("\n")
    around = lines[max(0, fault.line - 2) : fault.line + 1]
    assert any(text in line for line in around), (fault.line, around)


def test_a_folder_that_is_not_there(tmp_path: Path, catalogue: Catalogue) -> None:
    assert [f.code for f in check_pack(tmp_path / "none", catalogue)] == ["pack-folder"]
