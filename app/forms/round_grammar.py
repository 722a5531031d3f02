"""The grammar of `[[rounds]]` in procedure.toml (app.forms.rounds says what rounds are for)."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator
from pydantic import Field as Setting

from app.forms.rounds import Rounds, RoundValue


class Round(BaseModel):
    """One call: `id` as its choice is called in the form, `mark` how sure the data are, `source` why.

    `closes` is the last day (at `closes_at`, "17:00") to apply. `values` are what expressions read.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]{1,12}$")]
    label: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    opens: date | None = None
    closes: date
    closes_at: Annotated[str, StringConstraints(pattern=r"^(?:\d\d:\d\d)?$")] = ""
    mark: Annotated[str, StringConstraints(max_length=20)] = ""
    source: Annotated[str, StringConstraints(max_length=300)] = ""
    values: dict[Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")], RoundValue] = (
        Setting(default_factory=dict)
    )  # fmt: skip

    @model_validator(mode="after")
    def _in_order(self) -> Round:
        if self.opens is not None and self.closes < self.opens:
            raise ValueError("締切（closes）が受付の始まり（opens）より前です。")
        if {"opens", "closes"} & set(self.values):
            raise ValueError("opens と closes は values の外に書いてください。")
        return self


def rounds_of(rounds: tuple[Round, ...]) -> Rounds:
    """The rounds of a procedure.toml as expressions use them."""
    return Rounds(tuple((r.id, r.closes, tuple(sorted(r.values.items()))) for r in rounds))
