"""How the form page is laid out: three columns, a tab at the right, or a bar and a drawer (LOOK 2)."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.views.models.form_state import Mode, mode_of
from app.views.widgets.band import Band
from app.views.widgets.form_explain import PAPER, RightPane
from app.views.widgets.form_fields import FieldColumn
from app.views.widgets.form_section_bar import SectionBar
from app.views.widgets.form_sections import SectionColumn
from app.views.widgets.lines import hairline

DRAWER = 360


class FormView(QWidget):
    """The three columns of a form and how they give way on a narrow window."""

    paper_asked = Signal()
    right_made = Signal()
    bar_made = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.mode: Mode = "wide"
        self.sections = SectionColumn(parent=self)
        self._rule = hairline(vertical=True)
        self._middle = QFrame(self)
        self.fields = FieldColumn(parent=self._middle, halts=True)
        self._right: RightPane | None = None
        self._hidden: RightPane | None = None
        self._bar: SectionBar | None = None
        self._faults = QVBoxLayout()
        self._bar_box = QWidget(self._middle)
        self._room = QFrame(self)
        self._body = QHBoxLayout(self)
        self._lay()

    @property
    def has_right(self) -> bool:
        """Whether the right pane has been made."""
        return self._right is not None

    @property
    def right(self) -> RightPane:
        """The right pane, made when it is first asked for; until then its room is kept."""
        if self._right is None:
            self.prepare_right()
            self._right, self._hidden = self._hidden, None
            assert self._right is not None
            self._right.set_mode(self.mode)
            self._room.hide()
            if self.mode == "narrow":
                self._right.hide()
                self._place_drawer()
            else:
                self._body.replaceWidget(self._room, self._right)
                self._right.show()
            self.right_made.emit()
        return self._right

    def prepare_right(self) -> None:
        """Make the right pane, not shown yet: the two together are more than one frame."""
        if self._right is None and self._hidden is None:
            self._hidden = RightPane(self)
            self._hidden.hide()

    @property
    def has_bar(self) -> bool:
        """Whether the bar of a narrow window has been made."""
        return self._bar is not None

    @property
    def bar(self) -> SectionBar:
        """The bar of a narrow window, made when there is one."""
        if self._bar is None:
            self._bar = SectionBar(self._bar_box)
            column = self._bar_box.layout()
            assert column is not None
            column.addWidget(self._bar)
            self.bar_made.emit()
        return self._bar

    def columns(self) -> Sequence[QWidget]:
        """What F6 walks through, left to right."""
        left = self.bar if self.mode == "narrow" else self.sections
        return [left, self.fields, self.right]

    def fold(self, width: int) -> None:
        """Arrange for a window this wide, in logical pixels."""
        mode = mode_of(width)
        if mode == self.mode:
            return
        self.mode = mode
        narrow = mode == "narrow"
        self.sections.setVisible(not narrow)
        self._rule.setVisible(not narrow)
        if narrow:
            self.bar.show()
        self._bar_box.setVisible(narrow)
        if self._right is None:
            self._room.setVisible(not narrow)
            return
        self._right.set_mode(mode)
        if narrow:
            self._body.removeWidget(self._right)
            self._right.hide()
            self._place_drawer()
        else:
            self._body.addWidget(self._right)
            self._right.show()

    def open_right(self, tab: str) -> None:
        """Show a box of the right pane and give it the keyboard; as a drawer when narrow."""
        self.right.show_tab(tab)
        if self.mode == "narrow":
            self._place_drawer()
            self.right.show()
            self.right.raise_()
        self.right.bring_to_view(tab)
        self.right.focus_first(tab)

    def close_drawer(self) -> None:
        """Put the drawer away; on wider windows the pane stays."""
        if self.mode == "narrow" and self._right is not None:
            self._right.hide()

    def show_fault(self, sentence: str) -> None:
        """A foreseen fault, in place above the fields."""
        self.show_band(Band("danger", sentence, name="form.fault"))

    def show_band(self, band: QWidget) -> None:
        """A band above the fields, in place of the one of its name that stands there."""
        self.clear_band(band.objectName())
        self._faults.addWidget(band)

    def clear_fault(self) -> None:
        """Take the fault away again."""
        self.clear_band("form.fault")

    def clear_band(self, name: str) -> None:
        """Take a band away."""
        for place in reversed(range(self._faults.count())):
            item = self._faults.itemAt(place)
            band = item.widget() if item is not None else None
            if band is not None and band.objectName() == name:
                self._faults.removeWidget(band)
                band.hide()
                band.deleteLater()

    def event(self, event: QEvent) -> bool:
        """On a narrow window the first F6 opens 様式; the frame walks on from there."""
        if self._opens_drawer(event):
            if event.type() == QEvent.Type.KeyPress:
                self.paper_asked.emit()
                self.open_right(PAPER)
            event.accept()
            return True
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The drawer stays at the right edge."""
        super().resizeEvent(event)
        if self.mode == "narrow":
            self._place_drawer()

    def _lay(self) -> None:
        self._body.setContentsMargins(0, 0, 0, 0)
        self._body.setSpacing(0)
        self._middle.setProperty("surface", "surface")
        self._room.setProperty("surface", "canvas")
        self._room.setFixedWidth(DRAWER)
        column = QVBoxLayout(self._middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        bar = QVBoxLayout(self._bar_box)
        bar.setContentsMargins(24, 12, 20, 0)
        self._bar_box.hide()
        self._faults.setContentsMargins(24, 0, 20, 0)
        column.addWidget(self._bar_box)
        column.addLayout(self._faults)
        column.addWidget(self.fields, 1)
        self._body.addWidget(self.sections)
        self._body.addWidget(self._rule)
        self._body.addWidget(self._middle, 1)
        self._body.addWidget(self._room)

    def _place_drawer(self) -> None:
        if self._right is None:
            return
        if self._right.parentWidget() is not self:
            self._right.setParent(self)
        self._right.setGeometry(self.width() - DRAWER, 0, DRAWER, self.height())

    def _opens_drawer(self, event: QEvent) -> bool:
        if self.mode != "narrow" or not isinstance(event, QKeyEvent):
            return False
        if self._right is not None and self._right.isVisible():
            return False
        kinds = (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress)
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        return event.type() in kinds and event.key() == Qt.Key.Key_F6 and plain
