"""Explanations: a tree of the decisive parts only, each with a sentence, law and legal figure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from app.facts.cells import FactCell
from app.facts.compiler import Compiled
from app.facts.core import Core
from app.facts.gather import Count, Gather, Members, Quantifier
from app.facts.nodes import Answer, Frame, Local, Node, Read
from app.facts.operators import Figure
from app.facts.outcome import MISSING, PROVISIONAL
from app.facts.paths import member_of, normal
from app.facts.record import Origin, Record, Value
from app.facts.speech import origin_sentence, phrase, shown
from app.facts.states import Fact, State

DEEPEST: Final = 20
"""How many facts deep an explanation goes; what lies below can be explained on its own."""


@dataclass(frozen=True)
class Explanation:
    """Why one value is what it is.

    `path` is empty for a legal figure, a list or an expression; `parameter` names the legal figure;
    `law` is what the value rests on; `record` the record that counts. `children` are the decisive
    ones only: while a value is missing, those that are missing.
    """

    path: str
    label: str
    value: Value | None
    origin: Origin | None
    sentence: str
    law: str
    parameter: str
    children: tuple[Explanation, ...]
    record: Record | None


def explain_fact(core: Core, cell: FactCell, depth: int = 0, beside: str = "") -> Explanation:
    """The explanation of a fact; of another member than `beside`, with that member's name."""
    core.pull(cell)
    fact = cell.now()
    definition = cell.definition
    children: tuple[Explanation, ...] = ()
    if depth < DEEPEST:
        children = _children(core, _deciding_parts(cell, fact), depth, member_of(cell.path))
    derivation = definition.derivation
    computed = fact.record is None and derivation is not None
    return Explanation(
        cell.path,
        definition.label + _whose(core, cell, beside),
        fact.value,
        fact.origin,
        _sentence(cell, fact, bool(children)),
        (derivation.law if computed and derivation else "") or definition.law,
        "",
        children,
        fact.record,
    )


def explain_compiled(core: Core, compiled: Compiled, frame: Frame) -> Explanation:
    """The explanation of an expression in a scope."""
    value, weakness = compiled.node.run(frame)
    known = None if value is MISSING else value
    label = phrase(compiled.node)
    if known is None:
        sentence = (
            f"{label}かどうか、まだ分かりません。" if _is_yes_no(compiled) else "まだ分かりません。"
        )
    else:
        sentence = f"{label}: {shown(known)}。"
    children = _children(core, [(compiled, frame)], 0, frame.scope)
    sentence += _assumption(weakness)
    return Explanation("", label, known, Origin.DERIVED, sentence, "", "", children, None)


def _whose(core: Core, cell: FactCell, beside: str) -> str:
    """The name of the member a fact belongs to, in brackets, unless it is the one at hand."""
    member = member_of(cell.path)
    if not member or member == beside or cell.path == f"{member}.name":
        return ""
    if core.catalogue.find(normal(f"{member}.name")) is None:
        return ""
    name, _ = core.pull(core.cell(f"{member}.name", cell.day))
    return f"（{name}）" if isinstance(name, str) else ""


def decisive_leaves(core: Core, compiled: Compiled, frame: Frame) -> frozenset[str]:
    """The missing facts that are still open in the present outcome, one by one."""
    found: set[str] = set()
    seen: set[int] = set()
    pending: list[tuple[Compiled, Frame]] = [(compiled, frame)]
    while pending:
        for part in _sources(*_node_of(pending.pop())):
            if isinstance(part, str):
                found.add(part)
            elif isinstance(part, FactCell) and id(part) not in seen:
                seen.add(id(part))
                if core.pull(part)[0] is not MISSING:
                    continue
                if part.definition.askable:
                    found.add(core.leaf_name(part))
                pending.extend(part.open_parts())
    return frozenset(found)


def _node_of(part: tuple[Compiled, Frame]) -> tuple[Node, Frame]:
    return part[0].node, part[1]


def _is_yes_no(compiled: Compiled) -> bool:
    return compiled.node.kind == "bool"


def _deciding_parts(cell: FactCell, fact: Fact) -> list[tuple[Compiled, Frame]]:
    """The expressions that decide a fact: condition where it fails, derivation where it computes."""
    parts = dict(zip(("when", "value"), _parts(cell), strict=True))
    holds = cell.applies()[0]
    wanted = []
    if holds is not True:
        wanted.append(parts["when"])
    elif fact.record is None:
        wanted.append(parts["value"])
    return [part for part in wanted if part is not None]


def _parts(cell: FactCell) -> tuple[tuple[Compiled, Frame] | None, ...]:
    pairs = zip((cell.condition, cell.value), cell.frames[::-1], strict=True)
    return tuple((c, f) if c is not None and f is not None else None for c, f in pairs)


def _children(
    core: Core, parts: list[tuple[Compiled, Frame]], depth: int, beside: str
) -> tuple[Explanation, ...]:
    children: list[Explanation] = []
    seen: set[object] = set()
    for compiled, frame in parts:
        for source in _sources(compiled.node, frame):
            mark = id(source) if isinstance(source, FactCell) else source
            if mark in seen:
                continue
            seen.add(mark)
            if isinstance(source, FactCell):
                children.append(explain_fact(core, source, depth + 1, beside))
            elif isinstance(source, Explanation):
                children.append(source)
    return tuple(children)


def _sources(node: Node, frame: Frame) -> Iterator[FactCell | Explanation | str]:
    """What decides a node in the end: facts, legal figures, lists, and a draft's answers."""
    if isinstance(node, Read | Local):
        cell = node.target(frame)
        if isinstance(cell, FactCell):
            yield cell
            if isinstance(node, Read) and node.period is not None:
                yield from _sources(node.period, frame)
            return
    if isinstance(node, Answer):
        if node.run(frame)[0] is MISSING:
            yield f"answer.{node.field_id}"
        return
    if isinstance(node, Figure):
        yield _figure(node, frame)
    if isinstance(node, Count | Gather | Quantifier) and isinstance(node.items, Members):
        members, _ = node.items.listed(frame)
        if isinstance(node, Count) or not members:
            yield _listed(node.items, frame)
    for part, its_frame in node.deciders(frame):
        yield from _sources(part, its_frame)


def _listed(items: Members, frame: Frame) -> Explanation:
    members, _ = items.listed(frame)
    count = len(members)
    sentence = f"{items.label}の一覧には{count}{items.counter}が載っています。"
    if not count:
        sentence = f"{items.label}の一覧はまだ空です。"
    return Explanation("", f"{items.label}の一覧", count, None, sentence, "", "", (), None)


def _figure(node: Figure, frame: Frame) -> Explanation:
    entry = node.entry(frame)
    parameter = node.parameter
    if entry is None:
        sentence = f"この日の「{parameter.label}」は、まだ収められていません。"
        return Explanation(
            "", parameter.label, None, None, sentence, parameter.law, parameter.name, (), None
        )
    start = f"{entry.valid_from.year}年{entry.valid_from.month}月{entry.valid_from.day}日"
    sentence = f"「{parameter.label}」は{shown(entry.value)}{parameter.unit}です（{start}から）。"
    if not entry.verified:
        sentence += "この数値は、まだ法令で確かめていません。"
    return Explanation(
        "", parameter.label, entry.value, None, sentence, parameter.law, parameter.name, (), None
    )


def _sentence(cell: FactCell, fact: Fact, has_children: bool) -> str:
    definition = cell.definition
    label = definition.label
    if fact.state is State.NOT_APPLICABLE:
        return f"「{label}」は、この場合には要りません。"
    if fact.value is None:
        return _missing_sentence(cell, has_children)
    if fact.state is State.CONFLICTING:
        values = {repr(record.value) for record in fact.competitors} | {repr(fact.value)}
        if fact.computed is not None:
            values.add(repr(fact.computed))
        return f"「{label}」が{len(values)}通りあります。どれを使いますか。"
    sentence = f"「{label}」は{shown(fact.value, definition)}です。"
    if fact.record is not None:
        return sentence + origin_sentence(fact.record)
    rule = definition.derivation.rule if definition.derivation else ""
    if not rule and cell.value is not None:
        rule = f"{phrase(cell.value.node)}で決まります"
    return f"{sentence}{rule}。{_assumption(PROVISIONAL if fact.provisional else 0)}"


def _missing_sentence(cell: FactCell, has_children: bool) -> str:
    definition = cell.definition
    label = definition.label
    if has_children:
        return f"「{label}」はまだ分かりません。下の項目が分かると決まります。"
    if not definition.askable:
        return f"「{label}」は、今の値からは計算できません。"
    where = f"{definition.where}を見て、" if definition.where else ""
    return f"「{label}」がまだ入っていません。{where}入れてください。"


def _assumption(weakness: int) -> str:
    return "仮に置いた値を使っています。" if weakness & PROVISIONAL else ""
