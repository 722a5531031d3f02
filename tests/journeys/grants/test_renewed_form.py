"""The portal renews its form between the seal and the filing: filed all the same, over every page.

Nothing is dropped without a word: what has no place any more is listed with its value, what is new is
listed as asked, the person answers it with keys on the portal's page, and the receipt is stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.domain.filing import Stage
from app.forms.portal import Portal
from tests.journeys.grants.portal_hands import AtPortal
from tests.journeys.grants.sealed import JIZOKUKA, RENSHU, open_company, sealed_filing
from tests.journeys.hand import Hand
from tests.journeys.web import TownSide

pytestmark = [
    pytest.mark.x11,
    pytest.mark.timeout(400),
    pytest.mark.qt_log_level_fail("CRITICAL"),
]
GONE = "この名前の欄がこのページにありません"
GOOD = ("入りました", "合っています", "空欄のままと決めています")


@dataclass(frozen=True)
class Renewed:
    """What the second edition changes, page by page, and what the person writes there by hand."""

    number: str
    subsidy: str
    gone: Mapping[str, set[str]]
    asked: Mapping[str, set[str]]
    by_hand: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


FORMS = {
    RENSHU: Renewed(
        "S-00006007",
        "a0WJ200000CDJWIMA5",
        {"kihon": {"連絡先の電話番号"}, "keikaku": {"申請内容の概要", "期待される効果"}},
        {
            "kihon": {"日中の電話番号", "携帯電話番号"},
            "keikaku": {"事業の概要", "脱炭素の取組"},
            "sensei": {"パートナーシップ構築宣言を公表しています"},
        },
        {
            "kihon": {"ContactTel__c": "03-1234-5678", "ContactMobile__c": "090-1234-5678"},
            "keikaku": {"ProjectOutline__c": "Kobako", "CarbonPlan__c": "LED"},
            "sensei": {"OathPartnership__c": " "},
        },
    ),
    JIZOKUKA: Renewed(
        "S-00009001",
        "a0WRENSHU0JIZOKUKA1",
        {"keikaku": {"2．顧客ニーズと市場の動向"}, "kakunin": {"出資者 2行目"}},
        {
            "gaiyo": {"適格請求書発行事業者の登録番号"},
            "kakunin": {"認定経営革新等支援機関の支援を受けた"},
            "keikaku": {"2.顧客ニーズと市場・競合の動向"},
        },
        {
            "gaiyo": {"InvoiceNumber__c": "T1234567890123"},
            "kakunin": {"Support__c": " "},
            "keikaku": {"Market__c": "Market"},
        },
    ),
}


@pytest.fixture
def town(inner: Any) -> Any:
    made = TownSide(inner.town.endpoints())
    made.post("portal", {"wait_ms": [50, 200]})
    yield made
    made.close()


def ended(hand: Hand, before: QWidget | None) -> tuple[dict[str, str], QWidget]:
    """What the panel says of each value once a filling has ended, and its band."""
    names = ("portal.fits", "portal.left", "portal.differs")

    def band() -> QWidget | None:
        bands = [one for name in names for one in hand.all(name)]
        return bands[0] if bands and bands[0] is not before else None

    hand.until(lambda: band() is not None, "the filling does not end", 90_000)
    now = band()
    assert now is not None
    return hand.see("portal").outcomes, now


def asked_for(hand: Hand) -> set[str]:
    """The required questions the panel lists beside."""
    rows = hand.see("portal.list").findChildren(QWidget)
    return {
        r.objectName().removeprefix("portal.asked.")
        for r in rows
        if r.objectName().startswith("portal.asked.") and "必須" in r.accessibleName()
    }


def write(portal: AtPortal, name: str, words: str) -> None:
    """By keys on the portal's own page; a space presses a radio button."""
    portal.into(f"deep('[name={name}]')")
    if words == " ":
        portal.web.key(Qt.Key.Key_Space)
        portal.until(f"deep('[name={name}]').checked")
    else:
        portal.web.type(words)
        portal.until(f"deep('[name={name}]').value.length >= {len(words)}")


@pytest.mark.parametrize("procedure", FORMS)
def test_a_form_renewed_after_the_seal_is_filed(
    procedure: str, program: Any, inner: Any, qtbot: Any, out: Any, town: TownSide
) -> None:
    form = FORMS[procedure]
    hand = Hand(qtbot, program, out / "pictures")
    desk = open_company(inner, procedure)
    filing = sealed_filing(desk, procedure)
    town.post("portal", {"renew": form.number})
    program.take_desk(desk)
    program.show_page("portal", open=filing)
    portal = AtPortal(hand, town)
    portal.at(f"/subsidy/{form.subsidy}")
    portal.sign_in()
    portal.at(f"/subsidy/{form.subsidy}")
    portal.go("#begin")
    band: QWidget | None = None
    folder: Portal = desk.portal(filing).portal
    for page in folder.pages:
        if page.confirm:
            continue
        portal.at(page.path)
        hand.see("portal.fill", 20_000)
        portal.panel("portal.fill")
        outcomes, band = ended(hand, band)
        odd = {label: why for label, why in outcomes.items() if why not in GOOD}
        # The account at GビズID names another representative than the company: told, not stopped.
        odd.pop("代表者の氏名", None)
        assert set(odd) == form.gone.get(page.id, set()), (page.id, odd)
        assert asked_for(hand) == form.asked.get(page.id, set()), page.id
        if form.asked.get(page.id):
            hand.picture(f"renewed-{procedure.split('/')[1]}-{page.id}")
        for name, words in form.by_hand.get(page.id, {}).items():
            write(portal, name, words)
        portal.press("次へ")
    portal.at("/confirm")
    hand.until(lambda: "確認の画面" in hand.text("portal.title"), "the confirm page is not known")
    portal.into("deep('[name=Confirmed__c]')")
    portal.web.key(Qt.Key.Key_Space)
    portal.press("申請する")
    portal.at("/receipt")
    hand.see("portal.receipt", 30_000)
    row = desk.filings_store.get(filing)
    (held,) = town.get("portal")["applications"]
    assert (held["edition"], held["number"]) == (2, row.receipt_number)
    assert row.stage is Stage.ACCEPTED
    new = [e for e in desk.filings_store.events(filing) if e.kind == "portal-new"]
    listed = {name for e in new for name in e.data["names"]}
    assert {n for names in form.asked.values() for n in names} - {"事業の概要"} <= listed
    for names in form.by_hand.values():
        for name, words in names.items():
            kept = next(v[name] for v in held["values"].values() if name in v)
            assert kept == ("はい" if words == " " else words)
