"""Local disk or share: how a place is told, and that one program at a time has a vault open."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from store_parts import CHEAP, MIGRATIONS, NOON, PASSPHRASE, ROOT, House, record

from app.domain.clock import Clock, fixed_clock
from app.domain.errors import VaultFault
from app.store.disk import place_of
from app.store.key_file import create_key_file
from app.store.lock import STALE_SECONDS, Owner, VaultLock, owner_from
from app.store.records import Records
from app.store.vault import Vault

MOUNTS = """\
proc /proc proc rw 0 0
/dev/vda1 / ext4 rw,relatime 0 0
server:/export /home/firm/nas nfs4 rw 0 0
//nas/share /mnt/x cifs rw 0 0
tmpfs /mnt/a\\040b tmpfs rw 0 0
portal /run/doc fuse.portal rw 0 0
/dev/vdb1 /data xfs rw 0 0
//nas/over /data cifs rw 0 0
"""
MAC = """\
/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)
/dev/disk3s5 on /System/Volumes/Data (apfs, local, journaled, nobrowse)
//a@nas/firm on /Volumes/firm (smbfs, nodev, nosuid, mounted by a)
"""


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/srv/ichido/x.vault", "local"),
        ("/home/firm/nas/x.vault", "share"),
        ("/home/firm/nassau/x.vault", "local"),
        ("/mnt/x/x.vault", "share"),
        ("/mnt/a b/x.vault", "local"),
        ("/run/doc/x.vault", "share"),
        ("/data/x.vault", "share"),
    ],
)
def test_place_by_the_table_of_mounts(path: str, place: str) -> None:
    assert place_of(Path(path), lambda: MOUNTS) == place


def test_place_that_nothing_tells_of_is_a_share() -> None:
    assert place_of(Path("/x/y"), lambda: "") == "share"
    assert place_of(Path("/x/y"), lambda: "nonsense\n\n/ /\n") == "share"


@pytest.mark.parametrize(
    ("path", "place"), [("/Users/a/x.vault", "local"), ("/Volumes/firm/x.vault", "share")]
)
def test_place_by_the_list_of_a_mac(path: str, place: str) -> None:
    assert place_of(Path(path), lambda: MAC) == place


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_place_of_this_machine() -> None:
    assert place_of(Path("/proc/version")) == "share"
    assert place_of(Path("/dev/shm/x.vault")) == "local"


def _journal(vault: Vault) -> tuple[str, int, str]:
    with vault.read() as connection:
        mode = connection.execute("PRAGMA journal_mode").fetchone()[0]
        sync = connection.execute("PRAGMA synchronous").fetchone()[0]
        locking = connection.execute("PRAGMA locking_mode").fetchone()[0]
    return mode, sync, locking


def test_local_is_wal_and_normal_and_durable_is_full(house: House) -> None:
    with house.vault.write() as connection:
        assert connection.execute("PRAGMA synchronous").fetchone()[0] == 1
    with house.vault.write(durable=True) as connection:
        assert connection.execute("PRAGMA synchronous").fetchone()[0] == 2
    assert _journal(house.vault)[0] == "wal"


def test_share_keeps_a_rollback_journal_and_one_connection(house: House) -> None:
    Records(house.vault).append([record()])
    vault = house.reopened(place="share")
    assert vault.mode == "share"
    with vault.write():
        pass
    assert _journal(vault) == ("truncate", 2, "exclusive")
    seen: list[object] = []

    def use() -> None:
        Records(vault).append([record(f"a.{threading.get_ident()}", 1)])
        with vault.read() as connection:
            seen.append(connection)

    threads = [threading.Thread(target=use) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(map(id, seen))) == 1
    assert len(Records(vault).all()) == 7
    assert not house.path.with_name(house.path.name + "-wal").exists()
    assert house.reopened(place="local").integrity_check() == ()
    assert len(Records(house.vault).all()) == 7


def test_owner_file_says_who_has_it_open(house: House) -> None:
    vault = house.reopened(place="share")
    owner = json.loads(house.path.with_suffix(".owner").read_bytes())
    assert set(owner) == {"user", "host", "since", "token"}
    assert owner["since"] == vault.clock().isoformat()
    vault.close(back_up=False)
    assert not house.path.with_suffix(".owner").exists()


def _foreign(path: Path, age: float) -> None:
    """An owner file as another machine left it, `age` seconds ago."""
    path.write_bytes(Owner("佐藤", "KEIRI-PC", "2026-07-03T09:12:00+09:00", "t0").to_bytes())
    stamp = path.stat().st_mtime - age
    os.utime(path, (stamp, stamp))


def test_open_elsewhere_is_named_until_it_is_stale(house: House) -> None:
    house.vault.close(back_up=False)
    owner = house.path.with_suffix(".owner")
    _foreign(owner, STALE_SECONDS - 30)
    with pytest.raises(VaultFault) as caught:
        Vault.open(house.path, house.key, migrations=MIGRATIONS, place="share")
    assert caught.value.code == "opened_twice"
    assert "佐藤さん(KEIRI-PC、2026-07-03 09:12から)" in caught.value.sentence
    assert owner_from(owner.read_bytes()) == Owner(
        "佐藤", "KEIRI-PC", "2026-07-03T09:12:00+09:00", "t0"
    )
    _foreign(owner, STALE_SECONDS + 30)
    vault = house.reopened(place="share")
    assert owner_from(owner.read_bytes()) != owner_from(b"")
    vault.close(back_up=False)
    assert sorted(p.name for p in house.path.parent.iterdir() if ".owner" in p.name) == []


def test_damaged_owner_file_is_stale_by_its_age(house: House) -> None:
    house.vault.close(back_up=False)
    owner = house.path.with_suffix(".owner")
    owner.write_bytes(b"\xff{")
    with pytest.raises(VaultFault, match="ほかの人かほかの画面が"):
        Vault.open(house.path, house.key, migrations=MIGRATIONS, place="share")
    os.utime(owner, (0, 0))
    house.reopened(place="share")


def test_taken_over_vault_is_not_written_any_more(house: House) -> None:
    vault = house.reopened(place="share")
    _foreign(house.path.with_suffix(".owner"), 0)
    vault._lock.beat()
    with pytest.raises(VaultFault, match="KEIRI-PC"):
        Records(vault).append([record()])
    vault.close(back_up=False)
    assert house.path.with_suffix(".owner").exists()


def test_the_heart_beats_by_itself(tmp_path: Path, clock: Clock) -> None:
    lock = VaultLock(tmp_path / "x.vault", "share", clock, beat=0.01)
    owner = tmp_path / "x.owner"
    os.utime(owner, (0, 0))
    beaten = threading.Event()
    while owner.stat().st_mtime == 0:
        assert not beaten.wait(0.01)
    lock.check()
    lock.release()
    lock.release()


def test_crash_on_this_machine_does_not_lock_the_owner_out(house: House) -> None:
    """After a kill on this very machine nobody waits five minutes."""
    house.vault.close(back_up=False)
    script = (
        "import os, sys; from pathlib import Path\n"
        "from app.store.key import VaultKey\n"
        "from app.store.vault import Vault\n"
        "key = VaultKey(bytes.fromhex(sys.stdin.readline()))\n"
        "Vault.open(Path(sys.argv[1]), key, migrations=Path(sys.argv[2]), place='share')\n"
        "os.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(house.path), str(MIGRATIONS)],
        input=house.key.raw().hex() + "\n",
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == -9
    assert house.path.with_suffix(".owner").exists()
    assert house.reopened(place="share").integrity_check() == ()


def test_second_open_on_a_share_is_refused_too(tmp_path: Path) -> None:
    path = tmp_path / "x.vault"
    key, _ = create_key_file(path, PASSPHRASE, practice=True, cost=CHEAP)
    clock = fixed_clock(NOON)
    new = {"practice": True, "migrations": MIGRATIONS, "clock": clock}
    with Vault.create(path, key, place="share", **new), pytest.raises(VaultFault) as caught:
        Vault.open(path, key, migrations=MIGRATIONS, place="share")
    assert caught.value.code == "opened_twice"
