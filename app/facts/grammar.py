"""From an expression's text to a checked syntax tree: the limits and the white list (DESIGN 5).

The text is Python's expression syntax, read by the standard library's `ast` and never evaluated by
it. Facts are written as the catalogue writes them, empty brackets meaning the member at hand:
`employees[].weekly_hours >= 20`. Collections are read with the form of a generator:
`sum(e.monthly_wage for e in employees if e.weekly_hours >= 20)`.
"""

from __future__ import annotations

import ast
import warnings
from typing import Final

MAX_LENGTH: Final = 2_000
MAX_DEPTH: Final = 40
MAX_CONSTANT: Final = 10**15

ALLOWED: Final = frozenset[type[ast.AST]](
    (
        ast.Expression,
        ast.BoolOp,
        ast.And,
        ast.Or,
        ast.UnaryOp,
        ast.Not,
        ast.USub,
        ast.BinOp,
        ast.Add,
        ast.Sub,
        ast.Mult,
        ast.Div,
        ast.Compare,
        ast.Eq,
        ast.NotEq,
        ast.Lt,
        ast.LtE,
        ast.Gt,
        ast.GtE,
        ast.In,
        ast.NotIn,
        ast.IfExp,
        ast.Call,
        ast.Constant,
        ast.Name,
        ast.Attribute,
        ast.Subscript,
        ast.GeneratorExp,
        ast.comprehension,
        ast.Tuple,
        ast.List,
        ast.Load,
        ast.Store,
    )
)

_REASONS: Final[dict[type[ast.AST], str]] = {
    ast.Pow: "累乗（**）は使えません",
    ast.FloorDiv: "// は使えません。floor_to(値, 単位) のように端数処理の名前を書いてください",
    ast.Mod: "% は使えません",
    ast.Lambda: "関数は書けません",
    ast.ListComp: "一覧は sum(… for e in …) のような形で書いてください",
    ast.JoinedStr: "文字列への埋め込みは使えません。concat を使ってください",
    ast.Is: "is は使えません。== を使ってください",
    ast.IsNot: "is not は使えません。!= を使ってください",
}


class ExpressionFault(Exception):
    """An expression that cannot be used. `reason` is a Japanese sentence without full stop."""

    def __init__(self, reason: str, fragment: str = "") -> None:
        super().__init__(f"「{fragment}」: {reason}" if fragment else reason)
        self.reason = str(self)


def parse(text: str) -> ast.expr:
    """The checked syntax tree of an expression.

    Raises:
        ExpressionFault: the text is too long, too deep, not readable, or holds a form that is not
            on the white list.
    """
    if len(text) > MAX_LENGTH:
        raise ExpressionFault(f"式が長すぎます（{len(text)} 文字、{MAX_LENGTH} 文字まで）")
    if "\\" in text or "\0" in text:
        raise ExpressionFault("逆斜線（\\）は使えません")
    source = _prepared(text)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ExpressionFault("式として読めません", text.strip()[:60]) from None
    _check(tree.body)
    return tree.body


def fragment(node: ast.AST) -> str:
    """The part of an expression a node stands for, shortened, as the catalogue writes it."""
    try:
        text = ast.unparse(node)
    except (RecursionError, ValueError):
        return ""
    return text.replace("[_]", "[]")[:60]


def _prepared(text: str) -> str:
    """The text on one line with `[]` written as `[_]`, quoted texts left as they are."""
    made: list[str] = []
    quote = ""
    for sign in text.strip():
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "\"'":
            quote = sign
        elif sign in "\r\n\t":
            sign = " "
        elif sign == "]" and made and made[-1] == "[":
            made.append("_")
        made.append(sign)
    return "".join(made)


def _check(root: ast.expr) -> None:
    pending: list[tuple[ast.AST, int]] = [(root, 1)]
    while pending:
        node, depth = pending.pop()
        if depth > MAX_DEPTH:
            raise ExpressionFault(f"式が深すぎます（{MAX_DEPTH} 段まで）")
        if type(node) not in ALLOWED:
            raise ExpressionFault(
                _REASONS.get(type(node), "この書き方は使えません"), fragment(node)
            )
        if isinstance(node, ast.Constant):
            _check_constant(node)
            continue
        below = depth if isinstance(node, ast.Attribute) else depth + 1
        for name in node._fields:
            part = getattr(node, name)
            if isinstance(part, list):
                pending += [(child, below) for child in part]
            elif isinstance(part, ast.AST):
                pending.append((part, below))


def _check_constant(node: ast.Constant) -> None:
    value = node.value
    if isinstance(value, float):
        raise ExpressionFault(
            "小数は使えません。分数（1 / 2 など）で書いてください", fragment(node)
        )
    if isinstance(value, bool | str):
        return
    if not isinstance(value, int):
        raise ExpressionFault("この書き方は使えません", fragment(node))
    if value > MAX_CONSTANT:
        raise ExpressionFault("数が大きすぎます", fragment(node)[:20])
