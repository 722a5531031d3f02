"""The practice corporate-number Web-API against the real answer's shape and the real rows."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import httpx
import pytest
from lxml import etree

from tests.sandbox.town_process import TownProcess

NUMBER = "1011001141756"


@pytest.fixture
def ask(town: TownProcess, web: httpx.Client):  # type: ignore[no-untyped-def]
    def call(endpoint: str, **params: object) -> httpx.Response:
        query = {"id": town.endpoints["application_id"], **params}
        return web.get(f"{town.endpoints['houjin_bangou']}/{endpoint}", params=query)  # type: ignore[arg-type]

    return call


def names_of(answer: httpx.Response) -> list[str]:
    root = etree.fromstring(answer.content)
    return [str(item.findtext("name")) for item in root.iter("corporation")]


def test_xml_has_the_order_of_the_real_answer(ask, shared: Path) -> None:  # type: ignore[no-untyped-def]
    answer = ask("num", number=NUMBER, type="12")
    path = shared / "samples" / "houjin_bangou" / "name_v4_type12.xml"
    real = [element.tag for element in etree.parse(str(path)).getroot().iter()]
    root = etree.fromstring(answer.content)
    assert [element.tag for element in root.iter()] == real
    assert root.findtext("corporation/name") == "株式会社Ｃｈｉｍｎｅｙ　Ｃｏｆｆｅｅ"
    assert root.findtext("corporation/furigana") == "チムニーコーヒー"
    assert root.findtext("count") == "1"


def test_rows_are_the_published_ones(ask, shared: Path) -> None:  # type: ignore[no-untyped-def]
    path = shared / "samples" / "houjin_bangou" / "diff_20210714_stratified.csv"
    real = list(csv.reader(io.StringIO(path.read_text("utf-8"))))
    for row in real[::20]:
        answer = ask("num", number=row[1], type="02", history="1")
        lines = list(csv.reader(io.StringIO(answer.text)))
        assert row[1:] in [line[1:] for line in lines[1:]]


def test_csv_in_shift_jis(ask) -> None:  # type: ignore[no-untyped-def]
    answer = ask("num", number=NUMBER, type="01")
    head, row = answer.content.decode("cp932").splitlines()
    assert head.split(",")[1:] == ["1", "1", "1"]
    assert len(next(csv.reader([row]))) == 30


def test_unknown_number_gives_none(ask) -> None:  # type: ignore[no-untyped-def]
    assert names_of(ask("num", number="7000012050002", type="12")) == []


def test_several_numbers(ask) -> None:  # type: ignore[no-untyped-def]
    answer = ask("num", number=f"{NUMBER},1013301004097", type="12")
    assert len(names_of(answer)) == 2


@pytest.mark.parametrize(
    ("endpoint", "params", "code"),
    [
        ("num", {"type": "12"}, "040"),
        ("num", {"type": "12", "number": ",".join([NUMBER] * 11)}, "041"),
        ("num", {"type": "12", "number": "101100114175"}, "042"),
        ("num", {"type": "12", "number": "2011001141756"}, "043"),
        ("num", {"number": NUMBER}, "070"),
        ("num", {"number": NUMBER, "type": "11"}, "071"),
        ("num", {"number": NUMBER, "type": "12", "history": "2"}, "080"),
        ("name", {"type": "12"}, "100"),
        ("name", {"type": "12", "name": "あ" * 151}, "101"),
        ("name", {"type": "12", "name": "株", "mode": "3"}, "110"),
        ("name", {"type": "12", "name": "株", "target": "4"}, "111"),
        ("name", {"type": "12", "name": "株", "address": "113"}, "051"),
        ("name", {"type": "12", "name": "株", "kind": "05"}, "060"),
        ("name", {"type": "12", "name": "株", "from": "2015-10-04"}, "152"),
        ("name", {"type": "12", "name": "株", "from": "2015/10/05"}, "151"),
        ("name", {"type": "12", "name": "株", "from": "20260703"}, "151"),
        ("name", {"type": "12", "name": "株", "divide": "0"}, "090"),
        ("name", {"type": "12", "name": "株", "divide": "99"}, "091"),
        ("diff", {"type": "12"}, "010"),
        ("diff", {"type": "12", "from": "2021-07-14"}, "010"),
        ("diff", {"type": "12", "from": "2021/07/14", "to": "2021-07-14"}, "011"),
        ("diff", {"type": "12", "from": "2021-05-01", "to": "2021-07-14"}, "012"),
        ("diff", {"type": "12", "from": "2021-07-15", "to": "2021-07-14"}, "012"),
        ("diff", {"type": "12", "from": "2015-11-30", "to": "2015-12-01"}, "013"),
        ("diff", {"type": "12", "from": "2021-07-14", "to": "2021-07-14", "kind": "05"}, "060"),
        ("diff", {"from": "2021-07-14", "to": "2021-07-14"}, "070"),
    ],
)
def test_codes(ask, endpoint: str, params: dict[str, str], code: str) -> None:  # type: ignore[no-untyped-def]
    answer = ask(endpoint, **params)
    assert answer.status_code == 400
    assert answer.text.startswith(f"{code},")


def test_name_search(ask) -> None:  # type: ignore[no-untyped-def]
    prefix = names_of(ask("name", name="キッズシーズ", type="12"))
    assert prefix == ["キッズシーズ株式会社"]
    assert names_of(ask("name", name="シーズ", type="12")) == []
    assert "キッズシーズ株式会社" in names_of(ask("name", name="シーズ", type="12", mode="2"))
    assert names_of(ask("name", name="きっずしーず", type="12")) == prefix
    assert names_of(ask("name", name="きっずしーず", type="12", target="2")) == []
    everything = names_of(ask("name", name="株式会社", type="12", mode="2"))
    tokyo = names_of(ask("name", name="株式会社", type="12", mode="2", address="13"))
    shibuya = names_of(ask("name", name="株式会社", type="12", mode="2", address="13113"))
    assert len(everything) > len(tokyo) > len(shibuya) > 0
    still_open = names_of(ask("name", name="株式会社", type="12", mode="2", close="0"))
    assert len(still_open) < len(everything)


def test_unknown_application_and_rate_limit(ask, town: TownProcess) -> None:  # type: ignore[no-untyped-def]
    assert ask("num", id="AAAAAAAAAAAAA", number=NUMBER, type="12").status_code == 404
    town.control("POST", "houjin", {"limit": 3})
    statuses = [ask("num", number=NUMBER, type="12").status_code for _ in range(4)]
    assert statuses[-1] == 403
    town.clock(61)
    assert ask("num", number=NUMBER, type="12").status_code == 200


def test_get_only(town: TownProcess, web: httpx.Client) -> None:
    assert web.post(f"{town.endpoints['houjin_bangou']}/num").status_code == 405


def test_changes_of_a_period(ask, shared: Path) -> None:  # type: ignore[no-untyped-def]
    path = shared / "samples" / "houjin_bangou" / "diff_20210714_stratified.csv"
    real = list(csv.reader(io.StringIO(path.read_text("utf-8"))))
    days = {"from": "2021-07-01", "to": "2021-07-31", "type": "02"}
    head, *rows = csv.reader(io.StringIO(ask("diff", **days).text))
    wanted = [row for row in real if row[4].startswith("2021-07")]
    assert int(head[1]) == len(rows) >= len(wanted) > 0
    assert {tuple(row[1:]) for row in wanted} <= {tuple(row[1:]) for row in rows}
    assert [row[4] for row in rows] == sorted(row[4] for row in rows)
    tokyo = list(csv.reader(io.StringIO(ask("diff", **days, address="13").text)))[1:]
    assert tokyo
    assert {row[13] for row in tokyo} == {"13"}
    assert (
        names_of(ask("diff", **{**days, "from": "2016-01-01", "to": "2016-01-31", "type": "12"}))
        == []
    )
