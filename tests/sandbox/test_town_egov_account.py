"""The practice e-Gov account server: ways in, the GビズID chain, tokens, introspection, logout."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator

import httpx
import pytest

from tests.sandbox.town_browser import CALLBACK, PASSWORDS, Browser, RelyingParty
from tests.sandbox.town_packages import PROC
from tests.sandbox.town_process import TownProcess


@pytest.fixture
def browser() -> Iterator[Browser]:
    made = Browser()
    yield made
    made.close()


@pytest.fixture
def rp(town: TownProcess) -> Iterator[RelyingParty]:
    at = town.endpoints
    made = RelyingParty(at["egov_auth"], at["software_id"], at["api_key"], "openid offline_access")
    yield made
    made.close()


def by_gbizid(town: TownProcess, browser: Browser, who: str = "prime") -> str:
    browser.submit("idp-gbizid")
    assert browser.title() == "GビズID ログイン"
    browser.submit("action-next", account=f"{who}@example.jp", password=PASSWORDS[who])
    browser.submit("factor-mail")
    browser.submit("action-next", otp=town.otp(f"{who}@example.jp"))
    return browser.returned["code"]


def signed_in(town: TownProcess, browser: Browser, rp: RelyingParty, who: str = "prime") -> str:
    rp.start(browser)
    assert browser.title() == "e-Gov ログイン"
    return by_gbizid(town, browser, who)


def introspected(town: TownProcess, rp: RelyingParty, token: str) -> dict[str, object]:
    url = f"{town.endpoints['egov_auth']}/token/introspect"
    basic = (rp.client_id, rp.secret)
    answer = rp.web.post(url, data={"token": token}, auth=basic)
    assert answer.status_code == 200
    found: dict[str, object] = answer.json()
    return found


def test_gbizid_chain_and_tokens(town: TownProcess, browser: Browser, rp: RelyingParty) -> None:
    code = signed_in(town, browser, rp)
    assert browser.returned["state"] == rp.state
    gbizid = httpx.URL(town.endpoints["gbizid_issuer"]).netloc.decode()
    egov = httpx.URL(town.endpoints["egov_auth"]).netloc.decode()
    assert browser.hosts == [gbizid, egov]
    tokens = rp.redeem(code).json()
    assert (tokens["expires_in"], tokens["refresh_expires_in"]) == (3600, 15552000)
    assert tokens["session_state"] == browser.returned["session_state"]
    assert tokens["not-before-policy"] == 0
    claims = rp.claims(tokens["id_token"])
    assert (claims["iss"], claims["aud"]) == (rp.issuer, rp.client_id)
    assert claims["nonce"] == rp.nonce
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    url = f"{town.endpoints['egov_api']}/procedure/{PROC}"
    assert rp.web.get(url, headers=headers).status_code == 200


@pytest.mark.parametrize(("who", "kind"), [("prime", "2"), ("member", "3"), ("entry", "1")])
def test_introspection_says_who(
    town: TownProcess, browser: Browser, rp: RelyingParty, who: str, kind: str
) -> None:
    tokens = rp.redeem(signed_in(town, browser, rp, who)).json()
    seen = introspected(town, rp, tokens["access_token"])
    assert seen["active"] is True
    assert seen["egov_idp"] == "gbizid"
    assert seen["egov_gbizid_account_type"] == kind
    assert abs(int(str(seen["egov_extidp_auth_time"])) / 1000 - time.time()) < 60
    assert seen["email"] == seen["username"] == f"{who}@example.jp"
    assert seen["client_id"] == rp.client_id
    assert introspected(town, rp, tokens["refresh_token"])["typ"] == "Offline"
    assert introspected(town, rp, "rubbish") == {"active": False}
    town.clock(3601)
    assert introspected(town, rp, tokens["access_token"]) == {"active": False}


def test_own_account_and_microsoft(town: TownProcess, browser: Browser, rp: RelyingParty) -> None:
    rp.start(browser)
    browser.submit("idp-microsoft")
    assert "Microsoft" in browser.text("message")
    browser.submit("idp-egov", account="egov@example.jp", password="wrong")
    assert "違います" in browser.text("message")
    browser.submit("idp-egov", account="egov@example.jp", password=PASSWORDS["egov"])
    tokens = rp.redeem(browser.returned["code"]).json()
    seen = introspected(town, rp, tokens["access_token"])
    assert seen["egov_idp"] == "egov"
    assert "egov_gbizid_account_type" not in seen


def test_code_lives_sixty_seconds_and_once(
    town: TownProcess, browser: Browser, rp: RelyingParty
) -> None:
    code = signed_in(town, browser, rp)
    town.clock(61)
    assert rp.redeem(code).json()["error"] == "invalid_grant"
    rp.start(browser)
    code = browser.returned["code"]
    tokens = rp.redeem(code).json()
    again = rp.redeem(code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert introspected(town, rp, tokens["access_token"]) == {"active": False}


@pytest.mark.parametrize(
    "change",
    [
        {"code_verifier": "x" * 43},
        {"code_verifier": ""},
        {"redirect_uri": "http://127.0.0.1:1/callback"},
        {"redirect_uri": ""},
        {"code": "x"},
    ],
)
def test_wrong_token_requests(
    town: TownProcess, browser: Browser, rp: RelyingParty, change: dict[str, str]
) -> None:
    answer = rp.redeem(signed_in(town, browser, rp), **change)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


def test_wrong_clients(town: TownProcess, browser: Browser, rp: RelyingParty) -> None:
    fields = {"grant_type": "refresh_token", "refresh_token": "x"}
    answer = rp.token(fields, secret="wrong")
    assert (answer.status_code, answer.json()["error"]) == (401, "unauthorized_client")
    url = rp.meta["token_endpoint"]
    answer = rp.web.post(url, data=fields, auth=("nobody", "x"))
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert rp.web.post(url, data=fields).status_code == 401
    json_body = rp.web.post(url, json=fields, auth=(rp.client_id, rp.secret))
    assert json_body.json()["error"] == "invalid_request"


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "openid admin"}, "invalid_scope"),
        ({"code_challenge_method": ""}, "invalid_request"),
        ({"code_challenge": "a"}, "invalid_request"),
        ({"prompt": "none"}, "login_required"),
    ],
)
def test_authorize_errors(
    browser: Browser, rp: RelyingParty, change: dict[str, str], error: str
) -> None:
    rp.start(browser, **change)
    assert (browser.returned["error"], browser.returned["state"]) == (error, rp.state)


def test_no_redirect_to_strangers(browser: Browser, rp: RelyingParty) -> None:
    for change in ({"client_id": "nobody"}, {"redirect_uri": "https://evil.example/callback"}):
        rp.start(browser, **change)
        assert browser.returned == {}
        assert browser.status == 400


def test_refresh_rotates_and_logout_ends(
    town: TownProcess, browser: Browser, rp: RelyingParty
) -> None:
    first = rp.redeem(signed_in(town, browser, rp)).json()
    fields = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    second = rp.token(fields).json()
    assert second["refresh_token"] != first["refresh_token"]
    assert rp.claims(second["id_token"])["sub"] == rp.claims(first["id_token"])["sub"]
    assert rp.token(fields).json()["error"] == "invalid_grant"
    url = f"{town.endpoints['egov_auth']}/logout"
    basic = (rp.client_id, rp.secret)
    form = {"refresh_token": second["refresh_token"]}
    assert rp.web.post(url, data=form, auth=basic).status_code == 204
    fields["refresh_token"] = second["refresh_token"]
    assert rp.token(fields).json()["error"] == "invalid_grant"
    rp.start(browser)
    assert browser.title() == "e-Gov ログイン"


def test_refresh_token_lives_180_days(
    town: TownProcess, browser: Browser, rp: RelyingParty
) -> None:
    token = rp.redeem(signed_in(town, browser, rp)).json()["refresh_token"]
    town.clock(15552000 - 60)
    fields = {"grant_type": "refresh_token", "refresh_token": token}
    fields["refresh_token"] = rp.token(fields).json()["refresh_token"]
    town.clock(15552001)
    assert rp.token(fields).json()["error"] == "invalid_grant"


def test_sign_in_over_tls(town: TownProcess) -> None:
    at = town.endpoints
    trusted = ssl.create_default_context(cadata=at["document_authority_pem"])
    browser = Browser(verify=trusted)
    rp = RelyingParty(
        at["egov_auth_https"], at["software_id"], at["api_key"], "openid", verify=trusted
    )
    tokens = rp.redeem(signed_in(town, browser, rp)).json()
    assert rp.claims(tokens["id_token"])["iss"] == at["egov_auth_https"]
    assert tokens["refresh_expires_in"] == 1800
    assert browser.secure_cookies() == {"egov_session_s", "gbizid_session_s"}
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    url = f"{at['egov_api_https']}/procedure/{PROC}"
    assert rp.web.get(url, headers=headers).status_code == 200
    browser.close()
    rp.close()


def test_single_sign_on_and_browser_logout(
    town: TownProcess, browser: Browser, rp: RelyingParty
) -> None:
    signed_in(town, browser, rp)
    rp.start(browser)
    assert browser.returned["code"]
    rp.start(browser, prompt="login")
    assert browser.title() == "e-Gov ログイン"
    url = f"{town.endpoints['egov_auth']}/logout"
    stranger = {"client_id": rp.client_id, "post_logout_redirect_uri": "https://evil.example/"}
    assert browser.open(url, stranger).status == 400
    back = {"client_id": rp.client_id, "post_logout_redirect_uri": CALLBACK, "state": "s"}
    assert browser.open(url, back).returned == {"state": "s"}
    rp.start(browser)
    assert browser.title() == "e-Gov ログイン"
    browser.submit("idp-gbizid")
    assert browser.returned["code"], "gBizID has no logout: its own session still signs in"
    assert browser.open(url).title() == "ログアウトしました"


def test_cancelled_gbizid_returns_to_the_choice(browser: Browser, rp: RelyingParty) -> None:
    rp.start(browser)
    browser.submit("idp-gbizid")
    browser.submit("action-cancel")
    assert browser.title() == "e-Gov ログイン"
    assert "GビズID" in browser.text("message")
    browser.submit("idp-cancel")
    assert browser.returned["error"] == "access_denied"


def test_forged_broker_answer(town: TownProcess, browser: Browser, rp: RelyingParty) -> None:
    rp.start(browser)
    (txn, *_) = browser.page.xpath("//input[@name='txn']/@value")
    url = f"{town.endpoints['egov_auth']}/broker/gbizid/endpoint"
    for state in (f"{txn}.", f"{txn}.x", "x.y", ""):
        assert browser.open(url, {"code": "x", "state": state}).status == 400


def test_pages_are_plain_and_labelled(
    town: TownProcess, browser: Browser, rp: RelyingParty
) -> None:
    rp.start(browser)
    pages = [browser.page]
    browser.submit("idp-gbizid")
    pages.append(browser.page)
    font = httpx.URL(town.endpoints["egov_auth"]).join("/font/BIZUDPGothic_400Regular.ttf")
    assert rp.web.get(font).headers["content-type"] == "font/ttf"
    for page in pages:
        assert page.xpath("//script|//img|//link|//iframe") == []
        for item in page.xpath("//input[not(@type='hidden')]"):
            assert page.xpath(f"//label[@for='{item.get('id')}']"), item.get("id")
        text = page.text_content()
        assert not any(word in text for word in ("エラー", "不正", "無効", "！"))
