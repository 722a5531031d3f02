"""Texts as the bundled face can print them: a letter it lacks is shown as 〓 with its code."""

from __future__ import annotations

from app.forms.pdf import has_glyphs


def printable(text: str) -> str:
    """The text, each letter without a glyph as 〓(U+…), so that none is printed as an empty box.

    The faces have to be registered (`app.forms.pdf.register_fonts`).
    """
    if has_glyphs(text):
        return text
    return "".join(c if has_glyphs(c) else f"〓(U+{ord(c):04X})" for c in text)
