"""What makes a catalogue sound: names and kinds that go together, no cycle, no dead fact.

A fact is *dead* when nobody can ever tell or compute it (no derivation and an empty precedence, or
a condition that is never met), when its derivation reads no fact at all, when all it could be
computed from is dead, or when it only serves others (`internal`) and none reads it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from app.facts.compiler import Compiled
from app.facts.definition import CatalogueFault, FactDef
from app.facts.nodes import BOOL, INTEGER, NOTHING, RATIO, Constant, kind_of_fact
from app.facts.paths import normal

Parts = tuple[Compiled | None, Compiled | None]


class _Checked(Protocol):
    @property
    def facts(self) -> Mapping[str, FactDef]: ...
    @property
    def parameters(self) -> Mapping[str, object]: ...
    def derivation_of(self, fact: FactDef) -> Parts: ...
    def fault(self, fact: FactDef, key: str, reason: str) -> CatalogueFault: ...


def faults_of(catalogue: _Checked) -> list[CatalogueFault]:
    """Every fault of a catalogue, in the order of its facts; the legal figures first."""
    try:
        _ = catalogue.parameters
    except CatalogueFault as fault:
        return [fault]
    faults: list[CatalogueFault] = []
    parts: dict[str, Parts] = {}
    for fact in catalogue.facts.values():
        try:
            parts[fact.pattern] = catalogue.derivation_of(fact)
        except CatalogueFault as fault:
            faults.append(fault)
            continue
        faults.extend(_kind_faults(catalogue, fact, *parts[fact.pattern]))
    if not faults:
        faults.extend(_cycles(catalogue, parts))
        faults.extend(_dead(catalogue, parts))
    return faults


def _kind_faults(
    catalogue: _Checked, fact: FactDef, value: Compiled | None, when: Compiled | None
) -> Iterable[CatalogueFault]:
    wanted = kind_of_fact(fact.kind)
    if value is not None and value.node.kind not in (wanted, NOTHING):
        if wanted == INTEGER and value.node.kind == RATIO:
            reason = "割り算の結果は分数です。floor_to などで端数を処理してください"
            yield catalogue.fault(fact, "value", reason)
        elif not (wanted == RATIO and value.node.kind == INTEGER):
            reason = f"式の種類 {value.node.kind} が kind = {fact.kind} と合いません"
            yield catalogue.fault(fact, "value", reason)
    if when is not None and when.node.kind != BOOL:
        yield catalogue.fault(fact, "when", "when は、はい・いいえになる式で書いてください")


def _reads(fact: FactDef, parts: Mapping[str, Parts]) -> frozenset[str]:
    return frozenset().union(*(part.reads for part in parts[fact.pattern] if part))


def _cycles(catalogue: _Checked, parts: Mapping[str, Parts]) -> Iterable[CatalogueFault]:
    """One fault for each fact on which a walk along the reads closes a ring."""
    by_normal = {normal(fact.pattern): fact for fact in catalogue.facts.values()}
    done: set[str] = set()
    for start in by_normal:
        trail: list[str] = []
        on_trail: set[str] = set()
        stack: list[tuple[str, bool]] = [(start, False)]
        while stack:
            key, leaving = stack.pop()
            if leaving:
                on_trail.discard(trail.pop())
                done.add(key)
                continue
            if key in done or key in on_trail:
                continue
            trail.append(key)
            on_trail.add(key)
            stack.append((key, True))
            for read in sorted(_steps(key, by_normal, parts)):
                if read in on_trail:
                    ring = [*trail[trail.index(read) :], read]
                    words = " → ".join(by_normal[name].pattern for name in ring)
                    yield catalogue.fault(by_normal[key], "value", f"循環しています: {words}")
                elif read not in done:
                    stack.append((read, False))


def _steps(key: str, by_normal: Mapping[str, FactDef], parts: Mapping[str, Parts]) -> Iterable[str]:
    """The facts a fact reads; the membership of a collection reads who was removed."""
    for read in _reads(by_normal[key], parts):
        if read in by_normal:
            yield read
        elif read.endswith("[]"):
            yield f"{read}.removed"


def _dead(catalogue: _Checked, parts: Mapping[str, Parts]) -> Iterable[CatalogueFault]:
    facts = {normal(fact.pattern): fact for fact in catalogue.facts.values()}
    read: set[str] = set()
    for fact in facts.values():
        read |= _reads(fact, parts)
    dead = {key for key, fact in facts.items() if _never_known(fact, parts)}
    grown = True
    while grown:
        more = {
            key
            for key, fact in facts.items()
            if key not in dead
            and not fact.askable
            and fact.derivation
            and _reads(fact, parts) & dead
        }
        grown = bool(more)
        dead |= more
    for key, fact in facts.items():
        value, _when = parts[fact.pattern]
        if key in dead:
            yield catalogue.fault(fact, "value", "この項目は、いつまでも分かりません")
        elif fact.internal and key not in read:
            yield catalogue.fault(fact, "internal", "この項目は、どこからも使われていません")
        elif value is not None and not value.reads and not value.parameters:
            yield catalogue.fault(fact, "value", "この式は、どの項目も使っていません")


def _never_known(fact: FactDef, parts: Mapping[str, Parts]) -> bool:
    _value, when = parts[fact.pattern]
    if when is not None and isinstance(when.node, Constant) and when.node.value is not True:
        return True
    return fact.derivation is None and (not fact.precedence or not fact.askable)
