"""A new key: the old one, the old paper and the old keyring secret end; faults change nothing."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pyrage
import pytest
from store_parts import CHEAP, MIGRATIONS, PASSPHRASE, House, record

from app.domain.clock import Clock
from app.domain.errors import VaultFault
from app.store import rekey as rekey_module
from app.store.cipher import opens
from app.store.faults import fault
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
from app.store.slots import MOST_SLOTS
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


def test_a_full_key_file_cut_in_the_middle_still_opens(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the slots of both keys it is as large as one ever gets."""
    for _ in range(MOST_SLOTS - 2):
        add_age_slot(house.path, house.key, str(pyrage.x25519.Identity.generate().to_public()))
    house.vault.close(back_up=False)

    def cut(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(rekey_module, "encrypt_anew", cut)
    monkeypatch.setattr(rekey_module, "_take_back", lambda *_: None)
    with pytest.raises(KeyboardInterrupt):
        again(house)
    assert len(read_key_file(house.path).slots) == 2 * MOST_SLOTS
    assert unlock_with_passphrase(house.path, PASSPHRASE) == house.key


# the open vault


def test_an_open_vault_goes_on_under_its_new_key(house: House) -> None:
    vault, old = house.vault, house.key
    Records(vault).append([record()])
    done = vault.rekey(PASSPHRASE, cost=CHEAP)
    assert not opens(house.path, old)
    assert read_key_file(house.path).key_ids == {done.key.id}
    Records(vault).append([record("company.kana", "ミナト")], durable=True)
    assert len(Records(vault).all()) == 2
    assert vault.integrity_check() == ()
    copy = house.path.with_name("copy.vault")
    vault.back_up_to(copy)
    assert opens(copy, done.key)
    house.key = done.key
    assert len(Records(house.reopened()).all()) == 2


def test_threads_at_work_wait_and_lose_nothing(house: House) -> None:
    """Writers and readers with connections of their own, while the key changes three times."""
    vault = house.vault
    stop = threading.Event()
    written: list[list[str]] = [[] for _ in range(4)]
    faults: list[BaseException] = []

    def work(mine: list[str], number: int) -> None:
        records = Records(vault)
        try:
            while not stop.is_set():
                path = f"a{number}.b{len(mine)}"
                with vault.write() as connection:
                    records.append([record(path)])
                    assert connection.execute("SELECT 1").fetchone() == (1,)
                    assert len(records.all()) > len(mine)
                mine.append(path)
        except BaseException as problem:
            faults.append(problem)

    hands = [threading.Thread(target=work, args=(w, n)) for n, w in enumerate(written)]
    for hand in hands:
        hand.start()
    for _ in range(3):
        before = sum(map(len, written))
        house.key = vault.rekey(PASSPHRASE, cost=CHEAP).key
        end = time.monotonic() + 20
        while sum(map(len, written)) < before + 8 and not faults:
            assert time.monotonic() < end, "nobody went on"
            time.sleep(0.005)
    stop.set()
    for hand in hands:
        hand.join()
    assert faults == []
    kept = {r.path for r in Records(house.reopened()).all()}
    assert kept == {path for mine in written for path in mine}


def test_a_rekey_that_fails_leaves_the_vault_open_as_it_was(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = house.vault
    with pytest.raises(VaultFault, match="wrong_passphrase"):
        vault.rekey("ちがう", cost=CHEAP)

    def full(*_: object, **__: object) -> None:
        raise fault("disk_full")

    monkeypatch.setattr(rekey_module, "copy_to", full)
    with pytest.raises(VaultFault, match="disk_full"):
        vault.rekey(PASSPHRASE, cost=CHEAP)
    monkeypatch.undo()
    Records(vault).append([record()], durable=True)
    assert read_key_file(house.path).key_ids == {house.key.id}
    assert len(Records(house.reopened()).all()) == 1


@pytest.mark.parametrize("step", ["encrypt_anew", "write_key_file"])
def test_a_fault_after_the_file_has_its_new_key_does_not_lose_the_key(
    house: House, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    real = getattr(rekey_module, step)
    calls = 0

    def late(*given: object) -> None:
        nonlocal calls
        calls += 1
        if step == "encrypt_anew" or calls == 1:
            real(*given)
        if step == "encrypt_anew" or calls == 2:
            raise fault("disk_trouble")

    monkeypatch.setattr(rekey_module, step, late)
    done = house.vault.rekey(PASSPHRASE, cost=CHEAP)
    monkeypatch.undo()
    Records(house.vault).append([record()])
    assert unlock_with_passphrase(house.path, PASSPHRASE) == done.key
    house.key = done.key
    assert len(Records(house.reopened()).all()) == 1
    assert read_key_file(house.path).key_ids == {done.key.id}


def test_a_vault_in_use_is_not_rekeyed_and_stays_usable(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    with house.vault.read(), pytest.raises(RuntimeError):
        house.vault.rekey(PASSPHRASE, cost=CHEAP)
    monkeypatch.setattr("app.store.vault._CLOSE_SECONDS", 0.05)
    inside, leave = threading.Event(), threading.Event()

    def read() -> None:
        with house.vault.read():
            inside.set()
            leave.wait(20)
            with house.vault.read() as connection:  # inside already: not kept waiting
                connection.execute("SELECT 1")

    reader = threading.Thread(target=read)
    reader.start()
    inside.wait(20)
    with pytest.raises(VaultFault, match="busy"):
        house.vault.rekey(PASSPHRASE, cost=CHEAP)
    leave.set()
    reader.join()
    house.key = house.vault.rekey(PASSPHRASE, cost=CHEAP).key


def test_closing_waits_for_the_new_key(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the lock would be let go while the file is being replaced."""
    real = rekey_module.encrypt_anew
    begun = threading.Event()

    def slow(path: Path, old: VaultKey, new: VaultKey) -> None:
        begun.set()
        time.sleep(0.3)
        assert VaultKey(old.raw()) == old, "the key is not forgotten meanwhile"
        real(path, old, new)

    monkeypatch.setattr(rekey_module, "encrypt_anew", slow)
    monkeypatch.setattr("app.store.vault._CLOSE_SECONDS", 0.01)
    done: list[rekey_module.Rekeyed] = []
    hand = threading.Thread(target=lambda: done.append(house.vault.rekey(PASSPHRASE, cost=CHEAP)))
    hand.start()
    begun.wait(20)
    closing = threading.Thread(target=lambda: house.vault.close(back_up=False))
    closing.start()
    time.sleep(0.1)
    assert house.vault.is_open, "it is open until its lock is free"
    closing.join()
    assert not house.vault.is_open
    assert opens(house.path, unlock_with_passphrase(house.path, PASSPHRASE))
    hand.join()
    house.key = done[0].key
    house.reopened()
    house.vault.close(back_up=False)
    with pytest.raises(VaultFault, match="closed"):
        house.vault.rekey(PASSPHRASE, cost=CHEAP)
