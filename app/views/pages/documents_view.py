"""One kept document: what it is, what its signature is worth, its words, and a way to take it out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QFont, QTextBlockFormat, QTextCursor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QTextBrowser, QVBoxLayout, QWidget

from app.store.rows import DocumentRow
from app.views.pages.documents_verdicts import VerdictBox
from app.views.theme import current, theme_changed
from app.views.widgets.band import Band
from app.views.widgets.button import Button
from app.views.widgets.chip import Chip
from app.views.widgets.lines import WrapLabel, hairline, label, wrap_label

if TYPE_CHECKING:
    from app.services.verdicts import Judged

_LINE_HEIGHT = 150.0
KINDS = {
    "official": ("届いたままの ZIP", "archive"),
    "official-xml": ("公文書", "stamp"),
    "notice": ("通知", "mail"),
    "notice-text": ("貼った通知", "mail"),
    "notice-pdf": ("通知の PDF", "mail"),
    "attachment": ("添付", "paperclip"),
    "receipt": ("控え", "file-check"),
    "delivery": ("電子送達", "mail"),
    "guidance": ("ご案内", "info"),
    "agency-proof": ("提出代行証明書", "file-text"),
}


def kind_words(kind: str) -> tuple[str, str]:
    """The word and the outline of a kind of document."""
    return KINDS.get(kind, ("書類", "file-text"))


def size_words(size: int) -> str:
    """A size in bytes for reading."""
    if size < 1024:
        return f"{size} バイト"
    return f"{size / 1024:.0f} KB" if size < 1024 * 1024 else f"{size / 1024 / 1024:.1f} MB"


def verdict_kind(verdict: str) -> str:
    """The band a sentence about a signature is shown in."""
    if "変わっていません" in verdict:
        whole = "確かめられません" not in verdict and "期間の外" not in verdict
        return "ok" if whole else "warn"
    return "info" if verdict.startswith("署名はありません") else "danger"


class SafeText(QTextBrowser):
    """Shows plain text and loads nothing: no picture, no style, no link is ever fetched or opened."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("documents.text")
        self.setAccessibleName("書類の文")
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.setAcceptDrops(False)
        self.setUndoRedoEnabled(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.document().setDocumentMargin(20)
        self._dress()
        theme_changed.connect(self._dress)

    def show_text(self, text: str) -> None:
        """Show `text` as it stands; nothing in it is read as mark-up."""
        self.setPlainText(text)
        cursor = QTextCursor(self.document())
        cursor.select(QTextCursor.SelectionType.Document)
        spaced = QTextBlockFormat()
        spaced.setLineHeight(
            _LINE_HEIGHT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value
        )
        cursor.mergeBlockFormat(spaced)
        self.moveCursor(QTextCursor.MoveOperation.Start)

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        """Qt's hook for whatever a document wants: nothing."""
        return None

    def doSetSource(self, name: QUrl | str, kind: Any = None) -> None:
        """Qt's hook for following a link: stays where it is."""

    def _dress(self) -> None:
        font = QFont(current().font("body"))
        self.document().setDefaultFont(font)


class DocumentView(QFrame):
    """The right column of 書類庫. Signals say what the person asked for."""

    save_asked = Signal()
    verify_asked = Signal()
    filing_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("documents.detail")
        self.setProperty("surface", "card")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(1, 1, 1, 1)
        self._column.setSpacing(0)
        self.back = Button("一覧へもどる", "quiet", "arrow-left", small=True, name="documents.back")
        self.back.hide()
        self._column.addWidget(self.back)
        self._head: QWidget | None = None
        self.text = SafeText()
        self._bands = QVBoxLayout()

    def show_document(
        self, row: DocumentRow, name: str, filing_title: str, words: str, *, practice: bool
    ) -> None:
        """Show what is known of a document, and its words; "" where they are still to come."""
        if self._head is not None:
            self._head.hide()
            self._head.deleteLater()
            self._column.removeWidget(self._head)
            self._column.removeWidget(self.text)
        self._head = self._make_head(row, name, filing_title, practice)
        self._column.addWidget(self._head)
        self._column.addWidget(self.text, 1)
        self.text.show_text(words)

    def show_words(self, text: str) -> None:
        """The document as plain text."""
        self.text.show_text(text)

    def show_judged(self, judged: Judged | None) -> None:
        """The three verdicts, in place of the one sentence of the day it came."""
        self._verdicts.show_judged(judged)
        if self._verdict is not None:
            self._verdict.setVisible(judged is None)

    def tell(self, kind: str, sentence: str) -> None:
        """A band in place."""
        while (item := self._bands.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self._bands.addWidget(Band(kind, sentence, name="documents.band"))

    def _make_head(self, row: DocumentRow, name: str, filing_title: str, practice: bool) -> QWidget:
        part = QWidget()
        column = QVBoxLayout(part)
        column.setContentsMargins(20, 16, 16, 0)
        column.setSpacing(8)
        top = QHBoxLayout()
        top.setSpacing(8)
        title = WrapLabel(name, "title", "ink")
        title.setObjectName("documents.title")
        top.addWidget(title, 1)
        if practice:
            top.addWidget(Chip("練習", "warn", "outline", "graduation-cap"))
        word, icon = kind_words(row.kind)
        top.addWidget(Chip(word, "info", "soft", icon))
        column.addLayout(top)
        at = row.kept_at
        about = (
            f"{at.year}年{at.month}月{at.day}日 {at:%H:%M} に入れました · {size_words(row.size)}"
        )
        column.addWidget(label(about, "label", "ink2"))
        if name != row.name:
            column.addWidget(wrap_label(f"ファイルの名前 {row.name}", "note", "ink2"))
        mark = wrap_label(f"指紋(SHA-256) {row.sha256[:16]}···{row.sha256[-8:]}", "note", "ink2")
        mark.setToolTip(row.sha256)
        column.addWidget(mark)
        self._verdict: Band | None = None
        if row.verdict:
            self._verdict = Band(verdict_kind(row.verdict), row.verdict, name="documents.verdict")
            column.addWidget(self._verdict)
        self._verdicts = VerdictBox()
        column.addWidget(self._verdicts)
        self._bands = QVBoxLayout()
        column.addLayout(self._bands)
        column.addLayout(self._buttons(row, filing_title))
        column.addSpacing(4)
        column.addWidget(hairline())
        return part

    def _buttons(self, row: DocumentRow, filing_title: str) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(8)
        save = Button("ファイルに保存", "small", "download", name="documents.save")
        save.clicked.connect(self.save_asked)
        line.addWidget(save)
        if row.kind in ("official", "delivery") and row.name.lower().endswith(".zip"):
            ask = Button(
                "e-Gov にも確かめてもらう", "small", "shield-check", name="documents.verify"
            )
            ask.clicked.connect(self.verify_asked)
            line.addWidget(ask)
        if row.filing_id:
            word = f"送信箱で見る({filing_title})" if filing_title else "送信箱で見る"
            filing = Button(word, "quiet", "send", small=True, name="documents.filing")
            filing.clicked.connect(lambda _=False, i=row.filing_id: self.filing_asked.emit(i))
            line.addWidget(filing)
        line.addStretch(1)
        return line
