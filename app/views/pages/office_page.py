"""事務所: its companies, what it says of itself, its proof and certificate, and how it opens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.errors import Known
from app.services.companies import CompanyCard
from app.services.office.office import Office
from app.services.office.profile import Said
from app.store.office_file import OfficeCompany
from app.views.page import Page, Window
from app.views.pages.outbox_column import ScrollColumn
from app.views.pages.settings_doors import RegisteredCard
from app.views.pages.settings_filing import PROOF_LIMIT, CertificateCard, FileCard, read_whole
from app.views.pages.settings_keys import VaultCard
from app.views.pages.settings_vault import VaultSettings
from app.views.theme import current
from app.views.widgets.button import Button
from app.views.widgets.field import SecretField, SelectField, TextField
from app.views.widgets.lines import hairline, label, wrap_label
from app.views.widgets.plate import SealPlate
from app.views.widgets.row import ListRow

_ROW, _MOST_SEEN = 60, 5
"""A company's row in logical pixels, and how many are seen before the list scrolls by itself."""


class CompaniesCard(VaultCard):
    """The companies of the office: take one in with its passphrase, take one out."""

    def __init__(self, office: Office, window: Window) -> None:
        super().__init__("会社", "office.companies")
        self._office = office
        self._window = window
        self._strangers: list[CompanyCard] = []
        note = (
            "くわえるときに、その会社の合言葉を一度だけ聞きます。会社の鍵を、事務所のファイルに"
            "暗号化して置きます。鍵が新しくなった会社も、ここで入れ直します。"
        )
        self.body.addWidget(wrap_label(note, "note", "ink2"))
        row = QHBoxLayout()
        row.setSpacing(8)
        self.which = SelectField([], name="office.companies.which", spoken="くわえる会社")
        self.passphrase = SecretField(
            "会社の合言葉", name="office.companies.passphrase", spoken="くわえる会社の合言葉"
        )
        self.passphrase.returnPressed.connect(self.add)
        self.go = Button("くわえる", name="office.companies.add")
        self.go.clicked.connect(lambda _=False: self.add())
        row.addWidget(self.which, 1)
        row.addWidget(self.passphrase, 1)
        row.addWidget(self.go)
        self.body.addLayout(row)
        self._rows = ScrollColumn()
        self.body.addWidget(self._rows)
        self.show_all()

    def show_all(self) -> None:
        """Reads the companies again, and those that could come in."""
        column, companies = self._rows.renew(), self._office.companies()
        for company in companies:
            column.addWidget(hairline())
            column.addWidget(self._row(company))
        if not companies:
            column.addWidget(wrap_label("会社はまだありません。", "body", "ink"))
        column.addStretch(1)
        seen = min(_MOST_SEEN, max(1, len(companies)))
        self._rows.setFixedHeight(current().grown(seen * (_ROW + 1)))
        inside = [self._office.card(company) for company in companies]
        self._strangers = [*self._office.strangers(), *inside]
        self.which.clear()
        self.which.addItem("", "")
        for number, card in enumerate(self._strangers):
            again = "(入れ直す)" if card in inside else ""
            self.which.addItem(f"{card.name}{again}", str(number))

    def add(self) -> None:
        """Takes the chosen company in; its passphrase is forgotten at once."""
        value, text = self.which.value(), self.passphrase.text()
        if not value:
            self.tell("warn", "くわえる会社を選んでください。")
            return
        card = self._strangers[int(value)]
        self.passphrase.clear()
        self.passphrase.hide_letters()

        def done(company: OfficeCompany) -> None:
            self.show_all()
            self.tell("ok", f"{company.name}をくわえました。これからは、事務所から開けます。")
            self._window.update_status()

        def again() -> None:
            self.passphrase.setFocus(Qt.FocusReason.OtherFocusReason)

        self.act(lambda: self._office.add(card, text), done, again)

    def _row(self, company: OfficeCompany) -> QWidget:
        off = Button("外す", "small", name=f"office.companies.{company.vault_id}.remove")
        off.setAccessibleName(f"{company.name}を事務所から外す")
        off.clicked.connect(lambda _=False: self._ask(company))
        note = f"法人番号 {company.corporate_number}"
        if company.proof:
            note += " ・ 自分の提出代行証明書あり"
        plate = SealPlate(company.kanji, company.plate, 32)
        name = f"office.companies.{company.vault_id}"
        return ListRow(None, company.name, note, [off], left=plate, inset=0, height=_ROW, name=name)

    def _ask(self, company: OfficeCompany) -> None:
        def remove() -> None:
            def done(_nothing: object) -> None:
                self.show_all()
                self.tell("ok", f"{company.name}を外しました。会社のファイルは、そのままあります。")
                self._window.update_status()

            self.act(lambda: self._office.remove(company.vault_id), done)

        words = f"{company.name}の鍵を、事務所のファイルから消します。"
        note = "会社のファイルは消えません。会社の合言葉で開けます。"
        self.ask(words, note, ("外す", remove), "外さない")


class ProfileCard(VaultCard):
    """Name and 社会保険労務士 of the office, and the certificate that its batches are signed with."""

    def __init__(self, office: Office) -> None:
        super().__init__("事務所のこと", "office.profile")
        self._office = office
        self.name = TextField("", "事務所の名前", name="office.profile.name", spoken="事務所の名前")
        self.number = TextField(
            "", "社会保険労務士コード(8桁)", name="office.profile.number",
            spoken="社会保険労務士コード",
        )  # fmt: skip
        self.person = TextField(
            "", "社会保険労務士の氏名", name="office.profile.person",
            spoken="社会保険労務士の氏名",
        )  # fmt: skip
        self.certificate = SelectField(
            [], name="office.profile.certificate", spoken="署名に使う証明書"
        )
        for words, field in (
            ("名前", self.name),
            ("社労士コード", self.number),
            ("社労士の氏名", self.person),
            ("署名に使う証明書", self.certificate),
        ):
            row = QHBoxLayout()
            row.setSpacing(12)
            left = label(words, "label", "ink2")
            left.setMinimumWidth(132)
            row.addWidget(left)
            row.addWidget(field, 1)
            self.body.addLayout(row)
        row = QHBoxLayout()
        row.addStretch(1)
        keep = Button("残す", name="office.profile.keep")
        keep.clicked.connect(lambda _=False: self.keep())
        row.addWidget(keep)
        self.body.addLayout(row)
        self.show_kept()

    def show_kept(self) -> None:
        """Shows what is kept, and the certificates there are now."""
        said = self._office.profile.read()
        self.name.show_text(said.office)
        self.number.show_text(said.consultant_number)
        self.person.show_text(said.consultant)
        self.show_certificates(said.certificate_id)

    def show_certificates(self, chosen: str) -> None:
        """The certificates to choose from."""
        self.certificate.clear()
        self.certificate.addItem("署名しない", "")
        for kept in self._office.certificates.list():
            self.certificate.addItem(kept.identity.owner, kept.id)
        self.certificate.set_value(chosen)

    def keep(self) -> None:
        """Keeps what stands here."""
        said = Said(
            self.name.text(), self.number.text(), self.person.text(), self.certificate.value()
        )

        def done(_nothing: object) -> None:
            self.tell("ok", "残しました。これから出す届に使います。")

        self.act(lambda: self._office.profile.say(said), done)


class ProofCard(FileCard):
    """提出代行証明書: one for all companies, or one company's own."""

    def __init__(self, office: Office) -> None:
        super().__init__("提出代行証明書", "office.proof")
        self._office = office
        self.state = wrap_label("", "body", "ink")
        self.state.setObjectName("office.proof.state")
        self.body.addWidget(self.state)
        note = (
            "PDF か JPEG です。事務所から出す届に、いつも添えます。会社ごとに別のものも置けます。"
        )
        self.body.addWidget(wrap_label(note, "note", "ink2"))
        words = [(c.vault_id, c.name) for c in office.companies()]
        self.whose = SelectField(words, name="office.proof.whose", spoken="どの会社の証明書か")
        self.whose.setItemText(0, "すべての会社")
        self.body.addWidget(self.whose)
        self.body.addLayout(
            self._file_row("証明書のファイルを選ぶ", "PDF、JPEG (*.pdf *.jpg *.jpeg)")
        )
        row = QHBoxLayout()
        row.addStretch(1)
        go = Button("取り込む", name="office.proof.go")
        go.clicked.connect(lambda _=False: self.take_in())
        row.addWidget(go)
        self.body.addLayout(row)
        self._show()

    def take_in(self) -> None:
        """Keeps the chosen file, encrypted, in the office file."""
        path, vault_id = self._path, self.whose.value()
        if path is None:
            self.tell("warn", "提出代行証明書のファイルを選んでください。")
            return

        def done(_kept: object) -> None:
            self.choose(None)
            self._show()
            self.tell("ok", "取り込みました。これから出す届に添えます。")

        keep = self._office.profile.keep_proof
        self.act(lambda: keep(path.name, read_whole(path, PROOF_LIMIT), vault_id), done)

    def _show(self) -> None:
        kept = self._office.profile.proof_of()
        words = f"すべての会社: {kept.name}" if kept else "すべての会社のものは、まだありません。"
        self.state.set_text(words)


class WaysCard(VaultCard):
    """How the office file opens: its passphrase, and this computer's keyring."""

    def __init__(self, office: Office, house: Any) -> None:
        super().__init__("事務所の鍵", "office.ways")
        self._office, self._offices = office, house.offices
        row = QHBoxLayout()
        row.setSpacing(8)
        self.old = SecretField(
            "いまの合言葉", name="office.ways.old", spoken="事務所のいまの合言葉"
        )
        self.first = SecretField(
            "新しい合言葉", name="office.ways.first", spoken="事務所の新しい合言葉"
        )
        self.second = SecretField(
            "もう一度", name="office.ways.second", spoken="新しい合言葉をもう一度"
        )
        go = Button("合言葉をかえる", name="office.ways.change")
        go.clicked.connect(lambda _=False: self.change())
        for part in (self.old, self.first, self.second, go):
            row.addWidget(part)
        self.body.addLayout(row)
        row = QHBoxLayout()
        note = "ロックのあとは合言葉を聞きます。キーリングで開けるのは、はじめるときだけです。"
        row.addWidget(wrap_label(note, "note", "ink2"), 1)
        ring = Button(
            "このパソコンの鍵でも開く", icon="fingerprint-pattern", name="office.ways.ring"
        )
        ring.clicked.connect(lambda _=False: self._use_keyring())
        row.addWidget(ring)
        self.body.addLayout(row)

    def change(self) -> None:
        """The new passphrase opens, the old one does not; the fields are emptied."""
        old, first, second = self.old.text(), self.first.text(), self.second.text()
        for field in (self.old, self.first, self.second):
            field.clear()
            field.hide_letters()
        if first != second:
            self.tell("danger", "二つの合言葉がちがいます。入れ直してください。")
            return
        self.act(
            lambda: self._offices.change_passphrase(self._office, old, first),
            lambda _: self.tell("ok", "合言葉をかえました。前の合言葉では開けません。"),
        )

    def _use_keyring(self) -> None:
        self.act(
            lambda: self._offices.use_keyring(self._office),
            lambda _: self.tell("ok", "次にはじめるときは、このパソコンの鍵でも開けます。"),
        )


class OfficePage(Page):
    """設定 while all companies are shown."""

    place = "settings"

    def __init__(self, desk: Any, window: Window, house: Any) -> None:
        super().__init__(desk, window)
        self.setObjectName("office")
        self.title = "事務所"
        self.note = desk.office.name
        office = desk.office
        self.companies = CompaniesCard(office, window)
        self.profile = ProfileCard(office)
        self.proof = ProofCard(office)
        self.certificates = CertificateCard(office.certificates, self._certificates_changed)
        self.ways = WaysCard(office, house)
        self._scroll = ScrollColumn((0, 4, 12, 24))
        column = self._scroll.column
        column.setSpacing(16)
        for card in (self.companies, self.profile, self.proof, self.certificates, self.ways):
            column.addWidget(card)
        if not desk.practice:
            column.addWidget(RegisteredCard(VaultSettings(desk, house), "事務所"))
        column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._scroll)

    def columns(self) -> Sequence[QWidget]:
        """One column."""
        return [self._scroll]

    def first_focus(self) -> QWidget:
        return self.companies.which

    def header_actions(self) -> list[QWidget]:
        sign_in = Button("事務所でサインイン", icon="log-in", name="office.sign_in")
        sign_in.clicked.connect(lambda _=False: self.window_.show_page("sign_in"))
        return [sign_in]

    def refresh(self) -> None:
        """Reads the companies again."""
        try:
            self.companies.show_all()
        except Known as fault:
            self.window_.say(fault.sentence)

    def leaving(self) -> None:
        """No passphrase stays."""
        ways = self.ways
        for field in (self.companies.passphrase, ways.old, ways.first, ways.second):
            field.clear()
            field.hide_letters()

    def _certificates_changed(self) -> None:
        kept = [one.id for one in self.desk.office.certificates.list()]
        chosen = self.profile.certificate.value()
        self.profile.show_certificates(chosen if chosen in kept else (kept[0] if kept else ""))
