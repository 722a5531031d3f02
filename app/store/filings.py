"""Filings in the vault: sealed for good, moved by the rules of their life, each move an event.

The SQL (resources/migrations) refuses what must not be: a changed sealed column, a lost event,
a second filing of the same kind in flight, acceptance without its receipt.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlcipher3 import dbapi2

from app.domain.canonical import canonical_json, new_salt, salted_digest
from app.domain.filing import MOVES, Stage, check_move
from app.store import apart, filing_events
from app.store.apart import Apart
from app.store.cipher import Connection
from app.store.faults import fault
from app.store.filing_rows import COLUMNS, LISTED, filing_from
from app.store.records import Records
from app.store.rows import EventRow, FilingRow, NewEvent, NewFiling, twin_key
from app.store.vault import Vault


class Filings:
    """The filings of one company. Raises VaultFault for foreseen faults, IllegalMove for bugs.

    Everything here commits FULL: it is on the disk when the call returns.
    """

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    @contextmanager
    def together(self) -> Iterator[None]:
        """What is written inside, by any store of this vault, is kept whole (FULL) or not at all."""
        with self._vault.write(durable=True):
            yield

    def seal(self, new: NewFiling, then: Sequence[tuple[str, NewEvent]] = ()) -> str:
        """Keeps the filing with its envelope and its first event; returns its id.

        `then` are further events of the same transaction: (id of another filing, or "" for this
        one; event). An event of another filing gets this one's id as data "filing".

        Raises ValueError when sha256 is not that of the envelope or the mark is not the vault's,
        and VaultFault disk_full and the like; then nothing was sealed.
        """
        if hashlib.sha256(new.envelope).hexdigest() != new.sha256:
            raise ValueError("sha256 is not that of the envelope")
        if new.practice != self._vault.practice:
            raise ValueError("the mark of the filing is not that of the vault")
        filing_id, salt = secrets.token_hex(8), new_salt()
        hidden = apart.prepared(new.apart) if new.apart else None
        with self._vault.write(durable=True) as connection:
            head = Records(self._vault).head()
            _insert(connection, filing_id, new, head, salt)
            row = _find(connection, filing_id)
            data = {"seal": salted_digest(salt, row.sealed()), "sha256": new.sha256}
            if hidden:
                apart.keep(connection, filing_id, new.apart, new.people, *hidden)
                data["apart"] = hidden[1]
            event = NewEvent("sealed", "封をしました", data=data, at=new.sealed_at)
            filing_events.append(connection, filing_id, event, self._vault.clock)
            if hidden:
                kept = apart.kept_event(new.people, new.sealed_at)
                filing_events.append(connection, filing_id, kept, self._vault.clock)
            for other, more in then:
                linked = {**more.data, "filing": filing_id} if other else more.data
                kept = NewEvent(more.kind, more.title, more.note, linked, more.at)
                filing_events.append(connection, other or filing_id, kept, self._vault.clock)
        return filing_id

    def get(self, filing_id: str) -> FilingRow:
        """One filing; facts of many people are read when looked at. Raises VaultFault not_found."""
        with self._vault.read() as connection:
            row = connection.execute(
                f"SELECT {LISTED} FROM filings WHERE id = ?", (filing_id,)
            ).fetchone()
        if row is None:
            raise fault("not_found")
        return filing_from(row, self._facts)

    def envelope(self, filing_id: str) -> bytes:
        """The exact sealed bytes, of a filing with 個人番号 the redacted copy.

        Raises VaultFault not_found, filing_altered.
        """
        with self._vault.read() as connection:
            row = connection.execute(
                "SELECT content, sha256 FROM envelopes JOIN filings ON filings.id = filing_id"
                " WHERE filing_id = ?",
                (filing_id,),
            ).fetchone()
        if row is None:
            raise fault("not_found")
        content = bytes(row[0])
        if hashlib.sha256(content).hexdigest() != row[1]:
            raise fault("filing_altered")
        return content

    def leaving(self, filing_id: str) -> bytes:
        """The exact bytes that leave. Raises VaultFault not_found, filing_altered, numbers_gone."""
        with self._vault.read() as connection:
            if apart.find(connection, filing_id) is not None:
                return apart.content_of(connection, filing_id)
        return self.envelope(filing_id)

    def kept_apart(self, filing_id: str) -> Apart | None:
        """What was kept apart of a filing with 個人番号; None for any other."""
        with self._vault.read() as connection:
            return apart.find(connection, filing_id)

    def tell_gone_numbers(self) -> tuple[str, ...]:
        """Notes for each unsent filing that its 個人番号 are gone (it came back from a backup)."""
        told = []
        with self._vault.read() as connection:
            found = apart.left_without_key(connection)
        for filing_id in found:
            if not any(e.kind == apart.GONE.kind for e in self.events(filing_id)):
                self.add_event(filing_id, apart.GONE)
                told.append(filing_id)
        return tuple(told)

    def move(
        self, filing_id: str, stage: Stage, event: NewEvent, *, door_status: str | None = None
    ) -> FilingRow:
        """Moves the filing and appends the event, both or neither. `accepted` goes by the receipt.

        With a stage that ends it (rejected, withdrawn, ended) the key of its 個人番号 is destroyed.

        Raises IllegalMove (domain.filing) for a move its life does not allow, and VaultFault
        twin_in_flight when another filing of the same account, company and procedure is in flight.
        """
        with self._vault.write(durable=True) as connection:
            return self._move(connection, filing_id, stage, event, door_status)

    def begin_sending(self, filing_id: str, listed: Iterable[str], event: NewEvent) -> FilingRow:
        """Stores the numbers the door lists now and moves to sending, in one transaction."""
        with self._vault.write(durable=True) as connection:
            self.known_before(filing_id, listed)
            return self._move(connection, filing_id, Stage.SENDING, event, None)

    def _move(
        self,
        connection: Connection,
        filing_id: str,
        stage: Stage,
        event: NewEvent,
        door_status: str | None,
    ) -> FilingRow:
        row = _find(connection, filing_id)
        check_move(row.stage, stage)
        status = row.door_status if door_status is None else door_status
        try:
            connection.execute(
                "UPDATE filings SET stage = ?, door_status = ? WHERE id = ?",
                (stage.value, status, filing_id),
            )
        except dbapi2.IntegrityError as problem:
            raise (_foreseen(problem) or problem) from None
        filing_events.append(connection, filing_id, event, self._vault.clock)
        if not MOVES[stage] and apart.destroy(connection, filing_id):
            filing_events.append(connection, filing_id, apart.DESTROYED, self._vault.clock)
            self._vault.owe_empty_log()
        return _find(connection, filing_id)

    def add_event(
        self, filing_id: str, event: NewEvent, *, door_status: str | None = None
    ) -> EventRow:
        """Appends an event (and the door's new word) without a move. Raises VaultFault not_found."""
        with self._vault.write(durable=True) as connection:
            _find(connection, filing_id)
            if door_status is not None:
                connection.execute(
                    "UPDATE filings SET door_status = ? WHERE id = ?", (door_status, filing_id)
                )
            return filing_events.append(connection, filing_id, event, self._vault.clock)

    def store_receipt(
        self,
        filing_id: str,
        receipt_number: str,
        *,
        receipt_at: datetime,
        event: NewEvent,
        receipt: Mapping[str, Any] | None = None,
        door_status: str = "",
    ) -> FilingRow:
        """The door's receipt, the move to accepted and the event: one transaction, FULL.

        Only after it returns may success be shown. The receipt also enters the event's data, so
        the chain commits to it. Raises IllegalMove, and VaultFault receipt_taken when the number
        is the receipt of another filing.
        """
        data = {
            **event.data,
            "receipt_number": receipt_number,
            "receipt_at": receipt_at.isoformat(),
            "receipt": dict(receipt or {}),
        }
        kept = NewEvent(event.kind, event.title, event.note, data, event.at)
        with self._vault.write(durable=True) as connection:
            check_move(_find(connection, filing_id).stage, Stage.ACCEPTED)
            try:
                connection.execute(
                    "UPDATE filings SET receipt_number = ?, receipt_at = ?, receipt = ?"
                    " WHERE id = ?",
                    (receipt_number, receipt_at.isoformat(), _json(data["receipt"]), filing_id),
                )
            except dbapi2.IntegrityError as problem:
                raise (_foreseen(problem) or problem) from None
            return self._move(connection, filing_id, Stage.ACCEPTED, kept, door_status)

    def in_flight(
        self, account_id: str, corporate_number: str, procedure_id: str
    ) -> FilingRow | None:
        """The one filing of this account, company and procedure that is sending or unknown."""
        with self._vault.read() as connection:
            row = connection.execute(
                f"SELECT {COLUMNS} FROM filings"
                " WHERE twin_key = ? AND stage IN ('sending', 'unknown')",
                (twin_key(account_id, corporate_number, procedure_id),),
            ).fetchone()
        return None if row is None else filing_from(row)

    def known_before(self, filing_id: str, arrive_ids: Iterable[str]) -> None:
        """Stores the numbers the door lists before sending: none of them can be the receipt."""
        with self._vault.write(durable=True) as connection:
            _find(connection, filing_id)
            connection.executemany(
                "INSERT INTO known_before VALUES (?, ?) ON CONFLICT DO NOTHING",
                [(filing_id, number) for number in dict.fromkeys(arrive_ids)],
            )

    def listed_before(self, filing_id: str) -> frozenset[str]:
        """The numbers stored by `known_before`."""
        with self._vault.read() as connection:
            rows = connection.execute(
                "SELECT receipt_number FROM known_before WHERE filing_id = ?", (filing_id,)
            ).fetchall()
        return frozenset(number for (number,) in rows)

    def receipt_numbers(self, door: str) -> frozenset[str]:
        """Every number that is the receipt of a filing through this door."""
        with self._vault.read() as connection:
            rows = connection.execute(
                "SELECT receipt_number FROM filings WHERE door = ? AND receipt_number IS NOT NULL",
                (door,),
            ).fetchall()
        return frozenset(number for (number,) in rows)

    def events(self, filing_id: str) -> list[EventRow]:
        """What happened to the filing, oldest first. Raises VaultFault not_found."""
        with self._vault.read() as connection:
            _find(connection, filing_id)
            return filing_events.events_of(connection, filing_id)

    def verify_chain(self, filing_id: str) -> str:
        """Computes seal, envelope, receipt and every event anew; returns the head of the chain.

        Raises VaultFault: filing_altered when something does not fit, not_found.
        """
        with self._vault.read() as connection:
            row = _find(connection, filing_id)
            events = filing_events.events_of(connection, filing_id)
            self.envelope(filing_id)
            hidden = apart.find(connection, filing_id)
        if events and events[0].data.get("apart") != (hidden.digest if hidden else None):
            raise fault("filing_altered")
        return filing_events.verify(row, events)

    def list(self, *stages: Stage) -> list[FilingRow]:
        """The filings in these stages (all when none is named), latest sealed first."""
        with self._vault.read() as connection:
            rows = connection.execute(
                f"SELECT {LISTED} FROM filings ORDER BY sealed_at DESC, rowid DESC"
            ).fetchall()
        found = [filing_from(row, self._facts) for row in rows]
        return [row for row in found if not stages or row.stage in stages]

    def _facts(self, filing_id: str) -> str:
        with self._vault.read() as connection:
            row = connection.execute(
                "SELECT facts FROM filings WHERE id = ?", (filing_id,)
            ).fetchone()
        if row is None:
            raise fault("not_found")
        return str(row[0])


def _foreseen(problem: dbapi2.IntegrityError) -> Exception | None:
    text = str(problem)
    if "filings.twin_key" in text:
        return fault("twin_in_flight")
    if "filings.receipt_number" in text:
        return fault("receipt_taken")
    return None


def _find(connection: Connection, filing_id: str) -> FilingRow:
    row = connection.execute(f"SELECT {COLUMNS} FROM filings WHERE id = ?", (filing_id,)).fetchone()
    if row is None:
        raise fault("not_found")
    return filing_from(row)


def _insert(
    connection: Connection, filing_id: str, new: NewFiling, record_head: str, salt: str
) -> None:
    sealed: dict[str, Any] = {
        "id": filing_id,
        "draft_id": new.draft_id,
        "procedure_id": new.procedure_id,
        "edition": new.edition,
        "door": new.door,
        "company_name": new.company_name,
        "corporate_number": new.corporate_number,
        "account_id": new.account_id,
        "capacity": new.capacity.value,
        "subject": new.subject,
        "title": new.title,
        "facts": _json(new.facts),
        "envelope_name": new.envelope_name,
        "envelope_size": len(new.envelope),
        "sha256": new.sha256,
        "sealed_at": new.sealed_at.isoformat(),
        "practice": int(new.practice),
        "twin_key": new.twin_key,
        "record_head": record_head,
        "seal_salt": salt,
    }
    marks = ", ".join("?" * len(sealed))
    connection.execute(
        f"INSERT INTO filings ({', '.join(sealed)}) VALUES ({marks})", tuple(sealed.values())
    )
    connection.execute("INSERT INTO envelopes VALUES (?, ?)", (filing_id, new.envelope))


def _json(value: Any) -> str:
    return canonical_json(value).decode("utf-8")
