"""The right column of 支援: one grant with its verdict, why, what would change it, and its text."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QTextBrowser, QVBoxLayout, QWidget

from app.domain.grant import GrantChange, GrantFile
from app.services.grants.sheet import Ask, Condition, GrantSheet
from app.views.pages.outbox_column import ScrollColumn
from app.views.theme import current
from app.views.widgets.badge import OriginBadge
from app.views.widgets.band import Action, Band
from app.views.widgets.button import Button
from app.views.widgets.chip import Chip
from app.views.widgets.field import SelectField, TextField
from app.views.widgets.grant_row import CHIPS
from app.views.widgets.icon_view import IconView
from app.views.widgets.lines import hairline, label, wrap_label

FILE_KINDS = {"guideline": "公募要領", "outline": "概要", "form": "申請様式"}


class GrantDetailView(QFrame):
    """Shows a `GrantSheet`; carries what the person asks for, does nothing itself."""

    star_asked = Signal(str, bool)
    answered = Signal(str, str)
    draft_asked = Signal(str)
    file_asked = Signal(str, str, str)
    link_asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("grants.detail")
        self.setProperty("surface", "card")
        self.back = Button("一覧へもどる", "quiet", "arrow-left", small=True, name="grants.back")
        self.back.hide()
        self._scroll = ScrollColumn()
        self._foot = QFrame()
        self._foot_row = QHBoxLayout(self._foot)
        self._foot_row.setContentsMargins(19, 10, 16, 10)
        self._foot_row.setSpacing(8)
        self._door = wrap_label("", "note", "ink2")
        self.portal = Button("ポータルを見る", icon="external-link", name="grants.portal")
        self.draft = Button("下書きを作る", "primary", name="grants.draft")
        self._foot_row.addWidget(self._door, 1)
        self._foot_row.addWidget(self.portal)
        self._foot_row.addWidget(self.draft)
        self.portal.clicked.connect(lambda: self.link_asked.emit(self._sheet.page_url))
        self.draft.clicked.connect(lambda: self.draft_asked.emit(self._sheet.procedure_id))
        self._sheet: GrantSheet
        self._first_ask: QWidget | None = None
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 1, 1, 1)
        outer.setSpacing(0)
        outer.addWidget(self.back, 0, Qt.AlignmentFlag.AlignLeft)
        outer.addWidget(self._scroll, 1)
        outer.addWidget(hairline())
        outer.addWidget(self._foot)

    def show_sheet(self, sheet: GrantSheet) -> None:
        """One grant, anew."""
        self._sheet = sheet
        self._first_ask = None
        column = self._scroll.renew()
        column.addWidget(self._head(sheet))
        for made in (
            self._differences(sheet.differences),
            self._reasons(sheet),
            self._asks(sheet.asks),
            self._files(sheet.files),
            self._body(sheet),
        ):
            if made is not None:
                column.addWidget(hairline())
                column.addWidget(made)
        column.addStretch(1)
        self._door.set_text(sheet.door_sentence)
        self.portal.setVisible(bool(sheet.page_url))
        self.draft.setVisible(bool(sheet.procedure_id))

    def tell(
        self, kind: str, sentence: str, note: str = "", actions: Sequence[Action] = ()
    ) -> None:
        """One band at the foot of the head: what came of what was asked."""
        while (item := self._bands.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self._bands.addWidget(Band(kind, sentence, note, actions, name="grants.band"))

    # --- parts

    def _head(self, sheet: GrantSheet) -> QWidget:
        part, column = _part(16, 16)
        top = QHBoxLayout()
        title = wrap_label(sheet.line.title, "title", "ink")
        title.setObjectName("grants.title")
        top.addWidget(title, 1)
        star = Button("しるし", "quiet", "bookmark", small=True, name="grants.star")
        star.setCheckable(True)
        star.setChecked(sheet.line.starred)
        star.set_text("しるしを外す" if sheet.line.starred else "しるしを付ける")
        star.clicked.connect(lambda on: self.star_asked.emit(sheet.line.key, on))
        top.addWidget(star, 0, Qt.AlignmentFlag.AlignTop)
        kind, style, icon = CHIPS[sheet.line.outcome]
        chip = Chip(sheet.line.outcome, kind, style, icon, name="grants.verdict")
        top.addWidget(chip, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(top)
        if sheet.subtitle:
            column.addWidget(wrap_label(sheet.subtitle, "note", "ink2"))
        figures = QHBoxLayout()
        figures.setSpacing(24)
        for word, value in sheet.figures:
            cell = QVBoxLayout()
            cell.setSpacing(4)
            cell.addWidget(label(word, "note", "ink2"))
            shown = wrap_label(value, "heading", "ink")
            shown.setAccessibleName(f"{word} {value}")
            cell.addWidget(shown)
            cell.addStretch(1)
            figures.addLayout(cell, max(6, len(value)))
        column.addSpacing(4)
        column.addLayout(figures)
        self._bands = QVBoxLayout()
        column.addLayout(self._bands)
        return part

    def _differences(self, changes: Sequence[GrantChange]) -> QWidget | None:
        if not changes:
            return None
        part, column = _part(12, 12)
        part.setObjectName("grants.differences")
        column.addWidget(label("変わったところ", "heading", "ink"))
        for change in changes[:12]:
            column.addWidget(label(f"{change.field} ・ {change.seen_at:%m月%d日}", "note", "ink2"))
            before = _short(change.before) or "(書かれていません)"
            after = _short(change.after) or "(消えました)"
            column.addWidget(wrap_label(f"前: {before}", "note", "ink2"))
            column.addWidget(wrap_label(f"今: {after}", "body", "ink"))
        return part

    def _reasons(self, sheet: GrantSheet) -> QWidget:
        part, column = _part(12, 8)
        part.setObjectName("grants.reasons")
        head = QHBoxLayout()
        head.addWidget(label(f"なぜ「{sheet.line.outcome}」か", "heading", "ink"))
        head.addSpacing(8)
        head.addWidget(wrap_label(sheet.why, "note", "ink2"), 1)
        column.addLayout(head)
        for condition in sheet.conditions:
            column.addWidget(hairline())
            column.addWidget(_condition(condition))
        for change in sheet.changes:
            column.addWidget(hairline())
            row = QHBoxLayout()
            row.setContentsMargins(0, 6, 0, 6)
            row.setSpacing(12)
            row.addWidget(IconView("arrow-right", 18, "accent"), 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(wrap_label(change, "body", "ink"), 1)
            column.addLayout(row)
        return part

    def _asks(self, asks: Sequence[Ask]) -> QWidget | None:
        if not asks:
            return None
        part, column = _part(12, 16)
        part.setObjectName("grants.asks")
        column.addWidget(label("ここで答えると、すべての判定が動きます", "heading", "ink"))
        for ask in asks:
            column.addWidget(label(ask.label, "label", "ink2"))
            row = QHBoxLayout()
            row.setSpacing(8)
            name = f"grants.ask.{ask.path}"
            if ask.choices:
                box = SelectField(ask.choices, name=name, spoken=ask.label)
                box.chosen.connect(partial(self._answer, ask.path))
                row.addWidget(box, 1)
                self._first_ask = self._first_ask or box
            else:
                field = TextField(name=name, spoken=ask.label)
                field.returnPressed.connect(lambda f=field, p=ask.path: self._answer(p, f.text()))
                go = Button("答える", small=True, name=f"{name}.go")
                go.clicked.connect(lambda _on=False, f=field, p=ask.path: self._answer(p, f.text()))
                row.addWidget(field, 1)
                row.addWidget(go)
                self._first_ask = self._first_ask or field
            column.addLayout(row)
            if ask.where:
                column.addWidget(wrap_label(ask.where, "note", "ink2"))
        return part

    def ask_next(self) -> bool:
        """The keyboard into the first question that is left; False where there is none."""
        if self._first_ask is not None:
            self._first_ask.setFocus()
        return self._first_ask is not None

    def _answer(self, path: str, text: str) -> None:
        if text.strip():
            self.answered.emit(path, text)

    def _files(self, files: Sequence[GrantFile]) -> QWidget | None:
        if not files:
            return None
        part, column = _part(12, 12)
        part.setObjectName("grants.files")
        column.addWidget(label("発行元のファイル", "heading", "ink"))
        for number, file in enumerate(files):
            row = QHBoxLayout()
            row.setSpacing(12)
            row.addWidget(IconView("paperclip", 18, "ink2"))
            words = f"{FILE_KINDS.get(file.kind, file.kind)} ・ {file.name}"
            row.addWidget(wrap_label(words, "body", "ink"), 1)
            save = Button("書類庫に入れる", small=True, name=f"grants.file.{number}")
            save.setAccessibleName(f"{file.name} を書類庫に入れる")
            save.clicked.connect(
                lambda _on=False, f=file: self.file_asked.emit(self._sheet.line.key, f.kind, f.name)
            )
            row.addWidget(save)
            column.addLayout(row)
        return part

    def _body(self, sheet: GrantSheet) -> QWidget | None:
        part, column = _part(12, 16)
        column.addWidget(label("内容", "heading", "ink"))
        if sheet.body:
            column.addWidget(_Text(sheet.body, self.link_asked.emit))
        else:
            column.addWidget(wrap_label(sheet.body_note, "note", "ink2"))
        for word, address in sheet.links:
            link = Button(word, "quiet", "external-link", small=True)
            link.clicked.connect(lambda _on=False, a=address: self.link_asked.emit(a))
            column.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
        credit = wrap_label(sheet.credit, "note", "ink2")
        credit.setObjectName("grants.credit")
        column.addWidget(credit)
        return part


class _Text(QTextBrowser):
    """Cleaned HTML: loads nothing, opens nothing; as high as its text."""

    def __init__(self, html: str, link: object) -> None:
        super().__init__()
        self.setObjectName("grants.body")
        self.setAccessibleName("内容")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        theme = current()
        self.document().setDefaultStyleSheet(
            f"a {{ color: {theme.hex('accent')}; }} p {{ line-height: 150%; }}"
        )
        self.document().setDefaultFont(theme.font("body"))
        self.document().setDocumentMargin(0)
        self.setHtml(html)
        self.anchorClicked.connect(lambda url: link(url.toString()))  # type: ignore[operator]
        self.document().documentLayout().documentSizeChanged.connect(
            lambda size: self.setFixedHeight(round(size.height()) + 4)
        )

    def loadResource(self, _kind: int, _name: QUrl | str) -> object:
        """Nothing is ever fetched."""
        return None


def _part(top: int, bottom: int) -> tuple[QWidget, QVBoxLayout]:
    part = QWidget()
    column = QVBoxLayout(part)
    column.setContentsMargins(19, top, 19, bottom)
    column.setSpacing(6)
    return part, column


def _condition(condition: Condition) -> QWidget:
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 8, 0, 8)
    row.setSpacing(12)
    icon, ink, said = {
        True: ("circle-check", "ok", "満たしています"),
        False: ("circle-x", "danger", "満たしていません"),
        None: ("circle-question-mark", "warn", "まだ分かりません"),
    }[condition.holds]
    row.addWidget(IconView(icon, 20, ink), 0, Qt.AlignmentFlag.AlignTop)
    words = QVBoxLayout()
    words.setSpacing(4)
    words.addWidget(wrap_label(condition.sentence, "body", "ink"))
    if condition.note:
        words.addWidget(wrap_label(condition.note, "note", "ink2"))
    if condition.source_sentence:
        words.addWidget(wrap_label(f"公募要領「{condition.source_sentence}」", "note", "ink2"))
    row.addLayout(words, 1)
    if condition.origin:
        row.addWidget(OriginBadge(condition.origin), 0, Qt.AlignmentFlag.AlignTop)
    holder.setAccessibleName(f"{condition.sentence}、{said}、{condition.note}".rstrip("、"))
    return holder


def _short(text: str) -> str:
    return text if len(text) <= 200 else text[:200] + "…"
