"""The lines of the panel beside a portal's page: what goes in, and what the page asks beside."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.forms.portal_entries import Entry
from app.views.portal_fill import Asked
from app.views.widgets.icon_view import IconView
from app.views.widgets.lines import wrap_label


class EntryRow(QWidget):
    """One value: its label, the words that go in, and what became of them."""

    def __init__(self, entry: Entry) -> None:
        super().__init__()
        self.setObjectName(f"portal.entry.{entry.key}")
        self.key = entry.key
        self.compared = entry.control.kind == "read"
        self.held = bool(entry.held_back)
        self.told = entry.held_back
        self.title = entry.label
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        icon = "ban" if self.held else "eye" if self.compared else "arrow-left"
        self._icon = IconView(icon, 16, "ink2")
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(2)
        title = f"{entry.label} ・ くらべます" if self.compared else entry.label
        words.addWidget(wrap_label(title, "note", "ink2"))
        self._text = wrap_label(entry.text or "(空欄)", "body", "ink")
        words.addWidget(self._text)
        self._why = wrap_label(entry.held_back, "note", "warn")
        self._why.setVisible(self.held)
        words.addWidget(self._why)
        row.addLayout(words, 1)
        self.setAccessibleName(f"{entry.label}、{entry.text}、{entry.held_back}".rstrip("、"))

    def show_outcome(self, why: str) -> None:
        """✓, or the reason."""
        self.told = why or ("合っています" if self.compared else "入りました")
        self._icon.set_icon("triangle-alert" if why else "check", "warn" if why else "ok")
        self._why.set_text(why)
        self._why.setVisible(bool(why))
        self.setAccessibleName(f"{self.title}、{self.told}")


class AskedRow(QWidget):
    """One control the page asks for, which nothing of ours went into."""

    def __init__(self, asked: Asked) -> None:
        super().__init__()
        self.setObjectName(f"portal.asked.{asked.name}")
        why = "必須です" if asked.needed else "この申請にない欄です"
        if asked.needed and not asked.known:
            why = "この申請にない、必須の欄です"
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        tone = "warn" if asked.needed else "ink2"
        row.addWidget(IconView("pencil", 16, tone), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(wrap_label(asked.name, "body", "ink"))
        words.addWidget(wrap_label(why, "note", tone))
        row.addLayout(words, 1)
        self.setAccessibleName(f"{asked.name}、{why}")
