"""One program at a time: an OS lock on a local disk, an owner file with a heartbeat on a share.

The lock file x.lock is held with flock (Windows: msvcrt.locking) and ends with its process, also
after a kill. A share may not know locks, so there x.owner says who has the vault open; it is
stale when its heartbeat is five minutes old by the *share's* clock, which is read from the time
stamp of a file just written there (the clocks of two machines differ).
"""

from __future__ import annotations

import contextlib
import getpass
import json
import os
import platform
import secrets
import sys
import threading
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

from app.domain.clock import Clock
from app.domain.errors import VaultFault
from app.store.disk import Place
from app.store.faults import as_faults

STALE_SECONDS: Final = 300.0
BEAT_SECONDS: Final = 30.0
_LOCKED_BYTE: Final = 1 << 20  # past the text, which others must be able to read on Windows


@dataclass(frozen=True)
class Owner:
    """Who has the vault open."""

    user: str
    host: str
    since: str
    token: str = field(repr=False)

    @classmethod
    def this_program(cls, clock: Clock) -> Owner:
        """The present user and machine, with a new random token."""
        try:
            user = getpass.getuser()
        except (OSError, KeyError, ImportError):  # a user id without a name
            user = "?"
        return cls(user, platform.node() or "?", clock().isoformat(), secrets.token_hex(8))

    def to_bytes(self) -> bytes:
        """The content of the lock file and of the owner file."""
        return json.dumps(asdict(self), ensure_ascii=False).encode("utf-8") + b"\n"


def owner_from(content: bytes) -> Owner | None:
    """The owner in these bytes, or None when they do not tell."""
    try:
        form = json.loads(content)
        parts = [form[name] for name in ("user", "host", "since", "token")]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return Owner(*parts) if all(isinstance(part, str) for part in parts) else None


def opened_twice(owner: Owner | None, here: str) -> VaultFault:
    """The fault that says who has the vault open, and since when."""
    if owner is None:
        who = "ほかの人かほかの画面が"
    elif owner.host == here:
        who = f"このパソコンの別の画面({owner.user}さん、{_when(owner.since)}から)が"
    else:
        who = f"{owner.user}さん({owner.host}、{_when(owner.since)}から)が"
    sentence = f"{who}この会社を開いています。閉じてもらってから、開き直してください。"
    return VaultFault("opened_twice", sentence)


def _when(since: str) -> str:
    day, _, time = since.partition("T")
    return f"{day} {time[:5]}"


class VaultLock:
    """The right to have one vault open. `check` before writing, `release` at the end.

    Raises VaultFault opened_twice when another holds it, read_only or folder_missing when the
    place cannot be written.
    """

    def __init__(
        self, path: Path, place: Place, clock: Clock, *, beat: float = BEAT_SECONDS
    ) -> None:
        self.owner = Owner.this_program(clock)
        self._file = path.with_suffix(".lock")
        self._owner_file = path.with_suffix(".owner")
        self._handle = -1
        self._shared = place == "share"
        self._lost = threading.Event()
        self._done = threading.Event()
        self._beats: threading.Thread | None = None
        with as_faults():
            held = self._take_lock()
        try:
            if self._shared:
                with as_faults():
                    self._take_owner_file(held)
                self._start_heart(beat)
        except BaseException:
            self.release()
            raise

    def check(self) -> None:
        """Raises VaultFault opened_twice when another machine took the vault over meanwhile."""
        if self._lost.is_set():
            raise opened_twice(self._seen(), self.owner.host)

    def release(self) -> None:
        """Lets go; safe to call twice."""
        self._done.set()
        if self._beats is not None:
            self._beats.join()
            self._beats = None
        with contextlib.suppress(OSError):
            seen = self._seen() if self._shared else None
            if seen is not None and seen.token == self.owner.token:
                self._owner_file.unlink()
        if self._handle >= 0:
            # The file stays: deleting a locked name lets two programs lock two files.
            os.close(self._handle)
            self._handle = -1

    def _take_lock(self) -> bool:
        """Takes the OS lock; False where the file system has none (then the owner file rules)."""
        self._handle = os.open(self._file, os.O_RDWR | os.O_CREAT, 0o600)
        answer = _lock(self._handle)
        if answer == "held":
            seen = owner_from(os.read(self._handle, 4096))
            os.close(self._handle)
            self._handle = -1
            raise opened_twice(seen, self.owner.host)
        # Only for the other's sentence: a full disk must not keep the vault from being read.
        with contextlib.suppress(OSError):
            os.ftruncate(self._handle, 0)
            os.write(self._handle, self.owner.to_bytes())
        return answer == "taken"

    def _take_owner_file(self, held: bool) -> None:
        for _ in range(3):
            try:
                handle = os.open(self._owner_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            except FileExistsError:
                self._clear_stale(held)
                continue
            try:
                with open(handle, "wb") as file:
                    file.write(self.owner.to_bytes())
                    file.flush()
                    os.fsync(file.fileno())
            except OSError:  # a full share: an owner file that names nobody must not stay
                self._owner_file.unlink()
                raise
            return
        raise opened_twice(self._seen(), self.owner.host)

    def _clear_stale(self, held: bool) -> None:
        """Moves a stale owner file away; raises VaultFault opened_twice when it is alive."""
        seen = self._seen()
        # Whoever holds the OS lock on this very machine knows that no other program here lives.
        dead_here = held and seen is not None and seen.host == self.owner.host
        if not dead_here and self._age() < STALE_SECONDS:
            raise opened_twice(seen, self.owner.host)
        aside = self._owner_file.with_suffix(f".owner-{self.owner.token}")
        try:
            os.replace(self._owner_file, aside)
        except FileNotFoundError:
            return
        moved = owner_from(aside.read_bytes())
        if moved != seen:  # another was quicker and this is the living file: give it back
            os.replace(aside, self._owner_file)
            raise opened_twice(moved, self.owner.host)
        aside.unlink()

    def _age(self) -> float:
        """Seconds since the last heartbeat, by the clock of the share."""
        probe = self._owner_file.with_suffix(f".owner-{self.owner.token}")
        probe.write_bytes(b"")
        try:
            return probe.stat().st_mtime - self._owner_file.stat().st_mtime
        except FileNotFoundError:
            return STALE_SECONDS
        finally:
            probe.unlink()

    def _seen(self) -> Owner | None:
        try:
            return owner_from(self._owner_file.read_bytes())
        except OSError:
            return None

    def _start_heart(self, beat: float) -> None:
        def live() -> None:
            while not self._done.wait(beat):
                self.beat()

        self._beats = threading.Thread(target=live, name="vault heartbeat", daemon=True)
        self._beats.start()

    def beat(self) -> None:
        """One heartbeat: sees that the owner file is still ours, and renews it."""
        try:
            seen = owner_from(self._owner_file.read_bytes())
        except FileNotFoundError:
            self._lost.set()
            return
        except OSError:
            return  # the share is away for a moment; the next beat tries again
        if seen is None or seen.token != self.owner.token:
            self._lost.set()
            return
        # Written anew, not utime: the time stamp is to be the share's own.
        with contextlib.suppress(OSError), open(self._owner_file, "r+b") as file:
            file.write(self.owner.to_bytes())
            file.flush()
            os.fsync(file.fileno())


def _lock(handle: int) -> str:
    """ "taken", "held" by another, or "none" where the file system knows no locks."""
    if sys.platform == "win32":  # pragma: no cover - other systems
        import msvcrt

        os.lseek(handle, _LOCKED_BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return "held"
        finally:
            os.lseek(handle, 0, os.SEEK_SET)
        return "taken"
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return "held"
    except OSError:
        return "none"
    return "taken"
