"""財務の健康診断: ローカルベンチマーク of one fiscal year, with what is missing typed on the spot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QFileDialog,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from app.domain.errors import Known
from app.services.grants.benchmark import BenchmarkDesk, Figure, year_text
from app.services.grants.locaben import Benchmark
from app.views.background import run
from app.views.page import Page, Target, Window
from app.views.pages.locaben_chart import ChartCard
from app.views.pages.locaben_choosers import Choosers
from app.views.pages.locaben_parts import FigureLine, IndicatorHead, IndicatorLine
from app.views.pages.outbox_column import ScrollColumn
from app.views.theme import current
from app.views.widgets.band import Band
from app.views.widgets.button import Button
from app.views.widgets.card import Card
from app.views.widgets.empty import EmptyState
from app.views.widgets.lines import wrap_label
from app.views.widgets.segments import Segments

_SIDE = 360
KEEP = "入れた数字は会社の数字として残り、\u200bほかの表や申請でも使います。"
TRY = "入れた数字はこの表だけで使います。\u200b会社の数字は変わらず、\u200b会社を閉じると消えます。"


class LocabenPage(Page):
    """`desk.benchmark` does the reckoning; this page shows it. `asked`: period."""

    place = "grants"

    def __init__(self, desk: Any, window: Window, asked: Mapping[str, str] | None = None) -> None:
        super().__init__(desk, window)
        self.setObjectName("locaben")
        self.title = "財務の健康診断"
        self.note = "ローカルベンチマーク"
        self._bench: BenchmarkDesk = desk.benchmark
        self._asked = (asked or {}).get("period", "")
        self._sheet: Benchmark | None = None
        self._lines: list[FigureLine] = []
        self.choosers = Choosers(self._bench.industries())
        self.side = ChartCard()
        self.mode = Segments(
            (("keep", "会社の数字として残す"), ("try", "この表だけで試す")),
            "keep", name="locaben.mode", spoken="入れた数字をどうするか",
        )  # fmt: skip
        self._scroll = ScrollColumn((0, 4, 8, 24))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._scroll)
        self._lay()
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self._show)
        self._join()

    def _lay(self) -> None:
        self._bands = QVBoxLayout()
        self._bands.setSpacing(8)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(16)
        self.left = QWidget()
        left = QVBoxLayout(self.left)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(16)
        left.addWidget(self.choosers)
        left.addLayout(self._bands)
        left.addWidget(self._typing())
        left.addLayout(self._rows)
        left.addStretch(1)
        self._both = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._both.setSpacing(16)
        self._both.addWidget(self.left, 1)
        self._both.addWidget(self.side, 0, Qt.AlignmentFlag.AlignTop)
        self.under = QWidget()
        self._known = QVBoxLayout(self.under)
        self._known.setContentsMargins(0, 0, 0, 0)
        self._scroll.column.setSpacing(16)
        self._scroll.column.addLayout(self._both)
        self._scroll.column.addWidget(self.under)
        self._scroll.column.addStretch(1)

    def _typing(self) -> QWidget:
        """What becomes of a figure that is typed."""
        self._mode_row = QWidget()
        self._mode_note = wrap_label("", "note", "ink2").centre("note")
        row = QHBoxLayout(self._mode_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.mode)
        row.addWidget(self._mode_note, 1)
        return self._mode_row

    def _join(self) -> None:
        self.choosers.changed.connect(self._later.start)
        self.choosers.file_asked.connect(self._use_file)
        self.choosers.shipped_asked.connect(self._use_shipped)
        self.choosers.paper_asked.connect(self._print)
        self.side.pressed.connect(self._to_row)
        self.mode.changed.connect(lambda _mode: self._later.start())

    # --- the frame

    def header_actions(self) -> list[QWidget]:
        """The way back to 支援."""
        back = Button("支援へもどる", "quiet", "arrow-left", name="locaben.back")
        back.clicked.connect(lambda _=False: self.window_.show_page("grants"))
        return [back]

    def columns(self) -> Sequence[QWidget]:
        """F6 walks through the sheet, the chart, and the figures that were used."""
        return [self.left, self.side, self.under]

    def first_focus(self) -> QWidget | None:
        """The first figure that is missing, else the fiscal year."""
        lines = [line for line in self._lines if line.figure.missing]
        return lines[0].field if lines else self.choosers.period

    def targets(self) -> Sequence[Target]:
        """The figures, for Ctrl+K."""
        return [
            Target(line.figure.label, "財務の健康診断", line.field.setFocus) for line in self._lines
        ]

    def fold(self, width: int) -> None:
        """Below 1120 the chart stands under the table."""
        look = current()
        narrow = width < look.grown(int(look.tokens["breakpoint"]["medium"]))
        way = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        self._both.setDirection(way)
        self._both.setAlignment(
            self.side, Qt.AlignmentFlag(0) if narrow else Qt.AlignmentFlag.AlignTop
        )
        self.side.setMinimumWidth(0 if narrow else look.grown(_SIDE))
        self.side.setMaximumWidth(16_777_215 if narrow else look.grown(_SIDE))

    def refresh(self) -> None:
        """The years that are known, and the sheet of the one chosen."""
        self.choosers.show_periods(self._bench.periods(), self._asked or self._bench.latest())
        self._show()

    # --- showing

    def _show(self) -> None:
        self._later.stop()
        focused = QApplication.focusWidget()
        name = focused.objectName() if focused is not None and self.isAncestorOf(focused) else ""
        _clear(self._bands)
        _clear(self._rows)
        _clear(self._known)
        self._lines = []
        choice = self.choosers.choice()
        self.side.setVisible(bool(choice.period))
        self._mode_row.setVisible(bool(choice.period))
        self._mode_note.set_text(TRY if self._trying() else KEEP)
        if not choice.period:
            _put(self._rows, _nothing())
            return
        try:
            sheet = self._sheet = self._bench.sheet(choice)
        except Known as fault:
            self._say("danger", fault.sentence)
            return
        self.choosers.show_sheet(sheet, own_values=self._bench.own_values())
        figures = self._bench.figures(sheet)
        missing = [f for f in figures if f.missing]
        if self._bench.tried():
            _put(self._bands,
                Band(
                    "info", f"この表だけの数字が {self._bench.tried()}つあります。",
                    "会社の数字は変わっていません。", [("試しをやめる", self._forget)],
                    name="locaben.tried",
                )
            )  # fmt: skip
        known = [f for f in figures if not f.missing]
        if missing:
            _put(self._rows, self._figures("足りない数字", missing))
        _put(self._rows, self._indicators(sheet, {f.path: f for f in figures}))
        if known:
            _put(self._known, self._figures("計算に使った数字", known))
        self.side.show_sheet(sheet)
        if name:
            self._give_back(name, missing)

    def _figures(self, title: str, figures: Sequence[Figure]) -> Card:
        card = Card(title, f"{len(figures)}つ")
        for figure in figures:
            line = FigureLine(figure)
            line.committed.connect(self._commit)
            self._lines.append(line)
            card.add_row(line)
        return card

    def _indicators(self, sheet: Benchmark, known: Mapping[str, Figure]) -> Card:
        card = Card("6つの指標", name="locaben.indicators")
        card.add_row(IndicatorHead())
        for row in sheet.rows:
            asked = [
                f"{known[gap].label}({year_text(known[gap].year)})"
                for gap in row.gaps
                if gap in known
            ]
            card.add_row(IndicatorLine(row, asked))
        return card

    def _give_back(self, name: str, missing: Sequence[Figure]) -> None:
        """The keyboard goes where it was; from a figure just told, to the next one missing."""
        told = name.removeprefix("locaben.figure.")
        if told == name:
            return  # it was in a part that stays
        wanted = told if not missing or told in {f.path for f in missing} else missing[0].path
        line = next((line for line in self._lines if line.figure.path == wanted), None)
        if line is not None:
            line.field.setFocus(Qt.FocusReason.TabFocusReason)

    def _trying(self) -> bool:
        return self.mode.chosen() == "try"

    def _to_row(self, key: str) -> None:
        line = self.left.findChild(IndicatorLine, f"locaben.row.{key}")
        if line is not None:
            self._scroll.ensureWidgetVisible(line, 0, 24)

    # --- what is asked for

    def _commit(self, path: str, text: str) -> None:
        line = next((ln for ln in self._lines if ln.figure.path == path), None)
        if line is None:
            return
        try:
            if self._trying() or (line.figure.tried and not text):
                self._bench.try_out(path, text)
            elif text:
                self._bench.state(path, text)
            else:  # a figure of the company is not taken away here
                line.field.show_text(line.figure.text)
                return
        except Known as fault:
            line.tell(fault.sentence)
            return
        self.window_.update_status()
        self._later.start()

    def _forget(self) -> None:
        self._bench.forget_tried()
        self._later.start()

    def _use_file(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self, "基準値のファイル", "", "ロカベンの Excel・CSV (*.xlsm *.xlsx *.csv)"
        )
        if not path:
            return

        def done(_none: None) -> None:
            self._show()
            self.window_.say("基準値を入れかえました。")

        def failed(fault: Exception) -> None:
            if not isinstance(fault, Known):
                raise fault
            _clear(self._bands)
            self._say("danger", fault.sentence, "いままでの基準値のまま比べています。")

        run(lambda: self._bench.use_file(Path(path)), done, failed, self)

    def _use_shipped(self) -> None:
        self._bench.use_shipped()
        self._show()
        self.window_.say("はじめの基準値にもどしました。")

    def _print(self) -> None:
        if self._sheet is None:
            return
        path, _ = QFileDialog.getSaveFileName(
            self, "PDF にする", "ローカルベンチマーク.pdf", "PDF (*.pdf)"
        )
        if not path:
            return
        content = self._bench.pdf(self._sheet, self.desk.card.name, practice=self.desk.practice)
        try:
            Path(path).write_bytes(content)
        except OSError:
            self._say("danger", "PDF を書けません。場所を確かめてください。")
            return
        self.window_.say("PDF にしました。")

    def _say(self, kind: str, sentence: str, note: str = "") -> None:
        _put(self._bands, Band(kind, sentence, note, name="locaben.band"))


def _nothing() -> EmptyState:
    return EmptyState(
        "landmark", "決算期がまだ決まりません",
        "上の「ほかの決算期」に、決算の年月を入れてください。", name="locaben.empty",
    )  # fmt: skip


def _put(layout: QVBoxLayout, part: QWidget) -> None:
    """Adds a part that is there at once: a layout shows it a moment later, too late for the keyboard."""
    layout.addWidget(part)
    part.show()


def _clear(layout: QVBoxLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        if (old := item.widget()) is not None:
            old.hide()
            old.deleteLater()  # not at once: it may be one of its fields that asks for this
