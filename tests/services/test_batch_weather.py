"""Weather in the middle of a batch of forty companies: the town's own ledger is the judge.

Time-outs, 500s, answers lost after acceptance, a list that lags, a revoked token; then the batch is
taken up again until nothing is left, and every company has exactly one 到達番号. `make soak` lets
twenty such storms come.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.filing import Capacity, Stage
from app.services.office.batch import Batch
from app.services.office.batch_rows import BatchRow, BatchState, totals
from app.services.social.insurer import REGULAR
from app.services.wire import client as wire_client
from app.store.filings import Filings
from tests.sandbox.town_process import TownProcess
from tests.services.office_town import OfficeInTown, cheaper, names

COMPANIES = 40
STORMS = int(os.environ.get("ICHIDO_STORMS", "1"))
AFTER_LAG = 6 * 60 + 150
WEATHER = (
    "answer_lost", "error_500", "reset_before", "accepted_no_answer", "no_answer", "error_503",
    "malformed_json", "truncated_body", "token_revoked", "rate_limited",
)  # fmt: skip
pytestmark = pytest.mark.timeout(900)


@pytest.fixture
def forty(
    town: TownProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[OfficeInTown]:
    """Forty small companies; who waits for an answer gives up after two seconds."""
    cheaper(monkeypatch)
    default = wire_client.Timeouts()
    quick = replace(default, read=2.0, whole=4.0)
    monkeypatch.setattr(wire_client, "Timeouts", lambda: quick)
    opened = OfficeInTown(tmp_path / "home", town, names(COMPANIES))
    yield opened
    opened.close()


class Storm:
    """Calls down something for most companies, just before their turn."""

    def __init__(self, office: OfficeInTown, seed: int) -> None:
        self._office = office
        self._dice = random.Random(seed)
        self.came: list[str] = []

    def __call__(self, done: int, count: int, row: BatchRow) -> None:
        """Told after a company: the weather for the next one."""
        if done == count or self._dice.random() < 0.25:
            return
        kind = WEATHER[len(self.came) % len(WEATHER)]
        self.came.append(kind)
        self._office.town.weather(kind, match="POST */apply")


def run_out(office: OfficeInTown, batch: Batch, rounds: int = 8) -> Batch:
    """Signs in where that ended, lets the list's lag pass and goes on, as a person would."""
    for _ in range(rounds):
        if all(row.state is BatchState.SENT for row in batch.rows):
            return batch
        office.pass_time(AFTER_LAG)
        batch.send()
        free_what_never_arrived(office, batch)
    return batch


def free_what_never_arrived(office: OfficeInTown, batch: Batch) -> None:
    """A person's decision, which the door's list must allow: this filing never arrived."""
    for row in batch.rows:
        if row.state is BatchState.UNKNOWN:
            with office.office.company(row.vault_id) as held:
                filings = Filings(held.vault)
                for filing_id in row.filings:
                    if filings.get(filing_id).stage is Stage.UNKNOWN:
                        held.doors.settle(filing_id)
                        if filings.get(filing_id).stage is Stage.UNKNOWN:
                            held.doors.decide(filing_id, None, "社労")


@pytest.mark.parametrize("seed", range(20261124, 20261124 + STORMS))
def test_forty_companies_each_have_exactly_one_arrival_number(
    forty: OfficeInTown, seed: int
) -> None:
    batch = forty.batch(REGULAR)
    assert {row.state for row in batch.prepare()} == {BatchState.READY}
    assert {row.state for row in batch.seal()} == {BatchState.SEALED}
    assert forty.arrivals() == {}, "nothing leaves before it is sent"
    storm = Storm(forty, seed)
    batch.send(told=storm)
    for _ in range(6):
        if not batch.halted:
            break
        assert "サインイン" in batch.halted
        forty.sign_in()
        left = [r.vault_id for r in batch.rows if r.state is BatchState.SEALED]
        batch.send(left, told=storm)
    assert set(WEATHER) <= set(storm.came), "every kind of weather came"
    counted = totals(batch.rows)
    assert counted.of(BatchState.UNKNOWN) > 5, "many answers were lost"
    assert counted.of(BatchState.SENT) > 5, "and many companies were not touched by it"
    assert all(len(numbers) == 1 for numbers in forty.arrivals().values())

    batch = run_out(forty, batch)
    assert [row.state for row in batch.rows] == [BatchState.SENT] * COMPANIES
    judged = forty.arrivals()
    assert {row.name: list(row.arrivals) for row in batch.rows} == judged
    assert len(judged) == COMPANIES
    assert all(len(numbers) == 1 for numbers in judged.values())
    for row in batch.rows:
        with forty.office.company(row.vault_id) as held:
            (kept,) = Filings(held.vault).list()
        assert kept.receipt_number == row.arrivals[0]
        assert (kept.company_name, kept.capacity) == (row.name, Capacity.TEISHUTSU_DAIKO)
        assert kept.account_id == forty.office.account.account_id
    assert batch._store.get(batch.head.id).ended_at is not None
    again = forty.batch(REGULAR)
    assert {row.state for row in again.prepare()} == {BatchState.NOTHING}, "nobody is told twice"
    again.seal()
    again.send()
    assert forty.arrivals() == judged
