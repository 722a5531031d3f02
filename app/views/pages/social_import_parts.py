"""Parts of taking a table in: where a file is dropped, what it would come to, what it wrote."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout

from app.services.social.taken_files import TakenFile, WrittenCell
from app.services.social.taking_in import BadCell, TakenIn
from app.views.pages.social_form_parts import TableCard
from app.views.widgets.button import Button
from app.views.widgets.card import Card
from app.views.widgets.empty import EmptyState
from app.views.widgets.lines import wrap_label
from app.views.widgets.masked import ShowButton, masked


class DropCard(Card):
    """Where a file is put; the button asks for one."""

    def __init__(self) -> None:
        super().__init__(name="import.drop")
        self.choose = Button("ファイルを選ぶ", "primary", "paperclip", name="import.choose")
        line = "1行めが見出しの CSV か Excel(.xlsx)です。\u200b1人1行でも、1人1か月1行でもかまいません。"
        self.body.addWidget(
            EmptyState("download", "従業員や給与の表を、ここに置いてください", line, self.choose)
        )
        self.setMinimumHeight(180)


class SummaryCard(Card):
    """What taking in would come to, read before anything is written."""

    taken = Signal()
    left = Signal()
    settled_anew = Signal()

    def __init__(self) -> None:
        super().__init__("書く前に", name="import.summary")
        self.sentence = wrap_label("", "headline", "ink")
        self.line = wrap_label("", "label", "ink2")
        self.take = Button("取り込む", "primary", name="import.take")
        self.take.clicked.connect(lambda _=False: self.taken.emit())
        self.leave = Button("取り込まない", name="import.leave")
        self.leave.clicked.connect(lambda _=False: self.left.emit())
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        self.columns_ = Button(
            "列の行き先を直す", "quiet", "arrow-left", name="import.columns.back"
        )
        self.columns_.clicked.connect(lambda _=False: self.settled_anew.emit())
        for button in (self.take, self.leave, self.columns_):
            buttons.addWidget(button)
        buttons.addStretch(1)
        self.body.addWidget(self.sentence)
        self.body.addWidget(self.line)
        self.body.addLayout(buttons)

    def show_found(self, name: str, found: TakenIn) -> None:
        """The counts; with bad rows it says that they are not written at all."""
        self.set_count(f"{name} ・ {found.rows:,}行")
        bad = found.rows - found.good_rows
        self.sentence.set_text(
            f"新しい人 {found.new:,}人 ・ \u200b変わる人 {found.changed:,}人 ・ "
            f"\u200b同じ値 {found.same:,}か所 ・ \u200b取り込めない行 {bad:,}行"
        )
        if bad:
            self.line.set_text(
                "取り込めない行は、ひとつの欄も書きません。\u200b表を直してもう一度置くか、"
                "よい行だけを取り込めます。"
            )
        elif not found.records:
            self.line.set_text("この表に、新しいことはありません。書くものはありません。")
        else:
            self.line.set_text(f"{len(found.records):,}の事実を、表の名と行を添えて書きます。")
        word = (
            f"よい {found.good_rows:,}行だけ取り込む" if bad else f"{found.good_rows:,}行を取り込む"
        )
        self.take.set_text(word)
        self.take.setVisible(bool(found.records))


def bad_rows_card() -> TableCard:
    """The rows that cannot be taken in: row, column, reason."""
    return TableCard(
        "取り込めない行", ("行", "列", "入っていた値", "わけ"), (64, 170, 150), name="import.bad"
    )


def bad_rows(found: Sequence[BadCell], *, shown: bool) -> list[tuple[str, ...]]:
    """The rows of that card; what stood there is dots until it is asked for."""
    return [
        (f"{cell.row:,}", cell.heading, cell.text if shown else masked(cell.text), cell.sentence)
        for cell in found
    ]


def files_card() -> TableCard:
    """The tables that were taken in."""
    return TableCard(
        "取り込んだ表", ("表", "いつ", "人", "事実"), (280, 200, 240), name="import.files",
        button="この表が書いたことを見る",
    )  # fmt: skip


def file_rows(files: Sequence[TakenFile]) -> list[tuple[str, ...]]:
    """The rows of that card."""
    return [
        (
            file.name,
            moment(file.at),
            f"新しい {file.new:,}人 ・ 変わった {file.changed:,}人",
            f"{file.records:,}",
        )
        for file in files
    ]


def moment(at: datetime) -> str:
    """2026年7月3日 13:42."""
    return f"{at.year}年{at.month}月{at.day}日 {at:%H:%M}"


class WrittenCard(TableCard):
    """What one table wrote. Personal values are dots until they are asked for."""

    def __init__(self) -> None:
        super().__init__(
            "この表が書いたこと",
            ("行", "氏名", "項目", "値", "いま"),
            (64, 140, 260, 220),
            name="import.written",
        )
        self._cells: Sequence[WrittenCell] = ()
        self.show_values = ShowButton("書いた値", name="import.written.show")
        self.show_values.shown.connect(lambda _on: self._fill())
        self.head.addWidget(self.show_values)
        self.close_ = Button("とじる", "quiet", small=True, name="import.written.close")
        self.close_.clicked.connect(lambda _=False: self.hide())
        self.head.addWidget(self.close_)

    def show_cells(self, name: str, cells: Sequence[WrittenCell]) -> None:
        """The facts of a table."""
        self._cells = cells
        self._fill()
        self.show()
        self.set_count(f"{name} ・ {len(cells):,}の事実")
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _fill(self) -> None:
        shown = self.show_values.isChecked()
        rows = [
            (
                f"{c.row:,}",
                c.person,
                c.label,
                c.text if shown or not c.personal else masked(c.text),
                "使っています" if c.stands else "新しい値があります",
            )
            for c in self._cells
        ]
        place = self.table.currentIndex().row()
        self.show_rows(rows)
        if 0 <= place < len(rows):
            self.table.setCurrentIndex(self.model.index(place, 0))
