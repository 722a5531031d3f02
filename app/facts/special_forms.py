"""The forms of the language that are no plain functions: what they do with their operands is their own.

`FORMS` is the whole list; a further form is one function here and its line in the table.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from datetime import date
from typing import Final, Protocol

from app.facts import functions as fn
from app.facts.alternatives import Assume, Coalesce, Otherwise
from app.facts.grammar import ExpressionFault, fragment
from app.facts.moments import At
from app.facts.names import Names, Vocabulary
from app.facts.nodes import DATE, INTEGER, TEXT, Constant, Local, Node
from app.facts.operators import Figure, FigureByCode, Strict


class Builder(Protocol):
    """What a form needs of the compiler."""

    names: Names
    vocabulary: Vocabulary
    parameters: set[str]

    def build(self, tree: ast.expr) -> Node: ...

    def of_kind(self, tree: ast.expr, kinds: tuple[str, ...], wanted: str) -> Node: ...

    def same_kind(self, tree: ast.expr, *nodes: Node) -> str: ...


def _coalesce(builder: Builder, tree: ast.Call) -> Node:
    """coalesce(x, y, …)."""
    if len(tree.args) < 2:
        raise ExpressionFault("値が 2 つ以上要ります", fragment(tree))
    operands = tuple(builder.build(part) for part in tree.args)
    return Coalesce(operands, builder.same_kind(tree, *operands))


def _assume(builder: Builder, tree: ast.Call) -> Node:
    """assume(x, y)."""
    wanted, instead = (builder.build(part) for part in _exactly(2, tree))
    return Assume(wanted, instead, builder.same_kind(tree, wanted, instead))


def _otherwise(builder: Builder, tree: ast.Call) -> Node:
    """otherwise(x, y)."""
    told, silent = (builder.build(part) for part in _exactly(2, tree))
    return Otherwise(told, silent, builder.same_kind(tree, told, silent))


def _at(builder: Builder, tree: ast.Call) -> Node:
    """at(x, day)."""
    inner, day = _exactly(2, tree)
    node = builder.build(inner)
    if _holds_local(node):
        raise ExpressionFault("期間の値には at を使えません", fragment(tree))
    return At(node, builder.of_kind(day, (DATE,), "日付"))


def _param(builder: Builder, tree: ast.Call) -> Node:
    """param("name") or param("name", day)."""
    if not 1 <= len(tree.args) <= 2:
        raise ExpressionFault("値の数が合いません", fragment(tree))
    first = tree.args[0]
    name = first.value if isinstance(first, ast.Constant) else None
    found = builder.vocabulary.parameter(name) if isinstance(name, str) else None
    if found is None:
        raise ExpressionFault("この法定の数値はありません", fragment(first))
    builder.parameters.add(found.name)
    day = builder.of_kind(tree.args[1], (DATE,), "日付") if len(tree.args) == 2 else None
    return Figure(found, day)


def _param_by(builder: Builder, tree: ast.Call) -> Node:
    """param_by("family", code) or param_by("family", code, day): the figure "family.code"."""
    if not 2 <= len(tree.args) <= 3:
        raise ExpressionFault("値の数が合いません", fragment(tree))
    first = tree.args[0]
    name = first.value if isinstance(first, ast.Constant) else None
    family = builder.vocabulary.family(name) if isinstance(name, str) else {}
    if not family:
        raise ExpressionFault("この法定の数値はありません", fragment(first))
    builder.parameters.update(figure.name for figure in family.values())
    code = builder.of_kind(tree.args[1], (TEXT,), "文字")
    day = builder.of_kind(tree.args[2], (DATE,), "日付") if len(tree.args) == 3 else None
    return FigureByCode(family, code, day)


def _date(builder: Builder, tree: ast.Call) -> Node:
    """date("2026-04-01")."""
    (part,) = _exactly(1, tree)
    text = part.value if isinstance(part, ast.Constant) else None
    try:
        return Constant(date.fromisoformat(text if isinstance(text, str) else ""), DATE)
    except ValueError:
        raise ExpressionFault('日付は date("2026-04-01") の形で書いてください') from None


def _fiscal_years_before(builder: Builder, tree: ast.Call) -> Node:
    """fiscal_years_before(day, count)."""
    day, count = _exactly(2, tree)
    operands = (
        builder.names.fiscal_year_end(),
        builder.of_kind(day, (DATE,), "日付"),
        builder.of_kind(count, (INTEGER,), "整数"),
    )
    return Strict("fiscal_years_before", operands, fn.fiscal_years_before, "periods")


def _exactly(count: int, tree: ast.Call) -> list[ast.expr]:
    if len(tree.args) != count:
        raise ExpressionFault("値の数が合いません", fragment(tree))
    return tree.args


def _holds_local(node: Node) -> bool:
    return isinstance(node, Local) or any(_holds_local(part) for part in node.parts())


FORMS: Final[Mapping[str, Callable[[Builder, ast.Call], Node]]] = {
    "coalesce": _coalesce,
    "assume": _assume,
    "otherwise": _otherwise,
    "at": _at,
    "param": _param,
    "param_by": _param_by,
    "date": _date,
    "fiscal_years_before": _fiscal_years_before,
}
