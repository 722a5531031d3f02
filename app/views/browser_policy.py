"""Which addresses the embedded browser may open: exact hosts, decided before any network (DESIGN 7).

Nothing here knows WebEngine. A host is compared whole, in its ASCII form, with its scheme and port;
there is no suffix match, so `gbiz-id.go.jp.example` and `gbiz-id.go.jp.` are other hosts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from PySide6.QtCore import QUrl

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_DEFAULT_PORTS = {"https": 443, "http": 80}
_SHA256 = re.compile(r"[0-9a-f]{64}")


class Standing(StrEnum):
    """What the address bar says of an address."""

    LISTED = "listed"
    UNLISTED = "unlisted"
    INSECURE = "insecure"
    SCHEME = "scheme"
    BAD_CERTIFICATE = "bad_certificate"
    NONE = "none"


@dataclass(frozen=True)
class Site:
    """Scheme, ASCII host and port of a web address; what is compared, and nothing else."""

    scheme: str
    host: str
    port: int

    @property
    def loopback(self) -> bool:
        """Whether it is this machine."""
        return self.host in LOOPBACK


def ascii_host(url: QUrl) -> str:
    """The host as the network sees it: lower case, punycode."""
    return url.host(QUrl.ComponentFormattingOption.FullyEncoded).lower()


def site_of(url: QUrl) -> Site | None:
    """The site of an http(s) address, or None for anything else or with a name and password in it."""
    scheme = url.scheme().lower()
    if scheme not in _DEFAULT_PORTS or not url.isValid() or not url.host() or url.userInfo():
        return None
    return Site(scheme, ascii_host(url), url.port(_DEFAULT_PORTS[scheme]))


def decoded_host(host: str) -> str:
    """The letters behind a punycode host, or "" when it has none (or they cannot be decoded)."""
    labels = host.split(".")
    if not any(label.startswith("xn--") for label in labels):
        return ""
    shown: list[str] = []
    for label in labels:
        try:
            plain = (
                label[4:].encode("ascii").decode("punycode") if label.startswith("xn--") else label
            )
        except UnicodeError:
            return ""
        shown.append(plain)
    return ".".join(shown)


def _sites(addresses: Iterable[str]) -> frozenset[Site]:
    """The sites of several addresses. Raises ValueError for one that is not a web address."""
    found: set[Site] = set()
    for address in addresses:
        site = site_of(QUrl(address, QUrl.ParsingMode.StrictMode))
        if site is None:
            raise ValueError("a door address must be http(s) with a host and no user name")
        found.add(site)
    return frozenset(found)


@dataclass(frozen=True)
class BrowserPolicy:
    """The door list of one account's browser.

    `doors` may be the page itself; `parts` (images, scripts, frames) may be loaded by a door's page.
    `redirect` is the registered return address: scheme, host, port and path, caught before any
    network. `pin` is the SHA-256 (64 hex digits) of the practice town's certificate and counts only
    in a practice vault, on loopback. A practice vault knows only loopback and a real one none of it.
    """

    doors: frozenset[Site]
    redirect: QUrl
    practice: bool
    parts: frozenset[Site] = field(default_factory=frozenset)
    pin: str = ""

    def __post_init__(self) -> None:
        for site in self.doors | self.parts:
            if site.loopback is not self.practice:
                raise ValueError("practice knows only this machine, and a real vault none of it")
            if site.scheme == "http" and not site.loopback:
                raise ValueError("plain http only to this machine")
        if self.pin and not (self.practice and _SHA256.fullmatch(self.pin)):
            raise ValueError("a certificate pin is for a practice vault, 64 hex digits")

    def top_level(self, url: QUrl) -> Standing:
        """Whether `url` may be the page."""
        if url.toString() == "about:blank":
            return Standing.NONE
        site = site_of(url)
        if site is None:
            return Standing.SCHEME
        if site in self.doors:
            return Standing.LISTED
        if site.scheme == "http" and not (self.practice and site.loopback):
            return Standing.INSECURE
        return Standing.UNLISTED

    def part(self, url: QUrl, *, frame: bool) -> bool:
        """Whether a door's page may load `url` as a part of itself (`frame`: as an inner page)."""
        scheme = url.scheme().lower()
        if scheme in {"data", "blob"}:
            return not frame
        if frame and url.toString() in {"about:blank", "about:srcdoc"}:
            return True
        if scheme in {"ws", "wss"}:
            url = QUrl(url)
            url.setScheme("http" if scheme == "ws" else "https")
        site = site_of(url)
        return site is not None and (site in self.doors or site in self.parts)

    def is_return(self, url: QUrl) -> bool:
        """Whether `url` is the registered return address (its query and fragment do not count)."""
        site = site_of(url)
        encoded = QUrl.ComponentFormattingOption.FullyEncoded
        return (
            site is not None
            and site == site_of(self.redirect)
            and url.path(encoded) == self.redirect.path(encoded)
        )

    def pinned(self, url: QUrl, digest: str) -> bool:
        """Whether a certificate that is not trusted is the practice town's own, on this machine."""
        site = site_of(url)
        return bool(
            self.practice and self.pin and site and site.loopback and digest.lower() == self.pin
        )


def policy(
    doors: Iterable[str],
    redirect: str,
    *,
    practice: bool,
    parts: Iterable[str] = (),
    pin: str = "",
) -> BrowserPolicy:
    """A door list from addresses as the settings hold them. Raises ValueError for a bad one."""
    return BrowserPolicy(
        _sites(doors), QUrl(redirect), practice, _sites(parts), pin.replace(":", "").lower()
    )
