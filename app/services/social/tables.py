"""The dated tables of social insurance, read from resources: grades, rates and legal figures."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from app.domain.errors import BadInput
from app.domain.social.figures import Figures
from app.domain.social.grades import KENPO, KOUNEN, SCHEME_NAMES, GradeBook, GradeTable
from app.domain.social.rates import RateBook
from app.facts.definition import Parameter
from app.facts.parameters import read_parameters

_FOLDER = "social"
_NAMES = {name: name for name in Figures.__slots__} | {"bonus_unit": "bonus_rounding"}


class SocialTables:
    """Grades, rates and figures by day. `unverified_on` names what rests on inference that day."""

    def __init__(
        self, grades: GradeBook, rates: RateBook, parameters: Mapping[str, Parameter]
    ) -> None:
        self.grades = grades
        self.rates = rates
        self._parameters = parameters
        self._figures: dict[date, Figures] = {}
        self._both: dict[date, tuple[GradeTable, GradeTable]] = {}

    def figures(self, day: date) -> Figures:
        """The legal figures in force on a day. Raises BadInput where one is not known."""
        found = self._figures.get(day)
        if found is None:
            found = Figures(**{n: self._value(p, day) for n, p in _NAMES.items()})
            self._figures[day] = found
        return found

    def both(self, day: date) -> tuple[GradeTable, GradeTable]:
        """The tables of 健康保険 and 厚生年金保険 in force on a day. Raises BadInput."""
        found = self._both.get(day)
        if found is None:
            found = self._both[day] = (self.grades.on(KENPO, day), self.grades.on(KOUNEN, day))
        return found

    def unverified_on(self, day: date) -> tuple[str, ...]:
        """Japanese names of the tables and figures of that day which are inference or one source."""
        told = []
        for table in self.both(day):
            name = SCHEME_NAMES[table.scheme]
            told += [] if table.verified else [f"{name}の標準報酬の表の境"]
            told += [] if table.virtual_verified else [f"{name}の表の外の等級の境"]
        for known in _NAMES.values():
            parameter = self._parameters[f"social_insurance.{known}"]
            value = parameter.on(day)
            if value is not None and not value.verified:
                told.append(parameter.label)
        return tuple(told)

    def _value(self, name: str, day: date) -> int:
        parameter = self._parameters[f"social_insurance.{name}"]
        found = parameter.on(day)
        if found is None or not isinstance(found.value, int):
            raise BadInput(
                "no-figure", f"{day.isoformat()} の「{parameter.label}」が分かりません。"
            )
        return found.value


def load_tables(resources: Path) -> SocialTables:
    """The tables of the program's resources folder."""

    def text(*parts: str) -> str:
        return resources.joinpath(*parts).read_text("utf-8")

    parameters = read_parameters(
        {"social_insurance.toml": text("parameters", "social_insurance.toml")}
    )
    return SocialTables(
        GradeBook(text(_FOLDER, "standard_remuneration.csv"), text(_FOLDER, "virtual_grades.csv")),
        RateBook(text(_FOLDER, "premium_rates.csv")),
        parameters,
    )
