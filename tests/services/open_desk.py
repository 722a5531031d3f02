"""An open practice company against a running town, for tests: complete drafts, no browser, no window."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from app.bootstrap import House, Places
from app.domain.clock import JST
from app.services.desk import Desk
from app.store.key_file import create_key_file
from app.store.rows import AccountRow
from app.store.slots import Cost
from app.store.vault import Vault
from tests.sandbox.town_process import TownProcess

ROOT = Path(__file__).resolve().parent.parent.parent
NUMBER = "1011001141756"
ACCOUNT = "prime@example.jp"
PROCEDURE = "mhlw/koyou_hoken_shikaku_shutoku"
CHEAP = Cost(memory_kib=8 * 1024, passes=1, lanes=1)
COMPANY = {
    "company.phone": "03-1234-5678",
    "company.email": "keiri@example.co.jp",
    "company.head_office.address_kana": "トウキョウトシブヤクジンナン",
    "company.representative.family_name": "山本",
    "company.representative.given_name": "湊",
    "company.representative.family_kana": "ヤマモト",
    "company.representative.given_kana": "ミナト",
    "company.employment_insurance.office_number": "13011234567",
    "company.employment_insurance.hello_work": "渋谷",
    "company.employment_insurance.submission_id": "49511000010000000003829",
    "company.employment_insurance.submission_name": "東京都,渋谷公共職業安定所",
}
ANSWERS = {
    "shutoku_kubun": "1",
    "genin": "2",
    "chingin_taiyou": "1",
    "chingin_getsugaku": "250",
    "koyou_keitai": "7",
    "shokushu": "3",
    "shotei_jikan": "40",
    "shotei_fun": "0",
    "keiyaku_sadame": "無",
}


class MovingClock:
    """The machine's clock plus what the test has let pass."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(JST) + self.ahead


class GivenTown:
    """A town that somebody else runs, where the house expects its own child."""

    def __init__(self, endpoints: Mapping[str, Any]) -> None:
        self._endpoints = {key: str(value) for key, value in endpoints.items()}

    def endpoints(self) -> Mapping[str, str]:
        return self._endpoints

    def stop(self) -> None:
        """Whoever started it stops it."""


class OpenDesk:
    """A desk with its house, its clock and the town it files in."""

    def __init__(self, folder: Path, town: TownProcess, *, known_as: str = NUMBER) -> None:
        self.town = town
        self.clock = MovingClock()
        places = Places(folder, folder / "settings.json", folder / "policy.toml")
        self.house = House(ROOT / "resources", places, self.clock, person="山本")
        self.house.__dict__["town"] = GivenTown(town.endpoints)
        self.path = folder / "companies" / f"practice-{known_as}.vault"
        self.desk = self._create(known_as)

    def _create(self, number: str) -> Desk:
        from app.services.companies import CompanyCard, Opened
        from app.services.connectors.houjin_bangou import to_records
        from app.store.records import Records

        entry = self.house.companies.look_up(number, practice=True)
        self.path.parent.mkdir(parents=True)
        self.key, _ = create_key_file(self.path, "a passphrase", practice=True, cost=CHEAP)
        migrations = ROOT / "resources" / "migrations"
        vault = Vault.create(
            self.path, self.key, practice=True, migrations=migrations, clock=self.clock
        )
        Records(vault).append(to_records(entry, self.clock()))
        card = CompanyCard(self.path, entry.name, number, entry.city_name, "ai", "社", True)
        self.house.companies.remember(card)
        self._opened = Opened
        self._card = card
        desk = self.house.desk(Opened(vault, self.key, card))
        for path, text in COMPANY.items():
            desk.answer_fact(path, text)
        return desk

    def sign_in(self) -> None:
        """Signs in by a token the town gives without a browser."""
        told = self.town.token(ACCOUNT)
        now = self.clock()
        self.desk.accounts.save(
            AccountRow(
                id="egov",
                door="egov",
                kind="gbizid",
                label=ACCOUNT,
                subject=subject_of(told["access_token"]),
                tokens={
                    "access_token": told["access_token"],
                    "expires_at": (now + timedelta(seconds=int(told["expires_in"]))).isoformat(),
                    "subject": subject_of(told["access_token"]),
                    "refresh_token": told["refresh_token"],
                    "refresh_expires_at": (
                        now + timedelta(seconds=int(told["refresh_expires_in"]))
                    ).isoformat(),
                },
                details={"account_type": "2"},
            )
        )
        self.desk.doors.__dict__.pop("egov", None)
        self.desk.doors.account._sign_ins.clear()

    def complete_draft(self, family_name: str = "佐野") -> str:
        """A new employee and her complete draft; gives the draft's id."""
        key = self.desk.add_member(
            "employees",
            {
                "family_name": family_name,
                "given_name": "あかり",
                "family_kana": "サノ",
                "given_kana": "アカリ",
                "sex": "女",
                "birth": "1995-05-05",
                "hired_on": "2026-07-01",
            },
        )
        open_draft = self.desk.open_draft(PROCEDURE, key)
        draft = open_draft.draft
        open_draft.apply(draft.leave_blank("hihokensha_bangou"))
        for field_id, text in ANSWERS.items():
            open_draft.apply(draft.answer(field_id, text))
        assert draft.is_complete, (draft.gaps(), draft.problems())
        return open_draft.id

    def sealed(self, family_name: str = "佐野") -> str:
        """A sealed filing that waits in the outbox."""
        return self.desk.seal(self.complete_draft(family_name))

    def pass_time(self, seconds: float) -> None:
        """Time passes here and in the town."""
        self.clock.ahead += timedelta(seconds=seconds)
        self.town.clock(seconds)
        self.sign_in()  # the hour of a token passes quickly here

    def reopen(self) -> None:
        """Closes and opens the vault, as after a new start of the program."""
        self.desk.lock()
        migrations = ROOT / "resources" / "migrations"
        vault = Vault.open(self.path, self.key, migrations=migrations, clock=self.clock)
        self.desk = self.house.desk(self._opened(vault, self.key, self._card))

    def close(self) -> None:
        """Ends it."""
        self.desk.lock()


def subject_of(access_token: str) -> str:
    """The `sub` of a JWT, read without trust."""
    body = access_token.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return str(claims["sub"])
