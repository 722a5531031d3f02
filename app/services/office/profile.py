"""What an office says of itself once for all its companies: name, 社会保険労務士, 提出代行証明書."""

from __future__ import annotations

import json
from dataclasses import dataclass

from app.domain.errors import BadInput
from app.services.standing import HALF_CONSULTANT, KIND, whole_consultant
from app.store.office_file import OfficeFile
from app.store.rows import DocumentRow

_KEY = "profile"
_PROOF = "proof"
_SIGNS = {"pdf": b"%PDF-", "jpg": b"\xff\xd8\xff", "jpeg": b"\xff\xd8\xff"}


@dataclass(frozen=True)
class Said:
    """The office's name; 社会保険労務士コード (eight digits) and name, both "" where there is none.

    `certificate_id` names the kept certificate that batches are signed with.
    """

    office: str
    consultant_number: str = ""
    consultant: str = ""
    certificate_id: str = ""


class Profile:
    """Reads and keeps it in the office file. Raises VaultFault for what the file cannot do."""

    def __init__(self, file: OfficeFile) -> None:
        self._file = file

    def read(self) -> Said:
        """What is kept; the name of the file stands for the name until another is said."""
        text = self._file.meta.get(_KEY)
        return Said(**json.loads(text)) if text else Said(name_of(self._file))

    def say(self, said: Said) -> None:
        """Keeps it. Raises BadInput: no name, or half of a 社会保険労務士."""
        office, number, name = (
            t.strip() for t in (said.office, said.consultant_number, said.consultant)
        )
        if not office:
            raise BadInput("office-name", "事務所の名前を入れてください。")
        if not whole_consultant(number, name):
            raise BadInput("office-consultant", HALF_CONSULTANT)
        kept = Said(office, number, name, said.certificate_id)
        self._file.meta.set(_KEY, json.dumps(kept.__dict__, ensure_ascii=False))

    def keep_proof(self, file_name: str, content: bytes, vault_id: str = "") -> DocumentRow:
        """Takes in a 提出代行証明書 (PDF or JPEG): for one company, or ("") for all that have none.

        Raises BadInput for another kind of file, VaultFault not_found for a strange company.
        """
        kind = file_name.rpartition(".")[2].lower()
        if not content.startswith(_SIGNS.get(kind, b"\0")):
            raise BadInput(
                "agency-proof-kind",
                "提出代行証明書は PDF か JPEG のファイルにしてください。"
                "中身と拡張子が合っているかも確かめてください。",
            )
        document = self._file.documents.keep(file_name, content, KIND)
        if vault_id:
            self._file.set_proof(vault_id, document)
        else:
            self._file.meta.set(_PROOF, document)
        return self._file.documents.get(document)

    def proof_of(self, vault_id: str = "") -> DocumentRow | None:
        """The 提出代行証明書 that goes along for a company (or the one for all), without its content."""
        own = self._file.company(vault_id).proof if vault_id else ""
        wanted = own or self._file.meta.get(_PROOF)
        return next((row for row in self._file.documents.list() if row.id == wanted), None)


def name_of(file: OfficeFile) -> str:
    """The name in the file's own name."""
    return file.path.stem.removeprefix("practice-")
