"""Weather: the faults a network and a busy door really show, called down by the control API."""

from __future__ import annotations

import asyncio
import os
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.sandbox.clock import TownClock

KINDS = {
    "no_answer": "the request is taken and never answered; nothing is accepted",
    "reset_before": "the connection is reset before the request is accepted",
    "answer_lost": "the request is accepted, then the connection is reset instead of the answer",
    "accepted_no_answer": "the request is accepted, then nothing comes back",
    "error_500": "500, nothing is accepted",
    "error_503": "503, nothing is accepted",
    "rate_limited": "429 with Retry-After, nothing is accepted",
    "slow": "the answer is late by `delay` seconds (2 unless told)",
    "malformed_json": "accepted; the body is the answer cut in the middle, with a matching length",
    "truncated_body": "accepted; the connection ends after half of the promised body",
    "session_ended": "the portal session that comes with the request is ended first",
    "token_revoked": "the token that comes with the request is revoked first",
    "list_lag": "filings younger than `lag` seconds (300 unless told) are missing from the list",
}


@dataclass
class Cloud:
    """One fault that waits for requests: its kind, how often or how long, and where."""

    kind: str
    match: str
    count: int | None
    until: float | None
    delay: float
    lag: float

    def covers(self, method: str, path: str) -> bool:
        """Whether a request is under this cloud; `match` is '[METHOD ]glob', or a path's end."""
        wanted, _, pattern = self.match.rpartition(" ")
        if wanted and wanted.upper() != method:
            return False
        if any(sign in pattern for sign in "*?["):
            return fnmatchcase(path, pattern)
        return path.endswith(pattern)


class Weather:
    """All clouds over the town, in the order they were called down."""

    def __init__(self, clock: TownClock) -> None:
        """A clear sky."""
        self._clock = clock
        self.clouds: list[Cloud] = []

    def call(self, order: dict[str, Any]) -> Cloud:
        """Add a cloud from a control request; raises ValueError when it makes no sense."""
        kind = order.get("kind")
        if kind not in KINDS:
            raise ValueError(f"kind must be one of {', '.join(KINDS)}")
        count, seconds = order.get("count"), order.get("seconds")
        if count is None and seconds is None and kind != "list_lag":
            count = 1
        if count is not None and (not isinstance(count, int) or count < 1):
            raise ValueError("count must be a whole number from 1")
        if seconds is not None and (not isinstance(seconds, int | float) or seconds <= 0):
            raise ValueError("seconds must be a positive number")
        until = None if seconds is None else self._clock.seconds() + float(seconds)
        cloud = Cloud(
            str(kind),
            str(order.get("match") or "*"),
            count,
            until,
            float(order.get("delay", 2)),
            float(order.get("lag", 300)),
        )
        self.clouds.append(cloud)
        return cloud

    def take(self, method: str, path: str) -> Cloud | None:
        """The cloud this request meets, its count lowered; spent clouds are gone."""
        now = self._clock.seconds()
        self.clouds = [cloud for cloud in self.clouds if cloud.until is None or now < cloud.until]
        for cloud in self.clouds:
            if cloud.covers(method, path):
                if cloud.count is not None:
                    cloud.count -= 1
                    if cloud.count == 0:
                        self.clouds.remove(cloud)
                return cloud
        return None


class UnderWeather:
    """ASGI middleware, the outermost one, that lets the weather happen to a service."""

    def __init__(
        self, app: ASGIApp, weather: Weather, fault: Callable[[int], tuple[str, bytes]]
    ) -> None:
        """Put `app` under `weather`; `fault` is how this service writes the body of a status."""
        self._app = app
        self._weather = weather
        self._fault = fault

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the request, through whatever cloud stands over it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        cloud = self._weather.take(scope["method"], scope["path"])
        state = scope.setdefault("state", {})
        state["weather"] = cloud.kind if cloud else ""
        if cloud is None:
            await self._app(scope, receive, send)
        elif cloud.kind in ("no_answer", "reset_before", "error_500", "error_503", "rate_limited"):
            await self._before(cloud.kind, scope, receive, send)
        elif cloud.kind in ("answer_lost", "accepted_no_answer"):
            await self._app(scope, receive, _nowhere)
            await _drop(scope) if cloud.kind == "answer_lost" else await _silence(receive)
        elif cloud.kind in ("malformed_json", "truncated_body"):
            await self._cut(cloud.kind, scope, receive, send)
        else:
            if cloud.kind == "slow":
                await asyncio.sleep(cloud.delay)
            state["lag"] = cloud.lag if cloud.kind == "list_lag" else 0.0
            state["revoke"] = cloud.kind == "token_revoked"
            state["end_session"] = cloud.kind == "session_ended"
            await self._app(scope, receive, send)

    async def _before(self, kind: str, scope: Scope, receive: Receive, send: Send) -> None:
        await _read(receive)
        if kind == "no_answer":
            await _silence(receive)
        elif kind == "reset_before":
            await _drop(scope)
        else:
            status = {"error_500": 500, "error_503": 503}.get(kind, 429)
            media, body = self._fault(status)
            headers = [(b"content-type", media.encode("ascii"))]
            if status == 429:
                headers.append((b"retry-after", b"30"))
            await send({"type": "http.response.start", "status": status, "headers": headers})
            await send({"type": "http.response.body", "body": body})

    async def _cut(self, kind: str, scope: Scope, receive: Receive, send: Send) -> None:
        start: dict[str, Any] = {}
        body = bytearray()

        async def collect(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            else:
                body.extend(message.get("body", b""))

        await self._app(scope, receive, collect)
        half = bytes(body[: len(body) // 2])
        promised = len(half) if kind == "malformed_json" else len(body)
        headers = [item for item in start["headers"] if item[0].lower() != b"content-length"]
        headers.append((b"content-length", str(promised).encode("ascii")))
        await send({**start, "headers": headers})
        whole = kind == "malformed_json"
        await send({"type": "http.response.body", "body": half, "more_body": not whole})
        if not whole:
            _transport(scope).close()


def plain_fault(status: int) -> tuple[str, bytes]:
    """Content type and body of an error of a service that tells nothing more exact."""
    del status
    return "text/plain; charset=utf-8", "混み合っています。".encode()


async def _read(receive: Receive) -> None:
    while True:
        message = await receive()
        if message["type"] == "http.disconnect" or not message.get("more_body"):
            return


async def _silence(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _nowhere(message: Message) -> None:
    del message


async def _drop(scope: Scope) -> None:
    """Reset the connection: a zero linger makes the kernel send RST instead of FIN."""
    transport = _transport(scope)
    held = transport.get_extra_info("socket")
    if held is not None:
        # struct linger holds two ints, on Windows two shorts.
        linger = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)
        held.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    transport.abort()


def _transport(scope: Scope) -> asyncio.Transport:
    transport: asyncio.Transport = scope["state"]["transport"]
    return transport
