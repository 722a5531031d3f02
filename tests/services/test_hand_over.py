"""手渡し: what a person files by other means, from the files we wrote to the proof that says so."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.domain.errors import BadInput, Known, VaultFault
from app.domain.filing import HAND_OVER, Stage
from app.services.hand_back import arrival_number
from app.services.my_number import MyNumbers
from app.services.proof import verify_proof
from app.services.social.insurer import ACQUISITION, REGULAR
from tests.sandbox.town_social import pension
from tests.services.open_desk import OpenDesk
from tests.services.social_town import WHO, files_of, social, told
from tests.services.test_social_with_town import MORE, SPRING

NUMBER = "900-2026-00000-2796"


@pytest.fixture
def api(office: OpenDesk) -> Iterator[httpx.Client]:
    """Another program of the State, signed in by itself."""
    token = office.town.token()["access_token"]
    with httpx.Client(
        base_url=office.town.endpoints["egov_api"], timeout=10, trust_env=False, verify=False,
        headers={"Authorization": f"Bearer {token}"},
    ) as client:  # fmt: skip
        yield client


def text_of(pdf: bytes) -> str:
    """What a reader of PDFs finds, without spaces."""
    tool = shutil.which("pdftotext")
    if tool is None:
        pytest.skip("pdftotext is not installed")
    done = subprocess.run([tool, "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return re.sub(r"[ \u3000\n\f]+", "", done.stdout.decode())


def files_under(folder: Path) -> dict[str, bytes]:
    """Every file by its place."""
    found = sorted(p for p in folder.rglob("*") if p.is_file())
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in found}


def only(office: OpenDesk) -> str:
    """The one filing of the hand-over."""
    (row,) = [r for r in office.desk.filings_store.list() if r.door == HAND_OVER]
    return row.id


def filed_by_hand(office: OpenDesk, api: httpx.Client, form: str, csv: bytes) -> dict[str, Any]:
    """The person files the CSV with e-Gov's own program; gives what its screen shows."""
    answer = api.post("/apply", json=pension(api, form, csv).body())
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()["results"]
    return found


def test_a_notice_goes_by_hand_to_its_decision_and_its_proof(
    office: OpenDesk, api: httpx.Client, tmp_path: Path
) -> None:
    desk, hand = social(office), office.desk.hand_overs
    told(office, "e1", WHO | SPRING)
    ready = desk.prepare(REGULAR).files[0].content
    folder = desk.after.hand_over(REGULAR, None, tmp_path)
    filing = only(office)
    files = files_under(folder)
    assert list(files) == ["届書/SHFD0006.CSV", "手順.pdf"]
    assert files["届書/SHFD0006.CSV"] == ready == files_of(office, filing)["SHFD0006.CSV"]
    steps = text_of(files["手順.pdf"])
    for words in ("届書作成プログラム", "仕様チェック", "GビズID", "到達番号", "件数は1件", "練習",
                  "二度出さないで", "算定基礎届（CSVファイル添付方式）"):  # fmt: skip
        assert words in steps, words
    assert desk.filed() == {(REGULAR, "e1", "2026"): filing}
    assert len(office.town.ledger()) == 0, "nothing was sent"

    shown = filed_by_hand(office, api, REGULAR, files["届書/SHFD0006.CSV"])
    row = hand.number(filing, f" {shown['arrive_id']} ")
    assert (row.stage, row.receipt_number) == (Stage.ACCEPTED, shown["arrive_id"])
    office.town.advance(shown["arrive_id"], "審査終了")
    case = api.get(f"/apply/{shown['arrive_id']}").json()["results"]
    sub = case["official_list"][0]["notice_sub_id"]
    answer = api.get(f"/official_document/{shown['arrive_id']}/{sub}").json()["results"]
    package = base64.b64decode(answer["file_data"])
    taken = hand.take_in(filing, "公文書.zip", package)
    office.desk.take_in()
    assert {r.path.rpartition(".")[2] for r in taken.records} >= {"kenpo_standard"}
    assert "署名を確かめ、変わっていません" in taken.sentence
    found = desk.after.compare(filing)
    assert found is not None
    assert found.sentence == "1人とも、届のとおりに決まりました。"
    assert office.desk.filings_store.get(filing).stage is Stage.ENDED
    again = hand.take_in(filing, "別の名前.zip", package)
    assert (again.records, again.sentence) == ((), "この書類は、もう入っています。")

    path = office.desk.prove(filing, tmp_path)
    assert verify_proof(path).sound
    with zipfile.ZipFile(path) as proof:
        kinds = [e["kind"] for e in json.loads(proof.read("events.json"))]
        read_me = proof.read("README.txt").decode()
        page = text_of(proof.read("proof.pdf"))
        receipt = json.loads(proof.read("receipt.json"))
    assert kinds == ["sealed", "handed-over", "filed-by-hand", "accepted", "decided", "ended"]
    assert "この届は、一度からは送っていません" in read_me
    assert "人が手で出し、番号を入れた" in page
    assert receipt["answer"]["found_by"] == HAND_OVER
    assert [f["arrive_id"] for f in office.town.ledger()] == [shown["arrive_id"]]


def test_what_is_handed_over_cannot_be_sent_until_it_is_taken_back(
    office: OpenDesk, tmp_path: Path
) -> None:
    desk, hand = social(office), office.desk.hand_overs
    told(office, "e1", WHO | SPRING)
    desk.after.hand_over(REGULAR, None, tmp_path)
    filing = only(office)
    for way in (office.desk.send, office.desk.settle, office.desk.unseal,
                office.desk.doors.sending.send):  # fmt: skip
        with pytest.raises(Known, match="手渡しを取り消して"):
            way(filing)
    with pytest.raises(Known, match="出す届がありません"):
        desk.seal(REGULAR)
    with pytest.raises(Known, match="出す届がありません"):
        desk.after.hand_over(REGULAR, None, tmp_path)
    hand.take_back(filing)
    (sent,) = desk.seal(REGULAR)
    assert office.desk.send(sent).stage is Stage.ACCEPTED
    assert len(office.town.ledger()) == 1
    with pytest.raises(Known):
        hand.give(filing, tmp_path)
    with pytest.raises(Known):
        hand.number(filing, NUMBER)


def test_the_number_is_a_persons_word_and_is_checked(office: OpenDesk, tmp_path: Path) -> None:
    waiting, sent = office.sealed(), office.sealed("田中")
    known = office.desk.send(sent).receipt_number
    hand = office.desk.hand_overs
    filing = hand.instead_of(waiting)
    with pytest.raises(Known, match="まだ手渡して"):
        hand.number(filing, NUMBER)
    hand.give(filing, tmp_path)
    for wrong, code in (
        ("12345", "arrival-number"),
        ("", "arrival-number"),
        (known, "arrival-other"),
    ):
        with pytest.raises(BadInput, match=code):
            hand.number(filing, wrong)
    with pytest.raises(BadInput, match="arrival-future"):
        hand.number(filing, NUMBER, office.clock() + timedelta(hours=1))
    moment = office.clock() - timedelta(minutes=5)
    hand.number(filing, "９００２０２６００００－０２７９６", moment)
    row = office.desk.filings_store.get(filing)
    assert (row.receipt_number, row.receipt_at) == ("9002026000002796", moment)
    with pytest.raises(Known, match="もう到達番号"):
        hand.number(filing, "9002026000002797")
    with pytest.raises(Known, match="e-Gov の画面で"):
        hand.take_back(filing)
    accepted = office.desk.filings_store.events(filing)[-1]
    assert "山本が画面を見て入れました" in accepted.note
    other = hand.instead_of(office.sealed("鈴木"))
    hand.give(other, tmp_path)
    with pytest.raises(VaultFault, match="receipt_taken"):
        hand.number(other, NUMBER)
    assert office.desk.filings_store.get(other).stage is Stage.READY, "nothing half"
    hand.finish(filing)
    assert office.desk.filings_store.get(filing).stage is Stage.ENDED


def test_documents_come_in_as_they_are_and_others_are_refused(
    office: OpenDesk, tmp_path: Path
) -> None:
    hand = office.desk.hand_overs
    filing = hand.instead_of(office.sealed())
    with pytest.raises(Known, match="先に到達番号"):
        hand.take_in(filing, "控え.pdf", b"%PDF-1.4 x")
    hand.give(filing, tmp_path)
    hand.number(filing, NUMBER)
    assert "書類庫に入れました" in hand.take_in(filing, "控え/../a.pdf", b"%PDF-1.4 x").sentence
    for name, raw in (("a.exe", b"MZ"), ("a.txt", b"text"), ("a.xml", b"no xml"), ("a.pdf", b"")):
        with pytest.raises(BadInput, match="document-kind"):
            hand.take_in(filing, name, raw)
    bomb = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><DOC><BODY>&b;</BODY></DOC>'
    taken = hand.take_in(filing, "公文書.xml", bomb)
    assert "DTD" in taken.sentence
    assert taken.records == ()
    letter = (
        "<DOC><BODY><TITLE>お知らせ</TITLE><MAINTXT><P>受理しました。</P></MAINTXT></BODY></DOC>"
    )
    assert "署名はありません" in hand.take_in(filing, "通知.xml", letter.encode()).sentence
    names = {d.name for d in office.desk.documents_store.list(filing)}
    assert names >= {"控え＿..＿a.pdf", "公文書.xml", "通知.xml"}
    assert office.desk.filings_store.get(filing).stage is Stage.ACCEPTED


def test_a_decision_on_another_filing_decides_nothing(office: OpenDesk, tmp_path: Path) -> None:
    desk, hand = social(office), office.desk.hand_overs
    told(office, "e1", WHO | SPRING)
    desk.after.hand_over(REGULAR, None, tmp_path)
    filing = only(office)
    hand.number(filing, NUMBER)
    count = len(office.desk.records.all())
    other = (
        "<DOC><BODY><TITLE>健康保険・厚生年金保険標準報酬決定通知書</TITLE><MAINTXT>"
        "<P>到達番号　9002026000009999</P><P>被保険者整理番号　12</P>"
        "<P>適用年月　令和8年9月</P><P>標準報酬月額（健康保険）　999千円</P></MAINTXT></BODY></DOC>"
    )
    taken = hand.take_in(filing, "決定.xml", other.encode())
    assert "別の届のもの" in taken.sentence
    assert len(office.desk.records.all()) == count


def test_a_folder_that_cannot_be_written_leaves_nothing_behind(
    office: OpenDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand = office.desk.hand_overs
    filing = hand.instead_of(office.sealed())
    whole = Path.write_bytes

    def breaks(path: Path, data: bytes) -> int:
        if path.name == "手順.pdf":
            raise OSError("full")
        return whole(path, data)

    monkeypatch.setattr(Path, "write_bytes", breaks)
    with pytest.raises(Known, match="hand-over-not-written"):
        hand.give(filing, tmp_path)
    assert list(tmp_path.glob("*手渡し*")) == []
    monkeypatch.undo()
    state = hand.state(filing)
    assert state is not None
    assert (state.handed_at, state.can_write, state.needs_number) == (None, True, False)
    first = hand.give(filing, tmp_path)
    assert hand.give(filing, tmp_path).name == f"{first.name}-2"


def test_individual_numbers_leave_in_the_files_and_nowhere_else(
    office: OpenDesk, tmp_path: Path
) -> None:
    desk, hand = social(office), office.desk.hand_overs
    told(office, "e1", WHO | MORE[ACQUISITION])
    number = "123456789018"
    with MyNumbers() as numbers:
        numbers.put("e1", number)
        folder = desk.after.hand_over(ACQUISITION, None, tmp_path, my_numbers=numbers)
    filing = only(office)
    files = files_under(folder)
    assert number.encode() in files["届書/SHFD0006.CSV"]
    assert number not in text_of(files["手順.pdf"])
    assert number.encode() not in office.desk.filings_store.envelope(filing)
    told_of = str([e.content() for e in office.desk.filings_store.events(filing)])
    true = hashlib.sha256(files["届書/SHFD0006.CSV"]).hexdigest()
    assert true not in told_of, "by a digest of the true file the number could be found"
    hand.take_back(filing)
    assert office.desk.filings_store.events(filing)[-1].kind == "numbers-destroyed"
    with pytest.raises(VaultFault):
        office.desk.filings_store.leaving(filing)


def test_numbers_of_a_waiting_envelope_go_over_to_the_hand_over(
    office: OpenDesk, tmp_path: Path
) -> None:
    desk, hand = social(office), office.desk.hand_overs
    told(office, "e1", WHO | MORE[ACQUISITION])
    number = "123456789018"
    with MyNumbers() as numbers:
        numbers.put("e1", number)
        (waiting,) = desk.seal(ACQUISITION, my_numbers=numbers)
    filing = hand.instead_of(waiting)
    files = files_under(hand.give(filing, tmp_path))
    assert list(files) == ["届書/SHFD0006.CSV", "手順.pdf"]
    assert number.encode() in files["届書/SHFD0006.CSV"]
    with pytest.raises(VaultFault):
        office.desk.filings_store.leaving(waiting)


def test_the_way_out_is_in_the_data_tracker(office: OpenDesk, tmp_path: Path) -> None:
    filing = office.desk.hand_overs.instead_of(office.sealed())
    office.desk.hand_overs.give(filing, tmp_path)
    (row,) = [d for d in office.desk.disclosures() if d.filing_id == filing]
    assert row.door == HAND_OVER
    assert any(path.endswith(".birth") for path in row.paths)


@pytest.mark.parametrize(
    "text", ["9002026000002796", "900 2026 0000 02796", "９００２０２６０００００２７９６"]
)
def test_a_number_is_read_as_people_type_it(text: str) -> None:
    assert arrival_number(text) == "9002026000002796"
