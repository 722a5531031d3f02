"""「直して出しなおす」: the form of the filing, its review, and one answer to the 補正; in the real window."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QPlainTextEdit

from app.domain.filing import Stage
from app.forms.archive import read_archive
from app.forms.package_signature import verify_package
from app.services.sending_ways import contents_of
from app.views.main_window import MainWindow
from app.views.pages.form_page import FormPage
from app.views.pages.outbox import OutboxPage
from app.views.pages.review_page import ReviewPage
from tests.forms.customer import PASSWORD, pkcs12_file
from tests.services.conftest import office, running_town, town
from tests.services.open_desk import OpenDesk
from tests.services.test_case_faults import AFTER_LAG, asked_to_correct
from tests.services.test_case_faults import told as ledger
from tests.views.case_window import outbox, press, shown, sign_out, told
from tests.views.window_parts import dressed, house, named, rest, window

__all__ = ["dressed", "house", "office", "running_town", "shown", "town", "window"]


def to_review(window: MainWindow, filing_id: str, pay: str = "260") -> ReviewPage:
    """From 送信箱 through the form, where the pay is put right, to the review."""
    outbox(window, filing_id)
    press(window, "outbox.outcome.action0")
    form: Any = window.page()
    assert isinstance(form, FormPage)
    assert form.draft.cell("shokushu").text, "the facts of the filing stand in the form"
    assert "補正に答えています" in told(window, "form.amending")
    form.work.commit("chingin_getsugaku", pay)
    form.refresh()
    assert form.draft.cell("chingin_getsugaku").text == pay, "still the draft of the filing"
    form.to_review()
    rest()
    review = window.page()
    assert isinstance(review, ReviewPage)
    return review


def test_a_partial_correction_goes_out_once(shown: MainWindow, office: OpenDesk) -> None:
    filing_id, number = asked_to_correct(office)
    before = len(office.desk.filings_store.list())
    review = to_review(shown, filing_id)
    words = {key: line.plain() for key, line in review.leaving_card._lines.items()}
    assert "部分補正" in words["amends"]
    assert number in words["amends"]
    assert words["capacity"] == "本人"
    assert "GビズID" in words["account"]
    message = named(shown, "review.message")
    assert isinstance(message, QPlainTextEdit)
    message.setPlainText("賃金を直しました。")
    review.send()
    review.send()  # pressed twice before anything came back
    rest()
    assert isinstance(shown.page(), OutboxPage)
    rows = office.desk.filings_store.list()
    assert len(rows) == before + 1, "an answer of the same case, no new filing"
    sent = next(r for r in rows if r.id != filing_id)
    assert (sent.door, sent.stage) == ("egov-case", Stage.ENDED)
    held = contents_of(office.desk.filings_store.envelope(sent.id))
    assert (held.kind, held.first_number) == ("部分補正", number)
    assert len(ledger(office, number)["amendments"]) == 1
    shown.show_page("form", draft=sent.draft_id, amends=filing_id)
    rest()
    assert "もう封をしました" in told(shown, "form.amending")
    office.desk.poll()
    assert office.desk.filing(filing_id).state_word == "審査中"


def test_a_resubmission_names_the_first_number(shown: MainWindow, office: OpenDesk) -> None:
    filing_id, number = asked_to_correct(office, "再提出")
    to_review(shown, filing_id).send()
    rest()
    answer = next(r for r in office.desk.filings_store.list() if r.id != filing_id)
    held = contents_of(office.desk.filings_store.envelope(answer.id))
    assert (held.kind, held.first_number) == ("再提出", number)
    assert answer.stage is Stage.ACCEPTED
    assert answer.receipt_number != number
    outbox(shown, filing_id)
    assert "答えてあります" in told(shown, "outbox.outcome")
    press(shown, "outbox.outcome.action0")
    page: Any = shown.page()
    assert page.chosen == answer.id


def test_a_case_that_ended_may_be_answered_anew(shown: MainWindow, office: OpenDesk) -> None:
    filing_id, number = asked_to_correct(office, "手続終了(再提出可)")
    assert not office.desk.filing(filing_id).sent_back
    to_review(shown, filing_id).send()
    rest()
    answer = next(r for r in office.desk.filings_store.list() if r.id != filing_id)
    held = contents_of(office.desk.filings_store.envelope(answer.id))
    assert (held.kind, held.first_number) == ("再提出", number)
    assert answer.stage is Stage.ACCEPTED


def test_an_unknown_outcome_is_told_and_settled_as_for_a_send(
    shown: MainWindow, office: OpenDesk
) -> None:
    filing_id, number = asked_to_correct(office)
    office.town.weather("answer_lost", match="POST */apply/amend")
    review = to_review(shown, filing_id)
    review.send()
    rest()
    assert "届いたか分かりません" in told(shown, "review.told")
    review.send()
    rest()
    press(shown, "review.outbox")
    page: Any = shown.page()
    assert page._views[page.chosen].stage is Stage.UNKNOWN
    office.pass_time(AFTER_LAG)
    press(shown, "outbox.unknown.ask")
    assert office.desk.filing(page.chosen).stage is Stage.ENDED
    assert len(ledger(office, number)["amendments"]) == 1


def test_a_sealed_answer_is_opened_again_as_an_answer(shown: MainWindow, office: OpenDesk) -> None:
    filing_id, number = asked_to_correct(office)
    to_review(shown, filing_id)
    office.desk.cases.amend(filing_id)
    page: Any = shown.page()
    page.refresh()
    rest()
    assert "もう封をしました" in told(shown, "review.told")
    press(shown, "review.outbox")
    press(shown, "outbox.outcome.action1")
    form: Any = shown.page()
    assert isinstance(form, FormPage)
    assert "補正に答えています" in told(shown, "form.amending")
    form.to_review()
    rest()
    again: Any = shown.page()
    again.send()
    rest()
    assert len(ledger(office, number)["amendments"]) == 1


def test_a_line_of_the_notice_leads_into_the_form_of_the_answer(
    shown: MainWindow, office: OpenDesk
) -> None:
    filing_id, _ = asked_to_correct(office)
    outbox(shown, filing_id)._to_field("chingin_getsugaku")
    rest()
    form: Any = shown.page()
    assert form.open_draft.id == office.desk.filings_store.get(filing_id).draft_id
    assert form.work.current == "chingin_getsugaku"


def test_it_is_signed_with_the_certificate_that_was_chosen(
    shown: MainWindow, office: OpenDesk
) -> None:
    filing_id, number = asked_to_correct(office)
    file = pkcs12_file(start=office.clock() - timedelta(days=30))
    kept = office.desk.standing.certificates.take_in(file, PASSWORD)
    review = to_review(shown, filing_id)
    assert review.leaving_card.certificate() == "", "nothing is chosen for anybody"
    chooser: Any = named(shown, "review.certificate")
    assert chooser.currentText() == "署名しない"
    chooser.set_value(kept.id)
    review.send()
    rest()
    answer = next(r for r in office.desk.filings_store.list() if r.id != filing_id)
    envelope = office.desk.filings_store.envelope(answer.id)
    files = tuple((f.name, f.content) for f in read_archive(envelope))
    (verdict,) = verify_package(files, [], office.clock())
    assert verdict.unchanged
    assert len(ledger(office, number)["amendments"]) == 1


def test_an_envelope_given_up_is_sealed_anew_from_the_review(
    shown: MainWindow, office: OpenDesk
) -> None:
    draft_id = office.complete_draft()
    sign_out(office)
    shown.show_page("review", draft=draft_id)
    rest()
    review: Any = shown.page()
    review.send()
    rest()
    (first,) = office.desk.filings_store.list()
    outbox(shown, first.id)
    press(shown, "outbox.outcome.action1")
    office.sign_in()
    form: Any = shown.page()
    form.to_review()
    rest()
    again: Any = shown.page()
    again.send()
    rest()
    stages = {row.id: row.stage for row in office.desk.filings_store.list()}
    assert stages.pop(first.id) is Stage.WITHDRAWN
    assert list(stages.values()) == [Stage.ACCEPTED]


def test_files_go_along_with_an_answer(shown: MainWindow, office: OpenDesk, tmp_path: Path) -> None:
    filing_id, _ = asked_to_correct(office)
    review = to_review(shown, filing_id)
    files = review.leaving_card.files
    assert files is not None
    file = tmp_path / "賃金台帳.pdf"
    file.write_bytes(b"%PDF-1.4 wages")
    files.add_file(file)
    rest()
    files.add_file(file)  # the same name a second time
    rest()
    assert "もう添えてあります" in files.problem.plain()
    assert [a.file_name for a in files.attachments()] == ["賃金台帳.pdf"]
    review.send()
    rest()
    answer = next(f for f in office.desk.filings() if f.amends == filing_id)
    assert answer.stage is Stage.ENDED
    held = read_archive(office.desk.filings_store.envelope(answer.id))
    assert b"%PDF-1.4 wages" in [f.content for f in held]
