"""From e-Gov's JSON to the rows of notices, messages and documents. Raises Misshapen."""

from __future__ import annotations

from app.services.connectors.egov import letters
from app.services.connectors.egov.parse import arrive_id, same
from app.services.connectors.egov.shape import Misshapen, Shape, bare_name


def attachments(r: Shape) -> tuple[letters.Attachment, ...]:
    """The files of an attached_file_list."""
    return tuple(
        letters.Attachment(f.file_name("file_name"), f.content("file_data"))
        for f in r.each("attached_file_list")
    )


def notice_row(r: Shape) -> letters.NoticeRow:
    """One item of 申請案件に関する通知一覧."""
    return letters.NoticeRow(
        arrive_id=arrive_id(r),
        notice_sub_id=r.number("notice_sub_id"),
        notice_issue_date=r.text("notice_issue_date"),
        type=r.text("type"),
        title=r.text("title"),
        issuer_organization=r.text("issuer_organization"),
        proc_name=r.text("proc_name"),
        notified_account=r.text("notified_account"),
    )


def notice(number: str, sub_id: int, r: Shape) -> letters.Notice:
    """通知取得; when the answer names a case, it must be the one asked for."""
    n = r.inner("notice")
    same(n, "arrive_id", number)
    same(n, "notice_sub_id", str(sub_id))
    return letters.Notice(
        arrive_id=number,
        notice_sub_id=sub_id,
        issue_date=n.text("notice_issue_date") or n.text("issue_date"),
        notice_type=n.text("notice_type"),
        correct_type=n.text("correct_type"),
        correct_expired_date=n.text("correct_expired_date"),
        correct_completed_date=n.text("correct_completed_date"),
        notice_title=n.text("notice_title"),
        notice_sentence=n.text("notice_sentence"),
        issuer_organization=n.text("issuer_organization"),
        attachments=attachments(n),
    )


def message_row(r: Shape) -> letters.MessageRow:
    """One item of 手続に関するご案内一覧."""
    return letters.MessageRow(
        information_id=r.text("information_id", needed=True),
        issue_date=r.text("issue_date"),
        issuer_organization=r.text("issuer_organization"),
        information_title=r.text("information_title"),
    )


def message(r: Shape) -> letters.Message:
    """ご案内取得."""
    m = r.inner("information")
    return letters.Message(
        information_id=m.text("information_id"),
        issue_date=m.text("issue_date"),
        issuer_organization=m.text("issuer_organization"),
        information_title=m.text("information_title"),
        information_data=m.text("information_data"),
        attachments=attachments(m),
    )


def file_names(r: Shape) -> tuple[str, ...]:
    """The bare names of a file_name_list (texts, or objects with a file_name)."""
    try:
        names = r.texts("file_name_list")
    except Misshapen:
        return tuple(f.file_name("file_name") for f in r.each("file_name_list"))
    return tuple(bare_name(n, "results.file_name_list") for n in names)


def document_done(number: str, sub_id: int, r: Shape) -> letters.DocumentDone:
    """公文書取得完了."""
    same(r, "arrive_id", number)
    same(r, "notice_sub_id", str(sub_id))
    return letters.DocumentDone(
        arrive_id=number,
        notice_sub_id=sub_id,
        proc_name=r.text("proc_name"),
        doc_title=r.text("doc_title"),
        download_date=r.text("download_date"),
        file_names=file_names(r),
    )


def verification(r: Shape) -> letters.Verification:
    """公文書署名検証."""
    found: dict[str, list[letters.SignatureVerdict]] = {"official": [], "government": []}
    for result in r.each("verify_result"):
        if result.has("official"):
            found["official"].append(_verdict(result.inner("official"), judged=True))
        found["government"] += [_verdict(g) for g in result.each("government")]
    if not found["official"] and not found["government"]:
        raise Misshapen("results.verify_result")
    return letters.Verification(
        file_name=r.text("sig_verification_xml_file_name"),
        official=tuple(found["official"]),
        government=tuple(found["government"]),
    )


def _verdict(v: Shape, *, judged: bool = False) -> letters.SignatureVerdict:
    """A signature that was `judged` has a result; of the certificates above it none may be told."""
    return letters.SignatureVerdict(
        validation_result=v.text("validation_result", needed=judged),
        certificate_result=v.text("certificate_result"),
        publisher=v.text("publisher"),
        owner=v.text("owner"),
        serial_number=v.text("serial_number"),
        start_date=v.text("start_date"),
        end_date=v.text("end_date"),
    )
