"""支援 for one open company: the kept copy, its verdicts, stars, and what is asked on the spot.

The kept copy is public and shared by all companies; what a company stars, asks or answers stays in
its vault. Verdicts belong to the thread of the fact graph; `search`, `refresh`, `fetch` and
`save_file` may run on any.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.clock import JST, Clock
from app.domain.errors import Known
from app.domain.grant import Grant, GrantDetail, GrantQuery, GrantSource
from app.domain.grant_words import INDUSTRIES, PURPOSES
from app.facts.graph import Graph
from app.facts.paths import normal
from app.services.connectors.jgrants import ATTRIBUTION, PROCESSED
from app.services.grants.changes import in_words
from app.services.grants.keeping import REFRESHED, take_shipped
from app.services.grants.sheet import (
    INELIGIBLE,
    UNKNOWN,
    Ask,
    Condition,
    Counts,
    GrantLine,
    GrantSheet,
    Kept,
)
from app.services.grants.stars import Star, Stars
from app.services.grants.verdict import Eligibility, Reason, Verdict, Window

if TYPE_CHECKING:
    from app.facts.catalogue import Catalogue
    from app.services.grants.keeping import GrantKeeping, Keeper, RefreshReport
    from app.services.grants.matching import Matching
    from app.store.meta import Meta
    from app.store.public_data import PublicData

CATEGORIES = ("給付・補助金", "金融", "税制", "許認可", "サービス")
_STEP_MS = 5
_MOST = 1_000_000
MIRASAPO_CREDIT = "出典：中小企業庁「ミラサポplus」制度ナビ(2023年10月時点)"


class GrantsDesk:
    """Everything the page 支援 asks for."""

    def __init__(
        self,
        public: PublicData,
        keeping: Callable[[], GrantKeeping],
        shipped: Path,
        documents: Keeper,
        matching: Matching,
        graph: Graph,
        catalogue: Catalogue,
        meta: Meta,
        clock: Clock,
        answer: Callable[[str, str], object],
        procedure_for: Callable[[Grant], str],
    ) -> None:
        """`procedure_for` gives the id of the procedure that applies for a grant, "" for none.

        `keeping` is made at the first fetch, so that nothing is asked (and no town started) before.
        """
        self._public = public
        self._keeping = keeping
        self._shipped = shipped
        self._documents = documents
        self._matching = matching
        self._graph = graph
        self._catalogue = catalogue
        self._stars = Stars(meta)
        self._clock = clock
        self._answer = answer
        self._procedure_for = procedure_for
        self._steps: Iterator[int] | None = None
        self._loaded = -1
        self._ready = False
        self._marks: list[Star] | None = None
        self._lock = threading.Lock()

    # --- verdicts, on the graph's thread

    def read(self) -> None:
        """Reads the kept copy into memory, on any thread, so that `prepare` need not wait for it."""
        self._public.grants()

    def prepare(self) -> bool:
        """Brings the verdicts up to date, a slice at a time; True when they all are."""
        version = self._public.version()
        if self._steps is None and version != self._loaded:
            self._ready = False
            self._loaded = version
            self._steps = self._matching.load_in_steps(self._public.grants(), _STEP_MS)
            return False
        if self._steps is not None:
            if next(self._steps, None) is not None:
                return False
            self._steps = None
            self._ready = True
            return True
        self._matching.refresh()
        return True

    def counts(self) -> Counts:
        """How many grants whose call is not over stand how; zeros until they are judged."""
        if not self._ready:
            return Counts(0, 0, 0, 0)
        told = self._matching.counts()
        return Counts(
            sum(told.values()),
            told[Eligibility.YES],
            told[Eligibility.OPEN],
            told[Eligibility.NO],
        )

    def order(self, among: frozenset[str] | None, outcome: str) -> Sequence[str]:
        """The keys to list: 対象, まだ分からない, 対象外, each by the next deadline."""
        if not self._ready:
            return ()
        keys = self._matching.order(Eligibility(outcome) if outcome else None)
        return keys if among is None else [key for key in keys if key in among]

    def line(self, key: str) -> GrantLine:
        """One row of the list."""
        grant = self._grant(key)
        verdict = self._matching.verdict(key)
        return self._line(grant, verdict)

    def sheet(self, key: str) -> GrantSheet:
        """One grant opened, from what is kept; nothing is fetched."""
        grant = self._grant(key)
        verdict = self._matching.verdict(key)
        detail = self._public.detail(key)
        mirasapo = grant.source is GrantSource.MIRASAPO
        line = self._line(grant, verdict)
        return GrantSheet(
            line=line,
            subtitle=" ・ ".join(part for part in _subtitle(grant, detail) if part),
            figures=_figures(grant, detail),
            why=_why(verdict),
            conditions=tuple(_condition(reason) for reason in verdict.reasons),
            changes=verdict.changes,
            asks=tuple(ask for path in verdict.gaps if (ask := self._ask(path)) is not None),
            differences=tuple(in_words(change) for change in self._public.changes(key)),
            body=self._clean(detail),
            body_note=_body_note(detail),
            rounds=detail.rounds if detail else (),
            files=detail.files if detail else (),
            links=detail.links if detail else (),
            page_url=detail.page_url if detail else "",
            credit=MIRASAPO_CREDIT if mirasapo else f"{ATTRIBUTION}。{PROCESSED}",
            door_sentence=_door(grant),
            procedure_id=self._procedure_for(grant),
        )

    def answer(self, path: str, text: str) -> None:
        """States a fact as typed; all verdicts follow. Raises Known."""
        self._answer(path, text)
        self._matching.refresh()

    def employees(self) -> int | None:
        """The company's number of employees, None while it is not known."""
        value = self._graph.fact("company.employee_count").value
        return value if isinstance(value, int) else None

    def words(self) -> tuple[Sequence[str], Sequence[str], Sequence[str]]:
        """Purposes, industries and kinds that can be chosen."""
        return PURPOSES, tuple(INDUSTRIES.values()), CATEGORIES

    # --- stars

    def starred(self) -> list[Star]:
        """The marked grants, the next deadline first."""
        with self._lock:
            if self._marks is None:
                self._marks = self._stars.list()
            return list(self._marks)

    def star(self, key: str, on: bool) -> None:
        """Marks a grant, or takes the mark off; kept in the vault."""
        stars = [star for star in self.starred() if star.key != key]
        if on:
            grant = self._grant(key)
            stars.append(Star(key, grant.title, grant.ends))
        self._stars.keep(stars)
        with self._lock:
            self._marks = None

    def _starred_keys(self) -> frozenset[str]:
        return frozenset(star.key for star in self.starred())

    # --- the kept copy, on any thread

    def kept(self) -> Kept:
        """What is kept, in a sentence."""
        text = self._public.note(REFRESHED)
        at = datetime.fromisoformat(text) if text else None
        count = self._public.count()
        if at is None:
            said = (
                "募集はまだ取り込んでいません。\u200b「新しくする」で Jグランツから取り込みます。"
            )
            return Kept(said, None, count)
        day = at.astimezone(JST)
        said = f"{day.month}月{day.day}日 {day:%H:%M} に取り込みました。\u200bネットがなくても見られます。"
        return Kept(said, at, count)

    def take_shipped(self) -> None:
        """Takes the schemes that came with the program into the copy; at once where they are there."""
        take_shipped(self._public, self._shipped, self._clock)

    def search(self, query: GrantQuery) -> frozenset[str] | None:
        """The keys a query finds; None where it narrows nothing."""
        among = self._starred_keys() if query.starred_only else None
        if query == GrantQuery():
            return None
        return frozenset(self._public.search(query, _MOST, 0, among).keys)

    def refresh(self, progress: Callable[[int, int], None], stop: Callable[[], bool]) -> str:
        """Fetches what changed; gives a sentence of what came. Raises Known."""
        report = self._keeping().refresh(progress, stop)
        return f"{_told(report)}\u200b{self.kept().sentence}"

    def fetch(self, key: str) -> bool:
        """Fetches a grant's text when it is not kept or is older than its record; True when it is new."""
        if not key.startswith("jgrants:") or self._public.detail_is_current(key):
            return False
        self._keeping().refresh_one(key)
        return True

    def save_file(self, key: str, kind: str, name: str) -> str:
        """Keeps a file of the publisher in the vault; gives a sentence. Raises Known."""
        self._keeping().save_file(key, kind, name, self._documents)
        return f"{name} を書類庫に入れました。"

    # --- parts

    def _grant(self, key: str) -> Grant:
        grant = self._public.get(key)
        if grant is None:
            raise Known("grant-gone", "この募集は、もう取り込みの中にありません。")
        return grant

    def _line(self, grant: Grant, verdict: Verdict) -> GrantLine:
        outcome = verdict.outcome.value
        return GrantLine(
            grant.key,
            grant.title,
            " ・ ".join((_limit(grant.max_limit), _ends(grant, verdict.window))),
            self._reason(verdict),
            outcome,
            grant.key in self._starred_keys(),
            False,
            grant.practice,
        )

    def _reason(self, verdict: Verdict) -> str:
        if verdict.outcome == UNKNOWN and verdict.gaps:
            names = "、".join(self._label(path) for path in verdict.gaps[:3])
            return f"あと {len(verdict.gaps)}つ: {names}"
        decisive = [r for r in verdict.reasons if r.decisive]
        if verdict.outcome == INELIGIBLE and decisive:
            return decisive[0].sentence
        if verdict.outcome == UNKNOWN and decisive:
            return decisive[0].sentence
        held = sum(r.holds is True for r in verdict.reasons)
        return f"{held}つの条件をすべて満たしています"

    def _label(self, path: str) -> str:
        definition = self._catalogue.facts.get(normal(path))
        return definition.label if definition else path

    def _ask(self, path: str) -> Ask | None:
        definition = self._catalogue.facts.get(normal(path))
        if definition is None or "[" in path:
            return None
        choices = tuple(definition.choices)
        if definition.kind == "bool":
            choices = (("はい", "はい"), ("いいえ", "いいえ"))
        return Ask(path, definition.label, definition.where, definition.kind, choices)

    def _clean(self, detail: GrantDetail | None) -> str:
        if detail is None or not detail.body:
            return ""
        from app.services.grants.clean import shown_html

        return shown_html(detail)


def _told(report: RefreshReport) -> str:
    if report.fault:
        return f"途中まで取り込みました。{report.fault}"
    if report.stopped:
        return "途中でやめました。続きは、次に取り込みます。"
    return f"新しいもの {len(report.new)}件、変わったもの {len(report.changed)}件です。"


def _condition(reason: Reason) -> Condition:
    notes = list(reason.because)
    if reason.law:
        notes.append(reason.law)
    if not reason.verified:
        notes.append("公募要領とは照らし合わせていない条件です。")
    return Condition(
        reason.sentence,
        " ".join(notes),
        reason.holds,
        "",
        reason.source_sentence,
        reason.source_url,
    )


def _why(verdict: Verdict) -> str:
    if verdict.outcome == UNKNOWN:
        count = len(verdict.gaps)
        return (
            f"あと {count}つ分かれば、決まります。"
            if count
            else "募集に書かれていない条件があります。"
        )
    if verdict.outcome == INELIGIBLE:
        return "満たしていない条件があります。"
    tail = "(まだ確かめていない値を使っています)" if verdict.unconfirmed else ""
    return f"分かっている条件を、すべて満たしています。{tail}"


def _subtitle(grant: Grant, detail: GrantDetail | None) -> tuple[str, ...]:
    mark = "練習" if grant.practice else ""
    kind = detail.type_name if detail else ""
    return mark, grant.number, kind, grant.institution, "、".join(grant.areas[:3])


def _figures(grant: Grant, detail: GrantDetail | None) -> tuple[tuple[str, str], ...]:
    limit = f"{grant.max_limit:,}円" if grant.max_limit else "書かれていません"
    ends = _day(grant.ends) if grant.ends else "決まっていません"
    rate = detail.rate if detail and detail.rate else "書かれていません"
    door = "jGrants の画面" if grant.source is GrantSource.JGRANTS else "案内のページ"
    return ("上限", limit), ("補助率", rate), ("締切", ends), ("入口", door)


def _limit(yen: int | None) -> str:
    if not yen:
        return "上限は書かれていません"
    return f"上限 {yen // 10_000:,}万円" if yen % 10_000 == 0 else f"上限 {yen:,}円"


def _ends(grant: Grant, window: Window) -> str:
    if grant.ends is None:
        return "締切なし"
    day = grant.ends.astimezone(JST).date()
    if window is Window.CLOSED:
        return f"{_short(day)} に終わりました"
    if window is Window.UPCOMING and grant.starts:
        return f"{_short(grant.starts.astimezone(JST).date())} から ・ 締切 {_short(day)}"
    return f"締切 {_short(day)}"


def _short(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _day(moment: datetime) -> str:
    local = moment.astimezone(JST)
    week = "月火水木金土日"[local.weekday()]
    return f"{local.year}年{local.month}月{local.day}日({week}) {local:%H:%M}"


def _body_note(detail: GrantDetail | None) -> str:
    if detail is None:
        return "内容はまだ取り込んでいません。ネットにつながると、ここに出ます。"
    return "" if detail.body else "発行元は、内容を書いていません。"


def _door(grant: Grant) -> str:
    if grant.source is GrantSource.MIRASAPO:
        return "申し込みは、案内のページから。"
    return "申請は jGrants の画面で。\u200b押すのはあなたです。"
