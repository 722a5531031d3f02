"""手渡し: a filing that a person files by other means, from files this program wrote (DESIGN 1).

A firm without an API key files by 届書作成プログラム or e-Gov's own application. What is handed over is a
filing of its own, of the door HAND_OVER: sealed, with the same chain of events and the same proof,
and never sent by us. An envelope that waited for e-Gov is given up in the same step, so that of one
notice only one can leave. What the office answered is taken in from the person's hands.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Final

from app.domain.clock import Clock
from app.domain.errors import BadInput, Known
from app.domain.filing import HAND_OVER, Stage
from app.facts.record import Record
from app.forms.payload import pack
from app.services.hand_over_folder import (
    folder_name,
    kind_of,
    laid_out,
    safe_name,
    write_folder,
)
from app.services.hand_over_sheet import NAME, HandedFile, step_sheet
from app.services.hand_state import HandState, hand_state
from app.services.official_documents import ReadDocument, decided_event, records_decided
from app.store.disclosures import Disclosures
from app.store.documents import Documents
from app.store.filings import Filings
from app.store.records import Records
from app.store.rows import FilingRow, NewEvent, NewFiling
from app.store.vault import Vault

Reader = Callable[[FilingRow, bytes], ReadDocument]
_NUMBER: Final = re.compile(r"[0-9]{16,18}")
_OPEN: Final = (Stage.READY, Stage.SENDING, Stage.UNKNOWN)


@dataclass(frozen=True)
class TakenDocument:
    """A document taken in by hand. `records` are stored; the graph has yet to take them in."""

    document_id: str
    sentence: str
    records: tuple[Record, ...] = ()


class HandOvers:
    """The filings of one company that a person files by hand.

    `read` reads an official document by the rules of its filing and raises Known; `arrived` gets the
    records that were stored. Everything may be called off the window's thread.
    """

    def __init__(
        self,
        vault: Vault,
        read: Reader,
        arrived: Callable[[Sequence[Record]], None],
        clock: Clock,
        fonts: Path,
        person: str,
    ) -> None:
        self._arrived = arrived
        self._filings = Filings(vault)
        self._documents = Documents(vault)
        self._records = Records(vault)
        self._disclosures = Disclosures(vault)
        self._read = read
        self._clock = clock
        self._fonts = fonts
        self._person = person

    def state(self, filing_id: str) -> HandState | None:
        """How a hand-over stands; None for a filing of another door."""
        return hand_state(self._filings.get(filing_id), self._filings.events(filing_id))

    # --- out of the house

    def seal(self, new: NewFiling) -> str:
        """Keeps a filing that is to be handed over; gives its id. Nothing is written yet."""
        return self._filings.seal(_handed(new))

    def instead_of(self, filing_id: str) -> str:
        """Seals what waits in the outbox as a hand-over and gives the waiting envelope up, in one step.

        Gives the id of the new filing. Raises Known where the filing cannot be handed over.
        """
        with self._filings.together():
            row = self._filings.get(filing_id)
            told = self.refusal(row)
            if told:
                raise Known("no-hand-over", told)
            new = self._copy(row)  # before the move, which destroys the key of 個人番号
            given_up = NewEvent(
                "handed-over-instead",
                "送らずに、手で出すことにしました",
                "この封は、もう送れません",
                {"by": self._person},
            )
            self._filings.move(row.id, Stage.WITHDRAWN, given_up)
            link = NewEvent(
                "hands-over",
                "手で出すことにしました",
                f"送らずにやめた封 {row.sha256[:4]}…{row.sha256[-4:]} と同じ内容です",
                {"of": row.id, "by": self._person},
            )
            return self._filings.seal(_handed(new), [("", link)])

    def refusal(self, row: FilingRow) -> str:
        """Why a filing cannot be handed over, as a sentence; "" when it can."""
        if row.door != "egov":
            return "手で出すのは、e-Gov に送る届です。"
        if row.stage is not Stage.READY:
            return "もう送った届は、手では出せません。二度出すことになります。送信箱で様子を見てください。"
        about = {e.kind for e in self._filings.events(row.id)} & {"amends", "withdraws"}
        return (
            "補正の答えや取下げは、ここからは手で出せません。e-Gov の画面で答えてください。"
            if about
            else ""
        )

    def give(self, filing_id: str, folder: Path) -> Path:
        """Writes the files and the steps of a hand-over into a new folder under `folder`; gives it.

        Raises Known: it is no hand-over, its case is known already, or the folder cannot be written.
        """
        row = self._hand_over(filing_id)
        if row.stage is not Stage.READY:
            raise Known("handed-already", "この届は、もう到達番号が入っています。")
        files, count = laid_out(self._filings.leaving(row.id))
        listed = [
            HandedFile(place, len(content), hashlib.sha256(content).hexdigest())
            for place, content in files
        ]
        steps = step_sheet(row, listed, self._fonts, csv_count=count)
        target = write_folder(folder, folder_name(row), [*files, (NAME, steps)])
        self._filings.add_event(
            row.id,
            NewEvent(
                "handed-over",
                "人に手渡しました",
                "一度からは送っていません。人が届書作成プログラムか e-Gov で出します",
                {"by": self._person, "files": {f.place: f.sha256 for f in listed}},
            ),
        )
        paths = [str(f["path"]) for f in row.facts if f.get("path")]
        self._disclosures.add(paths, HAND_OVER, row.id, self._clock())
        return target

    def take_back(self, filing_id: str) -> str:
        """The person says that it was not filed and will not be; gives its draft's id ("" for none).

        Raises Known where it has a 到達番号.
        """
        row = self._hand_over(filing_id)
        if row.stage is not Stage.READY:
            raise Known(
                "handed-arrived",
                "到達番号の入った届は、ここでは取り消せません。取り下げは e-Gov の画面でしてください。",
            )
        event = NewEvent(
            "taken-back",
            "手渡しを取り消しました",
            "出していないことを、人が確かめました",
            {"by": self._person},
        )
        self._filings.move(row.id, Stage.WITHDRAWN, event)
        return row.draft_id

    # --- what came of it, from the person's hands

    def number(self, filing_id: str, text: str, at: datetime | None = None) -> FilingRow:
        """Stores the 到達番号 that the person saw, with the moment of arrival (now where none is told).

        Raises BadInput (no such number, a moment that has not come), Known, VaultFault receipt_taken.
        """
        row = self._hand_over(filing_id)
        number = arrival_number(text)
        moment = at or self._clock()
        if moment > self._clock():
            raise BadInput("arrival-future", "到達の日時が、今よりあとです。入れ直してください。")
        if row.stage not in _OPEN:
            raise Known("handed-already", "この届には、もう到達番号が入っています。")
        if not any(e.kind == "handed-over" for e in self._filings.events(row.id)):
            raise Known("not-handed", "まだ手渡していません。先にファイルを書き出してください。")
        if number in self._filings.receipt_numbers("egov"):
            raise BadInput(
                "arrival-other",
                "その到達番号は、一度から送った別の届のものです。番号を確かめてください。",
            )
        told = {"arrive_id": number, "found_by": HAND_OVER, "typed_by": self._person}
        with self._filings.together():
            if row.stage is Stage.READY:
                filed = NewEvent(
                    "filed-by-hand",
                    "人が出しました",
                    "一度からは送っていません",
                    {"by": self._person},
                )
                self._filings.begin_sending(row.id, (), filed)
            return self._filings.store_receipt(
                row.id,
                number,
                receipt_at=moment,
                receipt=told,
                door_status="到達",
                event=NewEvent(
                    "accepted",
                    "到達番号を書きとめました",
                    f"{self._person or '人'}が画面を見て入れました。役所から受け取ったものではありません",
                    {"by": self._person},
                ),
            )

    def take_in(self, filing_id: str, name: str, content: bytes) -> TakenDocument:
        """Keeps a document the person downloaded (ZIP, PDF, XML); what it decides becomes records.

        The same bytes are kept, and read, once. Raises BadInput for other files, Known.
        """
        row = self._hand_over(filing_id)
        if row.stage not in (Stage.ACCEPTED, Stage.ENDED):
            raise Known("not-arrived-yet", "先に到達番号を入れてください。")
        kind = kind_of(name, content)
        if kind == "pdf":
            return self._keep_plain(row, name, content)
        as_zip = content if kind == "zip" else pack("x", ((safe_name(name), content),)).zip_bytes
        read: ReadDocument | None = None
        verdict = ""
        try:
            read = self._read(row, as_zip)
            verdict = read.verdict
        except Known as fault:
            verdict = fault.sentence
        return self._keep_official(row, name, content, read, verdict)

    def finish(self, filing_id: str) -> None:
        """The person says that the procedure is over (e-Gov shows 手続終了). Raises Known."""
        row = self._hand_over(filing_id)
        if row.stage is not Stage.ACCEPTED:
            raise Known(
                "not-arrived-yet", "到達番号が入っていて、終わっていない届だけを終えられます。"
            )
        event = NewEvent("ended", "手続が終わりました", "人が確かめました", {"by": self._person})
        self._filings.move(row.id, Stage.ENDED, event, door_status="手続終了")

    # --- inside

    def _hand_over(self, filing_id: str) -> FilingRow:
        row = self._filings.get(filing_id)
        if row.door != HAND_OVER:
            raise Known("no-hand-over", "この届は、手渡しの届ではありません。")
        return row

    def _copy(self, row: FilingRow) -> NewFiling:
        new = NewFiling(
            draft_id=row.draft_id,
            procedure_id=row.procedure_id,
            edition=row.edition,
            door=HAND_OVER,
            company_name=row.company_name,
            corporate_number=row.corporate_number,
            account_id=HAND_OVER,
            capacity=row.capacity,
            subject=row.subject,
            title=row.title,
            facts=list(row.facts),
            envelope=self._filings.envelope(row.id),
            envelope_name=row.envelope_name,
            sha256=row.sha256,
            sealed_at=self._clock(),
            practice=row.practice,
        )
        hidden = self._filings.kept_apart(row.id)
        if hidden is None:
            return new
        return replace(new, apart=self._filings.leaving(row.id), people=hidden.people)

    def _keep_plain(self, row: FilingRow, name: str, content: bytes) -> TakenDocument:
        before = {d.id for d in self._documents.list(row.id)}
        kept = self._documents.keep(safe_name(name), content, "attachment", row.id)
        if kept in before:
            return TakenDocument(kept, "この書類は、もう入っています。")
        event = NewEvent("document", "書類を入れました", safe_name(name), {"document": kept})
        self._filings.add_event(row.id, event)
        return TakenDocument(kept, f"{safe_name(name)} を書類庫に入れました。")

    def _keep_official(
        self, row: FilingRow, name: str, content: bytes, read: ReadDocument | None, verdict: str
    ) -> TakenDocument:
        events = self._filings.events(row.id)
        subs = [e for e in events if e.kind == "decided"]
        with self._filings.together():
            kept = self._documents.keep(safe_name(name), content, "official", row.id, verdict)
            if any(e.data.get("document") == kept for e in subs):
                return TakenDocument(kept, "この書類は、もう入っています。")
            records: tuple[Record, ...] = ()
            if read is not None:
                self._documents.keep(read.xml_name, read.xml, "official-xml", row.id, verdict)
                records = records_decided(read, self._documents.get(kept), row.id, self._clock())
                self._records.append(list(records))
            title = PurePosixPath(safe_name(name)).stem
            event = decided_event(title, verdict, kept, f"手渡し{len(subs) + 1}", read)
            self._filings.add_event(row.id, event)
            if read is not None and read.decided and row.stage is Stage.ACCEPTED:
                ended = NewEvent("ended", "手続が終わりました", "決定の公文書が届きました")
                self._filings.move(row.id, Stage.ENDED, ended, door_status="手続終了")
        self._arrived(records)
        if read is None:
            return TakenDocument(kept, f"書類庫に入れました。{verdict}")
        told = f"公文書を書類庫に入れ、事実 {len(records)}つに加えました。{verdict}"
        return TakenDocument(kept, told, records)


def arrival_number(text: str) -> str:
    """A 到達番号 as typed: 16 to 18 digits, whatever their width, with spaces or hyphens. Raises BadInput."""
    plain = re.sub(r"[\s\-‐－ー]", "", unicodedata.normalize("NFKC", text))
    if not _NUMBER.fullmatch(plain):
        raise BadInput(
            "arrival-number", "到達番号は16～18桁の数字です。画面の番号を写してください。"
        )
    return plain


def _handed(new: NewFiling) -> NewFiling:
    """`new` as a filing of this door; its twin key is that of nothing that is sent by us."""
    return replace(new, door=HAND_OVER, account_id=HAND_OVER, twin_key="")
