"""What a 決定通知書 decided, as values for the facts: which member, which fact, from when.

Standard remuneration counts from the month the notice names (健康保険法41条・43条, 厚生年金保険法21条・23条),
not from the day of the decision.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from app.domain.periods import first_day
from app.domain.social.grades import KENPO, KOUNEN, SCHEME_NAMES
from app.facts.record import BLANK, Origin, Value
from app.services.official_documents import DecidedValue
from app.services.social.comparing import Pair
from app.services.social.decision_reading import DecidedPerson
from app.services.social.filed import keys_in
from app.services.social.filed_people import FiledPerson
from app.services.social.insurer import ACQUISITION, DEPENDANTS, REGULAR, REVISION
from app.store.rows import FilingRow

_STANDARD = {KENPO: "kenpo_standard", KOUNEN: "kounen_standard"}


def members_of(row: FilingRow, form: str, filed: Sequence[FiledPerson]) -> dict[int, str]:
    """The member of the facts behind each record of a filing, by the record's place.

    One notice of 被扶養者届 may have several records in a row. {} where notices and records do not fit.
    """
    members = [key[1] for key in keys_in(row.facts)]
    places: list[list[int]] = []
    before: FiledPerson | None = None
    for person in filed:
        again = before is not None and form == DEPENDANTS and _who(person) == _who(before)
        if again and len(places) + (len(filed) - person.place) >= len(members):
            places[-1].append(person.place)
        else:
            places.append([person.place])
        before = person
    if len(places) != len(members):
        return {}
    return {n: member for here, member in zip(places, members, strict=True) for n in here}


def _who(person: FiledPerson) -> tuple[object, ...]:
    return person.number, person.kana, person.birth


def decided_values(
    form: str, pairs: Iterable[Pair], members: Mapping[int, str]
) -> Iterator[DecidedValue]:
    """The values of everybody who is known to the facts; nobody else's figures are anybody's fact."""
    for filed, decided in pairs:
        if filed is None or decided is None or filed.place not in members:
            continue
        start = f"employees[{members[filed.place]}].social_insurance"
        if form == ACQUISITION and decided.number:
            since = decided.day
            yield DecidedValue(
                "被保険者整理番号", f"{start}.number", decided.number, decided.number,
                valid_from=since,
            )  # fmt: skip
        if form in (ACQUISITION, REVISION, REGULAR) and decided.month and decided.amounts:
            yield from _remuneration(start, filed, decided)


def _remuneration(start: str, filed: FiledPerson, decided: DecidedPerson) -> Iterator[DecidedValue]:
    since = first_day(decided.month)
    for scheme, yen in decided.amounts.items():
        label = f"標準報酬月額（{SCHEME_NAMES[scheme]}）"
        path = f"{start}.{_STANDARD[scheme]}"
        yield DecidedValue(label, path, yen, f"{yen // 1000}千円", valid_from=since)
    month = f"{start}.revised_month"
    yield DecidedValue("改定月", month, decided.month, decided.when, valid_from=since)
    if filed.reported is None or filed.kept:
        return  # the former 報酬月額 stays the one that is judged by
    as_filed = all(filed.expected.get(s) == yen for s, yen in decided.amounts.items())
    # Where the office decided otherwise, the 報酬月額 it went by is not known: better none than a wrong one.
    told: Value = filed.reported if as_filed else BLANK
    yield DecidedValue(
        "報酬月額",
        f"{start}.original_monthly",
        told,
        f"{filed.reported:,}円" if as_filed else "",
        valid_from=since,
        origin=Origin.FILING if as_filed else Origin.DOCUMENT,
    )
