"""The certificate panel of the browser frame: what our own second handshake saw, row by row."""

from __future__ import annotations

from PySide6.QtCore import Qt, QUrl
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.views.browser_certificate import LABEL, CertificateCheck, CertificateFacts
from app.views.browser_policy import BrowserPolicy
from app.views.widgets.band import Band
from app.views.widgets.button import Button
from app.views.widgets.lines import label, wrap_label


class CertificatePanel(QFrame):
    """Opens under the address bar, outside the page; 閉じる or a second press closes it."""

    def __init__(self, policy: BrowserPolicy, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._policy = policy
        self._check: CertificateCheck | None = None
        self.facts: CertificateFacts | None = None
        self.setObjectName("browser.certificate.panel")
        self.setProperty("surface", "card")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(16, 12, 16, 12)
        self._column.setSpacing(8)
        head = QHBoxLayout()
        head.addWidget(label("証明書", "heading", "ink"), 1)
        self.shut = Button("閉じる", "small", name="browser.certificate.close")
        self.shut.clicked.connect(self.hide)
        head.addWidget(self.shut)
        self._column.addLayout(head)
        self._column.addWidget(wrap_label(LABEL, "note", "ink2"))
        self._body: QWidget | None = None
        self.hide()

    def open_for(self, url: QUrl) -> None:
        """Connect to the host of `url` once more and show what came."""
        self.facts = None
        self._replace(label("確かめています", "label", "ink2"))
        self.show()
        if self._check is not None:
            self._check.deleteLater()
        self._check = CertificateCheck(QUrl(url), self._policy, self)
        self._check.done.connect(self._show_facts)
        self._check.start()

    def _replace(self, body: QWidget) -> None:
        if self._body is not None:
            self._column.removeWidget(self._body)
            self._body.deleteLater()
        self._body = body
        self._column.addWidget(body)

    def _show_facts(self, facts: CertificateFacts) -> None:
        self.facts = facts
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(Band("ok" if facts.trusted else "warn", facts.sentence))
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        for line, (name, value) in enumerate(facts.rows()):
            shown = wrap_label(value, "label", "ink")
            shown.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse
                | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
            shown.setAccessibleName(f"{name}、{value}")
            grid.addWidget(label(name, "label", "ink2"), line, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(shown, line, 1)
        column.addLayout(grid)
        self._replace(body)
