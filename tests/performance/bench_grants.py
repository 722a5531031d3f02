"""Twenty thousand grants: search against LIKE, keeping, and what a refresh of large details takes.

The grants are generated: 3,000 bytes of text each, 16 common words and 6,000 rare ones, so that a
common word is in nearly all of them, which is the worst case. LIKE asks the same table for the same
words. The memory is that of a child process that refreshes from a portal whose detail has 40 MB.
"""

from __future__ import annotations

import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
COUNT = 20_000
COMMON = ("補助金", "農業", "介護", "事業", "支援", "設備", "雇用", "東京都", "中小企業", "デジタル", "省エネ", "研究開発", "販路", "人材育成", "観光", "地域")  # fmt: skip
NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)


def generated() -> list[Any]:
    """The grants with their texts."""
    from app.domain.areas import PREFECTURES
    from app.domain.grant import Grant, GrantDetail, GrantSource
    from app.domain.grant_words import BANDS, INDUSTRIES, PURPOSES

    lot = random.Random(4)
    letters = [chr(code) for code in range(0x4E00, 0x4E00 + 3000)]
    rare = ["".join(lot.choices(letters, k=lot.randint(2, 4))) for _ in range(6000)]

    def text() -> str:
        words = (lot.choice(COMMON if lot.random() < 0.3 else rare) for _ in range(250))
        return "".join(word + lot.choice(("の", "を", "は、", "に")) for word in words)

    def one(number: int) -> GrantDetail:
        grant = Grant(
            f"jgrants:{number}", GrantSource.JGRANTS, str(number),
            f"【{lot.choice(PREFECTURES)}】令和{number % 9}年度 {lot.choice(rare)}支援事業補助金",
            number=f"S-{number:08}",
            areas=("全国", *PREFECTURES) if number % 3 == 0 else (lot.choice(PREFECTURES),),
            employees=lot.choice(list(BANDS)), max_limit=lot.choice((None, 500_000, 10_000_000)),
            starts=NOW - timedelta(days=lot.randint(0, 900)),
            ends=NOW + timedelta(hours=lot.randint(-9000, 9000)),
            industries=tuple(lot.sample(list(INDUSTRIES.values()), 3)),
            purposes=(lot.choice(PURPOSES),),
        )  # fmt: skip
        return GrantDetail(grant, body=f"<p>{text()}</p>")

    return [one(number) for number in range(COUNT)]


def _milliseconds(work: Callable[[], object], times: int) -> list[float]:
    spent = []
    for _ in range(times):
        begin = time.perf_counter()
        work()
        spent.append((time.perf_counter() - begin) * 1e3)
    return spent


def _p95(spent: list[float]) -> float:
    return statistics.quantiles(spent, n=20)[-1]


def _search(public: Any, rare: str) -> list[tuple[str, float, str]]:
    from app.domain.grant import GrantQuery

    queries = [GrantQuery(words=word) for word in (*COMMON, "農業 介護", "人材育成 省エネ", rare, rare[:2], "無い言葉")]  # fmt: skip
    queries += [
        GrantQuery(words="農業", areas=("東京都",), open_at=NOW),
        GrantQuery(areas=("大阪府",), employees=12, amount_from=1_000_000, open_at=NOW),
        GrantQuery(words="補助金", industries=("建設業",), deadline_from=NOW),
        GrantQuery(words="ホジョキン"),
        GrantQuery(),
    ]

    def shown(query: Any) -> None:
        public.get_many(public.search(query, 50).keys)

    spent: list[float] = []
    for query in queries:
        shown(query)
        spent += _milliseconds(lambda asked=query: shown(asked), 10)  # type: ignore[misc]
    return [("search and read the first 50, p95", _p95(spent), "<= 50 ms")]


def _against_like(public: Any) -> list[tuple[str, float, str]]:
    """How many times faster than LIKE, the smallest over the common words; both count and give a page."""
    from app.domain.folding import fold
    from app.domain.grant import GrantQuery

    ratios: dict[int, list[float]] = {2: [], 3: []}
    for word in COMMON:
        pattern = f"%{fold(word)}%"

        def like(asked: str = pattern) -> None:
            with public._file.reading() as connection:
                where = "FROM contents JOIN grants g USING (id) WHERE folded LIKE ?"
                connection.execute(f"SELECT count(*) {where}", (asked,)).fetchone()
                order = "ORDER BY g.ends LIMIT 50"
                connection.execute(f"SELECT g.key {where} {order}", (asked,)).fetchall()

        slow = statistics.median(_milliseconds(like, 3))
        query = GrantQuery(words=word)
        fast = statistics.median(
            _milliseconds(lambda asked=query: public.search(asked, 50), 15)  # type: ignore[misc]
        )
        ratios[min(3, len(word))].append(slow / fast)
    return [
        ("search against LIKE, common words of two letters", min(ratios[2]), ">= 30 x"),
        ("search against LIKE, longer common words", min(ratios[3]), ">= 30 x"),
    ]


CHILD = """
import resource, sys, tempfile
from pathlib import Path
from app.domain.clock import system_clock
from app.services.connectors.jgrants import JGrants, jgrants_pace
from app.services.grants.keeping import GrantKeeping
from app.services.wire import Wire
from app.store.public_data import PublicData
folder = Path(sys.argv[2])
public = PublicData(folder / "grants.db")
keep = GrantKeeping(public, JGrants(Wire(practice=True, pace=jgrants_pace()), sys.argv[1]), system_clock)
report = keep.refresh(lambda *_: None, lambda: False)
assert report.fault == "" and report.detailed == 3, report
assert public.detail("jgrants:a0W0").files[0].size > 29_000_000
status = Path("/proc/self/status")
if status.exists():  # ru_maxrss would be that of the parent where it is larger
    print(next(int(line.split()[1]) for line in status.open() if line.startswith("VmHWM")) / 1024)
else:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 / 1024)
"""


def _memory() -> list[tuple[str, float, str]]:
    """MB of a process that refreshes 2,894 records and three details of 40 MB."""
    if sys.platform == "win32":
        return []
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
    from json import dumps
    from threading import Thread

    rows = [{"id": f"a0W{n}", "title": f"支援{n}", "target_area_search": "全国 / 東京都", "acceptance_end_datetime": "2099-01-01T00:00:00.000Z" if n < 3 else "2020-01-01T00:00:00.000Z"} for n in range(2894)]  # fmt: skip
    listed = dumps({"result": rows}).encode()

    class Portal(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            ident = self.path.rsplit("/", 1)[1]
            if "?" in ident:
                parts = [listed]
            else:
                head = dumps({"id": ident, "title": "支援", "application_form": [{"name": "f.pdf", "data": ""}]})  # fmt: skip
                first, last = head.split('"data": "')
                parts = [b'{"result": [' + first.encode() + b'"data": "', *([b"QUJD" * 250_000] * 40), last.encode() + b"]}"]  # fmt: skip
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(sum(map(len, parts))))
            self.end_headers()
            for part in parts:
                self.wfile.write(part)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Portal)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        with tempfile.TemporaryDirectory() as folder:
            base = f"http://127.0.0.1:{server.server_address[1]}/exp"
            done = subprocess.run([sys.executable, "-c", CHILD, base, folder], cwd=ROOT, capture_output=True, text=True, check=True)  # fmt: skip
    finally:
        server.shutdown()
        server.server_close()
    return [("refresh with details of 40 MB, memory", float(done.stdout), "<= 150 MB")]


def measure() -> list[tuple[str, float, str]]:
    """(name, measured, bar)."""
    from app.domain.clock import fixed_clock
    from app.store.public_data import PublicData

    grants = generated()
    with tempfile.TemporaryDirectory() as folder:
        public = PublicData(Path(folder) / "grants.db", fixed_clock(NOW))
        begin = time.process_time()
        public.put([detail.grant for detail in grants], NOW)
        listed = time.process_time() - begin
        begin = time.process_time()
        public.put(grants, NOW)
        detailed = time.process_time() - begin
        rare = grants[7].body[3:6]
        rows = _search(public, rare) + _against_like(public)
        read = _milliseconds(public.grants, 1)[0]
        public.close()
    return [
        *rows,
        ("keep 20,000 list records, processor time", listed, "<= 15 s"),
        ("keep 20,000 details of 3 kB, processor time", detailed, "<= 90 s"),
        ("read 20,000 grants for matching", read, "<= 1000 ms"),
        *_memory(),
    ]
