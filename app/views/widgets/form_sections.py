"""The sections of a form: the column at the left, and the bar that replaces it on a narrow window."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.views import theme
from app.views.models.form_state import SectionLine
from app.views.widgets.button import Button
from app.views.widgets.lines import wrap_label
from app.views.widgets.painting import smooth
from app.views.widgets.ring import paint_ring

RING = 20
TEXT_LEFT = 42
_FLAGS = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


class SectionRow(QAbstractButton):
    """One section: ring, name, and how much is done."""

    def __init__(
        self, line: SectionLine, area: str = "form", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._line = line
        self._present = False
        self.setObjectName(f"{area}.section.{line.id or 'review'}")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAccessibleName(line.spoken)
        self.setToolTip(line.title)

    @property
    def line(self) -> SectionLine:
        """What the row shows."""
        return self._line

    def show_line(self, line: SectionLine) -> None:
        """Show other figures; painted only when they differ."""
        if line != self._line:
            self._line = line
            self.setAccessibleName(line.spoken)
            self.setToolTip(line.title)
            self.update()

    def set_present(self, present: bool) -> None:
        """Mark the section the person is in."""
        if present != self._present:
            self._present = present
            self.setAccessibleDescription("いまここ" if present else "")
            self.update()

    def sizeHint(self) -> QSize:
        """The full width of the column, 52 high at 100 %; higher when the name takes two lines."""
        look = theme.current()
        more = look.px("body") + 5 if len(self._lines()) > 1 else 0
        return QSize(168, look.size("sectionRow") + more)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The name may need another line."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Fill, ring, name, figures."""
        look = theme.current()
        painter = smooth(QPainter(self))
        if self._present or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.colour("select" if self._present else "sunken"))
            painter.drawRoundedRect(self.rect(), 6, 6)
        first, second = look.px("body"), look.px("label")
        lines = self._lines()
        block = len(lines) * (first + 5) + second + 2
        top = (self.height() - block) // 2
        paint_ring(painter, 12, (self.height() - RING) / 2, self._line.part, self._line.state)
        painter.setFont(look.font("body", bold=self._present))
        painter.setPen(look.colour("ink"))
        for line in lines:
            painter.drawText(QRect(TEXT_LEFT, top, self._room(), first + 5), _FLAGS, line)
            top += first + 5
        painter.setFont(look.font("label"))
        painter.setPen(look.colour("danger" if self._line.fix else "ink2"))
        figures = "  ".join(x for x in (self._line.note, self._line.fix) if x)
        below = QRect(TEXT_LEFT, top - 1, self._room(), second + 4)
        painter.drawText(below, _FLAGS, figures)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(look.colour("focus"))
            for inset in (0, 1):
                painter.drawRoundedRect(
                    self.rect().adjusted(inset, inset, -1 - inset, -1 - inset), 6, 6
                )
        painter.end()

    def _room(self) -> int:
        return (self.width() if self.width() > 100 else 168) - TEXT_LEFT - 4

    def _lines(self) -> list[str]:
        metrics = QFontMetrics(theme.current().font("body", bold=True))
        title, room = self._line.title, self._room()
        if metrics.horizontalAdvance(title) <= room:
            return [title]
        cut = next(
            n for n in range(len(title), 0, -1) if metrics.horizontalAdvance(title[:n]) <= room
        )
        return [title[:cut], metrics.elidedText(title[cut:], Qt.TextElideMode.ElideRight, room)]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses, as Space does; arrows are the column's."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)


class SectionColumn(QWidget):
    """The 204 px column: one row a section, and the card that offers the interview."""

    chosen = Signal(str)
    review_wanted = Signal()
    interview_wanted = Signal()

    def __init__(self, area: str = "form", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._area = area
        self.setObjectName(f"{area}.sections")
        self.setAccessibleName("区分")
        self.setFixedWidth(204)
        self._rows: dict[str, SectionRow] = {}
        inner = QWidget()
        inner.setProperty("clear", True)
        self._list = QVBoxLayout(inner)
        self._list.setContentsMargins(12, 8, 12, 8)
        self._list.setSpacing(2)
        self._list.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inner)
        self._card = QuestionCard(self)
        self._card.wanted.connect(self.interview_wanted)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(scroll, 1)
        holder = QVBoxLayout()
        holder.setContentsMargins(12, 8, 12, 16)
        holder.addWidget(self._card)
        column.addLayout(holder)

    def show_lines(self, lines: Sequence[SectionLine], present: str) -> None:
        """Show the sections; rows are kept and only changed figures are painted."""
        if [line.id for line in lines] != list(self._rows):
            self._rebuild(lines)
        for line in lines:
            self._rows[line.id].show_line(line)
            self._rows[line.id].set_present(bool(line.id) and line.id == present)

    def show_line(self, line: SectionLine) -> None:
        """Show the figures of one section."""
        if line.id in self._rows:
            self._rows[line.id].show_line(line)

    def show_present(self, section_id: str) -> None:
        """Mark the section the person is in."""
        for line_id, row in self._rows.items():
            row.set_present(bool(line_id) and line_id == section_id)

    def show_questions(self, count: int) -> None:
        """How many facts are still to be answered; the card hides when there are none."""
        self._card.show_count(count)

    def row(self, section_id: str) -> SectionRow | None:
        """The row of a section, for tests and for F6."""
        return self._rows.get(section_id)

    def has_present(self) -> bool:
        """Whether some section is marked as the one the person is in."""
        return any(row.accessibleDescription() for row in self._rows.values())

    def focus_present(self) -> None:
        """Put the keyboard on the present section."""
        rows = list(self._rows.values())
        present = next((r for r in rows if r.accessibleDescription()), rows[0] if rows else None)
        if present is not None:
            present.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk through the rows."""
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        rows = list(self._rows.values())
        focused = next((i for i, row in enumerate(rows) if row.hasFocus()), None)
        if step is None or focused is None or not 0 <= focused + step < len(rows):
            super().keyPressEvent(event)
            return
        rows[focused + step].setFocus(Qt.FocusReason.TabFocusReason)

    def _rebuild(self, lines: Sequence[SectionLine]) -> None:
        for row in self._rows.values():
            row.deleteLater()
        self._rows = {}
        for place, line in enumerate(lines):
            row = SectionRow(line, self._area, self._list.parentWidget())
            row.clicked.connect(self._pressed(line.id))
            self._list.insertWidget(place, row)
            self._rows[line.id] = row

    def _pressed(self, section_id: str) -> Callable[[], None]:
        def press() -> None:
            if section_id:
                self.chosen.emit(section_id)
            else:
                self.review_wanted.emit()

        return press


class QuestionCard(QFrame):
    """答えていない事実: how many questions are left, and the way to answer them in one go."""

    wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "card")
        head = wrap_label("答えていない事実", "label", "ink2")
        self._line = wrap_label("", "body", "ink")
        self._button = Button("まとめて答える", small=True, name="form.interview")
        self._button.clicked.connect(self.wanted)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 12)
        column.setSpacing(4)
        column.addWidget(head)
        column.addWidget(self._line)
        column.addSpacing(4)
        column.addWidget(self._button)
        self._count = -1
        self.show_count(0)

    def show_count(self, count: int) -> None:
        """Show how many questions are left; nothing to ask hides the card."""
        if count != self._count:
            self._count = count
            self._line.set_text(f"{count}つ答えると、\nこの届が送れます。" if count else "")
            self.setVisible(bool(count))
