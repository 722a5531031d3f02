"""The pages of a form: the form in its widths, the review, the company, the interview, procedures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

from PySide6.QtWidgets import QApplication

from app.views.main_window import MainWindow
from app.views.page import Page
from tests.pictures.stage import Stage
from tests.views.form_desk import PERSON, PROCEDURE, FormDesk

WHERE = {"procedure": PROCEDURE, "subject": PERSON}


def make_page(name: str, desk: Any, window: Any, asked: Mapping[str, str]) -> Page:
    """The pages of this module, as bootstrap makes them."""
    from app.views.pages.company_page import CompanyPage
    from app.views.pages.form_page import FormPage
    from app.views.pages.interview_page import InterviewPage
    from app.views.pages.once_page import OncePage
    from app.views.pages.procedures_page import ProceduresPage
    from app.views.pages.review_page import ReviewPage

    made: dict[str, Callable[[Any, Any, Mapping[str, str]], Page]] = {
        "form": FormPage,
        "review": ReviewPage,
        "company": CompanyPage,
        "interview": InterviewPage,
        "procedures": ProceduresPage,
        "once": OncePage,
    }
    if name not in made:
        raise LookupError(name)
    return made[name](desk, window, asked)


def house(stage: Stage) -> Any:
    """As much of a house as the window needs."""
    return SimpleNamespace(
        resources=stage.resources,
        clock=stage.clock,
        companies=SimpleNamespace(cards=lambda: []),
        version_line="一度 0.1.0",
        idle_minutes=0,
        practice_hint="",
        page=make_page,
        keep_look=lambda *_: None,
        switch_language=lambda: "",
    )


def opened(stage: Stage, desk: FormDesk, name: str, **asked: str) -> MainWindow:
    """The window of an open company at a page."""
    window = MainWindow(house(stage))
    window.unlock.hide()
    window.desk = desk  # type: ignore[assignment]
    card = desk.card
    window.frame.stripe.set_plate(card.plate)
    window.frame.navigation.company.set_company(card.name, card.kanji, card.plate)
    window.frame.practice.setVisible(desk.practice)
    window.stack.setCurrentWidget(window.frame)
    window.resize(1280, 800)
    window.show()
    window.show_page(name, **asked)
    page: Any = window.page()
    for column in (getattr(page, "fields", None), getattr(page, "cells", None)):
        if column is not None:
            column.build_all()
    for _ in range(30):
        QApplication.processEvents()
    return window


def form(stage: Stage) -> MainWindow:
    """The form with a letter to change, a warning and gaps; real, so that no practice strip shows."""
    desk = FormDesk(stage.resources, practice=False)
    window = opened(stage, desk, "form", **WHERE)
    page: Any = window.page()
    page.fields.go("shimei")
    return window


def review(stage: Stage) -> MainWindow:
    """The review with gaps."""
    return opened(stage, FormDesk(stage.resources), "review", **WHERE)


def company(stage: Stage) -> MainWindow:
    """The facts of the company."""
    window = opened(stage, FormDesk(stage.resources), "company")
    page: Any = window.page()
    page.fields.go("company.name")
    return window


def person(stage: Stage) -> MainWindow:
    """The facts of one employee."""
    return opened(stage, FormDesk(stage.resources), "company", view="employees")


def person_shown(stage: Stage) -> MainWindow:
    """The facts of one employee, the birth asked for."""
    path = f"employees[{PERSON}].birth"
    return opened(stage, FormDesk(stage.resources), "company", view="employees", path=path)


def interview(stage: Stage) -> MainWindow:
    """One question."""
    return opened(stage, FormDesk(stage.resources), "interview", **WHERE)


def procedures(stage: Stage) -> MainWindow:
    """What can be started, and one draft."""
    desk = FormDesk(stage.resources)
    desk.open_draft(PROCEDURE, PERSON)
    return opened(stage, desk, "procedures")


def once(stage: Stage) -> MainWindow:
    """What was typed, chosen and left blank in one draft."""
    desk = FormDesk(stage.resources)
    draft = desk.open_draft(PROCEDURE, PERSON).draft
    draft.leave_blank("hihokensha_bangou")
    for field, text in (("shotei_fun", "30"), ("keiyaku_sadame", "無"), ("chingin_taiyou", "1")):
        draft.answer(field, text)
    return opened(stage, desk, "once")


SCENES = {
    "once": once,
    "form": form,
    "review": review,
    "company": company,
    "person": person,
    "person-shown": person_shown,
    "interview": interview,
    "procedures": procedures,
}

USUAL = ["form", "review", "company"]
ONCE = ["person", "person-shown", "interview", "procedures", "once"]
