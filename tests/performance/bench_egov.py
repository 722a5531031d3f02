"""算定基礎届 from facts to checked CSV bytes, for `make bench ONLY=egov`.

The yardstick is a bare loop of `csv.writer` over the same fields into a text buffer, encoded to the
same bytes at the end. People are generated: names, ages, three months of pay, what stands now.
"""

from __future__ import annotations

import csv
import gc
import io
import statistics
import time
import tracemalloc
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

from app.domain.clock import JST
from app.facts.catalogue import load_catalogue
from app.facts.graph import Graph
from app.facts.record import Origin, Record
from app.forms.nenkin import letters
from app.forms.nenkin.dates import read, written
from app.forms.nenkin.head import Head, Office
from app.forms.nenkin.layout import load_forms
from app.services.social.insurer import REGULAR, Insurer
from app.services.social.needs import needs_of
from app.services.social.people import people_of
from app.services.social.prepare import Prepared, prepare
from app.services.social.tables import load_tables
from app.services.social.writing import Writing, half_name, wide_text

ROOT = Path(__file__).resolve().parent.parent.parent
TODAY = date(2026, 7, 3)
NOW = datetime(2026, 7, 1, 9, 0, tzinfo=JST)
OFFICE = Office(
    "21", "01", "ｹｲﾄ", "123", "1000000", "東京都千代田区霞が関１－２－２",
    "健保サービス株式会社", "健保　良一", ("03", "1234", "5678"),
)  # fmt: skip
_KANJI = "佐藤鈴木高橋渡辺伊田中山本小林加吉野村松井上斎清水崎森池阿部石川前岡長谷青坂遠西福三浦"
_KANA = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワ"


def _name(n: int) -> tuple[str, str, str, str]:
    """Family and given name and their readings; no two of the first 1,600 are alike."""
    a, b = n % 40, n // 40 % 40
    return (
        _KANJI[a] + _KANJI[a - 7], _KANJI[b] + _KANJI[b - 3],
        _KANA[a] + "ガ" + _KANA[a - 5] + "ー", _KANA[b] + _KANA[b - 2] + "ン",
    )  # fmt: skip


def forget() -> None:
    """Empties what is remembered of names and days: a year's notice meets each person once."""
    for kept in (half_name, wide_text, written, read, letters._whole):
        kept.cache_clear()


def made_records(count: int, start: int = 0) -> list[Record]:
    """Facts of `count` employees; no two have the same name and number."""
    records: list[Record] = []
    for n in range(start, start + count):
        family, given, family_kana, given_kana = _name(n)
        pay = 180_000 + n % 700 * 1_000
        told: dict[str, object] = {
            "family_name": family, "given_name": given, "family_kana": family_kana,
            "given_kana": given_kana, "birth": date(1960 + n % 45, 1 + n % 12, 1 + n % 28),
            "sex": "男", "pension_number": f"{1000 + n % 9000:04d}{1 + n % 999_999:06d}",
            "social_insurance.number": str(n % 999_998 + 1),
            "social_insurance.acquired_on": date(2015 + n % 10, 4, 1),
            "social_insurance.kenpo_standard": 260_000,
            "social_insurance.kounen_standard": 260_000,
            "social_insurance.original_monthly": 258_000,
            "social_insurance.revised_month": "2025-09",
        }  # fmt: skip
        for month, days in (("2026-04", 30), ("2026-05", 31), ("2026-06", 30)):
            told[f"pay[{month}]"] = pay + n % 7 * 300
            told[f"pay_days[{month}]"] = days
        records += [
            Record(f"employees[e{n}].{leaf}", value, Origin.BOOKS, NOW, salt="0" * 32)  # type: ignore[arg-type]
            for leaf, value in told.items()
        ]
    return records


class Bench:
    """The resources, loaded once, and the way from a graph to bytes."""

    def __init__(self) -> None:
        resources = ROOT / "resources"
        self.catalogue = load_catalogue(resources)
        self.tables = load_tables(resources)
        self.forms = load_forms(resources)
        self.head = Head(OFFICE, TODAY)

    def graph(self, count: int, start: int = 0) -> Graph:
        """A company of `count` people."""
        return Graph(self.catalogue, made_records(count, start), TODAY)

    def whole(self, graph: Graph) -> Prepared:
        """From the facts to the checked bytes of one company."""
        forget()
        needs = needs_of(
            people_of(graph), self.tables, today=TODAY, since=date(2026, 6, 1),
            insurer=Insurer.KYOKAI,
        )  # fmt: skip
        writing = Writing(self.forms, OFFICE, self.tables.figures(TODAY), TODAY)
        found = prepare(REGULAR, needs.notices, writing, self.head)
        if not found.ready or found.waiting:
            raise AssertionError(f"not ready: {found.faults[:1]} {found.waiting[:1]}")
        return found


def bare(content: bytes) -> Callable[[], bytes]:
    """The yardstick: a call that writes the same bytes with `csv.writer` and nothing else."""
    lines = content.decode("cp932").split("\r\n")
    begin, rows = "\r\n".join(lines[:5]) + "\r\n", [line.split(",") for line in lines[5:-1]]

    def write() -> bytes:
        buffer = io.StringIO(newline="")
        buffer.write(begin)
        writer = csv.writer(buffer, lineterminator="\r\n")
        for row in rows:
            writer.writerow(row)
        return buffer.getvalue().encode("cp932")

    if write() != content:
        raise AssertionError("the yardstick writes other bytes")
    return write


def _seconds(work: Callable[[], object]) -> float:
    """CPU seconds, so that a busy machine judges as an idle one; nothing here waits."""
    gc.collect()
    start = time.process_time()
    work()
    return time.process_time() - start


def _peak(work: Callable[[], object]) -> int:
    gc.collect()
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def measure(rounds: int = 7) -> list[tuple[str, float, str]]:
    """(name, measured, bar): one company, the ratio to the bare loop, forty companies, memory."""
    bench = Bench()
    graph = bench.graph(1_000)
    found = bench.whole(graph)
    yardstick = bare(found.files[0].content)
    ratios, times = [], []
    for _ in range(rounds):
        least = min(_seconds(yardstick) for _ in range(3))
        took = min(_seconds(lambda: bench.whole(graph)) for _ in range(3))
        times.append(took)
        ratios.append(took / least)
    small = _peak(lambda: bench.whole(bench.graph(1_000)))
    each, peak = [], 0
    for company in range(40):
        one = bench.graph(1_000, company * 1_000)
        # The first company beside it, in turns: a machine that is busy for a while slows both.
        turns = [
            (_seconds(lambda one=one: bench.whole(one)), _seconds(lambda: bench.whole(graph)))
            for _ in range(2)
        ]
        each.append(min(mine for mine, _ in turns) / min(first for _, first in turns))
        if company % 13 == 0:
            peak = max(peak, _peak(lambda n=company: bench.whole(bench.graph(1_000, n * 1_000))))
    large = bench.graph(10_000)
    tenfold = min(_seconds(lambda: bench.whole(large)) for _ in range(3))
    return [
        ("regular notices of 1,000 people, facts to checked bytes, s", statistics.median(times), "<= 1 s"),
        ("the same against a bare csv.writer loop", statistics.median(ratios), "<= 20 x"),
        ("each of 40 companies against the first beside it, median", statistics.median(each), "<= 1.5 x"),
        ("the last ten of 40 companies against the first beside it, median", statistics.median(each[-10:]), "<= 1.5 x"),
        ("10,000 people in one company against ten times 1,000", tenfold / (10 * min(times)), "<= 1.5 x"),
        ("memory held at once, the largest of 40 companies against the first", peak / small, "<= 1.1 x"),
    ]  # fmt: skip
