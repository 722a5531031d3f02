"""From e-Gov's JSON to rows. Every function raises Misshapen on an unexpected shape."""

from __future__ import annotations

import re
from typing import Any

from app.services.connectors.egov import rows
from app.services.connectors.egov.shape import Misshapen, Shape, bare_name

ARRIVE_ID = re.compile(r"[0-9A-Za-z]{16,18}")
SEND_NUMBER = re.compile(r"[0-9]{18}")


def results_of(answer: Any) -> Shape:
    """The `results` object every success body carries."""
    return Shape(answer, "answer").inner("results")


def skeleton(proc_id: str, r: Shape) -> rows.Skeleton:
    """手続選択. Form versions are kept as four digits, as the application XML writes them."""
    forms = tuple(
        rows.FormFile(
            form_id=f.text("form_id", needed=True),
            form_version=_version(f),
            form_name=f.text("form_name"),
            apply_file_name=f.file_name("apply_file_name"),
            xsl_file_name=f.text("xsl_file_name"),
            server_check_file_name=f.text("server_check_file_name"),
            schema_file_name=f.text("schema_file_name"),
            style_indication_file=f.text("style_indication_file"),
        )
        for f in r.each("file_info")
    )
    names = r.texts("configuration_file_name")
    if not names:
        raise Misshapen("results.configuration_file_name")
    for name in names:
        bare_name(name, "results.configuration_file_name")
    return rows.Skeleton(proc_id, r.zip_content("file_data"), names, forms)


def _version(f: Shape) -> str:
    version = f.text("form_version", needed=True)
    if not (version.isascii() and version.isdigit() and len(version) <= 4):
        raise Misshapen("file_info.form_version")
    return version.zfill(4)


def report_items(r: Shape) -> tuple[rows.ReportItem, ...]:
    """The remarks of a report_list ("-" and absent become "")."""
    return tuple(
        rows.ReportItem(
            form_name=i.text("form_name"),
            attached_file_name=i.text("attached_file_name"),
            file_name=i.text("file_name"),
            item=i.text("item"),
            content=i.text("content"),
        )
        for i in r.each("report_list")
    )


def check_result(r: Shape) -> rows.CheckResult:
    """形式チェック: 200 also when there are remarks; the count and the list must agree."""
    result = rows.CheckResult(r.text("message"), r.number("error_count"), report_items(r))
    if result.error_count == 0 and result.items:
        raise Misshapen("results.error_count")
    return result


def arrive_id(r: Shape) -> str:
    """A 到達番号: 16 to 18 letters and digits."""
    value = r.text("arrive_id", needed=True)
    if not ARRIVE_ID.fullmatch(value):
        raise Misshapen("results.arrive_id")
    return value


def receipt(r: Shape, raw: bytes) -> rows.Receipt:
    """申請データ送信: only the 到達番号 and its moment are demanded; they are what proves."""
    form = r.inner("apply_form") if r.has("apply_form") else Shape({}, "apply_form")
    arrive_date = r.text("arrive_date", needed=True)
    if rows.moment_of(arrive_date) is None:
        raise Misshapen("results.arrive_date")
    return rows.Receipt(
        arrive_id=arrive_id(r),
        arrive_date=arrive_date,
        corporation_name=r.text("corporation_name"),
        applicant_name=r.text("applicant_name"),
        apply_type=r.text("apply_type"),
        proc_name=r.text("proc_name"),
        ministry_name=r.text("ministry_name"),
        submission_destination=r.text("submission_destination"),
        form_names=tuple(f.text("form_name") for f in form.each("form")),
        attached_file_names=tuple(f.text("attached_file_name") for f in form.each("attached_file")),
        raw=raw,
        fees=fees(r),
    )


def fees(r: Shape) -> tuple[rows.Fee, ...]:
    """The apply_pay_list of a receipt, a case or a list of payments."""
    return tuple(
        rows.Fee(
            pay_number=f.text("pay_number"),
            confirm_number=f.text("confirm_number"),
            facility_number=f.text("facility_number"),
            pay_name_kana=f.text("pay_name_kana"),
            total_fee=f.text("total_fee"),
            pay_expired=f.text("pay_expired"),
            pay_status=f.text("pay_status"),
            pay_date=f.text("pay_date"),
            pay_memo=f.text("pay_memo"),
            pay_flag=f.flag_text("pay_flag"),
        )
        for f in r.each("apply_pay_list")
    )


def bulk_receipt(r: Shape, raw: bytes) -> rows.BulkReceipt:
    """bulk送信: the 送信番号 is what everything is asked by later, so it is demanded."""
    number = r.text("send_number", needed=True)
    if not SEND_NUMBER.fullmatch(number):
        raise Misshapen("results.send_number")
    return rows.BulkReceipt(
        number, r.text("send_date"), r.text("file_name"), r.number("apply_count", default=0), raw
    )


def case(r: Shape) -> rows.Case:
    """One item of 申請案件一覧. A sending that never became a case has no 到達番号 yet."""
    number = r.text("arrive_id")
    if number and not ARRIVE_ID.fullmatch(number):
        raise Misshapen("apply_list.arrive_id")
    return rows.Case(
        no=r.text("no"),
        arrive_id=number,
        arrive_date=r.text("arrive_date"),
        send_number=r.text("send_number"),
        send_date=r.text("send_date"),
        status=r.text("status", needed=bool(number)),
        corporation_name=r.text("corporation_name"),
        applicant_name=r.text("applicant_name"),
        proc_name=r.text("proc_name"),
        submission_destination=r.text("submission_destination"),
        withdraw_flag=r.flag_text("withdraw_flag"),
        pay_status=r.text("pay_status"),
        applied_account=r.text("applied_account"),
        notices=tuple(_case_notice(n) for n in r.each("notice_list")),
        documents=tuple(_case_document(d) for d in r.each("official_list")),
        fees=fees(r),
    )


def _case_notice(n: Shape) -> rows.CaseNotice:
    return rows.CaseNotice(
        notice_sub_id=n.number("notice_sub_id"),
        issue_date=n.text("issue_date"),
        notice_data_type=n.text("notice_data_type"),
        notice_title=n.text("notice_title"),
        notice_sentence=n.text("notice_sentence"),
        issuer_organization=n.text("issuer_organization"),
        correct_expired_date=n.text("correct_expired_date"),
        correct_completed_date=n.text("correct_completed_date"),
    )


def _case_document(d: Shape) -> rows.CaseDocument:
    return rows.CaseDocument(
        notice_sub_id=d.number("notice_sub_id"),
        allowed_date=d.text("allowed_date"),
        doc_title=d.text("doc_title"),
        doc_download_expired_date=d.text("doc_download_expired_date"),
        doc_download_date=d.text("doc_download_date"),
        sign=d.text("sign"),
    )


def error_report(r: Shape) -> rows.ErrorReport:
    """One item of エラーレポート."""
    results = list(r.each("result"))
    return rows.ErrorReport(
        send_number=r.text("send_number"),
        send_date=r.text("send_date"),
        file_name=r.text("file_name"),
        apply_count=r.number("apply_count", default=0),
        arrive_count=r.number("arrive_count", default=0),
        error_count=r.number("error_count", default=0),
        arrive_ids=tuple(x.text("arrive_id") for x in results if x.text("arrive_id")),
        items=tuple(i for x in results for i in report_items(x)),
    )


def same(r: Shape, key: str, expected: str) -> None:
    """Raises Misshapen when an answer names another case or notice than the one asked about."""
    value = r.text(key)
    if value and value.lstrip("0") != expected.lstrip("0"):
        raise Misshapen(f"results.{key}")
