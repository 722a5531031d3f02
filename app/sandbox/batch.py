"""Sending in bulk: the outer ZIP, and the batches that wait until the door has looked at them."""

from __future__ import annotations

import io
import re
import stat
import zipfile
from dataclasses import asdict, dataclass, field
from typing import Any

from app.sandbox.clock import TownClock, from_seconds, time_text
from app.sandbox.package import MOST_RATIO, entry_name
from app.sandbox.package import packed as repacked

MOST_APPLICATIONS = 500
MOST_FILES = 20_000
MOST_BYTES = 200_000_000
_FOLDER = re.compile(r"([0-9A-Za-z-]{16})(\([0-9]{1,3}\))?")


@dataclass(frozen=True)
class BulkFault:
    """One line of `error` in the answer to a bulk ZIP that is not taken at all."""

    folder: str
    file: str
    content: str

    def row(self) -> dict[str, str]:
        """As it stands in the answer."""
        return {"errorFolder": self.folder, "errorFile": self.file, "content": self.content}


@dataclass
class Batch:
    """One bulk sending: what was sent, and per folder what became of it."""

    send_number: str
    account: str
    file_name: str
    sent: float
    count: int
    looks: int = 0
    # folder → base64 of a ZIP with one application; one that was looked at is gone.
    waiting: dict[str, str] = field(default_factory=dict)
    results: list[dict[str, Any]] = field(default_factory=list)

    def report(self) -> dict[str, Any]:
        """As it stands in `error_report_info`."""
        good = [row for row in self.results if not row["report_list"]]
        bad = [row for row in self.results if row["report_list"]]
        return {
            "send_number": self.send_number,
            "send_date": time_text(from_seconds(self.sent)),
            "file_name": self.file_name,
            "apply_count": self.count,
            "arrive_count": len(good),
            "error_count": len(bad),
            "result": self.results,
        }


class BatchBook:
    """Every batch by 送信番号."""

    def __init__(self, clock: TownClock) -> None:
        """An empty book."""
        self._clock = clock
        self.batches: dict[str, Batch] = {}
        self._last = 0

    def next_number(self) -> str:
        """A fresh 送信番号: the time to milliseconds (17 digits) and one more digit, 18 in all."""
        number = int(self._clock.now().strftime("%Y%m%d%H%M%S%f")[:17]) * 10
        self._last = max(number, self._last + 1)
        return str(self._last)

    def of(self, account: str) -> list[Batch]:
        """The batches of one account, newest first."""
        return [one for one in reversed(self.batches.values()) if one.account == account]

    def kept(self) -> dict[str, Any]:
        """The book as plain data."""
        return {"last": self._last, "batches": [asdict(one) for one in self.batches.values()]}

    def take_back(self, data: dict[str, Any]) -> None:
        """Restore the book."""
        self._last = data["last"]
        self.batches = {row["send_number"]: Batch(**row) for row in data["batches"]}


def split(raw: bytes) -> tuple[dict[str, bytes], list[BulkFault]]:
    """One ZIP for each folder of a bulk ZIP, in order, and what keeps the whole from being taken."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            return _split(archive)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, OSError):
        return {}, [BulkFault("-", "-", "ZIPファイルを解凍できません。")]
    except zipfile.zlib.error:  # type: ignore[attr-defined]
        return {}, [BulkFault("-", "-", "ZIPファイルを解凍できません。")]


def _split(archive: zipfile.ZipFile) -> tuple[dict[str, bytes], list[BulkFault]]:
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    size = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if len(entries) > MOST_FILES or size > MOST_BYTES or size > MOST_RATIO * max(1, packed):
        return {}, [BulkFault("-", "-", "ZIPファイルの中身が上限を超えています。")]
    folders: dict[str, list[zipfile.ZipInfo]] = {}
    faults = []
    for entry in entries:
        if stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG):
            sentence = "ZIPファイルの中に通常のファイルでないものがあります。"
            faults.append(BulkFault("-", entry_name(entry), sentence))
            continue
        folder, _, name = entry_name(entry).partition("/")
        if not name or not _FOLDER.fullmatch(folder):
            sentence = "手続IDのフォルダの中にファイルを置いてください。"
            faults.append(BulkFault(folder if name else "-", name or folder, sentence))
        else:
            folders.setdefault(folder, []).append(entry)
    if not folders and not faults:
        faults.append(BulkFault("-", "-", "ZIPファイルの中にファイルがありません。"))
    if len(folders) > MOST_APPLICATIONS:
        faults.append(BulkFault("-", "-", f"一度に送れる申請は{MOST_APPLICATIONS}件までです。"))
    for folder, held in folders.items():
        names = [entry_name(entry).partition("/")[2] for entry in held]
        if "kousei.xml" not in names:
            faults.append(BulkFault(folder, "kousei.xml", "構成管理XMLがありません。"))
    if faults:
        return {}, faults
    made = {}
    for folder, held in folders.items():
        proc_id = folder[:16]
        files = [(f"{proc_id}/{entry_name(e).partition('/')[2]}", archive.read(e)) for e in held]
        made[folder] = repacked(files)
    return made, []
