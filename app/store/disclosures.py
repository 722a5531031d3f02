"""The company's own data tracker: every use of its facts outside, which door, when, which filing."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime

from app.store.rows import DisclosureRow
from app.store.vault import Vault


class Disclosures:
    """The disclosures of one company, only ever added."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def add(
        self, paths: Iterable[str], door: str, filing_id: str = "", at: datetime | None = None
    ) -> None:
        """Notes (FULL) that these facts left through `door`, now or at `at`."""
        moment = at or self._vault.clock()
        with self._vault.write(durable=True) as connection:
            connection.execute(
                "INSERT INTO disclosures"
                " SELECT coalesce(max(id), 0) + 1, ?, ?, ?, ? FROM disclosures",
                (moment.isoformat(), door, filing_id, json.dumps(list(paths), ensure_ascii=False)),
            )

    def list(self) -> list[DisclosureRow]:
        """Every disclosure, latest first."""
        with self._vault.read() as connection:
            rows = connection.execute(
                "SELECT id, at, door, filing_id, paths FROM disclosures ORDER BY id DESC"
            ).fetchall()
        return [
            DisclosureRow(ident, datetime.fromisoformat(at), door, filing, tuple(json.loads(paths)))
            for ident, at, door, filing, paths in rows
        ]
