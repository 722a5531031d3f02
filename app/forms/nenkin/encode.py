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
    file = _File(head, most_bytes)
    for count, record in enumerate(records, 1):
        line = ",".join(record)
        found = layout.faults(record, line, count, today)
        if not found and not same_office(head, record):
            found = [_other_office(layout, record, count)]
        if found:
            faults.extend(found)
        elif not file.takes(line):
            yield file.closed()
            file = file.next()
            file.takes(line)
    if file.records:
        yield file.closed()


class _File:
    """A file being filled. Lines are encoded in runs, so sizes are exact only near the limit."""

    def __init__(self, head: Head, most_bytes: int) -> None:
        if head.serial > 999:
            raise BadInput("nenkin-serial", "媒体通番が 999 を超えました。分けて出してください。")
        self.records = 0
        self._head = head
        self._most = most_bytes
        self._done = [head.text().encode("cp932")]
        self._size = len(self._done[0])
        self._lines: list[str] = []
        self._bound = 0

    def takes(self, line: str) -> bool:
        """Adds a record, or says that it does not fit any more. A letter has at most two bytes."""
        bound = 2 * len(line) + 2
        if self._size + self._bound + bound >= self._most:
            self._encode()
            if self._size + len(line.encode("cp932")) + 2 >= self._most:
                return False
        self._lines.append(line)
        self._bound += bound
        self.records += 1
        return True

    def next(self) -> _File:
        """The file after this one."""
        return _File(replace(self._head, serial=self._head.serial + 1), self._most)

    def closed(self) -> NenkinFile:
        """The file as it leaves."""
        self._encode()
        return NenkinFile(FILE_NAME, self._head.serial, self.records, b"".join(self._done))

    def _encode(self) -> None:
        if self._lines:
            coded = ("\r\n".join(self._lines) + "\r\n").encode("cp932")
            self._done.append(coded)
            self._size += len(coded)
            self._lines, self._bound = [], 0


def _other_office(layout: Layout, record: Sequence[str], number: int) -> RecordFault:
    person = record[layout.person_at - 1] if layout.person_at else ""
    told = "事業所整理記号が先頭の行と違います。一つの申請には一つの事業所だけを書きます。"
    return RecordFault(number, person, 2, "事業所整理記号", "office", told)
