"""Conditions between the cells of a form: `when`, `unless` and the `when` of a default.

A condition is an expression in which `field.<id>` is the value of an earlier cell; every part that
names no cell is an expression over facts and goes to the fact graph. Three-valued: an unknown cell
makes an unknown result unless the rest decides (`False and unknown` is false).
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from app.facts.grammar import ExpressionFault, parse
from app.facts.record import Blank

CellValues = Callable[[str], Any]
FactValues = Callable[[str], Any]
Node = Callable[[CellValues, FactValues], Any]

UNKNOWN: Final = None
_LIMIT_DEPTH = 40
_FUNCTIONS = {"answered": 1, "years_between": 2, "days_between": 2, "letters": 1}


class BadCondition(ValueError):
    """A condition that is not in the grammar; the text says why, in Japanese."""


@dataclass(frozen=True)
class Condition:
    """A compiled condition: the cells and the fact expressions it reads, and its evaluation."""

    text: str
    fields: frozenset[str]
    facts: tuple[str, ...]
    run: Node

    def holds(self, cells: CellValues, facts: FactValues) -> bool | None:
        """True, False, or None where an unknown value keeps it open."""
        result = self.run(cells, facts)
        return None if result is UNKNOWN else bool(result)


def compile_condition(text: str) -> Condition:
    """The condition of `text`. Raises BadCondition where it leaves the grammar."""
    try:
        tree = parse(text)
    except ExpressionFault as fault:
        raise BadCondition(f"{fault.reason}。") from None
    compiler = _Compiler()
    run = compiler.node(tree, 0)
    return Condition(text, frozenset(compiler.fields), tuple(compiler.facts), run)


class _Compiler:
    """Turns a syntax tree into closures and notes what it reads."""

    def __init__(self) -> None:
        self.fields: set[str] = set()
        self.facts: list[str] = []

    def node(self, tree: ast.AST, depth: int) -> Node:
        """A closure for `tree`; a part without cells becomes one call to the fact graph."""
        if depth > _LIMIT_DEPTH:
            raise BadCondition("式の入れ子が深すぎます。短く分けてください。")
        if isinstance(tree, ast.Constant):
            return self._constant(tree)
        if not _reads_cells(tree):
            return self._fact(tree)
        maker = {
            ast.BoolOp: self._bool,
            ast.UnaryOp: self._not,
            ast.Compare: self._compare,
            ast.Attribute: self._cell,
            ast.Call: self._call,
            ast.BinOp: self._arithmetic,
        }.get(type(tree))
        if maker is None:
            raise BadCondition(
                "この式に使えない書き方があります。and、or、not、くらべる記号で書いてください。"
            )
        made: Node = maker(tree, depth + 1)  # type: ignore[operator]
        return made

    def _constant(self, tree: ast.Constant) -> Node:
        value = tree.value
        if not isinstance(value, str | int) or (isinstance(value, int) and abs(value) > 10**15):
            raise BadCondition("式の値は、文字か整数か True と False だけです。")
        return lambda cells, facts: value

    def _fact(self, tree: ast.AST) -> Node:
        if isinstance(tree, ast.Tuple | ast.List):
            items = [self.node(item, 0) for item in tree.elts]
            return lambda cells, facts: tuple(item(cells, facts) for item in items)
        text = ast.unparse(tree).replace("[_]", "[]")
        self.facts.append(text)
        return lambda cells, facts: facts(text)

    def _cell(self, tree: ast.Attribute, depth: int) -> Node:
        if not (isinstance(tree.value, ast.Name) and tree.value.id == "field"):
            raise BadCondition("欄は field.欄のid の形で書いてください。")
        name = tree.attr
        self.fields.add(name)
        return lambda cells, facts: cells(name)

    def _bool(self, tree: ast.BoolOp, depth: int) -> Node:
        parts = [self.node(part, depth) for part in tree.values]
        deciding = isinstance(tree.op, ast.Or)

        def run(cells: CellValues, facts: FactValues) -> bool | None:
            open_part = False
            for part in parts:
                value = part(cells, facts)
                if value is UNKNOWN:
                    open_part = True
                elif bool(value) is deciding:
                    return deciding
            return UNKNOWN if open_part else not deciding

        return run

    def _not(self, tree: ast.UnaryOp, depth: int) -> Node:
        if not isinstance(tree.op, ast.Not):
            raise BadCondition("この式に使えない記号があります。")
        part = self.node(tree.operand, depth)

        def run(cells: CellValues, facts: FactValues) -> bool | None:
            value = part(cells, facts)
            return UNKNOWN if value is UNKNOWN else not value

        return run

    def _compare(self, tree: ast.Compare, depth: int) -> Node:
        if len(tree.ops) != 1:
            raise BadCondition("くらべる記号は一つの式に一つだけ書いてください。")
        compare: Comparison | None = _COMPARISONS.get(type(tree.ops[0]))
        if compare is None:
            raise BadCondition("くらべる記号は == != < <= > >= in だけです。")
        left, right = self.node(tree.left, depth), self.node(tree.comparators[0], depth)

        def run(cells: CellValues, facts: FactValues) -> bool | None:
            a, b = left(cells, facts), right(cells, facts)
            if a is UNKNOWN or b is UNKNOWN:
                return None
            result: bool | None = compare(_plain(a), _plain(b))
            return result

        return run

    def _arithmetic(self, tree: ast.BinOp, depth: int) -> Node:
        operator = {ast.Add: int.__add__, ast.Sub: int.__sub__, ast.Mult: int.__mul__}.get(
            type(tree.op)
        )
        if operator is None:
            raise BadCondition("計算の記号は + - * だけです。")
        left, right = self.node(tree.left, depth), self.node(tree.right, depth)

        def run(cells: CellValues, facts: FactValues) -> int | None:
            a, b = left(cells, facts), right(cells, facts)
            if not isinstance(a, int) or not isinstance(b, int) or abs(a) + abs(b) > 10**15:
                return UNKNOWN
            return int(operator(a, b))

        return run

    def _call(self, tree: ast.Call, depth: int) -> Node:
        name = tree.func.id if isinstance(tree.func, ast.Name) else ""
        if _FUNCTIONS.get(name) != len(tree.args) or tree.keywords:
            known = "、".join(_FUNCTIONS)
            raise BadCondition(f"この式に使えない関数があります。使えるもの: {known}。")
        parts = [self.node(part, depth) for part in tree.args]
        if name == "answered":
            return lambda cells, facts: _is_answered(parts[0](cells, facts))

        def run(cells: CellValues, facts: FactValues) -> Any:
            values = [part(cells, facts) for part in parts]
            return UNKNOWN if any(v is UNKNOWN for v in values) else _apply(name, values)

        return run


def _is_answered(value: Any) -> bool:
    return value is not UNKNOWN and not isinstance(value, Blank) and value != ""


def _apply(name: str, values: list[Any]) -> int | None:
    if name == "letters":
        return len(values[0]) if isinstance(values[0], str) else UNKNOWN
    first, second = values
    if not isinstance(first, date) or not isinstance(second, date):
        return UNKNOWN
    if name == "days_between":
        return (second - first).days
    whole = second.year - first.year
    return whole - ((second.month, second.day) < (first.month, first.day))


def _plain(value: Any) -> Any:
    return "" if isinstance(value, Blank) else value


def _ordered(test: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool | None]:
    def run(a: Any, b: Any) -> bool | None:
        try:
            return test(a, b)
        except TypeError:
            return UNKNOWN

    return run


Comparison = Callable[[Any, Any], bool | None]

_COMPARISONS: dict[type[ast.cmpop], Comparison] = {
    ast.Eq: lambda a, b: bool(a == b),
    ast.NotEq: lambda a, b: bool(a != b),
    ast.Lt: _ordered(lambda a, b: bool(a < b)),
    ast.LtE: _ordered(lambda a, b: bool(a <= b)),
    ast.Gt: _ordered(lambda a, b: bool(a > b)),
    ast.GtE: _ordered(lambda a, b: bool(a >= b)),
    ast.In: _ordered(lambda a, b: a in b),
    ast.NotIn: _ordered(lambda a, b: a not in b),
}


def _reads_cells(tree: ast.AST) -> bool:
    return any(
        (isinstance(part, ast.Name) and part.id == "field")
        or (isinstance(part, ast.Call) and getattr(part.func, "id", "") in _FUNCTIONS)
        for part in ast.walk(tree)
    )
