"""Labour insurance: 離職証明書 with its months, its paper, and the yearly declaration."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from PySide6.QtWidgets import QApplication

from app.facts.record import Record
from app.forms.case_grammar import Case, SharedFacts
from app.forms.cases import carry_out, records_of
from app.forms.pack_files import read_toml
from app.services.preprinting import Preprinting
from app.views.main_window import MainWindow
from tests.pictures.scenes.forms import opened
from tests.pictures.stage import NOW, Stage
from tests.views.form_desk import FormDesk

LEAVING = "mhlw/koyou_hoken_rishoku"
LOSS = "mhlw/koyou_hoken_shikaku_soshitsu"
YEAR = "mhlw/roudou_hoken_nendo_koushin"


def case_records(resources: Path, procedure: str, name: str) -> list[Record]:
    """The facts of a folder's case as the records of a company."""
    from app.facts.catalogue import load_catalogue

    folder, case = resources / "procedures" / procedure, _case(resources, procedure, name)
    facts = [
        SharedFacts.model_validate(read_toml(folder, f"cases/{shared}")[0]).facts
        for shared in case.shared
    ]
    return records_of([*facts, case.facts], case.subject, NOW, load_catalogue(resources))


def _case(resources: Path, procedure: str, name: str) -> Case:
    folder = resources / "procedures" / procedure
    return Case.model_validate(read_toml(folder, f"cases/{name}.toml")[0])


def desk_of(stage: Stage, procedure: str, name: str) -> FormDesk:
    """A desk over the facts of a case, which knows of プレ印字."""
    desk = FormDesk(stage.resources, records=case_records(stage.resources, procedure, name))
    nowhere: Any = SimpleNamespace()
    printing = Preprinting(nowhere, nowhere, nowhere, desk.clock)
    desk.cases = SimpleNamespace(preprinting=printing)  # type: ignore[attr-defined]
    return desk


def _at(stage: Stage, procedure: str, name: str, field: str, subject: str = "") -> MainWindow:
    desk = desk_of(stage, procedure, name)
    draft = desk.open_draft(procedure, subject).draft
    for act in _case(stage.resources, procedure, name).acts:
        carry_out(draft, act, name, 0)
    window = opened(stage, desk, "form", procedure=procedure, subject=subject)
    page: Any = window.page()
    page.fields.go(field)
    return window


def leaving(stage: Stage) -> MainWindow:
    """離職証明書: the wages by month."""
    return _at(stage, LEAVING, "mid_month", "chingin_kikan", "k3x9")


def leaving_counted(stage: Stage) -> MainWindow:
    """離職証明書: the months counted backwards."""
    return _at(stage, LEAVING, "part_timer", "santei", "k3x9")


def leaving_asked(stage: Stage) -> MainWindow:
    """離職証明書: months the books do not know."""
    return _at(stage, LEAVING, "asked", "chingin_kikan", "k3x9")


def leaving_paper(stage: Stage) -> MainWindow:
    """離職証明書 on paper: both forms and the second sheet."""
    window = leaving(stage)
    QApplication.processEvents()
    page: Any = window.page()
    page.show_paper()
    return window


def loss(stage: Stage) -> MainWindow:
    """資格喪失届 alone."""
    return _at(stage, LOSS, "ordinary", "rishoku_bi", "k3x9")


def yearly(stage: Stage) -> MainWindow:
    """年度更新: what the office knows is asked for above."""
    return _at(stage, YEAR, "from_pay", "meisai")


def yearly_amounts(stage: Stage) -> MainWindow:
    """年度更新: bases, rates, premiums."""
    return _at(stage, YEAR, "three_times", "k_hokenryou")


SCENES = {
    "leaving": leaving,
    "leaving-counted": leaving_counted,
    "leaving-asked": leaving_asked,
    "leaving-paper": leaving_paper,
    "loss": loss,
    "yearly": yearly,
    "yearly-amounts": yearly_amounts,
}
USUAL = ["leaving", "yearly"]
ONCE = ["leaving-counted", "leaving-asked", "leaving-paper", "loss", "yearly-amounts"]
