"""Figures of the fact graph for `make bench ONLY=core`; ratios, never timed unit tests.

The graph is that of the reference measurement: 300 inputs, 2,000 derived facts, each over two or
three earlier ones, of which 40 are shown. The model it is compared with clears every cache at each
change and works all of them out again.
"""

from __future__ import annotations

import gc
import random
import statistics
import time
from datetime import date, datetime

from app.domain.clock import JST
from app.facts.catalogue import Catalogue, catalogue_of
from app.facts.graph import Graph
from app.facts.record import Origin, Record

INPUTS, DERIVED, SHOWN = 300, 2_000, 40
DAY = date(2026, 7, 1)
MOMENT = datetime(2026, 7, 1, 9, 0, tzinfo=JST)
BAR = 15.0


def made_catalogue(seed: int = 7) -> Catalogue:
    """A catalogue of 300 inputs and 2,000 derived facts, drawn at random from a seed."""
    rng = random.Random(seed)
    names = [f"company.i{number}" for number in range(INPUTS)]
    lines = ["[fact]"]
    lines += [f'"{name}" = {{ label = "{name}", kind = "integer" }}' for name in names]
    for number in range(DERIVED):
        one, two, three = (rng.choice(names[-600:]) for _ in range(3))
        form = rng.choice(
            (
                f"{one} + {two}",
                f"max({one}, {two}) - {three}",
                f"floor_to({one} / 3, 10) + {two}",
                f"{one} if {two} > {three} else {two}",
            )
        )
        name = f"company.d{number}"
        lines.append(f'"{name}" = {{ label = "{name}", kind = "integer", value = "{form}" }}')
        names.append(name)
    return catalogue_of({"bench.toml": "\n".join(lines)})


def made_record(number: int, value: int) -> Record:
    """A typed record of one input."""
    return Record(f"company.i{number}", value, Origin.TYPED, MOMENT, salt="0" * 32)


def made_graph(catalogue: Catalogue) -> Graph:
    """The graph with every input told."""
    return Graph(catalogue, [made_record(n, n * 37 % 1_009) for n in range(INPUTS)], DAY)


def measure(changes: int = 60) -> list[tuple[str, float, str]]:
    """(name, measured, bar): how often faster one change is than working everything out again."""
    ratio, _ = _ripple(changes)
    return [
        (
            "facts: one changed of 2,000 derived, 40 shown, against recomputing all",
            ratio,
            f">= {BAR:.0f} x",
        )
    ]


def details(changes: int = 60) -> dict[str, float]:
    """The milliseconds behind `measure`, and those of loading; for reports."""
    started = time.perf_counter()
    catalogue = made_catalogue()
    read = time.perf_counter()
    graph = made_graph(catalogue)
    for number in range(DERIVED):
        graph.fact(f"company.d{number}")
    worked = time.perf_counter()
    records = [made_record(number % INPUTS, number) for number in range(2_000)]
    filling = time.perf_counter()
    Graph(catalogue, records, DAY)
    filled = time.perf_counter()
    _, parts = _ripple(changes)
    return {
        "read 2,300 facts ms": (read - started) * 1e3,
        "compile and work out 2,000 ms": (worked - read) * 1e3,
        "load 2,000 records ms": (filled - filling) * 1e3,
        **parts,
    }


def _ripple(changes: int) -> tuple[float, dict[str, float]]:
    rng = random.Random(11)
    graph = made_graph(made_catalogue())
    everything = [f"company.d{number}" for number in range(DERIVED)]
    shown = rng.sample(everything, SHOWN)
    for path in everything:
        graph.fact(path)
    ours, all_again, shown_again = [], [], []
    gc.disable()
    try:
        for _ in range(changes):
            record = made_record(rng.randrange(INPUTS), rng.randrange(10_000))
            all_again.append(_timed(graph, everything, clear=True))
            shown_again.append(_timed(graph, shown, clear=True))
            _timed(graph, shown, clear=False)
            started = time.perf_counter()
            graph.add(record)
            for path in shown:
                graph.fact(path)
            ours.append(time.perf_counter() - started)
    finally:
        gc.enable()
    change, full, part = (
        statistics.median(times) * 1e3 for times in (ours, all_again, shown_again)
    )
    return full / change, {
        "one change, 40 shown ms": change,
        "clear all, work out 2,000 ms": full,
        "clear all, work out 40 shown ms": part,
    }


def _timed(graph: Graph, paths: list[str], *, clear: bool) -> float:
    started = time.perf_counter()
    if clear:
        for cell in graph._core.cells[DAY].values():
            cell.result = None
    for path in paths:
        graph.fact(path)
    return time.perf_counter() - started


if __name__ == "__main__":
    for name, measured, bar in measure():
        print(f"{name}  {measured:.1f}  {bar}")
    for name, value in details().items():
        print(f"{name}  {value:.3f}")
