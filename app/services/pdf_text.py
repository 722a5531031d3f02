"""The text of a PDF from outside, such as an award notice: read in a process of its own, within limits.

A PDF is hostile input: a small file may unpack to gigabytes or keep its reader busy for hours. So the
reader (pypdf) runs in a child that may use only so much time and memory, knows nothing of the vault
and gives text alone; whatever becomes of it, the program goes on. A scanned page holds no text.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from app.domain.errors import BadInput

ARGUMENT: Final = "--pdf-text"
MOST_BYTES: Final = 20_000_000
_MOST_PAGES: Final = 60
_MOST_LETTERS: Final = 300_000
_MOST_MEMORY: Final = 768 * 1024 * 1024
_SECONDS: Final = 20.0
_NO_TEXT = (
    "この PDF には文字が入っていません（画像のようです）。\u200b文を写して、下に貼ってください。"
)
_LOCKED = (
    "この PDF には鍵がかかっています。\u200b鍵を外した PDF を選ぶか、文を写して貼ってください。"
)
_UNREAD = "この PDF を読めませんでした。\u200b開いて文を写し、下に貼ってください。"


def pdf_text(
    content: bytes, *, seconds: float = _SECONDS, command: Sequence[str] | None = None
) -> str:
    """The text of all pages, line by line as it stands there; blocks, so use a thread.

    `seconds` is how long the child may take.

    Raises:
        BadInput: too large, no PDF, locked, without text, or not read within the limits.
    """
    if len(content) > MOST_BYTES:
        most = MOST_BYTES // 1_000_000
        raise BadInput("pdf-large", f"PDF が大きすぎます。{most} MB までの PDF を選んでください。")
    if b"%PDF-" not in content[:1024]:
        raise BadInput("pdf-none", "このファイルは PDF ではありません。PDF を選んでください。")
    try:
        child = subprocess.run(
            list(command or _command()),
            cwd=None if _frozen() else Path(__file__).resolve().parents[2],
            input=content,
            capture_output=True,
            timeout=seconds,
            check=False,
        )
        told = json.loads(child.stdout[: _MOST_LETTERS * 8])
        text, locked = str(told["text"]), bool(told["locked"])
    except (OSError, subprocess.TimeoutExpired, ValueError, KeyError, TypeError):
        raise BadInput("pdf-unread", _UNREAD) from None
    if locked:
        raise BadInput("pdf-locked", _LOCKED)
    if not text.strip():
        raise BadInput("pdf-no-text", _NO_TEXT)
    return text


def main() -> int:
    """The child: a PDF from standard input, one JSON object to standard output."""
    _limit()
    content = sys.stdin.buffer.read(MOST_BYTES + 1)
    text, locked = _read(content)
    sys.stdout.buffer.write(json.dumps({"text": text, "locked": locked}).encode("ascii"))
    return 0


def _read(content: bytes) -> tuple[str, bool]:
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(content), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        return "", True
    parts: list[str] = []
    left = _MOST_LETTERS
    for number, page in enumerate(reader.pages):
        if number >= _MOST_PAGES or left <= 0:
            break
        text = page.extract_text()[:left]
        left -= len(text)
        parts.append(text)
    return "\n".join(parts), False


def _limit() -> None:
    """So much memory and processor time; Windows has neither here, and there the clock alone ends it."""
    if sys.platform == "win32":
        return
    import resource

    for kind, most in (
        (resource.RLIMIT_AS, _MOST_MEMORY),
        (resource.RLIMIT_CPU, round(_SECONDS)),
        (resource.RLIMIT_FSIZE, 0),
    ):
        try:
            resource.setrlimit(kind, (most, most))
        except (ValueError, OSError):  # a stricter limit stands already
            continue


def _frozen() -> bool:
    return bool(getattr(sys, "frozen", False))


def _command() -> list[str]:
    return [sys.executable, ARGUMENT] if _frozen() else [sys.executable, "-m", __name__]


if __name__ == "__main__":
    sys.exit(main())
