"""What the fields column lays out: sections of fields, and a cell for each. A draft's procedure is one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from app.forms.draft_parts import Cell
    from app.forms.procedure import Field


class SheetSection(Protocol):
    """A numbered part."""

    @property
    def id(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def note(self) -> str: ...
    @property
    def fields(self) -> Sequence[Field]: ...


class SheetForm(Protocol):
    """The sections, and where a field stands."""

    @property
    def sections(self) -> Sequence[SheetSection]: ...
    @property
    def section_of(self) -> Mapping[str, str]: ...

    def field(self, field_id: str) -> Field: ...


class Sheet(Protocol):
    """Sections with cells; `app.forms.draft.Draft` answers this."""

    @property
    def procedure(self) -> SheetForm: ...

    def cells(self) -> Sequence[Cell]: ...
    def cell(self, field_id: str) -> Cell: ...
