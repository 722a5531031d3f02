"""Which column is which fact: guessed from the heading once, settled by a person, remembered."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from app.domain.errors import BadInput
from app.domain.my_number import is_named
from app.facts.catalogue import Catalogue
from app.facts.definition import FactDef
from app.facts.paths import is_period
from app.services.social.cell_values import month_in
from app.store.meta import Meta

KEY, NAME, KANA, MONTH = "@key", "@name", "@kana", "@month"
SPECIAL = {KEY: "社員番号", NAME: "氏名", KANA: "フリガナ", MONTH: "年月"}
_NOISE = re.compile(r"[\s・／/（）()【】\[\]「」:：_\-]+")
_WANTED_NAMES = ("family_name", "given_name")


@dataclass(frozen=True)
class Columns:
    """The target of each column, "" for one that is not taken in.

    A target is a leaf of an employee (birth, pay[2026-04]), pay[month] where a column of the table
    tells the month, or @key, @name, @kana, @month.
    """

    headings: tuple[str, ...]
    targets: tuple[str, ...]

    def text(self) -> str:
        """The form it is remembered in."""
        return json.dumps({"headings": self.headings, "targets": self.targets}, ensure_ascii=False)

    def at(self, target: str) -> int | None:
        """The column of a target, or None."""
        return self.targets.index(target) if target in self.targets else None


@dataclass(frozen=True)
class ColumnWords:
    """What headings are commonly called, and what may be a target at all."""

    catalogue: Catalogue = field(repr=False)
    words: Mapping[str, str] = field(repr=False)

    def guess(self, headings: Sequence[str]) -> Columns:
        """The likely targets; a heading with a year and month is that month's, each target once."""
        targets: list[str] = []
        for heading in headings:
            found = "" if is_named(heading) else self._one(heading)
            targets.append("" if found in targets else found)
        return Columns(tuple(headings), tuple(targets))

    def _one(self, heading: str) -> str:
        month, rest = month_in(heading)
        target = self.words.get(plain(rest), "") or self.words.get(plain(heading), "")
        if target.endswith("[month]") and month:
            return target.replace("[month]", f"[{month}]")
        return target

    def definition(self, target: str) -> FactDef | None:
        """The fact of a target, None for a special one. Raises BadInput for one that is none."""
        if target in SPECIAL:
            return None
        path = f"employees[].{target}"
        if target.endswith("]") and not target.endswith("[month]"):
            name, _, month = target[:-1].partition("[")
            if not is_period(month):
                raise BadInput("column-month", f"「{target}」の年月が読めません。")
            path = f"employees[].{name}[month]"
        found = self.catalogue.facts.get(path)
        if found is None or found.secret:
            raise BadInput("column-target", f"「{target}」には取り込めません。")
        return found

    def check(self, columns: Columns) -> None:
        """Raises BadInput where a table cannot be taken in with these columns."""
        taken = [t for t in columns.targets if t]
        if len(columns.headings) != len(columns.targets) or len(set(taken)) != len(taken):
            raise BadInput("column-twice", "同じ項目に二つの列が結びついています。")
        for target in taken:
            self.definition(target)
        if any(t and is_named(h) for h, t in zip(columns.headings, columns.targets, strict=True)):
            told = "個人番号の列は取り込めません。届に封をするときに、その場で聞きます。"
            raise BadInput("column-my-number", told)
        if KEY not in taken and "social_insurance.number" not in taken:
            told = "だれの行かを見分ける列（社員番号か被保険者整理番号）を選んでください。"
            raise BadInput("column-key", told)
        if any(t.endswith("[month]") for t in taken) and MONTH not in taken:
            raise BadInput("column-month", "月ごとの額には、年月の列が要ります。")


def plain(heading: str) -> str:
    """A heading for comparing: widths made alike, blanks and signs dropped, small letters."""
    import unicodedata

    return _NOISE.sub("", unicodedata.normalize("NFKC", heading)).casefold()


def load_column_words(resources: Path, catalogue: Catalogue) -> ColumnWords:
    """The words of resources/social/columns.toml."""
    text = (resources / "social" / "columns.toml").read_text("utf-8")
    table = tomllib.loads(text)["columns"]
    words = {plain(word): target for target, names in table.items() for word in names}
    return ColumnWords(catalogue, words)


def _place(headings: Sequence[str]) -> str:
    joined = "\x1f".join(plain(h) for h in headings)
    return "columns:" + hashlib.sha256(joined.encode("utf-8")).hexdigest()[:32]


def remember(meta: Meta, columns: Columns) -> None:
    """Keeps the columns in the vault for the next table with these headings."""
    meta.set(_place(columns.headings), columns.text())


def remembered(meta: Meta, headings: Sequence[str]) -> Columns | None:
    """What was settled for a table with these headings, or None."""
    text = meta.get(_place(headings))
    if not text:
        return None
    try:
        targets = json.loads(text)["targets"]
        return Columns(tuple(headings), tuple(str(t) for t in targets))
    except (ValueError, KeyError, TypeError):
        return None
