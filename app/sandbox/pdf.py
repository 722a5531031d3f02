"""Small PDF files made on the spot: a page of Japanese lines, padded to any size without holding it."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator

CHUNK = 48 * 1024
_FONT = (
    b"<< /Type /Font /Subtype /Type0 /BaseFont /HeiseiKakuGo-W5 /Encoding /UniJIS-UCS2-H"
    b" /DescendantFonts [6 0 R] >>",
    b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /HeiseiKakuGo-W5"
    b" /CIDSystemInfo << /Registry (Adobe) /Ordering (Japan1) /Supplement 2 >>"
    b" /FontDescriptor 7 0 R /DW 1000 >>",
    b"<< /Type /FontDescriptor /FontName /HeiseiKakuGo-W5 /Flags 4 /FontBBox [-92 -250 1010 922]"
    b" /ItalicAngle 0 /Ascent 752 /Descent -271 /CapHeight 737 /StemV 114 >>",
)


def pdf_parts(lines: Iterable[str], padding: int = 0) -> Iterator[bytes]:
    """The bytes of a one-page A4 file showing `lines`, with an unused stream of `padding` bytes."""
    text = b"BT /F1 11 Tf 18 TL 56 780 Td\n"
    for line in lines:
        text += b"<" + line.encode("utf-16-be", "replace").hex().encode("ascii") + b"> Tj T*\n"
    text += b"ET"
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>"
    )
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        page,
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(text), text),
        *_FONT,
    ]
    head = b"%PDF-1.4\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(head))
        head += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    places.append(len(head))
    opening = b"8 0 obj\n<< /Length %d >>\nstream\n" % padding
    closing = b"\nendstream\nendobj\n"
    start = len(head) + len(opening) + padding + len(closing)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
    table += b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (len(places) + 1)
    yield head + opening
    for begin in range(0, padding, CHUNK):
        yield b"0" * min(CHUNK, padding - begin)
    yield closing + table + trailer + b"startxref\n%d\n%%%%EOF\n" % start


def base64_parts(parts: Iterable[bytes]) -> Iterator[bytes]:
    """The base64 text of joined `parts`, piece by piece."""
    rest = b""
    for part in parts:
        rest += part
        whole = len(rest) - len(rest) % 3
        yield base64.b64encode(rest[:whole])
        rest = rest[whole:]
    yield base64.b64encode(rest)
