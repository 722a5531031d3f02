"""No file that is left behind holds a name, the passphrase or the key, in any byte form."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from store_parts import (
    CHEAP,
    NAME,
    PASSPHRASE,
    SENDING,
    House,
    decrypted,
    employee_record,
    filing,
    found_in,
)

from app.store.accounts import Accounts
from app.store.documents import Documents
from app.store.drafts import Drafts
from app.store.filings import Filings
from app.store.key_changes import add_keyring_slot, change_passphrase
from app.store.records import Records
from app.store.rekey import rekey
from app.store.rows import AccountRow
from app.store.vault import Vault

TOKEN = "eyJhbGciOi.token-of-the-person"


def _live(vault: Vault) -> None:
    """A life of a vault in which the name enters every table."""
    records, drafts, filings = Records(vault), Drafts(vault), Filings(vault)
    person = employee_record()
    records.append([person])
    draft = drafts.create("p", "1", NAME)
    drafts.save(draft, {"shimei": {"value": NAME}})
    ident = filings.seal(filing())
    filings.begin_sending(ident, [], SENDING)
    Documents(vault).keep(f"{NAME}.xml", NAME.encode("cp932"), "official", ident)
    Accounts(vault).save(AccountRow("a", "egov", "gbizid", NAME, tokens={"access_token": TOKEN}))
    records.erase(person.id, f"{NAME}さんの求めによる")


@pytest.mark.parametrize("place", ["local", "share"])
def test_neither_while_open_nor_afterwards(house: House, place: str) -> None:
    folder = house.path.parent
    vault = house.reopened(place=place)
    _live(vault)
    secrets = (NAME, PASSPHRASE, TOKEN, house.key.raw().hex(), "雇用保険被保険者資格取得届")
    for text in secrets:
        assert found_in(folder, text) == []  # with the WAL or the journal still there
    add_keyring_slot(house.path, house.key)
    change_passphrase(house.path, house.key, PASSPHRASE + "2", cost=CHEAP)
    vault.close()
    done = rekey(house.path, house.key, PASSPHRASE + "2", cost=CHEAP, place="local")
    files = [file for file in folder.rglob("*") if file.is_file()]
    assert len(files) >= 6
    for text in (*secrets, PASSPHRASE + "2", done.recovery_text.replace("\n", "-")[:23]):
        assert found_in(folder, text) == []
    for raw in (house.key.raw(), done.key.raw()):
        assert not [file.name for file in files if raw in file.read_bytes()]


def test_the_search_itself_finds(tmp_path: Path) -> None:
    """The same search on a database without encryption finds the name in each form."""
    connection = sqlite3.connect(tmp_path / "plain.db")
    connection.execute("CREATE TABLE t (a)")
    connection.execute("INSERT INTO t VALUES (?)", (f"x{NAME}y",))
    connection.commit()
    connection.close()
    assert found_in(tmp_path, NAME) == ["plain.db: utf-8"]
    import base64

    for codec in ("utf-8", "utf-16-le", "cp932"):
        for before in range(4):
            text = base64.b64encode(b"." * before + NAME.encode(codec) + b"...")
            (tmp_path / "coded").write_bytes(text)
            assert any(line.startswith("coded: base64") for line in found_in(tmp_path, NAME))


def test_erased_values_are_not_in_free_pages(house: House) -> None:
    """Even who holds the key finds nothing of what was erased by law."""
    records = Records(house.vault)
    person = employee_record()
    records.append([person])
    records.erase(person.id, "本人の求めによる")
    with house.vault.read() as connection:
        connection.execute("ROLLBACK")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("BEGIN")
    house.vault.close(back_up=False)
    plain = decrypted(house.path, house.key)
    assert "本人の求めによる".encode() in plain
    assert NAME.encode() not in plain
