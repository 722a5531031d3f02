"""The verdict on a signed official document (enveloped XMLDSig), in three parts.

Bytes unchanged, certificate trusted (its chain ends in a root we were given), in date then. Only
the signed node is handed on. Algorithms are pinned, one reference is taken, an ID that stands twice
is refused: a document that leaves this narrow shape counts as not verified.
"""

from __future__ import annotations

import base64
import binascii
import copy
import hashlib
import hmac
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from lxml import etree

from app.domain.errors import BadInput
from app.forms.xml_reader import read_xml

DS = "http://www.w3.org/2000/09/xmldsig#"
C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
C14N_COMMENTS = C14N + "#WithComments"
RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
ENVELOPED = DS + "enveloped-signature"
_CHAIN_LIMIT = 6
_CERTIFICATE_LIMIT = 10
_MINIMUM_RSA_BITS = 2048


class _NotVerified(Exception):
    """Why a signature does not verify, as a sentence."""


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
    except _NotVerified as fault:
        return Verdict(True, False, False, False, reasons=(str(fault),))
    leaf = certificates[0]
    chain, trusted = _chain(certificates, [_certificate(r) for r in roots])
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
        raise _NotVerified("署名が決まった場所に一つではありません。確かめられません。")
    if root.nsmap or any(str(name).startswith("{") for name in root.attrib):
        raise _NotVerified("文書の形が公文書の署名と合いません。確かめられません。")
    signature = signatures[0]
    info = _one(signature, "SignedInfo")
    if len(info.nsmap) != 1 or set(info.nsmap.values()) != {DS}:
        raise _NotVerified("署名の名前空間が決まりと合いません。確かめられません。")
    method = _algorithm(info, "CanonicalizationMethod", {C14N, C14N_COMMENTS})
    _algorithm(info, "SignatureMethod", {RSA_SHA256})
    node = _referenced(root, signature, info)
    certificates = _certificates(signature)
    key = certificates[0].public_key()
    if not isinstance(key, rsa.RSAPublicKey) or key.key_size < _MINIMUM_RSA_BITS:
        raise _NotVerified("署名の鍵が決まりと合いません。確かめられません。")
    value = _decoded(_one(signature, "SignatureValue"))
    signed_bytes = canonical(info, with_comments=method == C14N_COMMENTS)
    try:
        key.verify(value, signed_bytes, padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        raise _NotVerified("署名が合いません。文書か署名が変えられています。") from None
    return node, certificates


def canonical(element: etree._Element, *, with_comments: bool = False) -> bytes:
    """Inclusive C14N 1.0 of a detached copy; in place lxml would write stray xmlns="" (tried)."""
    detached = copy.deepcopy(element)
    detached.tail = None
    buffer = io.BytesIO()
    etree.ElementTree(detached).write_c14n(buffer, with_comments=with_comments)
    return buffer.getvalue()


def _referenced(root: etree._Element, signature: etree._Element, info: etree._Element) -> bytes:
    """The canonical bytes of the one node referred to, its digest checked."""
    reference = _one(info, "Reference")
    target = reference.get("URI", "")
    if not target.startswith("#") or len(target) < 2:
        raise _NotVerified("署名が指す場所が文書の中にありません。確かめられません。")
    named = [
        element
        for element in root.iter(etree.Element)
        for name, value in element.attrib.items()
        if str(name).lower() == "id" and value == target[1:]
    ]
    if len(named) != 1 or named[0].getparent() is not root or named[0] is signature:
        raise _NotVerified("署名が指す場所が一つに決まりません。確かめられません。")
    if named[0].nsmap:
        raise _NotVerified("文書の形が公文書の署名と合いません。確かめられません。")
    transforms = reference.findall(f"{{{DS}}}Transforms/{{{DS}}}Transform")
    methods = [t.get("Algorithm") for t in transforms]
    if methods not in ([ENVELOPED], [ENVELOPED, C14N]) or any(len(t) for t in transforms):
        raise _NotVerified("署名の計算のしかたが決まりと合いません。確かめられません。")
    _algorithm(reference, "DigestMethod", {SHA256})
    node = canonical(named[0])
    if not hmac.compare_digest(
        hashlib.sha256(node).digest(), _decoded(_one(reference, "DigestValue"))
    ):
        raise _NotVerified("文書が、署名のあとで変えられています。")
    return node


def _one(parent: etree._Element, name: str) -> etree._Element:
    found = parent.findall(f"{{{DS}}}{name}")
    if len(found) != 1:
        raise _NotVerified("署名の形が決まりと合いません。確かめられません。")
    return found[0]


def _algorithm(parent: etree._Element, name: str, allowed: set[str]) -> str:
    element = _one(parent, name)
    method = element.get("Algorithm", "")
    if method not in allowed or len(element):
        raise _NotVerified("署名の計算のしかたが決まりと合いません。確かめられません。")
    return method


def _decoded(element: etree._Element) -> bytes:
    try:
        return base64.b64decode("".join((element.text or "").split()), validate=True)
    except (binascii.Error, ValueError):
        raise _NotVerified("署名の値を読めません。確かめられません。") from None


def _certificates(signature: etree._Element) -> list[x509.Certificate]:
    found = signature.findall(f"{{{DS}}}KeyInfo/{{{DS}}}X509Data/{{{DS}}}X509Certificate")
    if not 1 <= len(found) <= _CERTIFICATE_LIMIT:
        raise _NotVerified("署名した人の証明書がありません。確かめられません。")
    try:
        return [x509.load_der_x509_certificate(_decoded(element)) for element in found]
    except ValueError:
        raise _NotVerified("署名した人の証明書を読めません。確かめられません。") from None


def _certificate(content: bytes) -> x509.Certificate:
    try:
        if content.lstrip().startswith(b"-----BEGIN"):
            return x509.load_pem_x509_certificate(content)
        return x509.load_der_x509_certificate(content)
    except ValueError:
        raise BadInput(
            "root-unread", "認証局の証明書を読めません。ファイルを確かめてください。"
        ) from None


def _chain(
    certificates: list[x509.Certificate], roots: list[x509.Certificate]
) -> tuple[list[x509.Certificate], bool]:
    """The signer's chain as far as it can be followed, and whether it ends in a trusted root."""
    chain = [certificates[0]]
    for _ in range(_CHAIN_LIMIT):
        last = chain[-1]
        if last in roots:
            return chain, True
        issuer = next(
            (c for c in (*roots, *certificates[1:]) if c not in chain and _issued(last, c)), None
        )
        if issuer is None:
            return chain, False
        chain.append(issuer)
    return chain, False


def _issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether `issuer` is a CA and signed `certificate`."""
    try:
        constraints = issuer.extensions.get_extension_for_class(x509.BasicConstraints).value
        if not constraints.ca:
            return False
        certificate.verify_directly_issued_by(issuer)
    except (InvalidSignature, ValueError, TypeError, x509.ExtensionNotFound):
        return False
    return True
