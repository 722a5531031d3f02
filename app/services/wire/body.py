"""Reading an answer within limits, and what a broken line means."""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from app.domain.errors import DoorFault, NoAnswer, Unreachable
from app.services.wire.reply import silent, unread

if TYPE_CHECKING:
    import httpx


Sink = Callable[[bytes], bool]
"""Takes the next piece of a body; False means that nothing more of it is wanted."""

_PIECE = 256 * 1024  # bytes; what is unpacked at a time


def read_body(
    response: httpx.Response,
    door: str,
    *,
    idempotent: bool,
    limit: int,
    deadline: float,
    sink: Sink | None = None,
) -> bytes:
    """The whole body, never more than `limit` bytes, never past the deadline (monotonic s).

    With a sink the pieces go there as they come and nothing is held: the answer is then b"".
    """
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("identity", "", "gzip", "deflate"):
        raise unread(door, idempotent, response.status_code)
    pieces: list[bytes] = []
    size = 0
    # A transport of a test may hand over a body that is already read (and unpacked).
    held = response.is_stream_consumed
    raw = iter([response.content]) if held else response.iter_raw()
    for piece in _plain(raw, "identity" if held else encoding):
        size += len(piece)
        if size > limit:
            raise NoAnswer(
                "answer-too-large",
                f"{door} の答えが大きすぎるため、途中で読むのをやめました。",
                status=response.status_code,
            )
        if time.monotonic() > deadline:
            raise silent(door, idempotent, response.status_code)
        if sink is None:
            pieces.append(piece)
        elif not sink(piece):
            break
    return b"".join(pieces)


def _plain(pieces: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    """The pieces decompressed, a little at a time so that a small answer cannot unpack huge."""
    if encoding in ("identity", ""):
        yield from pieces
        return
    import httpx

    unpack = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
    try:
        for piece in pieces:
            out = unpack.decompress(piece, _PIECE)
            yield out
            while unpack.unconsumed_tail or len(out) == _PIECE:
                out = unpack.decompress(unpack.unconsumed_tail, _PIECE)
                yield out
    except zlib.error:
        raise httpx.DecodingError("compressed body") from None
    if not unpack.eof:
        raise httpx.DecodingError("compressed body was cut off")


def transport_fault(fault: httpx.HTTPError, door: str, idempotent: bool) -> DoorFault:
    """What a fault of the line means: was anything sent, and did an answer come?"""
    import httpx

    if isinstance(fault, httpx.ConnectError) and "CERTIFICATE" in str(fault).upper():
        return Unreachable(
            "door-certificate",
            f"{door} の証明書を確かめられません。何も送っていません。ネットワークとパソコンの時計を確かめてください。",
        )
    never_sent = (
        httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError,
        httpx.UnsupportedProtocol, httpx.LocalProtocolError,
    )  # fmt: skip
    if isinstance(fault, never_sent):
        return Unreachable(
            "door-unreached",
            f"{door} につながりません。まだ何も送っていません。ネットワークを確かめてください。",
        )
    if isinstance(fault, httpx.TimeoutException):
        return silent(door, idempotent)
    if isinstance(fault, httpx.DecodingError):
        return unread(door, idempotent)
    return NoAnswer("line-broke", silent(door, idempotent).sentence)
