"""The printed pages, read back with pdftotext: exact Japanese, the 練習 mark, embedded fonts."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from app.forms.draft import Draft
from app.forms.layout import box_text, boxes, load_layout
from app.forms.pdf import FontMissing
from app.forms.printing import (
    PrintedRow,
    PrintedSection,
    print_form,
    print_proof,
    print_recovery_sheet,
)
from app.forms.procedure import Procedure

needs_poppler = pytest.mark.skipif(
    shutil.which("pdftotext") is None, reason="pdftotext (poppler-utils) is not installed"
)


@pytest.fixture(scope="module")
def fonts(resources: Path) -> Path:
    return resources / "fonts"


def text_of(pdf: bytes, tmp_path: Path, *options: str) -> str:
    path = tmp_path / "page.pdf"
    path.write_bytes(pdf)
    done = subprocess.run(
        ["pdftotext", *options, str(path), "-"], capture_output=True, check=True, text=True
    )
    # pdftotext writes every kind of space as a plain one; the letters are compared exactly.
    return re.sub(r"[ \u3000]+", " ", done.stdout)


@needs_poppler
def test_the_printed_form_says_exactly_what_is_in_it(
    ready: Draft, fonts: Path, tmp_path: Path
) -> None:
    ready.answer("keiyaku_sadame", "有")
    ready.answer("keiyaku_kaishi", "2026-07-01")
    text = text_of(print_form(ready.procedure, ready.cells(), False, fonts), tmp_path, "-raw")
    for expected in (
        "雇用保険被保険者資格取得届", "佐野 あかり", "サノ アカリ", "平成8年4月12日",
        "令和8年7月1日", "2 新規雇用（その他）", "241千円", "株式会社みなと製菓",
        "東京都港区芝浦１－２－３", "山本 湊", "03-1234-5678", "渋谷公共職業安定所",
    ):  # fmt: skip
        assert expected in text, expected
    assert "練習" not in text
    digits = re.sub(r"\s", "", text)
    assert "13013456789" in digits


@needs_poppler
def test_practice_is_marked_on_every_page(ready: Draft, fonts: Path, tmp_path: Path) -> None:
    text = text_of(print_form(ready.procedure, ready.cells(), True, fonts), tmp_path)
    assert "練習（役所には出せません）" in text
    rows = tuple(PrintedRow(f"欄{n}", "値", "登記") for n in range(200))
    proof = print_proof("証明", "説明", [PrintedSection("値", rows)], True, fonts)
    text = text_of(proof, tmp_path)
    assert text.count("練習（役所には出せません）") == text.count("\f") >= 3


@needs_poppler
def test_substituted_letters_are_printed_as_they_are_sent(
    make_draft: Callable[..., Draft], fonts: Path, tmp_path: Path
) -> None:
    draft = make_draft(family_name="髙橋")
    draft.substitute("shimei")
    text = text_of(print_form(draft.procedure, draft.cells(), False, fonts), tmp_path, "-raw")
    assert "高橋 あかり" in text
    assert "髙" not in text


@needs_poppler
def test_the_recovery_sheet(fonts: Path, tmp_path: Path) -> None:
    key = "ABCDE-FGHJK-MNPQR-STVWX\nYZ234-56789-ABCDE-FGHJK"
    pdf = print_recovery_sheet("株式会社髙﨑", "8000012010038", key, "令和8年7月3日", False, fonts)
    text = text_of(pdf, tmp_path, "-raw")
    for expected in ("復旧シート", "株式会社髙﨑", "8000012010038", *key.split("\n")):
        assert expected in text
    title = subprocess.run(
        ["pdfinfo", str(tmp_path / "page.pdf")], capture_output=True, check=True, text=True
    )
    assert "復旧シート" in title.stdout


@needs_poppler
def test_every_font_is_embedded_with_its_letters(ready: Draft, fonts: Path, tmp_path: Path) -> None:
    path = tmp_path / "page.pdf"
    path.write_bytes(print_form(ready.procedure, ready.cells(), True, fonts))
    listed = subprocess.run(["pdffonts", str(path)], capture_output=True, check=True, text=True)
    rows = listed.stdout.splitlines()[2:]
    assert rows
    for row in rows:
        assert "BIZUDPGothic" in row
        assert re.search(r"\byes\s+yes\s+yes\b", row)


def test_the_same_cells_give_the_same_bytes(ready: Draft, fonts: Path) -> None:
    once = print_form(ready.procedure, ready.cells(), True, fonts)
    assert once == print_form(ready.procedure, ready.cells(), True, fonts)


def test_the_layout_stands_on_the_page_and_shows_every_sent_part(
    procedure: Procedure, ready: Draft
) -> None:
    layout = load_layout(procedure)
    for box in boxes(layout):
        assert 0 <= box.x < box.x + box.w <= 210
        assert 0 <= box.y < box.y + box.h <= 297
    shown = {box.field_id for box in layout.boxes}
    form_template = (procedure.folder / "form.xml").read_text("utf-8")
    in_form = {
        f.id for f in procedure.fields if re.search(rf"\{{\{{{f.id}(\.|\}}\}})", form_template)
    }
    assert in_form <= shown
    cells = {cell.field.id: cell for cell in ready.cells()}
    texts = {box.field_id: box_text(box, cells) for box in layout.boxes if box.field_id}
    assert texts["seinengappi"] == "平成8年4月12日"
    assert texts["jigyousho_bangou"] == "1301-345678-9"
    assert texts["keiyaku_kaishi"] == ""


def test_boxes_with_a_frame_do_not_overlap(procedure: Procedure) -> None:
    framed = [b for b in load_layout(procedure).boxes if b.frame]
    for n, a in enumerate(framed):
        for b in framed[n + 1 :]:
            apart = (
                a.x + a.w <= b.x + 0.01 or b.x + b.w <= a.x + 0.01
                or a.y + a.h <= b.y + 0.01 or b.y + b.h <= a.y + 0.01
            )  # fmt: skip
            assert apart, (a, b)


def test_missing_fonts_are_said_plainly(ready: Draft, tmp_path: Path) -> None:
    from reportlab.pdfbase import pdfmetrics

    known = dict(pdfmetrics._fonts)
    pdfmetrics._fonts.clear()
    try:
        with pytest.raises(FontMissing, match="font-missing"):
            print_form(ready.procedure, ready.cells(), True, tmp_path)
    finally:
        pdfmetrics._fonts.update(known)
