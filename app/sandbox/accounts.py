"""The people of the town: practice accounts of gBizID and e-Gov, read from resources/sandbox."""

from __future__ import annotations

import hmac
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Account:
    """One practice account; `profile` and `user` are gBizID claims under their real names."""

    address: str
    password: str
    provider: str
    label: str
    sub: str
    account_type: int
    profile: dict[str, Any] = field(default_factory=dict)
    user: dict[str, Any] = field(default_factory=dict)
    mandate_info: list[dict[str, str]] = field(default_factory=list)
    verified_claims: dict[str, Any] = field(default_factory=dict)
    role: dict[str, Any] = field(default_factory=dict)
    delegation_info: dict[str, Any] = field(default_factory=dict)
    approved_number: str = ""
    capacity: str = "本人"

    def knows(self, password: str) -> bool:
        """Whether the password is this account's."""
        return hmac.compare_digest(self.password.encode("utf-8"), password.encode("utf-8"))


def load_accounts(resources: Path) -> dict[str, Account]:
    """Every practice account by provider and address, as 'gbizid:who@…' or 'egov:who@…'."""
    rows = json.loads((resources / "accounts.json").read_text("utf-8"))
    accounts = [Account(**row) for row in rows["accounts"]]
    return {f"{account.provider}:{account.address}": account for account in accounts}
