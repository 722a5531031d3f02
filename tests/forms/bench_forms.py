"""The forms' figures for `make bench`: prefill, keystroke, validation of a 300-field form."""

from __future__ import annotations

import random
import re
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from app.domain.characters import PROFILES, taken_whole  # noqa: E402
from app.domain.clock import JST, fixed_clock  # noqa: E402
from app.facts.catalogue import Catalogue, load_catalogue  # noqa: E402
from app.facts.graph import Graph  # noqa: E402
from app.facts.record import Origin, Record, Value  # noqa: E402
from app.forms.draft import Answer, Draft  # noqa: E402
from app.forms.procedure import Field, Procedure, Section, load_procedure  # noqa: E402

TODAY = date(2026, 7, 3)
NOON = datetime(2026, 7, 3, 12, 0, tzinfo=JST)
PROCEDURE = ROOT / "resources/procedures/mhlw/koyou_hoken_shikaku_shutoku"


def big_form(catalogue: Catalogue, count: int = 300) -> Procedure:
    """A form of `count` fields in the mix of the real one: texts, kana, numbers, dates, choices."""
    real = load_procedure(PROCEDURE, catalogue)
    fields = []
    for n in range(count):
        base: dict[str, Any] = {"id": f"f{n}", "label": f"欄{n}"}
        kind = n % 6
        if kind == 0:
            fields.append(Field(**base, kind="text", profile="egov", max_length=40))
        elif kind == 1:
            fields.append(Field(**base, kind="kana", profile="egov_kana", max_length=40))
        elif kind == 2:
            fields.append(Field(**base, kind="yen", min=0, max=99_999_999))
        elif kind == 3:
            fields.append(Field(**base, kind="date"))
        elif kind == 4:
            choices = (("1", "一"), ("2", "二"), ("3", "三"))
            fields.append(Field(**base, kind="choice", choices=choices))
        else:
            when = f"field.f{n - 1} != '3'"
            fields.append(
                Field(**base, kind="digits", groups=(4, 6, 1), profile="digits", when=when)
            )
    sections = tuple(
        Section(id=f"s{at}", label=f"部{at}", fields=tuple(fields[at : at + 25]))
        for at in range(0, count, 25)
    )
    kept = {name: getattr(real, name) for name in Procedure.model_fields}
    return Procedure(
        **{**kept, "sections": sections, "checks": (), "deadline": None, "subject": ""}
    )


def good_values(procedure: Procedure) -> dict[str, Value]:
    """A value for each field of `big_form` that it takes."""
    by_kind: dict[str, Value] = {
        "text": "東京都港区芝浦1-2-3 みなとビル",
        "kana": "カブシキガイシャミナト",
        "yen": 1_284_000,
        "date": date(2026, 7, 1),
        "choice": "2",
        "digits": "13013456789",
    }
    return {field.id: by_kind[field.kind] for field in procedure.fields}


def json_schema(procedure: Procedure) -> dict[str, Any]:
    """The same rules for jsonschema; its dates are texts, its letters the same set as a pattern."""
    taken = taken_whole(PROFILES["egov"])
    letters = "".join(re.escape(c) for c in map(chr, range(0x10000)) if taken(c))
    by_kind: dict[str, dict[str, Any]] = {
        "text": {"type": "string", "maxLength": 40, "pattern": f"^[{letters}]*$"},
        "kana": {"type": "string", "maxLength": 40, "pattern": "^[ァ-ヶー　・]*$"},
        "yen": {"type": "integer", "minimum": 0, "maximum": 99_999_999},
        "date": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
        "choice": {"enum": ["1", "2", "3"]},
        "digits": {"type": "string", "pattern": "^[0-9]{11}$"},
    }
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {field.id: by_kind[field.kind] for field in procedure.fields},
    }


def employee_records(people: int) -> list[Record]:
    """About 20 facts of each of `people` employees and the company's own."""
    facts: dict[str, Value] = {
        "company.name": "株式会社みなと製菓",
        "company.kana": "カブシキガイシャミナトセイカ",
        "company.phone": "03-1234-5678",
        "company.head_office.prefecture": "東京都",
        "company.head_office.city": "港区",
        "company.head_office.street": "芝浦１－２－３",
        "company.employment_insurance.office_number": "13013456789",
    }
    for n in range(people):
        facts |= {
            f"employees[e{n}].{key}": value
            for key, value in {
                "family_name": "佐野", "given_name": "灯", "family_kana": "サノ",
                "given_kana": "アカリ", "sex": "女", "birth": date(1996, 4, 12),
                "hired_on": date(2026, 7, 1), "pay_type": "1", "monthly_wage": 241_300 + n,
                "weekly_hours": 40, "weekly_minutes": 0, "contract.fixed_term": False,
                "employment_kind": "7", "job": "8", "address": "東京都港区",
                "postal_code": "1080023", "nationality": "日本",
                "employment_insurance.cause": "2",
                "employment_insurance.number": "50123456789",
                "employment_insurance.acquired_on": date(2026, 7, 1),
            }.items()
        }  # fmt: skip
    return [Record(path, value, Origin.TYPED, NOON, salt="0" * 32) for path, value in facts.items()]


def seconds(task: Callable[[], object], runs: int) -> list[float]:
    """How long each of `runs` calls took."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        task()
        times.append(time.perf_counter() - start)
    return times


def ratio(slow: Callable[[], object], fast: Callable[[], object], runs: int) -> float:
    """How many times faster `fast` is: the median over interleaved pairs."""
    pairs = [(seconds(slow, 1)[0], min(seconds(fast, 3))) for _ in range(runs)]
    return statistics.median(a / b for a, b in pairs)


def prefill_ms(catalogue: Catalogue) -> float:
    """The real form opened over 2,000 facts already in the graph: the median, in milliseconds."""
    procedure = load_procedure(PROCEDURE, catalogue)
    records = employee_records(100)
    assert len(records) >= 2000
    Draft(procedure, Graph(catalogue, records, TODAY), "e0", {}, TODAY, fixed_clock(NOON), "山本")
    times = []
    for n in range(9):
        graph = Graph(catalogue, records, TODAY)
        start = time.perf_counter()
        draft = Draft(procedure, graph, f"e{n}", {}, TODAY, fixed_clock(NOON), "山本")
        times.append(time.perf_counter() - start)
        assert draft.once_only.filled > 20
    return statistics.median(times) * 1000


def keystroke_ms(catalogue: Catalogue) -> float:
    """The 95th percentile of a keystroke taken and checked in a form of 300 fields."""
    procedure = big_form(catalogue)
    graph = Graph(catalogue, employee_records(100), TODAY)
    draft = Draft(procedure, graph, "", {}, TODAY, fixed_clock(NOON), "山本")
    chosen = random.Random(7)
    times = []
    texts = {"text": "東京都港区芝浦", "kana": "みなとせいか", "yen": "1284000", "date": "R8.7.10",
             "choice": "2", "digits": "13013456789"}  # fmt: skip
    for _ in range(60):
        field = chosen.choice(procedure.fields)
        if not draft.cell(field.id).visible:
            continue
        text = texts[field.kind]
        for length in range(1, len(text) + 1):
            times += seconds(lambda f=field, t=text[:length]: draft.typing(f.id, t), 1)
        times += seconds(lambda f=field, t=text: draft.answer(f.id, t), 1)
        draft.gaps(), draft.problems(), draft.once_only
    return statistics.quantiles(times, n=20)[-1] * 1000


def big_draft(catalogue: Catalogue) -> Draft:
    """A draft of `big_form` with every field answered, as it stands before sealing."""
    procedure = big_form(catalogue)
    answers = {
        field_id: Answer(field_id, value, str(value), typed=True, updated_at=NOON)
        for field_id, value in good_values(procedure).items()
    }
    graph = Graph(catalogue, [], TODAY)
    return Draft(procedure, graph, "", answers, TODAY, fixed_clock(NOON), "山本")


def validation_ratio(catalogue: Catalogue) -> float:
    """A draft of 300 fields looked over as sealing does, against jsonschema on the same rules."""
    from jsonschema import Draft202012Validator

    draft = big_draft(catalogue)
    values = good_values(draft.procedure)
    plain = {k: v.isoformat() if isinstance(v, date) else v for k, v in values.items()}
    theirs = Draft202012Validator(json_schema(draft.procedure))
    assert theirs.is_valid(plain)
    assert all(cell.filled for cell in draft.cells())
    assert not draft.refused()
    return ratio(lambda: theirs.is_valid(plain), draft.refused, 41)


def measure() -> list[tuple[str, float, str]]:
    """(name, measured, bar), the bar written "<= 16 ms" or ">= 50 x"."""
    catalogue = load_catalogue(ROOT / "resources")
    return [
        ("prefill of the form with 2,000 facts", prefill_ms(catalogue), "<= 16 ms"),
        ("keystroke to checked in 300 fields, p95", keystroke_ms(catalogue), "<= 16 ms"),
        (
            "300 fields looked over before sealing, against jsonschema",
            validation_ratio(catalogue),
            ">= 50 x",
        ),
    ]


if __name__ == "__main__":
    for name, measured, bar in measure():
        print(f"forms\t{name}\t{measured:.2f}\t{bar}")
