"""Which addresses a vault may speak to.

A practice vault reaches loopback only; a real vault refuses loopback, private and unencrypted
addresses (DESIGN 1). Names are not resolved here: a practice vault takes IP literals only, and where
a real one's name led is seen when the connection stands (`peer`).
"""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import SplitResult, urlsplit

from app.domain.errors import Unreachable

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def check_address(url: str, *, practice: bool) -> SplitResult:
    """The parts of `url` when this vault may speak to it.

    Raises:
        Unreachable: the address is not allowed for this kind of vault; nothing was sent.
    """
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise _refused(
            "address-unread", "この宛先の書き方では読めません。設定を確かめてください。"
        ) from None
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc or parts.fragment:
        raise _refused("address-unread", "この宛先の書き方では読めません。設定を確かめてください。")
    number = literal(host)
    if practice:
        if number is None or not number.is_loopback:
            raise _refused(
                "address-not-practice",
                "練習の会社からは、このパソコンの中の練習の町だけにつながります。外には送りません。",
            )
        return parts
    if parts.scheme != "https":
        raise _refused(
            "address-not-https",
            "本番の会社からは、暗号化されたつながり(https)だけを使います。設定を確かめてください。",
        )
    if _is_local(host, number):
        raise loopback_refused()
    return parts


def literal(host: str) -> _Address | None:
    """The IP address `host` spells (also the old forms 127.1 and 2130706433), None for a name."""
    try:
        address: _Address = ipaddress.ip_address(host.split("%", 1)[0])
    except ValueError:
        try:
            return ipaddress.IPv4Address(socket.inet_aton(host))
        except (OSError, UnicodeEncodeError):
            return None
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        return address.ipv4_mapped
    return address


def is_loopback(url: str) -> bool:
    """Whether the host of `url` is spelt as a loopback IP address."""
    number = literal(urlsplit(url).hostname or "")
    return number is not None and number.is_loopback


def leads_home(address: str) -> bool:
    """Whether a connection to this IP address ends on this machine (loopback or unspecified)."""
    number = literal(address)
    return number is not None and (number.is_loopback or number.is_unspecified)


def loopback_refused() -> Unreachable:
    """What a real vault says of an address on this machine."""
    return _refused(
        "address-loopback",
        "本番の会社からは、このパソコンの中の練習の町にはつながりません。設定を確かめてください。",
    )


def _is_local(host: str, number: _Address | None) -> bool:
    if number is not None:
        return not number.is_global
    name = host.rstrip(".").lower()
    return name == "localhost" or name.endswith((".localhost", ".local"))


def _refused(code: str, sentence: str) -> Unreachable:
    return Unreachable(code, sentence)
