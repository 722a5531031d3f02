"""A captured portal gets nothing but what a person sees, and nothing of it is pressed.

Each trap of the practice portal stands on the first page of the form; what was sent, what the
page's fields hold and what the town was asked are looked at from outside the program.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtWidgets import QWidget

from tests.journeys.grants.portal_hands import AtPortal
from tests.journeys.grants.sealed import open_company, sealed_filing
from tests.journeys.hand import Hand
from tests.journeys.web import TownSide

pytestmark = [
    pytest.mark.x11,
    pytest.mark.timeout(300),
    pytest.mark.qt_log_level_fail("CRITICAL"),
]
GRANT = "a0WJ200000CDJWIMA5"
HIDDEN = (
    "HiddenMyNumber__c", "InvisibleKana__c", "ClearPhone__c", "TinyMail__c", "MyNumber__c",
    "Password__c", "MaskedName__c", "BankAccount__c", "FarName__c", "ClippedAddress__c",
)  # fmt: skip


@pytest.fixture
def town(inner: Any) -> Iterator[TownSide]:
    made = TownSide(inner.town.endpoints())
    made.post("portal", {"wait_ms": [50, 200]})
    yield made
    made.close()


@pytest.fixture
def hand(program: Any, qtbot: Any, out: Any) -> Hand:
    return Hand(qtbot, program, out / "pictures")


def at_the_form(hand: Hand, program: Any, inner: Any, town: TownSide) -> AtPortal:
    """Signed in, at the first page of a new application, with the sealed one beside it."""
    desk = open_company(inner)
    filing = sealed_filing(desk)
    program.take_desk(desk)
    program.show_page("portal", open=filing)
    portal = AtPortal(hand, town)
    portal.at(f"/subsidy/{GRANT}")
    portal.sign_in()
    portal.at(f"/subsidy/{GRANT}")
    portal.go("#begin")
    portal.at("/kihon")
    portal.until("!!deep('[name=ContactEmail__c]')")
    hand.see("portal.fill")
    return portal


def held_by(portal: AtPortal, name: str) -> list[str]:
    """What every control of that name on the page holds."""
    return list(portal.ask(f"deepAll('[name={name}]').map(e => e.value)"))


def ended(hand: Hand) -> dict[str, str]:
    """What the panel says of each value, after the filling."""
    names = ("portal.fits", "portal.left", "portal.differs")
    hand.until(lambda: any(hand.all(name) for name in names), "it does not end", 90_000)
    outcomes: dict[str, str] = hand.see("portal").outcomes
    return outcomes


def test_nothing_goes_into_what_nobody_sees(
    program: Any, inner: Any, hand: Hand, town: TownSide
) -> None:
    town.post("portal", {"attacks": ["hidden", "decoy", "password", "offscreen", "frame"]})
    portal = at_the_form(hand, program, inner, town)
    portal.until("!!deep('[name=Password__c]')")
    portal.panel("portal.fill")
    outcomes = ended(hand)
    hand.qtbot.wait(400)
    hand.picture("browser-hostile")
    bar = hand.window.findChild(QWidget, "browser.leave")
    assert not bar.visibleRegion().isEmpty()
    assert bar.visibleRegion().boundingRect().height() == bar.height()
    for name in HIDDEN:
        assert not any(held_by(portal, name)), name
    decoy, real = held_by(portal, "ContactLastName__c")
    assert (decoy, real) == ("", "佐野")
    assert held_by(portal, "ContactEmail__c") == ["soumu@minato.example.jp"]
    # A field far off the page bears the same label as the given name: then neither is taken.
    twice = "同じ名前の欄がいくつもあります"
    good = ("入りました", "合っています")
    # The account at GビズID names another representative than the company: told, not stopped.
    odd = {label for label, why in outcomes.items() if why not in good}
    assert odd <= {"連絡先の名", "代表者の氏名"}
    assert outcomes["法人番号"] == "合っています"
    assert outcomes["連絡先の名"] in ("入りました", twice)
    assert portal.ask("location.pathname").endswith("/kihon")
    (held,) = town.get("portal")["applications"]
    assert held["values"] == {}
    assert held["status"] == "下書き中"
    log = json.dumps(town.log(), ensure_ascii=False)
    assert "soumu@minato.example.jp" not in log.replace("prime@example.jp", "")


def test_under_a_sheet_nothing_is_filled(
    program: Any, inner: Any, hand: Hand, town: TownSide
) -> None:
    town.post("portal", {"attacks": ["overlay"]})
    portal = at_the_form(hand, program, inner, town)
    portal.panel("portal.fill")
    outcomes = ended(hand)
    assert "入りました" not in outcomes.values()
    assert "ほかのものに覆われている欄なので入れません" in outcomes.values()
    for name in ("ContactEmail__c", "Capital__c", "ApplicantKana__c"):
        assert held_by(portal, name) == [""]


def test_a_page_that_looks_alike_gets_nothing(
    program: Any, inner: Any, hand: Hand, town: TownSide
) -> None:
    """Another origin with the same words: it is not even shown, and the panel offers nothing."""
    portal = at_the_form(hand, program, inner, town)
    town.post("portal", {"attacks": ["lookalike"]})
    page = portal.web.view.page()
    page.load(QUrl(page.url()))
    hand.see("browser.notice", 30_000)
    hand.until(lambda: not hand.all("portal.fill"), "the panel still offers to fill")
    hand.picture("browser-lookalike")
    assert town.get("portal")["applications"][0]["values"] == {}


def test_a_form_renewed_after_the_seal_tells_what_does_not_fit(
    program: Any, inner: Any, hand: Hand, town: TownSide
) -> None:
    """The draft survives: what has no place is listed, what is new is left to the person."""
    town.post("portal", {"renew": "S-00006007"})
    portal = at_the_form(hand, program, inner, town)
    portal.panel("portal.fill")
    outcomes = ended(hand)
    hand.picture("browser-renewed")
    assert outcomes["連絡先の電話番号"] == "この名前の欄がこのページにありません"
    assert outcomes["連絡先のメールアドレス"] == "入りました"
    assert held_by(portal, "ContactMobile__c") == [""]
    stage = str(program.desk.filings_store.list()[0].stage)
    assert "ready" in stage.lower()
