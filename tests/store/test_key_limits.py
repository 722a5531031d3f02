"""How many ways to open one key file holds, so that it can be read in the middle of a rekey too."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyrage
import pytest
from store_parts import CHEAP, PASSPHRASE

from app.domain.errors import VaultFault
from app.store.key import VaultKey
from app.store.key_changes import add_age_slot, add_keyring_slot, drop_slots, new_recovery_text
from app.store.key_file import create_key_file, parse_key_file, unlock_with_secret
from app.store.slots import MOST_SLOTS


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "x.vault"


def made(path: Path) -> VaultKey:
    return create_key_file(path, PASSPHRASE, practice=True, cost=CHEAP)[0]


def code(call: Any, *args: Any) -> str:
    with pytest.raises(VaultFault) as caught:
        call(*args)
    return caught.value.code


def test_ways_have_a_limit(path: Path) -> None:
    key = made(path)
    for _ in range(14):
        add_age_slot(path, key, str(pyrage.x25519.Identity.generate().to_public()))
    last = str(pyrage.x25519.Identity.generate().to_public())
    assert code(add_age_slot, path, key, last) == "keys_full"


def test_a_full_file_takes_no_further_way_of_any_kind(path: Path) -> None:
    """Else a rekey, which holds the slots of both keys, could be cut in a file nobody can read."""
    key = made(path)
    for _ in range(MOST_SLOTS - 2):
        add_age_slot(path, key, str(pyrage.x25519.Identity.generate().to_public()))
    assert code(add_keyring_slot, path, key) == "keys_full"
    drop_slots(path, key, "recovery")
    secret = add_keyring_slot(path, key)
    assert code(new_recovery_text, path, key) == "keys_full"
    assert unlock_with_secret(path, secret) == key
    assert add_keyring_slot(path, key) != secret, "in the place of the old one"


def test_the_slots_of_two_keys_are_read_and_not_one_more(path: Path) -> None:
    made(path)
    form = json.loads(path.with_suffix(".keys").read_bytes())
    slot = form["slots"][1]
    form["slots"] = [{**slot, "id": f"{n:016x}"} for n in range(2 * MOST_SLOTS)]
    assert len(parse_key_file(json.dumps(form).encode()).slots) == 2 * MOST_SLOTS
    for wrong in ([*form["slots"], slot], []):
        assert code(parse_key_file, json.dumps({**form, "slots": wrong}).encode()) == "keys_damaged"
