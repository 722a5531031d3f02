"""A card: a head with its count, and rows parted by hairlines."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.views.widgets.lines import hairline, label


class Card(QFrame):
    """A white frame. With a `title` it has a head 44 high; `count` stands beside it, e.g. 4件.

    `add_row` puts rows under hairlines to both edges; `body` is a layout with padding for anything else.
    """

    def __init__(
        self, title: str = "", count: str = "", *, name: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("surface", "card")
        if name:
            self.setObjectName(name)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(1, 1, 1, 2)
        self._column.setSpacing(0)
        self.title: QLabel | None = None
        self.count: QLabel | None = None
        self.head = QHBoxLayout()
        if title:
            self._make_head(title, count)
        self.rows = QVBoxLayout()
        self.rows.setSpacing(0)
        self._column.addLayout(self.rows)
        self._body: QVBoxLayout | None = None
        self._first = True
        if title:
            self.setAccessibleName(f"{title} {count}".strip())

    @property
    def body(self) -> QVBoxLayout:
        """A padded column under the rows."""
        if self._body is None:
            self._body = QVBoxLayout()
            top = 4 if self.title is not None else 16
            self._body.setContentsMargins(19, top, 19, 19)
            self._body.setSpacing(12)
            self._column.addLayout(self._body, 1)
        return self._body

    def set_count(self, count: str) -> None:
        """Changes the words beside the title."""
        if self.count is not None:
            self.count.setText(count)

    def add_row(self, row: QWidget) -> QWidget | None:
        """Adds a row under a hairline; gives the hairline, to be hidden where the row is."""
        line = hairline() if self.title is not None or not self._first else None
        if line is not None:
            self.rows.addWidget(line)
        self._first = False
        self.rows.addWidget(row)
        return line

    def clear_rows(self) -> None:
        """Takes all rows away."""
        while (item := self.rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._first = True

    def add_stretch(self) -> None:
        """Lets the space under the rows grow."""
        self._column.addStretch(1)

    def _make_head(self, title: str, count: str) -> None:
        self.head.setContentsMargins(18, 14, 16, 10)
        self.head.setSpacing(8)
        self.title = label(title, "heading", "ink")
        self.count = label(count, "label", "ink2")
        self.head.addWidget(self.title)
        self.head.addWidget(self.count)
        self.head.addStretch(1)
        self._column.addLayout(self.head)
