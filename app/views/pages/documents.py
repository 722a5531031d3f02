"""書類庫: official documents, notices and receipts, kept for good; and what left the house."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from app.domain.errors import Known
from app.services.filing_view import FilingView
from app.store.rows import DisclosureRow, DocumentRow
from app.views.background import run
from app.views.page import Page, Window
from app.views.pages.document_names import readable_first, shown_names
from app.views.pages.documents_list import DisclosureTable, DocumentList
from app.views.pages.documents_view import DocumentView
from app.views.theme import current
from app.views.widgets.button import Button
from app.views.widgets.empty import EmptyState
from app.views.widgets.segments import Segments

_log = logging.getLogger(__name__)
_LIST, _ENDLESS = 348, 16_777_215
_SLOW_MS = 400
READING = "書類を読んでいます。署名も確かめます。"
BROKE = "一度の側でつまずきました。書いたものは残っています。"


class DocumentsDesk(Protocol):
    """The part of the desk this page needs. Bytes and text may block."""

    @property
    def practice(self) -> bool: ...
    def documents(self) -> Sequence[DocumentRow]: ...
    def document_bytes(self, document_id: str) -> bytes: ...
    def document_text(self, document_id: str) -> str: ...
    def disclosures(self) -> Sequence[DisclosureRow]: ...
    def filings(self) -> Sequence[FilingView]: ...


class DocumentsPage(Page):
    """List and text. `asked` may name the document to show: {"open": id}."""

    def __init__(self, desk: Any, window: Window, asked: Mapping[str, str] | None = None) -> None:
        super().__init__(desk, window)
        self.setObjectName("documents")
        self.place = "documents"
        self.title = "書類庫"
        self._desk: DocumentsDesk = desk
        self._open = (asked or {}).get("open", "")
        self._rows: dict[str, DocumentRow] = {}
        self._titles: dict[str, str] = {}
        self._names: Mapping[str, str] = {}
        self._words: dict[str, str] = {}
        self._slow = QTimer(self, singleShot=True, interval=_SLOW_MS)
        self._slow.timeout.connect(self._say_reading)
        self._narrow, self._in_detail, self._width = False, bool(self._open), 1280
        self._dialog: QFileDialog | None = None
        self._list = DocumentList()
        self._view = DocumentView()
        self._segments = Segments(
            (("kept", "届いた書類"), ("left", "外に出た記録")), "kept",
            name="documents.segment", spoken="書類庫の見かた",
        )  # fmt: skip
        self._lay_out()
        self._segments.changed.connect(lambda _key: self.refresh())
        self._list.chosen.connect(self._chosen_by_person)
        self._view.back.clicked.connect(self._to_list)
        self._view.save_asked.connect(self._ask_where)
        self._view.verify_asked.connect(self._verify)
        self._view.filing_asked.connect(lambda i: self.window_.show_page("outbox", open=i))
        self.fold(self._width)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(12)
        head = QHBoxLayout()
        head.addWidget(self._segments)
        head.addStretch(1)
        letters = Button("電子送達とご案内", "small", "mail", name="documents.letters")
        letters.clicked.connect(lambda _=False: self.window_.show_page("deliveries"))
        head.addWidget(letters)
        column.addLayout(head)
        line = "役所から届いたものと控えが、ここに残ります。"
        kept = QWidget()
        row = QHBoxLayout(kept)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addWidget(self._list, _LIST)
        row.addWidget(self._view, 660)
        self._left = QVBoxLayout()
        left = QWidget()
        left.setLayout(self._left)
        self._left.setContentsMargins(0, 0, 0, 0)
        self._stack = QStackedLayout()
        self._stack.addWidget(
            EmptyState("archive", "書類はまだありません", line, name="documents.empty")
        )
        self._stack.addWidget(kept)
        self._stack.addWidget(left)
        column.addLayout(self._stack, 1)

    # -- the frame -----------------------------------------------------------------------------

    def columns(self) -> Sequence[QWidget]:
        """F6 walks through list and text."""
        return [self._list, self._view]

    def fold(self, width: int) -> None:
        """Below 1120 (more with larger letters) list and text are shown one at a time."""
        look = current()
        self._width = width
        self._narrow = width < look.grown(int(look.tokens["breakpoint"]["medium"]))
        self._list.setMaximumWidth(_ENDLESS if self._narrow else look.grown(_LIST))
        self._list.setVisible(not (self._narrow and self._in_detail))
        self._view.setVisible(not self._narrow or self._in_detail)
        self._view.back.setVisible(self._narrow)

    def first_focus(self) -> QWidget | None:
        """The row of the document shown; where it is narrow, the way back to the list."""
        if not self._list.isVisible():
            return self._view.back if self._view.back.isVisible() else None
        return self._list.row(self._open)

    def refresh(self) -> None:
        """Read the lists again and show the chosen document, else the newest."""
        self._titles = {view.id: view.title for view in self._desk.filings()}
        rows = readable_first(self._desk.documents())
        self._names = shown_names(rows)
        self._rows = {row.id: row for row in rows}
        self.note = f"{len(rows)}件" if rows else ""
        if self._segments.chosen() == "left":
            self._show_left()
            return
        self._stack.setCurrentIndex(1 if rows else 0)
        if not rows:
            return
        if self._open not in self._rows:
            self._open = rows[0].id
        self._list.show_documents(rows, self._names, self._open)
        self.choose(self._open)

    def _show_left(self) -> None:
        while (item := self._left.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        rows = sorted(self._desk.disclosures(), key=lambda r: r.at, reverse=True)
        shown: QWidget = DisclosureTable(rows, self._titles)
        if not rows:
            line = "届を送ると、どの項目がどこへ出たかが、ここに残ります。"
            shown = EmptyState("send", "外に出たものはありません", line, name="documents.none_left")
        self._left.addWidget(shown)
        self._stack.setCurrentIndex(2)

    def choose(self, document_id: str) -> None:
        """Show one document; its text comes off the window's thread."""
        self._open = document_id
        row = self._rows[document_id]
        self._list.mark(document_id)
        title = self._titles.get(row.filing_id, "")
        known = self._words.get(document_id, "")  # a kept document never changes
        name = self._names[document_id]
        self._view.show_document(row, name, title, known, practice=self._desk.practice)
        self._slow.stop()
        self._judge(document_id)
        if known:
            return
        self._slow.start()

        def done(text: str) -> None:
            self._words[document_id] = text
            if self._open == document_id:
                self._slow.stop()
                self._view.show_words(text)

        run(lambda: self._desk.document_text(document_id), done, self._failed(document_id), self)

    def _judge(self, document_id: str) -> None:
        """The verdicts on its signature, off the window's thread; a fault is told by the text."""
        egov = getattr(self._desk, "egov", None)
        if egov is None:
            return

        def done(judged: Any) -> None:
            if self._open == document_id and judged is not None:
                self._view.show_judged(judged)

        def failed(fault: Exception) -> None:
            if not isinstance(fault, Known):
                raise fault

        run(lambda: egov.verdicts.of(document_id), done, failed, self)

    def _verify(self) -> None:
        """公文書署名検証: e-Gov's own judgement of the same bytes, told in place."""
        document_id = self._open
        egov = getattr(self._desk, "egov", None)
        if egov is None:
            return
        self._view.tell("info", "e-Gov に確かめてもらっています。")

        def done(told: Any) -> None:
            if self._open != document_id:
                return
            for one in told.official:
                words = (
                    f"e-Gov の検証: {one.validation_result}、証明書 {one.certificate_result}。"
                    f"署名した人 {one.owner}、発行 {one.publisher}。"
                )
                good = (one.validation_result, one.certificate_result) == ("正当", "有効")
                self._view.tell("ok" if good else "warn", words)

        run(lambda: egov.verdicts.ask(document_id), done, self._failed(document_id), self)

    def _say_reading(self) -> None:
        self._view.show_words(READING)

    def _failed(self, about: str) -> Any:
        def failed(fault: Exception) -> None:
            if self._open != about:
                return
            if self._slow.isActive() or self._view.text.toPlainText() == READING:
                self._slow.stop()
                self._view.show_words("")
            if isinstance(fault, Known):
                self._view.tell("info", fault.sentence)
                return
            _log.error("document fault %s", type(fault).__name__, exc_info=fault)
            self._view.tell("danger", BROKE)

        return failed

    def _chosen_by_person(self, document_id: str) -> None:
        self.choose(document_id)
        if self._narrow:
            self._in_detail = True
            self.fold(self._width)
            self._view.back.setFocus()

    def _to_list(self) -> None:
        self._in_detail = False
        self.fold(self._width)
        self._list.focus_on(self._open)

    # -- taking out ----------------------------------------------------------------------------

    def _ask_where(self) -> None:
        row = self._rows[self._open]
        dialog = QFileDialog(self, "ファイルに保存")
        dialog.setObjectName("documents.save.dialog")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setLabelText(QFileDialog.DialogLabel.Accept, "保存")
        name = Path(row.name).name
        dialog.selectFile(f"練習-{name}" if self._desk.practice else name)
        dialog.fileSelected.connect(lambda path: self.save_to(Path(path)))
        dialog.finished.connect(dialog.deleteLater)
        self._dialog = dialog
        dialog.open()

    def save_to(self, path: Path) -> None:
        """Write the shown document, byte for byte, to `path`."""
        ident = self._open

        def write() -> None:
            content = self._desk.document_bytes(ident)
            try:
                path.write_bytes(content)
            except OSError:
                raise Known(
                    "document-unsaved", "そこには保存できません。別の置き場所を選んでください。"
                ) from None

        def done(_nothing: None) -> None:
            if self._open == ident:
                self._view.tell("ok", f"{path.name} に保存しました。中身は届いたときのままです。")

        run(write, done, self._failed(ident), self)
