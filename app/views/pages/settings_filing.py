"""The cards of 設定 about how filings leave: in what role, and with which certificate they are signed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.clock import JST
from app.domain.errors import BadInput
from app.views.pages.settings_keys import VaultCard
from app.views.widgets.button import Button
from app.views.widgets.field import SecretField, TextField
from app.views.widgets.lines import hairline, wrap_label
from app.views.widgets.row import ListRow

if TYPE_CHECKING:
    from app.services.certificates import KeptCertificate
    from app.services.standing import Agent

CERTIFICATE_LIMIT, PROOF_LIMIT = 1_000_000, 10_000_000
"""Most bytes read of a file a person chooses."""


class Certificates(Protocol):
    """The certificates kept in the vault. Every call may block and raise Known."""

    def take_in(self, content: bytes, password: str) -> KeptCertificate: ...
    def list(self) -> Sequence[KeptCertificate]: ...
    def drop(self, certificate_id: str) -> None: ...


class Standing(Protocol):
    """In what role filings leave. Every call may block and raise Known."""

    @property
    def certificates(self) -> Certificates: ...
    def agent(self) -> Agent | None: ...
    def appoint(
        self,
        office: str,
        file_name: str,
        content: bytes,
        *,
        consultant_number: str = "",
        consultant: str = "",
    ) -> Agent: ...
    def dismiss(self) -> None: ...


def standing_of(desk: Any) -> Standing | None:
    """Who files for the open company; None where this desk does not know."""
    found: Standing | None = getattr(desk, "standing", None)
    return found


def read_whole(path: Path, limit: int) -> bytes:
    """A chosen file, read into memory. Raises BadInput: it cannot be read, or is too large."""
    try:
        with path.open("rb") as file:
            content = file.read(limit + 1)
    except OSError:
        raise BadInput(
            "file-unread", f"{path.name} を読めません。開いていれば閉じて、もう一度選んでください。"
        ) from None
    if len(content) > limit:
        raise BadInput(
            "file-large", f"{path.name} は大きすぎます。{limit // 1_000_000}MB までです。"
        )
    return content


class FileCard(VaultCard):
    """A card that takes one file: the button, and the name of what was chosen."""

    def __init__(self, title: str, name: str) -> None:
        super().__init__(title, name)
        self._path: Path | None = None

    def _file_row(self, word: str, kinds: str) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(12)
        pick = Button(word, "small", "paperclip", name=f"{self.objectName()}.pick")
        pick.clicked.connect(lambda _=False: self._pick(word, kinds))
        self._picked = wrap_label("", "label", "ink2").centre("label")
        row.addWidget(pick)
        row.addWidget(self._picked, 1)
        return row

    def _pick(self, title: str, kinds: str) -> None:
        dialog = QFileDialog(self, title, str(Path.home()), kinds)
        dialog.setObjectName(f"{self.objectName()}.dialog")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda path: self.choose(Path(path)))
        dialog.finished.connect(dialog.deleteLater)
        self._dialog = dialog
        dialog.open()

    def choose(self, path: Path | None) -> None:
        """This file, until it is taken in; it is read only then."""
        self._path = path
        self._picked.set_text(path.name if path is not None else "")
        if path is not None:
            self.calm()


class CapacityCard(FileCard):
    """だれとして出すか: 本人, or 提出代行 by an office with its 提出代行証明書."""

    def __init__(self, standing: Standing) -> None:
        super().__init__("だれとして出すか", "settings.capacity")
        self._standing = standing
        row = QHBoxLayout()
        row.setSpacing(12)
        self.state = wrap_label("", "body", "ink").centre("body")
        self.state.setObjectName("settings.capacity.state")
        row.addWidget(self.state, 1)
        self.end = Button("本人にもどす", "small", name="settings.capacity.end")
        self.end.clicked.connect(lambda _=False: self._ask_end())
        row.addWidget(self.end)
        self.body.addLayout(row)
        self.body.addWidget(hairline())
        note = (
            "事務所が代わりに出すときは、事務所の名前と、提出代行証明書(PDF か JPEG)を入れます。"
            "証明書は、これから e-Gov に出す届に添えられます。"
        )
        self.body.addWidget(wrap_label(note, "note", "ink2"))
        self.office = TextField(
            "", "事務所の名前", name="settings.capacity.office", spoken="提出を代行する事務所の名前"
        )
        self.body.addWidget(self.office)
        self.number = TextField(
            "", "社会保険労務士コード(8桁)", name="settings.capacity.number",
            spoken="社会保険労務士コード。8桁の数字。社会保険労務士でなければ空けておく",
        )  # fmt: skip
        self.person = TextField(
            "", "社会保険労務士の氏名", name="settings.capacity.person",
            spoken="社会保険労務士の氏名。社会保険労務士でなければ空けておく",
        )  # fmt: skip
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.number, 1)
        row.addWidget(self.person, 1)
        self.body.addLayout(row)
        note = (
            "社会保険労務士が出すときは、コードと氏名も入れます。"
            "年金事務所に出すファイルの先頭に書かれます。"
        )
        self.body.addWidget(wrap_label(note, "note", "ink2"))
        self.body.addLayout(
            self._file_row("提出代行証明書を選ぶ", "PDF、JPEG (*.pdf *.jpg *.jpeg)")
        )
        row = QHBoxLayout()
        row.addStretch(1)
        self.go = Button("提出代行にする", name="settings.capacity.go")
        self.go.clicked.connect(lambda _=False: self.appoint())
        row.addWidget(self.go)
        self.body.addLayout(row)
        self._show(standing.agent())

    def appoint(self) -> None:
        """From now on the office files."""
        path, office = self._path, self.office.text()
        number, person = self.number.text(), self.person.text()
        if path is None:
            self.tell("warn", "提出代行証明書のファイルを選んでください。")
            return

        def done(agent: Agent) -> None:
            self.choose(None)
            for field in (self.office, self.number, self.person):
                field.clear()
            self._show(agent)
            words = f"これからは、{agent.office}が提出を代行します。"
            self.tell("ok", words, "提出代行証明書は、会社のファイルの中に暗号化して置きました。")

        def work() -> Agent:
            content = read_whole(path, PROOF_LIMIT)
            return self._standing.appoint(
                office, path.name, content, consultant_number=number, consultant=person
            )

        self.act(work, done)

    def _ask_end(self) -> None:
        def end() -> None:
            def done(_nothing: object) -> None:
                self._show(None)
                self.tell("ok", "これからは、会社が本人として出します。")

            self.act(self._standing.dismiss, done)

        note = "前に出した届の立場は変わりません。その補正や取下げは、元の立場で出します。"
        self.ask("提出代行をやめますか。", note, ("本人にもどす", end), "やめない")

    def _show(self, agent: Agent | None) -> None:
        if agent is None:
            self.state.set_text("本人。会社が自分で出します。")
        else:
            who = f"社会保険労務士 {agent.consultant}" if agent.consultant else ""
            who = f"({who}、コード {agent.consultant_number})" if who else ""
            self.state.set_text(f"提出代行。{agent.office}{who}が出します。")
        self.end.setVisible(agent is not None)


class CertificateCard(FileCard):
    """電子証明書: a PKCS#12 file taken in with its password, what it says, and 外す."""

    def __init__(
        self, certificates: Certificates, changed: Callable[[], None] = lambda: None
    ) -> None:
        super().__init__("電子証明書", "settings.certificates")
        self._changed = changed
        self._certificates = certificates
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self.body.addLayout(self._list)
        note = (
            "電子署名に使う証明書のファイル(p12 か pfx)を取り込みます。鍵は会社のファイルの中に"
            "暗号化して置き、画面には出しません。パスワードは残しません。"
        )
        self.body.addWidget(wrap_label(note, "note", "ink2"))
        self.body.addLayout(self._file_row("証明書のファイルを選ぶ", "証明書 (*.p12 *.pfx)"))
        row = QHBoxLayout()
        row.setSpacing(8)
        self.password = SecretField(
            "証明書のパスワード", name="settings.certificates.password", spoken="証明書のパスワード"
        )
        self.password.returnPressed.connect(self.take_in)
        row.addWidget(self.password, 1)
        self.go = Button("取り込む", name="settings.certificates.go")
        self.go.clicked.connect(lambda _=False: self.take_in())
        row.addWidget(self.go)
        self.body.addLayout(row)
        self._show(certificates.list())

    def take_in(self) -> None:
        """Read the chosen file into memory and keep what it holds; the password is forgotten."""
        path, password = self._path, self.password.text()
        if path is None:
            self.tell("warn", "証明書のファイルを選んでください。")
            return
        self.password.clear()

        def done(kept: KeptCertificate) -> None:
            self.choose(None)
            self._show(self._certificates.list())
            self._changed()
            note = "元のファイルは、そのまま残っています。安全なところに置いてください。"
            self.tell("ok", f"{kept.identity.owner}の証明書を取り込みました。", note)

        def again() -> None:
            self.password.setFocus(Qt.FocusReason.OtherFocusReason)

        self.act(
            lambda: self._certificates.take_in(read_whole(path, CERTIFICATE_LIMIT), password),
            done,
            again,
        )

    def _show(self, kept: Sequence[KeptCertificate]) -> None:
        while (item := self._list.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for number, one in enumerate(kept):
            self._list.addWidget(self._row(number, one))
            self._list.addWidget(hairline())

    def _row(self, number: int, kept: KeptCertificate) -> QWidget:
        title = kept.identity.owner
        off = Button("外す", "small", name=f"settings.certificates.{number}.remove")
        off.setAccessibleName(f"{title} の証明書を外す")
        off.clicked.connect(lambda _=False: self._ask(kept))
        name = f"settings.certificates.{number}"
        icon, colour = ("stamp", "ink2") if kept.in_date else ("triangle-alert", "warn")
        return ListRow(
            icon, title, certificate_words(kept), [off], icon_colour=colour, inset=0, name=name
        )

    def _ask(self, kept: KeptCertificate) -> None:
        """The key is gone then: said twice."""

        def remove() -> None:
            def done(_nothing: object) -> None:
                self._show(self._certificates.list())
                self._changed()
                self.tell("ok", f"{kept.identity.owner}の証明書を外しました。")

            self.act(lambda: self._certificates.drop(kept.id), done)

        words = f"{kept.identity.owner}の証明書を外すと、これで署名できなくなります。"
        note = "もう一度使うには、元のファイルから取り込みます。"
        self.ask(words, note, ("外す", remove), "外さない")


class OfficeCard(VaultCard):
    """The way from one company to the office that files for many."""

    def __init__(self, show_office: Callable[[], None]) -> None:
        super().__init__("事務所", "settings.office")
        row = QHBoxLayout()
        row.setSpacing(12)
        note = "たくさんの会社の届を出す事務所は、会社の鍵を一つのファイルにまとめて、一つの合言葉で開けます。"
        row.addWidget(wrap_label(note, "body", "ink"), 1)
        go = Button("事務所をひらく・つくる", "small", "library", name="settings.office.open")
        go.clicked.connect(lambda _=False: show_office())
        row.addWidget(go)
        self.body.addLayout(row)


def certificate_words(kept: KeptCertificate) -> str:
    """Who issued a certificate and until when it holds."""
    day = kept.identity.valid_to.astimezone(JST)
    until = f"{day.year}年{day.month}月{day.day}日まで"
    word = until if kept.in_date else f"{until}。いまは使えません"
    return f"発行 {kept.identity.issuer}  ・  {word}"


def filing_cards(desk: Any) -> list[QWidget]:
    """The cards of the open company; none where its desk does not know who files."""
    standing = standing_of(desk)
    if standing is None:
        return []
    return [CapacityCard(standing), CertificateCard(standing.certificates)]
