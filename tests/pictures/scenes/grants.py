"""支援 and the panel beside a portal. The grants of the pictures are samples, not published ones."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from PySide6.QtCore import QUrl
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from app.domain.clock import JST
from app.domain.grant import GrantChange, GrantFile, GrantQuery
from app.forms.portal import Control
from app.forms.portal import Page as PortalLeaf
from app.forms.portal_entries import Entry
from app.services.grants.sheet import (
    ELIGIBLE,
    INELIGIBLE,
    UNKNOWN,
    Ask,
    Condition,
    Counts,
    GrantLine,
    GrantSheet,
    Kept,
)
from app.views.browser import BrowserFrame
from app.views.browser_bands import PORTAL
from app.views.browser_policy import Standing, policy
from app.views.browser_session import AccountBrowser
from app.views.pages.grants_page import GrantsPage
from app.views.portal_copy import CopySheet
from app.views.portal_fill import Asked
from app.views.portal_panel import PortalPanel
from app.views.widgets.lines import surface
from tests.pictures.scenes.doors import COMPANY, framed
from tests.pictures.stage import Stage as Scene


def _line(key: str, title: str, figures: str, reason: str, outcome: str) -> GrantLine:
    return GrantLine(key, title, figures, reason, outcome)


LINES = (
    _line(
        "a", "小規模事業者持続化補助金", "上限 50万円 ・ 締切 7月24日", "5つの条件をすべて満たしています",
        ELIGIBLE,
    ),
    _line(
        "b", "省力化投資補助金(一般型)", "上限 750万円 ・ 締切 8月7日", "あと 1つ: 来年度の賃上げの見込み",
        UNKNOWN,
    ),
    _line(
        "c", "静岡県 食品加工設備 更新支援", "上限 200万円 ・ 締切 8月20日", "4つの条件をすべて満たしています",
        ELIGIBLE,
    ),
    _line(
        "d", "事業承継・M&A補助金", "上限 800万円 ・ 締切 8月28日", "5年以内の承継の予定がないため",
        INELIGIBLE,
    ),
    _line(
        "e", "静岡県 デジタル化 応援", "上限 350万円 ・ 締切 9月11日",
        "あと 2つ: 導入する品目、IT の担当者", UNKNOWN,
    ),
    _line(
        "f", "焼津市 販路開拓 助成", "上限 30万円 ・ 締切 9月30日", "3つの条件をすべて満たしています",
        ELIGIBLE,
    ),
)  # fmt: skip
REASONS = (
    Condition("製造業で、常時使用する従業員が 20人以下", "14人です", True, "books"),
    Condition("資本金 5億円以上の法人に 100% 株式を持たれていない", "株主は 山本 湊 ほか 1名", True, "filing"),
    Condition("過去 3年の課税所得の平均が 15億円以下", "平均は 4,120,000円", True, "books"),
    Condition("本店か事業所が対象の地域にある", "本店は 静岡県", True, "register"),
    Condition("いま受付中", "7月24日(金) 17:00 まで", True, ""),
)  # fmt: skip
SHEET = GrantSheet(
    LINES[0],
    "第19回 一般型 ・ 日本商工会議所・全国商工会連合会",
    (("補助の上限", "500,000円"), ("補助率", "3分の2"), ("締切", "7月24日(金) 17:00"), ("入口", "jGrants の画面")),
    "5つの条件をすべて満たしています。",
    REASONS,
    (),
    (),
    files=(GrantFile("guideline", "公募要領.pdf", 1_200_000),),
    body="<p>小規模事業者が自ら経営計画を作り、それに沿って行う販路開拓などの取組を支援します。</p>",
    page_url="https://www.jgrants-portal.go.jp/subsidy/a",
    credit="出典：Jグランツ",
    door_sentence="申請は jGrants の画面で。押すのはあなたです。",
    procedure_id="chusho/jizokuka",
)  # fmt: skip
OPEN_SHEET = replace(
    SHEET,
    line=replace(LINES[1], starred=True),
    subtitle="第3回 一般型",
    why="あと 1つ分かれば、決まります。",
    conditions=(REASONS[0], Condition("来年度の賃上げの見込みがある", "まだ答えていません", None, "")),
    asks=(
        Ask("company.plans.wage_rise", "来年度の賃上げの見込み", "賃金台帳と事業計画で確かめます", "choice", (("yes", "ある"), ("no", "ない"))),
    ),
    differences=(
        GrantChange("b", "締切", "2026年7月31日", "2026年8月7日", datetime(2026, 7, 1, tzinfo=JST)),
    ),
    procedure_id="",
)  # fmt: skip


class Grants:
    """The grants of the picture."""

    def words(self) -> tuple[Sequence[str], Sequence[str], Sequence[str]]:
        return (("設備整備・IT導入をしたい",), ("製造業",), ("給付・補助金",))

    def employees(self) -> int | None:
        return 14

    def take_shipped(self) -> None: ...

    def read(self) -> None:
        """All is in memory."""

    def prepare(self) -> bool:
        return True

    def counts(self) -> Counts:
        return Counts(38, 9, 7, 22)

    def kept(self) -> Kept:
        said = "7月3日 8:10 に取り込みました。\u200bネットがなくても見られます。"
        return Kept(said, datetime(2026, 7, 3, 8, 10, tzinfo=JST), 38)

    def search(self, query: GrantQuery) -> frozenset[str] | None:
        return frozenset() if query.words else None

    def order(self, among: frozenset[str] | None, outcome: str) -> Sequence[str]:
        return [
            line.key
            for line in LINES
            if (among is None or line.key in among) and outcome in ("", line.outcome)
        ]

    def line(self, key: str) -> GrantLine:
        found = next(line for line in LINES if line.key == key)
        return replace(found, starred=key == "b")

    def sheet(self, key: str) -> GrantSheet:
        return OPEN_SHEET if key == "b" else SHEET

    def fetch(self, key: str) -> bool:
        return False


class Window:
    """A window that goes nowhere."""

    def show_page(self, name: str, **asked: str) -> None: ...
    def back(self) -> None: ...
    def say(self, sentence: str, undo: Any = None) -> None: ...
    def update_status(self) -> None: ...


def _page(scene: Scene, **asked: str) -> QWidget:
    desk = SimpleNamespace(grants=Grants(), clock=scene.clock, practice=False)
    return framed(GrantsPage(desk, Window(), asked), "grants", scene)


def grants(scene: Scene) -> QWidget:
    return _page(scene)


def grants_unknown(scene: Scene) -> QWidget:
    return _page(scene, open="b")


def grants_filters(scene: Scene) -> QWidget:
    frame = _page(scene)
    page = frame.findChild(GrantsPage)
    assert page is not None
    page._list.narrow.setChecked(True)
    return frame


def _entry(key: str, name: str, text: str, held: str = "") -> Entry:
    return Entry(key, "basic", key, name, text, Control(field=key, label=name), held_back=held)


ENTRIES = (
    _entry("name", "商号又は名称", "株式会社みなと製菓"),
    _entry("capital", "資本金の額", "5000000"),
    _entry("plan", "事業の内容", "焼津の海産物を使った焼菓子の製造と直売所での販売"),
    _entry("url", "ホームページ", "", "空欄のままと決めています"),
)


LONG = "相手の欄は 20字までで、これは 26字あるので、入れていません"


def portal_panel(scene: Scene) -> QWidget:
    """The panel before, after and at the receipt, side by side."""
    whole = surface("canvas")
    row = QHBoxLayout(whole)
    row.setSpacing(16)
    before, after, end = PortalPanel(True), PortalPanel(True), PortalPanel(True)
    before.show_entries("基本情報", ENTRIES)
    after.show_entries("基本情報", ENTRIES)
    asked = [
        Asked("認定経営革新等支援機関の支援を受けた", needed=True, known=False),
        Asked("会社代表電話番号", needed=False, known=False),
    ]
    after.show_outcomes({"name": "", "capital": "", "plan": LONG}, asked)
    end.show_receipt("S-00006007-000123")
    for panel in (before, after, end):
        row.addWidget(panel)
    return whole


def portal(scene: Scene) -> QWidget:
    """The portal's page with the panel beside it; the page itself is the portal's and left blank."""
    panel = PortalPanel(False)
    panel.show_entries("基本情報", ENTRIES)
    panel.show_outcomes({"name": "", "capital": "", "plan": LONG})
    at = "https://www.jgrants-portal.go.jp"
    rules = policy((f"{at}/",), "http://127.0.0.1:53682/cb", practice=False)
    frame = BrowserFrame(COMPANY, AccountBrowser("a", rules), side=panel, purpose=PORTAL)
    url = QUrl(f"{at}/apply/a1B/kihon")
    frame.address.show_address(url, Standing.LISTED, secure=True)
    return frame


def portal_copy(scene: Scene) -> QWidget:
    """The values to copy, where the embedded browser cannot start."""
    leaf = PortalLeaf(id="kihon", heading="基本情報")
    sheet = CopySheet(
        "内蔵ブラウザを安全に開けません。\nいつものブラウザで申請します。",
        [(leaf, ENTRIES), (PortalLeaf(id="keikaku", heading="計画（様式２）"), ENTRIES)],
        practice=True,
        unknown=False,
    )
    end = time.monotonic() + 10
    while not sheet.ready and time.monotonic() < end:
        QApplication.processEvents()
    sheet.mark("name")
    return sheet


USUAL = ["grants", "portal", "portal-panel", "portal-copy"]
ONCE = ["grants-unknown", "grants-filters"]
SCENES = {
    "grants": grants,
    "grants-unknown": grants_unknown,
    "grants-filters": grants_filters,
    "portal": portal,
    "portal-panel": portal_panel,
    "portal-copy": portal_copy,
}
