"""Steps of a new company: its number and what the register says, the passphrase; the list of steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.domain.era import wareki_text
from app.views.pages.sheet_step import Step
from app.views.pages.strength import Strength, strength
from app.views.widgets.badge import OriginBadge
from app.views.widgets.band import Band
from app.views.widgets.card import Card
from app.views.widgets.field import SecretField, TextField
from app.views.widgets.lines import dress, label, wrap_label
from app.views.widgets.ring import Ring

if TYPE_CHECKING:
    from datetime import datetime

    from app.services.connectors.houjin_bangou import RegisterEntry


class NumberStep(Step):
    """The corporate number, and the row of the register with its source and date."""

    def __init__(self, practice_hint: str) -> None:
        super().__init__(
            self.tr("法人番号を入れてください"),
            self.tr("13桁の数字です。国税庁の一覧に、名前と所在地をたずねます。"),
            self.tr("一覧にたずねる"),
            "create.number",
        )
        self.field = TextField("", name="create.number", spoken=self.tr("法人番号"))
        self.field.setInputMethodHints(Qt.InputMethodHint.ImhPreferNumbers)
        self.field.setMaximumWidth(320)
        self.field.returnPressed.connect(self.go_on)
        self.field.textEdited.connect(lambda _t: self.changed.emit())
        self.column.addWidget(self.field)
        if practice_hint:
            self.column.addWidget(wrap_label(practice_hint, "note", "ink2"))
        self.name_label = label(self.tr("会社の名前(あとで登記の名前に直ります)"), "label", "ink2")
        self.name = TextField("", name="create.name", spoken=self.tr("会社の名前"))
        self.name.returnPressed.connect(self.go_on)
        self.column.addWidget(self.name_label)
        self.column.addWidget(self.name)
        self.ask_name(False)
        self.found = Card(name="create.found")
        self.found.hide()
        self.column.addWidget(self.found)
        self.finish()

    def ask_name(self, asked: bool) -> None:
        """Asks for a name by hand, while the register cannot be reached."""
        self.name_label.setVisible(asked)
        self.name.setVisible(asked)

    def show_entry(self, entry: RegisterEntry | None, at: datetime) -> None:
        """Shows what the register says, each value with its origin; source and date below."""
        from app.services.connectors.houjin_bangou import ATTRIBUTION

        self.found.clear_rows()
        self.found.setVisible(entry is not None)
        if entry is None:
            self.button.set_text(self.tr("一覧にたずねる"))
            return
        grid_holder = QWidget()
        grid = QGridLayout(grid_holder)
        grid.setContentsMargins(19, 14, 12, 14)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        rows = (
            (self.tr("名称"), entry.name),
            (self.tr("フリガナ"), entry.furigana),
            (self.tr("本店の所在地"), entry.address),
            (self.tr("法人番号"), entry.corporate_number),
        )
        shown = [(name, value) for name, value in rows if value]
        for line, (name, value) in enumerate(shown):
            grid.addWidget(label(name, "label", "ink2"), line, 0, Qt.AlignmentFlag.AlignTop)
            words = wrap_label(value, "body", "ink")
            words.setObjectName(f"create.found.{line}")
            grid.addWidget(words, line, 1)
            badge = OriginBadge("register")
            badge.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            grid.addWidget(badge, line, 2, Qt.AlignmentFlag.AlignTop)
        self.found.add_row(grid_holder)
        source = self.tr("国税庁 法人番号公表サイト ・ {} {} に取り込み ・ 登記の更新 {}").format(
            wareki_text(at.date()), f"{at.hour}:{at:%M}", wareki_text(entry.update_date)
        )
        note = wrap_label(source, "note", "ink2")
        note.setContentsMargins(19, 8, 12, 8)
        note.setObjectName("create.found.source")
        self.found.add_row(note)
        if entry.notice:
            self.found.add_row(Band("warn", entry.notice, name="create.found.notice"))
        credit = wrap_label(f"{ATTRIBUTION}。", "note", "ink3")
        credit.setContentsMargins(19, 8, 12, 8)
        self.found.add_row(credit)
        self.button.set_text(self.tr("この会社にする"))

    def give_focus(self) -> None:
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)


class PassphraseStep(Step):
    """The passphrase, twice, with a word about its strength."""

    def __init__(self) -> None:
        super().__init__(
            self.tr("合言葉を決めてください"),
            self.tr(
                "会社のファイルはこの合言葉で暗号化します。\n"
                "つながりのないことばを四つならべると、覚えやすく、あてにくくなります。"
            ),
            self.tr("ファイルを作る"),
            "create.passphrase",
        )
        self.first = self._field(self.tr("合言葉"), "create.passphrase")
        meter = QHBoxLayout()
        meter.setSpacing(8)
        self.ring = Ring(0)
        self.word: QLabel = label("", "label", "ink", bold=True, name="create.strength")
        self.sentence: QLabel = label("", "note", "ink2")
        meter.addWidget(self.ring)
        meter.addWidget(self.word)
        meter.addWidget(self.sentence, 1)
        self.column.addLayout(meter)
        self.second = self._field(self.tr("もう一度"), "create.passphrase_again")
        self.first.textChanged.connect(lambda _t: self._judge())
        self.finish()
        self._judge()

    def _field(self, words: str, name: str) -> SecretField:
        self.column.addWidget(label(words, "label", "ink2"))
        field = SecretField(name=name, spoken=words)
        field.setMaximumWidth(480)
        field.textEdited.connect(lambda _t: self.changed.emit())
        field.returnPressed.connect(self.go_on)
        self.column.addWidget(field)
        return field

    def _judge(self) -> None:
        text = self.first.text()
        judged = strength(text) if text else Strength(0, "", self.tr("8字から決められます。"))
        self.ring.set(judged.level / 3)
        self.word.setText(judged.word)
        self.word.setVisible(bool(judged.word))
        self.sentence.setText(judged.sentence)
        self.first.setAccessibleDescription(f"{judged.word} {judged.sentence}".strip())

    def forget(self) -> None:
        """Empties both fields."""
        self.first.clear()
        self.second.clear()

    def give_focus(self) -> None:
        self.first.setFocus(Qt.FocusReason.OtherFocusReason)


class StepList(QWidget):
    """The three steps at the left, with rings."""

    def __init__(self, words: tuple[str, str, str]) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        self._rings: list[Ring] = []
        self._words: list[QLabel] = []
        for number, word in enumerate(words, start=1):
            row = QHBoxLayout()
            row.setSpacing(12)
            ring = Ring(0)
            text = label(f"{number} {word}", "body", "ink2")
            self._rings.append(ring)
            self._words.append(text)
            row.addWidget(ring)
            row.addWidget(text, 1)
            column.addLayout(row)
        column.addStretch(1)

    def show_step(self, number: int) -> None:
        """Marks a step (0 to 2); those before it are done."""
        for place, (ring, text) in enumerate(zip(self._rings, self._words, strict=True)):
            ring.set(1 if place < number else 0.4 if place == number else 0)
            here = place == number
            dress(text, "heading" if here else "body", "accent" if here else "ink2")
