"""The practice agency behind the door: it reviews filings by itself, or as the control API says."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from app.sandbox import remuneration
from app.sandbox.clock import TownClock
from app.sandbox.documents import (
    COMMENT_FORM,
    CORRECTION_FORM,
    decision,
    notice_letter,
    packed,
    wareki,
)
from app.sandbox.keys import TownKeys
from app.sandbox.ledger import (
    ARRIVED,
    CORRECT_TYPES,
    CORRECTION,
    ENDED,
    PAY_STATES,
    REVIEW,
    REVIEWED,
    WITHDRAWING,
    Document,
    Filing,
    Ledger,
    Notice,
    Payment,
)
from app.sandbox.procedures import Procedure

ANSWERS = ("取下げ承認", "取下げ却下")
# The names of the fixed ends are ours; the states are e-Gov's.
PAY_ORDERS = dict(zip((*PAY_STATES[:3], "納付取消"), PAY_STATES, strict=True))
DONE = "済"

MODES = ("both", "polls", "time", "manual")


@dataclass
class Pace:
    """How fast the agency works: polls or seconds until 審査中, and from there until 審査終了.

    `bulk` is the looks and the seconds until filings sent in bulk stand in the lists.
    """

    mode: str = "both"
    polls: tuple[int, int] = (2, 2)
    seconds: tuple[float, float] = (20.0, 40.0)
    bulk: tuple[int, float] = (2, 15.0)


@dataclass
class Lives:
    """How long things may be fetched, answered or paid, in seconds."""

    document: float = 30 * 86400.0
    correction: float = 14 * 86400.0
    payment: float = 14 * 86400.0
    delivery: float = 30 * 86400.0


class Agency:
    """Moves filings on, and writes what the agency sends back."""

    def __init__(
        self,
        ledger: Ledger,
        procedures: dict[str, Procedure],
        keys: TownKeys,
        clock: TownClock,
        rng: Random,
        style: bytes,
    ) -> None:
        """`style` is the style sheet packed with official documents."""
        self.ledger = ledger
        self._procedures = procedures
        self._keys = keys
        self._clock = clock
        self._rng = rng
        self._style = style
        self.pace = Pace()
        self.lives = Lives()
        # 被保険者整理番号 → by how many grades the pension office decides otherwise than was filed.
        self.otherwise: dict[str, int] = {}
        self.deliver: Callable[[Filing], None] = lambda filing: None

    def touch(self, filing: Filing, *, poll: bool) -> None:
        """Let a filing move on by itself; a poll is a look at it through the API."""
        if poll:
            filing.polls += 1
        self._lapse(filing)
        if filing.status in (ARRIVED, WITHDRAWING) and self._due(filing, 0):
            answer = filing.outcome if filing.outcome in ANSWERS else ANSWERS[0]
            self.advance(filing, REVIEW if filing.status == ARRIVED else answer)
        elif filing.status == REVIEW and filing.outcome != DONE and self._due(filing, 1):
            self.advance(filing, "結末" if filing.outcome else REVIEWED)

    def _lapse(self, filing: Filing) -> None:
        """A payment whose day has passed can no longer be made."""
        for payment in filing.payments:
            if payment.status == PAY_STATES[0] and self._clock.seconds() > payment.expires:
                payment.status = PAY_STATES[2]
                self.ledger.changed()

    def _due(self, filing: Filing, step: int) -> bool:
        mode = self.pace.mode
        by_polls = mode in ("both", "polls") and filing.polls > self.pace.polls[step]
        passed = self._clock.seconds() - filing.since
        by_time = mode in ("both", "time") and passed >= self.pace.seconds[step]
        return by_polls or by_time

    def advance(self, filing: Filing, to: str, correct_type: str = "部分補正") -> None:
        """Put a filing into a state, with all that goes with it; raises ValueError."""
        if to in (ARRIVED, REVIEW, ENDED):
            self.ledger.note(filing, to)
        elif to in (REVIEWED, "公文書署名あり"):
            self._decide(filing)
        elif to == "公文書署名なし":
            self._decide(filing, signed=False)
        elif to == "結末":
            self._end(filing)
        elif to in PAY_ORDERS:
            self._payment(filing, PAY_ORDERS[to])
        elif to == "電子送達":
            self.deliver(filing)
            self.ledger.note(filing, ENDED)
        elif to in (CORRECTION, "補正"):
            self._ask_correction(filing, correct_type)
        elif to == "取下げ承認":
            self._notify(filing, "取下げ", "取下げ依頼の承認", "取下げ依頼を承認しました。")
            self.ledger.note(filing, ENDED)
        elif to == "取下げ却下":
            self._notify(filing, "取下げ", "取下げ依頼の却下", "取下げ依頼を却下しました。")
            filing.withdrawn = 0.0
            self.ledger.note(filing, REVIEW)
        elif to == "コメント":
            self._notify(filing, "お知らせ", "コメント", "練習の町からのコメントです。")
            self.ledger.changed()
        else:
            raise ValueError(f"no such state: {to}")

    def _end(self, filing: Filing) -> None:
        """The fixed end of a test procedure."""
        outcome = filing.outcome
        if not outcome:
            raise ValueError("this filing has no fixed end")
        if outcome in CORRECT_TYPES:
            filing.outcome = "公文書署名あり"
            self._ask_correction(filing, outcome)
        elif outcome not in ANSWERS:
            filing.outcome = DONE
            self.advance(filing, outcome)

    def bill(self, filing: Filing, fee: int) -> Payment:
        """A new 電子納付 of a filing; the caller puts it there."""
        return Payment(
            pay_number="".join(str(self._rng.randrange(10)) for _ in range(16)),
            confirm_number=f"{self._rng.randrange(10**6):06d}",
            facility_number="00100",
            name_kana="レンシュウタロウ" if not filing.corporation else "レンシュウ",
            fee=fee,
            expires=self._clock.seconds() + self.lives.payment,
        )

    def _payment(self, filing: Filing, status: str) -> None:
        waiting = [item for item in filing.payments if item.status == PAY_STATES[0]]
        if not waiting and status == PAY_STATES[0]:
            filing.payments.append(self.bill(filing, 1500))
        elif not waiting:
            raise ValueError("nothing waits to be paid")
        for item in waiting:
            self.settle(filing, item, status)
        if status == PAY_STATES[0]:
            self._notify(filing, "納付", "納付のお願い", "手数料等を納付してください（練習）。")
        self.ledger.changed()

    def settle(self, filing: Filing, payment: Payment, status: str) -> None:
        """Set the state of a payment; raises ValueError unless it waits."""
        if payment.status != PAY_STATES[0]:
            raise ValueError("this payment does not wait any more")
        payment.status = status
        payment.paid = self._clock.seconds() if status == PAY_STATES[1] else 0.0
        self.ledger.changed()

    def _decide(self, filing: Filing, *, signed: bool = True) -> None:
        procedure = self._procedures.get(filing.proc_id)
        kind = procedure.decision if procedure and filing.subject else "plain"
        now = self._clock.now()
        if filing.pension:
            letter = remuneration.decision(filing, now, self.otherwise)
        else:
            letter = decision(filing, kind, now, self._rng)
        sentence = "審査が終了しました。公文書を取得してください。"
        self._notify(filing, "お知らせ", "審査終了のお知らせ", sentence)
        data, names = packed(letter, self._keys if signed else None, self._style)
        at = self._clock.seconds()
        expires = at + self.lives.document
        filing.documents.append(
            Document(filing.next_sub_id(), at, letter.title, expires, data, names, signed)
        )
        self.ledger.note(filing, REVIEWED)

    def _ask_correction(self, filing: Filing, correct_type: str) -> None:
        if correct_type not in CORRECT_TYPES:
            raise ValueError(f"correct_type must be one of {', '.join(CORRECT_TYPES)}")
        if filing.status not in (ARRIVED, REVIEW):
            raise ValueError("only a filing under review can be sent back for correction")
        sentence = "記載内容を確かめ、補正してください（練習）。"
        notice = self._notify(filing, "補正", "補正のお願い", sentence)
        notice.correct_type = correct_type
        notice.expires = self._clock.seconds() + self.lives.correction
        filing.correct_type = correct_type
        self.ledger.note(filing, ENDED if correct_type == CORRECT_TYPES[2] else CORRECTION)

    def _notify(self, filing: Filing, kind: str, title: str, sentence: str) -> Notice:
        form_id = CORRECTION_FORM if kind == "補正" else COMMENT_FORM
        name = "hoseitsuuchi.xml" if kind == "補正" else "commenttsuuchi.xml"
        day = wareki(self._clock.now())
        data = notice_letter(filing, title, sentence, form_id, day)
        encoded = base64.b64encode(data).decode("ascii")
        notice = Notice(
            sub_id=filing.next_sub_id(),
            issued=self._clock.seconds(),
            kind=kind,
            title=title,
            sentence=sentence,
            issuer=filing.ministry,
            files=[{"file_name": name, "file_data": encoded}],
        )
        filing.notices.append(notice)
        return notice

    def corrected(self, filing: Filing, sha256: str) -> None:
        """A 部分補正 came in: the review goes on."""
        self._complete(filing)
        filing.amendments.append(sha256)
        self.ledger.note(filing, REVIEW)

    def replaced(self, filing: Filing) -> None:
        """A 再提出 came in: the filing that waited for it is over."""
        self._complete(filing)
        self.ledger.note(filing, ENDED)

    def _complete(self, filing: Filing) -> None:
        filing.correct_type = ""
        for notice in filing.notices:
            if notice.kind == "補正" and not notice.completed:
                notice.completed = self._clock.seconds()

    def withdraw(self, filing: Filing) -> None:
        """A 取下げ依頼 came in; the agency answers it in its own time."""
        filing.withdrawn = self._clock.seconds()
        self.ledger.note(filing, WITHDRAWING)

    def fetched(self, filing: Filing, document: Document) -> None:
        """取得完了 of a document; the last one ends the procedure."""
        if not document.downloaded:
            document.downloaded = self._clock.seconds()
        if filing.status == REVIEWED and all(item.downloaded for item in filing.documents):
            self.ledger.note(filing, ENDED)
        else:
            self.ledger.changed()
