"""The proof of one filing written into a folder, from what the vault keeps of it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.errors import Known
from app.services.proof import ProofMatter, make_proof
from app.services.proof_pdf import proof_pdf
from app.store.documents import Documents
from app.store.filings import Filings

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


def write_proof(
    filings: Filings,
    documents: Documents,
    key: Ed25519PrivateKey,
    filing_id: str,
    folder: Path,
    now: datetime,
    fonts: Path,
) -> Path:
    """Writes the ZIP, signed with the vault's own `key`; gives its path.

    Raises:
        VaultFault: the chain of events is broken. Known: the folder cannot be written.
    """
    matter = _matter(filings, documents, filing_id, now, fonts)
    row = filings.get(filing_id)
    mark = "練習-" if row.practice else ""
    number = row.receipt_number or row.id
    path = folder / f"{mark}証明-{row.title}-{number}.zip"
    try:
        path.write_bytes(make_proof(matter, key))
    except OSError:
        raise Known(
            "proof-not-written",
            "証明ファイルを書けませんでした。空きと書き込みの許しを確かめて、別の場所を選んでください。",
        ) from None
    return path


def _matter(
    filings: Filings, documents: Documents, filing_id: str, now: datetime, fonts: Path
) -> ProofMatter:
    filings.verify_chain(filing_id)
    row, chain = filings.get(filing_id), filings.events(filing_id)
    events = [{**e.content(), "salt": e.salt, "digest": e.digest, "link": e.chain} for e in chain]
    receipt = {
        "number": row.receipt_number,
        "at": row.receipt_at.isoformat() if row.receipt_at else "",
        "answer": row.receipt,
    }
    kept = list(reversed(documents.list(filing_id)))
    redacted = filings.kept_apart(filing_id) is not None
    return ProofMatter(
        filing={**row.sealed(), "facts": len(row.facts), "stage": row.stage.value},
        facts=row.facts,
        receipt=receipt,
        events=events,
        envelope_name=row.envelope_name,
        envelope=filings.envelope(filing_id),
        documents=[
            (f"{n:02d}-{d.name}", documents.get(d.id).content) for n, d in enumerate(kept, start=1)
        ],
        pdf=proof_pdf(row, chain, kept, now, fonts, redacted=redacted),
        practice=row.practice,
        made_at=now.isoformat(),
        redacted=redacted,
    )
