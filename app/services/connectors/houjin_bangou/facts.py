"""What a register row says about the company, as records of origin `register`."""

from __future__ import annotations

from datetime import datetime

from app.facts.record import Origin, Record, Value
from app.services.connectors.houjin_bangou.entry import KINDS, RegisterEntry


def to_records(entry: RegisterEntry, fetched_at: datetime) -> list[Record]:
    """The records of a row, valid from its change date; what the row leaves empty gives none.

    The assignment date is not the establishment date, so no `company.established_on` is made. That a
    register is closed is no fact of a form: `RegisterEntry.closed` and `.notice` say it.
    """
    found = [
        ("company.corporate_number", entry.corporate_number, "corporateNumber", ""),
        ("company.name", entry.name, "name", ""),
        ("company.kana", entry.furigana, "furigana", ""),
        ("company.name_en", entry.en_name, "enName", ""),
        ("company.kind", entry.kind, "kind", KINDS.get(entry.kind, "")),
        ("company.head_office.postal_code", entry.post_code, "postCode", ""),
        ("company.head_office.prefecture_code", entry.prefecture_code, "prefectureCode", ""),
        ("company.head_office.prefecture", entry.prefecture_name, "prefectureName", ""),
        ("company.head_office.city_code", entry.city_code, "cityCode", ""),
        ("company.head_office.city", entry.city_name, "cityName", ""),
        ("company.head_office.street", entry.street_number, "streetNumber", ""),
        ("company.head_office.address", entry.address_outside, "addressOutside", ""),
    ]
    return [
        _record(entry, path, value, element, note, fetched_at)
        for path, value, element, note in found
        if value
    ]


def _record(
    entry: RegisterEntry, path: str, value: Value, element: str, note: str, fetched_at: datetime
) -> Record:
    return Record(
        path=path,
        value=value,
        origin=Origin.REGISTER,
        recorded_at=fetched_at,
        source_text=note or str(value),
        locator={
            "service": "houjin_bangou",
            "number": entry.corporate_number,
            "element": element,
            "fetched": fetched_at.isoformat(),
            "updated": entry.update_date.isoformat(),
        },
        valid_from=entry.change_date,
    )
