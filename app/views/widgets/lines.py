"""Lines of words and hairlines: the small parts every page is set from."""

from __future__ import annotations

import html

from PySide6.QtCore import QSize, Qt
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


def _by_phrase(text: str) -> str:
    if _MAY_BREAK not in text:
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
        read, so that no kana hangs alone.
        """
        self._plain = text.replace(_MAY_BREAK, "")
        body = html.escape(_by_phrase(text)).replace("\n", "<br>")
        self.setText(f'<div style="line-height:150%; white-space:pre-wrap">{body}</div>')
        self.setAccessibleName(self._plain.replace("\n", ""))

    def set_html(self, body: str, spoken: str) -> None:
        """Shows mark-up of our own making (bold parts, links); `spoken` is what is read aloud."""
        self._plain = spoken
        self.setText(f'<div style="line-height:150%">{body}</div>')
        self.setAccessibleName(spoken)

    def plain(self) -> str:
        """The text as it was given."""
        return self._plain


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
