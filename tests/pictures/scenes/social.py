"""社会保険の届, from facts of a sample company: what is needed is worked out, not drawn."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

from PySide6.QtWidgets import QWidget

from app.domain.clock import JST
from app.facts.catalogue import load_catalogue
from app.facts.graph import Graph
from app.facts.record import Origin, Record, Value
from app.services.social.insurer import Insurer
from app.services.social.needs import needs_of
from app.services.social.notice import Key, Needs
from app.services.social.people import Person, people_of
from app.services.social.tables import load_tables
from app.views.pages.social_page import SocialPage
from tests.pictures.scenes.doors import COMPANY, Window, framed
from tests.pictures.stage import Stage as Scene

AT = datetime(2026, 6, 30, 9, 0, tzinfo=JST)
NAMES = (
    ("伊藤", "健", "イトウ", "ケン"), ("佐野", "あかり", "サノ", "アカリ"),
    ("髙橋", "由美", "タカハシ", "ユミ"), ("山本", "湊", "ヤマモト", "ミナト"),
    ("中村", "聡子", "ナカムラ", "サトコ"), ("小林", "大樹", "コバヤシ", "ダイキ"),
    ("加藤", "美咲", "カトウ", "ミサキ"), ("吉田", "①郎", "ヨシダ", "イチロウ"),
    ("渡辺", "千尋", "ワタナベ", "チヒロ"), ("松本", "修", "マツモト", "オサム"),
)  # fmt: skip


def person(number: int, **more: Value) -> dict[str, Value]:
    """The facts of one employee; pay of April to June is known."""
    family, given, family_kana, given_kana = NAMES[number % len(NAMES)]
    pay = 220_000 + 10_000 * (number % 9)
    told: dict[str, Value] = {
        "family_name": family, "given_name": given, "family_kana": family_kana,
        "given_kana": given_kana, "birth": date(1970 + number % 30, 1 + number % 12, 9),
        "sex": "女" if number % 2 else "男", "social_insurance.number": f"{number + 1}",
        "pension_number": f"41{number:08d}", "hired_on": date(2015, 4, 1),
        "address": f"東京都港区芝浦{number + 1}丁目2番3号", "postal_code": "1080023",
        "address_kana": "トウキョウトミナトクシバウラ",
        "social_insurance.covered": True, "social_insurance.acquired_on": date(2015, 4, 1),
        "social_insurance.kenpo_standard": pay // 20_000 * 20_000,
        "social_insurance.kounen_standard": pay // 20_000 * 20_000,
        "social_insurance.original_monthly": pay,
        "social_insurance.revised_month": "2025-09",
    }  # fmt: skip
    for month, days in (("2026-04", 30), ("2026-05", 31), ("2026-06", 30)):
        told[f"pay[{month}]"] = pay
        told[f"pay_days[{month}]"] = days
    return {**told, **more}


def people() -> dict[str, dict[str, Value]]:
    """Ten people: most only of 算定基礎届, one joined, one left, one whose pay rose, two with gaps."""
    found = {f"p{n}": person(n) for n in range(10)}
    found["p1"] |= {
        "hired_on": date(2026, 6, 29), "social_insurance.acquired_on": date(2026, 6, 29),
        "social_insurance.expected_monthly": 240_000,
    }  # fmt: skip
    found["p4"]["left_on"] = date(2026, 6, 30)
    for month, fixed in (("2026-03", 200_000), ("2026-04", 300_000)):
        found["p5"][f"fixed_pay[{month}]"] = fixed
    for month in ("2026-04", "2026-05", "2026-06"):
        found["p5"][f"pay[{month}]"] = 340_000
    del found["p6"]["pay[2026-06]"]
    del found["p8"]["birth"]
    found["p9"] = {
        "family_name": "松本", "given_name": "修", "family_kana": "マツモト", "given_kana": "オサム",
        "hired_on": date(2026, 7, 1), "birth": date(1990, 1, 9),
    }  # fmt: skip
    return found


def graph_of(scene: Scene, told: Mapping[str, Mapping[str, Value]]) -> Graph:
    """The facts as a graph on the day of the pictures."""
    records = [
        Record(f"employees[{key}].{leaf}", value, Origin.BOOKS, AT, str(value), {"file": "給与.xlsx"})
        for key, leaves in told.items()
        for leaf, value in leaves.items()
    ]
    return Graph(load_catalogue(scene.resources), records, date(2026, 7, 3))


class Social:
    """The social desk of the pictures: the rules over facts in memory, nothing stored."""

    def __init__(self, scene: Scene, insurer: Insurer | None, told: Mapping[str, Any]) -> None:
        self._tables = load_tables(scene.resources)
        self._graph = graph_of(scene, told)
        self._insurer = insurer

    def insurer(self) -> Insurer | None:
        return self._insurer

    def set_insurer(self, kind: Insurer) -> None:
        self._insurer = kind

    def people(self) -> list[Person]:
        return people_of(self._graph)

    def needs(self, filed: Collection[Key] = ()) -> Needs:
        return needs_of(
            self.people(), self._tables, today=date(2026, 7, 3), since=date(2026, 1, 1),
            insurer=self._insurer or Insurer.KYOKAI, filed=filed,
        )  # fmt: skip


def _desk(scene: Scene, social: Any) -> Any:
    return SimpleNamespace(
        social=social,
        parts=SimpleNamespace(catalogue=load_catalogue(scene.resources)),
        practice=False,
        card=COMPANY,
        clock=scene.clock,
        take_in=lambda: None,
        procedures=list,
    )


def _page(scene: Scene, insurer: Insurer | None, told: Mapping[str, Any] | None = None) -> QWidget:
    social = Social(scene, insurer, people() if told is None else told)
    return framed(SocialPage(_desk(scene, social), Window(), {}), "procedures", scene)


def social(scene: Scene) -> QWidget:
    """協会けんぽ: the list, with the first form open beside it."""
    return _page(scene, Insurer.KYOKAI)


def social_person(scene: Scene) -> QWidget:
    """Somebody whose pay changed, the arithmetic opened."""
    frame = _page(scene, Insurer.KYOKAI)
    page = frame.findChild(SocialPage)
    assert page is not None
    page._place = ("notice", "2221700", "p5", "2026-07")
    page._show()
    return frame


def social_questions(scene: Scene) -> QWidget:
    """Of whom something must be asked, a union's company."""
    frame = _page(scene, Insurer.KUMIAI)
    page = frame.findChild(SocialPage)
    assert page is not None
    page.tabs.set_chosen("questions")
    page._show_rows()
    return frame


def social_insurer(scene: Scene) -> QWidget:
    """The first question."""
    return _page(scene, None)


def social_nobody(scene: Scene) -> QWidget:
    """No employee yet."""
    return _page(scene, Insurer.KYOKAI, {})


USUAL = ["social", "social-insurer"]
ONCE = ["social-person", "social-questions", "social-nobody"]
SCENES = {
    "social": social,
    "social-person": social_person,
    "social-questions": social_questions,
    "social-insurer": social_insurer,
    "social-nobody": social_nobody,
}
