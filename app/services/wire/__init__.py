"""The one owner of HTTP: TLS, addresses, limits, pace, redaction and the mapping of faults.

httpx is imported only inside this package, and only when a request is first made.
"""

from __future__ import annotations

from app.services.wire.body import Sink
from app.services.wire.client import JSON_TYPES, Timeouts, Wire
from app.services.wire.pace import HOUJIN_BANGOU_STEPS, Busy, Pace
from app.services.wire.reply import Reply, unread

__all__ = [
    "HOUJIN_BANGOU_STEPS",
    "JSON_TYPES",
    "Busy",
    "Pace",
    "Reply",
    "Sink",
    "Timeouts",
    "Wire",
    "unread",
]
