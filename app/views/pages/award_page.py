"""交付決定のあと: what is to be done by when, the days it is counted from, and the evidence folder."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.domain.errors import Known
from app.services.award import Award, AwardDay, AwardTask, NoticeValue
from app.services.evidence import Voucher
from app.services.obligations import day_text
from app.services.pdf_text import MOST_BYTES
from app.views.background import run
from app.views.page import Page, Window
from app.views.theme import current
from app.views.widgets.band import Band
from app.views.widgets.button import Button
from app.views.widgets.card import Card
from app.views.widgets.field import DateField, TextField
from app.views.widgets.lines import label, wrap_label
from app.views.widgets.row import ListRow

_ICON = {"done": "circle-check", "open": "clock", "later": "hourglass", "if_needed": "info"}
_WORD = {"done": "済み", "later": "この前に、することがあります", "if_needed": "必要なときだけ"}


class AwardPage(Page):
    """One award (asked by its key)."""

    place = "grants"

    def __init__(self, desk: Any, window: Window, asked: Mapping[str, str]) -> None:
        super().__init__(desk, window)
        self.setObjectName("award")
        self._key = asked.get("award", "")
        self._pdf: tuple[str, bytes, str] = ("", b"", "")
        area = QScrollArea()
        area.setObjectName("award.area")
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area = area
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)

    def refresh(self) -> None:
        """Everything anew: the tasks follow from the days."""
        award: Award = self.desk.awards.award(self._key)
        self.title = award.title or award.procedure_title
        self.note = award.procedure_title if award.title else ""
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 4, 0, 24)
        column.setSpacing(16)
        self._faults = QVBoxLayout()
        column.addLayout(self._faults)
        column.addWidget(self._tasks(award))
        column.addWidget(self._days(award))
        column.addWidget(self._notice())
        column.addWidget(self._evidence(award))
        column.addStretch(1)
        old = self._area.takeWidget()
        self._area.setWidget(body)
        if old is not None:
            old.deleteLater()  # not at once: it may be one of its fields that asks for this

    def _tasks(self, award: Award) -> Card:
        card = Card(self.tr("すること"))
        for task in award.tasks:
            card.add_row(self._task(task))
        return card

    def _task(self, task: AwardTask) -> QWidget:
        when = (
            f"{task.done_on.year}年 {day_text(task.done_on)}"
            if task.done_on
            else f"{task.due.year}年 {day_text(task.due)}まで"
            if task.due
            else self.tr("日は未定")
        )
        word = _WORD.get(task.state, "")
        note = " · ".join(part for part in (word, task.note, task.say) if part)
        right = [label(when, "label", "ink")]
        return ListRow(
            _ICON[task.state], task.label, note, right,
            icon_colour="ok" if task.state == "done" else "ink2",
            pressable=False, name=f"award.task.{task.id}",
        )  # fmt: skip

    def _days(self, award: Award) -> Card:
        card = Card(self.tr("日付"))
        done = {t.id: t for t in award.tasks}
        card.body.addWidget(
            wrap_label(
                self.tr("通知や控えにある日を入れると、することの日が決まります。"), "note", "ink2"
            )
        )
        for day in award.days:
            card.body.addWidget(self._day(day))
        for task_id, name in (("request", "requested_on"), ("report", "reported_on"),
                              ("claim", "claimed_on"), ("effect", "effect_reported_on")):  # fmt: skip
            task = done.get(task_id)
            if task is not None:
                path = f"awards[{self._key}].{name}"
                words = self.tr("{}を出した日").format(task.label)
                card.body.addWidget(self._day(AwardDay(path, words, task.done_on)))
        return card

    def _day(self, day: AwardDay) -> QWidget:
        holder = QWidget()
        line = QHBoxLayout(holder)
        line.setContentsMargins(0, 0, 0, 0)
        words = wrap_label(day.label, "label", "ink2")
        name = day.path.rpartition(".")[2]
        edit = DateField(name=f"award.day.{name}", spoken=day.label)
        edit.set_text(day.day.isoformat() if day.day else "")
        edit.committed.connect(partial(self._set, name, edit.text()))
        line.addWidget(words, 2)
        line.addWidget(edit, 3)
        return holder

    def _set(self, name: str, before: str, text: str) -> None:
        if text == before:
            return
        self._try(lambda: self.desk.awards.set(self._key, name, text))

    def _notice(self) -> Card:
        card = Card(self.tr("通知から読む"))
        card.body.addWidget(
            wrap_label(
                self.tr("交付決定通知などの PDF を選ぶか文を貼ると、日と額を読み取ります。"),
                "note",
                "ink2",
            )
        )
        self._pasted = QPlainTextEdit()
        self._pasted.setObjectName("award.notice")
        self._pasted.setAccessibleName(self.tr("通知の文"))
        self._pasted.setProperty("field", "true")
        self._pasted.setTabChangesFocus(True)
        self._pasted.setFixedHeight(current().grown(96))
        read = Button(self.tr("読み取る"), "plain", name="award.notice.read")
        read.clicked.connect(lambda _=False: self._read())
        pdf = Button(self.tr("PDF から読む"), "plain", "file-text", name="award.notice.pdf")
        pdf.clicked.connect(lambda _=False: self._choose_pdf())
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(read)
        buttons.addWidget(pdf)
        buttons.addStretch(1)
        card.body.addWidget(self._pasted)
        card.body.addLayout(buttons)
        self._found = QVBoxLayout()
        card.body.addLayout(self._found)
        return card

    def _choose_pdf(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, self.tr("通知の PDF"), "", "PDF (*.pdf);;* (*)")
        if path:
            self.read_pdf(Path(path))

    def read_pdf(self, path: Path) -> None:
        """The text of a PDF into the field, off the window's thread, and what is found in it."""
        field = self._pasted
        self._tell(Band("info", self.tr("PDF を読んでいます。"), name="award.notice.reading"))

        def read() -> tuple[bytes, str]:
            with path.open("rb") as file:
                content = file.read(MOST_BYTES + 1)
            return content, self.desk.awards.notice_text(content)

        def done(told: tuple[bytes, str]) -> None:
            content, text = told
            if field is not self._pasted:
                return  # the page was drawn anew meanwhile
            self._pdf = (path.name, content, text)
            field.setPlainText(text)
            self._read()

        def failed(fault: Exception) -> None:
            sentence = self.tr("ファイルを扱えません。場所を確かめてください。")
            if isinstance(fault, Known):
                sentence = fault.sentence
            elif not isinstance(fault, OSError):
                raise fault
            self._tell(Band("warn", sentence, name="award.notice.fault"))

        run(read, done, failed, self)

    def _tell(self, band: Band) -> None:
        while (item := self._found.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self._found.addWidget(band)

    def _read(self) -> None:
        """What the notice says, to be looked at before it is stated."""
        text = self._pasted.toPlainText()
        values: tuple[NoticeValue, ...] = self.desk.awards.read_notice(self._key, text)
        if not values:
            sentence = self.tr("日も額も見つかりません。「日付」に入れてください。")
            self._tell(Band("warn", sentence, name="award.notice.none"))
            return
        told = "\n".join(f"{v.label}　{v.value}" for v in values)
        sentence = self.tr("{}つ見つかりました。合っていれば記録します。").format(len(values))
        take = [(self.tr("記録する"), lambda: self._try(lambda: self._take(values, text)))]
        self._tell(Band("info", sentence, told, take, name="award.notice.found"))

    def _take(self, values: tuple[NoticeValue, ...], text: str) -> None:
        """The notice is kept as a document, and is the origin of what was read in it."""
        name, content, read = self._pdf
        if content and text == read:
            document = self.desk.documents_store.keep(name, content, "notice-pdf")
        else:
            document = self.desk.documents_store.keep(
                "通知.txt", text.encode("utf-8"), "notice-text"
            )
        self.desk.awards.take_notice(values, document)

    def _evidence(self, award: Award) -> Card:
        card = Card(self.tr("証拠書類"))
        vouchers: tuple[Voucher, ...] = self.desk.evidence.vouchers(self._key)
        for voucher in vouchers:
            files = "、".join(f.title for f in voucher.files) or self.tr("まだありません")
            add = Button(
                self.tr("ファイルを足す"), "small", "paperclip",
                name=f"award.voucher.{voucher.number}.add",
            )  # fmt: skip
            add.setAccessibleName(f"{voucher.title} {add.text()}")
            add.clicked.connect(partial(self._add_file, voucher.number))
            card.body.addWidget(
                ListRow(
                    "archive", voucher.folder, files, [add],
                    pressable=False, name=f"award.voucher.{voucher.number}",
                )
            )  # fmt: skip
        line = QHBoxLayout()
        self._name = TextField(name="award.voucher.name", spoken=self.tr("買ったものの名前"))
        self._name.setPlaceholderText(self.tr("買ったものの名前"))
        more = Button(self.tr("証憑を足す"), "plain", "plus", name="award.voucher.new")
        more.clicked.connect(lambda _=False: self._add_voucher())
        export = Button(self.tr("ZIP にまとめる"), "plain", "download", name="award.evidence.zip")
        export.setEnabled(any(v.files for v in vouchers))
        export.clicked.connect(lambda _=False: self._export())
        line.addWidget(self._name, 1)
        line.addWidget(more)
        line.addWidget(export)
        card.body.addLayout(line)
        return card

    def _add_voucher(self) -> None:
        self._try(lambda: self.desk.evidence.add_voucher(self._key, "", self._name.text()))

    def _add_file(self, number: int, _pressed: bool = False) -> None:
        path, _ = QFileDialog.getOpenFileName(self, self.tr("証拠書類のファイル"))
        if path:
            file = Path(path)
            self._try(
                lambda: self.desk.evidence.add_file(
                    self._key, number, file.stem, file.name, file.read_bytes()
                )
            )

    def _export(self) -> None:
        path, _ = QFileDialog.getSaveFileName(self, self.tr("ZIP にまとめる"), "証拠書類.zip")
        if path:
            self._try(lambda: self.desk.evidence.export(self._key, Path(path)))
            self.window_.say(self.tr("証拠書類を ZIP にまとめました。"))

    def _try(self, act: Any) -> None:
        try:
            act()
        except Known as fault:
            self._faults.addWidget(Band("danger", fault.sentence, name="award.fault"))
            return
        except OSError:
            sentence = self.tr("ファイルを扱えません。場所を確かめてください。")
            self._faults.addWidget(Band("danger", sentence, name="award.fault"))
            return
        self.refresh()
