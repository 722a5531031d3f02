"""The practice corporate-number Web-API, version 4: /4/num, /4/name and /4/diff over real published rows.

Wire: open-data reference, section 3.1. The rows are those of resources/sandbox/corporations.csv.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

_NAMES = (
    "sequenceNumber corporateNumber process correct updateDate changeDate name nameImageId kind "
    "prefectureName cityName streetNumber addressImageId prefectureCode cityCode postCode "
    "addressOutside addressOutsideImageId closeDate closeCause successorCorporateNumber "
    "changeCause assignmentDate latest enName enPrefectureName enCityName enAddressOutside "
    "furigana hihyoji"
)
COLUMNS = tuple(_NAMES.split())
PAGE = 2000
_KINDS = {"01": ("101",), "02": ("201",), "03": ("301", "302", "303", "304", "305", "399")}
_OTHER_KINDS = ("401", "499")


class Refused(Exception):
    """A request the tax agency answers with 400 and one of its own codes."""

    def __init__(self, code: str, sentence: str) -> None:
        """`code` is the three-digit code."""
        super().__init__(code)
        self.code = code
        self.sentence = sentence


def load_rows(resources: Path) -> list[dict[str, str]]:
    """Every published row, in file order; raises ValueError when one has not 30 columns."""
    text = (resources / "corporations.csv").read_text("utf-8")
    rows = []
    for values in csv.reader(io.StringIO(text)):
        if len(values) != len(COLUMNS):
            raise ValueError("corporations.csv: a row has not 30 columns")
        rows.append(dict(zip(COLUMNS, values, strict=True)))
    return rows


class CorporateNumbers:
    """The three calls; `application_id` is the only id that is registered."""

    def __init__(
        self,
        rows: list[dict[str, str]],
        application_id: str,
        clock: Callable[[], float],
        limit: int = 600,
    ) -> None:
        """`limit` is how many calls a minute are answered before 403."""
        self._rows = rows
        self._id = application_id
        self._clock = clock
        self._calls: list[float] = []
        self.limit = limit
        self.page = PAGE

    def routes(self) -> list[Route]:
        """GET only, as the real one."""
        return [
            Route("/4/num", self._answer(self._by_number), methods=["GET"]),
            Route("/4/name", self._answer(self._by_name), methods=["GET"]),
            Route("/4/diff", self._answer(self._changed), methods=["GET"]),
        ]

    def _answer(
        self, find: Callable[[Mapping[str, str]], list[dict[str, str]]]
    ) -> Callable[[Request], Any]:
        async def endpoint(request: Request) -> Response:
            query = request.query_params
            if self._too_many():
                return _plain(403, "403", "アクセスの回数が上限を超えました。")
            if query.get("id", "") != self._id:
                return _plain(404, "404", "アプリケーションIDの登録が確認できません。")
            try:
                kind = _type_of(query)
                found = find(query)
                return _written(found, kind, _divide(query), self.page)
            except Refused as refused:
                return _plain(400, refused.code, refused.sentence)

        return endpoint

    def _too_many(self) -> bool:
        now = self._clock()
        self._calls = [moment for moment in self._calls if now - 60 < moment <= now]
        self._calls.append(now)
        return len(self._calls) > self.limit

    def _by_number(self, query: Mapping[str, str]) -> list[dict[str, str]]:
        text = query.get("number", "")
        if not text:
            raise Refused("040", "法人番号が指定されていません。")
        numbers = text.split(",")
        if len(numbers) > 10:
            raise Refused("041", "法人番号の指定は10件までです。")
        for number in numbers:
            if not re.fullmatch(r"[0-9]{13}", number):
                raise Refused("042", "法人番号は半角数字13桁で指定してください。")
            if not _check_digit_fits(number):
                raise Refused("043", "法人番号の検査用数字が一致しません。")
        history = query.get("history", "0")
        if history not in ("0", "1"):
            raise Refused("080", "変更履歴の要否は0または1で指定してください。")
        found: list[dict[str, str]] = []
        for number in dict.fromkeys(numbers):
            held = [row for row in self._rows if row["corporateNumber"] == number]
            newest = [row for row in held if row["latest"] == "1"][-1:]
            found += held if history == "1" else newest
        return found

    def _by_name(self, query: Mapping[str, str]) -> list[dict[str, str]]:
        name = query.get("name", "")
        if not name:
            raise Refused("100", "商号又は名称が指定されていません。")
        if len(name) > 150:
            raise Refused("101", "商号又は名称は150文字までです。")
        mode, target = query.get("mode", "1"), query.get("target", "1")
        if mode not in ("1", "2"):
            raise Refused("110", "検索方式は1または2で指定してください。")
        if target not in ("1", "2", "3"):
            raise Refused("111", "検索対象は1から3で指定してください。")
        wanted = _soft(name) if target == "1" else name
        keep = _filters(query)
        rows = []
        for row in self._rows:
            held = row["enName"] if target == "3" else row["name"]
            held = _soft(held) if target == "1" else held
            hit = held.startswith(wanted) if mode == "1" else wanted in held
            if hit and row["hihyoji"] != "1" and keep(row):
                rows.append(row)
        return rows

    def _changed(self, query: Mapping[str, str]) -> list[dict[str, str]]:
        """The rows whose day of update lies in a period of at most fifty days."""
        first, last = (_update_day(query.get(name, "")) for name in ("from", "to"))
        if first > last or (last - first).days > 50:
            raise Refused("012", "取得期間は50日以内で指定してください。")
        named = {key: query[key] for key in ("address", "kind") if key in query}
        keep = _filters({**named, "change": "1"})
        found = [
            row
            for row in self._rows
            if first <= date.fromisoformat(row["updateDate"]) <= last and keep(row)
        ]
        return sorted(found, key=lambda row: (row["updateDate"], row["corporateNumber"]))


def _filters(query: Mapping[str, str]) -> Callable[[dict[str, str]], bool]:
    """The narrowing of a name search: place, kind, closed ones, past ones, day of assignment."""
    address, kinds = query.get("address", ""), _kinds(query.get("kind", ""))
    if address and not re.fullmatch(r"[0-9]{2}|[0-9]{5}", address):
        raise Refused(
            "051", "所在地は都道府県コード又は都道府県と市区町村のコードで指定してください。"
        )
    change, close = query.get("change", "0"), query.get("close", "1")
    if change not in ("0", "1") or close not in ("0", "1"):
        raise Refused("112", "変更履歴と閉鎖の指定は0または1です。")
    first, last = _day(query.get("from", "")), _day(query.get("to", ""))

    def keep(row: dict[str, str]) -> bool:
        place = row["prefectureCode"] + row["cityCode"]
        abroad = address == "99" and bool(row["addressOutside"])
        assigned = date.fromisoformat(row["assignmentDate"])
        return (
            (not address or abroad or place.startswith(address))
            and (not kinds or row["kind"] in kinds)
            and (close == "1" or not row["closeDate"])
            and (change == "1" or row["latest"] == "1")
            and (first is None or assigned >= first)
            and (last is None or assigned <= last)
        )

    return keep


def _kinds(text: str) -> set[str]:
    kinds: set[str] = set()
    for code in text.split(",") if text else []:
        if code not in ("01", "02", "03", "04"):
            raise Refused("060", "法人種別は01から04で指定してください。")
        kinds.update(_KINDS.get(code, _OTHER_KINDS))
    return kinds


def _day(text: str) -> date | None:
    return _read_day(text, date(2015, 10, 5), "151", "152") if text else None


def _update_day(text: str) -> date:
    if not text:
        raise Refused("010", "取得期間が指定されていません。")
    return _read_day(text, date(2015, 12, 1), "011", "013")


def _read_day(text: str, least: date, wrong: str, early: str) -> date:
    try:
        # fromisoformat alone would take 20260703 and 2026-W27-5 too.
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            raise ValueError
        day = date.fromisoformat(text)
    except ValueError:
        raise Refused(wrong, "日付はYYYY-MM-DDで指定してください。") from None
    if day < least:
        raise Refused(early, f"日付は{least}以後で指定してください。")
    return day


def _type_of(query: Mapping[str, str]) -> str:
    kind = query.get("type", "")
    if not kind:
        raise Refused("070", "応答形式が指定されていません。")
    if kind not in ("01", "02", "12"):
        raise Refused("071", "応答形式は01、02、12のいずれかです。")
    return kind


def _divide(query: Mapping[str, str]) -> int:
    text = query.get("divide", "1")
    if not re.fullmatch(r"[1-9][0-9]{0,4}", text):
        raise Refused("090", "分割番号は1から99999で指定してください。")
    return int(text)


def _soft(text: str) -> str:
    """The fuzzy form of target=1: katakana, capitals, no middle dot, no full-width space."""
    katakana = "".join(chr(ord(c) + 0x60) if "ぁ" <= c <= "ゖ" else c for c in text)
    return katakana.upper().replace("・", "").replace("　", "")


def _check_digit_fits(number: str) -> bool:
    total = sum(int(d) * (1 + i % 2) for i, d in enumerate(reversed(number[1:])))
    return int(number[0]) == 9 - total % 9


def _written(rows: list[dict[str, str]], kind: str, divide: int, page: int) -> Response:
    pages = max(1, -(-len(rows) // page))
    if divide > pages:
        raise Refused("091", "分割番号が分割数を超えています。")
    shown = [
        {**row, "sequenceNumber": str(number)}
        for number, row in enumerate(rows[(divide - 1) * page : divide * page], 1)
    ]
    updated = max((row["updateDate"] for row in rows), default="2021-07-14")
    head = (updated, str(len(rows)), str(divide), str(pages))
    if kind == "12":
        return Response(_xml(head, shown), media_type="application/xml; charset=utf-8")
    text = _csv(head, shown)
    if kind == "02":
        return Response(text.encode("utf-8"), media_type="text/csv; charset=utf-8")
    body = text.encode("cp932", "replace")
    return Response(body, media_type="text/csv; charset=Shift_JIS")


def _xml(head: tuple[str, ...], rows: Iterable[dict[str, str]]) -> str:
    names = ("lastUpdateDate", "count", "divideNumber", "divideSize")
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<corporations>"]
    lines += [_element(name, value, 4) for name, value in zip(names, head, strict=True)]
    for row in rows:
        lines.append("    <corporation>")
        lines += [_element(name, row[name], 8) for name in COLUMNS]
        lines.append("    </corporation>")
    return "\n".join([*lines, "</corporations>", ""])


def _element(name: str, value: str, indent: int) -> str:
    space = " " * indent
    return f"{space}<{name}>{escape(value)}</{name}>" if value else f"{space}<{name}/>"


def _csv(head: tuple[str, ...], rows: Iterable[dict[str, str]]) -> str:
    quoted = {"name", "prefectureName", "cityName", "streetNumber", "furigana", "changeCause"}
    lines = [",".join(head)]
    for row in rows:
        cells = []
        for name in COLUMNS:
            value = row[name].replace('"', '""')
            cells.append(f'"{value}"' if name in quoted and value else value)
        lines.append(",".join(cells))
    return "\r\n".join([*lines, ""])


def _plain(status: int, code: str, sentence: str) -> PlainTextResponse:
    return PlainTextResponse(f"{code},{sentence}", status)
