"""The town as a whole: its people, keys, clock, weather and books, and the services built on them."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random, SystemRandom
from typing import Any

from starlette.routing import Route

from app.sandbox import elsewhere, gbizinfo, jgrants, oidc, pages
from app.sandbox.accounts import load_accounts
from app.sandbox.agency import Agency, Lives, Pace
from app.sandbox.batch import BatchBook
from app.sandbox.clock import TownClock
from app.sandbox.control import Control
from app.sandbox.egov_account import BROKER_CLIENT, BROKER_PATH, EgovAccount
from app.sandbox.egov_account_tokens import EgovTokenDesk
from app.sandbox.egov_api import EgovApi
from app.sandbox.egov_post import ShareBook
from app.sandbox.gbizid import GbizId
from app.sandbox.gbizid_claims import ARRANGED
from app.sandbox.gbizid_tokens import TokenDesk
from app.sandbox.gbizinfo_book import CompanyBook
from app.sandbox.houjin import CorporateNumbers, load_rows
from app.sandbox.identity import Identity
from app.sandbox.jgrants_book import REAL_PAGES, GrantBook
from app.sandbox.journal import Journal
from app.sandbox.keys import load_or_make
from app.sandbox.ledger import Ledger
from app.sandbox.mailbox import Mailbox
from app.sandbox.portal import Portal
from app.sandbox.portal_book import PortalBook
from app.sandbox.portal_forms import load_forms
from app.sandbox.portal_sign_in import CALLBACK_PATH, PortalSignIn, new_client
from app.sandbox.postbox import Postbox
from app.sandbox.practice import PracticePages
from app.sandbox.procedures import load_procedures
from app.sandbox.weather import Weather

APPLICATION_ID = "RENSHU0000001"
SOFTWARE_ID = "renshu-software"
API_KEY = "renshu-api-key-0001"
RP_ID = "renshu-rp"
RP_SECRET = "renshu-rp-secret-0001"
REDIRECT = "http://127.0.0.1/callback"
GBIZINFO_TOKEN = "renshu-gbizinfo-token-0001"
SERVICES = (
    "houjin", "gbizid", "egov_account", "egov_api", "jgrants", "gbizinfo", "portal", "elsewhere",
    "control",
)  # fmt: skip
FAULTS = {"jgrants": jgrants.fault_body, "gbizinfo": gbizinfo.fault_body}


@dataclass(frozen=True)
class Options:
    """How a town is started; `state` keeps it from one day to the next."""

    resources: Path
    state: Path | None = None
    seed: int | None = None
    redirects: tuple[str, ...] = (REDIRECT,)
    grants: Path | None = None


class Town:
    """Everything but the sockets; `origins` maps (service, scheme) to an origin once bound."""

    def __init__(self, options: Options) -> None:
        """Build every service; nothing listens yet."""
        self.options = options
        rng: Random = SystemRandom() if options.seed is None else Random(options.seed)
        self.origins: dict[tuple[str, str], str] = {}
        self.control_token = secrets.token_urlsafe(24)
        self.clock = TownClock()
        self.keys = load_or_make(options.state)
        self.weather = Weather(self.clock)
        self.journal = Journal(self.clock)
        self.mailbox = Mailbox(self.clock)
        self.accounts = load_accounts(options.resources)
        self.procedures = load_procedures(options.resources)
        self.rows = load_rows(options.resources)
        self.numbers = CorporateNumbers(self.rows, APPLICATION_ID, self.clock.seconds)
        grants = GrantBook(options.resources, options.grants, self._grant_pages)
        self.grants = jgrants.JGrants(grants, self.clock)
        companies = CompanyBook(options.resources, self.rows)
        self.facts = gbizinfo.GBizInfo(companies, GBIZINFO_TOKEN, self.clock)
        self.client = oidc.Client(SOFTWARE_ID, API_KEY, list(options.redirects))
        self.rp = oidc.Client(RP_ID, RP_SECRET, list(options.redirects), ARRANGED)
        self.broker = oidc.Client(BROKER_CLIENT, secrets.token_urlsafe(24), [])
        self.portal_client = new_client()
        self.portal_forms = load_forms(options.resources)
        self.portal_book = PortalBook(self.clock, rng)
        self.gbizid_identity = Identity(self.clock, rng)
        self.egov_identity = Identity(self.clock, rng)
        self.ledger = Ledger(self.clock)
        self.egov_desk = EgovTokenDesk(
            self.egov_identity, self.keys.egov, self.client, self.accounts
        )
        style = (options.resources / "document.xsl").read_bytes()
        self.agency = Agency(self.ledger, self.procedures, self.keys, self.clock, rng, style)
        self.batches = BatchBook(self.clock)
        self.shares = ShareBook()
        self.postbox = Postbox(self.clock, self.keys, style, lambda: self.agency.lives.delivery)
        self.agency.deliver = self.postbox.deliver
        self.egov = EgovApi(self)
        self.control = Control(self)
        self._routes = {
            "houjin": self.numbers.routes(),
            **self._sign_in(),
            "egov_api": self.egov.routes(),
            "jgrants": self.grants.routes(),
            "gbizinfo": self.facts.routes(),
            "elsewhere": elsewhere.routes(),
            "control": [
                *self.control.routes(),
                *PracticePages(self.mailbox, self.accounts).routes(),
                *self.egov.bank_routes(),
            ],
        }
        self._load()
        for book in (self.ledger, self.gbizid_identity, self.egov_identity, self.portal_book):
            book.changed = self.save

    def _grant_pages(self) -> str:
        """Where the pages of grants are: in the town if a portal is open there."""
        return self.origins.get(("portal", "https"), REAL_PAGES)

    def _sign_in(self) -> dict[str, list[Route]]:
        clients = {one.id: one for one in (self.rp, self.broker, self.portal_client)}
        people = self.accounts
        desk = TokenDesk(self.gbizid_identity, self.keys.gbizid, clients, people)
        gbizid = GbizId(
            self.gbizid_identity,
            desk,
            clients,
            people,
            self.mailbox,
            lambda: self.origins["control", "http"],
        )
        egov = EgovAccount(
            self.egov_identity,
            self.egov_desk,
            self.client,
            people,
            desk,
            lambda scheme: self.origins["gbizid", scheme],
        )
        sign_in = PortalSignIn(
            self.portal_book, desk, people, lambda scheme: self.origins["gbizid", scheme]
        )
        portal = Portal(
            self.portal_book,
            self.portal_forms,
            sign_in,
            self.options.resources / "portal" / "assets",
            lambda scheme: self.origins["elsewhere", scheme],
        )
        return {
            "gbizid": gbizid.routes(),
            "egov_account": egov.routes(),
            "portal": portal.routes(),
        }

    def routes(self, service: str) -> list[Route]:
        """The routes of one of SERVICES."""
        font = pages.font_route(self.options.resources.parent / "fonts")
        return [font, *self._routes[service]]

    def bound(self, origins: dict[tuple[str, str], str]) -> None:
        """Tell the town where its services listen."""
        self.origins = origins
        self.broker.redirects = [
            f"{origins['egov_account', scheme]}{BROKER_PATH}" for scheme in ("http", "https")
        ]
        self.portal_client.redirects = [
            f"{origins['portal', scheme]}{CALLBACK_PATH}" for scheme in ("http", "https")
        ]

    def endpoints(self) -> dict[str, Any]:
        """What is printed at start: addresses, practice client ids, the control token."""
        at = self.origins
        return {
            "houjin_bangou": f"{at['houjin', 'http']}/4",
            "application_id": APPLICATION_ID,
            "gbizid_issuer": f"{at['gbizid', 'http']}/oauth/",
            "gbizid_issuer_https": f"{at['gbizid', 'https']}/oauth/",
            "gbizid_client_id": RP_ID,
            "gbizid_client_secret": RP_SECRET,
            "egov_auth": f"{at['egov_account', 'http']}/auth",
            "egov_auth_https": f"{at['egov_account', 'https']}/auth",
            "egov_api": f"{at['egov_api', 'http']}/shinsei/v2",
            "egov_api_https": f"{at['egov_api', 'https']}/shinsei/v2",
            "jgrants": f"{at['jgrants', 'http']}/exp",
            "jgrants_https": f"{at['jgrants', 'https']}/exp",
            "gbizinfo": f"{at['gbizinfo', 'http']}/hojin",
            "gbizinfo_https": f"{at['gbizinfo', 'https']}/hojin",
            "gbizinfo_token": GBIZINFO_TOKEN,
            "portal": at["portal", "http"],
            "portal_https": at["portal", "https"],
            "elsewhere": at["elsewhere", "http"],
            "software_id": SOFTWARE_ID,
            "api_key": API_KEY,
            "redirect_uris": self.client.redirects,
            "mailbox": f"{at['control', 'http']}/mailbox",
            "phone": f"{at['control', 'http']}/phone",
            "control": f"{at['control', 'http']}/control",
            "control_token": self.control_token,
            "tls_sha256": self.keys.tls.sha256,
            "tls_certificate_pem": self.keys.tls.certificate_pem.decode("ascii"),
            "document_authority_pem": self.keys.authority.certificate_pem.decode("ascii"),
            "pid": os.getpid(),
        }

    def reset(self) -> None:
        """A town as on its first day: no filings, nobody signed in, clear sky, real time."""
        self.clock.reset()
        self.weather.clouds.clear()
        self.journal.clear()
        self.mailbox.mails.clear()
        self.gbizid_identity.forget()
        self.egov_identity.forget()
        self.agency.pace = Pace()
        self.agency.lives = Lives()
        self.agency.otherwise.clear()
        self.batches.batches.clear()
        self.shares.shares.clear()
        self.postbox.deliveries.clear()
        self.numbers.limit = 600
        self.grants.reset()
        self.facts.reset()
        self.client.redirects = list(self.options.redirects)
        self.rp.redirects = list(self.options.redirects)
        self.accounts.clear()
        self.accounts.update(load_accounts(self.options.resources))
        self.portal_book.clear()
        self.ledger.clear()

    def save(self) -> None:
        """Write the book and the sign-ins into the state folder, if there is one."""
        if self.options.state is None:
            return
        data = {
            "ledger": self.ledger.kept(),
            "gbizid": self.gbizid_identity.kept(),
            "egov": self.egov_identity.kept(),
            "portal": self.portal_book.kept(),
            "batches": self.batches.kept(),
            "shares": self.shares.kept(),
            "postbox": self.postbox.kept(),
        }
        path = self.options.state / "town.json"
        fresh = path.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_text(json.dumps(data, ensure_ascii=False), "utf-8")
        fresh.replace(path)

    def _load(self) -> None:
        if self.options.state is None:
            return
        path = self.options.state / "town.json"
        if path.exists():
            data = json.loads(path.read_text("utf-8"))
            self.ledger.take_back(data["ledger"])
            self.gbizid_identity.take_back(data["gbizid"])
            self.egov_identity.take_back(data["egov"])
            # A state kept before there was such a part does not have it.
            newer: list[tuple[str, Callable[[Any], None]]] = [
                ("portal", self.portal_book.take_back),
                ("batches", self.batches.take_back),
                ("shares", self.shares.take_back),
                ("postbox", self.postbox.take_back),
            ]
            for name, take_back in newer:
                if name in data:
                    take_back(data[name])
