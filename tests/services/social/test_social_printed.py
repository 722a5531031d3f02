"""The printed sheets of social insurance, read back with pdftotext: nothing else reads our own PDF."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest
from social_company import FORMS, OFFICE, RESOURCES, SPRING, TABLES, TARO, company, paid

from app.domain.errors import BadInput
from app.facts.record import Value
from app.forms.nenkin.head import Head
from app.services.social.explanation import explanation_pdf
from app.services.social.insurer import (
    ACQUISITION,
    BONUS,
    DEPENDANTS,
    LOSS,
    REGULAR,
    REVISION,
    Insurer,
)
from app.services.social.needs import needs_of
from app.services.social.notice import Notice
from app.services.social.people import people_of
from app.services.social.prepare import Prepared, prepare, records_of_notice
from app.services.social.union_print import HEADING, printed_rows, union_print
from app.services.social.writing import Writing

FONTS = RESOURCES / "fonts"
DAY = date(2026, 7, 10)
STAFF = TARO | SPRING | {"social_insurance.acquired_on": date(2024, 4, 1)}
NEW: dict[str, Value] = {
    "family_name": "髙橋", "given_name": "花子", "family_kana": "タカハシ", "given_kana": "ハナコ",
    "birth": date(1996, 5, 5), "sex": "女", "postal_code": "1000001", "address": "東京都千代田区千代田1-1",
    "address_kana": "トウキョウトチヨダクチヨダ1-1", "social_insurance.covered": True,
    "hired_on": date(2026, 7, 1), "social_insurance.expected_monthly": 260_000,
    "pension_number": "1234567890",
}  # fmt: skip
EACH: Mapping[str, dict[str, Value]] = {
    ACQUISITION: NEW,
    LOSS: STAFF | {"left_on": date(2026, 6, 30), "pension_number": "1234567890"},
    DEPENDANTS: STAFF | {
        "pension_number": "1234567890", "postal_code": "1000001", "address": "東京都千代田区千代田1-1",
        "dependants[k].family_name": "年金", "dependants[k].given_name": "久美",
        "dependants[k].family_kana": "ネンキン", "dependants[k].given_kana": "クミ",
        "dependants[k].birth": date(2020, 3, 3), "dependants[k].sex": "女",
        "dependants[k].relation": "02", "dependants[k].since": date(2026, 7, 5),
        "dependants[k].since_reason": "2", "dependants[k].lives_together": True,
    },
    REVISION: STAFF | paid({
        "2026-04": (30, 340_000), "2026-05": (31, 340_000), "2026-06": (30, 340_000),
    }) | {f"fixed_pay[{m}]": y for m, y in (
        ("2026-03", 260_000), ("2026-04", 340_000), ("2026-05", 340_000), ("2026-06", 340_000),
    )},
    REGULAR: STAFF,
    BONUS: STAFF | {"bonus[2026-07]": 500_500, "bonus_paid_on[2026-07]": date(2026, 7, 9)},
}  # fmt: skip


def text_of(pdf: bytes) -> str:
    """What a reader of PDFs finds, without the spaces it puts between."""
    tool = shutil.which("pdftotext")
    if tool is None:
        pytest.skip("pdftotext is not installed")
    done = subprocess.run([tool, "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return re.sub(r"[ \u3000\n\f]+", "", done.stdout.decode())


def notices(*people: dict[str, Value]) -> tuple[Notice, ...]:
    told = {f"m{n}": told for n, told in enumerate(people)}
    return needs_of(
        people_of(company(**told)), TABLES, today=DAY, since=date(2026, 5, 1),
        insurer=Insurer.KUMIAI,
    ).notices  # fmt: skip


def writing(accepted: dict[str, str] | None = None) -> Writing:
    return Writing(FORMS, OFFICE, TABLES.figures(DAY), DAY, accepted=accepted or {})


def prepared(form: str, *people: dict[str, Value]) -> Prepared:
    return prepare(form, notices(*people), writing({"髙": "高"}), Head(OFFICE, DAY))


def test_the_explanation_names_the_office_the_person_and_both_writings() -> None:
    ready = prepared(REGULAR, STAFF | {"family_name": "髙橋"}, STAFF)
    found = text_of(explanation_pdf(ready, FORMS, FONTS, practice=True))
    assert "漢字の置きかえについての説明" in found
    assert "健保サービス株式会社" in found
    assert "令和8年7月10日" in found
    assert "112氏名髙橋太郎高橋太郎" in found
    assert "髙→高（U+9AD9）" in found
    assert "練習" in found
    assert "練習" not in text_of(explanation_pdf(ready, FORMS, FONTS, practice=False))


def test_a_letter_the_face_lacks_is_named_by_its_code_and_never_an_empty_box() -> None:
    rare = "\U00020bb7"  # 𠮷 with the long lower stroke
    ready = prepare(
        REGULAR, notices(STAFF | {"family_name": f"{rare}田"}), writing({rare: "吉"}),
        Head(OFFICE, DAY),
    )  # fmt: skip
    found = text_of(explanation_pdf(ready, FORMS, FONTS, practice=False))
    assert "U+20BB7" in found
    assert "吉田太郎" in found


def test_without_a_replaced_letter_there_is_no_sheet() -> None:
    with pytest.raises(BadInput, match="nothing-replaced"):
        explanation_pdf(prepared(REGULAR, STAFF), FORMS, FONTS, practice=True)


@pytest.mark.parametrize("form", list(EACH))
def test_each_of_the_six_prints_the_official_captions_of_what_is_filled_in_order(form: str) -> None:
    who = EACH[form]
    mine = [n for n in notices(who) if n.form == form]
    assert mine, [n.form for n in notices(who)]
    assert not mine[0].asks, mine[0].asks
    pdf = union_print(form, mine, writing(), "東京薬業健康保険組合", FONTS, practice=False)
    found = text_of(pdf)
    assert HEADING in found
    assert FORMS.forms[form].name.replace("　", "") in found
    assert "東京薬業健康保険組合" in found
    assert "個人番号（" not in found
    assert ("髙橋花子" if form == ACQUISITION else "年金太郎") in found
    (record,) = records_of_notice(mine[0], writing())
    rows = list(printed_rows(FORMS.forms[form], record))
    place = 0
    for _, caption, text in rows:
        wanted = re.sub(r"[ \u3000]+", "", caption)
        place = found.index(wanted, place)
        if "氏名（漢字）" not in caption:
            assert re.sub(r"[ \u3000]+", "", text) in found, (caption, text)
    filled = {n for n, text in enumerate(record, 1) if text}
    shown = {
        n for no, _, _ in rows
        for n in range(int(no.split("～")[0]), int(no.split("～")[-1]) + 1)
    }  # fmt: skip
    left = {FORMS.forms[form].fields[n - 1].name for n in filled - shown}
    assert left <= {"様式コード", "都道府県コード", "郡市区符号", "事業所記号", "事業所番号"}


def test_amounts_and_days_are_written_as_people_write_them() -> None:
    found = text_of(
        union_print(REGULAR, notices(STAFF), writing(), "健保組合", FONTS, practice=False)
    )
    assert "U+" not in found, "a line end is no missing letter"
    for words in ("平成7年4月1日", "令和8年9月", "260,000円", "260千円", "31日", "780,000円"):
        assert words in found, words


def test_someone_of_whom_a_fact_is_missing_is_not_printed() -> None:
    wanting = STAFF | {"social_insurance.revised_month": ""}
    both = union_print(
        REGULAR, notices(STAFF, wanting), writing(), "健保組合", FONTS, practice=False
    )
    assert "2年金太郎" not in text_of(both)
    with pytest.raises(BadInput, match="nothing-to-print"):
        union_print(REGULAR, notices(wanting), writing(), "健保組合", FONTS, practice=False)


def test_a_substitute_for_the_csv_is_not_printed_for_paper() -> None:
    office = replace(OFFICE, name="健保サービス株式会社")
    given = Writing(FORMS, office, TABLES.figures(DAY), DAY, accepted={"髙": "高"})
    found = text_of(
        union_print(REGULAR, notices(STAFF | {"family_name": "髙橋"}), given, "健保組合", FONTS,
                    practice=False)
    )  # fmt: skip
    assert "髙橋太郎" in found
    assert "高橋太郎" not in found
    assert given.substitutions == []
