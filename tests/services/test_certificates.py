"""A customer's certificate in the vault: kept encrypted, lent to a signature, told when it is over."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app.domain.errors import BadInput, Known
from app.services.certificates import Certificates
from app.store.accounts import Accounts
from app.store.key_file import create_key_file
from app.store.slots import Cost
from app.store.vault import Vault
from tests.forms.customer import PASSWORD, SIGNED_AT, pkcs12_file

ROOT = Path(__file__).resolve().parents[2]


class Hands:
    """A clock a test may set."""

    now: datetime = SIGNED_AT

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def vault(tmp_path: Path, hands: Hands) -> Iterator[Vault]:
    path = tmp_path / "a.vault"
    cheap = Cost(memory_kib=64, passes=1, lanes=1)
    key, _ = create_key_file(path, "a passphrase", practice=True, clock=hands, cost=cheap)
    migrations = ROOT / "resources" / "migrations"
    vault = Vault.create(
        path, key, practice=True, migrations=migrations, clock=hands, place="local"
    )
    yield vault
    vault.close(back_up=False)


def test_it_is_kept_lent_and_dropped(vault: Vault, hands: Hands, tmp_path: Path) -> None:
    certificates = Certificates(Accounts(vault), hands)
    kept = certificates.take_in(pkcs12_file(), PASSWORD)
    assert (kept.id, kept.identity.owner, kept.in_date) == ("certificate-5a5a", "山本 湊", True)
    assert certificates.list() == [kept]
    signer = certificates.signer(kept.id)
    assert len(signer.sign(b"content")) == 256
    row = Accounts(vault).get(kept.id)
    secret = base64.b64decode(row.tokens["key"])
    assert row.tokens["key"] not in repr(row)
    assert PASSWORD not in "".join(row.tokens.values())
    for path in tmp_path.iterdir():
        content = path.read_bytes()
        for hidden in (secret[40:90], row.tokens["key"][60:120].encode(), PASSWORD.encode()):
            assert hidden not in content, path.name
    certificates.drop(kept.id)
    assert certificates.list() == []
    with pytest.raises(Known, match="取り込んでください"):
        certificates.signer(kept.id)


def test_one_that_ran_out_since_is_told(vault: Vault, hands: Hands) -> None:
    certificates = Certificates(Accounts(vault), hands)
    kept = certificates.take_in(pkcs12_file(), PASSWORD)
    hands.now += timedelta(days=400)
    assert [c.in_date for c in certificates.list()] == [False]
    with pytest.raises(BadInput, match="有効期限が切れています"):
        certificates.signer(kept.id)
    with pytest.raises(BadInput, match="有効期限が切れています"):
        certificates.take_in(pkcs12_file(), PASSWORD)


def test_other_accounts_are_not_taken_for_certificates(vault: Vault, hands: Hands) -> None:
    from app.store.rows import AccountRow

    accounts = Accounts(vault)
    accounts.save(AccountRow("egov", "egov", "gbizid", tokens={"access_token": "t"}))
    certificates = Certificates(accounts, hands)
    certificates.drop("egov")
    assert accounts.get("egov").tokens == {"access_token": "t"}
    with pytest.raises(Known):
        certificates.signer("egov")
