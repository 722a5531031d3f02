"""電子送達 and guidance: signed up, kept before the door is told, expired, judged, read as plain text."""

from __future__ import annotations

from contextlib import suppress

import pytest

from app.domain.errors import DoorFault
from app.domain.filing import Stage
from app.services.deliveries import GUIDANCE, LETTER, plain_text
from tests.services.open_desk import OpenDesk
from tests.services.test_case_faults import under_examination
from tests.services.test_skeleton_drafts import filled, until_ended

SIGN_UP = "900A013800001000"


def letters(office: OpenDesk) -> list:
    return [d for d in office.desk.egov.deliveries.rows() if d.kind == LETTER]


def delivered(office: OpenDesk, title: str = "保険料のお知らせ") -> str:
    """A letter in the town's box; gives the filing it hangs on."""
    filing_id, number = under_examination(office)
    office.town.control(
        "POST", f"case/{number}/deliver", {"title": title, "sentence": "お知らせです。"}
    )
    return filing_id


def test_signing_up_goes_to_its_own_counter_and_brings_a_letter(office: OpenDesk) -> None:
    draft = filled(office, SIGN_UP)
    draft.mark_delivery()
    assert not office.desk.egov.deliveries.due()
    filing_id = office.desk.egov.seal(draft)
    assert "まだ届いていません" in office.desk.egov.deliveries.sign_up().words
    assert office.desk.send(filing_id).stage is Stage.ACCEPTED
    assert office.desk.egov.deliveries.sign_up().accepted
    assert office.desk.egov.deliveries.due()
    until_ended(office, filing_id)
    office.desk.egov.deliveries.look()
    (one,) = letters(office)
    assert one.sign == "あり"
    assert one.told


def test_a_letter_is_kept_before_the_door_is_told(office: OpenDesk) -> None:
    delivered(office)
    deliveries = office.desk.egov.deliveries
    office.town.weather("reset_before", match="POST */post", count=9)
    with pytest.raises(DoorFault):
        deliveries.look()
    (one,) = letters(office)
    assert one.document
    assert not one.told
    for _ in range(4):  # the weather clears
        with suppress(DoorFault):
            deliveries.look()
    (one,) = letters(office)
    assert one.told
    assert len([d for d in office.desk.documents() if d.kind == "delivery"]) == 1
    text = office.desk.document_text(one.document)
    assert "お知らせです" in text


def test_a_letter_that_has_expired_is_said_once(office: OpenDesk) -> None:
    office.town.control("POST", "lives", {"delivery": 60})
    delivered(office)
    office.pass_time(3 * 86400)
    news = office.desk.egov.deliveries.look()
    (one,) = letters(office)
    assert one.missed
    assert not one.document
    assert any("受け取れません" in n.sentence for n in news)
    assert not [n for n in office.desk.egov.deliveries.look() if "受け取れません" in n.sentence]


def test_three_verdicts_and_the_word_of_the_door(office: OpenDesk) -> None:
    delivered(office)
    office.desk.egov.deliveries.look()
    (one,) = letters(office)
    judged = office.desk.egov.verdicts.of(one.document)
    assert judged is not None
    assert [m.holds for m in judged.marks] == [True, True, True]
    assert (judged.told, judged.against) == ("あり", "")
    asked = office.desk.egov.verdicts.ask(one.document)
    assert asked.official[0].validation_result == "正当"


@pytest.mark.parametrize(
    ("proc_id", "told", "signed"),
    [("950A010002010000", "あり", True), ("950A010700008000", "なし", False)],
)
def test_official_documents_with_and_without(
    office: OpenDesk, proc_id: str, told: str, signed: bool
) -> None:
    filing_id = office.desk.egov.seal(filled(office, proc_id))
    office.desk.send(filing_id)
    until_ended(office, filing_id)
    office.desk.poll()
    shown = [r for r in office.desk.filing(filing_id).documents if r.kind.startswith("official")]
    assert shown
    for row in shown:
        judged = office.desk.egov.verdicts.of(row.id)
        assert judged is not None
        assert (judged.signed, judged.told, judged.against) == (signed, told, "")
    assert (
        office.desk.egov.verdicts.of(office.desk.documents_store.keep("a.txt", b"a", "notice"))
        is None
    )


def test_guidance_is_kept_and_read_as_text(office: OpenDesk) -> None:
    deliveries = office.desk.egov.deliveries
    deliveries.look()
    (one,) = [d for d in deliveries.rows() if d.kind == GUIDANCE]
    assert one.unread
    assert "練習の町です" in office.desk.document_text(one.document)
    deliveries.mark_read(one.id, GUIDANCE)
    assert not deliveries.rows()[0].unread
    deliveries.look()
    assert not deliveries.rows()[0].unread, "a second look does not make it new again"


def test_hostile_html_becomes_words(office: OpenDesk) -> None:
    text = plain_text(
        "<h1>お知らせ</h1><script>alert(1)</script><p onclick='x()'>本文<br>二行目</p>"
        "<img src='http://evil.example/x.png'><table><tr><td>期限</td><td>7月10日</td></tr></table>"
        "<a href='javascript:alert(1)'>ここ</a>"
    )
    assert "alert" not in text
    assert "evil" not in text
    assert "javascript" not in text
    assert text.splitlines()[0] == "お知らせ"
    assert "本文\n二行目" in text
    assert "期限　7月10日" in text
