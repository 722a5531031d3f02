"""Official documents by the rules of their procedure: found in the ZIP, verified, read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from app.domain.errors import BadInput, Known
from app.facts.paths import fill
from app.facts.record import Value
from app.forms.archive import read_archive
from app.forms.official import DocumentRules, OfficialDocument, read_document
from app.forms.signature import Verdict, verify_document


@dataclass(frozen=True)
class DecidedValue:
    """One value an official document decided; `path` is "" where no fact takes it.

    `field` is the field of the form it answers to, "" where there is none.
    """

    label: str
    path: str
    value: Value
    source_text: str
    field: str = ""


@dataclass(frozen=True)
class ReadDocument:
    """An official document as the reader of its procedure understood it.

    `verdict` is the sentence about its signature; `missing` are labels that were expected and not
    there; `xml_name` and `xml` the document itself inside the ZIP; `decided_on` the day from which
    what it decides holds, None where it tells none.
    """

    xml_name: str
    xml: bytes = field(repr=False)
    verdict: str
    decided: tuple[DecidedValue, ...]
    missing: tuple[str, ...] = ()
    decided_on: date | None = None


def read_official(
    zip_bytes: bytes,
    rules: DocumentRules | None,
    scope: str,
    roots: Sequence[bytes],
    at: datetime,
) -> ReadDocument:
    """Finds the document in the ZIP, judges its signature and reads what it decides.

    Of a signed document only the signed node is read; one whose bytes were changed decides nothing.
    `scope` is the member the filing is about, e.g. "employees[k3x9]", or "".

    Raises:
        Known: the ZIP or the document is refused, or the ZIP holds no document.
    """
    name, content = found_document(zip_bytes)
    verdict = verify_document(content, roots, at)
    broken = verdict.signed and not verdict.unchanged
    node = verdict.node if verdict.node is not None else content
    document = read_document(node, None if broken else rules)
    decided = tuple(
        DecidedValue(
            d.label,
            fill(d.fact_path, scope) if d.fact_path else "",
            d.value,
            d.source_text,
            d.field_id,
        )
        for d in document.decided
    )
    uncertain = (*document.missing, *(label for label, _ in document.doubtful))
    sentence = verdict_sentence(verdict)
    return ReadDocument(name, content, sentence, decided, uncertain, document.decided_on)


def document_text(name: str, content: bytes, roots: Sequence[bytes], at: datetime) -> str:
    """A kept document as plain text for reading: the XML of a 公文書, a text file, a ZIP's document.

    Raises:
        Known: it cannot be shown as text.
    """
    if name.lower().endswith(".zip"):
        name, content = found_document(content)
    if name.lower().endswith(".xml"):
        verdict = verify_document(content, roots, at)
        read = read_document(verdict.node if verdict.node is not None else content)
        return f"{read.text}\n\n{verdict_sentence(verdict)}\n"
    if name.lower().endswith(".txt"):
        return content.decode("utf-8", "replace")
    raise BadInput(
        "document-no-text", "この書類は、ここでは読めません。「保存」で取り出してください。"
    )


def verdict_sentence(verdict: Verdict) -> str:
    """The three verdicts on a signature in one sentence."""
    if not verdict.signed:
        return "署名はありません。"
    if not verdict.unchanged:
        return "".join(verdict.reasons) or "署名と文書が合いません。役所に確かめてください。"
    parts = [
        "署名を確かめ、変わっていません。",
        "証明書はたどれました。"
        if verdict.trusted
        else "証明書の認証局は、ここでは確かめられません。",
        "有効期間の中です。" if verdict.in_date else "いまは証明書の有効期間の外です。",
    ]
    return "".join(parts)


def found_document(zip_bytes: bytes) -> tuple[str, bytes]:
    """The XML of the 公文書 in a ZIP: its name and bytes. Raises Known: refused, or none is there."""
    fault: Known | None = None
    for entry in read_archive(zip_bytes):
        if not entry.name.lower().endswith(".xml"):
            continue
        try:
            found: OfficialDocument = read_document(entry.content)
        except Known as refused:
            fault = refused
            continue
        if found.title or found.paragraphs:
            return entry.name.rsplit("/", 1)[-1], entry.content
    raise fault or BadInput(
        "document-none", "届いた ZIP に公文書が見つかりません。書類庫から取り出して見てください。"
    )
