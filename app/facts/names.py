"""Names in expressions: facts, members, series' periods, loop variables, gatherings.

A name is looked up once, when the expression is compiled. `employees[].kana` is the member at
hand of the scope; `e.kana` that of the loop variable; `financials.revenues[fy-1]` the year before
the one at hand: inside a series' own derivation its own period, elsewhere the one in which the
reference date lies. `company.employees` means `employees`.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from app.facts.definition import CollectionDef, FactDef, Parameter
from app.facts.functions import fiscal_year, month_of
from app.facts.gather import Count, Gather, Items, Members, Periods, Quantifier
from app.facts.grammar import ExpressionFault, fragment
from app.facts.moments import OwnPeriod, Today, moved_period
from app.facts.nodes import (
    BOOL,
    DATE,
    INTEGER,
    NOTHING,
    RATIO,
    TEXT,
    Constant,
    Local,
    Member,
    Node,
    Place,
    Read,
    kind_of_fact,
)
from app.facts.operators import Junction, Negation, Strict
from app.facts.paths import is_period

FISCAL_YEAR_END = "company.fiscal_year_end_month"
_RESERVED = frozenset({"fy", "month", "answer", "reference_date", "BLANK", "_"})
_MONTHS = {"month": 1, "fy": 12}
_ELEMENT_KINDS = {
    "sum": (INTEGER, RATIO),
    "min": (INTEGER, RATIO, DATE),
    "max": (INTEGER, RATIO, DATE),
    "any": (BOOL,),
    "all": (BOOL,),
    "count": (BOOL, INTEGER, RATIO, TEXT, DATE),
}


class Vocabulary(Protocol):
    """The names an expression may use: the catalogue."""

    def find(self, normal_path: str) -> FactDef | None:
        """The fact with this normal path, or None."""
        ...

    def collection(self, pattern: str) -> CollectionDef | None:
        """The collection with this pattern, or None."""
        ...

    def parameter(self, name: str) -> Parameter | None:
        """The legal figure of this name, or None."""
        ...

    def family(self, name: str) -> Mapping[str, Parameter]:
        """The legal figures named "name.code", by their codes; none where there is no such name."""
        ...


class Builder(Protocol):
    """What builds the parts of a gathering."""

    def build(self, tree: ast.expr) -> Node:
        """The node of one part of the tree."""
        ...

    def truth(self, tree: ast.expr) -> Node:
        """A part that must be yes or no."""
        ...


@dataclass(frozen=True)
class Scope:
    """The members at hand ("employees[]") and the kind of period being derived ("fy")."""

    members: str
    period: str


@dataclass(frozen=True)
class _Variable:
    """A loop variable: a member of `pattern`, or a value of `series`."""

    index: int
    pattern: str = ""
    series: FactDef | None = None


@dataclass
class _Chain:
    """A dotted name taken apart: the pattern, the part after the loop variable, the last bracket."""

    pattern: str
    tail: str
    variable: int | None
    bracket: ast.expr | None = None


@dataclass
class Names:
    """The names of one expression, and the slots and variables they take up."""

    vocabulary: Vocabulary
    scope: Scope
    slots: int = 0
    variables: int = 0
    reads: set[str] = field(default_factory=set)
    loops: dict[str, _Variable] = field(default_factory=dict)

    def node(
        self, tree: ast.Name | ast.Attribute | ast.Subscript, build: Callable[[ast.expr], Node]
    ) -> Node:
        """The node a name stands for."""
        if isinstance(tree, ast.Name):
            if tree.id in self.loops:
                return self._variable(self.loops[tree.id])
            if tree.id == "reference_date":
                return Today()
            if tree.id in _MONTHS:
                return self._period_at_hand(tree.id, 0)
        if isinstance(tree, ast.Attribute) and tree.attr == "count":
            members = self._members(tree.value)
            if members is not None:
                return Count(members)
        chain = self._chain(tree)
        if chain.bracket is None:
            return self._read(chain, tree, None)
        definition = self._find(chain.pattern + "[]", tree)
        period = self._period(chain.bracket, definition.series, build)
        return self._read(chain, tree, period)

    def fiscal_year_end(self) -> Node:
        """The month in which the company's fiscal year ends."""
        chain = _Chain(FISCAL_YEAR_END, FISCAL_YEAR_END, None)
        return self._read(chain, ast.Name(FISCAL_YEAR_END), None)

    def gathers(self, name: str, parts: list[ast.expr]) -> bool:
        """Whether a call of min or max is the gathering form."""
        alone = parts[0] if len(parts) == 1 and name in _ELEMENT_KINDS else None
        return isinstance(alone, ast.GeneratorExp) or _is_over(alone)

    def gathering(self, name: str, tree: ast.Call, builder: Builder) -> Node:
        """sum, count, any, all, min or max over members or periods."""
        if len(tree.args) != 1:
            raise ExpressionFault("値の数が合いません", fragment(tree))
        part = tree.args[0]
        if isinstance(part, ast.GeneratorExp):
            return self._loop(name, part, builder)
        if _is_over(part):
            index, items = self._new_variable(), self._periods(part, builder)
            kind = kind_of_fact(items.definition.kind)
            element = Local(index, kind, items.definition)
            return self._gathered(name, part, items, index, element, None)
        members = self._members(part) if name == "count" else None
        if members is None:
            raise ExpressionFault("… for e in … の形で書いてください", fragment(tree))
        return Count(members)

    def _loop(self, name: str, tree: ast.GeneratorExp, builder: Builder) -> Node:
        loop = tree.generators[0]
        if len(tree.generators) != 1 or loop.is_async or not isinstance(loop.target, ast.Name):
            raise ExpressionFault("for は 1 つ、変数も 1 つにしてください", fragment(tree))
        word = loop.target.id
        if word in _RESERVED or word in self.loops or self.vocabulary.collection(word):
            raise ExpressionFault("この変数の名前は使えません", word)
        items: Items
        if _is_over(loop.iter):
            periods = self._periods(loop.iter, builder)
            items = periods
            variable = _Variable(self._new_variable(), series=periods.definition)
        else:
            members = self._members(loop.iter)
            if members is None:
                raise ExpressionFault("一覧ではありません", fragment(loop.iter))
            items = members
            variable = _Variable(self._new_variable(), pattern=members.pattern + "[]")
        self.loops[word] = variable
        try:
            element = builder.build(tree.elt)
            conditions = tuple(builder.truth(condition) for condition in loop.ifs)
        finally:
            del self.loops[word]
        condition: Node | None = conditions[0] if conditions else None
        if len(conditions) > 1:
            condition = Junction(conditions, absorbing=False)
        return self._gathered(name, tree, items, variable.index, element, condition)

    def _gathered(
        self,
        name: str,
        tree: ast.expr,
        items: Items,
        index: int,
        element: Node,
        condition: Node | None,
    ) -> Node:
        if element.kind not in _ELEMENT_KINDS[name] and element.kind != NOTHING:
            raise ExpressionFault(f"{name} に使えない種類の値です", fragment(tree))
        if name == "any":
            both = Junction((condition, element), absorbing=False) if condition else element
            return Quantifier(items, index, both, absorbing=True)
        if name == "all":
            parts = (Negation(condition), element) if condition else ()
            either = Junction(parts, absorbing=True) if condition else element
            return Quantifier(items, index, either, absorbing=False)
        kind = INTEGER if name == "count" else element.kind
        return Gather(name, items, index, element, condition, kind)

    def _periods(self, tree: ast.expr | None, builder: Builder) -> Periods:
        if not isinstance(tree, ast.Call) or len(tree.args) != 2:
            raise ExpressionFault(
                "over(系列, 期間) の形で書いてください", fragment(tree or ast.Load())
            )
        chain = self._chain(tree.args[0])
        definition = self._find(chain.pattern + "[]", tree.args[0])
        periods = builder.build(tree.args[1])
        if periods.kind != "periods":
            raise ExpressionFault("over の 2 番目には期間の並びが要ります", fragment(tree))
        self.reads.add(chain.pattern + "[]")
        place = Place(chain.tail, definition, self._new_slot(), chain.variable)
        return Periods(place, periods, definition.label)

    def _members(self, tree: ast.expr) -> Members | None:
        """The members a name stands for, or None where it names no collection."""
        if not isinstance(tree, ast.Name | ast.Attribute | ast.Subscript):
            return None
        chain = self._chain(tree)
        found = self.vocabulary.collection(chain.pattern)
        if found is None or chain.bracket is not None:
            return None
        self.reads.add(chain.pattern + "[]")
        outer = None if chain.variable is None else (chain.variable, chain.tail)
        return Members(chain.pattern, outer, found.label, found.counter)

    def _variable(self, variable: _Variable) -> Node:
        if variable.series is None:
            return Member()
        return Local(variable.index, kind_of_fact(variable.series.kind), variable.series)

    def _chain(self, tree: ast.expr) -> _Chain:
        """The name taken apart. Raises ExpressionFault where it is not a dotted name."""
        if isinstance(tree, ast.Name):
            variable = self.loops.get(tree.id)
            if variable is None:
                return _Chain(tree.id, tree.id, None)
            if not variable.pattern:
                raise ExpressionFault("期間の値に項目はありません", tree.id)
            return _Chain(variable.pattern, "", variable.index)
        if isinstance(tree, ast.Attribute):
            chain = self._chain(tree.value)
            if chain.bracket is not None:
                raise ExpressionFault("期間の後に項目はありません", fragment(tree))
            if chain.pattern == "company" and self.vocabulary.collection(tree.attr):
                return _Chain(tree.attr, tree.attr, None)
            step = f".{tree.attr}"
            return _Chain(chain.pattern + step, chain.tail + step, chain.variable)
        if isinstance(tree, ast.Subscript):
            return self._bracket(self._chain(tree.value), tree)
        raise ExpressionFault("項目の名前ではありません", fragment(tree))

    def _bracket(self, chain: _Chain, tree: ast.Subscript) -> _Chain:
        if chain.bracket is not None:
            raise ExpressionFault("期間は 1 つだけ書けます", fragment(tree))
        if not isinstance(tree.slice, ast.Name) or tree.slice.id != "_":
            return _Chain(chain.pattern, chain.tail, chain.variable, tree.slice)
        pattern = chain.pattern + "[]"
        at_hand = self.scope.members
        if chain.variable is not None or not (at_hand + ".").startswith(pattern + "."):
            raise ExpressionFault("ここでは、どの 1 件のことか決まりません", fragment(tree))
        return _Chain(pattern, pattern, None)

    def _read(self, chain: _Chain, tree: ast.expr, period: Node | None) -> Read:
        key = chain.pattern + ("[]" if period is not None else "")
        definition = self._find(key, tree)
        if definition.secret:
            raise ExpressionFault("個人番号は式に使えません", fragment(tree))
        self.reads.add(key)
        place = Place(chain.tail, definition, self._new_slot(), chain.variable)
        return Read(place, kind_of_fact(definition.kind), period)

    def _find(self, key: str, tree: ast.expr) -> FactDef:
        found = self.vocabulary.find(key)
        if found is None:
            name = fragment(tree)
            if self.vocabulary.collection(key):
                raise ExpressionFault(
                    "一覧そのものは値になりません。count や sum を使ってください", name
                )
            if self.vocabulary.find(key + "[]"):
                raise ExpressionFault("期間を [ ] に書いてください", name)
            raise ExpressionFault("この項目は事実の目録にありません", name)
        return found

    def _period(self, tree: ast.expr, series: str, build: Callable[[ast.expr], Node]) -> Node:
        """The period in a series' bracket."""
        if isinstance(tree, ast.Constant):
            if not isinstance(tree.value, str) or not is_period(tree.value):
                raise ExpressionFault('期間は "2026-06" の形で書いてください', fragment(tree))
            return Constant(tree.value, TEXT)
        word, shift = _shifted(tree)
        if word in _MONTHS:
            if word != series:
                raise ExpressionFault(f"この系列の期間は {series} です", fragment(tree))
            return self._period_at_hand(word, shift * _MONTHS[word])
        node = build(tree)
        if node.kind != TEXT:
            raise ExpressionFault("期間には月が要ります", fragment(tree))
        return node

    def _period_at_hand(self, word: str, months: int) -> Node:
        """The period being derived, or that of the reference date, moved by some months."""
        if word == self.scope.period:
            return OwnPeriod(months)
        if word == "month":
            return Strict(
                "period", (Today(),), lambda day: moved_period(month_of(day), months), TEXT
            )
        operands = (self.fiscal_year_end(), Today())
        return Strict(
            "period",
            operands,
            lambda end, day: moved_period(fiscal_year(end, day), months),
            TEXT,
        )

    def _new_slot(self) -> int:
        self.slots += 1
        return self.slots - 1

    def _new_variable(self) -> int:
        self.variables += 1
        return self.variables - 1


def _is_over(tree: ast.expr | None) -> bool:
    return isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name) and tree.func.id == "over"


def _shifted(tree: ast.expr) -> tuple[str, int]:
    """("fy", -2) of `fy-2`, ("fy", 0) of `fy`, ("", 0) of anything else."""
    if isinstance(tree, ast.Name):
        return tree.id, 0
    if (
        isinstance(tree, ast.BinOp)
        and isinstance(tree.op, ast.Add | ast.Sub)
        and isinstance(tree.left, ast.Name)
        and isinstance(tree.right, ast.Constant)
        and type(tree.right.value) is int
    ):
        shift = tree.right.value if isinstance(tree.op, ast.Add) else -tree.right.value
        return tree.left.id, shift
    return "", 0
