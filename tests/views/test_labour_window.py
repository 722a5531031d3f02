"""From the list of who needs what to the form of 雇用保険, in the real window against the town."""

from __future__ import annotations

from datetime import date
from typing import Any

from PySide6.QtCore import Qt
from social_window import office, press, shown, somebody, town, window

from app.services.social.insurer import LABOUR_LOSS, Insurer
from app.services.social.labour import LOST, LOST_WITH_CERTIFICATE
from app.views.pages.form_page import FormPage
from app.views.pages.social_page import SocialPage
from tests.services.open_desk import OpenDesk
from tests.services.social_town import social, told
from tests.views.window_parts import rest

__all__ = ["office", "town", "window"]

KEY = (LABOUR_LOSS, "a", "2026-11-01")


def left(office: OpenDesk, **more: Any) -> None:
    """Somebody who left at the end of October."""
    person = somebody() | {
        "left_on": date(2026, 10, 31),
        "hired_on": date(2026, 8, 1),
        "employment_insurance.acquired_on": date(2026, 8, 1),
        "employment_insurance.number": "50123456789",
        "pay_type": "1",
        "weekly_hours": 40,
        **more,
    }
    told(office, "a", person)
    social(office).set_insurer(Insurer.KYOKAI)
    social(office).set_since(date(2026, 10, 1))
    office.desk.take_in()


def opened(window: Any) -> SocialPage:
    window.show_page("social")
    rest()
    page = window.page()
    assert isinstance(page, SocialPage)
    return page


def at_notice(page: SocialPage) -> None:
    row = page.list.model.row_of_key(KEY)
    assert row >= 0
    page.list.rows.setFocus()
    page.list.rows.setCurrentIndex(page.list.model.index(row))
    rest()


def test_a_leaver_is_led_to_the_form_with_the_certificate(window: Any, office: OpenDesk) -> None:
    left(office)
    at_notice(opened(window))
    assert shown(window, "social.write")
    press(window, "social.write")
    rest()
    page = window.page()
    assert isinstance(page, FormPage)
    assert page.draft.procedure.id == LOST_WITH_CERTIFICATE
    assert page.draft.subject == "a"
    page.fields.go("santei")
    row = page.fields.row("santei")
    assert row is not None
    grid = row.editor.control()
    assert [
        str(grid.model().index(n, 0).data(Qt.ItemDataRole.DisplayRole)) for n in range(3)
    ] == ["10月1日", "9月1日", "8月1日"]  # fmt: skip


def test_who_declines_is_led_to_the_form_without(window: Any, office: OpenDesk) -> None:
    left(office, **{"employment_insurance.certificate_wanted": False})
    at_notice(opened(window))
    press(window, "social.write")
    rest()
    page = window.page()
    assert isinstance(page, FormPage)
    assert page.draft.procedure.id == LOST
