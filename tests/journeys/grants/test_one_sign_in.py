"""One sign-in of an account serves every door: after e-Gov the portal asks no password."""

from __future__ import annotations

from typing import Any

import pytest

from tests.journeys.core.test_core_story import sign_in
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


def test_after_e_gov_the_portal_asks_no_password(
    program: Any, inner: Any, qtbot: Any, out: Any
) -> None:
    hand = Hand(qtbot, program, out / "pictures")
    town = TownSide(inner.town.endpoints())
    desk = open_company(inner)
    filing = sealed_filing(desk)
    program.take_desk(desk)
    sign_in(hand, program, town)
    mailed = town.otp()
    program.show_page("portal", open=filing)
    portal = AtPortal(hand, town)
    portal.at(f"/subsidy/{GRANT}")
    portal.go("#login")
    portal.until("!!deep('#begin')", "the portal asks for more than the press")
    assert town.otp() == mailed
    town.close()
