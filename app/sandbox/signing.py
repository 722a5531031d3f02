"""Signatures of a package: what has to be signed, how often, and with which certificate.

標準形式 (e-Gov reference, 1.6): each Signature of 署名情報 covers 構成情報 and, byte for byte, every
application form and attachment. Algorithms are pinned; nothing but these references is taken.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import unquote

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from lxml import etree

from app.sandbox import xmldsig
from app.sandbox.findings import Finding

_DS = f"{{{xmldsig.DS}}}"
_BODY = "構成情報"
LEAST_BITS = 2048


@dataclass(frozen=True)
class SignatureRule:
    """What the door asks of the signatures of one package.

    `signers` is how many different certificates are wanted at least (0: a signature may be left
    out), `allowed` is false where none may be there, `issuer` is set where the certificate has to
    come from the town's authority, `stamp` is the town's time in seconds since 1970.
    """

    signers: int
    stamp: int
    issuer: x509.Certificate | None = None
    allowed: bool = True


def signatures(root: etree._Element) -> list[etree._Element]:
    """Every Signature of 署名情報."""
    return root.findall(f"署名情報/{_DS}Signature")


def check(
    root: etree._Element,
    files: dict[str, bytes],
    covered: set[str],
    rule: SignatureRule,
    file_name: str,
) -> Iterator[Finding]:
    """Every fault of the signatures of one configuration file; `covered` has to be signed."""

    def fault(sentence: str) -> Finding:
        return Finding(sentence, "署名情報", file_name)

    found = signatures(root)
    if found and not rule.allowed:
        yield fault("この手続では電子署名を付けられません。")
        return
    if not found and rule.signers:
        yield fault("構成管理XMLに署名がありません。")
        return
    ids = Counter(
        str(v) for e in root.iter() for k, v in e.attrib.items() if str(k).lower() == "id"
    )
    if any(count > 1 for count in ids.values()):
        yield fault("構成管理XML.署名情報に誤りがあります。同じIDが二つあります。")
        return
    owners, broken = set(), False
    for signature in found:
        try:
            certificate = _held(signature, root, files, covered)
            _certificate(certificate, rule)
        except xmldsig.BadSignature as bad:
            broken = True
            yield fault(f"構成管理XML.署名情報に誤りがあります。{bad}")
        else:
            owners.add(certificate.public_bytes(serialization.Encoding.DER))
    if rule.signers > len(owners) and not broken:
        yield fault(f"この手続には{rule.signers}人の電子署名が必要です。")


def _held(
    signature: etree._Element, root: etree._Element, files: dict[str, bytes], covered: set[str]
) -> x509.Certificate:
    """The certificate of a signature that holds over all it has to; raises BadSignature."""
    info = signature.find(f"{_DS}SignedInfo")
    body = root.find(_BODY)
    if info is None or body is None:
        raise xmldsig.BadSignature("署名の対象がありません。")
    method = info.find(f"{_DS}CanonicalizationMethod")
    if method is None or method.get("Algorithm") != xmldsig.C14N:
        raise xmldsig.BadSignature("正規化アルゴリズムが対象外です。")
    named = []
    for reference in info.findall(f"{_DS}Reference"):
        uri = unquote(reference.get("URI", ""))
        steps = [item.get("Algorithm") for item in reference.iter(f"{_DS}Transform")]
        if uri.startswith("#") and (uri != f"#{_BODY}" or steps != [xmldsig.C14N]):
            raise xmldsig.BadSignature("署名の対象に誤りがあります。")
        named.append(uri)
    if len(set(named)) != len(named):
        raise xmldsig.BadSignature("同じ対象が二度署名されています。")
    missing = sorted(({f"#{_BODY}"} | covered) - set(named))
    if missing:
        raise xmldsig.BadSignature(f"署名の対象が足りません：{'、'.join(missing)}")
    return xmldsig.verify(signature, {_BODY: body}, files)[0]


def _certificate(certificate: x509.Certificate, rule: SignatureRule) -> None:
    """Raises BadSignature for a certificate the door does not take."""
    size = getattr(certificate.public_key(), "key_size", 0)
    if size < LEAST_BITS:
        raise xmldsig.BadSignature("証明書の鍵が短すぎます。")
    now = datetime.fromtimestamp(rule.stamp, UTC)
    if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
        raise xmldsig.BadSignature("証明書の有効期間外です。")
    if rule.issuer is not None and not _issued(certificate, rule.issuer):
        raise xmldsig.BadSignature("証明書が練習の町の認証局の発行したものではありません。")


def _issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True
