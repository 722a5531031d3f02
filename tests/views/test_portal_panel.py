"""The panel beside a portal's page: what the page asks beside is listed, as words and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from form_desk import dress
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from app.forms.portal import Control
from app.forms.portal_entries import Entry
from app.views.portal_fill import Asked
from app.views.portal_panel import PortalPanel
from app.views.widgets.band import Band
from app.views.widgets.lines import WrapLabel

EVIL = "<b>新しい問い</b><img src='file:///etc/passwd'><a href='https://evil.example/'>押す</a>"
ENTRIES = [
    Entry(f"p.{n}", "p", "x", f"欄{n}", f"値{n}", Control(field="x", label=f"欄{n}"))
    for n in range(3)
]


@pytest.fixture
def panel(qtbot: Any, qapp: QApplication, resources: Path) -> PortalPanel:
    dress(qapp, resources)
    made = PortalPanel(True)
    qtbot.addWidget(made)
    made.resize(340, 800)
    made.show()
    made.show_entries("計画", ENTRIES)
    return made


def asked(panel: PortalPanel) -> list[QWidget]:
    return [w for w in panel.findChildren(QWidget) if w.objectName().startswith("portal.asked.")]


def band(panel: PortalPanel, name: str) -> str:
    found = panel.findChild(Band, name)
    assert found is not None
    return found.accessibleName().replace("\u200b", "")


def test_what_the_page_asks_beside_stands_under_the_list(panel: PortalPanel) -> None:
    panel.show_outcomes(
        {entry.key: "" for entry in ENTRIES},
        [
            Asked("会社代表電話番号", False, False),
            Asked(EVIL, True, False),
            Asked("氏名", True, True),
        ],
    )
    rows = asked(panel)
    assert [row.accessibleName().rpartition("、")[2] for row in rows[:2]] == [
        "必須の欄です", "必須です",
    ]  # fmt: skip
    assert rows[2].accessibleName() == "会社代表電話番号、この申請にない欄です"
    assert "必須の欄が 2か所" in band(panel, "portal.left")
    words = rows[0].findChildren(QLabel)
    assert EVIL in [w.plain() for w in words if isinstance(w, WrapLabel)]
    assert not any("<img" in w.text() or "<a " in w.text() for w in words), "escaped, never markup"
    assert not any(w.openExternalLinks() for w in words)


def test_only_optional_questions_leave_the_page_complete(panel: PortalPanel) -> None:
    panel.show_outcomes(
        {entry.key: "" for entry in ENTRIES}, [Asked("会社代表電話番号", False, False)]
    )
    assert len(asked(panel)) == 1
    assert "すべて入りました" in band(panel, "portal.fits")
    panel.show_entries("次", ENTRIES[:1])
    assert not [row for row in asked(panel) if row.isVisibleTo(panel)]
