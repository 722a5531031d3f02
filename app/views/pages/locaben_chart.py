"""The right column of ローカルベンチマーク: the grade, the radar chart, and the table behind it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QSizePolicy, QWidget

from app.services.grants.locaben import Benchmark
from app.views.pages.locaben_parts import IndicatorModel, spoke_of
from app.views.theme import current
from app.views.widgets.button import Button
from app.views.widgets.card import Card
from app.views.widgets.figure_delegate import Table
from app.views.widgets.flow import FlowLayout
from app.views.widgets.lines import label, wrap_label
from app.views.widgets.painting import pen, smooth
from app.views.widgets.radar import RadarChart


class ChartCard(Card):
    """`pressed` carries the key of the indicator whose spoke was pressed."""

    pressed = Signal(str)

    def __init__(self) -> None:
        super().__init__("総合", name="locaben.total")
        self._grade = wrap_label("", "title", "ink")
        self._why = wrap_label("", "label", "ink2")
        self.chart = RadarChart(
            name="locaben.chart",
            spoken="6つの点数のレーダーチャート。矢印キーで指標をまわり、Alt+↓ で表にします。",
        )
        self.as_table = Button("表で見る", "quiet", small=True, name="locaben.chart.table")
        self.as_table.setCheckable(True)
        self.table = Table(name="locaben.table", spoken="6つの指標の表", dense=True)
        self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.table.hide()
        self.body.addWidget(self._grade)
        self.body.addWidget(self._why)
        self.body.addWidget(self.chart)
        foot = QWidget()
        foot_row = FlowLayout(across=16, down=4, parent=foot)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        foot.setSizePolicy(policy)
        for company, word in ((True, "この会社"), (False, "業種の中央値")):
            foot_row.addWidget(_legend(company, word))
        foot_row.addWidget(self.as_table)
        self.body.addWidget(foot)
        self.body.addWidget(self.table)
        self.add_stretch()
        self.chart.pressed.connect(self.pressed)
        self.chart.table_asked.connect(self._open_table)
        self.as_table.toggled.connect(self._show_table)

    def show_sheet(self, sheet: Benchmark) -> None:
        """Another sheet; the grade stands only where all six have a score."""
        scored = sum(row.score is not None for row in sheet.rows)
        if sheet.grade is not None and sheet.total is not None:
            self._grade.set_text(f"{sheet.grade}　{sheet.total}点(30点のうち)")
            self._why.set_text(
                "24点から\u00a0A ・ \u200b18点から\u00a0B ・ \u200b12点から\u00a0C ・ \u200bその下は\u00a0D"
            )
        else:
            self._grade.set_text("まだ付けません")
            self._why.set_text(f"6つの点数がそろうと付きます。いまは {scored}つです。")
        self.chart.show_spokes([spoke_of(row) for row in sheet.rows])
        self.table.setModel(IndicatorModel(sheet.rows, self))
        self._share()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share()

    def _open_table(self) -> None:
        self.as_table.setChecked(True)
        self.table.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.table.setCurrentIndex(self.table.model().index(0, 0))

    def _show_table(self, shown: bool) -> None:
        self.table.setVisible(shown)
        self.as_table.set_text("表を閉じる" if shown else "表で見る")
        self._share()

    def _share(self) -> None:
        if self.table.model() is None:
            return
        width = max(280, self.width() - 40)
        for column, share in enumerate((0.37, 0.23, 0.23, 0.17)):
            self.table.setColumnWidth(column, int(width * share))
        self.table.wrap_rows()
        self.table.fit_height()


class _Mark(QWidget):
    def __init__(self, company: bool) -> None:
        super().__init__()
        self._company = company
        self.setFixedSize(28, 16)

    def sizeHint(self) -> QSize:
        return QSize(28, 16)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current()
        painter = smooth(QPainter(self))
        ink = theme.colour("accent" if self._company else "ink2")
        line = Qt.PenStyle.SolidLine if self._company else Qt.PenStyle.DashLine
        painter.setPen(pen(ink, 2 if self._company else 1.5, line))
        painter.drawLine(0, 8, 28, 8)
        painter.setPen(QPen(ink, 1.5))
        painter.setBrush(ink if self._company else theme.colour("surface"))
        box = QRectF(10, 4, 8, 8)
        if self._company:
            painter.drawEllipse(box)
        else:
            painter.drawRect(box)
        painter.end()


def _legend(company: bool, word: str) -> QWidget:
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(6)
    row.addWidget(_Mark(company))
    row.addWidget(label(word, "note", "ink2"))
    return holder
