"""The practice mailbox: where the one-time codes of the town's sign-in arrive."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.sandbox.clock import TownClock, time_text


@dataclass(frozen=True)
class Mail:
    """One practice mail; `otp` is the code it carries, or empty."""

    address: str
    at: str
    subject: str
    text: str
    otp: str


@dataclass
class Mailbox:
    """Mails of every practice address, newest last; kept in memory only."""

    clock: TownClock
    mails: list[Mail] = field(default_factory=list)

    def deliver(self, address: str, subject: str, text: str, otp: str = "") -> None:
        """Put a mail into the box of an address."""
        at = time_text(self.clock.now())
        self.mails.append(Mail(address, at, subject, text, otp))
        del self.mails[:-200]

    def of(self, address: str) -> list[Mail]:
        """The mails of one address, oldest first; all of them for an empty address."""
        return [mail for mail in self.mails if not address or mail.address == address]
