"""Fixtures of the store's tests: cheap keys, new vaults, a disk of two megabytes."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from store_parts import CHEAP, MIGRATIONS, PASSPHRASE, House

from app.domain.clock import Clock
from app.store.key_file import create_key_file
from app.store.vault import Vault


@pytest.fixture
def house(tmp_path: Path, clock: Clock) -> Iterator[House]:
    """A vault with its key file, open on a local disk."""
    path = tmp_path / "会社.vault"
    key, recovery = create_key_file(path, PASSPHRASE, practice=True, clock=clock, cost=CHEAP)
    vault = Vault.create(
        path, key, practice=True, migrations=MIGRATIONS, clock=clock, place="local"
    )
    yield House(path, key, recovery, vault)
    vault.close(back_up=False)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """Gives a folder on a disk of its own (size as text, e.g. "2m"); skips where one may not mount."""
    mounted: list[Path] = []

    def make(size: str) -> Path:
        if shutil.which("mount") is None or os.name == "nt":
            pytest.skip("there is no mount command here")
        folder = tmp_path / f"disk{len(mounted)}"
        folder.mkdir()
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={size}", "ichido-test", str(folder)],
            capture_output=True,
            check=False,
        )
        if done.returncode:
            pytest.skip("mounting a small disk is not allowed here (it needs root)")
        mounted.append(folder)
        return folder

    yield make
    for folder in mounted:
        subprocess.run(["umount", "-l", str(folder)], check=True)
