"""The customer's certificate: whoever can sign, and a PKCS#12 file read into memory.

Nothing here is written anywhere, and neither a key nor a password is in a `repr`, a fault or a log.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NoReturn, Protocol

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from app.domain.clock import JST
from app.domain.errors import BadInput
from app.forms.signature_parts import MINIMUM_RSA_BITS

FILE_LIMIT = 1_000_000


class Signer(Protocol):
    """Whoever can sign for a person: a key in memory now, a card later. The key stays in it."""

    @property
    def certificates(self) -> tuple[bytes, ...]:
        """The signer's own certificate first, then those above it (DER)."""
        ...

    def sign(self, content: bytes) -> bytes:
        """RSASSA-PKCS1-v1_5 with SHA-256 over `content`. Raises Known (a card may be gone)."""
        ...


@dataclass(frozen=True)
class Identity:
    """What a certificate says: whose, from whom, its number (hex), and when it holds."""

    owner: str
    issuer: str
    serial: str
    valid_from: datetime
    valid_to: datetime


class KeySigner:
    """A signer whose key lies in memory. It cannot be pickled, and shows only whose it is."""

    __slots__ = ("_certificates", "_key")

    def __init__(self, key: rsa.RSAPrivateKey, certificates: Sequence[x509.Certificate]) -> None:
        self._key = key
        self._certificates = tuple(certificates)

    def __repr__(self) -> str:
        return f"KeySigner({identity_of(self.certificates[0]).serial})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a signer is never written down")

    @property
    def certificates(self) -> tuple[bytes, ...]:
        """The signer's own certificate first (DER)."""
        return tuple(c.public_bytes(serialization.Encoding.DER) for c in self._certificates)

    def sign(self, content: bytes) -> bytes:
        """RSASSA-PKCS1-v1_5 with SHA-256."""
        return self._key.sign(content, padding.PKCS1v15(), hashes.SHA256())

    def key_for_vault(self) -> bytes:
        """The key as PKCS#8, unencrypted: for an encrypted vault only, never for a file."""
        return self._key.private_bytes(
            serialization.Encoding.DER,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )


def read_pkcs12(content: bytes, password: str) -> KeySigner:
    """The signer of a PKCS#12 file (.p12, .pfx).

    Raises:
        BadInput: wrong password, no such file, no key in it, or a key e-Gov's signature cannot use.
    """
    if len(content) > FILE_LIMIT:
        raise _unread()
    try:
        key, own, more = pkcs12.load_key_and_certificates(content, password.encode("utf-8"))
    except ValueError as fault:
        if "password" in str(fault).lower():
            raise BadInput(
                "certificate-password", "証明書のパスワードが違います。もう一度入れてください。"
            ) from None
        raise _unread() from None
    except UnsupportedAlgorithm:
        raise _unread() from None
    if key is None or own is None:
        raise BadInput(
            "certificate-no-key",
            "このファイルに、署名に使う鍵が入っていません。発行のときに受け取ったファイルを選んでください。",
        )
    return _signer(key, [own, *more])


def signer_from_vault(key: bytes, certificates: Sequence[bytes]) -> KeySigner:
    """The signer of `key_for_vault` and its certificates. Raises BadInput when they do not fit."""
    try:
        loaded = serialization.load_der_private_key(key, None)
        return _signer(loaded, [x509.load_der_x509_certificate(c) for c in certificates])
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise _unread() from None


def identity_of(certificate: bytes) -> Identity:
    """What a certificate (DER) says. Raises BadInput when it cannot be read."""
    try:
        read = x509.load_der_x509_certificate(certificate)
        return Identity(
            _name(read.subject),
            _name(read.issuer),
            f"{read.serial_number:x}",
            read.not_valid_before_utc,
            read.not_valid_after_utc,
        )
    except ValueError:
        raise _unread() from None


def refuse_out_of_date(signer: Signer, at: datetime) -> None:
    """Raises BadInput when the signer's certificate does not hold at `at`."""
    told, moment = identity_of(signer.certificates[0]), at.astimezone(UTC)
    if moment > told.valid_to:
        raise BadInput(
            "certificate-expired",
            f"この証明書は {_day(told.valid_to)}で有効期限が切れています。"
            "新しい証明書を取り込んでください。",
        )
    if moment < told.valid_from:
        raise BadInput(
            "certificate-not-yet",
            f"この証明書は {_day(told.valid_from)}から使えます。その日まで待つか、"
            "パソコンの日付を確かめてください。",
        )


def _signer(key: object, certificates: list[x509.Certificate]) -> KeySigner:
    if not isinstance(key, rsa.RSAPrivateKey) or key.key_size < MINIMUM_RSA_BITS:
        raise BadInput(
            "certificate-kind",
            "この証明書の鍵は、e-Gov の署名に使えない種類です。2048ビット以上の RSA の証明書を使ってください。",
        )
    if not certificates or certificates[0].public_key() != key.public_key():
        raise BadInput(
            "certificate-pair", "鍵と証明書の組が合いません。発行のときのファイルを選んでください。"
        )
    return KeySigner(key, certificates)


def _unread() -> BadInput:
    return BadInput(
        "certificate-unread",
        "証明書のファイルとして読めません。拡張子が p12 か pfx のファイルを選んでください。",
    )


def _name(name: x509.Name) -> str:
    common = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(common[0].value) if common else name.rfc4514_string()


def _day(moment: datetime) -> str:
    day = moment.astimezone(JST)
    return f"{day.year}年{day.month}月{day.day}日"
