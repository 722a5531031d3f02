"""個人番号 of a filing: apart under a key of their own, and gone for good when the procedure ends."""

from __future__ import annotations

import random
import shutil
import threading
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2
from store_parts import (
    CHEAP,
    MIGRATIONS,
    MY_NUMBER,
    NOON,
    PASSPHRASE,
    SENDING,
    House,
    decrypted,
    filing,
    found_in,
    hidden,
)

from app.domain.errors import VaultFault
from app.domain.filing import Stage
from app.store import apart
from app.store.backup import backup_folder, backups_of
from app.store.cipher import connect
from app.store.filings import Filings
from app.store.key import VaultKey
from app.store.migrate import migrations_in
from app.store.restore import restore
from app.store.rows import NewEvent
from app.store.vault import Vault

ENDS = {
    "解く": (Stage.WITHDRAWN,),
    "断られる": (Stage.SENDING, Stage.REJECTED),
    "終わる": (Stage.SENDING, Stage.ACCEPTED, Stage.ENDED),
    "取り下げる": (Stage.SENDING, Stage.UNKNOWN, Stage.ACCEPTED, Stage.WITHDRAWN),
}


def moved(filings: Filings, ident: str, *stages: Stage) -> None:
    for stage in stages:
        if stage is Stage.SENDING:
            filings.begin_sending(ident, [], SENDING)
        elif stage is Stage.ACCEPTED:
            event = NewEvent("accepted", "到達")
            filings.store_receipt(ident, f"R{ident}", receipt_at=NOON, event=event)
        else:
            filings.move(ident, stage, NewEvent(stage.value, stage.value))


def secrets_of(vault: Vault) -> dict[str, bytes]:
    """Everything with which a true envelope could be read: the wrapping key, each key and content."""
    with vault.read() as connection:
        wrapping = connection.execute("SELECT key FROM apart_wrapping").fetchone()
        found = {"wrapping": bytes(wrapping[0])} if wrapping else {}
        for ident, wrapped in connection.execute("SELECT * FROM apart_keys").fetchall():
            found[f"wrapped {ident}"] = bytes(wrapped)
            found[f"key {ident}"] = apart.aes_key_unwrap(found["wrapping"], bytes(wrapped))
        for ident, content in connection.execute("SELECT * FROM apart_contents").fetchall():
            found[f"content {ident}"] = bytes(content)[:64]
    return found


def left(path: Path, key: VaultKey, secrets: dict[str, bytes]) -> set[str]:
    """Which of them stand in the pages of a file and of its WAL."""
    files = [path, path.with_name(path.name + "-wal")]
    plain = b"".join(decrypted(f, key) for f in files if f.exists() and f.stat().st_size)
    assert MY_NUMBER.encode() not in plain
    return {name for name, raw in secrets.items() if raw in plain}


def test_the_true_bytes_leave_and_the_copy_stays(house: House) -> None:
    filings, new = Filings(house.vault), hidden()
    ident = filings.seal(new)
    assert filings.leaving(ident) == new.apart
    assert filings.envelope(ident) == new.envelope
    kept = filings.kept_apart(ident)
    assert kept is not None
    assert (kept.people, kept.kept) == (1, True)
    assert kept.digest == apart.digest_of(kept.salt, new.apart)
    assert kept.salt not in repr(kept)
    assert MY_NUMBER not in repr(new)
    events = filings.events(ident)
    assert [e.kind for e in events] == ["sealed", "numbers-kept"]
    assert events[0].data["apart"] == kept.digest
    assert filings.verify_chain(ident)
    plain = filings.seal(filing(1))
    assert filings.kept_apart(plain) is None
    assert filings.leaving(plain) == filings.envelope(plain)
    assert "apart" not in filings.events(plain)[0].data


@pytest.mark.parametrize("way", ENDS)
@pytest.mark.parametrize("place", ["local", "share"])
def test_the_key_goes_with_the_end_and_nothing_is_left_of_it(
    house: House, way: str, place: str
) -> None:
    vault = house.reopened(place=place)
    filings = Filings(vault)
    ident, other = filings.seal(hidden(0)), filings.seal(hidden(1, account="b"))
    *before, last = ENDS[way]
    moved(filings, ident, *before)
    assert filings.leaving(ident) == hidden(0).apart
    known = secrets_of(vault)
    if place == "local":
        assert left(house.path, house.key, known) >= {"wrapping", f"wrapped {ident}"}
    moved(filings, ident, last)
    wal = house.path.with_name(house.path.name + "-wal")
    assert not wal.exists() or wal.stat().st_size == 0
    stays = {f"content {other}"}
    assert left(house.path, house.key, known) == stays
    with pytest.raises(VaultFault, match="numbers_gone"):
        filings.leaving(ident)
    assert filings.leaving(other) == hidden(1).apart
    assert filings.envelope(ident) == hidden(0).envelope
    events = filings.events(ident)
    assert [e.kind for e in events][-1] == "numbers-destroyed"
    assert events[-1].title == "個人番号の鍵を捨てました"
    assert filings.verify_chain(ident)
    kept = filings.kept_apart(ident)
    assert kept is not None
    assert not kept.kept
    assert left(house.path, house.key, secrets_of(vault)) == {
        "wrapping", f"wrapped {other}", f"content {other}",
    }  # fmt: skip
    assert found_in(house.path.parent, MY_NUMBER) == []


def test_many_are_sealed_and_ended_in_any_order(house: House) -> None:
    """More than one page of keys: pages split, and no old wrapping key stays in any of them."""
    chance, filings = random.Random(7), Filings(house.vault)
    alive: dict[str, int] = {}
    gone: dict[str, bytes] = {}
    for number in range(140):
        alive[filings.seal(hidden(number, account=f"a{number}"))] = number
        if chance.random() < 0.4:
            ident = chance.choice(list(alive))
            known = secrets_of(house.vault)
            wrapping = {f"wrapping before {number}": known["wrapping"]}
            gone |= wrapping | {n: raw for n, raw in known.items() if n.endswith(ident)}
            moved(filings, ident, Stage.WITHDRAWN)
            del alive[ident]
    assert len(alive) > 60
    house.vault.close(back_up=False)
    found = {name for name in left(house.path, house.key, gone) if not name.startswith("wrapped")}
    assert found == set()
    filings = Filings(house.reopened())
    assert all(filings.leaving(i) == hidden(n).apart for i, n in alive.items())


def test_a_reader_in_the_way_only_puts_the_emptying_off(house: House) -> None:
    filings = Filings(house.vault)
    ident = filings.seal(hidden())
    known = secrets_of(house.vault)
    reading, done = threading.Event(), threading.Event()

    def read() -> None:
        with house.vault.read() as connection:
            connection.execute("SELECT count(*) FROM filings").fetchone()
            reading.set()
            done.wait(20)

    thread = threading.Thread(target=read)
    thread.start()
    reading.wait(20)
    moved(filings, ident, Stage.WITHDRAWN)
    wal = house.path.with_name(house.path.name + "-wal")
    assert wal.stat().st_size > 0
    done.set()
    thread.join()
    filings.seal(filing(5))
    assert wal.stat().st_size == 0
    assert left(house.path, house.key, known) == set()


def test_a_backup_holds_the_copy_and_no_key(house: House) -> None:
    filings = Filings(house.vault)
    ready, sent = filings.seal(hidden(0)), filings.seal(hidden(1, account="b"))
    moved(filings, sent, Stage.SENDING, Stage.ACCEPTED)
    known = secrets_of(house.vault)
    made = house.vault.back_up_if_due()
    assert made is not None
    assert left(made, house.key, known) == set()
    assert filings.leaving(ready) == hidden(0).apart  # the open one goes on
    house.vault.close(back_up=False)
    aside = restore(house.path, made, house.key, present_key=house.key, place="local")
    assert left(aside, house.key, known) == set()
    assert left(house.path, house.key, known) == set()
    filings = Filings(house.reopened())
    assert filings.tell_gone_numbers() == (ready,)
    assert filings.tell_gone_numbers() == ()
    assert filings.events(ready)[-1].title == "個人番号の鍵はありません"
    for ident, number in ((ready, 0), (sent, 1)):
        with pytest.raises(VaultFault, match="numbers_gone"):
            filings.leaving(ident)
        assert filings.envelope(ident) == hidden(number).envelope
        assert filings.verify_chain(ident)
    moved(filings, ready, Stage.WITHDRAWN)  # it can be unsealed and sealed once more
    again = filings.seal(hidden(2))
    assert filings.leaving(again) == hidden(2).apart
    assert found_in(house.path.parent, MY_NUMBER) == []


def test_a_damaged_file_is_put_aside_as_it_is(house: House) -> None:
    Filings(house.vault).seal(hidden())
    house.vault.close()
    (row,) = backups_of(house.path)
    damaged = bytearray(house.path.read_bytes())
    damaged[100] ^= 1
    house.path.write_bytes(damaged)
    aside = restore(house.path, row.path, house.key, present_key=house.key, place="local")
    assert aside.read_bytes() == damaged


def test_the_copy_before_a_migration_holds_no_key(house: House, tmp_path: Path) -> None:
    later = tmp_path / "later"
    shutil.copytree(MIGRATIONS, later)
    number = len(migrations_in(MIGRATIONS)) + 1
    (later / f"{number:04}_more.sql").write_text("CREATE TABLE more (a TEXT) STRICT;")
    ident = Filings(house.vault).seal(hidden())
    known = secrets_of(house.vault)
    vault = house.reopened(migrations=later)
    (copy,) = backups_of(house.path)
    assert left(copy.path, house.key, known) == set()
    assert Filings(vault).leaving(ident) == hidden().apart


def test_a_new_key_takes_them_along(house: House) -> None:
    ident = Filings(house.vault).seal(hidden())
    house.key = house.vault.rekey(PASSPHRASE, cost=CHEAP).key
    assert Filings(house.vault).leaving(ident) == hidden().apart
    assert Filings(house.reopened()).leaving(ident) == hidden().apart
    assert not backup_folder(house.path).exists()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE apart SET digest = '{0}'",
        "DELETE FROM apart",
        "UPDATE apart_contents SET content = zeroblob(99)",
    ],
)
def test_what_is_sealed_refuses_to_change(house: House, statement: str) -> None:
    Filings(house.vault).seal(hidden())
    with (
        pytest.raises(dbapi2.IntegrityError, match="kept apart"),
        house.vault.write() as connection,
    ):
        connection.execute(statement.format("0" * 64))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE apart_wrapping SET key = zeroblob(32)",
        "UPDATE apart_keys SET wrapped = zeroblob(40)",
        "DELETE FROM apart_contents; INSERT INTO apart_contents VALUES ('{0}', zeroblob(99))",
        "DROP TRIGGER apart_stays; UPDATE apart SET digest = '{1}'",
    ],
)
def test_what_was_altered_from_outside_is_never_sent(house: House, statement: str) -> None:
    ident = Filings(house.vault).seal(hidden())
    house.vault.close(back_up=False)
    connection = connect(house.path, house.key)
    connection.executescript(statement.format(ident, "0" * 64))
    connection.close()
    filings = Filings(house.reopened())
    with pytest.raises(VaultFault, match="filing_altered"):
        filings.leaving(ident)
    if "digest" in statement:
        with pytest.raises(VaultFault, match="filing_altered"):
            filings.verify_chain(ident)
