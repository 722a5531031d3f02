"""Drafts: each field as it was last saved, its history, the cursor, discarding."""

from __future__ import annotations

from datetime import timedelta

import pytest
from store_parts import NOON, House, filing

from app.domain.clock import fixed_clock
from app.domain.errors import VaultFault
from app.store.drafts import Drafts
from app.store.filings import Filings


def at(house: House, seconds: float) -> None:
    house.vault.clock = fixed_clock(NOON + timedelta(seconds=seconds))


def test_fields_are_saved_cleared_and_loaded(house: House) -> None:
    drafts = Drafts(house.vault)
    draft = drafts.create("mhlw/x", "0003", "k3x9")
    at(house, 10)
    saved = drafts.save(draft, {"shimei": {"value": "山田"}, "kana": {"value": "ﾔﾏﾀﾞ"}})
    drafts.save(draft, {"kana": None, "sex": {"value": None, "typed": True}})
    row = drafts.load(draft)
    assert dict(row.answers) == {"shimei": {"value": "山田"}, "sex": {"value": None, "typed": True}}
    assert (row.procedure_id, row.edition, row.subject) == ("mhlw/x", "0003", "k3x9")
    assert row.updated_at == saved == NOON + timedelta(seconds=10)
    drafts.set_cursor(draft, "sex")
    assert Drafts(house.reopened()).load(draft).cursor == "sex"


def test_history_is_by_steps_not_by_letters(house: House) -> None:
    drafts = Drafts(house.vault)
    draft = drafts.create("p", "1")
    for seconds, text in ((0, "あ"), (1, "あい"), (2, "あいう"), (9, "かき"), (9.2, "かき")):
        at(house, seconds)
        drafts.save(draft, {"f": {"value": text}})
    at(house, 30)
    drafts.save(draft, {"f": None, "g": {"value": "x"}})
    steps = drafts.history(draft, "f")
    assert [step.answer and step.answer["value"] for step in steps] == ["あいう", "かき", None]
    assert [step.field_id for step in drafts.history(draft)] == ["f", "f", "f", "g"]


def test_discarded_comes_back_until_purged(house: House) -> None:
    drafts = Drafts(house.vault)
    kept, gone = drafts.create("p", "1"), drafts.create("q", "1")
    drafts.save(gone, {"f": {"value": "x"}})
    drafts.discard(gone)
    assert [row.id for row in drafts.list()] == [kept]
    assert [row.id for row in drafts.list(discarded=True)] == [gone]
    drafts.restore(gone)
    assert len(drafts.list()) == 2
    drafts.discard(gone)
    assert drafts.purge(before=house.vault.clock() - timedelta(days=30)) == 0
    assert drafts.purge(before=house.vault.clock() + timedelta(days=30)) == 1
    with pytest.raises(VaultFault, match="not_found"):
        drafts.history(gone)
    with house.vault.read() as connection:
        for table in ("answers", "answer_history"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)


def test_a_draft_knows_that_it_was_sealed(house: House) -> None:
    drafts = Drafts(house.vault)
    draft = drafts.create("p", "1")
    assert not drafts.load(draft).sealed
    new = filing()
    object.__setattr__(new, "draft_id", draft)
    Filings(house.vault).seal(new)
    assert drafts.load(draft).sealed
    assert drafts.list()[0].sealed


@pytest.mark.parametrize("name", ["load", "discard", "restore", "history"])
def test_unknown_drafts(house: House, name: str) -> None:
    with pytest.raises(VaultFault, match="not_found"):
        getattr(Drafts(house.vault), name)("none")
    with pytest.raises(VaultFault, match="not_found"):
        Drafts(house.vault).save("none", {"a": {}})
    with pytest.raises(VaultFault, match="not_found"):
        Drafts(house.vault).set_cursor("none", "a")
