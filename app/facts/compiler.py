"""From a checked syntax tree to the compiled tree: names looked up, kinds checked, closures made."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.facts import functions as fn
from app.facts.alternatives import Conditional
from app.facts.definition import FactDef
from app.facts.grammar import ExpressionFault, fragment, parse
from app.facts.names import Names, Scope, Vocabulary
from app.facts.nodes import (
    BOOL,
    DATE,
    INTEGER,
    NOTHING,
    RATIO,
    TEXT,
    Answer,
    Constant,
    Local,
    Node,
    Read,
    kind_of_fact,
)
from app.facts.operators import (
    FALSE_AT_BLANK,
    TAKES_BLANK,
    Junction,
    Negation,
    Strict,
)
from app.facts.record import BLANK
from app.facts.signatures import FUNCTIONS, Signature
from app.facts.special_forms import FORMS

NUMBERS = (INTEGER, RATIO)

_ARITHMETIC = {
    ast.Add: ("+", fn.add),
    ast.Sub: ("-", fn.subtract),
    ast.Mult: ("*", fn.multiply),
    ast.Div: ("/", fn.divide),
}
_COMPARISONS = {
    ast.Eq: ("==", lambda a, b: bool(a == b)),
    ast.NotEq: ("!=", lambda a, b: bool(a != b)),
    ast.Lt: ("<", lambda a, b: bool(a < b)),
    ast.LtE: ("<=", lambda a, b: bool(a <= b)),
    ast.Gt: (">", lambda a, b: bool(a > b)),
    ast.GtE: (">=", lambda a, b: bool(a >= b)),
}


@dataclass(frozen=True)
class Compiled:
    """An expression ready to run.

    `reads` are the normal paths of the facts it may read (collections with "[]" for their
    membership), `parameters` the names of its legal figures; `shape` sizes its frames.
    """

    text: str
    node: Node
    shape: tuple[int, int]
    reads: frozenset[str]
    parameters: frozenset[str]
    uses_answers: bool = False


def compile_expression(
    text: str,
    vocabulary: Vocabulary,
    scope: str = "",
    period: str = "",
    answers: Mapping[str, str] | None = None,
) -> Compiled:
    """The compiled tree of an expression.

    `scope` is the pattern of the members at hand ("employees[]"), `period` the kind of period of
    the series being derived, `answers` the kinds of the draft's own answers by field id.

    Raises:
        ExpressionFault: limits, white list, unknown names, kinds that do not go together.
    """
    tree = parse(text)
    builder = _Builder(Names(vocabulary, Scope(scope, period)), vocabulary, answers or {})
    node = builder.build(tree)
    names = builder.names
    return Compiled(
        text,
        node,
        (names.slots, names.variables),
        frozenset(names.reads),
        frozenset(builder.parameters),
        builder.uses_answers,
    )


@dataclass
class _Builder:
    names: Names
    vocabulary: Vocabulary
    answers: Mapping[str, str]
    parameters: set[str] = field(default_factory=set)
    uses_answers: bool = False

    def build(self, tree: ast.expr) -> Node:
        """The node of one part of the tree."""
        match tree:
            case ast.Constant():
                return constant(tree)
            case ast.BoolOp():
                operands = tuple(self.truth(value) for value in tree.values)
                return Junction(operands, isinstance(tree.op, ast.Or))
            case ast.UnaryOp(op=ast.Not()):
                return Negation(self.truth(tree.operand))
            case ast.UnaryOp():
                inner = self.number(tree.operand)
                return Strict("-", (inner,), fn.negate, inner.kind)
            case ast.BinOp():
                return self.arithmetic(tree)
            case ast.Compare():
                return self.comparison(tree)
            case ast.IfExp():
                ways = (self.build(tree.body), self.build(tree.orelse))
                kind = self.same_kind(tree, *ways)
                return Conditional(self.truth(tree.test), *ways, kind)
            case ast.Call():
                return self.call(tree)
            case ast.Name() | ast.Attribute() | ast.Subscript():
                return self.name(tree)
        raise ExpressionFault("この書き方はここでは使えません", fragment(tree))

    def truth(self, tree: ast.expr) -> Node:
        """A part that must be yes or no."""
        return self.of_kind(tree, (BOOL,), "はい・いいえ")

    def number(self, tree: ast.expr) -> Node:
        """A part that must be a number."""
        return self.of_kind(tree, NUMBERS, "数")

    def of_kind(self, tree: ast.expr, kinds: tuple[str, ...], wanted: str) -> Node:
        """A part whose kind must be one of `kinds` (BLANK always passes)."""
        node = self.build(tree)
        if node.kind not in kinds and node.kind != NOTHING:
            raise ExpressionFault(f"ここには{wanted}が要ります", fragment(tree))
        return node

    def same_kind(self, tree: ast.expr, *nodes: Node) -> str:
        """The common kind of alternatives; integers and ratios together are ratios."""
        kinds = {node.kind for node in nodes} - {NOTHING}
        if kinds <= set(NUMBERS) and RATIO in kinds:
            return RATIO
        if len(kinds) > 1:
            raise ExpressionFault("種類の違う値は混ぜられません", fragment(tree))
        return kinds.pop() if kinds else NOTHING

    def arithmetic(self, tree: ast.BinOp) -> Node:
        """+ − × ÷ on numbers; a division gives a ratio."""
        sign, work = _ARITHMETIC[type(tree.op)]
        operands = (self.number(tree.left), self.number(tree.right))
        ratio = sign == "/" or RATIO in {node.kind for node in operands}
        return Strict(sign, operands, work, RATIO if ratio else INTEGER)

    def comparison(self, tree: ast.Compare) -> Node:
        """One comparison, or a chain as the `and` of its links."""
        sides = [tree.left, *tree.comparators]
        links = tuple(
            self.link(tree, operator, sides[index], sides[index + 1])
            for index, operator in enumerate(tree.ops)
        )
        return links[0] if len(links) == 1 else Junction(links, absorbing=False)

    def link(self, tree: ast.Compare, operator: ast.cmpop, left: ast.expr, right: ast.expr) -> Node:
        """a < b, a == b, or a in (b, c)."""
        if isinstance(operator, ast.In | ast.NotIn):
            if not isinstance(right, ast.Tuple | ast.List) or not right.elts:
                raise ExpressionFault("in の右には値の並び（…, …）を書いてください", fragment(tree))
            equal = Junction(tuple(self.equality("==", left, e) for e in right.elts), True)
            return equal if isinstance(operator, ast.In) else Negation(equal)
        sign, work = _COMPARISONS[type(operator)]
        if sign in ("==", "!="):
            return self.equality(sign, left, right)
        operands = (self.build(left), self.build(right))
        kind = self.same_kind(tree, *operands)
        if kind not in (*NUMBERS, DATE, NOTHING):
            raise ExpressionFault("大小は数と日付だけに使えます", fragment(tree))
        return Strict(sign, operands, work, BOOL, FALSE_AT_BLANK)

    def equality(self, sign: str, left: ast.expr, right: ast.expr) -> Node:
        """== or !=; a blank equals only a blank. A choice is compared with its own values."""
        operands = (self.build(left), self.build(right))
        self.same_kind(left, *operands)
        for one, other in (operands, operands[::-1]):
            if isinstance(one, Read | Local) and isinstance(other, Constant):
                choices = _definition(one).choices
                if choices and other.value not in (BLANK, *(key for key, _ in choices)):
                    raise ExpressionFault("この選択肢はありません", str(other.value))
        work = next(work for name, work in _COMPARISONS.values() if name == sign)
        return Strict(sign, operands, work, BOOL, TAKES_BLANK)

    def name(self, tree: ast.Name | ast.Attribute | ast.Subscript) -> Node:
        """A fact, a count of members, a loop variable, the reference date, or an answer."""
        match tree:
            case ast.Name(id="BLANK"):
                return Constant(BLANK, NOTHING)
            case ast.Attribute(value=ast.Name(id="answer"), attr=field_id):
                return self.answer(field_id)
        return self.names.node(tree, self.build)

    def answer(self, field_id: str) -> Node:
        """The answer to a field of the draft."""
        if field_id not in self.answers:
            raise ExpressionFault("この欄はありません", f"answer.{field_id}")
        self.uses_answers = True
        return Answer(field_id, kind_of_fact(self.answers[field_id]))

    def call(self, tree: ast.Call) -> Node:
        """A form of the language or a function."""
        if not isinstance(tree.func, ast.Name) or tree.keywords:
            raise ExpressionFault("関数の書き方が違います", fragment(tree))
        name = tree.func.id
        if name in FUNCTIONS and not self.names.gathers(name, tree.args):
            return self.function(name, FUNCTIONS[name], tree)
        if name in FORMS:
            return FORMS[name](self, tree)
        if name in ("sum", "count", "any", "all", "min", "max"):
            return self.names.gathering(name, tree, self)
        raise ExpressionFault("この関数はありません", name)

    def function(self, name: str, signature: Signature, tree: ast.Call) -> Node:
        """A function of known operands, its operands' kinds checked."""
        count, most = len(tree.args), len(signature.takes)
        if count < most - signature.optional or (count > most and not signature.repeats):
            raise ExpressionFault("値の数が合いません", fragment(tree))
        operands = tuple(self.build(part) for part in tree.args)
        for index, operand in enumerate(operands):
            wanted = signature.takes[min(index, most - 1)]
            if operand.kind not in _ACCEPTS[wanted] and operand.kind != NOTHING:
                raise ExpressionFault(_WANTED[wanted], fragment(tree.args[index]))
        kind = signature.gives
        if kind == "same":
            kind = self.same_kind(tree, *operands)
        elif kind == "rounded":
            kind = INTEGER if len(operands) == 1 else operands[1].kind
        at_blank = TAKES_BLANK if signature.takes_blank else "blank"
        work = signature.work
        if signature.repeats and count == 1 and name in ("min", "max"):
            work = _itself
        return Strict(name, operands, work, kind, at_blank)


_ACCEPTS: dict[str, tuple[str, ...]] = {
    "number": NUMBERS,
    "integer": (INTEGER,),
    "text": (TEXT,),
    "date": (DATE,),
    "ordered": (*NUMBERS, DATE),
    "any": (BOOL, *NUMBERS, TEXT, DATE),
}
_WANTED = {
    "number": "ここには数が要ります",
    "integer": "ここには整数が要ります",
    "text": "ここには文字列が要ります",
    "date": "ここには日付が要ります",
    "ordered": "ここには数か日付が要ります",
    "any": "ここには値が要ります",
}


def constant(tree: ast.Constant) -> Node:
    """The node of a written value."""
    value = tree.value
    if isinstance(value, bool):
        return Constant(value, BOOL)
    if isinstance(value, int):
        return Constant(value, INTEGER)
    if value == "":
        return Constant(BLANK, NOTHING)
    return Constant(str(value), TEXT)


def _definition(node: Read | Local) -> FactDef:
    return node.place.definition if isinstance(node, Read) else node.definition


def _itself(value: object) -> object:
    return value
