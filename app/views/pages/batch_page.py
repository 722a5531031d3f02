"""まとめて出す: one form over the companies of the office, checked, sealed and sent, each by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.errors import Known
from app.services.office.batch import Batch
from app.services.office.batch_rows import WORDS, BatchRow, BatchState, totals
from app.services.office.matrix import look
from app.services.social.insurer import CSV_FORMS, FORM_NAMES
from app.views.background import run
from app.views.models.batch_table import BatchModel
from app.views.page import Page, Window
from app.views.theme import current, theme_changed
from app.views.widgets.band import Band
from app.views.widgets.button import Button
from app.views.widgets.card import Card
from app.views.widgets.field import SelectField, TextField
from app.views.widgets.figure_delegate import Table
from app.views.widgets.lines import WrapLabel, wrap_label
from app.views.widgets.plate_delegate import PlateDelegate

_CHECK, _SEAL, _SEND, _ASK = "prepare", "seal", "send", "ask"
_WAITS = {
    _CHECK: (BatchState.WAITING,),
    _SEAL: (BatchState.READY,),
    _SEND: (BatchState.SEALED,),
    _ASK: (BatchState.UNKNOWN,),
}
_SHOWN = 6
_ORDER = (
    BatchState.SENT, BatchState.UNKNOWN, BatchState.SEALED, BatchState.READY, BatchState.FAULTS,
    BatchState.REFUSED, BatchState.FAILED, BatchState.NOTHING, BatchState.WAITING,
)  # fmt: skip


class _Told(QObject):
    came = Signal(int, int, object)


class BatchPage(Page):
    """`asked` may name the `form` and the `companies` (vault ids); without them a batch that was
    begun is taken up, or all companies are looked at."""

    place = "today"

    def __init__(self, desk: Any, window: Window, asked: Mapping[str, str]) -> None:
        super().__init__(desk, window)
        self.setObjectName("batch")
        self.title = "まとめて出す"
        self._asked = dict(asked)
        self.batch: Batch | None = None
        self._stop = False
        self._working = ""
        self._told = _Told(self)
        self._told.came.connect(self._progress)
        self.model = BatchModel()
        self.table = Table(name="batch.table", spoken="会社ごとの結果")
        self.table.setModel(self.model)
        self.table.setItemDelegateForColumn(0, PlateDelegate(self.table))
        self.table.selectionModel().currentRowChanged.connect(lambda _now, _old: self._detail())
        self.form = SelectField(
            [(code, FORM_NAMES[code]) for code in CSV_FORMS], name="batch.form", spoken="届"
        )
        self.form.chosen.connect(self._choose_form)
        self.go = Button("確かめる", "primary", name="batch.go")
        self.go.clicked.connect(lambda _=False: self.go_on())
        self.again = Button("確かめ直す", icon="refresh-cw", name="batch.again")
        self.again.clicked.connect(lambda _=False: self._work(_CHECK, everything=True))
        self.halt = Button("この会社で止める", icon="x", name="batch.stop")
        self.halt.clicked.connect(lambda _=False: self._ask_stop())
        self.halt.hide()
        self.counts = wrap_label("", "label", "ink2")
        self.counts.setObjectName("batch.counts")
        self.detail = wrap_label("", "label", "ink2")
        self.detail.setObjectName("batch.detail")
        self.to_company = Button("この会社をひらく", "small", name="batch.company")
        self.to_company.clicked.connect(lambda _=False: self._open_company())
        self._bands = QVBoxLayout()
        self.office_name = TextField(
            "", "事務所の名前", name="batch.name", spoken="送るために、事務所の名前"
        )
        self.office_name.returnPressed.connect(self._confirmed)
        self._lay()
        theme_changed.connect(self._widths)

    def _lay(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(8)
        self.form.setMaximumWidth(240)
        top.addWidget(self.form)
        top.addStretch(1)
        for button in (self.halt, self.again, self.go):
            top.addWidget(button)
        self.confirm = QWidget()
        row = QHBoxLayout(self.confirm)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self.leaving_words = WrapLabel("", "body", "ink")
        row.addWidget(self.leaving_words, 1)
        self.office_name.setMaximumWidth(260)
        row.addWidget(self.office_name)
        self.send_now = Button("送る", "primary", name="batch.send")
        self.not_yet = Button("まだ送らない", name="batch.not_yet")
        self.send_now.clicked.connect(lambda _=False: self._confirmed())
        self.not_yet.clicked.connect(lambda _=False: self._not_yet())
        row.addWidget(self.not_yet)
        row.addWidget(self.send_now)
        self.confirm.hide()
        frame = Card(name="batch.card")
        frame.rows.addWidget(self.table)
        foot = QHBoxLayout()
        foot.setSpacing(12)
        foot.addWidget(self.detail, 1)
        foot.addWidget(self.to_company)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(12)
        column.addLayout(top)
        column.addWidget(self.counts)
        column.addLayout(self._bands)
        column.addWidget(self.confirm)
        column.addWidget(frame, 1)
        column.addLayout(foot)
        self._show_step()

    def columns(self) -> list[QWidget]:
        return [self.form, self.table]

    def refresh(self) -> None:
        """Takes up the batch asked for, or the one that was begun."""
        if self.batch is None and not self._working:
            self._begin(self._asked.get("form", ""), self._asked.get("companies", ""))
        self._widths()

    def leaving(self) -> None:
        """The work goes on after the company it is at is done; then it stops and can be taken up."""
        self._stop = True

    # --- which batch

    def _begin(self, form: str, companies: str) -> None:
        office, parts = self.desk.office, self.desk.parts

        def made() -> Batch | None:
            if not form:
                return Batch.resume(office, parts)
            ids = companies.split(",") if companies else [c.vault_id for c in office.companies()]
            return Batch.begin(office, parts, form, ids)

        self._working = "begin"
        run(made, self._is_begun, self._failed, self)

    def _is_begun(self, batch: Batch | None) -> None:
        self._working = ""
        self.batch = batch
        if batch is not None:
            self.form.set_value(batch.form)
            self.model.show(batch.rows)
            self.table.setCurrentIndex(self.model.index(0, 0))
            if any(row.filings for row in batch.rows):
                self._say("info", "前にはじめた分の続きです。送ったものは、もう一度は送りません。")
        self._show_step()
        if batch is not None and all(r.state is BatchState.WAITING for r in batch.rows):
            self._work(_CHECK)

    def _choose_form(self, form: str) -> None:
        if form and not self._working and (self.batch is None or self.batch.form != form):
            self.confirm.hide()
            self._calm()
            self._begin(form, self._asked.get("companies", ""))

    # --- the steps

    def go_on(self) -> None:
        """The next step. Sending is confirmed first, by name when more than one company goes out."""
        step = self._step()
        if step != _SEND:
            self._work(step)
            return
        if not self.desk.sign_in_state().signed_in:
            self._say(
                "warn", "事務所がまだサインインしていません。サインインしてから送ります。",
                ("サインインする", lambda: self.window_.show_page("sign_in")),
            )  # fmt: skip
            return
        rows = self._waiting(_SEND)
        many = len(rows) > 1
        who = f"{len(rows)}社" if many else rows[0].name
        words = f"{who}の{self._form_word()}({sum(r.people for r in rows)}人分)が、\u200b日本年金機構に出ます。"
        ask = (
            f"\u200b送るには、事務所の名前\u200b「{self.desk.office.name}」を\u200b打ってください。"
        )
        self.leaving_words.set_text(words + (ask if many else ""))
        self.office_name.clear()
        self.office_name.setVisible(many)
        self.confirm.show()
        for button in (self.go, self.again):  # one filled button a page
            button.hide()
        (self.office_name if many else self.send_now).setFocus()

    def _not_yet(self) -> None:
        self.confirm.hide()
        self._show_step()

    def _confirmed(self) -> None:
        if self._working or not self.confirm.isVisible():
            return
        typed = self.office_name.text().strip()
        if not self.office_name.isHidden() and typed != self.desk.office.name:
            self.office_name.set_state("error")
            self._say("danger", "事務所の名前がちがいます。送っていません。")
            return
        self.office_name.set_state("")
        self.confirm.hide()
        self._work(_SEND)

    def _work(self, step: str, *, everything: bool = False) -> None:
        batch = self.batch
        if batch is None or self._working or not step:
            return
        self._calm()
        self._working, self._stop = step, False
        ids = None if everything else {r.vault_id for r in self._waiting(step)}
        call: Callable[..., list[BatchRow]] = {
            _CHECK: batch.prepare, _SEAL: batch.seal, _SEND: batch.send, _ASK: batch.send,
        }[step]  # fmt: skip
        told, office, parts = self._told.came.emit, self.desk.office, self.desk.parts

        def task() -> list[BatchRow]:
            rows = call(ids, told=told, stop=lambda: self._stop)
            if step != _CHECK:  # what the table of all companies shows has changed
                look(office, parts, [r.vault_id for r in rows], stop=lambda: self._stop)
            return rows

        self._show_step()
        run(task, self._worked, self._failed, self)

    def _progress(self, done: int, count: int, row: BatchRow) -> None:
        self.model.renew(row)
        self.note = f"{count}社のうち {done}社・{row.name} {row.word}"
        self._show_counts()

    def _worked(self, _rows: list[BatchRow]) -> None:
        batch, step = self.batch, self._working
        self._working = ""
        if batch is None:
            return
        self.model.show(batch.rows)
        self._detail()
        self._show_step()
        if batch.halted:
            action = ("サインインする", lambda: self.window_.show_page("sign_in"))
            self._say("warn", f"{batch.halted}残りは送っていません。", action)
            return
        self._sum_up(step)

    def _sum_up(self, step: str) -> None:
        counted = totals(self.model.rows)
        stuck = counted.of(BatchState.FAULTS, BatchState.FAILED, BatchState.REFUSED)
        if self._stop and self._step():
            self._say("info", "止めました。続きは、いつでもできます。")
        elif unknown := counted.of(BatchState.UNKNOWN):
            self._say("warn", f"{unknown}社は、届いたか分かりません。6分ほどたってからたずねます。")
        elif step in (_SEND, _ASK) and counted.of(BatchState.SENT):
            left = f"{stuck}社は、直すところがあります。" if stuck else ""
            self._say("ok", f"{counted.of(BatchState.SENT)}社が届きました。{left}")
        elif stuck:
            told = f"{stuck}社は、いまは出せません。ほかの会社は、このまま進められます。"
            self._say("warn", told)

    def _failed(self, fault: Exception) -> None:
        self._working = ""
        self._show_step()
        if not isinstance(fault, Known):
            raise fault
        self._say("danger", fault.sentence)

    def _ask_stop(self) -> None:
        self._stop = True
        self.halt.setEnabled(False)

    # --- what is shown

    def _step(self) -> str:
        """The next step that a company waits for, "" when none does."""
        return next((step for step in _WAITS if self._waiting(step)), "")

    def _waiting(self, step: str) -> list[BatchRow]:
        return [row for row in self.model.rows if row.state in _WAITS[step]]

    def _form_word(self) -> str:
        return FORM_NAMES[self.batch.form] if self.batch is not None else ""

    def _show_step(self) -> None:
        step, busy = self._step(), bool(self._working)
        words = {
            _CHECK: "確かめる",
            _SEAL: "{}社に封をする",
            _SEND: "{}社を送る",
            _ASK: "届いたかたずねる",
        }
        self.go.setVisible(bool(step) and not busy)
        if step:
            self.go.set_text(words[step].format(len(self._waiting(step))))
        self.again.setVisible(bool(self.model.rows) and not busy)
        self.halt.setVisible(busy and self._working != "begin")
        self.halt.setEnabled(True)
        self.form.set_state("locked" if busy else "")
        if not busy:
            self.note = f"{self._form_word()}・{len(self.model.rows)}社" if self.batch else ""
        if self.batch is None and not busy:
            self._say("info", "届をえらぶと、事務所の会社をまとめて確かめます。")
        self._show_counts()
        self._detail()

    def _show_counts(self) -> None:
        counted = totals(self.model.rows)
        shown = [f"{WORDS[state]} {n}社" for state in _ORDER if (n := counted.of(state))]
        people = f"{counted.people}人" if counted.people else ""
        self.counts.set_text(" ・ ".join([*shown, people] if people else shown))
        self.counts.setVisible(bool(shown))

    def _detail(self) -> None:
        row = self._row()
        self.to_company.setVisible(row is not None)
        if row is None:
            self.detail.set_text("")
            return
        said = [*row.reasons, *row.warnings]
        more = f" ほか {len(said) - _SHOWN}件" if len(said) > _SHOWN else ""
        self.detail.set_text(f"{row.name}: {row.word}。{' '.join(said[:_SHOWN])}{more}")

    def _row(self) -> BatchRow | None:
        place = self.table.currentIndex().row()
        return self.model.rows[place] if 0 <= place < len(self.model.rows) else None

    def _open_company(self) -> None:
        row = self._row()
        if row is not None and self.batch is not None:
            page = "outbox" if row.filings else "social"
            more = {} if row.filings else {"form": self.batch.form}
            self.window_.offices.open(row.vault_id, page, **more)  # type: ignore[attr-defined]

    def _widths(self) -> None:
        theme = current()
        for column, width in enumerate((200, 64, 80, 64, 150)):
            self.table.setColumnWidth(column, theme.grown(width))
        self.table.horizontalHeader().setStretchLastSection(True)

    def _say(
        self, kind: str, sentence: str, action: tuple[str, Callable[[], None]] | None = None
    ) -> None:
        self._calm()
        actions = [action] if action else []
        self._bands.addWidget(Band(kind, sentence, "", actions, name="batch.band"))

    def _calm(self) -> None:
        while (item := self._bands.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
