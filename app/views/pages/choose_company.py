"""A place that belongs to one company, while all companies of an office are shown."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QVBoxLayout

from app.views.navigation import place_words
from app.views.page import Page, Window
from app.views.widgets.button import Button
from app.views.widgets.card import Card
from app.views.widgets.empty import EmptyState


class ChooseCompanyPage(Page):
    """One sentence, and the way to choose a company."""

    def __init__(self, desk: Any, window: Window, place: str) -> None:
        super().__init__(desk, window)
        self.setObjectName(f"choose.{place}")
        self.title = place_words().get(place, self.tr("この場所"))
        choose = Button(self.tr("会社をえらぶ"), "small", name=f"{place}.choose")
        choose.clicked.connect(lambda _=False: window.switcher.open())  # type: ignore[attr-defined]
        card = Card()
        card.body.addWidget(
            EmptyState(
                "library",
                self.tr("「{}」は、会社ごとの場所です").format(self.title),
                self.tr("会社をえらぶと、ここが開きます。Ctrl+1 から Ctrl+9 でも移れます。"),
                choose,
                name=f"{place}.empty",
            )
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.addWidget(card)
        column.addStretch(1)
