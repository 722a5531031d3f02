"""What is asked of the office on the page of a notice: facts that only a person can say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from app.domain.errors import Known
from app.services.social.asking import Ask
from app.views.widgets.ask_rows import AskRows
from app.views.widgets.card import Card


class OfficeAsks(Card):
    """Hidden while nothing is asked. `answered` is called when an answer has been taken."""

    def __init__(self, desk: Any, answered: Callable[[], None]) -> None:
        super().__init__("事業所について、きくこと", name="social_form.office")
        self._desk, self._answered = desk, answered
        self.questions: AskRows | None = None
        self._asks: tuple[Ask, ...] = ()
        self.hide()

    def show_asks(self, asks: Sequence[Ask]) -> None:
        """These questions; the same ones stay as they are, with what is being typed."""
        self.setVisible(bool(asks))
        if tuple(asks) == self._asks:
            return
        self._asks = tuple(asks)
        if self.questions is not None:
            self.body.removeWidget(self.questions)
            self.questions.hide()
            self.questions.deleteLater()
            self.questions = None
        if asks:
            self.questions = AskRows(asks, "social_form.office.ask")
            self.questions.answered.connect(self._answer)
            self.body.addWidget(self.questions)

    def _answer(self, path: str, text: str) -> None:
        assert self.questions is not None
        try:
            self._desk.answer_fact(path, text)
        except Known as fault:
            self.questions.refuse(path, fault.sentence)
            return
        self._answered()
