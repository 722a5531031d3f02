"""The practice portal from sign-in to receipt: session, drafts, filing, what the control API tells."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.sandbox import portal_answers, portal_sheet
from tests.sandbox.portal_visitor import Visitor
from tests.sandbox.town_process import TownProcess, start_town

EXPIRED = "セッションの有効期限が切れました"


@pytest.fixture
def visitor(town: TownProcess) -> Iterator[Visitor]:
    """Somebody at the portal."""
    made = Visitor(town)
    yield made
    made.close()


@pytest.mark.parametrize(
    ("form", "answers", "files"),
    [
        ("S-00006007", portal_answers.renshu(), portal_answers.renshu_files()),
        ("S-00009001", portal_answers.jizokuka(), portal_answers.jizokuka_files()),
    ],
)
def test_an_application_is_filed_and_the_town_keeps_every_value(
    visitor: Visitor,
    town: TownProcess,
    form: str,
    answers: portal_answers.Answers,
    files: list[tuple[str, str, bytes]],
) -> None:
    key = visitor.sign_in().begin(form)
    visitor.fill(key, answers, files)
    told = visitor.call(f"{key}/confirm").json()
    assert told["ready"]
    labels = [label for page in told["pages"] for label, _ in page["lines"]]
    assert "法人番号" in labels or "法人番号（13桁）" in labels
    assert visitor.submit(key).json() == {"next": f"/apply/{key}/receipt"}
    lines = dict(visitor.call(f"{key}/receipt").json()["lines"])
    assert re.fullmatch(r"RJ-\d{4}-\d{8}-\d", lines["受付番号"])
    assert _luhn_good(lines["受付番号"])
    assert re.fullmatch(r"\d{4}年\d\d月\d\d日 \d\d時\d\d分\d\d秒", lines["受付日時"])
    (kept,) = town.control("GET", "portal")["applications"]
    assert (kept["number"], kept["status"]) == (lines["受付番号"], "申請済み")
    assert kept["values"] == answers
    hashes = {held["sha256"] for row in kept["files"].values() for held in row}
    assert hashes == {hashlib.sha256(data).hexdigest() for _, _, data in files}
    assert visitor.submit(key).status_code == 409
    assert visitor.open("/mypage").page.xpath(f"//tr[@data-application='{key}']")


def _luhn_good(number: str) -> bool:
    digits = [int(sign) for sign in number if sign.isdigit()][::-1]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def test_who_signed_in_for_e_gov_is_not_asked_again(visitor: Visitor, town: TownProcess) -> None:
    at = town.endpoints
    query = {
        "response_type": "code",
        "client_id": at["software_id"],
        "redirect_uri": "http://127.0.0.1:9/callback",
        "code_challenge_method": "S256",
        "code_challenge": "a" * 43,
    }
    visitor._arrived(visitor.web.get(f"{at['egov_auth']}/auth", params=query))
    visitor.post_form("idp-gbizid")
    with pytest.raises(httpx.ConnectError):  # the program's own listener is not there in this test
        visitor.password("prime")
    visitor.asked_for_password = False
    assert visitor.sign_in().title() == "マイページ"
    assert not visitor.asked_for_password


def test_signing_out_here_and_then_at_gbizid(visitor: Visitor) -> None:
    visitor.sign_in().post_form("logout")
    assert visitor.title() == "ログアウトしました"
    (there,) = visitor.page.xpath("//a[@id='gbizid-logout']")
    assert visitor.open("/mypage").title() == EXPIRED
    visitor._arrived(visitor.web.get(there.get("href")))
    visitor.open("/").post_form("login")
    assert visitor.page.xpath("//input[@id='password']")


@pytest.mark.parametrize("name", ["prime", "kojin", "member"])
def test_prime_and_member_may_come_in(visitor: Visitor, name: str) -> None:
    assert visitor.sign_in(name).title() == "マイページ"


def test_a_grant_can_be_read_by_anybody_and_signing_in_comes_back_to_it(visitor: Visitor) -> None:
    grant = "/subsidy/a0WJ200000CDJWIMA5"
    assert "申請練習用補助金" in visitor.open(grant).title()
    visitor.post_form("login")
    visitor.password("prime")
    assert visitor.path() == grant
    assert visitor.page.xpath("//button[@id='begin']")
    assert visitor.open("/subsidy/a0W2x000007CXjKEAW").answer.status_code == 404
    for elsewhere in ("//example.jp/", "https://example.jp/", "/logout", "/subsidy/a\n"):
        away = Visitor(visitor.town)
        away._arrived(away.web.get("/login", params={"to": elsewhere}))
        assert away.password("prime").path() == "/mypage"
        away.close()


def test_entry_may_not_and_can_change_the_account(visitor: Visitor) -> None:
    visitor.sign_in("entry")
    assert (visitor.title(), visitor.answer.status_code) == ("申請できません", 403)
    visitor.post_form("switch")
    assert visitor.page.xpath("//input[@id='password']")


def test_a_code_is_no_good_without_the_state_this_browser_began_with(
    visitor: Visitor, town: TownProcess
) -> None:
    assert visitor.open("/callback?code=abc&state=def").answer.status_code == 400
    away = httpx.get(f"{visitor.base}/login", trust_env=False)
    assert "code_challenge_method=S256" in away.headers["location"]
    cookie = away.headers["set-cookie"]
    assert all(part in cookie for part in ("HttpOnly", "SameSite=lax", "Path=/callback"))


def test_cookies_over_tls_are_bound_to_the_host(town: TownProcess) -> None:
    visitor = Visitor(town, "https")
    assert visitor.sign_in().title() == "マイページ"
    mine = {item.name: item for item in visitor.web.cookies.jar}
    assert mine["__Host-portal_session"].secure
    visitor.close()


def test_pages_name_their_policy(visitor: Visitor) -> None:
    policy = visitor.sign_in().answer.headers["content-security-policy"]
    (given,) = [step for step in visitor.answer.history if step.url.path == "/callback"]
    assert "portal_session=" in given.headers["set-cookie"]
    assert "HttpOnly; Path=/; SameSite=strict" in given.headers["set-cookie"]
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


def test_without_the_token_or_from_elsewhere_nothing_is_taken(visitor: Visitor) -> None:
    key = visitor.sign_in().begin()
    body = {"action": "save", "values": {}}
    path = f"{key}/pages/kihon"
    assert visitor.call(path, body, **{"X-CSRF-Token": "x"}).status_code == 403
    assert visitor.call(path, body, Origin="http://127.0.0.1:9").status_code == 403
    assert visitor.call(path, body, Origin=visitor.base).status_code == 200
    assert visitor.web.post("/apply", data={"form": "S-00006007"}).status_code == 403
    assert visitor.web.post("/logout", data={"csrf": "x"}).status_code == 403


def test_another_account_sees_nothing_of_it(visitor: Visitor, town: TownProcess) -> None:
    key = visitor.sign_in().begin()
    other = Visitor(town)
    other.sign_in("kojin")
    assert other.open(f"/apply/{key}/kihon").answer.status_code == 404
    assert other.call(f"{key}/confirm").status_code == 404
    other.close()


def test_what_was_not_saved_is_gone_after_180_minutes(visitor: Visitor, town: TownProcess) -> None:
    key = visitor.sign_in().begin()
    visitor.save(key, "kihon", {"ContactLastName__c": "保存"}, "save")
    town.clock(179 * 60)
    visitor.open(f"/apply/{key}/kihon")
    town.clock(181 * 60)
    lost = visitor.save(key, "kihon", {"ContactLastName__c": "未保存"}, "save")
    assert (lost.status_code, lost.json()["expired"]) == (401, True)
    assert visitor.open(f"/apply/{key}/kihon").title() == EXPIRED
    assert visitor.answer.status_code == 440
    visitor.sign_in().open(f"/apply/{key}/kihon")
    assert visitor.call(f"{key}/pages/kihon").json()["values"] == {"ContactLastName__c": "保存"}


def test_control_and_weather_end_the_session_in_the_middle(
    visitor: Visitor, town: TownProcess
) -> None:
    key = visitor.sign_in().begin()
    town.control("POST", "portal", {"end_sessions": True})
    assert visitor.open("/mypage").title() == EXPIRED
    visitor.sign_in().open(f"/apply/{key}/kihon")
    town.weather("session_ended", match="POST */pages/*")
    assert visitor.call(f"{key}/pages/kihon").status_code == 200
    assert visitor.save(key, "kihon", {}, "save").status_code == 401
    assert visitor.open("/mypage").title() == EXPIRED


def test_weather_over_the_filing_leaves_it_taken_once(visitor: Visitor, town: TownProcess) -> None:
    key = visitor.sign_in().begin()
    visitor.fill(key, portal_answers.renshu(), portal_answers.renshu_files())
    town.weather("answer_lost", match="POST */submit")
    with pytest.raises(httpx.TransportError):
        visitor.submit(key)
    assert visitor.submit(key).status_code == 409
    assert visitor.open(f"/apply/{key}/receipt").title() == "申請完了"


def test_a_renewed_form_leaves_old_drafts_to_be_seen_only(
    visitor: Visitor, town: TownProcess
) -> None:
    key = visitor.sign_in().begin()
    visitor.save(key, "keikaku", {"ProjectSummary__c": "概要です"}, "save")
    town.control("POST", "portal", {"renew": "S-00006007"})
    assert visitor.save(key, "keikaku", {}, "save").status_code == 409
    assert "改訂" in visitor.open(f"/apply/{key}/keikaku").page.text_content()
    told = visitor.call(f"{key}/confirm").json()
    assert ["概要", "概要です"] in [line for page in told["pages"] for line in page["lines"]]
    fresh = visitor.begin()
    fields = visitor.call(f"{fresh}/pages/keikaku").json()["blocks"]
    names = [item["name"] for block in fields for item in block["fields"]]
    assert "ProjectSummary__c" not in names
    assert {"ProjectOutline__c", "CarbonPlan__c"} <= set(names)
    old = visitor.save(fresh, "keikaku", {"ProjectSummary__c": "概要です"}, "save")
    assert old.status_code == 400


def test_a_returned_application_is_filed_again_under_its_number(
    visitor: Visitor, town: TownProcess
) -> None:
    key = visitor.sign_in().begin()
    visitor.fill(key, portal_answers.renshu(), portal_answers.renshu_files())
    visitor.submit(key)
    order = {"to": "差戻し対応中", "notice": "概要を直してください。"}
    number = town.control("POST", f"portal/application/{key}", order)["number"]
    assert "概要を直して" in visitor.open(f"/apply/{key}/keikaku").page.text_content()
    visitor.submit(key)
    assert dict(visitor.call(f"{key}/receipt").json()["lines"])["受付番号"] == number


def test_the_state_folder_keeps_drafts_and_numbers(tmp_path: Path) -> None:
    with start_town(seed=3, state=tmp_path) as town:
        visitor = Visitor(town)
        key = visitor.sign_in().begin()
        visitor.attach(key, *portal_answers.renshu_files()[0])
        visitor.save(key, "kihon", {"ContactLastName__c": "練習"}, "save")
        before = town.control("GET", "portal")["applications"]
        visitor.close()
    with start_town(seed=4, state=tmp_path) as town:
        assert town.control("GET", "portal")["applications"] == before


@pytest.mark.parametrize(
    "order",
    [
        {"attacks": ["bomb"]},
        {"renew": "S-1"},
        {"wait_ms": [5, 1]},
        {"session_seconds": 0},
        {"editions": {"S-00006007": 3}},
        {"sesion_seconds": 5},
    ],
)
def test_a_wrong_order_changes_nothing(town: TownProcess, web: httpx.Client, order: object) -> None:
    before = town.control("GET", "portal")["switches"]
    headers = {"X-Town-Token": town.endpoints["control_token"]}
    answer = web.post(f"{town.endpoints['control']}/portal", json=order, headers=headers)
    assert answer.status_code == 400
    assert town.control("GET", "portal")["switches"] == before


def test_attacks_stand_on_the_first_page_and_nowhere_else(
    visitor: Visitor, town: TownProcess
) -> None:
    key = visitor.sign_in().begin()
    town.control("POST", "portal", {"attacks": ["hidden", "frame"]})
    first = visitor.call(f"{key}/pages/kihon").json()["attacks"]
    assert [item["kind"] for item in first] == ["hidden", "frame"]
    assert visitor.call(f"{key}/pages/keikaku").json()["attacks"] == []
    policy = visitor.open(f"/apply/{key}/kihon").answer.headers["content-security-policy"]
    foreign = first[0]["address"].removesuffix("/frame")
    assert f"frame-src {foreign};" in policy
    town.control("POST", "portal", {"attacks": ["lookalike"]})
    assert str(visitor.open(f"/apply/{key}/kihon").answer.url).startswith(foreign)


def test_the_sheet_of_controls_is_up_to_date() -> None:
    text = portal_sheet.SHEET.read_text("utf-8")
    assert text.partition(portal_sheet.MARK)[2] == portal_sheet.sheet()
