"""In what role filings leave for this company: 本人, or 提出代行 by an office with its certificate.

The 提出代行証明書 of the company is kept once and goes along with every e-Gov application until the
office's mandate ends. Every filing names account and capacity; portals and doors other than e-Gov
know no 提出代行, so through them the company files for itself.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from app.domain.clock import Clock
from app.domain.errors import BadInput, Known
from app.domain.filing import Capacity
from app.services.sealing import Filer
from app.store.accounts import Accounts
from app.store.documents import Documents
from app.store.meta import Meta
from app.store.vault import Vault

if TYPE_CHECKING:
    from app.forms.certificate import Signer
    from app.forms.payload import Attachment
    from app.services.certificates import Certificates

TITLE = "提出代行証明書"
KIND = "agency-proof"
_KEY = "agency"
_CODE = 8
HALF_CONSULTANT = (
    "社会保険労務士は、コード(8桁の数字)と氏名の両方を入れてください。"
    "どちらもなければ空けておきます。"
)
_SIGNS = {"pdf": b"%PDF-", "jpg": b"\xff\xd8\xff", "jpeg": b"\xff\xd8\xff"}


@dataclass(frozen=True)
class Agent:
    """The office that files for this company: its name, and the kept 提出代行証明書.

    `consultant_number` (社会保険労務士コード, eight characters) and `consultant` (the name) stand in
    the pension office's files; both are "" where no 社会保険労務士 files.
    """

    office: str
    document: str
    file_name: str
    consultant_number: str = ""
    consultant: str = ""


def whole_consultant(number: str, name: str) -> bool:
    """Whether a 社会保険労務士 is said whole (a code of eight digits and a name), or not at all."""
    if not number and not name:
        return True
    return bool(name) and len(number) == _CODE and number.isascii() and number.isdigit()


class Standing:
    """Who files for one company. `signed_in` names whoever is signed in ("" for nobody)."""

    def __init__(
        self,
        vault: Vault,
        company: tuple[str, str],
        account_id: str,
        signed_in: Callable[[], str],
        clock: Clock,
    ) -> None:
        self._documents = Documents(vault)
        self._meta = Meta(vault)
        self._company = company
        self._account_id = account_id
        self._signed_in = signed_in
        self._vault = vault
        self._clock = clock

    @cached_property
    def certificates(self) -> Certificates:
        """The certificates that packages can be signed with; made when first asked for."""
        from app.services.certificates import Certificates

        return Certificates(Accounts(self._vault), self._clock)

    def appoint(
        self,
        office: str,
        file_name: str,
        content: bytes,
        *,
        consultant_number: str = "",
        consultant: str = "",
    ) -> Agent:
        """From now on `office` files for the company, with this 提出代行証明書 (PDF or JPEG).

        Raises:
            BadInput: no name, a file that cannot be sent along, or half of a 社会保険労務士.
        """
        name = office.strip()
        if not name:
            raise BadInput("agency-office", "提出を代行する事務所の名前を入れてください。")
        number, person = consultant_number.strip(), consultant.strip()
        if not whole_consultant(number, person):
            raise BadInput("agency-consultant", HALF_CONSULTANT)
        kind = file_name.rpartition(".")[2].lower()
        if not content.startswith(_SIGNS.get(kind, b"\0")):
            raise BadInput(
                "agency-proof-kind",
                "提出代行証明書は PDF か JPEG のファイルにしてください。"
                "中身と拡張子が合っているかも確かめてください。",
            )
        document = self._documents.keep(file_name, content, KIND)
        agent = Agent(name, document, f"{TITLE}.{kind}", number, person)
        self._meta.set(_KEY, json.dumps(agent.__dict__, ensure_ascii=False))
        return agent

    def dismiss(self) -> None:
        """The company files for itself again. What was sent keeps its capacity."""
        self._meta.set(_KEY, "")

    def agent(self) -> Agent | None:
        """The office that files for the company; None when it files for itself."""
        text = self._meta.get(_KEY)
        return Agent(**json.loads(text)) if text else None

    def filer(self) -> Filer:
        """Who files now, for whom and in what role."""
        who = self._signed_in()
        account = f"{who}(GビズID)" if who else "まだサインインしていません"
        capacity = Capacity.HONNIN if self.agent() is None else Capacity.TEISHUTSU_DAIKO
        return Filer(*self._company, self._account_id, account, capacity)

    def attachments(self) -> tuple[Attachment, ...]:
        """What goes along with every e-Gov application in this role.

        Raises:
            Known: the kept 提出代行証明書 is not there any more.
        """
        from app.forms.payload import Attachment

        agent = self.agent()
        if agent is None:
            return ()
        try:
            content = self._documents.get(agent.document).content
        except Known:
            raise Known(
                "agency-proof-lost",
                "提出代行証明書が見つかりません。設定でもう一度取り込んでください。",
            ) from None
        return (Attachment(TITLE, agent.file_name, content),)

    def signer(self, certificate_id: str) -> Signer | None:
        """Who signs with a kept certificate; None for "". Raises Known."""
        return self.certificates.signer(certificate_id) if certificate_id else None
