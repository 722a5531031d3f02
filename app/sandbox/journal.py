"""The town's request log: what was asked and answered, never a value that was sent."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from urllib.parse import parse_qsl

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.sandbox.clock import TownClock, time_text


class Journal:
    """The last 5,000 requests: service, method, path, names of the query fields, status, weather.

    No header, body or query value is kept, so no password, one-time code or token can be in it.
    """

    def __init__(self, clock: TownClock) -> None:
        """An empty log that takes its times from `clock`."""
        self._clock = clock
        self._lines: deque[dict[str, object]] = deque(maxlen=5000)

    def note(self, service: str, scope: Scope, status: int, fault: str) -> None:
        """Write one line; `fault` names an exception of the town itself."""
        query = parse_qsl(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)
        self._lines.append(
            {
                "at": time_text(self._clock.now()),
                "service": service,
                "method": scope["method"],
                "path": scope["path"],
                "query": sorted({name for name, _ in query}),
                "status": status,
                "weather": str(scope.get("state", {}).get("weather", "")),
                "fault": fault,
            }
        )

    def lines(self) -> Iterable[dict[str, object]]:
        """Every line kept, oldest first."""
        return list(self._lines)

    def clear(self) -> None:
        """Forget every line."""
        self._lines.clear()


class Journalled:
    """ASGI middleware that writes one line for each answered or unanswered request."""

    def __init__(self, app: ASGIApp, journal: Journal, service: str) -> None:
        """Wrap `app`, whose lines carry the name `service`."""
        self._app = app
        self._journal = journal
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and note its status; 0 stands for no answer at all."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        seen = {"status": 0}
        fault = ""
        # uvicorn's `send` is a method of its request cycle; weather needs the connection behind it.
        scope.setdefault("state", {})["transport"] = getattr(send, "__self__").transport  # noqa: B009

        async def watching(message: Message) -> None:
            if message["type"] == "http.response.start":
                seen["status"] = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, watching)
        except Exception as raised:
            fault = type(raised).__name__
            raise
        finally:
            self._journal.note(self._service, scope, seen["status"], fault)
