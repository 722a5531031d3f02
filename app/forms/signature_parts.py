"""What making and judging an XML signature share: pinned algorithms, exact bytes, certificates."""

from __future__ import annotations

import base64
import binascii
import copy
import io

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from lxml import etree

from app.domain.errors import BadInput

DS = "http://www.w3.org/2000/09/xmldsig#"
C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
C14N_COMMENTS = C14N + "#WithComments"
RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
ENVELOPED = DS + "enveloped-signature"
_CHAIN_LIMIT = 6
_CERTIFICATE_LIMIT = 10
MINIMUM_RSA_BITS = 2048


class NotVerified(Exception):
    """Why a signature does not verify, as a sentence."""


def canonical(element: etree._Element, *, with_comments: bool = False) -> bytes:
    """Inclusive C14N 1.0 of a detached copy; in place lxml would write stray xmlns="" (tried)."""
    detached = copy.deepcopy(element)
    detached.tail = None
    buffer = io.BytesIO()
    etree.ElementTree(detached).write_c14n(buffer, with_comments=with_comments)
    return buffer.getvalue()


def one(parent: etree._Element, name: str) -> etree._Element:
    found = parent.findall(f"{{{DS}}}{name}")
    if len(found) != 1:
        raise NotVerified("署名の形が決まりと合いません。確かめられません。")
    return found[0]


def algorithm(parent: etree._Element, name: str, allowed: set[str]) -> str:
    element = one(parent, name)
    method = element.get("Algorithm", "")
    if method not in allowed or len(element):
        raise NotVerified("署名の計算のしかたが決まりと合いません。確かめられません。")
    return method


def decoded(element: etree._Element) -> bytes:
    try:
        return base64.b64decode("".join((element.text or "").split()), validate=True)
    except (binascii.Error, ValueError):
        raise NotVerified("署名の値を読めません。確かめられません。") from None


def certificates_in(signature: etree._Element) -> list[x509.Certificate]:
    found = signature.findall(f"{{{DS}}}KeyInfo/{{{DS}}}X509Data/{{{DS}}}X509Certificate")
    if not 1 <= len(found) <= _CERTIFICATE_LIMIT:
        raise NotVerified("署名した人の証明書がありません。確かめられません。")
    try:
        return [x509.load_der_x509_certificate(decoded(element)) for element in found]
    except ValueError:
        raise NotVerified("署名した人の証明書を読めません。確かめられません。") from None


def load_certificate(content: bytes) -> x509.Certificate:
    try:
        if content.lstrip().startswith(b"-----BEGIN"):
            return x509.load_pem_x509_certificate(content)
        return x509.load_der_x509_certificate(content)
    except ValueError:
        raise BadInput(
            "root-unread", "認証局の証明書を読めません。ファイルを確かめてください。"
        ) from None


def chain_of(
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


def check_value(signature: etree._Element, info: etree._Element, method: str, key: object) -> None:
    """That the signature's value is that of SignedInfo under `key`. Raises NotVerified."""
    if not isinstance(key, rsa.RSAPublicKey) or key.key_size < MINIMUM_RSA_BITS:
        raise NotVerified("署名の鍵が決まりと合いません。確かめられません。")
    value = decoded(one(signature, "SignatureValue"))
    signed_bytes = canonical(info, with_comments=method == C14N_COMMENTS)
    try:
        key.verify(value, signed_bytes, padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        raise NotVerified("署名が合いません。文書か署名が変えられています。") from None
