"""The navigation at the window's left: the company, seven places, the settings; 204 wide or a rail of 76."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QCoreApplication, QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QVBoxLayout, QWidget

from app.views.nav_buttons import CompanyButton, PlaceButton
from app.views.theme import current, theme_changed

PLACES: Final = (
    "today",
    "company",
    "books",
    "grants",
    "procedures",
    "outbox",
    "documents",
    "settings",
)


class Navigation(QFrame):
    """The column. `chosen` carries a place; `company_pressed` asks for the switcher."""

    chosen = Signal(str)
    company_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "sunken")
        self.setObjectName("nav")
        self.setAccessibleName(self.tr("行き先"))
        self.folded = False
        self.company = CompanyButton(self)
        self.company.clicked.connect(lambda _=False: self.company_pressed.emit())
        self.places: dict[str, PlaceButton] = {}
        self._column = QVBoxLayout(self)
        self._column.addWidget(self.company)
        self._column.addSpacing(7)
        words = place_words()
        for place in PLACES:
            button = PlaceButton(place, words[place], self)
            button.clicked.connect(lambda _=False, p=place: self._press(p))
            self.places[place] = button
            if place == "settings":
                self._column.addStretch(1)
            self._column.addWidget(button)
        self.fold(False)
        theme_changed.connect(self._measure)

    def fold(self, folded: bool) -> None:
        """Makes it a rail of 76, or 204 wide."""
        self.folded = folded
        self.company.folded = folded
        for button in self.places.values():
            button.folded = folded
            button.updateGeometry()
        self.company.updateGeometry()
        self._measure()

    def mark(self, place: str) -> None:
        """Marks the place one is in; none for an unknown one."""
        for name, button in self.places.items():
            button.setChecked(name == place)

    def set_counts(self, counts: Mapping[str, int]) -> None:
        """Shows the counts of today and outbox."""
        for place in ("today", "outbox"):
            self.places[place].set_count(counts.get(place, 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        row: list[QAbstractButton] = [self.company, *self.places.values()]
        here = next((n for n, button in enumerate(row) if button.hasFocus()), None)
        if here is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            row[here].click()
        elif step and here is not None:
            row[(here + step) % len(row)].setFocus(Qt.FocusReason.TabFocusReason)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FontChange:
            self._measure()
        return super().event(event)

    def _press(self, place: str) -> None:
        self.places[place].setChecked(True)
        self.chosen.emit(place)

    def _measure(self) -> None:
        theme = current()
        self.setFixedWidth(theme.size("rail" if self.folded else "nav"))
        if self.folded:
            self._column.setContentsMargins(8, 4, 8, 12)
            self._column.setSpacing(4)
        else:
            self._column.setContentsMargins(12, 8, 12, 12)
            self._column.setSpacing(4)
        self._share_height()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_height()

    def _share_height(self) -> None:
        """In a low window the places move together; icon and word always keep their room."""
        theme = current()
        buttons = list(self.places.values())
        wanted = buttons[0].sizeHint().height()
        margins = self._column.contentsMargins()
        taken = margins.top() + margins.bottom() + self.company.sizeHint().height() + 7
        gaps = (len(buttons) + 2) * self._column.spacing()
        least = 20 + 6 + theme.px("note") + 4 if self.folded else theme.px("body") + 10
        even = (self.height() - taken - gaps) // len(buttons)
        for button in buttons:
            button.setFixedHeight(max(least, min(wanted, even)))


def place_words() -> dict[str, str]:
    """The words of the places."""
    translate = QCoreApplication.translate
    return {
        "today": translate("places", "今日"),
        "company": translate("places", "会社"),
        "books": translate("places", "帳簿"),
        "grants": translate("places", "支援"),
        "procedures": translate("places", "手続"),
        "outbox": translate("places", "送信箱"),
        "documents": translate("places", "書類庫"),
        "settings": translate("places", "設定"),
    }
