"""Filed against decided, person by person: differences first, each with both figures and what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from app.domain.era import wareki_text
from app.domain.kana import to_half_kana
from app.domain.periods import month_text
from app.domain.social.grades import KENPO, KOUNEN, SCHEME_NAMES
from app.services.social.decision_reading import WHEN, DecidedNotice, DecidedPerson
from app.services.social.filed_people import FiledPerson
from app.services.social.insurer import ACQUISITION, BONUS, DEPENDANTS, LOSS

_SCHEMES = (KENPO, KOUNEN)


class Outcome(StrEnum):
    """What came of comparing one person."""

    DIFFERS = "differs"
    ONLY_FILED = "only-filed"
    ONLY_DECIDED = "only-decided"
    SAME = "same"


_ORDER = list(Outcome)


@dataclass(frozen=True)
class ComparedCell:
    """One thing of a person: as it was filed (or expected from what was), and as it was decided."""

    label: str
    filed: str = field(repr=False)
    decided: str = field(repr=False)
    differs: bool
    new: bool = False


@dataclass(frozen=True)
class ComparedPerson:
    """One person, `member` "" where the facts do not know them. `sentence` says what to do ("" for same)."""

    member: str
    name: str = field(repr=False)
    number: str
    outcome: Outcome
    cells: tuple[ComparedCell, ...]
    sentence: str


@dataclass(frozen=True)
class Comparison:
    """A 決定通知書 beside the notice it answers. `people` have the differences first."""

    filing_id: str
    document_id: str
    title: str
    decided_on: date | None
    people: tuple[ComparedPerson, ...]
    doubts: tuple[str, ...]

    @property
    def differing(self) -> int:
        """How many people were not decided as filed."""
        return sum(p.outcome is not Outcome.SAME for p in self.people)

    @property
    def sentence(self) -> str:
        """The whole in one sentence."""
        if not self.differing and not self.doubts:
            return f"{len(self.people)}人とも、届のとおりに決まりました。"
        if not self.differing:
            return f"読めた{len(self.people)}人は届のとおりです。読めない所を確かめてください。"
        return f"{len(self.people)}人のうち{self.differing}人が、届とちがいます。"


Pair = tuple[FiledPerson | None, DecidedPerson | None]


def compare(
    filing_id: str,
    document_id: str,
    form: str,
    filed: Sequence[FiledPerson],
    decided: DecidedNotice,
    members: Mapping[int, str],
) -> Comparison:
    """`members` are the keys of the facts' members by the place of their record in the file."""
    people = [_person(form, *pair, members) for pair in pairs(filed, decided.people)]
    people.sort(key=lambda p: _ORDER.index(p.outcome))
    return Comparison(
        filing_id, document_id, decided.title, decided.decided_on, tuple(people), decided.doubts
    )


def pairs(filed: Sequence[FiledPerson], decided: Sequence[DecidedPerson]) -> list[Pair]:
    """Who is who: by number, name, birth and day together, then by ever less, never by a guess.

    A key that several people share joins none of them; only records that are alike in everything
    (the lines of one 被扶養者届) go together in their order.
    """
    left, right = dict(enumerate(filed)), dict(enumerate(decided))
    joined: dict[int, DecidedPerson] = {}
    for key_of in _KEYS:
        ours, theirs = _grouped(left, key_of), _grouped(right, key_of)
        for key in ours.keys() & theirs.keys():
            one, other = ours[key], theirs[key]
            if len(one) != len(other) or (len(one) > 1 and key_of is not _all):
                continue
            for n, k in zip(one, other, strict=True):
                joined[n] = right.pop(k)
                del left[n]
    found: list[Pair] = [(person, joined.get(n)) for n, person in enumerate(filed)]
    return [*found, *((None, person) for person in right.values())]


_Key = tuple[object, ...] | None
_Either = FiledPerson | DecidedPerson


def _grouped(
    people: Mapping[int, _Either], key_of: Callable[[_Either], _Key]
) -> dict[_Key, list[int]]:
    found: dict[_Key, list[int]] = {}
    for place, person in people.items():
        key = key_of(person)
        if key is not None:
            found.setdefault(key, []).append(place)
    return found


def _number(person: _Either) -> str:
    return person.number.lstrip("0")


def _all(person: _Either) -> _Key:
    return (_number(person), half(person.kana), person.birth, person.day, person.month)


def _same_person(person: _Either) -> _Key:
    return (_number(person), half(person.kana), person.birth) if person.birth else None


def _name_and_birth(person: _Either) -> _Key:
    return (half(person.kana), person.birth) if person.birth and person.kana else None


def _numbered(person: _Either) -> _Key:
    return (_number(person),) if _number(person) else None


_KEYS: tuple[Callable[[_Either], _Key], ...] = (_all, _same_person, _name_and_birth, _numbered)


def half(kana: str) -> str:
    """A name for comparing: half-width kana, one space."""
    return " ".join(to_half_kana(kana).split())


def _person(
    form: str,
    filed: FiledPerson | None,
    decided: DecidedPerson | None,
    members: Mapping[int, str],
) -> ComparedPerson:
    member = members.get(filed.place, "") if filed else ""
    if filed is None or decided is None:
        one = filed or decided
        assert one is not None
        outcome = Outcome.ONLY_DECIDED if filed is None else Outcome.ONLY_FILED
        return ComparedPerson(member, one.name, one.number, outcome, (), _ALONE[outcome])
    cells = tuple(_cells(form, filed, decided))
    other = [cell for cell in cells if cell.differs]
    return ComparedPerson(
        member,
        filed.name or decided.name,
        decided.number or filed.number,
        Outcome.DIFFERS if other else Outcome.SAME,
        cells,
        _advice(form, filed, other),
    )


_ALONE = {
    Outcome.ONLY_FILED: "届に書いた人が、通知書にありません。通知書の続きがないか確かめ、年金事務所に問い合わせてください。",
    Outcome.ONLY_DECIDED: "届に書いていない人が、通知書にあります。別の届の通知書でないか確かめ、年金事務所に問い合わせてください。",
}


def _cells(form: str, filed: FiledPerson, decided: DecidedPerson) -> Iterable[ComparedCell]:
    number = _number(filed) != _number(decided)
    given = form == ACQUISITION and not filed.number and bool(decided.number)
    if form == ACQUISITION or number:
        yield ComparedCell(
            "被保険者整理番号",
            filed.number or "（まだない）",
            decided.number or "（なし）",
            number and not given,
            given,
        )
    if half(filed.kana) != half(decided.kana):
        yield ComparedCell("氏名フリガナ", filed.kana, decided.kana, True)
    if filed.birth != decided.birth:
        yield ComparedCell("生年月日", _day(filed.birth), _day(decided.birth), True)
    if form == DEPENDANTS:
        differs = filed.change != decided.when
        yield ComparedCell(WHEN[form], filed.change, decided.when, differs)
    elif form in (ACQUISITION, LOSS, BONUS):
        differs = filed.day != decided.day
        yield ComparedCell(WHEN[form], _day(filed.day), _day(decided.day), differs)
    elif filed.month != decided.month:
        yield ComparedCell(WHEN[form], _month(filed.month), _month(decided.month), True)
    for scheme in _SCHEMES:
        ours, theirs = filed.expected.get(scheme), decided.amounts.get(scheme)
        if ours is None and theirs is None:
            continue
        what = "標準賞与額" if form == BONUS else "標準報酬月額"
        label = f"{what}（{SCHEME_NAMES[scheme]}）"
        yield ComparedCell(label, _yen(ours), _yen(theirs), ours != theirs)


def _advice(form: str, filed: FiledPerson, other: Sequence[ComparedCell]) -> str:
    """Both figures of each difference, where ours comes from, and what to do."""
    if not other:
        return ""
    told = "".join(f"{c.label}は、届では{c.filed}、決定では{c.decided}です。" for c in other)
    amounts = [c for c in other if c.label.startswith("標準")]
    if amounts and filed.reported is not None:
        what = "賞与額" if form == BONUS else "報酬月額"
        if filed.kept:
            told += "対象になる月がないので、従前の額を見込みました。"
        else:
            told += f"届では{what}{filed.reported:,}円から見込みました。"
        if form == BONUS:
            told += "年度や同じ月の累計の上限によることがあります。"
    if amounts:
        return (
            f"{told}賃金台帳と届の額を見直してください。届が正しければ年金事務所に問い合わせ、"
            "届がちがっていれば訂正の届を出してください。"
        )
    return f"{told}通知書と会社の記録を見比べ、届がちがっていれば訂正の届を出してください。"


def _day(day: date | None) -> str:
    return wareki_text(day) if day else "（なし）"


def _month(month: str) -> str:
    return month_text(month) if month else "（なし）"


def _yen(yen: int | None) -> str:
    return "（なし）" if yen is None else f"{yen // 1000:,}千円"
