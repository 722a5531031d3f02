"""個人番号 in the place of a page's content, between 「送る」 and the seal; then the content again."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QBoxLayout, QWidget

from app.services.my_number import Asked, MyNumbers
from app.views.pages.my_number_ask import MyNumberAsk
from app.views.pages.my_number_source import Read


class NumberStep(QObject):
    """Asks in place of `parts`, which stand in `layout`; `given` gets the numbers and wipes them.

    Without `read` there is no file to choose: no person is known by whom a row could be told.
    """

    def __init__(
        self,
        page: QWidget,
        layout: QBoxLayout,
        parts: Sequence[QWidget],
        given: Callable[[MyNumbers], None],
        *,
        practice: bool,
        read: Read | None = None,
    ) -> None:
        super().__init__(page)
        self._page, self._layout, self._parts = page, layout, tuple(parts)
        self._given, self._practice, self._read = given, practice, read
        self._hidden: tuple[QWidget, ...] = ()
        self.ask: MyNumberAsk | None = None

    @property
    def asking(self) -> bool:
        """Whether the question is on the page."""
        return self.ask is not None

    def open(self, asked: Sequence[Asked]) -> None:
        """Puts the question."""
        self.close()
        ask = self.ask = MyNumberAsk(self._read, practice=self._practice, parent=self._page)
        ask.given.connect(self._take)
        ask.left.connect(self.close)
        self._hidden = tuple(part for part in self._parts if not part.isHidden())
        for part in self._hidden:
            part.hide()
        self._layout.insertWidget(0, ask, 1)
        ask.ask(asked)
        ask.show()
        ask.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)

    def close(self) -> None:
        """Takes the question away; what was given so far is wiped."""
        if self.ask is None:
            return
        ask, self.ask = self.ask, None
        ask.take().wipe()
        ask.hide()
        ask.deleteLater()
        for part in self._hidden:
            part.show()

    def _take(self) -> None:
        assert self.ask is not None
        numbers = self.ask.take()
        self.close()
        self._given(numbers)
