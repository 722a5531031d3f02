"""The head of the file: medium, [kanri], office, [data]; filed by the office itself or a 社労士."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.forms.nenkin.fault import RecordFault
from app.forms.nenkin.layout import NenkinForms

MAIN_CODE = "22223"
"""代表届書コード of every file."""


@dataclass(frozen=True)
class Office:
    """事業所: the pension office's own prefecture code, 郡市区符号, 事業所記号 (half-width), number.

    `postal` has seven digits. `address`, `name` and `owner` are full-width; `owner` has a full-width space between the names.
    """

    prefecture: str
    district: str
    mark: str
    number: str
    postal: str
    address: str
    name: str
    owner: str
    phone: tuple[str, str, str]


@dataclass(frozen=True)
class Consultant:
    """社会保険労務士 who files for the office: eight digits, and the name."""

    number: str
    name: str


@dataclass(frozen=True)
class Head:
    """The lines before the data. `serial` (媒体通番) is 1 to 999."""

    office: Office
    made_on: date
    serial: int = 1
    consultant: Consultant | None = None

    def records(self) -> list[tuple[str, list[str]]]:
        """(name of the line, fields), in order, without the section marks."""
        o = self.office
        day, serial = f"{self.made_on:%Y%m%d}", f"{self.serial:03d}"
        who = self.consultant
        if who is None:
            first = ("media", [o.prefecture, o.district, o.mark, serial, day, MAIN_CODE])
        else:
            first = ("media_consultant", ["", "", who.number, serial, day, MAIN_CODE])
        return [
            first,
            ("count", [who.name if who else "", "001"]),
            (
                "office",
                [o.prefecture, o.district, o.mark, o.number, o.postal[:3], o.postal[3:],
                 o.address, o.name, o.owner, *o.phone],
            ),
        ]  # fmt: skip

    def text(self) -> str:
        """The lines as text, each ended by CRLF, up to and with [data]."""
        (_, media), (_, count), (_, office) = self.records()
        lines = [",".join(media), "[kanri]", ",".join(count), ",".join(office), "[data]"]
        return "".join(f"{line}\r\n" for line in lines)

    def faults(self, forms: NenkinForms, today: date) -> list[RecordFault]:
        """What is wrong with the head; [] when it may leave."""
        found: list[RecordFault] = []
        for name, fields in self.records():
            found += forms.head[name].faults(fields, ",".join(fields), 0, today)
        return found


def same_office(head: Head, record: Sequence[str]) -> bool:
    """Whether a data record names the office of the head: one office in an application."""
    o = head.office
    return record[1] == o.prefecture and record[2] == o.district and record[3] == o.mark
