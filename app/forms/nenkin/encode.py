"""Records of one notice and one office as files: CP932, CRLF, each under 4.5 MB, checked on the way.

The specification says less than 4.5 MB; the smaller reading (4,500,000 bytes) is kept. More records
than fit go into further files with the next 媒体通番. One file is held in memory at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from app.domain.errors import BadInput
from app.forms.nenkin.fault import RecordFault
from app.forms.nenkin.head import Head, same_office
from app.forms.nenkin.layout import FILE_NAME, Layout, NenkinForms

MOST_BYTES = 4_500_000
"""A file must stay under this."""


@dataclass(frozen=True)
class NenkinFile:
    """One file ready to be attached: its name, 媒体通番, number of data records and exact bytes."""

    name: str
    serial: int
    records: int
    content: bytes = field(repr=False)


class Faults(list[RecordFault]):
    """What was found while the files were made; no file may leave while it holds anything."""


def encode(
    forms: NenkinForms,
    head: Head,
    code: str,
    records: Iterable[Sequence[str]],
    *,
    today: date,
    faults: Faults,
    most_bytes: int = MOST_BYTES,
) -> Iterator[NenkinFile]:
    """The files of the notice `code`, one after another; faults are added to `faults`.

    A record with a fault is left out of the bytes, so the caller sends nothing while `faults` is not
    empty. Raises BadInput when the head itself is at fault, or 999 files are not enough.
    """
    layout = forms.forms[code]
    wrong = head.faults(forms, today)
    if wrong:
        faults.extend(wrong)
        raise BadInput("nenkin-head", wrong[0].sentence)
    count = 0
    serial = head.serial
    begin = head.text().encode("cp932")
    lines: list[bytes] = [begin]
    size, held = len(begin), 0
    for record in records:
        count += 1
        line = ",".join(record)
        found = layout.faults(record, line, count, today)
        if not found and not same_office(head, record):
            found = [_other_office(layout, record, count)]
        if found:
            faults.extend(found)
            continue
        coded = f"{line}\r\n".encode("cp932")
        if size + len(coded) >= most_bytes:
            yield NenkinFile(FILE_NAME, serial, held, b"".join(lines))
            serial += 1
            if serial > 999:
                raise BadInput(
                    "nenkin-serial", "媒体通番が 999 を超えました。分けて出してください。"
                )
            begin = replace(head, serial=serial).text().encode("cp932")
            lines, size, held = [begin], len(begin), 0
        lines.append(coded)
        size += len(coded)
        held += 1
    if held:
        yield NenkinFile(FILE_NAME, serial, held, b"".join(lines))


def _other_office(layout: Layout, record: Sequence[str], number: int) -> RecordFault:
    person = record[layout.person_at - 1] if layout.person_at else ""
    told = "事業所整理記号が先頭の行と違います。一つの申請には一つの事業所だけを書きます。"
    return RecordFault(number, person, 2, "事業所整理記号", "office", told)
