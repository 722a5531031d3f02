"""The sheet of the practice portal's controls, made from its forms; PAGES.md holds it.

To write it anew: python -m tests.sandbox.portal_sheet
"""

from __future__ import annotations

from pathlib import Path

from app.sandbox.portal_forms import Block, Field, Form, load_forms

RESOURCES = Path(__file__).resolve().parent.parent.parent / "resources" / "sandbox"
SHEET = RESOURCES / "portal" / "PAGES.md"
MARK = "<!-- from here on: python -m tests.sandbox.portal_sheet -->\n"
CONTROLS = {
    "textarea": "textarea",
    "combobox": "button[role=combobox] + div[role=option]",
    "select": "select",
    "radio": "input[type=radio]",
    "checks": "input[type=checkbox], several",
    "check": "input[type=checkbox]",
    "file": "input[type=file]",
    "calc": "input[readonly], sum",
}


def sheet() -> str:
    """Every page of every form, and what the second edition changes."""
    parts = []
    for first, second in load_forms(RESOURCES).values():
        parts.append(
            f"\n# {first.key} {first.title}\n\nThe grant's page is `/subsidy/{first.id}`.\n"
        )
        for page in first.pages:
            parts.append(f"\n## {page.title}: `/apply/{{id}}/{page.key}`\n")
            parts += [_block(block) for block in page.blocks]
        parts.append(_change(first, second))
    return "".join(parts)


def _block(block: Block) -> str:
    head = f"\n### {block.title}\n\n"
    if block.rows:
        told = block.rows
        head += (
            f"Rows: `rp-rows` 「{told['label']}」, name on the wire `{told['name']}`, "
            f"{told['least']} to {told['most']} rows; columns:\n\n"
        )
    table = (
        "| label | name | kind | control | must | limits and choices |\n|---|---|---|---|---|---|\n"
    )
    return head + table + "".join(_line(item) for item in block.fields)


def _line(item: Field) -> str:
    control = "input[readonly], GビズID" if item.prefill else CONTROLS.get(item.kind, "input")
    must = "必須" if item.required else ""
    return (
        f"| {item.label} | `{item.name}` | {item.kind} | {control} | {must} | {_limits(item)} |\n"
    )


def _limits(item: Field) -> str:
    told = []
    if item.max:
        told.append(f"{item.max}文字まで")
    if item.most:
        told.append(f"{item.least}から{item.most}")
    if item.signed:
        told.append("マイナス可")
    if item.options_by:
        told.append(f"choices by `{item.options_by}` (lists.toml)")
    elif len(item.options) > 12:
        told.append(f"{len(item.options)} choices (lists.toml)")
    elif item.options:
        told.append(" / ".join(item.options))
    if item.types:
        count = f"{item.files} files of " if item.files > 1 else ""
        told.append(f"{count}{', '.join(item.types)}; {item.most_bytes // 1024 // 1024} MB each")
    if item.file_name:
        told.append(f"name begins with {item.file_name}")
    if item.when:
        wanted = item.when.get("has") or " / ".join(item.when["is"])
        told.append(f"appears after `{item.when['field']}` is {wanted}")
    return "; ".join(told)


def _change(first: Form, second: Form) -> str:
    def names(form: Form) -> dict[str, str]:
        return {
            f"{page.key} {item.name}": item.label
            for page in form.pages
            for block in page.blocks
            for item in block.fields
        }

    old, new = names(first), names(second)
    gone = [f"`{key}` {old[key]}" for key in old if key not in new]
    come = [f"`{key}` {new[key]}" for key in new if key not in old]
    return f"\n## Second edition\n\nGone: {'; '.join(gone)}.\n\nCome: {'; '.join(come)}.\n"


if __name__ == "__main__":
    head = SHEET.read_text("utf-8").partition(MARK)[0]
    SHEET.write_text(head + MARK + sheet(), "utf-8")
