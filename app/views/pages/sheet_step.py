"""A step with one button that goes on, and the step that hands out the recovery sheet."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from app.views.widgets.button import Button
from app.views.widgets.card import Card
from app.views.widgets.icon_view import IconView
from app.views.widgets.lines import hairline, label, wrap_label


class Step(QWidget):
    """One step: a question, its controls, room for a band, and one button that goes on."""

    changed = Signal()
    go_on = Signal()

    def __init__(self, question: str, note: str, button: str, name: str) -> None:
        super().__init__()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(12)
        self.column.addWidget(label(question, "headline", bold=True))
        self.column.addWidget(wrap_label(note, "label", "ink2"))
        self.band_place = QVBoxLayout()
        self.button = Button(button, "primary", name=f"{name}.next")
        self.button.clicked.connect(lambda _=False: self.go_on.emit())
        self.foot = QHBoxLayout()
        self.foot.setSpacing(8)
        self.foot.addStretch(1)

    def finish(self) -> None:
        """Lays band and button under the controls."""
        self.column.addLayout(self.band_place)
        self.column.addStretch(1)
        self.foot.addWidget(self.button)
        self.column.addLayout(self.foot)

    def show_band(self, band: QWidget | None) -> None:
        """Shows a band, or takes it away."""
        while (item := self.band_place.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        if band is not None:
            self.band_place.addWidget(band)

    def give_focus(self) -> None:
        """Puts the cursor where one types."""


class SheetStep(Step):
    """The recovery key: printed, saved or written down, and the word of the person that it is kept."""

    print_asked = Signal()
    save_asked = Signal()

    def __init__(self, place: str, note: str, go_on: str) -> None:
        """`place` begins the object names; `go_on` is the word of the button that ends the step."""
        super().__init__(self.tr("復旧キーを、紙で残してください"), note, go_on, f"{place}.sheet")
        self._go_on = go_on
        box = Card(name=f"{place}.recovery")
        body = box.body
        body.setContentsMargins(16, 16, 16, 16)
        self.key = wrap_label("", "headline", "ink")
        self.key.setObjectName(f"{place}.recovery.text")
        self.key.setWordWrap(False)
        body.addWidget(self.key, 0, Qt.AlignmentFlag.AlignHCenter)
        self.column.addWidget(box)
        row = QHBoxLayout()
        row.setSpacing(8)
        self.print = Button(self.tr("印刷する"), icon="printer", name=f"{place}.recovery.print")
        self.save = Button(self.tr("PDF で保存する"), icon="save", name=f"{place}.recovery.save")
        self.print.clicked.connect(lambda _=False: self.print_asked.emit())
        self.save.clicked.connect(lambda _=False: self.save_asked.emit())
        row.addWidget(self.print)
        row.addWidget(self.save)
        self.done_icon = IconView("check", 16, "ok")
        self.done = label("", "note", "ink2", name=f"{place}.recovery.done")
        row.addWidget(self.done_icon)
        row.addWidget(self.done, 1)
        self.done_icon.hide()
        self.column.addLayout(row)
        self.column.addWidget(hairline())
        words = self.tr("復旧キーを残しました(印刷、PDF、または書き写し)")
        self.kept = QCheckBox(words)
        self.kept.setObjectName(f"{place}.recovery.kept")
        self.kept.setAccessibleName(words)
        self.kept.toggled.connect(lambda _on: self._ready())
        self.column.addWidget(self.kept)
        self.finish()
        self._ready()

    def show_key(self, text: str) -> None:
        """Shows the recovery key in its lines."""
        lines = [line.split("-") for line in text.splitlines()]
        rows = "".join(
            "<tr>" + "".join(f'<td style="padding:4px 14px">{g}</td>' for g in line) + "</tr>"
            for line in lines
        )
        self.key.set_html(f"<table>{rows}</table>", self.tr("復旧キー {}").format(text))

    def say_done(self, sentence: str) -> None:
        """Says that it was printed or saved."""
        self.done.setText(sentence)
        self.done_icon.setVisible(bool(sentence))

    def _ready(self) -> None:
        kept = self.kept.isChecked()
        self.button.set_kind("primary" if kept else "dashed")
        self.button.set_text(
            self._go_on if kept else self.tr("{}(復旧キーを残してから)").format(self._go_on)
        )

    def give_focus(self) -> None:
        self.print.setFocus(Qt.FocusReason.OtherFocusReason)
