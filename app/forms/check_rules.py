"""A skeleton's `check.xml`: the door's own rules for the elements of an application form.

The grammar is known from a program that reads it (reference 1.4), never from a real file: whatever
is not understood is kept as `unread` and said, and only what is understood refuses a value.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from lxml import etree

from app.domain.errors import BadInput
from app.forms.xml_reader import read_xml

ITEM_LIMIT = 5_000
_STEP = re.compile(r"([^\W\d][^/\[\]\s@()'\"*|=,:]*)(?:\[([1-9][0-9]{0,3})\])?")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_SETS = {
    "半角数字": frozenset("0123456789"),
    "全角カタカナ": frozenset(chr(c) for c in range(0x30A1, 0x30FD)) | {"　"},
}
_RANGES = {"equal": "", "lessThan": "まで", "moreThan": "以上"}
_OUTLINE = frozenset({"xpath", "errtag"})

Test = Callable[[str], str]
"""Gives the sentence of what is wrong with a value, "" when nothing is."""


@dataclass(frozen=True)
class Step:
    """One element of a path and which of that name it is (from 1)."""

    name: str
    number: int = 1


@dataclass(frozen=True)
class CheckItem:
    """The rules of one element. `unread` are parts of the grammar that are not understood."""

    path: tuple[Step, ...]
    label: str
    required: bool
    tests: tuple[Test, ...]
    unread: tuple[str, ...] = ()

    def problem(self, value: str) -> str:
        """What is wrong with `value`, as a sentence; "" when nothing is."""
        if not value:
            return f"{self.label}を入れてください。" if self.required else ""
        return next((f"{self.label}: {told}" for t in self.tests if (told := t(value))), "")


def read_checks(content: bytes) -> tuple[CheckItem, ...]:
    """The rules of a check.xml, in its order; one element may have several.

    Raises:
        BadInput: it is no XML, has too many rules, or a rule names no element.
    """
    items = list(read_xml(content).iter("checkItem"))
    if len(items) > ITEM_LIMIT:
        raise BadInput("check-too-many", "役所の決まりのファイルが大きすぎます。開きません。")
    return tuple(_item(item) for item in items)


def read_path(text: str) -> tuple[Step, ...]:
    """A plain path of element names, each with an optional number; no other XPath is followed.

    Raises:
        BadInput: it is anything else.
    """
    steps: list[Step] = []
    for part in text.strip().removeprefix("/").split("/"):
        match = _STEP.fullmatch(part.strip())
        if match is None:
            raise BadInput(
                "check-path",
                f"役所の決まりの指す場所「{text[:80]}」を読めません。この手続はまだ扱えません。",
            )
        steps.append(Step(match[1], int(match[2] or 1)))
    return tuple(steps)


def _item(item: etree._Element) -> CheckItem:
    path = read_path(item.findtext("xpath") or "")
    label = (item.findtext("errtag") or "").strip() or path[-1].name
    tests: list[Test] = []
    unread: list[str] = []
    required = False
    bounds = {"value", "moreThan", "lessThan"}
    for rule in item:
        tag = str(rule.tag)
        if not isinstance(rule.tag, str) or tag in _OUTLINE or tag in bounds:
            continue
        if tag == "omitDisabled":
            required = True
        elif tag == "numerical":
            tests.append(_numerical)
        elif tag == "fullAllChar":
            tests.append(_full_width)
        elif (test := _with_number(tag, rule)) is not None:
            tests.append(test)
        else:
            unread.append(tag)
    tests += _bounds(item, unread)
    return CheckItem(path, label, required, tuple(tests), tuple(unread))


def _with_number(tag: str, rule: etree._Element) -> Test | None:
    if tag == "intDigit":
        digits = _whole(rule.findtext("number"))
        return None if digits is None else _digits(digits)
    if tag == "char":
        ranges = [
            (number, next((str(e.tag) for e in one if e.tag in _RANGES), "lessThan"))
            for one in rule.iter("range")
            if (number := _whole(one.findtext("number"))) is not None
        ]
        return _length(ranges) if ranges else None
    if tag == "specifiedLetter":
        lists = [(one.text or "").strip("\r\n\t") for one in rule.iter("list")]
        allowed = frozenset().union(*(_SETS.get(t.strip(), frozenset(t)) for t in lists))
        return _letters(allowed) if allowed else None
    return None


def _bounds(item: etree._Element, unread: list[str]) -> list[Test]:
    """Bounds, whether their value stands in them or before them; a bound itself is allowed."""
    tests: list[Test] = []
    value: str | None = None
    for element in item.iter("value", "moreThan", "lessThan"):
        if any(e.tag == "char" for e in element.iterancestors()):
            continue  # a length, read elsewhere
        if element.tag == "value":
            value = (element.text or "").strip()
            continue
        inner = element.findtext("value") or (element.text or "").strip() or value or ""
        value = None
        if not _NUMBER.fullmatch(inner.strip()):
            unread.append(str(element.tag))
            continue
        tests.append(_bound(Decimal(inner.strip()), lower=element.tag == "moreThan"))
    return tests


def _whole(text: str | None) -> int | None:
    clean = (text or "").strip()
    return int(clean) if clean.isascii() and clean.isdigit() and len(clean) < 7 else None


def _numerical(value: str) -> str:
    return "" if _NUMBER.fullmatch(value) else "半角の数字で入れてください。"


def _full_width(value: str) -> str:
    narrow = next((c for c in value if unicodedata.east_asian_width(c) not in "FWA"), "")
    return f"「{narrow}」は全角の文字で入れてください。" if narrow else ""


def _digits(limit: int) -> Test:
    def test(value: str) -> str:
        whole = value.lstrip("-").partition(".")[0]
        return f"数字は {limit}桁までです。" if len(whole) > limit else ""

    return test


def _length(ranges: list[tuple[int, str]]) -> Test:
    """Any one of the ranges is enough; a range that says nothing more is a limit."""

    def fits(length: int, number: int, how: str) -> bool:
        if how == "equal":
            return length == number
        return length >= number if how == "moreThan" else length <= number

    def test(value: str) -> str:
        if any(fits(len(value), *one) for one in ranges):
            return ""
        said = "か".join(f"{n}字{_RANGES[how]}" for n, how in ranges)
        return f"{said}で入れてください。いまは {len(value)}字です。"

    return test


def _letters(allowed: frozenset[str]) -> Test:
    def test(value: str) -> str:
        bad = next((c for c in value if c not in allowed), "")
        return f"「{bad}」は使えません。決められた文字だけで入れてください。" if bad else ""

    return test


def _bound(limit: Decimal, *, lower: bool) -> Test:
    def test(value: str) -> str:
        try:
            number = Decimal(value)
        except InvalidOperation:
            return "半角の数字で入れてください。"
        if lower and number < limit:
            return f"{limit}以上で入れてください。"
        return f"{limit}以下で入れてください。" if not lower and number > limit else ""

    return test
