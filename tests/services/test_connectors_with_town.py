"""Connectors and sign-in against the practice town, over HTTP, as the program meets it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from urllib.parse import urlencode

import httpx
import pytest

from app.domain.clock import system_clock, today
from app.domain.errors import NoAnswer, Refused, SignedOut, Unreachable
from app.services.connectors.egov import Egov
from app.services.connectors.houjin_bangou import HoujinBangou
from app.services.connectors.oidc import OidcClient, OidcConfig, egov_provider
from app.services.sign_in import SignIn
from app.services.wire import Busy, Timeouts, Wire
from app.store.rows import AccountRow
from tests.sandbox.town_browser import CALLBACK, PASSWORDS, Browser
from tests.sandbox.town_packages import PROC, Application
from tests.sandbox.town_process import TownProcess, start_town

QUICK = Timeouts(connect=2.0, read=1.5, whole=10.0)


class Shelf:
    """Accounts in memory."""

    def __init__(self) -> None:
        self.rows: dict[str, AccountRow] = {}

    def save(self, account: AccountRow) -> None:
        self.rows[account.id] = account

    def get(self, account_id: str) -> AccountRow | None:
        return self.rows.get(account_id)

    def list(self) -> list[AccountRow]:
        return list(self.rows.values())

    def drop(self, account_id: str) -> None:
        self.rows.pop(account_id, None)


@pytest.fixture(scope="module")
def running() -> Iterator[TownProcess]:
    with start_town(seed=5) as town:
        yield town


@pytest.fixture
def town(running: TownProcess) -> TownProcess:
    running.reset()
    running.control("POST", "pace", {"mode": "manual"})
    return running


@pytest.fixture
def wire() -> Iterator[Wire]:
    made = Wire(practice=True, door="e-Gov", timeouts=QUICK)
    yield made
    made.close()


def sign_in_of(town: TownProcess, wire: Wire, *, https: bool = False, company: str = "") -> SignIn:
    at = town.endpoints
    auth = at["egov_auth_https" if https else "egov_auth"]
    config = OidcConfig(
        door="e-Gov",
        issuer=auth,
        client_id=at["software_id"],
        client_secret=at["api_key"],
        redirect_uri=CALLBACK,
        provider=egov_provider(auth, auth),
    )
    client = OidcClient(wire, config, system_clock)
    return SignIn(Shelf(), client, system_clock, company_number=company)


@pytest.fixture
def sign_in(town: TownProcess, wire: Wire) -> SignIn:
    return sign_in_of(town, wire)


@pytest.fixture
def browser() -> Iterator[Browser]:
    made = Browser()
    yield made
    made.close()


def walk(town: TownProcess, browser: Browser, url: str, who: str = "prime") -> str:
    """Sign in as a person does at the e-Gov page by gBizID; the address one is sent back to."""
    browser.open(url)
    browser.submit("idp-gbizid")
    browser.submit("action-next", account=f"{who}@example.jp", password=PASSWORDS[who])
    browser.submit("factor-mail")
    browser.submit("action-next", otp=town.otp(f"{who}@example.jp"))
    return f"{CALLBACK}?{urlencode(browser.returned)}"


@pytest.fixture
def egov(town: TownProcess, wire: Wire) -> Egov:
    token = town.token()["access_token"]
    return Egov(wire, town.endpoints["egov_api"], lambda: token)


@pytest.fixture
def package(egov: Egov) -> bytes:
    """A good package made from the skeleton by the town's own tests."""
    with zipfile.ZipFile(io.BytesIO(egov.procedure(PROC).zip_bytes)) as archive:
        files = {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}
    return Application(files).raw()


def days() -> tuple[date, date]:
    day = today(system_clock)
    return day - timedelta(days=1), day + timedelta(days=1)


# ---- sign-in ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("who", "kind"), [("prime", 2), ("member", 3), ("entry", 1)])
def test_a_person_signs_in_by_gbizid(town, browser, sign_in, who, kind):
    done = sign_in.complete(walk(town, browser, sign_in.begin().url, who))
    assert (done.account_type, done.who) == (kind, f"{who}@example.jp")
    assert bool(done.notice) == (kind == 1)
    assert sign_in.state.signed_in
    assert sign_in.still_signed_in() is True


def test_an_egov_account_signs_in_without_gbizid(town, browser, sign_in):
    browser.open(sign_in.begin().url)
    browser.submit("idp-egov", account="egov@example.jp", password=PASSWORDS["egov"])
    done = sign_in.complete(f"{CALLBACK}?{urlencode(browser.returned)}")
    assert done.account_type == 0


def test_the_sign_in_over_the_towns_pinned_certificate(town, browser):
    wire = Wire(practice=True, timeouts=QUICK, pin=town.endpoints["tls_sha256"])
    sign_in = sign_in_of(town, wire, https=True)
    assert sign_in.complete(walk(town, browser, sign_in.begin().url)).account_type == 2
    wire.close()
    stranger = Wire(practice=True, timeouts=QUICK, pin="0" * 64)
    with pytest.raises(Unreachable):
        sign_in_of(town, stranger, https=True).begin()


def test_a_used_code_is_refused_and_a_refresh_rotates(town, browser, wire):
    watch = [system_clock()]
    sign_in = sign_in_of(town, wire)
    sign_in._clock = lambda: watch[0]
    sign_in.complete(walk(town, browser, sign_in.begin().url))
    first = sign_in.token()
    watch[0] += timedelta(minutes=59, seconds=30)
    second = sign_in.token()
    assert second != first
    assert sign_in.still_signed_in() is True
    sign_in.sign_out()
    with pytest.raises(SignedOut):
        sign_in.token()


def test_gbizid_itself_and_the_company_check(town, browser, wire):
    at = town.endpoints

    def client(company: str) -> SignIn:
        config = OidcConfig(
            door="GビズID",
            issuer=at["gbizid_issuer"],
            client_id=at["gbizid_client_id"],
            client_secret=at["gbizid_client_secret"],
            redirect_uri=CALLBACK,
            scopes=("openid", "profile", "user", "email", "offline_access"),
        )
        oidc = OidcClient(wire, config, system_clock)
        return SignIn(Shelf(), oidc, system_clock, account_id="gbizid", company_number=company)

    def enter(sign_in: SignIn):
        browser._client.cookies.clear()  # gBizID remembers a session; each person comes anew
        browser.open(sign_in.begin().url)
        browser.submit("action-next", account="prime@example.jp", password=PASSWORDS["prime"])
        browser.submit("factor-mail")
        browser.submit("action-next", otp=town.otp("prime@example.jp"))
        return sign_in.complete(f"{CALLBACK}?{urlencode(browser.returned)}")

    done = enter(client(""))
    number = done.claims["corporate_number"]
    assert done.account_type == 2
    assert enter(client(number)).claims["corporate_number"] == number
    with pytest.raises(Refused) as fault:
        enter(client("7000012050002"))
    assert fault.value.code == "gbizid-other-company"


def test_a_wrong_api_key_is_said(town, browser, wire):
    sign_in = sign_in_of(town, wire)
    config = sign_in._oidc.config
    object.__setattr__(config, "client_secret", "wrong")
    with pytest.raises(Refused) as fault:
        sign_in.complete(walk(town, browser, sign_in.begin().url))
    assert fault.value.code == "oidc-client"


# ---- filing -------------------------------------------------------------------------------------


def test_one_filing_from_skeleton_to_document(town, egov, package):
    skeleton = egov.procedure(PROC)
    assert skeleton.forms[0].form_id == "495000020325029841"
    assert egov.check(PROC, "a.zip", package).error_count == 0
    receipt = egov.apply(PROC, "a.zip", package)
    assert receipt.arrived_at is not None
    (case,) = egov.cases(*days())
    assert case.arrive_id == receipt.arrive_id == town.ledger()[0]["arrive_id"]
    assert case.arrived_at == receipt.arrived_at
    assert egov.case(receipt.arrive_id).status == case.status
    town.advance(receipt.arrive_id, "審査中")
    assert egov.case(receipt.arrive_id).status == "審査中"
    town.advance(receipt.arrive_id, "審査終了")
    over = egov.case(receipt.arrive_id)
    assert over.status in ("審査終了", "手続終了")
    assert over.documents
    document = egov.official_document(receipt.arrive_id, over.documents[0].notice_sub_id)
    with zipfile.ZipFile(io.BytesIO(document.zip_bytes)) as archive:
        assert archive.testzip() is None
        assert document.file_names
    done = egov.document_done(receipt.arrive_id, document.notice_sub_id)
    assert done.arrive_id == receipt.arrive_id
    assert egov.case(receipt.arrive_id).documents[0].doc_download_date
    for row in egov.notices(*days()):
        assert egov.notice(row.arrive_id, row.notice_sub_id).notice_title
    for message in egov.messages(*days()):
        assert egov.message(message.information_id).information_title


def test_a_bad_package_is_refused_with_items(town, egov, package):
    flat = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as good, zipfile.ZipFile(flat, "w") as bad:
        for name in good.namelist():
            bad.writestr(name.partition("/")[2], good.read(name))
    with pytest.raises(Refused) as fault:
        egov.apply(PROC, "a.zip", flat.getvalue())
    assert fault.value.sentence.startswith("e-Gov は受け付けませんでした。")
    assert town.ledger() == []


@pytest.mark.parametrize(
    ("kind", "filed"),
    [
        ("no_answer", 0),
        ("reset_before", 0),
        ("answer_lost", 1),
        ("accepted_no_answer", 1),
        ("error_500", 0),
        ("error_503", 0),
        ("malformed_json", 1),
        ("truncated_body", 1),
    ],
)
def test_weather_leaves_the_outcome_open_and_is_sent_once(town, egov, package, kind, filed):
    town.weather(kind, match="POST */apply")
    with pytest.raises(NoAnswer):
        egov.apply(PROC, "a.zip", package)
    assert len(town.ledger()) == filed
    assert len(egov.cases(*days())) == filed


@pytest.mark.parametrize(
    ("match", "call", "kind", "code"),
    [
        ("GET */apply/lists", lambda e, _: e.cases(*days()), SignedOut, "egov-revoked"),
        (
            "POST */apply",
            lambda e, p: e.apply(PROC, "a.zip", p),
            NoAnswer,
            "egov-unknown-signed-out",
        ),
    ],
)
def test_a_revoked_token_is_told_apart_from_trouble(
    town, browser, wire, package, match, call, kind, code
):
    sign_in = sign_in_of(town, wire)
    sign_in.complete(walk(town, browser, sign_in.begin().url))
    egov = Egov(wire, town.endpoints["egov_api"], sign_in.token, sign_in.still_signed_in)
    assert egov.cases(*days()) == []
    town.weather("token_revoked", match=match)
    with pytest.raises(kind) as fault:
        call(egov, package)
    assert fault.value.code == code
    assert not sign_in.state.signed_in
    assert "取り消されました" in sign_in.state.reason


def test_a_rate_limit_says_when(town, egov, package):
    town.weather("rate_limited", match="POST */apply")
    with pytest.raises(Busy) as fault:
        egov.apply(PROC, "a.zip", package)
    assert fault.value.seconds >= 1
    assert town.ledger() == []


def test_more_than_a_page_of_filings_are_all_listed(town, egov):
    for _ in range(53):
        town.control("POST", "foreign-filing", {"account": "prime@example.jp"})
    cases = egov.cases(*days())
    assert {c.arrive_id for c in cases} == {f["arrive_id"] for f in town.ledger()}
    assert len(cases) == 53


# ---- register -----------------------------------------------------------------------------------


def test_the_register_of_the_town(town, wire):
    at = town.endpoints
    register = HoujinBangou(wire, at["houjin_bangou"], at["application_id"])
    entry = register.by_number("1010001072706")
    assert entry is not None
    assert entry.name == "東京増田医療器株式会社"
    assert register.by_number("9000000000009") is None
    with pytest.raises(Refused) as fault:
        HoujinBangou(wire, at["houjin_bangou"], "UNKNOWN000000").by_number("1010001072706")
    assert fault.value.code == "register-id"


def test_the_town_is_out_of_reach_of_a_real_vault(town):
    asked: list[httpx.Request] = []
    wire = Wire(
        practice=False,
        transport=httpx.MockTransport(lambda r: asked.append(r) or httpx.Response(200)),
    )
    for name in ("egov_api", "egov_api_https"):
        with pytest.raises(Unreachable):
            Egov(wire, town.endpoints[name], lambda: "t").procedure(PROC)
    assert asked == []
