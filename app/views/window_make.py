"""The parts of the window, made when they are first needed, and joined to what the window does."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.views.frame import Frame
    from app.views.main_window import MainWindow
    from app.views.pages.unlock import UnlockPage
    from app.views.palette import Palette, Switcher


def make_unlock(window: MainWindow) -> UnlockPage:
    """The first page."""
    from app.views.pages.unlock import UnlockPage

    page = UnlockPage(window.house)
    page.opened.connect(window.take_desk)
    page.add_asked.connect(window.show_create)
    page.office_asked.connect(lambda: window.outside.show_office())
    page.settings_asked.connect(lambda: window.outside.show_settings())
    return page


def make_frame(window: MainWindow) -> Frame:
    """What stands around the pages of an open company."""
    from app.views.frame import Frame

    frame = Frame()
    window.stack.addWidget(frame)
    frame.navigation.chosen.connect(lambda place: window.show_page(place))
    frame.navigation.company_pressed.connect(lambda: window.switcher.open())
    frame.header.search.clicked.connect(lambda _=False: window.palette_.open())
    frame.status.lock_pressed.connect(window.lock)
    frame.status.once_pressed.connect(lambda: window.show_page("once"))
    frame.status.sign_in_pressed.connect(lambda: window.show_page("sign_in"))
    return frame


def make_palette(window: MainWindow) -> Palette:
    """Ctrl+K: go anywhere by name."""
    from app.views.palette import Palette
    from app.views.window_keys import targets

    return Palette(window.stack, lambda: targets(window))


def make_switcher(window: MainWindow) -> Switcher:
    """The choice of another company."""
    from app.views.palette import Switcher

    return Switcher(
        window.stack,
        lambda: window.offices.cards(),
        window.switch_to,
        lambda: window.show_create(False),
    )
