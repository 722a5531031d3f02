"""Documents, accounts, disclosures, meta."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlcipher3 import dbapi2
from store_parts import NOON, House, filing

from app.domain.errors import VaultFault
from app.store.accounts import Accounts
from app.store.disclosures import Disclosures
from app.store.documents import Documents
from app.store.filings import Filings
from app.store.meta import Meta
from app.store.rows import AccountRow


def test_documents_are_kept_once_for_a_filing(house: House) -> None:
    documents, ident = Documents(house.vault), Filings(house.vault).seal(filing())
    one = documents.keep("通知書.xml", b"<doc/>", "official", ident, "unchanged")
    assert documents.keep("再取得.xml", b"<doc/>", "official", ident) == one
    loose = documents.keep("通知書.xml", b"<doc/>", "official")
    assert loose == documents.keep("x", b"<doc/>", "official") != one
    documents.set_verdict(one, "trusted")
    row = Documents(house.reopened()).get(one)
    assert (row.name, row.content, row.verdict, row.size, row.filing_id) == (
        "通知書.xml",
        b"<doc/>",
        "trusted",
        6,
        ident,
    )
    documents = Documents(house.vault)
    assert [d.id for d in documents.list(ident)] == [one]
    assert {d.id for d in documents.list()} == {one, loose}
    assert all(d.content == b"" for d in documents.list())
    for call in (documents.get, lambda i: documents.set_verdict(i, "x")):
        with pytest.raises(VaultFault, match="not_found"):
            call("none")
    with pytest.raises(VaultFault, match="not_found"):
        documents.keep("x", b"y", "official", "no such filing")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE documents SET name = 'x'",
        "DELETE FROM documents",
        "UPDATE document_contents SET content = x'00'",
        "DELETE FROM document_contents",
    ],
)
def test_kept_documents_do_not_change(house: House, statement: str) -> None:
    Documents(house.vault).keep("a", b"b", "official")
    with pytest.raises(dbapi2.IntegrityError), house.vault.write() as connection:
        connection.execute(statement)


def test_a_changed_content_is_seen(house: House) -> None:
    documents = Documents(house.vault)
    ident = documents.keep("a", b"b", "official")
    with house.vault.write() as connection:
        connection.execute("DROP TRIGGER document_contents_stay")
        connection.execute("UPDATE document_contents SET content = x'00'")
    with pytest.raises(VaultFault, match="damaged"):
        documents.get(ident)


def test_accounts_keep_tokens_and_hide_them(house: House) -> None:
    accounts = Accounts(house.vault)
    tokens = {"access_token": "aaa-secret", "refresh_token": "rrr-secret"}
    accounts.save(AccountRow("a1", "egov", "gbizid", "みなと", "sub-1", tokens, {"prime": "yes"}))
    accounts.save(AccountRow("a2", "other", "gbizid"))
    rotated = accounts.save(AccountRow("a1", "egov", "gbizid", tokens={"access_token": "new"}))
    assert rotated.updated_at == house.vault.clock()
    row = Accounts(house.reopened()).get("a1")
    assert row == rotated
    assert dict(row.tokens) == {"access_token": "new"}
    assert "secret" not in repr(AccountRow("a", "b", "c", tokens=tokens))
    accounts = Accounts(house.vault)
    assert [a.id for a in accounts.list()] == ["a1", "a2"]
    assert [a.id for a in accounts.list("egov")] == ["a1"]
    accounts.drop("a1")
    with pytest.raises(VaultFault, match="not_found"):
        accounts.get("a1")


def test_disclosures_are_listed_latest_first_and_stay(house: House) -> None:
    disclosures = Disclosures(house.vault)
    disclosures.add(["company.name", "employees[k3x9].name"], "egov", "f1", NOON)
    disclosures.add(["company.corporate_number"], "houjin_bangou")
    rows = disclosures.list()
    assert [row.door for row in rows] == ["houjin_bangou", "egov"]
    assert rows[1].paths == ("company.name", "employees[k3x9].name")
    assert rows[0].at - rows[1].at == timedelta(hours=1, minutes=42)
    for statement in ("DELETE FROM disclosures", "UPDATE disclosures SET door = 'x'"):
        with pytest.raises(dbapi2.IntegrityError), house.vault.write() as connection:
            connection.execute(statement)


def test_meta(house: House) -> None:
    meta = Meta(house.vault)
    assert meta.get("last_poll") == ""
    assert meta.get("last_poll", "never") == "never"
    meta.set("last_poll", "1")
    meta.set("last_poll", "2")
    assert Meta(house.reopened()).get("last_poll") == "2"
