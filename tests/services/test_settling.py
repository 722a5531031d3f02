"""What makes a case in e-Gov's list ours: each mark alone is enough to leave it out.

The door is a list here, so that every mark can be tried by itself; against the town, whose ledger
is the judge, the same is done whole in test_outbox_faults.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.domain.errors import Known, NoAnswer, VaultFault
from app.domain.filing import Stage
from app.services.sending import CLOCK_SKEW, LIST_LAG, SEND_LIMIT, Contents, Sending
from app.store.disclosures import Disclosures
from app.store.filings import Filings
from app.store.key import VaultKey
from app.store.rows import NewEvent
from app.store.vault import Vault
from tests.store.store_parts import MIGRATIONS, NOON, SENDING, filing

PROC, TITLE, FORM = "4950000020325000", "雇用保険被保険者資格取得届", "495000020325029841"
CONTENTS = Contents(PROC, TITLE, "みなと製菓株式会社", "山本　湊", ((FORM, "0003"),))


@dataclass(frozen=True)
class Listed:
    """A case as the list shows it."""

    arrive_id: str = "9002026000000001"
    arrived_at: datetime | None = NOON
    proc_name: str = TITLE
    corporation_name: str = "みなと製菓株式会社"
    applicant_name: str = "山本　湊"


@dataclass
class SilentDoor:
    """A door that takes what is sent, answers nothing, and lists what it is told to."""

    cases_: list[Listed] = field(default_factory=list)
    offered: tuple[str, str] = (FORM, "0003")
    sent: int = 0

    def cases(self, *days: Any) -> list[Listed]:
        return list(self.cases_)

    def procedure(self, proc_id: str) -> Any:
        form_id, version = self.offered
        form = type("Form", (), {"form_id": form_id, "form_version": version})
        return type("Skeleton", (), {"forms": (form,)})

    def apply(self, *package: Any) -> Any:
        self.sent += 1
        raise NoAnswer("answer-lost", "答えが返ってきませんでした。")


@dataclass
class Bench:
    """An outbox before a silent door, with a clock that stands."""

    sending: Sending
    filings: Filings
    disclosures: Disclosures
    door: SilentDoor
    now: datetime = NOON

    def lost(self) -> str:
        """A filing whose answer was lost at noon; then the list has had its time."""
        filing_id = self.filings.seal(filing())
        assert self.sending.send(filing_id).stage is Stage.UNKNOWN
        self.now = NOON + LIST_LAG
        return filing_id


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made: list[Bench] = []

    def clock() -> datetime:
        return made[0].now if made else NOON

    vault = Vault.create(
        tmp_path / "x.vault", VaultKey.generate(), practice=True, migrations=MIGRATIONS,
        clock=clock, place="local",
    )  # fmt: skip
    filings, disclosures, door = Filings(vault), Disclosures(vault), SilentDoor()
    sending = Sending(filings, disclosures, lambda: door, lambda _: CONTENTS, clock)  # type: ignore[arg-type,return-value]
    made.append(Bench(sending, filings, disclosures, door))
    yield made[0]
    vault.close(back_up=False)


def test_the_one_new_case_settles_it(bench: Bench) -> None:
    filing_id = bench.lost()
    bench.door.cases_ = [Listed()]
    assert bench.sending.settle(filing_id).settled
    row = bench.filings.get(filing_id)
    assert (row.stage, row.receipt_number) == (Stage.ACCEPTED, "9002026000000001")
    assert bench.door.sent == 1


@pytest.mark.parametrize("at", [NOON - CLOCK_SKEW, NOON + CLOCK_SKEW])
def test_clocks_may_differ_by_three_minutes(bench: Bench, at: datetime) -> None:
    filing_id = bench.lost()
    bench.door.cases_ = [Listed(arrived_at=at)]
    assert bench.sending.settle(filing_id).settled


@pytest.mark.parametrize(
    "other",
    [
        {"arrived_at": NOON - CLOCK_SKEW - timedelta(seconds=1)},
        {"arrived_at": NOON + CLOCK_SKEW + timedelta(seconds=1)},
        {"arrived_at": None},
        {"proc_name": "雇用保険被保険者資格喪失届"},
        {"corporation_name": "海風建設株式会社"},
        {"applicant_name": "海野　風子"},
    ],
    ids=lambda other: next(iter(other)),
)
def test_one_mark_that_differs_is_enough(bench: Bench, other: dict[str, Any]) -> None:
    filing_id = bench.lost()
    bench.door.cases_ = [replace(Listed(), **other)]
    found = bench.sending.settle(filing_id)
    assert (found.settled, found.candidates) == (False, ())
    assert bench.filings.get(filing_id).stage is Stage.UNKNOWN


def test_a_name_the_list_does_not_tell_does_not_speak_against_it(bench: Bench) -> None:
    filing_id = bench.lost()
    bench.door.cases_ = [Listed(proc_name="", corporation_name="", applicant_name="")]
    assert bench.sending.settle(filing_id).settled


def test_what_was_listed_before_sending_is_never_ours(bench: Bench) -> None:
    bench.door.cases_ = [Listed()]
    filing_id = bench.lost()
    assert bench.sending.settle(filing_id).candidates == ()


def test_the_receipt_of_another_filing_is_never_ours(bench: Bench) -> None:
    other = bench.filings.seal(filing(1, account="another"))
    bench.filings.move(other, Stage.SENDING, SENDING)
    filing_id = bench.lost()
    bench.filings.store_receipt(
        other, "9002026000000001", receipt_at=NOON, event=NewEvent("accepted", "到達")
    )
    bench.door.cases_ = [Listed()]
    assert bench.sending.settle(filing_id).candidates == ()


def test_an_answer_that_took_long_to_fail_does_not_widen_the_window(bench: Bench) -> None:
    """The call is given up after `SEND_LIMIT`: a case that arrived later is not ours."""
    filing_id = bench.filings.seal(filing())
    bench.filings.begin_sending(filing_id, [], SENDING)
    bench.now = NOON + timedelta(hours=3)
    assert bench.sending.recover() == (filing_id,)
    late = NOON + SEND_LIMIT + CLOCK_SKEW + timedelta(seconds=1)
    bench.door.cases_ = [Listed(arrived_at=late)]
    assert bench.sending.settle(filing_id).candidates == ()
    bench.door.cases_ = [Listed(arrived_at=late - timedelta(seconds=1))]
    assert bench.sending.settle(filing_id).settled


def test_too_early_the_program_only_shows_and_a_person_may_not_set_it_free(bench: Bench) -> None:
    filing_id = bench.lost()
    bench.now = NOON + LIST_LAG - timedelta(seconds=1)
    with pytest.raises(Known, match="6分"):
        bench.sending.decide(filing_id, None, "山本")
    bench.door.cases_ = [Listed()]
    found = bench.sending.settle(filing_id)
    assert (found.settled, len(found.candidates)) == (False, 1)
    assert found.ask_again_at == NOON + LIST_LAG


def test_what_may_have_left_is_disclosed(bench: Bench) -> None:
    filing_id = bench.lost()
    (told,) = bench.disclosures.list()
    assert (told.filing_id, told.door, told.paths) == (filing_id, "egov", ("employees[k3x9].name",))


def test_another_edition_is_not_sent(bench: Bench) -> None:
    filing_id = bench.filings.seal(filing())
    bench.door.offered = (FORM, "0004")
    with pytest.raises(Known, match="様式の版が変わりました"):
        bench.sending.send(filing_id)
    assert (bench.filings.get(filing_id).stage, bench.door.sent) == (Stage.READY, 0)


def test_an_envelope_that_is_not_the_sealed_one_is_not_sent(bench: Bench) -> None:
    """Were the store to hand out other bytes, the outbox itself would still refuse them."""
    filing_id = bench.filings.seal(filing())
    bench.filings.envelope = lambda _: b"another"  # type: ignore[method-assign]
    with pytest.raises(VaultFault, match="封をしたファイルが変わっています"):
        bench.sending.send(filing_id)
    assert bench.door.sent == 0


def test_what_is_under_way_is_not_taken_for_left_over(bench: Bench) -> None:
    """A second look at the outbox while the call is out must not make it unknown."""
    filing_id = bench.filings.seal(filing())
    seen: list[tuple[str, ...]] = []

    def apply(*package: Any) -> Any:
        seen.append(bench.sending.recover())
        assert bench.sending.busy
        raise NoAnswer("answer-lost", "答えが返ってきませんでした。")

    bench.door.apply = apply  # type: ignore[method-assign]
    bench.sending.send(filing_id)
    assert seen == [()]
    assert not bench.sending.busy
