"""手渡し: a filing that a person files by other means, from files this program wrote (DESIGN 1).

A firm without an API key files by 届書作成プログラム or e-Gov's own application. What is handed over is a
filing of its own, of the door HAND_OVER: sealed, with the same chain of events and the same proof,
and never sent by us. An envelope that waited for e-Gov is given up in the same step, so that of one
notice only one can leave. What the office answered is taken in from the person's hands.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from app.domain.clock import Clock
from app.domain.errors import Known
from app.domain.filing import HAND_OVER, Stage
from app.services.hand_over_folder import (
    folder_name,
    laid_out,
    write_folder,
)
from app.services.hand_over_sheet import NAME, HandedFile, step_sheet
from app.services.hand_state import HandState, hand_state
from app.services.official_documents import ReadDocument
from app.store.disclosures import Disclosures
from app.store.filings import Filings
from app.store.rows import FilingRow, NewEvent, NewFiling
from app.store.vault import Vault

Reader = Callable[[FilingRow, bytes], ReadDocument]
_NUMBER: Final = re.compile(r"[0-9]{16,18}")
_OPEN: Final = (Stage.READY, Stage.SENDING, Stage.UNKNOWN)


class HandingOver:
    """Hands the filings of one company to a person. Everything may be called off the window's thread."""

    def __init__(self, vault: Vault, clock: Clock, fonts: Path, person: str) -> None:
        self._filings = Filings(vault)
        self._disclosures = Disclosures(vault)
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
        told = [e for e in self._filings.events(row.id) if e.kind == "hands-over"]
        bare = any(e.data.get("values_only") for e in told)
        files, count = laid_out(self._filings.leaving(row.id), values_only=bare)
        listed = [
            HandedFile(place, len(content), hashlib.sha256(content).hexdigest())
            for place, content in files
        ]
        steps = step_sheet(row, listed, self._fonts, csv_count=count)
        target = write_folder(folder, folder_name(row), [*files, (NAME, steps)])
        # Of files with 個人番号 the digests of the copies: by the true ones a number could be found.
        copies, _ = laid_out(self._filings.envelope(row.id))
        noted = {place: hashlib.sha256(content).hexdigest() for place, content in copies}
        self._filings.add_event(
            row.id,
            NewEvent(
                "handed-over",
                "人に手渡しました",
                "一度からは送っていません。人が届書作成プログラムか e-Gov で出します",
                {"by": self._person, "files": noted},
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


def _handed(new: NewFiling) -> NewFiling:
    """`new` as a filing of this door; its twin key is that of nothing that is sent by us."""
    return replace(new, door=HAND_OVER, account_id=HAND_OVER, twin_key="")
