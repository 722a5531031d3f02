"""What a public register says of the company, offered one by one against what the company holds.

Nothing is taken over by itself: the page shows each offer beside the held value, and `accept` adds
its records, with their source and date, as confirmed by the person who pressed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Final, Literal

from app.domain.canonical import new_salt
from app.domain.clock import Clock, today
from app.domain.errors import Known
from app.domain.folding import fold
from app.domain.grant_words import INDUSTRIES
from app.domain.kana import to_full_kana
from app.facts.catalogue import Catalogue
from app.facts.definition import UnknownFact
from app.facts.graph import Graph
from app.facts.record import Origin, Record, Value
from app.forms.withdrawal import apply, withdrawal
from app.services.connectors.gbizinfo import Activity, Hojin, Term

OfferState = Literal["new", "same", "differs"]

SERVICE: Final = "gbizinfo"
_TEXTS: Final = (
    ("company.name", "name"),
    ("company.kana", "kana"),
    ("company.name_en", "name_en"),
    ("company.kind", "kind"),
    ("company.head_office.postal_code", "postal_code"),
    ("company.head_office.address", "location"),
    ("company.representative.name", "representative_name"),
    ("company.representative.title", "representative_position"),
    ("company.website", "company_url"),
)
_NUMBERS: Final = (
    ("company.capital", "capital_stock"),
    ("company.employee_count", "employee_number"),
)
_FIGURES: Final = {
    "net_sales": "revenues",
    "ordinary_income": "ordinary_income",
    "net_income": "net_income",
    "capital": "capital",
    "net_assets": "total_net_assets",
    "total_assets": "total_assets",
    "employees": "employees_at_end",
}
_COLLECTIONS: Final = {
    "certification": ("certifications", "approved_on"),
    "commendation": ("commendations", "commended_on"),
    "subsidy": ("subsidies", "approved_on"),
    "procurement": ("procurements", "ordered_on"),
}
_WORKPLACE: Final = {
    "average_age": "average_age",
    "average_continuous_service_years": "average_service_years",
    "month_average_predetermined_overtime_hours": "monthly_overtime_hours",
    "female_workers_proportion": "female_ratio_percent",
    "female_share_of_manager": "female_managers",
    "gender_total_of_manager": "managers",
    "female_share_of_officers": "female_officers",
    "gender_total_of_officers": "officers",
    "number_of_paternity_leave": "paternity_leave_entitled",
    "paternity_leave_acquisition_num": "paternity_leave_taken",
    "number_of_maternity_leave": "maternity_leave_entitled",
    "maternity_leave_acquisition_num": "maternity_leave_taken",
}


@dataclass(frozen=True)
class Offer:
    """One thing the register says.

    `value` is what would be taken, `source_text` what the register wrote, `date` the day the
    register states for it; `held` and `held_value` what the company holds now ("" and None when
    nothing); `state` is new, same or differs. `records` are what `accept` adds: several for a
    certification or subsidy, which comes as a whole.
    """

    path: str
    label: str
    value: Value
    source_text: str
    date: date | None
    held: str
    held_value: Value | None
    state: OfferState
    records: tuple[Record, ...]


class CompanyRegister:
    """The offers of one open company. `keep` stores new records; `person` is who presses."""

    def __init__(
        self,
        catalogue: Catalogue,
        graph: Graph,
        keep: Callable[[tuple[Record, ...]], None],
        clock: Clock,
        person: str,
    ) -> None:
        self._catalogue = catalogue
        self._graph = graph
        self._keep = keep
        self._clock = clock
        self._person = person

    def offers(self, company: Hojin) -> list[Offer]:
        """Everything the register says that the catalogue has a place for, in the page's order.

        Raises Known when the register speaks of another company.
        """
        held = self._graph.fact("company.corporate_number").value
        if isinstance(held, str) and held != company.corporate_number:
            raise Known(
                "register-other-company",
                "gBizINFO の答えは別の会社のものです。会社の法人番号を見くらべてください。",
            )
        found = [self._single(company, *one) for one in self._basics(company)]
        for term in company.terms:
            found += [self._single(company, *one) for one in self._term(term)]
        offers = [offer for offer in found if offer is not None]
        return offers + [self._activity(company, one) for one in company.activities]

    def accept(self, offer: Offer) -> tuple[Record, ...]:
        """Adds the records of an offer, and makes what was accepted count.

        Where the held value would go before it by its origin or its date, it holds from today on.
        """
        now = self._clock()
        added: list[Record] = []
        for record in offer.records:
            taken = replace(
                record,
                recorded_at=now,
                confirmed_by=self._person,
                confirmed_at=now,
                salt=new_salt(),
            )
            self._graph.add(taken)
            added.append(taken)
            if self._graph.fact(taken.path).value != taken.value:
                again = replace(taken, valid_from=today(self._clock), salt=new_salt())
                self._graph.add(again)
                added.append(again)
        self._keep(tuple(added))
        return tuple(added)

    def taken(self, offer: Offer) -> tuple[Record, ...]:
        """The records of this register that count or stand at the paths of an offer, so far."""
        return tuple(
            record
            for path in dict.fromkeys(r.path for r in offer.records)
            for record in self._graph.records(path)
            if record.locator.get("service") == SERVICE
        )

    def take_back(self, offer: Offer) -> tuple[Record, ...]:
        """Takes back all that was taken in for an offer; what stood before counts again.

        Each withdrawal is a record too: the log keeps what was held, and who took it back when.
        """
        now = self._clock()
        added = tuple(withdrawal(record, self._person, now) for record in self.taken(offer))
        for record in added:
            apply(self._graph, record)
        self._keep(added)
        return added

    # --- what is offered

    def _basics(self, company: Hojin) -> Iterator[tuple[str, str, str, Value]]:
        """(path, the register's field, its text, value)."""
        for path, name in _TEXTS:
            if text := company.texts.get(name, ""):
                yield path, name, text, to_full_kana(text) if name == "kana" else text
        for path, name in _NUMBERS:
            if name in company.numbers:
                yield path, name, str(company.numbers[name]), company.numbers[name]
        if company.established_on is not None:
            day = company.established_on
            yield "company.established_on", "date_of_establishment", day.isoformat(), day
        divisions = {key for key, name in INDUSTRIES.items() if name in company.industries}
        if len(divisions) == 1:
            text = "、".join(company.industries)
            yield "industry.division", "industry", text, divisions.pop()
        for name, value in company.workplace.items():
            if name in _WORKPLACE:
                yield f"company.workplace.{_WORKPLACE[name]}", name, _shown(value), value

    def _term(self, term: Term) -> Iterator[tuple[str, str, str, Value]]:
        if term.ends:
            for name, value in term.figures.items():
                path = f"financials.{_FIGURES[name]}[{term.ends}]"
                yield path, f"finance:{name}", str(value), value

    def _single(
        self, company: Hojin, path: str, name: str, text: str, value: Value
    ) -> Offer | None:
        try:
            definition = self._catalogue.definition(path)
        except UnknownFact:
            return None
        if definition.kind in ("integer", "yen") and isinstance(value, Fraction):
            if value.denominator != 1:
                return None
            value = value.numerator
        if definition.choices and value not in {choice for choice, _ in definition.choices}:
            return None
        held = self._graph.fact(path).value
        state: OfferState = "new" if held is None else "differs"
        if held is not None and _alike(held, value):
            state = "same"
        day = company.updated_on if name != "date_of_establishment" else None
        record = self._record(company, path, value, name, text, day)
        return Offer(
            path, definition.label, value, text, day, _spoken(held), held, state, (record,)
        )

    def _activity(self, company: Hojin, one: Activity) -> Offer:
        collection, day_name = _COLLECTIONS[one.kind]
        key = _key(one)
        member = f"{collection}[{key}]"
        values: list[tuple[str, Value | None]] = [
            ("title", one.title), (day_name, one.day), ("amount", one.amount),
            ("target", one.target or None), ("category", one.category or None),
            ("authority", one.authority or None), ("expires_on", one.expires_on),
        ]  # fmt: skip
        names = {"authority": "government_departments", "expires_on": "expiration_date"}
        records: list[Record] = []
        for name, value in values:
            if value is None or f"{collection}[].{name}" not in self._catalogue.facts:
                continue
            theirs = names.get(name, name if name != day_name else "date")
            text = one.raw.get(theirs, _spoken(value))
            records.append(
                self._record(company, f"{member}.{name}", value, f"{one.kind}:{theirs}", text, None)
            )
        there = key in self._graph.members(collection)
        definition = self._catalogue.definition(f"{member}.title")
        return Offer(
            path=f"{member}.title",
            label=definition.label,
            value=one.title,
            source_text=" ".join(v for v in one.raw.values() if v),
            date=one.day,
            held=one.title if there else "",
            held_value=one.title if there else None,
            state="same" if there else "new",
            records=tuple(records),
        )

    def _record(
        self, company: Hojin, path: str, value: Value, name: str, text: str, day: date | None
    ) -> Record:
        now = self._clock()
        locator = {
            "service": SERVICE,
            "number": company.corporate_number,
            "element": name,
            "version": company.version,
            "fetched": now.isoformat(),
        }
        if company.updated_on is not None:
            locator["updated"] = company.updated_on.isoformat()
        series = path.endswith("]")
        return Record(
            path=path,
            value=value,
            origin=Origin.REGISTER,
            recorded_at=now,
            source_text=text,
            locator=locator,
            valid_from=None if series else day,
        )


def _key(one: Activity) -> str:
    """The same entry of the register is the same member each time it is offered."""
    day = one.day.isoformat() if one.day else ""
    said = "\x1f".join((one.kind, one.title, day, str(one.amount), one.authority, one.target))
    return "g" + hashlib.sha256(said.encode("utf-8")).hexdigest()[:11]


def _alike(held: Value, value: Value) -> bool:
    """Whether the two say the same to a person: width, blanks and case do not differ."""
    if isinstance(held, str) and isinstance(value, str):
        return _bare(held) == _bare(value)
    return held == value


def _bare(text: str) -> str:
    plain = fold(text).replace(" ", "").rstrip("/")
    return plain.translate({ord(sign): "-" for sign in "－ー―‐−"})


def _shown(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else f"{float(value):g}"


def _spoken(value: Value | None) -> str:
    if value is None:
        return ""
    if isinstance(value, Fraction):
        return _shown(value)
    if isinstance(value, date):
        return value.isoformat()
    return "" if not isinstance(value, str | int) else str(value)
