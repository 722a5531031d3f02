"""The reference values of ローカルベンチマーク (resources/locaben), replaceable by a file of the same layout.

Reference 参考 values: median and the four cuts ⅳ, ⅲ, ⅱ, ⅰ of each indicator, by 27 industries and two
sizes. Who keeps newer values reads them from a CSV file with the same columns.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from io import StringIO
from pathlib import Path
from typing import Final

from app.domain.errors import BadInput
from app.domain.jsic import class_of, division_of

SCALES: Final = ("中規模事業者", "小規模事業者")
COLUMNS: Final = ("minor", "scale", "indicator_key", "better", "median",
                  "cut_iv_2pt", "cut_iii_3pt", "cut_ii_4pt", "cut_i_5pt")  # fmt: skip
_CUTS: Final = COLUMNS[5:]
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

    def with_values(self, text: str, name: str) -> Reference:
        """The same with the values of a user's file. Raises BadInput."""
        known = frozenset(self.industries)
        label = f"参考値（読み込んだファイル {name} の値）"
        return replace(self, label=label, values=read_values(text, known))


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
    found: dict[tuple[str, str, str], Cuts] = {}
    for row in reader:
        key = (row["minor"][:4], row["scale"], row["indicator_key"])
        if key[0] not in industries or key[1] not in SCALES:
            raise _broken(reader.line_num, "業種か事業規模の名前が違います")
        if row["better"] not in ("high", "low"):
            raise _broken(reader.line_num, "better には high か low を書いてください")
        high = row["better"] == "high"
        try:
            median = Fraction(row["median"])
            cuts = tuple(Fraction(row[name]) for name in _CUTS)
        except (ValueError, TypeError, ZeroDivisionError):
            raise _broken(reader.line_num, "数として読めない値があります") from None
        if list(cuts) != sorted(cuts, reverse=not high):
            raise _broken(reader.line_num, "ⅳ・ⅲ・ⅱ・ⅰ の順に良くなっていません")
        found[key] = Cuts(median, cuts, high)
    if not found:
        raise BadInput("locaben-values", "基準値の CSV に行がありません。")
    return found


def _broken(line: int, reason: str) -> BadInput:
    return BadInput("locaben-values", f"基準値の CSV の {line} 行目: {reason}。直してください。")
