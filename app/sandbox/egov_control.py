"""Control calls of the e-Gov side: certificates, payments, deadlines, decisions, deliveries."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from starlette.requests import Request

from app.sandbox.agency import Lives, Pace
from app.sandbox.ledger import Filing

if TYPE_CHECKING:
    from app.sandbox.town import Town

Order = dict[str, Any]


class EgovControl:
    """Orders of control.Control that only concern the e-Gov API."""

    def __init__(self, town: Town) -> None:
        """`town` is what is controlled."""
        self._town = town

    def table(self) -> list[tuple[str, str, Callable[[Request, Order], Any]]]:
        """Verb, path and call of each order."""
        return [
            ("POST", "certificate", self.certificate),
            ("POST", "case/{arrive_id}/deliver", self.deliver),
            ("POST", "lives", self.lives),
            ("POST", "decisions", self.decisions),
            ("GET", "batches", self.batches),
            ("GET", "procedures", self.procedures),
        ]

    def certificate(self, request: Request, order: Order) -> Order:
        """POST {common_name, password, days, self_signed}: a practice PKCS#12 for signing.

        It comes from the town's authority unless self_signed; `days` may be negative (then it has
        ended so many days ago).
        """
        del request
        days = int(order.get("days", 365))
        name = x509.Name(
            [
                x509.NameAttribute(NameOID.COUNTRY_NAME, "JP"),
                x509.NameAttribute(NameOID.COMMON_NAME, str(order.get("common_name", "練習 太郎"))),
            ]
        )
        key = generate_private_key(public_exponent=65537, key_size=2048)
        own = bool(order.get("self_signed", False))
        authority = self._town.keys.authority
        end = datetime.now(UTC) + timedelta(days=days)
        made = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name if own else authority.certificate.subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(min(datetime.now(UTC), end) - timedelta(days=30))
            .not_valid_after(end)
            .sign(key if own else authority.key, hashes.SHA256())
        )
        password = str(order.get("password", "renshu"))
        data = pkcs12.serialize_key_and_certificates(
            b"renshu",
            key,
            made,
            None if own else [authority.certificate],
            serialization.BestAvailableEncryption(password.encode("utf-8")),
        )
        return {"pkcs12": base64.b64encode(data).decode("ascii"), "password": password}

    def _filing(self, request: Request) -> Filing:
        filing = self._town.ledger.filings.get(request.path_params["arrive_id"])
        if filing is None:
            raise ValueError("no such filing")
        return filing

    def deliver(self, request: Request, order: Order) -> Order:
        """POST {title, sentence}: 電子送達 to the account of a filing."""
        title = str(order.get("title", "電子送達のお知らせ"))
        sentence = str(order.get("sentence", "練習の町からの電子送達です。"))
        made = self._town.postbox.send(self._filing(request), title, sentence)
        self._town.ledger.changed()
        return {"post_id": made.post_id}

    def lives(self, request: Request, order: Order) -> Order:
        """POST {document, correction, payment, delivery}: seconds from now on; the rest as usual."""
        del request
        lives = Lives(**{key: float(value) for key, value in order.items()})
        self._town.agency.lives = lives
        return asdict(lives)

    def decisions(self, request: Request, order: Order) -> Order:
        """POST {被保険者整理番号: grades}: the pension office decides so many grades otherwise."""
        del request
        self._town.agency.otherwise = {str(key): int(value) for key, value in order.items()}
        return dict(self._town.agency.otherwise)

    def batches(self, request: Request, order: Order) -> Order:
        """GET every bulk sending, looked at or not."""
        del request, order
        rows = [
            one.report() | {"account": one.account, "done": not one.waiting}
            for one in self._town.batches.batches.values()
        ]
        return {"count": len(rows), "batches": rows}

    def procedures(self, request: Request, order: Order) -> Order:
        """GET every procedure of the town: number, name, fixed end, rules of signature."""
        del request, order
        rows = [
            {
                "proc_id": one.proc_id,
                "name": one.name,
                "outcome": one.outcome,
                "signature": one.signature or "with e-Gov account",
                "signers": one.signers,
                "individual": one.individual,
                "pension": one.pension,
                "preprint": one.preprint,
                "delivery": one.delivery,
                "forms": [form.form_id for form in one.forms],
            }
            for one in self._town.procedures.values()
        ]
        return {"count": len(rows), "procedures": rows}


def pace_of(order: Order) -> Pace:
    """The pace of a control order; raises ValueError for numbers that are none."""
    pace = Pace()
    pace.mode = str(order.get("mode", pace.mode))
    first, second = order.get("polls", pace.polls)
    pace.polls = (int(first), int(second))
    early, late = order.get("seconds", pace.seconds)
    pace.seconds = (float(early), float(late))
    looks, wait = order.get("bulk", pace.bulk)
    pace.bulk = (int(looks), float(wait))
    return pace
