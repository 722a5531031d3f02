"""The verdict on a signed official document (enveloped XMLDSig), in three parts.

Bytes unchanged, certificate trusted (its chain ends in a root we were given), in date then. Only
the signed node is handed on. Algorithms are pinned, one reference is taken, an ID that stands twice
is refused: a document that leaves this narrow shape counts as not verified.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from cryptography import x509
from lxml import etree

from app.forms.signature_parts import (
    C14N,
    C14N_COMMENTS,
    DS,
    ENVELOPED,
    RSA_SHA256,
    SHA256,
    NotVerified,
    algorithm,
    canonical,
    certificates_in,
    chain_of,
    check_value,
    decoded,
    load_certificate,
    one,
)
from app.forms.xml_reader import read_xml

__all__ = ["DS", "Verdict", "canonical", "verify_document"]


@dataclass(frozen=True)
class Verdict:
    """What is known of a document's signature.

    `signed` whether it carries one at all; the three verdicts; `node` the canonical bytes of the
    signed node (None unless unchanged); `signer`, `issuer`, `serial`, `valid_from`, `valid_to` of
    the certificate; `reasons` sentences for each verdict that is no.
    """

    signed: bool
    unchanged: bool
    trusted: bool
    in_date: bool
    node: bytes | None = field(default=None, repr=False)
    signer: str = ""
    issuer: str = ""
    serial: str = ""
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    reasons: tuple[str, ...] = ()


def verify_document(content: bytes, roots: Sequence[bytes], at: datetime) -> Verdict:
    """The verdict on a signed document. `roots` are trusted certificates (DER or PEM); `at` is when.

    Raises:
        HostileXml: the XML itself is refused.
    """
    root = read_xml(content)
    signatures = list(root.iter(f"{{{DS}}}Signature"))
    if not signatures:
        return Verdict(False, False, False, False, reasons=("この文書に署名はありません。",))
    try:
        node, certificates = _check(root, signatures)
    except NotVerified as fault:
        return Verdict(True, False, False, False, reasons=(str(fault),))
    leaf = certificates[0]
    chain, trusted = chain_of(certificates, [load_certificate(r) for r in roots])
    moment = at.astimezone(UTC)
    in_date = all(c.not_valid_before_utc <= moment <= c.not_valid_after_utc for c in chain)
    reasons = []
    if not trusted:
        reasons.append("署名した証明書を、ここにある認証局からたどれません。")
    if not in_date:
        reasons.append("署名した証明書の有効期間の外です。")
    return Verdict(
        True, True, trusted, in_date, node, leaf.subject.rfc4514_string(),
        leaf.issuer.rfc4514_string(), f"{leaf.serial_number:x}", leaf.not_valid_before_utc,
        leaf.not_valid_after_utc, tuple(reasons),
    )  # fmt: skip


def _check(
    root: etree._Element, signatures: list[etree._Element]
) -> tuple[bytes, list[x509.Certificate]]:
    """The signed node's bytes and the certificates, the signer's first."""
    if len(signatures) != 1 or signatures[0].getparent() is not root:
        raise NotVerified("署名が決まった場所に一つではありません。確かめられません。")
    if root.nsmap or any(str(name).startswith("{") for name in root.attrib):
        raise NotVerified("文書の形が公文書の署名と合いません。確かめられません。")
    signature = signatures[0]
    info = one(signature, "SignedInfo")
    if len(info.nsmap) != 1 or set(info.nsmap.values()) != {DS}:
        raise NotVerified("署名の名前空間が決まりと合いません。確かめられません。")
    method = algorithm(info, "CanonicalizationMethod", {C14N, C14N_COMMENTS})
    algorithm(info, "SignatureMethod", {RSA_SHA256})
    node = _referenced(root, signature, info)
    certificates = certificates_in(signature)
    check_value(signature, info, method, certificates[0].public_key())
    return node, certificates


def _referenced(root: etree._Element, signature: etree._Element, info: etree._Element) -> bytes:
    """The canonical bytes of the one node referred to, its digest checked."""
    reference = one(info, "Reference")
    target = reference.get("URI", "")
    if not target.startswith("#") or len(target) < 2:
        raise NotVerified("署名が指す場所が文書の中にありません。確かめられません。")
    named = [
        element
        for element in root.iter(etree.Element)
        for name, value in element.attrib.items()
        if str(name).lower() == "id" and value == target[1:]
    ]
    if len(named) != 1 or named[0].getparent() is not root or named[0] is signature:
        raise NotVerified("署名が指す場所が一つに決まりません。確かめられません。")
    if named[0].nsmap:
        raise NotVerified("文書の形が公文書の署名と合いません。確かめられません。")
    transforms = reference.findall(f"{{{DS}}}Transforms/{{{DS}}}Transform")
    methods = [t.get("Algorithm") for t in transforms]
    if methods not in ([ENVELOPED], [ENVELOPED, C14N]) or any(len(t) for t in transforms):
        raise NotVerified("署名の計算のしかたが決まりと合いません。確かめられません。")
    algorithm(reference, "DigestMethod", {SHA256})
    node = canonical(named[0])
    if not hmac.compare_digest(
        hashlib.sha256(node).digest(), decoded(one(reference, "DigestValue"))
    ):
        raise NotVerified("文書が、署名のあとで変えられています。")
    return node
