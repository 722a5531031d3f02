"""What the store's tests share: a cheap argon2, samples of rows, and how to look for bytes."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, replace
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


MY_NUMBER = "123456789018"


def hidden(number: int = 0, *, account: str = "acct") -> NewFiling:
    """A filing with 個人番号: its envelope is the redacted copy, the true bytes go apart."""
    true = f"PK\x03\x04 {number} 個人番号 {MY_NUMBER} ".encode() + bytes(range(256)) * 8
    copy = true.replace(MY_NUMBER.encode(), b"*" * 12)
    digest = hashlib.sha256(copy).hexdigest()
    new = filing(number, account=account)
    return replace(new, envelope=copy, sha256=digest, apart=true, people=1)


def forms_of(text: str) -> dict[str, bytes]:
    """The byte forms in which a text could stand in a file."""
    forms = {"utf-8": text.encode(), "utf-16": text.encode("utf-16-le")}
    forms["utf-16-be"] = text.encode("utf-16-be")
    forms["cp932"] = text.encode("cp932")
    for name, raw in list(forms.items()):
        for shift in range(3):  # base64 of the text at each of the three possible places
            coded = base64.b64encode(b"\0" * shift + raw)
            forms[f"base64 {name} {shift}"] = coded[4 if shift else 0 : -4]
    for name in ("utf-8", "utf-16", "cp932"):
        forms[f"hex {name}"] = forms[name].hex().encode()
    forms["json escapes"] = text.encode("ascii", "backslashreplace")
    return forms


def decrypted(path: Path, key: VaultKey) -> bytes:
    """Every page as it is, free ones too: AES-256-CBC as the format is published by Zetetic.

    Of a WAL the pages of all its frames, also of those that count no more.
    """
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    content, plain = path.read_bytes(), b""
    head, frame = (32, 24) if path.name.endswith("-wal") else (0, 0)
    for at in range(head, len(content), frame + 4096):
        page = content[at + frame : at + frame + 4096]
        first = page if not frame else content[at : at + 4]
        start = 16 if (first[:4] == b"\0\0\0\1" if frame else at == 0) else 0
        vector = page[4096 - 80 : 4096 - 64]
        cipher = Cipher(algorithms.AES256(key.raw()), modes.CBC(vector)).decryptor()
        plain += cipher.update(page[start : 4096 - 80]) + cipher.finalize()
    return plain


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
