"""手渡し of a form: an envelope that waits, or one that the door is closed to, given to a person."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from app.domain.errors import Known, VaultFault
from app.domain.filing import HAND_OVER, Stage
from app.services.sealing import Sealing
from tests.services.open_desk import OpenDesk
from tests.services.test_hand_over import files_under, text_of


def test_an_envelope_that_waits_is_given_up_for_the_hand_over(
    office: OpenDesk, tmp_path: Path
) -> None:
    waiting = office.sealed()
    hand = office.desk.hand_overs
    assert office.desk.filing(waiting).can_hand_over
    filing = hand.instead_of(waiting)
    old, new = office.desk.filings_store.get(waiting), office.desk.filings_store.get(filing)
    assert (old.stage, new.stage, new.door) == (Stage.WITHDRAWN, Stage.READY, HAND_OVER)
    assert (new.sha256, new.draft_id, new.facts) == (old.sha256, old.draft_id, old.facts)
    for ident in (waiting, filing):
        with pytest.raises(Known):
            office.desk.send(ident)
    with pytest.raises(Known, match="sealed-already"):
        office.desk.seal(old.draft_id)
    with pytest.raises(Known):
        hand.instead_of(waiting)
    folder = hand.give(filing, tmp_path)
    files = files_under(folder)
    steps = files.pop("手順.pdf")
    packed = {f"申請データ/{name}": raw for name, raw in zipped(office, filing).items()}
    assert files == packed
    words = text_of(steps)
    for expected in ("申請書入力へ", "画面に入れる値", "佐野あかり", "令和8年7月1日"):
        assert expected in words, expected
    assert office.desk.filing(filing).account == ""
    assert hand.take_back(filing) == old.draft_id
    assert office.desk.send(office.desk.seal(old.draft_id)).stage is Stage.ACCEPTED


def zipped(office: OpenDesk, filing: str) -> dict[str, bytes]:
    """The envelope's files by their full names."""
    raw = office.desk.filings_store.envelope(filing)
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_what_was_sent_or_is_unknown_cannot_be_handed_over(office: OpenDesk) -> None:
    sent = office.sealed()
    office.desk.send(sent)
    with pytest.raises(Known, match="二度出す"):
        office.desk.hand_overs.instead_of(sent)
    lost = office.sealed("田中")
    office.town.weather("answer_lost", match="POST */apply")
    assert office.desk.send(lost).stage is Stage.UNKNOWN
    with pytest.raises(Known, match="二度出す"):
        office.desk.hand_overs.instead_of(lost)
    assert not office.desk.filing(lost).can_hand_over


def test_a_kill_between_giving_up_and_sealing_leaves_the_waiting_envelope(
    office: OpenDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = office.sealed()
    hand = office.desk.hand_overs

    def full(*_: object) -> str:
        raise VaultFault("disk_full", "いっぱいです。")

    monkeypatch.setattr(hand._filings, "seal", full)
    with pytest.raises(VaultFault):
        hand.instead_of(waiting)
    assert office.desk.filings_store.get(waiting).stage is Stage.READY
    assert office.desk.send(waiting).stage is Stage.ACCEPTED


def test_a_form_the_door_is_closed_to_goes_by_hand_as_values_to_type(
    office: OpenDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = office.complete_draft()
    monkeypatch.setattr(Sealing, "edition_reasons", lambda *_: ("役所の様式と版が合いません。",))
    with pytest.raises(Known, match="not-sealable"):
        office.desk.seal(draft)
    review = office.desk.review(draft)
    assert (review.can_send, review.by_hand) == (False, True)
    filing = office.desk.hand_over_draft(draft)
    files = files_under(office.desk.hand_overs.give(filing, tmp_path))
    assert list(files) == ["手順.pdf"], "the XML of an edition that may not leave stays here"
    words = text_of(files["手順.pdf"])
    assert "下の「画面に入れる値」を、そのまま入れます" in words
    assert "申請データ" not in words
    assert "佐野あかり" in words
    with pytest.raises(Known, match="sealed-already"):
        office.desk.hand_over_draft(draft)
    with pytest.raises(Known, match="手渡しを取り消して"):
        office.desk.send(filing)
    assert office.desk.hand_overs.take_back(filing) == draft
    monkeypatch.undo()
    other = office.desk.hand_over_draft(draft)
    places = files_under(office.desk.hand_overs.give(other, tmp_path))
    assert any(place.startswith("申請データ/") for place in places)


def test_what_is_not_finished_is_not_handed_over(office: OpenDesk) -> None:
    key = office.desk.add_member("employees", {"family_name": "佐野", "given_name": "あかり"})
    draft = office.desk.open_draft("mhlw/koyou_hoken_shikaku_shutoku", key).id
    with pytest.raises(Known, match="not-sealable"):
        office.desk.hand_over_draft(draft)
    assert office.desk.filings() == []
