"""The control API's calls about the practice portal."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from starlette.requests import Request

from app.sandbox.portal_book import ATTACKS, STATUSES

if TYPE_CHECKING:
    from app.sandbox.town import Town

Order = dict[str, Any]


class PortalControl:
    """Switches of the portal, and the applications it holds."""

    def __init__(self, town: Town) -> None:
        """`town` is what is controlled."""
        self._town = town

    def table(self) -> list[tuple[str, str, Any]]:
        """Verb, path below /control, call."""
        return [
            ("GET", "portal", self.told),
            ("POST", "portal", self.switch),
            ("POST", "portal/application/{id}", self.decide),
        ]

    def told(self, request: Request, order: Order) -> Order:
        """GET every application with its values and files, the switches, how many are signed in."""
        del request, order
        book = self._town.portal_book
        return {
            "count": len(book.applications),
            "applications": [item.row() for item in book.applications.values()],
            "switches": asdict(book.switches),
            "sessions": len(book.sessions),
        }

    def switch(self, request: Request, order: Order) -> Order:
        """POST any of {session_seconds, wait_ms: [least, most], renew: form key or list of them,

        editions: {key: 1 | 2}, attacks: [...], end_sessions: true}; gives the switches.
        """
        del request
        unknown = set(order) - {
            *("session_seconds", "wait_ms", "renew", "editions", "attacks", "end_sessions")
        }
        if unknown:
            raise ValueError(f"no such switch: {', '.join(sorted(unknown))}")
        book = self._town.portal_book
        switches = book.switches
        seconds = float(order.get("session_seconds", switches.session_seconds))
        least, most = (int(item) for item in order.get("wait_ms", switches.wait_ms))
        if seconds <= 0 or not 0 <= least <= most <= 60_000:
            raise ValueError("session_seconds must be positive, wait_ms two rising numbers")
        editions = {**switches.editions, **order.get("editions", {})}
        renew = order.get("renew", [])
        editions |= dict.fromkeys([renew] if isinstance(renew, str) else renew, 2)
        if not set(editions) <= set(self._town.portal_forms) or not set(editions.values()) <= {
            1,
            2,
        }:
            raise ValueError("editions are 1 or 2 of: " + ", ".join(self._town.portal_forms))
        attacks = order.get("attacks", switches.attacks)
        if not isinstance(attacks, list) or not set(attacks) <= set(ATTACKS):
            raise ValueError(f"attacks are a list of: {', '.join(ATTACKS)}")
        switches.session_seconds, switches.wait_ms = seconds, (least, most)
        switches.editions, switches.attacks = editions, list(attacks)
        if order.get("end_sessions") is True:
            book.sessions.clear()
        return {"switches": asdict(switches)}

    def decide(self, request: Request, order: Order) -> Order:
        """POST {to: a status, notice}: the office's decision; 差戻し対応中 opens it again."""
        application = self._town.portal_book.applications.get(request.path_params["id"])
        if application is None:
            raise ValueError("no such application")
        to = str(order.get("to", ""))
        if to not in STATUSES:
            raise ValueError(f"to must be one of {', '.join(STATUSES)}")
        self._town.portal_book.note(application, to, str(order.get("notice", "")))
        return application.row()
