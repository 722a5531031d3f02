"""The key file: each way to open, what a stranger may do to it, and that it is never half there."""

from __future__ import annotations

import copy
import json
import os
from pathlib import Path
from typing import Any

import pyrage
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_parts import CHEAP, PASSPHRASE, House

from app.domain.errors import VaultFault
from app.store import key_file
from app.store.key import VaultKey
from app.store.key_changes import (
    add_age_slot,
    add_keyring_slot,
    change_passphrase,
    drop_slots,
    new_recovery_text,
)
from app.store.key_file import (
    create_key_file,
    parse_key_file,
    read_key_file,
    unlock_with_identity,
    unlock_with_passphrase,
    unlock_with_recovery,
    unlock_with_secret,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "x.vault"


def made(path: Path) -> tuple[VaultKey, str]:
    return create_key_file(path, PASSPHRASE, practice=True, cost=CHEAP)


def edit(path: Path, change: Any) -> None:
    """Changes the parsed JSON of the key file, and the spare with it, as a stranger would."""
    form = json.loads(path.with_suffix(".keys").read_bytes())
    change(form)
    for name in (".keys", ".keys.bak"):
        path.with_suffix(name).write_text(json.dumps(form))


def code(call: Any, *args: Any, **more: Any) -> str:
    with pytest.raises(VaultFault) as caught:
        call(*args, **more)
    assert PASSPHRASE not in str(caught.value)
    return caught.value.code


def test_passphrase_and_recovery_open(path: Path) -> None:
    key, text = made(path)
    assert unlock_with_passphrase(path, PASSPHRASE) == key
    assert unlock_with_passphrase(path.with_suffix(".keys"), PASSPHRASE) == key
    assert unlock_with_recovery(path, text) == key
    assert code(unlock_with_passphrase, path, "ちがう合言葉") == "wrong_passphrase"
    assert code(unlock_with_passphrase, path, "") == "empty_passphrase"
    assert code(unlock_with_passphrase, path, "あ" * 1025) == "long_passphrase"


def test_default_cost_is_that_of_the_design(path: Path) -> None:
    create_key_file(path, PASSPHRASE, practice=True)
    (slot,) = read_key_file(path).of_kind("passphrase")
    assert slot.cost is not None
    assert (slot.cost.memory_kib, slot.cost.passes, slot.cost.lanes) == (65536, 3, 4)


def test_composed_and_decomposed_passphrases_are_one(path: Path) -> None:
    key, _ = create_key_file(path, "か\u3099んこ", practice=True, cost=CHEAP)
    assert unlock_with_passphrase(path, "がんこ") == key


def test_changed_passphrase_leaves_no_way_for_the_old_one(path: Path) -> None:
    key, _ = made(path)
    change_passphrase(path, key, "新しい合言葉", cost=CHEAP)
    assert unlock_with_passphrase(path, "新しい合言葉") == key
    assert code(unlock_with_passphrase, path, PASSPHRASE) == "wrong_passphrase"
    path.with_suffix(".keys").unlink()
    assert code(unlock_with_passphrase, path, PASSPHRASE) == "wrong_passphrase"


def test_keyring_secret_opens_until_dropped(path: Path) -> None:
    key, _ = made(path)
    assert code(unlock_with_secret, path, b"\0" * 32) == "no_such_slot"
    secret = add_keyring_slot(path, key)
    assert len(secret) == 32
    assert unlock_with_secret(path, secret) == key
    assert code(unlock_with_secret, path, b"\0" * 32) == "wrong_secret"
    assert code(unlock_with_secret, path, b"short") == "wrong_secret"
    drop_slots(path, key, "keyring")
    assert code(unlock_with_secret, path, secret) == "no_such_slot"
    assert code(drop_slots, path, key, "keyring") == "no_such_slot"
    assert code(drop_slots, path, key, "passphrase") == "last_slot"


def test_age_identity_opens(path: Path) -> None:
    key, _ = made(path)
    identity, other = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    add_age_slot(path, key, str(identity.to_public()))
    assert unlock_with_identity(path, str(identity)) == key
    assert code(unlock_with_identity, path, str(other)) == "wrong_identity"
    assert code(unlock_with_identity, path, "AGE-SECRET-KEY-1") == "wrong_identity"
    assert code(add_age_slot, path, key, "age1wrong") == "bad_recipient"
    add_age_slot(path, key, str(other.to_public()))
    drop_slots(path, key, "age", str(identity.to_public()))
    assert code(unlock_with_identity, path, str(identity)) == "wrong_identity"
    assert unlock_with_identity(path, str(other)) == key


def test_only_the_vaults_key_may_change_the_ways(path: Path) -> None:
    made(path)
    stranger = VaultKey.generate()
    assert code(change_passphrase, path, stranger, "新しい", cost=CHEAP) == "keys_altered"
    assert code(new_recovery_text, path, stranger) == "keys_altered"


def test_another_companys_paper_is_refused(path: Path, tmp_path: Path) -> None:
    made(path)
    _, text = made(tmp_path / "other.vault")
    assert code(unlock_with_recovery, path, text) == "recovery_of_other_vault"


def test_recovery_opens_without_a_key_file(house: House) -> None:
    house.vault.close(back_up=False)
    for name in (".keys", ".keys.bak"):
        house.path.with_suffix(name).unlink()
    assert code(unlock_with_passphrase, house.path, PASSPHRASE) == "keys_missing"
    key = unlock_with_recovery(house.path, house.recovery)
    vault = house.reopened()
    assert vault.keys_fault is not None
    assert vault.keys_fault.code == "keys_missing"
    text = key_file.rebuild_key_file(
        house.path, key, "新しい", vault_id=vault.id, practice=vault.practice, cost=CHEAP
    )
    assert text == house.recovery
    assert house.reopened().keys_fault is None
    assert unlock_with_passphrase(house.path, "新しい") == key


@pytest.mark.parametrize("name", [".keys", ".keys.bak"])
@pytest.mark.parametrize("damage", [b"", b"{", b"\xff" * 200, b"[" * 60000, b"0" * 70000])
def test_one_of_two_copies_is_enough(path: Path, name: str, damage: bytes) -> None:
    key, _ = made(path)
    path.with_suffix(name).write_bytes(damage)
    assert unlock_with_passphrase(path, PASSPHRASE) == key
    for both in (".keys", ".keys.bak"):
        path.with_suffix(both).write_bytes(damage)
    assert code(unlock_with_passphrase, path, PASSPHRASE) == "keys_damaged"


@pytest.mark.parametrize("name", [".keys", ".keys.bak"])
def test_opening_heals_the_other_copy(house: House, name: str) -> None:
    """Also where a change of passphrase was cut between the two copies."""
    old = house.path.with_suffix(".keys.bak").read_bytes()
    change_passphrase(house.path, house.key, "新しい", cost=CHEAP)
    new = house.path.with_suffix(".keys").read_bytes()
    house.path.with_suffix(name).write_bytes(old if name == ".keys.bak" else b"damaged")
    assert house.reopened().keys_fault is None
    for both in (".keys", ".keys.bak"):
        assert house.path.with_suffix(both).read_bytes() == new


def test_slots_cannot_be_swapped_between_vaults(path: Path, tmp_path: Path) -> None:
    """A stranger who knows his own passphrase puts his slot into another's key file."""
    made(path)
    other = tmp_path / "other.vault"
    made(other)
    foreign = json.loads(other.with_suffix(".keys").read_bytes())
    edit(path, lambda form: form["slots"].__setitem__(0, foreign["slots"][0]))
    assert code(unlock_with_passphrase, path, PASSPHRASE) == "wrong_passphrase"


@pytest.mark.parametrize(
    "change",
    [
        lambda form: form.update(generation=9),
        lambda form: form["slots"].pop(),
        lambda form: form["macs"].clear(),
        lambda form: form["slots"].append({**form["slots"][1], "id": "ffff"}),
    ],
)
def test_a_changed_file_is_noticed_at_unlock(path: Path, change: Any) -> None:
    made(path)
    edit(path, change)
    assert code(unlock_with_passphrase, path, PASSPHRASE) == "keys_altered"


@pytest.mark.parametrize(
    "change",
    [
        lambda form: form.update(mode="real"),
        lambda form: form.update(vault_id="0" * 32),
        lambda form: form["slots"][0]["kdf"].update(passes=2),
        lambda form: form["slots"][0].update(made_at="2020"),
    ],
)
def test_what_a_slot_is_bound_to_cannot_change(path: Path, change: Any) -> None:
    made(path)
    edit(path, change)
    assert code(unlock_with_passphrase, path, PASSPHRASE) == "wrong_passphrase"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("memory_kib", 4 * 1024 * 1024),
        ("memory_kib", 10**30),
        ("memory_kib", 0),
        ("passes", 1000),
        ("lanes", 64),
        ("lanes", 0),
    ],
)
def test_a_hostile_file_cannot_eat_memory(path: Path, field: str, value: int) -> None:
    made(path)
    edit(path, lambda form: form["slots"][0]["kdf"].update({field: value}))
    assert code(unlock_with_passphrase, path, PASSPHRASE) == "keys_costly"


def test_a_newer_file_is_refused_and_kept(path: Path) -> None:
    made(path)
    edit(path, lambda form: form.update(version=2))
    before = path.with_suffix(".keys").read_bytes()
    assert code(unlock_with_passphrase, path, PASSPHRASE) == "keys_newer"
    assert path.with_suffix(".keys").read_bytes() == before


@pytest.mark.parametrize("fails_at", range(4))
def test_a_fault_while_writing_leaves_a_whole_file(
    path: Path, monkeypatch: pytest.MonkeyPatch, fails_at: int
) -> None:
    key, _ = made(path)
    calls = 0
    real = os.fsync

    def full(handle: int) -> None:
        nonlocal calls
        calls += 1
        if calls == fails_at + 1:
            raise OSError(28, "No space left on device")
        real(handle)

    monkeypatch.setattr(os, "fsync", full)
    if fails_at % 2:  # the folder's turn: some shares refuse it, and the file is safe already
        change_passphrase(path, key, "新しい", cost=CHEAP)
    else:
        assert code(change_passphrase, path, key, "新しい", cost=CHEAP) == "disk_full"
    assert calls > fails_at
    monkeypatch.undo()
    opened = [text for text in (PASSPHRASE, "新しい") if _opens(path, text)]
    assert len(opened) == 1
    assert not list(path.parent.glob("*.new"))


def _opens(path: Path, text: str) -> bool:
    try:
        unlock_with_passphrase(path, text)
    except VaultFault:
        return False
    return True


def test_a_leftover_of_a_cut_creation_is_renamed_not_lost(path: Path) -> None:
    made(path)
    before = path.with_suffix(".keys").read_bytes()
    key, _ = made(path)
    assert unlock_with_passphrase(path, PASSPHRASE) == key
    kept = [file for file in path.parent.glob("x.keys.*") if file.read_bytes() == before]
    assert kept


def test_keys_hide_themselves() -> None:
    key = VaultKey(b"k" * 32)
    assert "6b6b" not in repr(key) + str(key) + f"{key}"
    assert "kkk" not in repr(key)
    with pytest.raises(TypeError, match="not pickled"):
        copy.copy(key)
    key.forget()
    with pytest.raises(ValueError, match="forgotten"):
        key.raw()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=12,
)
QUICK = settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A key file with a slot of every kind, parsed."""
    path = tmp_path_factory.mktemp("keys") / "x.vault"
    key, _ = made(path)
    add_keyring_slot(path, key)
    add_age_slot(path, key, str(pyrage.x25519.Identity.generate().to_public()))
    form: dict[str, Any] = json.loads(path.with_suffix(".keys").read_bytes())
    return form


def _places(form: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = form.items() if isinstance(form, dict) else enumerate(form)
    found = [here] if here else []
    for name, value in inner:
        deeper = isinstance(value, dict | list)
        found += _places(value, (*here, name)) if deeper else [(*here, name)]
    return found


@QUICK
@given(data=st.data())
def test_mutated_key_files_are_answered_with_a_sentence(good: dict[str, Any], data: Any) -> None:
    form = copy.deepcopy(good)
    for _ in range(data.draw(st.integers(1, 3))):
        *way, last = data.draw(st.sampled_from(_places(good)))
        holder: Any = form
        try:
            for step in way:
                holder = holder[step]
            if data.draw(st.booleans()):
                holder[last] = data.draw(JSON)
            else:
                del holder[last]
        except (KeyError, IndexError, TypeError):
            continue  # an earlier change took the place away
    _parses_or_faults(json.dumps(form).encode())


@QUICK
@given(data=st.data())
def test_unlocking_a_mutated_file_never_gives_a_wrong_key(
    tmp_path: Path, good: dict[str, Any], data: Any
) -> None:
    form = copy.deepcopy(good)
    slot = data.draw(st.sampled_from(form["slots"][:3]))
    name = data.draw(st.sampled_from(sorted(slot)))
    slot[name] = data.draw(st.sampled_from([*good, "kdf", slot[name]]) | JSON)
    file = tmp_path / "x.keys"
    file.write_text(json.dumps(form))
    for unlock, proof in (
        (unlock_with_passphrase, PASSPHRASE),
        (unlock_with_secret, bytes(32)),
        (unlock_with_identity, "AGE-SECRET-KEY-1"),
        (unlock_with_recovery, "A" * 70),
    ):
        try:
            key = unlock(file, proof)
        except VaultFault:
            continue
        assert read_key_file(file).is_signed_by(key)


@QUICK
@given(st.binary(max_size=400))
def test_any_bytes_are_answered_with_a_sentence(content: bytes) -> None:
    _parses_or_faults(content)


@QUICK
@given(data=st.data())
def test_cut_and_flipped_files_are_answered_with_a_sentence(
    good: dict[str, Any], data: Any
) -> None:
    content = bytearray(json.dumps(good).encode())
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] ^= data.draw(st.integers(1, 255))
    end = data.draw(st.integers(0, len(content)))
    _parses_or_faults(bytes(content[:end] if data.draw(st.booleans()) else content))


def _parses_or_faults(content: bytes) -> None:
    foreseen = ("keys_damaged", "keys_newer", "keys_costly")
    try:
        keys = parse_key_file(content)
    except VaultFault as problem:
        if problem.code not in foreseen:
            raise
        return
    assert parse_key_file(keys.to_bytes()) == keys
