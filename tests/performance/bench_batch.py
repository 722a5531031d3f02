"""A batch of forty companies of 1,000 people each over real vaults, for `make bench ONLY=egov`.

Made once in a folder of its own: forty vaults and an office file. Measured are the seconds that each
company takes to be prepared and sealed (opened, checked, written, closed again), the last against the
first, and the memory of the process after forty companies against that after three.
"""

from __future__ import annotations

import gc
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from app.bootstrap import House, Places
from app.domain.clock import fixed_clock
from app.facts.record import Origin, Record
from app.services.companies import CompanyCard
from app.services.office.batch import Batch
from app.services.office.batch_rows import BatchRow, BatchState
from app.services.office.joining import batch_parts_of
from app.services.social.insurer import REGULAR
from app.store import key_file
from app.store.key_file import create_key_file
from app.store.meta import Meta
from app.store.office_file import OfficeCompany
from app.store.records import Records
from app.store.slots import Cost
from app.store.vault import Vault
from tests.performance.bench_egov import NOW, ROOT, forget, made_records
from tests.services.office_town import COMPANY, names, number_of

COMPANIES, PEOPLE, WARM = 40, 1_000, 3
_CHEAP = Cost(memory_kib=64, passes=1, lanes=1)


def _resident() -> float:
    """Resident megabytes of this process now; 0 where the system does not tell."""
    try:
        text = Path("/proc/self/status").read_text("ascii")
    except OSError:
        return 0.0
    line = next(line for line in text.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) / 1024


class Office:
    """Forty vaults behind an office file, in a folder that goes away afterwards."""

    def __init__(self, folder: Path) -> None:
        clock = fixed_clock(NOW)
        self.house = House(
            ROOT / "resources", Places(folder, folder / "s.json", folder / "p.toml"), clock
        )
        real = key_file.create_key_file

        def cheap(*args: Any, **more: Any) -> Any:
            return real(*args, **{**more, "cost": _CHEAP})

        import app.store.office_file as office_file

        office_file.create_key_file = cheap  # type: ignore[attr-defined]
        (folder / "companies").mkdir(parents=True)
        self.office = self.house.offices.create("計測", "a long passphrase", practice=True).office
        for place, name in enumerate(names(COMPANIES)):
            self._company(folder / "companies", place, name)
        self.office.profile.keep_proof("代行.pdf", b"%PDF-1.7 proof")

    def _company(self, folder: Path, place: int, name: str) -> None:
        clock, number = self.house.clock, number_of(place)
        path = folder / f"practice-{number}.vault"
        key, _ = create_key_file(path, "a passphrase", practice=True, clock=clock, cost=_CHEAP)
        vault = Vault.create(
            path, key, practice=True, migrations=ROOT / "resources" / "migrations", clock=clock
        )
        told = COMPANY | {"company.name": name, "company.corporate_number": number}
        facts = [Record(p, v, Origin.BOOKS, NOW, str(v)) for p, v in told.items()]
        Records(vault).append([*facts, *made_records(PEOPLE, place * PEOPLE)])
        Meta(vault).set("social:since", date(2026, 6, 1).isoformat())
        card = CompanyCard(path, name, number, "渋谷区", "ai", name[:1], True)
        self.house.companies.remember(card)
        company = OfficeCompany(
            vault.id, path.name, name, number, "渋谷区", "ai", name[:1], clock()
        )
        self.office.file.add(company, key)
        vault.close(back_up=False)


def _timed(step: Callable[..., list[BatchRow]]) -> tuple[list[float], list[float]]:
    """Seconds of each company, and resident megabytes after each."""
    seconds: list[float] = []
    memory: list[float] = []
    started = time.process_time()

    def told(_done: int, _count: int, _row: BatchRow) -> None:
        nonlocal started
        now = time.process_time()
        seconds.append(now - started)
        memory.append(_resident())
        forget()  # every company has people of its own
        started = time.process_time()

    step(told=told)
    return seconds, memory


def measure() -> list[tuple[str, float, str]]:
    """(name, measured, bar) of a batch of forty companies."""
    with tempfile.TemporaryDirectory() as folder:
        made = Office(Path(folder) / "home")
        parts = batch_parts_of(made.house)
        ids = [c.vault_id for c in made.office.companies()]
        batch = Batch.begin(made.office, parts, REGULAR, ids)
        gc.collect()
        checked, memory = _timed(batch.prepare)
        wrong = [r for r in batch.rows if r.state is not BatchState.READY or r.people != PEOPLE]
        if wrong:
            raise AssertionError(f"not ready: {wrong[0].word} {wrong[0].people} {wrong[0].reasons}")
        sealed, more = _timed(batch.seal)
        left = [r for r in batch.rows if r.state is not BatchState.SEALED]
        if left:
            raise AssertionError(f"not sealed: {left[0].word} {left[0].reasons}")
        made.office.lock()
    first, last = checked[1 : 1 + WARM], checked[-WARM:]
    held = [*memory[WARM:], *more[WARM:]]
    base = memory[WARM - 1] or 1.0
    return [
        (f"batch: {COMPANIES * PEOPLE} people prepared, s each company", statistics.median(checked), "<= 4 s"),
        ("batch: the last companies against the first", statistics.median(last) / statistics.median(first), "<= 1.5 x"),
        (f"batch: {COMPANIES * PEOPLE} people sealed, s each company", statistics.median(sealed), "<= 10 s"),
        ("batch: sealing, the last companies against the first", statistics.median(sealed[-WARM:]) / statistics.median(sealed[1 : 1 + WARM]), "<= 1.5 x"),
        (f"batch: memory after {COMPANIES} companies prepared against {WARM}", memory[-1] / base, "<= 1.2 x"),
        ("batch: most memory while sealing against three prepared", max(held) / base, "<= 2 x"),
    ]  # fmt: skip
