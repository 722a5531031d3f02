"""The frame of an open company: 4 px stripe, navigation, header, body, status bar (LOOK 2)."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from app.views.header import Header
from app.views.navigation import Navigation
from app.views.page import Page
from app.views.status import StatusBar
from app.views.theme import current
from app.views.widgets.icon_view import IconView
from app.views.widgets.lines import label, surface


class Stripe(QWidget):
    """The company's colour at the window's left edge."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colour = "ai"
        self.setObjectName("frame.stripe")
        self.setFixedWidth(int(current().tokens["line"]["companyStripe"]))

    def set_plate(self, colour: str) -> None:
        """Takes the colour of a company's plate."""
        self._colour = colour
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), current().colour(f"stripe.{self._colour}"))
        painter.end()


class PracticeStrip(QFrame):
    """Says on every page that this is practice and reaches no office."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("frame.practice")
        self.setProperty("band", "warn")
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 5, 24, 5)
        row.setSpacing(8)
        words = self.tr("練習")
        row.addWidget(IconView("graduation-cap", 18, "warn"))
        row.addWidget(label(words, "label", "warn", bold=True))
        row.addWidget(label(self.tr("ほんとうの役所には届きません。"), "note", "ink2"))
        row.addStretch(1)
        self.setAccessibleName(self.tr("練習。ほんとうの役所には届きません"))


class _Fitted(QVBoxLayout):
    """For a page that fills the window: what it would like to have makes nothing scroll, only what
    it must have does."""

    def hasHeightForWidth(self) -> bool:
        return False


class Frame(QWidget):
    """Everything around the page of an open company. Pages are put into the body by the window."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("frame")
        self.stripe = Stripe(self)
        self.navigation = Navigation(self)
        self.header = Header(self)
        self.practice = PracticeStrip(self)
        self.body = QStackedWidget(self)
        self.body.setAccessibleName("本文")
        self.body.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # holds the focus before Tab is pressed
        self.status = StatusBar(self)
        self._scrolls: dict[Page, QScrollArea] = {}
        canvas = surface("canvas")
        column = QVBoxLayout(canvas)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self.practice, self.header):
            column.addWidget(widget)
        column.addWidget(self.body, 1)
        column.addWidget(self.status)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.stripe)
        row.addWidget(self.navigation)
        row.addWidget(canvas, 1)
        self.setTabOrder(self.navigation, self.header)

    def put(self, page: Page) -> None:
        """Shows a page in the body; a body too small for it scrolls, the frame never does."""
        if page not in self._scrolls:
            holder = QWidget()
            holder.setProperty("clear", "true")
            inner = _Fitted(holder) if page.bare else QVBoxLayout(holder)
            inner.setContentsMargins(page.margin, 0, page.margin, 20 if page.margin else 0)
            inner.addWidget(page)
            scroll = QScrollArea()
            scroll.setObjectName("frame.body")
            scroll.setWidgetResizable(True)
            scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            scroll.setWidget(holder)
            self._scrolls[page] = scroll
            self.body.addWidget(scroll)
        for part in (self.stripe, self.navigation, self.header):
            part.setVisible(not page.bare)
        self.body.setCurrentWidget(self._scrolls[page])

    def drop(self, page: Page) -> None:
        """Takes a page out of the body for good."""
        scroll = self._scrolls.pop(page, None)
        if scroll is not None:
            self.body.removeWidget(scroll)
            scroll.hide()
            scroll.deleteLater()
