"""Drafts in the vault: answers as they are typed, their history, and where the person stopped."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from app.store.cipher import Connection
from app.store.faults import fault
from app.store.rows import DraftRow, HistoryRow
from app.store.vault import Vault

# Saves of one field within this time are one step of its history: nobody undoes by letters.
_ONE_STEP: Final = timedelta(seconds=5)

_COLUMNS: Final = (
    "id, procedure_id, edition, subject, created_at, updated_at, cursor, discarded_at,"
    " EXISTS (SELECT 1 FROM filings WHERE draft_id = drafts.id)"
)


class Drafts:
    """The drafts of one company. Raises only VaultFault for foreseen faults."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def create(self, procedure_id: str, edition: str, subject: str = "") -> str:
        """A new, empty draft; returns its id."""
        draft_id, now = secrets.token_hex(8), self._vault.clock().isoformat()
        with self._vault.write() as connection:
            connection.execute(
                "INSERT INTO drafts VALUES (?, ?, ?, ?, ?, ?, '', NULL)",
                (draft_id, procedure_id, edition, subject, now, now),
            )
        return draft_id

    def save(self, draft_id: str, answers: Mapping[str, Mapping[str, Any] | None]) -> datetime:
        """Keeps the answers of these fields (None clears one); other fields stay as they are.

        It outlives a kill of the program once it returns. Returns the time it was saved at.
        Raises VaultFault not_found.
        """
        now = self._vault.clock()
        with self._vault.write() as connection:
            _touch(connection, draft_id, "updated_at", now.isoformat())
            for field_id, answer in answers.items():
                text = None if answer is None else _text(answer)
                if text == _answer(connection, draft_id, field_id):
                    continue
                _put(connection, draft_id, field_id, text)
                _remember(connection, draft_id, field_id, text, now)
        return now

    def load(self, draft_id: str) -> DraftRow:
        """The draft with its answers. Raises VaultFault not_found."""
        with self._vault.read() as connection:
            row = _find(connection, draft_id)
            answers = connection.execute(
                "SELECT field_id, answer FROM answers WHERE draft_id = ?", (draft_id,)
            ).fetchall()
        return replace(row, answers={name: json.loads(text) for name, text in answers})

    def history(self, draft_id: str, field_id: str = "") -> list[HistoryRow]:
        """What the fields of a draft (or one field) said, oldest first."""
        with self._vault.read() as connection:
            _find(connection, draft_id)
            rows = connection.execute(
                "SELECT draft_id, field_id, answer, saved_at FROM answer_history"
                " WHERE draft_id = ? AND (? = '' OR field_id = ?) ORDER BY seq",
                (draft_id, field_id, field_id),
            ).fetchall()
        return [
            HistoryRow(draft, name, json.loads(text) if text else None, _moment(at))
            for draft, name, text, at in rows
        ]

    def set_cursor(self, draft_id: str, field_id: str) -> None:
        """Remembers the field the person stopped at. Raises VaultFault not_found."""
        with self._vault.write() as connection:
            _touch(connection, draft_id, "cursor", field_id)

    def discard(self, draft_id: str) -> None:
        """Puts the draft aside, from where `restore` brings it back. Raises VaultFault not_found."""
        with self._vault.write() as connection:
            _touch(connection, draft_id, "discarded_at", self._vault.clock().isoformat())

    def restore(self, draft_id: str) -> None:
        """Brings a discarded draft back. Raises VaultFault not_found."""
        with self._vault.write() as connection:
            _touch(connection, draft_id, "discarded_at", None)

    def purge(self, before: datetime) -> int:
        """Deletes for good the drafts discarded before `before`; returns how many."""
        with self._vault.write() as connection:
            rows = connection.execute(
                "SELECT id, discarded_at FROM drafts WHERE discarded_at IS NOT NULL"
            ).fetchall()
            old = [(draft_id,) for draft_id, at in rows if _moment(at) < before]
            connection.executemany("DELETE FROM drafts WHERE id = ?", old)
        return len(old)

    def erase(self, draft_id: str) -> None:
        """Deletes a draft with its answers and their history for good. Raises VaultFault not_found."""
        with self._vault.write(durable=True) as connection:
            _find(connection, draft_id)
            connection.execute("DELETE FROM drafts WHERE id = ?", (draft_id,))

    def list(self, *, discarded: bool = False) -> list[DraftRow]:
        """The drafts without their answers, latest first; `discarded` gives those instead."""
        condition = "IS NOT NULL" if discarded else "IS NULL"
        with self._vault.read() as connection:
            rows = connection.execute(
                f"SELECT {_COLUMNS} FROM drafts WHERE discarded_at {condition}"
                " ORDER BY updated_at DESC, id"
            ).fetchall()
        return [_row(row) for row in rows]


def _touch(connection: Connection, draft_id: str, column: str, value: str | None) -> None:
    # `column` is one of three names written above, never a value from outside.
    done = connection.execute(f"UPDATE drafts SET {column} = ? WHERE id = ?", (value, draft_id))
    if done.rowcount != 1:
        raise fault("not_found")


def _answer(connection: Connection, draft_id: str, field_id: str) -> str | None:
    row = connection.execute(
        "SELECT answer FROM answers WHERE draft_id = ? AND field_id = ?", (draft_id, field_id)
    ).fetchone()
    return None if row is None else str(row[0])


def _put(connection: Connection, draft_id: str, field_id: str, text: str | None) -> None:
    if text is None:
        connection.execute(
            "DELETE FROM answers WHERE draft_id = ? AND field_id = ?", (draft_id, field_id)
        )
        return
    connection.execute(
        "INSERT INTO answers VALUES (?, ?, ?)"
        " ON CONFLICT (draft_id, field_id) DO UPDATE SET answer = excluded.answer",
        (draft_id, field_id, text),
    )


def _remember(
    connection: Connection, draft_id: str, field_id: str, text: str | None, now: datetime
) -> None:
    last = connection.execute(
        "SELECT seq, saved_at FROM answer_history WHERE draft_id = ? AND field_id = ?"
        " ORDER BY seq DESC LIMIT 1",
        (draft_id, field_id),
    ).fetchone()
    if last is not None and timedelta(0) <= now - _moment(last[1]) < _ONE_STEP:
        connection.execute("UPDATE answer_history SET answer = ? WHERE seq = ?", (text, last[0]))
        return
    connection.execute(
        "INSERT INTO answer_history (draft_id, field_id, answer, saved_at) VALUES (?, ?, ?, ?)",
        (draft_id, field_id, text, now.isoformat()),
    )


def _find(connection: Connection, draft_id: str) -> DraftRow:
    row = connection.execute(f"SELECT {_COLUMNS} FROM drafts WHERE id = ?", (draft_id,)).fetchone()
    if row is None:
        raise fault("not_found")
    return _row(row)


def _row(row: tuple[Any, ...]) -> DraftRow:
    ident, procedure_id, edition, subject, created, updated, cursor, discarded, sealed = row
    return DraftRow(
        ident,
        procedure_id,
        edition,
        subject,
        _moment(created),
        _moment(updated),
        cursor,
        _moment(discarded) if discarded else None,
        bool(sealed),
    )


def _text(answer: Mapping[str, Any]) -> str:
    return json.dumps(dict(answer), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
