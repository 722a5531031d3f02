"""What a kept document is called on the screen: by its title, not by the name of its file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import PurePath
from typing import Final

from app.store.rows import DocumentRow

_NOTICE: Final = re.compile(r"通知(\d+)\.txt")
_ORDER: Final = {"official-xml": 0, "notice": 1, "receipt": 2, "attachment": 3, "official": 4}
_TOGETHER: Final = timedelta(minutes=1)


def shown_names(rows: Sequence[DocumentRow]) -> Mapping[str, str]:
    """The name of each document, by its id.

    The XML of an official document is kept right after the ZIP it came in. The ZIP carries the
    title the office gave, so the document is called by it; the file keeps its own name when saved.
    """
    names = {row.id: _own(row) for row in rows}
    packages = [row for row in rows if row.kind == "official"]
    for row in rows:
        near = [p for p in packages if p.filing_id == row.filing_id]
        if row.kind == "official-xml" and near:
            package = min(near, key=lambda p: abs((p.kept_at - row.kept_at).total_seconds()))
            packages.remove(package)
            names[row.id] = PurePath(package.name).stem
    return names


def _own(row: DocumentRow) -> str:
    found = _NOTICE.fullmatch(row.name)
    if row.kind == "notice" and found:
        return f"役所からの通知 {found[1]}"
    if row.kind == "official-xml":
        return PurePath(row.name).stem if not row.name.isascii() else "公文書"
    return row.name


def readable_first(rows: Sequence[DocumentRow]) -> list[DocumentRow]:
    """Newest first; what came together begins with the document that can be read."""
    groups: list[list[DocumentRow]] = []
    for row in sorted(rows, key=lambda r: r.kept_at, reverse=True):
        last = groups[-1][-1] if groups else None
        together = last is not None and last.filing_id == row.filing_id
        if last is not None and together and last.kept_at - row.kept_at < _TOGETHER:
            groups[-1].append(row)
        else:
            groups.append([row])
    return [row for g in groups for row in sorted(g, key=lambda r: _ORDER.get(r.kind, 3))]
