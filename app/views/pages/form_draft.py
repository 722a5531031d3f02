"""What the pages of one draft share: the draft they were asked for, its status, where its PDF goes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from app.domain.errors import Known
from app.views.page import Status

if TYPE_CHECKING:
    from app.views.models.seen import OpenDraft


def opened(desk: Any, asked: Mapping[str, str]) -> OpenDraft:
    """The draft a page was asked for. Raises Known."""
    draft: OpenDraft
    if asked.get("draft"):
        draft = desk.draft(asked["draft"])
    else:
        draft = desk.open_draft(asked["procedure"], asked.get("subject", ""))
    return draft


def where_of(open_draft: OpenDraft, amends: str) -> dict[str, str]:
    """How a draft is asked for again: by its form, or by its id where it answers a 補正."""
    if amends:
        return {"draft": open_draft.id, "amends": amends}
    return {"procedure": open_draft.draft.procedure.id, "subject": open_draft.draft.subject}


def form_status(open_draft: OpenDraft) -> Status:
    """The status bar's part of a draft."""
    once = open_draft.draft.once_only
    count = f"手で入れたのは {once.filled}か所中 {once.typed}か所" if once.filled else ""
    return Status(open_draft.saved_at, count, once.ratio if once.filled else None)


def file_name(wanted: str) -> str:
    """A file name that every system takes."""
    return "".join("_" if c in '\\/:*?"<>|\u3000 ' else c for c in wanted)


def ask_where(page: QWidget, name: str, write: Callable[[Path], None]) -> None:
    """Asks where a PDF of that name goes, beginning with the person's documents."""
    place = QStandardPaths.StandardLocation.DocumentsLocation
    folder = Path(QStandardPaths.writableLocation(place) or Path.home())
    wanted = str(folder / file_name(name))
    dialog = QFileDialog(page, "様式を PDF に書き出す", wanted, "PDF (*.pdf)")
    dialog.setObjectName("form.print")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix("pdf")
    dialog.selectFile(wanted)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(lambda path: write(Path(path)))
    dialog.open()


def fault_sentence(fault: Exception) -> str:
    """What is said when a PDF could not be written."""
    if isinstance(fault, Known):
        return fault.sentence
    if isinstance(fault, OSError):
        return "ファイルを書けませんでした。空き容量と書き込みの許しを確かめてください。"
    return "一度の側でつまずきました。書いたものは残っています。"
