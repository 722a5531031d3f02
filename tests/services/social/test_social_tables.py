"""A table of one company over a real vault: looked through, taken in, traced; what is asked; what 今日 tells."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from social_company import CATALOGUE, NOW, RESOURCES, SPRING, TABLES, TARO, company

from app.domain.errors import BadInput, Known
from app.facts.graph import Graph
from app.facts.record import Origin
from app.services.obligations import today_page
from app.services.social.asking import asks_about_cover, asks_of
from app.services.social.columns import Columns, load_column_words
from app.services.social.duties import by_form_and_day, social_duties
from app.services.social.insurer import Insurer
from app.services.social.needs import needs_of
from app.services.social.notice import Needs
from app.services.social.people import people_of
from app.services.social.table_import import TableImport
from app.store.key_file import create_key_file
from app.store.records import Records
from app.store.slots import CHEAPEST
from app.store.vault import Vault

INSURED = TARO | SPRING | {"social_insurance.acquired_on": date(2015, 4, 1)}
TEXT = "社員番号,氏名,生年月日,2026年4月 支給額\nE1,年金 太郎,1995-04-01,260000\nE2,伊藤,1990-01-01,1\n"


class Company:
    """A vault, its graph, and the import over both."""

    def __init__(self, folder: Path) -> None:
        path = folder / "a.vault"
        key, _ = create_key_file(path, "a passphrase", practice=True, cost=CHEAPEST)
        self.vault = Vault.create(
            path, key, practice=True, migrations=RESOURCES / "migrations", clock=lambda: NOW
        )
        self.graph = Graph(CATALOGUE, [], NOW.date())
        words = load_column_words(RESOURCES, CATALOGUE)
        self.tables = TableImport(self.vault, self.graph, words, lambda: NOW, self._arrived)

    def _arrived(self, records: object) -> None:
        for record in records:  # type: ignore[attr-defined]
            self.graph.add(record)


@pytest.fixture
def mine(tmp_path: Path) -> Iterator[Company]:
    made = Company(tmp_path)
    yield made
    made.vault.close()


def columns(mine: Company, text: str = TEXT) -> Columns:
    return mine.tables.preview("給与.csv", text.encode()).columns


def needed(graph: Graph) -> Needs:
    return needs_of(
        people_of(graph), TABLES, today=date(2026, 7, 3), since=date(2026, 1, 1),
        insurer=Insurer.KYOKAI,
    )  # fmt: skip


def test_looking_through_stores_nothing_and_says_what_taking_in_does(mine: Company) -> None:
    content, chosen = TEXT.encode(), columns(mine)
    seen = mine.tables.look_through("給与.csv", content, chosen)
    assert Records(mine.vault).all() == []
    assert mine.tables.files() == ()
    found = mine.tables.take_in("給与.csv", content, chosen)
    assert (found.new, found.good_rows, found.bad) == (seen.new, seen.good_rows, seen.bad)
    stored = Records(mine.vault).all()
    assert len(stored) == len(found.records) > 0
    assert {r.locator["row"] for r in stored} == {"2"}  # the bad row wrote nothing


def test_what_a_table_wrote_is_found_by_its_origin(mine: Company) -> None:
    mine.tables.take_in("給与.csv", TEXT.encode(), columns(mine))
    (file,) = mine.tables.files()
    assert (file.name, file.new, file.bad_rows) == ("給与.csv", 1, 1)
    cells = mine.tables.written(file)
    assert {c.row for c in cells} == {2}
    told = {c.label: c for c in cells}
    assert told["その月の賃金 2026-04"].personal  # pay is hidden on the screen
    assert told["その月の賃金 2026-04"].text == "260,000"
    assert all(c.stands and c.person == "年金　太郎" for c in cells)
    assert "260,000" not in repr(cells)
    assert "年金" not in repr(cells)


def test_the_same_table_twice_writes_nothing_new(mine: Company) -> None:
    mine.tables.take_in("給与.csv", TEXT.encode(), columns(mine))
    again = mine.tables.take_in("給与.csv", TEXT.encode(), columns(mine))
    assert again.records == ()
    assert again.same > 0
    assert len(mine.tables.files()) == 2


def test_a_stop_leaves_nothing(mine: Company) -> None:
    def stop(_done: int, _total: int) -> None:
        raise Known("stopped", "やめました。")

    with pytest.raises(Known):
        mine.tables.take_in("給与.csv", TEXT.encode(), columns(mine), stop)
    assert Records(mine.vault).all() == []


def test_wrong_columns_are_refused_before_any_row(mine: Company) -> None:
    wrong = Columns(("氏名",), ("@name",))
    with pytest.raises(BadInput):
        mine.tables.check(wrong)
    with pytest.raises(BadInput):
        mine.tables.look_through("a.csv", "氏名\n年金 太郎\n".encode(), wrong)


def test_only_what_is_missing_is_asked() -> None:
    facts = dict(INSURED)
    del facts["pay[2026-06]"], facts["birth"], facts["social_insurance.revised_month"]
    graph = company(a=facts)
    (notice,) = needed(graph).notices
    asked = {ask.path: ask for ask in asks_of(notice, graph)}
    assert set(asked) == {
        "employees[a].birth",
        "employees[a].pay[2026-06]",
        "employees[a].social_insurance.revised_month",
    }
    assert asked["employees[a].pay[2026-06]"].label == "2026年6月の賃金"
    assert asks_of(needed(company(a=INSURED)).notices[0], graph) == ()
    (cover,) = asks_about_cover("a", graph)
    assert [value for value, _ in cover.choices] == ["はい", "いいえ"]


def test_notices_are_lines_of_today_by_form_and_day() -> None:
    graph = company(a=INSURED, b=INSURED | {"left_on": date(2026, 6, 30)})
    needs = needed(graph)
    groups = [(g.form, g.due, len(g.notices)) for g in by_form_and_day(needs)]
    assert groups == sorted(groups, key=lambda g: g[1] or date.max)
    today = today_page(date(2026, 7, 3), (), (), duties=social_duties(needs))
    row = next(r for r in today.due if r.notice == "2225700")
    assert (row.day_text, row.left_text, row.title) == ("7/10", "あと 7日", "算定基礎届(1人)")
    assert "7月10日まで" in row.note
    assert row.page == "social"
    assert row.award == row.grant == ""
    assert len({r.draft_id for r in today.due}) == len(today.due)
    late = today_page(date(2026, 7, 20), (), (), duties=social_duties(needs))
    assert next(r for r in late.due if r.notice == "2225700").kind == "danger"


def test_the_origin_of_taken_in_records_is_the_table(mine: Company) -> None:
    mine.tables.take_in("給与.csv", TEXT.encode(), columns(mine))
    record = Records(mine.vault).all()[0]
    assert record.origin is Origin.BOOKS
    assert record.locator["file"] == "給与.csv"
    assert len(record.locator["sha256"]) == 64
