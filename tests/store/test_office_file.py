"""The office file: one unlock for several vaults, each key dropped with its company, mark for ever."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from store_parts import CHEAP, MIGRATIONS, NOON, PASSPHRASE, House, found_in

from app.domain.clock import Clock
from app.domain.errors import VaultFault
from app.store.backup import backups_of
from app.store.batches import Batches
from app.store.cipher import connect
from app.store.key import VaultKey
from app.store.key_changes import add_keyring_slot
from app.store.key_file import (
    create_key_file,
    unlock_with_passphrase,
    unlock_with_recovery,
    unlock_with_secret,
)
from app.store.migrate import migrate, migrations_in, schema_text
from app.store.office_file import OfficeCompany, OfficeFile
from app.store.rows import AccountRow
from app.store.vault import Vault

OFFICE_MIGRATIONS = MIGRATIONS / "office"
WORDS = "事務所の合言葉 2026"


@pytest.fixture
def office(tmp_path: Path, clock: Clock) -> Iterator[OfficeFile]:
    made, _ = OfficeFile.create(
        tmp_path / "さくら事務所.office", WORDS, practice=True, migrations=OFFICE_MIGRATIONS,
        clock=clock, cost=CHEAP,
    )  # fmt: skip
    yield made
    made.lock(back_up=False)


def company(vault: Vault, name: str = "みなと製菓株式会社") -> OfficeCompany:
    return OfficeCompany(
        vault.id, vault.path.name, name, "1180301018771", "名古屋市", "ai", "港", NOON
    )


def reopened(office: OfficeFile, key: VaultKey) -> OfficeFile:
    path, clock = office.path, office.vault.clock
    office.lock(back_up=False)
    return OfficeFile.open(path, key, migrations=OFFICE_MIGRATIONS, clock=clock)


def test_schema_is_the_one_told(tmp_path: Path) -> None:
    fresh = connect(tmp_path / "a", VaultKey.generate(), must_exist=False)
    migrate(fresh, migrations_in(OFFICE_MIGRATIONS))
    assert schema_text(fresh) == (OFFICE_MIGRATIONS / "schema.sql").read_text("utf-8")
    fresh.close()


def test_one_unlock_opens_every_company(office: OfficeFile, house: House) -> None:
    office.add(company(house.vault), house.key)
    house.vault.close(back_up=False)
    again = reopened(office, unlock_with_passphrase(office.path, WORDS))
    (only,) = again.companies()
    assert (only.name, only.proof) == ("みなと製菓株式会社", "")
    key = again.key_of(only.vault_id)
    opened = Vault.open(again.path.with_name(only.file), key, migrations=MIGRATIONS)
    assert opened.id == only.vault_id
    opened.close(back_up=False)
    again.lock(back_up=False)
    with pytest.raises(ValueError, match="forgotten"):
        again.key.raw()
    with pytest.raises(VaultFault) as closed:
        again.key_of(only.vault_id)
    assert closed.value.code == "closed"


def test_a_wrong_passphrase_and_the_companies_own_do_not_open_it(
    office: OfficeFile, house: House
) -> None:
    office.add(company(house.vault), house.key)
    for text in (PASSPHRASE, "nothing of the kind"):
        with pytest.raises(VaultFault) as wrong:
            unlock_with_passphrase(office.path, text)
        assert wrong.value.code == "wrong_passphrase"
    with pytest.raises(VaultFault) as other:
        unlock_with_recovery(office.path, house.recovery)
    assert other.value.code == "recovery_of_other_vault"


def test_recovery_paper_and_keyring_open_it_too(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "b.office"
    made, paper = OfficeFile.create(
        path, WORDS, practice=False, migrations=OFFICE_MIGRATIONS, clock=clock, cost=CHEAP
    )
    secret = add_keyring_slot(path, made.key)
    assert not made.practice
    for key in (unlock_with_recovery(path, paper), unlock_with_secret(path, secret)):
        made = reopened(made, key)
        assert made.companies() == []
    made.lock(back_up=False)


def test_removing_a_company_drops_its_key_and_what_was_known(
    office: OfficeFile, house: House
) -> None:
    office.add(company(house.vault), house.key)
    office.remember(house.vault.id, {"due": 3})
    office.remove(house.vault.id)
    assert office.companies() == []
    assert office.summaries() == {}
    with pytest.raises(VaultFault) as gone:
        office.key_of(house.vault.id)
    assert gone.value.code == "not_found"
    office.remember(house.vault.id, {"due": 3})
    assert office.summaries() == {}, "a company that is not of the office is not remembered"
    assert house.reopened().id == house.vault.id


def test_a_company_taken_in_again_keeps_its_place(
    office: OfficeFile, house: House, tmp_path: Path, clock: Clock
) -> None:
    office.add(company(house.vault), house.key)
    path = tmp_path / "二.vault"
    key, _ = create_key_file(path, PASSPHRASE, practice=True, clock=clock, cost=CHEAP)
    second = Vault.create(path, key, practice=True, migrations=MIGRATIONS, clock=clock)
    office.add(company(second, "青葉工務店"), key)
    done = house.vault.rekey(PASSPHRASE, cost=CHEAP)
    office.add(company(house.vault, "みなと製菓"), done.key)
    assert [c.name for c in office.companies()] == ["みなと製菓", "青葉工務店"]
    assert office.key_of(house.vault.id) == done.key
    second.close(back_up=False)


def test_practice_and_real_are_never_mixed(
    office: OfficeFile, tmp_path: Path, clock: Clock
) -> None:
    path = tmp_path / "本番.vault"
    key, _ = create_key_file(path, PASSPHRASE, practice=False, clock=clock, cost=CHEAP)
    real = Vault.create(path, key, practice=False, migrations=MIGRATIONS, clock=clock)
    with pytest.raises(VaultFault) as mixed:
        office.add(company(real), key)
    assert mixed.value.code == "mode_differs"
    assert office.companies() == []
    real.close(back_up=False)


def test_neither_file_is_taken_for_the_other(
    office: OfficeFile, house: House, tmp_path: Path
) -> None:
    """Renamed with its keys and opened with its right key, each is still refused."""
    office.lock(back_up=False)
    key = unlock_with_passphrase(office.path, WORDS)
    house.vault.close(back_up=False)
    other = tmp_path / "elsewhere"
    other.mkdir()
    for source, target in (
        (office.path, other / "a.vault"),
        (office.path.with_suffix(".keys"), other / "a.keys"),
        (house.path, other / "b.office"),
        (house.path.with_suffix(".keys"), other / "b.keys"),
    ):
        target.write_bytes(source.read_bytes())
    with pytest.raises(VaultFault) as first:
        Vault.open(other / "a.vault", key, migrations=MIGRATIONS)
    with pytest.raises(VaultFault) as second:
        OfficeFile.open(other / "b.office", house.key, migrations=OFFICE_MIGRATIONS)
    assert (first.value.code, second.value.code) == ("not_ours", "not_ours")


def test_what_it_holds_is_not_in_the_files(office: OfficeFile, house: House) -> None:
    """Keys, tokens, names and documents: in no file it leaves, its backups among them."""
    office.add(company(house.vault, "ひみつ堂株式会社"), house.key)
    token = "access-token-that-nobody-may-read"
    office.accounts.save(AccountRow("office", "egov", "gbizid", "jimusho", "s", {"access": token}))
    proof = office.documents.keep("代行.pdf", "%PDF 提出代行のしるし".encode(), "agency-proof")
    office.set_proof(house.vault.id, proof)
    assert office.company(house.vault.id).proof == proof
    office.remember(house.vault.id, {"name": "ひみつ堂株式会社"})
    Batches(office.vault).begin("2225700", [(house.vault.id, {"name": "ひみつ堂株式会社"})])
    folder, raw = office.path.parent, house.key.raw()
    office.lock()
    assert [row.path.suffix for row in backups_of(office.path)] == [".office"]
    for text in ("ひみつ堂株式会社", token, "提出代行のしるし", raw.hex(), raw.hex().upper()):
        assert found_in(folder, text) == [], text
    for file in folder.rglob("*"):
        assert not file.is_file() or raw not in file.read_bytes(), file.name


def test_a_batch_is_remembered_in_its_order(office: OfficeFile) -> None:
    batches = Batches(office.vault)
    head = batches.begin("2225700", [("b", {"n": 1}), ("a", {"n": 2})])
    batches.put(head.id, "a", {"n": 3})
    again = reopened(office, unlock_with_passphrase(office.path, WORDS))
    batches = Batches(again.vault)
    assert batches.rows(head.id) == [("b", {"n": 1}), ("a", {"n": 3})]
    assert [h.ended_at for h in batches.heads()] == [None]
    batches.end(head.id)
    assert batches.get(head.id).ended_at is not None
    again.lock(back_up=False)
