"""One column of the pension office's file: what it may hold by itself."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.sandbox.characters import FULL_WIDTH

_HALF_KANA = "｡-ﾟ"
_PATTERNS = {
    "num": r"[0-9]*",
    "flag": r"1?",
    "era": r"[13579]?",
    "date": r"[0-9]*",
    "mark": rf"[0-9A-Z]+|[{_HALF_KANA}]+",
    "kana": rf"[{_HALF_KANA} ]*",
    "address": rf"[{_HALF_KANA}!-~ ]*",
}
_COMPILED = {kind: re.compile(pattern) for kind, pattern in _PATTERNS.items()}
_SENTENCES = {
    "num": "半角数字",
    "flag": "1または省略",
    "era": "元号の番号（1、3、5、7、9）",
    "date": "半角数字",
    "mark": "英数字のみ、または半角カナのみ",
    "kana": "半角カナと半角空白",
    "address": "半角カナ、英数字、記号",
    "wide": "全角",
}


@dataclass(frozen=True)
class Field:
    """One column of a form: name, kind of characters, allowed lengths in bytes, whether required."""

    name: str
    kind: str
    sizes: frozenset[int]
    required: bool


def load_layouts(resources: Path) -> dict[str, tuple[Field, ...]]:
    """The columns of each form, by 様式コード; `resources` is resources/sandbox."""
    data = json.loads((resources / "pension_layouts.json").read_text("utf-8"))
    return {
        code: tuple(Field(n, k, sizes(s), bool(r)) for n, k, s, r in form["fields"])
        for code, form in data.items()
    }


def sizes(text: str) -> frozenset[int]:
    """'1-7', '0|4', '0|2-5' as the numbers they allow."""
    allowed: set[int] = set()
    for part in text.split("|"):
        first, _, last = part.partition("-")
        allowed |= set(range(int(first), int(last or first) + 1))
    return frozenset(allowed)


def broken(field: Field, value: str) -> Iterator[str]:
    """What is wrong with one value by itself."""
    if not value:
        if field.required:
            yield f"{field.name}は必須です。"
        elif 0 not in field.sizes:
            yield f"{field.name}は省略できません。"
        return
    size = len(value.encode("cp932"))
    if size not in field.sizes:
        allowed = sorted(field.sizes)
        yield f"{field.name}は{allowed[0]}から{allowed[-1]}バイトの決められた長さです（{size}バイト）。"
    if field.kind.startswith("code:"):
        codes = field.kind[5:].split("/")
        if value not in codes:
            yield f"{field.name}は{'、'.join(codes)}のいずれかです。"
    elif field.kind == "wide":
        if not all(sign in FULL_WIDTH for sign in value):
            yield f"{field.name}は全角で入力してください。"
    elif field.kind in _COMPILED and not _COMPILED[field.kind].fullmatch(value):
        yield f"{field.name}は{_SENTENCES[field.kind]}で入力してください。"
    if '"' in value:
        yield f"{field.name}に引用符は使えません。"
