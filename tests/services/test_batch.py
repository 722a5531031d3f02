"""A batch: one company's trouble stops no other, it goes on after a kill, nobody is told twice."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from app.domain.filing import Stage
from app.services.office.batch import Batch
from app.services.office.batch_rows import BatchRow, BatchState, totals
from app.services.social.insurer import ACQUISITION, BONUS, REGULAR
from app.store.filings import Filings
from tests.sandbox.town_process import TownProcess
from tests.services.office_town import OFFICE_WORDS, OfficeInTown, cheaper, names
from tests.services.social_town import WHO

AFTER_LAG = 6 * 60 + 150
pytestmark = pytest.mark.timeout(600)


@pytest.fixture
def five(
    town: TownProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[OfficeInTown]:
    cheaper(monkeypatch)
    opened = OfficeInTown(tmp_path / "home", town, names(5))
    yield opened
    opened.close()


def state(batch: Batch) -> list[BatchState]:
    return [row.state for row in batch.rows]


def test_wrong_facts_a_damaged_vault_and_a_refusal_stop_nothing_else(five: OfficeInTown) -> None:
    wrong, damaged, missing, refused, good = five.vault_ids
    with five.office.company(wrong) as held:
        five.tell(held.vault, {"employees[e1].given_name": "①太"})
    path = five.path_of(damaged)
    content = bytearray(path.read_bytes())
    content[5000:9000] = os.urandom(4000)
    path.write_bytes(content)
    path.with_name(path.name + "-wal").unlink(missing_ok=True)
    five.path_of(missing).rename(five.folder / "elsewhere")
    heard: list[tuple[int, int, str]] = []
    batch = five.batch(REGULAR)
    batch.prepare(told=lambda done, count, row: heard.append((done, count, row.word)))
    assert [h[:2] for h in heard] == [(n, 5) for n in range(1, 6)]
    assert state(batch) == [
        BatchState.FAULTS, BatchState.FAILED, BatchState.FAILED, BatchState.READY, BatchState.READY,
    ]  # fmt: skip
    said = [" ".join(row.reasons) for row in batch.rows]
    assert "①" in said[0]
    assert "傷んで" in said[1]
    assert "見つかりません" in said[2]
    batch.seal()
    with five.office.company(refused) as held:  # sealed well, refused by the door
        (filing,) = Filings(held.vault).list()
        assert filing.stage is Stage.READY
    five.town.weather("error_500", match="GET */procedure/*")
    batch.send([refused])
    assert batch.row(refused).state is BatchState.SEALED, "not sent, and said so"
    assert batch.row(refused).reasons
    batch.send()
    assert state(batch)[3:] == [BatchState.SENT, BatchState.SENT]
    assert sum(map(len, five.arrivals().values())) == 2
    counted = totals(batch.rows)
    assert (counted.companies, counted.of(BatchState.SENT), counted.of(BatchState.FAILED)) == (
        5, 2, 2,
    )  # fmt: skip
    assert good in {row.vault_id for row in batch.rows}


def test_one_is_put_right_and_goes_out_with_the_same_batch(five: OfficeInTown) -> None:
    first = five.vault_ids[0]
    with five.office.company(first) as held:
        five.tell(held.vault, {"employees[e1].given_name": "①太"})
    batch = five.batch(REGULAR)
    batch.prepare()
    batch.seal()
    batch.send()
    assert state(batch) == [BatchState.FAULTS] + [BatchState.SENT] * 4
    with five.office.company(first) as held:
        five.tell(held.vault, {"employees[e1].given_name": "太郎"})
    again = Batch.resume(five.office, five.parts, batch.head.id)
    assert again is not None
    for step in (again.prepare, again.seal, again.send):
        step([first])
    assert state(again) == [BatchState.SENT] * 5
    assert {len(numbers) for numbers in five.arrivals().values()} == {1}


def test_who_needs_a_my_number_is_told_and_the_others_go_out(five: OfficeInTown) -> None:
    """個人番号 are asked for in the company's own page only, at sealing; a batch holds none."""
    joined = WHO | {
        "social_insurance.acquired_on": date(2026, 9, 1), "social_insurance.number": "",
        "social_insurance.expected_monthly": 260_000, "hired_on": date(2026, 9, 1),
    }  # fmt: skip
    for place, vault_id in enumerate(five.vault_ids[:2]):
        facts = dict(joined)
        if place == 0:
            del facts["pension_number"]
        with five.office.company(vault_id) as held:
            five.tell(held.vault, {f"employees[n1].{leaf}": v for leaf, v in facts.items()})
    batch = five.batch(ACQUISITION, five.vault_ids[:2])
    for step in (batch.prepare, batch.seal, batch.send):
        step()
    first, second = batch.rows
    assert (first.state, first.filings) == (BatchState.FAULTS, ())
    assert "個人番号" in " ".join(first.reasons)
    assert second.state is BatchState.SENT, second.reasons
    assert sum(map(len, five.arrivals().values())) == 1


def test_a_form_nobody_needs_says_so_and_a_stop_is_heeded(five: OfficeInTown) -> None:
    batch = five.batch(BONUS)
    batch.prepare()
    assert set(state(batch)) == {BatchState.NOTHING}
    batch = five.batch(REGULAR)
    seen: list[BatchRow] = []
    batch.prepare(told=lambda _d, _c, row: seen.append(row), stop=lambda: len(seen) >= 2)
    assert [s is BatchState.READY for s in state(batch)] == [True, True, False, False, False]


def test_a_fault_of_ours_in_one_company_is_told_and_stops_nothing(
    five: OfficeInTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = five.batch(REGULAR)
    real = Batch._prepared
    third = five.vault_ids[2]

    def broken(self: Batch, row: BatchRow, held: object) -> BatchRow:
        if row.vault_id == third:
            raise ZeroDivisionError
        return real(self, row, held)  # type: ignore[arg-type]

    monkeypatch.setattr(Batch, "_prepared", broken)
    batch.prepare()
    assert state(batch).count(BatchState.READY) == 4
    assert batch.row(third).state is BatchState.FAILED
    assert "一度の側" in batch.row(third).reasons[0]


def test_companies_of_one_name_are_never_settled_by_the_program(
    town: TownProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The office's account lists both; the answer of the first is lost, the second arrives."""
    cheaper(monkeypatch)
    office = OfficeInTown(tmp_path / "home", town, ["青葉商店", "青葉商店"])
    first, second = office.vault_ids
    batch = office.batch(REGULAR)
    batch.prepare()
    batch.seal()
    town.weather("reset_before", match="POST */apply")
    batch.send([first])
    assert batch.row(first).state is BatchState.UNKNOWN
    batch.send([second])
    assert batch.row(second).state is BatchState.SENT
    office.pass_time(AFTER_LAG)
    batch.send([first])
    assert batch.row(first).state is BatchState.UNKNOWN, (
        "the other's number is not taken for its own"
    )
    assert batch.row(first).arrivals == ("",)
    office.close()


@pytest.mark.kill
def test_a_killed_batch_goes_on_and_files_once(five: OfficeInTown) -> None:
    """The process dies at random moments of sealing and sending; a new one takes the batch up."""
    dice = random.Random(5)
    batch_id = five.batch(REGULAR).head.id
    five.office.lock()
    for _ in range(6):
        context = multiprocessing.get_context("fork")
        child = context.Process(target=_work_in_child, args=(five, batch_id))
        child.start()
        child.join(dice.uniform(0.3, 2.0))
        if child.pid is not None and child.is_alive():
            os.kill(child.pid, signal.SIGKILL)
        child.join()
    time.sleep(0.2)
    five.office = five.house.offices.open(five.house.offices.cards()[0], OFFICE_WORDS)
    batch = Batch.resume(five.office, five.parts, batch_id)
    assert batch is not None
    for step in (batch.prepare, batch.seal, batch.send):
        step()
    five.pass_time(AFTER_LAG)
    batch.send()
    for row in batch.rows:
        if row.state is BatchState.UNKNOWN:  # it never left the house: the list says so
            with five.office.company(row.vault_id) as held:
                held.doors.decide(row.filings[0], None, "社労")
    batch.send()
    assert set(state(batch)) == {BatchState.SENT}
    assert five.arrivals() == {row.name: list(row.arrivals) for row in batch.rows}
    assert {len(numbers) for numbers in five.arrivals().values()} == {1}


def _work_in_child(five: OfficeInTown, batch_id: str) -> None:
    five.office = five.house.offices.open(five.house.offices.cards()[0], OFFICE_WORDS)
    batch = Batch.resume(five.office, five.parts, batch_id)
    assert batch is not None
    for step in (batch.prepare, batch.seal, batch.send):
        step()
    os._exit(0)
