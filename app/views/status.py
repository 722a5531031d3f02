"""The status bar, 32 high, always in this order: saved · count …… 一度率 · sign-in · lock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QSizePolicy, QWidget

from app.views.house import SignIn
from app.views.icons import paint_icon
from app.views.theme import current, theme_changed
from app.views.widgets.button import Button
from app.views.widgets.meter import OnceMeter
from app.views.widgets.painting import focus_ring, smooth

_SAID_FOR = 10_000


class StatusItem(QAbstractButton):
    """An outline of 14 and a few words; pressable ones take focus."""

    def __init__(self, icon: str | None, name: str, *, pressable: bool = False) -> None:
        super().__init__()
        self._icon, self._ink, self._icon_ink = icon, "ink2", "ink2"
        self.setObjectName(name)
        across = QSizePolicy.Policy.Fixed if pressable else QSizePolicy.Policy.Maximum
        self.setSizePolicy(across, QSizePolicy.Policy.Fixed)
        focus = Qt.FocusPolicy.TabFocus if pressable else Qt.FocusPolicy.NoFocus
        self.setFocusPolicy(focus)
        self.setEnabled(True)
        if pressable:
            self.setCursor(Qt.CursorShape.PointingHandCursor)

    def set(self, text: str, icon: str | None = None, icon_ink: str = "ink2") -> None:
        """Shows other words."""
        self._icon = icon if icon is not None else self._icon
        self._icon_ink = icon_ink
        self.setText(text)
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        theme = current()
        width = QFontMetrics(theme.font("note")).horizontalAdvance(self.text())
        return QSize(width + (30 if self._icon else 8), theme.size("chip"))

    def minimumSizeHint(self) -> QSize:
        """What can be pressed is never cut; a sentence ends in … and is whole in its tip."""
        hint = self.sizeHint()
        return hint if self.focusPolicy() != Qt.FocusPolicy.NoFocus else QSize(40, hint.height())

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.updateGeometry()
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current()
        painter = smooth(QPainter(self))
        rect = QRectF(self.rect())
        if self.focusPolicy() != Qt.FocusPolicy.NoFocus and self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("chip"))
            painter.drawRoundedRect(rect, 4, 4)
        x = 4
        if self._icon:
            paint_icon(painter, self._icon, 4, round(rect.height() / 2 - 7), 14, self._icon_ink)
            x = 26
        painter.setFont(theme.font("note"))
        painter.setPen(theme.colour(self._ink))
        shown = painter.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, self.width() - x
        )
        painter.drawText(rect.adjusted(x, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, shown)
        if self.hasFocus():
            focus_ring(painter, rect)
        painter.end()


class StatusBar(QFrame):
    """What is kept, how much was written once, who is signed in, and the lock."""

    lock_pressed = Signal()
    once_pressed = Signal()
    sign_in_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "sunken")
        self.setObjectName("status")
        self.saved = StatusItem("check", "status.saved")
        self.count = StatusItem(None, "status.count")
        self.undo = Button(self.tr("戻す"), "quiet", small=True, name="status.undo")
        self.once = OnceMeter(None, name="status.once")
        self.sign_in = StatusItem("wifi-off", "status.sign_in", pressable=True)
        self.lock = StatusItem("lock", "status.lock", pressable=True)
        self.lock.set(self.tr("暗号化済み"), "lock")
        self.lock.setAccessibleName(self.tr("暗号化済み。押すと、鍵をかけます"))
        self.lock.setToolTip(self.tr("鍵をかける Ctrl+L"))
        self._sign_in = ("", "", "wifi-off", "ink2")
        self._short = False
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 12, 0)
        row.setSpacing(12)
        row.addWidget(self.saved)
        row.addWidget(self.count)
        row.addWidget(self.undo)
        row.addStretch(1)
        for number, widget in enumerate((self.once, self.sign_in, self.lock)):
            row.addSpacing(4 if number else 0)
            row.addWidget(widget)
        self._undo: Callable[[], None] | None = None
        self._said = QTimer(self)
        self._said.setSingleShot(True)
        self._said.timeout.connect(self._unsay)
        self._page_count = ""
        self.undo.hide()
        self.set_saved(None)
        self.set_count("")
        self.undo.clicked.connect(self._press_undo)
        self.lock.clicked.connect(lambda _=False: self.lock_pressed.emit())
        self.once.clicked.connect(lambda _=False: self.once_pressed.emit())
        self.sign_in.clicked.connect(lambda _=False: self.sign_in_pressed.emit())
        self._measure()
        theme_changed.connect(self._measure)

    def set_saved(self, at: datetime | None) -> None:
        """Shows when the last change reached the disk; nothing before the first."""
        self.saved.setVisible(at is not None)
        if at is not None:
            self.saved.set(self.tr("{} に保存しました").format(f"{at.hour}:{at:%M}"), "check", "ok")
        self._fit()

    def set_count(self, text: str) -> None:
        """Shows the page's own count."""
        self._page_count = text
        if not self._said.isActive():
            self.count.set(text)
            self.count.setVisible(bool(text))
            self._fit()

    def set_once(self, part: float | None) -> None:
        """Shows the 一度率, 0 to 1; − while there is nothing to count."""
        self.once.set_part(part)

    def set_sign_in(self, state: SignIn, now: datetime, *, short: bool = False) -> None:
        """Shows whether somebody is signed in, and for how long still; short where room is scarce."""
        if not state.signed_in:
            long = self.tr("サインインしていません(下書きはそのまま書けます)")
            self._sign_in = (self.tr("サインインしていません"), long, "wifi-off", "ink2")
        else:
            few = self.tr("サインイン中")
            long = few
            if state.until is not None:
                long = self.tr("GビズID サインイン中 残り {}").format(self._left(state.until - now))
            self._sign_in = (few, long, "shield-check", "ok")
        self._short = short
        self.sign_in.setToolTip(state.who)
        self._fit()

    def _fit(self) -> None:
        """The long words about the sign-in where they fit beside what stands at the left."""
        few, long, icon, ink = self._sign_in
        self.sign_in.set(long, icon, ink)
        margins = self._row.contentsMargins()
        taken = margins.left() + margins.right() + 8 + 24
        for part in (self.saved, self.count, self.undo, self.once, self.sign_in, self.lock):
            if not part.isHidden():
                taken += part.sizeHint().width() + self._row.spacing()
        if self._short or (self.width() > 200 and taken > self.width()):
            self.sign_in.set(few, icon, ink)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _left(self, left: timedelta) -> str:
        """48 分, 5 時間 or 180 日: the largest whole unit that is there more than once."""
        minutes = max(0, int(left.total_seconds() // 60))
        if minutes < 120:
            return self.tr("{} 分").format(minutes)
        if minutes < 48 * 60:
            return self.tr("{} 時間").format(minutes // 60)
        return self.tr("{} 日").format(minutes // (24 * 60))

    def say(self, sentence: str, undo: Callable[[], None] | None = None) -> None:
        """Says a sentence in the place of the count for ten seconds, with 戻す when it can be undone."""
        self._undo = undo
        self._said.start(_SAID_FOR)
        self.count.set(sentence)
        self.count.setToolTip(sentence)
        self.count.show()
        self.undo.setVisible(undo is not None)
        self._fit()

    def _unsay(self) -> None:
        self._undo = None
        self.undo.hide()
        self.set_count(self._page_count)

    def _press_undo(self) -> None:
        undo = self._undo
        self._said.stop()
        self._unsay()
        if undo is not None:
            undo()

    def _measure(self) -> None:
        self.setFixedHeight(current().size("status"))
