"""The corporate-number connector against the real sample and against answers it must not take."""

from __future__ import annotations

import csv
from datetime import date, datetime

import httpx
import pytest

from app.domain.clock import JST
from app.domain.errors import BadInput, NoAnswer, Refused, Unreachable
from app.facts.record import Origin
from app.services.connectors.houjin_bangou import (
    ATTRIBUTION,
    NOT_FOUND,
    HoujinBangou,
    RegisterEntry,
    register_pace,
    to_records,
)
from app.services.wire import Busy, Wire

NUMBER = "1290001089235"
COLUMNS = [
    "sequenceNumber",
    "corporateNumber",
    "process",
    "correct",
    "updateDate",
    "changeDate",
    "name",
    "nameImageId",
    "kind",
    "prefectureName",
    "cityName",
    "streetNumber",
    "addressImageId",
    "prefectureCode",
    "cityCode",
    "postCode",
    "addressOutside",
    "addressOutsideImageId",
    "closeDate",
    "closeCause",
    "successorCorporateNumber",
    "changeCause",
    "assignmentDate",
    "latest",
    "enName",
    "enPrefectureName",
    "enCityName",
    "enAddressOutside",
    "furigana",
    "hihyoji",
]


def xml(*rows: dict[str, str], count: str | None = None, head: str = "") -> bytes:
    """An answer of type 12 as the sample writes it."""
    plain = {
        "sequenceNumber": "1", "corporateNumber": NUMBER, "process": "01", "correct": "0",
        "updateDate": "2020-06-24", "changeDate": "2020-06-24", "name": "株式会社リクメディア",
        "kind": "301", "prefectureName": "福岡県", "cityName": "福岡市中央区",
        "streetNumber": "天神１", "prefectureCode": "40", "cityCode": "133", "postCode": "8100001",
        "assignmentDate": "2020-06-24", "latest": "1", "furigana": "リクメディア", "hihyoji": "0",
    }  # fmt: skip
    parts = [
        "<corporation>"
        + "".join(f"<{c}>{(plain | row).get(c, '')}</{c}>" for c in COLUMNS)
        + "</corporation>"
        for row in rows
    ]
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}<corporations>'
        f"<lastUpdateDate>2020-08-20</lastUpdateDate><count>{count or len(rows)}</count>"
        f"<divideNumber>1</divideNumber><divideSize>1</divideSize>{''.join(parts)}</corporations>"
    ).encode()


def register(body: bytes = b"", status: int = 200, kind: str = "application/xml", **more):
    seen: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(status, content=body, headers={"Content-Type": kind})

    wire = Wire(practice=False, door="国税庁", transport=httpx.MockTransport(handle), **more)
    return HoujinBangou(wire, "https://api.houjin-bangou.nta.go.jp/4/", "K3YK3YK3YK3YK"), seen


def test_the_real_sample_is_read_whole(shared):
    sample = (shared / "samples/houjin_bangou/name_v4_type12.xml").read_bytes()
    door, seen = register(sample)
    entry = door.by_number("T1290-0010-89235")
    assert str(seen[0].url) == (
        "https://api.houjin-bangou.nta.go.jp/4/num"
        "?id=K3YK3YK3YK3YK&number=1290001089235&type=12&history=0"
    )
    assert entry == RegisterEntry(
        sequence_number="1", corporate_number=NUMBER, process="01", correct="0",
        update_date=date(2020, 6, 24), change_date=date(2020, 6, 24), name="株式会社リクメディア",
        name_image_id="", kind="301", prefecture_name="福岡県", city_name="福岡市中央区",
        street_number="天神１", address_image_id="", prefecture_code="40", city_code="133",
        post_code="8100001", address_outside="", address_outside_image_id="", close_date=None,
        close_cause="", successor_corporate_number="", change_cause="",
        assignment_date=date(2020, 6, 24), latest="1", en_name="", en_prefecture_name="",
        en_city_name="", en_address_outside="", furigana="リクメディア", hihyoji="0",
        last_update_date=date(2020, 8, 20),
    )  # fmt: skip
    assert entry.address == "福岡県福岡市中央区天神１"
    assert entry.municipality_code == "40133"
    assert (entry.closed, entry.notice) == (False, "")


def test_every_real_row_is_read_as_it_stands(shared):
    """205 real rows of a difference file, told as XML and read back field by field."""
    file = shared / "samples/houjin_bangou/diff_20210714_stratified.csv"
    rows = [r for r in csv.reader(file.read_text("utf-8").splitlines()) if len(r) == 30]
    assert len(rows) > 200
    closed = 0
    for row in rows:
        told = {
            c: v.replace("&", "&amp;").replace("<", "&lt;")
            for c, v in zip(COLUMNS, row, strict=True)
        }
        door, _ = register(xml(told))
        entry = door.by_number(row[1])
        assert entry is not None
        assert [
            v.isoformat() if isinstance(v, date) else (v or "")
            for k, v in vars(entry).items()
            if k != "last_update_date"
        ] == [v.strip() for v in row]
        closed += entry.closed
        records = to_records(entry, datetime(2026, 7, 3, tzinfo=JST))
        assert {r.path: r.value for r in records}["company.name"] == entry.name
        assert "company.established_on" not in {r.path for r in records}
    assert closed > 3


def test_records_say_where_they_come_from():
    door, _ = register(xml({}))
    entry = door.by_number(NUMBER)
    assert entry is not None
    at = datetime(2026, 7, 3, 13, 42, tzinfo=JST)
    records = {r.path: r for r in to_records(entry, at)}
    assert {p: r.value for p, r in records.items()} == {
        "company.corporate_number": NUMBER,
        "company.name": "株式会社リクメディア",
        "company.kana": "リクメディア",
        "company.kind": "301",
        "company.head_office.postal_code": "8100001",
        "company.head_office.prefecture_code": "40",
        "company.head_office.prefecture": "福岡県",
        "company.head_office.city_code": "133",
        "company.head_office.city": "福岡市中央区",
        "company.head_office.street": "天神１",
    }
    kana = records["company.kana"]
    assert kana.origin is Origin.REGISTER
    assert kana.recorded_at == at
    assert kana.valid_from == date(2020, 6, 24)
    assert kana.locator == {
        "service": "houjin_bangou", "number": NUMBER, "element": "furigana",
        "fetched": at.isoformat(), "updated": "2020-06-24",
    }  # fmt: skip
    assert records["company.kind"].source_text == "株式会社"


def test_every_path_is_one_of_the_catalogue(resources):
    from app.facts.catalogue import load_catalogue

    catalogue = load_catalogue(resources)
    door, _ = register(
        xml({"enName": "Riku", "addressOutside": "1 Main St", "closeDate": "2021-07-01"})
    )
    entry = door.by_number(NUMBER)
    assert entry is not None
    for record in to_records(entry, datetime(2026, 7, 3, tzinfo=JST)):
        assert catalogue.definition(record.path), record.path


def test_a_closed_company_is_said():
    door, _ = register(
        xml(
            {
                "closeDate": "2021-07-07",
                "closeCause": "11",
                "successorCorporateNumber": "7000012050002",
            }
        )
    )
    entry = door.by_number(NUMBER)
    assert entry is not None
    assert entry.closed
    assert "2021年7月7日に閉じられています(合併による解散等)" in entry.notice
    assert "7000012050002" in entry.notice
    door, _ = register(xml({"process": "99"}))
    deleted = door.by_number(NUMBER)
    assert deleted is not None
    assert deleted.closed
    assert "削除" in deleted.notice


def test_the_newest_of_several_rows_counts():
    old = {"latest": "0", "name": "旧社名株式会社", "updateDate": "2022-01-01"}
    door, _ = register(xml(old, {}, old))
    entry = door.by_number(NUMBER)
    assert entry is not None
    assert entry.name == "株式会社リクメディア"


def test_no_such_company_and_another_company():
    door, _ = register(xml())
    assert door.by_number(NUMBER) is None
    door, _ = register(xml({"corporateNumber": "7000012050002"}))
    assert door.by_number(NUMBER) is None, "an answer about another number is no answer to this one"
    assert "見つかりません" in NOT_FOUND


@pytest.mark.parametrize("number", ["", "129000108923", "1290001089236", "abc", "2710100718279"])
def test_a_number_that_cannot_be_one_is_never_asked(number):
    door, seen = register(xml({}))
    with pytest.raises(BadInput):
        door.by_number(number)
    assert seen == []


@pytest.mark.parametrize(
    ("status", "body", "kind", "code", "word"),
    [
        (404, b"", Refused, "register-id", "アプリケーションID"),
        (400, b"040,\xe6\xb3\x95\xe4\xba\xba", Refused, "register-refused", "(コード 040)"),
        (400, b"<html>1290001089235</html>", Refused, "register-refused", "見くらべて"),
        (500, b"", NoAnswer, "register-trouble", "時間をおいて"),
        (503, b"", NoAnswer, "register-trouble", "時間をおいて"),
    ],
)
def test_what_the_register_refuses(status, body, kind, code, word):
    door, _ = register(body, status, "text/plain")
    with pytest.raises(kind) as fault:
        door.by_number(NUMBER)
    assert fault.value.code == code
    assert word in fault.value.sentence
    assert "K3Y" not in str(fault.value)


def test_too_often_waits(clock):
    pace = register_pace()
    door, seen = register(b"", 403, clock=clock, pace=pace)
    for _ in range(2):
        with pytest.raises(Busy) as fault:
            door.by_number(NUMBER)
        assert fault.value.seconds == 30
    assert len(seen) == 1
    another, unseen = register(xml({}), clock=clock, pace=pace)
    with pytest.raises(Busy):
        another.by_number(NUMBER)
    assert unseen == [], "a second wire with the same pace keeps away too"


def test_too_often_is_said_even_without_a_pace():
    door, _ = register(b"", 403)
    with pytest.raises(Unreachable) as fault:
        door.by_number(NUMBER)
    assert fault.value.code == "register-busy"


def test_without_an_application_id_nothing_is_asked():
    wire = Wire(practice=False, transport=httpx.MockTransport(lambda _: httpx.Response(500)))
    with pytest.raises(Refused) as fault:
        HoujinBangou(wire, "https://api.houjin-bangou.nta.go.jp/4", " ").by_number(NUMBER)
    assert fault.value.code == "register-id-missing"


BOMB = (
    '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not xml",
        xml({})[:-20],
        xml({}, count="2"),
        xml({}, count="x"),
        xml({"updateDate": ""}),
        xml({"updateDate": "yesterday"}),
        xml({"closeDate": "2021-02-30"}),
        xml({"name": ""}),
        xml({"name": "<b>株式会社</b>"}),
        xml({"name": "&c;"}, head=BOMB),
        xml({}, head="<!DOCTYPE x>"),
        xml({}, head='<!DOCTYPE x SYSTEM "file:///etc/passwd">'),
        xml({"name": "&x;"}, head='<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
        xml({"furigana": "ア</furigana><furigana>イ"}),
        xml({}).replace(b"corporations", b"other"),
    ],
)
def test_an_answer_of_another_shape_is_not_half_taken(body):
    door, _ = register(body)
    with pytest.raises(NoAnswer):
        door.by_number(NUMBER)


def test_html_in_place_of_xml_is_not_read():
    door, _ = register(b"<html/>", kind="text/html")
    with pytest.raises(NoAnswer):
        door.by_number(NUMBER)


def test_the_attribution_is_whole():
    assert ATTRIBUTION.startswith(
        "国税庁法人番号システムWeb-API機能を利用して取得した情報をもとに作成"
    )
    assert ATTRIBUTION.endswith("保証されたものではない")
