"""提出代行 by an office, as a company's filings leave: account, capacity, 提出代行証明書, certificate.

What is the office's lies in the office file and serves all its companies; a company may have a
提出代行証明書 of its own there.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from app.domain.clock import Clock
from app.domain.errors import Known
from app.domain.filing import Capacity
from app.services.office.profile import Profile
from app.services.sealing import Filer
from app.services.standing import TITLE, Agent, Standing
from app.store.office_file import OfficeFile
from app.store.vault import Vault

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.forms.payload import Attachment
    from app.services.certificates import Certificates


class OfficeStanding(Standing):
    """Who files for a company that is open through its office."""

    def __init__(
        self,
        file: OfficeFile,
        vault: Vault,
        company: tuple[str, str],
        account_id: str,
        signed_in: Callable[[], str],
        clock: Clock,
    ) -> None:
        super().__init__(vault, company, account_id, signed_in, clock)
        self._file = file
        self._profile = Profile(file)

    @cached_property
    def certificates(self) -> Certificates:
        """The office's certificates."""
        from app.services.certificates import Certificates

        return Certificates(self._file.accounts, self._clock)

    def appoint(
        self,
        office: str,
        file_name: str,
        content: bytes,
        *,
        consultant_number: str = "",
        consultant: str = "",
    ) -> Agent:
        """Not for a company that is open through its office: the office says it once for all."""
        raise Known("office-appoints", _ELSEWHERE)

    def dismiss(self) -> None:
        """Not here either. To file as 本人, the company is opened by its own passphrase."""
        raise Known("office-appoints", _ELSEWHERE)

    def agent(self) -> Agent:
        """The office; `document` is "" while there is no 提出代行証明書 for this company."""
        said = self._profile.read()
        document = self._profile.proof_of(self._vault.id)
        kind = document.name.rpartition(".")[2].lower() if document else "pdf"
        return Agent(
            said.office,
            document.id if document else "",
            f"{TITLE}.{kind}",
            said.consultant_number,
            said.consultant,
        )

    def filer(self) -> Filer:
        """The office's account, as 提出代行."""
        who = self._signed_in()
        account = f"{who}(事務所のアカウント)" if who else "事務所はまだサインインしていません"
        return Filer(*self._company, self._account_id, account, Capacity.TEISHUTSU_DAIKO)

    def attachments(self) -> tuple[Attachment, ...]:
        """The 提出代行証明書 for this company. Raises Known while there is none."""
        from app.forms.payload import Attachment

        agent = self.agent()
        if not agent.document:
            raise Known(
                "office-no-proof",
                "提出代行証明書がまだありません。「事務所」の画面で取り込んでください。",
            )
        content = self._file.documents.get(agent.document).content
        return (Attachment(TITLE, agent.file_name, content),)


_ELSEWHERE = (
    "事務所から開いた会社の届は、いつも事務所の提出代行で出ます。"
    "変えるときは、「事務所」の画面で変えてください。"
)
