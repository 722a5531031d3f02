"""From a condition to the sentence that says how it came out, why, and what would change it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from app.domain.grant import Grant
from app.facts.explain import Explanation
from app.facts.graph import Graph
from app.services.grants.rules import Params, Rule, filled
from app.services.grants.verdict import Eligibility, Reason, Window
from app.services.grants.wording import Shown, said

_MOST_BECAUSE: Final = 6


@dataclass(frozen=True)
class Condition:
    """A rule with a record's values put in. `expression` is "" where the record keeps silent."""

    rule: Rule
    params: Params

    @cached_property
    def expression(self) -> str:
        """The expression with the values written in."""
        return filled(self.rule.expression, self.params) if self.rule.expression else ""


class Spoken:
    """A condition as it stands in one graph, for its reason, its change and its gaps."""

    def __init__(self, graph: Graph, condition: Condition) -> None:
        self._graph = graph
        self._condition = condition
        self._rule = condition.rule
        found = graph.evaluate(condition.expression) if condition.expression else None
        self.value = None if found is None or found.value is None else found.value is True
        self.provisional = found is not None and found.provisional
        self.unconfirmed = found is not None and found.unconfirmed

    def decides(self, outcome: Eligibility) -> bool:
        """Whether this condition makes the verdict what it is."""
        return (
            self.value
            is {
                Eligibility.YES: True,
                Eligibility.NO: False,
                Eligibility.OPEN: None,
            }[outcome]
        )

    def reason(self, outcome: Eligibility, window: Window) -> Reason:
        """The reason this condition gives. When a call has ended, that alone decides."""
        decisive = self.decides(outcome) and window is not Window.CLOSED
        return self._made(decisive, self._because, self.gaps)

    def note(self) -> Reason:
        """The reason of a condition that only says something."""
        rule = self._rule
        return Reason(said(rule.yes, self._figure), rule.id, False, title=rule.title)

    def change(self) -> str:
        """What would make a condition that fails hold, as a clause: 従業員があと2名少なければ."""
        return said(self._rule.change, self._figure) if self.value is False else ""

    @cached_property
    def gap_sets(self) -> tuple[frozenset[str], ...]:
        """The minimal sets of facts that could settle this condition; () where it is known."""
        if self.value is not None or not self._condition.expression:
            return ()
        return self._graph.gaps_of(self._condition.expression)

    @cached_property
    def gaps(self) -> tuple[str, ...]:
        """The facts to ask for: the smallest set of what the rule says to ask, else the smallest."""
        asked = self._rule.ask
        sets = self.gap_sets
        chosen = next(
            (one for one in sets if one.issubset(asked)), sets[0] if sets else frozenset()
        )
        return tuple(sorted(chosen, key=lambda path: (path not in asked, path)))

    @property
    def _because(self) -> tuple[str, ...]:
        if not self._condition.expression:
            return ()
        tree = self._graph.explain_expression(self._condition.expression)
        sentences = dict.fromkeys(_sentences(tree))
        return tuple(sentences)[:_MOST_BECAUSE]

    def _made(self, decisive: bool, because: tuple[str, ...], gaps: tuple[str, ...]) -> Reason:
        rule = self._rule
        sentences = {True: rule.yes, False: rule.no, None: rule.unknown}[self.value]
        sentence = said(sentences, self._figure) or said(rule.unknown, self._figure)
        return Reason(
            sentence or f"{rule.title}の条件は、今の値では言い表せません。",
            rule.id,
            decisive,
            rule.source_sentence,
            rule.source_url,
            rule.source_note,
            rule.title,
            rule.law,
            self.value,
            because,
            gaps,
            rule.verified,
        )

    def _figure(self, name: str) -> Shown:
        """A value of the record, or a figure of the rule worked out from facts."""
        for known, value in self._condition.params:
            if known == name:
                return value
        text = self._rule.figures.get(name)
        if text is None:
            return None
        found = self._graph.evaluate(filled(text, self._condition.params)).value
        definition = self._graph.catalogue.facts.get(text)
        if isinstance(found, str) and definition is not None:
            return definition.choice_label(found)
        return found


def window_reason(rules: Mapping[str, Rule], grant: Grant, window: Window) -> Reason:
    """What the clock says of the call."""
    rule = rules[f"window.{window.name.lower()}"]
    dates: dict[str, Shown] = {"starts": grant.starts, "ends": grant.ends}
    closed = window is Window.CLOSED
    sentence = said(rule.no if closed else rule.yes, dates.get)
    holds = window is Window.OPEN or (None if window is Window.UPCOMING else False)
    return Reason(sentence, rule.id, closed, title=rule.title, holds=holds)


def _sentences(tree: Explanation) -> list[str]:
    """The sentences of what decided an expression, two levels deep: the facts, and their figures."""
    found: list[str] = []
    for child in tree.children:
        found.append(child.sentence)
        found += [below.sentence for below in child.children]
    return found
