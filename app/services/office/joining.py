"""Joins the offices of the house: what bootstrap builds, given to them piece by piece."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.services.door_account import Addresses
    from app.services.doors import DoorAddresses
    from app.services.office.batch import BatchParts
    from app.services.office.office import Office
    from app.services.office.offices import CreatedOffice, Offices
    from app.store.vault import Vault


def offices_of(house: Any) -> Offices:
    """The office files of the house's folder."""
    from app.services.desk_doors import DeskDoors
    from app.services.keys import KeyRing
    from app.services.office.office import OfficeParts
    from app.services.office.offices import Offices

    def addresses(office: Office) -> Addresses:
        def found(*, tls: bool) -> DoorAddresses:
            told: DoorAddresses = house.addresses(office, tls=tls)
            return told

        return found

    def doors(vault: Vault, number: str, office: Office) -> DeskDoors:
        return DeskDoors(
            vault, number, addresses(office), house.library, house.catalogue, house.resources,
            house.clock, account=office.account,
            shares_name=lambda: office.shares_name(vault.id),
        )  # fmt: skip

    parts = OfficeParts(house.companies, house.clock, addresses, doors)
    return Offices(house.resources / "migrations" / "office", parts, KeyRing)


def batch_parts_of(house: Any) -> BatchParts:
    """What all batches share."""
    from app.services.office.batch import BatchParts

    return BatchParts(house.catalogue, house.library, house.social_data, house.person)


def recovery_pdf_of(house: Any, made: CreatedOffice | None) -> bytes:
    """The recovery sheet of a new office. Raises LookupError when none was made."""
    from app.domain.clock import today
    from app.domain.era import wareki_text
    from app.forms.printing import print_recovery_sheet

    if made is None:
        raise LookupError("no office was made")
    return print_recovery_sheet(
        made.card.name, "", made.recovery_text, wareki_text(today(house.clock)),
        made.card.practice, house.resources / "fonts", "事務所のファイル",
    )  # fmt: skip
