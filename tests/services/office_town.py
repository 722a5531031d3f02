"""An office with small practice companies against a running town, for tests: no browser, no window."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from app.bootstrap import House, Places
from app.domain.clock import today
from app.domain.corporate_number import check_digit
from app.facts.record import Origin, Record, Value
from app.services.companies import CompanyCard
from app.services.office.batch import Batch, BatchParts
from app.services.office.joining import batch_parts_of
from app.services.office.office import Office
from app.services.office.profile import Said
from app.store import key_file
from app.store.key_file import create_key_file
from app.store.meta import Meta
from app.store.records import Records
from app.store.rows import AccountRow
from app.store.slots import Cost
from app.store.vault import Vault
from tests.sandbox.town_process import TownProcess
from tests.services.open_desk import GivenTown, MovingClock, subject_of
from tests.services.social_town import FACTS, WHO, pay

ROOT = Path(__file__).resolve().parent.parent.parent
MIGRATIONS = ROOT / "resources" / "migrations"
CHEAP = Cost(memory_kib=64, passes=1, lanes=1)
PASSPHRASE, OFFICE_WORDS = "a passphrase", "an office's own words"
ACCOUNT = "office@example.jp"
SPRING = pay({"2026-04": (30, 260_000), "2026-05": (31, 260_000), "2026-06": (30, 260_000)})
COMPANY: dict[str, Value] = {
    "company.kana": "ショウテン",
    "company.phone": "03-1234-5678",
    "company.email": "keiri@example.co.jp",
    "company.head_office.postal_code": "1500041",
    "company.head_office.address": "東京都渋谷区神南１丁目８番１７号",
    "company.head_office.address_kana": "トウキョウトシブヤクジンナン",
    "company.representative.family_name": "山本",
    "company.representative.given_name": "湊",
    "company.representative.family_kana": "ヤマモト",
    "company.representative.given_kana": "ミナト",
    "company.social_insurance.kenpo_kind": "kyokai",
    **FACTS,
}


def names(count: int) -> list[str]:
    """Names of companies, written as the door writes them (full width)."""
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    return [f"第{n:02d}商店".translate(wide) for n in range(count)]


def number_of(place: int) -> str:
    """A 法人番号 with its check digit, another for each place."""
    rest = f"{100_000_000_000 + place:012d}"
    return f"{check_digit(rest)}{rest}"


class OfficeInTown:
    """An open office of `names` companies, signed in, with certificate and 提出代行証明書."""

    def __init__(self, folder: Path, town: TownProcess, names: Sequence[str]) -> None:
        self.town = town
        self.clock = MovingClock()
        self.folder = folder / "companies"
        self.folder.mkdir(parents=True)
        self.places = Places(folder, folder / "settings.json", folder / "policy.toml")
        self.house = self._house()
        self.vault_ids: list[str] = []
        self.cards = [self._company(place, name) for place, name in enumerate(names)]
        made = self.house.offices.create("さくら事務所", OFFICE_WORDS, practice=True)
        self.recovery_text = made.recovery_text
        self.office: Office = made.office
        self.vault_ids += [self.office.add(card, PASSPHRASE).vault_id for card in self.cards]
        self.prove()

    def _house(self) -> House:
        house = House(ROOT / "resources", self.places, self.clock, person="社労")
        house.__dict__["town"] = GivenTown(self.town.endpoints)
        return house

    def _company(self, place: int, name: str) -> CompanyCard:
        number = number_of(place)
        path = self.folder / f"practice-{number}.vault"
        key, _ = create_key_file(path, PASSPHRASE, practice=True, clock=self.clock, cost=CHEAP)
        vault = Vault.create(
            path, key, practice=True, migrations=MIGRATIONS, clock=self.clock, place="local"
        )
        told = COMPANY | {"company.name": name, "company.corporate_number": number}
        self.tell(vault, told | {f"employees[e1].{k}": v for k, v in (WHO | SPRING).items()})
        Meta(vault).set("social:since", date(today(self.clock).year, 1, 1).isoformat())
        vault.close(back_up=False)
        card = CompanyCard(path, name, number, "渋谷区", "ai", name[:1], True)
        self.house.companies.remember(card)
        return card

    def tell(self, vault: Vault, facts: Mapping[str, Value]) -> None:
        """Facts in an open vault, as an import would store them."""
        now = self.clock()
        Records(vault).append(
            [Record(path, value, Origin.BOOKS, now, str(value)) for path, value in facts.items()]
        )

    def prove(self) -> None:
        """The office's 提出代行証明書 and its certificate by the town's authority; signs in."""
        self.office.profile.keep_proof("代行証明.pdf", b"%PDF-1.7 proof")
        told = self.town.control("POST", "certificate", {})
        kept = self.office.certificates.take_in(base64.b64decode(told["pkcs12"]), told["password"])
        self.office.profile.say(Said("さくら事務所", "13012345", "社労　花子", kept.id))
        self.sign_in()

    def sign_in(self) -> None:
        """Signs the office in by a token the town gives without a browser."""
        told, now = self.town.token(ACCOUNT), self.clock()
        ends = now + timedelta(seconds=int(told["expires_in"]))
        renewed = now + timedelta(seconds=int(told["refresh_expires_in"]))
        subject = subject_of(told["access_token"])
        tokens = {
            "access_token": told["access_token"], "expires_at": ends.isoformat(),
            "subject": subject, "refresh_token": told["refresh_token"],
            "refresh_expires_at": renewed.isoformat(),
        }  # fmt: skip
        account = self.office.account
        self.office.accounts.save(
            AccountRow(account.account_id, "egov", "account", ACCOUNT, subject, tokens, {})
        )
        account._sign_ins.clear()

    def pass_time(self, seconds: float) -> None:
        """Time passes here and in the town."""
        self.clock.ahead += timedelta(seconds=seconds)
        self.town.clock(seconds)
        self.sign_in()

    @property
    def parts(self) -> BatchParts:
        """What batches share."""
        return batch_parts_of(self.house)

    def batch(self, form: str, vault_ids: Sequence[str] | None = None) -> Batch:
        """A new batch over all companies, or some."""
        wanted = self.vault_ids if vault_ids is None else vault_ids
        return Batch.begin(self.office, self.parts, form, wanted)

    def path_of(self, vault_id: str) -> Path:
        """Where a company's vault lies."""
        return self.folder / self.office.file.company(vault_id).file

    def arrivals(self) -> dict[str, list[str]]:
        """Company name → its 到達番号, by the town's own ledger."""
        found: dict[str, list[str]] = {}
        for row in self.town.ledger():
            found.setdefault(_company_of(row), []).append(str(row["arrive_id"]))
        return found

    def close(self) -> None:
        """Ends it."""
        self.office.lock()


def _company_of(row: Mapping[str, Any]) -> str:
    return str(row["corporation"])


def cheaper(monkeypatch: Any) -> None:
    """Office files made in this test have keys that cost little."""
    real = key_file.create_key_file

    def cheap(*args: Any, **more: Any) -> Any:
        return real(*args, **{**more, "cost": CHEAP})

    monkeypatch.setattr("app.store.office_file.create_key_file", cheap)
