"""Makes a vault of the present version for tests/vaults, once for each version.

    python tests/vaults/make_vault.py        writes tests/vaults/v<version>/company.{vault,keys}

Its passphrase and key are written below on purpose: there is nothing in it but made-up rows.
A file made once is never made anew: it is what an old program left behind.
"""

from __future__ import annotations

import hashlib
import sys
from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from app.domain.clock import JST, fixed_clock  # noqa: E402
from app.domain.filing import Capacity  # noqa: E402
from app.facts.record import BLANK, Origin, Record  # noqa: E402
from app.store.accounts import Accounts  # noqa: E402
from app.store.disclosures import Disclosures  # noqa: E402
from app.store.documents import Documents  # noqa: E402
from app.store.drafts import Drafts  # noqa: E402
from app.store.filings import Filings  # noqa: E402
from app.store.key import VaultKey  # noqa: E402
from app.store.key_file import rebuild_key_file  # noqa: E402
from app.store.meta import Meta  # noqa: E402
from app.store.migrate import migrations_in  # noqa: E402
from app.store.records import Records  # noqa: E402
from app.store.rows import AccountRow, NewEvent, NewFiling  # noqa: E402
from app.store.slots import Cost  # noqa: E402
from app.store.vault import Vault  # noqa: E402

PASSPHRASE = "試験用の合言葉"
KEY = bytes(range(32))
NOON = datetime(2026, 7, 3, 12, 0, tzinfo=JST)
ENVELOPE = b"PK\x03\x04 not really a ZIP, but the exact bytes that left"
MIGRATIONS = HERE.parents[1] / "resources" / "migrations"


def records() -> list[Record]:
    """One record of each kind of value."""
    values = ("みなと製菓株式会社", 10_000_000, True, date(2014, 4, 1), Fraction(1, 3), BLANK)
    return [
        Record(f"company.fact{n}", value, Origin.REGISTER, NOON, salt=f"{n:032}")
        for n, value in enumerate(values)
    ]


def fill(vault: Vault) -> None:
    """A little of everything a vault can hold."""
    erased = Record("employees[k3x9].name", "消された名前", Origin.TYPED, NOON, salt="f" * 32)
    Records(vault).append([*records(), erased])
    Records(vault).erase(erased.id, "本人の求めによる")
    drafts, filings = Drafts(vault), Filings(vault)
    draft = drafts.create("mhlw/koyou_hoken_shikaku_shutoku", "0003", "k3x9")
    drafts.save(draft, {"shimei": {"value": "山田　花子"}})
    drafts.set_cursor(draft, "shimei")
    sealed = NewFiling(
        draft_id=draft,
        procedure_id="mhlw/koyou_hoken_shikaku_shutoku",
        edition="0003",
        door="egov",
        company_name="みなと製菓株式会社",
        corporate_number="1180301018771",
        account_id="a1",
        capacity=Capacity.HONNIN,
        subject="k3x9",
        title="雇用保険被保険者資格取得届",
        facts=[{"path": "employees[k3x9].name", "value": {"t": "text", "v": "山田　花子"}}],
        envelope=ENVELOPE,
        envelope_name="4950000020325000.zip",
        sha256=hashlib.sha256(ENVELOPE).hexdigest(),
        sealed_at=NOON,
        practice=True,
    )
    ident = filings.seal(sealed)
    filings.begin_sending(ident, ["202606010900000001"], NewEvent("sending", "送っています"))
    event = NewEvent("arrived", "届きました")
    filings.store_receipt(
        ident, "202607031201000001", receipt_at=NOON, event=event, door_status="到達"
    )
    filings.seal(sealed)
    copy = ENVELOPE.replace(b"exact", b"*****")
    hidden = {"envelope": copy, "sha256": hashlib.sha256(copy).hexdigest(), "account_id": "a2"}
    filings.seal(replace(sealed, **hidden, apart=ENVELOPE, people=1, twin_key=""))
    Documents(vault).keep("確認通知書.xml", b"<kakunin/>", "official", ident, "unchanged")
    Accounts(vault).save(AccountRow("a1", "egov", "gbizid", tokens={"access_token": "t"}))
    Disclosures(vault).add(["employees[k3x9].name"], "egov", ident, NOON)
    Meta(vault).set("note", "第1版")


def main() -> None:
    """Makes the folder of the present version; refuses when it is there."""
    folder = HERE / f"v{len(migrations_in(MIGRATIONS))}"
    folder.mkdir()
    path, clock = folder / "company.vault", fixed_clock(NOON)
    cost = Cost(memory_kib=1024, passes=1, lanes=1)
    rebuild_key_file(
        path,
        VaultKey(KEY),
        PASSPHRASE,
        vault_id="0123456789abcdef0123456789abcdef",
        practice=True,
        clock=clock,
        cost=cost,
    )
    vault = Vault.create(
        path, VaultKey(KEY), practice=True, migrations=MIGRATIONS, clock=clock, place="local"
    )
    fill(vault)
    vault.close(back_up=False)
    for left in (".lock", ".keys.bak"):
        path.with_suffix(left).unlink()


if __name__ == "__main__":
    main()
