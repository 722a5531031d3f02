"""Filing through a portal's own page: what leaves for which page, and what came of it.

The portal has no wire: the person reads its pages and presses its button. The sealed filing says
what is put in; the page that files (`confirm`) marks the moment from which the outcome is unknown
until the receipt page has been read. A portal cannot be asked, so an unknown outcome is settled by
the person, who looks into the portal's own list of applications (DESIGN 4, step 7).
"""

from __future__ import annotations

import hashlib
import mimetypes
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.domain.clock import Clock
from app.domain.errors import Known
from app.domain.filing import Stage
from app.facts.catalogue import Catalogue
from app.facts.graph import State
from app.facts.record import Origin, decode_value
from app.forms.draft_parts import Cell
from app.forms.file_slots import files_of
from app.forms.library import ProcedureLibrary
from app.forms.portal import Page, Portal, load_portal
from app.forms.portal_entries import Entry, entries
from app.forms.procedure import Procedure
from app.store.disclosures import Disclosures
from app.store.documents import Documents
from app.store.filings import Filings
from app.store.rows import FilingRow, NewEvent

_NUMBER: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{3,39}")


@dataclass(frozen=True)
class Place:
    """Where the person is in the portal: a page of ours, its receipt, its time-out, or elsewhere."""

    kind: str
    """page, confirm, receipt, expired or elsewhere."""
    page: Page | None = None


class PortalFiling:
    """One sealed filing on its way through a portal."""

    def __init__(
        self,
        filings: Filings,
        documents: Documents,
        disclosures: Disclosures,
        procedure: Procedure,
        portal: Portal,
        filing_id: str,
        clock: Clock,
    ) -> None:
        self._filings = filings
        self._documents = documents
        self._disclosures = disclosures
        self._clock = clock
        self._procedure = procedure
        self.portal = portal
        self.filing_id = filing_id
        row = self.row
        if (row.procedure_id, row.edition) != (procedure.id, procedure.edition):
            raise Known(
                "edition-gone",
                "この申請は前の版の様式で封をしました。封を解いて、いまの版で作り直してください。",
            )
        self._cells = cells_of(row.facts, procedure)
        self._told: set[str] = set()
        self._new: set[tuple[str, str]] = set()

    @property
    def row(self) -> FilingRow:
        """The filing as it stands."""
        return self._filings.get(self.filing_id)

    def place(self, path: str, heads: Sequence[str]) -> Place:
        """Where a page with this path and these headings is."""
        seen = {folded(head) for head in heads}

        def here(heading: str, ending: str) -> bool:
            return (not heading or folded(heading) in seen) and (
                not ending or path.rstrip("/").endswith(ending.rstrip("/"))
            )

        if self.portal.expired and folded(self.portal.expired) in seen:
            return Place("expired")
        if here(self.portal.receipt.heading, self.portal.receipt.path):
            return Place("receipt")
        for page in self.portal.pages:
            if here(page.heading, page.path):
                return Place("confirm" if page.confirm else "page", page)
        return Place("elsewhere")

    def entries(self, page: Page) -> list[Entry]:
        """What goes into one page."""
        return entries(page, self._cells)

    def sheet(self) -> list[tuple[Page, list[Entry]]]:
        """Everything that goes into each page, in their order: what is copied where it is done by hand."""
        pages = [page for page in self.portal.pages if not page.confirm]
        return [(page, self.entries(page)) for page in pages]

    def files(self, entry: Entry) -> list[tuple[str, str, bytes]]:
        """The files of an entry: the name each leaves by, its media type, its bytes from the vault.

        Raises Known where a file is not the one that was sealed.
        """
        if not entry.files:
            return []
        held = files_of(str(self._cells[entry.field_id].value))
        found: list[tuple[str, str, bytes]] = []
        for name, one in zip(entry.files, held, strict=True):
            content = self._documents.get(one.document).content
            if hashlib.sha256(content).hexdigest() != one.sha256:
                raise Known(
                    "attachment-changed",
                    f"{one.name} が、封をしたときのものと違います。付け直してください。",
                )
            kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
            found.append((name, kind, content))
        return found

    def note_fill(self, page: Page, put: Sequence[Entry], *, by_hand: bool = False) -> None:
        """Writes down what is about to leave; before it leaves, so that the tracker never lacks it."""
        put = [entry for entry in put if entry.leaves]
        fields = {entry.field_id for entry in put}
        paths = [str(f["path"]) for f in self.row.facts if f.get("path") and f["field"] in fields]
        new = [path for path in paths if path not in self._told]
        if new:
            self._disclosures.add(new, self.portal.portal, self.filing_id, self._clock())
            self._told.update(new)
        self._filings.add_event(
            self.filing_id,
            NewEvent(
                "filled",
                "ポータルの画面に手で入れました" if by_hand else "ポータルの画面に入れました",
                f"{page.heading or page.id}: {len(put)}か所",
                {"page": page.id, "fields": sorted(fields)},
            ),
        )

    def note_new(self, page: Page, names: Sequence[str]) -> None:
        """Writes down what the portal asks on `page` that the sealed form has no field for.

        The portal was renewed, or asks more than the folder knows; told once a page and set of names.
        """
        said = "、".join(names)[:1000]
        where = page.heading or page.id
        if (where, said) in self._new:
            return
        self._new.add((where, said))
        self._filings.add_event(
            self.filing_id,
            NewEvent(
                "portal-new",
                "相手の画面に、この申請にない欄があります",
                f"{where}: {said}",
                {"page": page.id, "names": list(names)[:200]},
            ),
        )

    def at_confirm(self) -> None:
        """The page whose button files is shown: from here on the outcome may be unknown."""
        if self.row.stage is Stage.READY:
            sha256 = self.row.sha256
            event = NewEvent(
                "sending", "確認の画面", "ポータルのボタンは人が押します", {"sha256": sha256}
            )
            self._filings.begin_sending(self.filing_id, (), event)

    def back_to_page(self) -> None:
        """The person went back to a page that is still being written: nothing was filed."""
        if self.row.stage is Stage.SENDING:
            event = NewEvent("not-sent", "確認の画面から戻りました", "まだ出していません")
            self._filings.move(self.filing_id, Stage.READY, event)

    def left(self) -> None:
        """The browser was left after the confirm page and no receipt was read: unknown."""
        if self.row.stage is Stage.SENDING:
            event = NewEvent(
                "unknown",
                "受付の画面を見ていません",
                "ポータルの申請一覧を見て、受付番号があるか確かめてください",
                {"code": "no-receipt-page"},
            )
            self._filings.move(self.filing_id, Stage.UNKNOWN, event)

    def receipt(self, number: str, at: str, *, by: str = "") -> str:
        """Stores the number read from the receipt page (or by a person from the portal's list).

        Gives the number as stored. Raises Known for words that hold no number.
        """
        found = _NUMBER.search(unicodedata.normalize("NFKC", number))
        if found is None:
            raise Known(
                "no-receipt-number",
                "受付番号を読み取れませんでした。画面の番号を書き写して、手で入れてください。",
            )
        row = self.row
        if row.receipt_number:
            return row.receipt_number
        if row.stage is Stage.READY:  # the portal went from a page to its receipt in one step
            self.at_confirm()
        told = {"number": found[0], "at": at, "found_by": "person" if by else "page"}
        how = "受付番号を記録してから、画面に出しました"
        self._filings.store_receipt(
            self.filing_id,
            found[0],
            receipt_at=self._clock(),
            receipt=told,
            door_status="申請済み",
            event=NewEvent("accepted", "受付", how, {"by": by} if by else {}),
        )
        return found[0]

    def receipt_by_hand(self, number: str, by: str) -> str:
        """The number of an application typed into the portal by hand; what left is written down first.

        As `receipt`.
        """
        if _NUMBER.search(unicodedata.normalize("NFKC", number)) and not self.row.receipt_number:
            for page, put in self.sheet():
                if any(entry.leaves for entry in put):
                    self.note_fill(page, put, by_hand=True)
        return self.receipt(number, "", by=by)

    def never_arrived(self, by: str) -> None:
        """The person looked into the portal's list and it is not there: it can be tried again."""
        if self.row.stage is not Stage.UNKNOWN:
            raise Known("not-unknown", "この申請の結果は、もう分かっています。")
        event = NewEvent(
            "not-arrived", "出ていませんでした", "ポータルの一覧にありません", {"by": by}
        )
        self._filings.move(self.filing_id, Stage.READY, event)


def open_portal(
    filings: Filings,
    documents: Documents,
    disclosures: Disclosures,
    library: ProcedureLibrary,
    catalogue: Catalogue,
    filing_id: str,
    clock: Clock,
) -> PortalFiling:
    """A sealed filing with the portal of its folder. Raises Known where the folder has none."""
    procedure = library.load(filings.get(filing_id).procedure_id, catalogue)
    portal = load_portal(procedure)
    if portal is None:
        raise Known("no-portal", "この申請は、ポータルの画面に入れるやり方がまだありません。")
    return PortalFiling(filings, documents, disclosures, procedure, portal, filing_id, clock)


def cells_of(facts: Sequence[Mapping[str, Any]], procedure: Procedure) -> dict[str, Cell]:
    """The cells of a sealed filing, field by field; fields it does not hold are empty cells."""
    sealed = {str(f["field"]): f for f in facts}
    cells: dict[str, Cell] = {}
    for field in procedure.fields:
        kept = sealed.get(field.id)
        if kept is None:
            cells[field.id] = Cell(
                field, False, None, "", "", State.MISSING, None, answered=False, typed=False
            )
            continue
        value = decode_value(kept["value"]) if kept["value"] is not None else None
        cells[field.id] = Cell(
            field,
            True,
            value,
            str(kept["text"]),
            str(kept["sent"]),
            State.CONFIRMED,
            Origin(kept["origin"]) if kept["origin"] else None,
            answered=True,
            typed=bool(kept["typed"]),
        )
    return cells


def folded(words: str) -> str:
    """Words as headings are compared: width folded, without spaces and marks of required fields."""
    return re.sub(r"[\s\u200b*※:：]+", "", unicodedata.normalize("NFKC", words))
