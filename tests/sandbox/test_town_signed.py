"""A 標準形式 signature on the configuration file, made by hand, as the door judges it."""

from __future__ import annotations

import base64
import copy
import hashlib
import io
from datetime import UTC, datetime, timedelta

import httpx
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID
from lxml import etree

from tests.sandbox.town_packages import Application, contents, put, skeleton
from tests.sandbox.town_process import TownProcess

DS = "http://www.w3.org/2000/09/xmldsig#"
C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
RSA = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"


def canonical(element: etree._Element) -> bytes:
    alone = copy.deepcopy(element)
    alone.tail = None
    buffer = io.BytesIO()
    etree.ElementTree(alone).write_c14n(buffer)
    return buffer.getvalue()


def sha(data: bytes) -> str:
    return base64.b64encode(hashlib.sha256(data).digest()).decode()


def signed(application: Application) -> None:
    """Add 署名情報 after 構成情報: the configuration and the raw form file."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "練習 太郎")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .sign(key, hashes.SHA256())
        .public_bytes(serialization.Encoding.DER)
    )
    body = application.kousei.find("構成情報")
    assert body is not None
    form = application.files()[application.form_name]
    text = (
        f'<Signature xmlns="{DS}" Id="20260703134200"><SignedInfo>'
        f'<CanonicalizationMethod Algorithm="{C14N}"/><SignatureMethod Algorithm="{RSA}"/>'
        '<Reference URI="#%E6%A7%8B%E6%88%90%E6%83%85%E5%A0%B1"><Transforms>'
        f'<Transform Algorithm="{C14N}"/></Transforms><DigestMethod Algorithm="{SHA256}"/>'
        f"<DigestValue>{sha(canonical(body))}</DigestValue></Reference>"
        f'<Reference URI="{application.form_name}"><DigestMethod Algorithm="{SHA256}"/>'
        f"<DigestValue>{sha(form)}</DigestValue></Reference></SignedInfo>"
        "<SignatureValue/><KeyInfo><X509Data><X509Certificate>"
        f"{base64.b64encode(certificate).decode()}</X509Certificate></X509Data></KeyInfo></Signature>"
    )
    signature = etree.fromstring(text)
    raw = key.sign(canonical(signature[0]), padding.PKCS1v15(), hashes.SHA256())
    signature[1].text = base64.b64encode(raw).decode()
    holder = etree.Element("署名情報")
    holder.append(signature)
    body.addnext(holder)


def test_signed_filing_of_an_egov_account(api: httpx.Client, town: TownProcess) -> None:
    token = town.token("egov@example.jp")["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    application = Application(skeleton(api))
    signed(application)
    answer = api.post("/apply", json=application.body(), headers=headers)
    assert answer.status_code == 200, answer.text
    assert town.ledger()[0]["account"] == "egov:egov@example.jp"


def test_signature_is_checked_even_where_it_may_be_left_out(api: httpx.Client) -> None:
    application = Application(skeleton(api))
    signed(application)
    put(application.form[-1], {"賃金/賃金月額": "999"})
    assert "改変されています" in contents(api.post("/apply", json=application.body()))
    application = Application(skeleton(api))
    signed(application)
    put(application.kousei, {"構成情報/通信欄": "追記"})
    assert "改変されています" in contents(api.post("/apply", json=application.body()))
    application = Application(skeleton(api))
    signed(application)
    value = application.kousei.find(f"署名情報/{{{DS}}}Signature/{{{DS}}}SignatureValue")
    assert value is not None
    value.text = base64.b64encode(b"x" * 256).decode()
    assert "署名値が一致しません" in contents(api.post("/apply", json=application.body()))
