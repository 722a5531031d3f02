"""Joins 支援 for an open company: what bootstrap builds, given to it piece by piece."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.services.grants.desk import GrantsDesk
    from app.services.grants.keeping import GrantKeeping


def grants_of(house: Any, desk: Any) -> GrantsDesk:
    """The grants of an open company, from what the house builds."""
    from app.services.connectors.jgrants import JGrants, jgrants_pace
    from app.services.grants.desk import GrantsDesk
    from app.services.grants.keeping import GrantKeeping
    from app.services.grants.matching import Matching
    from app.services.grants.rules import load_rules
    from app.services.wire import Wire

    public = house.public_data(practice=desk.practice)
    shipped = house.resources / "public" / "mirasapo_2023-10.zip"

    def keeping() -> GrantKeeping:
        base = house.settings.doors.jgrants
        if desk.practice:
            base = house.town.endpoints()["jgrants"]
        wire = Wire(
            practice=desk.practice, door="Jグランツ", clock=house.clock, pace=jgrants_pace()
        )
        desk.doors.closes(wire.close)
        return GrantKeeping(
            public,
            JGrants(wire, base),
            house.clock,
            shipped=shipped,
            wanted=lambda: {star.key for star in desk.grants.starred()},
        )

    rules = load_rules(house.resources, house.catalogue)
    return GrantsDesk(
        public,
        keeping,
        shipped,
        desk.documents_store,
        Matching(rules, desk.graph, house.catalogue, house.clock),
        desk.graph,
        house.catalogue,
        desk.meta,
        house.clock,
        desk.answer_fact,
        lambda grant: next(
            (
                entry.id
                for entry in house.library.entries()
                if entry.is_for_grant(grant.id, grant.number, grant.title)
            ),
            "",
        ),
    )
