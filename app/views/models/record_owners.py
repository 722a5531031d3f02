"""Whose a data record of a prepared file is: by its number, where dependants have records by the name."""

from __future__ import annotations

from collections.abc import Sequence

from app.services.social.insurer import DEPENDANTS
from app.services.social.notice import Key, Notice
from app.services.social.writing import half_name


class RecordOwners:
    """`reports` are the keys in the order of their records, `notices` everybody of the form."""

    def __init__(self, form: str, reports: Sequence[Key], notices: Sequence[Notice]) -> None:
        self._form, self._reports = form, reports
        self._names = {n.key: n.person.name for n in notices}
        self._kana = [(half_name(n.person.kana), n.key) for n in notices]

    def key(self, record: int, person: str) -> Key | None:
        """The notice a record was written from; None for the head, or where two may be meant."""
        if self._form != DEPENDANTS:
            return self._reports[record - 1] if 0 < record <= len(self._reports) else None
        named = [key for kana, key in self._kana if kana == person and person]
        return named[0] if len(named) == 1 else None

    def name(self, record: int, person: str) -> str:
        """Whose a record is, as the person is called; else as the record has the name."""
        key = self.key(record, person)
        return (self._names.get(key, "") if key is not None else "") or person
