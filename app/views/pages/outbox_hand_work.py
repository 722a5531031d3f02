"""The acts of 送信箱 that go by hand: written out, numbered, documents in, taken back; and what is beside."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QFileDialog

from app.domain.errors import Known
from app.services.filing_view import FilingView
from app.views.background import run
from app.views.pages.outbox_after import (
    Beside,
    HandedOut,
    ask_files,
    ask_folder,
    ask_save,
    hand_over,
    hands_of,
    has_beside,
    look_beside,
    take_in,
    write_explanation,
)

if TYPE_CHECKING:
    from app.views.pages.outbox import OutboxPage
    from app.views.pages.outbox_detail import FilingDetail


class HandWork:
    """Joins the detail's hand signals to the desk; one of the page's acts runs at a time."""

    def __init__(self, page: OutboxPage, detail: FilingDetail, desk: Any) -> None:
        self._page = page
        self._detail = detail
        self._desk = desk
        self.dialog: QFileDialog | None = None
        detail.hand_asked.connect(self._ask_folder)
        detail.number_given.connect(self._number)
        detail.back_asked.connect(self._take_back)
        detail.take_in_asked.connect(self._ask_files)
        detail.finish_asked.connect(self._finish)
        detail.explanation_asked.connect(self._ask_save)

    # -- beside the filing

    def look(self, view: FilingView) -> None:
        """Looks off the window's thread for the comparison and the sheet; shown where still asked for."""
        if not has_beside(self._desk, view):
            return

        def done(found: Beside) -> None:
            if self._page.chosen == view.id:
                self._detail.show_beside(found)

        run(lambda: look_beside(self._desk, view), done, lambda _fault: None, self._detail)

    # -- out

    def _ask_folder(self) -> None:
        self.dialog = ask_folder(
            self._page, "出すファイルを置くところ", "outbox.hand.dialog", self.hand_into
        )

    def hand_into(self, folder: Path) -> None:
        """Hands the shown filing over into `folder`."""
        view = self._page.shown

        def done(made: HandedOut) -> None:
            self._page.open(made.filing_id)
            if made.folder is None:
                self._detail.tell("warn", made.trouble)
                return
            words = f"{made.folder.name} に書き出しました。"
            self._detail.tell("ok", words, "中の 手順.pdf のとおりに出してください。")

        self._page.work(
            lambda: hand_over(self._desk, view, folder), done, "ファイルを書き出しています。"
        )

    def _take_back(self) -> None:
        hands, ident = hands_of(self._desk), self._page.chosen
        if hands is None:
            return

        def done(_draft: str) -> None:
            words = "手渡しを取り消しました。"
            self._detail.tell("ok", words, "出すときは、もう一度封をしてください。")

        self._page.work(lambda: hands.take_back(ident), done, "書きとめています。")

    # -- back

    def _number(self, text: str, day: str, time: str) -> None:
        from app.services.hand_back import arrival_moment, arrival_number

        hands, ident = hands_of(self._desk), self._page.chosen
        if hands is None:
            return
        try:
            arrival_number(text)
            moment = arrival_moment(day, time, self._desk.clock())
        except Known as fault:
            self._complain(fault.sentence)
            return

        def done(_row: object) -> None:
            self._detail.tell("ok", "到達番号を書きとめました。")

        self._page.work(lambda: hands.number(ident, text, moment), done, "書きとめています。")

    def _complain(self, sentence: str) -> None:
        if self._detail.hand is not None:
            self._detail.hand.complain(sentence)

    def _ask_files(self) -> None:
        self.dialog = ask_files(self._page, "outbox.hand.files", self.take_in)

    def take_in(self, paths: list[Path]) -> None:
        """Takes these files in as documents of the shown filing."""
        ident = self._page.chosen

        def done(told: str) -> None:
            self._desk.take_in()
            self._detail.tell("ok", "書類を入れました。", told)

        self._page.work(lambda: take_in(self._desk, ident, paths), done, "書類を読んでいます。")

    def _finish(self) -> None:
        hands, ident = hands_of(self._desk), self._page.chosen
        if hands is not None:
            self._page.work(lambda: hands.finish(ident), _nothing, "書きとめています。")

    # -- the sheet on replaced letters

    def _ask_save(self) -> None:
        mark = "練習-" if self._page.shown.practice else ""
        self.dialog = ask_save(
            self._page, f"{mark}文字の説明.pdf", "outbox.explanation.dialog", self.explain_into
        )

    def explain_into(self, path: Path) -> None:
        """Writes the sheet of the shown filing to `path`."""
        ident = self._page.chosen

        def done(_result: object) -> None:
            self._detail.tell("ok", f"{path.name} に保存しました。")

        self._page.work(
            lambda: write_explanation(self._desk, ident, path), done, "PDF を作っています。"
        )


def _nothing(_result: object) -> None:
    """The page shows anew what came of it."""
