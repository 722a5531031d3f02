"""Faults a person can meet, each with a plain Japanese sentence.

    Known                a fault we foresee; shown in place, in the person's words
     ├─ BadInput         a value that cannot be taken; names the value
     ├─ VaultFault       the vault cannot be opened, read or written
     └─ DoorFault        a door (government service) answered with a refusal or not at all
         ├─ Refused      the door said no; nothing was filed
         ├─ Unreachable  the door was never reached; nothing was filed
         ├─ NoAnswer     the request left, the answer did not come: the outcome is unknown
         └─ SignedOut    the sign-in is missing, ended or revoked

Anything else that is raised is a fault of ours (a bug) and is shown as one.
"""

from __future__ import annotations


class Known(Exception):
    """A foreseen fault.

    `code` is a short stable English id for tests and logs. `sentence` says in Japanese what is
    and what to do. Neither may carry a secret: exceptions end up in logs.
    """

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(f"{code}: {sentence}")
        self.code = code
        self.sentence = sentence


class BadInput(Known):
    """A typed or imported value that cannot be taken."""


class VaultFault(Known):
    """The vault or its key file cannot be opened, read or written."""


class DoorFault(Known):
    """A door refused, was not reached, or did not answer."""

    def __init__(self, code: str, sentence: str, *, status: int | None = None) -> None:
        super().__init__(code, sentence)
        self.status = status


class Refused(DoorFault):
    """The door answered no, for a stated reason. Nothing was filed.

    `items` holds the door's own report, one (file or form, item, content) a line.
    """

    def __init__(
        self,
        code: str,
        sentence: str,
        *,
        status: int | None = None,
        items: tuple[tuple[str, str, str], ...] = (),
    ) -> None:
        super().__init__(code, sentence, status=status)
        self.items = items


class Unreachable(DoorFault):
    """No connection was made, so the door has seen nothing."""


class NoAnswer(DoorFault):
    """The request may have arrived and no usable answer came: never send again, ask."""


class SignedOut(DoorFault):
    """No valid sign-in at this door: ask the person to sign in."""
