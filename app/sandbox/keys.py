"""The town's practice keys: token signing, its certificate authority, its web certificate."""

from __future__ import annotations

import base64
import hashlib
import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_NAMES = ("gbizid", "egov", "authority", "document", "tls")


@dataclass(frozen=True)
class Pair:
    """A private key and, where it has one, its certificate."""

    key: RSAPrivateKey
    certificate: x509.Certificate

    @property
    def certificate_pem(self) -> bytes:
        """The certificate as PEM."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def key_pem(self) -> bytes:
        """The private key as unencrypted PEM; it protects practice data only."""
        return self.key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )

    @property
    def certificate_base64(self) -> str:
        """The certificate as base64 DER, as it stands in an X509Certificate element."""
        der = self.certificate.public_bytes(serialization.Encoding.DER)
        return base64.b64encode(der).decode("ascii")

    @property
    def sha256(self) -> str:
        """SHA-256 of the certificate's DER, lower-case hexadecimal."""
        return hashlib.sha256(self.certificate.public_bytes(serialization.Encoding.DER)).hexdigest()

    @property
    def kid(self) -> str:
        """A key id derived from the public key."""
        der = self.key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return hashlib.sha256(der).hexdigest()[:16]


@dataclass(frozen=True)
class TownKeys:
    """Every key of the town; none is ever trusted outside practice."""

    gbizid: Pair
    egov: Pair
    authority: Pair
    document: Pair
    tls: Pair


def load_or_make(state: Path | None) -> TownKeys:
    """The keys kept in the state folder, or new ones (kept there when there is a folder)."""
    keys = {name: _key(state, name) for name in _NAMES}
    authority = _stored_certificate(state, "authority", keys["authority"]) or _authority(
        keys["authority"]
    )
    pairs = {"authority": Pair(keys["authority"], authority)}
    for name in ("gbizid", "egov", "document", "tls"):
        found = _stored_certificate(state, name, keys[name])
        certificate = found or _leaf(name, keys[name], pairs["authority"])
        pairs[name] = Pair(keys[name], certificate)
    if state is not None:
        folder = state / "keys"
        for name, pair in pairs.items():
            (folder / f"{name}.crt").write_bytes(pair.certificate_pem)
    return TownKeys(**pairs)


def _key(state: Path | None, name: str) -> RSAPrivateKey:
    if state is None:
        return generate_private_key(public_exponent=65537, key_size=2048)
    path = state / "keys" / f"{name}.pem"
    if path.exists():
        loaded = serialization.load_pem_private_key(path.read_bytes(), None)
        if isinstance(loaded, RSAPrivateKey):
            return loaded
    path.parent.mkdir(parents=True, exist_ok=True)
    made = generate_private_key(public_exponent=65537, key_size=2048)
    path.touch(mode=0o600)
    path.write_bytes(
        made.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return made


def _stored_certificate(
    state: Path | None, name: str, key: RSAPrivateKey
) -> x509.Certificate | None:
    if state is None:
        return None
    path = state / "keys" / f"{name}.crt"
    if not path.exists():
        return None
    certificate = x509.load_pem_x509_certificate(path.read_bytes())
    fresh = certificate.not_valid_after_utc > datetime.now(UTC) + timedelta(days=1)
    return certificate if fresh and certificate.public_key() == key.public_key() else None


def _name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "JP"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "練習の町"),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _authority(key: RSAPrivateKey) -> x509.Certificate:
    now = datetime.now(UTC)
    name = _name("練習の町 認証局")
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=30))
        .not_valid_after(now + timedelta(days=397))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )


def _leaf(name: str, key: RSAPrivateKey, authority: Pair) -> x509.Certificate:
    now = datetime.now(UTC)
    common = {"tls": "127.0.0.1", "document": "練習の町 公文書発行"}.get(name, f"練習の町 {name}")
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(common))
        .issuer_name(authority.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=30))
        .not_valid_after(now + timedelta(days=365))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key()),
            critical=False,
        )
    )
    if name == "tls":
        loopback = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
        builder = builder.add_extension(
            x509.SubjectAlternativeName([loopback]), critical=False
        ).add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    return builder.sign(authority.key, hashes.SHA256())


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=not signs_certificates,
        key_encipherment=not signs_certificates,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )
