"""The grants the practice jGrants API knows: 2,894 published list records, ours, and what is put behind it.

Read at the first request, not at the start of the town. Wire: open-data reference, section 1.
"""

from __future__ import annotations

import json
import lzma
import unicodedata
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from app.sandbox.jgrants_composed import (
    PRACTICE,
    PRACTICE_NUMBER,
    Row,
    attachments,
    composed,
    rounds,
)
from app.sandbox.jgrants_values import JOIN

_LIST_FIELDS_NAMES = (
    "id name title target_area_search subsidy_max_limit acceptance_start_datetime "
    "acceptance_end_datetime target_number_of_employees institution_name"
)
LIST_FIELDS = tuple(_LIST_FIELDS_NAMES.split())
_V1_FIELDS_NAMES = (
    "id name title subsidy_catch_phrase detail use_purpose industry target_area_search "
    "target_area_detail target_number_of_employees subsidy_rate subsidy_max_limit "
    "acceptance_start_datetime acceptance_end_datetime project_end_deadline "
    "request_reception_presence is_enable_multiple_request front_subsidy_detail_page_url"
)
_V1_FIELDS = tuple(_V1_FIELDS_NAMES.split())
_ROUND_FIELDS = {
    "target_area_search",
    "target_area_detail",
    "acceptance_start_datetime",
    "acceptance_end_datetime",
    "project_end_deadline",
}
_V2_FIELDS = [name for name in _V1_FIELDS if name not in _ROUND_FIELDS]
REAL_PAGES = "https://www.jgrants-portal.go.jp"
COMPOSED = 200


def fold(text: str) -> str:
    """What the keyword search compares: full and half width, and capitals, are the same."""
    return unicodedata.normalize("NFKC", text).lower()


class GrantBook:
    """List records and details by id; `extra` is a file of the form of `load`, or of a list of records."""

    def __init__(self, resources: Path, extra: Path | None, pages: Callable[[], str]) -> None:
        """Nothing is read yet; `pages` gives the origin of the portal's pages."""
        self._resources = resources
        self._extra = extra
        self._pages = pages
        self._records: dict[str, Row] | None = None
        self._details: dict[str, Row] = {}
        self._texts: dict[str, str] = {}
        self._touched = False
        self.kinds: dict[str, str] = {}

    def records(self) -> dict[str, Row]:
        """Every list record by id."""
        if self._records is None:
            self._records = self._shipped()
            if self._extra is not None:
                given = json.loads(self._extra.read_text("utf-8"))
                self.load({"records": given} if isinstance(given, list) else given)
                self._touched = False
        return self._records

    def reset(self) -> None:
        """Forget what was changed; the shipped records are read again when wanted."""
        if not self._touched:
            return
        self._touched = False
        self._records = None
        self._details.clear()
        self._texts.clear()
        self.kinds.clear()

    def _shipped(self) -> dict[str, Row]:
        packed = (self._resources / "jgrants_list.json.xz").read_bytes()
        records = {str(row["id"]): _whole(row) for row in json.loads(lzma.decompress(packed))}
        records[PRACTICE]["name"] = PRACTICE_NUMBER
        latest = sorted(
            records.values(), key=lambda row: (row["acceptance_end_datetime"] or "9", row["id"])
        )[-COMPOSED:]
        for row in [records[PRACTICE], *latest]:
            self._details[row["id"]] = composed(row)
        ours = json.loads((self._resources / "jgrants_practice.json").read_text("utf-8"))
        for row in ours["records"]:
            record = _whole(row)
            records[record["id"]] = record
            self._details[record["id"]] = composed(record) | {"files": True} | row["detail"]
            self.kinds[record["id"]] = row["kind"]
        return records

    def composed_ids(self) -> list[str]:
        """The ids whose detail is more than nulls."""
        self.records()
        return list(self._details)

    def load(self, order: Row) -> dict[str, int]:
        """Put `records` (list shape) and `details` (v1 or v2 shape) in; `replace` empties first.

        Raises ValueError when an entry has no id; nothing is put in then.
        """
        records, details = order.get("records", []), order.get("details", [])
        if not isinstance(records, list) or not isinstance(details, list):
            raise ValueError("records and details must be lists")
        for row in [*records, *details]:
            if not isinstance(row, dict) or not isinstance(row.get("id"), str):
                raise ValueError("every record and detail needs a text id")
        held = self.records()
        self._touched = True
        if order.get("replace"):
            for part in (held, self._details, self.kinds):
                part.clear()
        for row in records:
            held[row["id"]] = _whole(row)
        for row in details:
            base = held.get(row["id"], {})
            held[row["id"]] = _whole(base or _listed(row))
            self._details[row["id"]] = dict(row)
        self._texts.clear()
        return {"records": len(records), "details": len(details), "held": len(held)}

    def change(self, grant: str, changes: Row) -> Row:
        """Change fields of one grant, in its list record and in both details; KeyError if unknown."""
        record = self.records()[grant]
        if "id" in changes:
            raise ValueError("the id of a record cannot be changed")
        self._touched = True
        for name, value in changes.items():
            if name in LIST_FIELDS:
                record[name] = value
            else:
                self._details.setdefault(grant, {})[name] = value
        self._texts.pop(grant, None)
        return record

    def remove(self, grants: list[str]) -> int:
        """Take grants away; gives how many there were."""
        held = self.records()
        self._touched = True
        for grant in grants:
            self._details.pop(grant, None)
            self._texts.pop(grant, None)
        return sum(held.pop(grant, None) is not None for grant in grants)

    def find(self, query: dict[str, str], now: datetime) -> list[Row]:
        """The list records a checked query asks for, sorted; `now` is aware."""
        stamp = now.strftime("%Y-%m-%dT%H:%M:%S.000Z")
        wanted = fold(query["keyword"])
        found = [
            row
            for row in self.records().values()
            if wanted in self._text(row) and self._fits(row, query, stamp)
        ]
        key = "id" if query["sort"] == "created_date" else query["sort"]
        found.sort(key=lambda row: (row[key] or "", row["id"]), reverse=query["order"] == "DESC")
        return [{name: row[name] for name in LIST_FIELDS} for row in found]

    def _text(self, row: Row) -> str:
        text = self._texts.get(row["id"])
        if text is None:
            detail = self._details.get(row["id"], {})
            parts = [row["title"], row["name"], row["institution_name"]]
            parts += [detail.get("subsidy_catch_phrase"), detail.get("detail")]
            text = self._texts[row["id"]] = fold("\n".join(str(part) for part in parts if part))
        return text

    def _fits(self, row: Row, query: dict[str, str], stamp: str) -> bool:
        if query["acceptance"] == "1":
            start, end = row["acceptance_start_datetime"], row["acceptance_end_datetime"]
            if (start and start > stamp) or (end and end < stamp):
                return False
        detail = self._details.get(row["id"], {})
        for name, held in (
            ("use_purpose", detail.get("use_purpose")),
            ("industry", detail.get("industry")),
            ("target_area_search", row["target_area_search"]),
            ("target_number_of_employees", row["target_number_of_employees"]),
        ):
            asked = query.get(name)
            if asked and not set(asked.split(JOIN)) & set((held or "").split(JOIN)):
                return False
        asked = query.get("institution_name")
        return not asked or fold(asked) in fold(row["institution_name"] or "")

    def detail(self, grant: str, version: int) -> Row | None:
        """The detail of version 1 or 2; None for an unknown id."""
        record = self.records().get(grant)
        if record is None:
            return None
        held = self._details.get(grant, {})
        made: Row = {
            "request_reception_presence": "有" if held else None,
            "is_enable_multiple_request": False if held else None,
            "front_subsidy_detail_page_url": f"{self._pages()}/subsidy/{grant}",
        }
        values: dict[str, Any] = made | {k: v for k, v in held.items() if k != "id"} | record
        names = _V1_FIELDS if version == 1 else [*_V2_FIELDS, "granttype"]
        answer: Row = {name: values.get(name) for name in names}
        answer |= attachments(record, held)
        if version == 2:
            answer["workflow"] = rounds(record, held)
        answer["institution_name"] = record["institution_name"]
        return answer


def _whole(row: Row) -> Row:
    """A list record with all nine fields; what a source leaves out is "" (number) or null."""
    return {name: row.get(name, "" if name == "name" else None) for name in LIST_FIELDS}


def _listed(detail: Row) -> Row:
    """The list record of a detail given without one; a v2 detail has its dates in `workflow`."""
    calls = [call for call in detail.get("workflow") or [] if isinstance(call, dict)]
    row = {name: detail[name] for name in LIST_FIELDS if name in detail}

    def of(name: str) -> list[str]:
        return sorted(str(call[name]) for call in calls if call.get(name))

    starts, ends = of("acceptance_start_datetime"), of("acceptance_end_datetime")
    areas = [area for text in of("target_area_search") for area in text.split(JOIN)]
    if starts:
        row.setdefault("acceptance_start_datetime", starts[0])
    if ends:
        row.setdefault("acceptance_end_datetime", ends[-1])
    if areas:
        row.setdefault("target_area_search", JOIN.join(dict.fromkeys(areas)))
    return row
