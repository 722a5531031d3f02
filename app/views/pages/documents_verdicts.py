"""The three verdicts on an official document, side by side, with the door's word on its signature."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.views.widgets.band import Band
from app.views.widgets.chip import Chip
from app.views.widgets.lines import wrap_label

if TYPE_CHECKING:
    from app.services.verdicts import Judged

_YES = {"中身": "変わっていません", "証明書": "信頼できます", "期間": "有効でした"}
_NO = {"中身": "変わっています", "証明書": "たどれません", "期間": "期間の外"}


class VerdictBox(QWidget):
    """Empty until `show_judged`; it stays empty for a kind that no office signs."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("documents.verdicts")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self.hide()

    def show_judged(self, judged: Judged | None) -> None:
        """The verdicts, each a chip and a sentence; nothing for None."""
        while (item := self._column.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self.setVisible(judged is not None)
        if judged is None:
            return
        told = f"e-Gov の申し出は「署名{judged.told}」です。" if judged.told else ""
        if not judged.signed:
            words = f"署名のない文書です。{told}"
            self._column.addWidget(Band("info", words, name="documents.unsigned"))
        for mark in judged.marks:
            self._column.addWidget(_mark(mark.title, mark.holds, mark.words))
        if judged.signed:
            about = [f"署名した人 {judged.signer}", f"発行 {judged.issuer}"]
            if judged.valid:
                about.append(f"証明書の期間 {judged.valid}")
            if told:
                about.append(told)
            shown = [x for x in about if not x.endswith(" ")]
            self._column.addWidget(wrap_label(" ・ ".join(shown), "note", "ink2"))
        if judged.against:
            self._column.addWidget(Band("danger", judged.against, name="documents.against"))
        self.setAccessibleName(
            " ".join(
                [told, *(f"{m.title} {m.words}" for m in judged.marks), judged.against]
            ).strip()
        )


def _mark(title: str, holds: bool | None, words: str) -> QWidget:
    row = QWidget()
    line = QHBoxLayout(row)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(10)
    if holds is None:
        chip = Chip(f"{title}: 分かりません", "neutral", "dashed", "circle-question-mark")
    elif holds:
        chip = Chip(f"{title}: {_YES[title]}", "ok", "soft", "check")
    else:
        bad = "danger" if title == "中身" else "warn"
        chip = Chip(f"{title}: {_NO[title]}", bad, "soft", "triangle-alert")
    chip.setObjectName(f"documents.verdict.{title}")
    line.addWidget(chip)
    line.addWidget(wrap_label(words, "note", "ink2"), 1)
    return row
