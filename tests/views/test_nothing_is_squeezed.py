"""Little room: rows keep their height, numbers stay whole, words go on in a second line."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from form_desk import PERSON, PROCEDURE, FakeWindow, FormDesk, dress
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from app.forms.layout import Box, Layout
from app.services.filing_view import DecidedRow
from app.views import theme
from app.views.pages.outbox_column import ScrollColumn
from app.views.pages.outbox_parts import DecidedTable
from app.views.pages.review_page import ReviewPage
from app.views.status import StatusBar
from app.views.widgets.field import ChoiceField
from app.views.widgets.form_paper import FormPaper
from app.views.widgets.form_review_row import ReviewRow
from app.views.widgets.lines import WrapLabel
from app.views.widgets.timeline import Timeline

DECIDED = (
    DecidedRow("被保険者番号", "空欄", "31491610041", "新しい", "document", "d1"),
    DecidedRow("確認通知年月日", "出していません", "令和8年11月24日", "新しい", "document", "d1"),
    DecidedRow("被保険者氏名", "高橋　由美", "高橋　由美子クリスティーナ", "ちがいます", "document", "d1"),
    DecidedRow("事業所番号", "13011234567", "13011234567", "同じ", "document", "d1"),
)  # fmt: skip


def rest() -> None:
    for _ in range(6):
        QApplication.processEvents()


@pytest.fixture
def desk(qapp: QApplication, resources: Path) -> FormDesk:
    dress(qapp, resources)
    return FormDesk(resources)


@pytest.mark.parametrize("height", [260, 420, 800])
@pytest.mark.parametrize("width", [700, 980, 1200])
def test_rows_of_the_review_are_never_squeezed(
    qtbot: Any, desk: FormDesk, width: int, height: int
) -> None:
    page = ReviewPage(desk, FakeWindow(), {"procedure": PROCEDURE, "subject": PERSON})
    qtbot.addWidget(page)
    page.resize(1200, 800)
    page.show()
    page.refresh()
    page.cells.build_all()
    page.resize(width, height)
    page.fold(width)
    rest()
    rows = [r for r in page.findChildren(ReviewRow) if r.isVisible()]
    assert len(rows) > 10
    for row in rows:
        assert row.height() >= row.heightForWidth(row.width()) >= theme.current().size("tableRow")


@pytest.mark.parametrize(
    ("scale", "width"),
    [(1.0, 580), (1.0, 608), (1.0, 650), (1.0, 900), (1.3, 650), (1.3, 970)],
)
def test_no_number_of_the_decided_table_is_cut(
    qtbot: Any, qapp: QApplication, resources: Path, scale: float, width: int
) -> None:
    dress(qapp, resources, text=scale)
    table = DecidedTable(DECIDED)
    qtbot.addWidget(table)
    table.resize(width, 400)
    table.show()
    rest()
    view, model = table.table, table.table.model()
    assert sum(view.columnWidth(c) for c in range(5)) <= view.viewport().width() + 1
    for number, row in enumerate(DECIDED):
        metrics = QFontMetrics(
            theme.current().font("body", bold=bool(row.difference == "ちがいます"))
        )
        for column in (1, 2):
            text = str(model.index(number, column).data())
            room = view.columnWidth(column) - 16 + 2
            if any(c.isdigit() for c in text):
                assert metrics.horizontalAdvance(text) <= room, (text, room)
            elif metrics.horizontalAdvance(text) > room:
                assert view.rowHeight(number) >= 2 * metrics.height() + 8
    assert view.height() + 2 >= view.horizontalHeader().height() + sum(
        view.rowHeight(n) for n in range(len(DECIDED))
    )


def test_boxes_of_the_paper_share_their_edges(
    qtbot: Any, qapp: QApplication, resources: Path
) -> None:
    dress(qapp, resources)
    boxes = tuple(Box(x=15 + 13.7 * n, y=20, w=13.7, h=14, label=f"{n}") for n in range(13))
    paper = FormPaper()
    qtbot.addWidget(paper)
    paper.show_layout(Layout(source="test", boxes=boxes))
    for width in (320, 331, 440):
        paper.resize(width, 600)
        for left, right in pairwise(boxes):
            assert paper.rect_of(left).right() == paper.rect_of(right).left()


def test_choices_that_need_two_rows_get_them(
    qtbot: Any, qapp: QApplication, resources: Path
) -> None:
    dress(qapp, resources)
    holder = QWidget()
    qtbot.addWidget(holder)
    column = QVBoxLayout(holder)
    field = ChoiceField([("a", "パソコンに合わせる"), ("b", "明るい"), ("c", "暗い")])
    column.addWidget(field)
    column.addStretch(1)
    holder.resize(300, 300)
    holder.show()
    rest()
    for value in "abc":
        assert field.rect().contains(field.radio(value).geometry())


def test_times_with_two_digits_of_month_are_whole(
    qtbot: Any, qapp: QApplication, resources: Path
) -> None:
    dress(qapp, resources)
    metrics = QFontMetrics(theme.current().font("label"))
    event = SimpleNamespace(at=datetime(2026, 11, 24, 19, 19), title="到達", note="", done=True)
    timeline = Timeline([event])
    qtbot.addWidget(timeline)
    assert timeline.time_width() - 4 >= metrics.horizontalAdvance("11/24 19:19")


def test_a_long_note_of_an_event_goes_on_in_a_second_line(
    qtbot: Any, qapp: QApplication, resources: Path
) -> None:
    dress(qapp, resources)
    note = "署名を確かめ、書類庫に入れました。" * 4
    scroll = ScrollColumn()
    qtbot.addWidget(scroll)
    timeline = Timeline([SimpleNamespace(at=None, title="決定", note=note, done=True)])
    scroll.column.addWidget(timeline)
    scroll.resize(420, 400)
    scroll.show()
    rest()
    assert timeline.height() >= theme.current().grown(52) + 12


def test_the_status_bar_shortens_itself(qtbot: Any, qapp: QApplication, resources: Path) -> None:
    dress(qapp, resources, text=1.3)
    bar = StatusBar()
    qtbot.addWidget(bar)
    out = SimpleNamespace(signed_in=False, until=None, who="")
    bar.set_sign_in(out, datetime(2026, 7, 3))
    bar.resize(1280, 40)
    bar.show()
    assert "下書き" in bar.sign_in.text()
    bar.say("髙橋　由美さんを加えました。もう一度閉じると、保存せずに終わります。", lambda: None)
    bar.resize(900, 40)
    rest()
    assert bar.sign_in.text() == "サインインしていません"
    for part in (bar.sign_in, bar.once, bar.lock):
        assert part.width() >= part.sizeHint().width()
        assert bar.rect().contains(part.geometry())


@pytest.mark.parametrize(
    ("text", "together"),
    [("すべて埋まりました。", "ました"), ("あと 12か所", "12か所"), ("7月1日から20日まで", "20日")],
)
def test_no_kana_hangs_alone(
    qtbot: Any, qapp: QApplication, resources: Path, text: str, together: str
) -> None:
    dress(qapp, resources)
    label = WrapLabel(text)
    qtbot.addWidget(label)
    assert label.plain() == text
    assert text in label.text()
    assert "\u2060".join(together) in _shown(label)


def _shown(label: WrapLabel) -> str:
    """What Qt was given, mark-up taken out."""
    from PySide6.QtWidgets import QLabel

    return QLabel.text(label).replace('<span style="font-size:1px">', "").replace("</span>", "")
