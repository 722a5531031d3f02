"""個人番号 from the hand through the practice town to the destroyed key; nothing of it is left behind."""

from __future__ import annotations

import hashlib
import logging
import os
import signal
import subprocess
import sys
import zipfile
from datetime import date, timedelta
from pathlib import Path

import pytest

from app.domain.clock import today
from app.domain.errors import Known, VaultFault
from app.domain.filing import Stage
from app.services.proof import verify_proof
from app.services.social.insurer import ACQUISITION, DEPENDANTS, LOSS
from app.services.social.people import number_key, people_of
from tests.sandbox.town_process import TownProcess, start_town
from tests.services.number_town import (
    CHILD,
    TARO,
    ended,
    files_in,
    joined,
    kinds,
    numbers_of,
    sealed,
)
from tests.services.open_desk import NUMBER, ROOT, OpenDesk
from tests.services.social_town import WHO, social, told
from tests.store.store_parts import decrypted, found_in


def test_nobody_is_sealed_without_the_number_that_is_needed(office: OpenDesk) -> None:
    desk = social(office)
    joined(office)
    review = desk.review(ACQUISITION)
    assert review.can_seal, review.reasons
    (asked,) = review.asked
    assert (asked.key, asked.who, asked.may_skip) == ("e1", "本人", False)
    with pytest.raises(Known, match="my-number-needed"):
        desk.seal(ACQUISITION)
    assert office.desk.filings_store.list() == []
    joined(office, pension_number="1234567890")
    (asked,) = desk.review(ACQUISITION).asked
    assert asked.may_skip
    (filing_id,) = desk.seal(ACQUISITION)
    assert office.desk.filings_store.kept_apart(filing_id) is None


def test_from_the_hand_to_the_destroyed_key(
    office: OpenDesk, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    filing_id = sealed(office)
    store = office.desk.filings_store
    true, copy = store.leaving(filing_id), store.envelope(filing_id)
    row = files_in(true)["SHFD0006.CSV"].decode("cp932").splitlines()[5].split(",")
    assert (row[12], row[13:17], row[28:32]) == (TARO, ["", "", "", ""], ["", "", "", ""])
    hidden = files_in(copy)["SHFD0006.CSV"].decode("cp932").splitlines()[5].split(",")
    assert hidden == [*row[:12], "*" * 12, *row[13:]]
    assert {n: b for n, b in files_in(true).items() if n != "SHFD0006.CSV"} == {
        n: b for n, b in files_in(copy).items() if n != "SHFD0006.CSV"
    }
    assert office.desk.send(filing_id).stage is Stage.ACCEPTED
    (arrived,) = office.town.ledger()
    assert arrived["sha256"] == hashlib.sha256(true).hexdigest()
    office.desk.poll()
    assert store.leaving(filing_id) == true  # kept until the procedure ends
    view = ended(office, filing_id)
    assert view.stage is Stage.ENDED
    assert view.chain_ok
    assert kinds(office, filing_id)[:3] == ["sealed", "numbers-kept", "sending"]
    assert kinds(office, filing_id)[-1] == "numbers-destroyed"
    with pytest.raises(VaultFault, match="numbers_gone"):
        store.leaving(filing_id)
    proof = office.desk.prove(filing_id, tmp_path)
    verdict = verify_proof(proof)
    assert verdict.sound
    assert any("個人番号を伏せた写し" in line for _, line in verdict.lines)
    with zipfile.ZipFile(proof) as archive:
        readme = archive.read("README.txt").decode()
        assert archive.read(next(n for n in archive.namelist() if "envelope/" in n)) == copy
        everything = b"".join(archive.read(name) for name in archive.namelist())
    assert "個人番号を伏せた写しです" in readme
    assert "そのもの(1バイトも変えていません)" not in readme
    kept = store.kept_apart(filing_id)
    assert kept is not None
    assert kept.digest.encode() in everything
    assert kept.salt.encode() not in everything
    office.desk.back_up()
    office.desk.lock()
    pages = decrypted(office.path, office.key)
    assert TARO.encode() not in pages
    assert b"*" * 12 in pages
    assert hashlib.sha256(true).hexdigest().encode() not in pages
    assert len([f for f in tmp_path.rglob("*") if f.is_file()]) >= 5
    assert found_in(tmp_path, TARO) == []
    assert TARO not in caplog.text


def test_the_town_keeps_nothing_of_it_either(tmp_path: Path) -> None:
    state = tmp_path / "town"
    with start_town(state=state) as town:
        office = OpenDesk(tmp_path / "home", town)
        office.sign_in()
        filing_id = sealed(office)
        assert office.desk.send(filing_id).stage is Stage.ACCEPTED
        office.close()
    assert any(f.is_file() for f in state.rglob("*"))
    assert found_in(tmp_path, TARO) == []


def test_dependants_have_their_own_fields(office: OpenDesk) -> None:
    desk = social(office)
    day = today(office.clock)
    child = {
        "family_name": "年金", "given_name": "一", "family_kana": "ネンキン", "given_kana": "ハジメ",
        "birth": date(2020, 3, 26), "sex": "男", "relation": "01", "since": day,
        "since_reason": "1", "occupation": "1", "lives_together": True,
    }  # fmt: skip
    spouse = child | {
        "given_name": "久美", "given_kana": "クミ", "sex": "女", "relation": "spouse", "income": 0,
        "birth": date(1996, 3, 26), "pension_number": "4321098765",
    }  # fmt: skip
    told(office, "e1", WHO | {
        f"dependants[{key}].{leaf}": value
        for key, facts in (("k", child), ("s", spouse))
        for leaf, value in facts.items()
    })  # fmt: skip
    asked = {a.key: a for a in desk.review(DEPENDANTS).asked}
    assert {key: a.may_skip for key, a in asked.items()} == {
        "e1": True, "e1/k": False, "e1/s": True,
    }  # fmt: skip
    (person,) = people_of(office.desk.graph)
    keys = {number_key(person, d) for d in person.dependants}
    assert keys == {"e1/k", "e1/s"}
    with numbers_of(**{"e1/k": CHILD, "e1/s": TARO}) as numbers:
        (filing_id,) = desk.seal(DEPENDANTS, my_numbers=numbers)
    raw = office.desk.filings_store.leaving(filing_id)
    row = files_in(raw)["SHFD0006.CSV"].decode("cp932").splitlines()[5].split(",")
    assert (row[13:16], row[28:31], row[77]) == (["", "1234", "567890"], [TARO, "", ""], CHILD)
    kept = office.desk.filings_store.kept_apart(filing_id)
    assert kept is not None
    assert kept.people == 2
    assert office.desk.send(filing_id).stage is Stage.ACCEPTED


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL is of POSIX systems")
def test_killed_between_seal_and_send(office: OpenDesk, tmp_path: Path) -> None:
    social(office)
    joined(office)
    name = office.desk.card.name
    office.desk.lock()
    child = Path(__file__).with_name("number_child.py")
    process = subprocess.Popen(
        [sys.executable, str(child), str(office.path), NUMBER, name],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{office.key.raw().hex()} {TARO}\n".encode())
    process.stdin.flush()
    filing_id = process.stdout.readline().decode().strip()
    os.kill(process.pid, signal.SIGKILL)
    _, said = process.communicate()
    assert filing_id, said.decode()
    assert TARO.encode() not in said
    assert found_in(tmp_path, TARO) == []  # the WAL of the killed one is still there
    office.reopen()
    office.sign_in()
    assert office.desk.filings_store.get(filing_id).stage is Stage.READY
    assert office.desk.send(filing_id).stage is Stage.ACCEPTED
    (arrived,) = office.town.ledger()
    true = office.desk.filings_store.leaving(filing_id)
    assert arrived["sha256"] == hashlib.sha256(true).hexdigest()
    assert TARO.encode() in files_in(true)["SHFD0006.CSV"]


def test_an_erased_member_leaves_the_filing_as_the_law_wants_it(office: OpenDesk) -> None:
    """The facts go; the sealed filing stays redacted, and can still be sent and ends without a key."""
    filing_id = sealed(office)
    done = office.desk.care.erase("employees[e1]", "本人の求めによる")
    assert (done.filings, done.with_numbers) == (1, 1)
    assert office.desk.care.check() == []
    assert office.desk.send(filing_id).stage is Stage.ACCEPTED
    assert ended(office, filing_id).stage is Stage.ENDED
    assert office.desk.care.check() == []
    assert kinds(office, filing_id)[-1] == "numbers-destroyed"
    assert office.desk.care.would_erase("employees[e1]").with_numbers == 0


def test_a_leaver_is_asked_only_without_a_pension_number(office: OpenDesk) -> None:
    desk = social(office)
    left = today(office.clock) - timedelta(days=1)
    told(office, "e1", WHO | {"left_on": left})
    assert desk.review(LOSS).asked == ()
    facts = {name: value for name, value in WHO.items() if name != "pension_number"}
    told(office, "e2", facts | {"left_on": left, "given_name": "次郎"})
    review = desk.review(LOSS)
    assert [a.key for a in review.asked] == ["e2"]
    assert review.can_seal, review.reasons
    with numbers_of(e2=TARO) as numbers:
        (filing_id,) = desk.seal(LOSS, my_numbers=numbers)
    raw = office.desk.filings_store.leaving(filing_id)
    rows = files_in(raw)["SHFD0006.CSV"].decode("cp932").splitlines()[5:]
    assert [row.split(",")[10:13] for row in rows] == [["", "1234", "567890"], [TARO, "", ""]]
    assert office.desk.send(filing_id).stage is Stage.ACCEPTED


def test_nothing_of_the_number_is_in_a_running_town_and_its_log(
    town: TownProcess, office: OpenDesk
) -> None:
    office.desk.send(sealed(office))
    assert TARO not in str(town.ledger())
    assert TARO not in str(town.control("GET", "log"))


def test_a_table_with_numbers_leaves_neither_them_nor_a_digest_of_them(office: OpenDesk) -> None:
    desk = social(office)
    rows = ["社員番号,姓,名,姓カナ,名カナ,個人番号", f"7,年金,太郎,ネンキン,タロウ,{TARO}"]
    content = "\r\n".join([*rows, ""]).encode()
    preview = desk.preview("社員.csv", content)
    assert TARO not in str(preview.rows)
    taken = desk.take_in("社員.csv", content, preview.columns)
    assert len(taken.records) >= 5
    office.desk.take_in()
    kept = str([(r.source_text, dict(r.locator)) for r in office.desk.records.all()])
    assert TARO not in kept
    assert hashlib.sha256(content).hexdigest() not in kept
    plain = "\r\n".join([r.rpartition(",")[0] for r in rows] + [""]).encode()
    other = desk.take_in("社員2.csv", plain, desk.preview("社員2.csv", plain).columns)
    assert other.records == ()
    office.desk.lock()
    pages = decrypted(office.path, office.key)
    assert TARO.encode() not in pages
    assert hashlib.sha256(content).hexdigest().encode() not in pages
