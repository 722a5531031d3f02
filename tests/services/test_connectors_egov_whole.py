"""All thirty endpoints of the reference, each as one exact request, and what its answer gives."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from app.domain.errors import BadInput, NoAnswer, Refused
from app.services.connectors.egov import Egov, Share
from tests.services.egov_door import (
    ARRIVE,
    FIRST,
    LAST,
    PROC,
    RECEIPT,
    ZIP,
    Door,
    b64,
    case_item,
    good,
    problem,
)

SEND = "202607031342271234"
PAY = "1234567890123456"
DAYS = {"date_from": "2026-07-01", "date_to": "2026-07-03"}
PAGED = DAYS | {"limit": "50", "offset": "1"}
FILE = {"file_name": "a.zip", "file_data": b64(ZIP)}
MAIL = "keiri@example.co.jp"
SHARE = {
    "gbiz_id": MAIL,
    "official_doc_permission": "DOWNLOAD",
    "post_doc_permission": "READ",
}
FEE = {
    "pay_number": PAY, "confirm_number": "123456", "facility_number": "00100",
    "pay_name_kana": "カ）ミナト", "total_fee": 15000, "pay_expired": "2026-08-01",
    "pay_status": "納付待ち", "pay_date": "-", "pay_memo": "", "pay_flag": True,
}  # fmt: skip
CHECKED = {"message": "なし", "error_count": 0}
SKELETON = {
    "file_data": b64(ZIP), "configuration_file_name": ["kousei.xml"],
    "file_info": [{"form_id": "495000020325029841", "form_version": 3, "apply_file_name": "a.xml"}],
}  # fmt: skip
VERIFIED = {"verify_result": [{"official": {"validation_result": "OK"}}]}
PAGE = {
    "URL": "https://bank.example.jp/pay", "facility_number": "00100",
    "treasury_money_code": "1", "parameter_tag_name": "bptn", "information_link_data": b64(b"x"),
}  # fmt: skip


def rows_of(key: str, *items: object) -> httpx.Response:
    return good({key: list(items)}, resultset={"all_count": len(items)})


# (name of the reference, call, method, path, query, body, answer)
Ask = Callable[[Egov], Any]
ENDPOINTS: dict[str, tuple[Ask, str, str, dict[str, str], object, httpx.Response]] = {
    "01 procedure": (
        lambda e: e.procedure(PROC), "GET", f"/procedure/{PROC}", {}, None, good(SKELETON)
    ),
    "02 preprint": (
        lambda e: e.preprint(
            PROC, "495000020325029841", "0003", b"<a/>", {"労働保険番号": "13101234567000"}
        ),
        "POST", "/preprint", {},
        {
            "proc_id": PROC, "form_id": "495000020325029841", "form_version": 3,
            "file_data": b64(b"<a/>"),
            "application_info": [{"label": "労働保険番号", "value": "13101234567000"}],
        },
        good({"apply_file": {"file_name": "a_01.xml", "file_data": b64(b"<b/>")}}),
    ),
    "03 apply": (
        lambda e: e.apply(PROC, "a.zip", ZIP),
        "POST", "/apply", {}, {"proc_id": PROC, "send_file": FILE}, good(RECEIPT),
    ),
    "04 bulk-apply": (
        lambda e: e.bulk_apply("a.zip", ZIP),
        "POST", "/bulk-apply", {}, {"send_file": FILE},
        httpx.Response(202, json={"metadata": {}, "results": {
            "send_number": SEND, "send_date": "2026-07-03 13:42:27", "file_name": "a.zip",
            "apply_count": 40,
        }}),
    ),
    "05 amend": (
        lambda e: e.amend(ARRIVE, "a.zip", ZIP),
        "POST", "/apply/amend", {}, {"arrive_id": ARRIVE, "send_file": FILE},
        good({"arrive_id": ARRIVE, "amend_date": "2026-07-03 13:42:27"}),
    ),
    "06 withdraw": (
        lambda e: e.withdraw(ARRIVE, "a.zip", ZIP),
        "POST", "/apply/withdraw", {}, {"arrive_id": ARRIVE, "send_file": FILE},
        good({"arrive_id": ARRIVE, "withdraw_date": "2026-07-03 13:42:27"}),
    ),
    "07 check": (
        lambda e: e.check(PROC, "a.zip", ZIP),
        "POST", "/apply/check", {}, {"proc_id": PROC, "send_file": FILE}, good(CHECKED),
    ),
    "08 lists by day": (
        lambda e: e.cases(FIRST, LAST), "GET", "/apply/lists", PAGED, None,
        rows_of("apply_list", case_item(apply_pay_list=[FEE])),
    ),
    "08 lists by send": (
        lambda e: e.cases_of_send(SEND), "GET", "/apply/lists",
        {"send_number": SEND, "limit": "50", "offset": "1"}, None,
        rows_of("apply_list", case_item()),
    ),
    "09 case": (
        lambda e: e.case(ARRIVE), "GET", f"/apply/{ARRIVE}", {}, None, good(case_item())
    ),
    "10 report by day": (
        lambda e: e.reports(FIRST, LAST), "GET", "/apply/report", DAYS | {"limit": "30", "offset": "1"},
        None, rows_of("error_report_info", {"send_number": SEND}),
    ),
    "10 report by send": (
        lambda e: e.reports_of_send(SEND), "GET", "/apply/report",
        {"send_number": SEND, "limit": "30", "offset": "1"},
        None, rows_of("error_report_info", {"send_number": SEND}),
    ),
    "11 messages": (
        lambda e: e.messages(FIRST, LAST), "GET", "/message/lists", PAGED, None,
        rows_of("information_list", {"information_id": "17"}),
    ),
    "12 message": (
        lambda e: e.message("17"), "GET", "/message/17", {}, None,
        good({"information": {"information_id": "17"}}),
    ),
    "13 notices": (
        lambda e: e.notices(FIRST, LAST), "GET", "/notice/lists", PAGED, None,
        rows_of("notice_list", {"arrive_id": ARRIVE, "notice_sub_id": 1}),
    ),
    "14 notice": (
        lambda e: e.notice(ARRIVE, 1), "GET", f"/notice/{ARRIVE}/1", {}, None,
        good({"notice": {"arrive_id": ARRIVE, "notice_sub_id": 1}}),
    ),
    "15 official document": (
        lambda e: e.official_document(ARRIVE, 2), "GET", f"/official_document/{ARRIVE}/2", {}, None,
        good({"file_data": b64(ZIP), "file_name_list": ["a.xml"]}),
    ),
    "16 document done": (
        lambda e: e.document_done(ARRIVE, 2), "POST", "/official_document", {},
        {"arrive_id": ARRIVE, "notice_sub_id": 2},
        good({"arrive_id": ARRIVE, "notice_sub_id": 2}),
    ),
    "17 verify": (
        lambda e: e.verify("a.zip", ZIP, "a.xml"), "POST", "/official_document/verify", {},
        FILE | {"sig_verification_xml_file_name": "a.xml"}, good(VERIFIED),
    ),
    "18 banks": (
        lambda e: e.payments.banks(), "GET", "/payment/lists", {}, None,
        good({"bank_list": {"shinkin_bank": {"bank": [{"financial_name": "港信用金庫"}]}}}),
    ),
    "19 fees": (
        lambda e: e.payments.fees(ARRIVE), "GET", f"/payment/{ARRIVE}", {}, None,
        good({"arrive_id": ARRIVE, "proc_name": "登録", "apply_pay_list": [FEE]}),
    ),
    "20 bank page": (
        lambda e: e.payments.bank_page(PROC, ARRIVE, PAY, "港銀行"), "POST", "/payment", {},
        {"proc_id": PROC, "arrive_id": ARRIVE, "pay_number": PAY, "bank_name": "港銀行"}, good(PAGE),
    ),
    "21 post-apply": (
        lambda e: e.deliveries.apply(PROC, "a.zip", ZIP), "POST", "/post-apply", {},
        {"proc_id": PROC, "send_file": FILE}, good(RECEIPT),
    ),
    "22 post-apply case": (
        lambda e: e.deliveries.case(ARRIVE), "GET", f"/post-apply/{ARRIVE}", {}, None,
        good(case_item()),
    ),
    "23 post lists": (
        lambda e: e.deliveries.list(FIRST, LAST), "GET", "/post/lists", PAGED, None,
        rows_of("post_list", {
            "ministry_message_id": "m1", "title": "お知らせ",
            "notice_data_list": [{"post_id": "p-1", "download_expired_date": "2026-10-01"}],
        }),
    ),
    "24 letter": (
        lambda e: e.deliveries.letter("p-1"), "GET", "/post/p-1", {}, None,
        good({"notice_data_name": "通知", "file_data": b64(ZIP), "file_name_list": ["a.xml"]}),
    ),
    "25 letter done": (
        lambda e: e.deliveries.done("p-1"), "POST", "/post", {}, {"post_id": "p-1"},
        good({"post_id": "p-1", "download_date": "2026-07-03"}),
    ),
    "26 shares": (
        lambda e: e.sharing.list(), "GET", "/share-setting/lists", {}, None,
        good({"share_setting_list": [SHARE]}),
    ),
    "27 share": (
        lambda e: e.sharing.add(Share(MAIL, "DOWNLOAD", "READ")),
        "POST", "/share-setting", {}, SHARE, good(SHARE),
    ),
    "28 change": (
        lambda e: e.sharing.change(Share(MAIL, "DOWNLOAD", "READ")),
        "PUT", "/share-setting", {}, SHARE, good(SHARE),
    ),
    "29 remove": (
        lambda e: e.sharing.remove(MAIL), "DELETE", "/share-setting", {}, {"gbiz_id": MAIL},
        good({"gbiz_id": MAIL}),
    ),
    "30 answer": (
        lambda e: e.sharing.answer(MAIL, accept=False), "POST", "/share-confirmation", {},
        {"gbiz_id": MAIL, "share_acceptance": "DENY"},
        good({"gbiz_id": MAIL, "share_acceptance": "DENY"}),
    ),
}  # fmt: skip
FILES_SOMETHING = [
    "03 apply", "04 bulk-apply", "05 amend", "06 withdraw", "21 post-apply", "27 share",
    "28 change", "29 remove", "30 answer",
]  # fmt: skip


def test_the_table_has_all_thirty() -> None:
    assert sorted({name[:2] for name in ENDPOINTS}) == [f"{n:02d}" for n in range(1, 31)]


@pytest.mark.parametrize("name", ENDPOINTS)
def test_the_exact_request(name: str) -> None:
    ask, method, path, query, body, answer = ENDPOINTS[name]
    door = Door(answer)
    ask(door.egov)
    (request,) = door.seen
    assert (request.method, request.url.path) == (method, f"/shinsei/v2{path}")
    assert dict(request.url.params) == query
    assert request.headers["authorization"] == "Bearer T0KEN"
    assert "x-egovapi-trial" not in request.headers
    if body is None:
        assert request.content == b""
    else:
        assert request.headers["content-type"] == "application/json"
        assert json.loads(request.content) == body


@pytest.mark.parametrize("name", ENDPOINTS)
def test_a_refusal_carries_the_report(name: str) -> None:
    item = {"form_name": "-", "file_name": "kousei.xml", "item": "郵便番号", "content": "半角"}
    door = Door(problem(400, report_list=[item]))
    with pytest.raises(Refused) as refused:
        ENDPOINTS[name][0](door.egov)
    assert refused.value.items == (("kousei.xml", "郵便番号", "半角"),)
    assert len(door.seen) == 1


@pytest.mark.parametrize("name", FILES_SOMETHING)
@pytest.mark.parametrize(
    "lost", [httpx.ReadTimeout("slow"), httpx.RemoteProtocolError("gone"), httpx.Response(502)]
)
def test_what_files_something_is_never_sent_twice(name: str, lost: object) -> None:
    door = Door(lost)
    with pytest.raises(NoAnswer) as unknown:
        ENDPOINTS[name][0](door.egov)
    assert len(door.seen) == 1
    assert "もう一度は送ら" in unknown.value.sentence


@pytest.mark.parametrize(
    ("ask", "name"),
    [
        (lambda e: e.apply(PROC, "a.zip", ZIP, trial=True), "03 apply"),
        (lambda e: e.bulk_apply("a.zip", ZIP, trial=True), "04 bulk-apply"),
        (lambda e: e.amend(ARRIVE, "a.zip", ZIP, trial=True), "05 amend"),
        (lambda e: e.withdraw(ARRIVE, "a.zip", ZIP, trial=True), "06 withdraw"),
        (lambda e: e.deliveries.apply(PROC, "a.zip", ZIP, trial=True), "21 post-apply"),
    ],
)
def test_a_trial_says_so(ask: Ask, name: str) -> None:
    door = Door(ENDPOINTS[name][-1])
    ask(door.egov)
    assert door.seen[0].headers["x-egovapi-trial"] == "true"


def test_a_bulk_refusal_names_each_folder() -> None:
    error = [{"errorFolder": f"{PROC}(1)/", "errorFile": "-", "content": "構成管理がない"}]
    door = Door(problem(400, error_count=1, error=error))
    with pytest.raises(Refused) as refused:
        door.egov.bulk_apply("a.zip", ZIP)
    assert refused.value.items == ((f"{PROC}(1)/", "", "構成管理がない"),)


def test_what_is_to_be_paid() -> None:
    fee = ENDPOINTS["19 fees"][0](Door(good({"arrive_id": ARRIVE, "apply_pay_list": [FEE]})).egov)
    assert fee.fees[0].total_fee == "15000"
    assert (fee.fees[0].pay_status, fee.fees[0].pay_date) == ("納付待ち", "")
    receipt = Door(good(RECEIPT | {"apply_pay_list": [FEE]})).egov.apply(PROC, "a.zip", ZIP)
    assert receipt.fees[0].pay_number == PAY
    other = good({"arrive_id": "9002026000002797", "apply_pay_list": [FEE]})
    with pytest.raises(NoAnswer):
        Door(other).egov.payments.fees(ARRIVE)


def test_banks_of_every_kind() -> None:
    told = {
        "trust_bank": [{"initial_name": "み", "bank": [
            {"financial_name": "港銀行", "service_name": "みなとネット", "url": "https://m.example.jp"},
        ]}],
        "norinchukin_bank": {"bank": [{"financial_name": "農林", "url": ""}]},
    }  # fmt: skip
    answer = good({"bank_list": told, "financial_type_list_date": "2026-07-01"})
    banks = Door(answer).egov.payments.banks()
    assert banks.date == "2026-07-01"
    assert [(b.kind, b.initial, b.name, b.service) for b in banks.banks] == [
        ("trust_bank", "み", "港銀行", "みなとネット"),
        ("norinchukin_bank", "", "農林", ""),
    ]


@pytest.mark.parametrize("url", ["http://bank.example.jp/", "javascript:alert(1)", "https://"])
def test_a_bank_page_is_https_or_nothing(url: str) -> None:
    door = Door(good(PAGE | {"URL": url}))
    with pytest.raises(NoAnswer):
        door.egov.payments.bank_page(PROC, ARRIVE, PAY, "港銀行")


def test_letters() -> None:
    ask, *_, answer = ENDPOINTS["23 post lists"]
    (message,) = ask(Door(answer).egov)
    assert (message.title, message.letters[0].post_id) == ("お知らせ", "p-1")
    assert message.letters[0].expires == "2026-10-01"
    with pytest.raises(NoAnswer):
        Door(good({"post_id": "p-2"})).egov.deliveries.done("p-1")


@pytest.mark.parametrize(
    "ask",
    [
        lambda e: e.cases_of_send("12"),
        lambda e: e.reports_of_send("../lists"),
        lambda e: e.payments.fees("../lists"),
        lambda e: e.payments.bank_page(PROC, ARRIVE, "12", "港銀行"),
        lambda e: e.deliveries.letter("a/b"),
        lambda e: e.deliveries.case("a"),
        lambda e: e.sharing.remove("keiri"),
        lambda e: e.sharing.add(Share(MAIL, "ALL", "READ")),
        lambda e: e.preprint(PROC, "495000020325029841", "0003", b"", {}),
    ],
)
def test_numbers_that_cannot_be_one_are_not_asked(ask: Ask) -> None:
    door = Door()
    with pytest.raises(BadInput):
        ask(door.egov)
    assert door.seen == []


def test_the_bulk_receipt_must_name_its_number() -> None:
    with pytest.raises(NoAnswer):
        Door(httpx.Response(202, json={"results": {"apply_count": 2}})).egov.bulk_apply(
            "a.zip", ZIP
        )
    ask, *_, answer = ENDPOINTS["04 bulk-apply"]
    told = ask(Door(answer).egov)
    assert (told.send_number, told.apply_count) == (SEND, 40)
