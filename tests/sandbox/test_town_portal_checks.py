"""What the practice portal refuses, and the words it puts beside the field."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from app.sandbox.portal_checks import web_share
from tests.sandbox import portal_answers
from tests.sandbox.portal_visitor import Visitor
from tests.sandbox.town_process import TownProcess


@pytest.fixture(scope="module")
def signed_in(running_town: TownProcess) -> Iterator[Visitor]:
    """Somebody who has signed in, for all tests of this file."""
    running_town.reset()
    made = Visitor(running_town)
    made.sign_in()
    yield made
    made.close()


@pytest.fixture(scope="module")
def renshu(signed_in: Visitor) -> str:
    """A draft of the practice grant."""
    return signed_in.begin()


@pytest.fixture(scope="module")
def jizokuka(signed_in: Visitor) -> str:
    """A draft of the 持続化 form."""
    return signed_in.begin("S-00009001")


@pytest.mark.parametrize(
    ("page", "name", "value", "words"),
    [
        ("kihon", "ApplicantKana__c", "ﾁﾑﾆｰ", "全角カタカナ"),
        ("kihon", "ApplicantKana__c", "ちむにー", "全角カタカナ"),
        ("kihon", "ApplicantKana__c", "", "を入力してください"),
        ("kihon", "ApplicantPostalCode__c", "1500041", "123-4567"),
        ("kihon", "ContactPhone__c", "0300000001", "ハイフン"),
        ("kihon", "ContactPhone__c", "０３-0000-0001", "ハイフン"),
        ("kihon", "Capital__c", "10,000,000", "半角の整数"),
        ("kihon", "Capital__c", "-1", "半角の整数"),
        ("kihon", "Employees__c", "100000", "99999以下"),
        ("kihon", "ApplicationDate__c", "2026-11-24", "2026/11/24"),
        ("kihon", "ApplicationDate__c", "2026/02/29", "2026/11/24"),
        ("kihon", "ContactEmail__c", "hanako", "メールアドレス"),
        ("kihon", "WebSite__c", "example.jp", "http://"),
        ("kihon", "Destination__c", "どこか", "一覧から"),
        ("kihon", "IndustryGroup__c", "01 農業", "一覧から"),
        ("kihon", "ContactLastName__c", "練\n習", "使用できない文字"),
        ("kihon", "HasDelegation__c", "はい", ""),
        ("kihon", "RegularEmployees__c", "13", "従業員数以下"),
        ("keikaku", "ProjectTitle__c", "あ" * 31, "30文字以内で入力してください（現在31文字）"),
        ("keikaku", "ProjectAreas__c", [], "1つ以上"),
        ("keikaku", "ProjectAreas__c", ["火星"], "一覧から"),
        ("keikaku", "ProjectEnds__c", "2027/03/31", "以後の日付"),
        ("keihi", "SubsidyAmount__c", "733335", "733,334円以下"),
        ("keihi", "FundsTotal__c", "1210000", "各欄の合計と一致しません"),
        ("keihi", "BankLoanFrom__c", "", "調達先"),
        ("zaimu", "P1TotalAssets__c", "30000001", "資産合計が内訳と一致しません"),
        ("zaimu", "P1OperatingProfit__c", "1000000", "営業利益が内訳と一致しません"),
        ("zaimu", "P1PeriodEnds__c", "2025/03/31", "開始日より後"),
        ("sensei", "OathTrue__c", False, "チェックしてください"),
        ("sensei", "WageRiseRate__c", "3.005", "小数第2位"),
    ],
)
def test_one_wrong_value_of_the_practice_grant(
    signed_in: Visitor, renshu: str, page: str, name: str, value: Any, words: str
) -> None:
    values = portal_answers.renshu()[page] | {name: value}
    faults = signed_in.faults(renshu, page, values)
    if name == "HasDelegation__c":
        assert set(faults) == {"DelegatorName__c", "DelegationRole__c", "DelegationContent__c"}
    else:
        assert next(iter(faults)) == name
        assert words in faults[name]


@pytest.mark.parametrize(
    ("page", "name", "value", "words"),
    [
        ("gaiyo", "RegularEmployees__c", "6", "5人以下"),
        ("gaiyo", "Workplaces__c", "0", "1以上"),
        ("kakunin", "Owned100__c", "該当する", "応募できません"),
        ("kakunin", "PastAward__c", "該当する", "1行以上"),
        ("keikaku", "ProjectName__c", "あ" * 31, "30文字以内"),
        ("keihi", "AmountB__c", "716399", "716,400円から716,400円"),
        ("keihi", "Own__c", "609401", "5.合計額が(5)と一致しません"),
        ("keihi", "Bridge1__c", "955201", "(6)と一致しません"),
    ],
)
def test_one_wrong_value_of_the_jizokuka_form(
    signed_in: Visitor, jizokuka: str, page: str, name: str, value: Any, words: str
) -> None:
    faults = signed_in.faults(jizokuka, page, portal_answers.jizokuka()[page] | {name: value})
    assert words in faults[name]


def test_rows_are_refused_cell_by_cell(signed_in: Visitor, renshu: str) -> None:
    values = portal_answers.renshu()["keihi"]
    values["Costs__r"][1] |= {"Category__c": "", "Amount__c": "1,000"}
    assert set(signed_in.faults(renshu, "keihi", values)) == {
        "Costs__r.1.Category__c",
        "Costs__r.1.Amount__c",
    }
    values["Costs__r"] = []
    assert "1行以上" in signed_in.faults(renshu, "keihi", values)["Costs__r.0."]
    holders = portal_answers.renshu()["yakuin"]
    holders["Shareholders__r"] *= 2
    assert "100％" in signed_in.faults(renshu, "yakuin", holders)["Shareholders__r.1.Ratio__c"]


def test_what_is_not_shown_is_neither_asked_for_nor_kept(
    signed_in: Visitor, renshu: str, running_town: TownProcess
) -> None:
    values = portal_answers.renshu()["zaimu"] | {"FiscalPeriods__c": "なし（決算前）"}
    assert signed_in.save(renshu, "zaimu", values).status_code == 200
    kept = next(
        item
        for item in running_town.control("GET", "portal")["applications"]
        if item["id"] == renshu
    )
    assert kept["values"]["zaimu"] == {"FiscalPeriods__c": "なし（決算前）"}


@pytest.mark.parametrize(
    "values",
    [
        {"NoSuch__c": "x"},
        {"CorporateName__c": "よその会社"},
        {"Costs__r": []},
    ],
)
def test_names_that_are_not_on_the_page_are_refused(
    signed_in: Visitor, renshu: str, values: dict[str, Any]
) -> None:
    assert signed_in.save(renshu, "kihon", values, "save").status_code == 400


def test_a_draft_may_be_unfinished_but_not_filed(signed_in: Visitor, renshu: str) -> None:
    assert signed_in.save(renshu, "kihon", {"Capital__c": "百万"}, "save").status_code == 200
    assert not signed_in.call(f"{renshu}/confirm").json()["ready"]
    assert "基本情報" in signed_in.submit(renshu).json()["message"]
    assert signed_in.call(f"{renshu}/submit", {}).status_code == 422


@pytest.mark.parametrize("value", ["²", "9" * 5000, {"a": 1}, [1], 7, None, "-", "１２"])
def test_a_draft_of_nonsense_breaks_nothing(signed_in: Visitor, jizokuka: str, value: Any) -> None:
    row = {"Category__c": value, "Amount__c": value}
    names = ("Rate__c", "Cap__c", "AmountB__c", "Own__c", "TaxMode__c")
    values = {**dict.fromkeys(names, value), "Costs__r": [row]}
    assert signed_in.save(jizokuka, "keihi", values, "save").status_code == 200
    assert signed_in.faults(jizokuka, "keihi", values)
    for path in ("pages/keihi", "confirm"):
        assert signed_in.call(f"{jizokuka}/{path}").status_code == 200
    signed_in.save(jizokuka, "kakunin", {"Specials__c": value}, "save")
    signed_in.save(jizokuka, "sensei", {"Oath1__c": value}, "save")
    assert signed_in.call(f"{jizokuka}/confirm").status_code == 200


def _zip(password_bit: int) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as made:
        made.writestr("見積書.txt", "1,000円")
    data = bytearray(held.getvalue())
    data[6] |= password_bit
    return bytes(data)


@pytest.mark.parametrize(
    ("field", "name", "data", "words"),
    [
        ("FileFinancial__c", "決算書.docx", b"PK\x03\x04", "添付できる種類は pdf"),
        ("FileFinancial__c", "決算書.pdf", b"hello", "種類と一致しません"),
        ("FileFinancial__c", "決算書.pdf", b"", "空です"),
        ("FileFinancial__c", "決算書.pdf", b"%PDF-1.7 /Encrypt 5 0 R", "パスワード"),
        ("FileFinancial__c", "a/b.pdf", portal_answers.PDF, "ファイル名"),
        ("FileFinancial__c", "あ" * 97 + ".pdf", portal_answers.PDF, "100文字"),
        ("FileFinancial__c", "大.pdf", b"%PDF-" + bytes(16 * 1024 * 1024), "16MBまで"),
        ("FileRegister__c", "登記.pdf", portal_answers.PDF, "「履歴事項全部証明書」で始めて"),
        ("FileQuotes__c", "見積.zip", _zip(1), "パスワード"),
    ],
)
def test_files_that_are_not_taken(
    signed_in: Visitor, renshu: str, field: str, name: str, data: bytes, words: str
) -> None:
    answer = signed_in.attach(renshu, field, name, data)
    assert answer.status_code == 422
    assert words in answer.json()["message"]


def test_files_come_and_go_and_are_counted(signed_in: Visitor, renshu: str) -> None:
    assert signed_in.attach(renshu, "FileQuotes__c", "見積.zip", _zip(0)).status_code == 200
    for number in range(3):
        data = portal_answers.PDF
        assert (
            signed_in.attach(renshu, "FileFinancial__c", f"{number}.pdf", data).status_code == 200
        )
    over = signed_in.attach(renshu, "FileFinancial__c", "4.pdf", portal_answers.PDF)
    assert "3ファイルまで" in over.json()["message"]
    left = signed_in.call(f"{renshu}/files/FileFinancial__c/remove", {"place": 1}).json()["files"]
    assert [item["name"] for item in left] == ["0.pdf", "2.pdf"]
    gone = signed_in.call(f"{renshu}/files/FileFinancial__c/remove", {"place": 2})
    assert gone.status_code == 404


def test_the_sums_of_form_3_are_those_of_the_official_workbook(
    signed_in: Visitor, jizokuka: str, shared: Path
) -> None:
    path = shared / "samples" / "forms" / "jizokuka_arithmetic_vectors.csv"
    with path.open(encoding="utf-8") as held:
        rows = list(csv.DictReader(held))
    assert len(rows) == 12
    for row in rows:
        a, c, cap = (int(row[name]) for name in ("a_nonweb", "c_web", "cap"))
        least, most, d = web_share(a, c, Fraction(row["rate"]), cap)
        assert (least, most, d) == tuple(int(row[name]) for name in ("b_min", "b_max", "d_max"))
        if row["case"].startswith("web_only"):
            continue
        costs = [
            {"Category__c": "②広報費", "Amount__c": str(a)},
            {"Category__c": "③ウェブサイト関連費", "Amount__c": str(c)},
        ]
        values = {
            "Costs__r": costs,
            "AmountB__c": row["b_max"],
            "Rate__c": row["rate"],
            "Cap__c": row["cap"],
        }
        sums = signed_in.call(f"{jizokuka}/sums/keihi", {"values": values}).json()["sums"]
        assert sums["SumF__c"] == row["f_total"], row["case"]
