"""The window while an office is open: all companies at once, or one of them without its passphrase."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from app.domain.errors import Known
from app.views.background import run

if TYPE_CHECKING:
    from app.services.office.desk import OfficeDesk
    from app.services.office.office import Office
    from app.services.office.offices import CreatedOffice
    from app.views.house import Card
    from app.views.main_window import MainWindow


class OfficeWindow:
    """What the window does for an open office. `office` is None while none is open."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self.office: Office | None = None
        self._opening = False

    def take(self, office: Office) -> None:
        """An office was opened: the company that was open by itself is locked first."""
        if self.office is not None and self.office is not office:
            self.lock()
        self.office = office
        self.show_all()

    def take_new(self, created: CreatedOffice) -> None:
        """A new office, whose recovery sheet has been kept."""
        self.take(created.office)
        self._window.show_page("office")

    def desk(self) -> OfficeDesk:
        """All companies as the pages are given them. Raises LookupError without an office."""
        from app.services.office.desk import OfficeDesk
        from app.services.office.joining import batch_parts_of

        if self.office is None:
            raise LookupError("no office is open")
        return OfficeDesk(self.office, batch_parts_of(self._window.house))

    def show_all(self, name: str = "today", **asked: str) -> None:
        """Ctrl+0: all companies; the open one is closed, the office stays open."""
        if self.office is None:
            return
        if not self.shows_all:
            self._window.take_new(self.desk())  # type: ignore[arg-type]
        if name != "today" or self._window.page() is None:
            self._window.show_page(name, **asked)

    @property
    def shows_all(self) -> bool:
        """Whether all companies are shown just now."""
        return self.office is not None and getattr(self._window.desk, "office", None) is self.office

    def cards(self) -> Sequence[Card]:
        """What can be switched to: the office's companies, or those of the first page."""
        if self.office is None:
            return self._window.house.companies.cards()
        return [self.desk().card, *(self.office.card(c) for c in self.office.companies())]

    def open_number(self, number: int) -> None:
        """Ctrl+1…9: the company in that place of the office, counted from 0."""
        companies = self.office.companies() if self.office is not None else []
        if number < len(companies):
            self.open(companies[number].vault_id)

    def switch_to(self, card: Card) -> bool:
        """Goes to a company of the office, or to all; False when it is none of them."""
        if self.office is None:
            return False
        if card.path == self.office.file.path:
            self.show_all()
            return True
        found = next((c for c in self.office.companies() if c.file == card.path.name), None)
        if found is not None:
            self.open(found.vault_id)
        return found is not None

    def open(self, vault_id: str, page: str = "today", **asked: str) -> None:
        """Opens a company through the office and goes to a page of it; the present one is closed."""
        office, window = self.office, self._window
        if office is None or self._opening:
            return
        open_now = getattr(window.desk, "vault", None)
        if not self.shows_all and open_now is not None and open_now.id == vault_id:
            window.show_page(page, **asked)
            return
        self._opening = True
        house: Any = window.house

        def opened(desk: Any) -> None:
            self._opening = False
            if self.office is not office:  # locked meanwhile
                desk.lock()
                return
            window.take_new(desk)
            if page != "today" or asked:
                window.show_page(page, **asked)

        def failed(fault: Exception) -> None:
            self._opening = False
            if not isinstance(fault, Known):
                raise fault
            window.say(fault.sentence)

        run(lambda: house.desk(office.open_company(vault_id), office), opened, failed, window)

    def closing(self, desk: Any) -> None:
        """A company is about to be closed: what the office lent is taken back."""
        if self.office is not None and not hasattr(desk, "office"):
            self.office.take_back(desk.opened)

    def lock(self) -> None:
        """Drops every key of the office."""
        office, self.office = self.office, None
        if office is not None:
            office.lock()
