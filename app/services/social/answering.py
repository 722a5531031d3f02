"""Which notices answer for those of a filing that the office wants put right."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.errors import Known
from app.services.social.notice import Key, Notice


def answers_for(old: Sequence[Key], notices: Sequence[Notice]) -> list[Notice]:
    """The notices that answer for those of a filing: the same, or the person's own new one.

    A corrected day makes another notice of the same person. Raises Known where a person has
    several, so that which of them is meant cannot be told, or where nothing is left to report.
    """
    by_key = {notice.key: notice for notice in notices}
    found = []
    for key in dict.fromkeys(old):
        if key in by_key:
            found.append(by_key[key])
            continue
        others = [n for n in notices if n.person.member == key[1] and n.key not in old]
        if len(others) > 1:
            name = others[0].person.name
            told = f"{name}さんの届がほかにもあり、どれで答えるのか決められません。先にほかの届を出してください。"
            raise Known("correction-which", told)
        found += others
    if not found:
        told = (
            "いまの事実では、この届で出すことがありません。取り下げるか、事実を確かめてください。"
        )
        raise Known("correction-nothing", told)
    return found
