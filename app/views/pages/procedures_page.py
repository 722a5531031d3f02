"""手続: what can be written, what is being written, and for whom."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.errors import Known
from app.domain.kana import search_key
from app.views.models.form_face import moment_text
from app.views.page import Page, Target, Window
from app.views.pages.put_aside import PutAside
from app.views.widgets.band import Band
from app.views.widgets.button import Button
from app.views.widgets.card import Card
from app.views.widgets.chip import Chip
from app.views.widgets.empty import EmptyState
from app.views.widgets.field import TextField
from app.views.widgets.lines import wrap_label
from app.views.widgets.row import ListRow

FILTER_FROM = 8
SHOWN_MOST = 200


class ProceduresPage(Page):
    """A list of procedures beside the open drafts. `asked` may name one to start (`open`)."""

    def __init__(self, desk: Any, window: Window, asked: Mapping[str, str]) -> None:
        super().__init__(desk, window)
        self.setObjectName("procedures")
        self._asked = dict(asked)
        self.title = "手続"
        self.chooser = SubjectChooser()
        self.chooser.hide()
        self.list = Card("手続", name="procedures.list")
        self.drafts = Card("書きかけ", name="procedures.drafts")
        self._faults = QVBoxLayout()
        left = QVBoxLayout()
        left.setSpacing(16)
        for part in (self.chooser, self._social(), self.list):
            left.addWidget(part)
        left.addStretch(1)
        right = QVBoxLayout()
        right.addWidget(self.drafts)
        right.addStretch(1)
        self._row = QHBoxLayout()
        self._row.setSpacing(16)
        self._row.addLayout(left, 58)
        self._row.addLayout(right, 42)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.addLayout(self._faults)
        column.addLayout(self._row, 1)

    def _social(self) -> Card:
        """The way to the notices that are prepared for many people at once."""
        card = Card(name="procedures.social")
        button = Button("だれに何が要るか見る", name="procedures.social.open")
        button.clicked.connect(lambda _=False: self.window_.show_page("social"))
        note = "算定基礎・月額変更・賞与・取得・喪失・被扶養者。\u200b従業員と給与の表から、まとめて用意します。"
        row = ListRow("user", "社会保険の届", note, [button], name="procedures.social.row")
        card.add_row(row)
        return card

    def columns(self) -> Sequence[QWidget]:
        """The list and the drafts."""
        return [self.list, self.drafts]

    def targets(self) -> Sequence[Target]:
        """Drafts to go on with; procedures are offered by the frame itself."""
        return []

    def fold(self, width: int) -> None:
        """Under each other on a narrow window."""
        narrow = width < 1120
        direction = (
            QHBoxLayout.Direction.TopToBottom if narrow else QHBoxLayout.Direction.LeftToRight
        )
        self._row.setDirection(direction)
        self._row.setStretch(0, 0 if narrow else 58)
        self._row.setStretch(1, 1 if narrow else 42)

    def refresh(self) -> None:
        """Read procedures and drafts again."""
        _empty(self._faults)
        try:
            rows, drafts = list(self.desk.procedures()), list(self.desk.drafts())
        except Known as fault:
            self._faults.addWidget(Band("danger", fault.sentence, name="procedures.fault"))
            return
        self.note = f"{len(rows)}種類"
        self._show_procedures(rows)
        self._show_drafts(drafts, {r.id: r for r in rows})
        wanted = self._asked.pop("open", "")
        row = next((r for r in rows if r.id == wanted), None)
        if row is not None:
            self.start(row)
        else:
            QTimer.singleShot(0, self, self._focus_first)

    def _focus_first(self) -> None:
        buttons = [b for c in (self.drafts, self.list) for b in c.findChildren(Button)]
        if buttons and not self.chooser.isVisible():
            buttons[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def start(self, row: Any) -> None:
        """Begin a procedure: at once, or after the person it is about has been chosen."""
        if subject_of(row) != "employees":
            self._open(row.id, "")
            return
        self.chooser.ask(row.title, self.desk.employees())
        self.chooser.chosen = lambda key: self._open(row.id, key)
        self.chooser.add = lambda: self.window_.show_page("company", view="employees", add="1")
        self.chooser.show()
        self.chooser.focus_first()

    def _open(self, procedure_id: str, subject: str) -> None:
        self.chooser.hide()
        self.window_.show_page("form", procedure=procedure_id, subject=subject)

    def _show_procedures(self, rows: Sequence[Any]) -> None:
        self.list.clear_rows()
        self.list.set_count(f"{len(rows)}種類")
        for row in rows:
            self.list.add_row(self._procedure(row))
        if getattr(self.desk, "egov", None) is not None:
            self.list.add_row(self._other())

    def _other(self) -> QWidget:
        """The way to every procedure of e-Gov that has no form here."""
        go = Button("様式を取り寄せる", name="procedures.other")
        go.setAccessibleName("ほかの e-Gov の手続 の様式を取り寄せる")
        go.clicked.connect(lambda _=False: self.window_.show_page("skeleton"))
        note = "e-Gov が渡す様式のまま書いて出します。手続ID で開きます。"
        return ListRow("plus", "ほかの e-Gov の手続", note, [go], icon_colour="accent")

    def _procedure(self, row: Any) -> QWidget:
        box = QWidget()
        line = QHBoxLayout(box)
        line.setContentsMargins(19, 12, 16, 12)
        line.setSpacing(12)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(wrap_label(row.title, "heading", "ink"))
        words.addWidget(wrap_label(row.authority, "note", "ink2"))
        words.addWidget(wrap_label(row.door_sentence, "note", "ink2"))
        line.addLayout(words, 1)
        centre = Qt.AlignmentFlag.AlignVCenter
        if row.practice_only:
            line.addWidget(Chip("練習", "warn", "outline"), 0, centre)
        button = Button("はじめる", name=f"procedures.start.{row.id}")
        button.setAccessibleName(f"{row.title} をはじめる")
        if row.practice_only and not self.desk.practice:
            button.set_text("練習だけです")
            button.set_kind("dashed")
            button.setToolTip("この版は古いため、練習の会社でだけ書けます。")
            button.clicked.connect(lambda _=False: self.window_.say(button.toolTip()))
        else:
            button.clicked.connect(lambda _=False, r=row: self.start(r))
        line.addWidget(button, 0, centre)
        return box

    def _show_drafts(self, drafts: Sequence[Any], procedures: Mapping[str, Any]) -> None:
        self.drafts.clear_rows()
        live = [d for d in drafts if not getattr(d, "discarded_at", None)]
        egov = getattr(self.desk, "egov", None)
        others = egov.drafts.lines() if egov is not None else []
        self.drafts.set_count(f"{len(live) + len(others)}件")
        names = {m.key: m.name for m in self.desk.employees()} if live else {}
        for number, draft in enumerate(live):
            row = procedures.get(draft.procedure_id)
            title = row.title if row is not None else draft.procedure_id
            parts = [
                names.get(draft.subject, ""),
                f"{moment_text(draft.updated_at)} まで書きました",
            ]
            button = Button("つづける", "plain", name=f"procedures.continue.{number}")
            button.setAccessibleName(f"{title} {parts[0]} をつづける")
            button.clicked.connect(self._goer(draft.procedure_id, draft.subject))
            note = " ・ ".join(p for p in parts if p)
            right: list[QWidget] = [button]
            if getattr(self.desk, "vault", None) is not None:
                right.append(self._aside_button(number, draft, f"{title} {parts[0]}".strip()))
            self.drafts.add_row(ListRow("file-text", title, note, right))
        for number, line in enumerate(others):
            on = Button("つづける", "plain", name=f"procedures.skeleton.{number}")
            on.setAccessibleName(f"{line.title} をつづける")
            on.clicked.connect(
                lambda _=False, i=line.id: self.window_.show_page("skeleton", draft=i)
            )
            note = f"{moment_text(line.updated_at)} まで書きました"
            self.drafts.add_row(ListRow("file-text", line.title, note, [on]))
        if not live and not others:
            empty = EmptyState("pencil", "書きかけはありません", "はじめると、ここに残ります。")
            self.drafts.add_row(empty)

    def _aside_button(self, number: int, draft: Any, spoken: str) -> Button:
        button = Button("しまう", "quiet", name=f"procedures.aside.{number}")
        button.setAccessibleName(f"{spoken} をしまう")
        button.clicked.connect(lambda _=False: self.put_aside(draft))
        return button

    def put_aside(self, draft: Any) -> None:
        """Out of the way, with its way back in the status bar and in 設定."""
        aside = PutAside(self.desk)

        def back() -> None:
            aside.back(draft.id)
            self.refresh()

        try:
            aside.put(draft.id)
        except Known as fault:
            self.window_.say(fault.sentence)
            return
        self.window_.forget_pages("form", "review", "interview", "once")
        self.refresh()
        self.window_.update_status()
        self.window_.say("下書きをしまいました。", back)

    def _goer(self, procedure_id: str, subject: str) -> Callable[[], None]:
        return lambda: self._open(procedure_id, subject)


class SubjectChooser(Card):
    """だれの届ですか: the people of the company, with a filter when they are many."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("だれの届ですか", name="procedures.subject", parent=parent)
        self.chosen: Callable[[str], None] = lambda _key: None
        self.add: Callable[[], None] = lambda: None
        self._people: Sequence[Any] = ()
        self._rows: list[ListRow] = []
        self.filter = TextField("", "氏名かフリガナで探す", name="procedures.filter", spoken="探す")
        self.filter.textChanged.connect(self._fill)
        close = Button("やめる", "quiet", small=True, name="procedures.subject.close")
        close.clicked.connect(self.hide)
        self.head.addWidget(close)
        holder = QVBoxLayout()
        holder.setContentsMargins(16, 0, 16, 8)
        holder.addWidget(self.filter)
        self._column.insertLayout(1, holder)

    def ask(self, title: str, people: Sequence[Any]) -> None:
        """Ask for which of the people the procedure `title` is started."""
        self._people = people
        self.set_count(title)
        self.filter.setVisible(len(people) > FILTER_FROM)
        self.filter.clear()
        self._fill("")

    def focus_first(self) -> None:
        """The filter, else the first person."""
        many = self.filter.isVisibleTo(self)
        buttons: list[QWidget] = list(self.findChildren(Button))
        first = self.filter if many else next(iter([*self._rows, *reversed(buttons)]))
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _fill(self, text: str) -> None:
        self.clear_rows()
        self._rows = []
        key = search_key(text)
        found = [p for p in self._people if key in search_key(f"{p.name} {p.kana}")]
        for person in found[:SHOWN_MOST]:
            row = ListRow(
                "user", person.name or person.kana, person.kana, height=52, pressable=True,
                name=f"procedures.subject.{person.key}",
            )  # fmt: skip
            row.pressed.connect(lambda k=person.key: self.chosen(k))
            self._rows.append(row)
            self.add_row(row)
        if not self._people:
            button = Button("従業員を加える", small=True, name="procedures.subject.add")
            button.clicked.connect(lambda _=False: self.add())
            line = "会社のページで加えると、ここに出ます。"
            self.add_row(EmptyState("user-plus", "従業員がまだいません", line, button))
        elif not found:
            line = "別の言い方でも探してください。"
            self.add_row(EmptyState("search", f"「{text}」は見つかりません", line))


def subject_of(row: Any) -> str:
    """The collection a procedure is about; "" when it is about the company itself."""
    return str(getattr(row, "subject", "employees"))


def _empty(layout: QVBoxLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
