"""Where a name really led: a real vault's request never enters this machine itself.

`address` refuses loopback as it is written. A name can still lead there (a hosts file, a name server
that lies), and a certificate authority that somebody added to this machine would then make TLS agree.
So the connection that was made is looked at before anything, even a greeting, is said over it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from typing import Any

from app.services.wire.address import leads_home, loopback_refused

_Trace = Callable[[str, Mapping[str, Any]], None]


def refuse_loopback(host: str, then: _Trace) -> _Trace:
    """A trace of httpcore that ends the call when `host` led to loopback, else goes on to `then`.

    A proxy may lie on this machine (many offices have one): only the connection to `host` itself
    is judged. The trace raises Unreachable; nothing was sent.
    """
    asked = ""

    def trace(event: str, info: Mapping[str, Any]) -> None:
        nonlocal asked
        if event == "connection.connect_tcp.started":
            asked = str(info.get("host", ""))
        elif event == "connection.connect_tcp.complete" and asked == host:
            stream = info["return_value"]
            peer = stream.get_extra_info("server_addr")
            if peer and leads_home(str(peer[0])):
                with contextlib.suppress(Exception):
                    stream.close()
                raise loopback_refused()
        then(event, info)

    return trace
