"""Personal values that stay hidden until they are asked for, and hide again by themselves."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.views.theme import current
from app.views.widgets.button import Button
from app.views.widgets.lines import WrapLabel, label, wrap_label

SHOWN_MS: Final = 60_000
"""After this a value that was shown is hidden again: the person may have left the desk."""
_DOT = "\u2022"
HIDDEN: Final = _DOT * 6
"""What stands for an amount: its length would tell of it."""


def masked(text: str) -> str:
    """The shape of a text without its letters: 1995-04-01 → ••••-••-••."""
    return "".join(_DOT if unicodedata.category(c)[0] in "LN" else c for c in text)


class ShowButton(Button):
    """見せる / 隠す. `shown` carries which; it goes back to hidden when it is not seen any more.

    `held`, when it is set, says whether a hand is in the middle of something now: then the minute starts anew.
    """

    shown = Signal(bool)

    def __init__(self, what: str, *, name: str, parent: QWidget | None = None) -> None:
        super().__init__("見せる", "quiet", "eye", small=True, name=name, parent=parent)
        self._what = what
        self.held: Callable[[], bool] | None = None
        self.setCheckable(True)
        self._later = QTimer(self, singleShot=True, interval=SHOWN_MS)
        self._later.timeout.connect(self._late)
        self.toggled.connect(self._changed)
        self._changed(False)

    def hide_again(self) -> None:
        """Hides what was shown."""
        self.setChecked(False)

    def keep(self) -> None:
        """A hand moved in what is shown: its minute starts anew."""
        if self.isChecked():
            self._later.start()

    def call(self, what: str) -> None:
        """Name what it shows, for a screen reader."""
        self._what = what
        self.setAccessibleName(f"{what}を{self.word()}")

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.hide_again()

    def _late(self) -> None:
        if self.held is not None and self.held():
            self._later.start()
        else:
            self.hide_again()

    def _changed(self, on: bool) -> None:
        self.set_text("隠す" if on else "見せる")
        self.set_icon("eye-off" if on else "eye")
        self.call(self._what)
        if on:
            self._later.start()
        else:
            self._later.stop()
        self.shown.emit(on)


class MaskedRows(QWidget):
    """Named values of a person, each as dots until 見せる is pressed; `what` names them together."""

    def __init__(
        self,
        what: str,
        rows: Sequence[tuple[str, str]],
        *,
        name: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._values: list[tuple[str, str, WrapLabel]] = []
        self.button = ShowButton(what, name=f"{name}.show")
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(label(what, "heading", "ink"))
        head.addStretch(1)
        head.addWidget(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        for title, value in rows:
            line = QHBoxLayout()
            line.setSpacing(8)
            word = wrap_label(title, "label", "ink2")
            word.setFixedWidth(current().grown(112))
            shown = wrap_label("", "label", "ink")
            line.addWidget(word)
            line.addWidget(shown, 1)
            column.addLayout(line)
            self._values.append((title, value, shown))
        self.button.shown.connect(self._show)
        self._show(False)

    def _show(self, on: bool) -> None:
        for title, value, line in self._values:
            line.set_text((value if on else masked(value)) or "まだありません")
            spoken = value if on else "隠しています"
            line.setAccessibleName(f"{title} {spoken if value else 'まだありません'}")
