"""Pages without an open company: the steps of a new one, and the settings of this computer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from app.views.main_window import MainWindow
    from app.views.pages.create_company import CreateCompanyPage
    from app.views.pages.office_open import OfficeOpenPage


class Outside:
    """Puts such a page into the window and takes it away for good when it is left."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._create: CreateCompanyPage | None = None
        self._settings: QWidget | None = None
        self._office: OfficeOpenPage | None = None

    @property
    def shows_settings(self) -> bool:
        """Whether the settings of this computer are shown."""
        return self._settings is not None

    def show_create(self, practice: bool) -> None:
        """Shows the steps of a new company."""
        from app.views.pages.create_company import CreateCompanyPage

        self.leave()
        window = self._window
        page = CreateCompanyPage(window.house, practice)
        page.left.connect(window.show_company)
        page.created.connect(window.take_new)
        self._create = page
        self._put(page)
        page.give_focus()
        window.setWindowTitle(window.tr("会社をくわえる · 一度"))

    def create_page(self) -> CreateCompanyPage:
        """The steps of a new company, while they are shown. Raises LookupError otherwise."""
        if self._create is None:
            raise LookupError("no company is being created")
        return self._create

    def show_settings(self) -> None:
        """Shows what can be chosen for this computer."""
        page = self._window.house.page("settings", None, self._window, {})
        self.leave()
        self._settings = page
        self._put(page)
        page.refresh()

    def show_office(self) -> None:
        """Shows the office files of this machine, or why none can be kept today."""
        from app.views.pages.office_open import OfficeOpenPage

        window = self._window
        if sentence := window.house.folder_fault():
            window.unlock.tell(sentence)
            return
        self.leave()
        page = OfficeOpenPage(window.house)
        page.left.connect(window.show_company)
        page.opened.connect(window.offices.take)
        page.created.connect(window.offices.take_new)
        self._office = page
        self._put(page)
        page.give_focus()
        window.setWindowTitle(window.tr("事務所 · 一度"))

    def leave(self) -> None:
        """Takes away what is shown."""
        if self._office is not None:
            self._office.leaving()
        for page in (self._create, self._settings, self._office):
            if page is not None:
                self._window.stack.removeWidget(page)
                page.hide()
                page.deleteLater()
        self._create = self._settings = self._office = None

    def _put(self, page: QWidget) -> None:
        self._window.stack.addWidget(page)
        self._window.stack.setCurrentWidget(page)
