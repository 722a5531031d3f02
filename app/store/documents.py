"""Documents kept for good: official documents, notices, files that were taken in."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from app.store.faults import fault
from app.store.rows import DocumentRow
from app.store.vault import Vault

_COLUMNS: Final = "id, name, kind, filing_id, verdict, sha256, size, kept_at"


class Documents:
    """The documents of one company. Raises only VaultFault for foreseen faults."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def keep(
        self, name: str, content: bytes, kind: str, filing_id: str = "", verdict: str = ""
    ) -> str:
        """Keeps a document (FULL) and returns its id; the same bytes for one filing are kept once.

        Raises VaultFault not_found for a filing that is not there.
        """
        sha256 = hashlib.sha256(content).hexdigest()
        with self._vault.write(durable=True) as connection:
            row = connection.execute(
                "SELECT id FROM documents WHERE coalesce(filing_id, '') = ? AND sha256 = ?",
                (filing_id, sha256),
            ).fetchone()
            if row is not None:
                return str(row[0])
            if (
                filing_id
                and not connection.execute(
                    "SELECT 1 FROM filings WHERE id = ?", (filing_id,)
                ).fetchone()
            ):
                raise fault("not_found")
            ident, at = secrets.token_hex(8), self._vault.clock().isoformat()
            connection.execute(
                "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (ident, name, kind, filing_id or None, verdict, sha256, len(content), at),
            )
            connection.execute("INSERT INTO document_contents VALUES (?, ?)", (ident, content))
        return ident

    def get(self, document_id: str) -> DocumentRow:
        """The document with its content. Raises VaultFault: not_found, damaged."""
        with self._vault.read() as connection:
            row = connection.execute(
                f"SELECT {_COLUMNS} FROM documents WHERE id = ?", (document_id,)
            ).fetchone()
            if row is None:
                raise fault("not_found")
            (content,) = connection.execute(
                "SELECT content FROM document_contents WHERE document_id = ?", (document_id,)
            ).fetchone()
        document = replace(_row(row), content=bytes(content))
        if hashlib.sha256(document.content).hexdigest() != document.sha256:
            raise fault("damaged")
        return document

    def list(self, filing_id: str = "") -> list[DocumentRow]:
        """The documents (of one filing when it is named) without their content, latest first."""
        with self._vault.read() as connection:
            rows = connection.execute(
                f"SELECT {_COLUMNS} FROM documents WHERE ? = '' OR filing_id = ?"
                " ORDER BY kept_at DESC, rowid DESC",
                (filing_id, filing_id),
            ).fetchall()
        return [_row(row) for row in rows]

    def set_verdict(self, document_id: str, verdict: str) -> None:
        """What a later verification said. Raises VaultFault not_found."""
        with self._vault.write(durable=True) as connection:
            done = connection.execute(
                "UPDATE documents SET verdict = ? WHERE id = ?", (verdict, document_id)
            )
            if done.rowcount != 1:
                raise fault("not_found")


def _row(row: tuple[Any, ...]) -> DocumentRow:
    ident, name, kind, filing_id, verdict, sha256, size, kept_at = row
    moment = datetime.fromisoformat(kept_at)
    return DocumentRow(ident, name, kind, filing_id or "", verdict, sha256, size, moment)
