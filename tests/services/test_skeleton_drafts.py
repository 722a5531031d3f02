"""A draft on a skeleton: offered facts, rules, files, seal, the whole way, and a skeleton that changes."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from datetime import timedelta

import pytest

from app.domain.errors import Known
from app.domain.filing import Stage
from app.forms.archive import read_archive
from app.services.my_number import MyNumbers
from app.services.sending_ways import contents_of
from app.services.skeleton_draft import SkeletonDraft
from tests.services.open_desk import OpenDesk

LOSS = {
    "帳票種別": "10191",
    "被保険者番号/被保険者番号4桁": "1234", "被保険者番号/被保険者番号6桁": "567890",
    "被保険者番号/被保険者番号CD": "1", "事業所番号/事業所番号4桁": "1111",
    "事業所番号/事業所番号6桁": "222222", "事業所番号/事業所番号CD": "3",
    **{f"{name}/{part}": text for name, day in (
        ("資格取得年月日", ("令和", "2", "4", "1")), ("離職等年月日", ("令和", "8", "6", "30")),
        ("生年月日", ("平成", "1", "5", "5")), ("届出年月日", ("令和", "8", "7", "3")),
    ) for part, text in zip(("年号", "年", "月", "日"), day, strict=True)},
    "喪失原因": "2", "離職票交付希望": "1", "被保険者氏名": "試験　花子",
    "被保険者氏名フリガナ": "シケン　ハナコ", "性別": "女",
    "被保険者の住所又は居所": "東京都渋谷区神南２丁目", "事業所名称": "株式会社練習",
    "被保険者でなくなったことの原因": "転職希望による退職", "一週間の所定労働時間/時間": "40",
    "一週間の所定労働時間/分": "0", "事業主/住所": "東京都渋谷区神南１丁目",
    "事業主/氏名": "株式会社練習", "あて先": "渋谷",
}  # fmt: skip
PROC, FORM = "X-PRACTICE-T0002", "X-PRACTICE-T000201"


def place(draft: SkeletonDraft, label: str, form: str = "") -> str:
    """The one place of that label."""
    found = [p.id for p in draft.places.values() if p.label == label and p.form_id.startswith(form)]
    return found[0]


def begun(office: OpenDesk, proc_id: str = PROC) -> SkeletonDraft:
    """A fresh draft on a fetched skeleton."""
    cases = office.desk.cases
    cases.skeletons.fetch(proc_id)
    return office.desk.egov.drafts.begin(proc_id)


def attach(draft: SkeletonDraft, title: str, name: str, content: bytes) -> None:
    """Puts a file in, as the page does in two steps."""
    draft.attach(title, name, draft.keep_file(name, content), len(content))


def take_offers(draft: SkeletonDraft) -> int:
    """Accepts every offer for who applies; gives how many there were."""
    taken = 0
    for section in draft.sections:
        for one in section.places:
            offer = draft.offered(one.id) if one.form_id == "kousei" else None
            if offer is not None:
                draft.accept(one.id, offer)
                taken += 1
    return taken


def filled(office: OpenDesk, proc_id: str = PROC) -> SkeletonDraft:
    """A complete draft."""
    draft = begun(office, proc_id)
    take_offers(draft)
    for one in draft.places.values():
        if one.label == "氏名" and one.form_id != "kousei":
            draft.answer(one.id, "山本　湊")
        elif one.label == "件数":
            draft.answer(one.id, "3")
    return draft


def leaving(draft: SkeletonDraft) -> None:
    """Fills the form of a loss (X-PRACTICE-10191), all but its 個人番号."""
    take_offers(draft)
    for label, text in LOSS.items():
        for one in draft.places.values():
            if one.form_id != "kousei" and one.path.split("/", 2)[2] == label:
                draft.answer(one.id, text)
    destination = {
        "提出先識別子": "49511000010000000003829",
        "提出先名称": "東京都,渋谷公共職業安定所",
    }
    for one in draft.places.values():
        if one.form_id == "kousei" and one.label in destination:
            draft.answer(one.id, destination[one.label])


def until_ended(office: OpenDesk, filing_id: str, *words: str) -> None:
    """Polls until the door tells of the end, or one of these words."""
    for _ in range(15):
        office.desk.poll()
        if office.desk.filing(filing_id).door_status in (words or ("審査終了", "手続終了")):
            return
    raise AssertionError(office.desk.filing(filing_id).door_status)


def test_offers_are_taken_one_by_one_with_their_origin(office: OpenDesk) -> None:
    draft = begun(office)
    assert all(draft.origin(p) is None for p in draft.places), "nothing is filled by itself"
    company = next(p.id for p in draft.places.values() if p.label == "法人団体名")
    offer = draft.offered(company)
    assert offer is not None
    assert (offer.fact, offer.origin) == ("company.name", "register")
    draft.accept(company, offer)
    assert (draft.text(company), draft.origin(company)) == (offer.text, "register")
    assert draft.offered(company) is None, "it stands there already"
    draft.answer(company, "べつの名")
    assert draft.origin(company) == "typed"


def test_rules_speak_at_each_keystroke(office: OpenDesk) -> None:
    draft = begun(office)
    count = place(draft, "件数")
    draft.answer(count, "x")
    assert "数字" in draft.problems()[count]
    draft.answer(count, "1000")
    assert "999" in draft.problems()[count]
    draft.answer(count, "12")
    assert draft.problems() == {}
    assert place(draft, "氏名", FORM) in draft.gaps()


def test_the_whole_way_with_a_file(office: OpenDesk) -> None:
    draft = filled(office)
    attach(draft, "説明書", "setsumei.pdf", b"%PDF-1.4 test")
    assert office.desk.egov.drafts.reasons(draft) == []
    assert office.desk.egov.check(draft).error_count == 0
    filing_id = office.desk.egov.seal(draft)
    with pytest.raises(Known, match="もう封をしました"):
        office.desk.egov.seal(draft)
    view = office.desk.send(filing_id)
    assert view.stage is Stage.ACCEPTED
    assert view.draft_id == draft.id
    row = office.desk.filings_store.get(filing_id)
    names = [e.name for e in read_archive(office.desk.filings_store.envelope(filing_id))]
    assert f"{PROC}/setsumei.pdf" in names
    assert {f["label"] for f in row.facts} >= {"氏名", "件数"}
    assert office.desk.egov.drafts.lines() == []
    office.desk.today()
    assert office.desk.drafts() == []


def test_an_envelope_given_up_can_be_written_on(office: OpenDesk) -> None:
    draft = filled(office)
    filing_id = office.desk.egov.seal(draft)
    assert office.desk.unseal(filing_id) == draft.id
    assert [line.id for line in office.desk.egov.drafts.lines()] == [draft.id]
    again = office.desk.egov.drafts.get(draft.id)
    again.answer(place(again, "件数"), "4")
    assert office.desk.send(office.desk.egov.seal(again)).stage is Stage.ACCEPTED


def test_it_is_there_after_a_new_start(office: OpenDesk) -> None:
    draft = begun(office)
    draft.answer(place(draft, "備考"), "とちゅうまで")
    attach(draft, "", "memo.pdf", b"%PDF-1")
    office.reopen()
    again = office.desk.egov.drafts.begin(PROC)
    assert again.id == draft.id
    assert again.text(place(again, "備考")) == "とちゅうまで"
    assert [f.title for f in again.files()] == ["memo"]


def test_a_changed_skeleton_drops_nothing(office: OpenDesk) -> None:
    draft = begun(office)
    note, count = place(draft, "備考"), place(draft, "件数")
    draft.answer(note, "残したい文")
    draft.answer(count, "7")
    draft.flush()
    # the door renames one element and numbers its form anew: its ZIP is kept as a new skeleton
    told = office.desk.doors.egov.procedure(PROC)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for entry in read_archive(told.zip_bytes):
            archive.writestr(
                entry.name, entry.content.replace("備考".encode(), "通信事項".encode())
            )
    meta = office.desk.meta
    kept = json.loads(meta.get(f"skeleton-kept:{PROC}"))
    kept["document"] = office.desk.documents_store.keep("new.zip", buffer.getvalue(), "skeleton")
    kept["forms"][0]["form_version"] = "0009"
    meta.set(f"skeleton-kept:{PROC}", json.dumps(kept, ensure_ascii=False))
    office.clock.ahead += timedelta(
        seconds=10
    )  # what is dropped at once is one step of the history
    new = office.desk.egov.drafts.renew(draft.id)
    assert new.changed
    (left,) = new.leftovers()
    assert (left.text, left.place) == ("残したい文", note)
    assert new.text(count) == "7"
    assert any("置き場のなくなった" in r for r in office.desk.egov.drafts.reasons(new))
    new.drop(left)
    assert new.leftovers() == []
    new.flush()
    history = office.desk.egov.drafts._drafts.history(draft.id, note)
    assert any(h.answer and h.answer["text"] == "残したい文" for h in history)


@pytest.mark.parametrize(
    ("proc_id", "kind"), [("X-PRACTICE-T0008", "部分補正"), ("X-PRACTICE-T0009", "再提出")]
)
def test_a_correction_is_answered_with_a_file(office: OpenDesk, proc_id: str, kind: str) -> None:
    cases = office.desk.cases
    filing_id = office.desk.egov.seal(filled(office, proc_id))
    office.desk.send(filing_id)
    for _ in range(6):
        office.desk.poll()
    wanted = cases.correction(filing_id)
    assert wanted is not None
    assert wanted.kind == kind
    row = office.desk.filings_store.get(filing_id)
    draft = office.desk.egov.drafts.get(row.draft_id)
    draft.answer(place(draft, "件数"), "5")
    attach(draft, "追加の書類", "tsuika.pdf", b"%PDF-2")
    answer = office.desk.egov.amend(filing_id, draft, message="直しました。")
    told = contents_of(office.desk.filings_store.envelope(answer))
    assert told.kind == kind
    names = [e.name for e in read_archive(office.desk.filings_store.envelope(answer))]
    assert f"{proc_id}/tsuika.pdf" in names
    stage = office.desk.send(answer).stage
    assert stage is (Stage.ENDED if kind == "部分補正" else Stage.ACCEPTED)


def test_a_withdrawal_is_signed(office: OpenDesk) -> None:
    told = office.town.control("POST", "certificate", {"common_name": "山本 湊"})
    kept = office.desk.standing.certificates.take_in(
        base64.b64decode(told["pkcs12"]), told["password"]
    )
    cases = office.desk.cases
    filing_id = office.desk.egov.seal(filled(office, "X-PRACTICE-T0006"), certificate_id=kept.id)
    office.desk.send(filing_id)
    for _ in range(4):
        office.desk.poll()
    wish = cases.withdraw(filing_id, "誤り", certificate_id=kept.id)
    content = next(
        e.content
        for e in read_archive(office.desk.filings_store.envelope(wish))
        if e.name.endswith("kousei.xml")
    )
    assert b"<SignatureValue>" in content
    office.desk.send(wish)
    for _ in range(4):
        office.desk.poll()
    assert office.desk.filings_store.get(filing_id).stage is Stage.WITHDRAWN


def test_a_my_number_is_asked_for_at_sealing_and_is_in_no_draft(office: OpenDesk) -> None:
    draft = begun(office, "X-PRACTICE-10191")
    own = next(p for p in draft.places.values() if p.my_number)
    assert [a.key for a in draft.asked()] == [own.id]
    (asked,) = draft.asked()
    assert (asked.may_skip, asked.called) == (True, own.label)
    number = "123456789018"
    draft.answer(own.id, number)
    draft.flush()
    assert draft.text(own.id) == ""
    assert own.id not in draft.gaps()
    leaving(draft)
    assert office.desk.egov.drafts.reasons(draft) == []
    with MyNumbers() as numbers:
        numbers.put(own.id, number)
        filing = office.desk.egov.seal(draft, my_numbers=numbers)
    store = office.desk.filings_store
    true, copy = store.leaving(filing), store.envelope(filing)
    assert f"<個人番号>{number}</個人番号>".encode() in true
    assert f"<個人番号>{'*' * 12}</個人番号>".encode() in copy
    assert number not in str(store.get(filing).facts)
    assert office.desk.send(filing).stage is Stage.ACCEPTED
