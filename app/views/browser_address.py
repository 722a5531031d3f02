"""The address bar: painted by us, outside the page; the host bold, its standing in word and colour."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, QUrl
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.views import theme
from app.views.browser_policy import Standing, ascii_host, decoded_host
from app.views.browser_words import STANDING
from app.views.icons import paint_icon

_KIND = {
    Standing.LISTED: "ok",
    Standing.UNLISTED: "warn",
    Standing.INSECURE: "danger",
    Standing.SCHEME: "warn",
    Standing.BAD_CERTIFICATE: "danger",
}
_MARK = {"ok": "shield-check", "warn": "triangle-alert", "danger": "circle-alert"}
_PAD, _ICON, _CHIP_ICON = 12, 18, 14


class AddressBar(QWidget):
    """Read-only: scheme, host in bold, path; never the query. Left lock, right the standing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._url = QUrl()
        self._standing = Standing.NONE
        self._secure = False
        self.setObjectName("browser.address")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(theme.current().size("field"))
        theme.theme_changed.connect(self.update)
        self._name()

    def show_address(self, url: QUrl, standing: Standing, *, secure: bool) -> None:
        """Show where the page is. `secure`: over TLS with a certificate that stood."""
        self._url, self._standing, self._secure = QUrl(url), standing, secure
        self._name()
        self.update()

    @property
    def standing(self) -> Standing:
        """What the bar says now."""
        return self._standing

    @property
    def url(self) -> QUrl:
        """The address shown."""
        return QUrl(self._url)

    def parts(self) -> tuple[str, str, str]:
        """Before the host, the host (with its decoded letters beside), and after it, as shown."""
        host = ascii_host(self._url)
        if not host:
            return "", "", self._url.scheme() + ":" if self._url.scheme() else ""
        port = f":{self._url.port()}" if self._url.port() != -1 else ""
        letters = decoded_host(host)
        rest = port + self._url.path(QUrl.ComponentFormattingOption.FullyEncoded)
        return (
            f"{self._url.scheme()}://",
            host,
            rest + (f"   (字では {letters})" if letters else ""),
        )

    def _name(self) -> None:
        lock = "暗号化された通信" if self._secure else "暗号なし"
        text = "".join(self.parts()) or "まだありません"
        self.setAccessibleName(
            "、".join(p for p in ("住所", text, STANDING[self._standing], lock) if p)
        )

    def sizeHint(self) -> QSize:
        """As high as a field."""
        return QSize(400, theme.current().size("field"))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Frame, lock, address, standing."""
        look = theme.current()
        kind = _KIND.get(self._standing, "")
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line = 2.0 if self.hasFocus() else 1.0
        edge = look.colour("focus" if self.hasFocus() else kind or "field")
        painter.setPen(QPen(edge, line))
        painter.setBrush(look.colour(f"{kind}Soft" if kind else "surface"))
        inset = line / 2
        box = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
        painter.drawRoundedRect(box, look.radius("field"), look.radius("field"))
        lock = "lock" if self._secure else "lock-open"
        if kind == "danger":
            lock = "circle-alert"
        top = (self.height() - _ICON) / 2
        paint_icon(painter, lock, _PAD, top, _ICON, kind if kind else "ink2")
        right = self._paint_standing(painter, kind)
        self._paint_address(painter, _PAD + _ICON + 8, right - 12)

    def _paint_standing(self, painter: QPainter, kind: str) -> float:
        """The solid chip at the right; gives its left edge."""
        look = theme.current()
        word = STANDING[self._standing]
        if not word:
            return self.width() - _PAD
        font = look.font("note", bold=True)
        wide = QFontMetricsF(font).horizontalAdvance(word) + _CHIP_ICON + 4 + 20
        high = look.size("chip")
        box = QRectF(self.width() - 13 - wide, (self.height() - high) / 2, wide, high)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour(kind))
        painter.drawRoundedRect(box, high / 2, high / 2)
        ink = "onAccent" if look.mode == "light" else "canvas"
        paint_icon(
            painter, _MARK[kind], box.x() + 9, box.y() + (high - _CHIP_ICON) / 2, _CHIP_ICON, ink
        )
        painter.setFont(font)
        painter.setPen(look.colour(ink))
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(box.adjusted(10 + _CHIP_ICON + 3, 0, 0, 0), middle, word)
        return box.x()

    def _paint_address(self, painter: QPainter, left: float, right: float) -> None:
        """The host is never cut at its end: that is the part which names the owner."""
        look = theme.current()
        before, host, after = self.parts()
        plain, bold = look.font("body"), look.font("body", bold=True)
        plain_size, bold_size = QFontMetricsF(plain), QFontMetricsF(bold)
        room = right - left - plain_size.horizontalAdvance(before)
        host = bold_size.elidedText(host, Qt.TextElideMode.ElideLeft, room)
        room -= bold_size.horizontalAdvance(host)
        after = plain_size.elidedText(after, Qt.TextElideMode.ElideRight, max(0.0, room))
        x = left
        for text, font, colour in (
            (before, plain, look.colour("ink2")),
            (host, bold, look.colour("ink")),
            (after, plain, look.colour("ink2")),
        ):
            x += self._write(painter, x, text, font, colour)

    def _write(self, painter: QPainter, x: float, text: str, font: object, colour: QColor) -> float:
        painter.setFont(font)  # type: ignore[arg-type]
        painter.setPen(colour)
        wide = painter.fontMetrics().horizontalAdvance(text)
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(QRectF(x, 0, wide + 4, self.height()), middle, text)
        return float(wide)
