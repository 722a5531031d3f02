"""The story of a grant, in a real window, by keyboard, against the practice town: from 支援 to the receipt."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QWidget

from tests.journeys.core.test_core_story import ROOT, create_company
from tests.journeys.grants import application as said
from tests.journeys.grants.application import answer, attach, fill_table
from tests.journeys.grants.portal_hands import AtPortal
from tests.journeys.hand import Hand
from tests.journeys.web import TownSide, Web

pytestmark = [
    pytest.mark.x11,
    pytest.mark.timeout(600),
    pytest.mark.qt_log_level_fail("CRITICAL"),
]
GRANT = "a0WJ200000CDJWIMA5"
PLACES = {"today": Qt.Key.Key_1, "company": Qt.Key.Key_2, "grants": Qt.Key.Key_4, "outbox": Qt.Key.Key_6, "documents": Qt.Key.Key_7}  # fmt: skip
HOSTILE = (
    '<p>経費を助けます。</p><script>document.title="x"</script><img src="{at}/img.png" onerror="x()">'
    '<iframe src="{at}/frame"></iframe><a href="javascript:x()">読む</a><p onclick="x()">最後</p>'
)
GAPS = {
    "company.capital": "10,000,000",
    "company.employee_count": "12",
    "company.industry_code": "7672",
    "company.established_on": "2010-04-01",
}


def go(hand: Hand, place: str) -> None:
    hand.keys(PLACES[place], Qt.KeyboardModifier.AltModifier)


def shot(hand: Hand, name: str) -> None:
    """A picture once the window has settled."""
    hand.qtbot.wait(400)
    hand.picture(name)


def words_on(widget: QWidget) -> str:
    return " ".join(
        re.sub("<[^>]+>", "", w.text()) for w in widget.findChildren(QLabel) if w.isVisible()
    )


def offline_then_fetched(hand: Hand, program: Any) -> None:
    """支援 opens with the schemes that came with the program; 新しくする fetches what is published."""
    go(hand, "grants")
    hand.until(lambda: program.desk.grants.counts().total > 0, "nothing is kept")
    assert not any(k.startswith("jgrants:") for k in program.desk.grants.order(None, ""))
    shot(hand, "grants-offline")
    hand.press("grants.refresh")
    hand.until(lambda: bool(hand.all("grants.refresh.stop")), "nothing is fetched")
    hand.until(lambda: bool(hand.all("grants.refresh")), "the refresh does not end", 240_000)
    key = f"jgrants:{GRANT}"
    hand.until(
        lambda: key in program.desk.grants.order(None, ""),
        f"the practice grant is not listed: {hand.text('grants.kept')}",
    )
    order = program.desk.grants.order(None, "")
    outcomes = [program.desk.grants.line(key).outcome for key in order]
    assert outcomes == sorted(outcomes, key=["対象", "まだ分からない", "対象外"].index)
    assert all(program.desk.grants.line(key).reason for key in order[:50])
    shot(hand, "grants-list")


def answer_on_the_spot(hand: Hand, program: Any) -> None:
    """A まだ分からない asks for what is missing; answered here, all verdicts move."""
    before = program.desk.grants.counts()
    hand.choose("grants.tab", "まだ分からない")
    hand.reach("grants.rows")
    for _ in range(40):
        asks = [w for w in hand.see("grants.detail").findChildren(QWidget)
                if w.objectName().startswith("grants.ask.") and w.isVisible()]  # fmt: skip
        known = [w.objectName() for w in asks if w.objectName()[len("grants.ask.") :] in GAPS]
        if known:
            break
        hand.keys(Qt.Key.Key_Down)
    hand.type(known[0], GAPS[known[0][len("grants.ask.") :]], commit=False)
    hand.enter()
    hand.until(lambda: program.desk.grants.counts() != before, "no verdict moves")
    shot(hand, "grants-answered")
    hand.choose("grants.tab", "all")


def search_while_typing(hand: Hand, program: Any) -> None:
    """The list follows each word; widths do not matter."""
    model = hand.see("grants.rows").model()
    whole = model.rowCount()
    found = []
    for words in ("農業", "ｼﾝｾｲﾚﾝｼｭｳ", "申請練習用"):
        hand.type("grants.words", words, commit=False)
        hand.until(lambda: model.rowCount() != whole, f"{words} finds everything")
        hand.qtbot.wait(400)
        found.append(model.rowCount())
    assert 0 < found[0] < whole
    hand.until(
        lambda: program.page().chosen == f"jgrants:{GRANT}", "the practice grant is not found"
    )


def the_grant(hand: Hand, program: Any, town: TownSide, elsewhere: str) -> None:
    """Its text is shown safely, its change as a difference; a mark brings its deadline into 今日."""
    hand.press("grants.star")
    changes = {"subsidy_max_limit": 7_000_000, "detail": HOSTILE.format(at=elsewhere)}
    town.post("jgrants/record", {"id": GRANT, "changes": changes})
    hand.press("grants.refresh")
    hand.until(lambda: bool(hand.all("grants.refresh.stop")), "nothing is fetched")
    hand.until(lambda: bool(hand.all("grants.refresh")), "the refresh does not end", 240_000)
    hand.until(lambda: bool(hand.all("grants.differences")), "the change is not told")
    told = words_on(hand.see("grants.differences"))
    assert "上限額" in told
    assert "7,000,000" in told
    assert "<" not in told
    hand.until(lambda: "経費を助けます" in body_text(hand), "the text does not come")
    html = hand.see("grants.body").toHtml()
    assert "最後" in body_text(hand)
    assert not [w for w in ("<script", "<iframe", "<img", "javascript:", "onclick") if w in html]
    assert "出典：Jグランツ" in hand.text("grants.credit")
    shot(hand, "grants-difference")
    hand.press("grants.file.0")
    hand.until(
        lambda: "書類庫に入れました" in hand.text("grants.band"), "the file is not kept", 30_000
    )
    assert [d.name for d in program.desk.documents()]
    go(hand, "today")
    hand.until(lambda: "申請練習用補助金" in words_on(program.page()), "今日 lacks the deadline")
    shot(hand, "grants-today")
    hand.press(f"today.due.award.jgrants:{GRANT}.deadline.open")
    hand.until(
        lambda: getattr(program.page(), "chosen", "") == f"jgrants:{GRANT}",
        "the mark on 今日 does not lead to its grant",
    )


def body_text(hand: Hand) -> str:
    return str(hand.see("grants.body").toPlainText())


def tell_facts(hand: Hand, program: Any) -> None:
    go(hand, "company")
    for path, text in said.COMPANY.items():
        if program.desk.graph.fact(path).value in (None, 0):  # no employee listed counts as none
            hand.type(f"company.field.{path}", text)
    go(hand, "grants")
    hand.reach("grants.words")
    hand.keys(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    hand.keys(Qt.Key.Key_Delete)
    hand.until(lambda: hand.see("grants.rows").model().rowCount() > 1, "the words stay")
    shot(hand, "grants-matched")


def write(hand: Hand, program: Any, out: Path, patch: pytest.MonkeyPatch) -> None:
    """下書きを作る, then only what is not known yet: tables, long texts, files, oaths."""
    hand.until(lambda: program.page().chosen == f"jgrants:{GRANT}", "the grant is not open")
    hand.press("grants.draft")
    hand.see("form.fields")
    for field_id, text in said.BEFORE_COSTS.items():
        answer(hand, program, field_id, text)
    shot(hand, "grants-form")
    fill_table(hand, "meisai", said.COSTS, rows=2)
    shot(hand, "grants-costs")
    answer(hand, program, "hojoritsu", "2/3")
    for field_id, cells in said.YEAR.items():
        fill_table(hand, field_id, cells)
    fill_table(hand, "yakuin", said.OFFICERS, rows=1)
    fill_table(hand, "kabunushi", said.HOLDERS, rows=1)
    answer(hand, program, "doui", "1,2,3")
    for field_id, text in said.OATHS.items():
        answer(hand, program, field_id, text)
    answer(hand, program, "hyoumei_bi", "2026-11-01")
    answer(hand, program, "shouyo", "false")
    for field_id, (name, content) in said.FILES.items():
        attach(hand, patch, field_id, out / name, content)
    assert not program.page().draft.gaps()
    assert not [p for p in program.page().draft.problems() if p.open and p.severity == "block"]


def seal(hand: Hand) -> None:
    hand.keys(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    hand.see("review.leaving")
    shot(hand, "grants-review")
    assert hand.text("review.send") == "封をして、ポータルを開く"
    hand.press("review.send")


def put_in(hand: Hand, program: Any, town: TownSide) -> AtPortal:
    """Page by page; the session dies in the middle and nothing is lost; from the accounts on by itself."""
    portal = AtPortal(hand, town)
    portal.at(f"/subsidy/{GRANT}")
    portal.sign_in()
    portal.at(f"/subsidy/{GRANT}")
    portal.go("#begin")
    portal.at("/kihon")
    hand.see("portal.fill")
    shot(hand, "browser-portal")
    portal.fill()
    shot(hand, "browser-portal-filled")
    portal.press("次へ")
    portal.at("/keikaku")
    portal.fill()
    town.post("weather", {"kind": "session_ended", "match": "POST */pages/*"})
    portal.press("次へ")
    portal.at("/expired")
    hand.until(lambda: "もう一度" in words_on(hand.see("portal")), "the panel does not tell of it")
    shot(hand, "browser-portal-expired")
    portal.go("#login")  # the sign-in at GビズID lives on: no password is asked
    portal.at("/mypage")
    portal.go("#applications a")
    portal.at("/kihon")
    portal.until("deep('[name=Capital__c]') && deep('[name=Capital__c]').value === '10,000,000'")
    portal.go('a[href$="/keikaku"]')
    portal.at("/keikaku")
    portal.fill()
    portal.press("次へ")
    portal.at("/keihi")
    portal.fill()
    portal.panel("portal.follow")
    for following in ("zaimu", "yakuin", "sensei", "tenpu"):
        portal.press("次へ")
        portal.at(f"/{following}")
        portal.fits()
    portal.press("次へ")
    portal.at("/confirm")
    return portal


def file_it(hand: Hand, program: Any, portal: AtPortal) -> None:
    """The person presses the portal's own button; the number is stored before it is shown."""
    hand.until(
        lambda: "確認の画面" in hand.text("portal.title"), "the panel does not know the page"
    )
    portal.into("deep('[name=Confirmed__c]')")
    portal.web.key(Qt.Key.Key_Space)
    shot(hand, "browser-portal-confirm")
    portal.press("申請する")
    portal.at("/receipt")
    hand.see("portal.receipt", 30_000)
    stored = program.desk.filings_store.list()[0].receipt_number
    assert stored
    assert stored in hand.text("portal.receipt")
    shot(hand, "browser-portal-receipt")
    portal.panel("portal.done")
    hand.until(
        lambda: stored in hand.text("outbox.receipt_number").replace(" ", ""), "送信箱 lacks it"
    )
    shot(hand, "grants-outbox")


def the_town_holds_what_was_written(program: Any, town: TownSide) -> None:
    """Exactly one application, with the values and the files of the draft."""
    (held,) = town.get("portal")["applications"]
    row = program.desk.filings_store.list()[0]
    assert (held["status"], held["number"]) == ("申請済み", row.receipt_number)
    values = held["values"]
    assert values["kihon"]["Capital__c"] == "10000000"
    assert values["kihon"]["IndustryGroup__c"] == "76 飲食店"
    assert values["keikaku"]["ProjectContent__c"] == said.BEFORE_COSTS["b_naiyou"]
    assert [(r["Item__c"], r["Amount__c"]) for r in values["keihi"]["Costs__r"]] == [
        ("焙煎機", "1000000"), ("ちらし", "100000"),
    ]  # fmt: skip
    assert values["keihi"]["SubsidyAmount__c"] == str(1_100_000 * 2 // 3)
    assert values["zaimu"]["P1NetAssets__c"] == "20000000"
    assert values["yakuin"]["Shareholders__r"][0]["Ratio__c"] == "66.67"
    sums = {f["sha256"] for files in held["files"].values() for f in files}
    assert sums == {hashlib.sha256(content).hexdigest() for _, content in said.FILES.values()}


def prove(hand: Hand, program: Any, out: Path) -> None:
    hand.press("outbox.prove")
    hand.until(
        lambda: any(isinstance(w, QFileDialog) and w.isVisible() for w in QApplication.topLevelWidgets()),
        "no dialog asks where to write",
    )  # fmt: skip
    tops = QApplication.topLevelWidgets()
    (dialog,) = [w for w in tops if isinstance(w, QFileDialog) and w.isVisible()]
    dialog.fileSelected.emit(str(out))
    dialog.close()
    hand.until(lambda: bool(list(out.glob("*.zip"))), "no proof was written")
    proof = next(out.glob("*.zip"))
    verify = [sys.executable, str(ROOT / "main.py"), "verify", str(proof)]
    done = subprocess.run(verify, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def e_gov_asks_no_password(hand: Hand, program: Any) -> None:
    """The same sign-in serves e-Gov."""
    program.show_page("sign_in")
    page = Web(hand, hand.see("browser.page", 40_000))
    page.wait_at("/auth/auth")
    page.focus("#idp-gbizid")
    page.key(Qt.Key.Key_Return)
    hand.until(lambda: program.desk.sign_in_state().signed_in, "e-Gov asks for more")


def test_grants_story(
    program: Any, inner: Any, qtbot: Any, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand = Hand(qtbot, program, out / "pictures")
    create_company(hand, out)
    town = TownSide(inner.town.endpoints())
    town.post("portal", {"wait_ms": [100, 500]})
    offline_then_fetched(hand, program)
    answer_on_the_spot(hand, program)
    search_while_typing(hand, program)
    the_grant(hand, program, town, inner.town.endpoints()["elsewhere"])
    tell_facts(hand, program)
    write(hand, program, out, monkeypatch)
    seal(hand)
    portal = put_in(hand, program, town)
    file_it(hand, program, portal)
    the_town_holds_what_was_written(program, town)
    prove(hand, program, out)
    e_gov_asks_no_password(hand, program)
    (out / "town-log.json").write_text(
        json.dumps(town.log(), ensure_ascii=False, indent=1), "utf-8"
    )
    town.close()
