"""取下げ: asked before it is sent, with the reason the office's form wants."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from app.views.theme import current, set_property
from app.views.widgets.button import Button
from app.views.widgets.field import SelectField
from app.views.widgets.lines import label, wrap_label

_HIGH = 84


class WithdrawCard(QWidget):
    """「取り下げる」, which opens the question. `asked` carries the reason of one press, and the kept
    certificate it is signed with ("" for none).

    `certificates` are those that hold today (id, owner); none is chosen beforehand.
    """

    asked = Signal(str, str)

    def __init__(
        self, certificates: Sequence[tuple[str, str]] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.signer: SelectField | None = None
        if certificates:
            names = [(i, f"{owner}の証明書で署名する") for i, owner in certificates]
            self.signer = SelectField(
                names, name="outbox.withdraw.certificate", spoken="電子署名の証明書"
            )
            self.signer.setItemText(0, "署名しない")
        self.open = Button("取り下げる", "small", "undo-2", name="outbox.withdraw")
        self.open.clicked.connect(self._ask)
        self.reason = QPlainTextEdit()
        self.problem = wrap_label("", "note", "danger")
        self.problem.setObjectName("outbox.withdraw.problem")
        self.problem.hide()
        self.go = Button("取下げを送る", name="outbox.withdraw.go")
        self.no = Button("取り下げない", "quiet", name="outbox.withdraw.no")
        self._card = self._question()
        self._card.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.open, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._card)
        self.go.clicked.connect(
            lambda: self.asked.emit(self.reason.toPlainText(), self.certificate())
        )
        self.no.clicked.connect(self._close)

    def certificate(self) -> str:
        """The certificate chosen; "" where it is not signed."""
        return self.signer.value() if self.signer is not None else ""

    def complain(self, sentence: str) -> None:
        """Says in place why it was not sent; the reason stays as it was typed."""
        self.problem.set_text(sentence)
        self.problem.show()
        set_property(self.reason, "state", "error")
        self.reason.setFocus(Qt.FocusReason.OtherFocusReason)

    def _question(self) -> QFrame:
        card = QFrame()
        card.setProperty("surface", "card")
        column = QVBoxLayout(card)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addWidget(label("この届を取り下げますか", "heading", "ink"))
        note = (
            "取下げの依頼が e-Gov に出ます。認めるかどうかは、役所が決めます。\n"
            "認められると、この届は出さなかったことになります。"
        )
        column.addWidget(wrap_label(note, "label", "ink2"))
        column.addWidget(label("理由(400字まで)", "label", "ink2"))
        self.reason.setObjectName("outbox.withdraw.reason")
        self.reason.setAccessibleName("取り下げる理由")
        self.reason.setProperty("field", "true")
        self.reason.setProperty("state", "")
        self.reason.setTabChangesFocus(True)
        self.reason.setFixedHeight(current().grown(_HIGH))
        column.addWidget(self.reason)
        column.addWidget(self.problem)
        if self.signer is not None:
            column.addWidget(label("電子署名", "label", "ink2"))
            column.addWidget(self.signer)
            words = "届に署名したときは、取下げにも同じ証明書で署名します。"
            column.addWidget(wrap_label(words, "note", "ink2"))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.go)
        row.addWidget(self.no)
        row.addStretch(1)
        column.addLayout(row)
        return card

    def _ask(self) -> None:
        self.open.hide()
        self._card.show()
        self.reason.setFocus(Qt.FocusReason.OtherFocusReason)

    def _close(self) -> None:
        self._card.hide()
        self.open.show()
        self.open.setFocus(Qt.FocusReason.OtherFocusReason)
