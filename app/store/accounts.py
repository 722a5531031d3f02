"""Accounts at doors with their tokens: in the vault only, never in the keyring or a plain file."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from app.store.faults import fault
from app.store.rows import AccountRow
from app.store.vault import Vault

_COLUMNS: Final = "id, door, kind, label, subject, tokens, details, updated_at"


class Accounts:
    """The accounts of one company. Raises only VaultFault for foreseen faults."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def save(self, account: AccountRow) -> AccountRow:
        """Keeps the account as it is now (FULL: a rotated token that is lost ends the sign-in)."""
        kept = replace(account, updated_at=self._vault.clock())
        assert kept.updated_at is not None
        with self._vault.write(durable=True) as connection:
            connection.execute(
                "INSERT INTO accounts VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE"
                " SET door = excluded.door, kind = excluded.kind, label = excluded.label,"
                " subject = excluded.subject, tokens = excluded.tokens,"
                " details = excluded.details, updated_at = excluded.updated_at",
                (
                    kept.id,
                    kept.door,
                    kept.kind,
                    kept.label,
                    kept.subject,
                    json.dumps(dict(kept.tokens)),
                    json.dumps(dict(kept.details)),
                    kept.updated_at.isoformat(),
                ),
            )
        return kept

    def get(self, account_id: str) -> AccountRow:
        """One account. Raises VaultFault not_found."""
        with self._vault.read() as connection:
            row = connection.execute(
                f"SELECT {_COLUMNS} FROM accounts WHERE id = ?", (account_id,)
            ).fetchone()
        if row is None:
            raise fault("not_found")
        return _row(row)

    def list(self, door: str = "") -> list[AccountRow]:
        """The accounts (at one door when it is named), by id."""
        with self._vault.read() as connection:
            rows = connection.execute(
                f"SELECT {_COLUMNS} FROM accounts WHERE ? = '' OR door = ? ORDER BY id",
                (door, door),
            ).fetchall()
        return [_row(row) for row in rows]

    def drop(self, account_id: str) -> None:
        """Forgets the account and its tokens; the pages are overwritten (secure_delete)."""
        with self._vault.write(durable=True) as connection:
            connection.execute("DELETE FROM accounts WHERE id = ?", (account_id,))


def _row(row: tuple[Any, ...]) -> AccountRow:
    ident, door, kind, label, subject, tokens, details, updated_at = row
    return AccountRow(
        ident,
        door,
        kind,
        label,
        subject,
        json.loads(tokens),
        json.loads(details),
        datetime.fromisoformat(updated_at),
    )
