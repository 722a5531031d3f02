"""雇用保険 the loss with 離職証明書, and 年度更新 with what is printed in: from needs to what came back."""

from __future__ import annotations

import hashlib
import io
import zipfile
from datetime import date

import pytest
from lxml import etree

from app.domain.errors import Known
from app.domain.filing import Stage
from app.services.my_number import MyNumbers
from app.services.social.insurer import LABOUR_LOSS, Insurer
from app.services.social.labour import LOST, LOST_WITH_CERTIFICATE
from app.services.social.notice import Notice
from tests.services.open_desk import OpenDesk

MONTHS = ("2026-05", "2026-06", "2026-07", "2026-08", "2026-09", "2026-10")
YEAR = "mhlw/roudou_hoken_nendo_koushin"
NUMBER = "13101123456000"


def somebody_left(office: OpenDesk, **more: str) -> str:
    """An employee since May, paid by the month, who left at the end of October; gives her key."""
    desk = office.desk
    key = desk.add_member(
        "employees",
        {
            "family_name": "佐野",
            "given_name": "あかり",
            "family_kana": "サノ",
            "given_kana": "アカリ",
            "sex": "女",
            "birth": "1995-05-05",
            "hired_on": "2026-05-01",
            "left_on": "2026-10-31",
            "pay_type": "1",
            "weekly_hours": "40",
            "weekly_minutes": "0",
            "address": "東京都港区三田４－５－６",
            "employment_insurance.number": "50123456789",
            "employment_insurance.acquired_on": "2026-05-01",
            "employment_insurance.loss_cause": "2",
            "employment_insurance.loss_reason": "転職希望による退職",
            "employment_insurance.leaving_kind": "5",
            "employment_insurance.leaving_detail": "転職希望による退職",
            **more,
        },
    )
    for month in MONTHS:
        desk.answer_fact(f"employees[{key}].pay[{month}]", "250000")
        desk.answer_fact(f"employees[{key}].pay_days[{month}]", "30")
    desk.answer_fact("company.payroll.closing_day", "31")
    desk.answer_fact("company.payroll.months_later", "0")
    desk.social.set_insurer(Insurer.KYOKAI)
    desk.social.set_since(date(2026, 4, 1))
    desk.take_in()
    return key


def loss(office: OpenDesk, key: str) -> Notice:
    """The notice of 雇用保険 that somebody who left needs."""
    notices = office.desk.social.needs().notices
    (found,) = [n for n in notices if n.form == LABOUR_LOSS and n.person.member == key]
    return found


def files(office: OpenDesk, filing_id: str) -> dict[str, bytes]:
    """What is in a filing's envelope, by file name."""
    with zipfile.ZipFile(io.BytesIO(office.desk.filings_store.envelope(filing_id))) as archive:
        return {name.rpartition("/")[2]: archive.read(name) for name in archive.namelist()}


def sealed_loss(office: OpenDesk, key: str) -> str:
    open_draft = office.desk.open_draft(office.desk.social.procedure(loss(office, key)), key)
    for field_id, text in (("kakunin", "1"), ("igi", "2")):
        open_draft.apply(open_draft.draft.answer(field_id, text))
    assert open_draft.draft.is_complete, (open_draft.draft.gaps(), open_draft.draft.problems())
    return office.desk.seal(open_draft.id)


def test_a_loss_goes_from_the_needs_to_the_confirmed_day(office: OpenDesk) -> None:
    key = somebody_left(office)
    notice = loss(office, key)
    assert notice.due == date(2026, 11, 11)
    assert office.desk.social.procedure(notice) == LOST_WITH_CERTIFICATE
    filing_id = sealed_loss(office, key)
    sent = files(office, filing_id)
    assert list(sent) == [
        "kousei.xml", "X-PRACTICE-1019201_01.xml", "X-PRACTICE-1019202_01.xml",
    ]  # fmt: skip
    body = etree.fromstring(sent["X-PRACTICE-1019202_01.xml"])[-1]
    said = [
        [body.findtext(f"算定対象期間{n}/{part}") for part in ("開始", "終了", "基礎日数")]
        for n in (1, 6, 7)
    ]
    assert said == [["10月1日", "10月31日", "30"], ["5月1日", "5月31日", "30"], ["", "", ""]]
    assert office.desk.social.filed() == {notice.key: filing_id}, "what is sealed is done"
    assert not [n for n in office.desk.social.needs().notices if n.form == LABOUR_LOSS]
    number = office.desk.send(filing_id).receipt_number
    office.town.advance(number, "審査終了")
    news = office.desk.poll()
    assert any(item.records for item in news)
    office.desk.take_in()
    assert office.desk.filings_store.get(filing_id).stage is Stage.ENDED
    fact = office.desk.graph.fact(f"employees[{key}].employment_insurance.lost_on")
    assert fact.value == date(2026, 10, 31)
    assert fact.record is not None
    assert office.desk.document_bytes(fact.record.locator["document"])[:2] == b"PK"
    assert "資格喪失確認通知書" in office.desk.document_text(fact.record.locator["document"])


def test_who_wants_no_certificate_gets_the_form_without(office: OpenDesk) -> None:
    key = somebody_left(office)
    office.desk.answer_fact(f"employees[{key}].employment_insurance.certificate_wanted", "false")
    notice = loss(office, key)
    assert office.desk.social.procedure(notice) == LOST
    assert notice.reason.endswith("本人が離職票を望まないので、離職証明書は付けません。")
    open_draft = office.desk.open_draft(LOST, key)
    assert open_draft.draft.is_complete, (open_draft.draft.gaps(), open_draft.draft.problems())
    filing_id = office.desk.seal(open_draft.id)
    assert list(files(office, filing_id)) == ["kousei.xml", "X-PRACTICE-1019101_01.xml"]
    assert office.desk.send(filing_id).stage is Stage.ACCEPTED


def test_who_is_59_gets_the_certificate_all_the_same(office: OpenDesk) -> None:
    key = somebody_left(office, birth="1967-11-01")  # 59 on 31 October, the last day
    office.desk.answer_fact(f"employees[{key}].employment_insurance.certificate_wanted", "false")
    notice = loss(office, key)
    assert office.desk.social.procedure(notice) == LOST_WITH_CERTIFICATE
    assert notice.reason.endswith("59歳以上なので、離職証明書を必ず付けます。")
    office.desk.answer_fact(f"employees[{key}].birth", "1967-11-02")
    assert office.desk.social.procedure(loss(office, key)) == LOST


def test_a_filing_given_up_makes_the_notice_needed_again(office: OpenDesk) -> None:
    key = somebody_left(office)
    filing_id = sealed_loss(office, key)
    assert office.desk.social.filed()
    office.desk.unseal(filing_id)
    assert loss(office, key).person.member == key


def test_an_acquisition_filed_makes_its_notice_done(office: OpenDesk) -> None:
    filing_id = office.sealed()
    subject = office.desk.filings_store.get(filing_id).subject
    assert office.desk.social.filed() == {("koyou_shutoku", subject, "2026-07-01"): filing_id}


def yearly(office: OpenDesk) -> str:
    """The yearly declaration with everything known but what the office prints in; its draft's id."""
    desk = office.desk
    facts = {
        "company.labour_insurance.number": NUMBER,
        "company.labour_insurance.business_code": "41",
        "company.labour_insurance.employment_class": "general",
        "company.labour_insurance.association": "false",
        "company.labour_insurance.submission_id": "X-PRACTICE-LABOUR-1301",
        "company.labour_insurance.submission_name": "東京労働局,渋谷労働基準監督署",
        "company.payroll.closing_day": "31",
        "company.payroll.months_later": "1",
    }
    for path, text in facts.items():
        desk.answer_fact(path, text)
    key = desk.add_member(
        "employees",
        {
            "family_name": "伊藤", "given_name": "実", "hired_on": "2020-04-01", "birth": "1955-03-03",
            "weekly_hours": "40", "weekly_minutes": "0", "employment_insurance.acquired_on": "2020-04-01",
        },
    )  # fmt: skip
    for month in [
        *(f"2025-{m:02d}" for m in range(5, 13)),
        *(f"2026-{m:02d}" for m in range(1, 5)),
    ]:
        desk.answer_fact(f"employees[{key}].pay[{month}]", "500000")
    open_draft = desk.open_draft(YEAR, "")
    for field_id, text in (("katahou", "both"), ("mikomi", "はい")):
        open_draft.apply(open_draft.draft.answer(field_id, text))
    open_draft.apply(open_draft.draft.accept("teishutsu_bi", "check:jiki"))
    return open_draft.id


def test_what_the_office_knows_is_taken_in_with_its_document(office: OpenDesk) -> None:
    draft_id = yearly(office)
    draft = office.desk.draft(draft_id).draft
    assert draft.gaps() == ("shinkokuzumi",)
    printing = office.desk.cases.preprinting
    plan = printing.plan(draft)
    assert plan is not None
    assert [key.label for key in plan.asked] == ["アクセスコード"]
    with pytest.raises(Known, match="アクセスコードを入れて"):
        printing.fetch(plan, {})
    with pytest.raises(Known) as refused:
        printing.fetch(plan, {"アクセスコード": "SECRET99"})
    assert "SECRET99" not in str(refused.value)
    printed = printing.fetch(plan, {"アクセスコード": "RENSHU01"})
    assert "RENSHU01" not in repr(plan) + repr(printed)
    assert NUMBER not in repr(plan) + repr(printed)
    printing.take(printed)
    cell = draft.cell("shinkokuzumi")
    assert (cell.value, cell.fact_path) == (
        180_000, "company.labour_insurance.declared[2026-03]",
    )  # fmt: skip
    assert cell.record is not None
    assert cell.record.origin.value == "document"
    kept = office.desk.document_bytes(cell.record.locator["document"])
    assert b"180000" in kept
    assert "申告済概算保険料額" in printed.sentence
    # the rate the town prints (3) is not that of 食料品製造業 (5.5): a person has to say which holds
    assert "k_rousai_ritsu:check:ritsu_hyou" in {f"{p.field_id}:{p.code}" for p in draft.problems()}


def test_a_declaration_is_filed_and_its_fee_is_followed(office: OpenDesk) -> None:
    draft_id = yearly(office)
    open_draft = office.desk.draft(draft_id)
    # 500,000 × 12 = 6,000,000 → 6,000千円 × (5.5 + 14.5) = 120,000円; next year × (5.5 + 13.5) = 114,000円
    open_draft.apply(open_draft.draft.answer("shinkokuzumi", "100,000"))
    draft = open_draft.draft
    assert draft.is_complete, (draft.gaps(), draft.problems())
    assert {f: draft.cell(f).value for f in ("k_hokenryou", "g_hokenryou", "fusoku", "ippan_gaku")} == {
        "k_hokenryou": 120_000, "g_hokenryou": 114_000, "fusoku": 20_000, "ippan_gaku": 120,
    }  # fmt: skip
    filing_id = office.desk.seal(draft_id)
    view = office.desk.send(filing_id)
    assert view.stage is Stage.ACCEPTED
    case = office.desk.doors.egov.case(view.receipt_number)
    (fee,) = case.fees
    assert fee.total_fee == "134120"  # 114,000 + 20,000 + 120
    assert len(fee.pay_number) == 16
    office.desk.poll()
    office.desk.take_in()
    (row,) = office.desk.egov.fees.rows()
    assert (row.filing_id, row.yen, row.waits) == (filing_id, 134_120, True)
    assert row.fee.pay_number == fee.pay_number
    again = office.desk.open_draft(YEAR, "").draft
    assert again.cell("katahou").value == "both", "what the last one said is carried over"


def test_the_wrong_number_is_said_before_anything_is_asked(office: OpenDesk) -> None:
    open_draft = office.desk.open_draft(YEAR, "")
    plan = office.desk.cases.preprinting.plan(open_draft.draft)
    assert plan is not None
    assert plan.missing == ("労働保険番号",)
    with pytest.raises(Known, match="労働保険番号がまだありません"):
        office.desk.cases.preprinting.fetch(plan, {"アクセスコード": "RENSHU01"})
    key = office.complete_draft()
    assert office.desk.cases.preprinting.plan(office.desk.draft(key).draft) is None


def test_a_my_number_is_given_to_a_draft_only_as_it_is_sealed(office: OpenDesk) -> None:
    key = somebody_left(office)
    desk, number = office.desk, "123456789018"
    open_draft = desk.open_draft(desk.social.procedure(loss(office, key)), key)
    for field_id, text in (("kakunin", "1"), ("igi", "2")):
        open_draft.apply(open_draft.draft.answer(field_id, text))
    (asked,) = desk.review(open_draft.id).asked
    assert (asked.key, asked.title, asked.may_skip) == (key, "佐野　あかりさん(本人)", True)
    with MyNumbers() as numbers:
        numbers.put(key, number)
        filing_id = desk.seal(open_draft.id, my_numbers=numbers)
    hidden = files(office, filing_id)["X-PRACTICE-1019201_01.xml"].decode()
    assert f"<個人番号>{'*' * 12}</個人番号>" in hidden
    store = desk.filings_store
    assert f"<個人番号>{number}</個人番号>".encode() in store.leaving(filing_id)
    assert number not in str(store.get(filing_id).facts)
    assert desk.send(filing_id).stage is Stage.ACCEPTED
    (arrived,) = office.town.ledger()
    assert arrived["sha256"] == hashlib.sha256(store.leaving(filing_id)).hexdigest()
    acquired = office.complete_draft()
    assert desk.review(acquired).asked == (), "the form of 2015 has no place for it"
