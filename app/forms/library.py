"""The procedures that are here: listed cheaply, loaded one at a time when they are opened."""

from __future__ import annotations

import tomllib
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.errors import BadInput
from app.facts.catalogue import Catalogue

if TYPE_CHECKING:
    from app.forms.procedure import Procedure

FILE = "procedure.toml"


@dataclass(frozen=True)
class ProcedureEntry:
    """What a list shows of a procedure; read without the grammar (no pydantic is loaded).

    One with a `notice` is filed from the people's facts (services/social), not from a draft.
    """

    id: str
    title: str
    authority: str
    door: str
    door_sentence: str
    practice_only: bool
    edition: str
    subject: str
    proc_id: str
    folder: Path
    grants: tuple[str, ...] = ()
    grant_words: tuple[str, ...] = ()
    notice: str = ""

    def is_for_grant(self, grant_id: str, number: str, title: str) -> bool:
        """Whether this procedure applies for that scheme of jGrants (its id, number and title)."""
        if {grant_id, number} & set(self.grants):
            return True
        # jGrants writes some titles in radicals (⼩規模, ⼀般型) that only look like the letters
        plain = unicodedata.normalize("NFKC", title)
        return bool(self.grant_words) and all(word in plain for word in self.grant_words)


class ProcedureLibrary:
    """The folders under `resources`/procedures, by their id such as "mhlw/koyou_…"."""

    def __init__(self, resources: Path, catalogue: Catalogue | None = None) -> None:
        self._root = resources / "procedures"
        self._catalogue = catalogue
        self._entries: tuple[ProcedureEntry, ...] | None = None
        self._loaded: dict[str, Procedure] = {}

    def folders(self) -> tuple[Path, ...]:
        """Every procedure folder, in the order of its id."""
        return tuple(sorted(path.parent for path in self._root.glob(f"*/*/{FILE}")))

    def entries(self) -> tuple[ProcedureEntry, ...]:
        """Every readable procedure. A folder that is no TOML is left out; `load` says why."""
        if self._entries is None:
            found = (_entry(folder) for folder in self.folders())
            self._entries = tuple(entry for entry in found if entry is not None)
        return self._entries

    def load(self, procedure_id: str, catalogue: Catalogue | None = None) -> Procedure:
        """The procedure with that id, loaded once.

        Raises:
            BadInput: there is no such procedure.
            PackFault: its folder cannot be used.
        """
        known = self._loaded.get(procedure_id)
        if known is not None:
            return known
        from app.forms.procedure import load_procedure

        entry = next((e for e in self.entries() if e.id == procedure_id), None)
        folder = entry.folder if entry else self._root / procedure_id
        if entry is None and folder not in self.folders():
            raise BadInput("procedure-unknown", "この手続は、ここにありません。")
        used = catalogue or self._catalogue
        if used is None:
            raise TypeError("a catalogue is needed to load a procedure")
        procedure = self._loaded[procedure_id] = load_procedure(folder, used)
        return procedure


def _entry(folder: Path) -> ProcedureEntry | None:
    try:
        raw = tomllib.loads((folder / FILE).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    text = {
        k: str(raw.get(k, "")) for k in ("title", "authority", "door", "door_sentence", "edition")
    }
    return ProcedureEntry(
        id="/".join(folder.parts[-2:]),
        title=text["title"],
        authority=text["authority"],
        door=text["door"],
        door_sentence=text["door_sentence"],
        practice_only=bool(raw.get("practice_only", True)),
        edition=text["edition"],
        subject=str(raw.get("subject", "")),
        proc_id=str(raw.get("proc_id", "")),
        folder=folder,
        grants=tuple(map(str, raw.get("grants", ()))),
        grant_words=tuple(map(str, raw.get("grant_words", ()))),
        notice=str(raw.get("notice", "")),
    )
