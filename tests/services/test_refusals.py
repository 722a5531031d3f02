"""From what a door refused to the field that is to be put right."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.domain.errors import Refused
from app.domain.filing import Stage
from app.forms.library import ProcedureLibrary
from app.services.filing_view import FilingView
from app.services.refusals import RefusalLine
from app.store.rows import NewEvent
from tests.services.open_desk import OpenDesk

FORM = "雇用保険被保険者資格取得届"


def refused(office: OpenDesk, *items: tuple[str, str, str], said: str = "") -> FilingView:
    """A filing that the door refused with this report."""
    filing_id = office.sealed()

    def apply(*_: Any) -> None:
        raise Refused("check", said or "形式チェックで止まりました。", items=items)

    office.desk.doors.egov.apply = apply
    with pytest.raises(Refused):
        office.desk.send(filing_id)
    return office.desk.filing(filing_id)


def test_each_line_of_a_report_leads_to_its_field(office: OpenDesk) -> None:
    view = refused(
        office,
        (FORM, "DataRoot.G00005-A-250045-001_1.生年月日.年", "年に誤りがあります。"),
        (FORM, "", "被保険者氏名フリガナに使えない字があります。"),
        ("kousei.xml", "署名情報", "署名がありません。"),
    )
    assert view.stage is Stage.REJECTED
    assert [(line.leads_to, line.leads_to_label) for line in view.refusals] == [
        ("seinengappi", "生年月日"),
        ("shimei_kana", "被保険者氏名フリガナ"),
        ("", ""),
    ]
    assert view.refusals[0].where == FORM
    assert view.refusals[0].sentence == "年に誤りがあります。"
    draft = office.desk.draft(view.draft_id).draft
    for line in view.refusals[:2]:
        assert draft.cell(line.leads_to).field.label == line.leads_to_label


def test_a_refusal_without_a_report_is_read_for_the_items_it_names(office: OpenDesk) -> None:
    view = refused(office, said="提出先識別子に誤りがあります。")
    assert [line.leads_to for line in view.refusals] == ["teishutsusaki_shikibetsushi"]


def test_a_refusal_that_names_nothing_leads_nowhere(office: OpenDesk) -> None:
    view = refused(office, said="形式チェックで止まりました。")
    assert [(line.sentence, line.leads_to) for line in view.refusals] == [
        ("形式チェックで止まりました。", "")
    ]


def test_a_correction_asked_for_leads_to_its_fields(office: OpenDesk) -> None:
    filing_id = office.sealed()
    assert office.desk.send(filing_id).refusals == ()
    row = office.desk.filings_store.get(filing_id)
    office.town.advance(row.receipt_number, "補正")
    office.desk.poll()
    view = office.desk.filing(filing_id)
    assert view.sent_back
    assert [line.leads_to for line in view.refusals] == [""], "the town names no item"
    notice = NewEvent(
        "notice",
        "補正のお願い",
        "次のとおり直してください。\n1 被保険者氏名と生年月日\n2 賃金月額",
        {"sub": "9", "type": "補正"},
    )
    office.desk.filings_store.add_event(filing_id, notice)
    told = NewEvent("notice", "お知らせ", "郵便番号の案内です。", {"sub": "10", "type": "お知らせ"})
    office.desk.filings_store.add_event(filing_id, told)
    assert [line.leads_to for line in office.desk.filing(filing_id).refusals] == [
        "", "shimei", "seinengappi", "chingin_getsugaku",
    ]  # fmt: skip


def test_without_its_folder_a_refusal_is_still_told(office: OpenDesk, tmp_path: Path) -> None:
    view = refused(office, (FORM, "生年月日", "年に誤りがあります。"))
    office.desk.doors._library = ProcedureLibrary(tmp_path)
    assert office.desk.filing(view.id).refusals == (
        RefusalLine(FORM, "生年月日", "年に誤りがあります。"),
    )
