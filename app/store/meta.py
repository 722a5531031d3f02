"""Small named texts of the vault, such as when something was last done."""

from __future__ import annotations

from app.store.vault import Vault


class Meta:
    """Name → text. Raises only VaultFault for foreseen faults."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def get(self, name: str, default: str = "") -> str:
        """The text kept under `name`, or `default`."""
        with self._vault.read() as connection:
            row = connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return default if row is None else str(row[0])

    def set(self, name: str, value: str) -> None:
        """Keeps `value` under `name`."""
        with self._vault.write() as connection:
            connection.execute(
                "INSERT INTO meta VALUES (?, ?)"
                " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (name, value),
            )
