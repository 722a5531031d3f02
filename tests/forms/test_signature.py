"""The verdict on a signed official document, judged by the real sample and by xmlsec1."""

from __future__ import annotations

import base64
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from lxml import etree

from app.domain.errors import BadInput
from app.forms.signature import DS, Verdict, canonical, verify_document

IN_DATE = datetime(2018, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def real(shared: Path) -> bytes:
    folder = shared / "samples" / "egov" / "koubunsho" / "verify_officialdocument"
    return (folder / "0000-API-002.xml").read_bytes()


@pytest.fixture(scope="module")
def real_root(real: bytes) -> bytes:
    certificates = etree.fromstring(real).findall(f".//{{{DS}}}X509Certificate")
    return base64.b64decode("".join((certificates[1].text or "").split()))


def test_the_real_document(real: bytes, real_root: bytes) -> None:
    verdict = verify_document(real, [real_root], IN_DATE)
    assert (verdict.signed, verdict.unchanged, verdict.trusted, verdict.in_date) == (True,) * 4
    assert "testEE 01A" in verdict.signer
    assert verdict.node is not None
    assert verdict.node.startswith(b'<BODY ID="DOCBODY">')
    assert b"Signature" not in verdict.node
    assert verdict.reasons == ()


def test_the_three_verdicts_are_apart(real: bytes, real_root: bytes) -> None:
    def three(v: Verdict) -> tuple[bool, bool, bool]:
        return v.unchanged, v.trusted, v.in_date

    assert three(verify_document(real, [], IN_DATE)) == (True, False, True)
    late = datetime(2026, 7, 3, tzinfo=UTC)
    assert three(verify_document(real, [real_root], late)) == (True, True, False)
    changed = real.replace("安部".encode(), "阿部".encode())
    assert three(verify_document(changed, [real_root], IN_DATE)) == (False, False, False)
    stranger = _certificate("Other CA", _key(), ca=True)
    assert three(verify_document(real, [_der(stranger)], IN_DATE)) == (True, False, True)


def test_xmlsec1_says_the_same(real: bytes, tmp_path: Path) -> None:
    if shutil.which("xmlsec1") is None:
        pytest.skip("xmlsec1 is not installed")
    for content in (real, real.replace("安部".encode(), "阿部".encode()), signed_document()):
        path = tmp_path / "document.xml"
        path.write_bytes(content)
        judged = subprocess.run(
            ["xmlsec1", "--verify", "--insecure", "--id-attr:ID", "BODY", str(path)],
            capture_output=True, check=False,
        )  # fmt: skip
        assert verify_document(content, [], IN_DATE).unchanged == (judged.returncode == 0)


# documents signed here, so that each rule can be broken alone


_KEY: list[rsa.RSAPrivateKey] = []


def _key() -> rsa.RSAPrivateKey:
    if not _KEY:
        _KEY.append(rsa.generate_private_key(public_exponent=65537, key_size=2048))
    return _KEY[0]


def _certificate(
    name: str, key: rsa.RSAPrivateKey, *, ca: bool, issuer: x509.Certificate | None = None
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(IN_DATE - timedelta(days=1))
        .not_valid_after(IN_DATE + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    )
    return builder.sign(key, hashes.SHA256())


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)


TEMPLATE = (
    '<DOC VERSION="1.0"><BODY ID="DOCBODY"><TITLE>通知</TITLE></BODY>'
    f'<Signature xmlns="{DS}"><SignedInfo>'
    '<CanonicalizationMethod Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315"/>'
    '<SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/>'
    '<Reference URI="#DOCBODY"><Transforms>'
    f'<Transform Algorithm="{DS}enveloped-signature"/></Transforms>'
    '<DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>'
    "<DigestValue>%DIGEST%</DigestValue></Reference></SignedInfo>"
    "<SignatureValue>%VALUE%</SignatureValue>"
    "<KeyInfo><X509Data>%CERTIFICATES%</X509Data></KeyInfo></Signature></DOC>"
)


def signed_document(
    edit: Callable[[str], str] = lambda text: text,
    certificates: list[x509.Certificate] | None = None,
) -> bytes:
    """A document signed as the agencies sign, its template edited before it is signed."""
    from cryptography.hazmat.primitives.asymmetric import padding

    held = certificates or [_certificate("Office", _key(), ca=False)]
    text = edit(TEMPLATE).replace(
        "%CERTIFICATES%",
        "".join(
            f"<X509Certificate>{base64.b64encode(_der(c)).decode()}</X509Certificate>" for c in held
        ),
    )
    tree = etree.fromstring(text)
    body = tree.find(".//*[@ID='DOCBODY']")
    assert body is not None
    digest = hashes.Hash(hashes.SHA256())
    digest.update(canonical(body))
    text = text.replace("%DIGEST%", base64.b64encode(digest.finalize()).decode())
    info = etree.fromstring(text).find(f"{{{DS}}}Signature/{{{DS}}}SignedInfo")
    value = b""
    if info is not None:
        value = _key().sign(canonical(info), padding.PKCS1v15(), hashes.SHA256())
    return text.replace("%VALUE%", base64.b64encode(value).decode()).encode()


def test_a_document_signed_here_verifies_and_chains_to_its_root() -> None:
    root = _certificate("Root", _key(), ca=True)
    middle = _certificate("Middle", _key(), ca=True, issuer=root)
    leaf = _certificate("Office", _key(), ca=False, issuer=middle)
    content = signed_document(certificates=[leaf, middle])
    verdict = verify_document(content, [_der(root)], IN_DATE)
    assert (verdict.unchanged, verdict.trusted, verdict.in_date) == (True, True, True)
    pem = root.public_bytes(serialization.Encoding.PEM)
    assert verify_document(content, [pem], IN_DATE).trusted
    assert not verify_document(content, [_der(leaf)][:0], IN_DATE).trusted


def test_an_end_certificate_cannot_issue() -> None:
    root = _certificate("Root", _key(), ca=True)
    not_ca = _certificate("Middle", _key(), ca=False, issuer=root)
    leaf = _certificate("Office", _key(), ca=False, issuer=not_ca)
    content = signed_document(certificates=[leaf, not_ca])
    assert not verify_document(content, [_der(root)], IN_DATE).trusted


@pytest.mark.parametrize(
    "edit",
    [
        lambda t: t.replace("#rsa-sha256", "#rsa-sha1"),
        lambda t: t.replace("xmldsig-more#rsa-sha256", "xmldsig-more#hmac-sha256"),
        lambda t: t.replace("xmlenc#sha256", "xmlenc#sha512"),
        lambda t: t.replace("REC-xml-c14n-20010315", "10/xml-exc-c14n#"),
        lambda t: t.replace("enveloped-signature", "base64"),
        lambda t: t.replace(
            "</Transforms>",
            '<Transform Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116"/></Transforms>',
        ),
        lambda t: t.replace('URI="#DOCBODY"', 'URI=""'),
        lambda t: t.replace('URI="#DOCBODY"', 'URI="http://127.0.0.1:1/"'),
        lambda t: t.replace("</BODY>", '</BODY><BODY ID="DOCBODY"><TITLE>偽</TITLE></BODY>'),
        lambda t: t.replace("</BODY>", '</BODY><EXTRA id="DOCBODY"/>'),
        lambda t: t.replace("<BODY ", "<WRAP><BODY ").replace("</BODY>", "</BODY></WRAP>"),
        lambda t: t.replace("<DOC ", '<DOC xmlns:e="urn:e" '),
        lambda t: t.replace("</SignedInfo>", "<Reference/></SignedInfo>"),
        lambda t: t.replace("</DOC>", f'<Signature xmlns="{DS}"/></DOC>'),
        lambda t: t.replace("%CERTIFICATES%", ""),
        lambda t: t.replace(
            "%CERTIFICATES%", "<X509Certificate>AAAA</X509Certificate>"
        ),
    ],
)  # fmt: skip
def test_a_document_outside_the_narrow_shape_is_not_verified(edit: Callable[[str], str]) -> None:
    verdict = verify_document(signed_document(edit), [], IN_DATE)
    assert verdict.signed
    assert not verdict.unchanged
    assert verdict.node is None
    assert verdict.reasons


def test_a_wrapped_copy_is_not_handed_on() -> None:
    """The signed body moved aside and a forged one put in its place (signature wrapping)."""
    good = signed_document().decode()
    body = good[good.index("<BODY") : good.index("</BODY>") + 7]
    forged = good.replace(body, "<BODY><TITLE>偽の通知</TITLE></BODY>").replace(
        "</KeyInfo>", f"</KeyInfo><Object>{body}</Object>"
    )
    verdict = verify_document(forged.encode(), [], IN_DATE)
    assert not verdict.unchanged
    assert verdict.node is None


def test_a_document_without_a_signature_says_so(shared: Path) -> None:
    path = shared / "samples" / "egov" / "koubunsho" / "officialdocument" / "0000-API-001.xml"
    verdict = verify_document(path.read_bytes(), [], IN_DATE)
    assert not verdict.signed
    assert verdict.reasons == ("この文書に署名はありません。",)


def test_an_unreadable_root_is_a_plain_sentence(real: bytes) -> None:
    with pytest.raises(BadInput, match="root-unread"):
        verify_document(real, [b"not a certificate"], IN_DATE)
