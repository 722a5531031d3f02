"""The printed pages: a form after its layout, the recovery sheet, the proof. No window is needed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.forms.draft_parts import Cell
from app.forms.layout import Box, box_text, load_layout
from app.forms.parts import part_text
from app.forms.pdf import Sheet
from app.forms.procedure import Procedure

_LEFT, _RIGHT, _BOTTOM = 20.0, 190.0, 280.0
_LABEL_SIZE = 6.0


@dataclass(frozen=True)
class PrintedRow:
    """One row of a proof: label, value, and a note such as the origin."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class PrintedSection:
    """A headed part of a proof: a paragraph, then rows."""

    heading: str
    rows: tuple[PrintedRow, ...] = ()
    text: str = ""


def print_form(procedure: Procedure, cells: Iterable[Cell], practice: bool, fonts: Path) -> bytes:
    """The form as a PDF: drawn after the folder's layout.toml, or where there is none, set down
    section by section over as many A4 pages as it takes.

    Raises:
        PackFault: the layout cannot be used.
        FontMissing: the bundled font is not in `fonts`.
    """
    layout = load_layout(procedure)
    if not layout.drawn:
        from app.forms.printed_sections import print_sections

        return print_sections(procedure, cells, practice, fonts)
    by_id = {cell.field.id: cell for cell in cells}
    sheet = Sheet(fonts, procedure.title, practice=practice)
    version = f"様式ID {procedure.form_id}　版 {procedure.form_version}"
    for page in range(1, layout.pages + 1):
        if page > 1:
            sheet.next_page()
        for w in (w for w in layout.words if w.page == page):
            sheet.text(w.x, w.y, w.text, w.size, bold=w.bold, align=w.align)
        for box in (box for box in layout.boxes if box.page == page):
            _draw_box(sheet, box, by_id)
        sheet.text(_RIGHT + 5, 290, version, 6, align="right")
    return sheet.finish()


def _draw_box(sheet: Sheet, box: Box, cells: dict[str, Cell]) -> None:
    if box.frame:
        sheet.frame(box.x, box.y, box.w, box.h, shade=box.shade)
    if box.label:
        size = sheet.fitting(box.label, _LABEL_SIZE, box.w - 2)
        sheet.text(box.x + 1, box.y + 2.9, box.label, size)
    if box.cells:
        _draw_digits(sheet, box, cells)
        return
    text = box_text(box, cells)
    if not text:
        return
    size = sheet.fitting(text, box.size, box.w - 3)
    top = 3.2 if box.label else 0.0
    baseline = box.y + top + (box.h - top) / 2 + size / 2.834 * 0.37
    x = {"left": box.x + 1.5, "center": box.x + box.w / 2, "right": box.x + box.w - 1.5}[box.align]
    sheet.text(x, baseline, text, size, align=box.align)


def _draw_digits(sheet: Sheet, box: Box, cells: dict[str, Cell]) -> None:
    """One small box a digit, with a dash between the printed groups of the field."""
    cell = cells.get(box.field)
    groups = cell.field.groups if cell is not None else ()
    digits = part_text(cell, "") if cell is not None else ""
    breaks = {sum(groups[: n + 1]) for n in range(len(groups) - 1)}
    gap = 3.0
    wide = min((box.w - 4 - gap * len(breaks)) / box.cells, 8.0)
    high = box.h - 4.6
    x = box.x + 2
    for n in range(box.cells):
        if n in breaks:
            sheet.line(x + 0.6, box.y + 3.6 + high / 2, x + gap - 0.6, box.y + 3.6 + high / 2)
            x += gap
        sheet.frame(x, box.y + 3.6, wide, high, line=0.3)
        if n < len(digits):
            sheet.text(
                x + wide / 2,
                box.y + 3.6 + high / 2 + box.size / 2.834 * 0.37,
                digits[n],
                box.size,
                align="center",
            )
        x += wide


def print_recovery_sheet(
    company_name: str,
    corporate_number: str,
    recovery_text: str,
    made_on: str,
    practice: bool,
    fonts: Path,
    what: str = "会社の金庫",
) -> bytes:
    """The recovery sheet: what opens a company's vault (`what`) when the passphrase is lost.

    `recovery_text` is printed in its own lines, large; `made_on` is a date in words. An office has
    no `corporate_number` ("").
    """
    number = f"法人番号 {corporate_number}　　" if corporate_number else ""
    sheet = Sheet(fonts, "復旧シート", practice=practice)
    sheet.text(_LEFT, 32, "復旧シート", 20, bold=True)
    sheet.text(_LEFT, 42, company_name, 14)
    sheet.text(_LEFT, 49, f"{number}作成 {made_on}", 9)
    y = 60.0
    for line in sheet.wrapped(
        f"合言葉を忘れたとき、この復旧キーで{what}を開けます。"
        "これを持つ人はだれでも開けられます。封筒に入れ、金庫など安全な所にしまってください。",
        10, _RIGHT - _LEFT,
    ):  # fmt: skip
        sheet.text(_LEFT, y, line, 10)
        y += 6
    y = _draw_key(sheet, recovery_text, y + 4)
    for step in (
        "1　「会社をえらぶ」の画面で、会社をえらび「復旧キーで開く」を押します。",
        "2　上の復旧キーを、ハイフンもふくめてそのまま入れます。",
        "3　開いたら、新しい合言葉を決め、新しい復旧シートを作ります。",
    ):
        sheet.text(_LEFT, y, step, 10)
        y += 7
    return sheet.finish()


def _draw_key(sheet: Sheet, recovery_text: str, y: float) -> float:
    """The key in its frame; gives where the next line goes."""
    room = _RIGHT - _LEFT - 12
    lines = [
        part
        for line in recovery_text.split("\n")
        for part in sheet.wrapped(line, 14, room, bold=True)
    ]
    sheet.frame(_LEFT, y, _RIGHT - _LEFT, 12 + 9 * len(lines), line=1.0)
    sheet.text(_LEFT + 4, y + 6, "復旧キー", 8)
    for n, line in enumerate(lines):
        sheet.text(_LEFT + 6, y + 15 + 9 * n, line, 14, bold=True)
    return y + 24 + 9 * len(lines)


def print_proof(
    title: str, note: str, sections: Sequence[PrintedSection], practice: bool, fonts: Path
) -> bytes:
    """The proof of a filing as a PDF of as many pages as it takes."""
    flow = Flow(Sheet(fonts, title, practice=practice))
    flow.lines(title, 16, bold=True, after=3)
    flow.lines(note, 9, after=4)
    for section in sections:
        flow.heading(section.heading)
        if section.text:
            flow.lines(section.text, 9, after=3)
        for row in section.rows:
            flow.row(row)
    return flow.finish()


class Flow:
    """Lines down the pages, with page numbers."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._y = 24.0
        self._page = 1

    def _room(self, height: float) -> None:
        if self._y + height > _BOTTOM:
            self._number()
            self._sheet.next_page()
            self._page += 1
            self._y = 24.0

    def _number(self) -> None:
        self._sheet.text(105, 289, str(self._page), 8, align="center")

    def lines(self, text: str, size: float, *, bold: bool = False, after: float = 0) -> None:
        """A wrapped paragraph and `after` millimetres of room."""
        step = size / 2.834 * 1.5
        for line in self._sheet.wrapped(text, size, _RIGHT - _LEFT, bold=bold):
            self._room(step)
            self._y += step
            self._sheet.text(_LEFT, self._y, line, size, bold=bold)
        self._y += after

    def heading(self, text: str) -> None:
        """A heading with its line, never alone at the foot of a page."""
        self._room(20)
        self._y += 4
        self.lines(text, 11, bold=True)
        self._y += 1.5
        self._sheet.line(_LEFT, self._y, _RIGHT, self._y)
        self._y += 1

    def table(
        self, widths: Sequence[float], rows: Sequence[Sequence[str]], right: set[int]
    ) -> None:
        """Rows in frames, the first of them a heading said again on each page.

        `widths` are shares of the page's width, `right` the columns set at the right.
        """
        room = _RIGHT - _LEFT
        wide = [room * w / sum(widths) for w in widths]
        for n, row in enumerate(rows):
            wrapped = [self._sheet.wrapped(t, 7.5, w - 2) for t, w in zip(row, wide, strict=True)]
            high = max(len(lines) for lines in wrapped) * 3.8 + 1.6
            if n and self._y + min(high, 120) > _BOTTOM:
                self._room(_BOTTOM)
                self._cells(
                    wide,
                    [
                        self._sheet.wrapped(t, 7.5, w - 2)
                        for t, w in zip(rows[0], wide, strict=True)
                    ],
                    set(),
                    head=True,
                )
            self._room(min(high, 120))
            self._cells(wide, wrapped, right if n else set(), head=n == 0)
        self._y += 2

    def _cells(
        self, wide: Sequence[float], wrapped: Sequence[list[str]], right: set[int], *, head: bool
    ) -> None:
        high = min(max(len(lines) for lines in wrapped) * 3.8 + 1.6, _BOTTOM - 24)
        x = _LEFT
        for n, (w, lines) in enumerate(zip(wide, wrapped, strict=True)):
            self._sheet.frame(x, self._y, w, high, shade=head, line=0.3)
            for k, line in enumerate(lines[: int((high - 1.6) / 3.8 + 0.01) or 1]):
                at = x + w - 1 if n in right else x + 1
                align = "right" if n in right else "left"
                self._sheet.text(at, self._y + 3.4 + 3.8 * k, line, 7.5, bold=head, align=align)
            x += w
        self._y += high

    def row(self, row: PrintedRow) -> None:
        """Label at the left, value in the middle, note at the right; each wrapped in its column."""
        columns = ((_LEFT, 48.0, row.label), (70.0, 80.0, row.value), (152.0, 38.0, row.note))
        wrapped = [(x, self._sheet.wrapped(text, 8, room)) for x, room, text in columns]
        height = max(len(lines) for _, lines in wrapped)
        self._room(min(height, 40) * 4.2 + 1)
        for n in range(height):
            self._room(4.2)
            self._y += 4.2
            for x, lines in wrapped:
                if n < len(lines):
                    self._sheet.text(x, self._y, lines[n], 8)
        self._y += 1

    def finish(self) -> bytes:
        """The PDF."""
        self._number()
        return self._sheet.finish()
