"""The office: one unlock, companies in and out, what it says of itself on every filing it makes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.errors import BadInput, Known, VaultFault
from app.domain.filing import Capacity, Stage
from app.services.companies import CompanyCard
from app.services.office.office import KEY_OLD
from app.services.office.profile import Said
from app.services.social.insurer import REGULAR
from app.store.filings import Filings
from app.store.key_file import create_key_file, unlock_with_passphrase
from app.store.office_file import OfficeFile
from app.store.vault import Vault
from tests.sandbox.town_process import TownProcess
from tests.services.office_town import (
    CHEAP,
    MIGRATIONS,
    OFFICE_WORDS,
    PASSPHRASE,
    OfficeInTown,
    cheaper,
)
from tests.store.store_parts import found_in


@pytest.fixture
def two(
    town: TownProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[OfficeInTown]:
    cheaper(monkeypatch)
    opened = OfficeInTown(tmp_path / "home", town, ["甲商店", "乙商店"])
    yield opened
    opened.close()


def rekeyed(two: OfficeInTown, vault_id: str, words: str = "quite other words") -> None:
    """A company gets a new key and passphrase, somewhere else."""
    from app.store.key_changes import change_passphrase
    from app.store.rekey import rekey

    path = two.path_of(vault_id)
    done = rekey(path, unlock_with_passphrase(path, PASSPHRASE), PASSPHRASE, cost=CHEAP)
    change_passphrase(path, done.key, words, cost=CHEAP)


def test_one_unlock_opens_all_and_locking_drops_all(two: OfficeInTown) -> None:
    (card,) = two.house.offices.cards()
    assert (card.name, card.practice) == ("さくら事務所", True)
    two.office.lock()
    with pytest.raises(VaultFault) as closed, two.office.company(two.vault_ids[0]):
        pass
    assert closed.value.code == "closed"
    with pytest.raises(VaultFault) as wrong:
        two.house.offices.open(card, PASSPHRASE)
    assert wrong.value.code == "wrong_passphrase"
    two.office = two.house.offices.open(card, OFFICE_WORDS)
    for vault_id, name in zip(two.vault_ids, ("甲商店", "乙商店"), strict=True):
        opened = two.office.open_company(vault_id)
        assert (opened.vault.id, opened.card.name) == (vault_id, name)
        opened.vault.close(back_up=False)
    with pytest.raises(VaultFault) as not_old:
        two.house.offices.change_passphrase(two.office, PASSPHRASE, "other office words")
    assert not_old.value.code == "wrong_passphrase"
    two.house.offices.change_passphrase(two.office, OFFICE_WORDS, "other office words")
    two.office.lock()
    with pytest.raises(VaultFault):
        two.house.offices.open(card, OFFICE_WORDS)
    two.office = two.house.offices.open(card, "other office words")
    paper = two.recovery_text
    two.office.lock()
    two.office = two.house.offices.open_with_recovery(card, paper)
    assert len(two.office.companies()) == 2


def test_a_company_that_was_rekeyed_is_said_plainly_and_comes_back_by_its_passphrase(
    two: OfficeInTown,
) -> None:
    first = two.vault_ids[0]
    rekeyed(two, first)
    with pytest.raises(VaultFault, match="甲商店は、鍵が新しくなりました") as old:
        two.office.open_company(first)
    assert old.value.code == KEY_OLD
    batch = two.batch(REGULAR)
    rows = batch.prepare()
    assert [r.word for r in rows] == ["開けません", "送れます"]
    assert "合言葉を一度" in rows[0].reasons[0]
    with pytest.raises(VaultFault) as wrong:
        two.office.add(two.cards[0], PASSPHRASE)
    assert wrong.value.code == "wrong_passphrase"
    two.office.add(two.cards[0], "quite other words")
    assert [r.word for r in batch.prepare()] == ["送れます", "送れます"]
    assert [c.name for c in two.office.companies()] == ["甲商店", "乙商店"]


def test_a_new_key_given_through_the_office_is_kept(two: OfficeInTown) -> None:
    first = two.vault_ids[0]
    opened = two.office.open_company(first)
    desk = two.house.desk(opened, two.office)
    done = opened.vault.rekey(PASSPHRASE, cost=CHEAP)
    two.office.take_back(type(opened)(opened.vault, done.key, opened.card))
    desk.lock()
    with two.office.company(first) as held:
        assert held.vault.id == first


def test_a_removed_company_is_not_opened_any_more(two: OfficeInTown) -> None:
    two.office.remove(two.vault_ids[0])
    assert [card.name for card in two.office.strangers()] == ["甲商店"]
    with pytest.raises(VaultFault) as gone:
        two.office.open_company(two.vault_ids[0])
    assert gone.value.code == "not_found"
    opened = two.house.companies.open(two.cards[0], PASSPHRASE)
    opened.vault.close(back_up=False)
    two.office.add(two.cards[0], PASSPHRASE)
    assert two.office.strangers() == []


def test_another_file_in_its_place_is_not_taken_for_the_company(two: OfficeInTown) -> None:
    first, second = (two.path_of(i) for i in two.vault_ids)
    for suffix in (".vault", ".keys", ".keys.bak"):
        first.with_suffix(suffix).write_bytes(second.with_suffix(suffix).read_bytes())
    with pytest.raises(Known) as other:
        two.office.open_company(two.vault_ids[0])
    assert other.value.code in (KEY_OLD, "office-other-company")


def test_a_real_company_never_comes_into_a_practice_office(two: OfficeInTown) -> None:
    path = two.folder / "7000012050002.vault"
    key, _ = create_key_file(path, PASSPHRASE, practice=False, clock=two.clock, cost=CHEAP)
    Vault.create(path, key, practice=False, migrations=MIGRATIONS, clock=two.clock).close()
    card = CompanyCard(path, "本番商店", "7000012050002", "", "ai", "本", False)
    two.house.companies.remember(card)
    assert two.office.strangers() == []
    with pytest.raises(VaultFault, match="練習の事務所"):
        two.office.add(card, PASSPHRASE)
    forged = CompanyCard(path, "本番商店", "7000012050002", "", "ai", "本", True)
    with pytest.raises(VaultFault) as mixed:
        two.office.add(forged, PASSPHRASE)
    assert mixed.value.code == "mode_differs"
    assert len(two.office.companies()) == 2


def test_every_filing_names_company_account_and_capacity(two: OfficeInTown) -> None:
    batch = two.batch(REGULAR)
    batch.prepare()
    for row in batch.seal():
        with two.office.company(row.vault_id) as held:
            kept = Filings(held.vault).get(row.filings[0])
            package = Filings(held.vault).envelope(kept.id)
        assert (kept.company_name, kept.capacity) == (row.name, Capacity.TEISHUTSU_DAIKO)
        assert kept.account_id == f"office-{two.office.file.id[:8]}"
        with zipfile.ZipFile(io.BytesIO(package)) as archive:
            files = {n.rpartition("/")[2]: archive.read(n) for n in archive.namelist()}
        assert files["提出代行証明書.pdf"] == b"%PDF-1.7 proof"
        head = files["SHFD0006.CSV"].decode("cp932").split("\r\n")
        assert head[0].startswith(",,13012345,")
        assert head[2] == "社労　花子,001"
        assert b"Signature" in files["kousei.xml"]


def test_a_company_may_have_a_proof_of_its_own(two: OfficeInTown) -> None:
    first, second = two.vault_ids
    two.office.profile.keep_proof("甲から.jpeg", b"\xff\xd8\xff of its own", first)
    told = {}
    for vault_id in (first, second):
        with two.office.company(vault_id) as held:
            (one,) = held.standing.attachments()
            told[vault_id] = (one.file_name, one.content)
    assert told[first] == ("提出代行証明書.jpeg", b"\xff\xd8\xff of its own")
    assert told[second] == ("提出代行証明書.pdf", b"%PDF-1.7 proof")


def test_without_a_proof_nothing_is_sealed(
    town: TownProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cheaper(monkeypatch)
    monkeypatch.setattr(OfficeInTown, "prove", lambda office: None)
    bare = OfficeInTown(tmp_path / "home", town, ["甲商店"])
    batch = bare.batch(REGULAR)
    (row,) = batch.prepare()
    assert row.word == "直すところあり"
    assert any("提出代行証明書がまだありません" in reason for reason in row.reasons)
    (row,) = batch.seal()
    assert row.filings == ()
    bare.close()


def test_what_the_office_says_is_checked(two: OfficeInTown) -> None:
    for said in (
        Said(" "),
        Said("事務所", "123"),
        Said("事務所", "13012345"),
        Said("事", "1301234", "花"),
    ):
        with pytest.raises(BadInput):
            two.office.profile.say(said)
    for name, content in (("a.pdf", b"not a pdf"), ("a.exe", b"%PDF-1.7")):
        with pytest.raises(BadInput):
            two.office.profile.keep_proof(name, content)
    for name in ("", "a/b", "..", "x" * 41, "\x00"):
        with pytest.raises(BadInput):
            two.house.offices.create(name, "a long passphrase", practice=True)
    with pytest.raises(BadInput):
        two.house.offices.create("別の事務所", "short", practice=True)
    with pytest.raises(VaultFault, match="もうあります"):
        two.house.offices.create("さくら事務所", "a long passphrase", practice=True)


def test_a_company_opened_through_its_office_sends_by_the_offices_sign_in(
    two: OfficeInTown,
) -> None:
    desk = two.house.desk(two.office.open_company(two.vault_ids[0]), two.office)
    assert desk.sign_in_state().signed_in
    assert "事務所" in desk.filer().account
    with pytest.raises(Known, match="事務所から開いた会社"):
        desk.standing.dismiss()
    (filing,) = desk.social.seal(REGULAR, certificate_id=two.office.profile.read().certificate_id)
    batch = two.batch(REGULAR)  # the window has the company open: the batch uses its vault
    assert [r.word for r in batch.prepare()] == ["出すものなし", "送れます"]
    assert desk.send(filing).stage is Stage.ACCEPTED
    assert desk.vault.is_open
    two.office.take_back(desk.opened)
    desk.lock()


def test_secrets_are_in_no_file_that_is_left(two: OfficeInTown) -> None:
    """Tokens, the certificate's key, names of clients and people, passphrases: searched byte by byte."""
    batch = two.batch(REGULAR)
    batch.prepare()
    batch.seal()
    batch.send()
    tokens = dict(two.office.account.row().tokens)  # type: ignore[union-attr]
    raw = [two.office.file.key_of(i).raw() for i in two.vault_ids]
    private = two.office.accounts.get(two.office.profile.read().certificate_id).tokens["key"]
    two.office.lock()
    home = two.folder.parent
    secrets = [
        tokens["access_token"], tokens["refresh_token"], private[:60], OFFICE_WORDS, PASSPHRASE,
        "年金　太郎", "%PDF-1.7 proof", "1234567890", *(key.hex() for key in raw),
    ]  # fmt: skip
    for secret in secrets:
        assert found_in(home, secret) == []
    for file in home.rglob("*"):
        assert not file.is_file() or not any(key in file.read_bytes() for key in raw)
    office = OfficeFile.open(
        two.house.offices.cards()[0].path,
        unlock_with_passphrase(two.house.offices.cards()[0].path, OFFICE_WORDS),
        migrations=MIGRATIONS / "office",
    )
    assert [c.name for c in office.companies()] == ["甲商店", "乙商店"]
    office.lock(back_up=False)
