"""The life of a filing, and what a door's status word means in it.

`Stage` is ours: where the sealed envelope is. `door_status` is the door's own word, kept as it came.
ready → sending → accepted | rejected | unknown; *unknown* is settled by asking the door (to
accepted, or back to ready when the door has never seen it), never by sending again.
"""

from __future__ import annotations

from enum import StrEnum


class Stage(StrEnum):
    """Where the envelope of a filing is."""

    READY = "ready"
    SENDING = "sending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    UNKNOWN = "unknown"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"


MOVES: dict[Stage, frozenset[Stage]] = {
    Stage.READY: frozenset({Stage.SENDING, Stage.WITHDRAWN}),
    Stage.SENDING: frozenset({Stage.ACCEPTED, Stage.REJECTED, Stage.UNKNOWN, Stage.READY}),
    Stage.UNKNOWN: frozenset({Stage.ACCEPTED, Stage.READY}),
    Stage.ACCEPTED: frozenset({Stage.ENDED, Stage.WITHDRAWN}),
    Stage.REJECTED: frozenset(),
    Stage.WITHDRAWN: frozenset(),
    Stage.ENDED: frozenset(),
}

# e-Gov status words → (is the case over?, does it wait for the applicant?)
EGOV_STATUS: dict[str, tuple[bool, bool]] = {
    "到達": (False, False),
    "審査中": (False, False),
    "審査中（補正待ち）": (False, True),
    "審査終了": (True, False),
    "手続終了": (True, False),
    "到達（取下げ処理中）": (False, False),
}

CASE_DOOR = "egov-case"
"""Door of an envelope about a case that e-Gov holds already: a 部分補正, a 取下げ依頼.

It gets no 到達番号 of its own, so its case is followed by the filing that has it.
"""

HAND_OVER = "hand-over"
"""Door of a filing that a person files by other means (届書作成プログラム, e-Gov's own application).

It rests in `ready` until the person types the 到達番号; nothing of it is ever sent by this program.
"""


DELIVERY_DOOR = "egov-post"
"""Door of the wish to be told electronically (電子送達利用申込み): e-Gov has a counter of its own for it."""

EGOV_DOORS = frozenset({"egov", DELIVERY_DOOR, CASE_DOOR})
"""The doors that are e-Gov."""


BY_SKELETON = "skeleton/"
"""What the id of a procedure begins with that has no folder here; its 手続ID follows."""


class Capacity(StrEnum):
    """In what role an account files for a company."""

    HONNIN = "本人"
    TEISHUTSU_DAIKO = "提出代行"
    ZEIMU_DAIRI = "税務代理"
    ININ = "委任"


class IllegalMove(Exception):
    """A bug: the program tried to move a filing where its life does not allow."""


def check_move(now: Stage, then: Stage) -> None:
    """Raises IllegalMove when a filing may not go from `now` to `then`."""
    if then not in MOVES[now]:
        raise IllegalMove(f"{now} → {then}")
