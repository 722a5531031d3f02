"""What a 組合 is given on paper: the notices of the page as a PDF, where the person wants it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.domain.errors import Known
from app.services.social.notice import Key
from app.views.background import run
from app.views.models.need_list import form_name
from app.views.pages.form_draft import ask_where
from app.views.pages.review_sending import Told

UNWRITTEN = "その場所には書けません。別の所をえらんでください。"


class UnionPaper(QObject):
    """`keys` gives the notices the page shows now; `told` carries what came of it."""

    told = Signal(object)

    def __init__(
        self, page: QWidget, desk: Any, form: str, keys: Callable[[], Collection[Key]]
    ) -> None:
        super().__init__(page)
        self._page, self._desk, self._form, self._keys = page, desk, form, keys

    def ask(self) -> None:
        """Asks where it goes; nothing waits for the answer."""
        name = f"{form_name(self._form)}_組合_{self._desk.card.name}.pdf"
        ask_where(self._page, name, self.write)

    def write(self, path: Path) -> None:
        """Composes and writes it off the window's thread."""
        keys = tuple(self._keys())

        def work() -> Path:
            path.write_bytes(self._desk.social.after.union_print(self._form, keys))
            return path

        def done(written: Path) -> None:
            note = f"{written} です。組合の方法で出してください。"
            self.told.emit(Told("ok", f"{len(keys):,}人分を書き出しました。", note))

        run(work, done, self._failed, self)

    def _failed(self, fault: Exception) -> None:
        if isinstance(fault, OSError):
            self.told.emit(Told("warn", UNWRITTEN))
            return
        if not isinstance(fault, Known):
            self.told.emit(Told("danger", "一度の側でつまずきました。書いたものは残っています。"))
            raise fault
        self.told.emit(Told("warn", fault.sentence))
