"""The filler at the practice portal: every control of both forms by its label, then filed by hand.

The plan is made from the labels the portal publishes, as a person reads them; nothing here knows an id.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtNetwork import QNetworkCookie
from pytestqt.qtbot import QtBot

from app.views.browser_policy import policy
from app.views.browser_session import AccountBrowser
from app.views.portal_fill import Put
from tests.sandbox.portal_answers import Answers, jizokuka, jizokuka_files, renshu, renshu_files
from tests.sandbox.portal_visitor import Visitor
from tests.sandbox.town_process import TownProcess, start_town
from tests.views.browser.test_portal_fill import Desk

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
FORMS = Path(__file__).resolve().parents[3] / "resources" / "sandbox" / "portal" / "forms"
KINDS = {
    "combobox": "choice", "select": "choice", "radio": "radio", "check": "checkbox",
}  # fmt: skip


@pytest.fixture(scope="module")
def town() -> Iterator[TownProcess]:
    with start_town(seed=11) as running:
        running.control("POST", "portal", {"wait_ms": [50, 400]})
        yield running


@pytest.fixture
def visitor(town: TownProcess) -> Iterator[Visitor]:
    made = Visitor(town, "https").sign_in()
    yield made
    made.close()


@pytest.fixture
def desk(qtbot: QtBot, town: TownProcess, visitor: Visitor) -> Iterator[Desk]:
    origin = town.endpoints["portal_https"]
    rules = policy(
        [origin], "http://127.0.0.1:1/callback", practice=True, pin=town.endpoints["tls_sha256"]
    )
    browser = AccountBrowser("main", rules)
    store = browser.profile.cookieStore()
    for cookie in visitor.web.cookies.jar:
        made = QNetworkCookie(cookie.name.encode(), str(cookie.value).encode())
        made.setPath("/")
        made.setSecure(True)
        made.setHttpOnly(True)
        store.setCookie(made, QUrl(origin))
    seat = Desk(browser, origin, qtbot)
    yield seat
    seat.filler.deleteLater()
    seat.window.hide()
    browser.close()
    seat.window.deleteLater()


def plan(page: dict[str, Any], answers: dict[str, Any]) -> list[Put]:
    """What a person would put in, in the order of the page."""
    puts: list[Put] = []
    for block in page.get("block", []):
        rows = block.get("rows")
        if rows:
            for number, row in enumerate(answers.get(rows["name"], [])):
                for item in block["fields"]:
                    puts += _puts(item, row.get(item["name"]), rows["label"], number)
            continue
        for period in block.get(
            "periods", []
        ):  # the same fields once a year, each under its own name
            heading = f"{block['title']}（{period['title']}）"
            for item in block["fields"]:
                name = period["prefix"] + item["name"]
                puts += _puts({**item, "name": name}, answers.get(name), heading, 0)
        if "periods" in block:
            continue
        for item in block["fields"]:
            puts += _puts(item, answers.get(item["name"]), block["title"], 0)
    return puts


def _puts(item: dict[str, Any], value: Any, within: str, row: int) -> list[Put]:
    key = f"{item['name']}.{within}.{row}"
    if value in (None, "", []) or item["kind"] in ("file", "calc") or "prefill" in item:
        return []
    if item["kind"] == "checks":
        return [
            Put(f"{key}.{one}", "checkbox", one, within=item["label"], text=one, on=True)
            for one in value
        ]
    kind = KINDS.get(item["kind"], "text")
    rows = {"add": "行を追加", "add_within": within} if row else {}
    text = "はい" if value is True else "" if value is False else str(value)
    return [
        Put(
            key, kind, item["label"], within=within, row=row, text=text, on=value is True, **rows
        )
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["renshu", "jizokuka"])
def test_every_control_of_a_form_by_its_label(
    name: str, desk: Desk, town: TownProcess, visitor: Visitor
) -> None:
    form = tomllib.loads((FORMS / f"{name}.toml").read_text("utf-8"))
    answers: Answers = renshu() if name == "renshu" else jizokuka()
    files = renshu_files() if name == "renshu" else jizokuka_files()
    key = visitor.begin(form["key"])
    origin = town.endpoints["portal_https"]
    for page in form["page"]:
        desk.open(f"{origin}/apply/{key}/{page['key']}")
        seen = desk.look()
        assert seen is not None
        puts = plan(page, answers[page["key"]])
        for field, file_name, body in files:
            item = next((f for b in page["block"] for f in b["fields"] if f["name"] == field), None)
            if item:
                puts.append(
                    Put(field, "file", item["label"], files=((file_name, "application/pdf", body),))
                )
        told = desk.fill(*puts)
        assert not {k: why for k, why in told.items() if why}, (page["key"], desk.look())
        before = town.control("GET", "portal")["applications"][-1]
        assert before["status"] == "下書き中"
        press(desk, "次へ")
        desk.qtbot.waitUntil(
            lambda here=page["key"]: not desk.page.url().path().endswith(here), timeout=15000
        )
    assert desk.page.url().path().endswith("/confirm")
    kept = town.control("GET", "portal")["applications"][-1]
    for page_key, wanted in answers.items():
        for field, value in wanted.items():
            assert same(kept["values"][page_key].get(field), value), (page_key, field)
    for field, file_name, _body in files:
        assert file_name in str(kept["files"][field])


def same(held: Any, wanted: Any) -> bool:
    if isinstance(wanted, list):
        if not isinstance(held, list) or len(held) != len(wanted):
            return not held and not wanted
        return all(same(h, w) for h, w in zip(held, wanted, strict=True))
    if isinstance(wanted, dict):
        return all(same(held.get(k), v) for k, v in wanted.items())
    return str(held or "").replace(",", "").replace("-", "") == str(wanted or "").replace(
        ",", ""
    ).replace("-", "")


def press(desk: Desk, word: str) -> None:
    """The person presses the portal's own button: only tests do this by script."""
    find = (
        "(function deep(r){for(const e of r.querySelectorAll('*')){"
        f"if(e.tagName==='BUTTON'&&e.innerText.trim()==='{word}')return e;"
        "if(e.shadowRoot){const f=deep(e.shadowRoot);if(f)return f}}return null})(document)"
    )
    assert desk.ask(f"(() => {{ const b = {find}; if (b) b.click(); return !!b }})()") is True
