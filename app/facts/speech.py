"""Japanese for values, origins and expressions, as explanations show them."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from app.domain.era import wareki_text
from app.domain.errors import BadInput
from app.facts import alternatives, gather, moments, nodes, operators
from app.facts.definition import FactDef
from app.facts.record import Blank, Origin, Record, Value
from app.facts.signatures import FUNCTIONS

_SIGNS = {"+": "＋", "-": "－", "*": "×", "/": "÷"}
_SIZES = {
    "<": "{0}が{1}より小さい",
    "<=": "{0}が{1}以下",
    ">": "{0}が{1}より大きい",
    ">=": "{0}が{1}以上",
    "==": "{0}が{1}",
    "!=": "{0}が{1}ではない",
}
_GATHERED = {
    "sum": "{0}ごとの{1}の合計",
    "count": "{0}のうち{1}の数",
    "min": "{0}ごとの{1}のうち最も小さい値",
    "max": "{0}ごとの{1}のうち最も大きい値",
}
ORIGIN_WORDS = {
    Origin.REGISTER: "登記",
    Origin.GBIZID: "GビズID",
    Origin.BOOKS: "帳簿",
    Origin.DOCUMENT: "公文書",
    Origin.FILING: "前回",
    Origin.TYPED: "入力",
    Origin.DERIVED: "計算",
    Origin.ASSUMED: "仮定",
}
"""The word of each origin, as the badges write it (LOOK.md)."""


def shown(value: Value, definition: FactDef | None = None) -> str:
    """A value as a sentence writes it; 個人番号 is never written out."""
    if definition is not None and definition.secret:
        return "（記録済み）"
    if isinstance(value, Blank):
        return "空欄"
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    if isinstance(value, date):
        return _day(value)
    if isinstance(value, Fraction) and value.denominator != 1:
        return f"{value.numerator:,}/{value.denominator:,}"
    if isinstance(value, int | Fraction):
        unit = "円" if definition is not None and definition.kind == "yen" else ""
        return f"{int(value):,}{unit}"
    return definition.choice_label(value) if definition is not None else value


def _day(day: date) -> str:
    try:
        return wareki_text(day)
    except BadInput:
        return f"{day.year}年{day.month}月{day.day}日"


def origin_sentence(record: Record) -> str:
    """Where a record comes from and when it was recorded, in a sentence."""
    said = _day(record.recorded_at.date())
    place = record.locator
    match record.origin:
        case Origin.TYPED:
            by = place.get("by", "")
            sentence = f"{by}さんが{said}に入力しました。" if by else f"{said}に入力されました。"
        case Origin.REGISTER if place.get("service") == "gbizinfo":
            sentence = f"{said}に gBizINFO の公開の記録から取りました{_stated(place)}。"
        case Origin.REGISTER:
            sentence = f"{said}に法人番号公表サイトなどの登記の記録から取りました。"
        case Origin.GBIZID:
            sentence = f"{said}にGビズIDの登録から取りました。"
        case Origin.BOOKS:
            row = f"の{place['row']}行目" if "row" in place else ""
            sentence = f"帳簿{place.get('file', '')}{row}から取りました。"
        case Origin.DOCUMENT:
            sentence = f"{said}に受け取った公文書{_named(place)}によります。"
        case Origin.FILING:
            sentence = f"以前の申請{_named(place)}によります。"
        case Origin.DERIVED:
            sentence = "計算した値として記録されています。"
        case _:
            sentence = "仮に置いた値です。確かめてください。"
    if record.confirmed_at is not None and record.confirmed_by:
        confirmed = _day(record.confirmed_at.date())
        sentence += f"{record.confirmed_by}さんが{confirmed}に確認しました。"
    return sentence


def _stated(place: dict[str, str]) -> str:
    """The day the register itself gives for what it says."""
    try:
        return f"（記録の日付は{_day(date.fromisoformat(place['updated']))}）"
    except (KeyError, ValueError):
        return ""


def _named(place: dict[str, str]) -> str:
    name = place.get("title") or place.get("name") or place.get("document") or ""
    return f"「{name}」" if name else ""


def phrase(node: nodes.Node) -> str:
    """What an expression says, as a Japanese phrase."""
    match node:
        case nodes.Constant():
            return f"「{node.value}」" if isinstance(node.value, str) else shown(node.value)
        case nodes.Read():
            return f"「{node.place.definition.label}」"
        case nodes.Local():
            return f"「{node.definition.label}」"
        case moments.Today():
            return "基準日"
        case nodes.Member():
            return "もの"
        case moments.OwnPeriod():
            return "その期間"
        case nodes.Answer():
            return f"欄「{node.field_id}」"
        case moments.At():
            return f"{phrase(node.inner)}（{phrase(node.day)}の時点）"
        case operators.Strict():
            return _strict(node)
    return _formed(node)


def _formed(node: nodes.Node) -> str:
    match node:
        case operators.Junction():
            return ("、または" if node.absorbing else "、かつ").join(
                _inner(p) for p in node.operands
            )
        case operators.Negation():
            return f"{_inner(node.inner)}ではない"
        case alternatives.Conditional():
            ways = (phrase(node.condition), phrase(node.then), phrase(node.otherwise))
            return "{}なら{}、そうでなければ{}".format(*ways)
        case alternatives.Coalesce():
            first, *rest = (phrase(operand) for operand in node.operands)
            return f"{first}（空欄なら{'、'.join(rest)}）"
        case alternatives.Assume():
            return f"{phrase(node.wanted)}（分からなければ仮に{phrase(node.instead)}）"
        case alternatives.Otherwise():
            return f"{phrase(node.told)}（言われていなければ{phrase(node.silent)}）"
        case operators.FigureByCode():
            labels = sorted(figure.parameter.label for figure in node.family_.values())
            return f"{phrase(node.code)}の「{labels[0].partition('（')[0]}」"
        case operators.Figure():
            return f"「{node.parameter.label}」"
        case gather.Count():
            return f"「{node.items.label}」の数"
        case gather.Quantifier():
            which = "どれか" if node.absorbing else "すべて"
            return f"「{node.items.label}」の{which}について、{phrase(node.element)}"
        case gather.Gather():
            only = f"（{phrase(node.condition)}の場合だけ）" if node.condition else ""
            listed = f"「{node.items.label}」"
            if isinstance(node.element, nodes.Member):
                return f"{listed}の数{only}"
            return _GATHERED[node.name].format(listed, phrase(node.element)) + only
    return ""


def _strict(node: operators.Strict) -> str:
    parts = [phrase(operand) for operand in node.operands]
    if node.name in _SIGNS and len(parts) == 2:
        return f" {_SIGNS[node.name]} ".join(_inner(operand) for operand in node.operands)
    if node.name == "-":
        return f"－{_inner(node.operands[0])}"
    if node.name in _SIZES:
        return _SIZES[node.name].format(*parts)
    if node.name in FUNCTIONS:
        parts += ["1"] * FUNCTIONS[node.name].optional
        listed = "、".join(parts)
        return FUNCTIONS[node.name].phrase.format(*parts, all=listed, rest="、".join(parts[1:]))
    return "期間"


def _inner(node: nodes.Node) -> str:
    text = phrase(node)
    compound = isinstance(node, operators.Junction | alternatives.Conditional) or (
        isinstance(node, operators.Strict) and node.name in _SIGNS
    )
    return f"（{text}）" if compound else text
