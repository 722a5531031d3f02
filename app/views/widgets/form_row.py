"""One row of the form: label 132, editor, origin badge in a 100 px column, note and bands below."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from app.views import theme
from app.views.models.form_face import Action, BadgeFace, BandFace, RowFace
from app.views.widgets.badge import OriginBadge
from app.views.widgets.band import Band
from app.views.widgets.button import Button
from app.views.widgets.form_bands import band_widget
from app.views.widgets.form_editors import editor_for
from app.views.widgets.lines import dress, label, wrap_label

if TYPE_CHECKING:
    from app.forms.draft_parts import Cell
    from app.forms.procedure import Field

GAP = 8
SHORT_NOTE = 290


class FormRow(QWidget):
    """A field with everything that is said about it."""

    typed = Signal(str, str)
    committed = Signal(str, str)
    cleared = Signal(str)
    entered = Signal(str)
    left = Signal(str)
    next_wanted = Signal(str)
    act = Signal(str, str)
    explain = Signal(str)

    def __init__(self, field: Field, area: str = "form", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self._area = area
        self.setObjectName(f"{area}.row.{field.id}")
        self.face: RowFace | None = None
        self._cell: Cell | None = None
        self._label = row_label(field.label)
        self.editor = editor_for(field, area, self)
        self.editor.control().setAccessibleName(field.label)
        self._label.setBuddy(self.editor.control())
        self._badge = _BadgeColumn(f"{area}.origin.{field.id}", self)
        self._badge.pressed.connect(lambda: self.explain.emit(field.id))
        self._notes = _NoteLine(
            f"{area}.link.{field.id}", theme.current().size("label") + GAP, self
        )
        self._notes.pressed.connect(lambda name: self.act.emit(field.id, name))
        self._bands: dict[str, QWidget] = {}
        self._faces_shown: tuple[BandFace, ...] = ()
        self._build()
        self._join()

    def show_cell(self, cell: Cell, face: RowFace) -> None:
        """Show the draft's cell; only what differs is touched."""
        if cell is self._cell and face == self.face:
            return
        self._cell = cell
        self.editor.show_cell(cell)
        old, self.face = self.face, face
        if old is None or old.badge != face.badge:
            self._badge.show_face(face.badge)
        if old is None or old.state != face.state:
            self.editor.set_state(face.state)
        if old is None or (old.note, old.links) != (face.note, face.links):
            self._notes.show_note(face.note, face.links)
        if old is None or old.bands != face.bands:
            self._show_bands(face.bands)
        self._describe(face)

    def stops(self) -> list[QWidget]:
        """Where Tab halts in this row: the editor, the links of the note, the buttons of the bands."""
        stops = self.editor.stops() if self.editor.control().isEnabled() else []
        bands = [b for band in self._bands.values() for b in band.findChildren(Button)]
        return [*stops, *self._notes.links, *bands]

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        first = QHBoxLayout()
        first.setSpacing(GAP)
        top = Qt.AlignmentFlag.AlignTop
        first.addWidget(self._label, 0, top)
        first.addWidget(self.editor, 1)
        first.addWidget(self._badge, 0, top)
        column.addLayout(first)
        column.addWidget(self._notes)
        self._below = QVBoxLayout()
        self._below.setContentsMargins(theme.current().size("label") + GAP, 0, 0, 0)
        self._below.setSpacing(6)
        column.addLayout(self._below)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def _join(self) -> None:
        name = self.field.id
        self.editor.typed.connect(lambda text: self.typed.emit(name, text))
        self.editor.committed.connect(lambda text: self.committed.emit(name, text))
        self.editor.cleared.connect(lambda: self.cleared.emit(name))
        self.editor.entered.connect(lambda: self.entered.emit(name))
        self.editor.left.connect(lambda: self.left.emit(name))
        self.editor.next_wanted.connect(lambda: self.next_wanted.emit(name))
        self.editor.acted.connect(lambda act: self.act.emit(name, act))

    def _show_bands(self, faces: tuple[BandFace, ...]) -> None:
        if self._reword_bands(faces):
            return
        for band in self._bands.values():
            self._below.removeWidget(band)
            band.hide()
            band.deleteLater()
        self._bands = {}
        for face in faces:
            band = band_widget(face, f"{self._area}.band.{self.field.id}", self._press)
            self._below.addWidget(band)
            band.show()
            self._bands[face.code] = band
        margin = 6 if faces else 0
        self._below.setContentsMargins(theme.current().size("label") + GAP, margin, 0, 0)

    def _reword_bands(self, faces: tuple[BandFace, ...]) -> bool:
        """While a person types on, a band of the same kind only changes its words (あと n字)."""
        old = self._faces_shown
        self._faces_shown = faces
        same = [replace(f, sentence="", note="") for f in faces] == [
            replace(f, sentence="", note="") for f in old
        ]
        plain = all(isinstance(self._bands.get(f.code), Band) for f in faces)
        if not (faces and same and plain):
            return False
        for face in faces:
            band = self._bands[face.code]
            if isinstance(band, Band):
                band.sentence.set_text(face.sentence)
                band.note.set_text(face.note)
                band.setAccessibleName(f"{face.sentence} {face.note}".strip())
        return True

    def _press(self, name: str) -> None:
        self.act.emit(self.field.id, name)

    def _describe(self, face: RowFace) -> None:
        control = self.editor.control()
        said = "、".join(x for x in (badge_words(face.badge), face.note) if x)
        said = "、".join([said, *(band.sentence for band in face.bands)]) if face.bands else said
        if control.accessibleDescription() != said:
            control.setAccessibleDescription(said)

    def announce(self) -> None:
        """Tell a screen reader of the bands that stand here, politely, once when the field is left."""
        for face in self.face.bands if self.face else ():
            event = QAccessibleAnnouncementEvent(self.editor.control(), face.sentence)
            event.setPoliteness(QAccessible.AnnouncementPoliteness.Polite)
            QAccessible.updateAccessibility(event)


def badge_words(face: BadgeFace) -> str:
    """The origin column as a screen reader says it after the value."""
    if face.word:
        return face.word
    word = str(theme.current().tokens["origin"][face.origin]["word"])
    if face.conflicts:
        return f"出どころ {word}、食い違い {face.conflicts}"
    return f"出どころ {word}" + ("(未確認)" if face.unconfirmed else "")


def row_label(text: str) -> QLabel:
    """The label of a row: in the middle of the field's height, in two lines when it is long."""
    look = theme.current()
    width, height = look.size("label"), look.size("field")
    made: QLabel
    if QFontMetrics(look.font("label")).horizontalAdvance(text) <= width:
        made = label(text, "label", "ink2")
        made.setFixedHeight(height)
    else:
        made = wrap_label(in_two(text), "label", "ink2")
        made.setMinimumHeight(height)
    made.setFixedWidth(width)
    return made


def in_two(text: str) -> str:
    """A long label broken by phrase near its middle, so that no letter hangs alone."""
    middle = len(text) / 2
    places = [i + 1 for i, c in enumerate(text[:-1]) if c in "のと・、をに"]
    places += [i for i, c in enumerate(text) if c in "(（" and i]
    best = min(places, key=lambda place: abs(place - middle), default=0)
    if not best or abs(best - middle) > len(text) / 4:
        best = round(middle)
    return f"{text[:best]}\n{text[best:]}"


class _BadgeColumn(QWidget):
    """The 100 px column: an origin badge, or a word where there is no origin."""

    pressed = Signal()

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedWidth(theme.current().size("originColumn"))
        self.setMinimumHeight(theme.current().size("field"))
        self._word = label("", "note", "ink2")
        self._word.setContentsMargins(26, 0, 0, 0)
        self._badge: OriginBadge | None = None
        self._name = name
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(self._word)
        self._row.addStretch(1)

    def show_face(self, face: BadgeFace) -> None:
        """Show the origin of a value, or 未回答, 任意, 空欄."""
        self._word.setVisible(bool(face.word))
        self._word.setText(face.word)
        if face.word:
            if self._badge is not None:
                self._badge.hide()
            return
        if self._badge is None:
            self._badge = OriginBadge(None, name=self._name)
            self._badge.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self._badge.clicked.connect(self.pressed)
            self._row.insertWidget(0, self._badge)
        self._badge.set_origin(
            face.origin, face.unconfirmed, face.conflicts, provisional=face.provisional
        )
        self._badge.show()


class _OneLine(QLabel):
    """One line of 12 px that keeps nothing from growing narrower."""

    def __init__(self) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        dress(self, "note", "ink2")

    def minimumSizeHint(self) -> QSize:
        """No width of its own."""
        return QSize(0, super().minimumSizeHint().height() + 4)


class _NoteLine(QWidget):
    """The 12 px line under a field with what can be pressed in it; gone when there is nothing.

    A short note is one line with its links right behind it; a long one wraps.
    """

    pressed = Signal(str)

    def __init__(self, name: str, indent: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._name = name
        self._note = ""
        self._short = _OneLine()
        self._long = wrap_label("", "note", "ink2")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(indent, 2, 0, 0)
        self._row.setSpacing(4)
        self._row.addWidget(self._short)
        self._row.addWidget(self._long, 1)
        self._row.addStretch(0)
        self.links: list[Button] = []
        self.hide()

    def text(self) -> str:
        """The note shown."""
        return self._short.text() or self._long.plain()

    def show_note(self, note: str, links: tuple[Action, ...]) -> None:
        """Show a sentence and its links."""
        for link in self.links:
            self._row.removeWidget(link)
            link.hide()
            link.deleteLater()
        self.links = []
        for place, action in enumerate(links):
            link = Button(action.word, "quiet", small=True, name=f"{self._name}.{action.name}")
            link.clicked.connect(lambda _=False, name=action.name: self.pressed.emit(name))
            self._row.insertWidget(2 + place, link)
            link.show()
            self.links.append(link)
        self._note = note
        self._arrange()
        self.setVisible(bool(note or links))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """One line where there is room, else several."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._arrange()

    def _arrange(self) -> None:
        note = self._note
        metrics = QFontMetrics(theme.current().font("note"))
        used = metrics.horizontalAdvance(note) + sum(b.sizeHint().width() + 4 for b in self.links)
        room = self.width() - self._row.contentsMargins().left()
        short = used <= max(room, theme.current().grown(SHORT_NOTE))
        self._short.setText(note if short else "")
        self._short.setVisible(short and bool(note))
        self._long.set_text("" if short else note)
        self._long.setVisible(not short)
        self._row.setStretch(self._row.count() - 1, 1 if short else 0)
