"""The sample company of the pictures, 株式会社みなと製菓, and a house that answers from memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from app.domain.clock import JST, Clock
from app.domain.errors import VaultFault
from app.services.companies import CompanyCard, Created
from app.services.obligations import DueRow, ReturnRow, Today, YearMark
from app.services.sign_in import SignInState
from app.views.page import Page, Window

PASSPHRASE = "みなと いちご 七月 はかり"
RECOVERY = "\n".join(
    (
        "06K2M-7QXWA-3N9TB-E5V0R",
        "Z4HJS-1PCGD-8YF6K-M2T7X",
        "B9QAW-N3R5E-V0Z4H-JS1PC",
        "GD8YF-6K2M7",
    )
)


def _at(year: int, month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=JST)


def _card(
    name: str, town: str, plate: str, kanji: str, due: int, opened: datetime, number: str
) -> CompanyCard:
    return CompanyCard(
        path=Path(f"/companies/{number}.vault"),
        name=name,
        corporate_number=number,
        town=town,
        plate=plate,
        kanji=kanji,
        practice=False,
        last_opened=opened,
        due_count=due,
    )


MINATO = _card(
    "株式会社みなと製菓", "焼津市", "ai", "港", 3, _at(2026, 7, 2, 18, 20), "4999900001234"
)
CARDS = (
    MINATO,
    _card("青葉工務店株式会社", "富士市", "matsu", "青", 1, _at(2026, 6, 29), "5999900001233"),
    _card("合同会社花の木", "静岡市", "azuki", "花", 0, _at(2026, 6, 12), "6999900001232"),
    _card("有限会社鈴木鉄工所", "島田市", "tetsu", "鈴", 2, _at(2026, 5, 30), "7999900001231"),
)

DAY = date(2026, 7, 10)
TODAY = Today(
    day=date(2026, 7, 3),
    sentence="7月10日(金)までに <b>3件</b>。うち 2件は、確かめて送るだけです。",
    due=(
        DueRow(
            "d1", DAY, "7/10", "あと 7日", "健康保険・厚生年金保険 算定基礎届",
            "e-Gov  ・  14人  ・  あと 2か所", "直す 1", "danger", "つづける", True,
        ),
        DueRow(
            "d2", DAY, "7/10", "あと 7日", "労働保険 年度更新申告書",
            "e-Gov  ・  すべて埋まりました", "送れます", "ok", "確かめる", False,
        ),
        DueRow(
            "d3", DAY, "7/10", "あと 7日", "源泉所得税 納期の特例(1～6月分)",
            "e-Tax 用ファイル  ・  帳簿から", "送れます", "ok", "確かめる", False,
        ),
        DueRow(
            "d4", date(2026, 7, 21), "7/21", "あと 18日", "被保険者賞与支払届",
            "賞与 7月15日の予定から  ・  20日は海の日", "準備中", "neutral", "開く", False,
        ),
    ),
    came_back=(
        ReturnRow(
            "f1", "stamp", "ok", "被保険者資格取得届 受理",
            "公文書が届き、事実 3つに加えました", "", "見る",
        ),
        ReturnRow(
            "f2", "undo-2", "danger", "36協定届 補正のお願い",
            "「4 業務の種類」を具体的に、とのこと", "", "直す",
        ),
    ),
    waiting=(
        ReturnRow(
            "f3", "hourglass", "info", "小規模事業者持続化補助金",
            "審査中  ・  結果は 8月ごろ", "31日目", "",
        ),
        ReturnRow(
            "f4", "user", "info", "社長の確認(年度更新)",
            "山本さんに 6月30日に依頼", "3日目", "",
        ),
        ReturnRow(
            "f5", "clock", "info", "決算書の数字(第12期)", "税理士さんから", "8日目", "",
        ),
    ),
    questions=7,
    served=3,
    marks=(
        YearMark(0, "done", "労働保険 継続届"),
        YearMark(1, "done", "源泉所得税"),
        YearMark(1, "done", "消費税 確定申告"),
        YearMark(2, "done", "住民税"),
        YearMark(3, "now", "算定基礎届"),
        YearMark(3, "now", "年度更新"),
        YearMark(3, "now", "納期の特例"),
        YearMark(4, "later", "社会保険料"),
        YearMark(6, "later", "消費税 中間"),
        YearMark(7, "later", "法人税 中間"),
        YearMark(9, "later", "償却資産"),
        YearMark(9, "later", "法定調書"),
        YearMark(9, "later", "給与支払報告書"),
        YearMark(11, "later", "36協定 更新"),
    ),
    first_month=4,
)  # fmt: skip


@dataclass(frozen=True)
class Procedure:
    """A row of the list of procedures."""

    id: str
    title: str
    authority: str


@dataclass
class SampleDesk:
    """A desk that answers from memory and remembers that it was locked."""

    card: CompanyCard
    clock: Clock
    day: Today = TODAY
    practice: bool = False
    locks: int = 0
    sign_in: SignInState = field(
        default_factory=lambda: SignInState(True, _at(2026, 7, 3, 14, 30), "山本 湊")
    )
    once: float | None = 0.87
    saved: datetime | None = field(default_factory=lambda: _at(2026, 7, 3, 13, 42))

    def today(self) -> Today:
        """The day."""
        return self.day

    def procedures(self) -> Sequence[Procedure]:
        """One procedure."""
        return [
            Procedure(
                "mhlw/koyou_hoken_shikaku_shutoku", "雇用保険被保険者資格取得届", "厚生労働省"
            )
        ]

    def sign_in_state(self) -> SignInState:
        """Signed in for 48 minutes."""
        return self.sign_in

    def once_ratio(self) -> float | None:
        """87 %."""
        return self.once

    def saved_at(self) -> datetime | None:
        """13:42."""
        return self.saved

    def counts(self) -> Mapping[str, int]:
        """Three due, two in the outbox."""
        return {"today": 3, "outbox": 2}

    def keep(self) -> None:
        """Nothing is pending."""

    def lock(self) -> None:
        """Counts."""
        self.locks += 1


def opened_pair(text: str) -> Created:
    """A company just made."""
    opened: Any = MINATO
    return Created(opened, text)


class SampleCompanies:
    """The four companies; opens with PASSPHRASE or RECOVERY."""

    def __init__(self, cards: Sequence[CompanyCard] = CARDS) -> None:
        self.list = list(cards)
        self.entry: Any = None
        self.fault: Exception | None = None
        self.asked: list[tuple[str, bool]] = []
        self.made: list[tuple[str, Any, str, bool, str]] = []

    def cards(self) -> list[CompanyCard]:
        """The cards."""
        return list(self.list)

    def look_up(self, number: str, *, practice: bool) -> Any:
        """The entry given, or the fault given."""
        self.asked.append((number, practice))
        if self.fault is not None:
            raise self.fault
        return self.entry

    def create(
        self, number: str, entry: Any, passphrase: str, *, practice: bool, name: str = ""
    ) -> Created:
        """Remembers what it was given."""
        self.made.append((number, entry, passphrase, practice, name))
        return opened_pair(RECOVERY)

    def open(self, card: CompanyCard, passphrase: str) -> CompanyCard:
        """Opens with PASSPHRASE."""
        if passphrase != PASSPHRASE:
            raise VaultFault("wrong_passphrase", "合言葉がちがいます。入れ直してください。")
        return card

    def open_with_recovery(self, card: CompanyCard, text: str) -> CompanyCard:
        """Opens with RECOVERY."""
        if text != RECOVERY.replace("\n", "-"):
            raise VaultFault(
                "recovery_short", "復旧キーが途中までです。紙の14組をすべて入れてください。"
            )
        return card

    def open_with_keyring(self, card: CompanyCard) -> CompanyCard:
        """Never: this machine keeps no key."""
        raise VaultFault("wrong_secret", "このパソコンの鍵では開きません。合言葉で開いてください。")

    def import_file(self, path: Path) -> CompanyCard:
        """Adds a card."""
        card = _card("株式会社持ち込み", "", "kaki", "持", 0, _at(2026, 7, 1), "8999900001230")
        self.list.append(card)
        return card


class SampleHouse:
    """A house whose pages are 今日 and nothing else, unless `pages` makes more."""

    def __init__(self, resources: Path, clock: Clock) -> None:
        self.resources = resources
        self.clock = clock
        self.companies = SampleCompanies()
        self.version_line = "一度 0.1.0"
        self.idle_minutes = 0
        self.hide_companies = False
        self.missing_folder = ""
        self.practice_hint = "練習の町では、実在の法人番号で試せます。"
        self.looks: list[tuple[str, float]] = []
        self.desks: list[SampleDesk] = []
        self.pages: dict[str, Any] = {}

    def folder_fault(self) -> str:
        """A sentence, when one is given."""
        return self.missing_folder

    def desk(self, opened: Any) -> SampleDesk:
        """A desk for a card."""
        desk = SampleDesk(opened, self.clock)
        self.desks.append(desk)
        return desk

    def recovery_pdf(self, created: Any) -> bytes:
        """A PDF, as far as its first bytes say."""
        return b"%PDF-1.7\n" + created.recovery_text.encode()

    def page(self, name: str, desk: Any, window: Window, asked: Mapping[str, str]) -> Page:
        """今日, or what `pages` makes."""
        from app.views.pages.today import TodayPage

        if name == "today":
            return TodayPage(desk, window)
        return self.pages[name](desk, window, asked)

    def keep_look(self, mode: str, text_scale: float) -> None:
        """Remembers."""
        self.looks.append((mode, text_scale))

    def switch_language(self) -> str:
        """A sentence."""
        return "次に開くときから、英語になります。"
