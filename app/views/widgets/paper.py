"""「様式で見る」: the official layout on paper, paper-coloured in both themes.

Each cell that belongs to a field is a widget of its own, so that a screen reader meets it by name
and pressing it can lead to its field.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.views.theme import base_font, current
from app.views.widgets.painting import figure_width, is_figure, paint_figure, smooth

A4 = (210.0, 297.0)
_FRAME = "#1765D8"  # the light theme's focus: the form stays paper in both themes


class BoxLike(Protocol):
    """One box of a layout, in millimetres from the top left of the page."""

    @property
    def x(self) -> float: ...
    @property
    def y(self) -> float: ...
    @property
    def w(self) -> float: ...
    @property
    def h(self) -> float: ...
    @property
    def label(self) -> str: ...
    @property
    def field_id(self) -> str: ...


class _Cell(QWidget):
    def __init__(self, box: BoxLike, paper: Paper) -> None:
        super().__init__(paper)
        self.box, self._paper = box, paper
        self.value = ""
        self.marked = False
        self.setObjectName(f"paper.{box.field_id}")
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.rect().contains(event.position().toPoint()):
            self._paper.pressed.emit(self.box.field_id)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current()
        painter = smooth(QPainter(self))
        rect = QRectF(self.rect())
        if self.marked:
            painter.fillRect(rect, theme.colour("paperMark"))
            painter.setPen(QPen(QColor(_FRAME), 2))
            painter.drawRect(rect.adjusted(1, 1, -1, -1))
        font = self._paper.face(self.box.h, bold=self.marked)
        ink = theme.colour("paperInk")
        inner = rect.adjusted(3, 0, -3, 0)
        if is_figure(self.value) and "," in self.value:
            metrics = QFontMetricsF(font)
            base = inner.center().y() + (metrics.ascent() - metrics.descent()) / 2
            if figure_width(self.value, font) <= inner.width():
                paint_figure(painter, self.value, inner.right(), base, font, ink)
                painter.end()
                return
        _fit(painter, inner, self.value, font)
        painter.end()


def _fit(painter: QPainter, rect: QRectF, text: str, font: QFont) -> None:
    """Paints a text into its box, smaller or in lines when it does not fit at once."""
    painter.setPen(current().colour("paperInk"))
    size = font.pixelSize()
    flags = int(Qt.AlignmentFlag.AlignVCenter) | int(Qt.TextFlag.TextWrapAnywhere)
    while size > 4:
        font.setPixelSize(size)
        bounds = QFontMetricsF(font).boundingRect(rect, flags, text)
        if bounds.height() <= rect.height() + 1 and bounds.width() <= rect.width() + 1:
            break
        size -= 1
    painter.setFont(font)
    painter.drawText(rect, flags, text)


class Paper(QWidget):
    """The boxes of a layout with their values. `pressed` carries the field of the pressed cell.

    `boxes` are in millimetres on a page of `page` (width, height); boxes with an empty `field_id`
    are printed words. `title` is set at the head of the page when given.
    """

    pressed = Signal(str)

    def __init__(
        self,
        boxes: Iterable[BoxLike] = (),
        values: Mapping[str, str] | None = None,
        marked: str = "",
        *,
        page: tuple[float, float] = A4,
        name: str = "paper",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(self.tr("様式"))
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._page = page
        self._words: list[BoxLike] = []
        self._cells: dict[str, list[_Cell]] = {}
        self.show_boxes(boxes, values or {}, marked)

    def show_boxes(
        self, boxes: Iterable[BoxLike], values: Mapping[str, str], marked: str = ""
    ) -> None:
        """Shows another layout."""
        for cell in (c for cells in self._cells.values() for c in cells):
            cell.hide()
            cell.deleteLater()
        self._words, self._cells = [], {}
        for box in boxes:
            if box.field_id:
                cell = _Cell(box, self)
                cell.show()
                self._cells.setdefault(box.field_id, []).append(cell)
            else:
                self._words.append(box)
        self.set_values(values)
        self.mark(marked)
        self._place()

    def set_values(self, values: Mapping[str, str]) -> None:
        """Shows other values by field id."""
        for field_id, cells in self._cells.items():
            for cell in cells:
                cell.value = values.get(field_id, "")
                cell.setAccessibleName(f"{cell.box.label}、{cell.value or self.tr('空')}")
                cell.update()

    def mark(self, field_id: str) -> None:
        """Marks the cells of the field being explained."""
        for key, cells in self._cells.items():
            for cell in cells:
                cell.marked = key == field_id
                cell.update()

    def cell(self, field_id: str) -> QWidget:
        """The first cell of a field. Raises KeyError."""
        return self._cells[field_id][0]

    def face(self, height: float, *, bold: bool = False) -> QFont:
        """The letters of a box `height` mm high: 3 mm, or less in a low box."""
        font = base_font(current())
        font.setPixelSize(max(5, round(min(3.1, height * 0.62) * self._scale())))
        font.setBold(bold)
        return font

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return round(width * self._page[1] / self._page[0])

    def sizeHint(self) -> QSize:
        return QSize(320, self.heightForWidth(320))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _scale(self) -> float:
        return self.width() / self._page[0]

    def _rect(self, box: BoxLike) -> QRectF:
        s = self._scale()
        return QRectF(box.x * s, box.y * s, box.w * s, box.h * s)

    def _place(self) -> None:
        for cells in self._cells.values():
            for cell in cells:
                cell.setGeometry(self._rect(cell.box).adjusted(1, 1, 0, 0).toRect())

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current()
        painter = smooth(QPainter(self))
        painter.setPen(theme.colour("line"))
        painter.setBrush(theme.colour("paper"))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.setPen(QPen(theme.colour("paperLine"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for cells in self._cells.values():
            for cell in cells:
                painter.drawRect(self._snapped(cell.box))
        for box in self._words:
            rect = self._snapped(box)
            painter.setPen(QPen(theme.colour("paperLine"), 1))
            painter.drawRect(rect)
            _fit(painter, rect.adjusted(3, 0, -3, 0), box.label, self.face(box.h))
        painter.end()

    def _snapped(self, box: BoxLike) -> QRectF:
        return self._rect(box).toRect().toRectF().translated(0.5, 0.5)
