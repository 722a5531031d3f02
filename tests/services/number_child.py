"""The program that is killed between seal and send: seals a notice with a 個人番号 and waits.

python number_child.py VAULT NUMBER NAME      (the vault's key in hex on standard input)
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from app.domain.clock import system_clock
from app.facts.catalogue import load_catalogue
from app.forms.library import ProcedureLibrary
from app.services.my_number import MyNumbers
from app.services.social.desk import load_social_data, open_social_desk
from app.services.social.insurer import ACQUISITION
from app.store.key import VaultKey
from app.store.vault import Vault

RESOURCES = Path(__file__).resolve().parents[2] / "resources"


def main() -> None:
    """Seals, says the filing's id, and waits to be killed."""
    path, number, name = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    key_text, my_number = sys.stdin.readline().split()
    vault = Vault.open(
        path, VaultKey(bytes.fromhex(key_text)), migrations=RESOURCES / "migrations",
        clock=system_clock,
    )  # fmt: skip
    catalogue = load_catalogue(RESOURCES)
    desk = open_social_desk(
        vault, (name, number), "egov", load_social_data(RESOURCES, catalogue), catalogue,
        ProcedureLibrary(RESOURCES, catalogue), system_clock, person="山本",
    )  # fmt: skip
    with MyNumbers() as numbers:
        numbers.put("e1", my_number)
        (filing_id,) = desk.seal(ACQUISITION, my_numbers=numbers)
    os.write(1, f"{filing_id}\n".encode())
    sys.stdin.read()


if __name__ == "__main__":
    main()
