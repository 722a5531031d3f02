"""The notices that are needed, as lines of 今日: one a form and day they are due on."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from app.services.obligations import NOTICES, Duty
from app.services.social.insurer import CSV_FORMS, FORM_NAMES
from app.services.social.notice import Needs, Notice

UNDATED = "速やかに"


class DueNotices(NamedTuple):
    """Notices of one form due on one day (None: the law says 速やかに), in the order of `Needs`."""

    form: str
    due: date | None
    notices: tuple[Notice, ...]

    @property
    def name(self) -> str:
        """What the form is called."""
        return FORM_NAMES[self.form]

    @property
    def waiting(self) -> int:
        """How many of them lack a fact."""
        return sum(bool(n.asks) for n in self.notices)


def by_form_and_day(needs: Needs) -> tuple[DueNotices, ...]:
    """The notices by form and legal last day, soonest first; those without a day come last."""
    groups: dict[tuple[str, date | None], list[Notice]] = {}
    for notice in needs.notices:
        groups.setdefault((notice.form, notice.due), []).append(notice)
    ordered = sorted(groups, key=lambda key: (key[1] or date.max, key[0]))
    return tuple(DueNotices(form, due, tuple(groups[form, due])) for form, due in ordered)


def social_duties(needs: Needs) -> list[Duty]:
    """The lines of 今日: one a form and legal last day."""
    return [
        Duty(
            group.form,
            NOTICES,
            f"{group.name}({len(group.notices):,}人)",
            _note(group),
            group.due,
            "届",
            "social",
        )
        for group in by_form_and_day(needs)
    ]


def _note(group: DueNotices) -> str:
    return " ・ ".join(
        part
        for part in (
            "社会保険" if group.form in CSV_FORMS else "",
            group.notices[0].due_text,
            f"きくこと {group.waiting:,}人" if group.waiting else "",
        )
        if part
    )
