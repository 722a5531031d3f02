"""The parts of ローカルベンチマーク: a row for each indicator, dots for its score, a field for each figure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.services.grants.benchmark import Figure, year_text
from app.services.grants.locaben import IndicatorRow, shown
from app.services.grants.locaben_reference import Cuts
from app.views.models.radar import HIGHEST
from app.views.theme import current
from app.views.widgets.badge import OriginBadge
from app.views.widgets.chip import Chip
from app.views.widgets.field import TextField
from app.views.widgets.lines import WrapLabel, label, wrap_label
from app.views.widgets.painting import smooth
from app.views.widgets.radar import Spoke

_Index = QModelIndex | QPersistentModelIndex
VALUE, MEDIAN, DOTS = 116, 116, 112
"""The widths of the columns at the right, at 100 %."""


def median_text(row: IndicatorRow) -> str:
    """The median with its unit, or that there is none."""
    return shown(row.median, row.unit) or "なし"


def score_text(row: IndicatorRow) -> str:
    """The score in words."""
    return "点数なし" if row.score is None else f"{row.score}点"


def spoke_of(row: IndicatorRow) -> Spoke:
    """The spoke of a row: its score, and the score the median would have."""
    middle = None
    if row.median is not None:
        middle = Cuts(row.median, row.cuts, row.high_is_better).score(row.median)
    spoken = "、".join(
        (row.label, row.shown or "値はまだありません", f"5点のうち{score_text(row)}",
         f"中央値 {median_text(row)}")
    )  # fmt: skip
    return Spoke(row.key, f"{row.label[:1]}{row.view}", row.score, middle, spoken)


class ScoreDots(QWidget):
    """Five dots, as many filled as there are points, and the number in words."""

    def __init__(self, score: int | None) -> None:
        super().__init__()
        self._score = score
        self._words = "点数なし" if score is None else f"{score}点"
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"5点のうち{self._words}")

    def sizeHint(self) -> QSize:
        theme = current()
        words = QFontMetrics(theme.font("note", bold=True)).horizontalAdvance("点数なし")
        dots = 0 if self._score is None else HIGHEST * 13
        return QSize(max(theme.grown(DOTS), min(dots, 70) + words), theme.grown(20))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current()
        painter = smooth(QPainter(self))
        x = 0.0
        if self._score is not None:
            middle = self.height() / 2
            for number in range(HIGHEST):
                filled = number < self._score
                painter.setPen(QPen(theme.colour("accent" if filled else "field"), 1.25))
                painter.setBrush(theme.colour("accent" if filled else "surface"))
                painter.drawEllipse(QRectF(x + 1, middle - 4.5, 9, 9))
                x += 13
            x += 5
        painter.setFont(theme.font("note", bold=True))
        painter.setPen(theme.colour("ink" if self._score is not None else "ink2"))
        rect = QRectF(x, 0, self.width() - x, self.height())
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, self._words)
        painter.end()


def _column(width: int, *parts: QWidget) -> QWidget:
    holder = QWidget()
    holder.setFixedWidth(current().grown(width))
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(4)
    for part in parts:
        column.addWidget(part)
    column.addStretch(1)
    return holder


class IndicatorHead(QWidget):
    """The heads of the columns."""

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(19, 6, 16, 6)
        row.setSpacing(12)
        row.addWidget(label("指標と式", "note", "ink2"), 1)
        for width, word in ((VALUE, "この会社"), (MEDIAN, "業種の中央値"), (DOTS, "点数")):
            row.addWidget(_column(width, label(word, "note", "ink2")))


class IndicatorLine(QWidget):
    """One indicator: name, formula, the formula with its figures, value, median and score."""

    def __init__(self, row: IndicatorRow, asked: Sequence[str]) -> None:
        super().__init__()
        self.setObjectName(f"locaben.row.{row.key}")
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(wrap_label(f"{row.label}　{row.view}", "heading", "ink"))
        words.addWidget(wrap_label(_by_sign(row.formula), "note", "ink2"))
        if row.worked:
            words.addWidget(wrap_label(_by_sign(f"＝ {row.worked}"), "note", "ink2"))
        note = f"{row.note}\u200b足りないもの: {'、'.join(asked)}" if asked else row.note
        if note:
            words.addWidget(wrap_label(note, "note", "warn"))
        words.addStretch(1)
        value: list[QWidget] = [wrap_label(row.shown or "まだ出ません", "heading", "ink")]
        if not row.shown:
            value = [wrap_label("まだ出ません", "label", "ink2")]
        if row.provisional:
            value.append(wrap_label("仮の値を使っています", "note", "warn"))
        better = "大きいほど良い" if row.high_is_better else "小さいほど良い"
        line = QHBoxLayout(self)
        line.setContentsMargins(19, 10, 16, 10)
        line.setSpacing(12)
        line.addLayout(words, 1)
        line.addWidget(_column(VALUE, *value))
        median = wrap_label(median_text(row), "body", "ink")
        line.addWidget(_column(MEDIAN, median, wrap_label(better, "note", "ink2")))
        line.addWidget(_column(DOTS, ScoreDots(row.score)))
        spoken = (row.label, f"式 {row.formula}", row.shown or "まだ出ません",
                  f"中央値 {median_text(row)}", score_text(row), note)  # fmt: skip
        self.setAccessibleName("、".join(part for part in spoken if part))


def _by_sign(formula: str) -> str:
    """The formula with places to break it: before a sign, which stays with what follows it."""
    for sign in "÷×＋－":
        formula = formula.replace(f" {sign} ", f" \u200b{sign}\u00a0")
    return formula.replace("）×", "）\u200b×").replace("）÷", "）\u200b÷").replace("× ", "×\u00a0")


class FigureLine(QWidget):
    """One figure of the accounts with its field. `committed` carries path and text, when changed."""

    committed = Signal(str, str)

    def __init__(self, figure: Figure) -> None:
        super().__init__()
        self.figure = figure
        name = f"{figure.label} {year_text(figure.year)}"
        self.field = TextField(
            figure.text, name=f"locaben.figure.{figure.path}", spoken=f"{name} {figure.unit}"
        )
        self.field.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.field.setMaximumWidth(current().grown(180))
        self.field.setMinimumWidth(current().grown(120))
        self.field.setToolTip(figure.source)
        self.field.editingFinished.connect(self._finished)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(wrap_label(name, "body", "ink"))
        where = f"{figure.where}にあります。" if figure.where else ""
        told = figure.source or (where if figure.missing else "")
        if told:
            words.addWidget(wrap_label(told, "note", "ink2"))
        self.fault: WrapLabel = wrap_label("", "note", "danger")
        self.fault.hide()
        words.addWidget(self.fault)
        row = QHBoxLayout(self)
        row.setContentsMargins(19, 6, 16, 6)
        row.setSpacing(12)
        row.addLayout(words, 1)
        row.addWidget(self.field, 0, Qt.AlignmentFlag.AlignTop)
        unit = label(figure.unit, "label", "ink2")
        unit.setFixedHeight(current().size("field"))
        row.addWidget(unit, 0, Qt.AlignmentFlag.AlignTop)
        badge: QWidget = OriginBadge(figure.origin or ("derived" if figure.text else None))
        if figure.tried:
            badge = Chip("この表だけ", "info", "dashed")
        holder = _column(104, badge)
        holder.setContentsMargins(0, 6, 0, 0)
        row.addWidget(holder, 0, Qt.AlignmentFlag.AlignTop)

    def tell(self, sentence: str) -> None:
        """A sentence under the name: why the text cannot be taken."""
        self.field.set_state("error" if sentence else "")
        self.fault.set_text(sentence)
        self.fault.setVisible(bool(sentence))
        self.field.setAccessibleDescription(sentence)

    def _finished(self) -> None:
        if self.field.text().strip() != self.figure.text:
            self.committed.emit(self.figure.path, self.field.text().strip())


class IndicatorModel(QAbstractTableModel):
    """The figures behind the chart: one row for each spoke."""

    HEADS = ("指標", "この会社", "中央値", "点数")

    def __init__(self, rows: Sequence[IndicatorRow], parent: QWidget) -> None:
        super().__init__(parent)
        self._rows = rows

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        """Six."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        """Four."""
        return 0 if parent.isValid() else len(self.HEADS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The heads."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.HEADS[section]
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The words of a cell."""
        row = self._rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return (row.label, row.shown or "まだ", median_text(row), score_text(row))[
                index.column()
            ]
        if role == Qt.ItemDataRole.AccessibleTextRole and index.column() == 0:
            return spoke_of(row).spoken
        return None
