"""設定: a certificate taken in from a file, and the role filings leave in; against a real vault."""

from __future__ import annotations

import logging
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.domain.filing import Capacity
from app.services.settings import Settings
from app.views import theme
from app.views.pages.review_leaving import LeavingCard
from app.views.pages.settings import SettingsPage
from app.views.pages.settings_filing import CERTIFICATE_LIMIT, CapacityCard, CertificateCard
from app.views.widgets.lines import WrapLabel
from tests.forms.customer import PASSWORD, SIGNED_AT, pkcs12_file
from tests.services.conftest import office, running_town, town
from tests.services.open_desk import OpenDesk
from tests.views.window_parts import named, rest

__all__ = ["office", "running_town", "town"]


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication, resources: Path) -> None:
    theme.apply(qapp, theme.load(resources, "light"))


@pytest.fixture
def page(qtbot: QtBot, office: OpenDesk) -> SettingsPage:
    house = SimpleNamespace(
        settings=Settings(),
        loaded=SimpleNamespace(settings=Settings(), locked=frozenset(), problems=()),
    )
    window: Any = SimpleNamespace(update_status=lambda: None, say=lambda _s: None)
    made = SettingsPage(office.desk, window, {}, house)
    qtbot.addWidget(made)
    made.resize(1000, 700)
    made.refresh()
    made.show()
    rest()
    return made


def words(root: QWidget) -> str:
    """Everything the page says and holds."""
    said = [w.plain() for w in root.findChildren(WrapLabel)]
    said += [w.text() for w in root.findChildren(QLabel)]
    said += [w.text() for w in root.findChildren(QLineEdit)]
    said += [w.accessibleName() for w in root.findChildren(QWidget)]
    return "\n".join(said)


def certificate_card(page: SettingsPage) -> Any:
    return page.findChild(CertificateCard)


def take_in(page: SettingsPage, path: Path, password: str) -> str:
    """Chooses a file, types its password, presses 取り込む; gives what is said."""
    card = certificate_card(page)
    card.choose(path)
    card.password.setText(password)
    card.go.click()
    rest()
    return named(page, "settings.certificates.band").accessibleName()


def now_file(office: OpenDesk, tmp_path: Path, **how: Any) -> Path:
    """A certificate file that holds now (or as `how` says)."""
    start = how.pop("start", office.clock() - timedelta(days=30))
    path = tmp_path / "証明書.p12"
    path.write_bytes(pkcs12_file(start=start, **how))
    return path


def test_a_certificate_is_taken_in_told_and_removed(
    page: SettingsPage, office: OpenDesk, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    path = now_file(office, tmp_path)
    assert "山本 湊の証明書を取り込みました" in take_in(page, path, PASSWORD)
    row = named(page, "settings.certificates.0").accessibleName()
    until = office.clock() + timedelta(days=335)
    assert "山本 湊" in row
    assert "発行 山本 湊" in row
    assert f"{until.year}年{until.month}月" in row
    (kept,) = [row for row in office.desk.accounts.list() if row.kind == "certificate"]
    for hidden in (PASSWORD, kept.tokens["key"][40:80]):
        assert hidden not in words(page)
        assert hidden not in caplog.text
    assert certificate_card(page).password.text() == ""
    path.unlink()
    named(page, "settings.certificates.0.remove").click()  # type: ignore[attr-defined]
    rest()
    assert office.desk.standing.certificates.list(), "asked first"
    named(page, "settings.certificates.band.action0").click()  # type: ignore[attr-defined]
    rest()
    assert office.desk.standing.certificates.list() == []
    assert "外しました" in named(page, "settings.certificates.band").accessibleName()


def test_what_cannot_be_taken_in_is_said_plainly(
    page: SettingsPage, office: OpenDesk, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    right = now_file(office, tmp_path)
    assert "パスワードが違います" in take_in(page, right, "ちがう合言葉")
    assert certificate_card(page).password.text() == ""
    assert "ちがう合言葉" not in caplog.text
    old = now_file(office, tmp_path, start=SIGNED_AT - timedelta(days=4000))
    assert "有効期限が切れています" in take_in(page, old, PASSWORD)
    (tmp_path / "x.p12").write_bytes(b"nothing")
    assert "証明書のファイルとして読めません" in take_in(page, tmp_path / "x.p12", PASSWORD)
    (tmp_path / "y.p12").write_bytes(b"0" * (CERTIFICATE_LIMIT + 1))
    assert "大きすぎます" in take_in(page, tmp_path / "y.p12", PASSWORD)
    assert "読めません" in take_in(page, tmp_path / "gone.p12", PASSWORD)
    assert office.desk.standing.certificates.list() == []


def test_without_a_file_it_is_asked_for(page: SettingsPage) -> None:
    certificate_card(page).go.click()
    rest()
    assert "選んでください" in named(page, "settings.certificates.band").accessibleName()


def test_one_that_ran_out_since_says_so(
    page: SettingsPage, office: OpenDesk, tmp_path: Path
) -> None:
    take_in(page, now_file(office, tmp_path), PASSWORD)
    office.clock.ahead += timedelta(days=400)
    page.refresh()
    rest()
    assert "いまは使えません" in named(page, "settings.certificates.0").accessibleName()


def test_an_office_files_and_the_company_again(
    page: SettingsPage, office: OpenDesk, tmp_path: Path
) -> None:
    card: Any = page.findChild(CapacityCard)
    assert "本人" in card.state.plain()
    proof = tmp_path / "代行証明.pdf"
    proof.write_bytes(b"MZ")
    card.choose(proof)
    card.office.setText("みなと社労士事務所")
    card.go.click()
    rest()
    assert "PDF か JPEG" in named(page, "settings.capacity.band").accessibleName()
    assert card.office.text() == "みなと社労士事務所"
    proof.write_bytes(b"%PDF-1.7 proof")
    card.number.setText("1312345")
    card.person.setText("髙田 花子")
    card.go.click()
    rest()
    assert "コード(8桁の数字)" in named(page, "settings.capacity.band").accessibleName()
    assert card.number.text() == "1312345"
    assert office.desk.standing.agent() is None
    card.number.setText("13123456")
    card.go.click()
    rest()
    assert "みなと社労士事務所" in card.state.plain()
    assert "髙田 花子" in card.state.plain()
    assert (card.office.text(), card.number.text(), card.person.text()) == ("", "", "")
    agent = office.desk.standing.agent()
    assert agent is not None
    assert (agent.consultant_number, agent.consultant) == ("13123456", "髙田 花子")
    assert office.desk.documents_store.get(agent.document).content == b"%PDF-1.7 proof"
    review = office.desk.review(office.complete_draft())
    assert review.capacity is Capacity.TEISHUTSU_DAIKO
    leaving = LeavingCard(office.desk)
    leaving.show_review(review)
    said = {key: line.plain() for key, line in leaving._lines.items()}
    assert said["capacity"] == "提出代行(みなと社労士事務所)。提出代行証明書を添えます。"
    assert "GビズID" in said["account"]
    assert office.desk.card.name in words(leaving)
    named(page, "settings.capacity.end").click()  # type: ignore[attr-defined]
    rest()
    named(page, "settings.capacity.band.action0").click()  # type: ignore[attr-defined]
    rest()
    assert office.desk.standing.agent() is None
    assert "本人" in card.state.plain()
    leaving.deleteLater()
