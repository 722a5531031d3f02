"""ほかの e-Gov の手続: a procedure that has no form of ours, written on the skeleton its door hands out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.errors import Known
from app.services.skeleton_draft import FILE_LIMIT, Leftover
from app.views.background import run
from app.views.page import Page, Status, Target, Window
from app.views.pages.cases import amending_band
from app.views.pages.outbox_column import ScrollColumn
from app.views.pages.settings_filing import read_whole
from app.views.pages.skeleton_parts import FilesCard, LeftoverCard, PlaceRow
from app.views.pages.who_files import account_line, account_words
from app.views.widgets.band import Action, Band
from app.views.widgets.button import Button
from app.views.widgets.card import Card
from app.views.widgets.lines import label
from app.views.widgets.slices import Slices

if TYPE_CHECKING:
    from app.services.skeleton_draft import Offer, SkeletonDraft
    from app.services.skeleton_places import Section

BROKE = "一度の側でつまずきました。書いたものは残っています。"
A_TURN = 3
"""Rows made in one turn of the window's loop."""


class SkeletonPage(Page):
    """The generated form of one draft. `asked`: `draft` (its id); `amends`, the filing it answers for."""

    place = "procedures"

    def __init__(self, desk: Any, window: Window, asked: Mapping[str, str]) -> None:
        super().__init__(desk, window)
        self.setObjectName("skeleton")
        self._egov = desk.egov
        self.draft: SkeletonDraft = self._egov.drafts.get(asked["draft"])
        self.amends = asked.get("amends", "")
        self.rows: dict[str, PlaceRow] = {}
        self._offers: dict[str, Offer | None] = {}
        self._busy = False
        self._dialog: QFileDialog | None = None
        self.go = Button("確かめる", "primary", name="skeleton.review")
        self._left = label("", "label", "ink2", name="skeleton.left")
        self.again = Button("様式を取り寄せなおす", "small", "refresh-cw", name="skeleton.refetch")
        self._slices = Slices(self)
        self._scroll = ScrollColumn((0, 4, 8, 24))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._scroll)
        self.go.clicked.connect(lambda _=False: self.to_review())
        self.again.clicked.connect(lambda _=False: self.refetch())
        self.note_count = QTimer(self, singleShot=True, interval=300)
        self.note_count.timeout.connect(self.window_.update_status)
        self._build()

    # --- the frame

    def header_actions(self) -> list[QWidget]:
        """How much is left, and the way to the review."""
        return [self._left, self.go]

    def columns(self) -> Sequence[QWidget]:
        """One column."""
        return [self._scroll]

    def first_focus(self) -> QWidget | None:
        """The first field that is not answered."""
        gaps = self.draft.gaps()
        wanted = next((self.rows[g] for g in gaps if g in self.rows), None)
        first = wanted or next(iter(self.rows.values()), None)
        return first.field if first is not None else None

    def status(self) -> Status:
        """When the draft was kept, and how much of it was typed."""
        rows = self.draft.rows()
        typed = sum(origin == "typed" for _, _, origin in rows)
        count = f"入れたのは {len(rows)}か所、うち手で {typed}か所" if rows else ""
        return Status(self.draft.saved_at, count)

    def targets(self) -> Sequence[Target]:
        """The fields, for Ctrl+K."""
        return [
            Target(p.label, p.group, lambda i=p.id: self.focus_on(i), icon="pencil")  # type: ignore[misc]
            for p in self.draft.places.values()
        ]

    def refresh(self) -> None:
        """Reads the draft again; offers follow what the company knows now."""
        found = self._egov.drafts.get(self.draft.id)
        if found is not self.draft:
            self.draft = found
            self._build()
            return
        self._offers = {}
        self._show_all()

    def leaving(self) -> None:
        """Writes what is pending."""
        self.draft.flush()

    # --- building

    def _build(self) -> None:
        """Head and cards at once; the rows come a few a turn."""
        self.title = self.draft.title
        at = self.draft.kept.fetched_at
        day = f"{at.year}年{at.month}月{at.day}日"
        self.note = f"手続ID {self.draft.proc_id} ・ {day}に取り寄せた様式"
        column = self._scroll.renew()
        column.setSpacing(12)
        self.rows, self._offers = {}, {}
        self._bands = QVBoxLayout()
        self._bands.setSpacing(8)
        column.addLayout(self._bands)
        self._say_state()
        self.leftovers = LeftoverCard()
        self.leftovers.moved.connect(self._move)
        self.leftovers.dropped.connect(self._drop)
        column.addWidget(self.leftovers)
        cards = []
        for number, section in enumerate(self.draft.sections):
            card = Card(section.title, name=f"skeleton.section.{number}")
            column.addWidget(card)
            cards.append((card, section))
        self.files = FilesCard()
        self.files.wanted.connect(self._ask_file)
        self.files.removed.connect(self._detach)
        column.addWidget(self.files)
        column.addStretch(1)
        self.leftovers.show_leftovers(self.draft.leftovers())
        self.files.show_files(self.draft.files())
        self._show_left()
        parts = [part for card, section in cards for part in self._parts(card, section)]
        self._slices.run(*parts)

    def _parts(self, card: Card, section: Section) -> list[Any]:
        places = section.places
        groups = [places[n : n + A_TURN] for n in range(0, len(places), A_TURN)]

        def make(group: Any) -> None:
            problems = self.draft.problems()
            for place in group:
                row = PlaceRow(place)
                row.typed.connect(self._typed)
                row.accepted.connect(self._accept)
                self.rows[place.id] = row
                row.show_draft(self.draft, problems.get(place.id, ""), self._offer(place.id))
                card.add_row(row)

        return [lambda g=group: make(g) for group in groups]

    def _say_state(self) -> None:
        """What this page is, who files, which form it is written on; and the 補正 it answers."""
        told = (
            "この手続には、一度の様式がありません。e-Gov が渡す様式に、そのまま書きます。"
            "会社について知っていることは、ボタンを押したときだけ入ります。"
        )
        if self.draft.changed:
            told = (
                "様式の版が変わりました。書いた答えは残っています。新しい様式で確かめてください。"
            )
        band = Band("warn" if self.draft.changed else "info", told, name="skeleton.about")
        self._bands.addWidget(band)
        if self.draft.delivery:
            words = "電子送達の利用申込みとして、e-Gov の別の窓口に出します。"
            self._bands.addWidget(Band("info", words, name="skeleton.delivery"))
        unread = [u for f in self.draft.kept.skeleton.forms for u in f.unread]
        if unread:
            words = f"役所だけが確かめる決まりが {len(unread)}つあります。送る前に「形式チェック」で確かめられます。"
            self._bands.addWidget(Band("info", words, name="skeleton.unread"))
        if self.amends and (band2 := amending_band(self.desk, self.amends)) is not None:
            self._bands.addWidget(band2)
        line = account_line(self.desk, "skeleton.account")
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(4, 0, 0, 0)
        row.addWidget(line.centre("note"), 1)
        row.addWidget(self.again)
        self._bands.addWidget(holder)
        self._account = line
        self._told: Band | None = None

    # --- showing

    def _show_all(self) -> None:
        problems = self.draft.problems()
        for place, row in self.rows.items():
            row.show_draft(self.draft, problems.get(place, ""), self._offer(place))
        self.leftovers.show_leftovers(self.draft.leftovers())
        self.files.show_files(self.draft.files())
        self._account.set_text(account_words(self.desk))
        self._show_left()

    def _show_left(self) -> None:
        left = len(self.draft.gaps()) + len(self.draft.problems()) + len(self.draft.leftovers())
        self._left.setText(f"あと {left}か所" if left else "すべて埋まりました")

    def _offer(self, place: str) -> Offer | None:
        """Asked of the company's facts once; an answered place shows none anyway."""
        if place not in self._offers:
            self._offers[place] = self.draft.offered(place)
        return self._offers[place]

    def focus_on(self, place: str) -> None:
        """The keyboard goes to a field."""
        if (row := self.rows.get(place)) is not None:
            self._scroll.ensureWidgetVisible(row)
            row.field.setFocus()

    # --- what a person does

    def _typed(self, place: str, text: str) -> None:
        self.draft.answer(place, text)
        self._after(place)

    def _accept(self, place: str) -> None:
        offer = self._offer(place)
        if offer is not None:
            self.draft.accept(place, offer)
            self._offers.pop(place, None)
            self._after(place)
            self.rows[place].field.setFocus()

    def _after(self, place: str) -> None:
        problem = self.draft.problems().get(place, "")
        self.rows[place].show_draft(self.draft, problem, self._offer(place))
        self._show_left()
        self.note_count.start()

    def _move(self, leftover: Leftover) -> None:
        self.draft.move(leftover)
        self._show_all()

    def _drop(self, leftover: Leftover) -> None:
        self.draft.drop(leftover)
        self._show_all()

    def _ask_file(self) -> None:
        dialog = QFileDialog(self, "添えるファイル", str(Path.home()))
        dialog.setObjectName("skeleton.files.dialog")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda path: self.add_file(Path(path)))
        dialog.finished.connect(dialog.deleteLater)
        self._dialog = dialog
        dialog.open()

    def add_file(self, path: Path) -> None:
        """Takes a file in; it is read and kept off the window's thread."""

        def keep() -> tuple[str, int]:
            content = read_whole(path, FILE_LIMIT)
            return self.draft.keep_file(path.name, content), len(content)

        def done(kept: tuple[str, int]) -> None:
            try:
                self.draft.attach("", path.name, *kept)
            except Known as fault:
                self.tell("warn", fault.sentence)
            self.files.show_files(self.draft.files())

        self._work(keep, done)

    def _detach(self, place: str) -> None:
        self.draft.detach(place)
        self.files.show_files(self.draft.files())

    def refetch(self) -> None:
        """Asks the door for its form again; the answers are kept whatever comes."""

        def done(_kept: object) -> None:
            self.draft = self._egov.drafts.renew(self.draft.id)
            self._build()
            self.window_.say("様式を取り寄せました。")

        self.draft.flush()
        self._work(lambda: self.desk.cases.skeletons.fetch(self.draft.proc_id), done)

    def to_review(self) -> None:
        """On to the review, or to what is left first."""
        gaps = [*self.draft.gaps(), *self.draft.problems()]
        if gaps:
            self.focus_on(gaps[0])
            self.tell("warn", self._egov.drafts.reasons(self.draft)[0])
            return
        if self.draft.leftovers():
            self._scroll.ensureWidgetVisible(self.leftovers)
            return
        more = {"amends": self.amends} if self.amends else {}
        self.window_.show_page("skeleton_review", draft=self.draft.id, **more)

    # --- faults

    def _work(self, task: Any, done: Any) -> None:
        if self._busy:
            return
        self._busy = True
        self.again.setEnabled(False)

        def rest() -> None:
            self._busy = False
            self.again.setEnabled(True)

        def finished(result: Any) -> None:
            rest()
            done(result)

        def failed(fault: Exception) -> None:
            rest()
            if not isinstance(fault, Known):
                self.tell("danger", BROKE)
                raise fault
            actions: list[Action] = []
            if type(fault).__name__ == "SignedOut":
                actions = [("サインインする", lambda: self.window_.show_page("sign_in"))]
            self.tell("warn", fault.sentence, actions)

        run(task, finished, failed, self)

    def tell(self, kind: str, sentence: str, actions: Sequence[Action] = ()) -> None:
        """A band in place, above the form."""
        if self._told is not None:
            self._told.hide()
            self._told.deleteLater()
        self._told = Band(kind, sentence, "", actions, name="skeleton.band")
        self._bands.addWidget(self._told)
