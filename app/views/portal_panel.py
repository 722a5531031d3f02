"""What goes into the portal's page, beside it: the list read first, the press, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.forms.portal_entries import Entry
from app.views import theme
from app.views.portal_by_hand import ByHand
from app.views.portal_fill import Asked
from app.views.portal_rows import AskedRow, EntryRow
from app.views.widgets.band import Band
from app.views.widgets.button import Button
from app.views.widgets.chip import Chip
from app.views.widgets.empty import EmptyState
from app.views.widgets.lines import hairline, label, wrap_label

_WIDTH = 340


class PortalPanel(QFrame):
    """`fill_wanted` on the person's press; `number_typed(str)` for a number written by hand;
    `hand_wanted` for the sheet to copy from."""

    fill_wanted = Signal()
    again_wanted = Signal()
    done_wanted = Signal()
    number_typed = Signal(str)
    never_filed = Signal()
    hand_wanted = Signal()

    def __init__(self, practice: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("portal")
        self.setProperty("surface", "surface")
        self.setFixedWidth(theme.current().grown(_WIDTH))
        self.setAccessibleName("このページに入れるもの")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 16, 0, 16)
        column.setSpacing(12)
        head = QHBoxLayout()
        head.setContentsMargins(16, 0, 16, 0)
        self._title = label("このページに入れるもの", "heading", "ink", name="portal.title")
        head.addWidget(self._title, 1)
        if practice:
            head.addWidget(Chip("練習", "warn", "outline"))
        column.addLayout(head)
        self._where = wrap_label("", "note", "ink2")
        self._where.setObjectName("portal.where")
        column.addLayout(_inset(self._where))
        self._band: Band | None = None
        self._bands = QVBoxLayout()
        self._bands.setContentsMargins(16, 0, 16, 0)
        column.addLayout(self._bands)
        column.addWidget(hairline())
        self._list = QScrollArea()
        self._list.setObjectName("portal.list")
        self._list.setAccessibleName("入れるものの一覧")
        self._list.setWidgetResizable(True)
        # As high as there is room: the bands above the page never scroll away for it.
        self._list.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self._list.setMinimumHeight(76)
        self._list.setFrameShape(QFrame.Shape.NoFrame)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column.addWidget(self._list, 1)
        column.addWidget(hairline())
        self.follow = QCheckBox("このあとのページも、着いたら入れる")
        self.follow.setObjectName("portal.follow")
        self.follow.setAccessibleName(self.follow.text())
        column.addLayout(_inset(self.follow))
        self.fill = Button("このページに入れる", "primary", "pencil", name="portal.fill")
        self.fill.clicked.connect(self.fill_wanted)
        self.again = Button("もう一度入れる", name="portal.again")
        self.again.clicked.connect(self.again_wanted)
        self.done = Button("送信箱で見る", "primary", name="portal.done")
        self.done.clicked.connect(self.done_wanted)
        for button in (self.fill, self.again, self.done):
            column.addLayout(_inset(button))
        self.hand = Button("手で写す", "quiet", "copy", small=True, name="portal.hand")
        self.hand.setAccessibleDescription("値の一覧を、写すために並べます。")
        self.hand.clicked.connect(self.hand_wanted)
        column.addLayout(_inset(self.hand))
        self.by_hand = ByHand(
            "ポータルの申請一覧を見て、\u200bこの申請の受付番号を書き写してください。"
        )
        self.by_hand.number_typed.connect(self.number_typed)
        self.by_hand.never_filed.connect(self.never_filed)
        self.by_hand.hide()
        column.addWidget(self.by_hand)
        self._rows: dict[str, EntryRow] = {}
        self.show_elsewhere()

    def first_focus(self) -> QWidget | None:
        """The list, so that it is read before anything leaves; Tab goes on to the buttons."""
        return self._list

    # --- what is shown

    def show_entries(self, where: str, entries: Sequence[Entry]) -> None:
        """A page of ours: everything that would go in, before anything does."""
        going = [e for e in entries if e.leaves]
        self._title.setText("このページに入れるもの")
        self._where.set_text(f"{where} ・ {len(going)}か所")
        self._say(None)
        self._fill_list(entries)
        self._buttons(fill=bool(going))
        self.fill.setEnabled(True)

    def show_elsewhere(self) -> None:
        """A page where nothing goes in."""
        self._title.setText("入れるものはありません")
        self._where.set_text(
            "このページには何も入れません。申請の画面へ進むと、入れるものをここに並べます。"
        )
        self._say(None)
        self._fill_list((), "サインインや一覧のページでは、何も入れません。")
        self._buttons()

    def show_confirm(self) -> None:
        """The page whose own button files the application."""
        self._title.setText("確認の画面です")
        self._where.set_text(
            "読んで合っていれば、相手のページのボタンを押してください。一度は押しません。"
        )
        self._say(
            Band(
                "info",
                "受付の画面が出たら、番号を読み取って記録します。",
                name="portal.confirm",
            )
        )
        self._fill_list(())
        self._buttons()

    def show_expired(self) -> None:
        """The portal's session has ended; nothing of ours is lost."""
        self._title.setText("相手の時間切れです")
        self._where.set_text(
            "書いたものは、一度に残っています。もう一度入って申請の画面へ進み、"
            "「このページに入れる」を押すと、すべて入れ直します。"
        )
        self._say(Band("warn", "ポータルの時間が切れました。", name="portal.expired"))
        self._fill_list(())
        self._buttons()

    def show_receipt(self, number: str) -> None:
        """The number, after it has been stored."""
        self._title.setText("受け付けられました")
        self._where.set_text("受付番号を記録しました。この枠を閉じても残っています。")
        self._say(Band("ok", f"受付番号 {number}", name="portal.receipt"))
        self._fill_list(())
        self._buttons(done=True)

    def show_fault(self, sentence: str) -> None:
        """Something that went wrong, in its own words."""
        self._say(Band("danger", sentence, name="portal.fault"))

    def show_filling(self, done: int, total: int) -> None:
        """How far it is."""
        self.fill.setEnabled(False)
        self.again.setEnabled(False)
        self._where.set_text(f"入れています {done} / {total}")

    def show_outcomes(self, why: Mapping[str, str], asked: Sequence[Asked] = ()) -> None:
        """What fits and what does not, line by line and in one sentence; then what the page asks beside."""
        for key, reason in why.items():
            if key in self._rows:
                self._rows[key].show_outcome(reason)
        compared = {row.key for row in self._rows.values() if row.compared}
        differs = any(reason for key, reason in why.items() if key in compared)
        left = sum(bool(reason) for key, reason in why.items() if key not in compared)
        self._show_asked(asked)
        put = len(why) - left - len(compared & set(why))
        self._where.set_text(f"{put}か所に入れました。")
        if differs:
            sentence = "相手の画面に、この申請と違う値があります。\u200b出す前に確かめてください。"
            self._say(Band("danger", sentence, name="portal.differs"))
        elif left or any(one.needed for one in asked):
            self._say(Band("warn", _left_words(left, asked), name="portal.left"))
        else:
            sentence = "すべて入りました。読んでから、相手のページで次へ進んでください。"
            self._say(Band("ok", sentence, name="portal.fits"))
        self._buttons(again=True)

    @property
    def outcomes(self) -> dict[str, str]:
        """What each line says now, for tests and for the screen reader: label → words."""
        return {row.title: row.told for row in self._rows.values()}

    # --- parts

    def _show_asked(self, asked: Sequence[Asked]) -> None:
        """The controls of the page that nothing went into, under the list."""
        whole = self._list.widget()
        column = whole.layout() if whole is not None else None
        if not isinstance(column, QVBoxLayout) or not asked:
            return
        place = column.count() - 1
        column.insertWidget(place, label("相手のページで、手で入れる欄", "label", "ink"))
        for number, one in enumerate(sorted(asked, key=lambda a: not a.needed), start=1):
            column.insertWidget(place + number, AskedRow(one))

    def _say(self, band: Band | None) -> None:
        if self._band is not None:
            self._bands.removeWidget(self._band)
            self._band.hide()
            self._band.deleteLater()
        self._band = band
        if band is not None:
            self._bands.addWidget(band)

    def _buttons(self, *, fill: bool = False, again: bool = False, done: bool = False) -> None:
        self.fill.setVisible(fill)
        self.follow.setVisible(fill or again)
        self.again.setVisible(again)
        self.again.setEnabled(again)
        self.done.setVisible(done)
        self.hand.setVisible(not done)

    def _fill_list(self, entries: Sequence[Entry], nothing: str = "") -> None:
        self._rows = {}
        body = QWidget()
        body.setProperty("surface", "surface")
        body.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(body)
        column.setContentsMargins(16, 4, 16, 4)
        column.setSpacing(10)
        for entry in entries:
            row = EntryRow(entry)
            self._rows[entry.key] = row
            column.addWidget(row)
        if nothing:
            column.addWidget(EmptyState("file-text", "", nothing, name="portal.empty"))
        column.addStretch(1)
        self._list.setWidget(body)


def _left_words(left: int, asked: Sequence[Asked]) -> str:
    """How much is left to the hand, in one sentence or two."""
    needed = sum(one.needed for one in asked)
    said = f"{left}か所は入っていません。\u200b" if left else ""
    said += f"相手のページに、空いている必須の欄が {needed}か所あります。\u200b" if needed else ""
    return f"{said}相手のページで、手で入れてください。"


def _inset(widget: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setContentsMargins(16, 0, 16, 0)
    row.addWidget(widget)
    return row
