"""Full disks, read-only disks and folders, missing permission: said plainly, and nothing lost."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from store_parts import CHEAP, MIGRATIONS, PASSPHRASE, House, filing, record

from app.domain.clock import Clock
from app.domain.errors import VaultFault
from app.store.drafts import Drafts
from app.store.filings import Filings
from app.store.key import VaultKey
from app.store.key_file import create_key_file
from app.store.records import Records
from app.store.vault import Vault


def code(call: Callable[..., object], *args: object, **more: object) -> str:
    with pytest.raises(VaultFault) as caught:
        call(*args, **more)
    return caught.value.code


def opening(house: House, key: VaultKey | None = None) -> str:
    return code(Vault.open, house.path, key or house.key, migrations=MIGRATIONS, place="local")


def _vault_on(disk: Path, clock: Clock) -> tuple[Vault, VaultKey]:
    path = disk / "x.vault"
    key, _ = create_key_file(path, PASSPHRASE, practice=True, cost=CHEAP)
    vault = Vault.create(
        path, key, practice=True, migrations=MIGRATIONS, clock=clock, place="local"
    )
    return vault, key


def _fill(disk: Path, leave: int = 0) -> Path:
    filler = disk / "filler"
    with open(filler, "wb", buffering=0) as file:
        while (free := shutil.disk_usage(disk).free) > leave:
            try:
                file.write(b"\0" * min(free - leave, 65536))
            except OSError:
                break
    return filler


def test_full_disk(small_disk: Callable[[str], Path], clock: Clock) -> None:
    """A real disk of two megabytes: typing, sealing, backing up, rewrapping on it when full."""
    disk = small_disk("2m")
    vault, key = _vault_on(disk, clock)
    drafts, filings = Drafts(vault), Filings(vault)
    draft = drafts.create("p", "1")
    drafts.save(draft, {"kept": {"value": "前に書いたもの"}})
    filler = _fill(disk)
    saved: dict[str, dict[str, str]] = {"kept": {"value": "前に書いたもの"}}
    faults: list[str] = []
    for number in range(400):
        new = {f"f{number}": {"value": "あ" * 500}}
        try:
            drafts.save(draft, new)
            saved |= new
        except VaultFault as problem:
            faults.append(problem.code)
    assert faults
    assert set(faults) == {"disk_full"}
    assert code(filings.seal, filing()) == "disk_full"
    assert code(vault.back_up_if_due) == "disk_full"
    assert dict(drafts.load(draft).answers) == saved
    assert vault.integrity_check() == ()
    vault.close()
    assert vault.backup_fault is not None
    filler.unlink()
    with Vault.open(
        disk / "x.vault", key, migrations=MIGRATIONS, clock=clock, place="local"
    ) as vault:
        assert dict(Drafts(vault).load(draft).answers) == saved
        assert Filings(vault).list() == []
        assert vault.integrity_check() == ()
        Drafts(vault).save(draft, {"after": {"value": "空きができた"}})


def test_full_disk_at_creation_and_at_opening(
    small_disk: Callable[[str], Path], clock: Clock
) -> None:
    disk = small_disk("2m")
    vault, key = _vault_on(disk, clock)
    vault.close(back_up=False)
    filler = _fill(disk)
    new = {"practice": True, "migrations": MIGRATIONS, "place": "local"}
    assert code(create_key_file, disk / "y.vault", "p", practice=True, cost=CHEAP) == "disk_full"
    assert code(Vault.create, disk / "y.vault", VaultKey.generate(), **new) == "disk_full"
    assert not list(disk.glob("y.vault*"))
    opened = code(Vault.open, disk / "x.vault", key, migrations=MIGRATIONS, place="local")
    assert opened == "disk_full"
    filler.unlink()
    with Vault.open(disk / "x.vault", key, migrations=MIGRATIONS, place="local") as vault:
        assert vault.integrity_check() == ()


def test_full_by_page_count(house: House) -> None:
    """SQLite's own "full", where no small disk can be mounted."""
    records = Records(house.vault)
    records.append([record()])
    with house.vault.read() as connection:
        connection.execute("PRAGMA max_page_count = 1")  # never below what is there
    many = [record(f"a.b{n}", "あ" * 1000) for n in range(500)]
    assert code(records.append, many) == "disk_full"
    assert len(records.all()) == 1
    assert len(Records(house.reopened()).all()) == 1


def test_read_only_disk(small_disk: Callable[[str], Path], clock: Clock) -> None:
    disk = small_disk("4m")
    vault, key = _vault_on(disk, clock)
    vault.close(back_up=False)
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    before = (disk / "x.vault").read_bytes()
    new = {"practice": True, "migrations": MIGRATIONS, "place": "local"}
    opened = code(Vault.open, disk / "x.vault", key, migrations=MIGRATIONS, place="local")
    assert opened == "read_only"
    assert code(Vault.create, disk / "y.vault", key, **new) == "read_only"
    assert code(create_key_file, disk / "y.vault", "p", practice=True, cost=CHEAP) == "read_only"
    subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
    assert (disk / "x.vault").read_bytes() == before


def test_read_only_folder(house: House) -> None:
    house.vault.close(back_up=False)
    folder = house.path.parent
    folder.chmod(0o500)
    try:
        if os.access(folder, os.W_OK):
            pytest.skip("this user may write everywhere; see the read-only disk")
        assert opening(house) == "read_only"
        new = {"practice": True, "migrations": MIGRATIONS, "place": "local"}
        assert code(Vault.create, folder / "y.vault", house.key, **new) == "read_only"
        at = folder / "y.vault"
        assert code(create_key_file, at, "p", practice=True, cost=CHEAP) == "read_only"
    finally:
        folder.chmod(0o700)
    assert house.reopened().integrity_check() == ()


def test_file_without_permission(house: House) -> None:
    house.vault.close(back_up=False)
    house.path.chmod(0o000)
    if os.access(house.path, os.R_OK):
        pytest.skip("this user may read everything")
    assert opening(house) == "no_permission"
    house.path.chmod(0o400)
    assert opening(house) == "read_only"
    house.path.chmod(0o600)
    assert house.reopened().integrity_check() == ()


def test_disk_turned_read_only_while_open(small_disk: Callable[[str], Path], clock: Clock) -> None:
    disk = small_disk("4m")
    vault, _ = _vault_on(disk, clock)
    Records(vault).append([record()])
    with vault.write() as connection:
        connection.execute("PRAGMA query_only = ON")
    assert code(Records(vault).append, [record("b", 1)]) == "read_only"
    with vault.read() as connection:
        connection.execute("PRAGMA query_only = OFF")
    assert len(Records(vault).all()) == 1
    vault.close(back_up=False)
