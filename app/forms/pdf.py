"""What every printed page shares: the bundled face, millimetres from the top, fitting, the 練習 mark."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from app.domain.errors import Known

REGULAR = "IchidoBIZUDPGothic"
BOLD = "IchidoBIZUDPGothicBold"
_FILES = {REGULAR: "BIZUDPGothic_400Regular.ttf", BOLD: "BIZUDPGothic_700Bold.ttf"}
POINTS = 72 / 25.4
PAGE_WIDTH = 210.0
PAGE_HEIGHT = 297.0
SMALLEST = 4.0


class FontMissing(Known):
    """The bundled font is not where the program was told to look."""


class Sheet:
    """An A4 PDF under construction; coordinates are millimetres from the upper left corner."""

    def __init__(self, fonts: Path, title: str, *, practice: bool) -> None:
        from reportlab.pdfgen.canvas import Canvas

        register_fonts(fonts)
        self._buffer = io.BytesIO()
        self.practice = practice
        self.canvas: Any = Canvas(
            self._buffer,
            pagesize=(PAGE_WIDTH * POINTS, PAGE_HEIGHT * POINTS),
            initialFontName=REGULAR,
            invariant=1,
            pageCompression=1,
        )
        self.canvas.setTitle(("【練習】" if practice else "") + title)
        self.canvas.setAuthor("一度")
        self.canvas.setCreator("一度")
        self._mark()

    def text(
        self, x: float, y: float, text: str, size: float, *, bold: bool = False, align: str = "left"
    ) -> None:
        """One line with its baseline at `y`."""
        self.canvas.setFont(BOLD if bold else REGULAR, size)
        at, up = x * POINTS, (PAGE_HEIGHT - y) * POINTS
        {
            "left": self.canvas.drawString,
            "center": self.canvas.drawCentredString,
            "right": self.canvas.drawRightString,
        }[align](at, up, text)

    def frame(
        self, x: float, y: float, w: float, h: float, *, shade: bool = False, line: float = 0.5
    ) -> None:
        """A rectangle, its upper left corner at x, y."""
        self.canvas.setLineWidth(line)
        self.canvas.setFillGray(0.93 if shade else 1.0)
        self.canvas.rect(
            x * POINTS,
            (PAGE_HEIGHT - y - h) * POINTS,
            w * POINTS,
            h * POINTS,
            stroke=1,
            fill=int(shade),
        )
        self.canvas.setFillGray(0)

    def line(self, x1: float, y1: float, x2: float, y2: float, *, width: float = 0.4) -> None:
        """A straight line."""
        self.canvas.setLineWidth(width)
        self.canvas.line(
            x1 * POINTS, (PAGE_HEIGHT - y1) * POINTS, x2 * POINTS, (PAGE_HEIGHT - y2) * POINTS
        )

    def width(self, text: str, size: float, *, bold: bool = False) -> float:
        """How wide a line is, in millimetres."""
        from reportlab.pdfbase.pdfmetrics import stringWidth

        return float(stringWidth(text, BOLD if bold else REGULAR, size)) / POINTS

    def fitting(self, text: str, size: float, room: float) -> float:
        """The largest size up to `size` at which `text` fits `room` millimetres (never below 4)."""
        wide = self.width(text, size)
        return size if wide <= room else max(SMALLEST, size * room / wide)

    def wrapped(self, text: str, size: float, room: float, *, bold: bool = False) -> list[str]:
        """`text` broken at any character into lines no wider than `room`."""
        lines: list[str] = []
        for paragraph in text.split("\n"):
            if self.width(paragraph, size, bold=bold) <= room:  # most do: nothing to look for
                lines.append(paragraph)
                continue
            line = ""
            for c in paragraph:
                if line and self.width(line + c, size, bold=bold) > room and c not in "、。）」":
                    lines.append(line)
                    line = c
                else:
                    line += c
            lines.append(line)
        return lines

    def next_page(self) -> None:
        """Begins a further page."""
        self.canvas.showPage()
        self._mark()

    def finish(self) -> bytes:
        """The PDF."""
        self.canvas.save()
        return self._buffer.getvalue()

    def _mark(self) -> None:
        """The 練習 mark: large and pale across the page, small and plain in the corner."""
        if not self.practice:
            return
        self.canvas.saveState()
        self.canvas.setFillGray(0.9)
        self.canvas.setFont(BOLD, 120)
        self.canvas.translate(PAGE_WIDTH * POINTS / 2, PAGE_HEIGHT * POINTS / 2)
        self.canvas.rotate(45)
        self.canvas.drawCentredString(0, -40, "練習")
        self.canvas.restoreState()
        self.text(195, 12, "練習（役所には出せません）", 8, bold=True, align="right")


def register_fonts(fonts: Path) -> None:
    """Makes the bundled faces known to reportlab, once.

    Raises:
        FontMissing: a font file is not in `fonts`.
    """
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    for name, file in _FILES.items():
        if name in pdfmetrics.getRegisteredFontNames():
            continue
        path = fonts / file
        if not path.is_file():
            raise FontMissing(
                "font-missing", "印刷の字体が見つかりません。プログラムを入れ直してください。"
            )
        pdfmetrics.registerFont(TTFont(name, str(path)))


def has_glyphs(text: str) -> bool:
    """Whether the registered face has every character of `text`."""
    from reportlab.pdfbase import pdfmetrics

    known = pdfmetrics.getFont(REGULAR).face.charToGlyph
    return all(ord(c) in known for c in text)


def printable(text: str) -> str:
    """The text, each letter without a glyph as 〓(U+…), so that none is printed as an empty box.

    Line ends stay. The faces have to be registered.
    """
    if has_glyphs(text):
        return text
    return "".join(c if c == "\n" or has_glyphs(c) else f"〓(U+{ord(c):04X})" for c in text)
