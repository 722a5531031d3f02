"""What a person may do about a filing that has arrived: answer its 補正, ask for its 取下げ."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from app.domain.errors import Known
from app.domain.filing import BY_SKELETON, Stage
from app.services.filing_view import FilingView
from app.views.widgets.band import Action, Band

if TYPE_CHECKING:
    from app.forms.payload import Attachment
    from app.services.amending import Correction


class Cases(Protocol):
    """The part of the desk that knows of arrived filings. On the window's thread."""

    def correction(self, filing_id: str) -> Correction | None: ...
    def not_withdrawable(self, filing_id: str) -> str: ...
    def withdraw(self, filing_id: str, reason: str, *, certificate_id: str = "") -> str: ...
    def amend(
        self,
        filing_id: str,
        *,
        message: str = "",
        attachments: tuple[Attachment, ...] = (),
        certificate_id: str = "",
    ) -> str: ...


NOTICES = "nenkin/"
"""Where the folders of the notices about people lie: they are filed from facts, not from a draft."""


@dataclass(frozen=True)
class CaseView:
    """What may be done about one filing: a correction to answer, and whether it can be withdrawn.

    `certificates` are those that can sign today (id, owner), asked for where it can be withdrawn.
    """

    correction: Correction | None = None
    can_withdraw: bool = False
    certificates: tuple[tuple[str, str], ...] = ()

    @property
    def answer(self) -> str:
        """The filing that answers the correction; "" while none does."""
        return self.correction.answered_by if self.correction else ""


def cases_of(desk: Any) -> Cases | None:
    """The arrived filings of the open company; None where this desk has none."""
    found: Cases | None = getattr(desk, "cases", None)
    return found


def case_view(desk: Any, view: FilingView) -> CaseView:
    """What may be done about the filing shown."""
    cases = cases_of(desk)
    if cases is None or view.stage not in (Stage.ACCEPTED, Stage.ENDED):
        return CaseView()
    can_withdraw = not cases.not_withdrawable(view.id)
    return CaseView(cases.correction(view.id), can_withdraw, signers(desk) if can_withdraw else ())


def signers(desk: Any) -> tuple[tuple[str, str], ...]:
    """The kept certificates that hold today: id and owner; none where this desk keeps none."""
    standing = getattr(desk, "standing", None)
    kept = standing.certificates.list() if standing is not None else []
    return tuple((c.id, c.identity.owner) for c in kept if c.in_date)


def send_wish(desk: Any, filing_id: str) -> FilingView:
    """Sends a sealed wish for 取下げ once, and asks what its case says now. Blocks; raises Known."""
    view: FilingView = desk.send(filing_id)
    if view.stage is Stage.ENDED:
        with suppress(Known):  # it has arrived; the next poll asks again
            desk.poll()
    return view


def form_of(view: FilingView, case: CaseView) -> dict[str, str]:
    """What the form page is asked for to put a filing right; {} where no draft can be.

    The answer to a 補正 is written in the very draft of the filing, and names the filing it amends.
    """
    amends = view.amends or (view.id if case.correction else "")
    if not view.draft_id or not (amends or view.stage in (Stage.READY, Stage.REJECTED)):
        return {}
    return {"draft": view.draft_id, **({"amends": amends} if amends else {})}


def page_of(view: FilingView) -> str:
    """The page a filing's draft is written on."""
    return "skeleton" if view.procedure_id.startswith(BY_SKELETON) else "form"


def notices_of(desk: Any, view: FilingView) -> dict[str, str]:
    """What the page of a notice about people is asked for to put its filing right; {} for another.

    A 補正 is answered with the notices as the facts say them now.
    """
    if view.draft_id or not view.procedure_id.startswith(NOTICES):
        return {}
    form = next((key[0] for key in desk.social.reports(view.id)), "")
    amends = view.amends or (view.id if case_view(desk, view).correction else "")
    return {"form": form, **({"amends": amends} if amends else {})} if form else {}


def how(wanted: Correction) -> str:
    """How the office wants to be answered, and until when."""
    until = f"{day_words(wanted.until)}までに、" if wanted.until else ""
    way = "この届の直しとして" if wanted.kind == "部分補正" else "元の届の出しなおしとして"
    return f"{until}{way}送ります({wanted.kind})。"


def day_words(text: str) -> str:
    """The office's day as people say it; as it came where it is no day."""
    parts = text.replace("/", "-").split("T")[0].split("-")
    if len(parts) == 3 and all(part.isdecimal() for part in parts):
        year, month, day = (int(part) for part in parts)
        return f"{year}年{month}月{day}日"
    return text


def outcome_band(view: FilingView, case: CaseView, actions: Sequence[Action]) -> Band:
    """The band of what came of a filing; a correction says how it is answered."""
    kind, sentence, note = view.band.kind, view.band.sentence, view.band.note
    wanted = case.correction
    if wanted is not None and wanted.answered_by:
        kind, sentence, note = (
            "info",
            "直すようにとの知らせに、答えてあります",
            "答えた届を見られます。",
        )
    elif wanted is not None:
        kind, sentence = "danger", "直すようにとのことです"
        note = f"{wanted.title}。{wanted.sentence}\n{how(wanted)}"
    icon = "wifi-off" if view.stage is Stage.READY and view.hand is None else None
    return Band(kind, sentence, note, actions, icon=icon, name="outbox.outcome")


def amending_band(desk: Any, filing_id: str) -> Band | None:
    """Above a form that answers a 補正: what the office wants, and how it will be sent."""
    cases = cases_of(desk)
    wanted = cases.correction(filing_id) if cases is not None else None
    if wanted is None:
        return None
    if wanted.answered_by:
        note = "いま書きかえても、封をした答えは変わりません。"
        return Band("info", "この補正の答えは、もう封をしました。", note, name="form.amending")
    return Band("warn", f"補正に答えています。{how(wanted)}", wanted.sentence, name="form.amending")
