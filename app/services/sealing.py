"""From a draft to a sealed filing: what is read before, and the envelope that never changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from app.domain.clock import Clock
from app.domain.errors import Known
from app.domain.filing import HAND_OVER, Capacity
from app.facts.record import encode_value
from app.forms.draft import Draft
from app.forms.payload import Submission, build_package
from app.forms.payload_rules import load_payload_rules
from app.services.my_number import Asked, MyNumbers, kept_apart
from app.store.filings import Filings
from app.store.meta import Meta
from app.store.rows import NewEvent, NewFiling

if TYPE_CHECKING:
    from app.forms.certificate import Signer
    from app.forms.draft_parts import Cell
    from app.forms.procedure import Procedure


@dataclass(frozen=True)
class Filer:
    """Who files for whom: company, account at the door, capacity. Every filing names them."""

    company_name: str
    corporate_number: str
    account_id: str
    account: str
    capacity: Capacity = Capacity.HONNIN

    def at(self, door: str) -> Filer:
        """As a door knows whoever files: 提出代行 is e-Gov's alone."""
        if door != "egov" and self.capacity is Capacity.TEISHUTSU_DAIKO:
            return replace(self, capacity=Capacity.HONNIN)
        return self


@dataclass(frozen=True)
class Review:
    """What is read before sending. `reasons` say why it cannot be sealed yet (empty: it can).

    `leaving` is the sentence of what goes out to whom; `used` the facts that leave (label, text).
    `asked` is whose 個人番号 the form has a place for (nobody: none); it is given at sealing.
    """

    procedure_id: str
    title: str
    door_sentence: str
    account: str
    capacity: Capacity
    leaving: str
    used: tuple[tuple[str, str], ...]
    gaps: int
    problems: int
    due: date | None
    can_send: bool
    reasons: tuple[str, ...]
    practice: bool
    asked: tuple[Asked, ...] = ()
    by_hand: bool = False


@dataclass(frozen=True)
class FetchedSkeleton:
    """The forms a door named when its skeleton was last fetched, and when that was."""

    forms: tuple[tuple[str, str], ...]
    fetched_at: datetime


PRACTICE = "X-PRACTICE-"
"""What the id of a procedure begins with that does not exist outside the practice town."""
SKELETON_AGE = timedelta(days=1)
"""How old the door's own word of its forms may be before it is asked again at a chance."""


class Sealing:
    """Seals the drafts of one vault."""

    def __init__(self, filings: Filings, meta: Meta, clock: Clock, *, practice: bool) -> None:
        self._filings = filings
        self._meta = meta
        self._clock = clock
        self._practice = practice

    def review(self, draft: Draft, filer: Filer) -> Review:
        """Everything that stands between the draft and the envelope, in words."""
        procedure = draft.procedure
        filer = filer.at(procedure.door)
        gaps, problems = draft.gaps(), draft.problems()
        edition = self.edition_reasons(procedure)
        reasons = list(edition)
        if gaps:
            reasons.append(f"まだ答えていない欄が {len(gaps)}か所あります。")
        if problems:
            reasons.append(f"直すところか、確かめるところが {len(problems)}か所あります。")
        reasons += _refusals(draft, known={p.field_id for p in problems})
        used = tuple((c.field.label, c.text) for c in draft.cells() if c.filled and c.text)
        return Review(
            procedure_id=procedure.id,
            title=procedure.title,
            door_sentence=procedure.door_sentence,
            account=filer.account,
            capacity=filer.capacity,
            leaving=f"{procedure.title}の {len(used)}か所の値が {procedure.authority}に出ます。",
            used=used,
            gaps=len(gaps),
            problems=len(problems),
            due=draft.due(),
            can_send=not reasons,
            reasons=tuple(reasons),
            practice=self._practice,
            asked=_asked(draft),
            by_hand=procedure.door == "egov" and bool(edition) and len(reasons) == len(edition),
        )

    def seal(
        self,
        draft_id: str,
        draft: Draft,
        filer: Filer,
        *,
        signer: Signer | None = None,
        submission: Submission | None = None,
        door: str = "",
        then: Sequence[tuple[str, NewEvent]] = (),
        my_numbers: MyNumbers | None = None,
        more_facts: Sequence[dict[str, Any]] = (),
    ) -> str:
        """Makes the exact bytes and keeps them for good; gives the filing's id.

        With a `signer` the package is signed in the form that its procedure asks for. `submission`
        says what it is sent for and with which attachments, `door` where it goes if not where the
        procedure says; `then` are events kept in the same breath (see Filings.seal). `my_numbers`
        stand in the attachments already or go where the form has a place for its member's: then the
        filing keeps a redacted copy (see my_number.kept_apart). Their owner wipes them.
        `more_facts` are what the attachments were made from, kept beside the filled cells.

        Raises:
            Known: it cannot be sealed yet (the first reason), or the vault cannot keep it.
        """
        review = self.review(draft, filer)
        if not review.can_send and not (door == HAND_OVER and review.by_hand):
            raise Known("not-sealable", review.reasons[0])
        procedure = draft.procedure
        filer = filer.at(procedure.door)
        what = submission or Submission()
        if my_numbers and _number_of(draft):
            what = replace(what, my_number=my_numbers.texts().get(draft.subject, ""))
        package = build_package(procedure, draft.cells(), capacity=filer.capacity, submission=what)
        unsigned = package
        if signer is not None and procedure.door == "egov":
            from app.forms.signing import signed

            form = load_payload_rules(procedure).signature
            package = signed(package, form, signer, self._clock())
        new = NewFiling(
            draft_id=draft_id,
            procedure_id=procedure.id,
            edition=procedure.edition,
            door=door or procedure.door,
            company_name=filer.company_name,
            corporate_number=filer.corporate_number,
            account_id=HAND_OVER if door == HAND_OVER else filer.account_id,
            capacity=filer.capacity,
            subject=draft.subject,
            title=what.titled(procedure.title),
            facts=[*(_fact(cell) for cell in draft.cells() if cell.filled), *more_facts],
            envelope=package.zip_bytes,
            envelope_name=package.file_name,
            sha256=package.sha256,
            sealed_at=self._clock(),
            practice=self._practice,
        )
        return self._filings.seal(kept_apart(new, unsigned, my_numbers), then)

    def remember_skeleton(self, proc_id: str, forms: tuple[tuple[str, str], ...]) -> None:
        """Keeps what the door said of its forms: a real vault seals on it, offline too."""
        rows = ";".join(f"{form_id}:{version}" for form_id, version in forms)
        self._meta.set(f"skeleton:{proc_id}", f"{self._clock().isoformat()}|{rows}")

    def needs_skeleton(self, procedure: Procedure) -> bool:
        """Whether a real vault should fetch the door's forms of a procedure again (daily)."""
        if self._practice or procedure.practice_only or procedure.door != "egov":
            return False
        fetched = self.skeleton(procedure.proc_id)
        return fetched is None or self._clock() - fetched.fetched_at > SKELETON_AGE

    def skeleton(self, proc_id: str) -> FetchedSkeleton | None:
        """The skeleton last fetched for a procedure; None when it never was."""
        text = self._meta.get(f"skeleton:{proc_id}")
        if not text:
            return None
        at, _, rows = text.partition("|")
        forms = tuple(tuple(row.split(":", 1)) for row in rows.split(";") if ":" in row)
        return FetchedSkeleton(
            tuple((form_id, version) for form_id, version in forms), datetime.fromisoformat(at)
        )

    def edition_reasons(self, procedure: Procedure) -> tuple[str, ...]:
        """Why an edition cannot be sealed here: it is true or 練習 only, and a real vault seals on a
        fetched skeleton (DESIGN 1). Empty where it can."""
        if self._practice:
            return ()
        if procedure.proc_id.startswith(PRACTICE):
            return (
                "この届を e-Gov に出す手続の番号は公になっていないので、ここでは練習だけです。"
                "本番の会社では、ファイルと手順書を書き出して出してください。",
            )
        if procedure.practice_only:
            return (
                "この様式は練習用の古い版です。本番の会社では送れません。練習の会社で試してください。",
            )
        if procedure.door != "egov":
            return ()  # only e-Gov hands out a skeleton to seal on
        fetched = self.skeleton(procedure.proc_id)
        if fetched is None:
            return ("役所の様式をまだ取り寄せていません。つないでから、もう一度確かめてください。",)
        if (procedure.form_id, procedure.form_version) not in fetched.forms:
            return (
                f"役所の様式({fetched.fetched_at:%Y-%m-%d} に確認)と版が合いません。"
                "手続のデータを新しくしてください。",
            )
        return ()


def _number_of(draft: Draft) -> str:
    """The member whose 個人番号 the form has a place for; "" where it has none."""
    procedure = draft.procedure
    if procedure.door != "egov" or not load_payload_rules(procedure).asks_my_number:
        return ""
    return draft.subject


def _asked(draft: Draft) -> tuple[Asked, ...]:
    """Whose 個人番号 is asked for; the form's own field may stay empty."""
    key = _number_of(draft)
    if not key:
        return ()
    names = (c.text for c in draft.cells() if str(c.fact_path or "").endswith("].name"))
    return (
        Asked(
            key=key,
            name=next(names, ""),
            kana="",
            birth=None,
            number="",
            who="本人",
            sentence=f"{draft.procedure.title}に書きます。",
            may_skip=True,
            skipping="前に届け出てあるときは、空のまま出せます。",
            skip_word="空のまま出す",
        ),
    )


def _refusals(draft: Draft, known: set[str]) -> list[str]:
    """Values their fields do not take, which no cell has told of: none may ever be sealed."""
    return [
        f"「{draft.procedure.field(p.field_id).label}」を直してください。{p.sentence}"
        for p in draft.refused()
        if p.field_id not in known
    ]


def _fact(cell: Cell) -> dict[str, Any]:
    """One filled cell as the filing keeps it: value, origin, record, and the text that left."""
    return {
        "field": cell.field.id,
        "label": cell.field.label,
        "path": cell.fact_path or "",
        "value": encode_value(cell.value) if cell.value is not None else None,
        "text": cell.text,
        "sent": cell.sent_text,
        "origin": cell.origin.value if cell.origin else "",
        "record": cell.record.id if cell.record else "",
        "source_text": cell.record.source_text if cell.record else cell.source_text,
        "locator": dict(cell.record.locator) if cell.record else {},
        "typed": cell.typed,
        "substituted": cell.substituted,
    }
