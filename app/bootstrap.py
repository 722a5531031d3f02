"""The one place that builds everything and joins it: services for the views, commands for the cli.

Nothing heavy is imported at the top: the first window is painted before pydantic, httpx, keyring,
the catalogue or WebEngine are loaded.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.domain.clock import Clock, system_clock
from app.domain.errors import Known

if TYPE_CHECKING:
    from app.facts.catalogue import Catalogue
    from app.forms.library import ProcedureLibrary
    from app.services.companies import Companies, Created, Opened, RegisterDoor
    from app.services.desk import Desk
    from app.services.desk_doors import DeskDoors
    from app.services.doors import DoorAddresses
    from app.services.grants.desk import GrantsDesk
    from app.services.office.office import Office
    from app.services.office.offices import Offices
    from app.services.practice import PracticeTown
    from app.services.settings import FirstLook, Loaded, Settings
    from app.services.social.desk import SocialData
    from app.store.public_data import PublicData


def start(arguments: list[str], resources: Path) -> int:
    """Runs the program: a command of the command line, the probe, or the window. Gives the exit code."""
    if arguments[:1] == ["--probe"]:
        from app.views.probe import main as probe

        return probe()
    if arguments[:1] == ["--pdf-text"]:
        from app.services.pdf_text import main as pdf_text

        return pdf_text()
    if arguments:
        from app import cli

        known = arguments[0] in cli.COMMANDS
        return cli.run(arguments if known else ["help!", *arguments], _commands(resources))
    from app.views.program import run_window

    return run_window(House(resources, places(os.environ)))


def places(environ: Mapping[str, str]) -> Places:
    """Where this program keeps things. ICHIDO_HOME puts everything below one folder."""
    if home := environ.get("ICHIDO_HOME"):
        return Places(Path(home), Path(home) / "settings.json", Path(home) / "policy.toml")
    user = Path.home()
    if sys.platform == "win32":
        base = Path(environ.get("APPDATA") or user / "AppData" / "Roaming") / "Ichido"
        policy = Path(environ.get("PROGRAMDATA") or "C:/ProgramData") / "Ichido" / "policy.toml"
        return Places(base, base / "settings.json", policy)
    if sys.platform == "darwin":
        base = user / "Library" / "Application Support" / "Ichido"
        return Places(base, base / "settings.json", Path("/Library/Ichido/policy.toml"))
    data = Path(environ.get("XDG_DATA_HOME") or user / ".local" / "share") / "ichido"
    settings = Path(environ.get("XDG_CONFIG_HOME") or user / ".config") / "ichido" / "settings.json"
    return Places(data, settings, Path("/etc/ichido/policy.toml"))


class Places:
    """The folders and files of one user: data, settings, and the administrator's policy."""

    def __init__(self, data: Path, settings: Path, policy: Path) -> None:
        self.data = data
        self.settings = settings
        self.policy = policy


class House:
    """The program around the window; every part is built when it is first asked for."""

    def __init__(
        self, resources: Path, where: Places, clock: Clock = system_clock, person: str = ""
    ) -> None:
        self.resources = resources
        self.where = where
        self.clock = clock
        self._person = person
        self._lock = threading.RLock()
        self._public: dict[bool, PublicData] = {}

    @cached_property
    def person(self) -> str:
        """Who sits here, for what is written down with a name."""
        return self._person or _user_name()

    # --- what services stand on

    @property
    def look(self) -> FirstLook:
        """What the first page needs of the settings; read without what reads all of them."""
        from app.services.settings import first_look

        return first_look(self.where.settings, self.where.policy)

    @cached_property
    def vault_folder(self) -> Path:
        """Where the vaults are kept until the program ends: a changed setting counts at the next start."""
        chosen = self.look.data_folder
        return Path(chosen) if chosen else self.where.data / "companies"

    def folder_fault(self) -> str:
        """A sentence when the folder somebody chose for the vaults is not there; else ""."""
        folder = self.vault_folder
        if folder == self.where.data / "companies" or folder.is_dir():
            return ""
        return (
            f"会社のファイルを置くところ({folder})が見つかりません。"
            "つながっているか確かめてから、開きなおしてください。"
        )

    @cached_property
    def loaded(self) -> Loaded:
        """The settings file as it was read, with what could not be taken from it."""
        from app.services.settings import load_settings

        return load_settings(self.where.settings, self.where.policy)

    @property
    def settings(self) -> Settings:
        """The settings that hold now."""
        return self.loaded.settings

    def keep_settings(self, settings: Settings) -> None:
        """Writes the settings; the next reading gives them. Raises Known."""
        from app.services.settings import save_settings

        self.__dict__["loaded"] = save_settings(self.where.settings, settings, self.loaded)

    @cached_property
    def catalogue(self) -> Catalogue:
        """The catalogue of facts."""
        from app.facts.catalogue import load_catalogue

        return load_catalogue(self.resources)

    @cached_property
    def library(self) -> ProcedureLibrary:
        """The procedures."""
        from app.forms.library import ProcedureLibrary

        return ProcedureLibrary(self.resources, self.catalogue)

    @cached_property
    def social_data(self) -> SocialData:
        """Tables, layouts and words of social insurance, shared by all companies."""
        from app.services.social.desk import load_social_data

        return load_social_data(self.resources, self.catalogue)

    @cached_property
    def town(self) -> PracticeTown:
        """The practice town; its process starts at the first `endpoints()`."""
        from app.services.practice import PracticeTown

        command = [sys.executable]
        if not getattr(sys, "frozen", False):
            command.append(str(self.resources.parent / "main.py"))
        # Without --state nothing of the town stays: its ledger holds the names that were filed.
        return PracticeTown([*command, "town", "--with-parent"])

    @cached_property
    def companies(self) -> Companies:
        """The companies on this machine."""
        from app.services.companies import Companies
        from app.services.keys import KeyRing

        return Companies(
            self.vault_folder, self.resources / "migrations", self._register, KeyRing(), self.clock
        )

    def _register(self, practice: bool) -> RegisterDoor:
        from app.services.companies import RegisterDoor

        if practice:
            told = self.town.endpoints()
            return RegisterDoor(told["houjin_bangou"], told["application_id"])
        return RegisterDoor(self.settings.doors.houjin_bangou, "")

    def warm(self) -> None:
        """Reads ahead what opening a company and its first form need. Called off the window's thread."""
        from app.forms.compiled import compile_procedure
        from app.services import desk, desk_doors  # noqa: F401

        for entry in self.library.entries():
            compile_procedure(self.library.load(entry.id, self.catalogue))

    @cached_property
    def offices(self) -> Offices:
        """The office files on this machine."""
        from app.services.office.joining import offices_of

        return offices_of(self)

    # --- one company

    def desk(self, opened: Opened, office: Office | None = None) -> Desk:
        """The desk of a company just opened; may take a moment, so call it off the window's thread.

        With `office` it was opened through it: filings then leave by the office's account.
        """
        from app.services.desk import Desk
        from app.services.desk_parts import DeskParts, own_standing
        from app.services.public_records import public_records_of

        desk = Desk(
            opened,
            DeskParts(
                resources=self.resources,
                catalogue=self.catalogue,
                library=self.library,
                companies=self.companies,
                settings=lambda: self.settings,
                clock=self.clock,
                person=self.person,
                doors=self._doors if office is None else office.doors_of,
                grants=self._grants,
                public_records=lambda desk: public_records_of(
                    desk, lambda: self.addresses(desk, tls=False, to_sign_in=False)
                ),
                social=lambda: self.social_data,
                standing=own_standing if office is None else office.standing_of,
            ),
        )
        if office is not None:
            office.lend(desk.vault.id, desk.vault, desk.doors)
        return desk

    def _doors(self, desk: Desk) -> DeskDoors:
        from app.services.desk_doors import DeskDoors

        def addresses(*, tls: bool) -> DoorAddresses:
            return self.addresses(desk, tls=tls)

        return DeskDoors(
            desk.vault,
            desk.card.corporate_number,
            addresses,
            self.library,
            self.catalogue,
            self.resources,
            self.clock,
        )

    def public_data(self, *, practice: bool) -> PublicData:
        """The kept copy of what is published: one file for all real companies, one for practice."""
        from app.store.public_data import PublicData

        with self._lock:
            if practice not in self._public:
                name = "practice.db" if practice else "public.db"
                self._public[practice] = PublicData(self.where.data / "public" / name, self.clock)
            return self._public[practice]

    def _grants(self, desk: Desk) -> GrantsDesk:
        from app.services.grants.joining import grants_of

        return grants_of(self, desk)

    def addresses(
        self, desk: Desk | Office, *, tls: bool, to_sign_in: bool = True
    ) -> DoorAddresses:
        """Where the doors are for an open company or office: the town's, or the settings' with its own ids.

        A portal is opened without e-Gov's ids (`to_sign_in` False). Raises Known where they lack.
        """
        from app.services.doors import doors_of_settings, doors_of_town

        if desk.practice:
            return doors_of_town(self.town.endpoints(), self.settings, tls=tls)
        mine = {row.id: row for row in desk.accounts.list()}
        egov = dict(mine["egov-software"].tokens) if "egov-software" in mine else {}
        register = dict(mine["houjin-bangou"].tokens) if "houjin-bangou" in mine else {}
        gbizinfo = dict(mine["gbizinfo"].tokens) if "gbizinfo" in mine else {}
        if to_sign_in and not egov.get("software_id"):
            raise Known(
                "no-software-id",
                "e-Gov のソフトウェアID がまだありません。設定の「役所の窓口」で入れるか、"
                "引き渡し(ファイルで渡すやり方)を使ってください。",
            )
        return doors_of_settings(
            self.settings,
            houjin_bangou_id=register.get("application_id", ""),
            client_id=egov.get("software_id", ""),
            client_secret=egov.get("api_key", ""),
            gbizinfo_token=gbizinfo.get("token", ""),
        )

    def recovery_pdf(self, created: Created) -> bytes:
        """The recovery sheet of a new company."""
        from app.domain.clock import today
        from app.domain.era import wareki_text
        from app.forms.printing import print_recovery_sheet

        card = created.opened.card
        return print_recovery_sheet(
            card.name,
            card.corporate_number,
            created.recovery_text,
            wareki_text(today(self.clock)),
            card.practice,
            self.resources / "fonts",
        )

    def town_mails(self) -> list[dict[str, str]]:
        """The mails of the practice town, oldest first; a person would read them in a mail program."""
        from app.services.wire import Wire

        told = self.town.endpoints()
        wire = Wire(practice=True, door="練習の町", clock=self.clock)
        try:
            reply = wire.request(
                "GET", f"{told['control']}/mailbox", headers={"X-Town-Token": told["control_token"]}
            )
        finally:
            wire.close()
        return [{k: str(v) for k, v in mail.items()} for mail in reply.json()["mails"]]

    def close(self) -> None:
        """Ends what was started: the practice town."""
        if "town" in self.__dict__:
            self.town.stop()
        for public in self._public.values():
            public.close()


def _user_name() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "この人"


def _commands(resources: Path) -> Any:
    from app.cli import Commands

    def town(rest: list[str]) -> int:
        from app.sandbox.serve import main as serve

        return serve(["--resources", str(resources / "sandbox"), *rest])

    def unlocked(house: House, vault: Path, passphrase: str) -> Opened:
        from app.services.companies import card_of_file

        known = (c for c in house.companies.cards() if c.path == vault)
        return house.companies.open(next(known, None) or card_of_file(vault), passphrase)

    def prove(vault: Path, filing: str, passphrase: str, target: Path) -> Path:
        house = House(resources, places(os.environ))
        desk = house.desk(unlocked(house, vault, passphrase))
        try:
            return desk.prove(filing, target)
        finally:
            desk.lock()
            house.close()

    def look_over(vault: Path, passphrase: str) -> list[str]:
        from app.services.vault_care import VaultCare

        house = House(resources, places(os.environ))
        opened = unlocked(house, vault, passphrase)
        try:
            return VaultCare(opened, house.companies, house.clock).check()
        finally:
            # No copy of a file that may be damaged: it would push out an older, whole one.
            opened.vault.close(back_up=False)

    probe = [sys.executable, "--probe"]
    if not getattr(sys, "frozen", False):
        probe = [sys.executable, str(resources.parent / "main.py"), "--probe"]
    return Commands(resources, probe, town, prove, look_over)
