"""Listing procedures cheaply, loading one, and leading a door's report to the field it means."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from app.domain.errors import BadInput
from app.facts.catalogue import Catalogue
from app.forms.library import ProcedureLibrary
from app.forms.procedure import Procedure
from app.forms.rejections import load_rejections
from app.forms.toml_lines import line_map, line_of

ID = "mhlw/koyou_hoken_shikaku_shutoku"


def test_entries_and_one_loaded_once(resources: Path, catalogue: Catalogue) -> None:
    library = ProcedureLibrary(resources, catalogue)
    entry = next(e for e in library.entries() if e.id == ID)
    assert (entry.title, entry.door, entry.practice_only, entry.subject) == (
        "雇用保険被保険者資格取得届", "egov", True, "employees",
    )  # fmt: skip
    assert library.load(ID) is library.load(ID)
    with pytest.raises(BadInput, match="procedure-unknown"):
        library.load("mhlw/nothing")
    with pytest.raises(BadInput, match="procedure-unknown"):
        library.load("../../etc")


def test_a_list_and_a_draft_need_no_pydantic(root: Path) -> None:
    """The window is painted before pydantic loads (issue: first painted window)."""
    code = (
        "import sys; import app.forms.draft, app.forms.library; from pathlib import Path;"
        "app.forms.library.ProcedureLibrary(Path('resources')).entries();"
        "sys.exit('pydantic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0


@pytest.mark.parametrize(
    ("item", "field"),
    [
        ("被保険者氏名", "shimei"),
        ("被保険者氏名フリガナ", "shimei_kana"),
        ("申請者情報／郵便番号", "shinseisha_yuubin"),
        ("構成情報.提出先情報.提出先識別子", "teishutsusaki_shikibetsushi"),
        ("DataRoot.G00005-A-250045-001_1.生年月日.年", "seinengappi"),
        ("G00005-A-250045-001_1.被保険者番号.被保険者番号4桁", "hihokensha_bangou"),
        ("G00005-A-250045-001_1.賃金.支払の態様", ""),
        ("知らない項目", ""),
        ("", ""),
    ],
)
def test_a_report_leads_to_its_field(procedure: Procedure, item: str, field: str) -> None:
    assert load_rejections(procedure).field_for(item) == field


@pytest.mark.parametrize(
    ("sentence", "fields"),
    [
        ("被保険者氏名フリガナを直してください。", ("shimei_kana",)),
        ("被保険者氏名フリガナと被保険者氏名が合いません。", ("shimei_kana", "shimei")),
        ("生年月日と資格取得年月日、生年月日", ("seinengappi", "shikaku_shutoku_bi")),
        ("記載内容を確かめてください。", ()),
        ("", ()),
    ],
)
def test_a_sentence_leads_to_the_fields_it_names(
    procedure: Procedure, sentence: str, fields: tuple[str, ...]
) -> None:
    assert load_rejections(procedure).fields_in(sentence) == fields


TOML = """# head
title = "a"
text = \"\"\"
not = "a key"
[not.a.table]
\"\"\"
list = [
  "x = 1", # y = 2
  "[z]",
]

[one]
"quoted.key" = 1
dotted.key = 2
[[many]]
a = 1
[[many.inner]]
b = 1
[[many.inner]]
b = 2
[[many]]
[[many.inner]]
b = 3
"""


def test_lines_of_keys_in_all_their_writings() -> None:
    lines = line_map(TOML)
    assert lines["title",] == 2
    assert ("not",) not in lines
    assert lines["list",] == 7
    assert lines["one", "quoted.key"] == 13
    assert lines["one", "dotted", "key"] == 14
    assert lines["many", 0, "a"] == 16
    assert lines["many", 0, "inner", 1, "b"] == 20
    assert lines["many", 1, "inner", 0, "b"] == 23
    assert line_of(lines, ("many", 1, "inner", 0, "missing")) == 22
    assert line_of(lines, ("nowhere",)) == 0
