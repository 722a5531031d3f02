"""The certificate of the host in the address bar, from a second TLS handshake of our own.

WebEngine does not hand out the certificate of a good page. So we connect to the same host once more
with QSslSocket and show what that connection saw; the panel says so in its first line.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCryptographicHash, QObject, QTimer, QUrl, Signal
from PySide6.QtNetwork import QSslCertificate, QSslError, QSslSocket

from app.views.browser_policy import BrowserPolicy, ascii_host

_WAIT_MS = 10_000
LABEL = (
    "ページとは別に、一度が同じ相手へつなぎ直して確かめた内容です。"
    "ページがいま使っている通信そのものではありません。"
)


@dataclass(frozen=True)
class CertificateFacts:
    """What the second handshake saw. `trusted` only when every check of it stood."""

    host: str
    trusted: bool
    sentence: str
    owner: str = ""
    issuer: str = ""
    valid_from: str = ""
    valid_to: str = ""
    fingerprint: str = ""

    def rows(self) -> tuple[tuple[str, str], ...]:
        """Label and value, for the panel."""
        pairs = (
            ("つないだ相手", self.host),
            ("証明書の持ち主", self.owner),
            ("証明した機関", self.issuer),
            ("有効な期間", f"{self.valid_from} から {self.valid_to} まで" if self.valid_to else ""),
            ("指紋(SHA-256)", self.fingerprint),
        )
        return tuple(pair for pair in pairs if pair[1])


def _first(values: list[str]) -> str:
    return values[0] if values else ""


def _sha256(certificate: QSslCertificate) -> str:
    digest = certificate.digest(QCryptographicHash.Algorithm.Sha256)
    return bytes(digest.data()).hex()


class CertificateCheck(QObject):
    """One handshake; `done(CertificateFacts)` comes once."""

    done = Signal(object)

    def __init__(self, url: QUrl, policy: BrowserPolicy, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._url, self._policy = url, policy
        self._finished = False
        self._faults: list[QSslError] = []
        self._socket: QSslSocket | None = None

    def start(self) -> None:
        """Begin; the answer comes by signal, also when there is nothing to connect to."""
        if self._url.scheme() != "https":
            here = self._policy.practice
            sentence = "このページは暗号を使っていません。" + (
                "練習の町は、このパソコンの中だけで動いています。" if here else ""
            )
            QTimer.singleShot(0, lambda: self._finish(sentence, trusted=False))
            return
        if not QSslSocket.supportsSsl():
            QTimer.singleShot(
                0, lambda: self._finish("このパソコンでは証明書を調べられません。", trusted=False)
            )
            return
        self._socket = QSslSocket(self)
        self._socket.encrypted.connect(self._encrypted)
        self._socket.sslErrors.connect(self._faults.extend)
        self._socket.errorOccurred.connect(self._error)
        self._socket.connectToHostEncrypted(ascii_host(self._url), self._url.port(443))
        QTimer.singleShot(_WAIT_MS, self, self._late)

    def _encrypted(self) -> None:
        self._finish("証明書は有効で、相手の名前と合っています。", trusted=True)

    def _error(self, *_: object) -> None:
        if self._socket is not None and self._socket.peerCertificateChain():
            leaf = self._socket.peerCertificateChain()[0]
            if self._policy.pinned(self._url, _sha256(leaf)):
                self._finish("練習の町の証明書です。登録した指紋と合っています。", trusted=True)
                return
            self._finish(
                "この証明書は確かめられません。ページを使わないでください。", trusted=False
            )
            return
        self._finish("相手につながらず、証明書を見られませんでした。", trusted=False)

    def _late(self) -> None:
        self._finish("相手の返事がなく、証明書を見られませんでした。", trusted=False)

    def _finish(self, sentence: str, *, trusted: bool) -> None:
        if self._finished:
            return
        self._finished = True
        chain = self._socket.peerCertificateChain() if self._socket is not None else []
        facts = CertificateFacts(ascii_host(self._url), trusted, sentence)
        if chain:
            facts = self._described(chain[0], sentence, trusted)
        if self._socket is not None:
            self._socket.abort()
        self.done.emit(facts)

    def _described(self, leaf: QSslCertificate, sentence: str, trusted: bool) -> CertificateFacts:
        """The facts of the certificate the host showed."""
        subject = QSslCertificate.SubjectInfo
        digest = _sha256(leaf).upper()
        owner = [
            _first(leaf.subjectInfo(subject.Organization)),
            _first(leaf.subjectInfo(subject.CommonName)),
        ]
        issuer = [
            _first(leaf.issuerInfo(subject.Organization)),
            _first(leaf.issuerInfo(subject.CommonName)),
        ]
        return CertificateFacts(
            ascii_host(self._url),
            trusted,
            sentence,
            " · ".join(dict.fromkeys(x for x in owner if x)),
            " · ".join(dict.fromkeys(x for x in issuer if x)),
            leaf.effectiveDate().toString("yyyy-MM-dd"),
            leaf.expiryDate().toString("yyyy-MM-dd"),
            " ".join(digest[i : i + 4] for i in range(0, 64, 4)),
        )
