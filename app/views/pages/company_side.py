"""Beside a fact: where it is from, what else was said of it, and where it has gone."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.domain.errors import Known
from app.views.models.fact_sheet import cell_of, field_of
from app.views.models.form_explain import ExplainFace, record_line
from app.views.models.form_face import moment_text, row_face
from app.views.widgets.badge import OriginBadge
from app.views.widgets.form_explain import ExplainBox
from app.views.widgets.lines import hairline, label, wrap_label


class FactSide(QFrame):
    """The right pane of the company page."""

    def __init__(self, desk: Any, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setProperty("surface", "canvas")
        self.setFixedWidth(360)
        self.explain = ExplainBox("company.explain")
        self._others = QVBoxLayout()
        self._others.setSpacing(4)
        body = QWidget()
        body.setProperty("clear", "true")
        inner = QVBoxLayout(body)
        inner.setContentsMargins(20, 12, 20, 16)
        inner.setSpacing(12)
        inner.addWidget(self.explain)
        inner.addLayout(self._others)
        inner.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(body)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(hairline(vertical=True))
        row.addWidget(scroll)

    def focus_first(self) -> None:
        """Give the pane the keyboard."""
        self.explain.focus_first()

    def show_fact(self, row: Any, graph: Any) -> None:
        """Explain a fact row; None shows the hint."""
        self._clear()
        if row is None:
            self.explain.show_face(None)
            return
        self.explain.show_face(fact_face(row, graph))
        if row.competitors:
            self._head("ほかの記録")
            for record in row.competitors:
                self._record(row, record)
        self._where(row.path)

    def _record(self, row: Any, record: Any) -> None:
        from app.forms.convert import shown

        line = QHBoxLayout()
        line.addWidget(OriginBadge(record.origin.value))
        line.addWidget(wrap_label(shown(field_of(row), record.value) or "空欄", "label", "ink"), 1)
        holder = QWidget()
        holder.setLayout(line)
        line.setContentsMargins(0, 0, 0, 0)
        self._others.addWidget(holder)
        self._others.addWidget(label(record_line(record), "note", "ink2"))

    def _where(self, path: str) -> None:
        try:
            went = [d for d in self._desk.disclosures() if path in d.paths]
        except Known:
            return
        self._head("どこへ出したか")
        if not went:
            self._others.addWidget(label("まだ、どこにも出していません。", "label", "ink2"))
        for row in went[:12]:
            self._others.addWidget(label(f"{moment_text(row.at)}  {row.door}", "label", "ink"))

    def _head(self, text: str) -> None:
        self._others.addWidget(hairline())
        self._others.addWidget(label(text, "heading", "ink"))

    def _clear(self) -> None:
        while (item := self._others.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()


def fact_face(row: Any, graph: Any) -> ExplainFace:
    """Why a fact is what it is, for the right pane."""
    cell = cell_of(row, field_of(row))
    badge = row_face(cell).badge
    if not cell.answered:
        where = f"{row.where}にあります。" if row.where else ""
        return ExplainFace(row.label, "−", badge, f"まだ分かっていません。{where}")
    told = graph.explain(row.path)
    law = " ・ ".join(str(x) for x in (told.law, told.parameter) if x)
    tree = told if told.children else None
    value = cell.text or "空欄"
    return ExplainFace(row.label, value, badge, told.sentence, row.source, law, tree)
