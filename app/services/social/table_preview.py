"""A chosen table as it is shown before it is taken in, and what its columns may be taken in as."""

from __future__ import annotations

from app.domain.errors import BadInput
from app.domain.my_number import MASK, is_named
from app.facts.catalogue import Catalogue
from app.facts.definition import FactDef
from app.services.social.columns import SPECIAL, ColumnWords, remembered
from app.services.social.views import TablePreview, TableTarget
from app.store.meta import Meta

SHOWN = 8
"""How many rows below the heading are shown."""

_OF_EMPLOYEES = "employees[]."


def preview_of(
    name: str, rows: list[tuple[str, ...]], words: ColumnWords, meta: Meta
) -> TablePreview:
    """The preview of a table that was read. Raises BadInput where there is no heading."""
    if not rows or not any(cell.strip() for cell in rows[0]):
        raise BadInput(
            "sheet-empty", "一行目に見出しがありません。見出しのある表を選んでください。"
        )
    headings = rows[0]
    known = remembered(meta, headings)
    filled = [row for row in rows[1:] if any(row)]
    return TablePreview(
        name,
        headings,
        tuple(_shown(headings, row) for row in filled[:SHOWN]),
        len(filled),
        known or words.guess(headings),
        known is not None,
        targets_of(words.catalogue),
    )


def _shown(headings: tuple[str, ...], row: tuple[str, ...]) -> tuple[str, ...]:
    """A row as it is shown: a 個人番号, which is never taken in, is not even looked at."""
    own = [
        bool(text) and at < len(headings) and is_named(headings[at]) for at, text in enumerate(row)
    ]
    return tuple(MASK if hide else text for hide, text in zip(own, row, strict=True))


def targets_of(catalogue: Catalogue) -> tuple[TableTarget, ...]:
    """Everything a column may be: who and when first, then the facts about an employee."""
    found = [TableTarget(target, label) for target, label in SPECIAL.items()]
    for pattern, fact in catalogue.facts.items():
        leaf = pattern.removeprefix(_OF_EMPLOYEES)
        nested = leaf == pattern or "[]" in leaf
        if nested or fact.secret or fact.internal or fact.derivation is not None:
            continue
        found.append(TableTarget(leaf, fact.label, bool(fact.series), hidden(fact)))
    return tuple(found)


def hidden(fact: FactDef) -> bool:
    """Whether a fact of an employee is hidden on the screen until it is asked for: also all pay."""
    return fact.personal or fact.kind == "yen"
