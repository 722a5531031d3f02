"""The review: what leaves is read, ticked and sent once."""

from __future__ import annotations

import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from form_desk import PERSON, PROCEDURE, FakeWindow, FormDesk, dress
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QPushButton, QWidget

from app.domain.errors import Known, NoAnswer, Refused, SignedOut, Unreachable
from app.views.models.review_ticks import Ticks
from app.views.pages.review_page import ReviewPage

WHERE = {"procedure": PROCEDURE, "subject": PERSON}


@pytest.fixture
def desk(qapp: QApplication, resources: Path) -> FormDesk:
    dress(qapp, resources)
    return FormDesk(resources)


@pytest.fixture
def ready(desk: FormDesk, monkeypatch: pytest.MonkeyPatch) -> FormDesk:
    """A desk whose draft has nothing left to do."""
    open_draft = desk.open_draft(PROCEDURE, PERSON)
    draft = open_draft.draft
    draft.substitute("shimei")
    for _ in range(60):
        problem = next((p for p in draft.problems() if not p.blocks), None)
        gap = next(iter(draft.gaps()), None)
        if problem is not None:
            draft.accept(problem.field_id, problem.code)
        elif gap is not None:
            draft.answer(gap, ANSWERS.get(gap, "1"))
        else:
            break
    assert draft.is_complete, (draft.gaps(), draft.problems())
    return desk


ANSWERS = {
    "hihokensha_bangou": "50123456789",
    "shotei_fun": "30",
    "keiyaku_sadame": "無",
    "teishutsusaki_shikibetsushi": "900API00000000001001001",
    "teishutsusaki_meishou": "東京都,品川公共職業安定所",
    "shinseisha_yuubin": "1080023",
    "shinseisha_juusho_kana": "トウキョウトミナトクシバウラ",
    "shinseisha_mail": "yamamoto@example.jp",
    "renrakusaki_mail": "yamamoto@example.jp",
}


def shown(qtbot: Any, desk: FormDesk) -> ReviewPage:
    page = ReviewPage(desk, FakeWindow(), WHERE)
    qtbot.addWidget(page)
    for action in page.header_actions():
        qtbot.addWidget(action)
        action.show()
    page.resize(1200, 700)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.refresh()
    page.cells.build_all()
    return page


def click(button: QWidget) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def find(page: QWidget, name: str) -> QWidget:
    found = page.findChild(QWidget, name)
    assert found is not None, name
    return found


def test_with_gaps_the_button_is_dashed_and_leads_to_them(qtbot: Any, desk: FormDesk) -> None:
    page = shown(qtbot, desk)
    left = len({*page.draft.gaps(), *(p.field_id for p in page.draft.problems())})
    assert page.send_button.word() == f"送る(あと {left}か所)"
    assert page.send_button.kind() == "dashed"
    assert len(page.gaps.buttons) == left
    click(page.send_button)
    assert desk.sealed == []
    assert page.focusWidget() is page.gaps.buttons[0]


def test_a_gap_leads_to_its_field(qtbot: Any, desk: FormDesk) -> None:
    page = shown(qtbot, desk)
    click(find(page, "review.gap.shimei"))
    assert page.open_draft.cursor == "shimei"
    assert page.window_.shown[-1] == ("form", WHERE)  # type: ignore[attr-defined]


def test_what_leaves_is_said_with_company_door_account_and_practice(
    qtbot: Any, ready: FormDesk
) -> None:
    page = shown(qtbot, ready)
    card = page.leaving_card
    assert "出ます。" in card.sentence.plain()
    words = " ".join(w.accessibleName() for w in card.findChildren(QWidget))
    assert "e-Gov" in words
    assert "本人" in words
    assert find(page, "review.practice").isVisibleTo(page)
    assert page.send_button.word() == "送る"
    assert page.send_button.kind() == "primary"


def test_every_filled_cell_is_listed_with_value_and_origin(qtbot: Any, ready: FormDesk) -> None:
    page = shown(qtbot, ready)
    filled = {c.field.id for c in page.draft.cells() if c.filled}
    listed = {i for i, row in page.cells.rows.items() if row.isVisibleTo(page)}
    assert listed == filled
    assert page.cells.rows["shimei"].accessibleName() == (
        "被保険者氏名、髙橋　由美 → 高橋　由美、出どころ 計算"
    )


def test_sent_once_however_often_it_is_pressed(qtbot: Any, ready: FormDesk) -> None:
    page = shown(qtbot, ready)
    for _ in range(3):
        click(page.send_button)
        QTest.mouseDClick(page.send_button, Qt.MouseButton.LeftButton)
        page.send()
    window: Any = page.window_
    qtbot.waitUntil(lambda: window.shown != [])
    assert ready.sealed == ["d1"]
    assert ready.sent == ["f1"]
    assert window.shown == [("outbox", {"open": "f1"})]


def test_while_it_is_sent_nothing_can_be_pressed_and_progress_is_told(
    qtbot: Any, ready: FormDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = shown(qtbot, ready)
    go = threading.Event()

    def slow(filing_id: str) -> Any:
        go.wait(10)
        return SimpleNamespace(id=filing_id, stage="accepted", band=None)

    monkeypatch.setattr(ready, "send", slow)
    click(page.send_button)
    assert page.sending.busy
    assert not page.send_button.isEnabled()
    assert page.findChild(QWidget, "review.progress") is None
    qtbot.waitUntil(lambda: page.findChild(QWidget, "review.progress") is not None)
    page.to_form("shimei")
    assert page.window_.shown == []  # type: ignore[attr-defined]
    go.set()
    qtbot.waitUntil(lambda: not page.sending.busy)
    assert page.window_.shown[-1][0] == "outbox"  # type: ignore[attr-defined]


def test_an_unknown_outcome_is_amber_and_is_not_sent_again(qtbot: Any, ready: FormDesk) -> None:
    ready.answer_stage = "unknown"
    page = shown(qtbot, ready)
    click(page.send_button)
    qtbot.waitUntil(lambda: page.findChild(QWidget, "review.told") is not None)
    band: Any = find(page, "review.told")
    assert band.kind == "warn"
    assert "届いたか分かりません。" in band.accessibleName()
    assert [b.objectName() for b in band.buttons] == ["review.outbox"]


@pytest.mark.parametrize(
    ("fault", "kind", "actions"),
    [
        (SignedOut("signed-out", "サインインが切れています。"), "info", ["sign_in", "outbox"]),
        (Unreachable("offline", "ネットにつながっていません。"), "info", ["again", "outbox"]),
        (Refused("refused", "受け付けられませんでした。"), "danger", ["outbox"]),
        (NoAnswer("no-answer", "答えがありません。"), "danger", ["outbox"]),
    ],
)
def test_a_fault_of_the_door_is_a_band_in_place(
    qtbot: Any, ready: FormDesk, fault: Known, kind: str, actions: list[str]
) -> None:
    ready.send_fault = fault
    page = shown(qtbot, ready)
    click(page.send_button)
    qtbot.waitUntil(lambda: page.findChild(QWidget, "review.told") is not None)
    band: Any = find(page, "review.told")
    assert (band.kind, fault.sentence in band.accessibleName()) == (kind, True)
    assert [b.objectName() for b in band.buttons] == [f"review.{a}" for a in actions]


def test_after_a_fault_the_same_seal_is_sent_not_another(qtbot: Any, ready: FormDesk) -> None:
    ready.send_fault = Unreachable("offline", "ネットにつながっていません。")
    page = shown(qtbot, ready)
    click(page.send_button)
    qtbot.waitUntil(lambda: page.findChild(QWidget, "review.again") is not None)
    ready.send_fault = None
    click(find(page, "review.again"))
    window: Any = page.window_
    qtbot.waitUntil(lambda: window.shown != [])
    assert ready.sealed == ["d1"]
    assert ready.sent == ["f1", "f1"]


def test_a_seal_that_fails_is_said_and_can_be_tried_again(qtbot: Any, ready: FormDesk) -> None:
    ready.seal_fault = Known("disk-full", "空き容量がありません。")
    page = shown(qtbot, ready)
    click(page.send_button)
    qtbot.waitUntil(lambda: page.findChild(QWidget, "review.told") is not None)
    assert ready.sent == []
    assert page.send_button.isEnabled()
    ready.seal_fault = None
    click(page.send_button)
    qtbot.waitUntil(lambda: ready.sent == ["f1"])


def test_space_ticks_and_a_changed_value_breaks_the_tick(qtbot: Any, ready: FormDesk) -> None:
    page = shown(qtbot, ready)
    row = page.cells.rows["shotei_jikan"]
    QTest.keyClick(row, Qt.Key.Key_Space)
    assert row.tick_state() == "ticked"
    assert page.ticks.who(page.draft.cell("shotei_jikan")) == "山本"
    page.open_draft.apply(page.draft.answer("shotei_jikan", "38"))
    page.refresh()
    assert row.tick_state() == "broken"
    assert "もう一度見てください" in row.accessibleDescription()
    QTest.keyClick(row, Qt.Key.Key_Space)
    assert row.tick_state() == "ticked"
    QTest.keyClick(row, Qt.Key.Key_Space)
    assert row.tick_state() == ""


def test_ticks_are_kept_with_the_draft(qtbot: Any, ready: FormDesk) -> None:
    page = shown(qtbot, ready)
    QTest.keyClick(page.cells.rows["seibetsu"], Qt.Key.Key_Space)
    kept: Any = page.open_draft
    again = ready.draft_from({**page.draft.answers, **kept.stored_answers()})
    ticks = Ticks(again, ready.clock)
    assert ticks.state(again.draft.cell("seibetsu")) == "ticked"
    assert ticks.state(again.draft.cell("shimei")) == ""


def test_a_section_is_ticked_at_once_and_unticked_by_one_cell(qtbot: Any, ready: FormDesk) -> None:
    page = shown(qtbot, ready)
    box = page.findChild(QCheckBox, "review.tick.hihokensha")
    assert box is not None
    click(box)
    states = {page.cells.rows[f.id].tick_state() for f in page.draft.procedure.sections[1].fields
              if page.draft.cell(f.id).filled}  # fmt: skip
    assert states == {"ticked"}
    QTest.keyClick(page.cells.rows["seibetsu"], Qt.Key.Key_Space)
    assert not box.isChecked()


def test_a_row_in_focus_is_marked_on_the_paper_and_enter_goes_to_it(
    qtbot: Any, ready: FormDesk
) -> None:
    page = shown(qtbot, ready)
    row = page.cells.rows["seinengappi"]
    QTest.keyClick(row, Qt.Key.Key_Return)
    assert page.open_draft.cursor == "seinengappi"
    assert page.window_.shown[-1][0] == "form"  # type: ignore[attr-defined]


def test_an_edition_that_may_not_leave_says_why(qtbot: Any, ready: FormDesk) -> None:
    reason = "この版は練習だけです。"
    real = ready.review

    def refused(draft_id: str) -> Any:
        told = real(draft_id)
        return SimpleNamespace(**{**vars(told), "can_send": False, "reasons": (reason,)})

    ready.review = refused  # type: ignore[method-assign]
    page = shown(qtbot, ready)
    assert page.send_button.kind() == "dashed"
    assert reason in find(page, "review.reason").accessibleName()
    click(page.send_button)
    assert ready.sealed == []


def test_not_yet_goes_back_to_the_form(qtbot: Any, ready: FormDesk) -> None:
    page = shown(qtbot, ready)
    assert isinstance(page.not_yet, QPushButton)
    click(page.not_yet)
    assert page.window_.shown[-1] == ("form", WHERE)  # type: ignore[attr-defined]
