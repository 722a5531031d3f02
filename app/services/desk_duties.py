"""What 今日 shows beside drafts and filings: the deadlines of the marked grants."""

from __future__ import annotations

from datetime import date

from app.services.obligations import MARK, Duty
from app.store.meta import Meta


def starred_duties(meta: Meta, day: date) -> list[Duty]:
    """The deadlines of the marked grants that are not over on `day`."""
    from app.services.grants.stars import Stars

    return [
        Duty(star.key, MARK, star.title, "支援 ・ 締切", star.last_day, "しるし")
        for star in Stars(meta).list()
        if star.last_day is not None and star.last_day >= day
    ]
