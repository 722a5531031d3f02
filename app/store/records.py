"""The log of records in the vault: only ever added, chained by salted digests, erasable by law."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from app.domain.canonical import CHAIN_START, canonical_json, chain_next, new_salt, salted_digest
from app.facts.record import Record, record_from
from app.store.cipher import Connection
from app.store.faults import fault
from app.store.vault import Vault


class Records:
    """Every record of one company. Raises only VaultFault for foreseen faults."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def append(self, records: Iterable[Record], *, durable: bool = False) -> None:
        """Adds records to the log, in this order; one that is there already (same id) is left out."""
        with self._vault.write(durable) as connection:
            seq, chain = _head(connection)
            for record in records:
                content = record.content()
                ident = salted_digest(record.salt, content)
                if _has(connection, ident):
                    continue
                seq, chain = seq + 1, chain_next(chain, ident)
                _add(connection, (seq, ident, "record", record.salt, _text(content), chain))

    def all(self) -> list[Record]:
        """The records that are not erased, in the order they were added."""
        with self._vault.read() as connection:
            rows = connection.execute(
                "SELECT content, salt FROM record_log"
                " WHERE kind = 'record' AND content IS NOT NULL ORDER BY seq"
            ).fetchall()
        return [record_from(json.loads(content), salt) for content, salt in rows]

    def erase(self, record_id: str, reason: str) -> None:
        """Empties a record for good where the law asks for it and adds a tombstone with the reason.

        The chain still holds: it commits to the salted digest, and the salt is gone with the
        content. A record that is erased already stays as it is. Raises VaultFault not_found.
        """
        with self._vault.write(durable=True) as connection:
            row = connection.execute(
                "SELECT content FROM record_log WHERE id = ? AND kind = 'record'", (record_id,)
            ).fetchone()
            if row is None:
                raise fault("not_found")
            if row[0] is None:
                return
            connection.execute(
                "UPDATE record_log SET content = NULL, salt = NULL WHERE id = ?", (record_id,)
            )
            at = self._vault.clock().isoformat()
            content, salt = {"erased": record_id, "reason": reason, "at": at}, new_salt()
            ident = salted_digest(salt, content)
            seq, chain = _head(connection)
            new = (seq + 1, ident, "tombstone", salt, _text(content), chain_next(chain, ident))
            _add(connection, new)

    def tombstones(self) -> dict[str, dict[str, Any]]:
        """By record id: what its tombstone says ("erased", "reason", "at")."""
        with self._vault.read() as connection:
            rows = connection.execute(
                "SELECT content FROM record_log WHERE kind = 'tombstone' ORDER BY seq"
            ).fetchall()
        stones = [json.loads(content) for (content,) in rows]
        return {stone["erased"]: stone for stone in stones}

    def head(self) -> str:
        """The last link of the chain, which commits to every record there ever was."""
        with self._vault.read() as connection:
            return _head(connection)[1]

    def verify_chain(self) -> str:
        """Computes every digest and link anew; returns the head.

        Raises VaultFault records_altered when a record, its order or an erasure does not fit.
        """
        chain, emptied, stones = CHAIN_START, set(), set()
        with self._vault.read() as connection:
            rows = connection.execute(
                "SELECT seq, id, kind, salt, content, chain FROM record_log ORDER BY seq"
            )
            for place, (seq, ident, kind, salt, content, link) in enumerate(rows, start=1):
                chain = chain_next(chain, ident)
                if seq != place or link != chain:
                    raise fault("records_altered")
                if content is None:
                    emptied.add(ident)
                elif salted_digest(salt, json.loads(content)) != ident:
                    raise fault("records_altered")
                elif kind == "tombstone":
                    stones.add(json.loads(content)["erased"])
        if emptied != stones:
            raise fault("records_altered")
        return chain


def _head(connection: Connection) -> tuple[int, str]:
    row = connection.execute(
        "SELECT seq, chain FROM record_log ORDER BY seq DESC LIMIT 1"
    ).fetchone()
    return (0, CHAIN_START) if row is None else (int(row[0]), str(row[1]))


def _has(connection: Connection, ident: str) -> bool:
    found = connection.execute("SELECT 1 FROM record_log WHERE id = ?", (ident,)).fetchone()
    return found is not None


def _add(connection: Connection, row: tuple[int, str, str, str, str, str]) -> None:
    connection.execute("INSERT INTO record_log VALUES (?, ?, ?, ?, ?, ?)", row)


def _text(content: dict[str, Any]) -> str:
    return canonical_json(content).decode("utf-8")
