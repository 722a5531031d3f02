"""Open drafts: what is typed is kept within 250 ms, off the window's thread (DESIGN 7)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from app.domain.clock import Clock
from app.domain.errors import Known, VaultFault
from app.facts.record import Record
from app.forms.draft import Draft
from app.forms.draft_parts import Change
from app.services.draft_files import DraftFiles
from app.services.draft_renewal import Renewal
from app.store.drafts import Drafts
from app.store.records import Records

COALESCE_SECONDS = 0.15
RETRY_SECONDS = 1.0


class DraftWriter:
    """One thread that writes answers and records; many changes become one transaction.

    What could not be written stays pending and is tried again; `fault` says why, in words, until
    it went well. `told` is called from the writing thread after each attempt.
    """

    def __init__(
        self, drafts: Drafts, records: Records, clock: Clock, told: Callable[[], None] | None = None
    ) -> None:
        self._drafts = drafts
        self._records = records
        self._clock = clock
        self.told = told
        self.saved_at: datetime | None = None
        self.fault: Known | None = None
        self._answers: dict[str, dict[str, dict[str, Any] | None]] = {}
        self._new: list[Record] = []
        self._wake = threading.Condition()
        self._writing = threading.Lock()
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="draft-writer", daemon=True)
        self._thread.start()

    def put(
        self,
        records: tuple[Record, ...],
        draft_id: str = "",
        answers: Mapping[str, dict[str, Any] | None] | None = None,
    ) -> None:
        """Hands over new records and the answers of a draft (None: the answer was cleared)."""
        with self._wake:
            self._new.extend(records)
            if draft_id and answers:
                self._answers.setdefault(draft_id, {}).update(answers)
            self._wake.notify()

    @property
    def pending(self) -> bool:
        """Whether something typed is not in the vault yet."""
        with self._wake:
            return bool(self._new or self._answers)

    def flush(self) -> None:
        """Writes everything pending before returning.

        Raises:
            Known: it could not be written; it stays pending.
        """
        self._write()
        if self.fault is not None:
            raise self.fault

    def close(self) -> None:
        """Writes what is pending and ends the thread; raises what `flush` raises, after ending."""
        with self._wake:
            self._closing = True
            self._wake.notify()
        self._thread.join(timeout=10)
        self.flush()

    def _run(self) -> None:
        while True:
            with self._wake:
                while not (self._closing or self._new or self._answers):
                    self._wake.wait()
                if self._closing:
                    return
                self._wake.wait_for(
                    lambda: self._closing, RETRY_SECONDS if self.fault else COALESCE_SECONDS
                )
                if self._closing:
                    return
            self._write()

    def _write(self) -> None:
        with self._writing:
            with self._wake:
                records, self._new = self._new, []
                answers, self._answers = self._answers, {}
            if not records and not answers:
                return
            try:
                if records:
                    self._records.append(records)
                    records = []
                for draft_id in list(answers):
                    self._save(draft_id, answers[draft_id])
                    del answers[draft_id]
            except Known as fault:
                self.fault = fault
            else:
                self.fault = None
                self.saved_at = self._clock()
            finally:
                with self._wake:
                    self._new = records + self._new
                    for draft_id, older in answers.items():
                        self._answers[draft_id] = {**older, **self._answers.get(draft_id, {})}
        self._tell()

    def _save(self, draft_id: str, answers: Mapping[str, dict[str, Any] | None]) -> None:
        try:
            self._drafts.save(draft_id, answers)
        except VaultFault as fault:
            # A draft that was erased takes nothing any more; retrying would hold up all others.
            if fault.code != "not_found":
                raise

    def _tell(self) -> None:
        if self.told is not None:
            with suppress(RuntimeError):
                self.told()


class OpenDraft:
    """A draft on the screen: the view model, and the writer that keeps it."""

    def __init__(
        self,
        draft_id: str,
        draft: Draft,
        writer: DraftWriter,
        drafts: Drafts,
        cursor: str,
        pdf: Callable[[Draft], bytes],
        files: DraftFiles,
        renewal: Renewal | None = None,
    ) -> None:
        """`renewal` is what a change of the form's edition brought (None: nothing)."""
        self.id = draft_id
        self.files = files
        self.renewal = renewal
        self.draft = draft
        self._writer = writer
        self._drafts = drafts
        self._cursor = cursor
        self._pdf = pdf

    @property
    def saved_at(self) -> datetime | None:
        """When the vault last took something typed; None before the first time."""
        return self._writer.saved_at

    @property
    def fault(self) -> Known | None:
        """Why the last writing failed, None when it went well."""
        return self._writer.fault

    @property
    def pending(self) -> bool:
        """Whether something typed is not in the vault yet."""
        return self._writer.pending

    @property
    def cursor(self) -> str:
        """The field the person was in ("" at the beginning)."""
        return self._cursor

    def apply(self, change: Change) -> None:
        """Keeps one change: durable within 250 ms."""
        answer = change.answer.to_json() if change.answer is not None else None
        self._writer.put(change.records, self.id, {change.field_id: answer})

    def set_cursor(self, field_id: str) -> None:
        """Remembers where the person is; written with the next flush of the draft."""
        if field_id != self._cursor:
            self._cursor = field_id
            self._drafts.set_cursor(self.id, field_id)

    def flush(self) -> None:
        """Writes everything pending before returning. Raises Known when it could not."""
        self._writer.flush()

    def pdf(self) -> bytes:
        """The printed form as it stands."""
        return self._pdf(self.draft)
