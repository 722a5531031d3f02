"""Icons: lucide outlines tinted from their SVG text at the screen's pixel ratio (LOOK 1, 9)."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from app.views.theme import current

_STROKE = re.compile(r'stroke-width="[^"]*"')
_pixmaps: dict[tuple[str, int, str, float], QPixmap] = {}


def pixmap(name: str, size: int, colour: str = "ink2", ratio: float = 0.0) -> QPixmap:
    """The outline `name` at `size` logical pixels in a theme colour.

    `ratio` is device pixels a logical pixel; 0 takes the highest of all screens.
    Raises FileNotFoundError for an outline that is not in resources/icons.
    """
    ratio = ratio or QGuiApplication.instance().devicePixelRatio()  # type: ignore[union-attr]
    tint = current().hex(colour)
    key = (name, size, tint, ratio)
    if key not in _pixmaps:
        _pixmaps[key] = _render(name, size, tint, ratio)
    return _pixmaps[key]


def icon(name: str, size: int, colour: str = "ink2") -> QIcon:
    """The outline as a QIcon, sharp at 100 % and on the screen with the most pixels."""
    made = QIcon()
    for ratio in {1.0, float(QGuiApplication.instance().devicePixelRatio())}:  # type: ignore[union-attr]
        made.addPixmap(pixmap(name, size, colour, ratio))
    return made


def app_icon(resources: Path) -> QIcon:
    """The program's own icon."""
    return QIcon(str(resources / "icons" / "ichido.svg"))


def paint_icon(
    painter: QPainter, name: str, x: float, y: float, size: int, colour: str = "ink2"
) -> None:
    """Paints the outline with its top left corner at (x, y)."""
    ratio = painter.device().devicePixelRatioF()
    painter.drawPixmap(QRectF(x, y, size, size).toRect(), pixmap(name, size, colour, ratio))


@lru_cache(maxsize=256)
def _svg(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _render(name: str, size: int, tint: str, ratio: float) -> QPixmap:
    theme = current()
    if theme.resources is None:
        raise FileNotFoundError("the theme was made without its resources folder")
    stroke = theme.tokens["icon"]["strokeSmall" if size <= 14 else "stroke"]
    text = _svg(theme.resources / "icons" / f"{name}.svg").replace("currentColor", tint)
    text = _STROKE.sub(f'stroke-width="{stroke}"', text, count=1)
    renderer = QSvgRenderer(QByteArray(text.encode("utf-8")))
    picture = QPixmap(round(size * ratio), round(size * ratio))
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    renderer.render(painter, QRectF(0, 0, size * ratio, size * ratio))
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture
