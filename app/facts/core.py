"""The store of records and cells behind the graph, shared by all its reference dates."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from sys import intern
from threading import RLock

from app.facts.catalogue import Catalogue
from app.facts.cells import FactCell, GraphCell, MembersCell, QueryCell, TooDeep
from app.facts.columns import ColumnCell, ColumnKind
from app.facts.compiler import Compiled
from app.facts.definition import CatalogueFault, UnfitValue, UnknownFact, fits
from app.facts.gapsets import Family, Goal, Pool
from app.facts.outcome import Result
from app.facts.paths import is_concrete, is_period, member_steps, normal
from app.facts.record import Record


class Core:
    """Records by path, members (with the arrivals of what names them), cells by day and path.

    `inside` has the records once more by collection, key and path inside the member, for readers of
    many members at once.

    Records of paths the catalogue does not know, or of values that do not fit their fact's kind, are
    kept aside in `strays`: nothing is lost when a catalogue changes.
    """

    def __init__(self, catalogue: Catalogue, home: date) -> None:
        self.catalogue = catalogue
        self.home = home
        self.lock = RLock()
        self.depth = 0
        self.revision = 0
        self.records: dict[str, list[Record]] = {}
        self.strays: list[Record] = []
        self.arrivals: dict[str, list[int]] = {}
        self.arrived = 0
        self.keys: dict[str, dict[str, list[int]]] = {}
        self.inside: dict[str, dict[str, dict[str, list[Record]]]] = {}
        self.cells: dict[date, dict[str, FactCell]] = {}
        self.members: dict[tuple[str, date], MembersCell] = {}
        self.columns: dict[str, dict[str, dict[date, ColumnCell]]] = {}
        self.kinds: dict[str, ColumnKind] = {}
        self.queries: dict[tuple[str, str, date], QueryCell] = {}

    def cell(self, path: str, day: date) -> FactCell:
        """The cell of a fact on a day. Raises UnknownFact."""
        cells = self.cells.get(day)
        if cells is None:
            cells = self.cells[day] = {}
        cell = cells.get(path)
        if cell is None:
            definition = self.catalogue.definition(path)
            if not is_concrete(path) or (definition.series and not is_period(_last(path))):
                raise UnknownFact(path)
            cell = cells[path] = FactCell(self, path, day, definition)
        return cell

    def members_cell(self, collection: str, day: date) -> MembersCell:
        """The cell of a collection's members on a day. Raises UnknownFact."""
        cell = self.members.get((collection, day))
        if cell is None:
            if self.catalogue.collection(normal(collection)) is None:
                raise UnknownFact(collection)
            cell = self.members[collection, day] = MembersCell(self, collection, day)
        return cell

    def column(self, collection: str, leaf: str, day: date) -> ColumnCell | None:
        """One fact of all members on a day; None where it is had member by member.

        While a column is being worked out there is none, so that a ring shows as one of facts.
        Raises UnknownFact.
        """
        days = self.columns.setdefault(collection, {}).setdefault(leaf, {})
        column = days.get(day)
        if column is None:
            kind = self._kind(normal(f"{collection}[].{leaf}"))
            if not kind.fits:
                return None
            column = days[day] = ColumnCell(self, collection, leaf, day, kind)
        return None if column.running else column

    def _kind(self, pattern: str) -> ColumnKind:
        kind = self.kinds.get(pattern)
        if kind is None:
            definition = self.catalogue.find(pattern)
            if definition is None:
                raise UnknownFact(pattern)
            kind = self.kinds[pattern] = ColumnKind(self.catalogue, definition)
        return kind

    def query(self, compiled: Compiled, scope: str, day: date) -> QueryCell:
        """The cell of an expression in a scope on a day."""
        key = (compiled.text, scope, day)
        cell = self.queries.get(key)
        if cell is None:
            cell = self.queries[key] = QueryCell(self, compiled, scope, day)
        return cell

    def pull(self, cell: GraphCell) -> Result:
        """The result of a cell, worked out if it is marked; chains of any length."""
        if cell.result is not None:
            return cell.result
        depth, self.depth = self.depth, 1
        pending = [cell]
        try:
            while pending:
                self.depth = 1
                try:
                    if pending[-1].result is None:
                        pending[-1].refresh()
                    pending.pop()
                except TooDeep as below:
                    if below.cell in pending:
                        raise self.ring(below.cell) from None
                    pending.append(below.cell)
        finally:
            self.depth = depth
        return cell.result or cell.refresh()

    def ring(self, cell: GraphCell) -> CatalogueFault:
        """The fault of a fact that is computed from itself (`Catalogue.check` finds it before)."""
        reason = f"「{cell.path}」の計算が循環しています"
        definition = cell.definition
        if definition is None:
            return CatalogueFault("catalogue", 1, reason)
        return self.catalogue.fault(definition, "value", reason)

    def family(self, cell: GraphCell, goal: Goal, pool: Pool) -> Family:
        """The family of a cell's goal, chains of any length. Raises TooManySets."""
        pending = [(cell, goal)]
        while True:
            pool.depth = 0
            try:
                found = pending[-1][0].family(pending[-1][1], pool)
            except TooDeep as below:
                pending.append((below.cell, below.goal))
                continue
            pending.pop()
            if not pending:
                return found

    def load(self, records: Iterable[Record]) -> None:
        """Takes in the records of a log, before anything is asked."""
        for record in records:
            definition = self.catalogue.find(normal(record.path))
            if (
                definition is not None
                and _usable(record, definition.series)
                and fits(definition.kind, record.value)
            ):
                self._keep(record)
            else:
                self.strays.append(record)

    def add(self, record: Record) -> None:
        """Takes in one more record and marks what depends on it.

        Raises:
            UnknownFact: the catalogue has no such path.
            UnfitValue: the value is not of the fact's kind.
        """
        definition = self.catalogue.definition(record.path)
        if not _usable(record, definition.series):
            raise UnknownFact(record.path)
        if not fits(definition.kind, record.value):
            raise UnfitValue(record.path, definition.kind)
        self.revision += 1
        self.mark(self._keep(record))
        self._touch(record.path)

    def forget(self, record_id: str, path: str = "") -> bool:
        """Takes an erased record out (its tombstone is the store's); whether it was there."""
        for name in [path] if path else list(self.records):
            kept = self.records.get(name, [])
            for index, record in enumerate(kept):
                if record.id == record_id:
                    del kept[index]
                    self.revision += 1
                    self.mark(self._leave(name, self.arrivals[name].pop(index)))
                    self._touch(name)
                    return True
        return False

    def mark(self, cells: Iterable[GraphCell]) -> None:
        """Marks cells and everything that read them."""
        pending = [cell for cell in cells if cell.result is not None]
        for cell in pending:
            cell.result = None
        while pending:
            for reader in pending.pop().dependants:
                if reader.result is not None:
                    reader.result = None
                    pending.append(reader)

    def leaf_name(self, cell: GraphCell) -> str:
        """How a gap names a fact: its path, with the day where that is not the reference date."""
        return cell.path if cell.day == self.home else f"{cell.path}@{cell.day.isoformat()}"

    def _touch(self, path: str) -> None:
        for cells in self.cells.values():
            cell = cells.get(path)
            if cell is not None:
                cell.records = self.records.get(path, ())
                self.mark((cell,))
        collection, _, rest = path.partition("[")
        leaf = rest.partition("].")[2]
        self.mark(self.columns.get(collection, {}).get(leaf, {}).values())

    def _keep(self, record: Record) -> list[GraphCell]:
        """Stores the record; gives the member lists and columns that have grown."""
        self.arrived += 1
        kept = self.records.get(record.path)
        if kept is None:
            kept = self.records[record.path] = []
        kept.append(record)
        self.arrivals.setdefault(record.path, []).append(self.arrived)
        grown: list[GraphCell] = []
        for collection, key in member_steps(record.path):
            if self.catalogue.collection(normal(collection)) is None:
                continue
            keys = self.keys.setdefault(collection, {})
            if key not in keys:
                grown.extend(self._lists(collection))
            keys.setdefault(key, []).append(self.arrived)
            leaf = record.path[len(collection) + len(key) + 3 :]
            if leaf and len(kept) == 1:  # the same few leaves in every member: one text for all
                members = self.inside.setdefault(collection, {})
                members.setdefault(key, {})[intern(leaf)] = kept
        return grown

    def _leave(self, path: str, arrival: int) -> list[GraphCell]:
        """Takes one record's arrival out of its members; gives the lists that may have changed."""
        changed: list[GraphCell] = []
        for collection, key in member_steps(path):
            keys = self.keys.get(collection, {})
            if key not in keys:
                continue
            keys[key].remove(arrival)
            if not keys[key]:
                del keys[key]
            # The member's first record may be gone, and with it the member's place.
            self.keys[collection] = dict(sorted(keys.items(), key=lambda entry: entry[1][0]))
            changed.extend(self._lists(collection))
        return changed

    def _lists(self, collection: str) -> list[GraphCell]:
        """What goes over the members of a collection: their lists, and the columns."""
        lists: list[GraphCell] = [
            cell for (path, _day), cell in self.members.items() if path == collection
        ]
        for days in self.columns.get(collection, {}).values():
            lists.extend(days.values())
        return lists


def _last(path: str) -> str:
    return path[path.rfind("[") + 1 : -1] if path.endswith("]") else ""


def _usable(record: Record, series: str) -> bool:
    return is_concrete(record.path) and (not series or is_period(_last(record.path)))
