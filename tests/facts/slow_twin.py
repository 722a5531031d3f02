"""The slow, obvious twin of the expressions' semantics.

An expression is a nested tuple. `text_of` writes it in the language; `worth` works it out by the
rules as DESIGN states them; `outcomes` lists every way it can come out once a set of missing facts
is told; `brute_gaps` tries every subset. Nothing here is shared with app.facts but the words for
"missing" and "blank".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations, product
from typing import Any

MISSING = "missing"
BLANK = "blank"
FREE = "free"
FIRM, UNCONFIRMED, PROVISIONAL = 0, 1, 2

BOOLS = ("b0", "b1", "b2", "b3")
NUMBERS = ("n0", "n1", "n2", "n3")
Tree = tuple[Any, ...]


@dataclass
class World:
    """What is told: company facts by name, members' facts by key, each (value, weakness)."""

    facts: dict[str, tuple[Any, int]] = field(default_factory=dict)
    members: dict[str, dict[str, tuple[Any, int]]] = field(default_factory=dict)

    def look(self, name: str, member: str | None) -> tuple[Any, int]:
        """The told value of a fact, or (MISSING, FIRM)."""
        source = self.members[member] if member else self.facts
        return source.get(name, (MISSING, FIRM))


# ---- writing -------------------------------------------------------------------------------


def text_of(tree: Tree) -> str:
    """The expression in the language."""
    name, *parts = tree
    match name:
        case "fact":
            return f"company.{parts[0]}"
        case "member":
            return f"e.{parts[0]}"
        case "const":
            return str(parts[0])
        case "not":
            return f"(not {text_of(parts[0])})"
        case "and" | "or":
            return "(" + f" {name} ".join(text_of(part) for part in parts) + ")"
        case "if":
            return f"({text_of(parts[1])} if {text_of(parts[0])} else {text_of(parts[2])})"
        case "any" | "all" | "sum" | "count" | "smallest":
            element, condition = parts
            inside = "e" if element is None else text_of(element)
            only = f" if {text_of(condition)}" if condition else ""
            word = "min" if name == "smallest" else name
            return f"{word}({inside} for e in staff{only})"
        case "+" | "-" | "*" | "/" | "<" | ">=" | "==" | "!=":
            return f"({text_of(parts[0])} {name} {text_of(parts[1])})"
    return f"{name}({', '.join(text_of(part) for part in parts)})"


# ---- the rules -----------------------------------------------------------------------------


def worth(tree: Tree, world: World, member: str | None = None) -> tuple[Any, int]:
    """(value, weakness), value MISSING where the told facts do not decide."""
    name, *parts = tree
    if name == "fact":
        return world.look(parts[0], None)
    if name == "member":
        return world.look(parts[0], member)
    if name == "const":
        return parts[0], FIRM
    if name in ("any", "all", "sum", "count", "smallest"):
        return _over_members(tree, world)
    found = [worth(part, world, member) for part in parts]
    if name in ("and", "or"):
        return _kleene(found, name == "or")
    if name == "not":
        value, weak = found[0]
        return (MISSING if value == MISSING else value is not True), weak
    if name == "if":
        if is_bool(tree):
            found[1:] = [(_is_yes(value), weak) for value, weak in found[1:]]
        return _if(found)
    if name == "coalesce":
        return _coalesce(found)
    if name == "assume":
        value, weak = found[0]
        if not _is(value, MISSING):
            return value, weak
        value, weak = found[1]
        return value, weak | PROVISIONAL
    if any(_is(value, MISSING) for value, _ in found):
        return MISSING, FIRM
    weakness = _union(found)
    return _strict(name, [value for value, _ in found]), weakness


def _is(value: Any, mark: str) -> bool:
    return isinstance(value, str) and value == mark


def _union(found: list[tuple[Any, int]]) -> int:
    total = FIRM
    for _, weak in found:
        total |= weak
    return total


def _kleene(found: list[tuple[Any, int]], absorbing: bool) -> tuple[Any, int]:
    known = [(value is True, weak) for value, weak in found if not _is(value, MISSING)]
    deciding = [weak for truth, weak in known if truth is absorbing]
    if deciding:
        return absorbing, min(deciding)
    if len(known) < len(found):
        return MISSING, FIRM
    return not absorbing, _union(known)


def _is_yes(value: Any) -> Any:
    return value if _is(value, MISSING) else value is True


def _if(found: list[tuple[Any, int]]) -> tuple[Any, int]:
    (holds, weak), then, otherwise = found
    if not _is(holds, MISSING):
        value, more = then if holds is True else otherwise
        return (MISSING, FIRM) if _is(value, MISSING) else (value, weak | more)
    if _is(then[0], MISSING) or _is(otherwise[0], MISSING):
        return MISSING, FIRM
    if then[0] == otherwise[0] and type(then[0]) is type(otherwise[0]):
        return then[0], then[1] | otherwise[1]
    return MISSING, FIRM


def _coalesce(found: list[tuple[Any, int]]) -> tuple[Any, int]:
    weakness = FIRM
    for value, weak in found:
        if _is(value, MISSING):
            return MISSING, FIRM
        weakness |= weak
        if not _is(value, BLANK):
            return value, weakness
    return BLANK, weakness


def _strict(name: str, values: list[Any]) -> Any:
    blank = any(_is(value, BLANK) for value in values)
    if name == "blank":
        return blank
    if name in ("==", "!="):
        same = values[0] == values[1]
        return same if name == "==" else not same
    if name in ("<", ">="):
        if blank:
            return False
        return values[0] < values[1] if name == "<" else values[0] >= values[1]
    if blank:
        return BLANK
    if name == "min":
        return min(values)
    a, b = values
    return {"+": a + b, "-": a - b, "*": a * b}[name] if name != "floor_to" else a - a % b


def _over_members(tree: Tree, world: World) -> tuple[Any, int]:
    name, element, condition = tree
    truth = ("const", True)
    if name in ("any", "all"):
        pairs = [
            (worth(condition or truth, world, key), worth(element, world, key))
            for key in world.members
        ]
        items = [
            _kleene([held, value], False)
            if name == "any"
            else _kleene([_turned(held), value], True)
            for held, value in pairs
        ]
        if condition is None:
            items = [value for _, value in pairs]
        empty = [] if items else [(name == "all", UNCONFIRMED)]
        return _kleene([*items, *empty], name == "any")
    kept, weakness = [], FIRM if world.members else UNCONFIRMED
    for key in world.members:
        holds, weak = worth(condition or truth, world, key)
        if _is(holds, MISSING):
            return MISSING, FIRM
        weakness |= weak
        if holds is not True:
            continue
        value, weak = (True, FIRM) if element is None else worth(element, world, key)
        if _is(value, MISSING):
            return MISSING, FIRM
        weakness |= weak
        if not _is(value, BLANK):
            kept.append(value)
    if name == "sum":
        return sum(kept), weakness
    if name == "smallest":
        return (min(kept) if kept else BLANK), weakness
    return len([value for value in kept if value is not False]), weakness


def _turned(found: tuple[Any, int]) -> tuple[Any, int]:
    value, weak = found
    return (value if _is(value, MISSING) else value is not True), weak


def is_bool(tree: Tree) -> bool:
    """Whether a tree is a yes-or-no expression."""
    name, *parts = tree
    if name in ("fact", "member"):
        return bool(parts[0].startswith("b"))
    if name == "const":
        return isinstance(parts[0], bool)
    if name == "if":
        return is_bool(parts[1])
    if name in ("coalesce", "assume"):
        return is_bool(parts[0])
    return name in ("not", "and", "or", "any", "all", "blank", "<", ">=", "==", "!=")


# ---- gaps by trying everything -------------------------------------------------------------


def leaves(tree: Tree, world: World, member: str | None = None) -> set[str]:
    """The paths of the missing facts a tree mentions."""
    name, *parts = tree
    if name == "fact":
        missing = _is(world.look(parts[0], None)[0], MISSING)
        return {f"company.{parts[0]}"} if missing else set()
    if name == "member":
        missing = _is(world.look(parts[0], member)[0], MISSING)
        return {f"staff[{member}].{parts[0]}"} if missing else set()
    if name == "const":
        return set()
    keys = world.members if name in ("any", "all", "sum", "count", "smallest") else (member,)
    below = [part for part in parts if part is not None]
    return set().union(*(leaves(part, world, key) for part in below for key in keys))


def outcomes(tree: Tree, world: World, told: frozenset[str], member: str | None = None) -> set[Any]:
    """Every way a tree can come out once `told` is told; FREE is a known number nobody knows yet.

    What is known now (perhaps by an assumption) stays what it is; a number that hangs on a told
    fact is FREE, whatever it might be.
    """
    now, _ = worth(tree, world, member)
    if not _is(now, MISSING):
        return {_key(now)}
    found = _ways_out(tree, world, told, member)
    return found if is_bool(tree) else {one if _is(one, MISSING) else FREE for one in found}


def _ways_out(tree: Tree, world: World, told: frozenset[str], member: str | None) -> set[Any]:
    name, *parts = tree
    if name in ("fact", "member"):
        path = f"company.{parts[0]}" if name == "fact" else f"staff[{member}].{parts[0]}"
        if path in told:
            return {True, False} if parts[0].startswith("b") else {FREE}
        return {_key(world.look(parts[0], member if name == "member" else None)[0])}
    if name == "const":
        return {_key(parts[0])}
    if name in ("any", "all"):
        return _quantified(tree, world, told)
    if name in ("sum", "count", "smallest"):
        return _gathered(tree, world, told)
    ways = [outcomes(part, world, told, member) for part in parts]
    return set().union(*(_one_way(tree, list(way)) for way in product(*ways)))


def _key(value: Any) -> Any:
    """Values as set members: yes and 1 must not fall together."""
    return value if isinstance(value, bool | str) else ("number", value)


def _plain(key: Any) -> Any:
    return key[1] if isinstance(key, tuple) else key


def _one_way(tree: Tree, way: list[Any]) -> set[Any]:
    name = tree[0]
    if name == "if":
        ways = [_is_yes(one) for one in way[1:]] if is_bool(tree) else way[1:]
        if _is(way[0], MISSING):
            agree = ways[0] == ways[1] and not _is(ways[0], FREE)
            return {ways[0] if agree else MISSING}
        return {ways[0] if way[0] is True else ways[1]}
    if name == "assume":
        return {way[1] if _is(way[0], MISSING) else way[0]}
    if name == "coalesce":
        return {next((one for one in way if not _is(one, BLANK)), BLANK)}
    if name in ("and", "or", "not"):
        plain = World({f"p{i}": (one, FIRM) for i, one in enumerate(way)})
        value, _ = worth((name, *(("fact", f"p{i}") for i in range(len(way)))), plain)
        return {value}
    if any(_is(one, MISSING) for one in way):
        return {MISSING}
    if any(_is(one, FREE) for one in way):
        return {True, False} if is_bool(tree) else {FREE}
    return {_key(_strict(name, [_plain(one) for one in way]))}


def _quantified(tree: Tree, world: World, told: frozenset[str]) -> set[Any]:
    name, element, condition = tree
    items = []
    for key in world.members:
        value = outcomes(element, world, told, key)
        if condition is None:
            items.append(value)
            continue
        held = outcomes(condition, world, told, key)
        joined: Tree = ("and", ("fact", "c"), ("fact", "v"))
        if name == "all":
            joined = ("or", ("not", ("fact", "c")), ("fact", "v"))
        items.append(
            {
                worth(joined, World({"c": (c, FIRM), "v": (v, FIRM)}))[0]
                for c, v in product(held, value)
            }
        )
    found = {(): None}
    for item in items:
        found = {(*head, one): None for head in found for one in item}
    return {_kleene([(one, FIRM) for one in way], name == "any")[0] for way in found}


def _gathered(tree: Tree, world: World, told: frozenset[str]) -> set[Any]:
    _, element, condition = tree
    per_member = []
    for key in world.members:
        held = outcomes(condition, world, told, key) if condition else {True}
        value = {True} if element is None else outcomes(element, world, told, key)
        item = set()
        for holds in held:
            if _is(holds, MISSING):
                item.add(MISSING)
            elif holds is True:
                item |= value
            else:
                item.add("left out")
        per_member.append(item)
    return {
        MISSING if any(_is(one, MISSING) for one in way) else FREE for way in product(*per_member)
    }


def brute_gaps(tree: Tree, world: World) -> set[frozenset[str]]:
    """The minimal sets of missing facts that could settle a tree, by trying every subset."""
    if not _is(worth(tree, world)[0], MISSING):
        return set()
    names = sorted(leaves(tree, world))
    settled: set[frozenset[str]] = set()
    for size in range(len(names) + 1):
        for chosen in combinations(names, size):
            told = frozenset(chosen)
            if any(small <= told for small in settled):
                continue
            if outcomes(tree, world, told) != {MISSING}:
                settled.add(told)
    return settled
