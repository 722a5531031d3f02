"""The office files on this machine: list, create, open. They lie beside the companies' vaults."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.errors import BadInput, Known, VaultFault
from app.services.companies import check_passphrase
from app.services.office.office import Office, OfficeParts
from app.store.office_file import OFFICE_SUFFIX, OfficeFile

if TYPE_CHECKING:
    from app.services.keys import KeyRing
    from app.store.key import VaultKey

_FORBIDDEN = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]')
_LONGEST = 40


@dataclass(frozen=True)
class OfficeCard:
    """An office file as the first page lists it: its name is that of its file."""

    path: Path
    name: str
    practice: bool


@dataclass(frozen=True)
class CreatedOffice:
    """A new office, open, with the text of its recovery sheet, shown once."""

    office: Office
    card: OfficeCard
    recovery_text: str = field(repr=False)


class Offices:
    """The office files in the folder of the companies; `migrations` are those of office files."""

    def __init__(
        self, migrations: Path, parts: OfficeParts, keyring: Callable[[], KeyRing]
    ) -> None:
        self._migrations = migrations
        self._parts = parts
        self._keyring = keyring

    @property
    def folder(self) -> Path:
        """Where they lie."""
        return self._parts.companies.folder

    def cards(self) -> list[OfficeCard]:
        """The office files, by name; one whose key file cannot be read counts as real."""
        try:
            found = sorted(self.folder.glob(f"*{OFFICE_SUFFIX}")) if self.folder.is_dir() else []
        except OSError:
            return []
        return [_card(path) for path in found]

    def create(self, name: str, passphrase: str, *, practice: bool) -> CreatedOffice:
        """Makes an office file and opens it.

        Raises:
            BadInput: a name that cannot name a file, or a short passphrase.
            VaultFault: the file cannot be made, or one of that name is there.
        """
        said = name.strip()
        if not said or len(said) > _LONGEST or _FORBIDDEN.search(said) or said.startswith("."):
            raise BadInput(
                "office-name",
                f"事務所の名前は {_LONGEST}字までで、/ や : などの記号を除いて入れてください。",
            )
        check_passphrase(passphrase)
        path = self.folder / f"{'practice-' if practice else ''}{said}{OFFICE_SUFFIX}"
        if path.exists():
            raise VaultFault("office-there", "同じ名前の事務所が、もうあります。")
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file, recovery = OfficeFile.create(
            path, passphrase, practice=practice, migrations=self._migrations,
            clock=self._parts.clock,
        )  # fmt: skip
        return CreatedOffice(Office(file, self._parts), _card(path), recovery)

    def open(self, card: OfficeCard, passphrase: str) -> Office:
        """Opens with the passphrase. Raises VaultFault."""
        from app.store.key_file import unlock_with_passphrase

        return self._open(card, unlock_with_passphrase(card.path, passphrase))

    def open_with_recovery(self, card: OfficeCard, text: str) -> Office:
        """Opens with the text of the recovery sheet. Raises VaultFault."""
        from app.store.key_file import unlock_with_recovery

        return self._open(card, unlock_with_recovery(card.path, text))

    def open_with_keyring(self, card: OfficeCard) -> Office:
        """Opens with this computer's keyring. Raises Known when it holds no key for the file."""
        from app.store.key_file import read_key_file, unlock_with_secret

        secret = self._keyring().get(read_key_file(card.path).vault_id)
        if secret is None:
            raise Known("keyring-empty", "このパソコンの鍵では開けません。合言葉を入れてください。")
        return self._open(card, unlock_with_secret(card.path, secret))

    def use_keyring(self, office: Office) -> None:
        """Lets this computer's keyring open the office from now on. Raises Known."""
        from app.store.key_changes import add_keyring_slot

        keyring = self._keyring()
        if why := keyring.available():
            raise Known("keyring-unavailable", why)
        secret = add_keyring_slot(office.file.path, office.file.key, clock=self._parts.clock)
        keyring.put(office.file.id, secret)

    def change_passphrase(self, office: Office, old: str, new: str) -> None:
        """The new passphrase opens, the old one no longer does.

        Raises BadInput for a short one, VaultFault wrong_passphrase for a wrong `old`.
        """
        from app.store.key_changes import change_passphrase
        from app.store.key_file import unlock_with_passphrase

        check_passphrase(new)
        file = office.file
        unlock_with_passphrase(file.path, old).forget()
        change_passphrase(file.path, file.key, new, clock=self._parts.clock)

    def _open(self, card: OfficeCard, key: VaultKey) -> Office:
        try:
            file = OfficeFile.open(
                card.path, key, migrations=self._migrations, clock=self._parts.clock
            )
        finally:
            key.forget()
        return Office(file, self._parts)


def _card(path: Path) -> OfficeCard:
    from app.store.key_file import read_key_file

    try:
        practice = read_key_file(path).practice
    except VaultFault:
        practice = False
    return OfficeCard(path, path.stem.removeprefix("practice-"), practice)
