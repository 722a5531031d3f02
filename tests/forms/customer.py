"""A customer's certificate for tests: made here, in memory, with any dates."""

from __future__ import annotations

import functools
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from app.forms.certificate import KeySigner, read_pkcs12

SIGNED_AT = datetime(2026, 7, 3, 4, 42, 27, 123000, tzinfo=UTC)
PASSWORD = "山本のかぎ"


@functools.cache
def customer_key(bits: int = 2048, name: str = "") -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def certificate(
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, name: str, start: datetime, days: int
) -> x509.Certificate:
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    return (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(0x5A5A)
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=days))
        .sign(key, hashes.SHA256())
    )


def pkcs12_file(
    *,
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | None = None,
    start: datetime = SIGNED_AT - timedelta(days=30),
    days: int = 365,
    name: str = "山本 湊",
    password: str = PASSWORD,
) -> bytes:
    own = key or customer_key()
    return pkcs12.serialize_key_and_certificates(
        b"customer",
        own,
        certificate(own, name, start, days),
        None,
        serialization.BestAvailableEncryption(password.encode()),
    )


def customer(name: str = "山本 湊") -> KeySigner:
    return read_pkcs12(pkcs12_file(name=name), PASSWORD)
