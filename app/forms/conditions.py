"""Expressions between the cells of a form: `when`, `unless`, the `when` of a default, and `calc`.

`field.<id>` is the value of an earlier cell (a table's is its rows); every part that names no cell
is an expression over facts and goes to the fact graph. Three-valued: an unknown cell makes an
unknown result unless the rest decides (`False and unknown` is false). Numbers are integers or exact
fractions; what may be called stands in app.forms.condition_functions, beside `answered`, `known`,
`today()`, `row_month()` and `above` (rows of months, app.forms.fields), `of_round` and
`round_open()` (app.forms.rounds).
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from app.facts.grammar import ExpressionFault, parse
from app.facts.record import Blank
from app.forms.condition_functions import FUNCTIONS, apply
from app.forms.rounds import Rounds

CellValues = Callable[[str], Any]
FactValues = Callable[[str], Any]
Node = Callable[[CellValues, FactValues], Any]

UNKNOWN: Final = None
_LIMIT_DEPTH = 40
TODAY: Final = "@today"
"""The name under which an expression asks its cells for the reference date."""
ROW_MONTH: Final = "@month"
"""The name under which a column asks for the first day of its row's month."""
ABOVE: Final = "@above:"
"""What begins the name under which a column asks for a cell of the row above."""
_OWN = {"answered": 1, "known": 2, "today": 0, "of_round": 2, "round_open": 0, "row_month": 0,
        "above": 2}  # fmt: skip
# what the fact graph computes too is left to it where no cell is read
_SHARED = frozenset({"min", "max", "floor_to", "ceil_to", "trunc_to", "round_half_up", "add_days",
                     "add_months", "days_between", "on_day", "day", "month"})  # fmt: skip


class _FirstRow:
    """What stands above the first row."""


FIRST_ROW: Final = _FirstRow()


class BadCondition(ValueError):
    """A condition that is not in the grammar; the text says why, in Japanese."""


@dataclass(frozen=True)
class Condition:
    """A compiled condition: the cells and the fact expressions it reads, and its evaluation.

    `columns_above` are the cells of the row above that a column's expression reads.
    """

    text: str
    fields: frozenset[str]
    facts: tuple[str, ...]
    run: Node
    columns_above: frozenset[str] = frozenset()

    def holds(self, cells: CellValues, facts: FactValues) -> bool | None:
        """True, False, or None where an unknown value keeps it open."""
        result = self.run(cells, facts)
        return None if result is UNKNOWN else bool(result)

    def value(self, cells: CellValues, facts: FactValues) -> Any:
        """The value itself; None where it is unknown. Raises nothing."""
        return self.run(cells, facts)


def compile_condition(text: str, rounds: Rounds | None = None) -> Condition:
    """The condition of `text`, its rounds those of the procedure.

    Raises:
        BadCondition: it leaves the grammar, or names what no round says.
    """
    try:
        tree = parse(text)
    except ExpressionFault as fault:
        raise BadCondition(f"{fault.reason}。") from None
    compiler = _Compiler(rounds or Rounds())
    run = compiler.node(tree, 0)
    fields, above = frozenset(compiler.fields), frozenset(compiler.columns_above)
    return Condition(text, fields, tuple(compiler.facts), run, above)


class _Compiler:
    """Turns a syntax tree into closures and notes what it reads."""

    def __init__(self, rounds: Rounds) -> None:
        self._rounds = rounds
        self.fields: set[str] = set()
        self.columns_above: set[str] = set()
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
            ast.UnaryOp: self._unary,
            ast.IfExp: self._choose,
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

    def _unary(self, tree: ast.UnaryOp, depth: int) -> Node:
        part = self.node(tree.operand, depth)
        if isinstance(tree.op, ast.USub):
            return lambda cells, facts: _number(part(cells, facts), lambda n: -n)

        def run(cells: CellValues, facts: FactValues) -> bool | None:
            value = part(cells, facts)
            return UNKNOWN if value is UNKNOWN else not value

        return run

    def _choose(self, tree: ast.IfExp, depth: int) -> Node:
        test = self.node(tree.test, depth)
        yes, no = self.node(tree.body, depth), self.node(tree.orelse, depth)

        def run(cells: CellValues, facts: FactValues) -> Any:
            holds = test(cells, facts)
            if holds is UNKNOWN:
                return UNKNOWN
            return (yes if holds else no)(cells, facts)

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
        operator = _OPERATORS.get(type(tree.op))
        if operator is None:
            raise BadCondition("計算の記号は + - * / だけです。")
        left, right = self.node(tree.left, depth), self.node(tree.right, depth)

        def run(cells: CellValues, facts: FactValues) -> int | Fraction | None:
            a, b = left(cells, facts), right(cells, facts)
            if not isinstance(a, int | Fraction) or not isinstance(b, int | Fraction):
                return UNKNOWN
            if abs(Fraction(a)) > 10**15 or abs(Fraction(b)) > 10**15:
                return UNKNOWN
            result: int | Fraction | None = operator(a, b)
            return result

        return run

    def _call(self, tree: ast.Call, depth: int) -> Node:
        name = tree.func.id if isinstance(tree.func, ast.Name) else ""
        least, most = FUNCTIONS[name][1:] if name in FUNCTIONS else (_OWN.get(name, -1),) * 2
        if not least <= len(tree.args) <= most or tree.keywords:
            known = "、".join(sorted({*FUNCTIONS, *_OWN}))
            raise BadCondition(f"この式に使えない関数があります。使えるもの: {known}。")
        if name in ("of_round", "round_open"):
            return self._round(name, tree, depth)
        parts = [self.node(part, depth) for part in tree.args]
        if name in ("today", "row_month"):
            return lambda cells, facts: cells(TODAY if name == "today" else ROW_MONTH)
        if name == "above":
            return self._above(tree, parts)
        if name == "answered":
            return lambda cells, facts: _is_answered(parts[0](cells, facts))
        if name == "known":
            return lambda cells, facts: _first_known(parts, cells, facts)

        def run(cells: CellValues, facts: FactValues) -> Any:
            values = [part(cells, facts) for part in parts]
            return UNKNOWN if any(v is UNKNOWN for v in values) else apply(name, values)

        return run

    def _above(self, tree: ast.Call, parts: list[Node]) -> Node:
        column = tree.args[0].value if isinstance(tree.args[0], ast.Constant) else None
        if not isinstance(column, str):
            raise BadCondition("above の 1 番目には、列の id を書いてください。")
        self.columns_above.add(column)

        def run(cells: CellValues, facts: FactValues) -> Any:
            value = cells(ABOVE + column)
            return parts[1](cells, facts) if value is FIRST_ROW else value

        return run

    def _round(self, name: str, tree: ast.Call, depth: int) -> Node:
        rounds = self._rounds
        if not rounds:
            raise BadCondition("この手続に rounds がありません。先に [[rounds]] を書いてください。")
        if name == "round_open":
            return lambda cells, facts: rounds.open_on(cells(TODAY)) or UNKNOWN
        which = self.node(tree.args[0], depth)
        key = tree.args[1].value if isinstance(tree.args[1], ast.Constant) else None
        if not isinstance(key, str) or key not in rounds.keys:
            raise BadCondition(
                f"「{key!r}」の値を持つ回がありません。rounds の values に書いてください。"
            )

        def run(cells: CellValues, facts: FactValues) -> Any:
            ident = which(cells, facts)
            return rounds.value(ident, key) if isinstance(ident, str) else UNKNOWN

        return run


_OPERATORS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: whole(Fraction(a) / b) if b else UNKNOWN,
}


def whole(value: Fraction | int) -> Fraction | int:
    """A fraction without remainder as the integer it is."""
    return value.numerator if value.denominator == 1 else value


def _number(value: Any, act: Callable[[Any], Any]) -> Any:
    return act(value) if isinstance(value, int | Fraction) else UNKNOWN


def _first_known(parts: list[Node], cells: CellValues, facts: FactValues) -> Any:
    value = parts[0](cells, facts)
    return parts[1](cells, facts) if value is UNKNOWN or isinstance(value, Blank) else value


def _is_answered(value: Any) -> bool:
    return value is not UNKNOWN and not isinstance(value, Blank) and value != ""


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


_CELL_FUNCTIONS = (frozenset(FUNCTIONS) | frozenset(_OWN)) - _SHARED


def _reads_cells(tree: ast.AST) -> bool:
    return any(
        (isinstance(part, ast.Name) and part.id == "field")
        or (isinstance(part, ast.Call) and getattr(part.func, "id", "") in _CELL_FUNCTIONS)
        for part in ast.walk(tree)
    )
