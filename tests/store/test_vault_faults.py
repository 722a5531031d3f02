"""Each fault a person can meet with a vault: its own sentence, and nothing lost."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2
from store_parts import CHEAP, MIGRATIONS, PASSPHRASE, House, record

from app.domain.clock import Clock
from app.domain.errors import VaultFault
from app.store.drafts import Drafts
from app.store.faults import SENTENCES
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


def test_every_sentence_is_plain() -> None:
    for sentence in SENTENCES.values():
        assert sentence.endswith("。")
        assert not any(word in sentence for word in ("エラー", "不正", "無効", "!", "！"))
        assert len([part for part in sentence.split("。") if part]) <= 3
    assert len(set(SENTENCES.values())) == len(SENTENCES)


def test_missing_file_and_missing_folder(house: House, tmp_path: Path) -> None:
    house.vault.close(back_up=False)
    gone = tmp_path / "no.vault"
    assert code(Vault.open, gone, house.key, migrations=MIGRATIONS) == "vault_missing"
    gone = tmp_path / "no" / "no.vault"
    assert code(Vault.open, gone, house.key, migrations=MIGRATIONS) == "folder_missing"
    create = {"practice": True, "migrations": MIGRATIONS}
    assert code(Vault.create, gone, house.key, **create) == "folder_missing"
    assert code(Vault.create, house.path, house.key, **create) == "vault_already_there"


def test_wrong_key_is_told_apart_from_damage(house: House) -> None:
    house.vault.close(back_up=False)
    assert opening(house, VaultKey.generate()) == "key_does_not_fit"
    content = bytearray(house.path.read_bytes())
    content[200] ^= 1
    house.path.write_bytes(content)
    assert opening(house) == "damaged"
    assert house.path.read_bytes() == content


def test_damage_further_on_is_found_and_nothing_is_written(house: House) -> None:
    Records(house.vault).append(record(f"a.b{n}", "あ" * 300) for n in range(200))
    house.vault.close(back_up=False)
    content = bytearray(house.path.read_bytes())
    last = len(content) // 4096
    for page in range(last - 5, last):
        content[page * 4096 + 100] ^= 1
    house.path.write_bytes(content)
    vault = house.reopened()
    assert vault.integrity_check()
    assert code(Records(vault).all) == "damaged"
    assert code(vault.back_up_to, house.path.with_name("copy.vault")) == "damaged"
    assert not list(house.path.parent.glob("copy*"))


def test_empty_foreign_and_plain_files(house: House, tmp_path: Path) -> None:
    house.vault.close(back_up=False)
    plain = tmp_path / "plain.db"
    connection = sqlite3.connect(plain)
    connection.execute("CREATE TABLE t (a)")
    connection.commit()
    connection.close()
    for content, expected in (
        (b"", "damaged"),
        (b"short", "damaged"),
        (plain.read_bytes(), "not_ours"),
        (os.urandom(8192), "damaged"),
    ):
        house.path.write_bytes(content)
        assert opening(house) == expected
        assert house.path.read_bytes() == content


def test_newer_file_is_refused_untouched(house: House) -> None:
    with house.vault.write() as connection:
        connection.execute("PRAGMA user_version = 99")
    house.vault.close(back_up=False)
    before = house.path.read_bytes()
    assert opening(house) == "newer_file"
    assert house.path.read_bytes() == before


def test_encrypted_file_of_another_program(house: House) -> None:
    with house.vault.write() as connection:
        connection.execute("PRAGMA application_id = 1")
    house.vault.close(back_up=False)
    assert opening(house) == "not_ours"


def test_opened_twice_by_one_and_by_two_programs(house: House) -> None:
    with pytest.raises(VaultFault, match="このパソコンの別の画面") as caught:
        Vault.open(house.path, house.key, migrations=MIGRATIONS, place="local")
    assert caught.value.code == "opened_twice"
    script = (
        "import sys; from pathlib import Path\n"
        "from app.domain.errors import VaultFault\n"
        "from app.store.key import VaultKey\n"
        "from app.store.vault import Vault\n"
        "key = VaultKey(bytes.fromhex(sys.stdin.readline()))\n"
        "try: Vault.open(Path(sys.argv[1]), key, migrations=Path(sys.argv[2]), place='local')\n"
        "except VaultFault as fault: print(fault.code)\n"
        "else: print('opened')\n"
    )
    command = [sys.executable, "-c", script, str(house.path), str(MIGRATIONS)]

    def from_outside() -> str:
        done = subprocess.run(
            command,
            input=house.key.raw().hex() + "\n",
            capture_output=True,
            text=True,
            check=True,
            cwd=MIGRATIONS.parents[1],
        )
        return done.stdout.strip()

    assert from_outside() == "opened_twice"
    Records(house.vault).append([record()])
    house.vault.close(back_up=False)
    assert from_outside() == "opened"
    assert len(Records(house.reopened()).all()) == 1


def test_closed_vault_says_so(house: House) -> None:
    house.vault.close(back_up=False)
    house.vault.close()
    assert code(Records(house.vault).all) == "closed"
    assert code(Records(house.vault).append, [record()]) == "closed"


def test_deleted_folder_does_not_swallow_what_is_written(tmp_path: Path, clock: Clock) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    path = folder / "x.vault"
    key, _ = create_key_file(path, PASSPHRASE, practice=True, cost=CHEAP)
    with Vault.create(
        path, key, practice=True, migrations=MIGRATIONS, clock=clock, place="local"
    ) as vault:
        draft = Drafts(vault).create("p", "1")
        shutil.move(folder, tmp_path / "moved")
        assert code(Drafts(vault).save, draft, {"a": {"value": "x"}}) == "vault_gone"
        shutil.move(tmp_path / "moved", folder)
        Drafts(vault).save(draft, {"a": {"value": "x"}})
    with Vault.open(path, key, migrations=MIGRATIONS, clock=clock, place="local") as vault:
        assert Drafts(vault).load(draft).answers == {"a": {"value": "x"}}


def test_folder_deleted_in_the_middle_of_a_write(house: House) -> None:
    records = Records(house.vault)
    records.append([record("a", 1)])

    def write() -> None:
        with house.vault.write() as connection:
            records.append([record("b", 2)])
            connection.execute("SELECT 1")
            house.path.rename(house.path.with_suffix(".elsewhere"))

    assert code(write) == "vault_gone"
    house.path.with_suffix(".elsewhere").rename(house.path)
    assert [r.path for r in Records(house.reopened()).all()] == ["a"]


def test_practice_and_real_never_change(house: House, tmp_path: Path) -> None:
    statements = (
        "UPDATE vault_mark SET mode = 'real'",
        "DELETE FROM vault_mark",
        "INSERT OR REPLACE INTO vault_mark VALUES (1, 'x', 'real', 'now')",
        "UPDATE OR REPLACE signing_key SET seed = zeroblob(32)",
        "DELETE FROM signing_key",
        "INSERT OR REPLACE INTO signing_key VALUES (1, zeroblob(32), zeroblob(32))",
    )
    for statement in statements:
        with pytest.raises(dbapi2.IntegrityError), house.vault.write() as connection:
            connection.execute(statement)
    assert house.reopened().practice
    path = tmp_path / "real.vault"
    key, _ = create_key_file(path, PASSPHRASE, practice=False, cost=CHEAP)
    more = {"migrations": MIGRATIONS, "place": "local"}
    assert code(Vault.create, path, key, practice=True, **more) == "mode_differs"
    vault = Vault.create(path, key, practice=False, migrations=MIGRATIONS, place="local")
    assert vault.practice is False
    vault.close(back_up=False)


def test_signing_key_stays_the_same(house: House) -> None:
    public = house.vault.public_key
    signature = house.vault.signing_key.sign(b"proof")
    vault = house.reopened()
    assert vault.public_key == public
    vault.signing_key.public_key().verify(signature, b"proof")


def test_many_threads_write_and_read(house: House) -> None:
    drafts = Drafts(house.vault)
    ids = [drafts.create("p", "1", str(n)) for n in range(8)]
    problems: list[BaseException] = []

    def type_into(draft: str) -> None:
        try:
            for n in range(25):
                drafts.save(draft, {f"f{n}": {"value": str(n)}})
                assert drafts.load(draft).answers[f"f{n}"] == {"value": str(n)}
        except BaseException as problem:
            problems.append(problem)

    threads = [threading.Thread(target=type_into, args=(draft,)) for draft in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert all(len(drafts.load(draft).answers) == 25 for draft in ids)


def test_a_write_inside_a_write_is_part_of_it(house: House) -> None:
    records = Records(house.vault)

    def cut_short() -> None:
        with house.vault.write():
            records.append([record("a", 1)])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        cut_short()
    assert records.all() == []
    with house.vault.write(durable=True):
        records.append([record("a", 1)])
        with pytest.raises(VaultFault):
            records.erase("0" * 64, "none")
        records.append([record("b", 2)])
    assert [r.path for r in records.all()] == ["a", "b"]


def test_durable_inside_a_plain_write_is_a_bug(house: House) -> None:
    with pytest.raises(RuntimeError), house.vault.write(), house.vault.write(durable=True):
        pass
    with pytest.raises(RuntimeError), house.vault.read(), house.vault.write():
        pass
    Records(house.vault).append([record()])


def test_close_waits_for_what_is_being_written(house: House) -> None:
    inside, go = threading.Event(), threading.Event()

    def slow() -> None:
        with house.vault.write():
            Records(house.vault).append([record()])
            inside.set()
            assert go.wait(10)

    writer = threading.Thread(target=slow)
    writer.start()
    assert inside.wait(10)
    closer = threading.Thread(target=house.vault.close, kwargs={"back_up": False})
    closer.start()
    go.set()
    writer.join()
    closer.join()
    assert len(Records(house.reopened()).all()) == 1
