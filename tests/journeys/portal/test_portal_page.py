"""A real Chromium page of the practice portal: shadow roots, late controls, comboboxes, masks, traps."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt

from tests.journeys.portal.portal_screen import PortalScreen
from tests.sandbox import portal_answers
from tests.sandbox.town_process import TownProcess, start_town

# WebEngine tells of missing GPU drivers as warnings; everything else fails the other tests.
pytestmark = [
    pytest.mark.x11,
    pytest.mark.timeout(240),
    pytest.mark.qt_log_level_fail("CRITICAL"),
]


@pytest.fixture(scope="module")
def town() -> Iterator[TownProcess]:
    """One town for the file."""
    with start_town(seed=7) as running:
        yield running


@pytest.fixture
def screen(town: TownProcess, qtbot: Any, request: pytest.FixtureRequest) -> Iterator[PortalScreen]:
    """Signed in, over TLS where a test asks for it."""
    from app.views.probe import guard_sandbox_environment, under_tests

    guard_sandbox_environment(os.environ, under_tests(os.environ))
    town.reset()
    made = PortalScreen(town, qtbot, getattr(request, "param", "http"))
    made.sign_in()
    yield made
    made.close()


def kept(town: TownProcess, page: str) -> Any:
    (application,) = town.control("GET", "portal")["applications"]
    return application["values"].get(page)


def test_controls_come_late_and_by_keys_alone(screen: PortalScreen, town: TownProcess) -> None:
    town.control("POST", "portal", {"wait_ms": [1500, 1500]})
    screen.begin()
    screen.until("!!deep('h2')")
    assert screen.ask("!deep('[name=Capital__c]')")
    screen.there("Capital__c")
    town.control("POST", "portal", {"wait_ms": [200, 200]})
    assert screen.ask("depth(deep('[name=Capital__c]'))") == 2
    assert screen.ask("document.querySelector('[name=Capital__c]')") is None

    assert screen.write("ApplicantPostalCode__c", "1500041x") == "150-0041"
    assert screen.write("Capital__c", "10000000") == "10,000,000"
    assert screen.write("ApplicationDate__c", "2026-11-24") == "2026/11/24"
    assert screen.write("EstablishmentDate__c", "20100231") == ""
    assert screen.write("ContactPhone__c", "03-0000-0001") == "03-0000-0001"

    screen.ask("(deep('[name=Capital__c]').value = '999', deep('[name=Employees__c]').value = '7')")
    screen.focus("[name=WebSite__c]")
    screen.until("deep('[name=Employees__c]').value === ''")
    assert screen.shown("Capital__c") == "10,000,000"

    screen.focus("[name=IndustryDivision__c]")
    screen.web.key(Qt.Key.Key_Space)
    screen.until("deepAll('[role=option]').length === 20")
    for _ in range(13):
        screen.web.key(Qt.Key.Key_Down)
    screen.web.key(Qt.Key.Key_Return)
    screen.until("deep('[name=IndustryDivision__c]').textContent.startsWith('M ')")
    screen.focus("[name=IndustryGroup__c]")
    screen.web.key(Qt.Key.Key_Space)
    screen.until("deepAll('[role=option]').length === 3")
    screen.web.key(Qt.Key.Key_Escape)
    screen.until("!deep('[role=listbox]')")

    assert screen.ask("!deep('[name=DelegatorName__c]')")
    screen.focus("[name=HasDelegation__c]")
    screen.web.key(Qt.Key.Key_Space)
    screen.there("DelegationContent__c")
    screen.web.key(Qt.Key.Key_Down)
    screen.until("!deep('[name=DelegatorName__c]')")

    screen.press("一時保存")
    screen.until("deep('.toast').textContent.startsWith('一時保存しました')")
    saved = kept(town, "kihon")
    assert saved == {
        "ApplicantPostalCode__c": "150-0041",
        "Capital__c": "10000000",
        "ApplicationDate__c": "2026/11/24",
        "ContactPhone__c": "03-0000-0001",
        "IndustryDivision__c": saved["IndustryDivision__c"],
        "HasDelegation__c": "いいえ",
    }
    screen.press("次へ")
    screen.until("deepAll('.error').filter(e => e.textContent).length > 10")
    assert screen.ask("deep('[name=Employees__c]').getAttribute('aria-invalid')") == "true"

    town.control("POST", "portal", {"end_sessions": True})
    screen.press("一時保存")
    screen.wait_at("/expired")


@pytest.mark.parametrize(
    ("grant", "answers", "files"),
    [
        ("a0WJ200000CDJWIMA5", portal_answers.renshu(), portal_answers.renshu_files()),
        ("a0WRENSHU0JIZOKUKA1", portal_answers.jizokuka(), portal_answers.jizokuka_files()),
    ],
)
def test_every_page_goes_by_events_to_the_receipt(
    screen: PortalScreen,
    town: TownProcess,
    grant: str,
    answers: portal_answers.Answers,
    files: list[tuple[str, str, bytes]],
) -> None:
    town.control("POST", "portal", {"wait_ms": [0, 50]})
    key = screen.begin(grant, next(iter(answers)))
    for page, values in answers.items():
        screen.wait_at(f"/{page}")
        screen.until("!!button('次へ')")
        if page == "tenpu":
            for name, file_name, data in files:
                attach(screen, name, file_name, data)
        for name, value in values.items():
            put(screen, name, value)
        screen.press("次へ")
    screen.wait_at("/confirm")
    screen.focus("[name=Confirmed__c]")
    screen.web.key(Qt.Key.Key_Space)
    screen.press("申請する")
    screen.wait_at(f"/apply/{key}/receipt")
    screen.until("deepAll('dt').some(e => e.textContent === '受付番号')")
    shown = screen.ask("deepAll('dd')[0].textContent")
    (application,) = town.control("GET", "portal")["applications"]
    assert (application["status"], application["number"]) == ("申請済み", shown)
    # A group in which nothing was ever checked is not sent.
    sent = {page: {n: v for n, v in row.items() if v != []} for page, row in answers.items()}
    assert application["values"] == sent
    assert set(application["files"]) == {name for name, _, _ in files}


def put(screen: PortalScreen, name: str, value: Any) -> None:
    """Puts a value in as a script does: sets it, tells `input` and `change`; presses options."""
    if name.endswith("__r"):
        for place, row in enumerate(value):
            if place:
                screen.ask("button('行を追加').click()")
            at = f"[data-row='{place}']"
            screen.until(f'!!deep("{at}")')
            for cell, given in row.items():
                index = f"deepAll('[name={cell}]')[{place}]"
                give(screen, index, given)
        return
    screen.there(name)
    if isinstance(value, list):
        for option in value:
            box = f"deepAll('[name={name}]').find(e => e.value === {json.dumps(option)})"
            screen.ask(f"{box}.click()")
    elif screen.ask(f"deep('[name={name}]').type") == "radio":
        box = f"deepAll('[name={name}]').find(e => e.value === {json.dumps(value)})"
        screen.ask(f"{box}.click()")
    else:
        give(screen, f"deep('[name={name}]')", value)


def give(screen: PortalScreen, element: str, value: Any) -> None:
    """One control that is no group."""
    screen.until(f"!!{element}")
    if isinstance(value, bool):
        screen.ask(f"{element}.checked !== {json.dumps(value)} && {element}.click()")
        return
    told = json.dumps(value)
    if screen.ask(f"{element}.getAttribute('role')") == "combobox":
        screen.ask(f"{element}.click()")
        option = f"deepAll('[role=option]').find(e => e.dataset.value === {told})"
        screen.until(f"!!{option}")
        screen.ask(f"{option}.click()")
        return
    screen.ask(
        f"(e => {{ e.value = {told}; for (const kind of ['input', 'change']) "
        f"e.dispatchEvent(new Event(kind, {{bubbles: true}})); }})({element})"
    )


def attach(screen: PortalScreen, name: str, file_name: str, data: bytes) -> None:
    """A file from memory, put into the input by a script."""
    screen.there(name)
    told = json.dumps([list(data), file_name])
    screen.ask(
        f"(([d, n]) => {{ const t = new DataTransfer(); t.items.add(new File([new Uint8Array(d)], n, "
        f"{{type: 'application/pdf'}})); const e = deep('[name={name}]'); e.files = t.files; "
        f"e.dispatchEvent(new Event('change', {{bubbles: true}})); }})({told})"
    )
    screen.until(f"deepAll('.file-name').some(e => e.textContent === {json.dumps(file_name)})")


@pytest.mark.parametrize("screen", ["https"], indirect=True)
def test_traps_are_what_they_say(screen: PortalScreen, town: TownProcess) -> None:
    town.control(
        "POST", "portal", {"attacks": ["hidden", "password", "offscreen", "overlay", "decoy"]}
    )
    screen.begin()
    screen.until("deepAll('[name=ContactLastName__c]').length === 2")
    assert screen.ask("depth(deep('[name=ContactLastName__c]'))") == 1
    screen.there("Password__c")
    assert screen.ask("deep('[name=Password__c]').type") == "password"
    assert screen.ask("deep('[name=HiddenMyNumber__c]').offsetParent") is None
    assert screen.ask("deep('[name=BankAccount__c]').getBoundingClientRect().right < 0")
    top = (
        "(e => { e.scrollIntoView(); const r = e.getBoundingClientRect(); let t = "
        "document.elementFromPoint(r.x + 5, r.y + 5); while (t.shadowRoot) { const u = "
        "t.shadowRoot.elementFromPoint(r.x + 5, r.y + 5); if (!u || u === t) break; t = u; } "
        "return t.className; })(deepAll('[name=ContactLastName__c]')[1])"
    )
    assert screen.ask(top) == "trap-overlay"
