"""文字の説明: the printed sheet that tells the pension office which letters stand for the true ones.

No official shape of it is in our sources (resources/nenkin/notes.md): it names the notice, the office
and, person by person, what is right and what the CSV holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from app.domain.era import wareki_text
from app.domain.errors import BadInput
from app.forms.nenkin.layout import NenkinForms
from app.forms.nenkin.letters import Substitution
from app.forms.nenkin.reading import head_of
from app.forms.pdf import Sheet, printable, register_fonts
from app.forms.printing import Flow
from app.services.social.prepare import Prepared

NAME = "文字の説明.pdf"
TITLE = "漢字の置きかえについての説明"
_HEAD = ("", "整理番号", "項目", "正しい表記", "CSV の表記")
_WIDTHS = (6, 18, 34, 62, 62)


def explanation_pdf(
    prepared: Prepared, forms: NenkinForms, fonts: Path, *, practice: bool
) -> bytes:
    """The sheet for what was prepared, as a PDF (A4).

    Raises BadInput where no letter was replaced or nothing is ready to leave, FontMissing.
    """
    if not prepared.substitutions or not prepared.files:
        raise BadInput("nothing-replaced", "置きかえた文字がないので、説明の紙は要りません。")
    head = head_of(prepared.files[0].content)
    return explanation_sheet_pdf(
        forms.forms[prepared.form].name,
        head.office.name,
        wareki_text(head.made_on),
        prepared.substitutions,
        fonts,
        practice=practice,
    )


def explanation_sheet_pdf(
    form: str,
    office: str,
    made_on: str,
    substitutions: Sequence[Substitution],
    fonts: Path,
    *,
    practice: bool,
) -> bytes:
    """The sheet from its parts; `made_on` is a date in words. Raises FontMissing."""
    register_fonts(fonts)
    flow = Flow(Sheet(fonts, TITLE, practice=practice))
    flow.lines(TITLE, 16, bold=True, after=3)
    for label, value in (("届書", form), ("事業所", office), ("作成日", made_on)):
        flow.lines(printable(f"{label}　{value}"), 10)
    flow.lines(
        "次の方の文字は、JIS第1・第2水準にないため、CSV では置きかえて記録しました。"
        "正しい表記での登録をお願いします。",
        10,
        after=3,
    )
    rows = [
        (str(n), told.number or "なし", told.field, printable(told.true), printable(told.sent))
        for n, told in enumerate(substitutions, 1)
    ]
    flow.table(_WIDTHS, [_HEAD, *rows], set())
    flow.heading("置きかえた文字")
    for true, sent in _pairs(substitutions):
        flow.lines(f"{printable(true)}　→　{printable(sent)}　　（{_code(true)}）", 18, after=1)
    flow.lines("事業主（又は提出代行者）　　　　　　　　　　　　　　　　", 10)
    return flow.finish()


def _pairs(substitutions: Sequence[Substitution]) -> list[tuple[str, str]]:
    """Each replaced letter once, in the order they are met."""
    found: dict[tuple[str, str], None] = {}
    for told in substitutions:
        if len(told.true) == len(told.sent):
            pairs = zip(told.true, told.sent, strict=True)
            found |= dict.fromkeys((t, s) for t, s in pairs if t != s)
    return list(found)


def _code(letter: str) -> str:
    return "・".join(f"U+{ord(c):04X}" for c in letter)
