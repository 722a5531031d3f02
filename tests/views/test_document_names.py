"""What a kept document is called, and in which order documents stand."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.domain.clock import JST
from app.store.rows import DocumentRow
from app.views.pages.document_names import readable_first, shown_names

AT = datetime(2026, 11, 24, 19, 19, 30, tzinfo=JST)


def row(ident: str, name: str, kind: str, seconds: int, filing: str = "f1") -> DocumentRow:
    at = AT - timedelta(seconds=seconds)
    return DocumentRow(ident, name, kind, filing, "", "0" * 64, 10, at)


ANSWER = [
    row("xml", "0000-RENSHU-001.xml", "official-xml", 0),
    row("zip", "雇用保険被保険者資格取得等確認通知書.zip", "official", 1),
    row("memo", "commenttsuuchi.xml", "attachment", 2),
    row("told", "通知12.txt", "notice", 2),
]


def test_a_document_is_called_by_the_title_the_office_gave() -> None:
    names = shown_names(ANSWER)
    assert names["xml"] == "雇用保険被保険者資格取得等確認通知書"
    assert names["zip"] == "雇用保険被保険者資格取得等確認通知書.zip"
    assert names["told"] == "役所からの通知 12"
    assert names["memo"] == "commenttsuuchi.xml"


def test_titles_are_never_borrowed_from_another_filing_or_twice() -> None:
    rows = [
        row("xml1", "a.xml", "official-xml", 0),
        row("zip1", "確認通知書.zip", "official", 1),
        row("xml2", "b.xml", "official-xml", 600),
        row("zip2", "喪失確認通知書.zip", "official", 601),
        row("xml3", "c.xml", "official-xml", 0, "f2"),
    ]
    names = shown_names(rows)
    assert (names["xml1"], names["xml2"]) == ("確認通知書", "喪失確認通知書")
    assert names["xml3"] == "公文書"


def test_what_came_together_begins_with_what_can_be_read() -> None:
    older = row("old", "通知1.txt", "notice", 7_200)
    shown = [r.id for r in readable_first([older, *reversed(ANSWER)])]
    assert shown == ["xml", "told", "memo", "zip", "old"]
