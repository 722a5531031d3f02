"""What 今日 shows beside drafts and filings: deadlines of marked grants, notices that are needed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from app.domain.errors import BadInput
from app.services.obligations import MARK, Duty
from app.store.meta import Meta

if TYPE_CHECKING:
    from app.services.social.desk import SocialDesk


def starred_duties(meta: Meta, day: date) -> list[Duty]:
    """The deadlines of the marked grants that are not over on `day`."""
    from app.services.grants.stars import Stars

    return [
        Duty(star.key, MARK, star.title, "支援 ・ 締切", star.last_day, "しるし")
        for star in Stars(meta).list()
        if star.last_day is not None and star.last_day >= day
    ]


def notice_duties(social: SocialDesk) -> list[Duty]:
    """The notices of social and labour insurance that are needed, once the insurer is known.

    Where a legal table does not reach the day, the page of the notices says so; 今日 goes on.
    """
    from app.services.social.duties import social_duties

    if social.insurer() is None:
        return []
    try:
        return social_duties(social.needs())
    except BadInput:
        return []
