"""From the base64 text of one file to its bytes, in pieces, into a sink that can be taken back."""

from __future__ import annotations

import binascii
import json
import re
from typing import IO, Final

from app.domain.errors import NoAnswer, Refused

_BLANKS: Final = re.compile(rb"[\s]+")
_ESCAPES: Final = re.compile(rb"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_OPEN_ESCAPE: Final = re.compile(rb"\\(?:u[0-9a-fA-F]{0,3})?$")


class OneFile:
    """Writes the file (kind, name) of an answer to `sink` and keeps nothing else.

    Where an object tells its name only behind its contents, they are written and taken back when
    the name was another one, so the sink must be able to seek and to shorten.
    """

    def __init__(self, kind: str, name: str, sink: IO[bytes], limit: int, door: str) -> None:
        self._kind, self._name, self._sink = kind, name, sink
        self._limit, self._door = limit, door
        self._start = sink.tell()
        self._carry = b""
        self._text = b""
        self._ended = False
        self._written = False
        self.size = 0
        self.found = False

    def begin(self, kind: str, place: int, name: str | None) -> bool:
        """Whether the file that begins may be the wanted one."""
        wanted = kind == self._kind and (name is None or _spelt(name) == self._name)
        if wanted:
            self.take_back()
            self._written = True
        return wanted

    def take(self, text: bytes) -> None:
        """Decodes what is complete of the text. Raises NoAnswer, Refused."""
        text = self._carry + text
        cut = _OPEN_ESCAPE.search(text[-6:])
        whole = len(text) - (len(cut[0]) if cut and not text.endswith(b"\\\\") else 0)
        self._carry, text = text[whole:], text[:whole]
        if b"\\" in text:
            text = _ESCAPES.sub(_unescaped, text)
        self._text += _BLANKS.sub(b"", text)
        ready = len(self._text) // 4 * 4
        self._write(self._text[:ready])
        self._text = self._text[ready:]

    def end(self) -> None:
        """Writes what is left; missing padding is added, as some publishers leave it out."""
        if self._carry or len(self._text) == 1:
            raise self._damaged()
        self._write(self._text + b"=" * (-len(self._text) % 4))
        self._text = b""

    def told(self, kind: str, place: int, name: str) -> bool:
        """The name behind the contents decides; True ends the reading."""
        if not self._written or kind != self._kind:
            return False
        if _spelt(name) != self._name:
            self.take_back()
            self._written = False
            return False
        self.found = True
        return True

    def _write(self, text: bytes) -> None:
        if not text:
            return
        if self._ended:
            raise self._damaged()
        try:
            content = binascii.a2b_base64(text, strict_mode=True)
        except binascii.Error:
            raise self._damaged() from None
        self._ended = text.endswith(b"=")
        self.size += len(content)
        if self.size > self._limit:
            raise Refused(
                "attachment-too-large",
                f"この添付は大きすぎて書類庫に入れられません({self._limit // 1_000_000} MBまで)。"
                "募集のページから取ってください。",
            )
        self._sink.write(content)

    def take_back(self) -> None:
        """Shortens the sink to what it held before."""
        self._sink.seek(self._start)
        self._sink.truncate()
        self._carry = self._text = b""
        self._ended = False
        self.size = 0

    def _damaged(self) -> NoAnswer:
        return NoAnswer(
            "attachment-damaged",
            f"{self._door} の添付が途中でこわれています。募集のページから取ってください。",
        )


def _spelt(raw: str) -> str:
    """A name as the JSON text spells it, read."""
    try:
        return str(json.loads(f'"{raw}"', strict=False))
    except ValueError:
        return raw


def _unescaped(found: re.Match[bytes]) -> bytes:
    if found[1]:
        return chr(int(found[1], 16)).encode("utf-8", "replace")
    return {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}.get(found[2], found[2])
