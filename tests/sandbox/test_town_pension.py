"""SHFD0006.CSV inside a package: what the practice pension office takes, refuses and decides."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

import httpx
import pytest
from lxml import etree

from tests.sandbox.town_packages import contents, period
from tests.sandbox.town_process import TownProcess
from tests.sandbox.town_social import (
    BY_CODE,
    HEAD,
    OFFICE,
    PROCEDURES,
    csv_bytes,
    leaving,
    pension,
    unzipped,
)


def sent(api: httpx.Client, code: str, data: bytes, count: int = 1) -> str:
    answer = api.post("/apply", json=pension(api, code, data, count).body())
    assert answer.status_code == 400, answer.text
    return contents(answer)


@pytest.mark.parametrize("code", list(BY_CODE))
def test_good_file_is_taken(api: httpx.Client, code: str) -> None:
    answer = api.post("/apply", json=pension(api, code).body())
    assert answer.status_code == 200, answer.text
    assert answer.json()["results"]["apply_form"]["attached_file"] == [
        {"attached_file_name": "届書ＣＳＶファイル"}
    ]


@pytest.mark.parametrize("code", ["2200700", "2201700", "2225700", "2265700", "2202700"])
def test_sample_files_are_taken(api: httpx.Client, code: str, shared: Path) -> None:
    folder = shared / "samples" / "egov" / "nenkin_csv"
    (path,) = folder.glob(f"*_{code}_SHFD0006.CSV")
    answer = api.post("/apply/check", json=pension(api, code, path.read_bytes()).body())
    assert answer.json()["results"]["error_count"] == 0, answer.text


def test_agent_header_is_taken(api: httpx.Client) -> None:
    head = [",,13012345,001,20261124,22223", "[kanri]", "社労　花子,001", OFFICE, "[data]"]
    data = csv_bytes("2265700", head=head)
    assert api.post("/apply", json=pension(api, "2265700", data).body()).status_code == 200
    wrong = csv_bytes("2265700", head=[",,1301,001,20261124,22223", *head[1:]])
    assert "社会保険労務士コード" in sent(api, "2265700", wrong)


def line(code: str, **changes: str) -> str:
    """The good line with columns (c1, c2 …) replaced."""
    values = BY_CODE[code].split(",")
    for name, value in changes.items():
        values[int(name[1:]) - 1] = value
    return ",".join(values)


BYTES: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "line feeds only": (lambda raw: raw.replace(b"\r\n", b"\n"), "CRLF"),
    "last line open": (lambda raw: raw[:-2], "CRLF"),
    "utf-8": (lambda raw: raw.decode("cp932").encode(), "使用できない文字"),
    "髙": (lambda raw: raw.replace("太郎".encode("cp932"), "髙郎".encode("cp932")), "「髙」"),
    "①": (lambda raw: raw.replace("太郎".encode("cp932"), "太①".encode("cp932")), "「①」"),
    "㈱": (lambda raw: raw.replace("株式会社".encode("cp932"), "㈱".encode("cp932")), "「㈱」"),
    "half a character": (lambda raw: raw.replace(b",22223", b",2222\x82"), "使用できない文字"),
    "tab": (lambda raw: raw.replace(b"[kanri]", b"[kanri]\t"), "使用できない文字"),
    "no kanri": (lambda raw: raw.replace(b"[kanri]", b"[KANRI]"), "並びに誤り"),
    "no data": (lambda raw: raw[: raw.index(b"[data]") + 8], "データレコードがありません"),
    "two offices": (
        lambda raw: raw.replace(b"[data]", f"{OFFICE}\r\n[data]".encode("cp932")),
        "事業所は1つだけ",
    ),
    "office count": (lambda raw: raw.replace(b",001\r\n21", b",002\r\n21"), "事業所は1つだけ"),
    "office number of zeros": (lambda raw: raw.replace(b",123,100", b",000,100"), "事業所番号の"),
    "serial 000": (lambda raw: raw.replace(b",001,2026", b",000,2026"), "媒体通番"),
    "made on 31 February": (lambda raw: raw.replace(b"20261124", b"20260231"), "作成年月日"),
    "other notice code": (lambda raw: raw.replace(b"22223\r\n", b"22222\r\n"), "代表届書コード"),
    "too large": (
        lambda raw: raw + Random(1).randbytes(2_300_000).hex().encode() + b"\r\n",
        "4.5MB",
    ),
}


@pytest.mark.parametrize("name", list(BYTES))
def test_bytes_and_frame(api: httpx.Client, name: str) -> None:
    spoil, reason = BYTES[name]
    assert reason in sent(api, "2265700", spoil(csv_bytes("2265700")))


ROWS: list[tuple[str, dict[str, str], str]] = [
    ("2265700", {"c1": "2225700"}, "様式コードは2265700"),
    ("2265700", {"c21": ","}, "項目数は21"),
    ("2265700", {"c2": "41"}, "都道府県コードが事業所情報と一致"),
    ("2265700", {"c5": "1234567"}, "被保険者整理番号は0から6バイト"),
    ("2265700", {"c5": "000"}, "0だけ"),
    ("2265700", {"c6": "ﾈﾝｷﾝﾀﾛｳ"}, "半角空白1つ"),
    ("2265700", {"c6": "ﾈﾝｷﾝ  ﾀﾛｳ"}, "半角空白1つ"),
    ("2265700", {"c6": "ネンキン タロウ"}, "半角カナ"),
    ("2265700", {"c7": "年金太郎"}, "全角空白1つ"),
    ("2265700", {"c7": "年金　太郎太郎太郎太郎太郎"}, "24バイト"),
    ("2265700", {"c9": "070231"}, "生年月日に誤り"),
    ("2265700", {"c8": "3", "c9": "200401"}, "生年月日に誤り"),
    ("2265700", {"c10": "5"}, "7、9のいずれか"),
    ("2225700", {"c11": "00"}, "適用年月（年）に誤り"),
    ("2221700", {"c17": "13"}, "01から12"),
    ("2265700", {"c11": "990101"}, "未来の日付"),
    ("2265700", {"c14": "0500500"}, "千円未満を切り捨て"),
    ("2265700", {"c12": "999", "c14": "0"}, "1000円以上"),
    ("2265700", {"c15": "123456789012"}, "省略します"),
    ("2265700", {"c18": "1"}, "必須"),
    ("2265700", {"c6": '"ﾈﾝｷﾝ ﾀﾛｳ"'}, "半角カナ"),
    ("2200700", {"c5": "124"}, "事業所番号が事業所情報と一致"),
    ("2200700", {"c13": "123456789012"}, "郵便番号（親番号）は、この届出では省略"),
    ("2200700", {"c29": ""}, "郵便番号（親番号）は、この届出では必須"),
    ("2200700", {"c23": "0260001"}, "合計になっていません"),
    ("2200700", {"c24": "1"}, "70歳に達する前"),
    ("2200700", {"c12": "2"}, "1、3、4、6、7"),
    ("2200700", {"c14": "3"}, "備考欄）は、この届出では必須"),
    ("2201700", {"c15": "080831"}, "翌日"),
    ("2201700", {"c12": "", "c13": ""}, "基礎年金番号（課所符号）は、この届出では必須"),
    ("2201700", {"c16": "7", "c17": "", "c18": ""}, "75歳"),
    ("2201700", {"c24": "1", "c25": "9", "c26": "080901"}, "不該当年月日は退職日"),
    ("2225700", {"c12": "08"}, "09"),
    ("2225700", {"c25": "16"}, "総計"),
    ("2225700", {"c38": "0260001"}, "平均額"),
    ("2225700", {"c27": "32"}, "00から31"),
    ("2225700", {"c40": "123456789012"}, "省略します"),
    ("2221700", {"c24": "10"}, "連続する3か月"),
    ("2221700", {"c12": "11"}, "翌月"),
    ("2221700", {"c25": "16"}, "17から31"),
    ("2200700", {"c13": "123456789012"}, "個人番号の検査用数字"),
    ("2202700", {"c14": "123456789013"}, "被保険者の個人番号の検査用数字"),
    ("2202700", {"c29": "123456789013"}, "配偶者 個人番号の検査用数字"),
    ("2202700", {"c78": "000000000001"}, "その他の被扶養者１ 個人番号の検査用数字"),
    ("2202700", {"c14": ""}, "必須"),
    ("2202700", {"c26": "", "c27": ""}, "生年月日は必須"),
    ("2202700", {"c21": "2"}, "被保険者の収入は、この届出では省略"),
]


@pytest.mark.parametrize(("code", "changes", "reason"), ROWS)
def test_fields(api: httpx.Client, code: str, changes: dict[str, str], reason: str) -> None:
    assert reason in sent(api, code, csv_bytes(code, [line(code, **changes)]))


def test_a_number_is_not_repeated_in_a_report(api: httpx.Client) -> None:
    raw = csv_bytes("2202700", [line("2202700", c14="123456789013")])
    assert "123456789013" not in sent(api, "2202700", raw)
    body = leaving(api, "X-PRACTICE-10191").fill({"個人番号": "123456789013"}).body()
    answer = api.post("/apply", json=body)
    assert answer.status_code == 400
    assert "個人番号の検査用数字が一致しません。" in answer.text
    assert "123456789013" not in answer.text
    good = leaving(api, "X-PRACTICE-10191").fill({"個人番号": "123456789018"}).body()
    assert api.post("/apply", json=good).status_code == 200


def test_days_of_part_timers(api: httpx.Client) -> None:
    part = {"c25": "16", "c26": "15", "c27": "14", "c50": "1", "c37": "520000"}
    good = pension(api, "2225700", csv_bytes("2225700", [line("2225700", **part)]))
    assert api.post("/apply", json=good.body()).status_code == 200
    short = part | {"c50": "", "c49": "1", "c37": "780000"}
    good = pension(api, "2225700", csv_bytes("2225700", [line("2225700", **short)]))
    assert api.post("/apply", json=good.body()).status_code == 200
    assert "総計" in sent(api, "2225700", csv_bytes("2225700", [line("2225700", **part, c49="1")]))


def test_file_name_and_cover(api: httpx.Client) -> None:
    bundle = pension(api, "2265700")
    bundle.extra["shfd0006.csv"] = bundle.extra.pop("SHFD0006.CSV")
    assert "SHFD0006.CSV がありません" in contents(api.post("/apply", json=bundle.body()))
    assert "提出件数" in sent(api, "2265700", csv_bytes("2265700"), count=2)
    wrong = pension(api, "2265700").fill({"事業所番号": "124"})
    assert "総括票の事業所番号" in contents(api.post("/apply", json=wrong.body()))


def decided(api: httpx.Client, town: TownProcess, code: str, rows: list[str]) -> list[str]:
    bundle = pension(api, code, csv_bytes(code, rows), len(rows))
    number = api.post("/apply", json=bundle.body()).json()["results"]["arrive_id"]
    town.advance(number, "審査終了")
    (row,) = api.get(f"/apply/{number}").json()["results"]["official_list"]
    answer = api.get(f"/official_document/{number}/{row['notice_sub_id']}").json()["results"]
    doc = etree.fromstring(unzipped(answer["file_data"])["0000-RENSHU-001.xml"])
    assert doc.findtext("BODY/TITLE") == row["doc_title"]
    return [str(p.text) for p in doc.iterfind("BODY/MAINTXT2/MT2TEXT/P")]


def test_decision_on_yearly_notice(api: httpx.Client, town: TownProcess) -> None:
    high = {f"c{n}": "0900000" for n in (28, 29, 30, 34, 35, 36)} | {"c37": "2700000"}
    rows = [line("2225700"), line("2225700", c5="13", c38="0900000", **high)]
    lines = decided(api, town, "2225700", rows)
    assert "事業所整理記号　21-01-ｹｲﾄ" in lines
    first = lines.index("被保険者整理番号　12")
    assert lines[first : first + 7] == [
        "被保険者整理番号　12",
        "被保険者氏名　年金　太郎",
        "被保険者氏名フリガナ　ﾈﾝｷﾝ ﾀﾛｳ",
        "生年月日　平成7年4月1日",
        "適用年月　令和8年9月",
        "標準報酬月額（健康保険）　260千円",
        "標準報酬月額（厚生年金保険）　260千円",
    ]
    assert lines[-2:] == [
        "標準報酬月額（健康保険）　880千円",
        "標準報酬月額（厚生年金保険）　650千円",
    ]


def test_office_may_decide_otherwise(api: httpx.Client, town: TownProcess) -> None:
    town.control("POST", "decisions", {"12": 1})
    lines = decided(api, town, "2225700", [line("2225700")])
    assert lines[-2:] == [
        "標準報酬月額（健康保険）　280千円",
        "標準報酬月額（厚生年金保険）　280千円",
    ]


@pytest.mark.parametrize(
    ("code", "last"),
    [
        ("2200700", "標準報酬月額（厚生年金保険）　260千円"),
        ("2201700", "資格喪失年月日　令和8年9月1日"),
        ("2221700", "標準報酬月額（厚生年金保険）　300千円"),
        ("2265700", "標準賞与額（厚生年金保険）　500千円"),
        ("2202700", "異動の別　該当"),
    ],
)
def test_decision_on_other_notices(
    api: httpx.Client, town: TownProcess, code: str, last: str
) -> None:
    assert decided(api, town, code, [BY_CODE[code]])[-1] == last


def test_grades_are_those_of_the_law(api: httpx.Client, town: TownProcess, shared: Path) -> None:
    table = (shared / "samples" / "social" / "standard_remuneration.csv").read_text("utf-8")
    rows = [row.split(",") for row in table.splitlines()[1:]]
    health = [(int(r[3] or 1000), int(r[2])) for r in rows if r[0] == "kenpo"]
    lines = [
        line("2200700", c6=str(n), c21=str(pay), c22="0", c23=str(pay))
        for n, (pay, _) in enumerate(health, 1)
    ]
    found = decided(api, town, "2200700", lines)
    kept = [text for text in found if text.startswith("標準報酬月額（健康保険）")]
    assert kept == [f"標準報酬月額（健康保険）　{amount // 1000}千円" for _, amount in health]
    assert len(PROCEDURES) == 6
    assert len(api.get("/apply/lists", params=period()).json()["results"]["apply_list"]) == 1


def test_thousand_people(api: httpx.Client, town: TownProcess) -> None:
    rows = [line("2225700", c5=str(n)) for n in range(1, 1001)]
    assert HEAD[-1] == "[data]"
    lines = decided(api, town, "2225700", rows)
    assert lines.count("標準報酬月額（健康保険）　260千円") == 1000
