"""Rules across the fields of the six pension notices (e-Gov reference, 2.3 and 2.4)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

from app.sandbox.shfd_row import ERAS, Row, day_of, western, written_day, years_later

MOST = 9_999_999
# Where 元号 of the date of birth, name in kana and in kanji, and the insured's number stand.
BIRTH = {"2200700": 9, "2201700": 9, "2225700": 8, "2221700": 8, "2265700": 8, "2202700": 11}
_KANA = {"2200700": 7, "2201700": 7, "2225700": 6, "2221700": 6, "2265700": 6, "2202700": 9}
_NUMBER = {"2200700": 6, "2201700": 6, "2225700": 5, "2221700": 5, "2265700": 5, "2202700": 8}
_HAS_OFFICE_NUMBER = ("2200700", "2201700")


def common(
    row: Row, code: str, office: dict[str, str], where: tuple[list[int], list[int]]
) -> Iterator[str]:
    """Rules of every form: office, name, dates that exist."""
    same = ["prefecture", "district", "mark"]
    for number, key in enumerate(same, 2):
        if row[number] != office[key]:
            yield f"{row.name(number)}が事業所情報と一致しません。"
    if code in _HAS_OFFICE_NUMBER and row[5].lstrip("0") != office["number"].lstrip("0"):
        yield "事業所番号が事業所情報と一致しません。"
    if row[3] in ("00", "99"):
        yield "郡市区符号に誤りがあります。"
    if row[4] and not row[4].strip("0"):
        yield "事業所記号に誤りがあります。"
    insured = row[_NUMBER[code]]
    if insured and not insured.strip("0"):
        yield "被保険者整理番号に0だけの番号は使えません。"
    kana, kanji = row[_KANA[code]], row[_KANA[code] + 1]
    if " " not in kana.strip() or "  " in kana:
        yield "被保険者氏名（カナ）は姓と名の間を半角空白1つで区切ってください。"
    if kanji and ("　" not in kanji.strip("　") or "　　" in kanji):
        yield "被保険者氏名（漢字）は姓と名の間を全角空白1つで区切ってください。"
    for index in where[0]:
        era, text, name = row[index], row[index + 1], row.name(index)
        if bool(era) != bool(text):
            yield f"{name}と年月日は両方入力してください。"
        elif era and western(era, text) is None:
            yield f"{name.removesuffix('（元号）')}に誤りがあります。"
    for index in where[1]:
        if bool(row[index]) != bool(row[index + 1]):
            yield "基礎年金番号は課所符号と一連番号の両方を入力してください。"
        elif row[index]:
            yield from _no_zeros(row[index], row[index + 1])


def _no_zeros(*numbers: str) -> Iterator[str]:
    if not all(number.strip("0") for number in numbers):
        yield "基礎年金番号に0だけの番号は使えません。"


def _wanted(row: Row, *numbers: int) -> Iterator[str]:
    for number in numbers:
        if not row[number]:
            yield f"{row.name(number)}は、この届出では必須です。"


def _unwanted(row: Row, *numbers: int) -> Iterator[str]:
    for number in numbers:
        if row[number]:
            yield f"{row.name(number)}は、この届出では省略します。"


def _past(row: Row, number: int) -> Iterator[str]:
    day = day_of(row, number)
    if day is not None and day > row.today:
        yield f"{row.name(number).removesuffix('（元号）')}が未来の日付です。"


def _sum(row: Row, cash: int, kind: int, total: int) -> Iterator[str]:
    if row.yen(total) != min(row.yen(cash) + row.yen(kind), MOST):
        yield f"{row.name(total)}が通貨と現物の合計になっていません。"


def acquired(row: Row) -> Iterator[str]:
    """2200700 資格取得届."""
    only70 = row[33] == "1"
    if row[13]:
        yield from _unwanted(row, 14, 15, 29, 30, 31, 32)
    else:
        yield from _wanted(row, 29, 30, 31)
        yield from _wanted(row, 15) if row[14] == "3" else _unwanted(row, 15)
    if only70:
        yield from _unwanted(row, 11, 12)
        yield from _wanted(row, 24)
    elif row[12] in ("1", "3", "4"):
        yield from _wanted(row, 11)
        if row[12] in ("3", "4") and row[11] not in ("1", "2"):
            yield "種別は、取得区分が3、4のとき1または2です。"
    if row[12] in ("3", "4"):
        yield from _unwanted(row, 16, 17)
    yield from _past(row, 18)
    born, day = day_of(row, 9), day_of(row, 18)
    if row[24] == "1" and born and day and day < years_later(born - timedelta(days=1), 70):
        yield "70歳以上被用者該当の資格取得年月日が70歳に達する前です。"
    yield from _sum(row, 21, 22, 23)
    if row.yen(23) < 1000:
        yield "合計は1000円以上です。"
    if row[29] == "000":
        yield "郵便番号に誤りがあります。"
    if "  " in row[31] or "　　" in row[32]:
        yield "住所の空白は続けて入力できません。"


def lost(row: Row) -> Iterator[str]:
    """2201700 資格喪失届."""
    only70, cause = row[27] == "1", row[16]
    if only70:
        yield from _unwanted(row, 6)
        yield from _wanted(row, 24)
    else:
        yield from _wanted(row, 14, 15)
    if not row[11]:
        yield from _wanted(row, 12, 13)
    ended = day_of(row, 17)
    yield from _wanted(row, 17, 18) if cause in ("4", "5") else _unwanted(row, 17, 18)
    day, born = day_of(row, 14), day_of(row, 9)
    next_day = cause == "4" or (cause == "5" and not only70)
    if next_day and day and ended and day != ended + timedelta(days=1):
        yield "資格喪失年月日は退職日・死亡日の翌日です。"
    if cause == "7" and day and born and day < years_later(born, 75):
        yield "75歳到達の資格喪失年月日が75歳の誕生日より前です。"
    if day and born and day <= born:
        yield "資格喪失年月日が生年月日以前です。"
    if row[24] == "1":
        yield from _wanted(row, 25, 26)
        if cause in ("4", "5") and ended and day_of(row, 25) != ended:
            yield "不該当年月日は退職日・死亡日です。"
    yield from _past(row, 14)
    yield from _past(row, 25)


def _person70(row: Row, number: int, flag: int) -> Iterator[str]:
    """個人番号 and 基礎年金番号 go with the flag of a person of 70 or more only."""
    if row[flag] != "1":
        yield from _unwanted(row, number)
    elif not row[number]:
        yield from _wanted(row, number + 1, number + 2)


def _averages(row: Row, months: list[int]) -> Iterator[str]:
    total = sum(row.yen(34 + month) for month in months)
    if row.yen(37) != min(total, MOST):
        yield "総計が対象となる月の合計と一致しません。"
    elif months and total <= MOST and row.yen(38) != total // len(months):
        yield "平均額が総計を月数で割った額（円未満切捨て）と一致しません。"
    if row[39] and row.yen(39) < 1000:
        yield "修正平均額は1000円以上です。"


def counted(row: Row) -> list[int]:
    """The months (0, 1, 2) of a 算定基礎届 with enough days."""
    days = [int(row[number]) for number in (25, 26, 27)]
    least = 11 if row[49] == "1" else 17
    months = [month for month in range(3) if days[month] >= least]
    if not months and row[50] == "1":
        months = [month for month in range(3) if days[month] >= 15]
    return months


def yearly(row: Row) -> Iterator[str]:
    """2225700 算定基礎届."""
    if row[12] != "09" or (row[22], row[23], row[24]) != ("04", "05", "06"):
        yield "適用年月の月は09、給与支給月は04、05、06です。"
    if any(row[number] == "0000" for number in (13, 14)):
        yield "従前の標準報酬月額に誤りがあります。"
    if any(int(row[number]) > 31 for number in (25, 26, 27)):
        yield "給与計算の基礎日数は00から31です。"
    for month in range(3):
        yield from _sum(row, 28 + month, 31 + month, 34 + month)
    if row[47] != "1":
        yield from _averages(row, counted(row))
    if row[20] and row[20] not in ("04", "05", "06"):
        yield "遡及支払月は04から06です。"
    if row[19] and not row[18]:
        yield from _wanted(row, 18)
    if row[53] == "1":
        yield from _unwanted(row, 5)
        yield from _wanted(row, 43)
    yield from _years(row, 11, 16)
    yield from _months(row, 17, 18)
    yield from _person70(row, 40, 43)


def _years(row: Row, *numbers: int) -> Iterator[str]:
    for number in numbers:
        if row[number] == "00":
            yield f"{row.name(number)}に誤りがあります。"


def _months(row: Row, *numbers: int) -> Iterator[str]:
    for number in numbers:
        if row[number] and not 1 <= int(row[number]) <= 12:
            yield f"{row.name(number)}は01から12です。"


def changed(row: Row) -> Iterator[str]:
    """2221700 月額変更届."""
    months = [int(row[number]) for number in (22, 23, 24)]
    yield from _years(row, 11, 16)
    yield from _months(row, 12, 17, 18, 20, 22, 23, 24)
    if [m % 12 for m in months[1:]] != [(m + 1) % 12 for m in months[:2]]:
        yield "給与支給月は連続する3か月です。"
    elif (months[2] + 1) % 12 != int(row[12]) % 12:
        yield "改定年月の月は最後の給与支給月の翌月です。"
    least = 11 if row[45] == "1" else 17
    if any(not least <= int(row[number]) <= 31 for number in (25, 26, 27)):
        yield f"給与計算の基礎日数は{least}から31です。"
    for month in range(3):
        yield from _sum(row, 28 + month, 31 + month, 34 + month)
    yield from _averages(row, [0, 1, 2])
    if not row[39] and row.yen(38) < 1000:
        yield "平均額は1000円以上です。"
    if row[19] and not row[18]:
        yield from _wanted(row, 18)
    if row[49] == "1":
        yield from _unwanted(row, 5)
        yield from _wanted(row, 43)
    yield from _person70(row, 40, 43)


def bonus(row: Row) -> Iterator[str]:
    """2265700 賞与支払届."""
    yield from _past(row, 10)
    wanted = (row.yen(12) + row.yen(13)) // 1000 * 1000
    if row.yen(14) != min(wanted, MOST):
        yield "合計（賞与額）は千円未満を切り捨てた額です（9999999円を超えるときは9999999）。"
    if row.yen(14) < 1000:
        yield "合計（賞与額）は1000円以上です。"
    if row[21] == "1":
        yield from _wanted(row, 18)
    yield from _person70(row, 15, 18)


def dependants(row: Row) -> Iterator[str]:
    """2202700 被扶養者（異動）届."""
    if row[21] in ("2", "3"):
        yield from _wanted(row, 8)
        yield from _unwanted(row, 17)
    if row[14]:
        yield from _unwanted(row, 18, 19, 20)
    else:
        yield from _wanted(row, 15, 16, 18, 19, 20)
    # 届出意思確認済 is not looked at: the specification's own example carries nothing there.
    people = [number for number in (24, 71, 104) if row[number]]
    if not people:
        yield "配偶者または被扶養者の氏名（カナ）がありません。"
    for number in people:
        if not row[number + 2] or not row[number + 3]:
            yield f"{row.name(number + 2).removesuffix('（元号）')}は必須です。"


BY_CODE: dict[str, Callable[[Row], Iterator[str]]] = {
    "2200700": acquired,
    "2201700": lost,
    "2225700": yearly,
    "2221700": changed,
    "2265700": bonus,
    "2202700": dependants,
}


def person(row: Row, code: str) -> dict[str, str]:
    """What a decision needs of one line."""
    kept = {"number": row[_NUMBER[code]], "kana": row[_KANA[code]], "name": row[_KANA[code] + 1]}
    if code == "2200700":
        kept |= {"pay": str(row.yen(23)), "day": written_day(day_of(row, 18))}
    elif code == "2201700":
        kept |= {"day": written_day(day_of(row, 14) or day_of(row, 25))}
    elif code in ("2225700", "2221700"):
        pay = row.yen(39) or row.yen(38)
        month = f"{ERAS[row[10]][2]}{int(row[11])}年{int(row[12])}月"
        kept |= {"pay": str(pay), "day": month, "health": row[13], "pension": row[14]}
    elif code == "2265700":
        kept |= {"pay": str(row.yen(14)), "day": written_day(day_of(row, 10))}
    elif code == "2202700":
        kept |= {"day": {"1": "該当", "2": "非該当", "3": "変更"}[row[21]]}
    return kept
