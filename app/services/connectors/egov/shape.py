"""Reading e-Gov's JSON strictly: a value is what the reference says, or the answer is not usable.

Unknown extra items are ignored; a missing optional text is ""; "-" is how e-Gov writes "does not
apply" in reports. Nothing is guessed and nothing is half accepted.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping
from typing import Any


class Misshapen(Exception):
    """An answer does not have the shape of the reference; the text names the item only."""


class Shape:
    """One JSON object of an answer, with readers that raise Misshapen."""

    def __init__(self, value: Any, name: str) -> None:
        if not isinstance(value, Mapping):
            raise Misshapen(name)
        self._value = value
        self._name = name

    def has(self, key: str) -> bool:
        """Whether the item is there and not null."""
        return self._value.get(key) is not None

    def text(self, key: str, *, needed: bool = False) -> str:
        """A text ("" when absent, null or "-" and not `needed`); a number is taken as its digits."""
        value = self._value.get(key)
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if value is None and not needed:
            return ""
        if not isinstance(value, str) or (needed and value.strip() in ("", "-")):
            raise Misshapen(f"{self._name}.{key}")
        return "" if value == "-" else value

    def flag_text(self, key: str) -> str:
        """A flag whose type no source names: yes and no as "true" and "false", a text as it came."""
        value = self._value.get(key)
        return ("true" if value else "false") if isinstance(value, bool) else self.text(key)

    def number(self, key: str, *, default: int | None = None) -> int:
        """A whole number ≥ 0, also where e-Gov writes it as digits in a text."""
        value = self._value.get(key)
        if value is None and default is not None:
            return default
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise Misshapen(f"{self._name}.{key}")
        return value

    def inner(self, key: str) -> Shape:
        """An object."""
        return Shape(self._value.get(key), f"{self._name}.{key}")

    def each(self, key: str) -> Iterator[Shape]:
        """The objects of a list; an absent list is empty."""
        for index, value in enumerate(self._list(key)):
            yield Shape(value, f"{self._name}.{key}[{index}]")

    def texts(self, key: str) -> tuple[str, ...]:
        """The texts of a list; an absent list is empty, one text alone is a list of one."""
        value = self._value.get(key)
        values = [value] if isinstance(value, str) else self._list(key)
        if not all(isinstance(v, str) for v in values):
            raise Misshapen(f"{self._name}.{key}")
        return tuple(values)

    def content(self, key: str) -> bytes:
        """A file in strict Base64 (line breaks allowed)."""
        value = self._value.get(key)
        if not isinstance(value, str) or not value:
            raise Misshapen(f"{self._name}.{key}")
        try:
            return base64.b64decode("".join(value.split()), validate=True)
        except (binascii.Error, ValueError):
            raise Misshapen(f"{self._name}.{key}") from None

    def zip_content(self, key: str) -> bytes:
        """A Base64 file that begins like a ZIP (the ZIP itself is read elsewhere, with limits)."""
        content = self.content(key)
        if not content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
            raise Misshapen(f"{self._name}.{key}")
        return content

    def file_name(self, key: str) -> str:
        """A bare file name: no folder, no control character."""
        return bare_name(self.text(key, needed=True), f"{self._name}.{key}")

    def _list(self, key: str) -> list[Any]:
        value = self._value.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            raise Misshapen(f"{self._name}.{key}")
        return value


def bare_name(name: str, where: str) -> str:
    """`name` when it is a plain file name; raises Misshapen for a path or control characters."""
    if name in (".", "..") or any(c in "/\\:" or ord(c) < 32 or ord(c) == 127 for c in name):
        raise Misshapen(where)
    return name
