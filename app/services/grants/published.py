"""What a published record asks of an applicant: (rule id, values) pairs, read without judging.

The words of the API are closed lists (app.domain.areas, app.domain.grant_words). A word that is not in
its list cannot be compared: the rule `….unread` says so. What is not told is `….untold`.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

from app.domain.areas import ABROAD, BLOCKS, NATIONWIDE, PREFECTURES, prefectures_of
from app.domain.grant import Grant, GrantSource
from app.domain.grant_words import BANDS, INDUSTRIES, NO_BAND, band_word
from app.domain.jsic import division_named
from app.services.grants.rules import Params

Asked = tuple[str, Params]
"""A rule's id and the record's values it rests on."""

_AREAS: Final = frozenset((*PREFECTURES, *BLOCKS, NATIONWIDE, ABROAD))
_WHOLE: Final = frozenset(PREFECTURES)
_TRADES: Final = frozenset(INDUSTRIES) - {"S", "T"}
"""The divisions a business can lie in: a record that lists them all leaves nobody out."""

_NAMED: Final = 5


def asked_by(grant: Grant) -> tuple[Asked, ...]:
    """Every condition of the record's own fields that decides, in the order reasons are given."""
    detailed = grant.source is GrantSource.JGRANTS
    found = [_area(grant.areas), *_employees(grant), _industry(grant.industries, detailed)]
    if grant.max_capital is not None:
        found.append(("capital.at_most", (("limit", grant.max_capital),)))
    if grant.max_established_years is not None:
        found.append(("established.at_most_years", (("limit", grant.max_established_years),)))
    if grant.purposes is None and detailed:
        found.append(("purpose.untold", ()))
    return tuple(found)


def said_by(grant: Grant) -> tuple[Asked, ...]:
    """What the record says beside its conditions: notes for a person, which decide nothing."""
    purposes = grant.purposes or ()
    told = (("purpose.told", (("purposes", named(purposes)),)),) if purposes else ()
    return (*told, ("guideline", ()))


def named(words: tuple[str, ...]) -> str:
    """The words in a row; beyond five, the first five and how many more there are."""
    more = len(words) - _NAMED
    return "、".join(words[:_NAMED]) + (f"など{len(words)}件" if more > 0 else "")


@lru_cache(maxsize=4096)
def _area(areas: tuple[str, ...]) -> Asked:
    words = tuple(dict.fromkeys(unicodedata.normalize("NFKC", area).strip() for area in areas))
    if not words:
        return "area.untold", ()
    if not _AREAS.issuperset(words):
        return "area.unread", (("areas", named(words)),)
    prefectures = prefectures_of(words)
    if prefectures == _WHOLE:
        return "area.nationwide", ()
    if not prefectures:
        return "area.abroad", ()
    ordered = tuple(name for name in PREFECTURES if name in prefectures)
    rule = "area.prefectures_or_abroad" if ABROAD in words else "area.prefectures"
    return rule, (("prefectures", ordered), ("areas", _area_names(words, ordered)))


def _area_names(words: tuple[str, ...], prefectures: tuple[str, ...]) -> str:
    """The areas as a person would name them: whole blocks by their name, then what is left."""
    covered: set[str] = set()
    names: list[str] = []
    for block, members in BLOCKS.items():
        if len(members) > 1 and set(members) <= set(prefectures):
            names.append(block)
            covered.update(members)
    names += [name for name in prefectures if name not in covered]
    return named((*names, ABROAD) if ABROAD in words else tuple(names))


def _employees(grant: Grant) -> tuple[Asked, ...]:
    if grant.max_employees is not None:
        return (("employees.at_most", (("limit", grant.max_employees),)),)
    band = band_word(unicodedata.normalize("NFKC", grant.employees).replace(" ", ""))
    if not band:
        # ミラサポplus writes a number where there is a limit, and nothing where there is none.
        silent = grant.source is GrantSource.JGRANTS
        return (("employees.untold", ()),) if silent else (("employees.any", ()),)
    if band == NO_BAND:
        return (("employees.any", ()),)
    if band not in BANDS:
        return (("employees.unread", (("band", band),)),)
    least, most = BANDS[band]
    if most is not None:
        return (("employees.at_most", (("limit", most),)),)
    return (("employees.at_least", (("limit", least),)),)


@lru_cache(maxsize=4096)
def _industry(industries: tuple[str, ...] | None, detailed: bool) -> Asked:
    if industries is None:
        # Jグランツ tells the industries in the detail only; a scheme of ミラサポplus has no more to fetch.
        return "industry.untold" if detailed else "industry.unwritten", ()
    letters = {division_named(name) for name in industries}
    if None in letters:
        return "industry.unread", (("industries", named(industries)),)
    if not letters or letters >= _TRADES:
        return "industry.any", ()
    ordered = tuple(letter for letter in INDUSTRIES if letter in letters)
    names = named(tuple(INDUSTRIES[letter] for letter in ordered))
    return "industry.divisions", (("divisions", ordered), ("industries", names))
