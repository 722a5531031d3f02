"""What browser tests share: local servers, an account's browser, quiet logs.

WebEngine writes GL and D-Bus warnings where there is no screen, so Qt's log may warn in tests marked
`browser`, here only. As root Chromium has no sandbox: the tests' own switch is set, before any Qt.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import os
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from app.views.probe import OUR_FLAGS


@pytest.fixture(scope="session")
def chromium() -> None:
    """What Chromium reads when the first page is made in this process."""
    os.environ["QTWEBENGINE_CHROMIUM_FLAGS"] = OUR_FLAGS
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        os.environ["ICHIDO_TEST_NO_SANDBOX"] = "1"
        os.environ["QTWEBENGINE_DISABLE_SANDBOX"] = "1"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents and item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.qt_log_level_fail("CRITICAL"))


Answer = tuple[int, dict[str, str], str]


@dataclass
class Site:
    """One local server: what it answers by path, and what it was asked."""

    address: str
    pages: dict[str, Answer | Callable[[str], Answer]] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)
    posted: list[bytes] = field(default_factory=list)

    def page(self, path: str, body: str, **headers: str) -> str:
        """Serve an HTML page; gives its address."""
        more = {k.replace("_", "-"): v for k, v in headers.items()}
        html = f"<!doctype html><meta charset=utf-8><title>t</title>{body}"
        self.pages[path] = (200, {"Content-Type": "text/html; charset=utf-8", **more}, html)
        return self.address + path

    def redirect(self, path: str, target: str) -> str:
        """Serve a 302; gives its address."""
        self.pages[path] = (302, {"Location": target}, "")
        return self.address + path


class _Handler(BaseHTTPRequestHandler):
    site: Site

    def _answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length:
            self.site.posted.append(self.rfile.read(length))
        path = self.path.split("?")[0]
        self.site.seen.append(path)
        found = self.site.pages.get(path, (404, {}, "not here"))
        status, headers, body = found(self.path) if callable(found) else found
        data = body.encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = _answer

    def log_message(self, format: str, *args: object) -> None:
        pass


def serve(context: ssl.SSLContext | None = None) -> Iterator[Site]:
    """A running local server."""
    site = Site("")
    handler = type("Handler", (_Handler,), {"site": site})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    if context is not None:
        server.socket = context.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
        server.handle_error = lambda *_: None  # type: ignore[method-assign]
    site.address = f"http{'s' if context else ''}://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield site
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def door() -> Iterator[Site]:
    """The door: on the list."""
    yield from serve()


@pytest.fixture
def stranger() -> Iterator[Site]:
    """Another server: not on the list."""
    yield from serve()


@pytest.fixture(scope="session")
def own_certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, str]:
    """A server context with a certificate nobody trusts, and its SHA-256."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "practice town")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=30))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False
        )
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("tls")
    pem = folder / "both.pem"
    pem.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context, certificate.fingerprint(hashes.SHA256()).hex()


@pytest.fixture
def tls_door(own_certificate: tuple[ssl.SSLContext, str]) -> Iterator[Site]:
    """The door over TLS, with a certificate nobody trusts."""
    yield from serve(own_certificate[0])


@pytest.fixture(autouse=True)
def no_profile_trouble(request: pytest.FixtureRequest) -> Iterator[None]:
    """Page, view and profile must be destroyed in the right order."""
    if not request.node.get_closest_marker("browser"):
        yield
        return
    request.getfixturevalue("chromium")
    qtlog = request.getfixturevalue("qtlog")
    yield
    assert not [r.message for r in qtlog.records if "Release of profile" in r.message]
