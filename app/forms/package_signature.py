"""The verdicts on the signatures of an e-Gov package: what was signed, by whom, and when it holds.

As for official documents: algorithms and references are pinned, an ID that stands twice is refused,
and only what was signed is handed on.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import quote

from cryptography import x509
from lxml import etree

from app.forms.signature_parts import (
    C14N,
    DS,
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
from app.forms.signing import CONFIGURATION, Files, listed_files
from app.forms.xml_reader import read_xml


@dataclass(frozen=True)
class PackageVerdict:
    """One signature of one kousei file: the three verdicts, the signed node and the signed files.

    `node` are the canonical bytes of 構成情報 and `signed` the names of the files whose bytes hold;
    None and () unless `unchanged`.
    """

    file_name: str
    unchanged: bool
    trusted: bool
    in_date: bool
    node: bytes | None = field(default=None, repr=False)
    signed: tuple[str, ...] = ()
    signer: str = ""
    reasons: tuple[str, ...] = ()


def verify_package(
    files: Files, roots: Sequence[bytes], at: datetime
) -> tuple[PackageVerdict, ...]:
    """A verdict for each signature in the package, in its order; () where nothing is signed.

    Raises:
        HostileXml: a kousei file is refused as XML.
    """
    bodies = {name.partition("/")[2]: body for name, body in files}
    trusted = [load_certificate(r) for r in roots]
    found: list[PackageVerdict] = []
    for name, body in bodies.items():
        if not (name.startswith("kousei") and name.endswith(".xml")):
            continue
        root = read_xml(body)
        found += [
            _verdict(name, root, signature, bodies, trusted, at)
            for signature in root.iter(f"{{{DS}}}Signature")
        ]
    return tuple(found)


def _verdict(
    name: str,
    root: etree._Element,
    signature: etree._Element,
    bodies: dict[str, bytes],
    roots: list[x509.Certificate],
    at: datetime,
) -> PackageVerdict:
    try:
        node, signed, certificates = _check(root, signature, bodies)
    except NotVerified as fault:
        return PackageVerdict(name, False, False, False, reasons=(str(fault),))
    chain, trusted = chain_of(certificates, roots)
    moment = at.astimezone(UTC)
    in_date = all(c.not_valid_before_utc <= moment <= c.not_valid_after_utc for c in chain)
    reasons = []
    if not trusted:
        reasons.append("署名した証明書を、ここにある認証局からたどれません。")
    if not in_date:
        reasons.append("署名した証明書の有効期間の外です。")
    signer = certificates[0].subject.rfc4514_string()
    return PackageVerdict(name, True, trusted, in_date, node, signed, signer, tuple(reasons))


def _check(
    root: etree._Element, signature: etree._Element, bodies: dict[str, bytes]
) -> tuple[bytes, tuple[str, ...], list[x509.Certificate]]:
    holder = signature.getparent()
    if holder is None or holder.tag != "署名情報" or holder.getparent() is not root:
        raise NotVerified("署名が決まった場所にありません。確かめられません。")
    if root.nsmap or len(root.findall("署名情報")) != 1:
        raise NotVerified("構成管理の形が決まりと合いません。確かめられません。")
    node = _signed_node(root)
    info = one(signature, "SignedInfo")
    if len(info.nsmap) != 1 or set(info.nsmap.values()) != {DS}:
        raise NotVerified("署名の名前空間が決まりと合いません。確かめられません。")
    method = algorithm(info, "CanonicalizationMethod", {C14N})
    algorithm(info, "SignatureMethod", {RSA_SHA256})
    references = info.findall(f"{{{DS}}}Reference")
    names = [listed.file_name for listed in listed_files(node)]
    expected = [f"#{quote(CONFIGURATION)}", *map(quote, names)]
    if [r.get("URI") for r in references] != expected or len(set(names)) != len(names):
        raise NotVerified("署名の範囲が、構成管理に書いてあるファイルと合いません。")
    signed_bytes = canonical(node)
    _digest(references[0], signed_bytes, [C14N])
    for reference, name in zip(references[1:], names, strict=True):
        if name not in bodies:
            raise NotVerified(f"署名したファイル「{name}」がありません。")
        _digest(reference, bodies[name], [])
    certificates = certificates_in(signature)
    check_value(signature, info, method, certificates[0].public_key())
    return signed_bytes, tuple(names), certificates


def _signed_node(root: etree._Element) -> etree._Element:
    """構成情報, when nothing else answers to its ID and no ID stands twice."""
    ids = [
        value
        for element in root.iter(etree.Element)
        for name, value in element.attrib.items()
        if str(name).rpartition("}")[2].lower() == "id"
    ]
    found = root.findall(CONFIGURATION)
    if len(ids) != len(set(ids)) or len(found) != 1 or found[0].get("ID") != CONFIGURATION:
        raise NotVerified("署名が指す場所が一つに決まりません。確かめられません。")
    if found[0].nsmap:
        raise NotVerified("構成管理の形が決まりと合いません。確かめられません。")
    return found[0]


def _digest(reference: etree._Element, content: bytes, transforms: list[str]) -> None:
    used = reference.findall(f"{{{DS}}}Transforms/{{{DS}}}Transform")
    if [t.get("Algorithm") for t in used] != transforms or any(len(t) for t in used):
        raise NotVerified("署名の計算のしかたが決まりと合いません。確かめられません。")
    algorithm(reference, "DigestMethod", {SHA256})
    if not hmac.compare_digest(
        hashlib.sha256(content).digest(), decoded(one(reference, "DigestValue"))
    ):
        raise NotVerified("署名したあとで、中身が変えられています。")
