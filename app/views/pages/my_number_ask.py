"""個人番号, asked for just before a filing is sealed: one person at a time, or from a file.

What is typed leaves the field at once and is held in memory only (MyNumbers); it is never shown again.
Whoever opens this takes the numbers by `take` when `given` comes, and they are gone from here.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.errors import BadInput
from app.domain.my_number import LENGTH, check_digit
from app.services.my_number import MyNumbers
from app.services.social.numbers_asked import Asked, FileRead
from app.views.models.number_list import GIVEN, LEFT, SKIPPED, NumberList
from app.views.pages.my_number_source import NumberSource, Read, flow_of
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
_NARROW, _ROWS, _ENDLESS = 900, 4, 16_777_215
_BAD_SHOWN = 5


class MyNumberAsk(QWidget):
    """The people on the left, the one number that is typed on the right. Fill it with `ask`."""

    given = Signal()
    left = Signal()

    def __init__(
        self,
        read: Read | None,
        *,
        practice: bool,
        go: str = "封をして送る",
        parent: QWidget | None = None,
    ) -> None:
        """`read` takes the numbers out of a file's bytes (numbers_asked.read_numbers)."""
        super().__init__(parent)
        self.setObjectName("my_number")
        self._practice, self._go = practice, go
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
        self.source = NumberSource(read, lambda: self.model.asked)
        self.source.invented.setVisible(practice)
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
        one.body.addWidget(flow_of(self.take_button, self.skip, self.undo))
        self._side.addWidget(one)
        self._side.addWidget(self.source)
        kept = Card(name="my_number.kept")
        kept.body.addWidget(wrap_label(KEPT, "label", "ink2"))
        self._side.addWidget(kept)
        self._side.addStretch(1)
        self._columns = columns = QHBoxLayout()
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

    def resizeEvent(self, event: QResizeEvent) -> None:
        """On a narrow window the people stand under the field."""
        super().resizeEvent(event)
        look = current()
        narrow, now = self.width() < look.grown(_NARROW), self._columns.indexOf(self.people) < 0
        if narrow == now:
            return
        if narrow:
            self._columns.removeWidget(self.people)
            self._side.insertWidget(2, self.people)
            rows = look.size("tableRow") * _ROWS + look.size("tableHead")
            self.table.setFixedHeight(rows)
            self.side.column.setContentsMargins(0, 0, 0, 8)
        else:
            self._side.removeWidget(self.people)
            self._columns.insertWidget(0, self.people, 1)
            self.table.setMinimumHeight(0)
            self.table.setMaximumHeight(_ENDLESS)
            self.side.column.setContentsMargins(16, 0, 0, 8)
        self.people.show()

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
        self.source.came.connect(self._took)
        self.source.failed.connect(self._not_read)
        self.go.clicked.connect(lambda _=False: self.finish())
        self.source.invented.clicked.connect(lambda _=False: self._invent())
        self.source.skip_all.clicked.connect(lambda _=False: self._skip_all())
        self.no.clicked.connect(lambda _=False: self._leave())

    # --- what is asked, and what comes of it

    def ask(self, asked: Sequence[Asked]) -> None:
        """Asks for these people's numbers; whatever was typed before is wiped."""
        self._wipe()
        self._clear_bands()
        if self._practice:
            self._bands.addWidget(Band("warn", PRACTICE, name="my_number.practice"))
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
        self.name.setText(one.title)
        self.sentence.set_text(f"{one.sentence}{one.skipping}")
        self.field.setAccessibleName(f"{one.title}の個人番号")
        self.skip.set_text(one.skip_word)
        self.skip.setVisible(one.may_skip and state != SKIPPED)
        self.undo.setVisible(state != LEFT)
        self._tell({
            LEFT: "12桁の数字です。", GIVEN: "入れました。入れ直すこともできます。",
            SKIPPED: f"{one.skip_word}ことにしました。",
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
        left = [row for row in self._left() if self.model.asked[row].may_skip]
        self.model.set_states(left, SKIPPED)
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

    def _left(self) -> list[int]:
        return [n for n in range(self.model.rowCount()) if self.model.state(n) == LEFT]

    def _renew(self) -> None:
        left, count = self.model.left(), self.model.rowCount()
        self.people.set_count(f"{count - left:,} / {count:,}人")
        may = any(self.model.asked[row].may_skip for row in self._left())
        self.source.skip_all.setVisible(may and count > 1)
        self.source.setVisible(any(not p.isHidden() for p in self.source.buttons))
        self.go.set_kind("dashed" if left else "primary")
        self.go.set_text(f"{self._go}(あと {left:,}人)" if left else self._go)

    def _invent(self) -> None:
        """Numbers nobody has, for practice: eleven digits of the row, and what checks them."""
        left = self._left()
        for row in left:
            body = f"{90_000_000_000 + row:011d}"
            self._numbers.put(self.model.asked[row].key, f"{body}{check_digit(body)}")
        self.model.set_states(left, GIVEN)
        self._at(max(self._row, 0))
        self._renew()
        self.go.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- from a file

    def _took(self, asked: Sequence[Asked], found: FileRead, numbers: MyNumbers) -> None:
        wrong = list(found.bad)
        with numbers:
            if asked is not self.model.asked:
                return
            texts, given = numbers.texts(), []
            for row, one in enumerate(asked):
                if one.key in texts:
                    try:
                        self._numbers.put(one.key, texts[one.key])
                    except BadInput as twice:
                        wrong.append(f"{one.name}さん: {twice.sentence}")
                        continue
                    given.append(row)
        self.model.set_states(given, GIVEN)
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

    def _not_read(self, sentence: str) -> None:
        self._show_band(Band("danger", sentence, name="my_number.read"))

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
