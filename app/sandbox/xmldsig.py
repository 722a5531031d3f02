"""XML signatures: the enveloped one of an official document, and the checks of both real kinds.

e-Gov reference, section 1.6. Canonical forms are made from a detached deep copy: lxml would write
xmlns="" into children of an element that still stands in its tree.
"""

from __future__ import annotations

import base64
import copy
import hashlib
import io
from collections.abc import Mapping
from urllib.parse import unquote

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from lxml import etree

from app.sandbox.keys import Pair

DS = "http://www.w3.org/2000/09/xmldsig#"
C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
C14N_COMMENTS = f"{C14N}#WithComments"
RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
ENVELOPED = f"{DS}enveloped-signature"


class BadSignature(Exception):
    """A signature that does not hold, with the reason."""


def canonical(element: etree._Element, *, comments: bool) -> bytes:
    """Inclusive canonical XML of one element."""
    alone = copy.deepcopy(element)
    alone.tail = None
    buffer = io.BytesIO()
    etree.ElementTree(alone).write_c14n(buffer, with_comments=comments)
    return buffer.getvalue()


def sign_document(doc: etree._Element, signer: Pair, authority: Pair) -> None:
    """Add the signature of an official document (DOC with BODY ID="DOCBODY") to `doc`."""
    body = doc.find("BODY")
    if body is None:
        raise ValueError("an official document needs a BODY")
    digest = base64.b64encode(hashlib.sha256(canonical(body, comments=False)).digest())
    signature = etree.SubElement(doc, f"{{{DS}}}Signature", nsmap={None: DS})  # type: ignore[dict-item]
    info = etree.SubElement(signature, f"{{{DS}}}SignedInfo")
    _algorithm(info, "CanonicalizationMethod", C14N_COMMENTS)
    _algorithm(info, "SignatureMethod", RSA_SHA256)
    reference = etree.SubElement(info, f"{{{DS}}}Reference", URI="#DOCBODY")
    _algorithm(etree.SubElement(reference, f"{{{DS}}}Transforms"), "Transform", ENVELOPED)
    _algorithm(reference, "DigestMethod", SHA256)
    etree.SubElement(reference, f"{{{DS}}}DigestValue").text = digest.decode("ascii")
    raw = signer.key.sign(canonical(info, comments=True), padding.PKCS1v15(), hashes.SHA256())
    value = etree.SubElement(signature, f"{{{DS}}}SignatureValue")
    value.text = base64.b64encode(raw).decode("ascii")
    key_info = etree.SubElement(signature, f"{{{DS}}}KeyInfo")
    data = etree.SubElement(key_info, f"{{{DS}}}X509Data")
    for pair in (signer, authority):
        etree.SubElement(data, f"{{{DS}}}X509Certificate").text = pair.certificate_base64


def _algorithm(parent: etree._Element, name: str, uri: str) -> None:
    etree.SubElement(parent, f"{{{DS}}}{name}", Algorithm=uri)


def verify(
    signature: etree._Element, elements: Mapping[str, etree._Element], files: Mapping[str, bytes]
) -> list[x509.Certificate]:
    """The certificates of a signature that holds over `elements` (by ID) and `files` (by name).

    Raises BadSignature. Only the algorithms the real door uses are taken.
    """
    info = signature.find(f"{{{DS}}}SignedInfo")
    if info is None or _uri(info, "SignatureMethod") != RSA_SHA256:
        raise BadSignature("署名アルゴリズムが対象外です。")
    method = _uri(info, "CanonicalizationMethod")
    if method not in (C14N, C14N_COMMENTS):
        raise BadSignature("正規化アルゴリズムが対象外です。")
    references = info.findall(f"{{{DS}}}Reference")
    if not references:
        raise BadSignature("署名の対象がありません。")
    for reference in references:
        _check_reference(reference, elements, files)
    certificates = _certificates(signature)
    key = certificates[0].public_key()
    if not isinstance(key, RSAPublicKey):
        raise BadSignature("証明書の鍵が対象外です。")
    value = _decoded(signature.findtext(f"{{{DS}}}SignatureValue", ""))
    signed = canonical(info, comments=method == C14N_COMMENTS)
    try:
        key.verify(value, signed, padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        raise BadSignature("署名値が一致しません。") from None
    return certificates


def _check_reference(
    reference: etree._Element, elements: Mapping[str, etree._Element], files: Mapping[str, bytes]
) -> None:
    uri = unquote(reference.get("URI", ""))
    if _uri(reference, "DigestMethod") != SHA256:
        raise BadSignature("ハッシュアルゴリズムが対象外です。")
    transforms = [item.get("Algorithm") for item in reference.iter(f"{{{DS}}}Transform")]
    if uri.startswith("#"):
        element = elements.get(uri[1:])
        if element is None or not set(transforms) <= {ENVELOPED, C14N, C14N_COMMENTS}:
            raise BadSignature("署名の対象が見つかりません。")
        data = canonical(element, comments=C14N_COMMENTS in transforms)
    else:
        found = files.get(uri)
        if found is None or transforms:
            raise BadSignature("署名の対象のファイルが見つかりません。")
        data = found
    wanted = _decoded(reference.findtext(f"{{{DS}}}DigestValue", ""))
    if hashlib.sha256(data).digest() != wanted:
        raise BadSignature("署名の対象が改変されています。")


def _certificates(signature: etree._Element) -> list[x509.Certificate]:
    texts = [item.text or "" for item in signature.iter(f"{{{DS}}}X509Certificate")]
    try:
        found = [x509.load_der_x509_certificate(_decoded(text)) for text in texts]
    except ValueError:
        raise BadSignature("証明書を読めません。") from None
    if not found:
        raise BadSignature("証明書がありません。")
    return found


def _uri(parent: etree._Element, name: str) -> str:
    element = parent.find(f"{{{DS}}}{name}")
    return "" if element is None else element.get("Algorithm", "")


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except ValueError:
        raise BadSignature("署名の値を読めません。") from None
