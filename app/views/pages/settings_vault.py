"""What the settings page does with the keys, the backups and the accounts of the open company."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.domain.errors import BadInput
from app.services.companies import Created, check_passphrase
from app.store.backup import BackupRow, backups_of
from app.store.key_changes import change_passphrase, new_recovery_text
from app.store.key_file import read_key_file, rebuild_key_file, unlock_with_passphrase
from app.store.rows import AccountRow
from app.views.vault_faults import note_backup, note_keys

SOFTWARE, REGISTER, GBIZINFO = "egov-software", "houjin-bangou", "gbizinfo"


class VaultSettings:
    """Keys, backups and registered ids of one open company. Every call may block and raise Known."""

    def __init__(self, desk: Any, house: Any) -> None:
        self._desk, self._house = desk, house
        self._path: Path = desk.card.path

    def change_passphrase(self, old: str, new: str, again: str) -> None:
        """The new passphrase opens from now on. Raises BadInput or VaultFault."""
        self._check_new(new, again)
        unlock_with_passphrase(self._path, old)
        change_passphrase(self._path, self._desk.opened.key, new, clock=self._desk.clock)

    @staticmethod
    def _check_new(new: str, again: str) -> None:
        if new != again:
            raise BadInput(
                "passphrase-differs", "新しい合言葉が 2つで合いません。打ち直してください。"
            )
        check_passphrase(new)

    def rebuild_keys(self, new: str, again: str) -> None:
        """A key file anew, for the key that opened the company, where its own is lost or altered.

        Raises BadInput or VaultFault.
        """
        self._check_new(new, again)
        rebuild_key_file(
            self._path,
            self._desk.opened.key,
            new,
            vault_id=self._desk.vault.id,
            practice=self._desk.practice,
            clock=self._desk.clock,
        )
        note_keys(self._desk, None)

    def recovery_pdf(self) -> bytes:
        """The recovery sheet again, as a PDF."""
        text = new_recovery_text(self._path, self._desk.opened.key, clock=self._desk.clock)
        pdf: bytes = self._house.recovery_pdf(Created(self._desk.opened, text))
        return pdf

    def keyring_on(self) -> bool:
        """Whether this computer's keyring opens the company."""
        return bool(read_key_file(self._path).of_kind("keyring"))

    def use_keyring(self, on: bool) -> None:
        """Let the keyring open the company, or no longer."""
        if on:
            self._house.companies.use_keyring(self._desk.opened)
        else:
            self._house.companies.forget_keyring(self._desk.opened)

    def back_up_to(self, path: Path) -> None:
        """An encrypted copy, with its keys beside it, at `path`."""
        self._desk.vault.back_up_to(path)
        note_backup(self._desk, None)

    def backups(self) -> list[BackupRow]:
        """The copies made by themselves, newest first."""
        return backups_of(self._path)

    def registered(self) -> dict[str, str]:
        """The ids kept in this vault: software_id, api_key, application_id,
        gbizinfo_token ("" when not there)."""
        mine = {row.id: row.tokens for row in self._desk.accounts.list()}
        egov, register = mine.get(SOFTWARE, {}), mine.get(REGISTER, {})
        return {
            "software_id": egov.get("software_id", ""),
            "api_key": egov.get("api_key", ""),
            "application_id": register.get("application_id", ""),
            "gbizinfo_token": mine.get(GBIZINFO, {}).get("token", ""),
        }

    def register(self, texts: Mapping[str, str]) -> None:
        """Keep the ids in the vault, where the credentials of a door lie."""
        at = self._desk.clock()
        egov = {name: texts[name].strip() for name in ("software_id", "api_key")}
        register = {"application_id": texts["application_id"].strip()}
        self._desk.accounts.save(
            AccountRow(
                SOFTWARE, "egov", "software", "e-Gov ソフトウェアID", tokens=egov, updated_at=at
            )
        )
        self._desk.accounts.save(
            AccountRow(
                REGISTER,
                "houjin_bangou",
                "application",
                "法人番号 Web-API",
                tokens=register,
                updated_at=at,
            )
        )
        token = texts.get("gbizinfo_token", "").strip()
        if token or self.registered()["gbizinfo_token"]:
            self._desk.accounts.save(
                AccountRow(
                    GBIZINFO,
                    "gbizinfo",
                    "token",
                    "gBizINFO",
                    tokens={"token": token},
                    updated_at=at,
                )
            )
