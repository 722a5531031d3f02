"""The bands above a page that seals and sends: one thing told at a time, with what can be done."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtWidgets import QVBoxLayout

from app.views.pages.review_sending import Told
from app.views.widgets.band import Band


class ToldBands(QVBoxLayout):
    """`does` maps the actions of a `Told` to their words and calls; `name` begins the object names."""

    def __init__(self, name: str, does: Mapping[str, tuple[str, Callable[[], None]]]) -> None:
        super().__init__()
        self.setSpacing(8)
        self._name, self._does = name, does

    def tell(self, told: Told) -> None:
        """Says this in place of what was said before."""
        self.empty()
        actions = [self._does[action] for action in told.actions]
        band = Band(told.kind, told.sentence, told.note, actions, name=f"{self._name}.told")
        for button, action in zip(band.buttons, told.actions, strict=True):
            button.setObjectName(f"{self._name}.{action}")
        self.addWidget(band)

    def progress(self, words: str) -> None:
        """Says what is under way; "" says nothing."""
        self.empty()
        if words:
            self.addWidget(Band("info", words, icon="send", name=f"{self._name}.progress"))

    def empty(self) -> None:
        """Takes everything away."""
        while (item := self.takeAt(0)) is not None:
            if (band := item.widget()) is not None:
                band.hide()
                band.deleteLater()
