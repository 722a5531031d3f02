"""Notices that a person says were handed in on paper, so that nobody is reported twice.

What was said stays on record: who said it and when, and who took it back.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.domain.clock import JST, Clock, today
from app.domain.errors import BadInput
from app.services.social.insurer import FORM_NAMES
from app.services.social.notice import Aside, Key, day_words
from app.services.social.people import Person
from app.store.meta import Meta

_KEY = "social:on-paper"


@dataclass(frozen=True, slots=True)
class OnPaper(Aside):
    """A notice that was handed in on paper."""

    notice: Key


@dataclass(frozen=True)
class Said:
    """What was said of one notice: handed in on `day`, said by `by`. `back_at` is "" while it holds."""

    notice: Key
    day: date
    by: str
    said_at: str
    back_by: str = ""
    back_at: str = ""


class PaperNotices:
    """What has been said of the notices of one company, kept in its vault."""

    def __init__(self, meta: Meta, clock: Clock, person: str) -> None:
        self._meta, self._clock, self._person = meta, clock, person

    def all(self) -> tuple[Said, ...]:
        """Everything that was said, in order, with what was taken back."""
        rows = json.loads(self._meta.get(_KEY, "[]"))
        return tuple(_said(row) for row in rows)

    def standing(self) -> dict[Key, Said]:
        """What holds now."""
        return {said.notice: said for said in self.all() if not said.back_at}

    def say(self, key: Key, day: date) -> None:
        """Keeps that a notice was handed in on paper on `day`. Raises BadInput: the day has not come."""
        if day > today(self._clock):
            raise BadInput("paper-future", "紙で出した日は、今日までの日を入れてください。")
        if key not in self.standing():
            now = self._clock().isoformat()
            self._keep([*self.all(), Said(key, day, self._person, now)])

    def take_back(self, key: Key) -> None:
        """It was not handed in after all: the notice is needed again."""
        now, who = self._clock().isoformat(), self._person
        self._keep([
            Said(said.notice, said.day, said.by, said.said_at, who, now)
            if said.notice == key and not said.back_at
            else said
            for said in self.all()
        ])  # fmt: skip

    def lines(self, people: Iterable[Person]) -> tuple[OnPaper, ...]:
        """What holds now in words, the latest first."""
        names = {person.member: person.name for person in people}
        return tuple(
            OnPaper(said.notice[1], names.get(said.notice[1], ""), _sentence(said), said.notice)
            for said in reversed(self.standing().values())
        )

    def _keep(self, said: Sequence[Said]) -> None:
        rows = [{**one.__dict__, "day": one.day.isoformat()} for one in said]
        self._meta.set(_KEY, json.dumps(rows, ensure_ascii=False))


def _said(row: Mapping[str, Any]) -> Said:
    form, member, event = row["notice"]
    rest = {name: row[name] for name in ("by", "said_at", "back_by", "back_at")}
    return Said((form, member, event), date.fromisoformat(row["day"]), **rest)


def _sentence(said: Said) -> str:
    name = FORM_NAMES.get(said.notice[0], said.notice[0])
    written = day_words(datetime.fromisoformat(said.said_at).astimezone(JST).date())
    who = f"{said.by}さんが" if said.by else ""
    return f"{name}は、{day_words(said.day)}に紙で出しました({who}{written}に記録)。"
