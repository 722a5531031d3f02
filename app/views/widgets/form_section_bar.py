"""The 44 px bar that replaces the sections column on a narrow window."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QMenu, QWidget

from app.views import icons, theme
from app.views.models.form_state import SectionLine
from app.views.widgets.button import Button
from app.views.widgets.form_sections import RING
from app.views.widgets.painting import smooth
from app.views.widgets.ring import paint_ring


class SectionBar(QFrame):
    """The 44 px bar of a narrow window: the present section with a drop-down, and two links."""

    chosen = Signal(str)
    review_wanted = Signal()
    explain_wanted = Signal()
    paper_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("form.section_bar")
        self.setProperty("surface", "canvas")
        self.setFixedHeight(theme.current().grown(44))
        self._lines: Sequence[SectionLine] = ()
        self._drop = _BarButton(self)
        self._drop.clicked.connect(self._open)
        self._explain = Button("この値はどこから  F1", "quiet", name="form.bar.explain")
        self._explain.clicked.connect(self.explain_wanted)
        self._paper = Button("様式で見る  F6", "quiet", name="form.bar.paper")
        self._paper.clicked.connect(self.paper_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._drop)
        row.addStretch(1)
        row.addWidget(self._explain)
        row.addWidget(self._paper)

    def show_lines(self, lines: Sequence[SectionLine], present: str) -> None:
        """Show the present section; the others are in the drop-down."""
        self._lines = lines
        line = next((x for x in lines if x.id == present), lines[0] if lines else None)
        if line is not None:
            self._drop.show_line(line)

    def focus_drop(self) -> None:
        """Put the keyboard on the drop-down."""
        self._drop.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _open(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for line in self._lines:
            action = menu.addAction(f"{line.title}    {line.note}  {line.fix}".rstrip())
            action.triggered.connect(self._go(line.id))
        menu.popup(self._drop.mapToGlobal(self._drop.rect().bottomLeft()))

    def _go(self, section_id: str) -> Callable[[], None]:
        def go() -> None:
            if section_id:
                self.chosen.emit(section_id)
            else:
                self.review_wanted.emit()

        return go


class _BarButton(QAbstractButton):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("form.bar.sections")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedHeight(theme.current().size("field"))
        self._line: SectionLine | None = None

    def show_line(self, line: SectionLine) -> None:
        """The section named on the button."""
        self._line = line
        self.setAccessibleName(f"{line.spoken}、区分を選ぶ")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as its words."""
        return QSize(self._lay(None) + 12, theme.current().size("field"))

    def event(self, event: QEvent) -> bool:
        """Alt+↓ opens as in any list."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and (
                event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
                or (event.key() == Qt.Key.Key_Down)
            )
        ):
            self.click()
            return True
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Ring, name, figures, a small arrow."""
        painter = smooth(QPainter(self))
        self._lay(painter)
        if self.hasFocus():
            painter.setPen(theme.current().colour("focus"))
            for inset in (0, 1):
                painter.drawRoundedRect(
                    self.rect().adjusted(inset, inset, -1 - inset, -1 - inset), 4, 4
                )
        painter.end()

    def _lay(self, painter: QPainter | None) -> int:
        """Paint, or only measure without a painter; gives the width used."""
        look, line = theme.current(), self._line
        if line is None:
            return 0
        x = 10
        if painter is not None:
            top = self.height() / 2 - RING / 2
            paint_ring(painter, x, top, line.part, line.state)
        x += RING + 12
        for text, role, bold, ink in (
            (line.title, "body", True, "ink"),
            (line.note, "label", False, "danger" if line.fix else "ink2"),
            (line.fix, "label", False, "danger"),
        ):
            if not text:
                continue
            font = look.font(role, bold=bold)
            width = QFontMetrics(font).horizontalAdvance(text)
            if painter is not None:
                painter.setFont(font)
                painter.setPen(look.colour(ink))
                painter.drawText(
                    QRect(x, 0, width + 2, self.height()), int(Qt.AlignmentFlag.AlignVCenter), text
                )
            x += width + 10
        if painter is not None:
            icons.paint_icon(painter, "chevron-down", x, self.height() / 2 - 8, 16)
        return x + 16
