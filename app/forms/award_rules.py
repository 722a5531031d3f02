"""What has to be done after an award, as data: `award.toml` of a procedure's folder.

    [[dates]]                       # the days the tasks are counted from
    id = "decided"
    label = "交付決定日"
    fact = "awards[].decided_on"

    [[tasks]]
    id = "report"
    label = "実績報告書（様式第8）"
    done = "awards[].reported_on"   # the fact that says it is done
    after = ["decision"]            # tasks that come before
    take = "earliest"               # of the days below
    [[tasks.due]]
    from = "completed"
    days = 30                       # or months = 12; neither: the day itself
    [[tasks.due]]
    round = "report_by"             # a value of the round applied for

A task whose days are not known yet is shown without a day; `say` tells what day it waits for.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator
from pydantic import Field as Setting

from app.facts.catalogue import Catalogue
from app.forms.pack_fault import PackFault
from app.forms.pack_files import read_toml
from app.forms.procedure import Procedure, parse_model
from app.forms.toml_lines import line_map, line_of

FILE = "award.toml"

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Label = Annotated[str, StringConstraints(min_length=1, max_length=80)]
Sentence = Annotated[str, StringConstraints(max_length=300)]
AwardFact = Annotated[str, StringConstraints(pattern=r"^awards\[\]\.[a-z0-9_]+$")]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class NamedDate(_Model):
    """A day of an award: the fact that holds it, and the words a notice writes before it."""

    id: Id
    label: Label
    fact: AwardFact
    notice: tuple[Label, ...] = ()


class Due(_Model):
    """One way to a last day: from a day of the award, or a value of the round."""

    from_: Id | Literal[""] = Setting(default="", alias="from")
    round: Id | Literal[""] = ""
    days: int = Setting(default=0, ge=0, le=4000)
    months: int = Setting(default=0, ge=0, le=240)
    end_of_month: bool = False

    @model_validator(mode="after")
    def _one(self) -> Due:
        if bool(self.from_) == bool(self.round):
            raise ValueError("from か round のどちらか一つを書いてください。")
        if self.days and self.months:
            raise ValueError("days と months は、どちらか一つにしてください。")
        return self


class Task(_Model):
    """One thing to do after an award. `optional`: only when the case arises (変更, 取下げ)."""

    id: Id
    label: Label
    note: Sentence = ""
    done: AwardFact
    after: tuple[Id, ...] = ()
    take: Literal["earliest", "latest"] = "earliest"
    due: tuple[Due, ...] = ()
    say: Sentence = ""
    optional: bool = False
    evidence: bool = False
    law: Label = "交付規程"


class AwardRules(_Model):
    """What follows an award: its days and its tasks, and the titles of vouchers to be kept."""

    source: Label
    keep_years: int = Setting(default=5, ge=0, le=30)
    dates: tuple[NamedDate, ...] = Setting(min_length=1)
    tasks: tuple[Task, ...] = Setting(min_length=1)
    vouchers: tuple[Label, ...] = ()


def load_award(procedure: Procedure, catalogue: Catalogue) -> AwardRules | None:
    """The rules of a procedure's folder; None where nothing follows an award.

    Raises:
        PackFault: the grammar is not followed, or a name is not known.
    """
    path = procedure.folder / FILE
    if not path.is_file():
        return None
    rules = _read(procedure.folder, path.stat().st_mtime_ns)
    _check(rules, procedure, catalogue)
    return rules


@lru_cache(maxsize=16)
def _read(folder: Path, stamp: int) -> AwardRules:
    raw, text = read_toml(folder, FILE)
    return parse_model(AwardRules, raw, FILE, line_map(text))


def _check(rules: AwardRules, procedure: Procedure, catalogue: Catalogue) -> None:
    _, text = read_toml(procedure.folder, FILE)
    lines = line_map(text)
    named = [(("dates", n, "fact"), d.fact) for n, d in enumerate(rules.dates)]
    named += [(("tasks", n, "done"), t.done) for n, t in enumerate(rules.tasks)]
    for place, fact in named:
        definition = catalogue.facts.get(fact)
        if definition is None or definition.kind != "date":
            raise _unknown(f"日付の事実「{fact}」が目録に", line_of(lines, place))
    days = {d.id for d in rules.dates}
    seen: set[str] = set()
    for n, task in enumerate(rules.tasks):
        for d, due in enumerate(task.due):
            if due.from_ and due.from_ not in days:
                raise _unknown(
                    f"日「{due.from_}」が dates に", line_of(lines, ("tasks", n, "due", d))
                )
            if due.round and due.round not in procedure.round_table.keys:
                raise _unknown(
                    f"「{due.round}」がどの回にも", line_of(lines, ("tasks", n, "due", d))
                )
        for before in task.after:
            if before not in seen:
                raise _unknown(
                    f"前の手続「{before}」がこれより前に", line_of(lines, ("tasks", n, "after"))
                )
        if task.id in seen:
            raise PackFault(
                "award-duplicate", FILE, line_of(lines, ("tasks", n, "id")),
                f"手続の id「{task.id}」が二つあります。別の id にしてください。",
            )  # fmt: skip
        seen.add(task.id)


def _unknown(what: str, line: int) -> PackFault:
    return PackFault("award-name", FILE, line, f"{what}ありません。綴りを確かめてください。")
