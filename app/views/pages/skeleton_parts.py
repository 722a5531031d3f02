"""Parts of the page of a procedure without a folder: a row of the generated form, files, leftovers."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.services.skeleton_draft import FileSent, Leftover, Offer, SkeletonDraft
from app.services.skeleton_places import Place
from app.views.pages.documents_view import size_words
from app.views.theme import current
from app.views.widgets.badge import OriginBadge
from app.views.widgets.button import Button
from app.views.widgets.card import Card
from app.views.widgets.chip import Chip
from app.views.widgets.field import TextField
from app.views.widgets.lines import WrapLabel, wrap_label
from app.views.widgets.row import ListRow

_HEAD, _ABOUT = 232, 176


class _Leaves(QObject):
    """Tells when one control gets or loses the keyboard."""

    entered = Signal()
    left = Signal()

    def __init__(self, control: QWidget) -> None:
        super().__init__(control)
        control.installEventFilter(self)

    def eventFilter(self, _control: QObject, event: QEvent) -> bool:
        """Notes focus; swallows nothing."""
        if event.type() == QEvent.Type.FocusIn:
            self.entered.emit()
        elif event.type() == QEvent.Type.FocusOut:
            self.left.emit()
        return False


AT_SEALING = "封をするときに、その場で聞きます"
"""What stands in the place of a 個人番号."""


class PlaceRow(QWidget):
    """One field of the generated form. `typed` carries place and text at each keystroke.

    Under the field stand what the door's rules say against its text, and the known fact that may be
    put there: `accepted` carries the place when a person takes it.
    """

    typed = Signal(str, str)
    accepted = Signal(str)
    entered = Signal(str)

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place
        self.setObjectName(f"skeleton.row.{place.id}")
        self.field = TextField(name=f"skeleton.field.{place.id}", spoken=_spoken(place))
        if place.my_number:
            self.field.set_state("locked")
            self.field.setPlaceholderText(AT_SEALING)
        self.field.textEdited.connect(lambda text: self.typed.emit(self.place.id, text))
        watch = _Leaves(self.field)
        watch.entered.connect(lambda: self.entered.emit(self.place.id))
        self.badge = OriginBadge(None)
        self.wanted = Chip("必須", "neutral", "dashed")
        self.problem: WrapLabel | None = None
        self.offer: Button | None = None
        self._known: QWidget | None = None
        self._words: WrapLabel | None = None
        self._under = QVBoxLayout()
        self._under.setSpacing(4)
        self._lay()

    def _lay(self) -> None:
        head = QWidget()
        head.setFixedWidth(current().grown(_HEAD))
        words = QVBoxLayout(head)
        words.setContentsMargins(0, 8, 0, 0)
        words.setSpacing(0)
        words.addWidget(wrap_label(self.place.label, "label", "ink"))
        if self.place.group:
            words.addWidget(wrap_label(self.place.group, "note", "ink2"))
        words.addStretch(1)
        about = QWidget()
        about.setFixedWidth(current().grown(_ABOUT))
        beside = QHBoxLayout(about)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.setSpacing(8)
        beside.addWidget(self.wanted)
        beside.addStretch(1)
        beside.addWidget(self.badge)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.field, 1)
        line.addWidget(about)
        right = QVBoxLayout()
        right.setSpacing(4)
        right.addLayout(line)
        right.addLayout(self._under)
        row = QHBoxLayout(self)
        row.setContentsMargins(19, 6, 16, 6)
        row.setSpacing(16)
        row.addWidget(head)
        row.addLayout(right, 1)

    def offered(self) -> str:
        """What is offered now, as it is read; "" where nothing is."""
        shown = self._known is not None and not self._known.isHidden()
        return self._words.plain() if shown and self._words is not None else ""

    def show_draft(self, draft: SkeletonDraft, problem: str, offer: Offer | None) -> None:
        """Shows what the draft holds; a field with the keyboard keeps its letters."""
        text = draft.text(self.place.id)
        if self.field.text() != text:
            self.field.show_text(text)
        self._mark(text, draft.origin(self.place.id), problem)
        self._offer(offer, text)

    def _mark(self, text: str, origin: str | None, problem: str) -> None:
        filled = bool(text)
        if origin is None and filled:
            self.badge.hide()  # the skeleton's own words: nobody stated them
        else:
            self.badge.show()
            if self.badge.origin != origin:
                self.badge.set_origin(origin)
        self.wanted.setVisible(self.place.required and not filled and not self.place.my_number)
        if not self.place.my_number and self.field.state() != ("error" if problem else ""):
            self.field.set_state("error" if problem else "")
        self.field.setAccessibleDescription(problem)
        if problem and self.problem is None:
            self.problem = wrap_label("", "note", "danger")
            self.problem.setObjectName(f"skeleton.problem.{self.place.id}")
            self._under.insertWidget(0, self.problem)
        if self.problem is not None:
            self.problem.set_text(problem)
            self.problem.setVisible(bool(problem))

    def _offer(self, offer: Offer | None, text: str) -> None:
        show = offer is not None and not text
        if show and self.offer is None:
            self._make_offer()
        if self.offer is None or self._known is None or self._words is None:
            return
        if show and offer is not None:
            self._words.set_text(f"{offer.label} 「{offer.text}」")
            self._words.setToolTip(f"出どころ {offer.source}")
            self.offer.setAccessibleName(f"{_spoken(self.place)} に {offer.text} を入れる")
        self._known.setVisible(show)

    def _make_offer(self) -> None:
        """What is known, in whole, and the button that puts it there."""
        self._known = QWidget()
        line = QHBoxLayout(self._known)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        name = f"skeleton.offer.{self.place.id}"
        self.offer = Button("入れる", "small", "plus", name=name)
        self.offer.clicked.connect(lambda _=False: self.accepted.emit(self.place.id))
        self._words = wrap_label("", "note", "ink2")
        line.addWidget(self.offer, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self._words, 1)
        self._under.addWidget(self._known)


class FilesCard(Card):
    """添える書類: what goes along, each with its way out; `wanted` asks for a file."""

    wanted = Signal()
    removed = Signal(str)

    def __init__(self) -> None:
        super().__init__("添える書類", name="skeleton.files")
        self.add = Button("ファイルを添える", "small", "paperclip", name="skeleton.files.add")
        self.add.clicked.connect(lambda _=False: self.wanted.emit())
        self.head.addWidget(self.add)

    def show_files(self, files: Sequence[FileSent]) -> None:
        """Shows the files of the draft."""
        self.clear_rows()
        self.set_count(f"{len(files)}件" if files else "なし")
        for number, one in enumerate(files):
            off = Button("外す", "small", name=f"skeleton.files.{number}.remove")
            off.setAccessibleName(f"{one.title} を外す")
            off.clicked.connect(lambda _=False, p=one.place: self.removed.emit(p))
            note = f"{one.file_name} ・ {size_words(one.size)}"
            self.add_row(ListRow("paperclip", one.title, note, [off], bold=False))
        if not files:
            note = "この手続に要る書類は、役所の説明で確かめてください。ここからは分かりません。"
            self.add_row(_padded(wrap_label(note, "note", "ink2")))


class LeftoverCard(Card):
    """Answers that a changed form has no place for: none is dropped before a person says so."""

    moved = Signal(object)
    dropped = Signal(object)

    def __init__(self) -> None:
        super().__init__("様式が変わり、置き場のなくなった答え", name="skeleton.leftovers")
        self.hide()

    def show_leftovers(self, rows: Sequence[Leftover]) -> None:
        """Shows them; the card is there while there are some."""
        self.clear_rows()
        self.set_count(f"{len(rows)}つ")
        self.setVisible(bool(rows))
        for number, one in enumerate(rows):
            right: list[QWidget] = []
            if one.target:
                move = Button(
                    f"「{one.target_label}」に入れる", "small", name=f"skeleton.left.{number}.move"
                )
                move.clicked.connect(lambda _=False, o=one: self.moved.emit(o))
                right.append(move)
            drop = Button("いらない", "quiet", small=True, name=f"skeleton.left.{number}.drop")
            drop.setAccessibleName(f"{one.label} {one.text} はいらない")
            drop.clicked.connect(lambda _=False, o=one: self.dropped.emit(o))
            right.append(drop)
            self.add_row(ListRow("triangle-alert", one.text, one.label, right, icon_colour="warn"))


def _spoken(place: Place) -> str:
    return f"{place.group} {place.label}".strip()


def _padded(inner: QWidget) -> QWidget:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(19, 8, 16, 12)
    column.addWidget(inner)
    return holder
