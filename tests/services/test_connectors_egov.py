"""The e-Gov connector: what it asks, and what it takes of an answer."""

from __future__ import annotations

import json
from datetime import datetime

import pytest

from app.domain.clock import JST
from app.domain.errors import BadInput, NoAnswer, Refused
from app.services.connectors.egov import ReportItem
from tests.services.egov_door import (
    ARRIVE,
    BASE,
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

# ---- asking -------------------------------------------------------------------------------------


def test_the_skeleton():
    door = Door(
        good({
            "file_data": b64(ZIP),
            "configuration_file_name": ["kousei.xml"],
            "file_info": [{
                "form_id": "495000020325029841", "form_version": 3, "form_name": "取得届",
                "apply_file_name": "495000020325029841_01.xml", "xsl_file_name": "495000020325029841.xsl",
                "server_check_file_name": "495000020325029841check.xml", "schema_file_name": "-",
                "style_indication_file": None,
            }],
        })
    )  # fmt: skip
    skeleton = door.egov.procedure(PROC)
    assert door.seen[0].url == f"{BASE}/procedure/{PROC}"
    assert door.seen[0].headers["authorization"] == "Bearer T0KEN"
    assert skeleton.zip_bytes == ZIP
    assert skeleton.configuration_file_names == ("kousei.xml",)
    form = skeleton.forms[0]
    assert (form.form_id, form.form_version) == ("495000020325029841", "0003")
    assert (form.schema_file_name, form.style_indication_file) == ("", "")


def test_apply_sends_the_zip_once_and_keeps_the_exact_answer():
    door = Door(good(RECEIPT))
    receipt = door.egov.apply(PROC, f"{PROC}.zip", ZIP)
    assert door.seen[0].method == "POST"
    assert door.seen[0].url == f"{BASE}/apply"
    assert "x-egovapi-trial" not in door.seen[0].headers
    assert door.body == {
        "proc_id": PROC, "send_file": {"file_name": f"{PROC}.zip", "file_data": b64(ZIP)}
    }  # fmt: skip
    assert receipt.arrive_id == ARRIVE
    assert receipt.arrived_at == datetime(2026, 7, 3, 13, 42, 27, tzinfo=JST)
    assert receipt.form_names == ("取得届",)
    assert receipt.attached_file_names == ("a.pdf",)
    assert json.loads(receipt.raw)["results"] == RECEIPT


def test_a_trial_says_so_in_its_header():
    door = Door(good(RECEIPT))
    door.egov.apply(PROC, "a.zip", ZIP, trial=True)
    assert door.seen[0].headers["x-egovapi-trial"] == "true"


def test_check_reports_without_filing():
    item = {
        "form_name": "取得届",
        "attached_file_name": "-",
        "file_name": "a.xml",
        "item": "郵便番号",
        "content": "半角",
    }
    door = Door(good({"message": "あり", "error_count": "1", "report_list": [item]}))
    result = door.egov.check(PROC, "a.zip", ZIP)
    assert result.error_count == 1
    assert result.items == (ReportItem("取得届", "", "a.xml", "郵便番号", "半角"),)
    assert result.items[0].where == "取得届"
    assert door.seen[0].url.path.endswith("/apply/check")


def test_amend_and_withdraw():
    door = Door(
        good({"arrive_id": ARRIVE, "amend_date": "2026-07-03 13:42:27"}),
        good(
            {
                "arrive_id": ARRIVE,
                "withdraw_date": "2026-07-03",
                "applicant_name": "山本　花",
                "proc_name": "p",
            }
        ),
    )
    assert door.egov.amend(ARRIVE, "a.zip", ZIP).amend_date == "2026-07-03 13:42:27"
    assert door.body["arrive_id"] == ARRIVE
    assert door.egov.withdraw(ARRIVE, "a.zip", ZIP).withdraw_date == "2026-07-03"
    assert [r.url.path for r in door.seen] == [
        "/shinsei/v2/apply/amend",
        "/shinsei/v2/apply/withdraw",
    ]


def test_one_case_with_its_notices_and_documents():
    door = Door(good(case_item()))
    case = door.egov.case(ARRIVE)
    assert (case.status, case.send_number, case.pay_status) == ("審査中", "", "")
    assert case.notices[0].notice_title == "お知らせ"
    assert (case.documents[0].notice_sub_id, case.documents[0].sign) == (2, "あり")


def test_another_case_is_no_answer():
    with pytest.raises(NoAnswer):
        Door(good(case_item("9002026000009999"))).egov.case(ARRIVE)


def test_notice_message_and_document():
    file = {"file_name": "コメント.txt", "file_data": b64(b"hello")}
    door = Door(
        good({"notice": {"arrive_id": ARRIVE, "notice_sub_id": 1, "notice_type": "補正", "correct_type": "部分補正",
                         "correct_expired_date": "2026-07-31", "notice_title": "t", "notice_sentence": "s",
                         "attached_file_list": [file]}}),
        good({"information": {"information_id": "12", "information_title": "ご案内", "information_data": "本文"}}),
        good({"file_data": b64(ZIP), "file_name_list": ["kobunsho.xml", "kobunsho.xsl"]}),
        good({"arrive_id": ARRIVE, "notice_sub_id": 2, "doc_title": "確認通知書", "download_date": "2026-07-03",
              "file_name_list": [{"file_name": "kobunsho.xml"}]}),
    )  # fmt: skip
    notice = door.egov.notice(ARRIVE, 1)
    assert (notice.notice_type, notice.correct_expired_date) == ("補正", "2026-07-31")
    assert notice.attachments[0].content == b"hello"
    assert door.egov.message("12").information_data == "本文"
    document = door.egov.official_document(ARRIVE, 2)
    assert document.zip_bytes == ZIP
    assert document.file_names == ("kobunsho.xml", "kobunsho.xsl")
    done = door.egov.document_done(ARRIVE, 2)
    assert done.file_names == ("kobunsho.xml",)
    assert door.body == {"arrive_id": ARRIVE, "notice_sub_id": 2}
    assert [r.url.path.removeprefix("/shinsei/v2") for r in door.seen] == [
        f"/notice/{ARRIVE}/1", "/message/12", f"/official_document/{ARRIVE}/2", "/official_document",
    ]  # fmt: skip


def test_verify():
    verdict = {
        "validation_result": "OK",
        "certificate_result": "有効",
        "owner": "大臣",
        "serial_number": 77,
    }
    door = Door(
        good({"sig_verification_xml_file_name": "a.xml",
              "verify_result": [{"official": verdict, "government": [verdict]}]})
    )  # fmt: skip
    said = door.egov.verify("a.zip", ZIP, "a.xml")
    assert said.official[0].validation_result == "OK"
    assert said.government[0].serial_number == "77"
    assert door.body == {
        "file_name": "a.zip", "file_data": b64(ZIP), "sig_verification_xml_file_name": "a.xml"
    }  # fmt: skip


@pytest.mark.parametrize(
    "call",
    [
        lambda e: e.procedure("../apply"),
        lambda e: e.apply("1", "a.zip", ZIP),
        lambda e: e.case("9002026000002796/../x"),
        lambda e: e.case("１２３４５６７８９０１２３４５６"),
        lambda e: e.notice(ARRIVE, 0),
        lambda e: e.official_document(ARRIVE, 1000),
        lambda e: e.message("a/b"),
        lambda e: e.cases(LAST, FIRST),
        lambda e: e.cases_of_send("1"),
    ],
)
def test_a_number_that_cannot_be_one_is_never_asked(call):
    door = Door()
    with pytest.raises(BadInput):
        call(door.egov)
    assert door.seen == []


# ---- nothing half taken -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "results",
    [
        {"file_data": "***", "configuration_file_name": ["kousei.xml"], "file_info": []},
        {"file_data": b64(b"not a zip"), "configuration_file_name": ["kousei.xml"]},
        {"file_data": "", "configuration_file_name": ["kousei.xml"]},
        {"file_data": b64(ZIP), "configuration_file_name": []},
        {"file_data": b64(ZIP), "configuration_file_name": ["../kousei.xml"]},
        {"file_data": b64(ZIP), "configuration_file_name": ["kousei.xml"], "file_info": [{}]},
        {"file_data": b64(ZIP), "configuration_file_name": ["kousei.xml"],
         "file_info": [{"form_id": "1", "form_version": "abc", "apply_file_name": "a.xml"}]},
        {"file_data": b64(ZIP), "configuration_file_name": ["kousei.xml"],
         "file_info": [{"form_id": "1", "form_version": "1", "apply_file_name": "..\\a.xml"}]},
    ],
)  # fmt: skip
def test_a_skeleton_of_another_shape(results):
    with pytest.raises(NoAnswer):
        Door(good(results)).egov.procedure(PROC)


@pytest.mark.parametrize("name", ["../a.xml", "/etc/passwd", "a\\b", "C:a", "..", "a\nb", ""])
def test_a_file_name_that_is_a_path(name):
    with pytest.raises(NoAnswer):
        Door(
            good({"file_data": b64(ZIP), "file_name_list": ["a.xml", name or "."]})
        ).egov.official_document(ARRIVE, 1)
    attached = {"notice": {"attached_file_list": [{"file_name": name, "file_data": b64(b"x")}]}}
    with pytest.raises(NoAnswer):
        Door(good(attached)).egov.notice(ARRIVE, 1)


def test_a_check_that_contradicts_itself():
    with pytest.raises(NoAnswer):
        Door(good({"error_count": 0, "report_list": [{"content": "誤り"}]})).egov.check(
            PROC, "a.zip", ZIP
        )


@pytest.mark.parametrize(
    "results", [{}, {"verify_result": []}, {"verify_result": [{"official": {}}]}]
)
def test_a_verification_without_a_verdict(results):
    with pytest.raises(NoAnswer):
        Door(good(results)).egov.verify("a.zip", ZIP, "a.xml")


def test_the_doors_words_are_held_to_one_short_line():
    door = Door(problem(400, detail="だめ\n\x1b[31m" + "あ" * 500))
    with pytest.raises(Refused) as fault:
        door.egov.apply(PROC, "a.zip", ZIP)
    assert fault.value.sentence.isprintable()
    assert len(fault.value.sentence) < 240
