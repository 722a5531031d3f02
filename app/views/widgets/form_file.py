"""A slot for files: what lies in it, under which name it will leave, and the way to put one in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.forms.file_slots import SlotFile, files_of
from app.views.widgets.button import Button
from app.views.widgets.form_editor import Editor, Watch
from app.views.widgets.lines import wrap_label

if TYPE_CHECKING:
    from app.forms.draft_parts import Cell
    from app.forms.procedure import Field


class FileEditor(Editor):
    """A file slot. `acted` carries "attach:<path>", "library" (a file of 書類庫 is wanted) and
    "detach:<document>" for the page to do."""

    def __init__(self, field: Field, area: str = "form", parent: QWidget | None = None) -> None:
        super().__init__(field, area, parent)
        self._choose = Button("ファイルを選ぶ", "plain", "paperclip", small=True, name=self.name)
        self._choose.setAccessibleName(field.label)
        self._choose.clicked.connect(lambda _=False: self._ask())
        Watch(self._choose).focus_in.connect(self.entered)
        self._library = Button(
            "書類庫から", "quiet", "archive", small=True, name=f"{self.name}.library"
        )
        self._library.setAccessibleName(f"{field.label}を書類庫から選ぶ")
        self._library.clicked.connect(lambda _=False: self.acted.emit("library"))
        Watch(self._library).focus_in.connect(self.entered)
        self._limits = wrap_label(_limits(field), "note", "ink2")
        self._files: tuple[SlotFile, ...] = ()
        self._lines: list[QWidget] = []
        self._takers: list[Button] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self._choose)
        line.addWidget(self._library)
        line.addStretch(1)
        self._column.addLayout(line)
        self._column.addWidget(
            self._limits
        )  # two buttons and their limits are too wide for one line
        self.setAcceptDrops(True)

    def control(self) -> QWidget:
        """The button that asks for a file."""
        return self._choose

    def text(self) -> str:
        """The names of the files."""
        return "、".join(one.name for one in self._files)

    def show_cell(self, cell: Cell) -> None:
        """Show what lies in the slot."""
        files = files_of(cell.value) if isinstance(cell.value, str) else ()
        full = len(files) >= self.field.max_files
        self._choose.set_text("ファイルを替える" if full and files else "ファイルを選ぶ")
        self._choose.setEnabled((not full or self.field.max_files == 1) and not cell.locked)
        self._library.setEnabled(self._choose.isEnabled())
        if files == self._files:
            return
        self._files = files
        for old in self._lines:
            self._column.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._lines, self._takers = [], []
        for one in files:
            made = self._line(one)
            self._column.addWidget(made)
            made.show()
            self._lines.append(made)

    def set_state(self, state: str) -> None:
        """A locked slot takes nothing."""
        if state == "locked":
            self._choose.setEnabled(False)
            self._library.setEnabled(False)

    def has_focus(self) -> bool:
        """Whether one of the buttons has the keyboard."""
        return any(b.hasFocus() for b in (self._choose, self._library, *self._takers))

    def stops(self) -> list[QWidget]:
        """The button that asks, then one a file to take it out."""
        askers = [self._choose, self._library] if self._choose.isEnabled() else []
        return [*askers, *self._takers]

    def take_focus(self, *, select: bool = False) -> None:
        """The first button that can be pressed."""
        stops = self.stops()
        if stops:
            stops[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def _line(self, one: SlotFile) -> QWidget:
        holder = QWidget()
        line = QHBoxLayout(holder)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        name = wrap_label(f"{one.name}　{_size(one.size)}", "body", "ink")
        line.addWidget(name, 1)
        taker = Button("外す", "quiet", small=True, name=f"{self.name}.detach.{one.document}")
        taker.setAccessibleName(f"{one.name} を外す")
        taker.clicked.connect(lambda _=False: self.acted.emit(f"detach:{one.document}"))
        Watch(taker).focus_in.connect(self.entered)
        line.addWidget(taker)
        self._takers.append(taker)
        return holder

    def _ask(self) -> None:
        endings = " ".join(f"*.{kind}" for kind in self.field.file_types)
        path, _ = QFileDialog.getOpenFileName(self, self.field.label, "", f"({endings})")
        if path:
            self.acted.emit(f"attach:{path}")

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A file of this machine may be let go here."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Each file let go here is put in."""
        for url in event.mimeData().urls():
            if url.isLocalFile():
                self.acted.emit(f"attach:{url.toLocalFile()}")


def _limits(field: Field) -> str:
    kinds = "・".join(kind.upper() for kind in field.file_types)
    count = f"{field.max_files}つまで、" if field.max_files > 1 else ""
    return f"{kinds}、{count}{field.max_bytes // 1_000_000} MB まで"


def _size(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{max(1, size // 1000):,} KB"
