"""What an application's pages say on the confirmation page, and what keeps it from being filed."""

from __future__ import annotations

from typing import Any

from app.sandbox.portal_book import PortalApplication
from app.sandbox.portal_checks import calculated, cross_faults
from app.sandbox.portal_forms import Field, Form, FormPage
from app.sandbox.portal_values import Fault, Values, amount, page_faults

Body = dict[str, Any]


def step_faults(
    form: Form, page: FormPage, values: Values, application: PortalApplication
) -> list[Fault]:
    """Every refusal on a page; sums are looked at once the single values are good."""
    faults = page_faults(page, values)
    faults += [
        {"name": item.name, "message": f"{item.label}を添付してください。"}
        for item in page.fields()
        if item.kind == "file" and item.required and not application.files.get(item.name)
    ]
    return faults or cross_faults(form, page, values)


def page_lines(form: Form, page: FormPage, application: PortalApplication) -> Body:
    """A page as the confirmation shows it: [label, value] pairs and what is still wrong."""
    values = application.values.get(page.key, {})
    sums = calculated(form, page, values)
    lines: list[tuple[str, str]] = []
    for block in page.blocks:
        if block.rows:
            for place, row in enumerate(values.get(block.rows["name"], []), 1):
                head = f"{block.rows['label']} {place}行目　"
                lines += [
                    (head + item.label, _text(item, row.get(item.name))) for item in block.fields
                ]
            continue
        for item in block.fields:
            if item.kind == "file":
                names = [held.name for held in application.files.get(item.name, [])]
                lines.append((item.label, "\n".join(names)))
            elif item.prefill or item.kind == "calc":
                told = application.prefilled if item.prefill else sums
                lines.append((item.label, _text(item, told.get(item.name))))
            elif item.shown(values):
                lines.append((item.label, _text(item, values.get(item.name))))
    faults = [str(fault["message"]) for fault in step_faults(form, page, values, application)]
    path = f"/apply/{application.id}/{page.key}"
    return {"key": page.key, "title": page.title, "path": path, "lines": lines, "faults": faults}


def _text(item: Field, value: object) -> str:
    if item.kind == "check":
        return "はい" if value is True else "いいえ"
    if isinstance(value, list):
        return "、".join(str(part) for part in value)
    text = str(value or "")
    if item.kind in ("yen", "calc") and (text == "0" or amount(text)):
        return f"{amount(text):,}円"
    return text
