"""Exact bytes of SHFD0006.CSV: the samples again from values, the head, limits, letters, every field."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.errors import BadInput
from app.forms.nenkin.condition import compile_condition, spoken
from app.forms.nenkin.dates import read, written
from app.forms.nenkin.encode import Faults, encode
from app.forms.nenkin.head import Consultant, Head, Office
from app.forms.nenkin.layout import NenkinForms, load_forms
from app.forms.nenkin.letters import Substitution, explanation_sheet, offers, sendable

TODAY = date(2026, 11, 24)
OFFICE = Office(
    "21", "01", "ｹｲﾄ", "123", "1000000", "東京都千代田区霞が関１－２－２",
    "健保サービス株式会社", "健保　良一", ("03", "1234", "5678"),
)  # fmt: skip
HEAD = Head(OFFICE, date(2017, 1, 1))
FORMS = load_forms(Path(__file__).resolve().parents[3] / "resources")

SPOUSE = {
    2: "21", 3: "01", 4: "ｹｲﾄ", 5: "1", 6: "9", 7: "010708", 8: "10", 9: "ﾈﾝｷﾝ ﾏｻｱｷ",
    10: "年金　正明", 11: "5", 12: "551010", 13: "1", 14: "123456708900", 17: "3200000", 21: "1",
    22: "9", 23: "010708", 24: "ﾈﾝｷﾝ ｸﾐ", 25: "年金　久美", 26: "5", 27: "560326", 28: "2",
    29: "123456078900", 35: "1", 37: "120", 38: "8580", 39: "東京都杉並区高井戸西３－５－２４",
    40: "1", 41: "03", 42: "3456", 43: "7890", 44: "9", 45: "010707", 46: "2", 48: "1", 49: "0",
}  # fmt: skip
ACQUISITION = {
    2: "21", 3: "01", 4: "ｹｲﾄ", 5: "123", 6: "12", 7: "ﾈﾝｷﾝ ﾀﾛｳ", 8: "年金　太郎", 9: "7",
    10: "070401", 11: "1", 12: "1", 18: "9", 19: "080401", 20: "0", 21: "0260000", 22: "0000000",
    23: "0260000", 29: "100", 30: "8916", 31: "ﾄｳｷｮｳﾄﾁﾖﾀﾞｸｶｽﾐｶﾞｾｷ1-2-2",
    32: "東京都千代田区霞が関１－２－２",
}  # fmt: skip


def made(code: str, values: dict[int, str], head: Head = HEAD) -> tuple[bytes, Faults]:
    faults = Faults()
    record = FORMS.forms[code].record(values)
    files = list(encode(FORMS, head, code, [record], today=TODAY, faults=faults))
    return b"".join(f.content for f in files), faults


def test_the_spouse_example_byte_for_byte(shared: Path) -> None:
    content, faults = made("2202700", SPOUSE)
    assert faults == []
    sample = shared / "samples/egov/nenkin_csv/example_2202700_SHFD0006.CSV"
    assert content == sample.read_bytes()


def test_the_layouts_have_every_field_of_the_tables(shared: Path) -> None:
    import json

    text = (shared / "samples/egov/nenkin_csv/layouts.json").read_text("utf-8")
    tables = json.loads(text)
    assert {c: len(f["fields"]) for c, f in tables["forms"].items()} == {
        c: len(layout) for c, layout in FORMS.forms.items()
    }
    assert tables["prefecture_codes"] == FORMS.prefectures
    for code, form in tables["forms"].items():
        for theirs, ours in zip(form["fields"], FORMS.forms[code].fields, strict=True):
            assert theirs["name"].startswith(ours.name)
            assert (theirs["required"] is True) == (ours.required == "always")
            if theirs["bytes"]:
                assert theirs["bytes"].removesuffix("(25)") == ours.sizes


def test_the_head_of_an_office() -> None:
    content, faults = made("2200700", ACQUISITION)
    assert faults == []
    assert content.decode("cp932").split("\r\n") == [
        "21,01,ｹｲﾄ,001,20170101,22223",
        "[kanri]",
        ",001",
        "21,01,ｹｲﾄ,123,100,0000,東京都千代田区霞が関１－２－２,健保サービス株式会社,健保　良一,03,1234,5678",
        "[data]",
        "2200700,21,01,ｹｲﾄ,123,12,ﾈﾝｷﾝ ﾀﾛｳ,年金　太郎,7,070401,1,1,,,,,,9,080401,0,0260000,0000000,"
        "0260000,,,,,,100,8916,ﾄｳｷｮｳﾄﾁﾖﾀﾞｸｶｽﾐｶﾞｾｷ1-2-2,東京都千代田区霞が関１－２－２,,",
        "",
    ]


def test_the_head_of_a_consultant() -> None:
    head = replace(HEAD, consultant=Consultant("12345678", "労務　士郎"), serial=7)
    content, faults = made("2200700", ACQUISITION, head)
    assert faults == []
    lines = content.decode("cp932").split("\r\n")
    assert lines[0] == ",,12345678,007,20170101,22223"
    assert lines[2] == "労務　士郎,001"


@pytest.mark.parametrize(
    ("change", "no", "code"),
    [
        ({8: "髙橋　一"}, 8, "letter"),
        ({8: "年金太郎"}, 8, "characters"),
        ({7: "ﾈﾝｷﾝﾀﾛｳ"}, 7, "characters"),
        ({7: "ﾈﾝｷﾝ  ﾀﾛｳ"}, 7, "characters"),
        ({7: ""}, 7, "required"),
        ({8: "年金　太郎左衛門之助長兵衛丸"}, 8, "length"),
        ({10: "070431"}, 10, "no-such-day"),
        ({9: "7", 10: "310501"}, 10, "no-such-day"),
        ({12: "2"}, 12, "value"),
        ({6: "0000"}, 6, "value"),
        ({13: "123456789012"}, 29, "omitted"),
        ({29: ""}, 29, "required"),
        ({11: ""}, 11, "required"),
        ({16: "1234"}, 17, "required"),
        ({14: "3"}, 15, "required"),
        ({23: "0260001"}, 23, "cross"),
        ({21: "0000900", 23: "0000900"}, 23, "cross"),
        ({19: "081201"}, 19, "cross"),
        ({24: "1"}, 19, "cross"),
        ({28: "コンマ,あり"}, 28, "separator"),
        ({28: "あ" * 38}, 28, "length"),
        ({3: "99"}, 3, "value"),
        ({4: "ｹA"}, 4, "characters"),
        ({32: "東京都　　千代田区"}, 32, "characters"),
        ({2: "41"}, 2, "office"),
    ],
)
def test_what_is_wrong_is_named(change: dict[int, str], no: int, code: str) -> None:
    content, faults = made("2200700", ACQUISITION | change)
    assert content == b""
    assert (no, code) in {(f.no, f.kind) for f in faults}
    assert all(f.sentence and f.record == 1 for f in faults)


def test_a_mixed_note_may_be_longer_in_letters_where_it_is_short_in_bytes() -> None:
    assert made("2200700", ACQUISITION | {28: "a" * 73 + "あ"})[1] == []
    assert made("2200700", ACQUISITION | {28: "a" * 74 + "あ"})[1] != []


def test_letters_are_named_with_what_may_stand_for_them() -> None:
    faults = made("2200700", ACQUISITION | {8: "髙橋　①"})[1]
    assert [(c.character, c.substitutes) for c in faults[0].letters] == [
        ("髙", ("高",)),
        ("①", ("1",)),
    ]
    assert (
        "「髙」は日本年金機構に送れない文字です。「高」に置きかえて送れます。" in faults[0].sentence
    )
    assert [c.character for c in offers("山﨑㈱")] == ["﨑", "㈱"]
    assert sendable("髙橋", {"髙": "高"}) == "高橋"
    assert sendable("髙橋", {}) == "髙橋"
    sheet = explanation_sheet(
        "資格取得届", "健保サービス株式会社", "令和8年4月2日",
        [Substitution("髙橋　一", "12", "氏名", "髙橋　一", "高橋　一")],
    )  # fmt: skip
    assert "正しい表記: 髙橋　一　CSV の表記: 高橋　一" in sheet
    assert explanation_sheet("", "", "", []) == ""


def test_a_wrong_head_stops_everything() -> None:
    head = replace(HEAD, office=replace(OFFICE, name="㈱健保"))
    faults = Faults()
    with pytest.raises(BadInput, match="nenkin-head"):
        list(encode(FORMS, head, "2200700", [], today=TODAY, faults=faults))
    assert faults[0].letters


def test_files_stay_under_the_limit_and_count_on() -> None:
    record = FORMS.forms["2200700"].record(ACQUISITION)
    faults = Faults()
    files = list(
        encode(FORMS, HEAD, "2200700", [record] * 50, today=TODAY, faults=faults, most_bytes=3_000)
    )
    assert len(files) > 2
    assert sum(f.records for f in files) == 50
    assert [f.serial for f in files] == list(range(1, len(files) + 1))
    assert all(len(f.content) < 3_000 for f in files)
    assert files[1].content.startswith("21,01,ｹｲﾄ,002,".encode("cp932"))
    assert list(encode(FORMS, HEAD, "2200700", [], today=TODAY, faults=faults)) == []


def test_conditions_read_and_speak() -> None:
    names = ["甲", "乙"]
    holds = compile_condition("1=4|5 & 2!")
    assert [holds(["4", "x"]), holds(["4", ""]), holds(["3", "x"])] == [True, False, False]
    assert spoken("1=4|5 & 2!=1", names) == "「甲」が4・5のとき、「乙」が1でないとき"
    with pytest.raises(ValueError, match="cannot be read"):
        compile_condition("1>2")


@settings(deadline=None)
@given(st.dates(date(1873, 1, 1), date(2099, 12, 31)))
def test_every_day_is_written_and_read_again(day: date) -> None:
    assert read(*written(day)) == day


@settings(deadline=None)
@given(st.text(max_size=30))
def test_no_text_breaks_the_lines_of_a_file(text: str) -> None:
    content, faults = made("2200700", ACQUISITION | {28: text})
    if faults == []:
        lines = content.decode("cp932").split("\r\n")
        assert len(lines) == 7
        assert lines[5].count(",") == 33
    else:
        assert content == b""


def test_every_form_names_its_inference(resources: Path) -> None:
    assert {c: len(layout.inferred) for c, layout in FORMS.forms.items()} == {
        "2200700": 0, "2201700": 2, "2202700": 114, "2221700": 0, "2225700": 0, "2265700": 0,
    }  # fmt: skip
    assert isinstance(FORMS, NenkinForms)
