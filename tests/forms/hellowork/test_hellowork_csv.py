"""雇用保険 CSV of about 2019: captions and bytes; marked as not verified."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from app.domain.errors import BadInput
from app.forms.hellowork import encode_hellowork, load_hellowork
from app.forms.nenkin.head import Office

OFFICE = Office(
    "21", "01", "ｹｲﾄ", "00001", "1000000", "東京都千代田区霞が関１－２－２",
    "健保サービス株式会社", "健保　良一", ("03", "1234", "5678"),
)  # fmt: skip
INSURED = ("1301", "123456", "7")


def test_the_captions_are_those_of_the_source(resources: Path, shared: Path) -> None:
    import json

    text = (shared / "samples/egov/hellowork_csv/layouts.json").read_text("utf-8")
    source = json.loads(text)
    forms = load_hellowork(resources)
    for key, count in (("shutoku", 61), ("soshitsu", 55)):
        assert list(forms[key].columns) == source[key]["columns"]
        assert len(forms[key].columns) == count
        assert forms[key].file == source[key]["file"]
        assert not forms[key].verified


def test_a_file_has_its_captions_and_no_quotes(resources: Path) -> None:
    form = load_hellowork(resources)["shutoku"]
    record = {"被保険者氏名": "年金　太郎", "取得区分": "1"}
    content = encode_hellowork(form, OFFICE, INSURED, date(2026, 4, 1), [record])
    lines = content.decode("cp932").split("\r\n")
    assert lines[1] == "01,ｹｲﾄ,001,20260401,22223,05"
    assert lines[2:5] == ["[kanri]", "社会保険労務士氏名,事業所情報数", ",001"]
    assert lines[6].endswith(",03-1234-5678,1301,123456,7")
    assert lines[7] == "[data]"
    assert lines[8].split(",") == list(form.columns)
    assert lines[9].split(",")[:8] == ["10101", "", "", "", "", "", "1", "年金　太郎"]
    assert lines[10:] == [""]


@pytest.mark.parametrize(
    "record", [{"ない欄": "1"}, {"備考": "コンマ,"}, {"被保険者氏名": "髙橋　一"}]
)
def test_what_cannot_be_written_is_refused(resources: Path, record: dict[str, str]) -> None:
    form = load_hellowork(resources)["shutoku"]
    with pytest.raises(BadInput, match="hellowork-"):
        encode_hellowork(form, OFFICE, INSURED, date(2026, 4, 1), [record])
