"""TLS: the operating system's trust for real doors, one pinned certificate for the practice town."""

from __future__ import annotations

import functools
import hashlib
import hmac
import ssl

from app.domain.errors import Unreachable


@functools.lru_cache(maxsize=1)
def system_trust() -> ssl.SSLContext:
    """The one shared context that trusts what the operating system trusts (TLS 1.2 or newer)."""
    import truststore

    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def pinned_trust(host: str, port: int, pin: str, *, timeout: float) -> ssl.SSLContext:
    """A context that accepts only the certificate whose SHA-256 (hex) is `pin`.

    The certificate is fetched once and becomes the only trust anchor, so a later handshake with any
    other certificate fails before a byte of a request leaves.

    Raises:
        Unreachable: no pin is known, no connection was made, or another certificate was shown.
    """
    wanted = pin.replace(":", "").strip().lower()
    if len(wanted) != 64:
        raise Unreachable(
            "practice-certificate-unknown",
            "練習の町の証明書の指紋がまだありません。練習の町をひらき直してください。",
        )
    try:
        pem = ssl.get_server_certificate((host, port), timeout=timeout)
    except OSError:
        raise Unreachable(
            "door-unreached", "練習の町につながりません。練習の町をひらき直してください。"
        ) from None
    shown = hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest()
    if not hmac.compare_digest(shown, wanted):
        raise Unreachable(
            "practice-certificate",
            "練習の町の証明書が、ひらいたときのものと違います。何も送っていません。練習の町をひらき直してください。",
        )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    # The town's certificate is the anchor itself, and its pin says more than its name does.
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    context.check_hostname = False
    context.load_verify_locations(cadata=pem)
    return context
