"""A place this version does not have yet: said plainly, with what can be done instead."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QVBoxLayout

from app.views.navigation import place_words
from app.views.page import Page, Window
from app.views.widgets.button import Button
from app.views.widgets.card import Card
from app.views.widgets.empty import EmptyState


class NotHerePage(Page):
    """One sentence, and the way to 今日."""

    def __init__(self, desk: Any, window: Window, place: str) -> None:
        super().__init__(desk, window)
        self.title = place_words().get(place, self.tr("この場所"))
        back = Button(self.tr("今日へもどる"), "small", name=f"{place}.back")
        back.clicked.connect(lambda _=False: window.show_page("today"))
        icons = {"books": "book-open", "grants": "hand-coins"}
        card = Card()
        card.body.addWidget(
            EmptyState(
                icons.get(place, "archive"),
                self.tr("「{}」は、この版にはまだありません").format(self.title),
                self.tr("会社の事実は「会社」に、届は「手続」に書けます。"),
                back,
                name=f"{place}.empty",
            )
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.addWidget(card)
