"""社会保険の届, from facts of a sample company: what is needed is worked out, not drawn."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeVar

from PySide6.QtWidgets import QApplication, QWidget

from app.domain.clock import JST
from app.facts.catalogue import Catalogue, load_catalogue
from app.facts.record import Origin, Record, Value
from app.forms.library import ProcedureLibrary
from app.services.social.desk import SocialData, load_social_data, open_social_desk
from app.services.social.insurer import REGULAR, Insurer
from app.store.key_file import create_key_file
from app.store.records import Records
from app.store.slots import CHEAPEST
from app.store.vault import Vault
from app.views import background
from app.views.page import Page
from app.views.pages.social_form_page import SocialFormPage
from app.views.pages.social_import_page import SocialImportPage
from app.views.pages.social_page import SocialPage
from app.views.widgets.button import Button
from tests.pictures.scenes.doors import COMPANY, Window, framed
from tests.pictures.stage import Stage as Scene

T = TypeVar("T", bound=Page)
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


COMPANY_FACTS: dict[str, Value] = {
    "company.kana": "ミナトセイカ", "company.email": "keiri@example.co.jp",
    "company.head_office.address_kana": "トウキョウトミナトクカイガン",
    "company.name": "株式会社みなと製菓", "company.phone": "03-1234-5678",
    "company.head_office.postal_code": "1050022",
    "company.head_office.address": "東京都港区海岸1丁目2番3号",
    "company.representative.family_name": "山本", "company.representative.given_name": "湊",
    "company.representative.family_kana": "ヤマモト",
    "company.representative.given_kana": "ミナト",
    "company.social_insurance.prefecture": "21", "company.social_insurance.district": "01",
    "company.social_insurance.mark": "ミナ", "company.social_insurance.office_number": "12345",
    "company.social_insurance.submission_id": "X-PRACTICE-PENSION-2101",
    "company.social_insurance.submission_name": "日本年金機構,港年金事務所",
}  # fmt: skip
_KEPT: list[tempfile.TemporaryDirectory[str]] = []
"""Folders of the vaults of these pictures, gone when the process ends."""


@cache
def _shared(resources: Path) -> tuple[Catalogue, SocialData]:
    """What all pictures read once."""
    catalogue = load_catalogue(resources)
    return catalogue, load_social_data(resources, catalogue)


def desk_of(scene: Scene, insurer: Insurer | None, told: Mapping[str, Mapping[str, Value]]) -> Any:
    """A real social desk over a vault of its own, with the rest of the desk as the page needs it."""
    folder = tempfile.TemporaryDirectory()
    _KEPT.append(folder)
    path = Path(folder.name) / "a.vault"
    key, _ = create_key_file(path, "はじめの合言葉です", practice=True, cost=CHEAPEST)
    vault = Vault.create(
        path, key, practice=True, migrations=scene.resources / "migrations", clock=scene.clock
    )
    facts = {
        f"employees[{who}].{leaf}": value
        for who, leaves in told.items()
        for leaf, value in leaves.items()
    }
    records = [
        Record(where, value, Origin.BOOKS, AT, str(value), {"file": "給与.xlsx"})
        for where, value in {**COMPANY_FACTS, **facts}.items()
    ]
    Records(vault).append(records)
    catalogue, data = _shared(scene.resources)
    social = open_social_desk(
        vault, (COMPANY.name, COMPANY.corporate_number), "egov",
        data, catalogue,
        ProcedureLibrary(scene.resources), scene.clock, person="山本",
        signed_in=lambda: "山本 湊",
    )  # fmt: skip
    social.set_since(date(2026, 1, 1))
    if insurer is not None:
        social.set_insurer(insurer)
    return SimpleNamespace(
        social=social,
        standing=None,
        practice=True,
        card=COMPANY,
        clock=scene.clock,
        take_in=lambda: None,
        take_in_some=lambda _most: False,
        procedures=list,
    )


def _page(scene: Scene, insurer: Insurer | None, told: Mapping[str, Any] | None = None) -> QWidget:
    desk = desk_of(scene, insurer, people() if told is None else told)
    return _framed(SocialPage(desk, Window(), {}), scene)


def _framed(page: Page, scene: Scene) -> QWidget:
    frame = framed(page, "procedures", scene)
    frame.practice.show()  # type: ignore[attr-defined]
    return frame


def _shown(frame: QWidget, kind: type[T]) -> T:
    """The page in a frame, once its work has ended."""
    page = frame.findChild(kind)
    assert page is not None
    while background.pending():
        background.wait(50)
        QApplication.processEvents()
    return page


def social(scene: Scene) -> QWidget:
    """協会けんぽ: the list, with the first form open beside it."""
    return _page(scene, Insurer.KYOKAI)


def social_person(scene: Scene) -> QWidget:
    """Somebody whose pay changed, the arithmetic opened."""
    frame = _page(scene, Insurer.KYOKAI)
    page = _shown(frame, SocialPage)
    page._go(("notice", "2221700", "p5", "2026-07"))
    button = page.detail.findChild(Button, "social.arithmetic")
    assert button is not None
    button.setChecked(True)
    return frame


def social_questions(scene: Scene) -> QWidget:
    """Of whom something must be asked, a union's company."""
    frame = _page(scene, Insurer.KUMIAI)
    page = _shown(frame, SocialPage)
    page.tabs.set_chosen("questions")
    page._place = ("notice", "2225700", "p6", "2026")
    page._show_rows()
    return frame


def social_insurer(scene: Scene) -> QWidget:
    """The first question."""
    return _page(scene, None)


def social_nobody(scene: Scene) -> QWidget:
    """No employee yet."""
    return _page(scene, Insurer.KYOKAI, {})


def _form(scene: Scene, form: str, *accept: tuple[str, str]) -> QWidget:
    desk = desk_of(scene, Insurer.KYOKAI, people())
    for letter, good in accept:
        desk.social.accept_substitute(letter, good)
    frame = _framed(SocialFormPage(desk, Window(), {"form": form}), scene)
    _shown(frame, SocialFormPage)
    return frame


def social_form(scene: Scene) -> QWidget:
    """算定基礎届 with letters the office does not take."""
    return _form(scene, REGULAR)


def social_form_ready(scene: Scene) -> QWidget:
    """算定基礎届 as it may leave."""
    return _form(scene, REGULAR, ("髙", "高"), ("①", "1"))


HEADINGS = (
    "社員番号", "氏名", "フリガナ", "生年月日", "基礎年金番号", "所属", "入社日",
    "2026年4月 支給額", "2026年4月 基礎日数", "2026年5月 支給額", "2026年5月 基礎日数",
)  # fmt: skip


def table() -> bytes:
    """A table of twelve people, three of its rows not to be taken in."""
    rows = [HEADINGS]
    for n in range(12):
        family, given, family_kana, given_kana = NAMES[n % len(NAMES)]
        rows.append((
            f"{100 + n}", f"{family} {given}", f"{family_kana} {given_kana}", f"1985-0{n % 9 + 1}-11",
            f"41{n:08d}", "製造", "2015-04-01", f"{240_000 + 1000 * n}", "30", "250000", "31",
        ))  # fmt: skip
    rows[4] = (*rows[4][:3], "1985-02-30", *rows[4][4:])
    rows[7] = (*rows[7][:1], "小林大樹", *rows[7][2:])
    rows[9] = (*rows[9][:7], "二十四万", *rows[9][8:])
    return "\r\n".join(",".join(row) for row in rows).encode("cp932", "replace")


def _import(scene: Scene, *, checked: bool) -> QWidget:
    desk = desk_of(scene, Insurer.KYOKAI, people())
    page = SocialImportPage(desk, Window(), {})
    frame = _framed(page, scene)
    folder = Path(_KEPT[-1].name) / "給与台帳_2026年6月.csv"
    folder.write_bytes(table())
    _shown(frame, SocialImportPage)
    page.choose(folder)
    _shown(frame, SocialImportPage)
    if checked:
        page.look_through()
        _shown(frame, SocialImportPage)
    return frame


def social_import(scene: Scene) -> QWidget:
    """A table was chosen; its columns are settled."""
    return _import(scene, checked=False)


def social_import_checked(scene: Scene) -> QWidget:
    """The rows were checked; nothing is written yet."""
    return _import(scene, checked=True)


def social_import_first(scene: Scene) -> QWidget:
    """Before a table is chosen; one was taken in."""
    desk = desk_of(scene, Insurer.KYOKAI, {})
    tables, content = desk.social.tables, table()
    columns = tables.preview("給与台帳.csv", content).columns
    tables.take_in("給与台帳.csv", content, columns)
    return _framed(SocialImportPage(desk, Window(), {}), scene)


USUAL = ["social", "social-form"]
ONCE = [
    "social-person", "social-questions", "social-nobody", "social-insurer", "social-form-ready",
    "social-import", "social-import-checked", "social-import-first",
]  # fmt: skip
SCENES = {
    "social": social,
    "social-person": social_person,
    "social-questions": social_questions,
    "social-insurer": social_insurer,
    "social-nobody": social_nobody,
    "social-form": social_form,
    "social-form-ready": social_form_ready,
    "social-import": social_import,
    "social-import-checked": social_import_checked,
    "social-import-first": social_import_first,
}
