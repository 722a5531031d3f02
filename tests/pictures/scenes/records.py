"""財務の健康診断 and 公開されている記録. Figures and public values of the pictures are samples."""

from __future__ import annotations

from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

from PySide6.QtWidgets import QWidget

from app.domain.clock import JST
from app.domain.errors import Refused
from app.facts.catalogue import load_catalogue
from app.facts.graph import Graph
from app.facts.record import Origin, Record, Value
from app.services.company_facts import CompanyFacts
from app.services.company_register import Offer, OfferState
from app.services.connectors.gbizinfo import Hojin
from app.services.grants.benchmark import BenchmarkDesk
from app.services.public_records import TOKEN_MISSING, Answered, OfferLine
from app.views.pages.locaben_page import LocabenPage
from app.views.pages.public_records_page import PublicRecordsPage
from tests.pictures.scenes.doors import COMPANY, Window, framed
from tests.pictures.stage import Stage as Scene

_YEAR, _BEFORE = "2026-03", "2025-03"
_BOOKS: dict[str, Value] = {
    "revenues": 120_000_000, "costs": 80_000_000, "sga": 34_000_000, "employees_at_end": 10,
    "short_term_debt": 10_000_000, "long_term_liabilities": 25_000_000,
    "cash_and_deposits": 15_000_000, "depreciation_within_costs": 3_000_000,
    "depreciation_within_sga": 1_000_000, "accounts_receivable": 18_000_000,
    "notes_receivable": 2_000_000, "inventories": 5_000_000, "accounts_payable": 9_000_000,
    "bills_payable": 1_000_000, "total_assets": 80_000_000, "total_debt": 50_000_000,
}  # fmt: skip


def _bench(scene: Scene, *without: str) -> BenchmarkDesk:
    catalogue = load_catalogue(scene.resources)
    at = datetime(2026, 6, 20, 9, 0, tzinfo=JST)
    said: dict[str, Value] = {f"financials.{n}[{_YEAR}]": v for n, v in _BOOKS.items()}
    said[f"financials.revenues[{_BEFORE}]"] = 100_000_000
    for name in without:
        del said[f"financials.{name}"]
    records = [
        Record(path, value, Origin.BOOKS, at, "", {"file": "総勘定元帳.csv", "row": str(n + 2)})
        for n, (path, value) in enumerate(said.items())
    ]
    company: dict[str, Value] = {
        "company.industry_code": "0611", "company.employee_count": 10,
        "company.capital": 20_000_000, "company.fiscal_year_end_month": 3,
    }  # fmt: skip
    records += [Record(p, v, Origin.TYPED, at, "", {"by": "山本"}) for p, v in company.items()]
    graph = Graph(catalogue, records, date(2026, 7, 3))
    facts = CompanyFacts(catalogue, graph, lambda _records: None, scene.clock, "山本")
    return BenchmarkDesk(scene.resources, catalogue, graph, facts.answer, scene.clock)


def _locaben(scene: Scene, bench: BenchmarkDesk) -> QWidget:
    desk = SimpleNamespace(benchmark=bench, practice=False, card=COMPANY)
    return framed(LocabenPage(desk, Window(), {}), "grants", scene)


def locaben(scene: Scene) -> QWidget:
    return _locaben(scene, _bench(scene))


def locaben_missing(scene: Scene) -> QWidget:
    """Two figures are missing; one is only tried."""
    bench = _bench(scene, f"revenues[{_BEFORE}]", f"total_debt[{_YEAR}]", f"inventories[{_YEAR}]")
    bench.try_out(f"financials.inventories[{_YEAR}]", "5,000,000")
    return _locaben(scene, bench)


def _line(
    path: str, group: str, label: str, public: str, state: OfferState, held: str = "",
    held_source: str = "", origin: str = "", details: tuple[tuple[str, str], ...] = (),
) -> OfferLine:  # fmt: skip
    offer = Offer(path, label, public, public, date(2026, 4, 1), held, held or None, state, ())
    source = "gBizINFO ・ 2026年4月1日"
    return OfferLine(offer, group, label, public, source, held, held_source, origin, details)


LINES = [
    _line("company.name", "会社のこと", "商号又は名称", "株式会社みなと製菓", "same",
          "株式会社みなと製菓", "国税庁 法人番号公表サイト 2026-06-01", "register"),
    _line("company.employee_count", "会社のこと", "常時使用する従業員の数", "12", "differs", "14",
          "山本が入力 2026-06-20", "typed"),
    _line("company.capital", "会社のこと", "資本金の額", "5,000,000円", "new"),
    _line("financials.revenues[2025-03]", "決算", "売上高(2025年3月期)", "100,000,000円", "same",
          "100,000,000円", "総勘定元帳.csv 18行め", "books"),
    _line("certifications[a].title", "届出・認定", "届出・認定の名称",
          "経営力向上計画の認定(中小企業等経営強化法)", "new",
          details=(("認定日", "2024-02-14  令和6年2月14日"), ("認定した府省", "農林水産省"))),
    _line("subsidies[a].title", "補助金", "補助金等の名称", "小規模事業者持続化補助金", "new",
          details=(("交付が決まった日", "2023-09-01  令和5年9月1日"), ("補助金等の金額", "500,000円"))),
]  # fmt: skip


class Records:
    """What gBizINFO says in the picture."""

    def fetch(self) -> Answered:
        company = Hojin(COMPANY.corporate_number, {}, {}, updated_on=date(2026, 4, 1))
        return Answered(company, ("職場情報",), company.updated_on)

    def lines(self, answered: Answered) -> list[OfferLine]:
        return LINES

    def accept(self, line: OfferLine) -> None: ...


class NoToken(Records):
    """A company that has no token yet."""

    def fetch(self) -> Answered:
        raise Refused(
            TOKEN_MISSING,
            "gBizINFO のAPIトークンがまだありません。Web API の利用申請で受け取ったものを、設定で入れてください。",
        )


def _public(scene: Scene, records: Any) -> QWidget:
    desk = SimpleNamespace(public_records=records, practice=False, card=COMPANY)
    return framed(PublicRecordsPage(desk, Window(), {}), "company", scene)


def public_records(scene: Scene) -> QWidget:
    return _public(scene, Records())


def public_records_no_token(scene: Scene) -> QWidget:
    return _public(scene, NoToken())


USUAL = ["locaben", "public-records"]
ONCE = ["locaben-missing", "public-records-no-token"]
SCENES = {
    "locaben": locaben,
    "locaben-missing": locaben_missing,
    "public-records": public_records,
    "public-records-no-token": public_records_no_token,
}
