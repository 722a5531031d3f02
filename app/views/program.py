"""The program with a window: the first page is painted first, everything heavy comes after."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from app.domain.clock import Clock
from app.domain.errors import Known
from app.domain.version import VERSION
from app.views.background import run, wait
from app.views.main_window import MainWindow
from app.views.probe import ProbeResult, guard_sandbox_environment, probe_webengine, under_tests
from app.views.watch import Watch

if TYPE_CHECKING:
    from app.services.doors import DoorAddresses
    from app.views.browser_session import BrowserSessions
    from app.views.page import Page, Window

WARM_MS = 300
"""When the first page has stood this long, what the next pages need is read ahead, off the window's thread."""
_HINT = "たとえば 1011001141756(練習の町にある会社)で試せます。"


class ProgramHouse:
    """What the window asks of the program, over the house that bootstrap built (`inner`)."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner
        self.resources: Path = inner.resources
        self.clock: Clock = inner.clock
        self._probed: ProbeResult | None = None

    def __getattr__(self, name: str) -> Any:
        """Companies, settings, town and the rest are the inner house's."""
        return getattr(self._inner, name)

    @cached_property
    def sessions(self) -> BrowserSessions:
        """The embedded browsers of this window; imported at the first sign-in."""
        from app.views.browser_session import BrowserSessions

        return BrowserSessions()

    def close_sessions(self) -> None:
        """Closes the embedded browsers, if one was ever opened."""
        if "sessions" in self.__dict__:
            self.sessions.close_all()

    @property
    def version_line(self) -> str:
        """What stands at the foot of the first page."""
        return f"一度 {VERSION}"

    @property
    def idle_minutes(self) -> int:
        """After how many minutes the vault is locked."""
        return int(self._inner.settings.idle_lock_minutes)

    @property
    def hide_companies(self) -> bool:
        """Whether no company is named before one is open."""
        return bool(self._inner.look.hide_companies)

    @property
    def practice_hint(self) -> str:
        """A number to try in the practice town."""
        return _HINT

    def keep_look(self, mode: str, text_scale: float) -> None:
        """Remembers theme and text size; a settings file that cannot be written is told later."""
        settings = self._inner.settings
        with suppress(Known):
            self._inner.keep_settings(
                settings.model_copy(update={"theme": mode, "text_size": round(text_scale * 100)})
            )

    def switch_language(self) -> str:
        """Japanese and English take turns, from the next start."""
        settings = self._inner.settings
        other = "en" if settings.language == "ja" else "ja"
        self._inner.keep_settings(settings.model_copy(update={"language": other}))
        if other == "en":
            return "The window will be in English the next time you start Ichido."
        return "次に開くときから、日本語で表示します。"

    def page(self, name: str, desk: Any, window: Window, asked: Mapping[str, str]) -> Page:
        """Makes a page. Raises LookupError for a place this version does not have."""
        from app.views import page_list

        by_skeleton = name.startswith("skeleton")  # its drafts are in no list of procedures
        placed = dict(asked) if by_skeleton else self._placed(desk, asked)
        return page_list.make(name, desk, window, placed, self)

    @staticmethod
    def _placed(desk: Any, asked: Mapping[str, str]) -> dict[str, str]:
        """A draft named by its id alone also gets its procedure and subject."""
        told = dict(asked)
        if "filing" in told:
            told.setdefault("open", told.pop("filing"))
        if "draft" in told and "procedure" not in told and desk is not None:
            draft = desk.draft(told["draft"]).draft
            told |= {"procedure": draft.procedure.id, "subject": draft.subject}
        return told

    def probe(self) -> ProbeResult:
        """Whether the embedded browser can start here; asked of a child once. May block."""
        if self._probed is None:
            self._probed = probe_webengine()
        return self._probed

    def door_addresses(self, desk: Any, *, to_sign_in: bool = True) -> DoorAddresses:
        """The doors as the embedded browser meets them. May block."""
        found: DoorAddresses = self._inner.addresses(desk, tls=desk.practice, to_sign_in=to_sign_in)
        return found

    def mails(self) -> Sequence[Mapping[str, str]]:
        """The mails of the practice town, oldest first. May block."""
        found: Sequence[Mapping[str, str]] = self._inner.town_mails()
        return found


def make_application(house: Any, arguments: list[str]) -> QApplication:
    """The QApplication in the colour of the paper, for a first window without a page.

    Only palette and face are set: theme and words come with the page (`dress`).
    """
    app = QApplication([*arguments, "-style", "fusion"])
    app.setApplicationName("ichido")
    app.setApplicationDisplayName("一度")
    look = house.look
    mode = look.theme
    if mode not in ("light", "dark"):
        mode = "dark" if app.palette().window().color().lightness() < 128 else "light"
    tokens = json.loads((house.resources / "theme" / "tokens.json").read_text("utf-8"))
    app.setPalette(QPalette(QColor(tokens["colour"][mode]["canvas"])))
    # The face is set before any window is shown: later, buttons would keep the desktop's.
    font = QFont(tokens["type"]["family"])
    font.setPixelSize(round(tokens["type"]["body"]["px"] * look.text_size / 100))
    app.setFont(font)
    return app


def dress(app: QApplication, house: Any) -> None:
    """Faces, theme, Qt's own words in Japanese; the style sheet is put on with the page."""
    from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator

    from app.views import theme

    look = house.look
    QLocale.setDefault(QLocale(QLocale.Language.Japanese, QLocale.Country.Japan))
    qt_words = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    for name, folder in (
        ("qtbase_ja" if look.language == "ja" else "", qt_words),
        ("en" if look.language == "en" else "", str(house.resources / "i18n")),
    ):
        words = QTranslator(app)
        if name and words.load(name, folder):
            app.installTranslator(words)
    theme.apply(app, theme.load(house.resources, look.theme, look.text_size / 100), first=True)


def first_window(
    app: QApplication, house: ProgramHouse, ready: Callable[[MainWindow], None]
) -> MainWindow:
    """The window, shown: bare first, then dressed and with its first page.

    `ready` is called when that page has been painted too.
    """
    window = MainWindow(house, at_once=False)

    def first_page() -> None:
        from app.views import theme

        dress(app, house)
        window.begin()
        theme.put_on_sheet(app)
        after_first_paint(window.unlock, lambda: ready(window))

    after_first_paint(window, first_page)
    window.show()
    return window


def run_window(inner: Any) -> int:
    """Opens the window and runs the program to its end; gives the exit code."""
    refused = guard_sandbox_environment(os.environ, under_tests(os.environ), sys.argv)
    app = make_application(inner, [sys.argv[0]])
    house = ProgramHouse(inner)
    window = first_window(app, house, lambda shown: _begin(house, shown, refused))
    watch = Watch(window)
    window.locked.connect(house.close_sessions)
    QTimer.singleShot(1500, watch, watch.listen)
    try:
        return app.exec()
    finally:
        watch.setParent(None)
        house.close_sessions()
        wait()
        inner.close()


class _Painted(QObject):
    """Waits for the first picture of a widget."""

    def __init__(self, widget: QWidget, call: Callable[[], None]) -> None:
        super().__init__(widget)
        self._call = call
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self._call)  # after the picture has been handed over
        return False


def after_first_paint(widget: QWidget, call: Callable[[], None]) -> None:
    """Calls when a widget has been painted for the first time and the event loop is idle."""
    _Painted(widget, call)


def _begin(house: ProgramHouse, window: MainWindow, refused: str) -> None:
    """The practice town is started ahead where it will be needed; a refused switch is told."""
    if sentence := refused or house.folder_fault():
        window.unlock.tell(sentence)
    cards = house.companies.cards()
    if not cards or any(card.practice for card in cards):
        run(lambda: house.town.endpoints(), lambda _: None, lambda _: None, window)
    QTimer.singleShot(WARM_MS, window, lambda: run(house.warm, _nothing, _nothing, window))


def _nothing(_: object) -> None:
    """What is made ahead is made again where it is needed, and told there."""
