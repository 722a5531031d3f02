"""Signing in, staying signed in and being signed out, against the independent provider."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import httpx
import pytest

from app.domain.errors import BadInput, Known, NoAnswer, Refused, SignedOut, VaultFault
from app.services.connectors.oidc import OidcClient, OidcConfig
from app.services.sign_in import SignIn
from app.services.wire import Wire
from tests.services.openid_provider import CLIENT, REDIRECT, SECRET, OpenIdProvider, Watch

COMPANY = "7000012050002"
TAKEN_BY_ANOTHER = "1290001089235"


class Shelf:
    """Accounts in memory, as the vault keeps them; can be made to fail."""

    def __init__(self) -> None:
        self.rows: dict[str, object] = {}
        self.full = False
        self.log: list[str] = []

    def save(self, account):
        if self.full:
            raise VaultFault("vault-full", "ディスクがいっぱいです。")
        self.log.append(account.tokens.get("refresh_token", ""))
        self.rows[account.id] = account

    def get(self, account_id):
        return self.rows.get(account_id)

    def list(self):
        return list(self.rows.values())

    def drop(self, account_id):
        self.rows.pop(account_id, None)


@pytest.fixture
def watch():
    return Watch()


@pytest.fixture
def provider(watch):
    made = OpenIdProvider(watch)
    made.people |= {"corporate_number": COMPANY, "user_last_nm": "山田", "user_first_nm": "太郎"}
    made.introspection |= {"egov_gbizid_account_type": 2, "egov_idp": "gbizid"}
    return made


@pytest.fixture
def shelf():
    return Shelf()


def sign_in_of(provider, watch, shelf) -> SignIn:
    config = OidcConfig(
        door="e-Gov", issuer=provider.issuer, client_id=CLIENT, client_secret=SECRET,
        redirect_uri=REDIRECT,
    )  # fmt: skip
    wire = Wire(practice=True, door="e-Gov", transport=provider.transport, clock=watch)
    return SignIn(shelf, OidcClient(wire, config, watch), watch, company_number=COMPANY)


@pytest.fixture
def sign_in(provider, watch, shelf):
    return sign_in_of(provider, watch, shelf)


def enter(sign_in, provider):
    request = sign_in.begin()
    return sign_in.complete(provider.authorize(request.url))


def test_nobody_is_signed_in_at_first(sign_in):
    assert not sign_in.state.signed_in
    assert sign_in.state.reason == ""
    with pytest.raises(SignedOut) as fault:
        sign_in.token()
    assert fault.value.code == "signed-out"
    with pytest.raises(Refused) as refusal:
        sign_in.complete(f"{REDIRECT}?code=a&state=b")
    assert refusal.value.code == "sign-in-not-begun"


def test_a_sign_in_is_kept_in_the_vault_and_found_again(sign_in, provider, watch, shelf):
    done = enter(sign_in, provider)
    assert (done.account_type, done.who, done.notice) == (2, "山田 太郎", "")
    assert done.claims["corporate_number"] == COMPANY
    assert sign_in.state.signed_in
    assert sign_in.state.until == watch.now + timedelta(days=180)
    row = shelf.get("egov")
    assert (row.door, row.kind, row.subject) == ("e-Gov", "gbizid", "1242")
    assert row.details["account_type_name"] == "プライム"
    token = sign_in.token()
    assert token not in repr(row)
    assert all(isinstance(v, str) for v in row.tokens.values())
    later = sign_in_of(provider, watch, shelf)
    assert later.state.signed_in
    assert later.token() == token


def test_a_pasted_address_and_a_wrong_one(sign_in, provider):
    request = sign_in.begin()
    with pytest.raises(BadInput):
        sign_in.complete("https://gbiz-id.go.jp/")
    returned = provider.authorize(request.url)
    assert sign_in.complete(f"「{returned}」").subject == "1242"


def test_an_account_of_another_company_is_refused_and_nothing_kept(sign_in, provider, shelf):
    provider.people["corporate_number"] = TAKEN_BY_ANOTHER
    with pytest.raises(Refused) as fault:
        enter(sign_in, provider)
    assert fault.value.code == "gbizid-other-company"
    assert TAKEN_BY_ANOTHER in fault.value.sentence
    assert shelf.rows == {}
    assert not sign_in.state.signed_in
    assert provider.count("/logout") == 1


def test_an_account_that_says_no_company_is_taken(sign_in, provider):
    del provider.people["corporate_number"]
    assert enter(sign_in, provider).subject == "1242"


@pytest.mark.parametrize("kind", [1, "1"])
def test_an_entry_account_is_told_at_once_and_may_not_file(sign_in, provider, kind):
    provider.introspection["egov_gbizid_account_type"] = kind
    done = enter(sign_in, provider)
    assert done.account_type == 1
    assert "エントリーでは届出を出せません" in done.notice
    with pytest.raises(Refused) as fault:
        sign_in.require_filing_account()
    assert fault.value.code == "gbizid-entry"


def test_a_member_may_file(sign_in, provider):
    provider.introspection["egov_gbizid_account_type"] = 3
    enter(sign_in, provider)
    sign_in.require_filing_account()
    assert sign_in.state.account_type == 3


@pytest.mark.parametrize("said", [{"active": False}, {"active": True, "sub": "9999"}])
def test_introspection_that_disagrees_ends_the_sign_in(sign_in, provider, shelf, said):
    provider.introspection = said
    with pytest.raises(SignedOut):
        enter(sign_in, provider)
    assert shelf.rows == {}


def test_a_token_is_refreshed_within_its_last_minute_and_saved_before_use(
    sign_in, provider, watch, shelf
):
    enter(sign_in, provider)
    first = sign_in.token()
    watch.now += timedelta(minutes=58, seconds=59)
    assert sign_in.token() == first
    watch.now += timedelta(seconds=2)
    second = sign_in.token()
    assert second != first
    assert len(shelf.log) == 2
    assert shelf.log[1] in provider.refresh_tokens, "the stored one is the living one"
    assert shelf.get("egov").tokens["access_token"] == second


def test_many_threads_refresh_once(sign_in, provider, watch):
    enter(sign_in, provider)
    watch.now += timedelta(hours=2)
    before = provider.count("/token")
    start = threading.Barrier(12)

    def ask() -> str:
        start.wait(10)
        return sign_in.token()

    with ThreadPoolExecutor(12) as pool:
        tokens = {f.result() for f in [pool.submit(ask) for _ in range(12)]}
    assert len(tokens) == 1
    assert provider.count("/token") == before + 1


def test_the_state_is_told_while_a_refresh_waits_for_the_server(sign_in, provider, watch):
    enter(sign_in, provider)
    watch.now += timedelta(hours=2)
    asked, go = threading.Event(), threading.Event()

    def hold(request: httpx.Request) -> None:
        if request.url.path.endswith("/token"):
            asked.set()
            assert go.wait(10)

    provider.before = hold
    with ThreadPoolExecutor(1) as pool:
        refreshed = pool.submit(sign_in.token)
        assert asked.wait(10)
        assert sign_in.state.signed_in
        go.set()
        assert refreshed.result(10)


@pytest.mark.parametrize("error", ["invalid_token", "invalid_grant", "invalid_scope"])
def test_a_refused_refresh_ends_the_sign_in_with_a_sentence(sign_in, provider, watch, shelf, error):
    enter(sign_in, provider)
    watch.now += timedelta(hours=2)
    provider.refresh_error = error
    with pytest.raises(SignedOut) as fault:
        sign_in.token()
    assert "もう一度サインイン" in fault.value.sentence
    assert not sign_in.state.signed_in
    assert sign_in.state.reason == fault.value.sentence
    assert dict(shelf.get("egov").tokens) == {}, "no dead token stays in the vault"
    with pytest.raises(SignedOut):
        sign_in.token()


def test_a_server_that_does_not_answer_ends_nothing(sign_in, provider, watch):
    enter(sign_in, provider)
    first = sign_in.token()

    def cut(request: httpx.Request) -> None:
        raise httpx.ReadTimeout("slow", request=request)

    provider.before = cut
    watch.now += timedelta(minutes=59, seconds=30)
    assert sign_in.token() == first, "the last minute of a good token is still good"
    watch.now += timedelta(minutes=1)
    with pytest.raises(NoAnswer):
        sign_in.token()
    assert sign_in.state.signed_in
    provider.before = lambda _: None
    assert sign_in.token() != first


def test_a_full_disk_does_not_lose_the_rotated_token(sign_in, provider, watch, shelf):
    enter(sign_in, provider)
    watch.now += timedelta(hours=2)
    shelf.full = True
    with pytest.raises(VaultFault):
        sign_in.token()
    before = provider.count("/token")
    shelf.full = False
    token = sign_in.token()
    assert provider.count("/token") == before, "the token of the first refresh was kept and stored"
    assert shelf.get("egov").tokens["access_token"] == token
    watch.now += timedelta(hours=2)
    assert sign_in.token() != token


def test_a_full_disk_at_sign_in_keeps_nothing(sign_in, provider, shelf):
    shelf.full = True
    with pytest.raises(VaultFault):
        enter(sign_in, provider)
    assert not sign_in.state.signed_in
    assert provider.count("/logout") == 1


def test_signing_out_drops_tokens_even_when_the_server_is_away(sign_in, provider, shelf):
    enter(sign_in, provider)

    def away(request: httpx.Request) -> None:
        raise httpx.ConnectError("away", request=request)

    provider.before = away
    sign_in.sign_out()
    assert dict(shelf.get("egov").tokens) == {}
    assert not sign_in.state.signed_in
    assert sign_in.state.reason == ""


def test_a_sign_in_revoked_at_the_server_is_noticed(sign_in, provider, shelf):
    enter(sign_in, provider)
    assert sign_in.still_signed_in() is True
    provider.introspection = {"active": False}
    assert sign_in.still_signed_in() is False
    assert "取り消されました" in sign_in.state.reason
    assert dict(shelf.get("egov").tokens) == {}
    assert sign_in.still_signed_in() is False


def test_a_sign_in_past_its_end_is_told_without_asking(sign_in, provider, watch):
    enter(sign_in, provider)
    seen = len(provider.seen)
    watch.now += timedelta(days=181)
    assert not sign_in.state.signed_in
    assert "期限" in sign_in.state.reason
    assert len(provider.seen) == seen


def test_tokens_of_a_shape_this_edition_cannot_read_mean_signed_out(provider, watch, shelf):
    sign_in = sign_in_of(provider, watch, shelf)
    enter(sign_in, provider)
    row = shelf.get("egov")
    object.__setattr__(row, "tokens", {"unknown": "shape"})
    later = sign_in_of(provider, watch, shelf)
    assert not later.state.signed_in
    with pytest.raises(SignedOut):
        later.token()


def test_a_new_attempt_replaces_the_old(sign_in, provider):
    first = sign_in.begin()
    returned = provider.authorize(first.url)
    sign_in.begin()
    with pytest.raises(Known) as fault:
        sign_in.complete(returned)
    assert fault.value.code == "oidc-state"


def test_no_fault_carries_a_token(sign_in, provider, watch):
    enter(sign_in, provider)
    secrets_ = [*provider.refresh_tokens, sign_in.token()]
    watch.now += timedelta(hours=2)
    provider.refresh_error = "invalid_token"
    with pytest.raises(SignedOut) as fault:
        sign_in.token()
    shown = repr(fault.value) + str(fault.value) + repr(sign_in.state)
    assert not any(secret in shown for secret in secrets_)
