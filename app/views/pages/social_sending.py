"""The notices of one form on their way out: sealed together, then each filing sent once, in order."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Protocol

from app.services.my_number import MyNumbers
from app.services.social.insurer import Insurer
from app.services.social.notice import Key
from app.services.social.numbers_asked import Asked, FileRead
from app.services.social.views import SocialReview


class SocialDesk(Protocol):
    """The part of `desk.social` this page needs. `review` and `seal` may take long."""

    def insurer(self) -> Insurer | None: ...
    def review(self, form: str, keys: Collection[Key] | None = None) -> SocialReview: ...
    def review_answer(self, filing_id: str) -> SocialReview: ...
    def accept_substitute(self, letter: str, substitute: str) -> None: ...
    def seal(
        self, form: str, keys: Collection[Key] | None = None, *, certificate_id: str = "",
        my_numbers: MyNumbers | None = None,
    ) -> tuple[str, ...]: ...  # fmt: skip
    def read_numbers(self, content: bytes, asked: Sequence[Asked], into: MyNumbers) -> FileRead: ...


class NoticeSender:
    """Seals the notices of a form (several files are several filings) and sends each once, in order.

    As the sender of `ReviewSending` it names the filing that has come furthest back: the first that
    did not arrive, so that the page speaks of what is still to be done.
    """

    def __init__(self, desk: Any, form: str) -> None:
        self._desk = desk
        self.form = form
        self.amends = ""
        """The filing whose 補正 is answered; "" where notices are filed for the first time."""
        self.keys: frozenset[Key] = frozenset()
        self.ids: tuple[str, ...] = ()

    def seal(
        self, _draft_id: str, certificate_id: str = "", my_numbers: MyNumbers | None = None
    ) -> str:
        """Seals what the page has shown; gives the first filing's id."""
        more: dict[str, Any] = {"certificate_id": certificate_id, "my_numbers": my_numbers}
        if self.amends:
            self.ids = (self._desk.cases.amend(self.amends, **more),)
        else:
            self.ids = self._desk.social.seal(self.form, self.keys, **more)
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
