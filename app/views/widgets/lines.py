"""Lines of words and hairlines: the small parts every page is set from."""

from __future__ import annotations

import html
import re

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

from app.views.theme import current, set_property


def label(
    text: str,
    role: str = "body",
    colour: str = "ink",
    *,
    bold: bool | None = None,
    name: str = "",
    parent: QWidget | None = None,
) -> QLabel:
    """One line of plain text in a role (title, headline, heading, body, label, note) and a colour."""
    made = QLabel(text, parent)
    made.setTextFormat(Qt.TextFormat.PlainText)
    dress(made, role, colour, bold=bold)
    made.setMinimumHeight(current().px(role) + 4)
    if name:
        made.setObjectName(name)
    return made


def dress(made: QLabel, role: str, colour: str, *, bold: bool | None = None) -> None:
    """Gives a label its role and colour; both follow a theme change by the style sheet."""
    set_property(made, "role", role)
    set_property(made, "ink", colour)
    if bold is not None:
        set_property(made, "bold", "true" if bold else "false")


_MAY_BREAK = "\u200b"
_KEEP = "\u2060"


_MARK = re.compile(f'<span style="font-size:1px">[{_KEEP}{_MAY_BREAK}]</span>')
_ENDING = re.compile(r"[ぁ-ん]{2,5}(?=[。、\n]|$)")
_COUNTED = re.compile(
    r"[0-9]+(?:[～〜][0-9]+)?(?:か所|か月|月分|年度|[月日件人分円つ年通回問組字時])"
)
_LAST = re.compile(r"\w{2}[。)」]?$")


def _by_phrase(text: str) -> str:
    """The text with marks that keep together what must not be parted at the end of a line."""
    if _MAY_BREAK not in text:
        for together in (_ENDING, _COUNTED, _LAST):
            text = together.sub(lambda found: _KEEP.join(found[0]), text)
        return text
    phrases = text.split(_MAY_BREAK)
    return _MAY_BREAK.join(_KEEP.join(phrase) for phrase in phrases)


class WrapLabel(QLabel):
    """Text that wraps, set at 150 %. A line feed in the text breaks the line at that phrase."""

    def __init__(
        self,
        text: str = "",
        role: str = "body",
        colour: str = "ink",
        *,
        bold: bool | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._plain = ""
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setWordWrap(True)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        dress(self, role, colour, bold=bold)
        self.set_text(text)

    def minimumSizeHint(self) -> QSize:
        """One word wide and one line high; the height needed comes from the width it is given."""
        line = round(self.fontMetrics().height() * 1.5)
        return QSize(min(48, super().minimumSizeHint().width()), line)

    def set_text(self, text: str) -> None:
        """Shows plain text; nothing in it is read as mark-up.

        A text with zero-width spaces (U+200B) breaks only there: between phrases, as Japanese is
        read. In any other, the ending of a sentence and a number with its counter stay together,
        so that no kana hangs alone.
        """
        self._plain = text.replace(_MAY_BREAK, "")
        if not text:  # a part that waits for its words costs no document
            self.setText("")
            self.setAccessibleName("")
            return
        body = html.escape(_by_phrase(text)).replace("\n", "<br>")
        for mark in (_KEEP, _MAY_BREAK):  # of another face: so small that no line grows by it
            body = body.replace(mark, f'<span style="font-size:1px">{mark}</span>')
        self.setText(f'<div style="line-height:150%; white-space:pre-wrap">{body}</div>')
        self.setAccessibleName(self._plain.replace("\n", ""))

    def set_html(self, body: str, spoken: str) -> None:
        """Shows mark-up of our own making (bold parts, links); `spoken` is what is read aloud."""
        self._plain = spoken
        self.setText(f'<div style="line-height:150%">{body}</div>')
        self.setAccessibleName(spoken)

    def centre(self, role: str) -> WrapLabel:
        """Evens out the room under its last line, so that it stands in the middle of a row."""
        self.setContentsMargins(0, current().px(role) // 2, 0, 0)
        return self

    def text(self) -> str:
        """What is shown, without the marks that keep phrases together."""
        return _MARK.sub("", super().text())

    def plain(self) -> str:
        """The text as it was given."""
        return self._plain


class NoteLabel(QLabel):
    """One line that takes what room is left; what does not fit ends in … and is whole in the tip."""

    def __init__(self, role: str = "label", colour: str = "ink2", *, name: str = "") -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setObjectName(name)
        dress(self, role, colour)

    def show_text(self, text: str) -> None:
        """Shows another text."""
        self.setText(text)
        self.setToolTip(text)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.setFont(self.font())
        room, text = self.contentsRect(), self.text()
        middle = text[-1:].isdigit()  # a number at the end is what tells companies apart
        mode = Qt.TextElideMode.ElideMiddle if middle else Qt.TextElideMode.ElideRight
        shown = self.fontMetrics().elidedText(text, mode, room.width())
        painter.drawText(room, self.alignment(), shown)
        painter.end()


def wrap_label(
    text: str, role: str = "body", colour: str = "ink", *, bold: bool | None = None
) -> WrapLabel:
    """A label that wraps, at 150 % line height."""
    return WrapLabel(text, role, colour, bold=bold)


def hairline(vertical: bool = False) -> QFrame:
    """A decorative line of 1 px."""
    line = QFrame()
    line.setProperty("rule", "true")
    if vertical:
        line.setFixedWidth(1)
    else:
        line.setFixedHeight(1)
    return line


def surface(kind: str, parent: QWidget | None = None) -> QFrame:
    """A bare frame on one of the surfaces: canvas, surface, sunken, head, select, card."""
    frame = QFrame(parent)
    frame.setProperty("surface", kind)
    return frame
