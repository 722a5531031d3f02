"""Backups: one a day, encrypted, checked, and a way back that loses nothing."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from store_parts import CHEAP, MIGRATIONS, NOON, PASSPHRASE, House, record

from app.domain.clock import fixed_clock
from app.domain.errors import VaultFault
from app.store.backup import backup_folder, backups_of
from app.store.key import VaultKey
from app.store.key_changes import change_passphrase
from app.store.key_file import create_key_file, unlock_with_passphrase
from app.store.records import Records
from app.store.rekey import rekey
from app.store.restore import restore
from app.store.vault import Vault


def paths(vault: Vault) -> list[str]:
    return [r.path for r in Records(vault).all()]


def test_one_a_day_and_ten_are_kept(house: House) -> None:
    for day in range(13):
        for hour in (0, 5):
            house.vault.clock = fixed_clock(NOON + timedelta(days=day, hours=hour))
            made = house.vault.back_up_if_due()
            assert (made is None) == (hour == 5)
    rows = backups_of(house.path)
    assert len(rows) == 10
    assert rows[0].made_at == NOON + timedelta(days=12)
    assert rows[-1].made_at == NOON + timedelta(days=3)
    assert len(list(backup_folder(house.path).iterdir())) == 20
    since = house.vault.since_backup()
    assert since == timedelta(hours=5)


def test_closing_makes_the_days_backup(house: House) -> None:
    assert house.vault.since_backup() is None
    house.vault.close()
    (row,) = backups_of(house.path)
    key = unlock_with_passphrase(row.path, PASSPHRASE)
    assert key == house.key


def test_restore_after_damage(house: House) -> None:
    Records(house.vault).append([record("a", 1)])
    house.vault.close()
    (row,) = backups_of(house.path)
    damaged = bytearray(house.path.read_bytes())
    damaged[100] ^= 1
    house.path.write_bytes(damaged)
    aside = restore(house.path, row.path, house.key, present_key=house.key)
    assert aside.read_bytes() == damaged
    vault = house.reopened()
    assert paths(vault) == ["a"]
    assert vault.integrity_check() == ()


def test_restore_keeps_todays_passphrase(house: House) -> None:
    Records(house.vault).append([record("a", 1)])
    house.vault.close()
    (row,) = backups_of(house.path)
    change_passphrase(house.path, house.key, "今日の合言葉", cost=CHEAP)
    new = rekey(house.path, house.key, "今日の合言葉", cost=CHEAP, place="local").key
    old = unlock_with_passphrase(row.path, PASSPHRASE)
    assert old == house.key != new
    restore(house.path, row.path, old, present_key=new, place="local")
    house.key = unlock_with_passphrase(house.path, "今日の合言葉")
    assert house.key == new
    assert paths(house.reopened()) == ["a"]


def test_restore_where_everything_else_is_lost(house: House, tmp_path: Path) -> None:
    Records(house.vault).append([record("a", 1)])
    house.vault.close()
    (row,) = backups_of(house.path)
    target = tmp_path / "new" / "会社.vault"
    target.parent.mkdir()
    restore(target, row.path, unlock_with_passphrase(row.path, PASSPHRASE))
    key = unlock_with_passphrase(target, PASSPHRASE)
    with Vault.open(target, key, migrations=MIGRATIONS, place="local") as vault:
        assert paths(vault) == ["a"]
        assert vault.keys_fault is None
        assert vault.id == house.vault.id
        vault.close(back_up=False)


def refused(house: House, backup: Path, key: VaultKey, code: str) -> None:
    before = {f.name: f.read_bytes() for f in house.path.parent.glob("会社.*") if f.is_file()}
    with pytest.raises(VaultFault) as caught:
        restore(house.path, backup, key, present_key=house.key)
    assert caught.value.code == code
    for name, content in before.items():
        if not name.endswith(".lock"):
            assert (house.path.parent / name).read_bytes() == content


def test_bad_backups_are_refused_before_anything_is_touched(house: House, tmp_path: Path) -> None:
    Records(house.vault).append([record("a", 1)])
    house.vault.close()
    (row,) = backups_of(house.path)
    refused(house, tmp_path / "none.vault", house.key, "backup_missing")
    refused(house, row.path, VaultKey.generate(), "backup_damaged")
    content = bytearray(row.path.read_bytes())
    content[-50] ^= 1
    row.path.write_bytes(content)
    refused(house, row.path, house.key, "backup_damaged")
    other = tmp_path / "other.vault"
    key, _ = create_key_file(other, PASSPHRASE, practice=True, cost=CHEAP)
    Vault.create(other, key, practice=True, migrations=MIGRATIONS, place="local").close()
    refused(house, other, key, "backup_of_other_vault")
    assert paths(house.reopened()) == ["a"]


def test_open_vault_is_not_restored_over(house: House) -> None:
    house.vault.back_up_if_due()
    (row,) = backups_of(house.path)
    with pytest.raises(VaultFault, match="opened_twice"):
        restore(house.path, row.path, house.key, present_key=house.key, place="local")


def test_backup_to_a_chosen_place_while_others_write(house: House, tmp_path: Path) -> None:
    records = Records(house.vault)
    records.append(record(f"a.b{n}", n) for n in range(300))
    target = tmp_path / "usb" / "copy.vault"
    with pytest.raises(VaultFault, match="folder_missing"):
        house.vault.back_up_to(target)
    target.parent.mkdir()
    house.vault.back_up_to(target)
    assert sorted(p.name for p in target.parent.iterdir()) == ["copy.keys", "copy.vault"]
    with Vault.open(target, house.key, migrations=MIGRATIONS, place="local") as copy:
        assert len(paths(copy)) == 300
        copy.close(back_up=False)
