"""Rows of a CSV or Excel file a person chose, as texts: the one reader of such files.

CSV: UTF-8 (with or without a mark) or CP932; comma, semicolon or tab. Excel: .xlsx and .xlsm, the cached
values (no formula is worked out, no macro is looked at), through the ZIP reader's limits before openpyxl
sees it.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

from app.domain.errors import BadInput

MOST_ROWS = 200_000
MOST_COLUMNS = 400
MOST_BYTES = 60_000_000
_MOST_EXPANDED = 600_000_000
_MOST_PARTS = 2_000
_MOST_SHEETS = 200
Sheet = tuple[str, Iterator[tuple[str, ...]]]
_ZIP = b"PK\x03\x04"
_NO_TEXT = re.compile("[\x01-\x08\x0e-\x1f\uf8f0-\uf8f3]")  # what CP932 makes of stray bytes


def rows_of(content: bytes) -> Iterator[tuple[str, ...]]:
    """The rows as texts, the heading first; rows with nothing in them come as empty texts.

    Raises BadInput: too large, neither kind of file, or not to be opened.
    """
    if len(content) > MOST_BYTES:
        raise BadInput(
            "sheet-large", "ファイルが大きすぎます（60 MB まで）。分けて取り込んでください。"
        )
    rows = _excel(content) if content.startswith(_ZIP) else _csv(content)
    for number, row in enumerate(rows):
        if number > MOST_ROWS or len(row) > MOST_COLUMNS:
            told = f"行は{MOST_ROWS:,}、列は{MOST_COLUMNS}までです。分けて取り込んでください。"
            raise BadInput("sheet-large", told)
        yield row


def is_workbook(content: bytes) -> bool:
    """Whether the bytes are those of an Excel file rather than of a text."""
    return content.startswith(_ZIP)


def sheets_of(content: bytes, wanted: Callable[[str], bool]) -> Iterator[Sheet]:
    """The sheets of an Excel file whose name is `wanted`: (name, its rows), one after the other.

    Raises BadInput: too large, not to be opened, or broken in the middle.
    """
    if len(content) > MOST_BYTES:
        raise BadInput("sheet-large", "ファイルが大きすぎます（60 MB まで）。")
    book = _opened(content)
    try:
        for name in book.sheetnames[:_MOST_SHEETS]:
            if wanted(name) and hasattr(book[name], "iter_rows"):
                yield name, _rows(book[name])
    finally:
        book.close()


def _csv(content: bytes) -> Iterator[tuple[str, ...]]:
    text = _text(content)
    first = text.partition("\n")[0]
    mark = max(",;\t", key=first.count)
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True):
            yield tuple(row)
    except csv.Error:
        raise BadInput("sheet-csv", "CSV として読めません。引用符の組が合っていません。") from None


def _text(content: bytes) -> str:
    if b"\0" in content:
        raise BadInput("sheet-kind", "CSV か Excel（.xlsx）のファイルを選んでください。")
    for coding in ("utf-8-sig", "cp932"):
        try:
            text = content.decode(coding)
        except UnicodeDecodeError:
            continue
        if not _NO_TEXT.search(text):
            return text
    raise BadInput("sheet-coding", "文字コードが UTF-8 でも Shift_JIS でもないので読めません。")


def _excel(content: bytes) -> Iterator[tuple[str, ...]]:
    book = _opened(content)
    try:
        yield from _rows(book.worksheets[0])
    except IndexError:
        raise BadInput("sheet-excel", "Excel のファイルにシートがありません。") from None
    finally:
        book.close()


def _opened(content: bytes) -> Any:
    _refuse_hostile(content)
    from openpyxl import load_workbook

    try:
        return load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    except Exception:
        raise BadInput(
            "sheet-excel", "Excel のファイルとして開けません（.xlsx か .xlsm だけです）。"
        ) from None


def _rows(sheet: Any) -> Iterator[tuple[str, ...]]:
    try:
        for row in sheet.iter_rows(values_only=True):
            yield tuple([_cell(value) for value in row])
    except Exception:
        raise BadInput("sheet-excel", "Excel のファイルの途中が壊れていて読めません。") from None


def _refuse_hostile(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except zipfile.BadZipFile:
        raise BadInput(
            "sheet-excel", "Excel のファイルとして開けません（.xlsx だけです）。"
        ) from None
    if len(parts) > _MOST_PARTS or sum(p.file_size for p in parts) > _MOST_EXPANDED:
        raise BadInput("sheet-hostile", "広げると大きくなりすぎるファイルなので、開きません。")


def _cell(value: object) -> str:
    """A cell as a person would write it: whole numbers without a point, days as 2026-07-10."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
