"""A column that scrolls downwards only: as wide as its place, as high as its wrapped words need."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget


class _Tall(QWidget):
    """Its least height is that of its layout at its present width, not at its least width."""

    def minimumSizeHint(self) -> QSize:
        layout = self.layout()
        if layout is None:
            return super().minimumSizeHint()
        least = layout.minimumSize()
        if not layout.hasHeightForWidth():
            return least
        return QSize(least.width(), layout.heightForWidth(max(self.width(), least.width())))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().event(event)


class ScrollColumn(QScrollArea):
    """`column` takes the widgets; `renew` starts an empty one and keeps the place scrolled to.

    With `yields_keys` the arrow keys are left to the list around it.
    """

    def __init__(
        self, margins: tuple[int, int, int, int] = (0, 0, 0, 0), *, yields_keys: bool = False
    ) -> None:
        super().__init__()
        self._yields_keys = yields_keys
        self._margins = margins
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.column = QVBoxLayout()
        self.renew()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Scrolls, unless the keys belong to the list around it."""
        if self._yields_keys:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def renew(self) -> QVBoxLayout:
        """An empty column in place of the old one.

        The old one goes later: it may hold the very control whose key is being answered.
        """
        place = self.verticalScrollBar().value()
        if (old := self.takeWidget()) is not None:
            old.hide()
            old.deleteLater()
        body = _Tall()
        body.setProperty("clear", "true")
        self.column = QVBoxLayout(body)
        self.column.setContentsMargins(*self._margins)
        self.column.setSpacing(0)
        self.setWidget(body)
        self.verticalScrollBar().setValue(place)
        return self.column
