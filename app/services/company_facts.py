"""What the company page does: show facts with their origins, take typed ones, add people and offices."""

from __future__ import annotations

import secrets
import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from app.domain.clock import Clock, today
from app.domain.errors import BadInput, Known
from app.facts.catalogue import Catalogue
from app.facts.definition import FactDef
from app.facts.graph import Fact, Graph, State
from app.facts.record import BLANK, Origin, Record, Value

if TYPE_CHECKING:
    from app.forms.procedure import Field

_KEY_LETTERS = string.ascii_lowercase + string.digits
_FORM_KINDS = {"bool": "yes_no", "url": "text", "ratio": "decimal", "address": "text"}


@dataclass(frozen=True)
class FactRow:
    """One fact as a row: what it is called, what it is, where from, and what else was said."""

    path: str
    label: str
    kind: str
    text: str
    state: State
    origin: Origin | None
    record: Record | None
    competitors: tuple[Record, ...]
    choices: tuple[tuple[str, str], ...]
    where: str
    personal: bool
    secret: bool
    askable: bool
    source: str


@dataclass(frozen=True)
class Member:
    """One member of a collection: an employee, an office, an officer."""

    key: str
    name: str
    kana: str


class CompanyFacts:
    """The facts of one open company. `keep` stores new records; `person` is who types."""

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

    def members(self, collection: str) -> list[Member]:
        """The members of a collection in the order they were added, with the names they go by."""
        return [
            Member(
                key, self._spoken(collection, key, "name"), self._spoken(collection, key, "kana")
            )
            for key in self._graph.members(collection)
        ]

    def _spoken(self, collection: str, key: str, last: str) -> str:
        path = f"{collection}[{key}].{last}"
        try:
            value = self._graph.fact(path).value
        except Known:
            return ""
        return value if isinstance(value, str) else ""

    def rows(self, prefix: str) -> list[FactRow]:
        """The facts under a prefix ("company.", "employees[k3x9]."), in the catalogue's order."""
        scope = prefix[: prefix.index("]") + 1] if "]" in prefix else ""
        collection = scope.split("[", maxsplit=1)[0] if scope else ""
        found: list[FactRow] = []
        for pattern, definition in self._catalogue.facts.items():
            if definition.internal or definition.series or definition.collection != collection:
                continue
            path = pattern.replace(f"{collection}[]", scope, 1) if scope else pattern
            if path.startswith(prefix):
                found.append(self.row(path, definition))
        return found

    def row(self, path: str, definition: FactDef | None = None) -> FactRow:
        """One fact as a row. Raises UnknownFact."""
        known = definition or self._catalogue.definition(path)
        fact = self._graph.fact(path)
        return FactRow(
            path=path,
            label=known.label,
            kind=known.kind,
            text=fact_text(known, fact.value),
            state=fact.state,
            origin=_origin(fact),
            record=fact.record,
            competitors=fact.competitors,
            choices=known.choices,
            where=known.where,
            personal=known.personal,
            secret=known.secret,
            askable=known.askable,
            source=_source(fact.record),
        )

    def add_member(self, collection: str, texts: Mapping[str, str]) -> str:
        """Adds a member with what was typed (relative path → text) and gives its key.

        Raises:
            BadInput: a text cannot be taken; nothing has been added.
        """
        key = self._new_key(collection)
        records: list[Record] = []
        for name, text in texts.items():
            if text.strip():
                path = f"{collection}[{key}].{name}"
                records.append(self._record(path, self._value(path, text), text))
        if not records:
            raise BadInput("member-empty", "まだ何も入っていません。氏名から入れてください。")
        self._state(records)
        return key

    def remove_member(self, collection: str, key: str) -> Record:
        """Takes a member off the list; its records stay, and a further record brings it back."""
        record = self._record(f"{collection}[{key}].removed", True, "")
        self._state([record])
        return record

    def answer(self, path: str, text: str) -> Record:
        """States a fact as typed; an empty text means "left blank on purpose".

        Raises:
            BadInput: the text cannot be read as this kind of fact.
        """
        value = self._value(path, text) if text.strip() else BLANK
        record = self._record(path, value, text)
        self._state([record])
        return record

    def confirm(self, path: str, record_id: str = "") -> Record:
        """States that what counts (or a named competitor) is right, which settles a conflict.

        Raises:
            Known: there is no such record.
        """
        fact = self._graph.fact(path)
        known = [r for r in (fact.record, *fact.competitors) if r is not None]
        chosen = next((r for r in known if not record_id or r.id == record_id), None)
        if chosen is None:
            raise Known("no-record", "確かめる値がまだありません。先に値を入れてください。")
        record = chosen.confirmed(self._person, self._clock())
        if chosen is not fact.record:  # what was chosen against the order holds from today on
            record = replace(record, valid_from=today(self._clock))
        self._state([record])
        return record

    def _state(self, records: list[Record]) -> None:
        for record in records:
            self._graph.add(record)
        self._keep(tuple(records))

    def _record(self, path: str, value: Value, text: str) -> Record:
        """Typed today. What the person corrects holds from today on where the value it stands
        against is dated: an undated record ranks before every dated one (see app.facts.choosing)."""
        now = self._clock()
        stands = self._graph.fact(path).record
        return Record(
            path=path,
            value=value,
            origin=Origin.TYPED,
            recorded_at=now,
            source_text=text,
            locator={"by": self._person},
            valid_from=today(self._clock) if stands and stands.valid_from else None,
            confirmed_by=self._person,
            confirmed_at=now,
        )

    def _value(self, path: str, text: str) -> Value:
        from app.forms.convert import convert

        definition = self._catalogue.definition(path)
        value = convert(_as_field(definition), text).value
        if definition.length and isinstance(value, str) and len(value) != definition.length:
            raise BadInput(
                "fact-length",
                f"{definition.label}は {definition.length}桁です。いま {len(value)}桁あります。",
            )
        return value

    def _new_key(self, collection: str) -> str:
        taken = set(self._graph.members(collection))
        while True:
            key = "".join(secrets.choice(_KEY_LETTERS) for _ in range(6))
            if key not in taken:
                return key


def fact_text(definition: FactDef, value: Value | None) -> str:
    """A fact's value as the window shows it: both calendars for a date, a choice in words."""
    from app.forms.convert import beside, shown

    field = _as_field(definition)
    text = shown(field, value)
    other = beside(field, value)
    return f"{text}  {other}" if other else text


@lru_cache(maxsize=1024)
def _as_field(definition: FactDef) -> Field:
    """A form's field of the fact's kind, so that a fact is read and shown as it is in a form."""
    from app.forms.procedure import Field

    return Field.model_validate(
        {
            "id": "fact",
            "label": definition.label,
            "kind": "percent"
            if definition.pattern.endswith(".ratio")
            else _FORM_KINDS.get(definition.kind, definition.kind),
            "choices": definition.choices,
            "unit_label": "",
        }
    )


def _origin(fact: Fact) -> Origin | None:
    if fact.record is not None:
        return fact.record.origin
    return Origin.DERIVED if fact.value is not None else None


def _source(record: Record | None) -> str:
    """Where a record can be looked up, in words: 法人番号公表サイト 2026-07-03 など."""
    if record is None:
        return ""
    return source_words(record.origin, record.locator, record.recorded_at)


def source_words(origin: Origin, locator: Mapping[str, str], recorded_at: datetime) -> str:
    """One line that names a record's source and date."""
    day = f"{recorded_at:%Y-%m-%d}"
    match origin:
        case Origin.REGISTER if locator.get("service") == "gbizinfo":
            return f"gBizINFO {locator.get('fetched', day)[:10]}"
        case Origin.REGISTER:
            return f"国税庁 法人番号公表サイト {locator.get('fetched', day)[:10]}"
        case Origin.GBIZID:
            return f"GビズIDの登録 {day}"
        case Origin.DOCUMENT:
            return f"公文書 {locator.get('file', '')} {day}"
        case Origin.FILING:
            return f"前回の届 {day}"
        case Origin.BOOKS:
            return f"{locator.get('file', '帳簿')} {locator.get('row', '')}行め"
        case Origin.TYPED:
            return f"{locator.get('by', '')}が入力 {day}"
        case _:
            return day
