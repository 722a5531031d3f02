"""Start the town's servers in one process, on free ports of 127.0.0.1, plain and with TLS."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp

from app.sandbox.journal import Journalled
from app.sandbox.town import FAULTS, REDIRECT, SERVICES, Options, Town
from app.sandbox.weather import UnderWeather, plain_fault

SCHEMES = ("http", "https")
RESOURCES = Path(__file__).resolve().parent.parent.parent / "resources" / "sandbox"


class _Server(uvicorn.Server):
    """A server that leaves signals to the process, which runs several of them."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take no signal."""
        yield


def application(town: Town, service: str) -> ASGIApp:
    """One service as it listens: journal, weather, loopback host names only, routes."""
    routes = Starlette(routes=town.routes(service))
    guarded: ASGIApp = TrustedHostMiddleware(routes, ["127.0.0.1"], www_redirect=False)
    if service != "control":
        guarded = UnderWeather(guarded, town.weather, FAULTS.get(service, plain_fault))
    return Journalled(guarded, town.journal, service)


def _bind(state: Path | None) -> dict[tuple[str, str], socket.socket]:
    """A listening socket for each service and scheme, at yesterday's ports where they are free."""
    path = state / "ports.json" if state else None
    old = json.loads(path.read_text("utf-8")) if path and path.exists() else {}
    sockets = {}
    for service in SERVICES:
        for scheme in SCHEMES:
            sockets[service, scheme] = _listen(int(old.get(f"{service}.{scheme}", 0)))
    if path:
        ports = {".".join(key): held.getsockname()[1] for key, held in sockets.items()}
        path.write_text(json.dumps(ports), "utf-8")
    return sockets


def _listen(port: int) -> socket.socket:
    held = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if os.name == "posix":
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        held.bind(("127.0.0.1", port))
    except OSError:
        held.bind(("127.0.0.1", 0))
    held.listen(128)
    return held


def _configured(town: Town, service: str, scheme: str, folder: Path) -> uvicorn.Config:
    tls = scheme == "https"
    return uvicorn.Config(
        application(town, service),
        http="h11",
        ws="none",
        lifespan="off",
        log_level="critical",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=1,
        ssl_certfile=str(folder / "tls.crt") if tls else None,
        ssl_keyfile=str(folder / "tls.pem") if tls else None,
    )


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("app.sandbox", description="練習の町を始めます。")
    parser.add_argument("--state", type=Path, help="folder that keeps the town for the next start")
    parser.add_argument("--seed", type=int, help="make every code and number repeatable")
    parser.add_argument("--port-file", type=Path, help="also write the endpoints JSON here")
    parser.add_argument("--with-parent", action="store_true", help="end when stdin is closed")
    parser.add_argument("--resources", type=Path, default=RESOURCES, help="resources/sandbox")
    parser.add_argument("--grants", type=Path, help="JSON file of grants to put behind jGrants")
    parser.add_argument(
        "--redirect-uri",
        action="append",
        help=f"registered redirect address, may stand several times (else {REDIRECT}, any port)",
    )
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    """Run the town until SIGTERM, SIGINT or, with --with-parent, the end of stdin."""
    given = _options(arguments)
    if given.state is not None:
        given.state.mkdir(parents=True, exist_ok=True, mode=0o700)
    redirects = tuple(given.redirect_uri or [REDIRECT])
    town = Town(Options(given.resources, given.state, given.seed, redirects, given.grants))
    if given.grants is not None:
        try:
            town.grants.book.records()
        except (OSError, ValueError) as fault:
            print(f"--grants: {fault}", file=sys.stderr)
            return 2
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_run(town, given))
    town.save()
    return 0


async def _run(town: Town, given: argparse.Namespace) -> None:
    sockets = _bind(given.state)
    town.bound(
        {
            (service, scheme): f"{scheme}://127.0.0.1:{held.getsockname()[1]}"
            for (service, scheme), held in sockets.items()
        }
    )
    with tempfile.TemporaryDirectory(prefix="renshu-") as name:
        folder = Path(name)
        (folder / "tls.crt").write_bytes(
            town.keys.tls.certificate_pem + town.keys.authority.certificate_pem
        )
        key = folder / "tls.pem"
        key.touch(mode=0o600)
        key.write_bytes(town.keys.tls.key_pem)
        configs = {pair: _configured(town, *pair, folder) for pair in sockets}
        for config in configs.values():
            config.load()
    servers = {pair: _Server(config) for pair, config in configs.items()}
    ending = _endings(list(servers.values()), with_parent=given.with_parent)
    running = [
        asyncio.create_task(server.serve([sockets[pair]])) for pair, server in servers.items()
    ]
    while not all(server.started for server in servers.values()):
        if any(task.done() for task in running):
            break
        await asyncio.sleep(0.01)
    _announce(town, given.port_file)
    await asyncio.gather(*running)
    ending.set()


def _announce(town: Town, port_file: Path | None) -> None:
    line = json.dumps(town.endpoints(), ensure_ascii=False)
    if port_file is not None:
        fresh = port_file.with_name(f"{port_file.name}.new")
        fresh.touch(mode=0o600)
        fresh.write_text(f"{line}\n", "utf-8")
        fresh.replace(port_file)
    print(line, flush=True)


def _endings(servers: list[_Server], *, with_parent: bool) -> threading.Event:
    """Everything that ends the town; the event is set when it has ended."""
    done = threading.Event()

    def end(*_: object) -> None:
        for server in servers:
            server.should_exit = True

    for name in ("SIGTERM", "SIGINT", "SIGBREAK"):
        if hasattr(signal, name) and threading.current_thread() is threading.main_thread():
            signal.signal(getattr(signal, name), end)

    def watch() -> None:
        # os.read holds no lock of the interpreter: at its end it would abort over a locked sys.stdin.
        with contextlib.suppress(OSError):
            while not done.is_set() and os.read(sys.stdin.fileno(), 1024):
                pass
        end()

    if with_parent:
        threading.Thread(target=watch, daemon=True).start()
    return done
