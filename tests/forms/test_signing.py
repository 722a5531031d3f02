"""Signed packages, judged by a verifier written here, by xmlsec1, and by our own verification."""

from __future__ import annotations

import base64
import copy
import hashlib
import os
import pickle
import re
import shutil
import subprocess
import xml.etree.ElementTree as Plain
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from customer import PASSWORD, SIGNED_AT, customer, customer_key, pkcs12_file
from lxml import etree

from app.domain.errors import BadInput
from app.domain.filing import Capacity
from app.forms import signing
from app.forms.certificate import (
    identity_of,
    read_pkcs12,
    refuse_out_of_date,
    signer_from_vault,
)
from app.forms.draft import Draft
from app.forms.envelope import read_package
from app.forms.package_signature import verify_package
from app.forms.payload import Attachment, Submission, build_package
from app.forms.signature_parts import DS
from app.forms.signing import INDIVIDUAL, STANDARD, Files, sign_package, signed

PROC = "900A010200001000"
FORM = "900A01020000100001_01.xml"


@pytest.fixture(scope="module")
def package(shared: Path) -> Files:
    """A package of real samples: configuration file, form, attachment."""
    samples = shared / "samples" / "egov"
    kousei = (samples / "kousei" / f"apply_{PROC}_base_kousei.xml").read_bytes()
    form = (samples / "shinseisho" / FORM).read_bytes()
    return (
        (f"{PROC}/kousei.xml", kousei),
        (f"{PROC}/{FORM}", form),
        (f"{PROC}/tenpu.txt", b"tenpu\r\n\xff"),
    )


def independently_verified(name: str, bodies: dict[str, bytes]) -> list[str]:
    """A verifier that shares nothing with the program: text slices, Python's own C14N, RSA.

    Gives the file names each signature covers; raises AssertionError or InvalidSignature.
    """
    text = bodies[name].decode("utf-8")
    configuration = re.search(r"<構成情報 .*</構成情報>", text, re.S)
    assert configuration is not None
    assert 'ID="構成情報"' in configuration[0]
    found: list[str] = []
    for signature in re.findall(r"<Signature .*?</Signature>", text, re.S):
        inner = re.search(r"<SignedInfo>(.*)</SignedInfo>", signature, re.S)
        assert inner is not None
        info = Plain.canonicalize(f'<SignedInfo xmlns="{DS}">{inner[1]}</SignedInfo>')
        pick = lambda tag, s=signature: re.findall(f"<{tag}>(.*?)</{tag}>", s)[0]  # noqa: E731
        own = x509.load_der_x509_certificate(base64.b64decode(pick("X509Certificate")))
        key = own.public_key()
        assert isinstance(key, rsa.RSAPublicKey)
        value = base64.b64decode(pick("SignatureValue"))
        key.verify(value, info.encode(), padding.PKCS1v15(), hashes.SHA256())
        references = re.findall(
            r'<Reference URI="([^"]*)">(.*?)<DigestValue>(.*?)</DigestValue>', inner[1]
        )
        uri, transform, digest = references[0]
        assert uri == "#%E6%A7%8B%E6%88%90%E6%83%85%E5%A0%B1"
        assert "http://www.w3.org/TR/2001/REC-xml-c14n-20010315" in transform
        exact = Plain.canonicalize(configuration[0]).encode()
        assert base64.b64encode(hashlib.sha256(exact).digest()).decode() == digest
        for uri, transform, digest in references[1:]:
            assert "Transform" not in transform
            body = bodies[unquote(uri)]
            assert base64.b64encode(hashlib.sha256(body).digest()).decode() == digest
            found.append(unquote(uri))
    return found


def bare(files: Files) -> dict[str, bytes]:
    return {name.partition("/")[2]: body for name, body in files}


def test_standard_form_is_that_of_the_reference(package: Files) -> None:
    files = sign_package(package, STANDARD, customer(), SIGNED_AT)
    assert [n for n, _ in files] == [n for n, _ in package]
    assert files[1:] == package[1:], "only kousei.xml changes"
    root = etree.fromstring(bare(files)["kousei.xml"])
    assert [e.tag for e in root][3:] == ["構成情報", "署名情報"]
    signature = root.find(f"署名情報/{{{DS}}}Signature")
    assert signature is not None
    assert signature.get("Id") == "20260703134227"
    algorithms = [e.get("Algorithm") for e in signature.iter(etree.Element) if e.get("Algorithm")]
    assert algorithms == [
        "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
        "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
        *["http://www.w3.org/2001/04/xmlenc#sha256"] * 3,
    ]
    assert independently_verified("kousei.xml", bare(files)) == [FORM, "tenpu.txt"]
    (verdict,) = verify_package(files, [customer().certificates[0]], SIGNED_AT)
    assert (verdict.unchanged, verdict.trusted, verdict.in_date) == (True, True, True)
    assert verdict.signed == (FORM, "tenpu.txt")
    assert verdict.node is not None
    assert verdict.node.startswith("<構成情報 ID=".encode())


def test_the_signature_stands_before_the_rest(shared: Path) -> None:
    """署名情報 comes after 構成情報 and before その他 (納付関連情報)."""
    samples = shared / "samples" / "egov"
    kousei = (samples / "kousei" / "900A010002008000_base_kousei.xml").read_bytes()
    form = (samples / "shinseisho" / "900A01000200800001_01.xml").read_bytes()
    files = (("p/kousei.xml", kousei), ("p/900A01000200800001_01.xml", form))
    done = sign_package(files, STANDARD, customer(), SIGNED_AT)
    tags = [e.tag for e in etree.fromstring(done[0][1])]
    assert tags[-3:] == ["構成情報", "署名情報", "その他"]
    assert independently_verified("kousei.xml", bare(done)) == ["900A01000200800001_01.xml"]


def test_a_second_person_signs_beside_the_first(package: Files) -> None:
    once = sign_package(package, STANDARD, customer(), SIGNED_AT)
    twice = sign_package(once, STANDARD, customer("佐野 茜"), SIGNED_AT)
    root = etree.fromstring(twice[0][1])
    assert len(root.findall("署名情報")) == 1
    ids = [s.get("Id") for s in root.iter(f"{{{DS}}}Signature")]
    assert ids == ["20260703134227", "20260703134228"]
    assert independently_verified("kousei.xml", bare(twice)) == [FORM, "tenpu.txt"] * 2
    assert [v.unchanged for v in verify_package(twice, [], SIGNED_AT)] == [True, True]


def test_individual_form(package: Files) -> None:
    files = sign_package(package, INDIVIDUAL, customer(), SIGNED_AT)
    bodies = bare(files)
    first, second = "kousei20260703134227123.xml", "kousei20260703134227124.xml"
    assert list(bodies) == ["kousei.xml", first, second, FORM, "tenpu.txt"]
    main = etree.fromstring(bodies["kousei.xml"])
    assert main.find("署名情報") is None
    assert main.find("構成情報/申請書属性情報") is None
    title = "ＡＰＩテスト用手続（労働保険関係手続）（通）０００１＿０１"
    listed = [
        (e.findtext("添付書類名称"), e.findtext("添付書類ファイル名称"))
        for e in main.findall("構成情報/添付書類属性情報")
    ]
    assert listed == [
        (f"{title}の構成情報", first),
        (title, FORM),
        ("添付書類署名ファイル１の構成情報", second),
        ("添付書類署名ファイル１", "tenpu.txt"),
    ]
    for name, style, kind, code, covered in (
        (first, "999000000000000009", "申請書作成", "900A010200001F01", [FORM]),
        (second, "999000000000000001", "添付書類署名", "900A010200001T01", ["tenpu.txt"]),
    ):
        root = etree.fromstring(bodies[name])
        assert root.findtext("様式ID") == style
        assert root.findtext("構成情報/管理情報/申請種別") == kind
        assert root.findtext("構成情報/管理情報/手続番号/手続ID") == code
        people = root.find("構成情報/管理情報/申請者連絡先情報")
        assert people is not None
        assert not "".join(str(t) for t in people.itertext()).strip()
        assert independently_verified(name, bodies) == covered
    assert [v.unchanged for v in verify_package(files, [], SIGNED_AT)] == [True, True]


@pytest.mark.parametrize("form", [STANDARD, INDIVIDUAL])
def test_xmlsec1_agrees(
    package: Files, form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """xmlsec1 finds no ID by an escaped fragment, so for it the fragment alone is left unescaped."""
    if shutil.which("xmlsec1") is None:
        if os.environ.get("ICHIDO_REQUIRE_TOOLS"):
            pytest.fail("xmlsec1 is not installed")
        pytest.skip("xmlsec1 is not installed")
    monkeypatch.setattr(signing, "quote", lambda text: text)
    bodies = bare(sign_package(package, form, customer(), SIGNED_AT))
    for name, body in bodies.items():
        (tmp_path / name).write_bytes(body)
    judged = [name for name, body in bodies.items() if b"<Signature " in body]
    assert len(judged) == (1 if form == STANDARD else 2)

    def says_yes(name: str) -> bool:
        command = ["xmlsec1", "--verify", "--insecure", "--id-attr:ID", "構成情報", name]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
        return done.returncode == 0

    assert all(says_yes(name) for name in judged)
    (tmp_path / "tenpu.txt").write_bytes(b"other")
    assert not says_yes(judged[-1])


def _changed(files: Files, name: str, old: str, new: str) -> Files:
    assert any(n.endswith(name) and old.encode() in b for n, b in files)
    return tuple(
        (n, b.replace(old.encode(), new.encode(), 1) if n.endswith(name) else b) for n, b in files
    )


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("kousei.xml", "ほげ　ほげ", "ほげ　ほが"),
        (FORM, "株式会社試験", "株式会社試行"),
        ("tenpu.txt", "tenpu", "tenpO"),
        ("kousei.xml", "<添付書類ファイル名称>tenpu.txt", "<添付書類ファイル名称>other.txt"),
        ("kousei.xml", 'Id="20260703134227"', 'Id="構成情報"'),
        ("kousei.xml", "<様式ID>", '<様式ID id="構成情報">'),
        ("kousei.xml", "#rsa-sha256", "#rsa-sha1"),
        ("kousei.xml", "xmlenc#sha256", "xmlenc#sha1"),
        ("kousei.xml", "<DataRoot>", '<DataRoot xmlns:x="urn:x">'),
        ("kousei.xml", "</構成情報>", "</構成情報><構成情報 ID='構成情報'/>"),
        ("kousei.xml", 'URI="tenpu.txt"', f'URI="{FORM}"'),
    ],
)
def test_what_was_changed_after_signing_is_told(
    package: Files, name: str, old: str, new: str
) -> None:
    files = sign_package(package, STANDARD, customer(), SIGNED_AT)
    (verdict,) = verify_package(_changed(files, name, old, new), [], SIGNED_AT)
    assert (verdict.unchanged, verdict.node, verdict.signed) == (False, None, ())
    assert verdict.reasons


def test_the_three_verdicts_are_apart(package: Files) -> None:
    files = sign_package(package, STANDARD, customer(), SIGNED_AT)
    (stranger,) = verify_package(files, [], SIGNED_AT)
    assert (stranger.unchanged, stranger.trusted, stranger.in_date) == (True, False, True)
    root = customer().certificates[0]
    (late,) = verify_package(files, [root], SIGNED_AT + timedelta(days=400))
    assert (late.unchanged, late.trusted, late.in_date) == (True, True, False)


def test_a_missing_file_is_not_signed_over(package: Files) -> None:
    with pytest.raises(BadInput, match=r"tenpu\.txt"):
        sign_package(package[:2], STANDARD, customer(), SIGNED_AT)


def test_a_real_draft_is_signed_and_read_back(ready: Draft) -> None:
    proof = Attachment("提出代行証明書", "提出代行証明書.pdf", b"%PDF-1.7")
    unsigned = build_package(
        ready.procedure,
        ready.cells(),
        capacity=Capacity.TEISHUTSU_DAIKO,
        submission=Submission(attachments=(proof,)),
    )
    for form in (STANDARD, INDIVIDUAL):
        done = signed(unsigned, form, customer(), SIGNED_AT)
        assert done.file_name == unsigned.file_name
        assert done.sha256 != unsigned.sha256
        verdicts = verify_package(done.files, [], SIGNED_AT)
        assert all(v.unchanged for v in verdicts)
        covered = {name for v in verdicts for name in v.signed}
        assert covered == {"495000020325029841_01.xml", "提出代行証明書.pdf"}
        assert read_package(done.zip_bytes) == read_package(unsigned.zip_bytes)


# ---- the certificate ----------------------------------------------------------------------------


def code_of(content: bytes, password: str = PASSWORD) -> str:
    with pytest.raises(BadInput) as refused:
        read_pkcs12(content, password)
    assert PASSWORD not in str(refused.value)
    return refused.value.code


def test_certificates_that_cannot_be_used_are_told_in_words() -> None:
    good = pkcs12_file()
    assert code_of(good, "違う") == "certificate-password"
    assert code_of(b"not a file") == "certificate-unread"
    assert code_of(b"") == "certificate-unread"
    assert code_of(good[:-40]) in ("certificate-unread", "certificate-password")
    assert code_of(pkcs12_file(key=customer_key(1024))) == "certificate-kind"
    assert code_of(pkcs12_file(key=ec.generate_private_key(ec.SECP256R1()))) == "certificate-kind"


def test_dates_are_told_in_words(package: Files) -> None:
    old = read_pkcs12(pkcs12_file(start=SIGNED_AT - timedelta(days=90), days=30), PASSWORD)
    with pytest.raises(BadInput, match="2026年5月4日で有効期限が切れています"):
        sign_package(package, STANDARD, old, SIGNED_AT)
    new = read_pkcs12(pkcs12_file(start=SIGNED_AT + timedelta(days=2)), PASSWORD)
    with pytest.raises(BadInput, match="2026年7月5日から使えます"):
        refuse_out_of_date(new, SIGNED_AT)


def test_the_key_shows_nowhere() -> None:
    signer = customer()
    assert repr(signer) == "KeySigner(5a5a)"
    with pytest.raises(TypeError):
        pickle.dumps(signer)
    with pytest.raises(TypeError):
        copy.deepcopy(signer)
    assert identity_of(signer.certificates[0]).owner == "山本 湊"


def test_what_a_vault_keeps_signs_again(package: Files) -> None:
    first = customer()
    again = signer_from_vault(first.key_for_vault(), first.certificates)
    assert sign_package(package, STANDARD, again, SIGNED_AT) == sign_package(
        package, STANDARD, first, SIGNED_AT
    )
    stranger = read_pkcs12(pkcs12_file(key=customer_key(2048, "other")), PASSWORD)
    with pytest.raises(BadInput):
        signer_from_vault(first.key_for_vault(), stranger.certificates)
