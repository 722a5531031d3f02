"""The right pane of the form: 「この値はどこから」 and 「様式で見る」, under each other or as two tabs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.views import theme
from app.views.models.form_explain import ExplainFace
from app.views.models.form_face import BadgeFace
from app.views.models.form_state import Mode
from app.views.widgets.badge import OriginBadge
from app.views.widgets.form_paper import FormPaper
from app.views.widgets.icon_view import IconView
from app.views.widgets.lines import hairline, label, wrap_label
from app.views.widgets.segments import Segments
from app.views.widgets.tree import ExplainTree

if TYPE_CHECKING:
    from app.forms.layout import Layout

EXPLAIN, PAPER = "explain", "paper"
VALUE_WIDTH = 220
_NO_BADGE = BadgeFace()


class ExplainBox(QWidget):
    """Name, value, badge, one sentence, the tree of decisive children, the law."""

    opened = Signal(object)

    def __init__(self, name: str = "form.explain", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName("この値はどこから")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.face: ExplainFace | None = None
        head = QHBoxLayout()
        head.addWidget(label("この値はどこから", "heading", "ink"))
        head.addStretch(1)
        head.addWidget(label("F1", "label", "ink2"))
        self._name = wrap_label("", "label", "ink2")
        self._long = wrap_label("", "title", "ink")
        self._value = label("", "title", "ink")
        self._badge = OriginBadge(None)
        self._word = label("", "label", "ink2")
        figures = QHBoxLayout()
        figures.setSpacing(8)
        for part in (self._value, self._badge, self._word):
            figures.addWidget(part)
        figures.addStretch(1)
        self._sentence = wrap_label("", "label", "ink")
        self._source = label("", "note", "ink2")
        self._tree = ExplainTree()
        self._tree.opened.connect(self.opened)
        self._law_line = QWidget()
        law = QHBoxLayout(self._law_line)
        law.setContentsMargins(0, 0, 0, 0)
        law.addWidget(IconView("landmark", 18, "ink2"))
        self._law = wrap_label("", "note", "ink2")
        law.addWidget(self._law, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self._name)
        column.addWidget(self._long)
        column.addLayout(figures)
        for below in (self._sentence, self._source, self._tree, self._law_line):
            column.addWidget(below)
        column.addStretch(1)
        self.show_face(None)

    def show_face(self, face: ExplainFace | None) -> None:
        """Explain another cell; nothing when no cell is in focus."""
        if face is not None and face == self.face:
            return
        self.face = face
        shown = face or ExplainFace(
            "", "", _NO_BADGE, "欄を選ぶと、その値がどこから来たかをここに出します。"
        )
        self._name.set_text(shown.name)
        self._name.setVisible(bool(shown.name))
        self._show_value(shown.value)
        badge = shown.badge
        self._word.setText(badge.word)
        self._word.setVisible(bool(badge.word))
        self._badge.setVisible(bool(badge.origin))
        if badge.origin:
            self._badge.set_origin(
                badge.origin, badge.unconfirmed, badge.conflicts, provisional=badge.provisional
            )
        self._sentence.set_text(shown.sentence)
        self._source.setText(shown.source)
        self._source.setVisible(bool(shown.source))
        self._tree.explain(shown.tree)
        self._tree.setVisible(shown.tree is not None)
        self._law.set_text(shown.law)
        self._law_line.setVisible(bool(shown.law))
        spoken = [shown.name, shown.value, self._badge.word() if badge.origin else badge.word]
        self.setAccessibleDescription("、".join(x for x in (*spoken, shown.sentence) if x))

    def _show_value(self, value: str) -> None:
        """A short value stands beside its badge, a long one wraps above it."""
        font = theme.current().font("title")
        short = QFontMetrics(font).horizontalAdvance(value) <= VALUE_WIDTH
        self._value.setText(value if short else "")
        self._value.setVisible(short and bool(value))
        self._long.set_text("" if short else value)
        self._long.setVisible(not short)

    def focus_first(self) -> None:
        """Give the pane the keyboard."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)


class PaperBox(QWidget):
    """様式で見る: the official layout with the explained cell marked; a pressed cell leads to its field."""

    pressed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("form.paper_box")
        self._pages = label("", "label", "ink2")
        head = QHBoxLayout()
        head.addWidget(label("様式で見る", "heading", "ink"))
        head.addStretch(1)
        head.addWidget(self._pages)
        self.paper = FormPaper()
        self.paper.pressed.connect(self.pressed)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._column.addLayout(head)
        self._column.addWidget(self.paper)

    def show_layout(self, layout: Layout, *, practice: bool) -> None:
        """Lay out a form; its pages stand under each other."""
        self.paper.show_layout(layout, practice=practice)
        self._pages.setText("1 / 1 ページ" if layout.pages == 1 else f"全 {layout.pages} ページ")

    def focus_first(self) -> None:
        """Give the paper the keyboard."""
        self.paper.setFocus(Qt.FocusReason.ShortcutFocusReason)


class RightPane(QFrame):
    """Both boxes: under each other on a wide window, else one of two tabs."""

    paper_shown = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("form.right")
        self.setProperty("surface", "canvas")
        self.setFixedWidth(360)
        self.explain = ExplainBox()
        self.paper = PaperBox()
        self._tabs = Segments(
            ((EXPLAIN, "この値はどこから"), (PAPER, "様式で見る")), EXPLAIN, name="form.right.tab"
        )
        self._tabs.changed.connect(self.show_tab)
        self._rule = hairline()
        self._mode: Mode = "wide"
        body = QWidget()
        body.setProperty("clear", "true")
        inner = QVBoxLayout(body)
        inner.setContentsMargins(20, 12, 20, 16)
        inner.setSpacing(12)
        for part in (self._tabs, self.explain, self._rule, self.paper):
            inner.addWidget(part)
        inner.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(body)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(hairline(vertical=True))
        row.addWidget(self._scroll)
        self.set_mode("wide")

    def set_mode(self, mode: Mode) -> None:
        """Arrange for a width of the window."""
        self._mode = mode
        self._tabs.setVisible(mode != "wide")
        self._rule.setVisible(mode == "wide")
        self.show_tab(self._tabs.chosen())

    def show_tab(self, key: str) -> None:
        """Show one of the two boxes; on a wide window both stand there."""
        self._tabs.set_chosen(key)
        self.explain.setVisible(self._mode == "wide" or key == EXPLAIN)
        self.paper.setVisible(self._mode == "wide" or key == PAPER)
        self._scroll.verticalScrollBar().setValue(0)
        if key == PAPER:
            self.paper_shown.emit()

    def tab(self) -> str:
        """The box in front."""
        return self._tabs.chosen()

    def focus_first(self, key: str) -> None:
        """Give a box the keyboard."""
        if key == PAPER:
            self.paper.focus_first()
        else:
            self.explain.focus_first()

    def bring_to_view(self, key: str) -> None:
        """Scroll so that a box is seen."""
        target = self.paper if key == PAPER else self.explain
        self._scroll.ensureWidgetVisible(target, 0, 0)
