"""What leaves, to whom, and as whom: the card that is read before 送る is pressed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from app.domain.filing import Capacity
from app.views.pages.cases import cases_of, how
from app.views.theme import current
from app.views.widgets.card import Card
from app.views.widgets.chip import Chip
from app.views.widgets.field import SelectField
from app.views.widgets.lines import WrapLabel, label, wrap_label
from app.views.widgets.plate import SealPlate

if TYPE_CHECKING:
    from app.forms.payload import Attachment
    from app.views.pages.review_files import AnswerFiles

_MESSAGE_HIGH = 64


class LeavingCard(Card):
    """Company with plate and number, one sentence about what leaves, the door, account, capacity.

    With `amends` (the filing a 補正 is answered for) it says how, and takes the 通信欄 and, unless
    they are taken elsewhere, the `files` that go along.
    """

    def __init__(
        self, desk: Any, parent: QWidget | None = None, *, amends: str = "", signs: bool = False,
        files: bool = True,
    ) -> None:  # fmt: skip
        super().__init__(name="review.leaving", parent=parent)
        self._desk, self._amends, self._signs = desk, amends, signs
        self._signer: SelectField | None = None
        self._kept: tuple[str, ...] = ()
        card = desk.card
        company = QHBoxLayout()
        company.setSpacing(12)
        company.addWidget(SealPlate(card.kanji, card.plate, 40))
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(wrap_label(card.name, "heading", "ink"))
        names.addWidget(label(f"法人番号 {card.corporate_number}", "note", "ink2"))
        company.addLayout(names, 1)
        if desk.practice:
            company.addWidget(Chip("練習", "warn", "outline", name="review.practice"))
        self.body.addLayout(company)
        self.sentence = wrap_label("", "body", "ink", bold=True)
        self.body.addWidget(self.sentence)
        self._lines: dict[str, WrapLabel] = {}
        lines = [("door", "送り先"), ("account", "だれの名で"), ("capacity", "立場")]
        if amends:
            lines.append(("amends", "答え方"))
        for key, name in lines:
            self.body.addLayout(self._line(key, name))
        self._signing = QHBoxLayout()
        self._signing.setSpacing(8)
        self.body.addLayout(self._signing)
        self._message: QPlainTextEdit | None = self._take_message() if amends else None
        self.files: AnswerFiles | None = self._take_files() if amends and files else None

    def show_review(self, review: Any) -> None:
        """Show what `Desk.review` says."""
        self.sentence.set_text(leaving_sentence(review) if review is not None else "")
        texts = {
            "door": str(getattr(review, "door_sentence", "") or ""),
            "account": str(getattr(review, "account", "") or ""),
            "capacity": self._capacity(review),
        }
        if self._amends:
            texts["amends"] = self._how()
        for key, text in texts.items():
            self._lines[key].set_text(text or "まだ決まっていません。")
        if self._signs:
            self._offer_certificates()

    def message(self) -> str:
        """The 通信欄; "" where there is none."""
        return self._message.toPlainText().strip() if self._message is not None else ""

    def attachments(self) -> tuple[Attachment, ...]:
        """The files that go along with an answer."""
        return self.files.attachments() if self.files is not None else ()

    def certificate(self) -> str:
        """The kept certificate it is signed with; "" where it is not signed."""
        return self._signer.value() if self._signer is not None else ""

    def _offer_certificates(self) -> None:
        """The certificates that hold today, none chosen; asked anew when there are others."""
        standing = getattr(self._desk, "standing", None)
        kept = [c for c in standing.certificates.list() if c.in_date] if standing else []
        ids = tuple(c.id for c in kept)
        if ids == self._kept:
            return
        self._kept, self._signer = ids, None
        while (item := self._signing.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        if not kept:
            return
        names = [(c.id, f"{c.identity.owner}の証明書で署名する") for c in kept]
        self._signer = SelectField(names, name="review.certificate", spoken="電子署名の証明書")
        self._signer.setItemText(0, "署名しない")
        self._signing.addWidget(_head("電子署名"))
        self._signing.addWidget(self._signer, 1)

    def _capacity(self, review: Any) -> str:
        """The capacity, and for 提出代行 the office that files and what it sends along."""
        capacity = getattr(review, "capacity", "") or ""
        standing = getattr(self._desk, "standing", None)
        agent = standing.agent() if standing is not None else None
        if capacity != Capacity.TEISHUTSU_DAIKO or agent is None:
            return str(capacity)
        return f"{capacity}({agent.office})。提出代行証明書を添えます。"

    def _how(self) -> str:
        cases = cases_of(self._desk)
        wanted = cases.correction(self._amends) if cases is not None else None
        if wanted is None:
            return "いま答える補正はありません。"
        return f"{how(wanted)}元の届の到達番号 {wanted.first_number}"

    def _take_message(self) -> QPlainTextEdit:
        message = QPlainTextEdit()
        message.setObjectName("review.message")
        message.setAccessibleName("役所へのひとこと(通信欄)")
        message.setPlaceholderText("役所へのひとこと(書かなくてもかまいません)")
        message.setProperty("field", "true")
        message.setProperty("state", "")
        message.setTabChangesFocus(True)
        message.setFixedHeight(current().grown(_MESSAGE_HIGH))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(_head("通信欄"), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(message, 1)
        self.body.addLayout(row)
        return message

    def _take_files(self) -> AnswerFiles:
        from app.views.pages.review_files import AnswerFiles

        files = AnswerFiles()
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(_head("添える書類"), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(files, 1)
        self.body.addLayout(row)
        return files

    def _line(self, key: str, name: str) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        self._lines[key] = wrap_label("", "label", "ink")
        row.addWidget(_head(name), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._lines[key], 1, Qt.AlignmentFlag.AlignTop)
        return row


def _head(name: str) -> WrapLabel:
    """The word before a line, as wide as the others."""
    head = wrap_label(name, "label", "ink2")
    head.setFixedWidth(current().grown(88))
    return head


def leaving_sentence(review: Any) -> str:
    """〈何〉が〈相手〉に出ます。"""
    leaving = review.leaving
    if isinstance(leaving, str):
        return leaving
    return "、".join(str(x) for x in leaving)
