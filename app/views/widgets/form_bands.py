"""The bands under a field: a letter to change, a question to settle, a choice between records."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.views.models.form_face import Action, BandFace
from app.views.widgets.badge import OriginBadge
from app.views.widgets.band import Band, LetterBand
from app.views.widgets.button import Button
from app.views.widgets.icon_view import IconView
from app.views.widgets.lines import label, wrap_label

Press = Callable[[str], None]


def band_widget(face: BandFace, name: str, press: Press) -> QWidget:
    """The widget of a band, named `name`; every button reports its action's name to `press`."""
    if face.rivals:
        return RivalBand(face, name, press)
    calls = [(a.word, _calling(press, a.name)) for a in face.actions]
    band: Band | LetterBand
    if face.letter:
        band = LetterBand(face.letter, face.instead, face.sentence, face.note, calls, name=name)
    else:
        band = Band(face.kind, face.sentence, face.note, calls, name=name)
    for button, action in zip(band.buttons, face.actions, strict=True):
        button.setObjectName(f"{name}.{short_name(action)}")
    return band


def short_name(action: Action) -> str:
    """The part of an action's name that tests find it by: accept:w1 → accept."""
    head, _, tail = action.name.partition(":")
    return f"{head}.{tail}" if head in ("choose", "substitute") and tail else head


class RivalBand(QFrame):
    """A conflict: each statement with its origin and date, and a button that chooses it."""

    def __init__(self, face: BandFace, name: str, press: Press) -> None:
        super().__init__()
        self.setProperty("band", "warn")
        self.setObjectName(name)
        self.setAccessibleName(face.sentence)
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addWidget(wrap_label(face.sentence, "body", "ink"))
        self.buttons: list[Button] = []
        for number, rival in enumerate(face.rivals):
            line = QHBoxLayout()
            line.setSpacing(8)
            line.addWidget(OriginBadge(rival.origin))
            line.addWidget(wrap_label(rival.text, "body", "ink"), 1)
            line.addWidget(label(rival.note, "note", "ink2"))
            button = Button("この値を使う", small=True, name=f"{name}.choose.{number}")
            button.setAccessibleName(f"{rival.text} を使う")
            button.clicked.connect(_calling(press, f"choose:{number}"))
            line.addWidget(button)
            self.buttons.append(button)
            column.addLayout(line)
        row = QHBoxLayout(self)
        row.setContentsMargins(11, 10, 12, 10)
        row.setSpacing(12)
        row.addWidget(IconView("triangle-alert", 18, "warn"), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(column, 1)


def _calling(press: Press, name: str) -> Callable[[], None]:
    def call() -> None:
        press(name)

    return call
