"""A grant or support scheme as its publisher tells it: plain values, no verdicts.

jGrants records follow the public API of the Digital Agency (list v1, detail v1 and v2); schemes of
ミラサポplus (service categories 金融, 税制, 給付・補助金, 許認可, サービス) take the same shape. What a
publisher does not tell is None, never a guess: a list record says nothing of industry and purpose.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class GrantSource(StrEnum):
    """Who published the record."""

    JGRANTS = "jgrants"
    MIRASAPO = "mirasapo"


@dataclass(frozen=True)
class GrantFile:
    """A file of the publisher. `kind` is guideline, outline or form; the bytes are fetched when wanted."""

    kind: str
    name: str
    size: int | None = None


@dataclass(frozen=True)
class GrantRound:
    """One call for applications (jGrants v2 `workflow`); times are aware, UTC."""

    id: str
    name: str
    areas: tuple[str, ...] = ()
    area_detail: str = ""
    starts: datetime | None = None
    ends: datetime | None = None
    project_ends: datetime | None = None


@dataclass(frozen=True)
class Grant:
    """What search, matching and the list need.

    `key` is unique over sources ("jgrants:a0W…"); `max_limit` is yen, None where no limit is told
    (the API's 0 and null); `areas` are names of `app.domain.areas` as published, empty = not told;
    `employees` is one of the API's bands, "" = not told; `industries` and `purposes` are None where
    the record does not tell them, () where it says that all do; `max_capital` is yen and
    `max_established_years` years since the founding, both of ミラサポplus only; `category` is
    給付・補助金, 金融, 税制, 許認可 or サービス.
    """

    key: str
    source: GrantSource
    id: str
    title: str
    number: str = ""
    institution: str = ""
    category: str = "給付・補助金"
    areas: tuple[str, ...] = ()
    employees: str = ""
    max_employees: int | None = None
    max_capital: int | None = None
    max_established_years: int | None = None
    max_limit: int | None = None
    starts: datetime | None = None
    ends: datetime | None = None
    industries: tuple[str, ...] | None = None
    purposes: tuple[str, ...] | None = None
    practice: bool = False


@dataclass(frozen=True)
class GrantDetail:
    """What opening one grant shows. `body` is the publisher's HTML (or Markdown), hostile until cleaned."""

    grant: Grant
    catch_phrase: str = ""
    body: str = field(default="", repr=False)
    body_kind: str = "html"
    area_detail: str = ""
    rate: str = ""
    type_name: str = ""
    reception: str = ""
    several_requests: bool | None = None
    page_url: str = ""
    project_ends: datetime | None = None
    rounds: tuple[GrantRound, ...] = ()
    files: tuple[GrantFile, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    inquiry: str = ""


@dataclass(frozen=True)
class GrantChange:
    """A difference between two published versions of one record, seen by a refresh."""

    key: str
    field: str
    before: str
    after: str
    seen_at: datetime


@dataclass(frozen=True)
class GrantQuery:
    """What is searched for; empty parts do not narrow. All words must occur (width, case and kana folded).

    `areas` are prefectures or 全国 (a prefecture also finds its block and 全国); `deadline_from` and
    `deadline_to` bound `ends`; `open_at` keeps what can be applied for at that moment; amounts are yen.
    """

    words: str = ""
    areas: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    employees: int | None = None
    amount_from: int | None = None
    amount_to: int | None = None
    deadline_from: datetime | None = None
    deadline_to: datetime | None = None
    open_at: datetime | None = None
    starred_only: bool = False
