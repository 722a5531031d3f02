"""The office file: the keys of several vaults behind one unlock, and what belongs to the office.

It is a file of the same making as a vault (encryption, key slots, lock, backups, 練習 or 本番 for
ever) with tables of its own: the companies with their keys, the office's accounts, certificate and
提出代行証明書, the last known summaries, and how far a batch has come. What a company knows stays in
its own vault. Every fault a person can meet is a VaultFault.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from app.domain.clock import Clock, system_clock
from app.store.accounts import Accounts
from app.store.disk import Place
from app.store.documents import Documents
from app.store.faults import fault
from app.store.key import VaultKey
from app.store.key_file import create_key_file, keys_path, read_key_file, spare_path
from app.store.meta import Meta
from app.store.migrate import OFFICE_SUFFIX
from app.store.slots import Cost
from app.store.vault import Vault

__all__ = ["OFFICE_SUFFIX", "OfficeCompany", "OfficeFile"]

_COLUMNS: Final = (
    "vault_id, file, name, corporate_number, town, plate, kanji, added_at, coalesce(proof, '')"
)


@dataclass(frozen=True)
class OfficeCompany:
    """A company of the office. `file` is the name of its vault in the folder of the office file.

    `proof` is the kept 提出代行証明書 of this company ("": the one for all companies, if there is one).
    """

    vault_id: str
    file: str
    name: str
    corporate_number: str
    town: str
    plate: str
    kanji: str
    added_at: datetime
    proof: str = ""


class OfficeFile:
    """An open office file."""

    def __init__(self, vault: Vault, key: VaultKey) -> None:
        self.vault = vault
        self._key = key.copy()
        self.accounts = Accounts(vault)
        self.documents = Documents(vault)
        self.meta = Meta(vault)

    @classmethod
    def create(
        cls,
        path: Path,
        passphrase: str,
        *,
        practice: bool,
        migrations: Path,
        clock: Clock = system_clock,
        cost: Cost | None = None,
    ) -> tuple[OfficeFile, str]:
        """A new office file and the text of its recovery paper. `migrations` are the office's.

        Raises VaultFault: keys_already_there, vault_already_there, empty_passphrase, disk_full,
        read_only, folder_missing; nothing is left half made.
        """
        _office_path(path)
        if keys_path(path).exists() or path.with_suffix(".vault").exists():
            raise fault("keys_already_there")
        key, recovery = create_key_file(path, passphrase, practice=practice, clock=clock, cost=cost)
        try:
            vault = Vault.create(path, key, practice=practice, migrations=migrations, clock=clock)
        except BaseException:
            for left in (keys_path(path), spare_path(path)):
                left.unlink(missing_ok=True)
            raise
        return cls(vault, key), recovery

    @classmethod
    def open(
        cls,
        path: Path,
        key: VaultKey,
        *,
        migrations: Path,
        clock: Clock = system_clock,
        place: Place | None = None,
    ) -> OfficeFile:
        """Opens with the key that a slot of its key file led to. Raises VaultFault as a vault does."""
        _office_path(path)
        return cls(Vault.open(path, key, migrations=migrations, clock=clock, place=place), key)

    @property
    def path(self) -> Path:
        """Where it lies."""
        return self.vault.path

    @property
    def id(self) -> str:
        """Which office file this is."""
        return self.vault.id

    @property
    def practice(self) -> bool:
        """Whether it is 練習, for ever; only companies of the same mark come in."""
        return self.vault.practice

    @property
    def key(self) -> VaultKey:
        """Its own key, for changes to how it opens."""
        return self._key

    # --- companies

    def companies(self) -> list[OfficeCompany]:
        """The companies, in the order in which they came in."""
        with self.vault.read() as connection:
            rows = connection.execute(
                f"SELECT {_COLUMNS} FROM companies ORDER BY place, vault_id"
            ).fetchall()
        return [_company(row) for row in rows]

    def company(self, vault_id: str) -> OfficeCompany:
        """One company. Raises VaultFault not_found."""
        with self.vault.read() as connection:
            row = connection.execute(
                f"SELECT {_COLUMNS} FROM companies WHERE vault_id = ?", (vault_id,)
            ).fetchone()
        if row is None:
            raise fault("not_found")
        return _company(row)

    def add(self, company: OfficeCompany, key: VaultKey) -> None:
        """Takes a company in with its key, or renews card and key of one that is there (FULL).

        Its place in the order and its 提出代行証明書 stay. Raises VaultFault mode_differs when its key
        file says that it is of the other mark.
        """
        beside = self.path.with_name(company.file)
        if read_key_file(beside).practice != self.practice:
            raise fault("mode_differs")
        with self.vault.write(durable=True) as connection:
            connection.execute(
                "INSERT INTO companies SELECT ?, ?, ?, ?, ?, ?, ?,"
                " (SELECT coalesce(max(place), 0) + 1 FROM companies), ?, ?, NULL WHERE true"
                " ON CONFLICT (vault_id) DO UPDATE SET file = excluded.file, name = excluded.name,"
                " corporate_number = excluded.corporate_number, town = excluded.town,"
                " plate = excluded.plate, kanji = excluded.kanji, key = excluded.key",
                (
                    company.vault_id,
                    company.file,
                    company.name,
                    company.corporate_number,
                    company.town,
                    company.plate,
                    company.kanji,
                    key.raw(),
                    company.added_at.isoformat(),
                ),
            )

    def renew_key(self, vault_id: str, key: VaultKey) -> None:
        """Keeps the new key of a company that was rekeyed here; nothing where it is not of the office."""
        with self.vault.write(durable=True) as connection:
            connection.execute(
                "UPDATE companies SET key = ? WHERE vault_id = ?", (key.raw(), vault_id)
            )

    def remove(self, vault_id: str) -> None:
        """Drops a company's key and what was known of it (FULL). Its vault is not touched."""
        with self.vault.write(durable=True) as connection:
            connection.execute("DELETE FROM companies WHERE vault_id = ?", (vault_id,))

    def key_of(self, vault_id: str) -> VaultKey:
        """A copy of the key of a company's vault; the caller forgets it. Raises VaultFault not_found."""
        with self.vault.read() as connection:
            row = connection.execute(
                "SELECT key FROM companies WHERE vault_id = ?", (vault_id,)
            ).fetchone()
        if row is None:
            raise fault("not_found")
        return VaultKey(row[0])

    def set_proof(self, vault_id: str, document_id: str) -> None:
        """The 提出代行証明書 of one company ("" takes it back). Raises VaultFault not_found."""
        self.company(vault_id)
        with self.vault.write(durable=True) as connection:
            connection.execute(
                "UPDATE companies SET proof = ? WHERE vault_id = ?",
                (document_id or None, vault_id),
            )

    # --- summaries

    def remember(self, vault_id: str, summary: Mapping[str, Any]) -> None:
        """Keeps what a company was seen to have due, at this moment."""
        with self.vault.write() as connection:
            connection.execute(
                "INSERT INTO summaries SELECT ?, ?, ?"
                " WHERE EXISTS (SELECT 1 FROM companies WHERE vault_id = ?)"
                " ON CONFLICT (vault_id) DO UPDATE SET seen_at = excluded.seen_at,"
                " content = excluded.content",
                (vault_id, self.vault.clock().isoformat(), _json(summary), vault_id),
            )

    def summaries(self) -> dict[str, tuple[datetime, dict[str, Any]]]:
        """Vault id → (seen at, summary), for the companies that were seen."""
        with self.vault.read() as connection:
            rows = connection.execute("SELECT vault_id, seen_at, content FROM summaries").fetchall()
        return {r[0]: (datetime.fromisoformat(r[1]), json.loads(r[2])) for r in rows}

    def lock(self, *, back_up: bool = True) -> None:
        """Drops the keys and the connections. Safe to call twice."""
        self.vault.close(back_up=back_up)
        self._key.forget()


def _office_path(path: Path) -> None:
    if path.suffix != OFFICE_SUFFIX:
        raise ValueError("an office file is named *.office")


def _company(row: tuple[Any, ...]) -> OfficeCompany:
    return replace(OfficeCompany(*row), added_at=datetime.fromisoformat(row[7]))


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(dict(value), ensure_ascii=False)
