"""A real Secret Service for tests: its own D-Bus and gnome-keyring in a home of its own.

Starts `dbus-daemon` and `gnome-keyring-daemon` with a private HOME and XDG_RUNTIME_DIR, tells the
test its bus through the environment, and ends both by their own process ids.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

NEEDED = ("dbus-daemon", "gnome-keyring-daemon")
_OURS = ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS")


@contextlib.contextmanager
def secret_service(password: bytes = b"pw") -> Iterator[Path]:
    """An unlocked login keyring on a private bus; yields its home. Skips where it is not installed."""
    missing = [name for name in NEEDED if shutil.which(name) is None]
    if missing:
        pytest.skip(f"no Secret Service here: {', '.join(missing)} is not installed")
    # A socket's path has about a hundred bytes, so not below pytest's long folders.
    home = Path(tempfile.mkdtemp(prefix="ich-"))
    runtime = home / "run"
    runtime.mkdir(mode=0o700)
    kept = {name: os.environ.get(name) for name in _OURS}
    os.environ |= {
        "HOME": str(home),
        "XDG_DATA_HOME": str(home / ".local/share"),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "XDG_RUNTIME_DIR": str(runtime),
    }
    started: list[subprocess.Popen[bytes]] = []
    try:
        bus, address = _start_bus(runtime)
        started.append(bus)
        os.environ["DBUS_SESSION_BUS_ADDRESS"] = address
        started.append(_start_keyring(password))
        yield home
    finally:
        for process in reversed(started):
            process.terminate()
            process.wait(20)
        for name, value in kept.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        shutil.rmtree(home, ignore_errors=True)


def _start_bus(runtime: Path) -> tuple[subprocess.Popen[bytes], str]:
    bus = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--print-address=1",
         f"--address=unix:path={runtime}/bus"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    assert bus.stdout is not None
    with bus.stdout:
        address = bus.stdout.readline().decode().strip()
    return bus, address


def _start_keyring(password: bytes) -> subprocess.Popen[bytes]:
    """The daemon as a child of ours, waited for until it owns its name on the bus."""
    import jeepney
    from jeepney.io.blocking import open_dbus_connection

    owned = jeepney.MatchRule(
        type="signal",
        sender="org.freedesktop.DBus",
        interface="org.freedesktop.DBus",
        member="NameOwnerChanged",
        path="/org/freedesktop/DBus",
    )
    owned.add_arg_condition(0, "org.freedesktop.secrets")
    with open_dbus_connection(bus="SESSION") as connection:
        connection.send_and_get_reply(jeepney.message_bus.AddMatch(owned), timeout=10)
        with connection.filter(owned) as signals:
            daemon = subprocess.Popen(
                ["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"],
                stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip
            assert daemon.stdin is not None
            daemon.stdin.write(password)
            daemon.stdin.close()
            connection.recv_until_filtered(signals, timeout=20)
    return daemon


def lock_collections() -> None:
    """Lock every collection, as a screen lock would, and see that asking to unlock is turned down.

    A daemon that has just started may unlock its login collection once more after the first lock.
    """
    import secretstorage

    with contextlib.closing(secretstorage.dbus_init()) as connection:
        login = secretstorage.get_default_collection(connection)
        for _ in range(10):
            for collection in secretstorage.get_all_collections(connection):
                collection.lock()
            login.unlock()
            if login.is_locked():
                return
    raise AssertionError("the login collection does not stay locked")
