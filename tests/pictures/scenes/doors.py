"""送信箱, 書類庫, 設定 and the browser frame."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from app.domain.clock import JST
from app.domain.errors import Known
from app.domain.filing import Stage
from app.services.filing_view import (
    BandText,
    CandidateLine,
    DecidedRow,
    EventLine,
    FilingView,
)
from app.services.refusals import RefusalLine
from app.services.settings import Settings
from app.store.backup import BackupRow
from app.store.rows import DisclosureRow, DocumentRow
from app.views.browser import BrowserFrame
from app.views.browser_policy import Standing, policy
from app.views.browser_session import AccountBrowser, BrowserSessions
from app.views.frame import Frame
from app.views.page import Page
from app.views.pages.documents import DocumentsPage
from app.views.pages.outbox import OutboxPage
from app.views.pages.settings import SettingsPage
from app.views.probe import ProbeResult
from app.views.sign_in import SignInWays, SignInWindow
from tests.pictures.stage import Stage as Scene

COMPANY = SimpleNamespace(
    name="株式会社みなと製菓", plate="ai", kanji="港", corporate_number="7000012050002"
)


class Window:
    """A window that goes nowhere."""

    def show_page(self, name: str, **asked: str) -> None: ...
    def back(self) -> None: ...
    def say(self, sentence: str, undo: Any = None) -> None: ...
    def update_status(self) -> None: ...


def at(month: int, day: int, hour: int = 10, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, second, tzinfo=JST)


DECIDED = (
    DecidedRow("伊藤 健  標準報酬(健保)", "300千円", "300千円", "同じ", "document", "d1"),
    DecidedRow("佐野 あかり  標準報酬(健保)", "240千円", "260千円", "+20千円", "document", "d1"),
    DecidedRow("適用年月", "令和8年6月", "令和8年6月", "同じ", "document", "d1"),
)
EVENTS = (
    EventLine(
        at(6, 11, 9, 2),
        "決定。公文書が届きました",
        "署名を確かめ、書類庫に入れました(通知書 2通)",
        True,
    ),
    EventLine(at(6, 5, 10, 15), "審査中", "島田年金事務所", True),
    EventLine(at(6, 5, 10, 14), "到達", "到達番号を記録してから、画面に出しました", True),
    EventLine(at(6, 5, 10, 14), "送信", "山本 湊の GビズID で、封 a41f···9c2e を一度だけ", True),
)


def filing(ident: str, title: str, **more: Any) -> FilingView:
    """A filing that was decided, unless said otherwise."""
    values: dict[str, Any] = {
        "id": ident, "title": title, "procedure_id": "p", "stage": Stage.ENDED, "door": "e-Gov",
        "door_status": "審査終了", "account": "山本 湊", "capacity": "本人",
        "subject_name": "日本年金機構 島田年金事務所  ·  2人分", "sealed_at": at(6, 5),
        "sha256": "a41f" + "0" * 56 + "9c2e", "receipt_number": "20260605101427885",
        "receipt_at": at(6, 5, 10, 14, 27), "state_word": "決定", "state_kind": "ok",
        "group": "done", "summary": "6月11日に決定",
        "band": BandText("ok", "6月5日 10:14:27 に届きました", "控えは書類庫にあります"),
        "decided": (), "events": EVENTS, "chain_ok": True, "practice": False,
    }  # fmt: skip
    return FilingView(**(values | more))


FILINGS = (
    filing("1", "年度更新申告書", stage=Stage.READY, state_word="送る前", state_kind="wait",
           group="sealed", summary="ネットにつながると送ります", receipt_number="", receipt_at=None,
           can_send=True, band=BandText("info", "まだ到達していません", "ネットにつながると一度だけ送ります。"),
           events=(EventLine(None, "到達", "", False), EventLine(at(7, 3, 9, 5), "封をしました", "", True))),
    filing("2", "持続化補助金 実績報告", stage=Stage.ACCEPTED, state_word="審査中",
           state_kind="info", group="waiting", summary="6月30日に送信"),
    filing("3", "36協定届", stage=Stage.ACCEPTED, state_word="補正", state_kind="danger",
           group="waiting", summary="7月1日に補正の通知", sent_back=True),
    filing("4", "被保険者報酬月額 月額変更届", decided=DECIDED),
    filing("5", "被保険者資格取得届", state_word="受理", summary="5月20日に受理"),
    filing("6", "法人設立届 ほか 4通", state_word="受理", summary="2014年4月"),
)  # fmt: skip
UNKNOWN = filing(
    "7", "雇用保険被保険者資格取得届", stage=Stage.UNKNOWN, state_word="確かめ中",
    state_kind="warn", group="waiting", summary="届いたか確かめています", receipt_number="",
    practice=True, subject_name="渋谷公共職業安定所  ·  伊藤 健",
    band=BandText("warn", "届いたか分かりません。", "役所に確かめています(もう一度は送りません)。"),
    candidates=(
        CandidateLine("202606051014278850", "06月05日 10:14:27 到達 · 山本 湊"),
        CandidateLine("202606051014301122", "06月05日 10:14:30 到達 · 山本 湊"),
    ),
    events=(EventLine(None, "到達", "", False),
            EventLine(at(6, 5, 10, 14), "答えが届きませんでした", "届いたか分かりません", True),
            EventLine(at(6, 5, 10, 14), "送信", "封 a41f···9c2e を一度だけ", True)),
    documents=(DocumentRow("d1", "通知1.txt", "notice", "7", "", "0" * 64, 321, at(6, 5)),),
)  # fmt: skip


LETTER = """雇用保険被保険者資格取得等確認通知書(事業主通知用)

被保険者番号　1301-123456-7
氏名　イトウ ケン
資格取得年月日　令和8年6月1日
事業所番号　1301-012345-6

署名を確かめ、変わっていません。証明書はたどれました。有効期間の中です。
"""
KEPT = (
    DocumentRow("d1", "資格取得確認通知書.xml", "official-xml", "5",
                "署名を確かめ、変わっていません。証明書はたどれました。有効期間の中です。", "a41f" * 16, 8_412, at(6, 11, 9, 2)),
    DocumentRow("d2", "通知1.txt", "notice", "5", "", "9c2e" * 16, 321, at(6, 5, 10, 20)),
    DocumentRow("d3", "返戻.zip", "attachment", "3", "署名はありません。", "77aa" * 16, 2_400_000, at(5, 30)),
)  # fmt: skip


@dataclass
class Desk:
    """A desk with these filings."""

    views: tuple[FilingView, ...]
    practice: bool = False
    card: Any = field(default_factory=lambda: COMPANY)
    kept: tuple[DocumentRow, ...] = ()
    asked: list[str] = field(default_factory=list)

    def filings(self) -> list[FilingView]:
        return list(self.views)

    def documents(self) -> list[DocumentRow]:
        return list(self.kept)

    def disclosures(self) -> list[DisclosureRow]:
        return []

    def document_text(self, document_id: str) -> str:
        return LETTER

    def sign_in_state(self) -> Any:
        return SimpleNamespace(signed_in=True, who="yamamoto@minato-seika.example", until=None)


class _Folding(Frame):
    """A frame that tells its page the width, as the window does."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self._told = page

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._told.fold(self.width())


def framed(page: Page, place: str, scene: Scene) -> QWidget:
    """The page in the frame of the window, as the pictures show it."""
    frame = _Folding(page)
    frame.stripe.set_plate("ai")
    frame.navigation.company.set_company(COMPANY.name, "港", "ai")
    frame.practice.setVisible(False)
    frame.navigation.set_counts({"today": 3, "outbox": 2})
    frame.put(page)
    page.title_changed.connect(lambda: frame.header.set_words(page.title, page.note))
    page.refresh()
    frame.navigation.mark(place)
    frame.header.set_words(page.title, page.note)
    frame.header.set_actions(page.actions_once())
    frame.status.set_saved(scene.clock())
    frame.status.set_once(0.87)
    now = scene.clock()
    until = now + timedelta(minutes=48)
    frame.status.set_sign_in(
        SimpleNamespace(signed_in=True, until=until, who="山本"), now, short=False
    )
    frame.body.setFocus()
    return frame


def outbox(scene: Scene) -> QWidget:
    page = OutboxPage(Desk(FILINGS), Window(), {"open": "4"})
    frame = framed(page, "outbox", scene)
    frame.header.set_words(page.title, "待っているもの 3 · 済んだもの 41")
    return frame


def outbox_sealed(scene: Scene) -> QWidget:
    return framed(OutboxPage(Desk(FILINGS), Window(), {"open": "1"}), "outbox", scene)


def outbox_unknown(scene: Scene) -> QWidget:
    return framed(OutboxPage(Desk((UNKNOWN, *FILINGS[3:])), Window()), "outbox", scene)


def outbox_refused(scene: Scene) -> QWidget:
    """A refusal with two lines, one of which leads to its field."""
    lines = (
        RefusalLine(
            "申請書", "賃金月額", "桁が多すぎます。千円の位までで入れてください。", "f", "賃金月額"
        ),
        RefusalLine("添付書類", "", "読めない書類があります。"),
    )
    view = replace(
        FILINGS[0], stage=Stage.REJECTED, state_word="受け付けられず", state_kind="danger", group="done",
        receipt_number="", receipt_at=None, decided=(), documents=(), refusals=lines, candidates=(),
        can_send=False,
        band=BandText("danger", "受け付けられませんでした", "2件あります。"),
    )  # fmt: skip
    return framed(OutboxPage(Desk((view,)), Window()), "outbox", scene)


def outbox_empty(scene: Scene) -> QWidget:
    return framed(OutboxPage(Desk(()), Window()), "outbox", scene)


def documents(scene: Scene) -> QWidget:
    return framed(DocumentsPage(Desk(FILINGS, kept=KEPT), Window()), "documents", scene)


class Vault:
    """The keys of the company in the picture."""

    def keyring_on(self) -> bool:
        return False

    def backups(self) -> list[BackupRow]:
        return [BackupRow(Path("x"), at(7, day), "daily") for day in (3, 2, 1)]


def settings(scene: Scene) -> QWidget:
    chosen = Settings(theme="light")
    house = SimpleNamespace(
        loaded=SimpleNamespace(
            settings=chosen, locked=frozenset({"idle_lock_minutes"}), problems=()
        ),
        settings=chosen,
    )
    card = SimpleNamespace(**vars(COMPANY), path=Path("practice-7000012050002.vault"))
    page = SettingsPage(Desk(FILINGS, practice=True, card=card), Window(), {}, house)
    page.vault = Vault()
    return framed(page, "settings", scene)


def sign_in_system(scene: Scene) -> QWidget:
    class Waiting:
        def wait(self, seconds: float) -> str:
            raise Known(
                "late", "サインインの答えを待つ時間が過ぎました。もう一度サインインしてください。"
            )

        def expect(self, sign_in_url: str) -> None: ...

        def close(self) -> None: ...

    doors = policy(("https://127.0.0.1:9443/",), "http://127.0.0.1:53682/callback", practice=True)
    mail = {"at": "2026-07-03T13:41:02+09:00", "subject": "【練習】GビズID ワンタイムパスワードのお知らせ",
            "text": "ワンタイムパスワードは 482913 です。10分以内に入れてください。", "otp": "482913"}  # fmt: skip
    ways = SignInWays(
        doors,
        Waiting,
        mails=lambda: [mail],
        probe=lambda: ProbeResult(True, False, "root"),
        opener=lambda address: False,
    )
    desk = SimpleNamespace(
        card=COMPANY,
        begin_sign_in=lambda embedded: SimpleNamespace(
            url="http://127.0.0.1:8090/auth/auth?client_id=x"
        ),
    )
    window = SignInWindow(desk, BrowserSessions(), ways)
    window.begin()
    return window


def _browser(standing: Standing, address: str) -> BrowserFrame:
    doors = policy(("https://gbiz-id.go.jp/",), "http://127.0.0.1:53682/cb", practice=False)
    frame = BrowserFrame(COMPANY, AccountBrowser("a", doors))
    frame.address.show_address(QUrl(address), standing, secure=standing is Standing.LISTED)
    return frame


def browser(scene: Scene) -> QWidget:
    return _browser(Standing.LISTED, "https://gbiz-id.go.jp/top/login")


def browser_unlisted(scene: Scene) -> QWidget:
    frame = _browser(Standing.NONE, "https://gbiz-id.go.jp/top/login")
    frame.refuse(QUrl("https://gb\u0131z-id.go.jp/top/login"), Standing.UNLISTED)
    return frame


def browser_certificate(scene: Scene) -> QWidget:
    frame = _browser(Standing.NONE, "https://gbiz-id.go.jp/top/login")
    frame.refuse(QUrl("https://gbiz-id.go.jp/top/login"), Standing.BAD_CERTIFICATE)
    return frame


USUAL = ["outbox", "documents", "settings", "browser", "sign-in-system"]
ONCE = [
    "outbox-sealed", "outbox-unknown", "outbox-empty", "outbox-refused", "browser-unlisted",
    "browser-certificate",
]  # fmt: skip
SCENES = {
    "documents": documents,
    "settings": settings,
    "sign-in-system": sign_in_system,
    "outbox": outbox,
    "outbox-sealed": outbox_sealed,
    "outbox-unknown": outbox_unknown,
    "outbox-empty": outbox_empty,
    "outbox-refused": outbox_refused,
    "browser": browser,
    "browser-unlisted": browser_unlisted,
    "browser-certificate": browser_certificate,
}
