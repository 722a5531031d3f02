"""Details the town composes, because no public copy of the real ones exists; each says it is 練習."""

from __future__ import annotations

import base64
from typing import Any
from zlib import crc32

from app.sandbox.jgrants_values import INDUSTRIES, JOIN, PURPOSES
from app.sandbox.pdf import pdf_parts

Row = dict[str, Any]
PRACTICE = "a0WJ200000CDJWIMA5"
PRACTICE_NUMBER = "S-00006007"
FILES = ("application_guidelines", "outline_of_grant", "application_form")
_FILE_NAMES = ("公募要領.pdf", "交付要綱.pdf", "申請様式.pdf")
_RATES = ("1/2以内", "2/3以内", "20%", "定額", "2/3 以内又は 1/2 以内")
_PURPOSE_WORDS = (
    (("販路", "海外", "展示", "輸出"), 1),
    (("イベント",), 2),
    (("承継", "引継"), 3),
    (("研究", "開発", "実証"), 4),
    (("人材", "育成", "研修"), 5),
    (("資金", "利子", "保証"), 6),
    (("設備", "DX", "ＤＸ", "デジタル", "システム", "ものづくり"), 7),
    (("雇用", "就業", "障害者", "社員", "働き方"), 8),
    (("省エネ", "脱炭素", "CO2", "再エネ", "GX", "環境"), 9),
    (("災害", "復旧"), 10),
    (("教育", "子育て", "保育"), 11),
    (("スポーツ", "文化"), 12),
    (("安全", "防災"), 13),
    (("まちづくり", "地域", "観光", "商店街"), 14),
)
_INDUSTRY_WORDS = (
    (("農",), 0),
    (("水産", "漁"), 1),
    (("建設",), 3),
    (("製造", "ものづくり"), 4),
    (("トラック", "物流", "運輸"), 7),
    (("商店街", "小売"), 8),
    (("宿泊", "観光", "飲食"), 12),
    (("医療", "福祉", "介護"), 15),
)


def _said(title: str, table: tuple[tuple[tuple[str, ...], int], ...]) -> list[int]:
    return [place for words, place in table if any(word in title for word in words)]


def composed(record: Row) -> Row:
    """The parts of a detail that a list record does not hold, made up from its title and id."""
    title, turn = str(record["title"]), crc32(str(record["id"]).encode())
    purposes = [PURPOSES[place] for place in _said(title, _PURPOSE_WORDS)] or [PURPOSES[0]]
    industries = [INDUSTRIES[place] for place in _said(title, _INDUSTRY_WORDS)] or INDUSTRIES
    end = str(record.get("acceptance_end_datetime") or "")
    own = _practice() if record["id"] == PRACTICE else _other(title)
    return {
        "use_purpose": JOIN.join(purposes),
        "industry": JOIN.join(industries),
        "subsidy_rate": _RATES[turn % len(_RATES)],
        "granttype": "一般型" if turn % 9 == 0 else None,
        "project_end_deadline": f"{int(end[:4]) + 1}-02-27T15:00:00.000Z" if end else None,
        "files": turn % 5 != 0,
        "shape": turn % 3,
        "workflow": None if turn % 11 == 0 and record["id"] != PRACTICE else "made",
        **own,
    }


def _practice() -> Row:
    return {
        "subsidy_catch_phrase": "【練習】電子申請の手順を練習するための補助金です。",
        "detail": (
            "<h3>■目的・概要</h3><p>電子申請の流れを<b>練習</b>するためのものです。"
            "補助金の支払いはありません。</p><h3>■対象</h3><ul><li>すべての事業者</li></ul>"
            "<p>この説明文は練習の町が作ったものです。</p>"
        ),
        "use_purpose": JOIN.join(PURPOSES),
        "industry": JOIN.join(INDUSTRIES),
        "subsidy_rate": "定額",
        "files": True,
        "shape": 0,
        "granttype": None,
    }


def _other(title: str) -> Row:
    shown = title.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return {
        "subsidy_catch_phrase": "【練習】この詳細は練習の町の作りごとです。",
        "detail": (
            f"<h3>■目的・概要</h3><p>「{shown}」の詳細として練習の町が作った文です。"
            "実際の要件、補助率、添付資料ではありません。</p>"
            '<h3>■補助対象経費</h3><table style="width:100%"><tr><td>機械装置費</td>'
            "<td>【練習】税抜きで計算します。</td></tr><tr><td>広報費</td><td>【練習】</td></tr></table>"
            '<p><a href="https://example.jp/renshu">公募のページ（練習）</a></p>'
        ),
    }


def attachments(record: Row, detail: Row) -> Row:
    """The three file lists of a detail: its own if it has them, else small practice PDFs."""
    own = {name: detail[name] for name in FILES if isinstance(detail.get(name), list)}
    if own or not detail.get("files", False):
        return {name: own.get(name, []) for name in FILES}
    names = [[name] for name in _FILE_NAMES]
    names[2] += detail.get("forms", [])
    return {
        kind: [{"name": name, "data": _pdf(record, name)} for name in group]
        for kind, group in zip(FILES, names, strict=True)
    }


def _pdf(record: Row, name: str) -> str:
    lines = ("練習の町が作った書類です", name, str(record["title"]), "中身はすべて作りごとです。")
    return base64.b64encode(b"".join(pdf_parts(lines))).decode("ascii")


def shaped(moment: str | None, shape: int) -> str | None:
    """A list date (`….000Z`) in one of the three shapes seen: `THH:MMZ`, `THH:MM:SSZ`, `.000Z`."""
    if not moment or not moment.endswith("Z") or "." not in moment:
        return moment
    whole = moment.partition(".")[0]
    return (f"{whole[:-3]}Z", f"{whole}Z", moment)[shape]


def rounds(record: Row, detail: Row) -> list[Row] | None:
    """`workflow` of version 2: the detail's own, else one round with the list record's dates."""
    held = detail.get("workflow", "made")
    if held != "made":
        return held if isinstance(held, list) else None
    shape = int(detail.get("shape", 2))
    made = "shape" in detail
    return [
        {
            "id": f"a0GRENSHU{crc32(str(record['id']).encode()) % 10**6:06d}AAA" if made else None,
            "target_area_search": record.get("target_area_search"),
            "target_area_detail": detail.get("target_area_detail"),
            "fiscal_year_round": "第1回（練習）" if made else None,
            "acceptance_start_datetime": shaped(record.get("acceptance_start_datetime"), shape),
            "acceptance_end_datetime": shaped(record.get("acceptance_end_datetime"), shape),
            "project_end_deadline": shaped(detail.get("project_end_deadline"), shape),
        }
    ]
