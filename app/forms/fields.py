"""One field of a form as data: its kind, where its value comes from, what it takes.

Beside the plain kinds there are five that a grant application needs:

- `table`: rows of `columns` (fields themselves). Rows are free (`min_rows` to `max_rows`), fixed
  (`fixed_rows`), the members of a collection (`rows_from = "officers"`), or the last fiscal years
  (`fiscal_years = 3`), or months counted from the month of an earlier date (`months = -12` with
  `months_from`: that month and those before it; 12: it and those after it), as long as `row_while`
  holds. The last three are filled from facts. A row that is begun has to be finished. In a row of
  months `row_month()` is the first day of its month and `above('col', x)` the cell over it (x in
  the first row).
  `transposed` only shows it with the columns under each other, as statements of accounts are read.
- `consent`: statements (`choices`) that all have to be agreed to.
- `file`: a slot for files that lie in the vault (`file_types`, `max_bytes`, `max_files`, `file_name`).
- `percent` and `decimal`: exact fractions; 33.3 % is 333/1000.

Any kind of number, date, text or yes/no may be worked out instead of asked for (`calc`).
"""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator
from pydantic import Field as Setting

from app.domain.characters import PROFILES


class Strict(BaseModel):
    """A model of a folder's file: nothing unknown, nothing changed afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Label = Annotated[str, StringConstraints(min_length=1, max_length=80)]
Sentence = Annotated[str, StringConstraints(max_length=300)]
Expression = Annotated[str, StringConstraints(max_length=2000)]
FactPattern = Annotated[str, StringConstraints(pattern=r"^[a-z][A-Za-z0-9_.\[\]]{0,119}$")]
Kind = Literal[
    "text", "long_text", "person_name", "kana", "integer", "yen", "date", "month", "yes_no",
    "choice", "choices", "corporate_number", "postal_code", "address", "digits", "phone", "email",
    "percent", "decimal", "table", "consent", "file",
]  # fmt: skip
NUMBERS = ("integer", "yen", "percent", "decimal")
_COLUMN_KINDS = frozenset(get_args(Kind)) - {"table", "consent", "file", "choices"}
_CALC_KINDS = frozenset((*NUMBERS, "date", "text", "yes_no", "choice"))
_CHOSEN = ("choice", "choices", "consent")
FileType = Literal["pdf", "docx", "xlsx", "doc", "xls", "jpg", "jpeg", "png", "zip"]


class Default(Strict):
    """A value the form works out by itself when no fact and no answer gives one.

    One of `value` (as typed), `fact` (taken over as an assumption to confirm), `today` (the day of
    filing) or `calc` (an expression over earlier cells); `when` is a condition, and the first
    default whose condition holds counts.
    """

    value: str = ""
    calc: Expression = ""
    fact: FactPattern | Literal[""] = ""
    today: bool = False
    when: Expression = ""

    @model_validator(mode="after")
    def _one_source(self) -> Default:
        if sum((bool(self.value), bool(self.fact), self.today, bool(self.calc))) != 1:
            raise ValueError("既定値には value、fact、today、calc のどれか一つを書いてください。")
        return self


class Field(Strict):
    """One field of a form.

    `from` names the fact it is (a pattern of the catalogue); `parts` the facts that make it up when
    the fact itself is derived (family and given name). Lengths count characters; `groups` are the
    printed groups of a number, e.g. 4-6-1. `unit` is how many yen one unit of the form is.
    `words` are what yes and no are called on the form. `period` is the fiscal year of a series
    ("fy-1": the last one that has ended), or the insurance year of labour insurance, April to March
    ("ly": that of the reference date, "ly-1": the one before). `carry`: an earlier filing of the same form fills it.
    `page` is (letters a line, lines a page) of a long text, for its counter.
    """

    id: Id
    label: Label
    kind: Kind
    from_: FactPattern | Literal[""] = Setting(default="", alias="from")
    parts: tuple[FactPattern, ...] = ()
    optional: bool = False
    blank_allowed: bool = False
    min_length: int = Setting(default=0, ge=0, le=20_000)
    max_length: int = Setting(default=200, ge=1, le=20_000)
    minimum: int | None = Setting(default=None, alias="min")
    maximum: int | None = Setting(default=None, alias="max")
    likely_max: int | None = None
    groups: tuple[Annotated[int, Setting(ge=1, le=20)], ...] = ()
    unit: Literal[1, 1000, 10000, 1000000] = 1
    unit_label: Annotated[str, StringConstraints(max_length=8)] = ""
    profile: str = ""
    when: Expression = ""
    choices: tuple[tuple[str, str], ...] = ()
    words: tuple[str, str] = ("はい", "いいえ")
    defaults: tuple[Default, ...] = ()
    help: Sentence = ""
    where: Sentence = ""
    calc: Expression = ""
    period: Literal["", "fy-1", "fy-2", "fy-3", "fy-4", "fy-5", "ly", "ly-1"] = ""
    carry: bool = False
    page: (
        tuple[Annotated[int, Setting(ge=10, le=80)], Annotated[int, Setting(ge=10, le=80)]] | None
    ) = None
    columns: tuple[Field, ...] = Setting(default=(), max_length=40)
    transposed: bool = False
    rows_from: Annotated[str, StringConstraints(pattern=r"^[a-z_]*$")] = ""
    fiscal_years: int = Setting(default=0, ge=0, le=5)
    months: int = Setting(default=0, ge=-36, le=36)
    months_from: Id | Literal[""] = ""
    row_while: Expression = ""
    fixed_rows: tuple[tuple[Id, Label], ...] = Setting(default=(), max_length=60)
    min_rows: int = Setting(default=0, ge=0, le=200)
    max_rows: int = Setting(default=50, ge=1, le=1000)
    row_word: Annotated[str, StringConstraints(max_length=20)] = ""
    sums: tuple[Id, ...] = ()
    file_types: tuple[FileType, ...] = ("pdf",)
    file_name: Annotated[str, StringConstraints(max_length=120)] = ""
    max_bytes: int = Setting(default=16_000_000, ge=1, le=30_000_000)
    max_files: int = Setting(default=1, ge=1, le=20)

    @model_validator(mode="after")
    def _consistent(self) -> Field:
        if self.kind in _CHOSEN and not self.choices:
            raise ValueError("選択の欄には choices を書いてください。")
        if self.choices and self.kind not in _CHOSEN:
            raise ValueError("choices は選択の欄だけに書けます。")
        if len({value for value, _ in self.choices}) != len(self.choices):
            raise ValueError("choices に同じ値が二つあります。")
        if self.min_length > self.max_length:
            raise ValueError("min_length が max_length を超えています。")
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            raise ValueError("min が max を超えています。")
        if self.profile and self.profile not in PROFILES:
            raise ValueError(f"文字の種類「{self.profile}」はありません。")
        if self.groups and self.kind != "digits":
            raise ValueError("groups は数字の欄（digits）だけに書けます。")
        if self.parts and (not self.from_ or len(self.parts) != 2):
            raise ValueError("parts は from のある欄に、姓と名の二つを書いてください。")
        self._refuse_odd_calc()
        self._refuse_odd_table()
        return self

    def _refuse_odd_calc(self) -> None:
        if self.calc and self.kind not in _CALC_KINDS:
            raise ValueError(f"計算（calc）は {self.kind} の欄に書けません。")
        if self.calc and (self.from_ or self.defaults or self.carry):
            raise ValueError("計算（calc）の欄に、from、defaults、carry は書けません。")
        if self.page is not None and self.kind != "long_text":
            raise ValueError("page は long_text の欄だけに書けます。")
        if self.period and not self.from_.endswith("[fy]"):
            raise ValueError("period は、from が [fy] で終わる欄だけに書けます。")

    def _refuse_odd_table(self) -> None:
        if (self.kind == "table") != bool(self.columns):
            raise ValueError("columns は、表（table）の欄だけに、一つ以上書いてください。")
        given = (self.rows_from, self.fiscal_years, self.fixed_rows, self.months)
        if sum(map(bool, given)) > 1:
            raise ValueError(
                "rows_from、fiscal_years、fixed_rows、months は、どれか一つだけにしてください。"
            )
        if any(given) and not self.columns:
            raise ValueError(
                "rows_from、fiscal_years、fixed_rows、months は、表（table）の欄だけに書けます。"
            )
        if bool(self.months) != bool(self.months_from) or (self.row_while and not self.months):
            raise ValueError("months には months_from を、row_while には months を書いてください。")
        if self.min_rows > self.max_rows or len(self.fixed_rows) > self.max_rows:
            raise ValueError("行の数が max_rows を超えています。")
        names = [column.id for column in self.columns]
        if len(set(names)) != len(names):
            raise ValueError("columns に同じ id が二つあります。")
        for column in self.columns:
            if column.kind not in _COLUMN_KINDS:
                raise ValueError(f"表の列に {column.kind} は使えません。")
            if column.carry or column.parts or column.period:
                raise ValueError("表の列に carry、parts、period は書けません。")
        for name in self.sums:
            if name not in names or self.column(name).kind not in NUMBERS:
                raise ValueError(f"sums の「{name}」は、数の列の id にしてください。")

    def column(self, column_id: str) -> Field:
        """The column with that id. Raises KeyError."""
        return self.by_column[column_id]

    @cached_property
    def by_column(self) -> dict[str, Field]:
        """Columns of a table by their id."""
        return {column.id: column for column in self.columns}

    @property
    def has_periods(self) -> bool:
        """Whether each row of a table is a period: a fiscal year or a month."""
        return bool(self.fiscal_years or self.months)

    @property
    def is_fixed(self) -> bool:
        """Whether a table's rows are given, so that none can be added."""
        return bool(self.fixed_rows or self.fiscal_years or self.months)

    @property
    def digits(self) -> int:
        """How many digits a `digits` field with groups has; 0 where it is free."""
        return sum(self.groups)

    @cached_property
    def choice_labels(self) -> dict[str, str]:
        """Value to official word."""
        return dict(self.choices)
