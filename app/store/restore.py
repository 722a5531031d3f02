"""The way back from a backup: checked first, the present file put aside, replaced by one rename."""

from __future__ import annotations

from pathlib import Path

from app.domain.clock import Clock, system_clock
from app.domain.errors import VaultFault
from app.store import birth
from app.store.backup import check_backup, copy_to, empty_aside, put_aside
from app.store.cipher import connect
from app.store.disk import Place, drop, take_name
from app.store.faults import as_faults, fault
from app.store.key import VaultKey
from app.store.key_file import read_key_file, write_key_file
from app.store.rekey import locked


def restore(
    path: Path,
    backup: Path,
    backup_key: VaultKey,
    *,
    present_key: VaultKey | None = None,
    clock: Clock = system_clock,
    place: Place | None = None,
) -> Path:
    """Puts a checked copy of `backup` in the place of a closed (or lost, or damaged) vault.

    With `present_key` the restored file takes the present key, so that today's passphrase and
    paper go on; without it the backup's own key file is put back. Returns the copy of what was
    there before, in the backup folder. Afterwards `Vault.open` migrates it where needed.
    Raises VaultFault: backup_missing, backup_damaged, backup_of_other_vault, opened_twice,
    keys_altered, disk_full, read_only; then nothing has changed.
    """
    vault_id = check_backup(backup, backup_key)
    if not path.parent.is_dir():
        raise fault("folder_missing")
    with locked(path, clock, place):
        _check_same_vault(path, vault_id, present_key)
        aside = put_aside(path, clock)
        if present_key is not None:
            empty_aside(aside, present_key)
        part = birth.part_path(path)
        with as_faults():
            birth.clear_parts(path)
            connection = connect(backup, backup_key)
        try:
            copy_to(part, connection, present_key or backup_key)
        finally:
            connection.close()
        if present_key is None:
            write_key_file(path, read_key_file(backup))
        with as_faults():
            # They belong to the file that was put aside together with its own.
            for side in birth.sidecars(path):
                drop(side)
            take_name(part, path)
    return aside


def _check_same_vault(path: Path, vault_id: str, present_key: VaultKey | None) -> None:
    try:
        keys = read_key_file(path)
    except VaultFault:
        if present_key is not None:
            raise
        return
    if keys.vault_id != vault_id:
        raise fault("backup_of_other_vault")
    if present_key is not None and not keys.is_signed_by(present_key):
        raise fault("keys_altered")
