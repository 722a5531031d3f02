"""The practice portal's application forms, read from resources/sandbox/portal/forms.

A form is pages, blocks and fields; a block may be a table of rows. Blocks told once for several
accounting periods are spread here, and the second edition of a form is made from its first one.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

Row = dict[str, Any]


@dataclass(frozen=True)
class Field:
    """One control: `name` is its name on the page, `when` the choice of another field that shows it."""

    name: str
    label: str
    kind: str
    required: bool = False
    prefill: str = ""
    help: str = ""
    max: int = 0
    least: int = 0
    most: int = 0
    signed: bool = False
    options: tuple[str, ...] = ()
    options_by: str = ""
    options_map: dict[str, list[str]] = field(default_factory=dict)
    when: Row = field(default_factory=dict)
    types: tuple[str, ...] = ()
    most_bytes: int = 0
    files: int = 1
    file_name: str = ""

    @property
    def written(self) -> bool:
        """Whether the person gives its value on the page: no sum, no gBizID value, no file."""
        return not self.prefill and self.kind not in ("calc", "file")

    def choices(self, values: Row) -> list[str]:
        """What may be chosen, given the other values."""
        if self.options_by:
            return list(self.options_map.get(str(values.get(self.options_by, "")), []))
        return list(self.options)

    def shown(self, values: Row) -> bool:
        """Whether the page shows this control, given the other values."""
        if not self.when:
            return True
        given = values.get(self.when["field"])
        if "has" in self.when:
            return isinstance(given, list) and self.when["has"] in given
        return given in self.when["is"]


@dataclass(frozen=True)
class Block:
    """Fields under one heading; with `rows` they are the columns of a table of that name."""

    title: str
    fields: tuple[Field, ...]
    rows: Row = field(default_factory=dict)


@dataclass(frozen=True)
class FormPage:
    """One step of the wizard."""

    key: str
    title: str
    blocks: tuple[Block, ...]

    def fields(self) -> Iterator[Field]:
        """The fields outside tables."""
        for block in self.blocks:
            if not block.rows:
                yield from block.fields

    def tables(self) -> Iterator[Block]:
        """The blocks that are tables."""
        return (block for block in self.blocks if block.rows)


@dataclass(frozen=True)
class Form:
    """One edition of one application form."""

    key: str
    id: str
    title: str
    ministry: str
    opens: str
    closes: str
    check: str
    edition: int
    pages: tuple[FormPage, ...]

    def page(self, key: str) -> FormPage | None:
        """The page of a key."""
        return next((page for page in self.pages if page.key == key), None)

    def file_field(self, name: str) -> Field | None:
        """The file input of a name."""
        found = (item for page in self.pages for item in page.fields())
        return next((item for item in found if item.name == name and item.kind == "file"), None)


def load_forms(resources: Path) -> dict[str, list[Form]]:
    """Every form by its key, as [first edition, second edition]."""
    folder = resources / "portal"
    lists = tomllib.loads((folder / "lists.toml").read_text("utf-8"))
    forms = {}
    for path in sorted((folder / "forms").glob("*.toml")):
        row = tomllib.loads(path.read_text("utf-8"))
        first = _form(row, lists)
        forms[first.key] = [first, _renewed(first, row["renewal"], lists)]
    return forms


def _form(row: Row, lists: Row) -> Form:
    pages = []
    for page in row["page"]:
        blocks = [made for block in page["block"] for made in _blocks(block, lists)]
        pages.append(FormPage(page["key"], page["title"], tuple(blocks)))
    plain = {
        key: row[key] for key in ("key", "id", "title", "ministry", "opens", "closes", "check")
    }
    return Form(**plain, edition=1, pages=tuple(pages))


def _blocks(row: Row, lists: Row) -> Iterator[Block]:
    fields = tuple(_field(item, lists) for item in row["fields"])
    if "periods" not in row:
        yield Block(row["title"], fields, row.get("rows", {}))
        return
    for period in row["periods"]:
        when = {"field": row["periods_by"], "is": period["is"]}
        spread = (replace(item, name=period["prefix"] + item.name, when=when) for item in fields)
        yield Block(f"{row['title']}（{period['title']}）", tuple(spread))


def _field(row: Row, lists: Row) -> Field:
    given = dict(row)
    given["options"] = tuple(given.get("options", ()))
    given["types"] = tuple(given.get("types", ()))
    if "options_of" in given:
        given["options"] = tuple(lists[given.pop("options_of")]["options"])
    if "options_by" in given:
        told = given.pop("options_by")
        given["options_by"], given["options_map"] = told["field"], lists[told["of"]]
    return Field(**given)


def _renewed(form: Form, change: Row, lists: Row) -> Form:
    renamed = {(item["page"], item["name"]): item for item in change["renamed"]}
    removed = {(item["page"], item["name"]) for item in change["removed"]}

    def fields(page: str, block: Block, number: int) -> tuple[Field, ...]:
        made = []
        for item in block.fields:
            told = renamed.get((page, item.name))
            if told:
                made.append(
                    replace(
                        item, name=told["to"], label=told["label"], max=told.get("max", item.max)
                    )
                )
            elif (page, item.name) not in removed:
                made.append(item)
        made += [
            _field(item["field"], lists)
            for item in change["added"]
            if item["page"] == page and item["block"] == number
        ]
        return tuple(made)

    pages = tuple(
        replace(
            page,
            blocks=tuple(
                replace(block, fields=fields(page.key, block, number))
                for number, block in enumerate(page.blocks)
            ),
        )
        for page in form.pages
    )
    return replace(form, edition=2, pages=pages)
