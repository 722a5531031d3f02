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
from itertools import compress
from time import perf_counter
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
_MASKS: Final = tuple(bytes(byte == wanted for byte in range(256)) for wanted in (_YES, _OPEN, _NO))
"""For each outcome the table that makes 1 of it and 0 of the others."""
_NEVER: Final = datetime.max.replace(tzinfo=UTC).timestamp()


class Pace:
    """Tells when a step has lasted long enough."""

    def __init__(self, milliseconds: float) -> None:
        self._length = milliseconds / 1e3
        self._begun = perf_counter()

    def over(self) -> bool:
        """Whether it has; then the next step begins."""
        now = perf_counter()
        if now - self._begun < self._length:
            return False
        self._begun = now
        return True


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
        self._records_of: list[int] = []
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
        self._order: tuple[list[str], ...] | None = None
        self._order_split = -1
        self._records_of = [0] * len(self._cases)

    # --- what there is to judge

    def load(self, grants: Sequence[Grant]) -> None:
        """Takes in the grants in place of those before, and judges them."""
        for _ in self.load_in_steps(grants):
            pass

    def load_in_steps(self, grants: Sequence[Grant], milliseconds: float = 1e9) -> Iterator[int]:
        """As `load`, in steps of about so many milliseconds: gives how many are read after each.

        All are judged after the last step. Between steps the thread may do other things; no verdict
        may be asked meanwhile.
        """
        self._empty()
        ends: list[float] = []
        pace = Pace(milliseconds)
        for grant in grants:
            self._places[grant.key] = len(self._grants)
            self._grants.append(grant)
            ends.append(grant.ends.timestamp() if grant.ends else _NEVER)
            told = self._told(grant)
            case = self._read.get(told)
            if case is None:  # each new condition is compiled: some are a step of their own
                asked = [*((rule, ()) for rule in self._extra_of(grant)), *asked_by(grant)]
                for one in asked:
                    self._number(one)
                    if pace.over():
                        yield len(self._grants)
                case = self._read[told] = self._case(asked)
            self._case_at.append(case)
            self._records_of[case] += 1
            if pace.over():
                yield len(self._grants)
        by_end = sorted(range(len(ends)), key=ends.__getitem__)
        self._ends = [ends[place] for place in by_end]
        yield len(self._grants)
        self._keys_by_end = [self._grants[place].key for place in by_end]
        self._case_by_end = [self._case_at[place] for place in by_end]
        yield len(self._grants)
        self.refresh()

    def _case(self, asked: Sequence[Asked]) -> int:
        key = tuple(dict.fromkeys(self._number(one) for one in asked))
        found = self._case_of_key.get(key)
        if found is None:
            found = self._case_of_key[key] = len(self._cases)
            self._cases.append(_Case(key))
            self._records_of.append(0)
            for number in key:
                self._cases_of[number].append(found)
            self._judge(found)
        return found

    def _told(self, grant: Grant) -> tuple[object, ...]:
        """Records that say the same in these fields ask the same: most are read only here."""
        return (
            *(grant.source, grant.areas, grant.employees, grant.max_employees, grant.max_capital),
            *(grant.max_established_years, grant.industries, grant.purposes is None),
            self._extra_of(grant),
        )

    def _extra_of(self, grant: Grant) -> tuple[str, ...]:
        known = (grant.title, grant.institution, grant.number, grant.starts)
        extra = self._extra.get(known)
        if extra is None:
            extra = self._rules.of_scheme(grant, self._graph.reference_date)
            self._extra[known] = extra
        return extra

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
        return sum(self._records_of[case] for case in moved)

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

    def order(self, outcome: Eligibility | None = None) -> list[str]:
        """The keys as a list shows them: 対象, then まだ分からない, then 対象外; inside, the next deadline
        first and no deadline last; calls that have ended at the very end, the latest first.

        With `outcome` only the keys of that one, in the same order.
        """
        split = bisect_left(self._ends, self._clock().timestamp())
        if self._order is None or split != self._order_split:
            keys = self._keys_by_end[split:]
            told = bytes([case.outcome for case in self._cases])
            stand = bytes(map(told.__getitem__, self._case_by_end[split:]))
            bins = [list(compress(keys, stand.translate(mask))) for mask in _MASKS]
            over = self._keys_by_end[split - 1 :: -1] if split else []
            self._order = (bins[_YES], bins[_OPEN], [*bins[_NO], *over])
            self._order_split = split
        if outcome is not None:
            return list(self._order[_WORDS.index(outcome)])
        return [*self._order[_YES], *self._order[_OPEN], *self._order[_NO]]

    def counts(self) -> dict[Eligibility, int]:
        """How many records whose call is not over stand how."""
        split = bisect_left(self._ends, self._clock().timestamp())
        told = [0, 0, 0]
        outcomes = [case.outcome for case in self._cases]
        for case in self._case_by_end[split:]:
            told[outcomes[case]] += 1
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
