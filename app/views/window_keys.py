"""The keys of the window, and everything Ctrl+K can go to from it (LOOK 6)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication

from app.views.navigation import PLACES, place_words

if TYPE_CHECKING:
    from app.views.main_window import MainWindow
    from app.views.page import Target


def bind_keys(window: MainWindow) -> None:
    """Gives the window its shortcuts. Those of an open company do nothing while it is locked."""
    keys: list[tuple[str, Callable[[], object]]] = [
        ("Ctrl+B", window.fold_navigation),
        ("Ctrl+L", window.lock),
        ("Ctrl+K", lambda: _open_palette(window)),
        ("F6", lambda: _walk(window, 1)),
        ("Shift+F6", lambda: _walk(window, -1)),
        ("Ctrl+Shift+=", lambda: _step_text(window, 1)),
        ("Ctrl++", lambda: _step_text(window, 1)),
        ("Ctrl+-", lambda: _step_text(window, -1)),
    ]
    for number, place in enumerate(PLACES, start=1):
        digit = 0 if place == "settings" else number
        keys.append((f"Alt+{digit}", lambda p=place: _go(window, p)))  # type: ignore[misc]
    keys += [(f"Ctrl+{n}", lambda n=n: _company(window, n - 1)) for n in range(1, 10)]  # type: ignore[misc]
    keys.append(("Ctrl+0", lambda: window.offices.show_all()))
    for sequence, call in keys:
        shortcut = QShortcut(QKeySequence(sequence), window)
        shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
        shortcut.activated.connect(call)
        if sequence.endswith("F6"):  # an embedded browser has it too, and Qt tells one of the two
            shortcut.activatedAmbiguously.connect(call)


def targets(window: MainWindow) -> list[Target]:
    """Places, what the present page offers, procedures, companies: in this order."""
    from app.services.social.insurer import CSV_FORMS, FORM_NAMES
    from app.views.page import Target

    translate = QCoreApplication.translate
    words = place_words()
    found = [
        Target(words[p], translate("palette", "行き先"), lambda p=p: window.show_page(p))  # type: ignore[misc]
        for p in PLACES
    ]
    found += [
        Target(word, note, lambda p=p: window.show_page(p), reading)  # type: ignore[misc]
        for p, word, note, reading in (
            ("locaben", "財務の健康診断(ローカルベンチマーク)", "支援", "ざいむのけんこうしんだん"),
            ("public_records", "公開されている記録(gBizINFO)", "会社", "こうかいされているきろく"),
            ("social", "社会保険の届", "手続", "しゃかいほけんのとどけ"),
            (
                "social_import",
                "従業員と給与を取り込む",
                "手続",
                "じゅうぎょういんときゅうよをとりこむ",
            ),
            ("skeleton", "ほかの e-Gov の手続", "手続", "ほかのてつづき"),
            ("fees", "納付(手数料)", "送信箱", "のうふ"),
            ("deliveries", "電子送達とご案内", "書類庫", "でんしそうたつとごあんない"),
        )
    ]
    found += [
        Target(FORM_NAMES[form], "社会保険", lambda f=form: window.show_page("social", form=f))  # type: ignore[misc]
        for form in CSV_FORMS
    ]
    page, desk = window.page(), window.desk
    if page is not None:
        found += page.targets()
    if desk is not None:
        found += [
            Target(
                row.title,
                row.authority,
                lambda i=row.id: window.show_page("procedures", open=i),  # type: ignore[misc]
                icon="file-text",
            )
            for row in desk.procedures()
        ]
    found += [
        Target(
            card.name,
            translate("palette", "会社"),
            lambda c=card: window.switch_to(c),  # type: ignore[misc]
            icon="building-2",
        )
        for card in window.offices.cards()
    ]
    return found


def _go(window: MainWindow, place: str) -> None:
    if window.desk is not None:
        window.show_page(place)


def _company(window: MainWindow, number: int) -> None:
    if window.offices.office is not None:
        window.offices.open_number(number)
        return
    if window.desk is None and window.house.hide_companies:
        return
    cards = list(window.house.companies.cards())
    if number < len(cards):
        window.switch_to(cards[number])


def _open_palette(window: MainWindow) -> None:
    if window.desk is not None:
        window.palette_.open()


def _walk(window: MainWindow, step: int) -> None:
    from app.views.walk import walk_columns

    page = window.page()
    if window.desk is not None and page is not None and not page.walk(step):
        walk_columns([window.frame.navigation, *page.columns(), window.frame.status], step)


def _step_text(window: MainWindow, step: int) -> None:
    """Makes all letters one size larger or smaller (90, 100, 115, 130 %), and remembers it."""
    from app.views import theme

    look = theme.current()
    sizes = list(theme.TEXT_SCALES)
    nearest = min(range(len(sizes)), key=lambda n: abs(sizes[n] - look.text_scale))
    scale = sizes[max(0, min(len(sizes) - 1, nearest + step))]
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply(app, theme.load(window.house.resources, look.mode, scale))
    window.house.keep_look(look.mode, scale)
