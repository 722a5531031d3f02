"""Reads SHFD0006.CSV as this or another tool wrote it: the head, the records, and what is wrong in them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime

from app.domain.errors import BadInput
from app.forms.nenkin.encode import MOST_BYTES
from app.forms.nenkin.fault import RecordFault
from app.forms.nenkin.head import MAIN_CODE, Consultant, Head, Office, same_office
from app.forms.nenkin.layout import NenkinForms

_MARKS = ("[kanri]", "[data]")


@dataclass(frozen=True)
class ReadFile:
    """A file taken in. `records` are (form code, fields as they stand); faulty ones are in it too."""

    head: Head
    records: tuple[tuple[str, tuple[str, ...]], ...] = field(repr=False)
    faults: tuple[RecordFault, ...]

    def named(self, forms: NenkinForms, place: int) -> dict[str, str]:
        """The filled fields of a record (counted from 0) by name."""
        code, fields = self.records[place]
        layout = forms.forms[code]
        return {f.name: text for f, text in zip(layout.fields, fields, strict=False) if text}


def read_file(content: bytes, forms: NenkinForms, *, today: date) -> ReadFile:
    """The head and the records of a file; faults are told, not raised.

    Raises BadInput where it is no such file: too large, not CP932, its first lines not as they are
    to be, or a form we do not know.
    """
    lines = _lines_of(content)
    head = _head(lines[0].split(","), lines[2].split(","), lines[3].split(","))
    faults = head.faults(forms, today)
    if lines[-1]:
        faults.append(RecordFault(0, "", 0, "", "ending", "最後の行が改行で終わっていません。"))
    records = []
    for number, line in enumerate(filter(None, lines[5:]), 1):
        fields = tuple(line.split(","))
        layout = forms.forms.get(fields[0])
        if layout is None:
            raise BadInput(
                "nenkin-form", f"{number}件目の様式コード「{fields[0][:8]}」は読めません。"
            )
        found = layout.faults(fields, line, number, today)
        if len(fields) > 3 and not same_office(head, fields):
            told = "事業所整理記号が先頭の行と違います。"
            found.append(RecordFault(number, "", 2, "事業所整理記号", "office", told))
        records.append((fields[0], fields))
        faults += found
    return ReadFile(head, tuple(records), tuple(faults))


def head_of(content: bytes) -> Head:
    """The head of a file alone. Raises BadInput where it is no such file."""
    lines = _lines_of(content)
    return _head(lines[0].split(","), lines[2].split(","), lines[3].split(","))


def records_of(content: bytes) -> tuple[tuple[str, ...], ...]:
    """The data records of a file as they stand, unchecked. Raises BadInput where it is no such file."""
    return tuple(tuple(line.split(",")) for line in _lines_of(content)[5:] if line)


def _lines_of(content: bytes) -> list[str]:
    if len(content) > MOST_BYTES:
        raise BadInput("nenkin-large", "4.5 MB を超えるので、年金機構の CSV ではありません。")
    try:
        text = content.decode("cp932")
    except UnicodeDecodeError:
        raise BadInput("nenkin-coding", "Shift_JIS として読めません。") from None
    lines = text.split("\r\n")
    if len(lines) < 6 or (lines[1], lines[4]) != _MARKS:
        raise BadInput("nenkin-lines", "先頭の行が年金機構の CSV の形になっていません。")
    return lines


def _head(media: list[str], count: list[str], office: list[str]) -> Head:
    shaped = len(media) == 6 and len(count) == 2 and len(office) == 12
    if not shaped or media[5] != MAIN_CODE or not re.fullmatch(r"[0-9]{3}", media[3]):
        raise BadInput("nenkin-head", "先頭の行の項目の数か、代表届書コードが違います。")
    try:
        made_on = datetime.strptime(media[4], "%Y%m%d").date()
    except ValueError:
        raise BadInput("nenkin-head", "作成年月日が、ある日になっていません。") from None
    consultant = Consultant(media[2], count[0]) if count[0] else None
    place = Office(
        office[0], office[1], office[2], office[3], office[4] + office[5], office[6], office[7],
        office[8], (office[9], office[10], office[11]),
    )  # fmt: skip
    return Head(place, made_on, int(media[3]), consultant)
