"""The widgets: no default that looks like an answer, even digits, names for every control, no cut text."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QInputMethodEvent, QPainter, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.facts.record import BLANK
from app.views import theme
from app.views.widgets.badge import OriginBadge
from app.views.widgets.band import Band, LetterBand
from app.views.widgets.button import Button
from app.views.widgets.field import ChoiceField, DateField, SelectField, TextField
from app.views.widgets.lines import WrapLabel
from app.views.widgets.meter import OnceMeter
from app.views.widgets.painting import figure_width, is_figure, paint_figure
from app.views.widgets.paper import Paper
from app.views.widgets.segments import Segments
from app.views.widgets.shapes import origin_word
from app.views.widgets.timeline import Timeline, time_text
from app.views.widgets.tree import ExplainTree, source_line, value_text
from app.views.widgets.year_strip import YearStrip
from tests.pictures.sample_house import TODAY
from tests.views.window_parts import dressed, house, rest, window

__all__ = ["dressed", "house", "window"]
YES_NO = [("1", "はい"), ("2", "いいえ")]


def _shown(qtbot: Any, widget: QWidget) -> Any:
    qtbot.addWidget(widget)
    widget.show()
    widget.activateWindow()
    rest()
    return widget


def test_a_button_that_waits_has_dashes_not_dots(dressed, qtbot) -> None:  # type: ignore[no-untyped-def]
    button = Button("送る(あと 2か所)", "dashed", name="b")
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    _shown(qtbot, button)
    image = button.grab().toImage()
    edge = range(8, image.width() - 8)
    top = "".join("x" if image.pixelColor(x, 0) != image.pixelColor(x, 2) else " " for x in edge)
    runs = [len(run) for run in top.split()][1:-1]
    assert len(runs) >= 5
    assert all(4 <= run <= 6 for run in runs), runs


def test_a_choice_starts_empty_and_del_empties_it(dressed, qtbot) -> None:  # type: ignore[no-untyped-def]
    field = _shown(qtbot, ChoiceField(YES_NO, name="f", spoken="雇用期間の定め"))
    told: list[str] = []
    field.chosen.connect(told.append)
    assert field.value() == ""
    qtbot.keyClick(field.radio("1"), Qt.Key.Key_Space)
    qtbot.keyClick(field.radio("1"), Qt.Key.Key_Right)
    assert field.value() == "2"
    qtbot.keyClick(field.radio("2"), Qt.Key.Key_Delete)
    assert field.value() == ""
    field.set_value("1")
    field.set_value("")
    assert told == ["1", "2", ""], "only what a person did is told"


def test_a_list_starts_blank_and_the_wheel_never_answers(dressed, qtbot) -> None:  # type: ignore[no-untyped-def]
    field = _shown(qtbot, SelectField(YES_NO, name="f", spoken="雇用形態"))
    told: list[str] = []
    field.chosen.connect(told.append)
    assert (field.value(), field.currentText()) == ("", "")
    wheel = QWheelEvent(
        QPointF(5, 5), QPointF(5, 5), QPoint(0, -120), QPoint(0, -120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(field, wheel)
    assert field.value() == ""
    field.set_value("2")
    qtbot.keyClick(field, Qt.Key.Key_Delete)
    assert (field.value(), told) == ("", [""])


@pytest.mark.parametrize(
    ("typed", "beside"),
    [
        ("2026-07-10", "令和8年7月10日(金)"),
        ("２０２６０７１０", "令和8年7月10日(金)"),
        ("R8.7.10", "2026年7月10日"),
        ("令和8年2月30日", ""),
        ("", ""),
    ],
)
def test_the_other_calendar_stands_beside_a_date(dressed, qtbot, typed: str, beside: str) -> None:  # type: ignore[no-untyped-def]
    field = _shown(qtbot, DateField(name="d", spoken="提出日"))
    field.line.insert(typed)
    assert field.wareki.text() == beside


def test_an_input_method_composes_without_committing(dressed, qtbot) -> None:  # type: ignore[no-untyped-def]
    field = _shown(qtbot, TextField(name="f", spoken="氏名"))
    event = QInputMethodEvent("たか", [])
    QApplication.sendEvent(field, event)
    assert field.text() == ""
    done = QInputMethodEvent("", [])
    done.setCommitString("髙橋")
    QApplication.sendEvent(field, done)
    assert field.text() == "髙橋"


def test_a_locked_field_cannot_be_changed_and_says_its_state(dressed, qtbot) -> None:  # type: ignore[no-untyped-def]
    field = _shown(qtbot, TextField("1234", name="f", spoken="番号"))
    height = field.height()
    field.set_state("locked")
    qtbot.keyClicks(field, "5")
    assert field.text() == "1234"
    for state in ("error", "warn", ""):
        field.set_state(state)
        rest()
        assert field.height() == height, "nothing moves when a state comes"
    with pytest.raises(ValueError, match="unknown field state"):
        field.set_state("odd")


def test_nothing_moves_when_focus_comes(dressed, qtbot) -> None:  # type: ignore[no-untyped-def]
    field, button = TextField("あ"), Button("開く")
    for widget in (field, button):
        _shown(qtbot, widget)
        widget.clearFocus()
        before = widget.sizeHint()
        widget.setFocus()
        rest()
        assert widget.hasFocus()
        assert widget.sizeHint() == before


def test_every_digit_takes_the_advance_of_zero(dressed) -> None:  # type: ignore[no-untyped-def]
    font = theme.current().font("body")
    assert figure_width("1,111,111", font) == figure_width("8,088,808", font)

    def columns(text: str) -> list[int]:
        image = QImage(QSize(160, 30), QImage.Format.Format_RGB32)
        image.fill(QColor("white"))
        painter = QPainter(image)
        paint_figure(painter, text, 150, 22, font, QColor("black"))
        painter.end()
        return [
            x
            for x in range(160)
            if any(image.pixelColor(x, y).lightness() < 128 for y in range(30))
        ]

    ones, eights = columns("111111"), columns("888888")
    digit = figure_width("0", font)
    for place in range(6):
        cell = range(round(150 - (place + 1) * digit) - 1, round(150 - place * digit) + 1)
        assert any(x in cell for x in ones)
        assert any(x in cell for x in eights)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("1,284,000", True), ("+20", True), ("-3.5", True), ("300千円", False), ("", False), ("同じ", False),
     ("−", False), ("2026-07-10", False)],
)  # fmt: skip
def test_what_is_a_figure(text: str, is_one: bool) -> None:
    assert is_figure(text) is is_one


def test_the_badge_says_word_and_state(dressed, qtbot) -> None:  # type: ignore[no-untyped-def]
    badge = OriginBadge("register", unconfirmed=True)
    qtbot.addWidget(badge)
    assert (badge.word(), badge.accessibleName()) == ("登記(未確認)", "出どころ 登記(未確認)")
    badge.set_origin("derived", provisional=True)
    assert badge.word() == "計算(仮)"
    badge.set_origin("books", conflicts=2)
    assert badge.word() == "食い違い 2"
    badge.set_origin(None)
    assert badge.word() == "未回答"


def test_the_eight_origins_differ_in_shape_without_colour(dressed) -> None:  # type: ignore[no-untyped-def]
    """Each shape drawn in black differs from each other, and hollow from filled."""
    from app.views.widgets.shapes import paint_origin

    def drawn(origin: str, hollow: bool) -> bytes:
        image = QImage(QSize(48, 48), QImage.Format.Format_Grayscale8)
        image.fill(QColor("white"))
        painter = QPainter(image)
        paint_origin(painter, origin, 0, 0, hollow=hollow, size=48)
        painter.end()
        image = image.convertToFormat(
            QImage.Format.Format_Mono, Qt.ImageConversionFlag.ThresholdDither
        )
        return bytes(image.constBits())

    origins = list(theme.current().tokens["origin"])
    shapes = {drawn(o, hollow) for o in origins for hollow in (False, True)}
    assert len(shapes) == 16
    assert len({origin_word(o) for o in origins}) == 8


def test_a_band_has_its_words_and_buttons(dressed, qtbot) -> None:  # type: ignore[no-untyped-def]
    pressed: list[str] = []
    band = LetterBand(
        "髙", "高", "「髙」は e-Gov で使えない字です。", "本当の字は記録に残ります。",
        [("「高」に替えて送る", lambda: pressed.append("swap")), ("字を直す", lambda: pressed.append("fix"))],
        name="form.band",
    )  # fmt: skip
    _shown(qtbot, band)
    assert band.accessibleName() == "「髙」は e-Gov で使えない字です。 本当の字は記録に残ります。"
    assert [b.objectName() for b in band.buttons] == ["form.band.action0", "form.band.action1"]
    for button in band.buttons:
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert pressed == ["swap", "fix"]
    with pytest.raises(ValueError, match="unknown band kind"):
        Band("odd", "x")


def test_segments_move_by_arrows(dressed, qtbot) -> None:  # type: ignore[no-untyped-def]
    segments = _shown(qtbot, Segments([("a", "甲"), ("b", "乙")], "a", name="s", spoken="見方"))
    told: list[str] = []
    segments.changed.connect(told.append)
    segments._segments["a"].setFocus()
    qtbot.keyClick(segments._segments["a"], Qt.Key.Key_Right)
    qtbot.keyClick(segments._segments["b"], Qt.Key.Key_Right)
    assert told == ["b", "a"]
    assert segments.chosen() == "a"


def _told(
    label: str, value: object, origin: str | None = None, children: tuple[Any, ...] = ()
) -> Any:
    return SimpleNamespace(
        path=f"x.{label}", label=label, value=value, origin=origin, children=children, record=None
    )


def test_the_tree_shows_values_as_people_write_them_and_opens(dressed, qtbot) -> None:  # type: ignore[no-untyped-def]
    record = SimpleNamespace(
        locator={"file": "給与台帳_2026.csv", "row": "18行め"}, recorded_at=datetime(2026, 7, 1)
    )
    april = _told("4月の報酬", 298600, "books")
    april.record = record
    tree = _shown(qtbot, ExplainTree(_told("報酬の平均額", 298733, "derived", (april,))))
    assert tree.rows() == [
        ("報酬の平均額", "298,733", ""),
        ("4月の報酬", "298,600", "給与台帳_2026.csv  18行め"),
    ]
    opened: list[Any] = []
    tree.opened.connect(opened.append)
    tree._rows[0].setFocus()
    qtbot.keyClick(tree._rows[0], Qt.Key.Key_Down)
    qtbot.keyClick(tree._rows[1], Qt.Key.Key_Space)
    assert opened == [april]
    assert [value_text(v) for v in (True, None, date(2026, 7, 1), Fraction(1, 4), BLANK)] == [
        "はい", "−", "2026-07-01", "0.25", "空のまま",
    ]  # fmt: skip
    typed = SimpleNamespace(locator={"by": "山本"}, recorded_at=datetime(2026, 7, 1))
    assert source_line(typed) == "山本  2026年7月1日"


def test_paper_cells_are_named_pressable_and_stay_paper(dressed, qtbot, resources) -> None:  # type: ignore[no-untyped-def]
    boxes = [
        SimpleNamespace(x=10, y=10, w=60, h=8, label="氏名", field_id=""),
        SimpleNamespace(x=70, y=10, w=80, h=8, label="氏名", field_id="shimei"),
    ]
    paper = Paper(boxes, {"shimei": "伊藤 健"}, "shimei")
    paper.resize(630, 891)
    _shown(qtbot, paper)
    pressed: list[str] = []
    paper.pressed.connect(pressed.append)
    cell = paper.cell("shimei")
    assert cell.accessibleName() == "氏名、伊藤 健"
    assert abs(cell.x() - 210) <= 1
    assert abs(cell.width() - 240) <= 2
    qtbot.mouseClick(cell, Qt.MouseButton.LeftButton)
    assert pressed == ["shimei"]
    theme.apply(dressed, theme.load(resources, "dark"))
    page = QColor(paper.grab().toImage().pixel(300, 800))
    assert page.lightness() > 200, "the form stays paper in the dark theme"


def test_time_and_timeline(dressed, qtbot) -> None:  # type: ignore[no-untyped-def]
    assert time_text(datetime(2026, 6, 5, 10, 14)) == "6/05 10:14"
    events = [
        SimpleNamespace(at=None, title="審査終了", note="", done=False),
        SimpleNamespace(
            at=datetime(2026, 6, 5, 10, 14), title="到達", note="記録しました", done=True
        ),
    ]
    line = _shown(qtbot, Timeline(events))
    names = [w.accessibleName() for w in line.findChildren(QWidget) if w.accessibleName()]
    assert names == ["これから、審査終了", "6/05 10:14、到達、記録しました"]


def test_each_mark_of_the_year_is_named_and_opens(dressed, qtbot) -> None:  # type: ignore[no-untyped-def]
    strip = _shown(qtbot, YearStrip(4, 7, TODAY.marks))
    strip.resize(980, strip.sizeHint().height())
    rest()
    opened: list[Any] = []
    strip.opened.connect(opened.append)
    marks = strip._marks
    assert len(marks) == len(TODAY.marks)
    assert marks[4].accessibleName() == "7月、算定基礎届、今月"
    marks[0].setFocus()
    qtbot.keyClick(marks[0], Qt.Key.Key_Right)
    assert marks[1].hasFocus()
    qtbot.keyClick(marks[1], Qt.Key.Key_Return)
    assert opened == [marks[1].mark]
    boxes = [m.geometry() for m in marks]
    assert not [1 for n, a in enumerate(boxes) for b in boxes[n + 1 :] if a.intersects(b)]


@pytest.mark.parametrize(
    ("part", "figure"), [(None, "−"), (0.0, "0 %"), (0.866, "87 %"), (1.0, "100 %")]
)
def test_the_meter(dressed, qtbot, part, figure: str) -> None:  # type: ignore[no-untyped-def]
    meter = OnceMeter(part)
    qtbot.addWidget(meter)
    assert meter.figure() == figure
    assert meter.accessibleName() == f"一度率 {figure}"


def test_a_wrapped_text_breaks_only_between_phrases(dressed, qtbot) -> None:  # type: ignore[no-untyped-def]
    words = WrapLabel("3件がまとめて\u200b送れるようになります", "heading")
    assert words.plain() == "3件がまとめて送れるようになります"
    assert words.accessibleName() == words.plain()
    qtbot.addWidget(words)
    metrics = words.fontMetrics()
    width = metrics.horizontalAdvance("3件がまとめて送れるようにな")
    one_phrase = metrics.horizontalAdvance("送れるようになります") + 24
    line = words.heightForWidth(2000)
    assert round(words.heightForWidth(width) / line) == 2
    assert round(words.heightForWidth(one_phrase) / line) == 2, "no third line for a lone kana"
    assert WrapLabel("<b>a</b> & b").plain() == "<b>a</b> & b"
