"""Connections of threads that `threading` does not know: never closed while they are used."""

from __future__ import annotations

import _thread
import threading

import pytest
from store_parts import House

from app.store import seats


def test_a_connection_in_use_is_not_closed_for_a_new_thread(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Foreign threads (Qt's pool) are not among threading.enumerate(): they looked dead."""
    monkeypatch.setattr(seats, "MOST_IDLE", 1)
    vault = house.vault
    reading, go_on, done = threading.Event(), threading.Event(), threading.Event()
    outcome: list[object] = []

    def foreign() -> None:
        try:
            with vault.read() as connection:
                reading.set()
                go_on.wait(10)
                outcome.append(connection.execute("SELECT count(*) FROM meta").fetchone()[0] >= 0)
        except BaseException as fault:
            outcome.append(fault)
        done.set()

    _thread.start_new_thread(foreign, ())
    assert reading.wait(10)

    def other() -> None:
        with vault.read() as connection:
            connection.execute("SELECT 1").fetchone()

    for _ in range(3):
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
    go_on.set()
    assert done.wait(10)
    assert outcome == [True]


def test_what_ended_threads_left_is_closed_where_it_is_much(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seats, "MOST_IDLE", 3)

    def look() -> None:
        with house.vault.read() as connection:
            connection.execute("SELECT 1").fetchone()

    for _ in range(12):
        done = threading.Event()

        def foreign(done: threading.Event = done) -> None:
            look()
            done.set()

        _thread.start_new_thread(foreign, ())
        assert done.wait(10)
    assert len(house.vault._seats._all) <= 4
