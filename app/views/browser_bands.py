"""The native bands of the browser frame: whose session it is, what this is, the steps, a question.

They stand outside the page view, so no page can cover, scroll or restyle them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QEventLoop, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from app.views import theme
from app.views.browser_address import AddressBar
from app.views.widgets.button import Button
from app.views.widgets.field import TextField
from app.views.widgets.icon_view import IconView
from app.views.widgets.lines import NoteLabel, dress, label, wrap_label
from app.views.widgets.plate import SealPlate

_BAND, _LINE, _STEPS = 56, 32, 56
_MESSAGE_LIMIT = 400


class Company(Protocol):
    """Who the session belongs to; `plate` is a colour id of tokens.json."""

    @property
    def name(self) -> str: ...
    @property
    def plate(self) -> str: ...
    @property
    def kanji(self) -> str: ...
    @property
    def corporate_number(self) -> str: ...


@dataclass(frozen=True)
class Purpose:
    """What the frame is open for, in the words of its bands. `steps`: the three of a sign-in."""

    apart: str
    end: str
    explain: str
    steps: bool = True


SIGN_IN = Purpose(
    "ほかの会社のサインインとは分かれています",
    "サインインが済むと、この枠は自分で閉じます",
    "この帯は一度が描いています。下の枠は相手のページで、この帯を隠せません。"
    "ここに打ち込むパスワードを、一度は読みません。",
)
PORTAL = Purpose(
    "ほかの会社のサインインとは分かれています",
    "受付番号を読み取ると、記録してから知らせます",
    "この帯と右の欄は一度が描いています。相手のページへは、あなたが押したときだけ、"
    "右に並べた値だけを入れます。送るボタンは押しません。",
    steps=False,
)


class CompanyStripe(QWidget):
    """The 4 px line in the company's colour along the top edge."""

    def __init__(self, plate: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plate = plate
        self.setFixedHeight(4)
        theme.theme_changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        """One flat colour."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.current().colour(f"stripe.{self._plate}"))
        painter.end()


def _row(surface: str, height: int, name: str) -> tuple[QFrame, QHBoxLayout]:
    frame = QFrame()
    frame.setObjectName(name)
    frame.setProperty("surface", surface)
    frame.setMinimumHeight(height)
    frame.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
    row = QHBoxLayout(frame)
    row.setContentsMargins(16, 0, 16, 0)
    row.setSpacing(12)
    return frame, row


class CompanyBand:
    """「株式会社みなと製菓 として」 with plate, and やめて戻る."""

    def __init__(self, company: Company, purpose: Purpose = SIGN_IN) -> None:
        self.widget, row = _row("sunken", _BAND, "browser.company")
        row.addWidget(SealPlate(company.kanji, company.plate, 32))
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addStretch(1)
        name = NoteLabel("heading", "ink", name="browser.company_name")
        name.show_text(f"{company.name} として")
        name.setMinimumHeight(theme.current().px("heading") + 4)
        words.addWidget(name)
        words.addWidget(label(purpose.apart, "note", "ink2"))
        words.addStretch(1)
        row.addLayout(words, 1)
        row.addWidget(label(purpose.end, "note", "ink2"))
        self.leave = Button("やめて戻る", icon="x", name="browser.leave")
        self.leave.setToolTip("やめて戻る(Ctrl+Shift+W)")
        row.addWidget(self.leave)
        number = company.corporate_number
        said = f"。法人番号 {number}" if number else ""
        self.widget.setAccessibleName(f"{company.name} として{said}")


class AddressBand:
    """Back, read again, the address bar, and 証明書を見る."""

    def __init__(self) -> None:
        self.widget, row = _row("surface", 52, "browser.address_band")
        row.setContentsMargins(16, 8, 8, 8)
        row.setSpacing(10)
        self.back = Button("", icon="arrow-left", name="browser.back")
        self.back.setAccessibleName("前のページへ戻る")
        self.reload = Button("", icon="rotate-cw", name="browser.reload")
        self.reload.setAccessibleName("読み直す")
        for button in (self.back, self.reload):
            button.setFixedWidth(40)
            button.setToolTip(button.accessibleName())
            row.addWidget(button)
        self.address = AddressBar()
        self.certificate = Button("証明書を見る", "quiet", name="browser.certificate")
        place = QHBoxLayout()
        place.setSpacing(2)
        place.addWidget(self.address, 1)
        place.addWidget(self.certificate)
        row.addLayout(place, 1)


def explain_line(practice: bool, purpose: Purpose = SIGN_IN) -> QFrame:
    """The 32 px line that says what is ours and what is the page's."""
    frame, row = _row("sunken", _LINE, "browser.explain")
    row.setSpacing(8)
    row.addWidget(IconView("eye", 14, "ink2"))
    text = purpose.explain
    if practice:
        text = "練習です。" + text
    row.setContentsMargins(16, 3, 16, 3)
    frame.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    row.addWidget(wrap_label(text, "note", "ink2").centre("note"), 1)
    frame.setAccessibleName(text)
    return frame


class StepsBand:
    """Where the sign-in is: 1 GビズIDで入る, 2 the second factor, 3 back here."""

    def __init__(self, factor: str) -> None:
        self.widget, row = _row("surface", _STEPS, "browser.steps")
        row.setContentsMargins(16, 0, 8, 0)
        row.addWidget(IconView("key-round", 18, "ink2"))
        self._words: Sequence[str] = ("GビズIDで入る", factor, "一度にもどる")
        self._labels: list[QLabel] = []
        for number in range(3):
            if number:
                row.addWidget(IconView("chevron-right", 14, "ink2"))
            made = label("", "label", "ink2")
            self._labels.append(made)
            row.addWidget(made)
        row.addStretch(1)
        self.elsewhere = Button(
            "いつものブラウザで開く", "quiet", "external-link", name="browser.elsewhere"
        )
        row.addWidget(self.elsewhere)
        self.set_step(1)

    def set_step(self, step: int) -> None:
        """Mark the present step (1 to 3)."""
        self.step = step
        for number, (made, word) in enumerate(zip(self._labels, self._words, strict=True), 1):
            made.setText(f"{number}  {word}")
            here = number == step
            dress(made, "label", "ink" if here else "ink2", bold=here)
        self.widget.setAccessibleName(f"3段のうち {step}段め、{self._words[step - 1]}")


class QuestionBand(QFrame):
    """A dialog a page asked for, drawn by us and naming the host; the page waits for the answer.

    Qt asks for a page's dialog by a call that must return the answer, so `ask` waits in an event
    loop of its own; `dismiss` (leaving, locking) answers no. From the second one of a page on, the
    person can silence the rest of it.
    """

    silenced = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("browser.question")
        self.setProperty("band", "info")
        self._loop: QEventLoop | None = None
        self._answer: str | None = None
        self._count = 0
        self._silent = False
        self._build()
        self.hide()

    def _build(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 12, 16, 12)
        box.setSpacing(8)
        self._who = label("", "heading", "ink")
        self._text = QLabel()
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setWordWrap(True)
        dress(self._text, "body", "ink")
        self.field = TextField(name="browser.question.field", spoken="ページへの返事")
        self.go = Button("続ける", name="browser.question.go")
        self.stop = Button("続けない", name="browser.question.stop")
        self.silence = Button(
            "このページの知らせを止める", "quiet", name="browser.question.silence"
        )
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in (self.go, self.stop, self.silence):
            row.addWidget(button)
        row.addStretch(1)
        for widget in (self._who, self._text, self.field):
            box.addWidget(widget)
        box.addLayout(row)
        self.go.clicked.connect(lambda: self._end(self.field.text()))
        self.stop.clicked.connect(lambda: self._end(None))
        self.silence.clicked.connect(self._be_silent)
        self.field.returnPressed.connect(lambda: self._end(self.field.text()))

    @property
    def waiting(self) -> bool:
        """Whether a page waits for an answer."""
        return self._loop is not None

    def new_page(self) -> None:
        """A page was opened anew: it may ask again."""
        self._count, self._silent = 0, False

    def ask(self, kind: str, host: str, message: str, default: str) -> str | None:
        """Show the page's words and wait. None: 続けない, silenced, or the frame was left."""
        if self._silent or self._loop is not None:
            return None
        self._count += 1
        self._who.setText(
            f"{host or '相手のページ'} からの{'知らせ' if kind == 'alert' else '質問'}です。"
        )
        shown = message if len(message) <= _MESSAGE_LIMIT else message[:_MESSAGE_LIMIT] + "…"
        self._text.setText(shown)
        self.field.setVisible(kind == "prompt")
        self.field.setText(default if kind == "prompt" else "")
        self.stop.setVisible(kind != "alert")
        self.silence.setVisible(self._count > 1)
        self.setAccessibleName(f"{self._who.text()}{shown}")
        self._answer = None
        self._loop = QEventLoop()
        self.show()
        (self.field if kind == "prompt" else self.go).setFocus()
        self._loop.exec()
        self._loop = None
        self.hide()
        return self._answer

    def dismiss(self) -> None:
        """Answer no to a waiting page, and to all that follow."""
        self._silent = True
        self._end(None)

    def _be_silent(self) -> None:
        self._silent = True
        self._end(None)
        self.silenced.emit()

    def _end(self, answer: str | None) -> None:
        self._answer = answer
        if self._loop is not None:
            self._loop.quit()
