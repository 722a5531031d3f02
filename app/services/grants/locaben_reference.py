"""The reference values of ローカルベンチマーク (resources/locaben), replaceable by a file of the same layout.

Reference 参考 values: median and the four cuts ⅳ, ⅲ, ⅱ, ⅰ of each indicator, by 27 industries and two
sizes. Who keeps newer values reads them from a CSV file with the same columns, or from the ministry's own
workbook (locaben.xlsm): its sheets 【参照】…基準値 have the columns 指標, 大分類, 小分類, 事業規模, 中央値, 標準偏差,
ⅳ, ⅲ, ⅱ, ⅰ. Only the values of the cells are read, no macro.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from io import StringIO
from pathlib import Path
from typing import Final

from app.domain.errors import BadInput
from app.domain.jsic import class_of, division_of
from app.services.sheet_reading import is_workbook, sheets_of

SCALES: Final = ("中規模事業者", "小規模事業者")
COLUMNS: Final = ("minor", "scale", "indicator_key", "better", "median",
                  "cut_iv_2pt", "cut_iii_3pt", "cut_ii_4pt", "cut_i_5pt")  # fmt: skip
_CUTS: Final = COLUMNS[5:]
_HEADINGS: Final = {
    "indicator": "指標", "minor": "小分類", "scale": "事業規模", "median": "中央値",
    "cut_iv_2pt": "iv", "cut_iii_3pt": "iii", "cut_ii_4pt": "ii", "cut_i_5pt": "i",
}  # fmt: skip
"""The columns of the workbook, widths and small Roman numerals folded."""
INDICATORS: Final = {
    "revenueGrowth": "売上増加率",
    "operatingMargin": "営業利益率",
    "laborProductivity": "労働生産性",
    "ebitdaRatio": "ebitda有利子負債倍率",
    "workingCapitalTurnover": "営業運転資本回転期間",
    "equityRatio": "自己資本比率",
}
LOW: Final = frozenset({"ebitdaRatio", "workingCapitalTurnover"})
"""The indicators of which less is better."""
_MOST_LINES: Final = 5_000
_LARGEST_FILE: Final = 2_000_000


@dataclass(frozen=True)
class Cuts:
    """The values one figure is measured by: `cuts` from ⅳ to ⅰ; `high`: more is better."""

    median: Fraction
    cuts: tuple[Fraction, ...]
    high: bool

    def score(self, value: Fraction) -> int:
        """1 to 5 points; exactly on a cut counts as having reached it."""
        reached = (value >= cut if self.high else value <= cut for cut in self.cuts)
        return 1 + sum(reached)


@dataclass(frozen=True)
class Industry:
    """One of the 27 industries of the benchmark."""

    code: str
    name: str
    major: str


@dataclass(frozen=True)
class SizeRule:
    """How large a firm of an industry may be, and up to where it is 小規模."""

    capital: int
    employees: int
    small_employees: int


@dataclass(frozen=True)
class Reference:
    """All reference values; `label` says whose they are."""

    label: str
    values: Mapping[tuple[str, str, str], Cuts]
    industries: Mapping[str, Industry]
    sizes: Mapping[str, SizeRule]
    jsic: Mapping[str, str]

    def industry_of(self, code: str) -> Industry | None:
        """The industry a JSIC code falls into, by its finest class that is mapped; None where unclear."""
        classes = [class_of(code, depth) for depth in ("minor", "middle")]
        for known in (*classes, division_of(code)):
            if known is not None and known in self.jsic:
                return self.industries.get(self.jsic[known])
        return None

    def cuts(self, industry: str, scale: str, indicator: str) -> Cuts | None:
        """The values of an indicator for an industry and a size, if there are any."""
        return self.values.get((industry, scale, indicator))

    def with_values(self, content: bytes, name: str) -> Reference:
        """The same with the values of a user's file: a CSV, or the ministry's workbook. Raises BadInput."""
        if is_workbook(content):
            values = read_workbook(content, self.industries)
        else:
            values = read_values(_text(content), frozenset(self.industries))
        return replace(self, label=f"参考値（読み込んだファイル {name} の値）", values=values)


def _text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadInput("locaben-values", "文字を読めません。UTF-8 の CSV にしてください。")


def load_reference(folder: Path, label: str) -> Reference:
    """The reference values that come with the program. Raises BadInput for a broken file."""

    def rows(name: str) -> list[dict[str, str]]:
        return list(csv.DictReader(StringIO((folder / name).read_text("utf-8"))))

    industries = {
        row["minor_code"]: Industry(row["minor_code"], row["minor"], row["major_code"])
        for row in rows("industries.csv")
    }
    sizes = {
        row["major_code"]: SizeRule(
            int(row["medium_capital_max_yen"]),
            int(row["medium_employees_max"]),
            int(row["small_employees_max"]),
        )
        for row in rows("size_rules.csv")
    }
    values = read_values(
        (folder / "reference_values.csv").read_text("utf-8"), frozenset(industries)
    )
    jsic = {row["jsic"]: row["minor"] for row in rows("jsic_map.csv") if row["minor"]}
    return Reference(label, values, industries, sizes, jsic)


def read_values(text: str, industries: frozenset[str]) -> dict[tuple[str, str, str], Cuts]:
    """The values of a CSV file by (industry, size, indicator).

    Raises:
        BadInput: the columns are missing, a cell is no number, or the cuts are out of order; the
            sentence names the line.
    """
    if len(text) > _LARGEST_FILE:
        raise BadInput("locaben-values", "ファイルが大きすぎます。基準値の CSV を選んでください。")
    reader = csv.DictReader(StringIO(text.removeprefix("\ufeff")))
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        sentence = f"基準値の CSV に列 {missing[0]} がありません。見出しの行を確かめてください。"
        raise BadInput("locaben-values", sentence)
    return _checked(((f"{reader.line_num} 行目", row) for row in reader), industries)


Values = dict[tuple[str, str, str], Cuts]
Row = Mapping[str, str | None]


def _checked(rows: Iterable[tuple[str, Row]], industries: frozenset[str]) -> Values:
    """The values of rows named as in the CSV, each with where it stands. Raises BadInput."""
    found: Values = {}
    for where, row in rows:
        key = ((row["minor"] or "")[:4], row["scale"] or "", row["indicator_key"] or "")
        if key[0] not in industries or key[1] not in SCALES or key[2] not in INDICATORS:
            raise _broken(where, "業種か事業規模か指標の名前が違います")
        if row["better"] not in ("high", "low"):
            raise _broken(where, "better には high か low を書いてください")
        high = row["better"] == "high"
        try:
            median = Fraction(row["median"] or "")
            cuts = tuple(Fraction(row[name] or "") for name in _CUTS)
        except (ValueError, TypeError, ZeroDivisionError):
            raise _broken(where, "数として読めない値があります") from None
        if list(cuts) != sorted(cuts, reverse=not high):
            raise _broken(where, "ⅳ・ⅲ・ⅱ・ⅰ の順に良くなっていません")
        found[key] = Cuts(median, cuts, high)
    if not found:
        raise BadInput(
            "locaben-values", "基準値の行がありません。基準値のファイルを選んでください。"
        )
    return found


def read_workbook(content: bytes, industries: Mapping[str, Industry]) -> Values:
    """The values of the ministry's workbook by (industry, size, indicator).

    Raises:
        BadInput: no such sheet or column, a row that does not stand, or a file that cannot be opened.
    """
    names = {_bare(one.name): code for code, one in industries.items()}

    def rows() -> Iterator[tuple[str, Row]]:
        for sheet, lines in sheets_of(content, lambda name: "参照" in name and "基準値" in name):
            places: dict[str, int] = {}
            for number, line in enumerate(lines, start=1):
                if number > _MOST_LINES:
                    break
                if not places:
                    places = _columns(line)
                    continue
                cells = {name: line[n] if n < len(line) else "" for name, n in places.items()}
                key = _indicator(cells["indicator"])
                if not any(cells.values()) or not cells["median"]:
                    continue
                minor = cells["minor"]
                code = minor[:4] if minor[:4] in industries else names.get(_bare(minor), "")
                better = "low" if key in LOW else "high"
                yield (
                    f"シート「{sheet}」の {number} 行目",
                    {**cells, "minor": code, "indicator_key": key, "better": better},
                )

    return _checked(rows(), frozenset(industries))


def _columns(line: Sequence[str]) -> dict[str, int]:
    """Where the columns stand, when this line is the heading; {} when it is none."""
    bare = [_bare(cell) for cell in line]
    try:
        return {name: bare.index(heading) for name, heading in _HEADINGS.items()}
    except ValueError:
        return {}


def _bare(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace(" ", "").lower()


def _indicator(text: str) -> str:
    """The key of an indicator by its name, with or without the number before it."""
    bare = _bare(text).lstrip("0123456789").replace("売上高", "売上").replace("(", "")
    return next((key for key, name in INDICATORS.items() if bare.startswith(name)), "")


def _broken(where: str, reason: str) -> BadInput:
    return BadInput("locaben-values", f"基準値のファイルの{where}: {reason}。直してください。")
