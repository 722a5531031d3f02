"""雇用保険 連記式 CSV: captions are part of the file, no quoting, Shift_JIS, CRLF.

Only captions of about 2019 are known (resources/hellowork/forms.toml): lengths, values and the present
version number are not, so what is written here is 練習 only. The head of 資格喪失届 is taken to be that of
資格取得届, which our source alone shows.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from app.domain.characters import PROFILES, bad_characters
from app.domain.errors import BadInput
from app.forms.nenkin.head import Office

_PROFILE = PROFILES["nenkin_csv"]


@dataclass(frozen=True)
class HelloworkForm:
    """One of the two forms: its file, 帳票種別, 連記式項目バージョン and the captions of its columns."""

    name: str
    file: str
    form: str
    version: str
    columns: tuple[str, ...]
    head: Mapping[str, tuple[str, ...]] = field(repr=False)
    main: str = "22223"
    verified: bool = False


def load_hellowork(resources: Path) -> dict[str, HelloworkForm]:
    """shutoku and soshitsu."""
    table = tomllib.loads((resources / "hellowork" / "forms.toml").read_text("utf-8"))
    head = {line: tuple(table[line]) for line in ("media", "count", "office")}
    return {
        key: HelloworkForm(
            form["name"], form["file"], form["code"], form["version"], tuple(form["columns"]),
            head, table["main_code"], table["verified"],
        )
        for key, form in table["form"].items()
    }  # fmt: skip


def encode_hellowork(
    form: HelloworkForm,
    office: Office,
    insured_office: tuple[str, str, str],
    made_on: date,
    records: Iterable[Mapping[str, str]],
    *,
    serial: int = 1,
) -> bytes:
    """The file of records by caption. `insured_office`: 安定所番号, 一連番号, CD.

    Raises BadInput for a caption the form does not have, a letter outside JIS levels 1 and 2, or a comma.
    """
    o = office
    day = f"{made_on:%Y%m%d}"
    phone = "-".join(o.phone)
    lines: list[Sequence[str]] = [
        form.head["media"],
        (o.district, o.mark, f"{serial:03d}", day, form.main, form.version),
        ("[kanri]",),
        form.head["count"],
        ("", "001"),
        form.head["office"],
        (o.district, o.mark, o.number, o.postal[:3], o.postal[3:], o.address, o.name, o.owner,
         phone, *insured_office),
        ("[data]",),
        form.columns,
    ]  # fmt: skip
    for record in records:
        unknown = set(record) - set(form.columns)
        if unknown:
            raise BadInput("hellowork-column", f"「{min(unknown)}」という欄はありません。")
        whole = {"帳票種別": form.form, **record}
        lines.append([whole.get(caption, "") for caption in form.columns])
    return "".join(_line(fields) for fields in lines).encode("cp932")


def _line(fields: Sequence[str]) -> str:
    for text in fields:
        wrong = bad_characters(text, _PROFILE)
        if wrong or "," in text or '"' in text:
            sign = wrong[0].character if wrong else "コンマか引用符"
            raise BadInput("hellowork-letter", f"「{sign}」はこの CSV に書けません。")
    return ",".join(fields) + "\r\n"
