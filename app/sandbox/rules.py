"""check.xml: the machine-readable checks of a form (e-Gov reference, section 1.4), read and applied."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from lxml import etree

from app.sandbox import my_number
from app.sandbox.characters import is_full_width
from app.sandbox.findings import Finding
from app.sandbox.shape import children, path_of

_ERAS = {"明治": 1868, "大正": 1912, "昭和": 1926, "平成": 1989, "令和": 2019}
_STARTS = {
    "明治": date(1868, 1, 25),
    "大正": date(1912, 7, 30),
    "昭和": date(1926, 12, 25),
    "平成": date(1989, 1, 8),
    "令和": date(2019, 5, 1),
}


@dataclass
class Rule:
    """The checks of one element."""

    path: str
    label: str
    required: bool = False
    numerical: bool = False
    full: bool = False
    lengths: list[tuple[str, int]] = field(default_factory=list)
    digits: int | None = None
    least: int | None = None
    most: int | None = None
    letters: tuple[str, ...] = ()


def read_rules(data: bytes) -> list[Rule]:
    """The rules of a check.xml file."""
    root = etree.fromstring(data)
    return [_rule(item) for item in root.iter("checkItem")]


def _rule(item: etree._Element) -> Rule:
    rule = Rule(item.findtext("xpath", ""), item.findtext("errtag", ""))
    rule.required = item.find("omitDisabled") is not None
    rule.numerical = item.find("numerical") is not None
    rule.full = item.find("fullAllChar") is not None
    for span in item.iterfind("char/range"):
        number = int(span.findtext("number", "0"))
        rule.lengths += [(str(child.tag), number) for child in span if child.tag != "number"]
    digits = item.findtext("intDigit/number")
    rule.digits = int(digits) if digits else None
    parts = children(item)
    for value, sign in pairwise(parts):
        if value.tag == "value" and sign.tag == "moreThan":
            rule.least = int(value.text or "0")
        elif value.tag == "value" and sign.tag == "lessThan":
            rule.most = int(value.text or "0")
    rule.letters = tuple(leaf.text or "" for leaf in item.iterfind("specifiedLetter/list"))
    return rule


def apply(rules: list[Rule], root: etree._Element, form: str, file_name: str) -> Iterator[Finding]:
    """Every rule a form does not keep, then every impossible 個人番号 and date."""
    tree = root.getroottree()
    for rule in rules:
        found = tree.xpath(rule.path)
        element = found[0] if isinstance(found, list) and found else None
        if not isinstance(element, etree._Element):
            continue
        for text in _broken(rule, (element.text or "").strip("\r\n\t")):
            yield Finding(text, path_of(element), file_name, form)
    for element in root.iter(my_number.ITEM):
        if my_number.wrong((element.text or "").strip()):
            item = str(element.tag)
            yield Finding(my_number.sentence(item), path_of(element), file_name, form)
    yield from _dates(root, form, file_name)


def _broken(rule: Rule, text: str) -> Iterator[str]:
    if not text:
        if rule.required:
            yield f"{rule.label}は必須です。"
        return
    if rule.numerical and not re.fullmatch(r"[0-9]+", text):
        yield f"{rule.label}は半角数字で入力してください。"
        return
    if rule.full and not is_full_width(text):
        yield f"{rule.label}は全角で入力してください。"
    for sign, number in rule.lengths:
        if sign == "equal" and len(text) != number:
            yield f"{rule.label}は{number}文字で入力してください。"
        if sign == "lessThan" and len(text) > number:
            yield f"{rule.label}は{number}文字以内で入力してください。"
    if rule.digits is not None and len(text) > rule.digits:
        yield f"{rule.label}は{rule.digits}桁以内で入力してください。"
    if rule.letters and text not in rule.letters:
        yield f"{rule.label}は{'、'.join(rule.letters)}のいずれかです。"
    if rule.numerical and rule.least is not None and int(text) < rule.least:
        yield f"{rule.label}は{rule.least}以上で入力してください。"
    if rule.numerical and rule.most is not None and int(text) > rule.most:
        yield f"{rule.label}は{rule.most}以下で入力してください。"


def _dates(root: etree._Element, form: str, file_name: str) -> Iterator[Finding]:
    for element in root.iter():
        names = [child.tag for child in element]
        if names == ["年号", "年", "月", "日"]:
            values = [(child.text or "").strip() for child in element]
            if any(values[1:]) and western(values) is None:
                yield Finding("日付に誤りがあります。", path_of(element), file_name, form)


def western(values: list[str]) -> date | None:
    """The day of 年号, 年, 月, 日, or None when there is no such day in that era."""
    era, *numbers = values
    if era not in _ERAS or not all(re.fullmatch(r"[0-9]{1,2}", number) for number in numbers):
        return None
    year, month, day = map(int, numbers)
    if year < 1:
        return None
    try:
        made = date(_ERAS[era] + year - 1, month, day)
    except ValueError:
        return None
    later = [start for start in _STARTS.values() if start > _STARTS[era]]
    return made if made >= _STARTS[era] and (not later or made < min(later)) else None
