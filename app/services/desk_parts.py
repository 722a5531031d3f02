"""What bootstrap joins the desk of an open company from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.domain.clock import Clock
from app.facts.catalogue import Catalogue
from app.forms.library import ProcedureLibrary
from app.services.companies import Companies
from app.services.standing import Standing

if TYPE_CHECKING:
    from app.services.desk_doors import DeskDoors
    from app.services.grants.desk import GrantsDesk
    from app.services.public_records import PublicRecords
    from app.services.settings import Settings
    from app.services.social.desk import SocialData


def own_standing(desk: Any) -> Standing:
    """The standing of a company that is open by itself: by its own account."""
    return Standing(
        desk.vault, (desk.card.name, desk.card.corporate_number), desk.doors.account_id,
        lambda: desk.doors.sign_in_state().who, desk.clock,
    )  # fmt: skip


@dataclass(frozen=True)
class DeskParts:
    """`doors` and `grants` are made for a desk when it is there; `person` sits at this computer.

    `standing` says in what role its filings leave: by itself, or by an office's 提出代行.
    """

    resources: Path
    catalogue: Catalogue
    library: ProcedureLibrary
    companies: Companies
    settings: Callable[[], Settings]
    clock: Clock
    person: str
    doors: Callable[[Any], DeskDoors]
    grants: Callable[[Any], GrantsDesk]
    public_records: Callable[[Any], PublicRecords]
    social: Callable[[], SocialData]
    standing: Callable[[Any], Standing] = own_standing
