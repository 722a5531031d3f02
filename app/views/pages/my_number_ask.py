"""個人番号, asked for just before a filing is sealed: one person at a time, or from a file.

What is typed leaves the field at once and is held in memory only (MyNumbers); it is never shown again.
Whoever opens this takes the numbers by `take` when `given` comes, and they are gone from here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.errors import BadInput, Known
from app.domain.my_number import LENGTH, check_digit
from app.services.my_number import MyNumbers
from app.services.social.numbers_asked import Asked, FileRead
from app.views.background import run
from app.views.models.number_list import GIVEN, LEFT, SKIPPED, NumberList
from app.views.pages.outbox_column import ScrollColumn
from app.views.theme import current
from app.views.widgets.band import Band
from app.views.widgets.button import Button
from app.views.widgets.card import Card
from app.views.widgets.figure_delegate import Table
from app.views.widgets.lines import label, wrap_label
from app.views.widgets.number_field import NumberField

KEPT = (
    "個人番号は、この届に書いて出すためだけに使います。\n"
    "封の中に別の鍵で入れ、手続が終わると、その鍵を捨てます。"
    "会社の事実・下書き・履歴・検索・証明・控えには入りません。そこに残るのは、伏せた写しだけです。"
)
PRACTICE = "練習です。ほんものの個人番号は入れないでください。"
MOST_BYTES = 60_000_000
_LIST = 400
_BAD_SHOWN = 5

Read = Callable[[bytes, Sequence[Asked], MyNumbers], FileRead]


class MyNumberAsk(QWidget):
    """The people on the left, the one number that is typed on the right. Fill it with `ask`."""

    given = Signal()
    left = Signal()

    def __init__(
        self, read: Read, *, practice: bool, go: str = "封をして送る", parent: QWidget | None = None
    ) -> None:
        """`read` takes the numbers out of a file's bytes (numbers_asked.read_numbers)."""
        super().__init__(parent)
        self.setObjectName("my_number")
        self._read, self._practice, self._go = read, practice, go
        self._numbers = MyNumbers()
        self.model = NumberList()
        self.table = Table(name="my_number.people", spoken="個人番号の要る人")
        self.table.setModel(self.model)
        self.table.horizontalHeader().setStretchLastSection(True)
        self.name = label("", "heading", "ink", name="my_number.name")
        self.sentence = wrap_label("", "label", "ink2")
        self.field = NumberField(name="my_number.field", spoken="個人番号")
        self.told = wrap_label("", "note", "ink2")
        self.told.setObjectName("my_number.told")
        self.take_button = Button("入れる", name="my_number.take")
        self.skip = Button("基礎年金番号で出す", "quiet", name="my_number.skip")
        self.undo = Button("取り消す", "quiet", "undo", name="my_number.undo")
        self.file = Button("ファイルから読む", "small", "file-text", name="my_number.file")
        self.skip_all = Button("残りは基礎年金番号で出す", "small", name="my_number.skip_all")
        self.go = Button(go, "primary", name="my_number.go")
        self.no = Button("やめる", name="my_number.no")
        self._lay()
        self._join()

    def _lay(self) -> None:
        look = current()
        people = Card("個人番号の要る人", name="my_number.list")
        people.rows.addWidget(self.table, 1)
        for column, width in enumerate((190, 90)):
            self.table.setColumnWidth(column, look.grown(width))
        people.setMinimumWidth(look.grown(_LIST))
        self.people = people
        self.side = side = ScrollColumn((16, 0, 0, 8))
        side.setAccessibleName("個人番号を入れる")
        self._side = side.column
        self._side.setSpacing(12)
        self._bands = QVBoxLayout()
        self._bands.setSpacing(8)
        self._side.addLayout(self._bands)
        one = Card(name="my_number.one")
        one.body.setSpacing(8)
        for part in (self.name, self.sentence, self.field, self.told):
            one.body.addWidget(part)
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in (self.take_button, self.skip, self.undo):
            row.addWidget(button)
        row.addStretch(1)
        one.body.addLayout(row)
        self._side.addWidget(one)
        more = Card(name="my_number.more")
        note = (
            "個人番号と、氏名・フリガナ・整理番号のどれかの列がある CSV か Excel(.xlsx)です。"
            "読むだけで、写しは残しません。もとのファイルは、用がすんだら消してください。"
        )
        more.body.setSpacing(8)
        more.body.addWidget(wrap_label(note, "label", "ink2"))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.file)
        row.addWidget(self.skip_all)
        row.addStretch(1)
        more.body.addLayout(row)
        self._side.addWidget(more)
        kept = Card(name="my_number.kept")
        kept.body.addWidget(wrap_label(KEPT, "label", "ink2"))
        self._side.addWidget(kept)
        self._side.addStretch(1)
        columns = QHBoxLayout()
        columns.setSpacing(0)
        columns.addWidget(people, 1)
        columns.addWidget(side, 1)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addStretch(1)
        foot.addWidget(self.no)
        foot.addWidget(self.go)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(24, 4, 24, 20)
        whole.setSpacing(12)
        whole.addLayout(columns, 1)
        whole.addLayout(foot)

    def _join(self) -> None:
        self.table.selectionModel().currentRowChanged.connect(
            lambda now, _old: self._show(now.row())
        )
        self.table.activated.connect(lambda _index: self.field.setFocus())
        self.field.returnPressed.connect(self._take)
        self.field.textEdited.connect(lambda _text: self._count())
        self.take_button.clicked.connect(lambda _=False: self._take())
        self.skip.clicked.connect(lambda _=False: self._settle(SKIPPED))
        self.undo.clicked.connect(lambda _=False: self._undo())
        self.file.clicked.connect(lambda _=False: self._choose())
        self.go.clicked.connect(lambda _=False: self.finish())
        self.skip_all.clicked.connect(lambda _=False: self._skip_all())
        self.no.clicked.connect(lambda _=False: self._leave())

    # --- what is asked, and what comes of it

    def ask(self, asked: Sequence[Asked]) -> None:
        """Asks for these people's numbers; whatever was typed before is wiped."""
        self._wipe()
        self._clear_bands()
        if self._practice:
            actions = [("練習用の番号を入れる", self._invent)]
            band = Band("warn", PRACTICE, "", actions, name="my_number.practice")
            self._bands.addWidget(band)
        self.model.show(asked)
        self._at(0)
        self._renew()

    def take(self) -> MyNumbers:
        """Hands the numbers over; whoever takes them wipes them. Here none is left."""
        numbers, self._numbers = self._numbers, MyNumbers()
        self.field.wipe()
        return numbers

    def first_focus(self) -> QWidget:
        """Where one types."""
        return self.field

    def columns(self) -> list[QWidget]:
        """The people and the one number, for F6."""
        return [self.people, self.side]

    def _wipe(self) -> None:
        self._numbers.wipe()
        self.field.wipe()

    def hideEvent(self, event: QHideEvent) -> None:
        """What stands in the field does not wait there unseen."""
        super().hideEvent(event)
        self.field.wipe()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves as 「やめる」 does."""
        if event.key() == Qt.Key.Key_Escape:
            self._leave()
            return
        super().keyPressEvent(event)

    # --- one person

    @property
    def _row(self) -> int:
        return self.table.currentIndex().row()

    def _at(self, row: int) -> None:
        if not 0 <= row < self.model.rowCount():
            return
        index = self.model.index(row, 0)
        flags = QItemSelectionModel.SelectionFlag
        self.table.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
        self.table.scrollTo(index)
        self._show(row)

    def _show(self, row: int) -> None:
        self.field.wipe()
        if not 0 <= row < self.model.rowCount():
            return
        one, state = self.model.asked[row], self.model.state(row)
        self.name.setText(f"{one.name or '氏名はまだ'}さん({one.who})")
        self.sentence.set_text(f"{one.sentence}{one.skipping}")
        self.field.setAccessibleName(f"{one.name}さんの個人番号")
        self.skip.setVisible(one.may_skip and state != SKIPPED)
        self.undo.setVisible(state != LEFT)
        self._tell({
            LEFT: "12桁の数字です。", GIVEN: "入れました。入れ直すこともできます。",
            SKIPPED: "基礎年金番号で出します。",
        }[state])  # fmt: skip

    def _count(self) -> None:
        count = self.field.count()
        self._tell(f"いま {count}桁です。" if count != LENGTH else "12桁あります。")

    def _tell(self, sentence: str, *, wrong: bool = False) -> None:
        self.told.set_text(sentence)
        self.told.setProperty("ink", "danger" if wrong else "ink2")
        self.told.style().unpolish(self.told)
        self.told.style().polish(self.told)
        self.field.set_state("error" if wrong else "")

    def _take(self) -> None:
        row = self._row
        if row < 0:
            return
        try:
            self._numbers.put(self.model.asked[row].key, self.field.text())
        except BadInput as wrong:
            self._tell(wrong.sentence, wrong=True)
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._settle(GIVEN)

    def _settle(self, state: str) -> None:
        row = self._row
        if state == SKIPPED:
            self._numbers.drop(self.model.asked[row].key)
        self.model.set_state(row, state)
        after = self.model.next_left(row)
        self._at(row if after < 0 else after)
        self._renew()
        last = self.go if after < 0 else self.field
        last.setFocus(Qt.FocusReason.OtherFocusReason)

    def _skip_all(self) -> None:
        for row, one in enumerate(self.model.asked):
            if one.may_skip and self.model.state(row) == LEFT:
                self.model.set_state(row, SKIPPED)
        after = self.model.next_left(-1)
        self._at(max(after, 0))
        self._renew()
        last = self.go if after < 0 else self.field
        last.setFocus(Qt.FocusReason.OtherFocusReason)

    def _undo(self) -> None:
        row = self._row
        self._numbers.drop(self.model.asked[row].key)
        self.model.set_state(row, LEFT)
        self._show(row)
        self._renew()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _renew(self) -> None:
        left, count = self.model.left(), self.model.rowCount()
        self.people.set_count(f"{count - left:,} / {count:,}人")
        rows = range(count)
        may = any(self.model.asked[n].may_skip and self.model.state(n) == LEFT for n in rows)
        self.skip_all.setVisible(may)
        self.go.set_kind("dashed" if left else "primary")
        self.go.set_text(f"{self._go}(あと {left:,}人)" if left else self._go)

    def _invent(self) -> None:
        """Numbers nobody has, for practice: eleven digits of the row, and what checks them."""
        for row, one in enumerate(self.model.asked):
            if self.model.state(row) == LEFT:
                body = f"{90_000_000_000 + row:011d}"
                self._numbers.put(one.key, f"{body}{check_digit(body)}")
                self.model.set_state(row, GIVEN)
        self._at(max(self._row, 0))
        self._renew()
        self.go.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- from a file

    def _choose(self) -> None:
        dialog = QFileDialog(self, "個人番号のファイル", "", "CSV・Excel (*.csv *.xlsx *.txt)")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda path: self.read_file(Path(path)))
        dialog.open()

    def read_file(self, path: Path) -> None:
        """Reads the numbers of those asked for, off the window's thread; the file is only read."""
        asked = self.model.asked
        self.file.setEnabled(False)

        def work() -> tuple[FileRead, MyNumbers]:
            try:
                content = path.read_bytes() if path.stat().st_size <= MOST_BYTES else b""
            except OSError:
                raise Known(
                    "numbers-unread", "ファイルを読めません。場所を確かめてください。"
                ) from None
            if not content:
                raise Known("numbers-empty", "空か、大きすぎるファイルです。選び直してください。")
            numbers = MyNumbers()
            return self._read(content, asked, numbers), numbers

        run(work, lambda found: self._took(asked, *found), self._not_read, self)

    def _took(self, asked: Sequence[Asked], found: FileRead, numbers: MyNumbers) -> None:
        self.file.setEnabled(True)
        wrong = list(found.bad)
        with numbers:
            if asked is not self.model.asked:
                return
            texts = numbers.texts()
            for row, one in enumerate(asked):
                if one.key in texts:
                    try:
                        self._numbers.put(one.key, texts[one.key])
                    except BadInput as twice:
                        wrong.append(f"{one.name}さん: {twice.sentence}")
                        continue
                    self.model.set_state(row, GIVEN)
        self._tell_file(found, wrong)
        after = self.model.next_left(-1) if asked else -1
        self._at(max(after, 0))
        self._renew()
        last = self.go if after < 0 else self.field
        last.setFocus(Qt.FocusReason.OtherFocusReason)

    def _tell_file(self, found: FileRead, wrong: Sequence[str]) -> None:
        sentence = f"{found.taken:,}人分を読みました。"
        if found.others:
            sentence += f"ほかの {found.others:,}行は、この届では要らないので読んでいません。"
        rest = len(wrong) - _BAD_SHOWN
        note = "\n".join(wrong[:_BAD_SHOWN]) + (f"\nほか {rest:,}行" if rest > 0 else "")
        self._show_band(Band("warn" if wrong else "ok", sentence, note, name="my_number.read"))

    def _not_read(self, fault: Exception) -> None:
        self.file.setEnabled(True)
        if not isinstance(fault, Known):
            sentence = "一度の側でつまずきました。番号は読んでいません。"
            self._show_band(Band("danger", sentence, name="my_number.read"))
            raise fault
        self._show_band(Band("danger", fault.sentence, name="my_number.read"))

    def _show_band(self, band: Band) -> None:
        while self._bands.count() > int(self._practice):
            item = self._bands.takeAt(int(self._practice))
            if (old := item.widget() if item else None) is not None:
                old.hide()
                old.deleteLater()
        self._bands.addWidget(band)

    def _clear_bands(self) -> None:
        while (item := self._bands.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()

    # --- the end

    def finish(self) -> None:
        """Goes on when nobody is left; otherwise to the first who is."""
        if self.model.left():
            self._at(self.model.next_left(-1))
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.given.emit()

    def _leave(self) -> None:
        self._wipe()
        self.left.emit()
