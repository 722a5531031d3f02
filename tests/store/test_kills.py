"""kill -9 at random moments: the file opens, is whole, and holds all that was said to be kept.

Many more of the same run in `make soak` (ICHIDO_KILLS sets how many).
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from store_parts import (
    CHEAP,
    MIGRATIONS,
    MY_NUMBER,
    PASSPHRASE,
    ROOT,
    House,
    decrypted,
    filing,
    hidden,
    record,
)

from app.domain.errors import VaultFault
from app.domain.filing import Stage
from app.store.backup import backup_folder, backups_of, check_backup
from app.store.drafts import Drafts
from app.store.filings import Filings
from app.store.key import VaultKey
from app.store.key_file import create_key_file, read_key_file, unlock_with_passphrase
from app.store.migrate import migrations_in, version_of
from app.store.records import Records
from app.store.vault import Vault

pytestmark = [
    pytest.mark.kill,
    pytest.mark.skipif(os.name == "nt", reason="SIGKILL is of POSIX systems"),
]
KILLS = int(os.environ.get("ICHIDO_KILLS", "6"))
TIMES = pytest.mark.parametrize("seed", range(KILLS))


@contextmanager
def child(
    action: str, path: Path, key: VaultKey, migrations: Path = MIGRATIONS
) -> Iterator[subprocess.Popen[bytes]]:
    """The child at work; killed with SIGKILL in any case."""
    process = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("kill_child.py")), action, path, migrations],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert process.stdin is not None
    process.stdin.write(key.raw().hex().encode() + b"\n")
    process.stdin.flush()
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdin.close()
        if process.stdout is not None:
            process.stdout.close()


def said_until_killed(process: subprocess.Popen[bytes], lines: int, spin: float) -> list[list[str]]:
    """Reads some lines, then kills `spin` seconds later, and gives every line said before the end."""
    assert process.stdout is not None
    said = [process.stdout.readline() for _ in range(lines)]
    end = time.perf_counter() + spin
    while time.perf_counter() < end:  # a random moment, not a wait for something
        pass
    process.kill()
    said += process.stdout.readlines()
    assert all(line.endswith(b"\n") for line in said)
    return [line.decode().split() for line in said]


def checked(house: House, place: str = "local") -> Vault:
    """The vault opened again after the kill, whole."""
    vault = house.reopened(place=place)
    assert vault.integrity_check() == ()
    return vault


@TIMES
@pytest.mark.parametrize("place", ["local", "share"])
def test_while_typing(house: House, seed: int, place: str) -> None:
    house.vault.close(back_up=False)
    chance = random.Random(seed)
    with child(f"draft-{place}", house.path, house.key) as process:
        said = said_until_killed(process, chance.randint(4, 60), chance.random() * 0.02)
    draft = said[2][1]
    typed = [int(words[1]) for words in said if words[0] == "done"]
    # Also as a share what was local, and the other way: with the journal of the one still there.
    afterwards = place if seed % 2 else {"local": "share", "share": "local"}[place]
    answers = Drafts(checked(house, afterwards)).load(draft).answers
    last = {f"f{n % 40}": n for n in typed}
    # At most the one save that was under way may be there beyond what was said.
    beyond = [
        (field, answer["value"])
        for field, answer in answers.items()
        if answer["value"] != str(last.get(field))
    ]
    assert beyond in ([], [(f"f{(typed[-1] + 1) % 40}", str(typed[-1] + 1))])
    assert set(last) <= set(answers)


@TIMES
def test_while_sealing(house: House, seed: int) -> None:
    house.vault.close(back_up=False)
    chance = random.Random(seed)
    with child("seal", house.path, house.key) as process:
        said = said_until_killed(process, chance.randint(3, 15), chance.random() * 0.02)
    sealed = [words[1] for words in said if words[0] == "done"]
    filings = Filings(checked(house))
    kept = {row.id for row in filings.list()}
    assert set(sealed) <= kept
    assert len(kept) <= len(sealed) + 1
    for ident in kept:
        assert filings.verify_chain(ident)
    for n, ident in enumerate(sealed):
        assert filings.envelope(ident) == filing(n).envelope


@TIMES
@pytest.mark.parametrize("place", ["local", "share"])
def test_while_sending(house: House, seed: int, place: str) -> None:
    house.vault.close(back_up=False)
    chance = random.Random(seed)
    with child(f"send-{place}", house.path, house.key) as process:
        said = said_until_killed(process, chance.randint(3, 30), chance.random() * 0.02)
    order = [Stage.READY, Stage.SENDING, Stage.ACCEPTED, Stage.ENDED]
    last = {
        words[1]: Stage("ready" if words[0] == "sealed" else words[0])
        for words in said
        if len(words) == 2
    }
    filings = Filings(checked(house))
    rows = {row.id: row for row in filings.list()}
    assert set(last) <= set(rows)
    steps = 0
    for ident, row in rows.items():
        assert filings.verify_chain(ident)
        done = order.index(row.stage)
        steps += done + 1 - (order.index(last[ident]) + 1 if ident in last else 0)
        assert (row.receipt_number != "") == (done >= 2)
        assert (len(filings.listed_before(ident)) > 0) == (done >= 1)
        assert len(filings.events(ident)) == done + 1
    assert steps in (0, 1)  # at most the one step that was under way
    assert len(filings.list(Stage.SENDING, Stage.UNKNOWN)) <= 1


def _fill(house: House) -> str:
    records = Records(house.vault)
    records.append(record(f"a.b{n}", "あ" * 400) for n in range(600))
    head = records.head()
    house.vault.close(back_up=False)
    return head


@TIMES
def test_while_migrating(house: House, tmp_path: Path, seed: int) -> None:
    head = _fill(house)
    later = tmp_path / "later"
    shutil.copytree(MIGRATIONS, later)
    newest = len(migrations_in(MIGRATIONS))
    (later / f"{newest + 1:04}_more.sql").write_text(
        "CREATE TABLE more AS SELECT * FROM record_log;\n"
        "CREATE INDEX more_content ON more (content);\n"
        "ALTER TABLE drafts ADD COLUMN more TEXT;\n"
    )
    chance = random.Random(seed)
    with child("migrate", house.path, house.key, later) as process:
        said_until_killed(process, 1, chance.random() * 0.25)
    if seed % 2:  # the older program, where the migration has not happened
        try:
            vault = checked(house)
        except VaultFault as problem:
            if problem.code != "newer_file":
                raise
        else:
            assert Records(vault).verify_chain() == head
    vault = house.reopened(migrations=later)
    with vault.read() as connection:
        assert version_of(connection) == newest + 1
        assert connection.execute("SELECT count(*) FROM more").fetchone() == (600,)
    assert vault.integrity_check() == ()
    assert Records(vault).verify_chain() == head
    for row in backups_of(house.path):
        assert check_backup(row.path, house.key) == vault.id


@TIMES
def test_while_rekeying(house: House, seed: int) -> None:
    head = _fill(house)
    chance = random.Random(seed)
    with child("rekey", house.path, house.key) as process:
        said_until_killed(process, 1 + seed % 3, chance.random() * 0.1)
    house.key = unlock_with_passphrase(house.path, PASSPHRASE)
    vault = checked(house)
    assert vault.keys_fault is None
    assert Records(vault).verify_chain() == head
    assert read_key_file(house.path).key_ids == {house.key.id}
    left = {p.name for p in house.path.parent.glob("*") if ".part" in p.name}
    assert left == set()
    vault.close(back_up=False)
    assert unlock_with_passphrase(house.path, PASSPHRASE) == house.key


@TIMES
@pytest.mark.parametrize("way", ["apart", "apart-share"])
def test_while_numbers_are_kept_and_destroyed(house: House, seed: int, way: str) -> None:
    """What was said to be destroyed is gone from every page; what was sealed can still leave."""
    house.vault.close(back_up=False)
    chance = random.Random(seed)
    with child(way, house.path, house.key) as process:
        said = said_until_killed(process, 8 + seed * 5, chance.random() * 0.05)
    vault = checked(house)
    filings = Filings(vault)
    gone = {words[1] for words in said if words[0] == "destroyed"}
    sealed = [words[1:] for words in said if words[0] == "sealed"]
    assert sealed
    for ident, number in sealed:
        kept = filings.kept_apart(ident)
        assert kept is not None
        assert not (kept.kept and ident in gone)
        if int(number) % 2 == 0:
            assert filings.leaving(ident) == hidden(int(number)).apart
        assert filings.verify_chain(ident)
    with vault.read() as connection:
        kept_rows = connection.execute("SELECT filing_id, content FROM apart_contents").fetchall()
        with_keys = connection.execute("SELECT filing_id FROM apart_keys").fetchall()
    assert {i for i, _ in kept_rows} == {i for (i,) in with_keys}
    vault.close(back_up=False)
    assert MY_NUMBER.encode() not in decrypted(house.path, house.key)


@TIMES
def test_while_rekeying_a_vault_in_use(house: House, seed: int) -> None:
    _fill(house)
    chance = random.Random(seed)
    with child("live", house.path, house.key) as process:
        said = said_until_killed(process, 4 + seed % 5, chance.random() * 0.1)
    house.key = unlock_with_passphrase(house.path, PASSPHRASE)
    vault = checked(house)
    assert vault.keys_fault is None
    Records(vault).verify_chain()
    kept = {r.path for r in Records(vault).all()}
    assert kept >= {f"w.b{n}" for word, *rest in said if word == "wrote" for n in rest}
    assert read_key_file(house.path).key_ids == {house.key.id}
    assert {p.name for p in house.path.parent.glob("*") if ".part" in p.name} == set()


@TIMES
def test_while_restoring(house: House, seed: int) -> None:
    records = Records(house.vault)
    records.append(record(f"a.b{n}", "あ" * 400) for n in range(300))
    house.vault.back_up_if_due()
    backed_up = records.head()
    records.append([record("later", 1)])
    before = records.head()
    house.vault.close(back_up=False)
    chance = random.Random(seed)
    with child("restore", house.path, house.key) as process:
        said = said_until_killed(process, 1 + seed % 2, chance.random() * 0.1)
    head = Records(checked(house)).verify_chain()
    assert head in ((backed_up,) if ["done"] in said else (before, backed_up))
    aside = sorted(backup_folder(house.path).glob("*-replaced*.vault"))
    assert head == before or aside
    for path in aside:
        assert check_backup(path, house.key) == house.vault.id
    # What was there before the first restore is not lost.
    assert head == before or before in {_head_of(path, house.key) for path in aside}


def _head_of(path: Path, key: VaultKey) -> str:
    with Vault.open(path, key, migrations=MIGRATIONS, place="local") as vault:
        head = Records(vault).verify_chain()
        vault.close(back_up=False)
    return head


@TIMES
def test_while_changing_the_passphrase(house: House, seed: int) -> None:
    house.vault.close(back_up=False)
    chance = random.Random(seed)
    with child("passphrase", house.path, house.key) as process:
        said = said_until_killed(process, chance.randint(2, 20), chance.random() * 0.01)
    last = int(said[-1][1])
    opened = [n for n in (last, last + 1) if _opens_with(house.path, str(n))]
    assert len(opened) == 1
    assert read_key_file(house.path).is_signed_by(house.key)


def _opens_with(path: Path, text: str) -> bool:
    try:
        unlock_with_passphrase(path, text)
    except VaultFault:
        return False
    return True


@TIMES
def test_while_creating(house: House, seed: int) -> None:
    chance = random.Random(seed)
    with child("create", house.path, house.key) as process:
        said = said_until_killed(process, 1 + seed % 3, chance.random() * 0.06)
    done = [int(words[1]) for words in said if words[0] == "done"]
    made = sorted(house.path.parent.glob("new*.vault"))
    assert {f"new{n}.vault" for n in done} <= {path.name for path in made}
    for path in made:  # each one that has its name is whole
        key = unlock_with_passphrase(path, PASSPHRASE)
        with Vault.open(path, key, migrations=MIGRATIONS, place="local") as vault:
            assert vault.integrity_check() == ()
            vault.close(back_up=False)
    again = house.path.with_name(f"new{len(made)}.vault")  # the one that was cut short
    key, _ = create_key_file(again, PASSPHRASE, practice=True, cost=CHEAP)
    Vault.create(again, key, practice=True, migrations=MIGRATIONS, place="local").close()
