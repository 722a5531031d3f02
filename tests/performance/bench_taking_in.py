"""Taking 10,000 employees with their pay in from Excel, for `make bench ONLY=egov`.

The yardstick is openpyxl reading the same file alone (read-only, values only), cell by cell.
"""

from __future__ import annotations

import gc
import io
import time
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

from openpyxl import Workbook, load_workbook

from app.domain.clock import JST
from app.facts.catalogue import load_catalogue
from app.facts.graph import Graph
from app.services.social.columns import load_column_words
from app.services.social.sheet_reading import rows_of
from app.services.social.taking_in import digest_of, take_in

ROOT = Path(__file__).resolve().parent.parent.parent
COUNT = 10_000
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=JST)


def made_workbook(count: int = COUNT) -> bytes:
    """An Excel file of `count` people and three months of pay, 16 columns."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    months = ("2026年4月", "2026年5月", "2026年6月")
    paid = [f"{m} {what}" for m in months for what in ("支給額", "支払基礎日数")]
    sheet.append(
        ["社員番号", "氏名", "フリガナ", "性別", "生年月日", "入社日", "被保険者整理番号",
         "標準報酬月額健保", "標準報酬月額厚年", "改定年月", *paid]
    )  # fmt: skip
    for n in range(count):
        sheet.append(
            [f"E{n:05d}", "年金　太郎", "ネンキン　タロウ", "男", date(1960 + n % 45, 4, 1),
             date(2015, 4, 1), n + 1, 260_000, 260_000, "2025-09",
             *(v for m in range(3) for v in (200_000 + n * 10 + m, 30))]
        )  # fmt: skip
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def alone(content: bytes) -> int:
    """The yardstick: every cell read by openpyxl, nothing else."""
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    count = sum(len(row) for row in book.worksheets[0].iter_rows(values_only=True))
    book.close()
    return count


def _seconds(work: Callable[[], object]) -> float:
    gc.collect()
    start = time.process_time()
    work()
    return time.process_time() - start


def measure(rounds: int = 3) -> list[tuple[str, float, str]]:
    """(name, measured, bar): from the file to records and counts, against reading alone."""
    catalogue = load_catalogue(ROOT / "resources")
    words = load_column_words(ROOT / "resources", catalogue)
    content = made_workbook()
    graph = Graph(catalogue, [], NOW.date())

    def whole() -> None:
        rows = rows_of(content)
        columns = words.guess(next(rows))
        again = rows_of(content)
        found = take_in(again, columns, words, graph, file_digest=digest_of(content), now=NOW)
        if found.bad or found.new != COUNT:
            raise AssertionError(f"{found.bad[:1]} {found.new}")

    ratios = []
    for _ in range(rounds):
        least = _seconds(lambda: alone(content))
        ratios.append(_seconds(whole) / least)
    return [
        (
            "10,000 employees from Excel against openpyxl alone",
            sorted(ratios)[rounds // 2],
            "<= 5 x",
        )
    ]
