"""Every page by its name: the one list a new page is added to. Pages are imported when asked for."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from app.views.page import Page, Window

# name → (module, class); each is made with desk, window and what was asked.
PAGES = {
    "company": ("company_page", "CompanyPage"),
    "procedures": ("procedures_page", "ProceduresPage"),
    "form": ("form_page", "FormPage"),
    "review": ("review_page", "ReviewPage"),
    "interview": ("interview_page", "InterviewPage"),
    "outbox": ("outbox", "OutboxPage"),
    "skeleton": ("skeleton_choose", "open_page"),
    "skeleton_review": ("skeleton_review", "SkeletonReviewPage"),
    "fees": ("fees_page", "FeesPage"),
    "deliveries": ("deliveries_page", "DeliveriesPage"),
    "documents": ("documents", "DocumentsPage"),
    "grants": ("grants_page", "GrantsPage"),
    "once": ("once_page", "OncePage"),
    "purge": ("purge_page", "PurgePage"),
    "erase": ("erase_page", "ErasePage"),
    "award": ("award_page", "AwardPage"),
    "locaben": ("locaben_page", "LocabenPage"),
    "public_records": ("public_records_page", "PublicRecordsPage"),
    "social": ("social_page", "SocialPage"),
    "social_import": ("social_import_page", "SocialImportPage"),
}


def make(name: str, desk: Any, window: Window, asked: Mapping[str, str], house: Any) -> Page:
    """A page. Raises LookupError for a name that is not on the list."""
    if hasattr(desk, "office") and name != "sign_in":
        return _of_office(name, desk, window, asked, house)
    if name == "today":
        from app.views.pages.today import TodayPage

        return TodayPage(desk, window)
    if name == "sign_in":
        own = desk.as_account() if hasattr(desk, "office") else desk
        return _sign_in(own, window, house)
    if name == "portal":
        return _portal(desk, window, asked, house)
    if name == "settings":
        from app.views.pages.settings import SettingsPage

        return SettingsPage(desk, window, asked, house)
    if name == "rekey":
        from app.views.pages.rekey_page import RekeyPage

        return RekeyPage(desk, window, house)
    if name == "social" and asked.get("form"):
        from app.views.pages.social_form_page import SocialFormPage

        return SocialFormPage(desk, window, asked)
    module, kind = PAGES[name]
    page: Page = getattr(import_module(f"app.views.pages.{module}"), kind)(desk, window, asked)
    return page


def _of_office(name: str, desk: Any, window: Window, asked: Mapping[str, str], house: Any) -> Page:
    """A page of all companies at once; a place of one company asks for one."""
    if name == "today":
        from app.views.pages.matrix_page import MatrixPage

        return MatrixPage(desk, window)
    if name == "batch":
        from app.views.pages.batch_page import BatchPage

        return BatchPage(desk, window, asked)
    if name in ("office", "settings"):
        from app.views.pages.office_page import OfficePage

        return OfficePage(desk, window, house)
    from app.views.pages.choose_company import ChooseCompanyPage

    return ChooseCompanyPage(desk, window, name)


def _sign_in(desk: Any, window: Window, house: Any) -> Page:
    from app.services.sign_in import LoopbackListener
    from app.views.pages.sign_in_page import SignInPage

    return SignInPage(
        desk,
        window,
        lambda: house.door_addresses(desk),
        house.sessions,
        lambda doors: LoopbackListener(
            doors.redirect_host, doors.redirect_port, doors.redirect_path
        ),
        house.probe,
        house.mails if desk.practice else None,
        embedded=not house.settings.system_browser,
    )


def _portal(desk: Any, window: Window, asked: Mapping[str, str], house: Any) -> Page:
    from app.views.pages.portal_page import PortalPage

    return PortalPage(
        desk,
        window,
        asked,
        lambda: house.door_addresses(desk, to_sign_in=False),
        house.sessions,
        house.probe,
        house.resources,
    )
