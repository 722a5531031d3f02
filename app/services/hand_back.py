"""What came of a hand-over, from the person's hands: the 到達番号, the documents, the end.

All of it is told or brought by a person, and every event says so; the door itself told us nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Final

from app.domain.clock import Clock
from app.domain.era import parse_date
from app.domain.errors import BadInput, Known
from app.domain.filing import HAND_OVER, Stage
from app.facts.record import Record
from app.forms.payload import pack
from app.services.hand_over import HandingOver
from app.services.hand_over_folder import kind_of, safe_name
from app.services.official_documents import ReadDocument, decided_event, records_decided
from app.store.documents import Documents
from app.store.records import Records
from app.store.rows import FilingRow, NewEvent
from app.store.vault import Vault

Reader = Callable[[FilingRow, bytes], ReadDocument]
_NUMBER: Final = re.compile(r"[0-9]{16,18}")
_TIME: Final = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9]))?")
_OPEN: Final = (Stage.READY, Stage.SENDING, Stage.UNKNOWN)


@dataclass(frozen=True)
class TakenDocument:
    """A document taken in by hand. `records` are stored; the graph has yet to take them in."""

    document_id: str
    sentence: str
    records: tuple[Record, ...] = ()


class HandOvers(HandingOver):
    """The filings of one company that a person files by hand, out and back.

    `read` reads an official document by the rules of its filing and raises Known; `arrived` gets the
    records that were stored.
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
        super().__init__(vault, clock, fonts, person)
        self._documents = Documents(vault)
        self._records = Records(vault)
        self._read = read
        self._arrived = arrived

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


def arrival_moment(day: str, time: str, now: datetime) -> datetime | None:
    """The moment of arrival as typed; None where nothing was typed. Raises BadInput."""
    if not day.strip() and not time.strip():
        return None
    plain = unicodedata.normalize("NFKC", time).strip()
    found = _TIME.fullmatch(plain) if plain else None
    if plain and found is None:
        raise BadInput("arrival-time", "到達の時刻を、10:23 のように入れてください。")
    on = parse_date(day) if day.strip() else now.date()
    hour, minute, second = (int(part or 0) for part in found.groups()) if found else (0, 0, 0)
    return datetime(on.year, on.month, on.day, hour, minute, second, tzinfo=now.tzinfo)
