"""A practice company whose application for a grant is sealed, from the folder's own case."""

from __future__ import annotations

import tomllib
from typing import Any

from app.forms.case_grammar import Act
from app.forms.cases import carry_out, records_of
from app.services.companies import CompanyCard, Opened
from app.services.connectors.houjin_bangou import to_records
from app.store.key_file import create_key_file
from app.store.records import Records
from app.store.vault import Vault
from tests.sandbox.portal_answers import PDF
from tests.services.open_desk import CHEAP, NUMBER, ROOT

PROCEDURES = ROOT / "resources" / "procedures"
RENSHU = "jgrants/renshu_hojokin"
JIZOKUKA = "chusho/jizokuka"
CASES = {RENSHU: "full", JIZOKUKA: "third"}
FILES = {
    RENSHU: {"f_kessan": PDF + b"1", "f_touki": PDF + b"2"},
    JIZOKUKA: {"f_youshiki4": PDF + b"3", "f_bs": PDF + b"4", "f_pl": PDF + b"5"},
}
NOT_ITS_OWN = ("company.corporate_number", "company.name", "company.kana", "company.kind", "company.head_office")  # fmt: skip


def open_company(inner: Any, procedure: str = RENSHU) -> Any:
    """The desk of a company made without a window; it is the one of the account at GビズID."""
    entry = inner.companies.look_up(NUMBER, practice=True)
    path = inner.vault_folder / f"practice-{NUMBER}.vault"
    path.parent.mkdir(parents=True, exist_ok=True)
    key, _ = create_key_file(path, "a passphrase", practice=True, cost=CHEAP)
    vault = Vault.create(
        path, key, practice=True, migrations=ROOT / "resources" / "migrations", clock=inner.clock
    )
    card = CompanyCard(path, entry.name, NUMBER, entry.city_name, "ai", "社", True)
    inner.companies.remember(card)
    folder = PROCEDURES / procedure / "cases"
    told = tomllib.loads((folder / "_minato.toml").read_text("utf-8"))["facts"]
    books = tomllib.loads((folder / f"{CASES[procedure]}.toml").read_text("utf-8")).get("facts", {})
    facts: list[Any] = [
        {
            origin: {path: v for path, v in values.items() if not path.startswith(NOT_ITS_OWN)}
            for origin, values in group.items()
        }
        for group in (told, books)
    ]
    made = records_of(facts, "", inner.clock(), inner.catalogue)
    Records(vault).append([*to_records(entry, inner.clock()), *made])
    return inner.desk(Opened(vault, key, card))


def sealed_filing(desk: Any, procedure: str = RENSHU) -> str:
    """Fills the draft as the case does, with real files, and seals it; gives the filing's id."""
    opened = desk.open_draft(procedure, "")
    name = f"{CASES[procedure]}.toml"
    case = tomllib.loads((PROCEDURES / procedure / "cases" / name).read_text("utf-8"))
    for number, row in enumerate(case["acts"]):
        if row["field"] not in FILES[procedure]:
            carry_out(opened.draft, Act(**row), name, number)
    for field_id, content in FILES[procedure].items():
        opened.files.attach(field_id, f"{field_id}.pdf", content)
    assert not opened.draft.problems(), opened.draft.problems()
    opened.flush()
    return str(desk.seal(opened.id))
