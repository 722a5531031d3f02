"""The header, 64 high: title, one note, and the search field or the actions of the page."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QSizePolicy, QWidget

from app.views.icons import paint_icon
from app.views.theme import current, theme_changed
from app.views.widgets.lines import NoteLabel, label
from app.views.widgets.painting import focus_ring, smooth


class SearchButton(QAbstractButton):
    """Looks like a field and opens the palette."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(self.tr("さがす・移る"))
        self.setAccessibleName(self.tr("さがす・移る Ctrl+K"))
        self.setObjectName("header.search")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        theme = current()
        return QSize(theme.grown(260), theme.size("button") - 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(current().grown(190), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current()
        painter = smooth(QPainter(self))
        rect = QRectF(self.rect())
        strong = self.underMouse()
        painter.setPen(QPen(theme.colour("field" if strong else "hair"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        paint_icon(painter, "search", 7, round(rect.height() / 2 - 8), 16, "ink2")
        painter.setFont(theme.font("body"))
        painter.setPen(theme.colour("ink3"))
        words = f"{self.text()}\u3000 Ctrl+K"
        painter.drawText(rect.adjusted(39, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, words)
        if self.hasFocus():
            focus_ring(painter, rect)
        painter.end()


class Header(QFrame):
    """Title and note at the left; what `set_actions` was given, else the search field, at the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "canvas")
        self.setObjectName("header")
        self.title = label("", "title", name="header.title")
        self.note = NoteLabel(name="header.note")
        self.search = SearchButton(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 0, 24, 0)
        row.setSpacing(12)
        row.addWidget(self.title)
        row.addWidget(self.note, 1)
        self._actions = QHBoxLayout()
        self._actions.setSpacing(12)
        row.addLayout(self._actions)
        row.addWidget(self.search)
        self._measure()
        theme_changed.connect(self._measure)

    def set_words(self, title: str, note: str) -> None:
        """Shows a title and a note; a note that does not fit is still whole in its tool tip."""
        self.title.setText(title)
        self.note.show_text(note)

    def set_actions(self, widgets: list[QWidget]) -> None:
        """Shows the actions of a page; an empty list brings the search field back."""
        while (item := self._actions.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
        for widget in widgets:
            self._actions.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
            widget.show()
        self.search.setVisible(not widgets)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FontChange:
            self._measure()
        return super().event(event)

    def _measure(self) -> None:
        theme = current()
        self.setFixedHeight(max(theme.size("header"), theme.grown(48) + 16))
