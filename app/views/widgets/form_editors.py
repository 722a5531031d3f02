"""Which editor a field of a form gets: one widget a kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.views.widgets.form_choices import ComboEditor, RadioEditor, TicksEditor, is_radio_row
from app.views.widgets.form_consent import ConsentEditor
from app.views.widgets.form_file import FileEditor
from app.views.widgets.form_lines import LineEditor, LongEditor
from app.views.widgets.form_long import LongTextEditor
from app.views.widgets.form_table import TableEditor
from app.views.widgets.form_veil import VeilEditor

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.forms.procedure import Field
    from app.views.widgets.form_editor import Editor


LONG = 400
"""From so many letters on a text is one that is written over days, with its versions kept."""


def editor_for(field: Field, area: str = "form", parent: QWidget | None = None) -> Editor:
    """The editor of a field's kind; `area` begins its object name."""
    if str(field.kind) == "veil":  # of a sheet of facts only: no form has it
        return VeilEditor(field, area, parent)
    if field.kind == "table":
        return TableEditor(field, area, parent)
    if field.kind == "file":
        return FileEditor(field, area, parent)
    if field.kind == "consent":
        return ConsentEditor(field, area, parent)
    if field.kind == "long_text":
        long = field.max_length >= LONG or field.page is not None
        return (LongTextEditor if long else LongEditor)(field, area, parent)
    if field.kind == "choices":
        return TicksEditor(field, area, parent)
    if field.kind in ("choice", "yes_no"):
        return (
            RadioEditor(field, area, parent)
            if is_radio_row(field)
            else ComboEditor(field, area, parent)
        )
    return LineEditor(field, area, parent)
