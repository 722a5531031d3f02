"""A loopback HTTP server that does exactly what a test tells it to, byte for byte."""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
from collections.abc import Callable

Behaviour = Callable[[socket.socket, bytes], None]


class MisbehavingServer:
    """Reads one request from each connection and hands the socket to the next behaviour.

    `requests` are the raw requests seen; the last behaviour is repeated.
    """

    def __init__(self, *behaviours: Behaviour, tls: ssl.SSLContext | None = None) -> None:
        self._behaviours = list(behaviours)
        self._tls = tls
        self.requests: list[bytes] = []
        self.connections = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._stop = threading.Event()
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._main = threading.Thread(target=self._run, daemon=True)
        self._main.start()

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}"

    def __enter__(self) -> MisbehavingServer:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        # Wakes the accept.
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port)):
            pass
        self._main.join(5)
        for connection in self._open:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)
        self._listener.close()

    def _run(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            if self._stop.is_set():
                connection.close()
                return
            self.connections += 1
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            if self._tls is not None:
                connection = self._tls.wrap_socket(connection, server_side=True)
            with connection:
                self._open.append(connection)
                while True:
                    request = _read_request(connection)
                    if not request:
                        return
                    self.requests.append(request)
                    index = min(len(self.requests), len(self._behaviours)) - 1
                    self._behaviours[index](connection, request)


def _read_request(connection: socket.socket) -> bytes:
    data = b""
    connection.settimeout(5)
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536)
        if not piece:
            return b""
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


def answer(
    body: bytes = b"{}",
    status: int = 200,
    *headers: str,
    kind: str = "application/json",
    length: int | None = None,
) -> Behaviour:
    """A whole answer (or one that lies about its length), connection kept."""

    def behave(connection: socket.socket, _: bytes) -> None:
        size = len(body) if length is None else length
        lines = [
            f"HTTP/1.1 {status} X",
            f"Content-Type: {kind}",
            f"Content-Length: {size}",
            *headers,
        ]
        connection.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        if size != len(body):
            connection.close()

    return behave


def reset(connection: socket.socket, _: bytes) -> None:
    """A TCP reset in place of an answer."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def hang_up(connection: socket.socket, _: bytes) -> None:
    """A clean close in place of an answer."""
    connection.close()


def garbage(connection: socket.socket, _: bytes) -> None:
    """Bytes that are not HTTP."""
    connection.sendall(b"\x16\x03\x01 not http at all\r\n\r\n")
    connection.close()


def silence(connection: socket.socket, _: bytes) -> None:
    """Nothing, until the client goes away."""
    connection.settimeout(20)
    with contextlib.suppress(OSError):
        connection.recv(1)


def drip(connection: socket.socket, _: bytes) -> None:
    """Headers at once, then a body of one byte each 20 ms, without end."""
    connection.sendall(
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n"
    )
    pause = threading.Event()
    with contextlib.suppress(OSError):
        for _n in range(2000):
            connection.sendall(b" ")
            pause.wait(0.02)


def drip_head(connection: socket.socket, _: bytes) -> None:
    """A status line, then one header that never ends, a byte each 20 ms."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    pause = threading.Event()
    with contextlib.suppress(OSError):
        for _n in range(2000):
            connection.sendall(b"a")
            pause.wait(0.02)


def flood(connection: socket.socket, _: bytes) -> None:
    """A body without a length and without an end."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
    with contextlib.suppress(OSError):
        while True:
            connection.sendall(b" " * 65536)
