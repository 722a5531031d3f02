"""Ctrl+K goes anywhere: places, companies, procedures, and what the present page offers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtWidgets import QWidget

from app.views.house import Card
from app.views.overlay import Choice, Overlay
from app.views.page import Target
from app.views.readings import rank
from app.views.widgets.plate import SealPlate


def matching(typed: str, targets: Iterable[Target]) -> list[Target]:
    """The targets that answer what was typed: those beginning with it first."""
    ranked = [(rank(typed, t.title, t.reading), n, t) for n, t in enumerate(targets)]
    return [t for r, _, t in sorted(((r, n, t) for r, n, t in ranked if r is not None), key=_order)]


def _order(item: tuple[int, int, Target]) -> tuple[int, int]:
    return item[0], item[1]


class Palette(Overlay):
    """The palette; `gather` gives all targets at the moment it opens."""

    def __init__(self, window: QWidget, gather: Callable[[], Sequence[Target]]) -> None:
        self._gather = gather
        self._targets: list[Target] = []
        super().__init__(window, "palette", self.tr("さがす・移る"), self._answer)

    def open(self) -> None:
        """Gathers the targets and shows them."""
        self._targets = list(self._gather())
        super().open()

    def _answer(self, typed: str) -> list[Choice]:
        return [Choice(t.title, t.note, t.go, icon=t.icon) for t in matching(typed, self._targets)]


class Switcher(Overlay):
    """The list of companies under the plate: type to filter, Enter."""

    def __init__(
        self,
        window: QWidget,
        cards: Callable[[], Sequence[Card]],
        choose: Callable[[Card], None],
        add: Callable[[], None],
    ) -> None:
        self._cards, self._chosen, self._add = cards, choose, add
        super().__init__(window, "switcher", self.tr("会社をえらぶ"), self._answer, centred=False)

    def _answer(self, typed: str) -> list[Choice]:
        cards = [c for c in self._cards() if self._fits(typed, c)]
        made = [
            Choice(
                c.name,
                self.tr("練習 · {}").format(c.town) if c.practice else c.town,
                lambda card=c: self._chosen(card),  # type: ignore[misc]
                left=lambda card=c: SealPlate(card.kanji, card.plate, 32),  # type: ignore[misc]
            )
            for c in cards
        ]
        return [*made, Choice(self.tr("会社をくわえる"), "", self._add, icon="plus")]

    @staticmethod
    def _fits(typed: str, card: Card) -> bool:
        return any(
            rank(typed, t) is not None for t in (card.name, card.corporate_number, card.town)
        )
