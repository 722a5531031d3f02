"""Official documents by the rules of their procedure: found in the ZIP, verified, read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from app.domain.clock import JST
from app.domain.errors import BadInput, Known
from app.facts.paths import fill
from app.facts.record import Origin, Record, Value, encode_value
from app.forms.archive import read_archive
from app.forms.official import DocumentRules, OfficialDocument, read_document
from app.forms.signature import Verdict, verify_document
from app.store.rows import DocumentRow, NewEvent


@dataclass(frozen=True)
class DecidedValue:
    """One value an official document decided; `path` is "" where no fact takes it.

    `field` is the field of the form it answers to, "" where there is none; `valid_from` the day from
    which it holds, None where that is the day of the decision. `origin` is `filing` for what the
    filing told and the document only confirms (a 報酬月額).
    """

    label: str
    path: str
    value: Value
    source_text: str
    field: str = ""
    valid_from: date | None = None
    origin: Origin = Origin.DOCUMENT


@dataclass(frozen=True)
class ReadDocument:
    """An official document as the reader of its procedure understood it.

    `verdict` is the sentence about its signature; `missing` are labels that were expected and not
    there; `xml_name` and `xml` the document itself inside the ZIP; `decided_on` the day from which
    what it decides holds, None where it tells none. `people` counts whom it decides about where it is
    about many: then it is compared person by person, and its event does not list the values.
    """

    xml_name: str
    xml: bytes = field(repr=False)
    verdict: str
    decided: tuple[DecidedValue, ...]
    missing: tuple[str, ...] = ()
    decided_on: date | None = None
    people: int = 0


class ManyDecided(NamedTuple):
    """What a document decides about many people: values of theirs, doubts as sentences, how many."""

    values: tuple[DecidedValue, ...]
    doubts: tuple[str, ...]
    people: int
    decided_on: date | None


Many = Callable[[OfficialDocument], ManyDecided | None]
"""Reads a document that decides about many people; None for any other; raises Known."""


def read_official(
    zip_bytes: bytes,
    rules: DocumentRules | None,
    scope: str,
    roots: Sequence[bytes],
    at: datetime,
    many: Many = lambda _document: None,
) -> ReadDocument:
    """Finds the document in the ZIP, judges its signature and reads what it decides.

    Of a signed document only the signed node is read; one whose bytes were changed decides nothing.
    `scope` is the member the filing is about, e.g. "employees[k3x9]", or "".

    Raises:
        Known: the ZIP or the document is refused, or the ZIP holds no document.
    """
    name, content = document_in(zip_bytes)
    verdict = verify_document(content, roots, at)
    broken = verdict.signed and not verdict.unchanged
    node = verdict.node if verdict.node is not None else content
    document = read_document(node, None if broken else rules)
    told = None if broken else many(document)
    if told is not None:
        return ReadDocument(
            name, content, verdict_sentence(verdict), told.values, told.doubts, told.decided_on,
            told.people,
        )  # fmt: skip
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
        name, content = document_in(content)
    if name.lower().endswith(".xml"):
        verdict = verify_document(content, roots, at)
        read = read_document(verdict.node if verdict.node is not None else content)
        return f"{read.text}\n\n{verdict_sentence(verdict)}\n"
    if name.lower().endswith(".txt"):
        return content.decode("utf-8", "replace")
    raise BadInput(
        "document-no-text", "この書類は、ここでは読めません。「保存」で取り出してください。"
    )


def records_decided(
    read: ReadDocument, document: DocumentRow, filing_id: str, now: datetime
) -> tuple[Record, ...]:
    """What a kept document decides as records, true from the day of the decision.

    A letter may be read days after it was written; only where it tells no day does that of the
    reading (`now`) stand in.
    """
    return tuple(
        Record(
            path=d.path,
            value=d.value,
            origin=d.origin,
            recorded_at=now,
            source_text=d.source_text,
            locator={
                "document": document.id,
                "file": read.xml_name,
                "sha256": document.sha256,
                "label": d.label,
                "filing": filing_id,
            },
            valid_from=d.valid_from or read.decided_on or now.astimezone(JST).date(),
            confirmed_by="公文書",
            confirmed_at=now,
        )
        for d in read.decided
        if d.path
    )


def decided_event(
    title: str,
    verdict: str,
    document_id: str,
    sub: str,
    read: ReadDocument | None = None,
    *,
    sign: str = "",
) -> NewEvent:
    """The event that says a document came, and what it decided.

    `sub` is the door's number of it, `sign` the door's word on its signature (あり, なし).
    """
    decided = read.decided if read else ()
    values = [
        {
            "label": d.label,
            "path": d.path,
            "value": encode_value(d.value),
            "text": d.source_text,
            "field": d.field,
        }
        for d in decided
    ]
    people = read.people if read else 0
    return NewEvent(
        "decided",
        "決定。公文書が届きました" if decided else "公文書が届きました",
        f"{title}。{verdict}",
        {
            "sub": sub,
            "sign": sign,
            "document": document_id,
            "missing": list(read.missing) if read else [],
            "values": [] if people else values,
            **({"people": people} if people else {}),
        },
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


def document_in(zip_bytes: bytes) -> tuple[str, bytes]:
    """The name and bytes of the official document in a ZIP. Raises Known where there is none."""
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
