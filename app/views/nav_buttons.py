"""What the navigation is made of: the company's button, and one button a place."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from app.views.icons import paint_icon
from app.views.theme import current
from app.views.widgets.painting import focus_ring, smooth
from app.views.widgets.plate import paint_plate
from app.views.words import split_name

_ICONS: Final = {
    "today": "sun",
    "company": "building-2",
    "books": "book-open",
    "grants": "hand-coins",
    "procedures": "file-text",
    "outbox": "send",
    "documents": "archive",
    "settings": "settings",
}


class CompanyButton(QAbstractButton):
    """Plate, kind and name of the company; opens the switcher."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.folded = False
        self._kanji, self._plate, self._name = "一", "ai", ""
        self.setObjectName("nav.company")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_company(self, name: str, kanji: str, plate: str) -> None:
        """Shows a company."""
        self._name, self._kanji, self._plate = name, kanji, plate
        self.setAccessibleName(self.tr("会社 {}。押すと、ほかの会社に移れます").format(name))
        self.setToolTip(name)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(60 if self.folded else 180, 56)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current()
        painter = smooth(QPainter(self))
        rect = QRectF(self.rect())
        if self.underMouse() or self.hasFocus():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("chip"))
            painter.drawRoundedRect(rect, 6, 6)
        left = (rect.width() - 40) / 2 if self.folded else 4.0
        paint_plate(painter, QRectF(left, 8, 40, 40), self._kanji, self._plate)
        if not self.folded:
            self._names(painter, rect)
        if self.hasFocus():
            focus_ring(painter, rect, 6)
        painter.end()

    def _names(self, painter: QPainter, rect: QRectF) -> None:
        theme = current()
        kind, name = split_name(self._name)
        half = min(19, theme.grown(17)) / 2
        middle = rect.height() / 2
        room = int(rect.width()) - 54 - 24
        parts = [("note", "ink2", kind, middle - half), ("heading", "ink", name, middle + half)]
        if QFontMetrics(theme.font("heading")).horizontalAdvance(name) > room:
            parts = _two_lines(name, room, middle)
        elif not kind:
            parts = [("heading", "ink", name, middle)]
        for role, ink, text, y in parts:
            font = theme.font(role, bold=True if ink == "ink" else None)
            shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, room)
            painter.setFont(font)
            painter.setPen(theme.colour(ink))
            box = QRectF(54, y - 14, rect.width() - 54, 28)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, shown)
        paint_icon(painter, "chevron-down", int(rect.width()) - 22, 20, 16, "ink2")


def _two_lines(name: str, room: int, middle: float) -> list[tuple[str, str, str, float]]:
    """A long name in small letters on two lines, without its kind; what is left is in the tip."""
    theme = current()
    metrics = QFontMetrics(theme.font("note", bold=True))
    first = len(name)
    while first > 1 and metrics.horizontalAdvance(name[:first]) > room:
        first -= 1
    spaces = [n for n, letter in enumerate(name[: first + 1]) if letter in " \u3000"]
    cut = spaces[-1] if spaces and first < len(name) else first
    half = min(9.5, theme.grown(16) / 2)
    return [
        ("note", "ink", name[:cut].strip(), middle - half),
        ("note", "ink", name[cut:].strip(), middle + half),
    ]


class PlaceButton(QAbstractButton):
    """One place. Counts stand at its right, only for 今日 and 送信箱."""

    def __init__(self, place: str, word: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.place = place
        self.folded = False
        self._count = 0
        self.setText(word)
        self.setCheckable(True)
        self.setObjectName(f"nav.{place}")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_count(0)

    def set_count(self, count: int) -> None:
        """Shows a count, or none for 0."""
        self._count = count
        self.setAccessibleName(f"{self.text()} {count}" if count else self.text())
        self.update()

    def count(self) -> int:
        """The count shown."""
        return self._count

    def sizeHint(self) -> QSize:
        theme = current()
        return QSize(60, theme.grown(56)) if self.folded else QSize(180, theme.grown(38))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current()
        painter = smooth(QPainter(self))
        rect = QRectF(self.rect())
        here = self.isChecked()
        if here or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("surface" if here else "chip"))
            painter.drawRoundedRect(rect, 6, 6)
        if here:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("accent"))
            middle = rect.height() / 2
            painter.drawRoundedRect(QRectF(0, middle - 9, 3, 18), 1.5, 1.5)
        ink = "accent" if here else "ink2"
        if self.folded:
            self._paint_folded(painter, rect, ink, here)
        else:
            self._paint_wide(painter, rect, ink, here)
        if self.hasFocus():
            focus_ring(painter, rect, 6)
        painter.end()

    def _paint_folded(self, painter: QPainter, rect: QRectF, ink: str, here: bool) -> None:
        theme = current()
        line = theme.px("note") + 4
        top = (rect.height() - 20 - 6 - line) / 2 + 1
        paint_icon(painter, _ICONS[self.place], round(rect.width() / 2 - 10), round(top), 20, ink)
        painter.setFont(theme.font("note", bold=here))
        painter.setPen(theme.colour(ink))
        box = QRectF(0, top + 25, rect.width(), line)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self.text())
        if self._count:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("accent"))
            painter.drawEllipse(QRectF(rect.width() / 2 + 10, top - 2, 7, 7))

    def _paint_wide(self, painter: QPainter, rect: QRectF, ink: str, here: bool) -> None:
        theme = current()
        paint_icon(painter, _ICONS[self.place], 14, round(rect.height() / 2 - 9), 18, ink)
        painter.setFont(theme.font("body", bold=here))
        painter.setPen(theme.colour("accent" if here else "ink"))
        box = rect.adjusted(44, 0, 0, 0)
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, self.text())
        if self._count:
            self._paint_count(painter, rect, here)

    def _paint_count(self, painter: QPainter, rect: QRectF, here: bool) -> None:
        theme = current()
        font = theme.font("label", bold=True)
        text = str(self._count)
        width = max(27.0, QFontMetrics(font).horizontalAdvance(text) + 18.0)
        height = float(theme.grown(18))
        box = QRectF(rect.right() - 11 - width, rect.center().y() - height / 2, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("accentSoft" if here else "chip"))
        painter.drawRoundedRect(box, height / 2, height / 2)
        painter.setFont(font)
        painter.setPen(theme.colour("accent" if here else "ink2"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
