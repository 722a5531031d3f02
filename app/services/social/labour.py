"""雇用保険 joined and left: which form a notice is written in, and which filings report it.

These notices are written one person at a time, as drafts of their procedures (Desk.open_draft with
the member as subject); a filing of such a draft makes the notice done.
"""

from __future__ import annotations

from datetime import date

from app.domain.errors import Known
from app.domain.filing import CASE_DOOR, Stage
from app.domain.social.qualification import loss_by_leaving, reached
from app.facts.record import decode_value
from app.services.social.insurer import LABOUR_ACQUISITION, LABOUR_LOSS
from app.services.social.notice import Key, Notice
from app.services.social.people import Person
from app.store.filings import Filings
from app.store.rows import FilingRow

ACQUIRED = "mhlw/koyou_hoken_shikaku_shutoku"
LOST = "mhlw/koyou_hoken_shikaku_soshitsu"
LOST_WITH_CERTIFICATE = "mhlw/koyou_hoken_rishoku"
LABOUR_FORMS = (LABOUR_ACQUISITION, LABOUR_LOSS)
CERTIFICATE_AGE = 59
NOT_A_LEAVING = "1"
"""喪失原因 1, 離職以外の理由: death, a move to another company of the group."""

_REPORTS = {
    ACQUIRED: (LABOUR_ACQUISITION, "shikaku_shutoku_bi"),
    LOST: (LABOUR_LOSS, "rishoku_bi"),
    LOST_WITH_CERTIFICATE: (LABOUR_LOSS, "rishoku_bi"),
}
_OVER = (Stage.REJECTED, Stage.WITHDRAWN)


def needs_certificate(person: Person) -> bool:
    """Whether 離職証明書 goes with the loss: always at 59 or more, else unless it is declined.

    雇用保険法施行規則 第7条. Who did not leave (died, was moved) gets none.
    """
    if person.employment_loss_cause == NOT_A_LEAVING:
        return False
    return is_always_certified(person) or person.certificate_wanted is not False


def is_always_certified(person: Person) -> bool:
    """Whether somebody is so old on the last day that the certificate cannot be declined."""
    if person.birth is None or person.left_on is None:
        return False
    return reached(person.birth, CERTIFICATE_AGE) <= person.left_on


def certificate_words(person: Person) -> str:
    """Whether 離職証明書 goes with the loss, and why, in a sentence."""
    if person.employment_loss_cause == NOT_A_LEAVING:
        return "離職以外の理由なので、離職証明書は付けません。"
    if is_always_certified(person):
        return f"{CERTIFICATE_AGE}歳以上なので、離職証明書を必ず付けます。"
    if person.certificate_wanted is None:
        return "本人が離職票を望まないときを除き、離職証明書を付けます。"
    if person.certificate_wanted:
        return "本人が離職票を望むので、離職証明書を付けます。"
    return "本人が離職票を望まないので、離職証明書は付けません。"


def procedure_of(notice: Notice) -> str:
    """The procedure a notice of 雇用保険 is written in; "" for every other notice."""
    if notice.form == LABOUR_ACQUISITION:
        return ACQUIRED
    if notice.form == LABOUR_LOSS:
        return LOST_WITH_CERTIFICATE if needs_certificate(notice.person) else LOST
    return ""


class LabourFiled:
    """Reads which notices of 雇用保険 the filings of one company report."""

    def __init__(self, filings: Filings) -> None:
        self._filings = filings

    def keys(self) -> dict[Key, str]:
        """Which filing reports a notice, the latest sealed where several do."""
        found: dict[Key, str] = {}
        for row in reversed(self._filings.list()):
            if row.procedure_id in _REPORTS and row.stage not in _OVER and row.door != CASE_DOOR:
                key = _key(row)
                if key is not None:
                    found[key] = row.id
        return found


def _key(row: FilingRow) -> Key | None:
    form, field = _REPORTS[row.procedure_id]
    told = next((f["value"] for f in row.facts if f["field"] == field and f.get("value")), None)
    try:
        day = decode_value(told) if told else None
    except (ValueError, KeyError):
        raise Known(
            "filing-day", "提出の記録の日付が読めません。送信箱で確かめてください。"
        ) from None
    if not isinstance(day, date):
        return None
    event = loss_by_leaving(day) if form == LABOUR_LOSS else day
    return (form, row.subject, event.isoformat())
