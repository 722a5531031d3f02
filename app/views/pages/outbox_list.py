"""The left column of 送信箱: filings in three groups, each with its state in a chip."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.domain.filing import Stage
from app.services.filing_view import FilingView
from app.views.pages.outbox_column import ScrollColumn
from app.views.theme import current
from app.views.widgets.chip import Chip
from app.views.widgets.lines import dress, label
from app.views.widgets.row import ListRow

GROUPS = (("sealed", "封をして待つ"), ("waiting", "答えを待つ"), ("done", "済んだ"))
_ROW = 76


def state_look(view: FilingView) -> tuple[str, str]:
    """Kind and outline of a filing's chip."""
    if view.sent_back:
        return "danger", "corner-up-left"
    if view.stage is Stage.UNKNOWN:
        return "warn", "circle-question-mark"
    return {
        "wait": ("neutral", "hourglass"),
        "ok": ("ok", "stamp"),
        "info": ("info", "clock"),
        "warn": ("warn", "triangle-alert"),
        "danger": ("danger", "circle-alert"),
    }[view.state_kind]


def _beside_title(chip: Chip) -> QWidget:
    """The chip in the line of the title, not between title and note."""
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, current().grown(22))
    column.addWidget(chip)
    return holder


class FilingList(QFrame):
    """Arrow keys move, Enter or a press chooses. `chosen` carries the filing's id."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("outbox.list")
        self.setAccessibleName("送信箱の一覧")
        self.setProperty("surface", "card")
        self._rows: dict[str, ListRow] = {}
        self._scroll = ScrollColumn((6, 8, 6, 8), yields_keys=True)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 1, 1, 1)
        outer.addWidget(self._scroll)

    def show_filings(self, views: Sequence[FilingView], chosen: str) -> None:
        """Show the filings, newest first within their groups."""
        focused = next((i for i, row in self._rows.items() if row.hasFocus()), "")
        column = self._scroll.renew()
        column.setSpacing(2)
        self._rows.clear()
        for group, word in GROUPS:
            members = [v for v in views if v.group == group]
            if members:
                head = label(word, "note", "ink2")
                head.setContentsMargins(14, 0, 0, 0)
                head.setFixedHeight(current().grown(30))
                column.addWidget(head)
            for view in members:
                column.addWidget(self._row(view))
        column.addStretch(1)
        self.mark(chosen)
        if focused in self._rows:
            self._rows[focused].setFocus()

    def _row(self, view: FilingView) -> ListRow:
        kind, icon = state_look(view)
        chip = _beside_title(Chip(view.state_word, kind, "soft", icon))
        row = ListRow(
            None,
            view.title,
            view.summary,
            [chip],
            pressable=True,
            bold=False,
            inset=14,
            name=f"outbox.row.{view.id}",
        )
        row.setMinimumHeight(current().grown(_ROW))
        row.title.setWordWrap(True)
        row.note.setWordWrap(True)
        row.note.setContentsMargins(0, 4, 0, 0)
        row.setToolTip(view.title)
        row.setAccessibleName(f"{view.title}、{view.state_word}、{view.summary}")
        row.pressed.connect(lambda ident=view.id: self.chosen.emit(ident))
        self._rows[view.id] = row
        return row

    def mark(self, ident: str) -> None:
        """Mark the filing shown beside the list."""
        for key, row in self._rows.items():
            row.set_chosen(key == ident)
            dress(row.title, "heading" if key == ident else "body", "ink")

    def row(self, ident: str) -> QWidget | None:
        """The row of one id."""
        return self._rows.get(ident)

    def focus_on(self, ident: str) -> None:
        """Give the focus to one row."""
        if ident in self._rows:
            self._rows[ident].setFocus(Qt.FocusReason.OtherFocusReason)

    def first(self) -> str:
        """The id at the top, or "" when the list is empty."""
        return next(iter(self._rows), "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow keys move the focus and the choice; Home and End go to the ends."""
        order = list(self._rows)
        here = next((n for n, i in enumerate(order) if self._rows[i] is self.focusWidget()), -1)
        step = {
            Qt.Key.Key_Down: here + 1,
            Qt.Key.Key_Up: here - 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: len(order) - 1,
        }.get(Qt.Key(event.key()))
        if step is None or not order:
            super().keyPressEvent(event)
            return
        ident = order[max(0, min(step, len(order) - 1))]
        self._rows[ident].setFocus(Qt.FocusReason.OtherFocusReason)
        self._scroll.ensureWidgetVisible(self._rows[ident])
        self.chosen.emit(ident)
