"""After an award (交付決定): what has to be done by when, from the rules of the folder and the facts.

An award is a member of the collection `awards`; its days are facts like any other, typed or read
from the notice, so they have an origin and a later form can use them. The tasks are worked out each
time from `award.toml` (app.forms.award_rules): nothing is stored that could grow stale.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from app.domain.clock import Clock
from app.domain.errors import BadInput, Known
from app.domain.kana import to_half_width
from app.facts.catalogue import Catalogue
from app.facts.functions import add_days, add_months
from app.facts.graph import Graph
from app.facts.record import Origin, Record, Value, decode_value
from app.services.company_facts import CompanyFacts
from app.services.obligations import Duty

if TYPE_CHECKING:
    from app.forms.award_rules import AwardRules, Due, Task
    from app.forms.library import ProcedureLibrary
    from app.forms.procedure import Procedure
    from app.store.meta import Meta
    from app.store.rows import FilingRow

COLLECTION = "awards"


@dataclass(frozen=True)
class AwardTask:
    """One thing to do after an award. `state`: done, open, later (something comes first), if_needed.

    `due` is None while the day it counts from is not known; `say` tells which day that is.
    """

    id: str
    label: str
    note: str
    state: str
    due: date | None
    done_on: date | None
    say: str
    law: str
    evidence: bool


@dataclass(frozen=True)
class AwardDay:
    """A day of an award: its path among the facts, what it is called, and the day where known."""

    path: str
    label: str
    day: date | None


@dataclass(frozen=True)
class NoticeValue:
    """A value read in a notice: which fact it would be, the value and the text it stood in."""

    path: str
    label: str
    value: Value
    source_text: str


@dataclass(frozen=True)
class Award:
    """An award as a list shows it."""

    key: str
    procedure_id: str
    procedure_title: str
    title: str
    round: str
    amount: int | None
    tasks: tuple[AwardTask, ...]
    days: tuple[AwardDay, ...]


class Awards:
    """The awards of one company. `keep` stores new records."""

    def __init__(
        self,
        graph: Graph,
        facts: CompanyFacts,
        library: ProcedureLibrary,
        catalogue: Catalogue,
        clock: Clock,
        keep: Callable[[tuple[Record, ...]], None],
    ) -> None:
        self._graph = graph
        self._facts = facts
        self._library = library
        self._catalogue = catalogue
        self._clock = clock
        self._keep = keep

    def begin(self, procedure_id: str, round_id: str, title: str) -> str:
        """Notes that an application was selected (採択) and gives the key of its award.

        Raises:
            Known: the procedure has no rules for what follows, or the round is not one of its own.
        """
        procedure, _ = self._rules(procedure_id)
        if procedure.rounds and round_id not in {r.id for r in procedure.rounds}:
            raise BadInput(
                "award-round", "この回は手続のデータにありません。回を選び直してください。"
            )
        said = {"procedure": procedure_id, "round": round_id, "title": title}
        return self._facts.add_member(COLLECTION, {k: v for k, v in said.items() if v})

    def of_filing(self, row: FilingRow, meta: Meta) -> str:
        """The award a filing led to, begun when there is none yet; gives its key. As `begin`."""
        place = f"award-of:{row.id}"
        key = meta.get(place)
        if key not in self._graph.members(COLLECTION):
            procedure = self._library.load(row.procedure_id, self._catalogue)
            rounds = [f["value"] for f in row.facts if f["field"] == procedure.round_field]
            key = self.begin(
                row.procedure_id, str(decode_value(rounds[0])) if rounds else "", row.title
            )
            meta.set(place, key)
        return key

    def set(self, key: str, name: str, text: str) -> Record:
        """States a day or an amount of an award as typed, e.g. set(k, "decided_on", "令和9年3月1日").

        Raises:
            BadInput: the text is no such value.
        """
        return self._facts.answer(f"{COLLECTION}[{key}].{name}", text)

    def list(self) -> list[Award]:
        """Every award, in the order they were begun; one whose folder is gone has no tasks."""
        return [self.award(key) for key in self._graph.members(COLLECTION)]

    def award(self, key: str) -> Award:
        """One award with its tasks as they stand today."""
        procedure_id = str(self._value(key, "procedure") or "")
        amount = self._value(key, "amount")
        round_id = str(self._value(key, "round") or "")
        try:
            procedure, rules = self._rules(procedure_id)
        except Known:
            tasks: tuple[AwardTask, ...] = ()
            days: tuple[AwardDay, ...] = ()
            name = procedure_id
        else:
            tasks, name = self._tasks(key, round_id, procedure, rules), procedure.title
            days = tuple(
                AwardDay(d.fact.replace("[]", f"[{key}]"), d.label, self._day(key, d.fact))
                for d in rules.dates
            )
        return Award(
            key, procedure_id, name, str(self._value(key, "title") or ""), round_id,
            amount if isinstance(amount, int) else None, tasks, days,
        )  # fmt: skip

    def duties(self) -> tuple[Duty, ...]:
        """What 今日 shows: of each award the open tasks, and those that could be needed with a day."""
        found = []
        for award in self.list():
            for task in award.tasks:
                if task.state != "open":
                    continue
                note = " · ".join(x for x in (award.title or award.procedure_title, task.say) if x)
                found.append(Duty(award.key, task.id, task.label, note, task.due))
        return tuple(found)

    def notice_text(self, content: bytes) -> str:
        """The text of a notice given as a PDF, on any thread. Raises BadInput."""
        from app.services.pdf_text import pdf_text

        return pdf_text(content)

    def read_notice(self, key: str, text: str) -> tuple[NoticeValue, ...]:
        """What a notice (交付決定通知書など), given as text, says of this award; nothing is stated yet.

        A value stands behind its label on the same line, or alone on the next. Numbers before a label
        and spaces between letters, as a PDF gives them, do not matter.
        """
        procedure_id = str(self._value(key, "procedure") or "")
        _, rules = self._rules(procedure_id)
        wanted = [(w, d.fact, d.label, "date") for d in rules.dates for w in d.notice]
        wanted += [(w, "awards[].amount", "交付決定額", "yen") for w in _AMOUNT_WORDS]
        wanted += [(w, "awards[].number", "交付決定の番号", "text") for w in ("交付決定番号",)]
        lines = [line.strip(" \u3000") for line in text.splitlines()]
        lines = [line for line in lines if line]
        bare = [_NUMBERING.sub("", re.sub(r"\s", "", line)) for line in lines]
        found: dict[str, NoticeValue] = {}
        for word, fact, label, kind in wanted:
            path = fact.replace("[]", f"[{key}]")
            if path in found:
                continue
            for n, line in enumerate(lines):
                if not bare[n].startswith(word):
                    continue
                rest = bare[n][len(word) :].strip(":：") or (
                    lines[n + 1] if n + 1 < len(lines) else ""
                )
                value = _notice_value(kind, rest)
                if value is not None:
                    found[path] = NoticeValue(path, label, value, line)
                    break
        return tuple(found.values())

    def take_notice(self, values: tuple[NoticeValue, ...], document: str) -> tuple[Record, ...]:
        """States what was read in a notice kept as a document; its origin is that document."""
        now = self._clock()
        records = tuple(
            Record(v.path, v.value, Origin.DOCUMENT, now, v.source_text, {"document": document})
            for v in values
        )
        for record in records:
            self._graph.add(record)
        self._keep(records)
        return records

    def _rules(self, procedure_id: str) -> tuple[Procedure, AwardRules]:
        from app.forms.award_rules import load_award

        procedure = self._library.load(procedure_id, self._catalogue)
        rules = load_award(procedure, self._catalogue)
        if rules is None:
            raise BadInput("award-none", "この手続には、交付決定のあとの決まりがありません。")
        return procedure, rules

    def _value(self, key: str, name: str) -> Value | None:
        return self._graph.fact(f"{COLLECTION}[{key}].{name}").value

    def _day(self, key: str, fact: str) -> date | None:
        value = self._graph.fact(fact.replace("[]", f"[{key}]")).value
        return value if isinstance(value, date) else None

    def _tasks(
        self, key: str, round_id: str, procedure: Procedure, rules: AwardRules
    ) -> tuple[AwardTask, ...]:
        days = {d.id: self._day(key, d.fact) for d in rules.dates}
        done = {t.id: self._day(key, t.done) for t in rules.tasks}
        over = done.get("withdraw") is not None
        made = []
        for task in rules.tasks:
            due = last_day(task, days, lambda name: procedure.round_table.value(round_id, name))
            if done[task.id] is not None:
                state = "done"
            elif over:
                continue  # nothing follows an application that was taken back
            elif task.optional:
                state = "if_needed"
            else:
                state = "open" if all(done[b] is not None for b in task.after) else "later"
            made.append(
                AwardTask(
                    task.id, task.label, task.note, state, due, done[task.id],
                    "" if due or state == "done" else task.say, task.law, task.evidence,
                )
            )  # fmt: skip
        return tuple(made)


def last_day(
    task: Task, days: Mapping[str, date | None], of_round: Callable[[str], object]
) -> date | None:
    """The last day of a task: the earliest (or latest) of its days that are known; None for none."""
    known = [day for due in task.due if (day := _counted(due, days, of_round)) is not None]
    if not known:
        return None
    return min(known) if task.take == "earliest" else max(known)


def _counted(
    due: Due, days: Mapping[str, date | None], of_round: Callable[[str], object]
) -> date | None:
    basis = days.get(due.from_) if due.from_ else of_round(due.round)
    if isinstance(basis, datetime) or not isinstance(basis, date):
        return None
    day = add_months(basis, due.months) if due.months else add_days(basis, due.days)
    if due.end_of_month:
        day = add_days(add_months(day.replace(day=1), 1), -1)
    return day


_NUMBERING = re.compile(r"^[0-9０-９()（）.．、・:：①-⑳\s]+")
_AMOUNT_WORDS = ("交付決定額", "補助金の額", "補助金交付決定額", "交付決定通知額")


def _notice_value(kind: str, text: str) -> Value | None:
    from app.domain.era import parse_date

    plain = to_half_width(text)
    if kind == "text":
        return text[:60] or None
    if kind == "yen":
        match = re.search(r"([0-9][0-9,]{0,17})\s*円", plain)
        return int(match[1].replace(",", "")) if match else None
    match = re.search(
        r"(?:(?:令和|平成)\s*(?:元|\d{1,2})|\d{4})\s*[年/.\-]\s*\d{1,2}\s*[月/.\-]\s*\d{1,2}", plain
    )
    if match is None:
        return None
    try:
        return parse_date(re.sub(r"\s", "", match[0]) + ("日" if "月" in match[0] else ""))
    except BadInput:
        return None
