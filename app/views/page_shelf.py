"""The pages of the open company: made when first shown, kept until it is locked, and the way back."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.views.main_window import MainWindow
    from app.views.page import Page

_LONGEST_TRAIL = 50


class PageShelf:
    """Pages by name and what was asked of them; the trail of those shown, for the way back."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._pages: dict[tuple[str, tuple[tuple[str, str], ...]], Page] = {}
        self._trail: list[tuple[str, dict[str, str]]] = []

    @property
    def first(self) -> bool:
        """Whether the page shown is the first since the company was opened."""
        return len(self._trail) == 1

    def page(self, name: str, asked: Mapping[str, str]) -> Page:
        """The page of that name, made when it was not; noted as the latest of the trail."""
        key = (name, tuple(sorted(asked.items())))
        if key not in self._pages:
            self._pages[key] = self._make(name, asked)
        if not self._trail or self._trail[-1] != (name, asked):
            self._trail.append((name, dict(asked)))
            del self._trail[:-_LONGEST_TRAIL]
        return self._pages[key]

    def _make(self, name: str, asked: Mapping[str, str]) -> Page:
        window = self._window
        try:
            page = window.house.page(name, window.desk, window, asked)
        except LookupError:
            from app.views.pages.not_here import NotHerePage

            page = NotHerePage(window.desk, window, name)
        page.title_changed.connect(window.show_words)
        return page

    def before(self) -> tuple[str, dict[str, str]]:
        """The page shown before the present one, both taken from the trail; 今日 when there is none."""
        if self._trail:
            self._trail.pop()
        return self._trail.pop() if self._trail else ("today", {})

    def forget(self, name: str, asked: Mapping[str, str]) -> None:
        """Takes a page away for good."""
        page = self._pages.pop((name, tuple(sorted(asked.items()))), None)
        if page is not None:
            self._window.frame.drop(page)

    def forget_named(self, names: Collection[str]) -> None:
        """Takes every page of these names away for good, and the way back to them."""
        for name, asked in [key for key in self._pages if key[0] in names]:
            self.forget(name, dict(asked))
        self._trail = [step for step in self._trail if step[0] not in names]

    def clear(self) -> None:
        """Takes every page away: no page outlives the open vault."""
        for page in self._pages.values():
            self._window.frame.drop(page)
        self._pages, self._trail = {}, []
