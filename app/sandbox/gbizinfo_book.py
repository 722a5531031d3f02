"""What the practice gBizINFO knows: the published rows of the town's companies, and composed facts.

Field names and which version has which: open-data reference, section 2. Absent fields are omitted.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

Row = dict[str, Any]
CHILDREN = {
    "certification": "certification",
    "commendation": "commendation",
    "corporation": "corporation-info",
    "finance": "finance",
    "patent": "patent",
    "procurement": "procurement",
    "subsidy": "subsidy",
    "workplace": "workplace_info",
}
SINGLE = ("finance", "workplace_info")
_BASIC_NAMES = (
    "corporate_number postal_code location name kana name_en process aggregated_year status "
    "close_date close_cause kind representative_name representative_position capital_stock "
    "employee_number company_size_male company_size_female business_items business_summary "
    "company_url founding_year date_of_establishment qualification_grade industry update_date"
)
_BASIC = tuple(_BASIC_NAMES.split())
_ROW_NAMES = "corporate_number postal_code location name name_en status"
_ROW = tuple(_ROW_NAMES.split())
# Version 2 dropped these; version 1 never had the second set.
_ONLY_V1 = {
    "basic": {"representative_position"},
    "certification": {"enterprise_scale", "expiration_date"},
    "patent": {"application_number"},
    "procurement": {"joint_signatures"},
    "subsidy": {"note", "joint_signatures", "subsidy_resource"},
}
_ONLY_V2 = {"process", "aggregated_year", "kind"}
_CAUSES = {
    "01": "清算の結了等",
    "11": "合併による解散等",
    "21": "登記官による閉鎖",
    "31": "その他の清算の結了等",
}


def _basic(row: dict[str, str]) -> Row:
    """A published corporate-number row under gBizINFO's names."""
    place = row["prefectureName"] + row["cityName"] + row["streetNumber"]
    kana = "".join(chr(ord(c) - 0x60) if "ァ" <= c <= "ヶ" else c for c in row["furigana"])
    found: Row = {
        "corporate_number": row["corporateNumber"],
        "postal_code": row["postCode"],
        "location": place or row["addressOutside"],
        "name": row["name"],
        "kana": kana,
        "name_en": row["enName"],
        "process": row["process"],
        "aggregated_year": row["correct"],
        "kind": row["kind"],
        # Closed companies were seen with a date and a cause; what their status says was not.
        "status": "閉鎖" if row["closeDate"] else "-",
        "close_date": row["closeDate"],
        "close_cause": _CAUSES.get(row["closeCause"], row["closeCause"]),
        "update_date": f"{row['updateDate']}T00:00:00+09:00",
    }
    return {name: value for name, value in found.items() if value}


class CompanyBook:
    """Companies by number: published basic facts, and the composed children of some."""

    def __init__(self, resources: Path, rows: list[dict[str, str]]) -> None:
        """`rows` are those of the corporate-number API; the newest of each number counts."""
        self._resources = resources
        self._rows = rows
        self._companies: dict[str, Row] | None = None
        self.places = {row["corporateNumber"]: row for row in rows if row["latest"] == "1"}

    def companies(self) -> dict[str, Row]:
        """`basic` and the children of each company, read at the first request."""
        if self._companies is None:
            held: dict[str, Row] = {n: {"basic": _basic(row)} for n, row in self.places.items()}
            given = json.loads((self._resources / "gbizinfo.json").read_text("utf-8"))
            self._companies = held
            for number, company in given["companies"].items():
                self.put(number, company)
        return self._companies

    def reset(self) -> None:
        """Forget what was put in."""
        self._companies = None

    def put(self, number: str, company: Row) -> Row:
        """Add to or replace parts of a company; an unknown number makes a new one.

        Raises ValueError for a part that does not exist.
        """
        parts = {"basic", *CHILDREN.values()}
        wrong = set(company) - parts
        if wrong:
            raise ValueError(f"parts must be of {', '.join(sorted(parts))}")
        kept = self.companies().setdefault(
            number, {"basic": {"corporate_number": number, "status": "-"}}
        )
        for name, value in company.items():
            kept[name] = kept["basic"] | value if name == "basic" else value
        return kept

    def remove(self, number: str) -> bool:
        """Take a company away."""
        return self.companies().pop(number, None) is not None


def basic_of(company: Row, version: int, *, metadata: bool) -> Row:
    """The basic object of a single look-up."""
    left = _ONLY_V1["basic"] if version == 2 else _ONLY_V2
    held = company["basic"]
    row = {name: held[name] for name in _BASIC if name in held and name not in left}
    if metadata:
        row["meta-data"] = _metadata(list(row))
    return row


def child_of(company: Row, child: str, version: int, *, metadata: bool) -> Row:
    """The object of a child call: version 2 names the company only, version 1 gives all of basic."""
    key = CHILDREN[child]
    base = basic_of(company, version, metadata=metadata and version == 1)
    if version == 2:
        base = {
            name: base[name] for name in ("corporate_number", "name", "location") if name in base
        }
    held = company.get(key, {} if key in SINGLE else [])
    left = _ONLY_V1.get(child, set()) if version == 2 else set()
    if isinstance(held, dict):
        return base | {key: _with_metadata(held, left, metadata=metadata and bool(held))}
    return base | {key: [_with_metadata(item, left, metadata=metadata) for item in held]}


def row_of(company: Row, *, metadata: bool) -> Row:
    """A row of a search; counts are texts."""
    held = company["basic"]
    row: Row = {name: held[name] for name in _ROW if name in held}
    row["number_of_activity"] = str(activities(company))
    if "update_date" in held:
        row["update_date"] = held["update_date"]
    if metadata:
        row["meta-data"] = _line()
    return row


def activities(company: Row) -> int:
    """How many certifications, commendations, procurements, subsidies and patents there are."""
    names = ("certification", "commendation", "procurement", "subsidy", "patent")
    return sum(len(company.get(name, ())) for name in names)


def _with_metadata(item: Row, left: set[str], *, metadata: bool) -> Row:
    row = {name: value for name, value in item.items() if name not in left}
    return row | {"meta-data": _line()} if metadata else row


def _line() -> Row:
    return {
        "source": "練習の町",
        "data_quality": "練習",
        "import_frequency": "なし",
        "last_acquisition_date": "2021-07-14",
        "last_update_date": "2021-07-14",
        "key_field": "corporate_number",
    }


def _metadata(names: list[str]) -> Row:
    line = _line()
    key = line.pop("key_field")
    return {"key_field": key, **{part: dict.fromkeys(names, text) for part, text in line.items()}}
