"""How far a batch has come: one form over several companies, kept in the office file.

What was sealed and sent stands in the vaults themselves; these rows only say where the work stood,
so that it goes on after a kill and the table of results is there the next day.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.store.faults import fault
from app.store.vault import Vault


@dataclass(frozen=True)
class BatchHead:
    """A batch: which form, begun when, ended when (None: it can still go on)."""

    id: str
    form: str
    begun_at: datetime
    ended_at: datetime | None = None


class Batches:
    """The batches of an office file. Raises only VaultFault for foreseen faults."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def begin(self, form: str, companies: Sequence[tuple[str, Mapping[str, Any]]]) -> BatchHead:
        """A new batch of these companies (vault id, first content), in their order (FULL)."""
        head = BatchHead(secrets.token_hex(8), form, self._vault.clock())
        at = head.begun_at.isoformat()
        with self._vault.write(durable=True) as connection:
            connection.execute("INSERT INTO batches VALUES (?, ?, ?, NULL)", (head.id, form, at))
            connection.executemany(
                "INSERT INTO batch_rows VALUES (?, ?, ?, ?, ?)",
                [
                    (head.id, vault_id, place, _json(content), at)
                    for place, (vault_id, content) in enumerate(companies)
                ],
            )
        return head

    def heads(self) -> list[BatchHead]:
        """Every batch, latest first."""
        with self._vault.read() as connection:
            rows = connection.execute(
                "SELECT id, form, begun_at, ended_at FROM batches ORDER BY begun_at DESC, id"
            ).fetchall()
        return [BatchHead(r[0], r[1], datetime.fromisoformat(r[2]), _moment(r[3])) for r in rows]

    def get(self, batch_id: str) -> BatchHead:
        """One batch. Raises VaultFault not_found."""
        found = next((head for head in self.heads() if head.id == batch_id), None)
        if found is None:
            raise fault("not_found")
        return found

    def rows(self, batch_id: str) -> list[tuple[str, dict[str, Any]]]:
        """The companies of a batch (vault id, content), in their order."""
        with self._vault.read() as connection:
            rows = connection.execute(
                "SELECT vault_id, content FROM batch_rows WHERE batch_id = ? ORDER BY place",
                (batch_id,),
            ).fetchall()
        return [(row[0], json.loads(row[1])) for row in rows]

    def put(self, batch_id: str, vault_id: str, content: Mapping[str, Any]) -> None:
        """Where one company stands now (FULL: it follows what was stored in the vault)."""
        with self._vault.write(durable=True) as connection:
            connection.execute(
                "UPDATE batch_rows SET content = ?, updated_at = ?"
                " WHERE batch_id = ? AND vault_id = ?",
                (_json(content), self._vault.clock().isoformat(), batch_id, vault_id),
            )

    def end(self, batch_id: str) -> None:
        """Nothing is left to do in it."""
        with self._vault.write(durable=True) as connection:
            connection.execute(
                "UPDATE batches SET ended_at = ? WHERE id = ? AND ended_at IS NULL",
                (self._vault.clock().isoformat(), batch_id),
            )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(dict(value), ensure_ascii=False)
