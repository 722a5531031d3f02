"""The geometry of a radar chart: where spokes end, where a score lies, which sides are drawn. No Qt."""

from __future__ import annotations

import math
from collections.abc import Sequence

Point = tuple[float, float]

HIGHEST = 5
"""A spoke has five rings, one for each point."""


def direction(number: int, count: int) -> Point:
    """The unit vector of a spoke; the first points up, the others follow clockwise."""
    turn = 2 * math.pi * number / count
    return math.sin(turn), -math.cos(turn)


def place(centre: Point, radius: float, number: int, count: int, score: float) -> Point:
    """Where `score` (0 to 5) lies on a spoke."""
    x, y = direction(number, count)
    reach = radius * min(HIGHEST, max(0.0, score)) / HIGHEST
    return centre[0] + x * reach, centre[1] + y * reach


def ring(centre: Point, radius: float, count: int, score: float) -> list[Point]:
    """The corners of the ring of a score."""
    return [place(centre, radius, n, count, score) for n in range(count)]


def sides(scores: Sequence[int | None]) -> list[tuple[int, int]]:
    """The neighbours that are joined by a line: only where both have a score, none is made up."""
    count = len(scores)
    pairs = [(n, (n + 1) % count) for n in range(count)]
    return [(a, b) for a, b in pairs if scores[a] is not None and scores[b] is not None]


def fitting_radius(width: float, height: float, box: tuple[float, float]) -> float:
    """The largest radius at which a name of size `box` stands outside every spoke's end."""
    across, high = box
    side = math.sin(math.pi / 3)  # the spokes at right and left of six
    return max(0.0, min((width / 2 - across) / side, height / 2 - high))


def name_box(
    centre: Point, radius: float, number: int, count: int, size: tuple[float, float]
) -> tuple[float, float, float, float]:
    """(left, top, width, height) of the name at the end of a spoke, outside the chart."""
    x, y = direction(number, count)
    width, height = size
    end = centre[0] + x * radius, centre[1] + y * radius
    left = end[0] - width / 2 if abs(x) < 0.1 else end[0] if x > 0 else end[0] - width
    top = end[1] - height if y < -0.9 else end[1] if y > 0.9 else end[1] - height / 2
    return left, top, width, height
