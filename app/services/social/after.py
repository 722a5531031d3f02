"""What comes after and beside the filing of pension notices: decisions, sheets, prints, the hand-over.

Everything here may be called off the window's thread.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.clock import Clock
from app.domain.errors import BadInput, Known
from app.domain.filing import Stage
from app.forms.archive import read_archive
from app.forms.nenkin.layout import NenkinForms
from app.forms.nenkin.letters import Substitution
from app.forms.official import OfficialDocument, read_document
from app.forms.signature import verify_document
from app.services.amending import PARTIAL
from app.services.hand_over import HandingOver
from app.services.official_documents import ManyDecided, document_in
from app.services.social.comparing import Comparison, compare, pairs
from app.services.social.deciding import decided_values, members_of
from app.services.social.decision_reading import DecidedNotice, read_decision
from app.services.social.explanation import NAME, explanation_pdf, explanation_sheet_pdf
from app.services.social.filed import keys_in
from app.services.social.filed_people import FiledPerson, csv_of, filed_people
from app.services.social.handing_notices import NoticeHanding
from app.services.social.insurer import Insurer
from app.services.social.notice import Key, Notice
from app.services.social.prepare import Prepared
from app.services.social.sealing_notices import NoticeSealing
from app.services.social.tables import SocialTables
from app.services.social.union_print import union_print
from app.services.social.views import SocialForm
from app.services.social.writing import Writing
from app.store.documents import Documents
from app.store.filings import Filings
from app.store.rows import DocumentRow, FilingRow
from app.store.vault import Vault

if TYPE_CHECKING:
    from app.services.my_number import MyNumbers

UNIONS = {
    Insurer.KYOKAI: "年金事務所",
    Insurer.KUMIAI: "健康保険組合",
    Insurer.KOKUHO: "国民健康保険組合",
}
_DOCUMENTS = ("official-xml", "official")


class SocialAfter:
    """The notices of one company after they are written.

    `wanted` gives the needed notices of a form, `writing` how they are written today, `insurer` whom
    the health side goes to, `form` a form by its code; `turn` lets
    one call seal at a time.
    """

    def __init__(
        self,
        vault: Vault,
        forms: NenkinForms,
        tables: SocialTables,
        fonts: Path,
        clock: Clock,
        *,
        wanted: Callable[[str, Collection[Key] | None], Sequence[Notice]],
        writing: Callable[[], Writing],
        insurer: Callable[[], Insurer | None],
        sealing: NoticeSealing,
        form: Callable[[str], SocialForm],
        turn: AbstractContextManager[object],
        person: str = "",
    ) -> None:
        self._turn = turn
        self._form = form
        self._handing = NoticeHanding(sealing, HandingOver(vault, clock, fonts, person))
        self._practice = vault.practice
        self._filings = Filings(vault)
        self._documents = Documents(vault)
        self._forms = forms
        self._tables = tables
        self._fonts = fonts
        self._clock = clock
        self._wanted = wanted
        self._writing = writing
        self._insurer = insurer

    # --- filed against decided

    def is_notice(self, filing_id: str) -> bool:
        """Whether a filing reports pension notices."""
        return bool(keys_in(self._filings.get(filing_id).facts))

    def decided_by(self, row: FilingRow, document: OfficialDocument) -> ManyDecided | None:
        """What a document decides about the people of a filing; None where the filing has none.

        Raises BadInput where the document cannot be read, or answers another filing.
        """
        if not keys_in(row.facts):
            return None
        decision = self._decision(row, document)
        form, filed = self._filed(row)
        members = members_of(row, form, filed)
        values = tuple(decided_values(form, pairs(filed, decision.people), members))
        return ManyDecided(values, decision.doubts, len(decision.people), decision.decided_on)

    def compare(self, filing_id: str) -> Comparison | None:
        """The latest decision on a filing beside what was filed; None while none has come.

        Raises BadInput where documents came and none of them can be read as a decision on it.
        """
        row = self._filings.get(filing_id)
        if not keys_in(row.facts):
            return None
        fault: Known | None = None
        for kept in self._candidates(filing_id):
            try:
                decision = self._decision(row, self._document(kept))
            except Known as unread:
                fault = fault or unread
                continue
            form, filed = self._filed(row)
            members = members_of(row, form, filed)
            return compare(filing_id, kept.id, form, filed, decision, members)
        if fault is not None:
            raise fault
        return None

    def _candidates(self, filing_id: str) -> list[DocumentRow]:
        """The XML itself before the ZIP it came in, the latest first."""
        kept = [d for d in self._documents.list(filing_id) if d.kind in _DOCUMENTS]
        return sorted(kept, key=lambda d: _DOCUMENTS.index(d.kind))

    def _document(self, kept: DocumentRow) -> OfficialDocument:
        content = self._documents.get(kept.id).content
        if content.startswith(b"PK"):
            _, content = document_in(content)
        verdict = verify_document(content, (), self._clock())
        if verdict.signed and not verdict.unchanged:
            raise BadInput(
                "document-changed", "公文書の署名が合いません。中身を比べるのには使いません。"
            )
        return read_document(verdict.node if verdict.node is not None else content)

    def _decision(self, row: FilingRow, document: OfficialDocument) -> DecidedNotice:
        decision = read_decision(document)
        form = keys_in(row.facts)[0][0]
        number = decision.arrive_id
        if decision.form != form or (
            number and row.receipt_number and number != row.receipt_number
        ):
            raise BadInput(
                "decision-of-another",
                f"この通知書（{decision.title[:40]}）は、別の届のものです。どの届のものか確かめてください。",
            )
        return decision

    def _filed(self, row: FilingRow) -> tuple[str, tuple[FiledPerson, ...]]:
        """The people of a filing as the office last had them: a 部分補正 replaces the first file."""
        corrected = [
            str(event.data["filing"])
            for event in self._filings.events(row.id)
            if event.kind == "amending" and event.data.get("kind") == PARTIAL
        ]
        for filing_id in reversed(corrected):
            if self._filings.get(filing_id).stage in (Stage.ACCEPTED, Stage.ENDED):
                return filed_people(csv_of(self._filings.envelope(filing_id)), self._tables)
        return filed_people(csv_of(self._filings.envelope(row.id)), self._tables)

    # --- the hand-over

    def hand_over(
        self,
        form: str,
        keys: Collection[Key] | None,
        folder: Path,
        *,
        my_numbers: MyNumbers | None = None,
    ) -> Path:
        """Seals the needed notices as filings a person files by hand, and writes their files out.

        Gives the new folder under `folder`. What came of it is told to `desk.hand_overs`. Where the
        folder cannot be written the filings stand all the same: their files can be written again.
        Raises Known with the first reason against them; then nothing was sealed.
        """
        with self._turn:
            wanted = self._wanted(form, keys)
            ids = self._handing.seal(self._form(form), wanted, my_numbers)
        return self._handing.give(ids, folder)

    # --- paper

    def explanation_pdf(self, prepared: Prepared) -> bytes:
        """The sheet on replaced letters for what is prepared. Raises BadInput where none was."""
        return explanation_pdf(prepared, self._forms, self._fonts, practice=self._practice)

    def explanation_of(self, filing_id: str) -> bytes:
        """The sheet on replaced letters of a sealed filing: the one enclosed, else from its values.

        Raises BadInput where no letter was replaced.
        """
        row = self._filings.get(filing_id)
        for entry in read_archive(self._filings.envelope(filing_id)):
            if entry.name.rsplit("/", 1)[-1] == NAME:
                return entry.content
        told = tuple(
            Substitution("", "", str(f["label"]), str(f["text"]), str(f["sent"]))
            for f in row.facts
            if f.get("substituted") and f["sent"] and f["sent"] != f["text"]
        )
        if not told:
            raise BadInput("nothing-replaced", "置きかえた文字がないので、説明の紙は要りません。")
        day = f"{row.sealed_at.year}年{row.sealed_at.month}月{row.sealed_at.day}日"
        return explanation_sheet_pdf(
            row.title, row.company_name, day, told, self._fonts, practice=row.practice
        )

    def union_print(self, form: str, keys: Collection[Key] | None = None) -> bytes:
        """The needed notices of a form as a sheet to copy from, for the company's insurer.

        Raises BadInput where the office's facts or all the notices' are wanting, and what `needs` raises.
        """
        to = UNIONS[self._insurer() or Insurer.KYOKAI]
        notices = self._wanted(form, keys)
        return union_print(form, notices, self._writing(), to, self._fonts, practice=self._practice)
