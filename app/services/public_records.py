"""公開されている記録: asks gBizINFO for the company, and tells each offer in words a page can show.

Asking tells gBizINFO the corporate number, which is noted as a disclosure. Nothing is taken over
by itself: `accept` takes one offer, as the person has seen it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol

from app.domain.clock import Clock
from app.domain.errors import Known, NoAnswer, Refused
from app.facts.catalogue import Catalogue
from app.facts.graph import Graph
from app.facts.paths import period_of
from app.facts.record import Blank, Value
from app.services.companies import CompanyCard
from app.services.company_facts import fact_text, source_words
from app.services.company_register import CompanyRegister, Offer, OfferState
from app.services.connectors.gbizinfo import (
    ATTRIBUTION,
    DOOR,
    NOT_FOUND,
    GBizInfo,
    Hojin,
)
from app.services.doors import DoorAddresses
from app.services.prefill import DraftWriter
from app.services.wire import Wire
from app.store.disclosures import Disclosures

TOKEN_MISSING: Final = "gbizinfo-token-missing"
"""The code of the fault when there is no token yet: the page then leads to 設定."""

PARTS: Final = {
    "certification": "届出・認定",
    "commendation": "表彰",
    "subsidy": "補助金",
    "procurement": "調達",
    "finance": "決算",
    "workplace": "職場情報",
}
_GROUPS: Final = (
    ("company.workplace.", "職場情報"),
    ("company.", "会社のこと"),
    ("industry.", "会社のこと"),
    ("financials.", "決算"),
    ("certifications[", "届出・認定"),
    ("commendations[", "表彰"),
    ("subsidies[", "補助金"),
    ("procurements[", "調達"),
)
GROUP_ORDER: Final = ("会社のこと", "決算", "職場情報", "届出・認定", "表彰", "補助金", "調達")


@dataclass(frozen=True)
class OfferLine:
    """An offer in words. `public` is what is public, `source` where and as of when; `held` what the
    company holds ("" for nothing) with `held_source` and `held_origin`. `details` are the further
    values of a certification or subsidy."""

    offer: Offer
    group: str
    label: str
    public: str
    source: str
    held: str
    held_source: str
    held_origin: str
    details: tuple[tuple[str, str], ...]
    taken: bool = False
    """Whether records of this register stand for it: they can be taken back."""

    @property
    def key(self) -> str:
        """The path, which names the offer on the page."""
        return self.offer.path

    @property
    def state(self) -> OfferState:
        """new, same or differs."""
        return self.offer.state


@dataclass(frozen=True)
class Answered:
    """What gBizINFO told: `missing` are the parts that did not come, in words."""

    company: Hojin
    missing: tuple[str, ...]
    updated_on: date | None
    credit: str = ATTRIBUTION


class PublicRecords:
    """`ask` gives what gBizINFO knows of a corporate number; `told` notes that it was asked."""

    def __init__(
        self,
        register: CompanyRegister,
        catalogue: Catalogue,
        graph: Graph,
        number: str,
        ask: Callable[[str], Hojin | None],
        told: Callable[[tuple[str, ...], str], None],
    ) -> None:
        self._register = register
        self._catalogue = catalogue
        self._graph = graph
        self.number = number
        self._ask = ask
        self._told = told

    def fetch(self) -> Answered:
        """Asks gBizINFO; off the window's thread. Raises Known, also where it knows no such company."""
        try:
            company = self._ask(self.number)
        except (NoAnswer, Refused) as fault:  # it was asked, whatever it said
            if fault.code != TOKEN_MISSING:
                self._told(("company.corporate_number",), DOOR)
            raise
        self._told(("company.corporate_number",), DOOR)
        if company is None:
            raise Known("gbizinfo-unknown", NOT_FOUND)
        missing = tuple(PARTS.get(part, part) for part in company.missing)
        return Answered(company, missing, company.updated_on)

    def lines(self, answered: Answered) -> list[OfferLine]:
        """Every offer against what the company holds now, in the page's order. Raises Known."""
        made = [self._line(offer) for offer in self._register.offers(answered.company)]
        return sorted(made, key=lambda line: GROUP_ORDER.index(line.group))

    def accept(self, line: OfferLine) -> None:
        """Takes one offer: its records stay with source and date, confirmed by who pressed."""
        self._register.accept(line.offer)

    def take_back(self, line: OfferLine) -> None:
        """Takes back what was taken in for an offer; what stood before counts again."""
        self._register.take_back(line.offer)

    def _line(self, offer: Offer) -> OfferLine:
        definition = self._catalogue.definition(offer.path)
        period = period_of(offer.path)
        label = f"{definition.label}({_year(period)})" if period else definition.label
        when = f"{offer.date.year}年{offer.date.month}月{offer.date.day}日" if offer.date else ""
        held, source, origin = "", "", ""
        if offer.held_value is not None:
            fact = self._graph.fact(offer.path)
            held = self._text(offer.path, offer.held_value)
            if fact.record is not None:
                record = fact.record
                source = source_words(record.origin, record.locator, record.recorded_at)
                origin = str(record.origin.value)
            elif fact.value is not None:
                source, origin = "ほかの値から計算", "derived"
        return OfferLine(
            offer,
            next(name for begin, name in _GROUPS if offer.path.startswith(begin)),
            label,
            self._text(offer.path, offer.value),
            " ・ ".join(part for part in (DOOR, when) if part),
            held,
            source,
            origin,
            tuple(
                (self._catalogue.definition(r.path).label, self._text(r.path, r.value))
                for r in offer.records[1:]
            ),
            bool(self._register.taken(offer)),
        )

    def _text(self, path: str, value: Value) -> str:
        if isinstance(value, Blank):
            return "空欄"
        definition = self._catalogue.definition(path)
        text = fact_text(definition, value)
        return f"{text}円" if definition.kind == "yen" else text


class Holder(Protocol):
    """The open company, as far as this needs it."""

    @property
    def graph(self) -> Graph: ...
    @property
    def card(self) -> CompanyCard: ...
    @property
    def practice(self) -> bool: ...
    @property
    def person(self) -> str: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def writer(self) -> DraftWriter: ...
    @property
    def disclosures_store(self) -> Disclosures: ...


def public_records_of(desk: Holder, addresses: Callable[[], DoorAddresses]) -> PublicRecords:
    """Joins the register of an open company to gBizINFO; `addresses` is asked off the window's thread."""

    def ask(number: str) -> Hojin | None:
        doors = addresses()
        wire = Wire(practice=desk.practice, door=DOOR, clock=desk.clock)
        try:
            gbizinfo = GBizInfo(wire, doors.gbizinfo, doors.gbizinfo_token, doors.gbizinfo_v1)
            return gbizinfo.company(number)
        finally:
            wire.close()

    catalogue, put = desk.graph.catalogue, desk.writer.put
    register = CompanyRegister(
        catalogue, desk.graph, lambda records: put(records), desk.clock, desk.person
    )
    number = desk.card.corporate_number
    return PublicRecords(register, catalogue, desk.graph, number, ask, desk.disclosures_store.add)


def _year(period: str) -> str:
    year, _, month = period.partition("-")
    return f"{year}年{int(month)}月期"
