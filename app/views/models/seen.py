"""What the pages of a form ask of an open draft: a small protocol, answered by the services.

A page names only what it uses, so that it can be tested with a few lines that answer the same.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from app.domain.errors import Known

if TYPE_CHECKING:
    from app.forms.draft import Draft
    from app.forms.draft_parts import Change
    from app.services.draft_files import DraftFiles
    from app.services.draft_renewal import Renewal


class OpenDraft(Protocol):
    """A draft that is being written, and the way to keep it."""

    @property
    def id(self) -> str:
        """The draft's id in the vault."""

    @property
    def draft(self) -> Draft:
        """The view model: cells, problems, answers."""

    @property
    def files(self) -> DraftFiles:
        """The files in its slots, and the earlier texts of its fields."""

    @property
    def renewal(self) -> Renewal | None:
        """What a change of the form's edition brought; None when nothing."""

    @property
    def saved_at(self) -> datetime | None:
        """When the last change reached the disk; None before the first."""

    @property
    def pending(self) -> bool:
        """Whether something typed is not in the vault yet."""

    @property
    def fault(self) -> Known | None:
        """Why the last writing failed; None when it went well."""

    @property
    def cursor(self) -> str:
        """The field the person was in; empty when never opened."""

    def apply(self, change: Change) -> None:
        """Keep a change (on the disk within 250 ms, not on the window's thread)."""

    def flush(self) -> None:
        """Write what is still waiting now."""

    def set_cursor(self, field_id: str) -> None:
        """Remember where the person is."""

    def pdf(self) -> bytes:
        """The official layout as a PDF."""
