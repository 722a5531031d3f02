"""従業員と給与を取り込む in the real window: columns, bad rows, nothing by halves, what a file wrote."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from social_window import office, press, shown, texts, town, window

from app.facts.record import Origin
from app.views.pages.social_import_page import SocialImportPage
from tests.services.open_desk import OpenDesk
from tests.services.social_town import social
from tests.views.window_parts import named, rest

__all__ = ["office", "town", "window"]
HEADINGS = "社員番号,氏名,フリガナ,生年月日,基礎年金番号,メモ,2026年4月 支給額,2026年4月 基礎日数"
GOOD = (
    "E1,佐野 あかり,サノ アカリ,1995-05-05,4100000001,秘密の覚え,\"240,000\",30",
    "E2,伊藤 健,イトウ ケン,H2.3.9,4100000002,,250000円,31",
)  # fmt: skip
BAD = (
    "E3,小林大樹,コバヤシ ダイキ,1990-01-01,4100000003,,260000,30",
    "E4,加藤 美咲,カトウ ミサキ,1990-02-30,41,,二十万,30",
)


def table(folder: Path, *rows: str, name: str = "給与.csv") -> Path:
    path = folder / name
    path.write_bytes("\r\n".join([HEADINGS, *rows]).encode("cp932"))
    return path


def opened(window: Any) -> SocialImportPage:
    window.show_page("social_import")
    rest()
    page = window.page()
    assert isinstance(page, SocialImportPage)
    return page


def chosen(window: Any, path: Path) -> SocialImportPage:
    page = opened(window)
    page.choose(path)
    rest()
    rest()
    return page


def test_a_table_is_dropped_checked_and_taken_in(
    window: Any, office: OpenDesk, tmp_path: Path
) -> None:
    social(office)
    page = opened(window)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(table(tmp_path, *GOOD)))])
    page.dropEvent(
        QDropEvent(
            QPointF(9, 9), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )  # fmt: skip
    rest()
    office.desk.keep()  # what was typed a moment ago is written first
    before = len(office.desk.records.all())
    assert page.columns_.columns().targets == (
        "@key", "@name", "@kana", "birth", "pension_number", "", "pay[2026-04]", "pay_days[2026-04]",
    )  # fmt: skip
    QTest.keyClick(page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    rest()
    assert "新しい人 2人 ・ 変わる人 0人 ・ 同じ値 0か所 ・ 取り込めない行 0行" in texts(page)
    assert len(office.desk.records.all()) == before  # looked at, not written
    press(window, "import.take")
    assert "2人を取り込みました" in named(window, "import.band").accessibleName()
    graph = office.desk.graph
    members = {p.name: p.member for p in office.desk.social.people()}
    assert set(members) == {"佐野　あかり", "伊藤　健"}
    fact = graph.fact(f"employees[{members['佐野　あかり']}].pay[2026-04]")
    assert fact.value == 240_000
    assert fact.record is not None
    assert fact.record.origin is Origin.BOOKS
    assert (fact.record.locator["file"], fact.record.locator["row"]) == ("給与.csv", "2")
    assert "秘密の覚え" not in repr([r.value for r in office.desk.records.all()])


def test_bad_rows_are_listed_and_not_one_cell_of_them_is_written(
    window: Any, office: OpenDesk, tmp_path: Path
) -> None:
    social(office)
    page = chosen(window, table(tmp_path, *GOOD, *BAD))
    press(window, "import.check")
    rows = [page.bad.model.row(n) for n in range(page.bad.model.rowCount())]
    assert [(row[0], row[1]) for row in rows] == [
        ("4", "氏名"), ("5", "生年月日"), ("5", "基礎年金番号"), ("5", "2026年4月 支給額"),
    ]  # fmt: skip
    assert all(row[3] for row in rows)
    assert "小林" not in texts(page)  # what stood there is hidden
    assert not any("小林" in cell for row in rows for cell in row)
    press(window, "import.bad.show")
    assert page.bad.model.row(0)[2] == "小林大樹"
    assert page.summary.take.word() == "よい 2行だけ取り込む"
    press(window, "import.take")
    assert {p.name for p in office.desk.social.people()} == {"佐野　あかり", "伊藤　健"}
    assert (
        "取り込めない 2行は、何も書いていません。" in named(window, "import.band").accessibleName()
    )


def test_not_taking_in_writes_nothing(window: Any, office: OpenDesk, tmp_path: Path) -> None:
    social(office)
    office.desk.keep()  # what was typed a moment ago is written first
    before = len(office.desk.records.all())
    page = chosen(window, table(tmp_path, *GOOD))
    press(window, "import.check")
    press(window, "import.leave")
    assert len(office.desk.records.all()) == before
    assert office.desk.social.tables.files() == ()
    assert page.drop.isVisible()


def test_a_column_is_settled_once_and_remembered(
    window: Any, office: OpenDesk, tmp_path: Path
) -> None:
    social(office)
    page = chosen(window, table(tmp_path, *GOOD))
    view = page.columns_.table
    assert QApplication.focusWidget() is view
    for _ in range(5):
        QTest.keyClick(view, Qt.Key.Key_Down)
    assert page.columns_.heading.plain() == "メモ"
    QTest.keyClick(view, Qt.Key.Key_Return)
    target = page.columns_.target
    assert QApplication.focusWidget() is target
    target.setCurrentIndex(target.findData("job"))
    target.activated.emit(target.currentIndex())
    assert page.columns_.columns().targets[5] == "job"
    press(window, "import.check")
    press(window, "import.take")
    again = chosen(window, table(tmp_path, *GOOD, name="次の月.csv"))
    assert again.columns_.columns().targets[5] == "job"
    assert "前に決めたとおり" in again.columns_.note.plain()
    press(window, "import.check")
    assert "新しい人 0人 ・ 変わる人 0人" in texts(again)
    assert not shown(window, "import.take")  # nothing new: nothing to write


def test_a_month_is_given_to_a_column_without_one(
    window: Any, office: OpenDesk, tmp_path: Path
) -> None:
    social(office)
    path = tmp_path / "b.csv"
    path.write_text("社員番号,手当込み\nE1,250000\n", encoding="utf-8")
    page = chosen(window, path)
    page.columns_.table.setCurrentIndex(page.columns_.model.index(1, 0))
    target = page.columns_.target
    target.setCurrentIndex(target.findData("pay[month]"))
    target.activated.emit(target.currentIndex())
    press(window, "import.check")
    assert "年月の列が要ります" in named(window, "import.columns.fault").accessibleName()
    month: Any = named(window, "import.columns.month")
    month.setText("令和8年13月")
    QTest.keyClick(month, Qt.Key.Key_Return)
    assert month.state() == "error"
    month.setText("令和8年5月")
    QTest.keyClick(month, Qt.Key.Key_Return)
    assert page.columns_.columns().targets[1] == "pay[2026-05]"
    assert "2026年5月の賃金" in str(page.columns_.model.index(1, 1).data())
    press(window, "import.check")
    assert "新しい人 1人" in texts(page)


def test_two_columns_of_one_kind_are_refused(window: Any, office: OpenDesk, tmp_path: Path) -> None:
    social(office)
    page = chosen(window, table(tmp_path, *GOOD))
    page.columns_.model.settle(5, "birth")
    press(window, "import.check")
    assert "二つの列" in named(window, "import.columns.fault").accessibleName()
    assert not page.summary.isVisible()


def test_the_first_rows_are_hidden_until_asked_for(
    window: Any, office: OpenDesk, tmp_path: Path
) -> None:
    social(office)
    page = chosen(window, table(tmp_path, *GOOD))
    model = page.columns_.model

    def cells() -> str:
        return " ".join(str(model.index(r, c).data()) for r in range(8) for c in range(5))

    secret = ("1995-05-05", "4100000001", "秘密の覚え", "240,000")
    assert not any(word in cells() for word in secret)
    assert "佐野 あかり" in cells()  # by the name a person finds the row again
    press(window, "import.columns.show")
    assert all(word in cells() for word in secret)
    window.show_page("today")
    rest()
    assert not any(word in cells() for word in secret)


def test_what_a_file_wrote_can_be_seen(window: Any, office: OpenDesk, tmp_path: Path) -> None:
    social(office)
    chosen(window, table(tmp_path, *GOOD))
    press(window, "import.check")
    press(window, "import.take")
    changed = table(tmp_path, GOOD[0].replace("240,000", "245,000"), name="直し.csv")
    page = chosen(window, changed)
    press(window, "import.check")
    assert "新しい人 0人 ・ 変わる人 1人" in texts(page)
    press(window, "import.take")
    files = [page.files.model.row(n)[0] for n in range(page.files.model.rowCount())]
    assert files == ["直し.csv", "給与.csv"]
    page.files.table.setCurrentIndex(page.files.model.index(1, 0))
    press(window, "import.files.act")
    rows = [page.written.model.row(n) for n in range(page.written.model.rowCount())]
    pay = next(r for r in rows if r[1] == "佐野　あかり" and "2026-04" in r[2] and "賃金" in r[2])
    assert pay[0] == "2"
    assert "240" not in pay[3]  # an amount is hidden
    assert pay[4] == "新しい値があります"
    press(window, "import.written.show")
    rows = [page.written.model.row(n) for n in range(page.written.model.rowCount())]
    assert any("240,000" in row[3] for row in rows)


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"\x00\x01\x02", "CSV か Excel"), (b"PK\x03\x04broken", "Excel"), (b"\r\n\r\n", "見出し")],
)
def test_what_is_no_table_is_refused(
    window: Any, office: OpenDesk, tmp_path: Path, content: bytes, said: str
) -> None:
    social(office)
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    page = chosen(window, path)
    assert said in named(window, "import.band").accessibleName()
    assert page.drop.isVisible()
    page.choose(tmp_path / "ない.csv")
    rest()
    assert "読めません" in named(window, "import.band").accessibleName()


def test_long_work_tells_how_far_it_is_and_can_be_left(
    window: Any, office: OpenDesk, tmp_path: Path
) -> None:
    social(office)
    rows = [f"E{n},佐野 あかり,サノ アカリ,1995-05-05,41{n:08d},,240000,30" for n in range(6_000)]
    page = chosen(window, table(tmp_path, *rows))
    told: list[tuple[int, int]] = []

    def leave(done: int, total: int) -> None:
        told.append((done, total))
        if done >= 2_000:
            page._stop.set()

    page.progressed.connect(leave, Qt.ConnectionType.DirectConnection)
    page.look_through()
    rest()
    rest()
    assert told[-1] == (2_000, 6_001)
    assert "まだ何も書いていません" in named(window, "import.band").accessibleName()
    assert not page.summary.isVisible()
    assert page.columns_.isVisible()
    page.progressed.disconnect(leave)
    page.look_through()
    rest()
    assert "新しい人 6,000人" in texts(page.summary)
    assert office.desk.social.tables.files() == ()


def test_what_is_under_way_is_said_with_a_way_to_stop(
    window: Any, office: OpenDesk, tmp_path: Path
) -> None:
    social(office)
    page = chosen(window, table(tmp_path, *GOOD))
    page._busy, page._doing = True, "行を確かめています。"
    page._say_progress(500, 12_000)
    QTest.qWait(30)
    band = named(window, "import.progress")
    assert band.accessibleName() == "行を確かめています。12,000行のうち 500行"
    page._say_progress(1_000, 12_000)
    assert named(window, "import.progress") is band  # the button to stop stays under the hand
    assert "1,000行" in texts(band)
    press(window, "import.progress.action0")
    assert page._stop.is_set()
    page._busy = False
