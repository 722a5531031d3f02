"""Which grants fit this company: every condition is worked out once, and only when its facts change.

A *condition* is a rule with the record's values put in; equal conditions of many records are one. A
*case* is a set of conditions that some records share; its outcome is their three-valued "and". The
fact graph keeps each condition's result until a fact it read changes, so a refresh asks them all,
looks only at the cases of those that came out otherwise, and leaves the rest.

Bound to one thread: that of its graph. Whether a call is open is told by the clock, to the minute,
and is no matter of facts; a call that has ended is 対象外, one not yet begun is judged all the same.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from app.domain.clock import Clock, system_clock
from app.domain.grant import Grant
from app.facts.catalogue import Catalogue
from app.facts.definition import FactDef
from app.facts.explain import Explanation
from app.facts.graph import Graph
from app.services.grants.published import Asked, asked_by, said_by
from app.services.grants.reasons import Condition, Spoken, window_reason
from app.services.grants.rules import EligibilityRules
from app.services.grants.verdict import Eligibility, Reason, Verdict, Window

_YES, _OPEN, _NO = 0, 1, 2
_WORDS: Final = (Eligibility.YES, Eligibility.OPEN, Eligibility.NO)
_NEVER: Final = datetime.max.replace(tzinfo=UTC).timestamp()


@dataclass
class _Case:
    """Conditions that some records share, and what they come to together."""

    conditions: tuple[int, ...]
    outcome: int = _OPEN


class Matching:
    """The verdicts of all grants for the company of one graph."""

    def __init__(
        self,
        rules: EligibilityRules,
        graph: Graph,
        catalogue: Catalogue,
        clock: Clock = system_clock,
    ) -> None:
        self._rules = rules
        self._graph = graph
        self._catalogue = catalogue
        self._clock = clock
        self._conditions: list[Condition] = []
        self._numbers: dict[Asked, int] = {}
        self._results: list[int] = []
        self._cases: list[_Case] = []
        self._case_of_key: dict[tuple[int, ...], int] = {}
        self._cases_of: list[list[int]] = []
        self._read: dict[object, int] = {}
        self._extra: dict[tuple[str, str, str, datetime | None], tuple[str, ...]] = {}
        self._empty()

    def _empty(self) -> None:
        self._grants: list[Grant] = []
        self._places: dict[str, int] = {}
        self._case_at: list[int] = []
        self._keys_by_end: list[str] = []
        self._case_by_end: list[int] = []
        self._ends: list[float] = []
        self._order: list[str] | None = None
        self._order_split = -1

    # --- what there is to judge

    def load(self, grants: Sequence[Grant]) -> None:
        """Takes in the grants in place of those before, and judges them."""
        for _ in self.load_in_steps(grants):
            pass

    def load_in_steps(self, grants: Sequence[Grant], step: int = 500) -> Iterator[int]:
        """As `load`, a step at a time: gives how many are read after each; judged after the last.

        Between steps the thread may do other things; no verdict may be asked meanwhile.
        """
        self._empty()
        for start in range(0, len(grants), step):
            for grant in grants[start : start + step]:
                self._places[grant.key] = len(self._grants)
                self._grants.append(grant)
                self._case_at.append(self._case(grant))
            yield len(self._grants)
        ends = [grant.ends.timestamp() if grant.ends else _NEVER for grant in self._grants]
        by_end = sorted(range(len(ends)), key=ends.__getitem__)
        self._ends = [ends[place] for place in by_end]
        self._keys_by_end = [self._grants[place].key for place in by_end]
        self._case_by_end = [self._case_at[place] for place in by_end]
        self.refresh()

    def _case(self, grant: Grant) -> int:
        known = (grant.title, grant.institution, grant.number, grant.starts)
        extra = self._extra.get(known)
        if extra is None:
            extra = self._rules.of_scheme(grant, self._graph.reference_date)
            self._extra[known] = extra
        # Records that say the same in these fields ask the same: most are read only here.
        told = (
            *(grant.source, grant.areas, grant.employees, grant.max_employees, grant.max_capital),
            *(grant.max_established_years, grant.industries, grant.purposes is None, extra),
        )
        found = self._read.get(told)
        if found is None:
            asked: list[Asked] = [(rule, ()) for rule in extra]
            asked += asked_by(grant)
            key = tuple(dict.fromkeys(self._number(one) for one in asked))
            found = self._case_of_key.get(key)
            if found is None:
                found = self._case_of_key[key] = len(self._cases)
                self._cases.append(_Case(key))
                for number in key:
                    self._cases_of[number].append(found)
                self._judge(found)
            self._read[told] = found
        return found

    def _number(self, asked: Asked) -> int:
        number = self._numbers.get(asked)
        if number is None:
            number = self._numbers[asked] = len(self._conditions)
            condition = Condition(self._rules.rules[asked[0]], asked[1])
            self._conditions.append(condition)
            self._results.append(self._result(condition))
            self._cases_of.append([])
        return number

    # --- judging

    def refresh(self) -> int:
        """Judges anew what rests on facts that have changed; gives how many records that touches."""
        changed: set[int] = set()
        for number, condition in enumerate(self._conditions):
            result = self._result(condition)
            if result != self._results[number]:
                self._results[number] = result
                changed.update(self._cases_of[number])
        moved = {case for case in changed if self._judge(case)}
        if moved:
            self._order = None
        return sum(case in moved for case in self._case_at) if moved else 0

    def rebase(self, graph: Graph) -> int:
        """Judges everything for another graph: another company, or another day. As `refresh`."""
        self._graph = graph
        return self.refresh()

    def _result(self, condition: Condition) -> int:
        if not condition.expression:
            return _OPEN
        value = self._graph.evaluate(condition.expression).value
        return _OPEN if value is None else _YES if value is True else _NO

    def _judge(self, number: int) -> bool:
        """Works a case out; whether it came out otherwise than before."""
        case, results = self._cases[number], self._results
        worst = _YES
        for condition in case.conditions:
            result = results[condition]
            if result > worst:
                worst = result
                if worst == _NO:
                    break
        before, case.outcome = case.outcome, worst
        return before != worst

    def window(self, key: str) -> Window:
        """Whether the call is open at this moment. Raises LookupError for a key that is not loaded."""
        return _window(self._grants[self._places[key]], self._clock())

    def outcome(self, key: str) -> Eligibility:
        """The bare outcome, without reasons. Raises LookupError for a key that is not loaded."""
        place = self._places[key]
        if _window(self._grants[place], self._clock()) is Window.CLOSED:
            return Eligibility.NO
        return _WORDS[self._cases[self._case_at[place]].outcome]

    def order(self) -> list[str]:
        """The keys as a list shows them: 対象, then まだ分からない, then 対象外; inside, the next deadline
        first and no deadline last; calls that have ended at the very end, the latest first."""
        split = bisect_left(self._ends, self._clock().timestamp())
        if self._order is None or split != self._order_split:
            bins: tuple[list[str], ...] = ([], [], [])
            put = [bins[case.outcome].append for case in self._cases]
            keys = self._keys_by_end
            for key, case in zip(keys[split:], self._case_by_end[split:], strict=True):
                put[case](key)
            over = keys[split - 1 :: -1] if split else []
            self._order = [*bins[_YES], *bins[_OPEN], *bins[_NO], *over]
            self._order_split = split
        return list(self._order)

    def counts(self) -> dict[Eligibility, int]:
        """How many records whose call is not over stand how."""
        split = bisect_left(self._ends, self._clock().timestamp())
        told = [0, 0, 0]
        for case in self._case_by_end[split:]:
            told[self._cases[case].outcome] += 1
        return dict(zip(_WORDS, told, strict=True))

    # --- telling

    def verdict(self, key: str) -> Verdict:
        """The verdict with its reasons. Raises LookupError for a key that is not loaded."""
        place = self._places[key]
        grant, now = self._grants[place], self._clock()
        window = _window(grant, now)
        spoken = [Spoken(self._graph, c) for c in self._conditions_of(place)]
        outcome = _WORDS[self._cases[self._case_at[place]].outcome]
        if window is Window.CLOSED:
            outcome = Eligibility.NO
        call = window_reason(self._rules.rules, grant, window)
        reasons = [*(one.reason(outcome, window) for one in spoken)]
        ranked = sorted(reasons, key=lambda reason: (not reason.decisive, bool(not reason.gaps)))
        notes = [self._note(asked) for asked in said_by(grant)]
        whole = [call, *ranked] if call.decisive else [*ranked, call]
        deciding = [one for one in spoken if one.decides(outcome)]
        open_ = [one for one in spoken if one.value is None]
        return Verdict(
            outcome,
            (*whole, *notes),
            _changes(deciding, open_, outcome, window),
            tuple(dict.fromkeys(path for one in open_ for path in one.gaps))
            if outcome is Eligibility.OPEN
            else (),
            _minimal(gap for one in open_ for gap in one.gap_sets)
            if outcome is Eligibility.OPEN
            else (),
            window,
            any(one.provisional for one in deciding),
            any(one.unconfirmed for one in deciding),
        )

    def questions(self, key: str) -> tuple[tuple[str, FactDef], ...]:
        """The facts to ask for one grant, each with its label, kind, choices and where it is found."""
        gaps = self.verdict(key).gaps
        return tuple((path, self._catalogue.definition(path.split("@")[0])) for path in gaps)

    def explain(self, key: str) -> tuple[tuple[str, Explanation], ...]:
        """(title, explanation tree) of every condition that is worked out from facts."""
        return tuple(
            (condition.rule.title, self._graph.explain_expression(condition.expression))
            for condition in self._conditions_of(self._places[key])
            if condition.expression
        )

    def _conditions_of(self, place: int) -> list[Condition]:
        numbers = self._cases[self._case_at[place]].conditions
        return [self._conditions[number] for number in numbers]

    def _note(self, asked: Asked) -> Reason:
        condition = Condition(self._rules.rules[asked[0]], asked[1])
        return Spoken(self._graph, condition).note()


def _window(grant: Grant, now: datetime) -> Window:
    if grant.ends is not None and grant.ends < now:
        return Window.CLOSED
    if grant.starts is not None and grant.starts > now:
        return Window.UPCOMING
    return Window.OPEN


def _changes(
    deciding: list[Spoken], open_: list[Spoken], outcome: Eligibility, window: Window
) -> tuple[str, ...]:
    """What would have to be otherwise: one sentence a condition; none when the call has ended."""
    if outcome is not Eligibility.NO or window is Window.CLOSED:
        return ()
    alone = len(deciding) == 1 and not open_
    ending = "対象です。" if alone else "、この条件を満たします。"
    return tuple(dict.fromkeys(f"{c}{ending}" for one in deciding if (c := one.change())))


def _minimal(sets: Iterable[frozenset[str]]) -> tuple[frozenset[str], ...]:
    kept: list[frozenset[str]] = []
    for one in sorted(set(sets), key=lambda names: (len(names), sorted(names))):
        if not any(smaller <= one for smaller in kept):
            kept.append(one)
    return tuple(kept)
