"""What stands on the first page: one card of 880 × 472, lower in a low window. Nothing happens here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QSpacerItem,
    QVBoxLayout,
    QWidget,
)

from app.views.pages.unlock_hidden import NameAsk
from app.views.pages.unlock_parts import CompanyList, FirstTime, PassphraseField, divider
from app.views.theme import current, theme_changed
from app.views.widgets.button import Button
from app.views.widgets.card import Card as CardFrame
from app.views.widgets.empty import EmptyState
from app.views.widgets.field import TextField
from app.views.widgets.icon_view import IconView
from app.views.widgets.lines import hairline, label, wrap_label
from app.views.widgets.logo import Logo
from app.views.widgets.plate import SealPlate

if TYPE_CHECKING:
    from app.views.house import House

_LOW = 640
"""Below this height the gaps are small, so that the whole card is seen without scrolling."""


class UnlockFace(QWidget):
    """The controls of the first page and where they stand."""

    def __init__(self, house: House, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.house = house
        self.setObjectName("unlock")
        self._gaps: list[tuple[QSpacerItem, int, int]] = []
        self._low: bool | None = None
        self._make_controls()
        self._lay()
        self._measure()
        theme_changed.connect(self._measure)

    def _make_controls(self) -> None:
        self.list = CompanyList()
        self.name_ask = NameAsk()
        self.name_ask.hide()
        self.passphrase = PassphraseField(name="unlock.passphrase", spoken=self.tr("合言葉"))
        spoken = self.tr("復旧キー")
        self.recovery = TextField(
            "", self.tr("紙にある14組"), name="unlock.recovery", spoken=spoken
        )
        self.recovery.setToolTip(self.tr("age の鍵（AGE-SECRET-KEY-1…）でも開けます。"))
        self.recovery.hide()
        self.open_button = Button(self.tr("開く"), "primary", name="unlock.open")
        words = self.tr("このパソコンの鍵で開く")
        self.keyring_button = Button(words, icon="fingerprint-pattern", name="unlock.keyring")
        self.way_button = Button("", "quiet", "key-round", name="unlock.way")
        self.add_button = Button(self.tr("会社をくわえる"), "quiet", "plus", name="unlock.add")
        words = self.tr("ファイルから開く")
        self.file_button = Button(words, "quiet", "folder-key", name="unlock.file")
        self.office_button = Button(self.tr("事務所"), "quiet", "library", name="unlock.office")
        words = self.tr("練習の町をひらく")
        self.practice_button = Button(words, "quiet", name="unlock.practice")
        self.language_button = Button("English", "quiet", name="unlock.language")
        # Nothing is promised that is not there: the words in English come as a file of their own.
        self._has_english = (self.house.resources / "i18n" / "en.qm").exists()
        self.settings_button = Button(self.tr("設定"), "quiet", "settings", name="unlock.settings")

    # --- layout

    def _lay(self) -> None:
        canvas = QWidget()
        canvas.setProperty("clear", "true")
        column = QVBoxLayout(canvas)
        column.setContentsMargins(32, 18, 32, 17)
        column.setSpacing(0)
        self._canvas = column
        column.addLayout(self._head())
        self._gap(column, 12, 12)
        self._told_place = QVBoxLayout()
        column.addLayout(self._told_place)
        column.addStretch(42)
        column.addWidget(self._middle(), 0, Qt.AlignmentFlag.AlignHCenter)
        self._gap(column, 22, 8)
        column.addLayout(self._practice_line())
        column.addStretch(58)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(label(self.house.version_line, "note", "ink2", name="unlock.version"))
        column.addLayout(foot)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(canvas)
        canvas.installEventFilter(self)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(Logo(self.house.resources, 32))
        row.addWidget(label(self.tr("一度"), "wordmark"))
        row.addWidget(label(self.tr("一度だけ書く。"), "label", "ink2"))
        row.addStretch(1)
        row.addWidget(self.language_button)
        if not self._has_english:
            self.language_button.hide()
        row.addWidget(self.settings_button)
        return row

    def _practice_line(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        row.addWidget(IconView("landmark", 16, "ink2"))
        words = self.tr("はじめての方は、練習用の役所あてに、ひととおり試せます。")
        row.addWidget(label(words, "label", "ink2"))
        row.addWidget(self.practice_button)
        row.addStretch(1)
        return row

    def _middle(self) -> QFrame:
        self.frame = CardFrame(name="unlock.card")
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addLayout(self._left(), 482)
        row.addWidget(hairline(vertical=True))
        row.addLayout(self._right(), 395)
        self.frame.rows.addLayout(row, 1)
        return self.frame

    def _left(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setContentsMargins(23, 21, 16, 23)
        column.setSpacing(12)
        column.addWidget(label(self.tr("会社をえらぶ"), "headline", bold=True))
        column.addWidget(self.list, 1)
        column.addWidget(self.name_ask, 1)
        links = QHBoxLayout()
        links.setSpacing(8)
        links.addWidget(self.add_button)
        links.addWidget(self.file_button)
        links.addWidget(self.office_button)
        links.addStretch(1)
        column.addLayout(links)
        return column

    def _right(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setContentsMargins(32, 31, 31, 24)
        self._card_column = column
        column.setSpacing(0)
        self.chosen = QWidget()
        inner = QVBoxLayout(self.chosen)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        inner.addLayout(self._who())
        self._gap(inner, 28, 14)
        self.way_label = label("", "label", "ink2")
        inner.addWidget(self.way_label)
        inner.addSpacing(7)
        inner.addWidget(self.passphrase)
        inner.addWidget(self.recovery)
        self._band_place = QVBoxLayout()
        inner.addLayout(self._band_place)
        self._gap(inner, 12, 8)
        inner.addWidget(self.open_button)
        self._gap(inner, 18, 10)
        inner.addWidget(divider(self.tr("または")))
        self._gap(inner, 18, 10)
        inner.addWidget(self.keyring_button)
        inner.addSpacing(8)
        inner.addWidget(self.way_button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.chosen)
        self.nobody = FirstTime()
        column.addWidget(self.nobody, 1)
        self.unnamed = EmptyState(
            "building-2",
            self.tr("会社がまだ決まっていません"),
            self.tr("名前を打つか、\u200bファイルを選ぶと、\u200bここで開けます。"),
        )
        self.unnamed.hide()
        column.addWidget(self.unnamed, 1)
        column.addStretch(1)
        column.addSpacing(12)
        column.addLayout(self._promise())
        return column

    def _who(self) -> QHBoxLayout:
        self.plate = SealPlate("一", "ai", 56)
        self.name: QLabel = label("", "headline", bold=True, name="unlock.name")
        self.name.setWordWrap(True)
        self.number: QLabel = label("", "note", "ink2", name="unlock.number")
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addStretch(1)
        words.addWidget(self.name)
        words.addWidget(self.number)
        words.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self.plate)
        row.addLayout(words, 1)
        return row

    def _promise(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(IconView("lock-keyhole", 16, "ink2"))
        words = self.tr(
            "会社の情報は、\u200b暗号化した\u200b一つのファイルとして\n\u200bこのパソコンの\u200b中だけにあります。"
        )
        row.addWidget(wrap_label(words, "note", "ink2"), 1)
        return row

    def _gap(self, column: QVBoxLayout, usual: int, low: int) -> None:
        gap = QSpacerItem(0, usual, QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        column.addSpacerItem(gap)
        self._gaps.append((gap, usual, low))

    def _measure(self) -> None:
        """The card as high as the look wants it, lower where the window is; never cut."""
        theme = current()
        low = self.height() < _LOW
        if low is not self._low:
            self._low = low
            self._pack(low)
        self.frame.setMaximumWidth(880 if theme.text_scale <= 1 else 1040)
        around = self._canvas.minimumSize().height() - self.frame.minimumHeight()
        room = self.height() - around if low else theme.grown(472)
        least = self.frame.minimumSizeHint().height()
        self.frame.setMinimumSize(880, max(least, min(theme.grown(472), room)))

    def _pack(self, low: bool) -> None:
        for gap, usual, less in self._gaps:
            height = less if low else usual
            gap.changeSize(0, height, QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self._card_column.setContentsMargins(32, 20 if low else 31, 31, 16 if low else 24)
        self._canvas.setContentsMargins(32, 12 if low else 18, 32, 8 if low else 17)
        for layout in (self._card_column, self.chosen.layout(), self._canvas):
            if layout is not None:
                layout.invalidate()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._measure()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What is shown in the card has changed: it is measured anew."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._measure()
        return False
