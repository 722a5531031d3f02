"""The faults of pydantic in plain Japanese, for people who write procedure folders."""

from __future__ import annotations

from typing import Any

_WORDS = {
    "missing": "「{key}」がありません。書き足してください。",
    "extra_forbidden": "「{key}」という項目はありません。綴りを確かめるか、消してください。",
    "string_type": '「{key}」は文字（"…"）で書いてください。',
    "int_type": "「{key}」は整数で書いてください。",
    "int_parsing": "「{key}」は整数で書いてください。",
    "bool_type": "「{key}」は true か false で書いてください。",
    "bool_parsing": "「{key}」は true か false で書いてください。",
    "date_type": "「{key}」は日付（2026-07-10 の形）で書いてください。",
    "date_from_datetime_parsing": "「{key}」は日付（2026-07-10 の形）で書いてください。",
    "date_parsing": "「{key}」は日付（2026-07-10 の形）で書いてください。",
    "tuple_type": "「{key}」は [ ] の並びで書いてください。",
    "too_short": "「{key}」には一つ以上書いてください。",
    "string_too_long": "「{key}」は {max_length}字までです。短くしてください。",
    "string_too_short": "「{key}」が空です。書いてください。",
    "string_pattern_mismatch": "「{key}」の値「{input}」の形がちがいます（決まり: {pattern}）。",
    "literal_error": "「{key}」の値「{input}」は選べません。選べるもの: {expected}。",
    "greater_than_equal": "「{key}」は {ge} 以上にしてください。",
    "less_than_equal": "「{key}」は {le} 以下にしてください。",
    "model_type": "「{key}」は表（[…]）で書いてください。",
}


def reason_of(error: Any) -> str:
    """A Japanese sentence for one error of pydantic's `ValidationError.errors()`."""
    if error["type"] == "value_error":
        return str(error["ctx"]["error"])
    names = [part for part in error["loc"] if isinstance(part, str)]
    key = names[-1] if names else "全体"
    pattern = _WORDS.get(error["type"], "「{key}」の書き方がちがいます（{msg}）。")
    return pattern.format(
        key=key, input=str(error.get("input"))[:60], msg=error["msg"], **error.get("ctx", {})
    )
