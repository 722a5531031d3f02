"""The practice gBizID, by an independent relying party and a person at a browser."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator

import httpx
import pytest

from tests.sandbox.town_browser import (
    CALLBACK,
    PASSWORDS,
    Browser,
    RelyingParty,
    b64url,
    from_b64url,
)
from tests.sandbox.town_process import TownProcess

BASE = "openid profile user mandate email offline_access"


@pytest.fixture
def browser() -> Iterator[Browser]:
    made = Browser()
    yield made
    made.close()


@pytest.fixture
def rp(town: TownProcess) -> Iterator[RelyingParty]:
    at = town.endpoints
    made = RelyingParty(
        at["gbizid_issuer"], at["gbizid_client_id"], at["gbizid_client_secret"], BASE
    )
    yield made
    made.close()


def signed_in(
    town: TownProcess, browser: Browser, rp: RelyingParty, who: str = "prime", **change: str
) -> str:
    rp.start(browser, **change)
    browser.submit("action-next", account=f"{who}@example.jp", password=PASSWORDS[who])
    browser.submit("factor-mail")
    browser.submit("action-next", otp=town.otp(f"{who}@example.jp"))
    assert browser.returned["state"] == rp.state
    return browser.returned["code"]


def test_whole_flow(town: TownProcess, browser: Browser, rp: RelyingParty) -> None:
    assert rp.issuer.endswith("/oauth/")
    code = signed_in(town, browser, rp)
    assert re.fullmatch(r"[0-9A-Za-z]{22}", code)
    answer = rp.redeem(code)
    assert answer.headers["cache-control"] == "no-store"
    tokens = answer.json()
    assert (tokens["token_type"], tokens["expires_in"]) == ("Bearer", 3600)
    claims = rp.claims(tokens["id_token"])
    assert set(claims) == {"sub", "aud", "iss", "exp", "iat", "auth_time", "nonce", "jti"}
    assert (claims["iss"], claims["aud"]) == (rp.issuer, rp.client_id)
    assert (claims["sub"], claims["nonce"]) == ("9001", rp.nonce)
    assert abs(claims["iat"] - time.time()) < 30
    assert claims["auth_time"] <= claims["iat"]
    access = rp.claims(tokens["access_token"])
    assert set(access) == {"sub", "azp", "iss", "exp", "iat", "jti"}
    head, body, signature = tokens["refresh_token"].split(".")
    assert json.loads(from_b64url(head)) == {"alg": "none"}
    assert set(json.loads(from_b64url(body))) == {"exp", "jti"}
    assert signature == ""


def userinfo(rp: RelyingParty, token: str) -> httpx.Response:
    return rp.web.get(rp.meta["userinfo_endpoint"], headers={"Authorization": f"Bearer {token}"})


@pytest.mark.parametrize(
    ("scope", "some", "none"),
    [
        ("openid", {"sub"}, {"name", "email", "user_last_nm"}),
        ("openid profile", {"corporate_number", "rep_last_nm_kana"}, {"user_last_nm", "email"}),
        ("openid user", {"user_post_code", "user_tel_no_contact"}, {"name", "email"}),
        ("openid email", {"email", "user_email"}, {"name"}),
        ("openid role", {"role"}, {"name"}),
        ("openid jp_gbizid_v1_ida", {"verified_claims"}, {"name"}),
    ],
)
def test_claims_by_scope(
    town: TownProcess,
    browser: Browser,
    rp: RelyingParty,
    scope: str,
    some: set[str],
    none: set[str],
) -> None:
    tokens = rp.redeem(signed_in(town, browser, rp, scope=scope)).json()
    assert "refresh_token" not in tokens
    shown = set(userinfo(rp, tokens["access_token"]).json())
    assert some <= shown
    assert not none & shown


def check_digit_fits(number: str) -> bool:
    total = sum(int(d) * (1 if n % 2 else 2) for n, d in enumerate(reversed(number[1:]), 1))
    return len(number) == 13 and int(number[0]) == 9 - total % 9


@pytest.mark.parametrize(
    ("who", "account_type", "corp_type", "level"),
    [
        ("prime", 2, 1, "ial2"),
        ("kojin", 2, 2, "ial2"),
        ("member", 3, 1, "ial2"),
        ("entry", 1, 1, "ial1"),
    ],
)
def test_four_accounts(
    town: TownProcess,
    browser: Browser,
    rp: RelyingParty,
    who: str,
    account_type: int,
    corp_type: int,
    level: str,
) -> None:
    tokens = rp.redeem(signed_in(town, browser, rp, who, scope="")).json()
    assert set(tokens["scope"].split()) == set(
        f"{BASE} jp_gbizid_v1_ida role delegation_info".split()
    )
    claims = userinfo(rp, tokens["access_token"]).json()
    assert (claims["account_type"], claims["corp_type"]) == (account_type, corp_type)
    assert check_digit_fits(claims["corporate_number"])
    assert re.fullmatch(r"[0-9]{2}", claims["prefecture_name"])
    assert claims["verified_claims"]["verification"]["assurance_level"] == level
    assert claims["sub"] == rp.claims(tokens["id_token"])["sub"]
    assert ("mandate_info" in claims) == (who == "member")
    assert bool(claims["delegation_info"]) == (who == "member")
    assert ("parent_id" in claims) == (who == "member")
    assert ("birthday_ymd" in claims) == (who != "entry")


def test_code_is_single_use_and_ends_its_tokens(
    town: TownProcess, browser: Browser, rp: RelyingParty
) -> None:
    code = signed_in(town, browser, rp)
    tokens = rp.redeem(code).json()
    assert userinfo(rp, tokens["access_token"]).status_code == 200
    again = rp.redeem(code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert userinfo(rp, tokens["access_token"]).status_code == 401


def test_code_lives_five_minutes(town: TownProcess, browser: Browser, rp: RelyingParty) -> None:
    code = signed_in(town, browser, rp)
    town.clock(301)
    assert rp.redeem(code).json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("change", "status", "error"),
    [
        ({"code_verifier": "x" * 43}, 400, "invalid_grant"),
        ({"code_verifier": ""}, 400, "invalid_grant"),
        ({"redirect_uri": "http://127.0.0.1:1/callback"}, 400, "invalid_grant"),
        ({"redirect_uri": ""}, 400, "invalid_grant"),
        ({"code": ""}, 400, "invalid_request"),
        ({"code": "A" * 22}, 400, "invalid_grant"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": ""}, 400, "invalid_request"),
    ],
)
def test_token_errors(
    town: TownProcess,
    browser: Browser,
    rp: RelyingParty,
    change: dict[str, str],
    status: int,
    error: str,
) -> None:
    answer = rp.redeem(signed_in(town, browser, rp), **change)
    assert (answer.status_code, answer.json()["error"]) == (status, error)


def test_wrong_client_gets_the_odd_error(
    town: TownProcess, browser: Browser, rp: RelyingParty
) -> None:
    code = signed_in(town, browser, rp)
    answer = rp.token({"grant_type": "authorization_code", "code": code}, secret="wrong")
    assert (answer.status_code, answer.json()["error"]) == (401, "unauthorized")
    assert rp.redeem(code).status_code == 200


def test_refresh_rotates(town: TownProcess, browser: Browser, rp: RelyingParty) -> None:
    old = rp.redeem(signed_in(town, browser, rp)).json()["refresh_token"]
    fields = {"grant_type": "refresh_token", "refresh_token": old}
    new = rp.token(fields).json()
    assert new["refresh_token"] != old
    assert userinfo(rp, new["access_token"]).status_code == 200
    stale = rp.token(fields)
    assert (stale.status_code, stale.json()["error"]) == (401, "invalid_token")
    fields["refresh_token"] = new["refresh_token"]
    for scope in ("openid role", "profile"):
        wide = rp.token({**fields, "scope": scope})
        assert (wide.status_code, wide.json()["error"]) == (401, "invalid_scope")
    assert rp.token({**fields, "scope": "openid profile"}).status_code == 200


def test_refresh_token_lives_thirty_days(
    town: TownProcess, browser: Browser, rp: RelyingParty
) -> None:
    token = rp.redeem(signed_in(town, browser, rp)).json()["refresh_token"]
    town.clock(30 * 86400 + 1)
    answer = rp.token({"grant_type": "refresh_token", "refresh_token": token})
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_token")


def test_refresh_token_is_looked_up_not_trusted(
    town: TownProcess, browser: Browser, rp: RelyingParty
) -> None:
    rp.redeem(signed_in(town, browser, rp))
    claims = json.dumps({"exp": 4102444800, "jti": "0"}).encode()
    forged = f"{b64url(json.dumps({'alg': 'none'}).encode())}.{b64url(claims)}."
    answer = rp.token({"grant_type": "refresh_token", "refresh_token": forged})
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_token")


def test_access_token_expires_and_userinfo_wants_openid(
    town: TownProcess, browser: Browser, rp: RelyingParty
) -> None:
    tokens = rp.redeem(signed_in(town, browser, rp, scope="profile")).json()
    assert "id_token" not in tokens
    answer = userinfo(rp, tokens["access_token"])
    assert answer.status_code == 403
    assert 'error="insufficient_scope"' in answer.headers["www-authenticate"]
    town.clock(3601)
    answer = userinfo(rp, tokens["access_token"])
    assert answer.status_code == 401
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": ""}, "invalid_request"),
        ({"scope": "openid everything"}, "invalid_scope"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"prompt": "none"}, "invalid_request"),
    ],
)
def test_authorize_errors_by_redirect(
    browser: Browser, rp: RelyingParty, change: dict[str, str], error: str
) -> None:
    rp.start(browser, **change)
    assert browser.returned["error"] == error
    assert browser.returned["state"] == rp.state


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"client_id": "nobody"}, "invalid_client"),
        ({"redirect_uri": "http://127.0.0.1:53682/other"}, "invalid_grant"),
        ({"redirect_uri": "http://localhost:53682/callback"}, "invalid_grant"),
        ({"redirect_uri": f"{CALLBACK}?a=b"}, "invalid_grant"),
        ({"redirect_uri": "https://127.0.0.1:53682/callback"}, "invalid_grant"),
        ({"redirect_uri": "http://127.0.0.1@evil.example:80/callback"}, "invalid_grant"),
    ],
)
def test_no_redirect_to_strangers(
    browser: Browser, rp: RelyingParty, change: dict[str, str], code: str
) -> None:
    rp.start(browser, **change)
    assert browser.returned == {}
    assert (browser.status, browser.text("code")) == (400, code)


def test_registered_address_is_exact_where_told(
    town: TownProcess, browser: Browser, rp: RelyingParty
) -> None:
    town.control("POST", "client", {"redirect_uris": [CALLBACK]})
    rp.start(browser, redirect_uri="http://127.0.0.1:53683/callback")
    assert browser.text("code") == "invalid_grant"
    rp.start(browser)
    assert browser.title() == "GビズID ログイン"


def test_omitted_redirect_uri_uses_the_registered_one(
    town: TownProcess, browser: Browser, rp: RelyingParty
) -> None:
    town.control("POST", "client", {"redirect_uris": [CALLBACK]})
    code = signed_in(town, browser, rp, redirect_uri="")
    assert rp.redeem(code, redirect_uri="").status_code == 200


def test_session_prompt_and_hint(town: TownProcess, browser: Browser, rp: RelyingParty) -> None:
    signed_in(town, browser, rp)
    rp.start(browser)
    assert browser.returned["code"]
    rp.start(browser, prompt="login", login_hint="prime@example.jp")
    assert browser.title() == "GビズID ログイン"
    assert browser.page.xpath("//input[@id='account']/@value") == ["prime@example.jp"]
    town.clock(3601)
    rp.start(browser)
    assert browser.title() == "GビズID ログイン"


def test_wrong_passwords_and_codes(town: TownProcess, browser: Browser, rp: RelyingParty) -> None:
    rp.start(browser)
    for _ in range(4):
        browser.submit("action-next", account="prime@example.jp", password="wrong")
        assert "パスワードが違います" in browser.text("message")
    browser.submit("action-next", account="prime@example.jp", password="wrong")
    assert browser.returned["error"] == "access_denied"
    rp.start(browser)
    browser.submit("action-next", account="prime@example.jp", password=PASSWORDS["prime"])
    browser.submit("factor-mail")
    old = town.otp("prime@example.jp")
    wrong = f"{(int(old) + 1) % 10**6:06d}"
    browser.submit("action-next", otp=wrong)
    assert "違います" in browser.text("message")
    browser.submit("action-again", otp="")
    fresh = town.otp("prime@example.jp")
    town.clock(601)
    browser.submit("action-next", otp=fresh)
    assert "期限" in browser.text("message")
    browser.submit("action-next", otp=town.otp("prime@example.jp"))
    assert browser.returned["code"]


def test_cancelling(browser: Browser, rp: RelyingParty) -> None:
    rp.start(browser)
    browser.submit("action-cancel")
    assert browser.returned["error"] == "access_denied"


def test_app_number(town: TownProcess, browser: Browser, rp: RelyingParty) -> None:
    rp.start(browser)
    browser.submit("action-next", account="prime@example.jp", password=PASSWORDS["prime"])
    browser.submit("factor-app")
    number = browser.text("number")
    browser.submit("action-next")
    assert "まだ確認できません" in browser.text("message")
    phone = Browser()
    wrong = "10" if number != "10" else "11"
    for typed in (wrong, number):
        phone.open(town.endpoints["phone"])
        phone.submit("action-next", account="prime@example.jp", number=typed)
        browser.submit("action-next")
    phone.close()
    assert browser.returned["code"]


def test_mailbox_page_shows_the_code(town: TownProcess, browser: Browser, rp: RelyingParty) -> None:
    rp.start(browser)
    browser.submit("action-next", account="prime@example.jp", password=PASSWORDS["prime"])
    browser.submit("factor-mail")
    (link,) = browser.page.xpath("//a[@id='mailbox']/@href")
    with_mail = Browser()
    with_mail.open(link)
    assert with_mail.text("otp") == town.otp("prime@example.jp")
    with_mail.open(f"{town.endpoints['mailbox']}?address=nobody@example.jp")
    assert with_mail.text("otp") == ""
    with_mail.close()


def test_steps_cannot_be_skipped(town: TownProcess, browser: Browser, rp: RelyingParty) -> None:
    rp.start(browser)
    (txn,) = browser.page.xpath("//input[@name='txn']/@value")
    for step in ("factor", "otp", "app"):
        answer = rp.web.post(f"{rp.issuer}{step}", data={"txn": txn, "factor": "mail", "otp": ""})
        assert answer.status_code == 400
    assert rp.web.post(f"{rp.issuer}login", data={"txn": "x"}).status_code == 400
