"""A notice as a sheet to copy from, for a 健康保険組合 or 国民健康保険組合, which e-Gov does not serve.

The captions and their order are those of the pension office's own record (resources/nenkin); the grid
of a 組合's form is not at hand, so every page says 転記用（様式ではありません）. Letters are the true ones:
paper takes them, whatever the CSV cannot. 個人番号 are never printed here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from app.domain.era import ERAS, wareki_text
from app.domain.errors import BadInput
from app.forms.nenkin.dates import read
from app.forms.nenkin.layout import Layout
from app.forms.pdf import Sheet, printable, register_fonts
from app.forms.printing import Flow
from app.services.social.notice import Notice
from app.services.social.prepare import records_of_notice
from app.services.social.writing import Writing

HEADING = "転記用（様式ではありません）"
_WIDTHS = (14, 74, 82)
_HEAD = ("項目番号", "項目", "書く内容")
_YEN = re.compile(r"額|合計|総計|収入")
_OFFICE = ("様式コード", "都道府県コード", "郡市区符号", "事業所記号", "事業所番号")
_NAMES = {str(era.pension_digit): era.name for era in ERAS}
_PAIRS = (
    ("（課所符号）", "（一連番号）"),
    ("（親番号）", "（子番号）"),
    ("（親）", "（子）"),
)


def union_print(
    form: str,
    notices: Iterable[Notice],
    writing: Writing,
    to: str,
    fonts: Path,
    *,
    practice: bool,
) -> bytes:
    """The notices of `form` person by person, as a PDF of A4 pages. `to` names whom it is for.

    Raises BadInput where no notice of that form is complete, FontMissing.
    """
    layout = writing.forms.forms[form]
    true = replace(writing, accepted={}, my_numbers={}, substitutions=[])
    register_fonts(fonts)
    flow = Flow(Sheet(fonts, f"{HEADING} {layout.short}", practice=practice))
    flow.lines(HEADING, 16, bold=True, after=1)
    flow.lines(layout.name, 11, bold=True, after=2)
    o = writing.office
    flow.lines(
        printable(
            f"{to}へ出す届の内容です。{to}の様式に書き写してください。\n"
            f"事業所　{o.name}　（整理記号 {o.prefecture}-{o.district}-{o.mark}、番号 {o.number}）\n"
            f"作成日　{wareki_text(writing.day)}"
        ),
        9,
        after=2,
    )
    written = 0
    for notice in notices:
        if notice.form != form or notice.asks:
            continue
        written += 1
        number = notice.person.number or "なし"
        flow.heading(printable(f"{written}　{notice.person.name}　（整理番号 {number}）"))
        flow.lines(notice.reason, 9, after=1)
        for record in records_of_notice(notice, true):
            rows = [(no, name, printable(text)) for no, name, text in printed_rows(layout, record)]
            flow.table(_WIDTHS, [_HEAD, *rows], set())
    if not written:
        raise BadInput(
            "nothing-to-print", "印刷できる届がありません。足りない事実を入れてください。"
        )
    flow.lines("ここにない項目は、書かないか、個人番号のように手で書く項目です。", 9)
    return flow.finish()


def printed_rows(layout: Layout, record: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """(number, official caption, what is written) of the filled fields, in the official order.

    Fields that are parts of one thing (a day's era and digits, the two parts of a number) come as one.
    """
    names = [f.name for f in layout.fields]
    at = 0
    while at < len(record):
        size, caption, text = _whole(names, record, at)
        if text and names[at] not in _OFFICE and "個人番号" not in caption:
            number = str(at + 1) if size == 1 else f"{at + 1}～{at + size}"
            yield number, caption, text
        at += size


def _whole(names: Sequence[str], record: Sequence[str], at: int) -> tuple[int, str, str]:
    """How many fields belong together from `at`, their caption, and the text as a person writes it."""
    name = names[at]
    stem = name.removesuffix("（元号）")
    following = names[at + 1 : at + 3]
    if following[:1] == [f"{stem}（年月日）"]:
        return 2, stem, _day(record[at], record[at + 1])
    if following == [f"{stem}（年）", f"{stem}（月）"]:
        era, year, month = record[at : at + 3]
        return 3, stem, f"{_NAMES.get(era, era)}{int(year)}年{int(month)}月" if month else ""
    for first, second in _PAIRS:
        stem = name.removesuffix(first)
        if stem != name and following[:1] == [f"{stem}{second}"]:
            return 2, stem, "-".join(filter(None, record[at : at + 2]))
    return 1, name, _written(name, record[at])


def _day(era: str, digits: str) -> str:
    day = read(era, digits)
    return wareki_text(day) if day else f"{era}{digits}"


def _written(name: str, text: str) -> str:
    if not (text.isascii() and text.isdigit()):
        return text
    if name.startswith("従前の標準報酬月額"):
        return f"{int(text):,}千円"
    if _YEN.search(name):
        return f"{int(text):,}円"
    if name.startswith("給与支給月") or name.endswith(("給月", "支払月")):
        return f"{int(text)}月"
    return f"{int(text)}日" if "基礎日数" in name else text
