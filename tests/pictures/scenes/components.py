"""The sheet of components: badges, fields, buttons, chips, bands, plates, the empty state, type."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.views.widgets.badge import OriginBadge
from app.views.widgets.band import Band
from app.views.widgets.button import Button
from app.views.widgets.card import Card
from app.views.widgets.chip import Chip
from app.views.widgets.empty import EmptyState
from app.views.widgets.field import TextField
from app.views.widgets.lines import hairline, label, surface
from app.views.widgets.plate import SealPlate
from app.views.widgets.ring import Ring
from app.views.widgets.segments import Segments
from tests.pictures.stage import Stage

ORIGINS = (
    ("register", "法人登記・法人番号から"),
    ("gbizid", "GビズIDの登録情報から"),
    ("books", "取り込んだ帳簿の行から"),
    ("document", "役所が出した文書から"),
    ("filing", "前に出した届から"),
    ("typed", "人が入れた"),
    ("derived", "ほかの値からの計算"),
    ("assumed", "仮に置いた値(確定ではない)"),
)
PLATES = (
    ("港", "ai"), ("青", "matsu"), ("花", "azuki"), ("鈴", "tetsu"),
    ("海", "hanada"), ("茶", "kogane"), ("緑", "budo"), ("石", "kaki"),
)  # fmt: skip


def _row(*widgets: QWidget, gap: int = 8) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(gap)
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch(1)
    return row


def _card(title: str) -> tuple[Card, QVBoxLayout]:
    card = Card()
    column = card.body
    column.setContentsMargins(19, 13, 19, 19)
    column.setSpacing(10)
    column.addWidget(label(title, "heading"))
    return card, column


def _origins() -> Card:
    card, column = _card("出どころ(形+ことば+色)")
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(0)
    grid.setVerticalSpacing(8)
    grid.setColumnMinimumWidth(0, 91)
    grid.setColumnStretch(1, 1)
    for number, (origin, words) in enumerate(ORIGINS):
        grid.addWidget(OriginBadge(origin), number, 0)
        grid.addWidget(label(words, "note", "ink2"), number, 1)
    column.addLayout(grid)
    column.addStretch(1)
    return card


def _fields() -> Card:
    card, column = _card("入れるところ")
    for words, value, state in (
        ("ふつう", "株式会社みなと製菓", ""),
        ("今ここ(焦点)", "株式会社みなと製菓", "focus"),
        ("直す", "髙橋 由美", "error"),
        ("気づき", "1,284,000", "warn"),
        ("空のまま", "", ""),
    ):
        field = TextField(value, "まだ答えていません")
        if state == "focus":
            field.setObjectName("focused")
        else:
            field.set_state(state)
        name = label(words, "note", "ink2")
        name.setFixedWidth(74)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(name)
        row.addWidget(field, 1)
        column.addLayout(row)
    column.addStretch(1)
    return card


def _buttons() -> Card:
    card, column = _card("ボタン")
    column.setSpacing(12)
    column.addLayout(
        _row(
            Button("確かめて送る", "primary"),
            Button("開く"),
            Button("証明書を見る", "quiet"),
            gap=8,
        )
    )
    column.addLayout(_row(Button("このままで正しい", "small"), Button("写す", "small", "copy")))
    focused = Button("開く", name="focused-button")
    column.addLayout(_row(focused, label("焦点 2px", "note", "ink2"), gap=12))
    column.addLayout(
        _row(
            Button("送る(あと 2か所)", "dashed"),
            label("押せない理由をボタンに書く", "note", "ink2"),
            gap=12,
        )
    )
    column.addWidget(Segments([("tb", "試算表"), ("j", "仕訳"), ("map", "科目の対応")], "tb"))
    column.addStretch(1)
    return card


def _states() -> Card:
    card, column = _card("判定と状態、会社の色")
    column.setSpacing(12)
    column.addLayout(
        _row(Chip("対象", "ok", "solid", "check"), Chip("対象外", "neutral", "outline", "x"))
    )
    column.addLayout(_row(Chip("まだ分からない", "warn", "dashed", "circle-question-mark")))
    column.addWidget(hairline())
    column.addLayout(
        _row(Chip("送れます", "ok", icon="check"), Chip("直す 1", "danger", icon="circle-alert"))
    )
    column.addLayout(
        _row(
            Chip("補正", "danger", icon="undo-2"),
            Chip("審査中", "info", icon="clock"),
            Chip("送る前", "neutral", icon="hourglass"),
        )
    )
    rings = [
        Ring(1),
        Ring(0, "no"),
        Ring(0, "unknown"),
        Ring(0.75),
        Ring(0),
        Ring(1),
        Ring(0, "error"),
    ]
    column.addLayout(_row(*rings, gap=12))
    column.addWidget(hairline())
    column.addLayout(_row(*(SealPlate(kanji, colour, 32) for kanji, colour in PLATES)))
    column.addStretch(1)
    return card


def _bands() -> Card:
    card, column = _card("知らせる文")
    column.setSpacing(8)
    column.addWidget(
        Band("danger", "「髙」は e-Gov で使えない字です。", "「高」に替えて送れます。")
    )
    column.addWidget(
        Band("warn", "5月の 4.3倍です。賞与を含みますか。", "正しければ、このままで送れます。")
    )
    column.addWidget(Band("ok", "6月5日 10:14:27 に届きました", "到達番号 2026 0605 1014 27885"))
    column.addWidget(
        Band(
            "info", "まだ到達していません", "ネットにつながると一度だけ送ります。", icon="wifi-off"
        )
    )
    column.addStretch(1)
    return card


def _empty_and_type() -> Card:
    card, column = _card("空のとき、字の大きさ")
    column.addWidget(
        EmptyState(
            "inbox",
            "戻ってきたものはありません",
            "届くと、ここに出ます。10分ごとに確かめています。",
            Button("今すぐ確かめる", "small"),
        )
    )
    column.addWidget(hairline())
    column.addWidget(label("題 20 太字  一度だけ書く", "title"))
    column.addWidget(label("見出し 16 太字", "headline", bold=True))
    column.addWidget(label("本文 14  報酬の平均額 298,733円", "body"))
    column.addWidget(label("補助 13 / 注記 12", "note"))
    column.addStretch(1)
    return card


class _Sheet(QWidget):
    """Six cards, one field and one button of them in focus (drawn by their states)."""

    def __init__(self) -> None:
        super().__init__()
        frame = surface("canvas", self)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(frame)
        grid = QGridLayout(frame)
        grid.setContentsMargins(24, 24, 24, 24)
        grid.setSpacing(16)
        cards = (_origins(), _fields(), _buttons(), _states(), _bands(), _empty_and_type())
        for number, card in enumerate(cards):
            grid.addWidget(card, number // 3, number % 3)
        for line in range(3):
            grid.setColumnStretch(line, 1)
            grid.setColumnMinimumWidth(line, 280)
        grid.setRowStretch(0, 1)
        grid.setRowStretch(1, 1)


def components(stage: Stage) -> QWidget:
    """The sheet."""
    sheet = _Sheet()
    field = sheet.findChild(TextField, "focused")
    assert field is not None
    field.setFocus()
    return sheet


SCENES = {"components": components}
