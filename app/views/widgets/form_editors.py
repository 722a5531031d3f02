"""Which editor a field of a form gets: one widget a kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.views.widgets.form_choices import ComboEditor, RadioEditor, TicksEditor, is_radio_row
from app.views.widgets.form_lines import LineEditor, LongEditor

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.forms.procedure import Field
    from app.views.widgets.form_editor import Editor


def editor_for(field: Field, area: str = "form", parent: QWidget | None = None) -> Editor:
    """The editor of a field's kind; `area` begins its object name."""
    if field.kind == "long_text":
        return LongEditor(field, area, parent)
    if field.kind == "choices":
        return TicksEditor(field, area, parent)
    if field.kind in ("choice", "yes_no"):
        return (
            RadioEditor(field, area, parent)
            if is_radio_row(field)
            else ComboEditor(field, area, parent)
        )
    return LineEditor(field, area, parent)
