"""Filings: sealed for good, one in flight, receipt and move together, events that chain."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlcipher3 import dbapi2
from store_parts import MIGRATIONS, NOON, SENDING, House, filing

from app.domain.canonical import CHAIN_START, chain_next, salted_digest
from app.domain.errors import VaultFault
from app.domain.filing import MOVES, Capacity, IllegalMove, Stage
from app.store.filings import Filings
from app.store.rows import FilingRow, NewEvent

ARRIVED = NewEvent("arrived", "届きました")


def receive(filings: Filings, ident: str, number: str = "202607030001") -> FilingRow:
    return filings.store_receipt(
        ident,
        number,
        receipt_at=NOON,
        event=ARRIVED,
        receipt={"arrive_id": number, "arrive_date": "2026-07-03"},
        door_status="到達",
    )


def test_sealed_is_kept_exactly(house: House) -> None:
    filings = Filings(house.vault)
    new = filing()
    ident = filings.seal(new)
    row = Filings(house.reopened()).get(ident)
    for name in ("draft_id", "door", "capacity", "title", "sha256", "sealed_at", "twin_key"):
        assert getattr(row, name) == getattr(new, name)
    assert list(row.facts) == new.facts
    assert row.stage is Stage.READY
    assert row.practice
    filings = Filings(house.vault)
    assert filings.envelope(ident) == new.envelope
    (event,) = filings.events(ident)
    assert event.kind == "sealed"
    assert event.data["seal"] == salted_digest(row.seal_salt, row.sealed())
    assert event.chain == chain_next(CHAIN_START, event.digest)
    assert filings.verify_chain(ident) == event.chain


def test_what_does_not_fit_is_not_sealed(house: House) -> None:
    filings = Filings(house.vault)
    with pytest.raises(ValueError, match="sha256"):
        filings.seal(replace(filing(), envelope=b"other"))
    with pytest.raises(ValueError, match="mark"):
        filings.seal(filing(practice=False))
    assert filings.list() == []


def test_receipt_move_and_event_are_one(house: House) -> None:
    filings = Filings(house.vault)
    ident = filings.seal(filing())
    with pytest.raises(IllegalMove):
        receive(filings, ident)
    filings.begin_sending(ident, ["A1", "A2", "A1"], SENDING)
    assert filings.listed_before(ident) == {"A1", "A2"}
    row = receive(filings, ident)
    assert (row.stage, row.receipt_number, row.door_status) == (
        Stage.ACCEPTED,
        "202607030001",
        "到達",
    )
    assert row.receipt_at == NOON
    assert filings.receipt_numbers("egov") == {"202607030001"}
    assert [e.kind for e in filings.events(ident)] == ["sealed", "sending", "arrived"]
    filings.add_event(ident, NewEvent("status", "審査中", data={"n": 1}), door_status="審査中")
    assert filings.get(ident).door_status == "審査中"
    filings.move(ident, Stage.ENDED, NewEvent("ended", "手続終了"))
    assert filings.verify_chain(ident) == filings.events(ident)[-1].chain
    with pytest.raises(IllegalMove):
        receive(filings, ident)


def test_accepted_without_a_receipt_is_refused(house: House) -> None:
    filings = Filings(house.vault)
    ident = filings.seal(filing())
    filings.move(ident, Stage.SENDING, SENDING)
    with pytest.raises(dbapi2.IntegrityError, match="receipt"):
        filings.move(ident, Stage.ACCEPTED, ARRIVED)
    assert filings.get(ident).stage is Stage.SENDING
    assert len(filings.events(ident)) == 2


def test_one_of_twins_is_in_flight(house: House) -> None:
    filings = Filings(house.vault)
    first, twin = filings.seal(filing(1)), filings.seal(filing(2))
    other = filings.seal(filing(3, account="another"))
    where = ("acct", "1180301018771", "mhlw/koyou_hoken_shikaku_shutoku")
    assert filings.in_flight(*where) is None
    filings.begin_sending(first, [], SENDING)
    for stage in (Stage.SENDING, Stage.UNKNOWN):
        if stage is Stage.UNKNOWN:
            filings.move(first, stage, NewEvent("unknown", "届いたか分かりません"))
        flying = filings.in_flight(*where)
        assert flying is not None
        assert flying.id == first
        with pytest.raises(VaultFault, match="twin_in_flight"):
            filings.begin_sending(twin, ["X"], SENDING)
        assert filings.get(twin).stage is Stage.READY
        assert filings.listed_before(twin) == frozenset()
        assert len(filings.events(twin)) == 1
    filings.begin_sending(other, [], SENDING)
    receive(filings, first)
    filings.begin_sending(twin, ["202607030001"], SENDING)
    with pytest.raises(VaultFault, match="receipt_taken"):
        receive(filings, twin)
    assert filings.get(twin).stage is Stage.SENDING
    receive(filings, twin, "202607030002")


def test_sql_knows_the_same_moves_as_the_domain(house: House) -> None:
    """The trigger and domain.filing.MOVES are two writings of one rule."""
    filings = Filings(house.vault)
    for n, (now, then) in enumerate((a, b) for a in Stage for b in Stage if a is not b):
        ident = filings.seal(filing(n, account=f"acct{n}"))
        with house.vault.write() as connection:
            connection.execute("DROP TRIGGER filings_move")
            connection.execute(
                "UPDATE filings SET receipt_number = ?, stage = ? WHERE id = ?",
                (f"R{n}", now.value, ident),
            )
            sql = next(
                part + " END;"
                for part in (_schema()).split(" END;")
                if "CREATE TRIGGER filings_move " in part
            )
            connection.execute(sql[sql.index("CREATE TRIGGER filings_move") :])
            move = ("UPDATE filings SET stage = ? WHERE id = ?", (then.value, ident))
            if then in MOVES[now]:
                connection.execute(*move)
            else:
                with pytest.raises(dbapi2.IntegrityError, match="does not move so"):
                    connection.execute(*move)


def _schema() -> str:
    return (MIGRATIONS / "0001_vault.sql").read_text("utf-8")


# fmt: off
SEALED = [
    "id", "draft_id", "procedure_id", "edition", "door", "company_name", "corporate_number",
    "account_id", "capacity", "subject", "title", "facts", "envelope_name", "envelope_size",
    "sha256", "sealed_at", "practice", "twin_key", "record_head", "seal_salt",
]
# fmt: on


@pytest.mark.parametrize(
    "statement",
    [
        *(f"UPDATE filings SET {column} = {column}" for column in SEALED),
        "DELETE FROM filings",
        "INSERT OR REPLACE INTO filings SELECT * FROM filings",
        "UPDATE filings SET receipt_number = 'other'",
        "UPDATE filings SET receipt = '{}'",
        "UPDATE envelopes SET content = x'00'",
        "DELETE FROM envelopes",
        "INSERT OR REPLACE INTO envelopes SELECT filing_id, x'00' FROM envelopes",
        "UPDATE filing_events SET note = 'x'",
        "DELETE FROM filing_events WHERE n = 2",
        "INSERT INTO filing_events SELECT filing_id, 9, at, kind, title, note, data, salt, digest,"
        " chain FROM filing_events WHERE n = 1",
        "INSERT OR REPLACE INTO filing_events SELECT * FROM filing_events WHERE n = 1",
        "UPDATE known_before SET receipt_number = 'x'",
        "DELETE FROM known_before",
    ],
)
def test_sql_refuses_to_touch_what_is_sealed(house: House, statement: str) -> None:
    filings = Filings(house.vault)
    ident = filings.seal(filing())
    filings.begin_sending(ident, ["A1"], SENDING)
    receive(filings, ident)
    head = filings.verify_chain(ident)
    with pytest.raises(dbapi2.IntegrityError), house.vault.write() as connection:
        connection.execute(statement)
    assert filings.verify_chain(ident) == head


@pytest.mark.parametrize(
    ("trigger", "tampering"),
    [
        ("filings_sealed", "UPDATE filings SET title = 'ほかの届'"),
        ("filings_sealed", "UPDATE filings SET facts = '[]'"),
        ("filings_receipt", "UPDATE filings SET receipt_number = 'X9'"),
        ("filings_receipt", "UPDATE filings SET receipt = '{\"a\":1}'"),
        ("filings_receipt", "UPDATE filings SET receipt_at = '2020-01-01T00:00:00+09:00'"),
        ("envelopes_stay", "UPDATE envelopes SET content = x'504b'"),
        ("filing_events_stay", "UPDATE filing_events SET note = 'x' WHERE n = 2"),
        ("filing_events_stay", "UPDATE filing_events SET at = '2020-01-01T00:00:00+09:00'"),
        ("filing_events_kept", "DELETE FROM filing_events WHERE n = 2"),
        ("filing_events_kept", "DELETE FROM filing_events"),
    ],
)
def test_who_takes_a_trigger_away_is_seen(house: House, trigger: str, tampering: str) -> None:
    filings = Filings(house.vault)
    ident = filings.seal(filing())
    filings.begin_sending(ident, ["A1"], SENDING)
    receive(filings, ident)
    with house.vault.write() as connection:
        connection.execute(f"DROP TRIGGER {trigger}")
        connection.execute(tampering)
    with pytest.raises(VaultFault, match="filing_altered"):
        filings.verify_chain(ident)


def test_lists_and_unknown_ids(house: House) -> None:
    filings = Filings(house.vault)
    ids = [filings.seal(filing(n, account=str(n))) for n in range(3)]
    filings.move(ids[0], Stage.WITHDRAWN, NewEvent("withdrawn", "取りやめました"))
    assert [row.id for row in filings.list()] == ids[::-1]
    assert [row.id for row in filings.list(Stage.READY)] == ids[:0:-1]
    for call in (filings.get, filings.envelope, filings.events, filings.verify_chain):
        with pytest.raises(VaultFault, match="not_found"):
            call("none")
    with pytest.raises(VaultFault, match="not_found"):
        filings.known_before("none", ["a"])
    with pytest.raises(VaultFault, match="not_found"):
        filings.add_event("none", ARRIVED)


def test_a_role_nobody_knows_is_an_altered_filing(house: House) -> None:
    filings = Filings(house.vault)
    ident = filings.seal(filing())
    assert filings.get(ident).capacity is Capacity.HONNIN
    with house.vault.write() as connection:
        connection.execute("DROP TRIGGER filings_sealed")
        connection.execute("UPDATE filings SET capacity = '代理'")
    for look in (filings.get, filings.verify_chain):
        with pytest.raises(VaultFault, match="filing_altered"):
            look(ident)
