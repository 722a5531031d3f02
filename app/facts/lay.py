"""An expression worked out for many members at once: node by node, each over all of them.

`lay` turns a compiled tree into a closure (frame, members' paths) → one result a member, equal to
running the tree for one member after the other (tests hold it against that). What does not change
from member to member is worked out once, and what members tell is read from columns (columns.py),
which spares a cell for each fact of each member. As one by one, an operand that the ones before it
have made needless for a member is not worked out for that member.

The members are bound either by the variable of a loop (`Looped`), or as the scope of the derivation
of a fact of theirs (`Scoped`).
"""

from __future__ import annotations

from dataclasses import dataclass

from app.facts.alternatives import Assume, Coalesce, Conditional, Otherwise
from app.facts.laid import COMBINED, Laid, Rows
from app.facts.moments import OwnPeriod, Today
from app.facts.nodes import Constant, Frame, Member, Node, Read
from app.facts.operators import Figure, Junction, Negation, Strict
from app.facts.outcome import UNKNOWN, Result
from app.facts.paths import is_period
from app.facts.record import BLANK


class Unfit(Exception):
    """The expression has a part that can only be worked out member by member."""


@dataclass(frozen=True)
class Looped:
    """The members are those a loop's variable stands for; what cannot be laid is run one by one."""

    collection: str
    variable: int

    def leaf(self, read: Read) -> str | None:
        """What the read means inside the member; None where it does not read the member."""
        place = read.place
        return place.tail[1:] if place.variable == self.variable else None

    def alone(self, node: Node) -> Laid:
        """The node run with the variable bound to each member in turn."""
        variable, run = self.variable, node.run

        def laid(frame: Frame, rows: Rows) -> list[Result]:
            found = []
            for row in rows:
                frame.locals[variable] = row
                found.append(run(frame))
            return found

        return laid


@dataclass(frozen=True)
class Scoped:
    """The members are the scope of a derivation."""

    collection: str

    def leaf(self, read: Read) -> str | None:
        """What the read means inside the member; None where it does not read the member."""
        place, head = read.place, f"{self.collection}[]."
        inside = place.variable is None and place.tail.startswith(head)
        return place.tail[len(head) :] if inside else None

    def alone(self, node: Node) -> Laid:
        """Raises Unfit: a frame has one scope."""
        raise Unfit


Binding = Looped | Scoped


def lay(node: Node, binding: Binding) -> Laid | None:
    """The node over many members; None where it is the same for all. Raises Unfit."""
    match node:
        case Constant() | Today() | OwnPeriod() | Member():
            return None
        case Figure() if node.day is None or lay(node.day, binding) is None:
            return None
        case Read():
            return _read(node, binding)
        case (
            Strict() | Negation() | Junction() | Conditional() | Coalesce() | Otherwise() | Assume()
        ):
            laid = [lay(part, binding) for part in node.parts()]
            if all(part is None for part in laid):
                return None
            parts = [part or _same(its) for part, its in zip(laid, node.parts(), strict=True)]
            return COMBINED[type(node)](node, parts)
    return binding.alone(node)


def lay_all(node: Node, binding: Binding) -> Laid:
    """The node over many members, worked out once where it is the same for all. Raises Unfit."""
    return lay(node, binding) or _same(node)


def _same(node: Node) -> Laid:
    return lambda frame, rows: [node.run(frame)] * len(rows) if rows else []


def _read(node: Read, binding: Binding) -> Laid | None:
    leaf, period = binding.leaf(node), node.period
    if period is not None and lay(period, binding) is not None:
        return binding.alone(node)
    if leaf is None:
        return None
    collection = binding.collection

    def laid(frame: Frame, rows: Rows) -> list[Result]:
        name, weakness = leaf, 0
        if not rows:
            return []
        if period is not None:
            month, weakness = period.run(frame)
            if not isinstance(month, str) or not is_period(month):
                return [(BLANK, weakness) if month is BLANK else UNKNOWN] * len(rows)
            name = f"{leaf}[{month}]"
        found = _told(frame, collection, name, rows)
        if not weakness:
            return found
        return [(value, weakness | weak) for value, weak in found]

    return laid


def _told(frame: Frame, collection: str, leaf: str, rows: Rows) -> list[Result]:
    column = frame.fetch_column(collection, leaf)
    if column is None:
        cells = [frame.fetch(f"{row}.{leaf}") for row in rows]
        return [cell.result or cell.refresh() for cell in cells]
    by_row, _ = column.result or column.refresh()
    return [by_row[row] for row in rows]
