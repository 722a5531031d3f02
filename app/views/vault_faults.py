"""What is wrong with the files around an open vault, in words, with what can be done about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.domain.errors import Known

KEYS, BACKUP = "keys", "backup"


@dataclass(frozen=True)
class VaultTrouble:
    """One band: what has happened, what to do. `about` is KEYS or BACKUP."""

    about: str
    kind: str
    sentence: str
    note: str


def troubles(desk: Any) -> list[VaultTrouble]:
    """What the person who opened this company must know about its files; mostly nothing."""
    found = []
    keys, backup = _sentence(desk, "keys_fault"), _sentence(desk, "backup_fault")
    if keys:
        note = "次に開くには復旧キーが要ります。設定の「金庫」で、合言葉を決めて作りなおせます。"
        found.append(VaultTrouble(KEYS, "danger", keys, note))
    if backup:
        note = f"書いたものは会社のファイルに残っています。{backup}"
        found.append(VaultTrouble(BACKUP, "warn", "きょうの控えが取れませんでした。", note))
    return found


def note_backup(desk: Any, fault: Known | None) -> None:
    """Remembers how the last backup went, or that there is a newer one."""
    vault = getattr(desk, "vault", None)
    if vault is not None:
        vault.backup_fault = fault


def note_keys(desk: Any, fault: Known | None) -> None:
    """Remembers that the key file was made anew."""
    vault = getattr(desk, "vault", None)
    if vault is not None:
        vault.keys_fault = fault


def left_behind(desk: Any) -> str:
    """A sentence for the first page when closing the vault could not back it up; else ""."""
    sentence = _sentence(desk, BACKUP + "_fault")
    return f"閉じるときの控えが取れませんでした。{sentence}" if sentence else ""


def _sentence(desk: Any, name: str) -> str:
    """Of the vault's care where there is one, else of the vault itself."""
    holder = getattr(desk, "care", None) or getattr(desk, "vault", None)
    fault = getattr(holder, name, None)
    return fault.sentence if isinstance(fault, Known) else str(fault or "")
