"""ほかの e-Gov の手続 in the real window: fetched by number, written, checked, sent, answered, withdrawn."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.domain.filing import Stage
from app.store.drafts import Drafts
from app.views.main_window import MainWindow
from app.views.pages.skeleton_page import SkeletonPage
from tests.services.conftest import office, running_town, town
from tests.services.open_desk import OpenDesk
from tests.services.test_skeleton_drafts import filled, place, until_ended
from tests.views.case_window import press, told
from tests.views.egov_window import page, settled, shown
from tests.views.window_parts import dressed, house, named, rest, window

__all__ = ["dressed", "house", "office", "running_town", "shown", "town", "window"]

PROC, FORM = "X-PRACTICE-T0002", "X-PRACTICE-T000201"


def opened(window: MainWindow, proc_id: str = PROC) -> Any:
    """From the choice of a procedure to its form."""
    chosen = page(window, "skeleton")
    chosen.field.setText(proc_id)
    press(window, "skeleton.fetch")
    settled()
    found: Any = window.page()
    assert isinstance(found, SkeletonPage)
    return found


def type_into(form: Any, label: str, text: str) -> Any:
    """Types into the field of that label of the application form."""
    row = form.rows[place(form.draft, label, form.draft.kept.skeleton.forms[0].names.form_id)]
    row.field.setFocus()
    row.field.selectAll()
    if text.isascii():
        QTest.keyClicks(row.field, text)
    else:  # as an input method hands it over
        said = QInputMethodEvent()
        said.setCommitString(text)
        QApplication.sendEvent(row.field, said)
    rest()
    return row


def fill(form: Any) -> None:
    """All that has to be answered, as a person does it: offers pressed, the rest typed."""
    for row in list(form.rows.values()):
        if row.place.required and row.offer is not None and row.offer.isVisible():
            row.offer.click()
    type_into(form, "氏名", "山本　湊")
    rest()


def test_nothing_is_filled_by_itself_and_offers_say_where_from(
    shown: MainWindow, office: OpenDesk
) -> None:
    form = opened(shown)
    assert form.draft.rows() == []
    assert "手続ID X-PRACTICE-T0002" in form.note
    row = form.rows[next(p for p in form.rows if p.endswith("申請者情報/法人団体名"))]
    assert row.offered().startswith("商号又は名称")
    row.offer.click()
    rest()
    assert row.field.text() == office.desk.card.name
    assert row.badge.origin == "register"
    assert not row.offer.isVisible()
    gaps = [r for r in form.rows.values() if r.place.required and not r.field.text()]
    assert gaps
    assert all(r.wanted.isVisible() and r.badge.origin is None for r in gaps)


def test_a_rule_speaks_at_the_keystroke_that_breaks_it(shown: MainWindow) -> None:
    form = opened(shown)
    row = type_into(form, "件数", "12")
    assert row.problem is None or not row.problem.isVisible()
    QTest.keyClicks(row.field, "34")
    rest()
    assert row.problem.isVisible()
    assert "999" in row.problem.plain()
    assert row.field.state() == "error"
    assert row.field.text() == "1234", "what was typed stays"
    for _ in range(2):
        QTest.keyClick(row.field, Qt.Key.Key_Backspace)
    rest()
    assert not row.problem.isVisible()


def test_each_edit_is_in_the_vault_within_a_quarter_second(
    shown: MainWindow, office: OpenDesk
) -> None:
    form = opened(shown)
    row = type_into(form, "備考", "のこる文")
    end = time.monotonic() + 0.25
    answer: Any = None
    while answer is None and time.monotonic() < end + 1.0:
        found = Drafts(office.desk.vault).load(form.draft.id).answers
        answer = next((a for p, a in found.items() if p == row.place.id), None)
        time.sleep(0.01)
    assert time.monotonic() <= end + 0.1, "it took longer than a quarter of a second"
    assert answer["text"] == "のこる文"


def test_a_keystroke_is_not_felt(shown: MainWindow) -> None:
    form = opened(shown, "4950000020325000")
    row = next(iter(form.rows.values()))
    spent = []
    for n in range(20):
        began = time.perf_counter()
        form._typed(row.place.id, "1" * (n % 5 + 1))
        spent.append(time.perf_counter() - began)
    assert sorted(spent)[10] < 0.016, f"{sorted(spent)[10] * 1000:.1f} ms"


def test_checked_sealed_and_sent_once(shown: MainWindow, office: OpenDesk, tmp_path: Path) -> None:
    form = opened(shown)
    fill(form)
    file = tmp_path / "説明.pdf"
    file.write_bytes(b"%PDF-1.4")
    form.add_file(file)
    settled()
    press(shown, "skeleton.review")
    settled()
    review: Any = shown.page()
    assert review.objectName() == "skeleton_review"
    assert "prime@example.jp(GビズIDプライム)" in review.leaving_card._lines["account"].plain()
    press(shown, "skeleton.check")
    settled()
    assert "直すところはありません" in told(shown, "skeleton.checked")
    assert office.desk.filings() == [], "a check files nothing"
    review.send_button.click()
    review.send_button.click()
    settled()
    assert shown.page().objectName() == "outbox"
    (view,) = office.desk.filings()
    assert view.stage is Stage.ACCEPTED
    assert len(office.town.ledger()) == 1
    assert page(shown, "skeleton").drafts.isVisible() is False


def test_gaps_are_shown_instead_of_a_review(shown: MainWindow) -> None:
    form = opened(shown)
    press(shown, "skeleton.review")
    assert shown.page() is form
    assert "まだ答えていない欄" in told(shown, "skeleton.band")
    assert form.rows[form.draft.gaps()[0]].field.hasFocus()


def test_a_wrong_number_is_said_in_words(shown: MainWindow) -> None:
    chosen = page(shown, "skeleton")
    chosen.field.setText("12")
    press(shown, "skeleton.fetch")
    settled()
    assert "手続ID" in told(shown, "skeleton.band")
    chosen.field.setText("9999999999999999")
    press(shown, "skeleton.fetch")
    settled()
    assert shown.page() is chosen
    assert told(shown, "skeleton.band")


def test_an_envelope_given_up_opens_its_form_again(shown: MainWindow, office: OpenDesk) -> None:
    filing_id = office.desk.egov.seal(filled(office))
    outbox = page(shown, "outbox")
    outbox.choose(filing_id)
    outbox._fix()
    settled()
    form: Any = shown.page()
    assert isinstance(form, SkeletonPage)
    type_into(form, "件数", "8")
    assert office.desk.filings()[0].stage is Stage.WITHDRAWN


def test_a_correction_is_answered_from_the_window(
    shown: MainWindow, office: OpenDesk, tmp_path: Path
) -> None:
    filing_id = office.desk.egov.seal(filled(office, "X-PRACTICE-T0008"))
    office.desk.send(filing_id)
    until_ended(office, filing_id, "審査中（補正待ち）")
    outbox = page(shown, "outbox")
    outbox.choose(filing_id)
    outbox._fix()
    settled()
    form: Any = shown.page()
    assert form.amends == filing_id
    type_into(form, "件数", "8")
    file = tmp_path / "tsuika.pdf"
    file.write_bytes(b"%PDF-1.4")
    form.add_file(file)
    settled()
    press(shown, "skeleton.review")
    settled()
    press(shown, "skeleton.send")
    settled()
    answer = office.desk.filings()[0]
    assert answer.amends == filing_id
    assert answer.stage is Stage.ENDED
    office.desk.poll()
    assert office.desk.filing(filing_id).door_status == "審査中"


def test_a_changed_form_shows_what_has_no_place(shown: MainWindow, office: OpenDesk) -> None:
    import io
    import json
    import zipfile

    from app.forms.archive import read_archive

    form = opened(shown)
    type_into(form, "備考", "残したい文")
    form.draft.flush()
    told_ = office.desk.doors.egov.procedure(PROC)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for entry in read_archive(told_.zip_bytes):
            archive.writestr(
                entry.name, entry.content.replace("備考".encode(), "通信事項".encode())
            )
    kept = json.loads(office.desk.meta.get(f"skeleton-kept:{PROC}"))
    kept["document"] = office.desk.documents_store.keep("new.zip", buffer.getvalue(), "skeleton")
    office.desk.meta.set(f"skeleton-kept:{PROC}", json.dumps(kept, ensure_ascii=False))
    office.desk.egov.drafts.renew(form.draft.id)
    form = page(shown, "skeleton", draft=form.draft.id)
    assert form.leftovers.isVisible()
    named(shown, "skeleton.left.0.drop")
    assert "残したい文" in [w.title.plain() for w in form.leftovers.findChildren(_row_type())]
    press(shown, "skeleton.review")
    assert shown.page() is form, "nothing goes on over what has no place"


def _row_type() -> Any:
    from app.views.widgets.row import ListRow

    return ListRow
