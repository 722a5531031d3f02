"""Needed notices into the outbox: what is read before, and one immutable filing for each file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.domain.clock import Clock, today
from app.domain.errors import Known
from app.facts.graph import Graph
from app.forms.draft import Draft
from app.forms.nenkin.encode import NenkinFile
from app.forms.nenkin.layout import NenkinForms
from app.forms.payload import Attachment, Submission
from app.forms.procedure import Procedure
from app.services.sealing import Sealing
from app.services.social.asking import asks_of_office
from app.services.social.cover import (
    SHEET_NAME,
    SHEET_TITLE,
    cover_of,
    cover_reasons,
    csv_attachment,
    used_of,
)
from app.services.social.filed import notice_fact
from app.services.social.notice import Notice
from app.services.social.numbers_asked import asked_of, refuse_missing, stand_ins
from app.services.social.prepare import Prepared
from app.services.social.preparing import Preparing
from app.services.social.substitutes import Substitutes
from app.services.social.views import SocialForm, SocialReview
from app.services.standing import Standing
from app.store.filings import Filings
from app.store.rows import NewEvent
from app.store.vault import Vault

if TYPE_CHECKING:
    from app.forms.certificate import Signer
    from app.services.amending import Plan
    from app.services.my_number import MyNumbers

_NAMED = 3
"""How many faults are said in words; the rest is counted."""


@dataclass(frozen=True)
class NoticeSealing:
    """Seals the notices of one company. `procedure` loads the folder of a form by its code."""

    vault: Vault
    filings: Filings
    sealing: Sealing
    graph: Graph
    procedure: Callable[[str], Procedure]
    preparing: Preparing
    substitutes: Substitutes
    standing: Standing
    forms: NenkinForms
    fonts: Path
    clock: Clock
    person: str = ""

    def review(self, form: SocialForm, notices: Sequence[Notice]) -> SocialReview:
        """What is read before sealing these notices."""
        given = stand_ins(asked_of(notices))
        return self._review(form, notices, self.preparing.prepare(form.form, notices, given))

    def seal(
        self,
        form: SocialForm,
        notices: Sequence[Notice],
        *,
        certificate_id: str = "",
        my_numbers: MyNumbers | None = None,
    ) -> tuple[str, ...]:
        """One filing for each file, all of them or none. Raises Known with the first reason."""
        prepared = self._sealable(form, notices, my_numbers)
        signer = self.standing.signer(certificate_id)
        enclosed = self.standing.attachments()
        parts = zip(prepared.files, prepared.keys_by_file(), strict=True)
        told = {notice.key: notice for notice in notices}
        with self.vault.write(durable=True):
            ids = tuple(
                self._seal_file(
                    form, prepared, file, [told[key] for key in keys],
                    Submission(attachments=enclosed), signer=signer, my_numbers=my_numbers,
                )
                for file, keys in parts
            )  # fmt: skip
            self.preparing.sealed(prepared)
        return ids

    def seal_answer(
        self,
        form: SocialForm,
        notices: Sequence[Notice],
        plan: Plan,
        *,
        certificate_id: str = "",
        my_numbers: MyNumbers | None = None,
    ) -> str:
        """The answer to a 補正, made from these notices. Raises Known."""
        prepared = self._sealable(form, notices, my_numbers)
        if len(prepared.files) > 1:
            told = "一つの届で答えるには人数が多すぎます。年金事務所に答え方を確かめてください。"
            raise Known("correction-large", told)
        signer = self.standing.signer(certificate_id)
        with self.vault.write(durable=True):
            keys = frozenset(prepared.reports)
            answer = self._seal_file(
                form, prepared, prepared.files[0], [n for n in notices if n.key in keys],
                plan.submission, signer=signer, my_numbers=my_numbers, door=plan.door,
                then=plan.then,
            )  # fmt: skip
            self.preparing.sealed(prepared)
        return answer

    def _sealable(
        self, form: SocialForm, notices: Sequence[Notice], my_numbers: MyNumbers | None
    ) -> Prepared:
        numbers = my_numbers.texts() if my_numbers else {}
        prepared = self.preparing.prepare(form.form, notices, numbers)
        sent = frozenset(prepared.reports)
        refuse_missing(asked_of(n for n in notices if n.key in sent), my_numbers)
        reasons = self._review(form, notices, prepared).reasons
        if reasons:
            raise Known("not-sealable", reasons[0])
        return prepared

    def _seal_file(
        self,
        form: SocialForm,
        prepared: Prepared,
        file: NenkinFile,
        notices: Sequence[Notice],
        what: Submission,
        *,
        signer: Signer | None,
        my_numbers: MyNumbers | None,
        door: str = "",
        then: Sequence[tuple[str, NewEvent]] = (),
    ) -> str:
        attached = (csv_attachment(file.name, file.content), *self.sheet(prepared))
        submission = Submission(
            what.kind, what.first_number, what.message, (*attached, *what.attachments)
        )
        with standing_in(my_numbers, file) as numbers:
            return self.sealing.seal(
                "", self._cover(form, file.records), self.standing.filer(), signer=signer,
                submission=submission, door=door, then=then, my_numbers=numbers,
                more_facts=self.facts(notices),
            )  # fmt: skip

    def _cover(self, form: SocialForm, count: int) -> Draft:
        consultant = self.preparing.consultant()
        return cover_of(
            self.procedure(form.form), self.graph, today(self.clock), self.clock,
            person=self.person, count=count, consultant=consultant.name if consultant else "",
            accepted=self.substitutes.accepted(),
        )  # fmt: skip

    def sheet(self, prepared: Prepared) -> tuple[Attachment, ...]:
        """The sheet on replaced letters, where any was."""
        if not prepared.sheet:
            return ()
        from app.services.social.explanation import explanation_pdf

        sheet = explanation_pdf(prepared, self.forms, self.fonts, practice=self.vault.practice)
        return (Attachment(SHEET_TITLE, SHEET_NAME, sheet),)

    def facts(self, notices: Sequence[Notice]) -> list[dict[str, Any]]:
        """How a filing keeps these notices, and the records each was written from."""
        records = self.graph.counting("employees", {n.person.member for n in notices})
        return [
            notice_fact(notice, place, records.get(notice.person.member, {}))
            for place, notice in enumerate(notices, 1)
        ]

    def _review(
        self, form: SocialForm, notices: Sequence[Notice], prepared: Prepared
    ) -> SocialReview:
        procedure = self.procedure(form.form)
        cover = self._cover(form, max(sum(f.records for f in prepared.files), 1))
        filer = self.standing.filer().at(procedure.door)
        reasons = [*self.sealing.edition_reasons(procedure), *against(prepared)]
        enclosed: tuple[Attachment, ...] = ()
        try:
            enclosed = self.standing.attachments()
        except Known as lost:
            reasons.append(lost.sentence)
        if prepared.files:
            reasons += cover_reasons(cover)
        keys = frozenset(prepared.reports)
        sent = [n for n in notices if n.key in keys]
        files = [f.name for f in prepared.files]
        sheet = [SHEET_NAME] if prepared.sheet and files else []
        return SocialReview(
            form=form.form,
            procedure_id=form.procedure_id,
            title=form.title,
            prepared=prepared,
            notices=tuple(notices),
            door_sentence=procedure.door_sentence,
            account=filer.account,
            capacity=filer.capacity,
            leaving=f"{len(sent)}人の{form.name}が、{procedure.authority}に出ます。",
            used=used_of(cover),
            attached=(*files, *sheet, *(a.file_name for a in enclosed)),
            inferred=_inferred(form, prepared),
            numbers_of=tuple(dict.fromkeys(m for n in sent for m in n.needs_my_number)),
            due=min((n.due for n in sent if n.due is not None), default=None),
            reasons=tuple(reasons),
            practice=self.vault.practice,
            asked=asked_of(sent),
            office_asks=asks_of_office(self.graph),
        )


def against(prepared: Prepared) -> list[str]:
    """What is wrong with the prepared files, the first in words and the rest counted."""
    if not prepared.files and not prepared.faults:
        if not prepared.waiting:
            return ["出す届がありません。"]
        first, rest = prepared.waiting[0], len(prepared.waiting) - 1
        more = f"ほかに{rest}人います。" if rest else ""
        return [f"出せる届がありません。{first.name}さん: {first.sentence}{more}"]
    said = [f"{f.person}さん: {f.sentence}" if f.person else f.sentence for f in prepared.faults]
    rest = len(said) - _NAMED
    return [*said[:_NAMED], *([f"ほかに、直すところが{rest}か所あります。"] if rest > 0 else [])]


def _inferred(form: SocialForm, prepared: Prepared) -> tuple[str, ...]:
    told = [
        f"「{name}」の書き方は、公の資料で確かめていない推定です。" for name in prepared.inferred
    ]
    if form.practice_only:
        told.append("手続の番号と総括票は練習用に作ったもので、実際にはありません。")
    return tuple(told)


def standing_in(my_numbers: MyNumbers | None, file: NenkinFile) -> Any:
    """Those of the numbers that stand in a file, to be wiped afterwards; None where none does."""
    from app.services.my_number import MyNumbers

    if not my_numbers:
        return nullcontext(None)
    inside = MyNumbers()
    for member, text in my_numbers.texts().items():
        if text.encode("ascii") in file.content:
            inside.put(member, text)
    return inside
