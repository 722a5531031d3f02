"""What a page may ask of a person on the spot so that a notice can be written: facts by their paths."""

from __future__ import annotations

from typing import NamedTuple

from app.domain.periods import month_text
from app.domain.social.decisions import Revision
from app.domain.social.grades import KENPO, KOUNEN
from app.facts.graph import Graph
from app.services.social.insurer import DEPENDANTS, REGULAR
from app.services.social.notice import Notice
from app.services.social.office import ADDRESS_SHORT, short_address_wanted
from app.services.social.people import Dependant, Person

_YES_NO = (("はい", "はい"), ("いいえ", "いいえ"))


class Ask(NamedTuple):
    """One fact that is asked: its path, name, where it stands, its kind and what may be chosen."""

    path: str
    label: str
    where: str
    kind: str
    choices: tuple[tuple[str, str], ...] = ()


def asks_of(notice: Notice, graph: Graph) -> tuple[Ask, ...]:
    """The facts whose answers let the notice be written, and those it may tell besides.

    () where nothing is missing and nothing more can be told.
    """
    person = notice.person
    leaves: list[str] = []
    if person.birth is None:
        leaves.append("birth")
    if notice.form == DEPENDANTS and isinstance(notice.content, tuple):
        who = [d for d in notice.content if isinstance(d, Dependant) and d.birth is None]
        leaves += [f"dependants[{d.member}].birth" for d in who]
    if "取得時の報酬月額" in notice.asks:
        leaves.append("social_insurance.expected_monthly")
    if any(text.startswith("従前の") for text in notice.asks):
        leaves += _held(person)
    if notice.form == REGULAR:
        leaves += _pay(notice)
    besides = _asked(person.member, _besides(notice), graph)
    named = [ask._replace(label=f"{ask.label}（なくても出せます）") for ask in besides]
    return (*_asked(person.member, leaves, graph), *named)


def _besides(notice: Notice) -> list[str]:
    """What the notice has a column for and goes without: why pay changed, the person's own income."""
    if isinstance(notice.content, Revision) and notice.content.average is not None:
        return [f"fixed_pay_reason[{notice.content.average.months[0].month}]"]
    if notice.form == DEPENDANTS and notice.event.startswith("since:"):
        return ["social_insurance.yearly_income"]
    return []


def asks_about_cover(member: str, graph: Graph) -> tuple[Ask, ...]:
    """Whether somebody hired is insured, which decides whether a notice is needed at all."""
    return _asked(member, ["social_insurance.covered"], graph)


def asks_of_office(graph: Graph) -> tuple[Ask, ...]:
    """What a person must say of the office before any of its notices can be written."""
    if not short_address_wanted(graph):
        return ()
    known = graph.catalogue.definition(ADDRESS_SHORT)
    return (Ask(ADDRESS_SHORT, known.label, known.where, known.kind),)


def _held(person: Person) -> list[str]:
    leaves = []
    if KENPO not in person.held:
        leaves.append("social_insurance.kenpo_standard")
    if KOUNEN not in person.held:
        leaves.append("social_insurance.kounen_standard")
    if not person.held_since:
        leaves.append("social_insurance.revised_month")
    return leaves


def _pay(notice: Notice) -> list[str]:
    """Pay and days of the months the notice names."""
    leaves = []
    for number in (4, 5, 6):
        month = f"{notice.event}-{number:02d}"
        if f"{month_text(month)}の給与と支払基礎日数" in notice.asks:
            leaves += [f"pay[{month}]", f"pay_days[{month}]"]
    return leaves


def _asked(member: str, leaves: list[str], graph: Graph) -> tuple[Ask, ...]:
    found = []
    for leaf in leaves:
        path = f"employees[{member}].{leaf}"
        if graph.fact(path).value is not None:
            continue
        known = graph.catalogue.definition(path)
        label = known.label
        if known.series:
            month = leaf[leaf.index("[") + 1 : -1]
            label = f"{month_text(month)}の{label.removeprefix('その月の')}"
        choices = _YES_NO if known.kind == "bool" else tuple(known.choices)
        found.append(Ask(path, label, known.where, known.kind, choices))
    return tuple(found)
