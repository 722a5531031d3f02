"""The notices of one form on their way out: sealed together, then each filing sent once, in order."""

from __future__ import annotations

from typing import Any

from app.services.my_number import MyNumbers
from app.services.social.notice import Key


class NoticeSender:
    """Seals the notices of a form (several files are several filings) and sends each once, in order.

    As the sender of `ReviewSending` it names the filing that has come furthest back: the first that
    did not arrive, so that the page speaks of what is still to be done.
    """

    def __init__(self, desk: Any, form: str) -> None:
        self._desk = desk
        self.form = form
        self.keys: frozenset[Key] = frozenset()
        self.numbers: MyNumbers | None = None
        self.ids: tuple[str, ...] = ()

    def seal(self, _draft_id: str, certificate_id: str = "") -> str:
        """Seals what the page has shown; gives the first filing's id. 個人番号 are gone afterwards."""
        numbers, self.numbers = self.numbers, None
        try:
            self.ids = self._desk.social.seal(
                self.form, self.keys, certificate_id=certificate_id, my_numbers=numbers
            )
        finally:
            if numbers is not None:
                numbers.wipe()
        return self.ids[0]

    def send(self, _filing_id: str) -> Any:
        """Sends every filing that waits; stops at the first that did not arrive."""
        view = None
        for filing_id in self.ids:
            view = self._desk.filing(filing_id)
            if str(view.stage) == "ready":
                view = self._desk.send(filing_id)
            if str(view.stage) not in ("accepted", "ended"):
                break
        return view
