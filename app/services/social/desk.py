"""The social desk of one company: people, who needs which notice, and the notices as filings.

It needs no window and no whole Desk: a batch makes one over an open vault (`open_social_desk`).

Threads: everything here may be called off the window's thread; one call works at a time. `take_in`
stores and hands the new records to `arrived`; where a window is open they enter the graph by
`Desk.take_in` on the window's thread, so call that before `people` or `needs` are asked again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.clock import Clock
from app.facts.catalogue import Catalogue
from app.facts.graph import Graph
from app.facts.record import Record
from app.forms.library import ProcedureLibrary
from app.forms.nenkin.layout import NenkinForms, load_forms
from app.services.sealing import Filer
from app.services.social.columns import Columns, ColumnWords, load_column_words
from app.services.social.insurer import Insurer
from app.services.social.notice import Key, Needs
from app.services.social.people import Person
from app.services.social.prepare import Prepared
from app.services.social.tables import SocialTables, load_tables
from app.services.social.taking_in import TakenIn
from app.services.social.views import SocialForm, SocialReview, TablePreview
from app.services.standing import Standing
from app.store.vault import Vault

if TYPE_CHECKING:
    from app.services.amending import Plan


@dataclass(frozen=True)
class SocialData:
    """What all companies share: tables, layouts, words of columns. Read once (`load_social_data`)."""

    tables: SocialTables
    forms: NenkinForms
    words: ColumnWords


def load_social_data(resources: Path, catalogue: Catalogue) -> SocialData:
    """The data of social insurance in the program's resources folder."""
    return SocialData(
        load_tables(resources), load_forms(resources), load_column_words(resources, catalogue)
    )


class SocialDesk:
    """Social insurance of one company, from its facts to sealed filings."""

    def __init__(
        self,
        vault: Vault,
        graph: Graph,
        catalogue: Catalogue,
        library: ProcedureLibrary,
        data: SocialData,
        standing: Standing,
        clock: Clock,
        *,
        arrived: Callable[[Sequence[Record]], None],
        person: str = "",
        before: Callable[[], None] = lambda: None,
    ) -> None:
        """`arrived` gets records that were stored; `person` sits here; `before` writes what is
        still pending elsewhere (what was typed a moment ago) before anything is sealed."""
        raise NotImplementedError

    # --- the insurer, asked first

    def insurer(self) -> Insurer | None:
        """Which health insurer the company has; None while nobody has said."""
        raise NotImplementedError

    def set_insurer(self, kind: Insurer) -> None:
        """States the insurer as typed."""
        raise NotImplementedError

    # --- employees and pay from a table

    def preview(self, name: str, content: bytes) -> TablePreview:
        """Headings, first rows and columns of a CSV or Excel file. Raises BadInput."""
        raise NotImplementedError

    def take_in(self, name: str, content: bytes, columns: Columns) -> TakenIn:
        """Takes all good rows in at once and remembers the columns; bad rows are told, not taken.

        Raises BadInput (wrong columns, unreadable file) and VaultFault; then nothing is stored.
        """
        raise NotImplementedError

    # --- who needs what

    def people(self) -> list[Person]:
        """Every employee, as the rules see them."""
        raise NotImplementedError

    def needs(self) -> Needs:
        """Who needs which notice and why; what stored filings report is left out.

        Raises Known "no-insurer" while nobody has said which insurer, BadInput without a table.
        """
        raise NotImplementedError

    def filed(self) -> Mapping[Key, str]:
        """Which filing reports a notice; rejected and withdrawn filings do not count."""
        raise NotImplementedError

    # --- notices to files

    def forms(self) -> tuple[SocialForm, ...]:
        """The six forms and the procedures they are filed by."""
        raise NotImplementedError

    def prepare(self, form: str, keys: Collection[Key] | None = None) -> Prepared:
        """The exact files of a form for the needed notices (or those of `keys` among them).

        Raises Known where the office's own facts are missing.
        """
        raise NotImplementedError

    def accept_substitute(self, letter: str, substitute: str) -> None:
        """From now on `substitute` is sent for `letter`; the true letter stays the fact. Raises BadInput."""
        raise NotImplementedError

    def substitutes(self) -> Mapping[str, str]:
        """The substitutes this company has accepted."""
        raise NotImplementedError

    def review(self, form: str, keys: Collection[Key] | None = None) -> SocialReview:
        """What is read before sealing. Raises Known as `needs` does."""
        raise NotImplementedError

    def seal(
        self,
        form: str,
        keys: Collection[Key] | None = None,
        *,
        certificate_id: str = "",
        my_numbers: Mapping[str, str] | None = None,
    ) -> tuple[str, ...]:
        """Seals the notices, one filing a file, into the outbox; gives the filings' ids.

        `my_numbers` are 個人番号 by member key (people and dependants), wiped by their owner.
        Raises Known with the first reason of the review; then nothing was sealed.
        """
        raise NotImplementedError

    def amend(self, plan: Plan, filer: Filer, *, certificate_id: str = "") -> str:
        """Seals the answer to a 補正 of a filing made here, from the facts as they stand now."""
        raise NotImplementedError


def open_social_desk(
    vault: Vault,
    company: tuple[str, str],
    account_id: str,
    data: SocialData,
    catalogue: Catalogue,
    library: ProcedureLibrary,
    clock: Clock,
    *,
    person: str = "",
    signed_in: Callable[[], str] = lambda: "",
) -> SocialDesk:
    """A social desk over an open vault, without a window. `company` is its name and number."""
    raise NotImplementedError
