"""The right column of 送信箱: one filing whole, from its state to its events."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.filing import Stage
from app.services.filing_view import DecidedRow, FilingView
from app.services.hand_state import HandState
from app.store.rows import DocumentRow
from app.views.pages.cases import CaseView, outcome_band
from app.views.pages.document_names import readable_first, shown_names
from app.views.pages.documents_view import kind_words
from app.views.pages.outbox_after import Beside
from app.views.pages.outbox_column import ScrollColumn
from app.views.pages.outbox_hand import HandCard
from app.views.pages.outbox_list import state_look
from app.views.pages.outbox_parts import DecidedTable, ReceiptBand, differs
from app.views.pages.outbox_refusals import RefusalList
from app.views.pages.outbox_unknown import UnknownChooser
from app.views.pages.outbox_withdraw import WithdrawCard
from app.views.widgets.band import Action, Band
from app.views.widgets.button import Button
from app.views.widgets.chip import Chip
from app.views.widgets.lines import WrapLabel, hairline, label, wrap_label
from app.views.widgets.timeline import Timeline

_RECEIVED = (Stage.ACCEPTED, Stage.ENDED, Stage.WITHDRAWN)


class FilingDetail(QFrame):
    """Shows a FilingView. Signals carry what the person asked for; nothing is done here."""

    send_asked = Signal()
    portal_asked = Signal()
    award_asked = Signal()
    settle_asked = Signal()
    poll_asked = Signal()
    decided = Signal(str)
    prove_asked = Signal()
    document_asked = Signal(str)
    fix_asked = Signal()
    field_asked = Signal(str)
    filing_asked = Signal(str)
    withdraw_asked = Signal(str, str)
    fees_asked = Signal()
    hand_asked = Signal()
    number_given = Signal(str, str, str)
    back_asked = Signal()
    take_in_asked = Signal()
    finish_asked = Signal()
    explanation_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("outbox.detail")
        self.setProperty("surface", "card")
        self.receipt: ReceiptBand | None = None
        self.unknown: UnknownChooser | None = None
        self.withdraw: WithdrawCard | None = None
        self.hand: HandCard | None = None
        self._case = CaseView()
        self._why: QWidget | None = None
        self._notice: Band | None = None
        self._scroll = ScrollColumn()
        self.back = Button("一覧へもどる", "quiet", "arrow-left", small=True, name="outbox.back")
        self.back.hide()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 1, 1, 1)
        outer.setSpacing(0)
        outer.addWidget(self.back, 0, Qt.AlignmentFlag.AlignLeft)
        outer.addWidget(self._scroll)

    def show_filing(self, view: FilingView, case: CaseView | None = None) -> None:
        """Show one filing anew, with what may be done about it; the place scrolled to is kept."""
        self._column = self._scroll.renew()
        self._case = case or CaseView()
        self.receipt = self.unknown = self.withdraw = self.hand = None
        self._why = self._notice = None
        self._column.addWidget(self._head(view))
        self._beside = QVBoxLayout()
        self._column.addLayout(self._beside)
        if view.compared:
            self._say_beside("ひとりずつ比べています。")
        if view.decided:
            self._column.addWidget(hairline())
            self._column.addWidget(self._decided(view.decided))
        if view.documents:
            self._column.addWidget(hairline())
            self._column.addWidget(self._documents(view.documents))
        self._column.addWidget(hairline())
        self._column.addWidget(self._events(view))
        self._column.addStretch(1)

    def show_beside(self, found: Beside) -> None:
        """What was found about the filing shown: the comparison, and the sheet on replaced letters."""
        while (item := self._beside.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        if found.trouble:
            self._say_beside(found.trouble)
        if found.comparison is not None:
            from app.views.pages.outbox_compare import CompareCard

            self._beside.addWidget(hairline())
            card = CompareCard(found.comparison)
            card.opened.connect(self.document_asked)
            self._beside.addWidget(card)
        if found.explanation:
            part, column = self._section(top=0, bottom=12)
            sheet = Button(
                "置きかえた文字の説明(PDF)", "small", "download", name="outbox.explanation"
            )
            sheet.clicked.connect(self.explanation_asked)
            column.addWidget(sheet, 0, Qt.AlignmentFlag.AlignLeft)
            self._beside.addWidget(part)

    def _say_beside(self, sentence: str) -> None:
        part, column = self._section(top=0, bottom=12)
        column.addWidget(wrap_label(sentence, "label", "ink2"))
        self._beside.addWidget(part)

    def tell(
        self, kind: str, sentence: str, note: str = "", actions: Sequence[Action] = ()
    ) -> None:
        """A band in place, under the head: what came of what the person asked for."""
        if self._notice is not None:
            self._notice.hide()
            self._notice.deleteLater()
        self._notice = Band(kind, sentence, note, actions, name="outbox.band")
        self._bands.addWidget(self._notice)

    # -- sections ------------------------------------------------------------------------------

    def _section(self, *, top: int = 12, bottom: int = 16) -> tuple[QWidget, QVBoxLayout]:
        part = QWidget()
        column = QVBoxLayout(part)
        column.setContentsMargins(20, top, 16, bottom)
        column.setSpacing(8)
        return part, column

    def _head(self, view: FilingView) -> QWidget:
        part, column = self._section(top=16)
        row = QHBoxLayout()
        row.setSpacing(8)
        words = QVBoxLayout()
        words.setSpacing(0)
        title = WrapLabel(view.title, "title", "ink")
        title.setObjectName("outbox.title")
        words.addWidget(title)
        about = [
            view.door,
            view.subject_name,
            f"{view.account}({view.capacity})" if view.account else view.capacity,
        ]
        words.addWidget(wrap_label("  ·  ".join(x for x in about if x), "label", "ink2"))
        row.addLayout(words, 1)
        if view.practice:
            row.addWidget(Chip("練習", "warn", "outline", "graduation-cap"))
        kind, icon = state_look(view)
        style = "solid" if view.state_kind == "ok" else "soft"
        row.addWidget(Chip(view.state_word, kind, style, icon, name="outbox.state"))
        column.addLayout(row)
        column.addSpacing(4)
        self._bands = QVBoxLayout()
        self._bands.setSpacing(8)
        column.addLayout(self._bands)
        self._outcome(view)
        return part

    def _outcome(self, view: FilingView) -> None:
        """The receipt band, or the band that says why there is none yet, with what can be done."""
        if view.receipt_number and view.stage in _RECEIVED:
            self.receipt = ReceiptBand(view)
            self._bands.addWidget(self.receipt)
        if not self.receipt or view.sent_back or self._case.correction:
            self._bands.addWidget(outcome_band(view, self._case, self._actions(view)))
        if view.has_award and view.stage in (Stage.ACCEPTED, Stage.ENDED):
            words = "採択や交付決定の知らせが来たら、そのあとの期限を並べます。"
            act = ("採択されました", self.award_asked.emit)
            self._bands.addWidget(Band("info", words, "", [act], name="outbox.award"))
        if view.refusals:
            wanted = RefusalList(view.refusals)
            wanted.field_asked.connect(self.field_asked)
            self._bands.addWidget(wanted)
        if view.stage is Stage.UNKNOWN and not view.by_portal:
            self.unknown = UnknownChooser(view.candidates)
            self.unknown.settle_asked.connect(self.settle_asked)
            self.unknown.decided.connect(self.decided)
            self._bands.addWidget(self.unknown)
        if view.hand is not None and view.stage is not Stage.WITHDRAWN:
            self._bands.addWidget(self._hand_card(view.hand))
        if self._case.can_withdraw:
            self.withdraw = WithdrawCard(self._case.certificates)
            self.withdraw.asked.connect(self.withdraw_asked)
            self._bands.addWidget(self.withdraw)

    def _hand_card(self, state: HandState) -> HandCard:
        self.hand = card = HandCard(state)
        card.write_asked.connect(self.hand_asked)
        card.number_given.connect(self.number_given)
        card.back_asked.connect(self.back_asked)
        card.take_in_asked.connect(self.take_in_asked)
        card.finish_asked.connect(self.finish_asked)
        return card

    def _actions(self, view: FilingView) -> list[Action]:
        if view.by_portal and view.stage in (Stage.READY, Stage.SENDING, Stage.UNKNOWN):
            actions: list[Action] = [("ポータルを開く", self.portal_asked.emit)]
            if view.stage is Stage.READY:
                actions.append(("封を解いて直す", self.fix_asked.emit))
            return actions
        if view.can_send:
            give_up = "取り下げない" if view.withdraws else "封を解いて直す"
            by_hand: list[Action] = [("手で出す", self.hand_asked.emit)]
            return [
                ("送る", self.send_asked.emit),
                (give_up, self.fix_asked.emit),
                *(by_hand if view.can_hand_over else []),
            ]
        if view.withdraws and view.stage is Stage.REJECTED:
            return [("元の届を見る", lambda: self.filing_asked.emit(view.withdraws))]
        if answer := self._case.answer:
            return [("答えた届を見る", lambda: self.filing_asked.emit(answer))]
        if view.sent_back or self._case.correction or view.stage is Stage.REJECTED:
            return [("直して出しなおす", self.fix_asked.emit)]
        return []

    def _decided(self, rows: Sequence[DecidedRow]) -> QWidget:
        part, column = self._section()
        other = [row for row in rows if differs(row)]
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(label("出した値と、決まった値", "heading", "ink"))
        if other:
            head.addWidget(Chip(f"{len(other)}か所 ちがいます", "warn", "soft", "triangle-alert"))
        head.addStretch(1)
        column.addLayout(head)
        table = DecidedTable(rows)
        table.opened.connect(self.document_asked)
        column.addWidget(table)
        foot = QHBoxLayout()
        text = "会社の事実は「決まった値」に直しました。出した値は、そのまま残っています。"
        foot.addWidget(wrap_label(text, "note", "ink2"), 1)
        if other:
            why = Button("なぜちがうか", "quiet", small=True, name="outbox.why")
            why.clicked.connect(lambda: self._explain(other, column))
            foot.addWidget(why)
        column.addLayout(foot)
        return part

    def _explain(self, rows: Sequence[DecidedRow], column: QVBoxLayout) -> None:
        """What the office decided, row by row, and the document that says so."""
        if self._why is not None:
            self._why.setVisible(not self._why.isVisible())
            return
        self._why = QWidget()
        box = QVBoxLayout(self._why)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(6)
        for number, row in enumerate(rows):
            line = QHBoxLayout()
            sentence = (
                f"{row.label}: 出した値は {row.filed}、役所が決めた値は {row.decided} です。"
                "理由は公文書にあります。"
            )
            line.addWidget(wrap_label(sentence, "label", "ink"), 1)
            if row.document_id:
                look = Button("公文書を見る", "small", name=f"outbox.why.document{number}")
                look.clicked.connect(lambda _=False, i=row.document_id: self.document_asked.emit(i))
                line.addWidget(look)
            box.addLayout(line)
        column.addWidget(self._why)

    def _documents(self, documents: Sequence[DocumentRow]) -> QWidget:
        part, column = self._section()
        head = QHBoxLayout()
        head.addWidget(label("届いたもの", "heading", "ink"))
        head.addWidget(label(f"{len(documents)}件", "label", "ink2"))
        head.addStretch(1)
        column.addLayout(head)
        names = shown_names(documents)
        for number, document in enumerate(readable_first(documents)):
            line = QHBoxLayout()
            line.setSpacing(12)
            words = QVBoxLayout()
            words.setSpacing(4)
            words.addWidget(wrap_label(names[document.id], "body", "ink"))
            about = [kind_words(document.kind)[0], document.verdict]
            words.addWidget(wrap_label(" ・ ".join(x for x in about if x), "note", "ink2"))
            line.addLayout(words, 1)
            look = Button("見る", "small", kind_words(document.kind)[1],
                          name=f"outbox.document{number}")  # fmt: skip
            look.setAccessibleName(f"{names[document.id]} を見る")
            look.clicked.connect(lambda _=False, i=document.id: self.document_asked.emit(i))
            line.addWidget(look)
            column.addLayout(line)
        return part

    def _events(self, view: FilingView) -> QWidget:
        part, column = self._section(bottom=0)
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(label("できごと", "heading", "ink"))
        done = sum(1 for event in view.events if event.done)
        chain = "連なりを確認済み" if view.chain_ok else "連なりが合いません"
        note = label(f"{done}件  ·  {chain}", "note", "ink2" if view.chain_ok else "danger")
        note.setObjectName("outbox.chain")
        head.addWidget(note)
        head.addStretch(1)
        # neither a portal nor what a person filed can be asked about
        if view.stage is Stage.ACCEPTED and not view.by_portal and view.hand is None:
            poll = Button("今すぐ確かめる", "small", "refresh-cw", name="outbox.poll")
            poll.clicked.connect(self.poll_asked)
            head.addWidget(poll)
        if any("納付" in event.title for event in view.events):
            fees = Button("納付を見る", "small", "landmark", name="outbox.fees")
            fees.clicked.connect(self.fees_asked)
            head.addWidget(fees)
        prove = Button("証明ファイルを書き出す", "small", "download", name="outbox.prove")
        prove.clicked.connect(self.prove_asked)
        head.addWidget(prove)
        column.addLayout(head)
        column.addSpacing(4)
        timeline = Timeline(view.events)
        timeline.setObjectName("outbox.events")
        column.addWidget(timeline)
        return part
