"""A one-shot listener at the registered loopback address, for the system-browser way (RFC 8252, 7.3).

It answers exactly one kind of request: GET of the registered path, with the registered Host. Slow
and silent connections (browsers open some ahead) never hold up the real one.
"""

from __future__ import annotations

import contextlib
import selectors
import socket
import sys
import time
from dataclasses import dataclass, field
from types import TracebackType
from urllib.parse import parse_qs, urlsplit

from app.domain.errors import BadInput, Known

_LONGEST_HEAD = 16 * 1024  # bytes
_SLOWEST_HEAD = 5.0  # seconds
_MOST_CONNECTIONS = 16
_PAGE = """<!doctype html><html lang="ja"><meta charset="utf-8"><title>一度</title>
<body style="font-family:sans-serif;max-width:32em;margin:4em auto;line-height:1.8">
<p>{text}</p></body></html>"""
_DONE = "サインインの答えを受け取りました。この画面を閉じて、一度(Ichido)に戻ってください。"
_NOT_HERE = "ここには何もありません。一度(Ichido)に戻って、サインインし直してください。"


@dataclass
class _Visitor:
    socket: socket.socket
    until: float
    head: bytearray = field(default_factory=bytearray)


class LoopbackListener:
    """Waits once for the address the browser is sent back to.

    `host` must be 127.0.0.1 or ::1; `port` 0 takes any free one (`redirect_uri` then names it).
    With `state`, an answer of another attempt (or a page that guesses) does not end the wait.

    Raises:
        BadInput: the host is not loopback.
        Known: the port is in use.
    """

    def __init__(self, host: str, port: int, path: str, *, state: str = "") -> None:
        if host not in ("127.0.0.1", "::1"):
            raise BadInput(
                "listener-host",
                "戻り先は、このパソコン(127.0.0.1)だけにできます。設定を確かめてください。",
            )
        self._host, self._path, self._state = host, path, state
        self._socket = _bound(host, port)
        self.port: int = self._socket.getsockname()[1]
        self._wake_in, self._wake_out = socket.socketpair()
        self._visitors: dict[socket.socket, _Visitor] = {}
        self._waiting = False

    @property
    def redirect_uri(self) -> str:
        """The address to register and to be sent back to."""
        return f"http://{self._authority()}{self._path}"

    def expect(self, sign_in_url: str) -> None:
        """Only an answer to this attempt ends the wait: its state is in the address to be opened."""
        self._state = parse_qs(urlsplit(sign_in_url).query).get("state", [""])[0]

    def wait(self, timeout: float = 600.0) -> str:
        """The full address the browser was sent back to; blocks this thread for `timeout` seconds.

        Raises:
            Known: the time passed (`sign-in-timeout`), or `close` was called (`sign-in-stopped`).
        """
        stopped = Known("sign-in-stopped", "サインインを取りやめました。")
        if self._socket.fileno() < 0:
            raise stopped
        self._waiting = True
        end = time.monotonic() + timeout
        with selectors.DefaultSelector() as selector:
            selector.register(self._wake_out, selectors.EVENT_READ)
            selector.register(self._socket, selectors.EVENT_READ)
            try:
                while (left := end - time.monotonic()) > 0:
                    for key, _ in selector.select(min(left, 0.5)):
                        if key.fileobj is self._wake_out:
                            raise stopped
                        if returned := self._serve(key.fileobj, selector):
                            return returned
                    self._drop_slow(selector)
            finally:
                self._waiting = False
                self._shut()
        raise Known(
            "sign-in-timeout",
            "サインインの答えを待つ時間が過ぎました。もう一度サインインしてください。",
        )

    def close(self) -> None:
        """End the wait, from any thread; once a wait has ended by itself this does nothing."""
        with contextlib.suppress(OSError):
            self._wake_in.send(b"x")
        if not self._waiting:  # else the waiting thread closes what it is watching
            self._shut()

    def __enter__(self) -> LoopbackListener:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _serve(self, ready: object, selector: selectors.BaseSelector) -> str:
        """Take one step for the socket that is ready; the returned address once it is there."""
        if ready is self._socket:
            with contextlib.suppress(OSError):
                connection, _ = self._socket.accept()
                connection.setblocking(False)
                if len(self._visitors) >= _MOST_CONNECTIONS:
                    connection.close()
                    return ""
                self._visitors[connection] = _Visitor(connection, time.monotonic() + _SLOWEST_HEAD)
                selector.register(connection, selectors.EVENT_READ)
            return ""
        visitor = next(v for v in self._visitors.values() if v.socket is ready)
        try:
            piece = visitor.socket.recv(4096)
        except OSError:
            piece = b""
        visitor.head += piece
        if b"\r\n\r\n" not in visitor.head and piece and len(visitor.head) <= _LONGEST_HEAD:
            return ""
        returned = ""
        if b"\r\n\r\n" in visitor.head:
            status, text, returned = self._judge(bytes(visitor.head))
            _answer(visitor.socket, status, text)
        self._drop(visitor, selector)
        return returned

    def _judge(self, head: bytes) -> tuple[str, str, str]:
        """Status, page text, and the returned address ("" unless this is the awaited request)."""
        lines = head.split(b"\r\n\r\n", 1)[0].decode("latin-1").split("\r\n")
        parts = lines[0].split(" ")
        if len(parts) != 3 or not parts[2].startswith("HTTP/1."):
            return "400 Bad Request", _NOT_HERE, ""
        method, target, _ = parts
        hosts = [
            line.partition(":")[2].strip().lower()
            for line in lines[1:]
            if line.partition(":")[0].strip().lower() == "host"
        ]
        # A foreign Host means a foreign name was pointed at this machine (DNS rebinding).
        if hosts != [self._authority()] or not target.startswith("/"):
            return "400 Bad Request", _NOT_HERE, ""
        if method != "GET":
            return "405 Method Not Allowed", _NOT_HERE, ""
        shown = urlsplit(target)
        if shown.path != self._path or not shown.query or not self._awaited(shown.query):
            return "404 Not Found", _NOT_HERE, ""
        return "200 OK", _DONE, f"{self.redirect_uri}?{shown.query}"

    def _awaited(self, query: str) -> bool:
        values = parse_qs(query)
        if self._state:
            return values.get("state") == [self._state]
        return "code" in values or "error" in values

    def _authority(self) -> str:
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"{host}:{self.port}"

    def _drop_slow(self, selector: selectors.BaseSelector) -> None:
        now = time.monotonic()
        for visitor in [v for v in self._visitors.values() if v.until < now]:
            self._drop(visitor, selector)

    def _drop(self, visitor: _Visitor, selector: selectors.BaseSelector) -> None:
        selector.unregister(visitor.socket)
        del self._visitors[visitor.socket]
        visitor.socket.close()

    def _shut(self) -> None:
        for visitor in self._visitors.values():
            visitor.socket.close()
        self._visitors.clear()
        for end in (self._socket, self._wake_in, self._wake_out):
            end.close()


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        if sys.platform == "win32":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(_MOST_CONNECTIONS)
        listener.setblocking(False)
    except OSError:
        listener.close()
        raise Known(
            "listener-port-busy",
            f"サインインの戻り先(ポート {port})を、ほかのプログラムが使っています。"
            "そのプログラムを閉じるか、戻ったアドレスを写して入れてください。",
        ) from None
    return listener


def _answer(visitor: socket.socket, status: str, text: str) -> None:
    page = _PAGE.format(text=text).encode("utf-8")
    head = (
        f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\n"
        f"Content-Length: {len(page)}\r\nConnection: close\r\nCache-Control: no-store\r\n"
        "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'\r\n"
        "Referrer-Policy: no-referrer\r\nX-Content-Type-Options: nosniff\r\n\r\n"
    )
    with contextlib.suppress(OSError):
        visitor.settimeout(2.0)
        visitor.sendall(head.encode("ascii") + page)
        visitor.shutdown(socket.SHUT_WR)
