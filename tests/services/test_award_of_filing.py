"""A filing that won leads to one award, however often it is asked for."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

from app.facts.record import encode_value
from app.services.award import Awards


class _Meta:
    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def get(self, name: str, default: str = "") -> str:
        return self.kept.get(name, default)

    def set(self, name: str, value: str) -> None:
        self.kept[name] = value


class _Begun(Awards):
    """Awards whose beginning is written down."""

    def __init__(self) -> None:
        self.begun: list[tuple[str, str, str]] = []
        self._graph: Any = SimpleNamespace(
            members=lambda _c: [f"k{n}" for n in range(len(self.begun))]
        )
        form = SimpleNamespace(round_field="kai")
        self._library: Any = SimpleNamespace(load=lambda _i, _c: form)
        self._catalogue: Any = None

    def begin(self, procedure_id: str, round_id: str, title: str) -> str:
        self.begun.append((procedure_id, round_id, title))
        return f"k{len(self.begun) - 1}"


def test_an_award_is_begun_once_for_a_filing() -> None:
    awards, meta = _Begun(), _Meta()
    facts = [
        {"field": "kai", "value": encode_value("20")},
        {"field": "sensei_bi", "value": encode_value(date(2026, 11, 24))},
    ]
    row: Any = SimpleNamespace(id="f1", procedure_id="chusho/jizokuka", title="持続化", facts=facts)
    other: Any = SimpleNamespace(id="f2", procedure_id="chusho/jizokuka", title="持続化", facts=[])
    first = awards.of_filing(row, meta)  # type: ignore[arg-type]
    assert awards.of_filing(row, meta) == first  # type: ignore[arg-type]
    assert awards.begun == [("chusho/jizokuka", "20", "持続化")]
    assert awards.of_filing(other, meta) != first  # type: ignore[arg-type]
