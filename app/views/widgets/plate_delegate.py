"""A company in a table: its plate beside its name."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF
from PySide6.QtGui import QPainter

from app.views.widgets.figure_delegate import TableDelegate
from app.views.widgets.plate import paint_plate

PLATE_ROLE: Final = 0x0100 + 31
"""(kanji, colour) of the company's plate, above Qt's own roles."""


class PlateDelegate(TableDelegate):
    """Paints a cell whose PLATE_ROLE gives a plate."""

    def _letters(
        self, painter: QPainter, rect: QRectF, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        plate = index.data(PLATE_ROLE)
        if not plate:
            super()._letters(painter, rect, index)
            return
        kanji, colour = plate
        paint_plate(painter, QRectF(rect.x(), rect.center().y() - 12, 24, 24), kanji, colour)
        super()._letters(painter, rect.adjusted(34, 0, 0, 0), index)
