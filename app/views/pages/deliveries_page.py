"""電子送達とご案内: what e-Gov sent without being asked, kept and readable, with marks of what is unread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.errors import Known, SignedOut
from app.services.deliveries import LETTER, Delivery
from app.views.background import run
from app.views.models.form_face import moment_text
from app.views.page import Page, Window
from app.views.pages.cases import day_words
from app.views.pages.documents_verdicts import VerdictBox
from app.views.pages.documents_view import SafeText
from app.views.pages.outbox_column import ScrollColumn
from app.views.pages.skeleton_page import BROKE
from app.views.pages.who_files import account_line, account_words
from app.views.theme import current
from app.views.widgets.band import Action, Band
from app.views.widgets.button import Button
from app.views.widgets.card import Card
from app.views.widgets.chip import Chip
from app.views.widgets.empty import EmptyState
from app.views.widgets.lines import dress, wrap_label
from app.views.widgets.row import ListRow

if TYPE_CHECKING:
    from app.services.verdicts import Judged

_LIST = 380


class DeliveriesPage(Page):
    """List and text. `asked` may name the one to open: {"open": "delivery.ID" or "guidance.ID"}."""

    place = "documents"

    def __init__(self, desk: Any, window: Window, asked: Mapping[str, str] | None = None) -> None:
        super().__init__(desk, window)
        self.setObjectName("deliveries")
        self.title = "電子送達とご案内"
        self._deliveries = desk.egov.deliveries
        self._open = (asked or {}).get("open", "")
        self._rows: dict[str, Delivery] = {}
        self._buttons: dict[str, ListRow] = {}
        self._busy = False
        self._narrow, self._in_detail, self._width = False, bool(self._open), 1280
        self.ask = Button("e-Gov に聞く", icon="refresh-cw", name="deliveries.ask")
        self.join = Button("申し込む", "small", "mail", name="deliveries.join")
        self.state = wrap_label("", "body", "ink")
        self.state.setObjectName("deliveries.state")
        self._account = account_line(desk, "deliveries.account")
        self._bands = QVBoxLayout()
        self._bands.setSpacing(8)
        self._lay()
        self.ask.clicked.connect(lambda _=False: self.look())
        self.join.clicked.connect(lambda _=False: window.show_page("skeleton", delivery="1"))
        self.fold(self._width)

    def _lay(self) -> None:
        card = Card(name="deliveries.sign_up")
        row = QHBoxLayout()
        row.setSpacing(12)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.state)
        words.addWidget(self._account)
        row.addLayout(words, 1)
        row.addWidget(self.join)
        card.body.addLayout(row)
        self._list = QFrame()
        self._list.setProperty("surface", "card")
        self._list.setAccessibleName("届いたものの一覧")
        inner = QVBoxLayout(self._list)
        inner.setContentsMargins(1, 1, 1, 1)
        self._scroll = ScrollColumn((6, 8, 6, 8), yields_keys=True)
        inner.addWidget(self._scroll)
        self._detail = QFrame()
        self._detail.setProperty("surface", "card")
        self._detail.setObjectName("deliveries.detail")
        self._body = QVBoxLayout(self._detail)
        self._body.setContentsMargins(1, 1, 1, 1)
        self._body.setSpacing(0)
        self.back_button = Button(
            "一覧へもどる", "quiet", "arrow-left", small=True, name="deliveries.back"
        )
        self.back_button.clicked.connect(lambda _=False: self._to_list())
        self._body.addWidget(self.back_button)
        self._head: QWidget | None = None
        self.text = SafeText()
        self.text.setObjectName("deliveries.text")
        self._body.addWidget(self.text, 1)
        line = QHBoxLayout()
        line.setSpacing(16)
        line.addWidget(self._list, _LIST)
        line.addWidget(self._detail, 660)
        self._both = QWidget()
        self._both.setLayout(line)
        line.setContentsMargins(0, 0, 0, 0)
        note = "申し込むと、役所からの知らせがここに届きます。期限の前に書類庫に入れます。"
        self._empty = EmptyState(
            "mail", "届いたものはまだありません", note, name="deliveries.empty"
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(12)
        column.addWidget(card)
        column.addLayout(self._bands)
        column.addWidget(self._both, 1)
        column.addWidget(self._empty, 1)

    # --- the frame

    def header_actions(self) -> list[QWidget]:
        """Asking now."""
        return [self.ask]

    def columns(self) -> Sequence[QWidget]:
        """List and text."""
        return [self._list, self._detail]

    def first_focus(self) -> QWidget | None:
        """The row of what is shown."""
        return self._buttons.get(self._open) or self.ask

    def fold(self, width: int) -> None:
        """Below 1120 (more with larger letters) list and text are shown one at a time."""
        look = current()
        self._width = width
        self._narrow = width < look.grown(int(look.tokens["breakpoint"]["medium"]))
        self._list.setMaximumWidth(16_777_215 if self._narrow else look.grown(_LIST))
        self._list.setVisible(not (self._narrow and self._in_detail))
        self._detail.setVisible(not self._narrow or self._in_detail)
        self.back_button.setVisible(self._narrow)

    def refresh(self) -> None:
        """Reads what came."""
        signed = self._deliveries.sign_up()
        asked = self._deliveries.asked_at()
        when = f" ・ 最後に聞いたのは {moment_text(asked)}" if asked else ""
        self.state.set_text(f"電子送達の申込み: {signed.words}{when}")
        self.join.set_text("もう一つの役所に申し込む" if signed.filing_id else "申し込む")
        self._account.set_text(account_words(self.desk))
        rows = self._deliveries.rows()
        self._rows = {f"{d.kind}.{d.id}": d for d in rows}
        unread = sum(d.unread for d in rows)
        self.note = f"未読 {unread} ・ 全部で {len(rows)}件" if rows else ""
        self._both.setVisible(bool(rows))
        self._empty.setVisible(not rows)
        if not rows:
            return
        self._show_list()
        if self._open in self._rows:
            self.choose(self._open)
        elif not self._narrow:
            self.choose(next(iter(self._rows)))

    def look(self) -> None:
        """Asks e-Gov now; what is new is kept before it is told."""
        if self._busy:
            return
        self._busy = True
        self._tell("info", "e-Gov に聞いています。届いたものは書類庫に入れます。")

        def done(news: Sequence[Any]) -> None:
            self._busy = False
            self._tell(
                "ok" if news else "info",
                "\n".join(n.sentence for n in news) or "新しいものはありません。",
            )
            self.refresh()

        def failed(fault: Exception) -> None:
            self._busy = False
            self.refresh()
            if not isinstance(fault, Known):
                self._tell("danger", BROKE)
                raise fault
            actions: list[Action] = []
            if isinstance(fault, SignedOut):
                actions = [("サインインする", lambda: self.window_.show_page("sign_in"))]
            self._tell("warn", fault.sentence, actions)

        run(self._deliveries.look, done, failed, self)

    # --- showing

    def _show_list(self) -> None:
        column = self._scroll.renew()
        column.setSpacing(2)
        self._buttons = {}
        for key, one in self._rows.items():
            word = "電子送達" if one.kind == LETTER else "ご案内"
            note = " · ".join(
                x for x in (day_words(one.issued_at.split(" ")[0]), word, one.issuer) if x
            )
            right: list[QWidget] = []
            if one.missed and not one.document:
                right.append(Chip("受け取れず", "danger", "soft", "circle-alert"))
            elif one.unread:
                right.append(Chip("未読", "info", "solid"))
            row = ListRow(
                "mail" if one.kind == LETTER else "info", one.title, note, right, pressable=True,
                bold=one.unread, inset=14, name=f"deliveries.row.{key}",
            )  # fmt: skip
            if one.unread:
                row.setAccessibleName(f"未読 {one.title} {note}")
            row.pressed.connect(lambda k=key: self._chosen(k))
            self._buttons[key] = row
            column.addWidget(row)
        column.addStretch(1)

    def _chosen(self, key: str) -> None:
        self._in_detail = True
        self.choose(key)
        self.fold(self._width)
        if self._narrow:
            self.back_button.setFocus()

    def _to_list(self) -> None:
        self._in_detail = False
        self.fold(self._width)
        if (row := self._buttons.get(self._open)) is not None:
            row.setFocus()

    def choose(self, key: str) -> None:
        """Shows one beside the list and notes that it was opened; its text comes in the background."""
        one = self._rows[key]
        self._open = key
        for k, row in self._buttons.items():
            row.set_chosen(k == key)
        if self._head is not None:
            self._head.hide()
            self._head.deleteLater()
        self._head = self._make_head(one)
        self._body.insertWidget(1, self._head)
        self.text.show_text(one.sentence)
        if one.document:
            self._read(key, one)
        if one.unread and self.isVisible():
            QTimer.singleShot(0, self, lambda: self._mark(key, one))

    def _mark(self, key: str, one: Delivery) -> None:
        self._deliveries.mark_read(one.id, one.kind)
        rows = self._deliveries.rows()
        self._rows = {f"{d.kind}.{d.id}": d for d in rows}
        self.note = f"未読 {sum(d.unread for d in rows)} ・ 全部で {len(rows)}件"
        row = self._buttons.get(key)
        if row is not None:
            dress(row.title, "body", "ink")
            for chip in row.findChildren(Chip):
                chip.hide()
            row.setAccessibleName(f"{one.title} {row.note.plain()}")
        self.window_.update_status()

    def _make_head(self, one: Delivery) -> QWidget:
        part = QWidget()
        column = QVBoxLayout(part)
        column.setContentsMargins(20, 16, 16, 8)
        column.setSpacing(8)
        column.addWidget(wrap_label(one.title, "title", "ink"))
        about = [one.issuer, day_words(one.issued_at.split(" ")[0])]
        if one.expires:
            about.append(f"e-Gov で取れるのは {day_words(one.expires)}まで")
        column.addWidget(wrap_label(" ・ ".join(x for x in about if x), "label", "ink2"))
        if one.missed:
            column.addWidget(
                Band("danger" if not one.document else "warn", one.missed, name="deliveries.missed")
            )
        self._verdict = VerdictBox(self)
        column.addWidget(self._verdict)
        if one.document:
            row = QHBoxLayout()
            see = Button("書類庫で見る", "small", "archive", name="deliveries.document")
            see.clicked.connect(
                lambda _=False: self.window_.show_page("documents", open=one.document)
            )
            row.addWidget(see)
            row.addStretch(1)
            column.addLayout(row)
        return part

    def _read(self, key: str, one: Delivery) -> None:
        box = self._verdict

        def read() -> tuple[str, Judged | None]:
            judged = self.desk.egov.verdicts.of(one.document) if one.kind == LETTER else None
            return self.desk.document_text(one.document), judged

        def done(told: tuple[str, Any]) -> None:
            if self._open == key:
                self.text.show_text(told[0])
                box.show_judged(told[1])

        def failed(fault: Exception) -> None:
            if not isinstance(fault, Known):
                raise fault
            if self._open == key:
                self.text.show_text(f"{one.sentence}\n\n{fault.sentence}")

        run(read, done, failed, self)

    def _tell(self, kind: str, sentence: str, actions: Sequence[Action] = ()) -> None:
        while (item := self._bands.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self._bands.addWidget(Band(kind, sentence, "", actions, name="deliveries.band"))
