"""手渡し in 送信箱: files written out, the 到達番号 typed afterwards, documents brought in, or taken back."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.services.hand_state import HandState
from app.views.theme import current
from app.views.widgets.button import Button
from app.views.widgets.field import DateField, TextField
from app.views.widgets.lines import label, wrap_label


class HandCard(QFrame):
    """What may be done about a filing that a person files. Nothing is done here; signals carry it."""

    write_asked = Signal()
    number_given = Signal(str, str, str)
    take_in_asked = Signal()
    finish_asked = Signal()
    back_asked = Signal()

    def __init__(self, state: HandState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "card")
        self.setObjectName("outbox.hand")
        self.problem = wrap_label("", "note", "danger")
        self.problem.setObjectName("outbox.hand.problem")
        self.problem.hide()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(16, 12, 16, 12)
        self._column.setSpacing(8)
        if state.needs_number:
            self._ask_number()
        elif state.can_write:
            self._ask_write()
        else:
            self._ask_documents(state)
        self._column.addWidget(self.problem)
        if state.can_write:
            self._column.addWidget(self._way_back(state))

    def complain(self, sentence: str) -> None:
        """Says in place why nothing came of it; what was typed stays."""
        self.problem.set_text(sentence)
        self.problem.show()
        if hasattr(self, "number"):
            self.number.set_state("error")
            self.number.setFocus(Qt.FocusReason.OtherFocusReason)

    def _ask_write(self) -> None:
        self._head(
            "ファイルを書き出す",
            "出すファイルと手順の紙を、選んだ場所に新しいフォルダーで置きます。個人の情報が入るので、"
            "人に見られない場所を選んでください。",
        )
        write = Button("ファイルを書き出す", icon="download", name="outbox.hand.write")
        write.clicked.connect(self.write_asked)
        self._column.addWidget(write, 0, Qt.AlignmentFlag.AlignLeft)

    def _ask_number(self) -> None:
        self._head(
            "到達番号を入れる",
            "届書作成プログラムや e-Gov の画面に出た、16～18桁の番号です。",
        )
        self.number = TextField(name="outbox.hand.number", spoken="到達番号")
        self.day = DateField("", name="outbox.hand.day", spoken="到達した日")
        self.time = TextField(name="outbox.hand.time", spoken="到達した時刻、10:23 のように")
        for line in (self.number, self.time):
            line.setMaximumWidth(current().grown(280))
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        for row, (words, place) in enumerate(
            (("到達番号", self.number), ("到達した日", self.day), ("到達した時刻", self.time))
        ):
            grid.addWidget(label(words, "label", "ink2"), row, 0)
            grid.addWidget(place, row, 1)
        grid.setColumnStretch(1, 1)
        self._column.addLayout(grid)
        self._column.addWidget(
            wrap_label(
                "時刻は 10:23 のように入れます。日と時刻が空なら、いまの日時を書きとめます。",
                "note",
                "ink2",
            )
        )
        go = Button("到達番号を書きとめる", icon="stamp", name="outbox.hand.number.go")
        go.clicked.connect(self._give)
        self.number.returnPressed.connect(self._give)
        self._column.addWidget(go, 0, Qt.AlignmentFlag.AlignLeft)

    def _give(self) -> None:
        self.number_given.emit(self.number.text(), self.day.text(), self.time.text())

    def _ask_documents(self, state: HandState) -> None:
        self._head(
            "届いた書類を入れる",
            "e-Gov から取り出した ZIP、PDF、XML を入れると、書類庫に残り、決まったことが会社の事実になります。",
        )
        row = QHBoxLayout()
        row.setSpacing(8)
        take = Button("書類をえらぶ", "small", "paperclip", name="outbox.hand.documents")
        take.clicked.connect(self.take_in_asked)
        row.addWidget(take)
        if state.can_finish:
            over = Button("手続が終わった", "quiet", small=True, name="outbox.hand.finish")
            over.clicked.connect(self.finish_asked)
            row.addWidget(over)
        row.addStretch(1)
        self._column.addLayout(row)

    def _head(self, words: str, note: str) -> None:
        self._column.addWidget(label(words, "heading", "ink"))
        self._column.addWidget(wrap_label(note, "label", "ink2"))

    def _way_back(self, state: HandState) -> QWidget:
        """Files again, and taking back, which is asked once more before it is done."""
        part = QWidget()
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        row = QHBoxLayout()
        row.setSpacing(8)
        if state.needs_number:
            again = Button("もう一度書き出す", "quiet", small=True, name="outbox.hand.again")
            again.clicked.connect(self.write_asked)
            row.addWidget(again)
        self.back = Button("手渡しを取り消す", "quiet", small=True, name="outbox.hand.back")
        row.addWidget(self.back)
        row.addStretch(1)
        column.addLayout(row)
        sure = QWidget()
        inside = QVBoxLayout(sure)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(8)
        inside.addWidget(
            wrap_label(
                "まだ出していないことを、確かめましたか。出したあとに取り消すと、同じ届を二度出すことになります。",
                "label",
                "danger",
            )
        )
        answers = QHBoxLayout()
        answers.setSpacing(8)
        yes = Button("出していない。取り消す", "small", name="outbox.hand.back.go")
        no = Button("取り消さない", "quiet", small=True, name="outbox.hand.back.no")
        yes.clicked.connect(self.back_asked)
        no.clicked.connect(lambda: self._sure(sure, shown=False))
        self.back.clicked.connect(lambda: self._sure(sure, shown=True))
        for button in (yes, no):
            answers.addWidget(button)
        answers.addStretch(1)
        inside.addLayout(answers)
        sure.hide()
        column.addWidget(sure)
        return part

    def _sure(self, question: QWidget, *, shown: bool) -> None:
        question.setVisible(shown)
        self.back.setVisible(not shown)
        if not shown:
            self.back.setFocus(Qt.FocusReason.OtherFocusReason)
