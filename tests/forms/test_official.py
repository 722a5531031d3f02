"""Official documents read back: decided values by label, nothing guessed, real samples read."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from app.forms.official import (
    DocumentRules,
    load_document_rules,
    read_document,
)
from app.forms.procedure import Procedure
from app.forms.xml_reader import HostileXml

LINES = (
    "被保険者番号　5012-345678-9",
    "確認通知年月日　令和8年7月6日",
    "被保険者氏名　高橋　由美",
    "資格取得年月日　令和8年7月1日",
    "事業所番号　1301-345678-9",
)


def document(*lines: str) -> bytes:
    paragraphs = "".join(f"<P>{line}</P>" for line in lines)
    return (
        '<?xml version="1.0" encoding="UTF-8"?><DOC VERSION="1.0"><BODY ID="DOCBODY">'
        "<DOCNO>渋安発第12号</DOCNO><DATE TYPE='1'>令和8年7月6日</DATE>"
        "<TITLE>雇用保険被保険者資格取得等確認通知書</TITLE><MAINTXT><P>次のとおり確認しました。</P></MAINTXT>"
        f"<MAINTXT2><MT2TITLE>記</MT2TITLE><MT2TEXT>{paragraphs}</MT2TEXT></MAINTXT2>"
        "<TO><AFF>株式会社みなと製菓</AFF><NAME>山本　湊</NAME><HONORIFC>様</HONORIFC></TO>"
        "<AUTHOR><AFF>渋谷公共職業安定所</AFF><NAME>所長</NAME></AUTHOR></BODY></DOC>"
    ).encode()


@pytest.fixture(scope="module")
def rules(procedure: Procedure) -> DocumentRules:
    found = load_document_rules(procedure)
    assert found is not None
    return found


def test_decided_values(rules: DocumentRules) -> None:
    decided = {d.label: d for d in read_document(document(*LINES), rules).decided}
    assert decided["被保険者番号"].value == "50123456789"
    assert decided["被保険者番号"].fact_path == "employees[].employment_insurance.number"
    assert decided["被保険者番号"].source_text == "5012-345678-9"
    assert decided["確認通知年月日"].value == date(2026, 7, 6)
    assert decided["被保険者氏名"].value == "高橋　由美"
    assert decided["被保険者氏名"].fact_path == ""
    assert decided["資格取得年月日"].field_id == "shikaku_shutoku_bi"


def test_the_day_of_the_decision_is_that_of_its_label(rules: DocumentRules) -> None:
    """The head may be dated otherwise: the letter goes out later than the decision was made."""
    lines = (*LINES[:1], "確認通知年月日　令和8年7月3日", *LINES[2:])
    assert read_document(document(*lines), rules).decided_on == date(2026, 7, 3)
    without = rules.model_copy(update={"decided_on": ""})
    assert read_document(document(*lines), without).decided_on == date(2026, 7, 6)


@pytest.mark.parametrize("days", [(), ("追って通知",), ("令和8年7月3日", "令和8年7月4日")])
def test_a_day_of_decision_that_is_not_certain_is_none(
    days: tuple[str, ...], rules: DocumentRules
) -> None:
    lines = [f"確認通知年月日　{day}" for day in days]
    read = read_document(document(LINES[0], *lines, *LINES[2:]), rules)
    assert read.decided_on is None
    assert "確認通知年月日" in {*read.missing, *(label for label, _ in read.doubtful)}


def test_a_head_without_a_date_decides_no_day(rules: DocumentRules) -> None:
    without = rules.model_copy(update={"decided_on": ""})
    undated = document(*LINES).replace("令和8年7月6日</DATE>".encode(), b"</DATE>")
    assert read_document(undated, without).decided_on is None


@pytest.mark.parametrize(
    "line",
    [
        "被保険者番号　5012-345678-9", "被保険者番号 5012-345678-9", "被保険者番号：5012-345678-9",
        "・被保険者番号　：　５０１２－３４５６７８－９", "　被保険者番号　　50123456789　",
    ],
)  # fmt: skip
def test_writings_of_the_same_value(line: str, rules: DocumentRules) -> None:
    read = read_document(document(line, *LINES[1:]), rules)
    assert read.decided[0].value == "50123456789"
    assert read.missing == ()


def test_a_missing_label_is_reported_and_not_guessed(rules: DocumentRules) -> None:
    read = read_document(document(*LINES[1:]), rules)
    assert read.missing == ("被保険者番号",)
    assert "被保険者番号" not in {d.label for d in read.decided}
    near = read_document(document("旧被保険者番号　5012-345678-9", *LINES[1:]), rules)
    assert near.missing == ("被保険者番号",)


@pytest.mark.parametrize(
    "lines",
    [
        ("被保険者番号　5012-345678-9", "被保険者番号　5012-345678-0"),
        ("被保険者番号　5012-345678",),
        ("被保険者番号　追って通知",),
    ],
)
def test_what_is_not_certain_is_said(lines: tuple[str, ...], rules: DocumentRules) -> None:
    read = read_document(document(*lines, *LINES[1:]), rules)
    assert [label for label, _ in read.doubtful] == ["被保険者番号"]
    assert read.doubtful[0][1].endswith("。")
    assert "被保険者番号" not in {d.label for d in read.decided}


def test_the_same_value_twice_is_one_value(rules: DocumentRules) -> None:
    read = read_document(document(*LINES, LINES[0]), rules)
    assert read.doubtful == ()


def test_the_real_samples_are_read(shared: Path) -> None:
    folder = shared / "samples" / "egov" / "koubunsho"
    plain = read_document((folder / "officialdocument" / "0000-API-001.xml").read_bytes())
    assert plain.title == "タイトル：テスト用公文書"
    assert plain.addressee == "窓口　一郎　殿"
    assert "テスト用の公文書です。" in plain.paragraphs
    signed = read_document((folder / "verify_officialdocument" / "0000-API-002.xml").read_bytes())
    assert signed.number == "120806-01"
    assert "ＧＰＫＩ模擬認証局発行の官職証明書" in signed.text


def test_a_signed_node_alone_is_read(rules: DocumentRules) -> None:
    whole = document(*LINES)
    node = whole[whole.index(b"<BODY") : whole.index(b"</BODY>") + 7]
    assert read_document(node, rules).decided == read_document(whole, rules).decided


def test_other_xml_is_no_document(rules: DocumentRules) -> None:
    with pytest.raises(HostileXml, match="not-official"):
        read_document(b"<DataRoot/>", rules)
    with pytest.raises(HostileXml, match="xml-dtd"):
        read_document(b'<!DOCTYPE DOC [<!ENTITY x "y">]><DOC><BODY/></DOC>', rules)
