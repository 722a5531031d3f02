"""「取り下げる」: asked with a reason, sent once, and told as the office tells it; in the real window."""

from __future__ import annotations

from typing import Any

from app.domain.filing import Stage
from app.forms.archive import read_archive
from app.views.main_window import MainWindow
from tests.forms.customer import PASSWORD, pkcs12_file
from tests.services.conftest import office, running_town, town
from tests.services.open_desk import OpenDesk
from tests.services.test_case_faults import AFTER_LAG, under_examination
from tests.services.test_case_faults import told as ledger
from tests.views.case_window import outbox, press, shown, sign_out, told
from tests.views.window_parts import dressed, house, named, rest, window

__all__ = ["dressed", "house", "office", "running_town", "shown", "town", "window"]


def ask(window: MainWindow, filing_id: str, reason: str) -> Any:
    """From 送信箱 to the question, with a reason, and the press that sends."""
    page = outbox(window, filing_id)
    press(window, "outbox.withdraw")
    field: Any = named(window, "outbox.withdraw.reason")
    field.setPlainText(reason)
    button: Any = named(window, "outbox.withdraw.go")
    button.click()
    button.click()  # the second press finds nothing to send
    rest()
    return page


def withdrawals(office: OpenDesk) -> list[Any]:
    """The envelopes that ask for a 取下げ."""
    return [r for r in office.desk.filings_store.list() if r.procedure_id == "egov/torisage"]


def test_it_is_sent_once_and_its_states_are_told(shown: MainWindow, office: OpenDesk) -> None:
    filing_id, number = under_examination(office)
    page = ask(shown, filing_id, "日付を誤ったため。")
    assert len(withdrawals(office)) == 1
    assert page.chosen == filing_id
    assert "取下げの依頼が届きました" in told(shown, "outbox.band")
    assert page._views[filing_id].state_word == "到達（取下げ処理中）"
    assert page._detail.withdraw is None, "asked once"
    office.town.advance(number, "取下げ承認")
    office.desk.poll()
    page.refresh()
    assert page._views[filing_id].state_word == "取下げ"


def test_a_reason_is_asked_for_and_nothing_is_lost(shown: MainWindow, office: OpenDesk) -> None:
    filing_id, _ = under_examination(office)
    page = ask(shown, filing_id, "あ" * 401)
    problem: Any = named(shown, "outbox.withdraw.problem")
    assert "400字まで" in problem.plain()
    assert page._detail.withdraw.reason.toPlainText() == "あ" * 401
    assert withdrawals(office) == []
    press(shown, "outbox.withdraw.no")
    named(shown, "outbox.withdraw")


def test_what_is_over_cannot_be_withdrawn(shown: MainWindow, office: OpenDesk) -> None:
    filing_id, number = under_examination(office)
    office.town.advance(number, "審査終了")
    office.desk.poll()
    assert outbox(shown, filing_id)._detail.withdraw is None


def test_a_lost_answer_is_told_and_settled(shown: MainWindow, office: OpenDesk) -> None:
    filing_id, number = under_examination(office)
    office.town.weather("answer_lost", match="POST */withdraw*")
    page = ask(shown, filing_id, "誤り")
    (wish,) = withdrawals(office)
    assert wish.stage is Stage.UNKNOWN
    assert page.chosen == wish.id
    assert "届いたか分かりません" in told(shown, "outbox.outcome")
    office.pass_time(AFTER_LAG)
    press(shown, "outbox.unknown.ask")
    assert office.desk.filing(wish.id).stage is Stage.ENDED
    assert ledger(office, number)["status"] != "審査中", "the town has it"
    assert len(withdrawals(office)) == 1


def test_signed_out_it_waits_sealed_and_can_be_given_up(
    shown: MainWindow, office: OpenDesk
) -> None:
    filing_id, _ = under_examination(office)
    sign_out(office)
    page = ask(shown, filing_id, "誤り")
    (wish,) = withdrawals(office)
    assert (wish.stage, page.chosen) == (Stage.READY, wish.id)
    assert named(shown, "outbox.band.action0").accessibleName() == "サインインする"
    press(shown, "outbox.outcome.action1")
    assert office.desk.filings_store.get(wish.id).stage is Stage.WITHDRAWN
    assert page.chosen == filing_id
    named(shown, "outbox.withdraw")


def test_it_is_signed_with_the_certificate_that_is_chosen(
    shown: MainWindow, office: OpenDesk
) -> None:
    kept = office.desk.standing.certificates.take_in(pkcs12_file(), PASSWORD)
    filing_id, _ = under_examination(office)
    outbox(shown, filing_id)
    press(shown, "outbox.withdraw")
    signer: Any = named(shown, "outbox.withdraw.certificate")
    assert signer.value() == "", "none is chosen beforehand"
    signer.set_value(kept.id)
    reason: Any = named(shown, "outbox.withdraw.reason")
    reason.setPlainText("日付を誤ったため。")
    press(shown, "outbox.withdraw.go")
    (wish,) = withdrawals(office)
    assert wish.stage is Stage.ENDED
    bodies = [f.content for f in read_archive(office.desk.filings_store.envelope(wish.id))]
    assert any(b"<SignatureValue>" in body for body in bodies)
