"""Beside the answers of an open draft: the files in its slots, and the earlier texts of a field."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.forms.draft import Draft
from app.forms.draft_parts import Change
from app.forms.fields import Field
from app.forms.file_slots import SlotFile, files_of, slot_file, slot_text
from app.store.documents import Documents
from app.store.drafts import Drafts
from app.store.rows import DocumentRow

ATTACHMENT = "attachment"
"""The kind under which the vault keeps a file put into a slot."""


@dataclass(frozen=True)
class Version:
    """What a field said at a time, latest first in a list."""

    at: datetime
    text: str


class DraftFiles:
    """The vault's side of one draft's file slots and of its histories."""

    def __init__(self, draft_id: str, draft: Draft, drafts: Drafts, documents: Documents) -> None:
        self._id = draft_id
        self._draft = draft
        self._drafts = drafts
        self._documents = documents

    def attach(self, field_id: str, name: str, content: bytes) -> Change:
        """Keeps a file in the vault and puts it into a slot; a slot for one file changes it.

        Raises:
            BadInput: the slot does not take it. VaultFault: it could not be kept.
        """
        field = self._draft.procedure.field(field_id)
        slot_file(field, "", name, content)  # refused before anything is kept
        document = self._documents.keep(name, content, ATTACHMENT)
        return self._put(field, slot_file(field, document, name, content))

    def attach_kept(self, field_id: str, document: str) -> Change:
        """Puts a document the vault keeps already into a slot; nothing is copied. As `attach`."""
        field = self._draft.procedure.field(field_id)
        kept = self._documents.get(document)
        return self._put(field, slot_file(field, document, kept.name, kept.content))

    def library(self, field_id: str) -> list[DocumentRow]:
        """The documents of the vault that the slot would take by name and size, latest first.

        Each content once, and none that lies in the slot; on any thread. Raises VaultFault.
        """
        field = self._draft.procedure.field(field_id)
        seen = {one.sha256 for one in self._held(field_id)}
        found: list[DocumentRow] = []
        for row in self._documents.list():
            ending = row.name.rpartition(".")[2].lower() if "." in row.name else ""
            if (
                ending in field.file_types
                and row.size <= field.max_bytes
                and row.sha256 not in seen
            ):
                seen.add(row.sha256)
                found.append(row)
        return found

    def _put(self, field: Field, one: SlotFile) -> Change:
        held = self._held(field.id)
        files = (*(f for f in held if f.document != one.document), one)
        if field.max_files == 1:
            files = (one,)
        return self._draft.answer(field.id, slot_text(files))

    def detach(self, field_id: str, document: str) -> Change:
        """Takes a file out of a slot; the vault keeps it."""
        left = tuple(one for one in self._held(field_id) if one.document != document)
        return (
            self._draft.answer(field_id, slot_text(left)) if left else self._draft.clear(field_id)
        )

    def content(self, document: str) -> bytes:
        """The bytes of a file in a slot. Raises VaultFault."""
        return self._documents.get(document).content

    def versions(self, field_id: str, limit: int = 50) -> list[Version]:
        """The last texts of a field, latest first, each said once; what stands now is left out."""
        now = self._draft.cell(field_id).text
        found: list[Version] = []
        seen = {now, ""}
        for row in reversed(self._drafts.history(self._id, field_id)):
            text = _text(row.answer)
            if text not in seen:
                seen.add(text)
                found.append(Version(row.saved_at, text))
        return found[:limit]

    def _held(self, field_id: str) -> tuple[Any, ...]:
        value = self._draft.cell(field_id).value
        return files_of(value) if isinstance(value, str) else ()


def _text(answer: dict[str, Any] | None) -> str:
    if answer is None:
        return ""
    said = str(answer.get("source_text") or "")
    value = answer.get("value")
    return said or (str(value.get("v", "")) if isinstance(value, dict) else "")
