"""The append-only, hash-chained events of a filing, and the check of the whole chain.

digest = SHA-256(salt, 0, canonical JSON of the event); chain = SHA-256(previous ":" digest),
beginning with 64 zeros. The first event holds the seal, so the chain commits to the filing itself.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from typing import Any

from app.domain.canonical import CHAIN_START, canonical_json, chain_next, new_salt, salted_digest
from app.domain.clock import Clock
from app.store.cipher import Connection
from app.store.faults import fault
from app.store.rows import EventRow, FilingRow, NewEvent


def append(connection: Connection, filing_id: str, event: NewEvent, clock: Clock) -> EventRow:
    """Adds the event to the chain of the filing, inside the caller's transaction."""
    last = connection.execute(
        "SELECT n, chain FROM filing_events WHERE filing_id = ? ORDER BY n DESC LIMIT 1",
        (filing_id,),
    ).fetchone()
    n, chain = (0, CHAIN_START) if last is None else last
    bare = EventRow(
        filing_id,
        n + 1,
        event.at or clock(),
        event.kind,
        event.title,
        event.note,
        json.loads(canonical_json(dict(event.data))),
        new_salt(),
        "",
        "",
    )
    digest = salted_digest(bare.salt, bare.content())
    row = replace(bare, digest=digest, chain=chain_next(chain, digest))
    data = canonical_json(row.data).decode("utf-8")
    connection.execute(
        "INSERT INTO filing_events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            filing_id,
            row.n,
            row.at.isoformat(),
            row.kind,
            row.title,
            row.note,
            data,
            row.salt,
            row.digest,
            row.chain,
        ),
    )
    return row


def events_of(connection: Connection, filing_id: str) -> list[EventRow]:
    """The events of a filing, oldest first."""
    rows = connection.execute(
        "SELECT filing_id, n, at, kind, title, note, data, salt, digest, chain"
        " FROM filing_events WHERE filing_id = ? ORDER BY n",
        (filing_id,),
    ).fetchall()
    return [_event(row) for row in rows]


def _event(row: tuple[Any, ...]) -> EventRow:
    filing_id, n, at, kind, title, note, data, salt, digest, chain = row
    moment = datetime.fromisoformat(at)
    return EventRow(filing_id, n, moment, kind, title, note, json.loads(data), salt, digest, chain)


def verify(filing: FilingRow, events: list[EventRow]) -> str:
    """The head of the chain, when seal, receipt and events fit. Raises VaultFault filing_altered."""
    chain = CHAIN_START
    for place, event in enumerate(events, start=1):
        if event.n != place or salted_digest(event.salt, event.content()) != event.digest:
            raise fault("filing_altered")
        chain = chain_next(chain, event.digest)
        if event.chain != chain:
            raise fault("filing_altered")
    seal = salted_digest(filing.seal_salt, filing.sealed())
    if not events or events[0].data.get("seal") != seal:
        raise fault("filing_altered")
    if filing.receipt_number and not any(_is_receipt(event, filing) for event in events):
        raise fault("filing_altered")
    return chain


def _is_receipt(event: EventRow, filing: FilingRow) -> bool:
    at = filing.receipt_at.isoformat() if filing.receipt_at else None
    return (
        event.data.get("receipt_number") == filing.receipt_number
        and event.data.get("receipt_at") == at
        and event.data.get("receipt") == filing.receipt
    )
