"""A new key: the old one, the old paper and the old keyring secret end; faults change nothing."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pyrage
import pytest
from store_parts import CHEAP, MIGRATIONS, PASSPHRASE, House, record

from app.domain.clock import Clock
from app.domain.errors import VaultFault
from app.store import rekey as rekey_module
from app.store.cipher import opens
from app.store.key import VaultKey
from app.store.key_changes import add_age_slot, add_keyring_slot
from app.store.key_file import (
    create_key_file,
    read_key_file,
    unlock_with_identity,
    unlock_with_passphrase,
    unlock_with_recovery,
    unlock_with_secret,
)
from app.store.records import Records
from app.store.rekey import rekey
from app.store.vault import Vault


def again(house: House, **more: object) -> rekey_module.Rekeyed:
    return rekey(house.path, house.key, PASSPHRASE, cost=CHEAP, place="local", **more)


def test_every_way_leads_to_the_new_key(house: House) -> None:
    Records(house.vault).append([record()])
    identity = pyrage.x25519.Identity.generate()
    add_age_slot(house.path, house.key, str(identity.to_public()))
    old_secret = add_keyring_slot(house.path, house.key)
    house.vault.close(back_up=False)
    done = again(house)
    assert done.key != house.key
    assert unlock_with_passphrase(house.path, PASSPHRASE) == done.key
    assert unlock_with_identity(house.path, str(identity)) == done.key
    assert unlock_with_recovery(house.path, done.recovery_text) == done.key
    assert done.keyring_secret is not None
    assert unlock_with_secret(house.path, done.keyring_secret) == done.key
    with pytest.raises(VaultFault, match="wrong_secret"):
        unlock_with_secret(house.path, old_secret)
    with pytest.raises(VaultFault, match="recovery_of_other_vault"):
        unlock_with_recovery(house.path, house.recovery)
    assert not opens(house.path, house.key)
    assert read_key_file(house.path).key_ids == {done.key.id}
    house.key = done.key
    vault = house.reopened()
    assert len(Records(vault).all()) == 1
    assert vault.integrity_check() == ()
    assert not list(house.path.parent.glob("*.part*"))


def test_wrong_passphrase_open_vault_wrong_key(house: House) -> None:
    with pytest.raises(VaultFault, match="opened_twice"):
        again(house)
    house.vault.close(back_up=False)
    with pytest.raises(VaultFault, match="wrong_passphrase"):
        rekey(house.path, house.key, "ちがう", cost=CHEAP)
    with pytest.raises(VaultFault, match="keys_altered"):
        rekey(house.path, VaultKey.generate(), PASSPHRASE, cost=CHEAP)
    assert unlock_with_passphrase(house.path, PASSPHRASE) == house.key


@pytest.mark.parametrize("point", ["before", "after"])
def test_cut_between_the_steps(house: House, monkeypatch: pytest.MonkeyPatch, point: str) -> None:
    """Both sets of slots are there: the passphrase gives the key that the file has."""
    Records(house.vault).append([record()])
    house.vault.close(back_up=False)
    real = rekey_module.encrypt_anew
    new_keys: list[VaultKey] = []

    def cut(path: Path, old: VaultKey, new: VaultKey) -> None:
        new_keys.append(new.copy())
        if point == "after":
            real(path, old, new)
        raise KeyboardInterrupt

    monkeypatch.setattr(rekey_module, "encrypt_anew", cut)
    # As a kill: nothing tidies up.
    monkeypatch.setattr(rekey_module, "_take_back", lambda *_: None)
    with pytest.raises(KeyboardInterrupt):
        again(house)
    monkeypatch.undo()
    assert len(read_key_file(house.path).key_ids) == 2
    right = house.key if point == "before" else new_keys[0]
    house.key = unlock_with_passphrase(house.path, PASSPHRASE)
    assert house.key == right
    if point == "before":
        assert unlock_with_recovery(house.path, house.recovery) == right
    vault = house.reopened()
    assert len(Records(vault).all()) == 1
    assert read_key_file(house.path).key_ids == {right.id}
    vault.close(back_up=False)
    again(house)


def test_full_disk_while_rekeying(small_disk: Callable[[str], Path], clock: Clock) -> None:
    disk = small_disk("2m")
    path = disk / "x.vault"
    key, _ = create_key_file(path, PASSPHRASE, practice=True, cost=CHEAP)
    with Vault.create(
        path, key, practice=True, migrations=MIGRATIONS, clock=clock, place="local"
    ) as vault:
        Records(vault).append([record()])
        vault.close(back_up=False)
    free = shutil.disk_usage(disk).free
    filler = disk / "filler"
    filler.write_bytes(b"\0" * (free - 48 * 1024))
    with pytest.raises(VaultFault, match="disk_full"):
        rekey(path, key, PASSPHRASE, cost=CHEAP)
    filler.unlink()
    assert unlock_with_passphrase(path, PASSPHRASE) == key
    assert read_key_file(path).key_ids == {key.id}
    assert rekey(path, key, PASSPHRASE, cost=CHEAP).key != key
