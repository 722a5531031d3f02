"""The evidence of an award (証拠書類): vouchers with numbered files, kept in the vault, given as a ZIP.

The layout is the one the offices ask for: a folder 証拠書類, in it one folder a voucher, in it the
files in the order of the deal (estimate, order, delivery, invoice, payment), each with its number:

    証拠書類/01_機械装置等費_包装機/1_見積書.pdf

The bytes are documents of the vault; which file belongs to which voucher is noted beside them.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from app.domain.errors import BadInput
from app.store.documents import Documents
from app.store.meta import Meta

KIND = "evidence"
ROOT = "証拠書類"
_PLACE = "evidence:"
_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]')
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
_MOST = 30_000_000


@dataclass(frozen=True)
class EvidenceFile:
    """One file of a voucher: what it is (見積書), the document, the ending of its name."""

    title: str
    document: str
    ending: str


@dataclass(frozen=True)
class Voucher:
    """One deal: its number (from 1), the category of cost, what was bought, its files in order."""

    number: int
    category: str
    title: str
    files: tuple[EvidenceFile, ...] = ()

    @property
    def folder(self) -> str:
        """The name of its folder: 01_機械装置等費_包装機."""
        parts = (f"{self.number:02d}", self.category, self.title)
        return "_".join(_safe(part) for part in parts if part)


class Evidence:
    """The evidence folders of one company."""

    def __init__(self, documents: Documents, meta: Meta) -> None:
        self._documents = documents
        self._meta = meta

    def vouchers(self, award: str) -> tuple[Voucher, ...]:
        """The vouchers of an award, by number."""
        rows: list[dict[str, Any]] = json.loads(self._meta.get(_PLACE + award, "[]"))
        return tuple(
            Voucher(
                int(r["number"]), str(r["category"]), str(r["title"]),
                tuple(EvidenceFile(**f) for f in r["files"]),
            )
            for r in rows
        )  # fmt: skip

    def add_voucher(self, award: str, category: str, title: str) -> Voucher:
        """A new, empty voucher with the next number. Raises BadInput where it has no name."""
        if not title.strip():
            raise BadInput(
                "voucher-name", "証憑の名前がまだありません。買ったものの名前を入れてください。"
            )
        held = self.vouchers(award)
        number = max((v.number for v in held), default=0) + 1
        made = Voucher(number, category.strip(), title.strip())
        self._keep(award, (*held, made))
        return made

    def add_file(self, award: str, number: int, title: str, name: str, content: bytes) -> Voucher:
        """Keeps a file in the vault and puts it at the end of a voucher.

        Raises:
            BadInput: the voucher is not there, the file is empty or too large.
            VaultFault: it could not be kept.
        """
        if not content or len(content) > _MOST:
            raise BadInput(
                "evidence-size", "ファイルが空か、大きすぎます。30 MB までにしてください。"
            )
        voucher = self._voucher(award, number)
        ending = name.rpartition(".")[2].lower() if "." in name else ""
        document = self._documents.keep(name, content, KIND)
        one = EvidenceFile(title.strip() or name, document, ending)
        return self._replace(award, replace(voucher, files=(*voucher.files, one)))

    def remove_file(self, award: str, number: int, document: str) -> Voucher:
        """Takes a file out of a voucher; the vault keeps the document."""
        voucher = self._voucher(award, number)
        left = tuple(f for f in voucher.files if f.document != document)
        return self._replace(award, replace(voucher, files=left))

    def missing(self, award: str, wanted: tuple[str, ...]) -> dict[int, tuple[str, ...]]:
        """By voucher, the titles of the papers that are wanted and not there yet."""
        return {
            v.number: tuple(w for w in wanted if w not in {f.title for f in v.files})
            for v in self.vouchers(award)
        }

    def export(self, award: str, path: Path) -> Path:
        """Writes the ZIP and gives its path.

        Raises:
            BadInput: there is nothing to give. VaultFault: a document cannot be read.
        """
        content = self.zip_bytes(award)
        path.write_bytes(content)
        return path

    def zip_bytes(self, award: str) -> bytes:
        """The ZIP as bytes; the same vouchers give the same bytes. Raises BadInput."""
        vouchers = [v for v in self.vouchers(award) if v.files]
        if not vouchers:
            raise BadInput(
                "evidence-none", "証拠書類がまだありません。先にファイルを足してください。"
            )
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
            for voucher in vouchers:
                for n, one in enumerate(voucher.files, start=1):
                    ending = f".{_safe(one.ending)}" if one.ending else ""
                    name = f"{ROOT}/{voucher.folder}/{n}_{_safe(one.title)}{ending}"
                    info = zipfile.ZipInfo(name, _ZIP_DATE)
                    info.create_system = 3
                    info.external_attr = 0o100644 << 16
                    archive.writestr(info, self._documents.get(one.document).content)
        return buffer.getvalue()

    def _voucher(self, award: str, number: int) -> Voucher:
        for voucher in self.vouchers(award):
            if voucher.number == number:
                return voucher
        raise BadInput("voucher-none", "この証憑はありません。一覧から選び直してください。")

    def _replace(self, award: str, voucher: Voucher) -> Voucher:
        held = self.vouchers(award)
        self._keep(award, tuple(voucher if v.number == voucher.number else v for v in held))
        return voucher

    def _keep(self, award: str, vouchers: tuple[Voucher, ...]) -> None:
        rows = [asdict(voucher) for voucher in vouchers]
        self._meta.set(_PLACE + award, json.dumps(rows, ensure_ascii=False))


def _safe(text: str) -> str:
    """A part of a file name that every system takes."""
    return (_UNSAFE.sub("_", text).strip(" .") or "_")[:60]
