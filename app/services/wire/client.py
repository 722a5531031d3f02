"""The client of one door.

How faults are told apart, since sending twice is the worst thing this program could do:

* no connection was made → `Unreachable`; the door has seen nothing;
* anything wrong after bytes may have left (time-out, reset, cut-off or oversize body, wrong media
  type, redirect) → `NoAnswer`;
* 429, and the statuses of the door's pace → `Busy`, an `Unreachable`: the door itself says it did
  not take the request;
* every other complete answer is returned as a `Reply`; its meaning is the connector's business.

Only idempotent calls are tried a second time, at once, and only when the line broke.
"""

from __future__ import annotations

import logging
import math
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult

from app.domain.clock import Clock, system_clock
from app.domain.errors import DoorFault, NoAnswer, Unreachable
from app.domain.version import VERSION
from app.services.wire.address import check_address
from app.services.wire.body import Sink, read_body, transport_fault
from app.services.wire.pace import Busy, Pace
from app.services.wire.peer import refuse_loopback
from app.services.wire.redact import log_line, silence_libraries
from app.services.wire.reply import Reply, silent, unread
from app.services.wire.trust import pinned_trust, system_trust
from app.services.wire.watchdog import Watchdog

if TYPE_CHECKING:
    import httpx

JSON_TYPES = ("application/json", "+json")
_IDEMPOTENT = frozenset({"GET", "HEAD", "PUT", "DELETE"})
_ORDINARY = 8 * 1024 * 1024  # bytes of an ordinary answer, for which `Timeouts.whole` is meant
_SLOW_LINE = 100_000  # bytes a second of a line that is slow but alive
_LONGEST_PAUSE = 1.0  # seconds a caller's thread may be held for the door's rhythm


@dataclass(frozen=True)
class Timeouts:
    """Seconds: to connect, between two pieces of an answer, and for one whole ordinary call.

    A large package or document has more time, as a slow line needs it.
    """

    connect: float = 5.0
    read: float = 30.0
    whole: float = 120.0


@dataclass(frozen=True)
class _Call:
    method: str
    url: str = field(repr=False)
    headers: dict[str, str] = field(repr=False)
    params: Mapping[str, str] | None = field(repr=False)
    json: Any = field(repr=False)
    form: Mapping[str, str] | None = field(repr=False)
    content: bytes | None = field(repr=False)
    basic: tuple[str, str] | None = field(repr=False)
    idempotent: bool
    retry: bool
    accept: tuple[str, ...]
    limit: int
    sink: Sink | None = None


class Wire:
    """HTTP to one door, for one vault.

    `door` is the name used in sentences. `practice` says which kind of vault speaks. `pin` is the
    SHA-256 (hex) of the practice town's certificate. `transport` replaces the network in tests.
    """

    def __init__(
        self,
        *,
        practice: bool,
        door: str = "相手",
        timeouts: Timeouts | None = None,
        clock: Clock = system_clock,
        log: logging.Logger | None = None,
        pace: Pace | None = None,
        pin: str = "",
        transport: httpx.BaseTransport | None = None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self.practice = practice
        self.door = door
        self._timeouts = timeouts or Timeouts()
        self._clock = clock
        self._log = log or logging.getLogger("ichido.wire")
        self._pace = pace or Pace()
        self._pin = pin
        self._transport = transport
        self._pause = pause
        self._clients: dict[str, httpx.Client] = {}
        self._pinned: dict[str, ssl.SSLContext] = {}
        self._lock = threading.Lock()

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        json: Any = None,
        form: Mapping[str, str] | None = None,
        basic: tuple[str, str] | None = None,
        content: bytes | None = None,
        idempotent: bool | None = None,
        retry: bool | None = None,
        accept: tuple[str, ...] = JSON_TYPES,
        limit: int = _ORDINARY,
        sink: Sink | None = None,
    ) -> Reply:
        """Ask the door once (an idempotent call whose line broke: twice) and return its answer.

        A `sink` takes the body of an answer of status 2xx and of an accepted media type, piece by
        piece as it comes, until it gives False; such a call is not tried a second time. The body of
        every other answer is in the `Reply`. What the sink raises ends the call and is passed on.

        `accept` lists the media types a non-empty answer of status 2xx may have ("+json" matches
        any such suffix); `limit` is the largest body in bytes; `idempotent` defaults to the method's
        own nature; `retry` defaults to `idempotent`.

        Raises:
            Unreachable: nothing was sent (also: address not allowed for this vault).
            Busy: the door asks to come back later; nothing was taken.
            NoAnswer: the request may have arrived and no usable answer came.
        """
        if idempotent is None:
            idempotent = method in _IDEMPOTENT
        sent = {
            "Accept": "application/json, */*;q=0.1",
            "Accept-Encoding": "identity",
            "User-Agent": f"Ichido/{VERSION}",
        }
        sent.update(headers or {})
        call = _Call(
            method, url, sent, params, json, form, content, basic, idempotent,
            (idempotent if retry is None else retry) and sink is None, accept, limit, sink,
        )  # fmt: skip
        parts = check_address(url, practice=self.practice)
        self._wait_for_slot()
        try:
            return self._judge(call, self._once(call, parts))
        except NoAnswer as fault:
            if not (call.retry and fault.code == "line-broke"):
                raise _as_silent(fault, self.door, call.idempotent) from None
        try:
            return self._judge(call, self._once(call, parts))
        except NoAnswer as fault:
            raise _as_silent(fault, self.door, call.idempotent) from None

    def close(self) -> None:
        """Drop every connection; a later request opens new ones."""
        with self._lock:
            clients, self._clients = list(self._clients.values()), {}
        for client in clients:
            client.close()

    def _wait_for_slot(self) -> None:
        now = self._clock()
        if until := self._pace.closed_until(now):
            raise Busy(self.door, until, seconds=_whole(until, now), status=None)
        wait = self._pace.reserve(now)
        if wait > _LONGEST_PAUSE:
            until = now + timedelta(seconds=wait)
            raise Busy(self.door, until, seconds=_whole(until, now), status=None)
        if wait > 0:
            self._pause(wait)

    def _once(self, call: _Call, parts: SplitResult) -> Reply:
        started = time.monotonic()
        outcome = "fault"
        try:
            reply = self._exchange(call, self._client(parts), started)
            outcome = str(reply.status)
            return reply
        except DoorFault as fault:
            outcome = fault.code
            raise
        finally:
            spent = int((time.monotonic() - started) * 1000)
            self._log.info("%s", log_line(call.method, call.url, outcome, spent))

    def _exchange(self, call: _Call, client: httpx.Client, started: float) -> Reply:
        import httpx

        door, idempotent = self.door, call.idempotent
        try:
            request = client.build_request(
                call.method,
                call.url,
                headers=call.headers,
                params=call.params,
                json=call.json,
                data=call.form,
                content=call.content,
            )
            seconds = self._timeouts.whole + _line_seconds(request, call.limit)
            auth = httpx.BasicAuth(*call.basic) if call.basic else None
            with Watchdog(seconds) as watchdog:
                host = request.url.raw_host.decode("ascii")
                trace = watchdog.trace
                request.extensions["trace"] = (
                    trace if self.practice else refuse_loopback(host, trace)
                )
                with closing(client.send(request, auth=auth, stream=True)) as response:
                    headers = {k.lower(): v for k, v in response.headers.items()}
                    end = started + seconds
                    reply = Reply(response.status_code, headers, b"", door, idempotent)
                    sink = (
                        call.sink
                        if reply.status // 100 == 2 and _accepted(reply, call.accept)
                        else None
                    )
                    limit = call.limit if sink or not call.sink else min(call.limit, _ORDINARY)
                    body = read_body(
                        response, door, idempotent=idempotent, limit=limit, deadline=end, sink=sink
                    )
                    return replace(reply, body=body)
        except httpx.HTTPError as fault:
            # `from None`: what httpx chains here may hold header values.
            raise transport_fault(fault, door, idempotent) from None
        except (httpx.InvalidURL, httpx.CookieConflict, UnicodeError):
            raise Unreachable(
                "address-unread", "この宛先の書き方では読めません。設定を確かめてください。"
            ) from None

    def _judge(self, call: _Call, reply: Reply) -> Reply:
        now = self._clock()
        if reply.status in self._pace.statuses or reply.status == 429:
            until = self._pace.refused(now, reply.headers.get("retry-after", ""))
            raise Busy(self.door, until, seconds=_whole(until, now), status=reply.status)
        if 300 <= reply.status < 400:
            raise NoAnswer(
                "answer-redirect",
                f"{self.door} が別の宛先を示しました。その先へは送っていません。設定の宛先を確かめてください。",
                status=reply.status,
            )
        self._pace.answered()
        if 200 <= reply.status < 300 and reply.body and not _accepted(reply, call.accept):
            raise unread(self.door, call.idempotent, reply.status)
        return reply

    def _client(self, parts: SplitResult) -> httpx.Client:
        """The client of this origin. It opens a connection for each call: one the door has closed
        meanwhile would look like a lost answer, and the watchdog must know the socket."""
        origin = f"{parts.scheme}://{parts.netloc}"
        with self._lock:
            if origin not in self._clients:
                self._clients[origin] = self._make_client(parts)
            return self._clients[origin]

    def _make_client(self, parts: SplitResult) -> httpx.Client:
        from http.cookiejar import CookieJar, DefaultCookiePolicy

        import httpx

        silence_libraries()
        times = self._timeouts
        try:
            return httpx.Client(
                verify=self._trust(parts),
                timeout=httpx.Timeout(times.read, connect=times.connect),
                limits=httpx.Limits(max_connections=8, max_keepalive_connections=0),
                follow_redirects=False,
                # Loopback never goes through a proxy; a real door may have to (office networks).
                trust_env=not self.practice and self._transport is None,
                cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
                transport=self._transport,
            )
        except (ImportError, ValueError):
            raise Unreachable(
                "proxy-unread",
                "このパソコンのプロキシの設定を使えません。ネットワークの設定を確かめてください。",
            ) from None

    def _trust(self, parts: SplitResult) -> Any:
        """What verifies the other side; called with the lock held. One context an origin, so that
        the practice town's certificate is fetched once and then only compared."""
        if self._transport is not None or parts.scheme == "http":
            return False  # no TLS is spoken: tests' own transport, or plain http on loopback
        if not self.practice:
            return system_trust()
        found = self._pinned.get(parts.netloc)
        if found is None:
            host, port = parts.hostname or "", parts.port or 443
            found = pinned_trust(host, port, self._pin, timeout=self._timeouts.connect)
            self._pinned[parts.netloc] = found
        return found


def _line_seconds(request: httpx.Request, limit: int) -> float:
    """What a slow line may need for what is sent and what may come beyond an ordinary answer."""
    sent = int(request.headers.get("content-length", "0"))
    return (sent + max(0, limit - _ORDINARY)) / _SLOW_LINE


def _as_silent(fault: NoAnswer, door: str, idempotent: bool) -> NoAnswer:
    """A broken line is, to everybody above, an answer that did not come."""
    return silent(door, idempotent) if fault.code == "line-broke" else fault


def _accepted(reply: Reply, accept: tuple[str, ...]) -> bool:
    shown = reply.media_type
    return any(shown == a or (a.startswith("+") and shown.endswith(a)) for a in accept)


def _whole(until: datetime, now: datetime) -> int:
    return max(1, math.ceil((until - now).total_seconds()))
