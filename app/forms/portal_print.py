"""The sheet to copy from (転記用): every value for a portal's pages, in their order, on paper.

For whoever types an application into the portal by hand, because the embedded browser cannot start here
or the portal was rebuilt. It is no official form and says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from app.forms.portal import Page
from app.forms.portal_entries import Entry
from app.forms.printing import PrintedRow, PrintedSection, print_proof

HEADING = "転記用（様式ではありません）"


def print_copy_sheet(
    title: str, pages: Sequence[tuple[Page, Sequence[Entry]]], practice: bool, fonts: Path
) -> bytes:
    """The sheet as a PDF. Raises FontMissing: the bundled font is not in `fonts`."""
    sections = [
        PrintedSection(page.heading or page.id, tuple(_row(entry) for entry in entries))
        for page, entries in pages
    ]
    note = "ポータルの画面の順です。値を写し、ポータルのボタンは、読んでから押してください。"
    return print_proof(f"{title} {HEADING}", note, sections, practice, fonts)


def told(entry: Entry) -> str:
    """What is to be done with an entry by hand, or why it is not put in; "" where it is just typed."""
    if entry.held_back:
        return entry.held_back
    kind = entry.control.kind
    if kind == "read":
        return "画面に出ている値とくらべます"
    if kind == "file":
        return "この名前のファイルを付けます"
    if kind in ("choice", "radio"):
        return "選びます"
    if kind == "checkbox":
        return "しるしを付けます" if entry.on else "しるしを付けません"
    return ""


def _row(entry: Entry) -> PrintedRow:
    where = entry.control.label
    if entry.control.within:
        where = f"{entry.control.within}／{where}"
    note = "　".join(part for part in (f"画面の欄: {where}" if where else "", told(entry)) if part)
    return PrintedRow(entry.label, entry.text or "（空欄）", note)
