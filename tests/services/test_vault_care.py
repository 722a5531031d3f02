"""Care for an open vault: new key, ways to open, looking it over, erasing; beside work that goes on."""

from __future__ import annotations

import threading
import time
from datetime import date, timedelta

import pyrage
import pytest
from keyring.backend import KeyringBackend

from app.domain.clock import JST
from app.domain.errors import Known
from app.domain.filing import Stage
from app.facts.graph import State
from app.facts.record import Origin, Record
from app.services.keys import KeyRing
from app.store.drafts import Drafts
from app.store.key_changes import change_passphrase
from app.store.key_file import (
    read_key_file,
    unlock_with_identity,
    unlock_with_passphrase,
    unlock_with_recovery,
)
from tests.services.open_desk import OpenDesk

PASSPHRASE = "a passphrase"


class MemoryRing(KeyringBackend):
    """A keyring in memory; locked when told so."""

    priority = 1  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[str, str] = {}
        self.locked = False

    def get_password(self, service: str, username: str) -> str | None:
        self._open()
        return self.kept.get(username)

    def set_password(self, service: str, username: str, password: str) -> None:
        self._open()
        self.kept[username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._open()
        del self.kept[username]

    def _open(self) -> None:
        if self.locked:
            from keyring.errors import KeyringLocked

            raise KeyringLocked


@pytest.fixture
def ring(office: OpenDesk) -> MemoryRing:
    backend = MemoryRing()
    office.house.companies._keyring = KeyRing(backend)
    return backend


# a new key


def test_a_new_key_ends_the_old_paper_and_the_desk_goes_on(office: OpenDesk) -> None:
    desk, old = office.desk, office.key
    key = desk.add_member("employees", {"family_name": "佐野"})
    done = desk.care.rekey(PASSPHRASE)
    assert desk.opened.key != old
    assert unlock_with_recovery(office.path, done.recovery_text) == desk.opened.key
    assert unlock_with_passphrase(office.path, PASSPHRASE) == desk.opened.key
    assert done.note == ""
    desk.answer_fact("company.phone", "03-9999-9999")
    desk.keep()
    change_passphrase(office.path, desk.opened.key, "another passphrase")
    assert desk.care.check() == []
    office.key = unlock_with_passphrase(office.path, "another passphrase")
    office.reopen()
    assert [m.key for m in office.desk.employees()] == [key]
    assert office.desk.graph.fact("company.phone").value == "03-9999-9999"


def test_a_wrong_passphrase_changes_nothing(office: OpenDesk) -> None:
    with pytest.raises(Known, match="合言葉がちがいます"):
        office.desk.care.rekey("something else")
    assert office.desk.opened.key == office.key
    office.desk.answer_fact("company.phone", "03-9999-9999")
    office.desk.keep()
    office.reopen()


def test_a_send_in_flight_stores_its_answer_under_the_new_key(office: OpenDesk) -> None:
    filing_id = office.sealed()
    office.town.weather("slow", match="POST */apply", delay=1.5)
    sender = threading.Thread(target=office.desk.send, args=(filing_id,))
    sender.start()
    end = time.monotonic() + 20
    while office.desk.filings_store.get(filing_id).stage is not Stage.SENDING:
        assert time.monotonic() < end
        time.sleep(0.02)
    office.desk.care.rekey(PASSPHRASE)
    assert office.desk.doors.sending.busy, "the answer is still under way"
    sender.join()
    row = office.desk.filings_store.get(filing_id)
    assert row.stage is Stage.ACCEPTED
    assert row.receipt_number == office.town.ledger()[0]["arrive_id"]
    office.key = office.desk.opened.key
    office.reopen()
    assert office.desk.filings_store.get(filing_id).receipt_number == row.receipt_number


def test_the_keyring_that_opened_before_opens_after(office: OpenDesk, ring: MemoryRing) -> None:
    companies, desk = office.house.companies, office.desk
    companies.use_keyring(desk.opened)
    before = dict(ring.kept)
    assert desk.care.rekey(PASSPHRASE).note == ""
    assert ring.kept != before
    card = desk.card
    desk.lock()
    opened = companies.open_with_keyring(card)
    office.desk = office.house.desk(opened)


@pytest.mark.parametrize("locked", [True, False])
def test_a_keyring_that_cannot_follow_is_taken_off(
    office: OpenDesk, ring: MemoryRing, locked: bool
) -> None:
    """Locked just now, or the way was made on another computer."""
    office.house.companies.use_keyring(office.desk.opened)
    ring.locked = locked
    ring.kept.clear()
    note = office.desk.care.rekey(PASSPHRASE).note
    assert note.endswith("入れ直せます。")
    assert read_key_file(office.path).of_kind("keyring") == ()


# ways to open


def test_ways_are_listed_added_and_taken_away(office: OpenDesk, ring: MemoryRing) -> None:
    care = office.desk.care
    assert [(w.kind, w.label) for w in care.slots()] == [
        ("passphrase", "合言葉"),
        ("recovery", "復旧キーの紙"),
    ]
    identity = pyrage.x25519.Identity.generate()
    care.add_age_recipient(f" {identity.to_public()}\n")
    office.house.companies.use_keyring(office.desk.opened)
    ways = {w.kind: w for w in care.slots()}
    assert set(ways) == {"passphrase", "recovery", "age", "keyring"}
    assert ways["age"].label.startswith("age の宛先 age1")
    assert abs(ways["age"].added_at - office.clock()) < timedelta(minutes=1)
    assert unlock_with_identity(office.path, str(identity)) == office.desk.opened.key
    care.remove_slot(ways["age"].id)
    with pytest.raises(Known):
        unlock_with_identity(office.path, str(identity))
    assert ring.kept
    care.remove_slot(ways["keyring"].id)
    assert not ring.kept
    assert [w.kind for w in care.slots()] == ["passphrase", "recovery"]


@pytest.mark.parametrize(
    ("kind", "says"),
    [("passphrase", "先に新しい合言葉"), ("recovery", "鍵を新しくする"), ("", "もうありません")],
)
def test_ways_that_stay(office: OpenDesk, kind: str, says: str) -> None:
    care = office.desk.care
    before = care.slots()
    ident = next((w.id for w in before if w.kind == kind), "nothing")
    with pytest.raises(Known, match=says):
        care.remove_slot(ident)
    assert care.slots() == before


def test_what_is_no_age_recipient_is_said(office: OpenDesk) -> None:
    with pytest.raises(Known, match="age1 で始まる"):
        office.desk.care.add_age_recipient("age1nothing")


def test_who_holds_the_age_key_opens_the_company_where_a_recovery_key_is_asked(
    office: OpenDesk,
) -> None:
    identity = pyrage.x25519.Identity.generate()
    office.desk.care.add_age_recipient(str(identity.to_public()))
    companies, card = office.house.companies, office.desk.card
    office.desk.lock()
    opened = companies.open_with_recovery(card, f" {identity}\n")
    assert opened.vault.integrity_check() == ()
    opened.vault.close(back_up=False)
    with pytest.raises(Known, match="この鍵では開きません"):
        companies.open_with_recovery(card, str(pyrage.x25519.Identity.generate()))


# whether all is well


def test_a_whole_vault_has_nothing_to_tell(office: OpenDesk) -> None:
    office.sealed()
    care = office.desk.care
    assert care.check() == []
    assert (care.keys_fault, care.backup_fault) == ("", "")


def test_what_was_altered_is_told_in_sentences(office: OpenDesk) -> None:
    office.sealed()
    with office.desk.vault.write() as connection:
        connection.execute("DROP TRIGGER record_log_stays")
        connection.execute("UPDATE record_log SET content = replace(content, '03-', '04-')")
        connection.execute("DROP TRIGGER filing_events_stay")
        connection.execute("UPDATE filing_events SET note = 'x' WHERE n = 1")
    told = office.desk.care.check()
    assert len(told) == 2
    assert "記録のつながりが合いません" in told[0]
    assert told[1].startswith("雇用保険")
    assert all(sentence.endswith("。") for sentence in told)


def test_a_lost_key_file_and_a_failed_backup_are_told(office: OpenDesk) -> None:
    kept = {p: p.read_bytes() for p in office.path.parent.glob("*.keys*")}
    office.desk.lock()
    for path in kept:
        path.unlink()
    backups = office.path.with_suffix(".backups")
    for path in backups.glob("*"):
        path.unlink()
    backups.rmdir()
    backups.write_bytes(b"")  # no folder can be made here
    office.reopen()
    care = office.desk.care
    assert "復旧キーで開けます" in care.keys_fault
    assert care.check() == [care.keys_fault]
    office.desk.lock()
    assert care.backup_fault
    assert care.backup_fault.endswith("。")
    for path, content in kept.items():
        path.write_bytes(content)


# what must go


def test_a_person_is_erased_with_the_drafts_about_her(office: OpenDesk) -> None:
    desk = office.desk
    draft_id = office.complete_draft("消田")
    subject = desk.draft(draft_id).draft.subject
    stays = office.complete_draft("残田")
    other = desk.draft(stays).draft.subject
    desk.keep()
    names = {one.target: one.name for one in desk.care.erasable()}
    assert "消田" in names[f"employees[{subject}]"]
    assert "残田" in names[f"employees[{other}]"]
    counted = desk.care.would_erase(f"employees[{subject}]")
    assert not desk.records.tombstones(), "counting takes nothing"
    gone = desk.care.erase(f"employees[{subject}]", " 本人の求め ")
    assert gone.records >= 7
    assert gone == counted
    assert (gone.drafts, gone.filings) == (1, 0)
    assert [m.key for m in desk.employees()] == [other]
    assert desk.graph.fact(f"employees[{subject}].family_name").state is State.MISSING
    assert [line.id for line in desk.drafts()] == [stays]
    stones = desk.records.tombstones()
    assert len(stones) == gone.records
    assert f"employees[{subject}]" not in {one.target for one in desk.care.erasable()}
    assert {s["reason"] for s in stones.values()} == {"本人の求め"}
    assert not any(subject in r.path for r in desk.records.all())
    assert desk.care.check() == []
    with desk.vault.read() as connection:
        for table in ("record_log", "answers", "answer_history"):
            text = str(connection.execute(f"SELECT * FROM {table}").fetchall())
            assert "消田" not in text
            assert "残田" in text or table != "record_log"
    office.reopen()
    assert [m.key for m in office.desk.employees()] == [other]


def test_what_was_filed_stays_and_is_counted(office: OpenDesk) -> None:
    filing_id = office.sealed()
    row = office.desk.filings_store.get(filing_id)
    gone = office.desk.care.erase(f"employees[{row.subject}]", "退職から7年")
    assert (gone.drafts, gone.filings) == (0, 1)
    assert office.desk.filings_store.get(filing_id).facts == row.facts
    assert office.desk.care.check() == []


def test_one_fact_goes_and_no_other(office: OpenDesk) -> None:
    desk = office.desk
    draft = office.desk.draft(office.complete_draft()).draft
    assert draft.cell("jigyounushi_denwa").filled
    desk.keep()
    count = len(desk.records.all())
    assert desk.care.erase("company.phone", "まちがい").records == 1
    assert len(desk.records.all()) == count - 1
    assert not draft.cell("jigyounushi_denwa").filled, "an open draft sees it at once"
    assert desk.graph.fact("company.email").value


def test_a_series_goes_with_all_its_periods(office: OpenDesk) -> None:
    desk = office.desk
    key = desk.add_member("employees", {"family_name": "佐野"})
    desk.keep()
    path = f"employees[{key}].pay"
    now = office.clock()
    desk.records.append(
        Record(p, 1, Origin.BOOKS, now)
        for p in (f"{path}[2026-05]", f"{path}[2026-06]", f"{path}_type", f"employees[{key}x].pay")
    )
    assert desk.care.erase(path, "まちがい").records == 2
    assert {r.path for r in desk.records.all() if r.origin is Origin.BOOKS} == {
        f"{path}_type",
        f"employees[{key}x].pay",
    }
    assert desk.care.erase(f"employees[{key}]", "まちがい").records == 2
    assert {r.path for r in desk.records.all() if r.origin is Origin.BOOKS} == {
        f"employees[{key}x].pay"
    }


@pytest.mark.parametrize("target", ["company", "employees", "", "company.pho", "employees[nobody]"])
def test_nothing_of_that_name_nothing_erased(office: OpenDesk, target: str) -> None:
    office.complete_draft()
    office.desk.keep()
    before = office.desk.records.head()
    with pytest.raises(Known, match="見つかりません"):
        office.desk.care.erase(target, "理由")
    assert office.desk.records.head() == before


def test_without_a_reason_nothing_is_erased(office: OpenDesk) -> None:
    with pytest.raises(Known, match="理由"):
        office.desk.care.erase("company.phone", " \u3000")
    assert office.desk.graph.fact("company.phone").value


def test_typing_into_an_erased_draft_does_not_hold_up_the_others(office: OpenDesk) -> None:
    desk = office.desk
    gone = desk.draft(office.complete_draft())
    desk.care.erase(f"employees[{gone.draft.subject}]", "本人の求め")
    other = desk.draft(office.complete_draft("残田"))
    gone.apply(gone.draft.answer("chingin_getsugaku", "300"))
    other.apply(other.draft.answer("chingin_getsugaku", "310"))
    desk.keep()
    assert not desk.writer.pending
    assert Drafts(desk.vault).load(other.id).answers["chingin_getsugaku"]["source_text"] == "310"


def test_only_drafts_put_aside_long_enough_are_purged(office: OpenDesk) -> None:
    desk = office.desk
    aside, stays = office.complete_draft("古田"), office.complete_draft("新田")
    desk.keep()
    kept = Drafts(desk.vault)
    kept.discard(aside)
    today: date = office.clock().astimezone(JST).date()
    assert desk.care.purge_drafts(today) == 0
    assert desk.care.purge_drafts(today + timedelta(days=1)) == 1
    assert [row.id for row in kept.list()] == [stays]
    assert kept.list(discarded=True) == []
