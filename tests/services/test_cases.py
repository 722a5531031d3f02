"""What the office wants put right, and what a person may take back: told, sealed, followed."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from lxml import etree

from app.domain.errors import Known
from app.domain.filing import Stage
from app.services.sending_ways import contents_of
from tests.services.open_desk import OpenDesk
from tests.services.test_case_faults import asked_to_correct, told, under_examination


def envelope(office: OpenDesk, filing_id: str) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(office.desk.filings_store.envelope(filing_id))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_partial_correction_carries_what_was_put_right(office: OpenDesk) -> None:
    filing_id, number = asked_to_correct(office)
    wanted = office.desk.cases.correction(filing_id)
    assert wanted is not None
    assert (wanted.kind, wanted.first_number, wanted.answered_by) == ("部分補正", number, "")
    assert wanted.until
    row = office.desk.filings_store.get(filing_id)
    open_draft = office.desk.draft(row.draft_id)
    open_draft.apply(open_draft.draft.answer("chingin_getsugaku", "260"))
    answer = office.desk.cases.amend(filing_id, message="賃金を直しました。")
    files = envelope(office, answer)
    assert next(iter(files)) == "4950000020325000/kousei.xml"
    told_ = contents_of(office.desk.filings_store.envelope(answer))
    assert (told_.kind, told_.first_number) == ("部分補正", number)
    assert "<通信欄>賃金を直しました。".encode() in files["4950000020325000/kousei.xml"]
    form = etree.fromstring(files["4950000020325000/495000020325029841_01.xml"])
    assert form.findtext(".//賃金月額") == "260"
    again = office.desk.cases.correction(filing_id)
    assert again is not None
    assert again.answered_by == answer
    assert office.desk.send(answer).stage is Stage.ENDED
    office.desk.poll()
    assert office.desk.filing(filing_id).door_status == "審査中"
    assert office.desk.cases.correction(filing_id) is None
    links = [e.data for e in office.desk.filings_store.events(answer) if e.kind == "amends"]
    assert links[0]["of"] == filing_id


def test_answers_and_wishes_are_proven_like_filings(office: OpenDesk, tmp_path: Path) -> None:
    filing_id, _ = asked_to_correct(office)
    answer = office.desk.cases.amend(filing_id)
    wish = office.desk.cases.withdraw(under_examination(office)[0], "誤り")
    for one, mark in ((answer, "(部分補正)"), (wish, "取下げ")):
        assert office.desk.filing(one).title.endswith(mark)
        office.desk.send(one)
        assert office.desk.prove(one, tmp_path).stat().st_size > 1000


def test_an_answer_that_is_unsealed_may_be_sealed_again(office: OpenDesk) -> None:
    filing_id, number = asked_to_correct(office)
    first = office.desk.cases.amend(filing_id)
    office.desk.unseal(first)
    second = office.desk.cases.amend(filing_id)
    assert office.desk.send(second).stage is Stage.ENDED
    assert len(told(office, number)["amendments"]) == 1


def test_a_correction_nobody_waits_for_is_not_sent(office: OpenDesk) -> None:
    filing_id, number = asked_to_correct(office)
    answer = office.desk.cases.amend(filing_id)
    office.town.advance(number, "審査中")
    with pytest.raises(Known, match="いま補正を待っていません"):
        office.desk.send(answer)
    assert office.desk.filings_store.get(answer).stage is Stage.READY
    assert told(office, number)["amendments"] == []


def test_nothing_to_put_right(office: OpenDesk) -> None:
    filing_id, _ = under_examination(office)
    assert office.desk.cases.correction(filing_id) is None
    with pytest.raises(Known, match="いま答える補正はありません"):
        office.desk.cases.amend(filing_id)


def test_a_second_new_application_names_the_very_first(office: OpenDesk) -> None:
    filing_id, first = asked_to_correct(office, "再提出")
    again = office.desk.cases.amend(filing_id)
    second = office.desk.send(again).receipt_number
    office.town.advance(second, "補正", correct_type="再提出")
    office.desk.poll()
    wanted = office.desk.cases.correction(again)
    assert wanted is not None
    assert (wanted.kind, wanted.first_number) == ("再提出", first)


def test_a_withdrawal_is_that_of_the_samples(office: OpenDesk) -> None:
    filing_id, number = under_examination(office)
    wish = office.desk.cases.withdraw(filing_id, "日付を誤ったため。")
    files = envelope(office, wish)
    assert list(files) == ["9990000000000003/kousei.xml", "9990000000000003/torisageirai.xml"]
    form = etree.fromstring(files["9990000000000003/torisageirai.xml"])
    assert form.findtext(".//到達番号") == number
    assert form.findtext(".//申請者氏名") == "山本　湊"
    assert form.findtext(".//理由") == "日付を誤ったため。"
    with pytest.raises(Known, match="もう取下げを頼んで"):
        office.desk.cases.withdraw(filing_id, "もう一度")
    view = office.desk.send(wish)
    assert (view.stage, view.door) == (Stage.ENDED, "e-Gov")
    office.desk.poll()
    assert office.desk.filing(filing_id).door_status == "到達（取下げ処理中）"
    office.town.advance(number, "取下げ承認")
    office.desk.poll()
    assert office.desk.filings_store.get(filing_id).stage is Stage.WITHDRAWN
    assert office.desk.cases.not_withdrawable(filing_id)


def test_a_refused_withdrawal_may_be_asked_again(office: OpenDesk) -> None:
    filing_id, number = under_examination(office)
    office.desk.send(office.desk.cases.withdraw(filing_id, "誤り"))
    office.desk.poll()
    office.town.advance(number, "取下げ却下")
    office.desk.poll()
    assert office.desk.filings_store.get(filing_id).stage is Stage.ACCEPTED
    assert office.desk.cases.not_withdrawable(filing_id) == ""
    second = office.desk.cases.withdraw(filing_id, "やはり誤り")
    assert office.desk.send(second).receipt_number == f"{number}-T2"


@pytest.mark.parametrize("reason", ["", "　", "あ" * 401, "誤り\x07"])
def test_a_withdrawal_says_why(office: OpenDesk, reason: str) -> None:
    filing_id, _ = under_examination(office)
    with pytest.raises(Known, match="理由"):
        office.desk.cases.withdraw(filing_id, reason)
    assert office.desk.cases.not_withdrawable(filing_id) == ""


def test_what_has_ended_is_not_withdrawn(office: OpenDesk) -> None:
    filing_id, number = under_examination(office)
    wish = office.desk.cases.withdraw(filing_id, "誤り")
    office.town.advance(number, "審査終了")
    with pytest.raises(Known, match="取り下げられません"):
        office.desk.send(wish)
    office.desk.poll()
    assert office.desk.cases.not_withdrawable(filing_id)
