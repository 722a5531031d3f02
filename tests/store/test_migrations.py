"""Migrations: one transaction each, a copy before, roll-back by itself, the schema told in one file."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from store_parts import MIGRATIONS, PASSPHRASE, House, record

from app.domain.errors import VaultFault
from app.store.backup import backups_of
from app.store.cipher import connect
from app.store.key import VaultKey
from app.store.key_file import unlock_with_passphrase
from app.store.migrate import migrate, migrations_in, schema_text, version_of
from app.store.records import Records
from app.store.vault import Vault


@pytest.fixture
def later(tmp_path: Path) -> Path:
    """The migrations of a later program: one more, which works."""
    folder = tmp_path / "later"
    shutil.copytree(MIGRATIONS, folder)
    newest = len(migrations_in(MIGRATIONS))
    (folder / f"{newest + 1:04}_more.sql").write_text(
        "CREATE TABLE more (a TEXT NOT NULL) STRICT;\nINSERT INTO more VALUES ('x');\n"
    )
    return folder


def newest_of(folder: Path) -> int:
    return len(migrations_in(folder))


def test_fresh_schema_is_the_one_told(tmp_path: Path) -> None:
    told = (MIGRATIONS / "schema.sql").read_text("utf-8")
    key = VaultKey.generate()
    fresh = connect(tmp_path / "a", key, must_exist=False)
    migrate(fresh, migrations_in(MIGRATIONS))
    assert schema_text(fresh) == told
    assert version_of(fresh) == newest_of(MIGRATIONS)
    fresh.close()


def test_every_migration_is_numbered_and_none_is_missing(tmp_path: Path) -> None:
    folder = tmp_path / "gap"
    shutil.copytree(MIGRATIONS, folder)
    (folder / "0099_far.sql").write_text("SELECT 1;")
    with pytest.raises(ValueError, match="gap"):
        migrations_in(folder)


def test_a_copy_is_made_before_and_opens_with_the_passphrase(house: House, later: Path) -> None:
    Records(house.vault).append([record()])
    vault = house.reopened(migrations=later)
    with vault.read() as connection:
        assert connection.execute("SELECT a FROM more").fetchall() == [("x",)]
        assert version_of(connection) == newest_of(later)
    (copy,) = backups_of(house.path)
    assert copy.kind == "before"
    assert f"before-v{newest_of(MIGRATIONS)}" in copy.path.name
    key = unlock_with_passphrase(copy.path, PASSPHRASE)
    with Vault.open(copy.path, key, migrations=MIGRATIONS, place="local") as old:
        assert [r.value for r in Records(old).all()] == ["みなと製菓株式会社"]
        old.close(back_up=False)


def test_the_older_program_refuses_the_migrated_file(house: House, later: Path) -> None:
    house.reopened(migrations=later).close(back_up=False)
    with pytest.raises(VaultFault, match="newer_file"):
        Vault.open(house.path, house.key, migrations=MIGRATIONS, place="local")


@pytest.mark.parametrize(
    "bad",
    [
        "INSERT INTO nowhere VALUES (1);",
        "DELETE FROM vault_mark;",
        "CREATE TABLE records_too (a); SELECT RAISE(ABORT);",
        "this is not SQL",
    ],
)
def test_a_failed_migration_rolls_back_by_itself(house: House, later: Path, bad: str) -> None:
    Records(house.vault).append([record()])
    file = sorted(later.glob("[0-9]*.sql"))[-1]
    file.write_text(file.read_text() + bad)
    with pytest.raises(VaultFault) as caught:
        house.reopened(migrations=later)
    assert caught.value.code == "migration_failed"
    vault = house.reopened()
    with vault.read() as connection:
        assert version_of(connection) == newest_of(MIGRATIONS)
        assert schema_text(connection) == (MIGRATIONS / "schema.sql").read_text("utf-8")
    assert len(Records(vault).all()) == 1
    assert vault.integrity_check() == ()
    assert len(backups_of(house.path)) == 1


def test_copies_before_migrations_are_rotated(house: House, later: Path) -> None:
    file = sorted(later.glob("[0-9]*.sql"))[-1]
    file.write_text("this is not SQL")
    for second in range(6):
        moment = house.vault.clock().replace(second=second)
        house.vault.clock = lambda moment=moment: moment  # type: ignore[misc]
        with pytest.raises(VaultFault):
            house.reopened(migrations=later)
    assert len(backups_of(house.path)) == 3
