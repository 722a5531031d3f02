"""The readable page of a proof: what was filed, with origins, the receipt, the events, the documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from app.domain.filing import HAND_OVER
from app.forms.printing import PrintedRow, PrintedSection, print_proof
from app.store.rows import DocumentRow, EventRow, FilingRow

ORIGIN_WORDS: Mapping[str, str] = {
    "register": "登記",
    "gbizid": "GビズID",
    "books": "帳簿",
    "document": "公文書",
    "filing": "前回",
    "typed": "入力",
    "derived": "計算",
    "assumed": "仮定",
}


_REDACTED = (
    "送ったものには個人番号がありました。ここにあるのは、伏せた写しの大きさと SHA-256 です。"
)


def proof_pdf(
    row: FilingRow,
    events: Sequence[EventRow],
    documents: Sequence[DocumentRow],
    made_at: datetime,
    fonts: Path,
    *,
    redacted: bool = False,
) -> bytes:
    """The PDF of a proof (A4, embedded font); `redacted`: the envelope is a copy without 個人番号."""
    sections = (
        PrintedSection("会社と届", _head(row)),
        PrintedSection("送ったファイル", _envelope(row), _REDACTED if redacted else ""),
        PrintedSection(
            "役所の答え", _receipt(row), "" if row.receipt_number else "まだ到達していません。"
        ),
        PrintedSection("出した値と、その出どころ", tuple(_fact(f) for f in row.facts)),
        PrintedSection("できごと(古い順)", tuple(_event(e) for e in events)),
        PrintedSection(
            "届いた書類",
            tuple(PrintedRow(d.name, d.verdict or d.kind, d.sha256) for d in documents),
            "" if documents else "まだありません。",
        ),
    )
    note = f"作成 {_moment(made_at)}。確かめ方と、証明できないことは README.txt にあります。"
    return print_proof(f"証明 {row.title}", note, sections, row.practice, fonts)


def _head(row: FilingRow) -> tuple[PrintedRow, ...]:
    return (
        PrintedRow("会社", row.company_name),
        PrintedRow("法人番号", row.corporate_number),
        PrintedRow("届", f"{row.title}(版 {row.edition})"),
        PrintedRow("立場", row.capacity),
    )


def _envelope(row: FilingRow) -> tuple[PrintedRow, ...]:
    return (
        PrintedRow("名前", row.envelope_name),
        PrintedRow("大きさ", f"{row.envelope_size:,} バイト"),
        PrintedRow("SHA-256", row.sha256),
        PrintedRow("封をした時", _moment(row.sealed_at)),
    )


def _receipt(row: FilingRow) -> tuple[PrintedRow, ...]:
    if not row.receipt_number:
        return ()
    found = {
        "list": "一覧で確かめた",
        "person": "人が選んだ",
        HAND_OVER: "人が手で出し、番号を入れた",
    }.get(str(row.receipt.get("found_by")), "送信の答え")
    return (
        PrintedRow("到達番号", row.receipt_number),
        PrintedRow("到達", _moment(row.receipt_at) if row.receipt_at else ""),
        PrintedRow("分かり方", found),
    )


def _fact(fact: Mapping[str, Any]) -> PrintedRow:
    origin = ORIGIN_WORDS.get(str(fact["origin"]), "")
    sent = str(fact["sent"])
    changed = (
        f"(送った字 {sent})"
        if sent and sent != str(fact["text"]) and fact.get("substituted")
        else ""
    )
    return PrintedRow(str(fact["label"]), f"{fact['text']}{changed}", origin)


def _event(event: EventRow) -> PrintedRow:
    return PrintedRow(_moment(event.at), event.title, event.note)


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}"
