"""What of a request may stand in a log: method, host, masked path, status, milliseconds."""

from __future__ import annotations

import logging
import re
from urllib.parse import urlsplit

# A path word of a published API; anything else in a path may be somebody's number.
_WORD = re.compile(r"[a-z][a-z_-]{0,31}|v?\d{1,2}|\.well-known|[a-z]{1,16}\.json")


def log_line(method: str, url: str, outcome: str, milliseconds: int) -> str:
    """One line for the log. Query, headers, bodies and numbers in the path never enter it."""
    parts = urlsplit(url)
    path = "/".join(s if not s or _WORD.fullmatch(s) else "{id}" for s in parts.path.split("/"))
    return f"{method} {parts.hostname or '-'} {path or '/'} {outcome} {milliseconds} ms"


def silence_libraries() -> None:
    """Keep httpx and httpcore from logging addresses with their queries, and headers."""
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
