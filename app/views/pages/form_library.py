"""On the form page: a file of 書類庫 put into a slot, chosen from those the slot would take."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu, QWidget

from app.domain.errors import Known
from app.views.background import run
from app.views.models.form_face import moment_text

if TYPE_CHECKING:
    from app.store.rows import DocumentRow
    from app.views.pages.form_work import FormWork
    from app.views.widgets.form_fields import FieldColumn

_MOST = 40
_NAME = 44


class FormLibrary(QObject):
    """Shows what 書類庫 has for a slot, and has what was chosen put in."""

    def __init__(self, page: QWidget, work: FormWork, fields: FieldColumn) -> None:
        super().__init__(page)
        self._page, self._work, self._fields = page, work, fields
        work.library_wanted.connect(self.show_for)

    def show_for(self, field_id: str) -> None:
        """Reads the list off the window's thread, then shows it under the slot."""
        files = self._work.files

        def found(rows: Sequence[DocumentRow]) -> None:
            row = self._fields.row(field_id)
            if row is None:
                return
            menu = library_menu(self._page, rows, lambda ident: self._take(field_id, ident))
            menu.popup(row.editor.mapToGlobal(row.editor.rect().bottomLeft()))

        run(lambda: files.library(field_id), found, self._failed, self)

    def _take(self, field_id: str, document: str) -> None:
        self._work.act(field_id, f"kept:{document}")

    def _failed(self, fault: Exception) -> None:
        if not isinstance(fault, Known):
            raise fault
        self._work.fault.emit(fault.sentence)


def library_menu(
    parent: QWidget, rows: Sequence[DocumentRow], take: Callable[[str], None]
) -> QMenu:
    """A menu of the documents, latest first."""
    menu = QMenu(parent)
    menu.setObjectName("form.library")
    menu.setAccessibleName("書類庫のファイル")
    menu.setToolTipsVisible(True)
    for row in rows[:_MOST]:
        name = row.name if len(row.name) <= _NAME else f"{row.name[:_NAME]}…"
        action = menu.addAction(f"{name}　{moment_text(row.kept_at)}".replace("&", "&&"))
        action.setToolTip(row.name)
        action.triggered.connect(lambda _=False, ident=row.id: take(ident))
    if not rows:
        menu.addAction("この欄に入れられるファイルは、書類庫にありません").setEnabled(False)
    elif len(rows) > _MOST:
        menu.addAction("これより前のものは、書類庫で保存してから選びます").setEnabled(False)
    return menu
