"""What the store's tests share: a cheap argon2, samples of rows, and how to look for bytes."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from app.domain.clock import JST
from app.domain.filing import Capacity
from app.facts.record import Origin, Record
from app.store.key import VaultKey
from app.store.rows import NewEvent, NewFiling
from app.store.slots import Cost
from app.store.vault import Vault

ROOT = Path(__file__).resolve().parents[2]
MIGRATIONS = ROOT / "resources" / "migrations"
CHEAP = Cost(memory_kib=64, passes=1, lanes=1)
PASSPHRASE = "さくら坂の合言葉 2026"
NAME = "山田　花子"
NOON = datetime(2026, 7, 3, 12, 0, tzinfo=JST)
SENDING = NewEvent("sending", "送っています")


@dataclass
class House:
    """A vault and what opens it."""

    path: Path
    key: VaultKey
    recovery: str
    vault: Vault

    def reopened(self, **more: Any) -> Vault:
        """The vault, closed and opened again."""
        self.vault.close(back_up=False)
        more.setdefault("place", "local")
        more.setdefault("migrations", MIGRATIONS)
        self.vault = Vault.open(self.path, self.key, clock=self.vault.clock, **more)
        return self.vault


def record(path: str = "company.name", value: Any = "みなと製菓株式会社", **more: Any) -> Record:
    """A typed record."""
    return Record(path, value, Origin.TYPED, NOON, locator={"by": "山本"}, **more)


def employee_record() -> Record:
    """A record that holds the test person's name."""
    return record("employees[k3x9].name", NAME, source_text=NAME, valid_from=date(2026, 4, 1))


def filing(number: int = 0, *, account: str = "acct", practice: bool = True) -> NewFiling:
    """A filing ready to be sealed; those with one account are twins."""
    envelope = f"PK\x03\x04 {number} ".encode() + bytes(range(256)) * 8
    return NewFiling(
        draft_id="d1",
        procedure_id="mhlw/koyou_hoken_shikaku_shutoku",
        edition="0003",
        door="egov",
        company_name="みなと製菓株式会社",
        corporate_number="1180301018771",
        account_id=account,
        capacity=Capacity.HONNIN,
        subject="k3x9",
        title="雇用保険被保険者資格取得届",
        facts=[{"path": "employees[k3x9].name", "value": {"t": "text", "v": NAME}}],
        envelope=envelope,
        envelope_name="4950000020325000.zip",
        sha256=hashlib.sha256(envelope).hexdigest(),
        sealed_at=NOON,
        practice=practice,
    )


def forms_of(text: str) -> dict[str, bytes]:
    """The byte forms in which a text could stand in a file."""
    forms = {"utf-8": text.encode(), "utf-16": text.encode("utf-16-le")}
    forms["utf-16-be"] = text.encode("utf-16-be")
    forms["cp932"] = text.encode("cp932")
    for name, raw in list(forms.items()):
        for shift in range(3):  # base64 of the text at each of the three possible places
            coded = base64.b64encode(b"\0" * shift + raw)
            forms[f"base64 {name} {shift}"] = coded[4 if shift else 0 : -4]
    forms["json escapes"] = text.encode("ascii", "backslashreplace")
    return forms


def found_in(folder: Path, text: str) -> list[str]:
    """Where a text stands in the files of a folder, in any byte form."""
    forms = forms_of(text)
    return [
        f"{file.name}: {name}"
        for file in sorted(folder.rglob("*"))
        if file.is_file()
        for name, form in forms.items()
        if form in file.read_bytes()
    ]
