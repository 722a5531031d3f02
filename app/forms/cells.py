"""One cell worked out: fact, answer or default; visible or not; shown, sent and checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from app.domain.errors import BadInput
from app.facts.functions import first_day, fiscal_year, fiscal_years_before
from app.facts.graph import Graph, State
from app.facts.paths import fill
from app.facts.record import BLANK, Blank, Origin, Value
from app.forms.checks import value_digest, with_substitutes
from app.forms.compiled import CompiledField
from app.forms.conditions import ABOVE, FIRST_ROW, ROW_MONTH, TODAY, Condition
from app.forms.convert import beside, convert, sent, shown
from app.forms.draft_parts import Answer, Cell, Earlier, Problem
from app.forms.found import Found, KeptRow

if TYPE_CHECKING:
    from app.forms.fields import Field

EMPTIED_DERIVED = "derived"
EMPTIED_IN_ROW = "written"
"""The mark of a table's cell that was emptied, whatever its row says."""


def _pending(part: CompiledField, answer: Answer) -> Found:
    """What is being typed, as far as it can be read already."""
    try:
        value = convert(part.field, answer.source_text).value
    except BadInput:
        return Found(unread=answer.source_text, origin=Origin.TYPED, typed=True)
    return Found(value, State.UNCONFIRMED, Origin.TYPED, answered=True, typed=True)


def _is_of_kind(kind: str, value: Value) -> bool:
    """Whether a stored answer is of the type its field has in this edition of the form."""
    if kind in ("percent", "decimal"):
        return isinstance(value, int | Fraction) and not isinstance(value, bool)
    wanted = {"date": date, "yes_no": bool, "integer": int, "yen": int}.get(kind, str)
    return type(value) is wanted


def _refitted(part: CompiledField, answer: Answer) -> Found:
    """An answer to an earlier edition, read again as what the field is now; nothing is lost."""
    text = answer.source_text or str(answer.value)
    try:
        value = convert(part.field, text).value
    except BadInput:
        return Found(unread=text, origin=Origin.TYPED, typed=True)
    return Found(value, State.UNCONFIRMED, Origin.TYPED, answered=True, typed=answer.typed)


class CellMaker:
    """Makes cells from a graph, the answers given and the cells made before."""

    def __init__(
        self,
        graph: Graph,
        subject: str,
        reference_date: date,
        earlier: Mapping[str, Earlier] | None = None,
    ) -> None:
        self.graph = graph
        self.subject = subject
        self.reference_date = reference_date
        self.earlier = earlier or {}
        self.scope = ""
        self.period = ""
        self.above: Mapping[str, Cell] | None = None
        self.rows: dict[str, dict[str, KeptRow]] = {}
        """The rows of each table by their keys: a keystroke makes the cells of its own row alone."""

    def in_collection(self, collection: str) -> None:
        """Names the collection the form's subject is a member of ("" where it has none)."""
        self.scope = f"{collection}[{self.subject}]" if collection else ""

    def path(self, pattern: str) -> str:
        """The concrete path of a fact: the member at hand, and in a row of a period that period."""
        path = fill(pattern, self.scope)
        return path.replace("[fy]", f"[{self.period}]").replace("[month]", f"[{self.period}]")

    def path_of(self, field: Field) -> str:
        """The concrete path of a field's fact; that of a fiscal year where the field names one."""
        if not field.period:
            return self.path(field.from_)
        return fill(field.from_, self.scope).replace("[fy]", f"[{self.year(field.period)}]")

    def year(self, back: str) -> str:
        """The fiscal year "fy-1" (the last that has ended), "fy-2" …, as series name it.

        A company that has not said when its year ends is taken to end it in March; the insurance
        year of labour insurance ("ly", "ly-1") always does.
        """
        if back == "ly":
            return fiscal_year(3, self.reference_date)
        if back == "ly-1":
            return fiscal_years_before(3, self.reference_date, 1)[0]
        said = self.graph.fact("company.fiscal_year_end_month").value
        month = said if isinstance(said, int) and 1 <= said <= 12 else 3
        return fiscal_years_before(month, self.reference_date, int(back[3:]))[0]

    def fact_value(self, expression: str) -> Any:
        """The value of an expression over facts for a condition; None where it is unknown.

        In a row of months `[month]` is the row's.
        """
        if self.period:
            expression = expression.replace("[month]", f'["{self.period}"]')
        outcome = self.graph.evaluate(expression, self.scope)
        return outcome.value

    def make(self, part: CompiledField, answer: Answer | None, cells: dict[str, Cell]) -> Cell:
        """The cell of one field; `cells` are those its conditions read."""

        cell_value = self.reader(cells)
        if part.field.kind == "table":
            from app.forms.table_cells import make_table

            return make_table(self, part, answer, cells)
        visible = part.when is None or part.when.holds(cell_value, self.fact_value) is True
        found = self._found(part, answer, cell_value)
        field = part.field
        definition_locked = self._is_locked(part)
        problems = self.problems_of(part, answer, found, cells) if visible else ()
        substituted = answer is not None and answer.substituted
        leaving = sent(field, found.value)
        pending = answer is not None and answer.pending
        text = answer.source_text if answer and pending else found.unread
        text = text or shown(field, found.value)
        return Cell(
            field=field,
            visible=visible,
            value=found.value,
            text=text,
            sent_text=with_substitutes(field, leaving) if substituted else leaving,
            state=found.state if visible else State.NOT_APPLICABLE,
            origin=found.origin,
            answered=found.answered,
            typed=found.typed,
            problems=problems,
            note=answer.note if answer else "",
            source_text=answer.source_text if answer else "",
            wareki=beside(field, found.value),
            fact_path=self.path_of(field) if field.from_ else None,
            record=found.record,
            competitors=found.competitors,
            provisional=found.provisional,
            locked=definition_locked,
            substituted=substituted,
            pending=pending,
        )

    def reader(self, cells: Mapping[str, Cell]) -> Callable[[str], Any]:
        """What expressions read of cells: values, rows, and the reference date."""

        def read(field_id: str) -> Any:
            if field_id == TODAY:
                return self.reference_date
            if field_id == ROW_MONTH:
                return first_day(self.period) if self.period else None
            if field_id.startswith(ABOVE):
                if self.above is None:
                    return FIRST_ROW
                over = self.above.get(field_id.removeprefix(ABOVE))
                return over.read if over is not None and over.visible else None
            other = cells.get(field_id)
            return other.read if other is not None and other.visible else None

        return read

    def _is_locked(self, part: CompiledField) -> bool:
        field = part.field
        if part.calc is not None:
            return True
        if not field.from_ or field.parts:
            return False
        return not self.graph.catalogue.definition(self.path_of(field)).askable

    def _found(self, part: CompiledField, answer: Answer | None, cells: Any) -> Found:
        if part.calc is not None:
            return self._worked_out(part.field, part.calc, cells)
        if answer is not None:
            if isinstance(answer.value, Blank):
                return Found(BLANK, State.CONFIRMED, Origin.TYPED, answered=True, typed=True)
            if answer.pending:
                return _pending(part, answer)
            if answer.value is None and answer.source_text:
                return Found(unread=answer.source_text, typed=True, origin=Origin.TYPED)
        if part.field.from_:
            fact = self._from_fact(part, answer)
            if fact.answered or (answer is not None and answer.emptied):
                return fact
            if fact.state is State.NOT_APPLICABLE:
                return fact
        if answer is not None and answer.value is not None:
            if not _is_of_kind(part.field.kind, answer.value):
                return _refitted(part, answer)
            taken = Origin.FILING if part.field.id in self.earlier else Origin.DERIVED
            return Found(
                answer.value,
                State.CONFIRMED,
                Origin.TYPED if answer.typed else taken,
                answered=True,
                typed=answer.typed,
            )
        if answer is not None and answer.emptied:
            return Found()
        before = self.earlier.get(part.field.id) if part.field.carry else None
        if before is not None:
            return self._carried(part, before)
        return self._default(part, cells)

    def _worked_out(self, field: Field, calc: Condition, cells: Any) -> Found:
        """A calculated cell; not answered while something it reads is unknown or it does not fit."""
        value = calc.value(cells, self.fact_value)
        if isinstance(value, Fraction) and value.denominator == 1:
            value = value.numerator
        if value is None or isinstance(value, Blank) or not _is_of_kind(field.kind, value):
            return Found()
        return Found(value, State.CONFIRMED, Origin.DERIVED, answered=True)

    def _carried(self, part: CompiledField, before: Earlier) -> Found:
        """What the earlier filing of this form said, to be looked at again."""
        value = before.value
        if not _is_of_kind(part.field.kind, value):
            try:
                value = convert(part.field, str(value)).value
            except BadInput:
                return Found()
        return Found(value, State.UNCONFIRMED, Origin.FILING, answered=True)

    def _from_fact(self, part: CompiledField, answer: Answer | None) -> Found:
        fact = self.graph.fact(self.path_of(part.field))
        if fact.value is None or isinstance(fact.value, Blank):
            return Found(state=fact.state, competitors=fact.competitors)
        if answer is not None and answer.emptied:
            mark = fact.record.id if fact.record else EMPTIED_DERIVED
            if answer.emptied in (mark, EMPTIED_IN_ROW):
                return Found(competitors=fact.competitors)
        origin = fact.record.origin if fact.record else Origin.DERIVED
        typed = answer is not None and answer.typed and answer.value == fact.value
        if typed and fact.record is None:
            origin = Origin.TYPED
        return Found(
            fact.value,
            fact.state,
            origin,
            fact.record,
            fact.competitors,
            fact.provisional,
            answered=True,
            typed=typed,
        )

    def _default(self, part: CompiledField, cells: Any) -> Found:
        for entry in part.defaults:
            if entry.when is not None and entry.when.holds(cells, self.fact_value) is not True:
                continue
            default = entry.default
            if default.today:
                return Found(self.reference_date, State.CONFIRMED, Origin.DERIVED, answered=True)
            if default.fact:
                fact = self.graph.fact(self.path(default.fact))
                if fact.value is None or isinstance(fact.value, Blank):
                    continue
                return Found(
                    fact.value,
                    State.ASSUMED,
                    Origin.ASSUMED,
                    fact.record,
                    provisional=True,
                    answered=True,
                )
            if entry.calc is not None:
                found = self._worked_out(part.field, entry.calc, cells)
                if found.answered:
                    return found
                continue
            value = convert(part.field, default.value).value
            return Found(value, State.CONFIRMED, Origin.DERIVED, answered=True)
        return Found()

    def problems_of(
        self,
        part: CompiledField,
        answer: Answer | None,
        found: Found,
        cells: dict[str, Cell],
        inner: tuple[Problem, ...] = (),
    ) -> tuple[Problem, ...]:
        """Everything to say of a value; `inner` is what the rows of a table say already."""
        field = part.field
        if found.unread:
            try:
                convert(field, found.unread)
            except BadInput as fault:
                return (Problem(fault.code, field.id, "block", fault.sentence),)
        if found.value is None:
            return ()
        problems = [
            p
            for p in (*inner, *part.problems(found.value))
            if not (p.code == "bad-character" and self._is_covered(part, answer, found.value))
        ]
        if found.state is State.CONFLICTING:
            count = len({str(r.value) for r in (found.record, *found.competitors) if r})
            problems.append(
                Problem(
                    "conflict",
                    field.id,
                    "warn",
                    f"{field.label}が {max(count, 2)}通りあります。どれを使いますか。",
                )
            )
        problems.extend(self._rule_problems(part, found, cells))
        if not problems or answer is None or not answer.accepted:
            return tuple(problems)
        digest = value_digest(found.value)
        return tuple(self._with_acceptance(part, p, answer, digest, cells) for p in problems)

    def _is_covered(self, part: CompiledField, answer: Answer | None, value: Value) -> bool:
        """Whether substitution is on and leaves nothing the door refuses."""
        if answer is None or not answer.substituted or not isinstance(value, str):
            return False
        replaced = with_substitutes(part.field, sent(part.field, value))
        return not any(p.code == "bad-character" for p in part.problems(replaced))

    def _rule_problems(
        self, part: CompiledField, found: Found, cells: dict[str, Cell]
    ) -> list[Problem]:
        own = part.field.id
        others = self.reader(cells)

        def cell_value(field_id: str) -> Any:
            return found.read if field_id == own else others(field_id)

        return [
            Problem(
                f"check:{rule.check.id}",
                own,
                rule.check.severity,
                rule.check.sentence,
                rule.check.note,
            )
            for rule in part.rules
            if rule.unless.holds(cell_value, self.fact_value) is False
        ]

    def _with_acceptance(
        self,
        part: CompiledField,
        problem: Problem,
        answer: Answer | None,
        digest: str,
        cells: dict[str, Cell],
    ) -> Problem:
        if answer is None or problem.blocks:
            return problem
        digest = self.digest(part, problem.code, digest, cells)
        for accepted in answer.accepted:
            if accepted.code == problem.code and accepted.digest == digest:
                return Problem(
                    problem.code,
                    problem.field_id,
                    problem.severity,
                    problem.sentence,
                    problem.note,
                    accepted_by=accepted.by,
                    accepted_at=accepted.at,
                )
        return problem

    def digest(self, part: CompiledField, code: str, own: str, cells: dict[str, Cell]) -> str:
        """What an acceptance is bound to: the value, and for a rule the other values it reads."""
        for rule in part.rules:
            if code == f"check:{rule.check.id}":
                others = [cells[i].value for i in rule.fields if i != part.field.id and i in cells]
                return value_digest(own, *others)
        return own
