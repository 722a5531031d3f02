"""What the practice portal takes for one field, and the sentence it shows beside one it refuses.

Wire forms of values: postal `150-0041`, telephone `03-1234-5678`, yen and whole numbers ASCII digits
without separators (a minus sign where `signed`), percent up to two decimals, date `2026/11/24`,
`check` true or false, `checks` a list of options, everything else a text.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from app.sandbox.portal_forms import Block, Field, FormPage

Values = dict[str, Any]
Fault = dict[str, Any]

_KANA = re.compile(r"[ァ-ヴー・　]+")
_POSTAL = re.compile(r"[0-9]{3}-[0-9]{4}")
_TEL = re.compile(r"0[0-9]{1,4}-[0-9]{1,4}-[0-9]{3,4}")
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_URL = re.compile(r"https?://[^\s]+")
_DATE = re.compile(r"([0-9]{4})/([0-9]{2})/([0-9]{2})")
_PERCENT = re.compile(r"(0|[1-9][0-9]{0,2})(\.[0-9]{1,2})?")
_LINE_BREAK = re.compile(r"[\x00-\x1f\x7f]")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")
LONGEST_TEXT = 255


def day(text: str) -> date | None:
    """The day of `YYYY/MM/DD`, or None."""
    found = _DATE.fullmatch(text)
    if not found:
        return None
    try:
        return date(*(int(part) for part in found.groups()))
    except ValueError:
        return None


def number(value: object) -> int | None:
    """The whole number of a value that was accepted, or None for an empty one."""
    return int(str(value)) if value not in (None, "") else None


def known(page: FormPage, given: Values) -> Values | None:
    """The values the page can have, those of controls it does not show left out.

    None when a name is not on the page at all: a form that was renewed takes no old names.
    """
    fields = {item.name: item for item in page.fields() if item.written}
    tables = {block.rows["name"]: {item.name for item in block.fields} for block in page.tables()}
    for name, value in given.items():
        if name in tables:
            rows = value if isinstance(value, list) else [None]
            if not all(isinstance(row, dict) and set(row) <= tables[name] for row in rows):
                return None
        elif name not in fields:
            return None
    kept = dict(given)
    while True:
        hidden = [name for name in kept if name in fields and not fields[name].shown(kept)]
        if not hidden:
            return kept
        for name in hidden:
            del kept[name]


def amount(value: object) -> int:
    """The whole number of a draft's value, 0 for anything that is none: a draft may hold anything."""
    text = str(value or "")
    return int(text) if re.fullmatch(r"-?[0-9]{1,15}", text) else 0


def page_faults(page: FormPage, values: Values) -> list[Fault]:
    """Every refusal on a page: `name`, for a table `table` and `row` (from 0), and `message`."""
    faults = []
    for item in page.fields():
        if item.written and item.shown(values):
            message = fault_of(item, values.get(item.name), values)
            if message:
                faults.append({"name": item.name, "message": message})
    for block in page.tables():
        faults += _table_faults(block, values)
    return faults


def _table_faults(block: Block, values: Values) -> list[Fault]:
    told = block.rows
    rows = values.get(told["name"])
    rows = rows if isinstance(rows, list) else []
    if len(rows) < told["least"]:
        return [_at(told, 0, "", f"{told['label']}を{told['least']}行以上入力してください。")]
    if len(rows) > told["most"]:
        return [_at(told, 0, "", f"{told['label']}は{told['most']}行までです。")]
    faults = []
    for place, row in enumerate(rows):
        given = row if isinstance(row, dict) else {}
        for item in block.fields:
            message = fault_of(item, given.get(item.name), given)
            if message:
                faults.append(_at(told, place, item.name, message))
    return faults


def _at(told: Values, row: int, name: str, message: str) -> Fault:
    return {"table": told["name"], "row": row, "name": name, "message": message}


def fault_of(item: Field, value: object, values: Values) -> str:
    """Why a value is refused, or an empty text."""
    if item.kind == "check":
        if value not in (None, True, False):
            return "値の形が正しくありません。"
        return "チェックしてください。" if item.required and value is not True else ""
    if item.kind == "checks":
        return _checks_fault(item, value)
    if value is None or value == "":
        return f"{item.label}を入力してください。" if item.required else ""
    if not isinstance(value, str):
        return "値の形が正しくありません。"
    if item.kind in ("combobox", "select", "radio"):
        return "" if value in item.choices(values) else "一覧から選択してください。"
    return _text_fault(item, value)


def _checks_fault(item: Field, value: object) -> str:
    given = [] if value is None else value
    if not isinstance(given, list) or not all(option in item.options for option in given):
        return "一覧から選択してください。"
    return f"{item.label}を1つ以上選択してください。" if item.required and not given else ""


def _text_fault(item: Field, text: str) -> str:
    if (_CONTROL if item.kind == "textarea" else _LINE_BREAK).search(text):
        return "使用できない文字が含まれています。"
    most = item.max or LONGEST_TEXT
    if len(text) > most:
        return f"{most}文字以内で入力してください（現在{len(text)}文字）。"
    return _SHAPES[item.kind](item, text) if item.kind in _SHAPES else ""


def _whole(item: Field, text: str) -> str:
    digits = 15 if item.kind == "yen" else 9
    if not re.fullmatch(rf"{'-?' if item.signed else ''}(0|[1-9][0-9]{{0,{digits - 1}}})", text):
        return "半角の整数で入力してください。"
    if int(text) < item.least and not item.signed:
        return f"{item.least}以上で入力してください。"
    if item.most and int(text) > item.most:
        return f"{item.most}以下で入力してください。"
    return ""


def _percent(item: Field, text: str) -> str:
    del item
    good = _PERCENT.fullmatch(text) and float(text) <= 100
    return "" if good else "0から100まで、小数第2位までで入力してください。"


def _shape(pattern: re.Pattern[str], sentence: str) -> Any:
    return lambda item, text: "" if pattern.fullmatch(text) else sentence


_SHAPES = {
    "kana": _shape(_KANA, "全角カタカナで入力してください。"),
    "postal": _shape(_POSTAL, "郵便番号は「123-4567」の形で入力してください。"),
    "tel": _shape(_TEL, "電話番号はハイフンを入れて半角数字で入力してください。"),
    "email": _shape(_EMAIL, "メールアドレスの形が正しくありません。"),
    "url": _shape(_URL, "http:// または https:// で始まるURLを入力してください。"),
    "yen": _whole,
    "int": _whole,
    "percent": _percent,
    "date": lambda item, text: "" if day(text) else "日付は「2026/11/24」の形で入力してください。",
}
