"""The customer's certificates: taken in once from a file, kept in the vault, lent to a signature.

Key and certificates lie among the accounts, encrypted with everything else of the vault. The file's
password is used once and kept nowhere.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.clock import Clock
from app.domain.errors import Known
from app.forms.certificate import (
    Identity,
    KeySigner,
    identity_of,
    read_pkcs12,
    refuse_out_of_date,
    signer_from_vault,
)
from app.store.accounts import Accounts
from app.store.rows import AccountRow

KIND = "certificate"


@dataclass(frozen=True)
class KeptCertificate:
    """A certificate in the vault: its account's id, what it says, and whether it holds now."""

    id: str
    identity: Identity
    in_date: bool


class Certificates:
    """The certificates of one company or office."""

    def __init__(self, accounts: Accounts, clock: Clock) -> None:
        self._accounts = accounts
        self._clock = clock

    def take_in(self, content: bytes, password: str) -> KeptCertificate:
        """Keeps the certificate of a PKCS#12 file.

        Raises:
            BadInput: wrong password, another file, an unfit key, or a certificate out of date.
        """
        signer = read_pkcs12(content, password)
        refuse_out_of_date(signer, self._clock())
        identity = identity_of(signer.certificates[0])
        tokens = {"key": _text(signer.key_for_vault())}
        tokens |= {f"certificate{n}": _text(c) for n, c in enumerate(signer.certificates)}
        row = AccountRow(
            id=f"certificate-{identity.serial}",
            door="egov",
            kind=KIND,
            label=identity.owner,
            subject=identity.serial,
            tokens=tokens,
            details={"issuer": identity.issuer, "valid_to": identity.valid_to.isoformat()},
        )
        return self._kept(self._accounts.save(row))

    def list(self) -> list[KeptCertificate]:
        """The certificates kept, by their id."""
        return [self._kept(row) for row in self._rows()]

    def signer(self, certificate_id: str) -> KeySigner:
        """Who signs with a kept certificate.

        Raises:
            Known: it is not here, or out of date.
        """
        row = next((r for r in self._rows() if r.id == certificate_id), None)
        if row is None:
            raise Known("certificate-none", "その証明書はここにありません。取り込んでください。")
        signer = signer_from_vault(_bytes(row.tokens["key"]), _chain(row))
        refuse_out_of_date(signer, self._clock())
        return signer

    def drop(self, certificate_id: str) -> None:
        """Forgets a certificate and its key."""
        if any(row.id == certificate_id for row in self._rows()):
            self._accounts.drop(certificate_id)

    def _rows(self) -> Iterable[AccountRow]:
        return [row for row in self._accounts.list() if row.kind == KIND]

    def _kept(self, row: AccountRow) -> KeptCertificate:
        identity = identity_of(_chain(row)[0])
        holds = identity.valid_from <= self._clock() <= identity.valid_to
        return KeptCertificate(row.id, identity, holds)


def _chain(row: AccountRow) -> tuple[bytes, ...]:
    count = sum(name.startswith("certificate") for name in row.tokens)
    return tuple(_bytes(row.tokens[f"certificate{n}"]) for n in range(count))


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text)
