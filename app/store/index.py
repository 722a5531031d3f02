"""The index beside the vaults, companies.json: what the unlock page shows before anything opens.

It holds no secret but the company's name and town. It is only a convenience: a lost or damaged
index is made anew from the vaults that lie in the folder. The first painted window reads it, so
what writes and what reads ciphers is imported only when it is used.
"""

from __future__ import annotations

import json
import threading
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from app.domain.errors import VaultFault

_NAME: Final = "companies.json"
_LARGEST: Final = 4 * 1024 * 1024


@dataclass(frozen=True)
class IndexRow:
    """One company: `file` is the name of its vault in the folder, `plate` a colour of the theme.

    `there` is False when the vault was moved or deleted.
    """

    file: str
    name: str
    corporate_number: str = ""
    town: str = ""
    plate: str = ""
    kanji: str = ""
    last_opened: datetime | None = None
    due_count: int = 0
    practice: bool = True
    there: bool = True


class CompanyIndex:
    """The companies of one folder. Reading never fails for a damaged index."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._turn = threading.Lock()

    def rows(self) -> list[IndexRow]:
        """Every company, last opened first; vaults the index does not know come by file name.

        Raises VaultFault no_permission when the folder cannot be read.
        """
        try:
            files = {p.name for p in self.folder.glob("*.vault")} if self.folder.is_dir() else set()
        except OSError:
            from app.store.faults import as_faults

            with as_faults():
                raise
        known = {row.file: replace(row, there=row.file in files) for row in self._read()}
        for file in sorted(files - known.keys()):
            known[file] = self._unknown(file)
        opened = [row for row in known.values() if row.last_opened is not None]
        others = [row for row in known.values() if row.last_opened is None]
        opened.sort(key=lambda row: row.last_opened.timestamp() if row.last_opened else 0.0)
        return [*reversed(opened), *sorted(others, key=lambda row: row.file)]

    def path(self, row: IndexRow) -> Path:
        """Where the vault of a row lies."""
        return self.folder / row.file

    def put(self, row: IndexRow) -> None:
        """Adds a company or replaces its row. Raises VaultFault: disk_full, read_only."""
        with self._turn:
            self._write([*(old for old in self._read() if old.file != row.file), row])

    def drop(self, file: str) -> None:
        """Forgets a company's row; its vault is not touched. Raises VaultFault."""
        with self._turn:
            self._write([old for old in self._read() if old.file != file])

    def _read(self) -> list[IndexRow]:
        try:
            with open(self.folder / _NAME, "rb") as file:
                form = json.loads(file.read(_LARGEST))
        except (OSError, ValueError, RecursionError):
            return []
        listed = form.get("companies") if isinstance(form, dict) else None
        rows = [_row(part) for part in listed] if isinstance(listed, list) else []
        return [row for row in rows if row is not None]

    def _write(self, rows: list[IndexRow]) -> None:
        form = {"format": "ichido-companies", "version": 1, "companies": [_form(r) for r in rows]}
        from app.store.disk import write_whole
        from app.store.faults import as_faults

        content = json.dumps(form, ensure_ascii=False, indent=1).encode("utf-8") + b"\n"
        with as_faults():
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_whole(self.folder / _NAME, content)

    def _unknown(self, file: str) -> IndexRow:
        from app.store.key_file import read_key_file

        name = Path(file).stem
        try:
            practice = read_key_file(self.folder / file).practice
        except VaultFault:
            practice = False  # to be on the side of caution, until it is opened
        return IndexRow(file, name, kanji=name[:1], practice=practice)


def _form(row: IndexRow) -> dict[str, Any]:
    form = asdict(row)
    del form["there"]
    form["last_opened"] = row.last_opened.isoformat() if row.last_opened else None
    return form


def _row(form: object) -> IndexRow | None:
    """The row, or None when it is not one. A path out of the folder is not one."""
    if not isinstance(form, dict):
        return None
    try:
        opened = form["last_opened"]
        row = IndexRow(
            file=form["file"],
            name=form["name"],
            corporate_number=form["corporate_number"],
            town=form["town"],
            plate=form["plate"],
            kanji=form["kanji"],
            last_opened=datetime.fromisoformat(opened) if opened else None,
            due_count=int(form["due_count"]),
            practice=bool(form["practice"]),
        )
    except (KeyError, TypeError, ValueError):
        return None
    texts = (row.file, row.name, row.corporate_number, row.town, row.plate, row.kanji)
    whole = all(isinstance(text, str) for text in texts)
    if not whole or Path(row.file).name != row.file or not row.file.endswith(".vault"):
        return None
    if row.last_opened is not None and row.last_opened.tzinfo is None:
        return None
    return row
