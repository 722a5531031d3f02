"""The official layout on the screen: boxes and words in millimetres, paper-coloured in both themes.

Each box that holds a field is a widget, met by name by a screen reader; pressing it (or Enter on it)
leads to the field. The marked box is the one being explained.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.views import theme
from app.views.widgets.painting import smooth
from app.views.widgets.slices import Slices

if TYPE_CHECKING:
    from app.forms.draft_parts import Cell
    from app.forms.layout import Box, Layout, Words

PAGE_WIDTH = 210.0
PAGE_HEIGHT = 297.0
MILLIMETRES_A_POINT = 25.4 / 72
LABEL_MILLIMETRES = 2.0
DIGIT_GAP = 3.0
DIGIT_TOP = 3.6
DIGIT_WIDEST = 8.0
AT_ONCE = 20
"""Boxes made, or printed parts painted, in one turn of the window's loop."""
_FRAME = Qt.PenStyle.SolidLine


class FormPaper(QWidget):
    """The A4 pages, one under the other. `pressed` carries the field of the pressed box."""

    pressed = Signal(str)

    def __init__(self, name: str = "form.paper", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName("様式")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._layout: Layout | None = None
        self._height = 297.0
        self._boxes: dict[str, list[_Box]] = {}
        self._marked = ""
        self._practice = False
        self._printed = QPixmap()
        self._printed_for: object = None
        self._cells: Mapping[str, Cell] = {}
        self._slices = Slices(self)

    def show_layout(self, layout: Layout, *, practice: bool = False) -> None:
        """Lay out a page. `practice` writes 練習 across it."""
        for old in self._all():
            old.hide()
            old.deleteLater()
        self._layout, self._boxes, self._practice = layout, {}, practice
        last = layout.pages
        feet = [b.y + b.h for b in layout.boxes if b.page == last]
        feet += [w.y + 1 for w in layout.words if w.page == last]
        self._height = (last - 1) * PAGE_HEIGHT + min(PAGE_HEIGHT, max(feet) + 8)
        held = [box for box in layout.boxes if box.field]
        first, rest = held[:AT_ONCE], held[AT_ONCE:]
        self._make(layout, first)
        if rest:
            self.setUpdatesEnabled(False)  # one picture of the whole, not one a part
            parts = [rest[start : start + AT_ONCE] for start in range(0, len(rest), AT_ONCE)]
            self._slices.run(*(partial(self._make, layout, part) for part in parts))
            self._slices.run(lambda: self.setUpdatesEnabled(True))
        self.updateGeometry()
        self.update()

    def _make(self, layout: Layout, boxes: Sequence[Box]) -> None:
        """Some of the boxes: a form of a hundred and more is more than one frame."""
        if layout is not self._layout:
            return
        for box in boxes:
            made = _Box(box, self)
            made.setGeometry(self.rect_of(box).toRect().adjusted(0, 0, 1, 1))
            made.show()
            self._boxes.setdefault(box.field, []).append(made)
            self._show_cell(made, self._cells)
            if box.field == self._marked:
                made.set_marked(True)

    def set_cells(self, cells: Mapping[str, Cell]) -> None:
        """Show values; only boxes whose words differ are painted."""
        self._cells = cells
        for boxes in self._boxes.values():
            for box in boxes:
                self._show_cell(box, cells)

    def _show_cell(self, box: _Box, cells: Mapping[str, Cell]) -> None:
        from app.forms.layout import box_text, cell_at

        cell = cell_at(box.box, cells)
        box.show_text(box_text(box.box, cells), cell.field.label if cell else box.box.label)
        box.set_groups(cell.field.groups if cell else ())

    def mark(self, field_id: str) -> None:
        """Mark the boxes of the explained field."""
        if field_id == self._marked:
            return
        for key in (self._marked, field_id):
            for box in self._boxes.get(key, ()):
                box.set_marked(key == field_id)
        self._marked = field_id

    def boxes_of(self, field_id: str) -> list[QWidget]:
        """The boxes of one field, for tests and for scrolling to it."""
        return list(self._boxes.get(field_id, ()))

    def hasHeightForWidth(self) -> bool:
        """The page keeps its shape."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Height in logical pixels of a page this wide."""
        return round(width * self._height / PAGE_WIDTH)

    def sizeHint(self) -> QSize:
        """As wide as the right pane."""
        return QSize(320, self.heightForWidth(320))

    def minimumSizeHint(self) -> QSize:
        """Readable at no smaller than this."""
        return QSize(200, self.heightForWidth(200))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Boxes follow the width."""
        super().resizeEvent(event)
        self._place()

    def scale(self) -> float:
        """Logical pixels a millimetre."""
        return self.width() / PAGE_WIDTH

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The sheet as printed, and the focus."""
        painter = smooth(QPainter(self))
        painter.drawPixmap(0, 0, self._print())
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.current().colour("focus"), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        painter.end()

    def _print(self) -> QPixmap:
        """The sheet, frames, printed words: the same at every keystroke, so painted once a size."""
        look, ratio = theme.current(), self.devicePixelRatioF()
        key = (self.size(), ratio, look, self._layout, self._practice)
        if key != self._printed_for:
            self._printed_for = key
            self._printed = QPixmap(self.size() * ratio)
            self._printed.setDevicePixelRatio(ratio)
            self._printed.fill(Qt.GlobalColor.transparent)
            painter = smooth(QPainter(self._printed))
            painter.setPen(look.colour("line"))
            painter.setBrush(look.colour("paper"))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
            for page in range(self._layout.pages if self._layout is not None else 1):
                self._paint_page(painter, page)
            painter.end()
            parts: list[Callable[[QPainter], None]] = []
            if self._layout is not None:
                parts += [partial(self._paint_frame, box=b) for b in self._layout.boxes]
                parts += [partial(self._paint_words, words=w) for w in self._layout.words]
            self._paint_parts(key, parts[:AT_ONCE])
            for start in range(AT_ONCE, len(parts), AT_ONCE):
                self._slices.run(partial(self._paint_parts, key, parts[start : start + AT_ONCE]))
            if len(parts) > AT_ONCE:
                self._slices.run(self.update)
        return self._printed

    def _paint_parts(self, key: object, parts: Sequence[Callable[[QPainter], None]]) -> None:
        """Some frames and words more on the sheet, while it is still the one that is shown."""
        if key != self._printed_for:
            return
        painter = smooth(QPainter(self._printed))
        for part in parts:
            part(painter)
        painter.end()

    def rect_of(self, box: Box) -> QRectF:
        """Where a box stands, in logical pixels on whole pixels."""
        s = self.scale()  # edges are rounded, not sizes: neighbours share one line
        y = box.y + (box.page - 1) * PAGE_HEIGHT
        left, top = round(box.x * s), round(y * s)
        return QRectF(left, top, round((box.x + box.w) * s) - left, round((y + box.h) * s) - top)

    def _all(self) -> list[_Box]:
        return [box for boxes in self._boxes.values() for box in boxes]

    def _place(self) -> None:
        for box in self._all():
            box.setGeometry(self.rect_of(box.box).toRect().adjusted(0, 0, 1, 1))

    def _paint_frame(self, painter: QPainter, box: Box) -> None:
        look, rect = theme.current(), self.rect_of(box).translated(0.5, 0.5)
        if box.shade:
            painter.fillRect(rect, QColor(0, 0, 0, 16))
        if box.frame:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(look.colour("paperLine"), 1, _FRAME))
            painter.drawRect(rect)
        if box.label:
            painter.setFont(face(LABEL_MILLIMETRES * self.scale()))
            painter.setPen(look.colour("paperInk"))
            flags = int(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
            inner = rect.adjusted(2, 1, -1, -1)
            painter.drawText(inner, flags | int(Qt.TextFlag.TextWordWrap), box.label)

    def _paint_words(self, painter: QPainter, words: Words) -> None:
        font = face(words.size * MILLIMETRES_A_POINT * self.scale(), bold=words.bold)
        painter.setFont(font)
        painter.setPen(theme.current().colour("paperInk"))
        width = QFontMetricsF(font).horizontalAdvance(words.text)
        shift = {"left": 0.0, "center": width / 2, "right": width}[words.align]
        y = words.y + (words.page - 1) * PAGE_HEIGHT
        foot = QPointF(words.x * self.scale() - shift, y * self.scale())
        painter.drawText(foot, words.text)  # y is the line the letters stand on, as in print

    def _paint_page(self, painter: QPainter, page: int) -> None:
        """The edge over a further page, and 練習 across it."""
        top = round(page * PAGE_HEIGHT * self.scale())
        foot = min(self.height(), round((page + 1) * PAGE_HEIGHT * self.scale()))
        if page:
            painter.setPen(theme.current().colour("line"))
            painter.drawLine(0, top, self.width(), top)
        if self._practice:
            self._paint_practice(painter, QPointF(self.rect().center().x(), (top + foot - 1) // 2))

    def _paint_practice(self, painter: QPainter, middle: QPointF) -> None:
        painter.save()
        font = face(34 * self.scale(), bold=True)
        painter.setFont(font)
        painter.setPen(QColor(122, 79, 0, 34))
        painter.translate(middle)
        painter.rotate(-28)
        box = QRectF(-self.width(), -self.width() / 2, self.width() * 2, self.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "練習")
        painter.restore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter leads to the field of the marked box."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._marked:
            self.pressed.emit(self._marked)
            return
        super().keyPressEvent(event)


class _Box(QWidget):
    """The value of one box."""

    def __init__(self, box: Box, paper: FormPaper) -> None:
        super().__init__(paper)
        self.box = box
        self._paper = paper
        self._text = ""
        self._groups: tuple[int, ...] = ()
        self._marked = False
        self.setObjectName(f"paper.{box.field}")
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_text(self, text: str, name: str) -> None:
        """Another value; `name` is the field's label."""
        spoken = f"{name}、{text or '空'}"
        if text != self._text or spoken != self.accessibleName():
            self._text = text
            self.setAccessibleName(spoken)
            self.update()

    def set_groups(self, groups: tuple[int, ...]) -> None:
        """The printed groups of the field's digits, e.g. (4, 6, 1)."""
        if groups != self._groups:
            self._groups = groups
            self.update()

    def set_marked(self, marked: bool) -> None:
        """Whether this is the box being explained."""
        self._marked = marked
        self.raise_()
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A press leads to the field."""
        if self.rect().contains(event.position().toPoint()):
            self._paper.pressed.emit(self.box.field)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Mark, digit boxes, letters."""
        look, scale = theme.current(), self._paper.scale()
        painter = smooth(QPainter(self))
        rect = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        if self._marked:
            painter.fillRect(rect, look.colour("paperMark"))
        if self.box.cells:
            self._paint_cells(painter, rect, scale)
        else:
            self._paint_text(painter, rect, scale)
        if self._marked:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor("#1765D8"), 2))
            painter.drawRect(rect.adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()

    def _paint_cells(self, painter: QPainter, rect: QRectF, scale: float) -> None:
        """One small box a digit under the label, a dash between the groups, as it is printed."""
        look = theme.current()
        breaks = {sum(self._groups[: n + 1]) for n in range(len(self._groups) - 1)}
        gap, top = DIGIT_GAP * scale, DIGIT_TOP * scale
        high = rect.height() - top - scale
        room = (self.box.w - 4) * scale - gap * len(breaks)
        wide = min(room / self.box.cells, DIGIT_WIDEST * scale)
        letters = self._text.replace("-", "")
        painter.setFont(face(self.box.size * MILLIMETRES_A_POINT * scale, bold=self._marked))
        x, y = rect.x() + 2 * scale, rect.y() + top
        for n in range(self.box.cells):
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(look.colour("paperLine"), 0.6))
            if n in breaks:
                middle, inset = y + high / 2, 0.6 * scale
                painter.drawLine(QPointF(x + inset, middle), QPointF(x + gap - inset, middle))
                x += gap
            cell = QRectF(x, y, wide, high)
            painter.drawRect(cell)
            if n < len(letters):
                painter.setPen(look.colour("paperInk"))
                painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, letters[n])
            x += wide

    def _paint_text(self, painter: QPainter, rect: QRectF, scale: float) -> None:
        if not self._text:
            return
        top = LABEL_MILLIMETRES * scale + 1 if self.box.label else 0
        inner = rect.adjusted(2, top, -2, 0)
        size = self.box.size * MILLIMETRES_A_POINT * scale
        side = {
            "left": Qt.AlignmentFlag.AlignLeft,
            "center": Qt.AlignmentFlag.AlignHCenter,
            "right": Qt.AlignmentFlag.AlignRight,
        }[self.box.align]
        flags = int(side | Qt.AlignmentFlag.AlignVCenter) | int(Qt.TextFlag.TextWrapAnywhere)
        painter.setPen(theme.current().colour("paperInk"))
        while True:
            font = face(size, bold=self._marked)
            bounds = QFontMetricsF(font).boundingRect(inner, flags, self._text)
            fits = bounds.height() <= inner.height() + 1 and bounds.width() <= inner.width() + 1
            if fits or size <= 4:
                break
            size -= 0.5
        painter.setFont(font)
        painter.drawText(inner, flags, self._text)


def face(pixels: float, *, bold: bool = False) -> QFont:
    """The paper's letters at a size in logical pixels; smaller than 12 is allowed on paper only."""
    font = theme.base_font(theme.current())
    font.setPixelSize(max(3, round(pixels)))
    font.setBold(bold)
    return font
