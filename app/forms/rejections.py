"""What a door sends back, led to the field that is to be put right (rejections.toml)."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from app.forms.pack_fault import PackFault
from app.forms.pack_files import read_toml
from app.forms.procedure import Procedure, parse_model
from app.forms.toml_lines import line_map, line_of

FILE = "rejections.toml"
_PARTS = re.compile(r"(?:^|[.．/／])[^.．/／]*$")
"""The last part of an item's path."""


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Rejection(_Model):
    """An item's name in the door's report, and the field it means."""

    item: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    field: str


class Rejections(_Model):
    """The table of a folder."""

    rejections: tuple[Rejection, ...] = ()

    def field_for(self, item: str) -> str:
        """The field an item of the door's report means, or "".

        The item is a path such as "様式.生年月日.年": the exact name counts, else the longest
        ending; where the last part means nothing, the part that holds it is asked.
        """
        name = item.strip()
        while name:
            if found := self._by_ending(name):
                return found
            name = _PARTS.sub("", name)
        return ""

    def fields_in(self, sentence: str) -> tuple[str, ...]:
        """The fields whose items a sentence names, in its order; a longer name hides those in it."""
        names = sorted({r.item: r.field for r in self.rejections}.items(), key=_longest_first)
        rest, found = sentence, []
        for name, field in names:
            if (place := rest.find(name)) >= 0:
                found.append((place, field))
                rest = rest.replace(name, "\0" * len(name))
        return tuple(dict.fromkeys(field for _, field in sorted(found)))

    def _by_ending(self, name: str) -> str:
        exact = next((r.field for r in self.rejections if r.item == name), "")
        if exact:
            return exact
        ends = [r for r in self.rejections if name.endswith(r.item)]
        return max(ends, key=lambda r: len(r.item)).field if ends else ""


def _longest_first(named: tuple[str, str]) -> tuple[int, str]:
    return -len(named[0]), named[0]


def load_rejections(procedure: Procedure) -> Rejections:
    """The table of a procedure's folder; empty where there is none.

    Raises:
        PackFault: the grammar is not followed or a field is named that the form does not have.
    """
    if not (procedure.folder / FILE).is_file():
        return Rejections()
    raw, text = read_toml(procedure.folder, FILE)
    lines = line_map(text)
    table = parse_model(Rejections, raw, FILE, lines)
    for number, one in enumerate(table.rejections):
        if one.field not in procedure.by_id:
            raise PackFault(
                "rejection-field-unknown", FILE, line_of(lines, ("rejections", number, "field")),
                f"欄「{one.field}」はこの手続にありません。",
            )  # fmt: skip
    return table
