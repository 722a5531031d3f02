"""A notice as a PDF: its text is read in a child within limits, and hostile files only cost a sentence."""

from __future__ import annotations

import io
import sys
import time
import zlib
from pathlib import Path

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from app.domain.errors import BadInput
from app.services import pdf_text as module
from app.services.pdf_text import MOST_BYTES, pdf_text

FONT = Path(__file__).resolve().parents[2] / "resources" / "fonts" / "BIZUDPGothic_400Regular.ttf"
NOTICE = (
    "小規模事業者持続化補助金 交付決定通知書",
    "交付決定番号　20A00123",
    "２　交付決定日　令和９年３月１日",
    "３　補助金交付決定額　金955,200円",
)


def made(*pages: tuple[str, ...], password: str = "") -> bytes:
    """A PDF with a Japanese face in it, as an office sends one."""
    pdfmetrics.registerFont(TTFont("notice", str(FONT)))
    buffer = io.BytesIO()
    encrypt = StandardEncryption(password, ownerPassword="owner") if password else None
    canvas = Canvas(buffer, encrypt=encrypt)
    for lines in pages:
        canvas.setFont("notice", 11)
        for number, line in enumerate(lines):
            canvas.drawString(72, 760 - 24 * number, line)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def code_of(content: bytes, seconds: float = 20.0) -> str:
    with pytest.raises(BadInput) as fault:
        pdf_text(content, seconds=seconds)
    assert fault.value.sentence
    return fault.value.code


def test_the_lines_of_a_notice() -> None:
    text = pdf_text(made(NOTICE, ("裏面",)))
    told = [line.strip() for line in text.splitlines() if line.strip()]
    assert told == [*NOTICE, "裏面"]


def test_what_is_no_notice_is_said_plainly() -> None:
    assert code_of(b"PK\x03\x04 a zip") == "pdf-none"
    assert code_of(b"%PDF-1.7\n" + b"\x00" * 400) == "pdf-unread"
    assert code_of(made(NOTICE)[:700]) == "pdf-unread"
    assert code_of(made(NOTICE, password="kagi")) == "pdf-locked"
    assert code_of(made(())) == "pdf-no-text", "a scanned page holds no letters"
    assert code_of(b"%PDF-1.7" + b" " * MOST_BYTES) == "pdf-large"


def bomb() -> bytes:
    """A page whose content unpacks to 4 GB: zeros twice packed, half a kilobyte each way."""
    once = zlib.compress(b"\x00" * (1 << 26), 9)
    stream = zlib.compress(once * 64, 9)
    return page_of(stream, b"/Filter [/FlateDecode /FlateDecode]")


def endless() -> bytes:
    """A page that is its own parent's child, and a form that draws itself."""
    return page_of(b"BT /F 12 Tf (x) Tj ET /X Do " * 2000, b"", kids=b"[3 0 R 2 0 R]")


def page_of(stream: bytes, filters: bytes, kids: bytes = b"[3 0 R]") -> bytes:
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 9999999/Kids " + kids + b">>",
        b"<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</XObject<</X 4 0 R>>>>>>",
        b"<</Length %d%s>>stream\n" % (len(stream), filters) + stream + b"\nendstream",
    ]
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj" % number + body + b"endobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start)
    return bytes(out)


@pytest.mark.parametrize("make", [bomb, endless])
def test_a_hostile_file_costs_a_sentence(make: object) -> None:
    begun = time.monotonic()
    assert code_of(make(), seconds=25.0) in ("pdf-unread", "pdf-no-text")  # type: ignore[operator]
    assert time.monotonic() - begun < 40


def test_a_reader_that_hangs_or_lies_is_ended() -> None:
    hang = [sys.executable, "-c", "import time; time.sleep(60)"]
    begun = time.monotonic()
    with pytest.raises(BadInput, match="pdf-unread"):
        pdf_text(made(NOTICE), seconds=1.0, command=hang)
    assert time.monotonic() - begun < 10
    for said in ("nonsense", "[]", "{}", '{"text": "x"}'):
        liar = [sys.executable, "-c", f"print('''{said}''')"]
        with pytest.raises(BadInput, match="pdf-unread"):
            pdf_text(made(NOTICE), command=liar)


def test_many_pages_are_read_up_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    text, locked = module._read(made(*[(f"頁{number}",) for number in range(80)]))
    assert not locked
    assert "頁59" in text
    assert "頁60" not in text


def test_the_built_program_starts_its_reader_the_same_way() -> None:
    main = Path(__file__).resolve().parents[2] / "main.py"
    text = pdf_text(made(NOTICE), command=[sys.executable, str(main), module.ARGUMENT])
    assert NOTICE[1] in text
