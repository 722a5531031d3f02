"""Whose 個人番号 the notices need, where a 基礎年金番号 may stand in its place, and numbers from a file.

健康保険法施行規則 24条・38条, 厚生年金保険法施行規則 15条: 資格取得届 and 被扶養者（異動）届 carry the 個人番号 or
the 基礎年金番号 of who is insured (without the 個人番号 his address too); of another dependant there is
no second number. Whoever is not asked here needs none: 資格喪失届 and notices of a 70歳以上被用者 ask only
where no 基礎年金番号 is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.domain.era import parse_date
from app.domain.errors import BadInput
from app.domain.folding import fold
from app.domain.my_number import is_named
from app.services.my_number import Asked, FileRead, MyNumbers, missing, refuse_missing
from app.services.social.columns import KANA, NAME, Columns, ColumnWords
from app.services.social.insurer import ACQUISITION, DEPENDANTS, FORM_NAMES
from app.services.social.notice import Notice
from app.services.social.people import Dependant, Person, number_key
from app.services.social.sheet_reading import rows_of

__all__ = [
    "Asked", "FileRead", "asked_of", "missing", "read_numbers", "refuse_missing", "stand_ins",
]  # fmt: skip

STAND_IN = "000000000000"
"""What a file is checked with before the numbers are given: it has the shape of one."""

_HEADING_ROWS = 5


def asked_of(notices: Iterable[Notice]) -> tuple[Asked, ...]:
    """Everybody whose 個人番号 these notices need, once, in the order of the notices.

    Where one notice lets the 基礎年金番号 stand in and another does not, it may not be skipped.
    """
    found: dict[str, Asked] = {}
    for notice in notices:
        if notice.asks:
            continue  # it does not leave yet: nobody is asked for what is not needed
        for one in _of_notice(notice):
            held = found.get(one.key)
            if held is None or (held.may_skip and not one.may_skip):
                found[one.key] = one
    return tuple(found.values())


def stand_ins(asked: Iterable[Asked]) -> dict[str, str]:
    """Numbers that are none, for checking files before the true ones are given. Never sealed."""
    return {a.key: STAND_IN for a in asked if not a.may_skip}


def _of_notice(notice: Notice) -> Iterable[Asked]:
    person = notice.person
    dependants = {
        number_key(person, d): d
        for d in (notice.content if isinstance(notice.content, tuple) else ())
        if isinstance(d, Dependant)
    }
    form = FORM_NAMES[notice.form]
    for key in notice.needs_my_number:
        other = dependants.get(key)
        may, why = _may_skip(notice, other)
        who = "本人" if other is None else "配偶者" if other.relation == "spouse" else "被扶養者"
        told = f"{form}に書きます。"
        if other is not None:
            told = f"{person.name}さんの{form}に書きます。"
        subject: Person | Dependant = person if other is None else other
        yield Asked(
            key, subject.name, subject.kana, subject.birth, person.number, who, told, may, why
        )


def _may_skip(notice: Notice, other: Dependant | None) -> tuple[bool, str]:
    person = notice.person
    if notice.form not in (ACQUISITION, DEPENDANTS):
        return (
            False,
            "基礎年金番号が分かれば、個人番号は要りません。先に従業員の欄に入れてください。",
        )
    if other is not None:
        if other.relation != "spouse":
            return False, "この人には基礎年金番号で代える欄がありません。"
        if other.pension_number:
            return True, "基礎年金番号で出せます。"
        return False, "基礎年金番号が分かれば、それで出せます。"
    if not person.pension_number:
        return False, "基礎年金番号が分かれば、それと住所で出せます。"
    wanted = [person.postal_code, person.address]
    if notice.form == ACQUISITION:
        wanted.append(person.address_kana)
    if not all(wanted):
        return False, "基礎年金番号で出すには、郵便番号と住所(カナも)が要ります。"
    return True, "基礎年金番号と住所で出せます。"


# --- from a file


def read_numbers(
    content: bytes, asked: Sequence[Asked], words: ColumnWords, into: MyNumbers
) -> FileRead:
    """Takes the numbers of those asked for out of a CSV or Excel file that is only held in memory.

    A row tells whose it is by 被保険者整理番号, name, kana and birth, as far as it has them. A bad row
    is told by its place and reason, never by what stands in it; the other rows are taken.

    Raises BadInput: it cannot be read, or no column of 個人番号 or of names is found.
    """
    rows = enumerate(rows_of(content), 1)
    columns, at = _headed(rows, words)
    seen: dict[str, int] = {}
    bad: list[str] = []
    others = 0
    for place, row in rows:
        text = _cell(row, at)
        if not text:
            continue
        try:
            one = _whose(row, columns, asked)
            if one is None:
                others += 1
                continue
            if one.key in seen:
                into.drop(one.key)
                raise BadInput("row-twice", f"{seen[one.key]}行目も同じ人です。どちらか一つに。")
            seen[one.key] = place
            into.put(one.key, text)
        except BadInput as wrong:
            bad.append(f"{place}行目: {wrong.sentence}{_excel_note(text, wrong.code)}")
    return FileRead(sum(key in into for key in seen), others, tuple(bad))


def _headed(rows: Iterable[tuple[int, tuple[str, ...]]], words: ColumnWords) -> tuple[Columns, int]:
    """The columns of the first row that has a 個人番号 heading (a title may stand above), and which."""
    for place, row in rows:
        found = [n for n, heading in enumerate(row) if is_named(heading)]
        if len(found) > 1:
            raise BadInput(
                "numbers-columns",
                "個人番号の列が二つあります。一つだけにしたファイルにしてください。",
            )
        if found:
            columns = words.guess(row)
            if not any(columns.at(t) is not None for t in (*_TELLING, "family_name")):
                break
            return columns, found[0]
        if place >= _HEADING_ROWS:
            break
    raise BadInput(
        "numbers-headings",
        "「個人番号」の列と、だれのものか(氏名、フリガナか整理番号)の列が見つかりません。"
        "見出しを確かめてください。",
    )


_NUMBER = "social_insurance.number"
_TELLING = (NAME, KANA, _NUMBER)


def _whose(row: tuple[str, ...], columns: Columns, asked: Sequence[Asked]) -> Asked | None:
    """The one of those asked whose row it is; None for somebody else. Raises BadInput."""
    name = _joined(row, columns, NAME, "family_name", "given_name")
    kana = _joined(row, columns, KANA, "family_kana", "given_kana")
    number = _at(row, columns, _NUMBER)
    if not (name or kana or number):
        raise BadInput("row-nobody", "だれの行かが分かりません。")
    birth = None
    if told := _at(row, columns, "birth"):
        birth = parse_date(told.partition(" ")[0])
    found = [
        a
        for a in asked
        if (not name or name == _same(a.name))
        and (not kana or kana == _same(a.kana))
        and (not number or number.lstrip("0") == a.number.lstrip("0"))
        and (birth is None or a.birth is None or birth == a.birth)
    ]
    if len(found) > 1:
        raise BadInput(
            "row-several", "あてはまる人が二人以上います。氏名と生年月日の列を足してください。"
        )
    return found[0] if found else None


def _joined(row: tuple[str, ...], columns: Columns, whole: str, family: str, given: str) -> str:
    text = _at(row, columns, whole) or _at(row, columns, family) + _at(row, columns, given)
    return _same(text)


def _at(row: tuple[str, ...], columns: Columns, target: str) -> str:
    at = columns.at(target)
    return "" if at is None else _cell(row, at)


def _cell(row: tuple[str, ...], at: int) -> str:
    return row[at].strip() if at < len(row) else ""


def _same(text: str) -> str:
    return fold(text).replace(" ", "")


def _excel_note(text: str, code: str) -> str:
    """Excel drops the zeros at the front of a cell that is a figure."""
    if code == "my-number-length" and text.isdigit() and len(text) < 12:
        return "先頭の 0 が消えていないか確かめ、セルを文字列にして入れ直してください。"
    return ""
