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
    keys, backup = _fault(desk, "keys_fault"), _fault(desk, "backup_fault")
    if keys is not None:
        note = "次に開くには復旧キーが要ります。設定の「鍵」で、合言葉を決めて作りなおせます。"
        found.append(VaultTrouble(KEYS, "danger", keys.sentence, note))
    if backup is not None:
        note = f"書いたものは会社のファイルに残っています。{backup.sentence}"
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
    fault = _fault(desk, BACKUP + "_fault")
    return f"閉じるときの控えが取れませんでした。{fault.sentence}" if fault is not None else ""


def _fault(desk: Any, name: str) -> Known | None:
    """Of the vault's care where it tells, else of the vault itself."""
    for holder in (getattr(desk, "care", None), getattr(desk, "vault", None)):
        fault = getattr(holder, name, None)
        if isinstance(fault, Known):
            return fault
    return None
