"""What every record writer of the pension office shares: the office, names, amounts, substituted letters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from app.domain.errors import BadInput
from app.domain.kana import to_full_width, to_half_kana
from app.domain.social.average import MOST
from app.domain.social.figures import Figures
from app.domain.social.qualification import Coverage, coverage
from app.forms.nenkin.dates import written
from app.forms.nenkin.head import Office
from app.forms.nenkin.layout import NenkinForms
from app.forms.nenkin.letters import Substitution, sendable
from app.services.social.people import Person

SEX = {"男": "1", "女": "2", "": ""}


def amount(yen: int) -> str:
    """Seven digits; ten million yen or more are written 9999999."""
    return f"{yen:07d}" if yen < MOST else str(MOST)


@lru_cache(maxsize=512)
def thousands(standard: int) -> str:
    """A 標準報酬月額 in thousands of yen, four digits."""
    return str(standard // 1000).zfill(4)


@lru_cache(maxsize=65536)
def half_name(kana: str) -> str:
    """A name in half-width kana, its parts with one space between."""
    return " ".join(to_half_kana(kana).split())


@lru_cache(maxsize=65536)
def wide_text(text: str) -> str:
    """A text of a full-width field: everything full-width, runs of spaces made one."""
    return "\u3000".join(to_full_width(text).split())


@dataclass
class Writing:
    """One notice being written for one office.

    `accepted`: substitutes a person has agreed to (髙 → 高). `my_numbers`: 個人番号 by
    people.number_key, given at sealing and not kept. `substitutions` gathers what was replaced, for the explanation sheet.
    """

    forms: NenkinForms
    office: Office
    figures: Figures
    day: date
    accepted: Mapping[str, str] = field(default_factory=dict)
    my_numbers: Mapping[str, str] = field(default_factory=dict, repr=False)
    substitutions: list[Substitution] = field(default_factory=list, repr=False)
    _begun: dict[str, tuple[str, ...]] = field(default_factory=dict, init=False, repr=False)

    def wide(self, person: Person, what: str, text: str) -> str:
        """A full-width text with the accepted substitutes, which are noted."""
        true = wide_text(text)
        sent = wide_text(sendable(true, self.accepted))
        if sent != true:
            self.substitutions.append(Substitution(person.name, person.number, what, true, sent))
        return sent

    def begin(self, code: str, *, numbered: bool = False) -> tuple[str, ...]:
        """The form code and the office; `numbered` forms have 事業所番号 as well."""
        found = self._begun.get(code)
        if found is None:
            o = self.office
            found = (code, o.prefecture, o.district, o.mark, *([o.number] if numbered else ()))
            self._begun[code] = found
        return found

    def name_and_birth(self, person: Person) -> list[str]:
        """氏名カナ, 氏名漢字, birth. Raises BadInput where the birth is not known."""
        name = self.wide(person, "氏名", person.name)
        return [half_name(person.kana), name, *written(self.birth(person))]

    def birth(self, person: Person) -> date:
        """The birth. Raises BadInput where it is not known."""
        if person.birth is None:
            raise BadInput(
                "no-birth", f"{person.name or person.member}さんの生年月日がありません。"
            )
        return person.birth

    def covered(self, person: Person, day: date) -> Coverage:
        """The schemes the person is in on a day, by age."""
        return coverage(self.birth(person), day, self.figures)

    def numbers(self, person: Person) -> list[str]:
        """個人番号, or the two parts of 基礎年金番号 where it is not given."""
        mine = self.my_numbers.get(person.member, "")
        if mine:
            return [mine, "", ""]
        return ["", person.pension_number[:4], person.pension_number[4:]]
