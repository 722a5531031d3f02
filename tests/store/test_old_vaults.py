"""Every vault that an earlier version left behind opens, is migrated, and says what it said."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path
from types import ModuleType

import pytest
from store_parts import MIGRATIONS, ROOT

from app.domain.clock import Clock
from app.domain.errors import VaultFault
from app.domain.filing import Stage
from app.store.accounts import Accounts
from app.store.backup import backups_of
from app.store.disclosures import Disclosures
from app.store.documents import Documents
from app.store.drafts import Drafts
from app.store.filings import Filings
from app.store.key_file import unlock_with_passphrase, unlock_with_recovery
from app.store.meta import Meta
from app.store.migrate import migrations_in, schema_text
from app.store.records import Records
from app.store.recovery import recovery_text
from app.store.rows import NewEvent
from app.store.vault import Vault

OLD = sorted((ROOT / "tests" / "vaults").glob("v*/company.vault"))


def _maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_vault", OLD[0].parents[1] / "make_vault.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_there_is_one_file_for_each_version() -> None:
    versions = [f"v{number}" for number in range(1, len(migrations_in(MIGRATIONS)) + 1)]
    assert [path.parent.name for path in OLD] == versions


@pytest.mark.parametrize("old", OLD, ids=lambda path: path.parent.name)
def test_old_vault_opens_and_says_what_it_said(old: Path, tmp_path: Path, clock: Clock) -> None:
    made = _maker()
    for file in old.parent.iterdir():
        shutil.copyfile(file, tmp_path / file.name)
    path = tmp_path / old.name
    key = unlock_with_passphrase(path, made.PASSPHRASE)
    assert key.raw() == made.KEY
    assert unlock_with_recovery(path, recovery_text(key)) == key
    with Vault.open(path, key, migrations=MIGRATIONS, clock=clock, place="local") as vault:
        assert (vault.practice, vault.id) == (True, "0123456789abcdef0123456789abcdef")
        assert vault.keys_fault is None
        assert vault.integrity_check() == ()
        with vault.read() as connection:
            assert schema_text(connection) == (MIGRATIONS / "schema.sql").read_text("utf-8")
        _says_what_it_said(vault, made)
        _keeps_apart_what_it_kept(vault, made, since_v2=old.parent.name != "v1")
        vault.close(back_up=False)
    copies = [row for row in backups_of(path) if row.kind == "before"]
    assert len(copies) == len(migrations_in(MIGRATIONS)) - int(old.parent.name[1:])


def _says_what_it_said(vault: Vault, made: ModuleType) -> None:
    records, filings = Records(vault), Filings(vault)
    assert records.all() == made.records()
    assert [stone["reason"] for stone in records.tombstones().values()] == ["本人の求めによる"]
    assert records.verify_chain() == records.head()
    (draft,) = Drafts(vault).list()
    assert draft.cursor == "shimei"
    assert Drafts(vault).load(draft.id).answers == {"shimei": {"value": "山田　花子"}}
    ready, accepted = [row for row in filings.list() if filings.kept_apart(row.id) is None]
    assert (ready.stage, accepted.stage) == (Stage.READY, Stage.ACCEPTED)
    assert accepted.receipt_number == "202607031201000001"
    assert filings.envelope(accepted.id) == made.ENVELOPE
    assert filings.listed_before(accepted.id) == {"202606010900000001"}
    for row in (ready, accepted):
        assert filings.verify_chain(row.id)
    (document,) = Documents(vault).list(accepted.id)
    assert Documents(vault).get(document.id).content == b"<kakunin/>"
    assert dict(Accounts(vault).get("a1").tokens) == {"access_token": "t"}
    (disclosure,) = Disclosures(vault).list()
    assert (disclosure.filing_id, disclosure.at) == (accepted.id, made.NOON)
    assert Meta(vault).get("note") == "第1版"
    signature = vault.signing_key.sign(b"x")
    vault.signing_key.public_key().verify(signature, b"x")


def _keeps_apart_what_it_kept(vault: Vault, made: ModuleType, *, since_v2: bool) -> None:
    filings = Filings(vault)
    hidden = [row for row in filings.list() if filings.kept_apart(row.id) is not None]
    assert len(hidden) == int(since_v2)
    for row in hidden:
        assert filings.leaving(row.id) == made.ENVELOPE
        assert filings.envelope(row.id) == made.ENVELOPE.replace(b"exact", b"*****")
        assert filings.verify_chain(row.id)
        filings.move(row.id, Stage.WITHDRAWN, NewEvent("unsealed", "封を解きました"))
        with pytest.raises(VaultFault, match="numbers_gone"):
            filings.leaving(row.id)
