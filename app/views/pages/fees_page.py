"""納付: what is to be paid for filings, with the numbers a bank asks for. Nothing is paid from here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.era import wareki_text
from app.domain.errors import Known, SignedOut
from app.services.fees import CANCELLED, EXPIRED, PAID, WAITING, FeeRow, yen_words
from app.views.background import run
from app.views.page import Page, Window
from app.views.pages.outbox_column import ScrollColumn
from app.views.pages.skeleton_page import BROKE
from app.views.pages.who_files import account_line, account_words
from app.views.widgets.band import Action, Band
from app.views.widgets.button import Button
from app.views.widgets.card import Card
from app.views.widgets.chip import Chip
from app.views.widgets.empty import EmptyState
from app.views.widgets.flow import FlowLayout
from app.views.widgets.lines import label, wrap_label

if TYPE_CHECKING:
    from app.services.connectors.egov import Banks

NOT_HERE = "納付は、一度からはできません。"
HOW = (
    "下の番号を、ペイジー(Pay-easy)に対応した銀行のインターネットバンキングか ATM に入れて納めます。"
    "納めたことは、e-Gov に聞くとここに出ます。"
)
_KINDS = {
    "trust_bank": "銀行・信託銀行",
    "shinkin_bank": "信用金庫",
    "credit_union": "信用組合",
    "norinchukin_bank": "農協・農林中央金庫",
    "labour_bank": "労働金庫",
}
_LOOK = {
    WAITING: ("warn", "dashed", "hourglass"),
    PAID: ("ok", "solid", "check"),
    EXPIRED: ("danger", "soft", "circle-alert"),
    CANCELLED: ("neutral", "outline", "ban"),
}


class FeesPage(Page):
    """Every fee of the company, those to be paid first."""

    place = "outbox"

    def __init__(self, desk: Any, window: Window, asked: Mapping[str, str] | None = None) -> None:
        super().__init__(desk, window)
        self.setObjectName("fees")
        self.title = "納付"
        self._fees = desk.egov.fees
        self._busy = False
        self.ask = Button("e-Gov に聞く", icon="refresh-cw", name="fees.ask")
        self.banks = Button("納められる金融機関", "small", "landmark", name="fees.banks")
        self._account = account_line(desk, "fees.account")
        self._bands = QVBoxLayout()
        self._bands.setSpacing(8)
        self._cards = QVBoxLayout()
        self._cards.setSpacing(16)
        self._scroll = ScrollColumn((0, 4, 8, 24))
        column = self._scroll.column
        column.setSpacing(16)
        column.addWidget(Band("info", NOT_HERE, HOW, icon="landmark", name="fees.not_here"))
        row = QHBoxLayout()
        row.addWidget(self._account.centre("note"), 1)
        row.addWidget(self.banks)
        column.addLayout(row)
        column.addLayout(self._bands)
        column.addLayout(self._cards)
        column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._scroll)
        self.ask.clicked.connect(lambda _=False: self.refetch())
        self.banks.clicked.connect(lambda _=False: self.show_banks())

    def header_actions(self) -> list[QWidget]:
        """Asking again."""
        return [self.ask]

    def columns(self) -> Sequence[QWidget]:
        """One column."""
        return [self._scroll]

    def refresh(self) -> None:
        """Reads the fees off the window's thread."""
        self._account.set_text(account_words(self.desk))
        run(self._fees.rows, self._show, self._failed, self)

    def refetch(self) -> None:
        """Asks e-Gov what was paid since."""

        def done(new: int) -> None:
            words = (
                f"新しく分かったことが {new}件あります。" if new else "変わったことはありません。"
            )
            self._tell("ok" if new else "info", words)
            self.refresh()
            self.window_.update_status()

        self._work(self._fees.refresh, done, "e-Gov に聞いています。")

    def show_banks(self) -> None:
        """The financial institutions e-Gov names, fetched when asked for."""

        def done(told: Banks) -> None:
            self._clear()
            card = Card("納められる金融機関", f"{len(told.banks)}か所", name="fees.banks.card")
            for kind, word in _KINDS.items():
                names = [bank.name for bank in told.banks if bank.kind == kind]
                if names:
                    card.body.addWidget(wrap_label(f"{word}: {'、'.join(names)}", "label", "ink"))
            note = f"e-Gov の一覧({told.date})です。" if told.date else "e-Gov の一覧です。"
            card.body.addWidget(wrap_label(note, "note", "ink2"))
            self._bands.addWidget(card)

        self._work(self._fees.banks, done, "e-Gov に聞いています。")

    # --- showing

    def _show(self, rows: Sequence[FeeRow]) -> None:
        while (item := self._cards.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        waiting = [r for r in rows if r.waits]
        self.note = f"納付待ち {len(waiting)}件" if rows else ""
        if not rows:
            line = "届いた手続に手数料があると、番号と期限がここに出ます。"
            self._cards.addWidget(
                EmptyState("landmark", "納めるものはありません", line, name="fees.empty")
            )
            return
        for number, row in enumerate(rows):
            self._cards.addWidget(self._card(number, row))

    def _card(self, number: int, row: FeeRow) -> Card:
        card = Card(name=f"fees.{number}")
        card.setAccessibleName(
            f"{row.title} {yen_words(row.yen, row.fee.total_fee)} {_state(row)} {_due(row)}"
        )
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(wrap_label(row.title, "heading", "ink"), 1)
        kind, style, icon = _LOOK.get(
            EXPIRED if row.late else row.fee.pay_status or WAITING, _LOOK[WAITING]
        )
        head.addWidget(Chip(_state(row), kind, style, icon), 0, Qt.AlignmentFlag.AlignTop)
        card.body.addLayout(head)
        amount = QHBoxLayout()
        amount.setSpacing(16)
        amount.addWidget(label(yen_words(row.yen, row.fee.total_fee), "title", "ink"))
        amount.addWidget(wrap_label(_due(row), "label", "danger" if row.late else "ink"), 1)
        card.body.addLayout(amount)
        holder = QWidget()
        flow = FlowLayout(across=24, down=8, parent=holder)
        for name, text in (
            ("収納機関番号", row.fee.facility_number),
            ("納付番号", row.fee.pay_number),
            ("確認番号", row.fee.confirm_number),
            ("氏名(カナ)", row.fee.pay_name_kana),
            ("納めた日", row.fee.pay_date),
            ("ひとこと", row.fee.pay_memo),
        ):
            if text:
                flow.addWidget(self._number(number, name, text, copies=row.waits))
        card.body.addWidget(holder)
        foot = QHBoxLayout()
        foot.addWidget(wrap_label(f"到達番号 {row.arrive_id}", "note", "ink2"), 1)
        see = Button("送信箱で見る", "quiet", "send", small=True, name=f"fees.{number}.filing")
        see.clicked.connect(lambda _=False: self.window_.show_page("outbox", open=row.filing_id))
        foot.addWidget(see)
        card.body.addLayout(foot)
        return card

    def _number(self, at: int, name: str, text: str, *, copies: bool) -> QWidget:
        part = QWidget()
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(label(name, "note", "ink2"))
        line = QHBoxLayout()
        line.setSpacing(8)
        shown = label(_grouped(text), "heading", "ink", name=f"fees.{at}.{name}")
        shown.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        line.addWidget(shown)
        if copies and name.endswith("番号"):
            copy = Button("写す", "small", "copy", name=f"fees.{at}.{name}.copy")
            copy.setAccessibleName(f"{name} {text} を写す")
            copy.clicked.connect(lambda _=False: self._copy(name, text))
            line.addWidget(copy)
        line.addStretch(1)
        column.addLayout(line)
        return part

    def _copy(self, name: str, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self.window_.say(f"{name}を写しました。")

    # --- faults

    def _work(self, task: Any, done: Any, saying: str) -> None:
        if self._busy:
            return
        self._busy = True
        self._tell("info", saying)

        def finished(result: Any) -> None:
            self._busy = False
            done(result)

        run(task, finished, self._failed, self)

    def _failed(self, fault: Exception) -> None:
        self._busy = False
        if not isinstance(fault, Known):
            self._tell("danger", BROKE)
            raise fault
        actions: list[Action] = []
        if isinstance(fault, SignedOut):
            actions = [("サインインする", lambda: self.window_.show_page("sign_in"))]
        self._tell("warn", fault.sentence, actions)

    def _tell(self, kind: str, sentence: str, actions: Sequence[Action] = ()) -> None:
        self._clear()
        self._bands.addWidget(Band(kind, sentence, "", actions, name="fees.band"))

    def _clear(self) -> None:
        while (item := self._bands.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()


def _state(row: FeeRow) -> str:
    return EXPIRED if row.late else row.fee.pay_status or WAITING


def _due(row: FeeRow) -> str:
    if row.due is None:
        return row.fee.pay_expired
    words = f"{row.due.year}年{row.due.month}月{row.due.day}日({wareki_text(row.due)})"
    if row.late:
        return f"期限の {words}を過ぎました。役所に相談してください。"
    return f"{words}まで" if row.waits else words


def _grouped(number: str) -> str:
    """A long number in groups of four, to be read aloud and typed."""
    if not number.isascii() or not number.isdigit() or len(number) < 8:
        return number
    return " ".join(number[i : i + 4] for i in range(0, len(number), 4))
