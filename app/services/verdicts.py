"""Three verdicts on a kept official document: bytes unchanged, certificate trusted, in date then.

"Then" is the moment it was kept here: a certificate that has run out since says nothing against a
document of its time. Beside them stands what the door said of a signature (あり, なし).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from app.domain.clock import JST
from app.domain.errors import BadInput, Known
from app.forms.archive import read_archive
from app.forms.signature import Verdict, verify_document
from app.services.deliveries import LETTER, Deliveries
from app.services.official_documents import document_in
from app.store.documents import Documents
from app.store.filings import Filings
from app.store.rows import DocumentRow

if TYPE_CHECKING:
    from app.services.connectors.egov import Egov, Verification

JUDGED = frozenset({"official", "official-xml", LETTER})
"""The kinds of documents that can carry an office's signature."""


@dataclass(frozen=True)
class Mark:
    """One verdict: what was asked, whether it holds (None: could not be told), and why in words."""

    title: str
    holds: bool | None
    words: str


@dataclass(frozen=True)
class Judged:
    """What is known of the signature of a document.

    `told` is the door's word (あり, なし, "" where it said none); `against` a sentence where that and
    the document do not go together. `signer`, `issuer` and the days are those of the certificate.
    """

    signed: bool
    marks: tuple[Mark, ...]
    told: str = ""
    against: str = ""
    signer: str = ""
    issuer: str = ""
    valid: str = ""


class Verdicts:
    """Judges the kept documents of one company. Everything here may block; no call asks a door but
    `ask`."""

    def __init__(
        self,
        documents: Documents,
        filings: Filings,
        deliveries: Deliveries,
        roots: Callable[[], Sequence[bytes]],
        egov: Callable[[], Egov],
    ) -> None:
        self._documents = documents
        self._filings = filings
        self._deliveries = deliveries
        self._roots = roots
        self._egov = egov

    def of(self, document_id: str) -> Judged | None:
        """The verdicts on a document; None for a kind that no office signs.

        Raises:
            Known: the document is damaged, or its ZIP or XML is refused.
        """
        row = self._documents.get(document_id)
        if row.kind not in JUDGED:
            return None
        xml = document_in(row.content)[1] if row.name.lower().endswith(".zip") else row.content
        verdict = verify_document(xml, self._roots(), row.kept_at)
        return _judged(verdict, self._told(row), row.kept_at)

    def ask(self, document_id: str) -> Verification:
        """公文書署名検証: e-Gov's own judgement of the same ZIP.

        Raises:
            BadInput: it is no ZIP. DoorFault: e-Gov could not be asked.
        """
        row = self._documents.get(document_id)
        if not row.name.lower().endswith(".zip"):
            raise BadInput("verify-zip", "e-Gov が確かめるのは、届いたままの ZIP です。")
        name, _ = document_in(row.content)
        inside = next(
            (e.name for e in read_archive(row.content) if e.name.rsplit("/", 1)[-1] == name), name
        )
        return self._egov().verify(row.name, row.content, inside)

    def _told(self, row: DocumentRow) -> str:
        """What the door said of a signature, where it lists this document."""
        if row.kind == LETTER:
            return next((d.sign for d in self._deliveries.rows() if d.document == row.id), "")
        if not row.filing_id:
            return ""
        decisions = [e for e in self._filings.events(row.filing_id) if e.kind == "decided"]
        for event in decisions:
            document = str(event.data.get("document", ""))
            if document == row.id or self._unpacked(document, row):
                return str(event.data.get("sign", ""))
        return ""

    def _unpacked(self, package: str, row: DocumentRow) -> bool:
        """Whether the XML `row` is the one inside the kept ZIP `package`."""
        if row.kind != "official-xml" or not package:
            return False
        try:
            return document_in(self._documents.get(package).content)[1] == row.content
        except Known:
            return False


def _judged(verdict: Verdict, told: str, then: datetime) -> Judged:
    if not verdict.signed:
        against = "e-Gov は「署名あり」と言っていますが、この文書に署名はありません。役所に確かめてください。"
        return Judged(False, (), told, against if told == "あり" else "")
    day = then.astimezone(JST)
    unchanged = Mark(
        "中身",
        verdict.unchanged,
        "署名したときのままです。"
        if verdict.unchanged
        else "".join(verdict.reasons) or "署名と文書が合いません。",
    )
    if not verdict.unchanged:
        words = "中身が署名と合わないので、確かめられません。"
        return Judged(
            True, (unchanged, Mark("証明書", None, words), Mark("期間", None, words)), told
        )
    trusted = (
        "認証局までたどれました。" if verdict.trusted else "ここにある認証局からは、たどれません。"
    )
    when = f"受け取った {day.year}年{day.month}月{day.day}日には、"
    in_date = "有効でした。" if verdict.in_date else "有効期間の外でした。"
    against = "e-Gov は「署名なし」と言っていますが、署名があります。" if told == "なし" else ""
    first, last = verdict.valid_from, verdict.valid_to
    valid = (
        f"{first.astimezone(JST):%Y-%m-%d} から {last.astimezone(JST):%Y-%m-%d}"
        if first and last
        else ""
    )
    return Judged(
        True,
        (
            unchanged,
            Mark("証明書", verdict.trusted, trusted),
            Mark("期間", verdict.in_date, f"{when}{in_date}"),
        ),
        told,
        against,
        verdict.signer,
        verdict.issuer,
        valid,
    )
