"""Reading a detail answer of tens of megabytes without holding it.

Nearly all of such an answer is the base64 text of files, each the value of a key `data` inside one
of three lists. `Hollow` follows the JSON byte by byte only as far as it must (strings, brackets,
keys), lets everything else through into a small text that the ordinary JSON reader takes, and
measures, or hands on, the contents of `data`. No JSON library reads strings in pieces; this does
nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, Protocol

FILE_LISTS: Final = ("application_guidelines", "outline_of_grant", "application_form")
_MARKS: Final = re.compile(rb'["{}\[\]:,]')
_STRING_END: Final = re.compile(rb'["\\]')
_REST_LIMIT: Final = 8 * 1024 * 1024
_KEY_LIMIT: Final = 200
_NAME_LIMIT: Final = 4000


class TooMuch(Exception):
    """What stands beside the files is larger than any grant."""


class FileText(Protocol):
    """Takes the base64 text of one file."""

    def begin(self, kind: str, place: int, name: str | None) -> bool:
        """A file begins: its list, its place in it, its name if already told. False: not wanted."""

    def take(self, text: bytes) -> None:
        """The next part of the text, JSON escapes still in it."""

    def end(self) -> None:
        """The text is complete."""

    def told(self, kind: str, place: int, name: str) -> bool:
        """The object ended and this was its name. True: nothing more is wanted of the answer."""


class Hollow:
    """Takes the pieces of an answer; `text` is the answer with every `data` emptied.

    `sizes` has the number of base64 characters (padding not counted) of each file by (list, place).
    """

    def __init__(self, files: FileText | None = None) -> None:
        self._files = files
        self._rest = bytearray()
        self._stack: list[_Level] = []
        self._state: Callable[[bytes, int], int] = self._outside
        self._string = bytearray()
        self._escaped = False
        self._handed = False
        self._count = 0
        self._tail = b""
        self.sizes: dict[tuple[str, int], int] = {}
        self.enough = False

    @property
    def text(self) -> bytes:
        """The answer without the files' contents, so far."""
        return bytes(self._rest)

    def take(self, piece: bytes) -> bool:
        """The next piece; False when nothing more is wanted. Raises TooMuch."""
        at = 0
        while at < len(piece) and not self.enough:
            at = self._state(piece, at)
        if len(self._rest) > _REST_LIMIT:
            raise TooMuch
        return not self.enough

    # --- between strings

    def _outside(self, piece: bytes, at: int) -> int:
        found = _MARKS.search(piece, at)
        if found is None:
            self._rest += piece[at:]
            return len(piece)
        end = found.end()
        self._rest += piece[at:end]
        mark = found[0]
        level = self._stack[-1] if self._stack else None
        if mark == b'"':
            self._begin_string(level)
        elif mark in b"{[":
            self._stack.append(self._opened(level, mark == b"["))
        elif mark in b"}]":
            self._closed()
        elif level is not None and mark == b":":
            level.at_value = True
        elif level is not None:
            level.at_value = False
            level.place += 1
        return end

    def _opened(self, level: _Level | None, is_list: bool) -> _Level:
        new = _Level(is_list)
        if level is None:
            return new
        if is_list and level.key in FILE_LISTS:
            new.files = level.key
        elif not is_list and level.is_list and level.files:
            new.file = (level.files, level.place)
        return new

    def _closed(self) -> None:
        if not self._stack:
            return
        level = self._stack.pop()
        if level.file and self._files is not None and level.name is not None:
            self.enough = self._files.told(*level.file, level.name)

    # --- inside a string

    def _begin_string(self, level: _Level | None) -> None:
        self._string.clear()
        self._escaped = False
        if level is not None and level.file and level.at_value and level.key == "data":
            self._count = 0
            self._tail = b""
            self._handed = self._files is not None and self._files.begin(*level.file, level.name)
            self._state = self._data
        else:
            self._state = self._plain

    def _plain(self, piece: bytes, at: int) -> int:
        """A key, or a value that stays."""
        end, closed = self._end_of_string(piece, at)
        self._rest += piece[at:end]
        if len(self._string) < _NAME_LIMIT:
            self._string += piece[at : end - 1 if closed else end]
        if closed:
            self._state = self._outside
            self._note()
        return end

    def _data(self, piece: bytes, at: int) -> int:
        """The contents of a file: counted, handed on when wanted, never kept."""
        end, closed = self._end_of_string(piece, at)
        last = end - 1 if closed else end
        self._count += last - at
        self._tail = (self._tail + piece[max(at, last - 2) : last])[-2:]
        if self._handed and self._files is not None:
            self._files.take(piece[at:last])
        if closed:
            self._rest += b'"'
            self._state = self._outside
            file = self._stack[-1].file
            assert file is not None
            self.sizes[file] = self._count - self._tail.count(b"=")
            if self._handed and self._files is not None:
                self._files.end()
        return end

    def _end_of_string(self, piece: bytes, at: int) -> tuple[int, bool]:
        """Where the string ends in this piece (behind its quote), or the piece's end and False."""
        if self._escaped:
            at += 1
            self._escaped = False
        while True:
            found = _STRING_END.search(piece, at)
            if found is None:
                return len(piece), False
            if found[0] == b'"':
                return found.end(), True
            at = found.end() + 1
            if at > len(piece):
                self._escaped = True
                return len(piece), False

    def _note(self) -> None:
        level = self._stack[-1] if self._stack else None
        if level is None or level.is_list:
            return
        if not level.at_value:
            level.key = self._string[:_KEY_LIMIT].decode("utf-8", "replace")
        elif level.file and level.key == "name":
            level.name = bytes(self._string).decode("utf-8", "replace")


class _Level:
    """One open bracket: which key or place is read, and whether it is a file of the publisher."""

    __slots__ = ("at_value", "file", "files", "is_list", "key", "name", "place")

    def __init__(self, is_list: bool) -> None:
        self.is_list = is_list
        self.key = ""
        self.place = 0
        self.at_value = False
        self.files = ""
        self.file: tuple[str, int] | None = None
        self.name: str | None = None
