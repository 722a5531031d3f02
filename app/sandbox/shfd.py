"""SHFD0006.CSV as the practice pension office reads it: bytes, characters, lines, fields.

e-Gov reference, 2.1 to 2.4. Everything here is the town's own reading of the layout; only the table
of fields (resources/sandbox/pension_layouts.json) is data. Rules across fields: shfd_rules.py.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from typing import Any

from app.sandbox import my_number, shfd_rules
from app.sandbox.characters import FULL_WIDTH
from app.sandbox.findings import Finding
from app.sandbox.shfd_fields import Field, broken, sizes
from app.sandbox.shfd_row import Row, day_of, plan, written_day

NAME = "SHFD0006.CSV"
# "Under 4.5 MB" does not say which megabyte; the smaller one is safe with both.
MOST_BYTES = 4_500_000
MOST_FAULTS = 200
# JIS X 0201, and in Shift_JIS the rows of JIS X 0208 that levels 1 and 2 lie in.
_INSIDE = re.compile(
    rb"(?:[\x20-\x7E\xA1-\xDF]|[\x81-\x83\x89-\x9E\xE0-\xE9][\x40-\x7E\x80-\xFC]"
    rb"|\x84[\x40-\x7E\x80-\xBE]|\x88[\x9F-\xFC]|\x9F[\x40-\x7E\x80-\xFC]"
    rb"|\xEA[\x40-\x7E\x80-\xA4])*"
)
_ALLOWED = FULL_WIDTH | frozenset(bytes([*range(0x20, 0x7F), *range(0xA1, 0xE0)]).decode("cp932"))


class _Unreadable(Exception):
    """The file cannot be read any further."""


def examine(
    files: dict[str, bytes],
    code: str,
    columns: tuple[Field, ...],
    today: date,
    cover: dict[str, str],
) -> tuple[list[Finding], dict[str, Any]]:
    """Faults of the CSV of a package, and what is kept of a good one: office and people."""
    near = [name for name in files if name.upper() == NAME or name.upper().endswith(".CSV")]
    if NAME not in files:
        seen = f"（{'、'.join(near)}）" if near else ""
        return [Finding(f"添付書類に {NAME} がありません。{seen}", file_name=NAME)], {}
    faults: list[str] = []
    kept: dict[str, Any] = {}
    try:
        lines = _lines(files[NAME])
        office, rows = _structure(lines, faults)
        people = list(_rows(rows, code, columns, office, today, faults))
        faults += _cover(cover, office, len(rows))
        kept = {"code": code, "office": office, "people": people}
    except _Unreadable as fault:
        faults.append(str(fault))
    if len(faults) > MOST_FAULTS:
        faults = [*faults[:MOST_FAULTS], f"ほかに{len(faults) - MOST_FAULTS}件のエラーがあります。"]
    return [Finding(text, NAME, NAME) for text in faults], {} if faults else kept


def _lines(raw: bytes) -> list[str]:
    """The lines; raises _Unreadable for size, line ends or bytes that are not of the two tables."""
    if len(raw) >= MOST_BYTES:
        raise _Unreadable("ファイルの大きさは4.5MB未満にしてください。")
    if not raw.endswith(b"\r\n"):
        raise _Unreadable("最後の行が改行（CRLF）で終わっていません。")
    parts = raw[:-2].split(b"\r\n")
    found = []
    for number, part in enumerate(parts, 1):
        if b"\r" in part or b"\n" in part:
            raise _Unreadable(f"{number}行目：改行はCRLFにしてください。")
        found.append(_decoded(part, number))
    return found


def _decoded(part: bytes, number: int) -> str:
    """One line from Shift_JIS; a byte outside JIS X 0201 and JIS X 0208 levels 1 and 2 is named."""
    if _INSIDE.fullmatch(part):
        text = part.decode("cp932")
        if set(text) <= _ALLOWED:
            return text
    made, place = [], 0
    while place < len(part):
        byte = part[place]
        if 0x20 <= byte <= 0x7E or 0xA1 <= byte <= 0xDF:
            made.append(part[place : place + 1].decode("cp932"))
            place += 1
            continue
        pair = part[place : place + 2]
        value = int.from_bytes(pair, "big") if len(pair) == 2 else 0
        inside = 0x8140 <= value <= 0x84BE or 0x889F <= value <= 0x9FFC or 0xE040 <= value <= 0xEAA4
        sign = pair.decode("cp932", "replace")
        if not inside or sign not in FULL_WIDTH:
            shown = (
                f"「{sign}」" if len(sign) == 1 and sign != "\ufffd" else f"0x{pair.hex().upper()}"
            )
            raise _Unreadable(f"{number}行目：使用できない文字があります：{shown}")
        made.append(sign)
        place += 2
    return "".join(made)


def _structure(lines: list[str], faults: list[str]) -> tuple[dict[str, str], list[tuple[int, str]]]:
    """The office and the numbered data lines; raises _Unreadable when the frame is wrong."""
    if len(lines) < 5 or lines[1] != "[kanri]" or "[data]" not in lines:
        raise _Unreadable("1行目の媒体管理レコード、[kanri]、[data] の並びに誤りがあります。")
    data = lines.index("[data]")
    medium, counts = lines[0].split(","), lines[2].split(",")
    offices = [line.split(",") for line in lines[3:data]]
    if len(medium) != 6 or len(counts) != 2:
        raise _Unreadable("媒体管理レコードまたは事業所数情報の項目数に誤りがあります。")
    if len(offices) != 1 or counts[1] != "001":
        raise _Unreadable("1つの申請に入れられる事業所は1つだけです。")
    agent = bool(counts[0])
    faults += _medium(medium, agent=agent)
    if len(offices[0]) != 12:
        raise _Unreadable("事業所情報の項目数は12です。")
    faults += _office(offices[0])
    keys = (
        "prefecture",
        "district",
        "mark",
        "number",
        "post1",
        "post2",
        "address",
        "name",
        "owner",
    )
    office = dict(zip(keys, offices[0], strict=False)) | {"agent": counts[0]}
    if not agent and medium[:3] != offices[0][:3]:
        faults.append("媒体管理レコードと事業所情報の事業所整理記号が一致しません。")
    rows = list(enumerate(lines[data + 1 :], data + 2))
    if not rows:
        raise _Unreadable("データレコードがありません。")
    return office, rows


def _medium(medium: list[str], *, agent: bool) -> Iterator[str]:
    head, serial, day, code = medium[:3], medium[3], medium[4], medium[5]
    if agent:
        # 社労士: district empty, 社労士コード of 8 in place of the office's mark.
        if head[1] or not re.fullmatch(r"[0-9A-Z]{8}", head[2]):
            yield "媒体管理レコード：社会保険労務士コードは8桁で、郡市区符号は省略します。"
    elif not re.fullmatch(r"[0-9]{2}", head[0]) or not re.fullmatch(r"[0-9]{2}", head[1]):
        yield "媒体管理レコード：都道府県コードと郡市区符号は半角数字2桁です。"
    if not re.fullmatch(r"(?!000)[0-9]{3}", serial):
        yield "媒体管理レコード：媒体通番は001から999です。"
    try:
        if not re.fullmatch(r"[0-9]{8}", day):
            raise ValueError
        date(int(day[:4]), int(day[4:6]), int(day[6:]))
    except ValueError:
        yield "媒体管理レコード：作成年月日に誤りがあります。"
    if code != "22223":
        yield "媒体管理レコード：代表届書コードは22223です。"


_OFFICE = (
    ("都道府県コード", "num", "2"), ("郡市区符号", "num", "2"), ("事業所記号", "mark", "1-4"),
    ("事業所番号", "num", "1-5"), ("郵便番号（親番号）", "num", "3"), ("郵便番号（子番号）", "num", "4"),
    ("事業所所在地", "wide", "1-74"), ("事業所名称", "wide", "1-50"), ("事業主氏名", "wide", "1-24"),
    ("電話局番１", "num", "2-5"), ("電話局番２", "num", "1-4"), ("電話局番３", "num", "4-5"),
)  # fmt: skip


def _office(values: list[str]) -> Iterator[str]:
    for (name, kind, allowed), value in zip(_OFFICE, values, strict=True):
        for text in broken(Field(name, kind, sizes(allowed), True), value):
            yield f"事業所情報：{text}"
    if values[1] in ("00", "99") or not values[2].strip("0") or not values[3].strip("0"):
        yield "事業所情報：郡市区符号、事業所記号、事業所番号のいずれかに誤りがあります。"
    if values[4] == "000":
        yield "事業所情報：郵便番号に誤りがあります。"
    if "　" not in values[8].strip("　"):
        yield "事業所情報：事業主氏名は姓と名の間を全角空白で区切ってください。"


def _rows(
    rows: list[tuple[int, str]],
    code: str,
    columns: tuple[Field, ...],
    office: dict[str, str],
    today: date,
    faults: list[str],
) -> Iterator[dict[str, str]]:
    """The people of the good lines; what is wrong with the others goes into `faults`."""
    names = [column.name for column in columns]
    where = plan(names)
    # Most values of a file stand in it again and again; each is looked at once a column.
    seen: dict[tuple[int, str], list[str]] = {}
    for number, line in rows:
        values = line.split(",")
        if values[0] != code:
            faults.append(f"{number}行目：この手続の様式コードは{code}です（{values[0]}）。")
            continue
        if len(values) != len(columns):
            faults.append(f"{number}行目：項目数は{len(columns)}です（{len(values)}）。")
            continue
        row = Row(values, names, today)
        found: list[str] = []
        for place, value in enumerate(values):
            wrong = seen.get((place, value))
            if wrong is None:
                wrong = seen[place, value] = list(broken(columns[place], value))
            found += wrong
        found += shfd_rules.common(row, code, office, where)
        if not found:
            found = list(shfd_rules.BY_CODE[code](row))
        found += [
            my_number.sentence(name)
            for name, value in zip(names, values, strict=True)
            if value and name.endswith(my_number.ITEM) and my_number.wrong(value)
        ]
        faults += [f"{number}行目：{text}" for text in found]
        if not found:
            yield _person(row, code)


def _person(row: Row, code: str) -> dict[str, str]:
    """What a decision repeats of one line."""
    kept = shfd_rules.person(row, code)
    return kept | {"birth": written_day(day_of(row, shfd_rules.BIRTH[code]))}


def _cover(cover: dict[str, str], office: dict[str, str], count: int) -> Iterator[str]:
    """The covering form has to say what the file holds."""
    mark = unicodedata.normalize("NFKC", office["mark"])
    pairs = [
        ("prefecture", office["prefecture"], "都道府県コード"),
        ("district", office["district"], "郡市区符号"),
        ("office_number", office["number"], "事業所番号"),
        ("count", str(count), "提出件数"),
    ]
    for key, value, name in pairs:
        given = cover.get(key, "")
        if given and given.lstrip("0") != value.lstrip("0"):
            yield f"総括票の{name}（{given}）とCSVファイル（{value}）が一致しません。"
    if cover.get("sign") and unicodedata.normalize("NFKC", cover["sign"]) != mark:
        yield "総括票の事業所記号とCSVファイルが一致しません。"
