"""The log of records: added only, chained, erasable with a tombstone."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlcipher3 import dbapi2
from store_parts import NAME, NOON, House, employee_record, found_in, record

from app.domain.canonical import CHAIN_START, chain_next
from app.domain.errors import VaultFault
from app.facts.record import BLANK, Origin, Record, Value
from app.store.records import Records

VALUES = st.one_of(
    st.text(max_size=40),
    st.integers(-(2**70), 2**70),
    st.booleans(),
    st.dates(),
    st.fractions(),
    st.just(BLANK),
)


@settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(st.tuples(st.text(max_size=20), VALUES), max_size=6))
def test_what_is_added_comes_back_the_same(house: House, said: list[tuple[str, Value]]) -> None:
    records = Records(house.vault)
    before = records.all()
    new = [
        Record(path, value, Origin.BOOKS, NOON, source_text=path, valid_to=date(2026, 1, 1))
        for path, value in said
    ]
    records.append(new)
    assert records.all() == before + new
    assert records.verify_chain() == records.head()


def test_the_chain_is_the_one_told(house: House) -> None:
    records = Records(house.vault)
    assert records.head() == CHAIN_START
    one, two = record("a", Fraction(1, 3)), record("b", BLANK)
    records.append([one])
    records.append([two, one])  # the same record again is the same record
    assert records.head() == chain_next(chain_next(CHAIN_START, one.id), two.id)
    assert records.all() == [one, two]


def test_erasure_leaves_a_tombstone_and_a_whole_chain(house: House) -> None:
    records = Records(house.vault)
    person, other = employee_record(), record()
    records.append([person, other])
    before = records.head()
    records.erase(person.id, "本人の求めによる")
    records.erase(person.id, "もう一度")
    assert records.all() == [other]
    stone = records.tombstones()[person.id]
    assert stone["reason"] == "本人の求めによる"
    assert records.verify_chain() != before
    with pytest.raises(VaultFault, match="not_found"):
        records.erase("0" * 64, "ない")
    # Nothing of the person is left even for who holds the key: dump every table.
    with house.vault.read() as connection:
        rows = connection.execute("SELECT * FROM record_log").fetchall()
    assert NAME not in json.dumps(rows, ensure_ascii=False)
    records.append([person])  # what is erased stays erased
    assert records.all() == [other]


def test_sql_refuses_what_is_not_adding(house: House) -> None:
    records = Records(house.vault)
    records.append([record("a", 1), record("b", 2)])
    for statement in (
        "UPDATE record_log SET content = '{}' WHERE seq = 1",
        "UPDATE record_log SET chain = id",
        "UPDATE record_log SET kind = 'tombstone', content = NULL, salt = NULL",
        "DELETE FROM record_log WHERE seq = 2",
        "INSERT INTO record_log VALUES (9, printf('%064d', 1), 'record', 's', '{}', id)",
        "INSERT OR REPLACE INTO record_log SELECT 1, id, kind, salt, '{}', chain FROM record_log",
    ):
        with pytest.raises(dbapi2.Error), house.vault.write() as connection:
            connection.execute(statement)
    assert [r.path for r in records.all()] == ["a", "b"]


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE record_log SET content = replace(content, '株式会社', '有限会社') WHERE seq = 1",
        "UPDATE record_log SET content = NULL, salt = NULL WHERE seq = 2",
        "DELETE FROM record_log WHERE seq = 2",
        "UPDATE record_log SET chain = (SELECT chain FROM record_log WHERE seq = 1) WHERE seq = 2",
        "UPDATE record_log SET salt = printf('%032d', 7) WHERE seq = 3",
    ],
)
def test_who_takes_the_triggers_away_is_seen(house: House, tampering: str) -> None:
    records = Records(house.vault)
    records.append([record(), record("b", 2), record("c", 3)])
    with house.vault.write() as connection:
        for name in ("grows", "stays", "kept"):
            connection.execute(f"DROP TRIGGER record_log_{name}")
        connection.execute(tampering)
    with pytest.raises(VaultFault, match="records_altered"):
        records.verify_chain()


def test_nothing_of_it_is_readable_on_the_disk(house: House) -> None:
    Records(house.vault).append([employee_record()])
    assert found_in(house.path.parent, NAME) == []
