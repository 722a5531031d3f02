"""The layouts of the six notices and of the head of the file, read from resources/nenkin.

A layout checks a record in three steps: one expression over the joined line (all shapes at once), the
conditions that ask for a field or forbid it, the checks between fields. Only a record that fails is
looked at field by field, to say what is wrong.
"""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from operator import itemgetter
from pathlib import Path

from app.domain.characters import PROFILES, bad_characters
from app.forms.nenkin.condition import Condition, compile_condition, looked_at, spoken
from app.forms.nenkin.cross import CrossCheck, cross_check
from app.forms.nenkin.dates import read
from app.forms.nenkin.fault import RecordFault
from app.forms.nenkin.shape import WORDS, fits_bytes, shape

FILE_NAME = "SHFD0006.CSV"
_PROFILE = PROFILES["nenkin_csv"]
Places = tuple[tuple[int, str], ...]
"""Numbers of fields, each with the condition that asks for it or forbids it."""
_MARK = 2
"""As long as what stands in a field of a mark."""


@dataclass(frozen=True)
class Field:
    """One field: see resources/nenkin/notes.md for the columns. `inferred`: not from a source."""

    no: int
    name: str
    characters: str
    sizes: str
    required: str
    omitted: str
    values: str
    inferred: bool
    note: str

    @property
    def expression(self) -> str:
        """The shape of the field, as an expression."""
        return shape(self.characters, self.sizes, self.values, always=self.required == "always")

    @cached_property
    def fits(self) -> re.Pattern[str]:
        """The compiled shape."""
        return re.compile(self.expression)


class Layout:
    """The fields of one kind of record, and what is checked of it.

    `code` is the form's (2225700) or the name of a line of the head; `person_at` the number of the
    field with the name of the person.
    """

    def __init__(
        self, code: str, name: str, short: str, fields: Sequence[Field], cross: Sequence[CrossCheck]
    ) -> None:
        self.code = code
        self.name = name
        self.short = short
        self.fields = tuple(fields)
        self.person_at = next((f.no for f in fields if "氏名（カナ）" in f.name), 0)
        self._cross = tuple(cross)
        self._required = _conditions((f.no, f.required) for f in fields)
        self._omitted = _conditions((f.no, f.omitted) for f in fields)
        self._asked = _asked_of(fields)
        self._placing: dict[tuple[str, ...], tuple[Places, Places]] = {}
        self._days = tuple(
            (f.no, f.no + 1)
            for f in fields[:-1]
            if f.name.endswith("（元号）") and fields[f.no].name.endswith("（年月日）")
        )

    @cached_property
    def _line(self) -> re.Pattern[str]:
        return re.compile(",".join(f.expression for f in self.fields))

    def __len__(self) -> int:
        return len(self.fields)

    @property
    def inferred(self) -> tuple[Field, ...]:
        """The fields whose shape or meaning is inference."""
        return tuple(f for f in self.fields if f.inferred)

    def record(self, values: Mapping[int, str]) -> list[str]:
        """The record with these values by field number, the rest empty; its form code is put in."""
        found = [""] * len(self.fields)
        if self.code.isdigit():
            found[0] = self.code
        for no, text in values.items():
            found[no - 1] = text
        return found

    def faults(
        self, record: Sequence[str], line: str, number: int, today: date
    ) -> list[RecordFault]:
        """What is wrong with a record, of which `line` is the joined text; [] when it may leave."""
        found: list[RecordFault] = []
        if len(record) != len(self.fields) or self._line.fullmatch(line) is None:
            found = self._misshapen(record, number)
        if not found:
            found = self._misplaced(record, number)
        if not found:
            found = self._unmatched(record, number, today)
        return found

    def _misshapen(self, record: Sequence[str], number: int) -> list[RecordFault]:
        if len(record) != len(self.fields):
            text = f"項目が{len(record)}個あります。この届は{len(self.fields)}個です。"
            return [RecordFault(number, "", 0, "", "count", text)]
        found = []
        for field, text in zip(self.fields, record, strict=True):
            if field.fits.fullmatch(text) is None and not _fits_mixed(field, text):
                found.append(self._fault(record, number, field, text))
        return found

    def _fault(self, record: Sequence[str], number: int, field: Field, text: str) -> RecordFault:
        letters = bad_characters(text, _PROFILE)
        if letters:
            code, told = "letter", _letters_sentence(letters)
        elif not text:
            code, told = "required", "必ず書きます。"
        elif "," in text or '"' in text:
            code, told = "separator", "コンマと引用符は書けません（CSV の区切りになります）。"
        elif not fits_bytes(text, field.sizes):
            code, told = "length", f"長さは{field.sizes}バイトです（全角は1文字2バイト）。"
        elif field.values and field.characters == "digits" and text.isascii() and text.isdigit():
            wording = field.values.removeprefix("!").replace("|", "・")
            told = f"{wording}{'以外' if field.values[0] == '!' else 'のどれか'}を書きます。"
            code = "value"
        else:
            code, told = "characters", f"{WORDS[field.characters]}で書きます。"
        return self._said(record, number, field.no, code, told, letters)

    def _misplaced(self, record: Sequence[str], number: int) -> list[RecordFault]:
        found = self._misasked(record, number)
        for era, day in self._days:
            if (record[era - 1] or record[day - 1]) and read(
                record[era - 1], record[day - 1]
            ) is None:
                told = "元号と年月日が、ある日になっていません。"
                found.append(self._said(record, number, day, "no-such-day", told))
        return found

    def _misasked(self, record: Sequence[str], number: int) -> list[RecordFault]:
        """Fields that are wanted and empty, or filled and not wanted."""
        asked = self._asked(record)
        wanted, unwanted = self._placing.get(asked) or self._placed(record, asked)
        found = []
        for no, condition in wanted:
            if not record[no - 1]:
                told = f"{self._spoken(condition)}は必ず書きます。"
                found.append(self._said(record, number, no, "required", told))
        for no, condition in unwanted:
            if record[no - 1]:
                told = f"{self._spoken(condition)}は書きません。"
                found.append(self._said(record, number, no, "omitted", told))
        return found

    def _placed(self, record: Sequence[str], asked: tuple[str, ...]) -> tuple[Places, Places]:
        """Which fields are wanted and which are not, by what the conditions look at.

        It is alike in most records, so it is remembered where it holds nothing but marks; longer
        texts (numbers of people) are not kept.
        """
        found = (
            tuple((no, text) for no, text, holds in self._required if holds(record)),
            tuple((no, text) for no, text, holds in self._omitted if holds(record)),
        )
        if max(map(len, asked), default=0) <= _MARK:
            self._placing[asked] = found
        return found

    def _unmatched(self, record: Sequence[str], number: int, today: date) -> list[RecordFault]:
        found = []
        for check in self._cross:
            wrong = check(record, today)
            if wrong is not None:
                found.append(self._said(record, number, wrong[0], "cross", wrong[1]))
        return found

    def _said(
        self, record: Sequence[str], number: int, no: int, code: str, told: str,
        letters: Sequence[object] = (),
    ) -> RecordFault:  # fmt: skip
        person = record[self.person_at - 1] if self.person_at else ""
        name = self.fields[no - 1].name
        return RecordFault(number, person, no, name, code, f"「{name}」: {told}", tuple(letters))  # type: ignore[arg-type]

    def _spoken(self, condition: str) -> str:
        return spoken(condition, [f.name for f in self.fields])


def _fits_mixed(field: Field, text: str) -> bool:
    """A mixed text the quick shape was too strict for: right letters, and short enough in bytes."""
    if field.characters != "any" or "," in text or '"' in text or bad_characters(text, _PROFILE):
        return False
    return fits_bytes(text, field.sizes)


def _letters_sentence(letters: Sequence[object]) -> str:
    parts = []
    for letter in letters:
        offered = "又は".join(f"「{s}」" for s in letter.substitutes)  # type: ignore[attr-defined]
        told = f"「{letter.character}」は日本年金機構に送れない文字です。"  # type: ignore[attr-defined]
        parts.append(
            told + (f"{offered}に置きかえて送れます。" if offered else "かなで書いてください。")
        )
    return "".join(dict.fromkeys(parts))


def _conditions(pairs: Iterable[tuple[int, str]]) -> tuple[tuple[int, str, Condition], ...]:
    return tuple(
        (no, text, compile_condition(text)) for no, text in pairs if text and text != "always"
    )


def _asked_of(fields: Sequence[Field]) -> Callable[[Sequence[str]], tuple[str, ...]]:
    """The values that the conditions of a layout look at."""
    texts = {text for f in fields for text in (f.required, f.omitted) if text and text != "always"}
    places = sorted(frozenset().union(*map(looked_at, texts)))
    if len(places) > 1:
        return itemgetter(*places)
    return lambda record: tuple(record[place] for place in places)


@dataclass(frozen=True)
class NenkinForms:
    """Every layout: `forms` by code, `head` by the name of its line, prefectures' codes by name."""

    forms: dict[str, Layout]
    head: dict[str, Layout]
    prefectures: dict[str, str]


def load_forms(resources: Path) -> NenkinForms:
    """The layouts of the program's resources folder."""
    folder = resources / "nenkin"
    table = tomllib.loads((folder / "forms.toml").read_text("utf-8"))["form"]
    forms = {}
    for code, form in table.items():
        fields = _fields(_rows(folder / f"{code}.csv"))
        cross = [cross_check(entry) for entry in form["check"]]
        forms[code] = Layout(code, form["name"], form["short"], fields, cross)
    rows = _rows(folder / "header.csv")
    lines = dict.fromkeys(row["line"] for row in rows)
    head = {
        line: Layout(line, line, line, _fields([r for r in rows if r["line"] == line]), ())
        for line in lines
    }
    names = {row["name"]: row["code"] for row in _rows(folder / "prefectures.csv")}
    return NenkinForms(forms, head, names)


def _rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))


def _fields(rows: Sequence[dict[str, str]]) -> list[Field]:
    return [
        Field(
            no=int(row["no"]),
            name=row["name"],
            characters=row["characters"],
            sizes=row["bytes"],
            required=row["required"],
            omitted=row["omitted"],
            values=row["values"],
            inferred=row["mark"] == "inferred",
            note=row["note"],
        )
        for row in rows
    ]
