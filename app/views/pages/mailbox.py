"""The practice mailbox beside a practice sign-in: the town's mail with the one-time code.

Only a practice vault shows it. The mails come from a callable; the panel knows no address.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication, QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.views.background import run
from app.views.widgets.button import Button
from app.views.widgets.chip import Chip
from app.views.widgets.empty import EmptyState
from app.views.widgets.lines import hairline, label, surface, wrap_label

Mails = Callable[[], Sequence[Mapping[str, str]]]
"""Fetches the town's mails, oldest first: address, at, subject, text, otp. May block and raise."""

_WIDTH, _EVERY_MS, _SHOWN = 320, 2000, 3


class MailboxPanel(QFrame):
    """The newest mails, the code of the last one large; looks again every two seconds."""

    def __init__(self, mails: Mails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mails = mails
        self._asking = False
        self._shown: tuple[tuple[str, ...], ...] | None = None
        self.setObjectName("mailbox")
        self.setProperty("surface", "surface")
        self.setFixedWidth(_WIDTH)
        self.setAccessibleName("練習のメール箱")
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(self.refresh)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(16, 16, 16, 16)
        self._column.setSpacing(12)
        head = QHBoxLayout()
        head.addWidget(label("練習のメール箱", "heading", "ink"), 1)
        head.addWidget(Chip("練習", "warn", "outline"))
        self._column.addLayout(head)
        self._column.addWidget(
            wrap_label(
                "町から届いたメールです。本番では、\nご自分のメールで番号を見ます。", "note", "ink2"
            )
        )
        self._list = QVBoxLayout()
        self._list.setSpacing(12)
        self._column.addLayout(self._list, 1)
        self.otp: QLabel | None = None
        self._show(())

    def showEvent(self, event: QShowEvent) -> None:
        """Look while it can be seen."""
        super().showEvent(event)
        self.refresh()
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest while it cannot."""
        self._timer.stop()
        super().hideEvent(event)

    def refresh(self) -> None:
        """Ask for the mails off the window's thread; one question at a time."""
        if self._asking:
            return
        self._asking = True
        run(self._mails, self._arrived, self._failed, self)

    def _arrived(self, mails: Sequence[Mapping[str, str]]) -> None:
        self._asking = False
        names = ("at", "subject", "text", "otp")
        newest = tuple(tuple(str(m.get(n, "")) for n in names) for m in reversed(mails[-_SHOWN:]))
        self._show(newest)

    def _failed(self, fault: Exception) -> None:
        self._asking = False

    def _show(self, mails: tuple[tuple[str, ...], ...]) -> None:
        if mails == self._shown:
            return
        self._shown = mails
        while (item := self._list.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self.otp = None
        if not mails:
            line = "番号が要るときに、\nここへ届きます。"
            self._list.addWidget(
                EmptyState("mail", "メールはありません", line, name="mailbox.empty")
            )
            return
        for number, (at, subject, text, otp) in enumerate(mails):
            if number:
                self._list.addWidget(hairline())
            self._list.addWidget(self._mail(at, subject, text, otp, newest=number == 0))
        self._list.addStretch(1)

    def _mail(self, at: str, subject: str, text: str, otp: str, *, newest: bool) -> QWidget:
        box = surface("surface")
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(label(at[5:16].replace("T", " ").replace("-", "/"), "note", "ink2"))
        column.addWidget(wrap_label(subject, "label", "ink", bold=newest))
        if newest and otp:
            column.addLayout(self._code(otp))
        column.addWidget(wrap_label(text, "note", "ink2"))
        return box

    def _code(self, otp: str) -> QHBoxLayout:
        row = QHBoxLayout()
        self.otp = label(otp, "title", "accent", name="mailbox.otp")
        self.otp.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.otp.setAccessibleName(f"番号 {' '.join(otp)}")
        copy = Button("写す", "small", "copy", name="mailbox.copy")
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(otp))
        row.addWidget(self.otp, 1)
        row.addWidget(copy)
        return row
