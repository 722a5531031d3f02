"""What outlives a form's edition, and what an earlier filing gives to the next one.

A draft keeps every answer by field id. When the folder's fields differ from those the draft was
written on, the new questions are named and the answers that have no place any more are shown: they
stay in the draft, and nothing is dropped (DESIGN 9: no value lost when an edition changes).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.domain.filing import Stage
from app.facts.record import Blank, decode_value, encode_value
from app.forms.draft_parts import Earlier
from app.forms.tables import TableAnswer
from app.store.meta import Meta

if TYPE_CHECKING:
    from app.forms.draft import Draft
    from app.forms.procedure import Procedure
    from app.store.rows import FilingRow

_PLACE = "draft-fields:"


@dataclass(frozen=True)
class KeptAnswer:
    """An answer the new edition does not ask for: the field's id, its label then, what it said."""

    field_id: str
    label: str
    text: str


@dataclass(frozen=True)
class Renewal:
    """A draft begun on one edition and open on another: its new questions, its kept answers."""

    was: str
    now: str
    asked: tuple[tuple[str, str], ...] = ()
    kept: tuple[KeptAnswer, ...] = ()

    @property
    def sentence(self) -> str:
        """What happened, in one sentence."""
        parts = [f"様式が「{self.now}」に変わりました。"]
        if self.asked:
            parts.append(f"新しい欄が {len(self.asked)}か所あります。")
        if self.kept:
            parts.append(f"なくなった欄の答え {len(self.kept)}か所は、下書きに残してあります。")
        return "".join(parts)


class DraftRenewals:
    """Remembers which fields each draft was written on."""

    def __init__(self, meta: Meta) -> None:
        self._meta = meta

    def look(self, draft_id: str, draft: Draft, edition: str) -> Renewal | None:
        """What differs for a draft stored under `edition`; None where nothing does.

        A draft looked at for the first time is remembered as it is.
        """
        held = self._meta.get(_PLACE + draft_id)
        procedure = draft.procedure
        labels = dict(_labels(procedure))
        if not held:
            if edition == procedure.edition and not draft.unused:
                self.accept(draft_id, procedure)
                return None
            before: dict[str, str] = {}
            was, known = edition, set(labels)
        else:
            form: Mapping[str, Any] = json.loads(held)
            current = {str(i): str(label) for i, label in form["fields"]}
            before = {**{str(i): str(label) for i, label in form["gone"]}, **current}
            was, known = str(form["edition"]), set(current)
        asked = tuple((i, label) for i, label in labels.items() if i not in known)
        kept = tuple(_kept(draft, before))
        if not asked and not kept and was == procedure.edition:
            return None
        return Renewal(was, procedure.edition, asked, kept)

    def accept(self, draft_id: str, procedure: Procedure) -> None:
        """The person has seen what is new; the kept answers stay in the draft all the same."""
        labels = dict(_labels(procedure))
        held: Mapping[str, Any] = json.loads(self._meta.get(_PLACE + draft_id, "{}"))
        before = [*held.get("gone", ()), *held.get("fields", ())]
        gone = {i: label for i, label in before if i not in labels}
        form = {
            "edition": procedure.edition,
            "fields": list(labels.items()),
            "gone": list(gone.items()),
        }
        self._meta.set(_PLACE + draft_id, json.dumps(form, ensure_ascii=False))


def _labels(procedure: Procedure) -> Iterable[tuple[str, str]]:
    for field in procedure.fields:
        yield field.id, field.label
        for column in field.columns:
            yield f"{field.id}.{column.id}", f"{field.label} {column.label}"


def _kept(draft: Draft, labels: Mapping[str, str]) -> Iterable[KeptAnswer]:
    for answer in draft.unused:
        text = answer.source_text
        if not text and answer.value is not None and not isinstance(answer.value, Blank):
            text = str(encode_value(answer.value).get("v", ""))
        if text:
            name = answer.field_id
            yield KeptAnswer(name, labels.get(name, name), _plain(text))
    for field in draft.procedure.fields:
        if not field.columns:
            continue
        for row in draft.written(field.id).rows:
            for column, text in row.cells.items():
                if column not in field.by_column and text:
                    name = f"{field.id}.{column}"
                    yield KeptAnswer(name, labels.get(name, name), text)


def _plain(text: str) -> str:
    """A table's answer as its texts; any other text as it is."""
    if not text.startswith('{"rows"'):
        return text
    rows = TableAnswer.of(text).rows
    return "、".join(said for row in rows for said in row.cells.values() if said)


def earlier_answers(
    filings: Iterable[FilingRow], procedure: Procedure, subject: str
) -> dict[str, Earlier]:
    """What the last filing of the same form and subject said, by the fields that carry over."""
    left = (Stage.WITHDRAWN, Stage.REJECTED)
    last = next(
        (
            row
            for row in filings
            if (row.procedure_id, row.subject) == (procedure.id, subject) and row.stage not in left
        ),
        None,
    )
    if last is None:
        return {}
    carried = {field.id for field in procedure.fields if field.carry}
    day = last.sealed_at.date().isoformat()
    return {
        str(fact["field"]): Earlier(decode_value(fact["value"]), last.id, day)
        for fact in last.facts
        if fact["field"] in carried and fact.get("value")
    }
