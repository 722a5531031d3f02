"""Answering a 補正: the draft is put right and goes out again as an envelope of its own.

Which way is the office's word, in its notice: 部分補正 corrects the case that waits; 再提出 and
手続終了(再提出可) make a new application that names the original 到達番号. The envelope is chained to the
filing it corrects, goes out through the same outbox, and one notice has one answer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.errors import Known
from app.domain.filing import CASE_DOOR, EGOV_STATUS, Stage
from app.forms.payload import Attachment, Submission
from app.services.sealing import Filer, Sealing
from app.services.sending_ways import Contents
from app.store.filings import Filings
from app.store.rows import FilingRow, NewEvent

if TYPE_CHECKING:
    from app.forms.certificate import Signer
    from app.forms.draft import Draft
    from app.services.my_number import MyNumbers

PARTIAL, AGAIN = "部分補正", "再提出"
_OPEN = (Stage.READY, Stage.SENDING, Stage.UNKNOWN, Stage.ACCEPTED, Stage.ENDED)


@dataclass(frozen=True)
class Correction:
    """What the office wants put right.

    `kind` is 部分補正 or 再提出, `first_number` the 初回受付番号 the answer names, `until` the last
    day as the office wrote it ("" where it named none). `answered_by` is the filing that answers it.
    """

    filing_id: str
    notice: str
    kind: str
    first_number: str
    title: str
    sentence: str
    until: str
    answered_by: str = ""


@dataclass(frozen=True)
class Plan:
    """How a correction is answered: for which filing, in what submission, by which door.

    `then` are the events that chain the answer to the filing, kept as it is sealed.
    """

    row: FilingRow
    submission: Submission
    door: str
    then: tuple[tuple[str, NewEvent], ...]


class Amending:
    """Answers the 補正 notices of one company's filings.

    `read` tells what an envelope holds and raises Known for bytes that are none.
    """

    def __init__(
        self, filings: Filings, sealing: Sealing, read: Callable[[bytes], Contents]
    ) -> None:
        self._filings = filings
        self._sealing = sealing
        self._read = read

    def wanted(self, filing_id: str) -> Correction | None:
        """The latest correction the office asked for; None while it asks for none."""
        row = self._filings.get(filing_id)
        if row.door != "egov" or row.stage not in (Stage.ACCEPTED, Stage.ENDED):
            return None
        events = self._filings.events(filing_id)
        notice = next(
            (e for e in reversed(events) if e.kind == "notice" and e.data.get("type") == "補正"),
            None,
        )
        if notice is None:
            return None
        told = str(notice.data.get("correct_type", ""))
        kind = PARTIAL if told == PARTIAL else AGAIN
        waits = EGOV_STATUS.get(row.door_status, (False, False))[1]
        if not waits and not (kind == AGAIN and told != AGAIN):
            return None  # 手続終了(再提出可) alone may be answered after the end
        sub = str(notice.data["sub"])
        answered = [
            str(e.data["filing"])
            for e in events
            if e.kind == "amending" and str(e.data.get("notice")) == sub
        ]
        standing = [i for i in answered if self._filings.get(i).stage in _OPEN]
        return Correction(
            filing_id,
            sub,
            kind,
            row.receipt_number if kind == PARTIAL else self._original(row),
            notice.title,
            notice.note,
            str(notice.data.get("until", "")),
            standing[-1] if standing else "",
        )

    def plan(
        self,
        filing_id: str,
        filer: Filer,
        message: str = "",
        attachments: tuple[Attachment, ...] = (),
    ) -> Plan:
        """How the correction that `filing_id` waits for is to be answered; `message` is 通信欄.

        Raises:
            Known: nothing is to be put right, it was answered, or another account or capacity
                files.
        """
        row = self._filings.get(filing_id)
        wanted = self.wanted(filing_id)
        if wanted is None:
            raise Known("no-correction", "この届に、いま答える補正はありません。")
        if wanted.answered_by:
            raise Known(
                "correction-sealed",
                "この補正の答えは、もう封をしました。送信箱で様子を見てください。",
            )
        if (row.account_id, row.capacity) != (filer.account_id, filer.capacity):
            raise Known(
                "correction-account",
                "元の届を送ったアカウントと立場で答えてください。サインインを確かめてください。",
            )
        link = {"notice": wanted.notice, "kind": wanted.kind}
        amends = NewEvent(
            "amends",
            f"{wanted.kind}の封です",
            f"到達番号 {row.receipt_number}の通知に答えます",
            {**link, "of": row.id, "tail": wanted.notice},
        )
        return Plan(
            row,
            Submission(wanted.kind, wanted.first_number, message, attachments),
            CASE_DOOR if wanted.kind == PARTIAL else "",
            (
                ("", amends),
                (row.id, NewEvent("amending", f"{wanted.kind}の封をしました", "", link)),
            ),
        )

    def seal(
        self,
        plan: Plan,
        draft: Draft,
        filer: Filer,
        *,
        signer: Signer | None = None,
        my_numbers: MyNumbers | None = None,
    ) -> str:
        """Seals the answer from the filing's draft as it stands now; gives the new filing's id.

        Raises:
            Known: it is another draft, or it cannot be sealed yet. Then nothing was sealed.
        """
        row = plan.row
        if (draft.procedure.id, draft.subject) != (row.procedure_id, row.subject):
            raise Known("correction-draft", "この下書きは、元の届のものではありません。")
        return self._sealing.seal(
            row.draft_id,
            draft,
            filer,
            signer=signer,
            submission=plan.submission,
            door=plan.door,
            then=plan.then,
            my_numbers=my_numbers,
        )

    def _original(self, row: FilingRow) -> str:
        """The 到達番号 of the very first application: a 再提出 names that, not the one before it."""
        return self._read(self._filings.envelope(row.id)).first_number or row.receipt_number
