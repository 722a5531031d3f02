"""従業員と給与を取り込む: a table is chosen, its columns settled, its rows checked, then written at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, TypeVar

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from app.domain.errors import BadInput, Known
from app.services.social.columns import Columns
from app.services.social.sheet_reading import MOST_BYTES
from app.services.social.taken_files import TakenFile, WrittenCell
from app.services.social.taking_in import TakenIn
from app.services.social.views import TablePreview
from app.views.background import run
from app.views.page import Page, Window
from app.views.pages.form_keys import PageKeys
from app.views.pages.outbox_column import ScrollColumn
from app.views.pages.review_sending import PROGRESS_MS
from app.views.pages.social_columns import ColumnsCard
from app.views.pages.social_import_parts import (
    DropCard,
    SummaryCard,
    WrittenCard,
    bad_rows,
    bad_rows_card,
    file_rows,
    files_card,
)
from app.views.widgets.band import Action, Band
from app.views.widgets.button import Button
from app.views.widgets.masked import ShowButton
from app.views.widgets.slices import Slices

BROKE = "一度の側でつまずきました。まだ何も書いていません。"
_KINDS = "表 (*.csv *.xlsx *.txt);;すべてのファイル (*)"
_AT_ONCE = 400
"""Records that enter the graph in one turn of the window: some 4 ms."""
T = TypeVar("T")


class Tables(Protocol):
    """The part of `desk.social.tables` this page needs; everything but `check` may take long."""

    def preview(self, name: str, content: bytes, progress: Any) -> TablePreview: ...
    def check(self, columns: Columns) -> None: ...
    def look_through(
        self, name: str, content: bytes, columns: Columns, progress: Any
    ) -> TakenIn: ...
    def take_in(self, name: str, content: bytes, columns: Columns, progress: Any) -> TakenIn: ...
    def files(self) -> tuple[TakenFile, ...]: ...
    def written(self, file: TakenFile) -> tuple[WrittenCell, ...]: ...


class SocialImportPage(Page):
    """Nothing is written before 取り込む is pressed on the summary; then all good rows, or none."""

    place = "procedures"
    progressed = Signal(int, int)

    def __init__(self, desk: Any, window: Window, asked: Mapping[str, str] | None = None) -> None:
        super().__init__(desk, window)
        self.setObjectName("social_import")
        self.title = "従業員と給与を取り込む"
        self._tables: Tables = desk.social.tables
        self._name, self._content = "", b""
        self._found: TakenIn | None = None
        self._files: tuple[TakenFile, ...] = ()
        self._busy = False
        self._slices = Slices(self)
        self._progress: Band | None = None
        self._stop = threading.Event()
        self._doing = ""
        self.drop = DropCard()
        self.columns_ = ColumnsCard()
        self.summary = SummaryCard()
        self.bad = bad_rows_card()
        self.show_bad = ShowButton("入っていた値", name="import.bad.show")
        self.bad.head.addWidget(self.show_bad)
        self.files = files_card()
        self.written = WrittenCard()
        self._late = QTimer(self, singleShot=True, interval=PROGRESS_MS)
        self._late.timeout.connect(lambda: self._say_progress(0, 0))
        self._lay()
        self._join()
        self.setAcceptDrops(True)

    def _lay(self) -> None:
        self._scroll = ScrollColumn((0, 4, 8, 24))
        self._scroll.setAccessibleName("表の取り込み")
        column = self._scroll.column
        column.setSpacing(16)
        self._bands = QVBoxLayout()
        self._bands.setSpacing(8)
        column.addLayout(self._bands)
        for part in (
            self.drop, self.columns_, self.summary, self.bad, self.files, self.written,
        ):  # fmt: skip
            column.addWidget(part)
        for part in (self.columns_, self.summary, self.bad, self.files, self.written):
            part.hide()
        column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._scroll)

    def _join(self) -> None:
        self.drop.choose.clicked.connect(lambda _=False: self._ask_file())
        self.columns_.checked.connect(self.look_through)
        self.columns_.left.connect(self.begin_anew)
        self.columns_.changed.connect(self._forget_found)
        self.summary.taken.connect(self.take_in)
        self.summary.left.connect(self.begin_anew)
        self.summary.settled_anew.connect(self._to_columns)
        self.show_bad.shown.connect(lambda _on: self._show_bad())
        self.files.pressed.connect(self._show_written)
        self.progressed.connect(self._say_progress)
        self.keys = PageKeys(self, {"back": self._back, "review": self._go_on})

    # --- the frame

    def header_actions(self) -> list[QWidget]:
        """The way back to the notices."""
        back = Button("社会保険の届へもどる", "quiet", "arrow-left", name="import.back")
        back.clicked.connect(lambda _=False: self._back())
        return [back]

    def columns(self) -> Sequence[QWidget]:
        """One column."""
        return [self._scroll]

    def first_focus(self) -> QWidget | None:
        """What is to be done now."""
        if self.summary.isVisible():
            return self.summary.take
        return self.columns_.table if self.columns_.isVisible() else self.drop.choose

    def refresh(self) -> None:
        """The tables that were taken in before."""
        if not self._busy:
            run(self._tables.files, self._show_files, self._failed, self)

    def leaving(self) -> None:
        """What was shown is hidden again; a look through a table goes on."""
        for button in (self.columns_.show_values, self.show_bad, self.written.show_values):
            button.hide_again()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A file of this machine may be let go anywhere on the page."""
        if not self._busy and any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """The first file let go here is looked at."""
        for url in event.mimeData().urls():
            if url.isLocalFile():
                self.choose(Path(url.toLocalFile()))
                return

    # --- the steps

    def _ask_file(self) -> None:
        dialog = QFileDialog(self, "従業員や給与の表", "", _KINDS)
        dialog.setObjectName("import.dialog")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda path: self.choose(Path(path)))
        dialog.open()

    def choose(self, path: Path) -> None:
        """Reads a file and shows its columns; nothing is written."""

        def work() -> tuple[bytes, TablePreview]:
            if path.stat().st_size > MOST_BYTES:
                told = f"ファイルが大きすぎます（{MOST_BYTES // 1_000_000} MB まで）。分けて取り込んでください。"
                raise BadInput("sheet-large", told)
            content = path.read_bytes()
            return content, self._tables.preview(path.name, content, self._tell)

        def done(found: tuple[bytes, TablePreview]) -> None:
            self._name, (self._content, preview) = path.name, found
            self._clear()
            self.columns_.show_preview(preview)
            self._show_only(self.columns_)
            self.columns_.table.setFocus(Qt.FocusReason.OtherFocusReason)

        self._begin(f"{path.name} を読んでいます。", work, done)

    def look_through(self) -> None:
        """Checks every row against the columns; what it would come to is shown, not written."""
        if self._busy:
            return
        columns = self.columns_.columns()
        try:
            self._tables.check(columns)
        except BadInput as wrong:
            self.columns_.refuse(wrong.sentence)
            return

        def done(found: TakenIn) -> None:
            self._found = found
            self._clear()
            self.summary.show_found(self._name, found)
            self._show_bad()
            self._show_only(self.summary)
            button = self.summary.take if found.records else self.summary.leave
            button.setFocus(Qt.FocusReason.OtherFocusReason)

        self._begin(
            "行を確かめています。",
            lambda: self._tables.look_through(self._name, self._content, columns, self._tell),
            done,
        )

    def take_in(self) -> None:
        """Writes all good rows in one piece."""
        if self._busy or self._found is None:
            return
        columns = self.columns_.columns()

        def done(found: TakenIn) -> None:
            self.begin_anew()
            people = found.new + found.changed
            said = f"{self._name} から {people:,}人を取り込みました。"
            bad = found.rows - found.good_rows
            note = f"取り込めない {bad:,}行は、何も書いていません。" if bad else ""
            see: list[Action] = [
                ("だれに何の届が要るか見る", lambda: self.window_.show_page("social")),
                ("書いたことを見る", lambda: self._show_written(0)),
            ]
            self._say("ok", said, note, see).buttons[0].setFocus()
            self._name, self._content = "", b""
            self.window_.update_status()
            self.refresh()

        self._begin(
            "書いています。",
            lambda: self._tables.take_in(self._name, self._content, columns, self._tell),
            done,
        )

    def _to_columns(self) -> None:
        """Back to the columns; what was found of the rows no longer holds."""
        self._forget_found()
        self._show_only(self.columns_)
        self.columns_.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def begin_anew(self) -> None:
        """Back to the first step; what was read is forgotten."""
        self._found = None
        self.bad.hide()
        self._clear()
        self._show_only(self.drop)
        self.drop.choose.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- work off the window's thread

    def _begin(self, words: str, work: Callable[[], T], done: Callable[[T], None]) -> None:
        if self._busy:
            return
        self._busy, self._doing = True, words
        self._stop.clear()
        self._late.start()
        for part in (self.drop, self.columns_, self.summary):
            part.setEnabled(False)

        def ended() -> None:
            self._late.stop()
            self._busy = False
            for part in (self.drop, self.columns_, self.summary):
                part.setEnabled(True)

        def finished(found: T) -> None:
            if self.desk.take_in_some(_AT_ONCE):  # what was written comes in turn by turn
                self._slices.run(lambda: finished(found))
                return
            ended()
            done(found)

        def failed(fault: Exception) -> None:
            ended()
            self._failed(fault)
            if (focus := self.first_focus()) is not None:
                focus.setFocus(Qt.FocusReason.OtherFocusReason)

        run(work, finished, failed, self)

    def _tell(self, done: int, total: int) -> None:
        """Off the window's thread: says how far it is, and stops where that is wanted."""
        if self._stop.is_set():
            raise Known("import-stopped", "途中でやめました。まだ何も書いていません。")
        self.progressed.emit(done, total)

    def _say_progress(self, done: int, total: int) -> None:
        if not self._busy or (self._late.isActive() and done):
            return
        words = self._doing
        if done:
            words += f"{total:,}行のうち {done:,}行" if total else f"{done:,}行"
        if self._progress is None:  # once: a screen reader is not told of every step
            stop: list[Action] = [("やめる", self._stop.set)]
            self._progress = self._say("info", words, "", stop, name="import.progress")
        else:
            self._progress.sentence.set_text(words)

    def _failed(self, fault: Exception) -> None:
        if isinstance(fault, OSError):
            self._say(
                "danger", "ファイルを読めません。ほかのところで開いていないか確かめてください。"
            )
            return
        if not isinstance(fault, Known):
            self._say("danger", BROKE)
            raise fault
        self._say("danger" if fault.code != "import-stopped" else "info", fault.sentence)

    # --- showing

    def _show_only(self, *steps: QWidget) -> None:
        for part in (self.drop, self.columns_, self.summary):
            part.setVisible(part in steps)
        if self.summary not in steps:
            self.bad.hide()
        self.files.setVisible(self.drop in steps and bool(self._files))
        if self.drop not in steps:
            self.written.hide()

    def _forget_found(self) -> None:
        """Other columns, another summary."""
        self._found = None
        self.summary.hide()
        self.bad.hide()

    def _show_bad(self) -> None:
        found = self._found.bad if self._found is not None else ()
        self.bad.show_rows(bad_rows(found, shown=self.show_bad.isChecked()))

    def _show_files(self, files: tuple[TakenFile, ...]) -> None:
        self._files = files
        self.files.show_rows(file_rows(files))
        self.files.setVisible(bool(files) and self.drop.isVisibleTo(self))

    def _show_written(self, row: int) -> None:
        if not 0 <= row < len(self._files):
            return
        file = self._files[row]

        def done(cells: tuple[WrittenCell, ...]) -> None:
            self.written.show_cells(file.name, cells)
            self._scroll.ensureWidgetVisible(self.written)

        run(lambda: self._tables.written(file), done, self._failed, self)

    def _say(
        self, kind: str, sentence: str, note: str = "", actions: Sequence[Action] = (),
        *, name: str = "import.band",
    ) -> Band:  # fmt: skip
        self._clear()
        band = Band(kind, sentence, note, actions, name=name)
        self._bands.addWidget(band)
        band.show()  # at once: the keyboard may go into it
        return band

    def _clear(self) -> None:
        self._progress = None
        while (item := self._bands.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()

    def _go_on(self) -> None:
        """Ctrl+Enter: the next step."""
        if self.summary.isVisible() and self.summary.take.isVisible():
            self.take_in()
        elif self.columns_.isVisible():
            self.look_through()

    def _back(self) -> None:
        self.window_.show_page("social")
