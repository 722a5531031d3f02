"""Files that are whole or not there: atomic writes, and what kind of file system a place is on."""

from __future__ import annotations

import contextlib
import ctypes
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal

Place = Literal["local", "share"]

# fmt: off
_LOCAL: Final = frozenset({
    "ext2", "ext3", "ext4", "xfs", "btrfs", "f2fs", "zfs", "bcachefs", "jfs", "reiserfs",
    "nilfs2", "tmpfs", "ramfs", "overlay", "apfs", "hfs", "hfsplus", "ufs",
})
# fmt: on


def unfinished(path: Path) -> Path:
    """The name under which `write_whole` writes; what is found there was never finished."""
    return path.with_name(path.name + ".new")


def write_whole(path: Path, content: bytes) -> None:
    """Replaces `path` by a file with `content`, or leaves it as it was. Raises OSError.

    The new file is synced before it takes the name and the folder after, so that a power cut
    leaves the old or the new content. It is readable by the user alone.
    """
    new = unfinished(path)
    try:
        handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(new, path)
    except OSError:
        with contextlib.suppress(OSError):
            new.unlink()
        raise
    sync_folder(path.parent)


def sync_file(path: Path) -> None:
    """Forces a file's content to the disk. Raises OSError."""
    handle = os.open(path, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_folder(folder: Path) -> None:
    """Forces a folder's names to the disk, where the system can (Windows cannot)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # some shares refuse it; the rename itself is done
            os.fsync(handle)
    finally:
        os.close(handle)


def take_name(new: Path, path: Path) -> None:
    """Gives the finished file `new` the name `path`, for good. Raises OSError."""
    sync_file(new)
    os.replace(new, path)
    sync_folder(path.parent)


def drop(path: Path) -> None:
    """Deletes a file if it is there."""
    path.unlink(missing_ok=True)


def place_of(path: Path, mounts: Callable[[], str] | None = None) -> Place:
    """Whether `path` lies on a local disk. What is not known to be local counts as a share.

    `mounts` gives the text of /proc/mounts (on macOS of `mount`); tests put in their own.
    """
    if sys.platform == "win32" and mounts is None:  # pragma: no cover - other systems
        return _place_on_windows(path)
    text = (mounts or _mounts)()
    return _place_by_mac_list(path, text) if " on /" in text else _place_by_table(path, text)


def _mounts() -> str:
    if sys.platform == "darwin":  # pragma: no cover - other systems
        answer = subprocess.run(["/sbin/mount"], capture_output=True, text=True, check=False)
        return answer.stdout
    try:
        return Path("/proc/self/mounts").read_text("utf-8", "replace")
    except OSError:
        return ""


def _place_by_table(path: Path, text: str) -> Place:
    """A table like /proc/mounts: device, mount point (octal escapes), type, options."""
    best, kind = -1, ""
    here = path.resolve()
    for line in text.splitlines():
        parts = line.split(" ")
        if len(parts) < 3:
            continue
        point = Path(parts[1].encode("utf-8", "replace").decode("unicode_escape"))
        # A later mount on the same point covers the earlier one, hence >=.
        if (here == point or point in here.parents) and len(point.parts) >= best:
            best, kind = len(point.parts), parts[2]
    return "local" if kind in _LOCAL else "share"


def _place_by_mac_list(path: Path, text: str) -> Place:
    """Lines like "/dev/disk3s1 on /Users (apfs, local, journaled)"."""
    best, local = -1, False
    here = path.resolve()
    for line in text.splitlines():
        _, found, rest = line.partition(" on ")
        name, _, options = rest.rpartition(" (")
        point = Path(name)
        if found and (here == point or point in here.parents) and len(point.parts) >= best:
            best, local = len(point.parts), "local" in options.rstrip(")").split(", ")
    return "local" if local else "share"


def _place_on_windows(path: Path) -> Place:  # pragma: no cover - other systems
    drive = path.resolve().anchor
    fixed = 3  # DRIVE_FIXED of GetDriveTypeW
    if sys.platform == "win32" and ctypes.windll.kernel32.GetDriveTypeW(drive) == fixed:
        return "local"
    return "share"
