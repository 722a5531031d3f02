"""The radar chart: where its points lie, what is joined, and that it speaks and is walked by keyboard."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
from form_desk import dress
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.views.models.radar import direction, fitting_radius, name_box, place, ring, sides
from app.views.widgets.radar import RadarChart, Spoke


def test_the_first_spoke_points_up_and_the_others_go_clockwise() -> None:
    assert direction(0, 6) == pytest.approx((0, -1))
    assert direction(1, 6) == pytest.approx((math.sqrt(3) / 2, -0.5))
    assert direction(3, 6) == pytest.approx((0, 1))
    assert direction(5, 6)[0] < 0


def test_a_score_lies_its_share_of_the_way_out() -> None:
    assert place((100, 100), 50, 0, 6, 5) == pytest.approx((100, 50))
    assert place((100, 100), 50, 3, 6, 2) == pytest.approx((100, 120))
    assert place((100, 100), 50, 1, 6, 0) == pytest.approx((100, 100))
    assert place((100, 100), 50, 0, 6, 9) == pytest.approx((100, 50))  # never outside


def test_a_ring_has_a_corner_for_each_spoke_at_one_distance() -> None:
    corners = ring((0, 0), 10, 6, 3)
    assert len(corners) == 6
    assert [math.hypot(*c) for c in corners] == pytest.approx([6] * 6)


def test_nothing_is_joined_to_a_spoke_without_a_score() -> None:
    assert sides([4, 4, 3, 4, 2, 3]) == [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (5, 0)]
    assert sides([None, 4, 3, 4, 2, None]) == [(1, 2), (2, 3), (3, 4)]
    assert sides([5, None, 5, None, 5, None]) == []


@pytest.mark.parametrize(("width", "height"), [(320, 300), (280, 300), (700, 300), (320, 900)])
def test_every_name_stands_inside_the_widget_and_outside_the_chart(
    width: float, height: float
) -> None:
    size = (84.0, 36.0)
    radius = fitting_radius(width, height, size)
    centre = (width / 2, height / 2)
    for number in range(6):
        left, top, wide, high = name_box(centre, radius, number, 6, size)
        assert left >= -0.5
        assert top >= -0.5
        assert left + wide <= width + 0.5
        assert top + high <= height + 0.5
        nearest = (
            min(max(centre[0], left), left + wide) - centre[0],
            min(max(centre[1], top), top + high) - centre[1],
        )
        assert math.hypot(*nearest) >= radius * math.sqrt(3) / 2 - 0.5
    assert fitting_radius(10, 10, size) == 0


def test_the_chart_is_walked_by_arrows_and_each_spoke_speaks(qtbot: Any, resources: Path) -> None:
    app = QApplication.instance()
    dress(app, resources)
    chart = RadarChart(name="chart", spoken="レーダーチャート")
    qtbot.addWidget(chart)
    chart.resize(340, 300)
    chart.show_spokes([Spoke(f"k{n}", f"{n}", n or None, 3, f"指標{n}、{n}点") for n in range(6)])
    chart.show()
    chart.activateWindow()
    qtbot.waitUntil(chart.isActiveWindow)
    pressed: list[str] = []
    tables: list[int] = []
    chart.pressed.connect(pressed.append)
    chart.table_asked.connect(lambda: tables.append(1))
    names = chart._names
    assert [n.accessibleName() for n in names][1] == "指標1、1点"
    assert all(min(n.width(), n.height()) >= 24 for n in names)
    names[0].setFocus()
    QTest.keyClick(names[0], Qt.Key.Key_Left)
    assert names[5].hasFocus()
    QTest.keyClick(names[5], Qt.Key.Key_Right)
    QTest.keyClick(names[0], Qt.Key.Key_Down)
    assert names[1].hasFocus()
    QTest.keyClick(names[1], Qt.Key.Key_Return)
    assert pressed == ["k1"]
    QTest.keyClick(names[1], Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert tables == [1]
    assert not chart.grab().isNull()
