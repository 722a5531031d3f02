"""Letters the office does not take: the true one stays the fact, another one is sent, a sheet says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from app.domain.characters import PROFILES, BadCharacter, bad_characters, taken_whole

_PROFILE = PROFILES["nenkin_csv"]
_WHOLE = taken_whole(_PROFILE)


@dataclass(frozen=True, slots=True)
class Substitution:
    """In a field of a person's record `sent` stands for `true`, both as whole texts."""

    person: str
    number: str
    field: str
    true: str
    sent: str


def offers(text: str) -> tuple[BadCharacter, ...]:
    """The letters of a text that cannot be sent, each with what may stand for it."""
    return bad_characters(text, _PROFILE)


@lru_cache(maxsize=65536)
def _whole(text: str) -> bool:
    return _WHOLE(text) is not None


def sendable(text: str, accepted: Mapping[str, str]) -> str:
    """The text with the substitutes a person has accepted; other letters stay and are reported.

    `accepted` maps a letter (髙) to what is sent for it (高).
    """
    if not accepted or _whole(text):
        return text
    return "".join(accepted.get(c, c) if not _whole(c) else c for c in text)


def explanation_sheet(
    form: str, office: str, made_on: str, substitutions: Sequence[Substitution]
) -> str:
    """The sheet that tells the office which letters were replaced; "" where none was.

    What the sheet has to look like is not in our sources: it says the form, the office, and for each
    person the true letters and what stands in the file.
    """
    if not substitutions:
        return ""
    lines = [
        "漢字の置きかえについての説明",
        "",
        f"届書: {form}",
        f"事業所: {office}",
        f"作成日: {made_on}",
        "",
        "次の方の文字は、JIS第1・第2水準にないため、CSV では置きかえて記録しました。",
        "",
    ]
    for number, told in enumerate(substitutions, 1):
        who = f"整理番号 {told.number}" if told.number else "整理番号なし"
        lines.append(
            f"{number}. {who}　{told.field}　正しい表記: {told.true}　CSV の表記: {told.sent}"
        )
    return "\n".join(lines) + "\n"
