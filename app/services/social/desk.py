"""The social desk of one company: people, who needs which notice, and the notices as filings.

It needs no window and no whole Desk: a batch makes one over an open vault (`open_social_desk`).

Threads: everything here may be called off the window's thread; one call seals at a time. `take_in`
and `set_insurer` store and hand the new records to `arrived`; where a window is open they enter the
graph by `Desk.take_in` on the window's thread, so call that before `people` or `needs` are asked
again.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from app.domain.clock import Clock, today
from app.domain.errors import BadInput, Known
from app.facts.catalogue import Catalogue
from app.facts.graph import Graph
from app.facts.record import Origin, Record
from app.forms.library import ProcedureLibrary
from app.forms.withdrawal import standing as still_standing
from app.services.sealing import Sealing
from app.services.social.answering import answers_for
from app.services.social.asking import Ask, asks_about_cover, asks_of
from app.services.social.columns import Columns
from app.services.social.data import SocialData, load_social_data
from app.services.social.filed import Filed
from app.services.social.insurer import CSV_FORMS, FORM_NAMES, Insurer
from app.services.social.labour import LabourFiled, procedure_of
from app.services.social.needs import needs_of
from app.services.social.notice import Aside, Key, Needs, Notice
from app.services.social.numbers_asked import Asked, FileRead, read_numbers
from app.services.social.on_paper import OnPaper, PaperNotices
from app.services.social.people import Person, people_of
from app.services.social.prepare import Prepared
from app.services.social.preparing import Preparing
from app.services.social.sealing_notices import NoticeSealing
from app.services.social.substitutes import Substitutes
from app.services.social.table_import import TableImport
from app.services.social.taking_in import TakenIn
from app.services.social.views import SocialForm, SocialReview, TablePreview
from app.services.standing import Standing
from app.store.filings import Filings
from app.store.meta import Meta
from app.store.records import Records
from app.store.rows import FilingRow
from app.store.vault import Vault

if TYPE_CHECKING:
    from app.services.amending import Plan
    from app.services.my_number import MyNumbers
    from app.services.social.after import SocialAfter

__all__ = ["SocialData", "SocialDesk", "load_social_data", "open_social_desk"]

KIND = "company.social_insurance.kenpo_kind"
LOOK_BACK = timedelta(days=92)
"""How far back events are looked at by a company that begins here; older ones were told elsewhere."""
_SINCE = "social:since"


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
        self._vault = vault
        self._graph = graph
        self._data = data
        self._clock = clock
        self._arrived = arrived
        self._person = person
        self._before = before
        self._records = Records(vault)
        self._meta = Meta(vault)
        self._turn = threading.RLock()
        self._worked_out: tuple[object, Needs] | None = None
        filings = Filings(vault)
        self._forms = {
            entry.notice: SocialForm(
                entry.notice, FORM_NAMES[entry.notice], entry.title, entry.id, entry.practice_only
            )
            for entry in library.entries()
            if entry.notice in CSV_FORMS
        }
        self._filed = Filed(filings, [f.procedure_id for f in self._forms.values()])
        self._labour = LabourFiled(filings)
        self._substitutes = Substitutes(self._meta)
        self.paper = PaperNotices(self._meta, clock, person)
        """Which notices a person says were handed in on paper; their day and who said so."""
        self._preparing = Preparing(
            graph, data.forms, data.tables, self._substitutes, standing, self._meta, clock
        )
        self._sealing = NoticeSealing(
            vault, filings, Sealing(filings, self._meta, clock, practice=vault.practice), graph,
            lambda form: library.load(self.form(form).procedure_id, catalogue), self._preparing,
            self._substitutes, standing, data.forms, data.fonts, clock, person,
        )  # fmt: skip

    @cached_property
    def after(self) -> SocialAfter:
        """What comes after and beside the filing; made when first asked for."""
        from app.services.social.after import SocialAfter

        return SocialAfter(
            self._vault, self._data.forms, self._data.tables, self._data.fonts, self._clock, wanted=self._kept_wanted,
            writing=self._preparing.writing, insurer=self.insurer, sealing=self._sealing,
            form=self.form, turn=self._turn, person=self._person,
        )  # fmt: skip

    # --- the insurer, asked first

    def insurer(self) -> Insurer | None:
        """Which health insurer the company has; None while nobody has said."""
        value = self._graph.fact(KIND).value
        return Insurer(value) if isinstance(value, str) and value in set(Insurer) else None

    def set_insurer(self, kind: Insurer) -> None:
        """States the insurer as typed."""
        now = self._clock()
        self._take((Record(KIND, kind.value, Origin.TYPED, now, kind.value, {"by": self._person}),))

    # --- employees and pay from a table

    @cached_property
    def tables(self) -> TableImport:
        """Looking through a table before it is taken in, and what each table wrote."""
        return TableImport(self._vault, self._graph, self._data.words, self._clock, self._arrived)

    def preview(self, name: str, content: bytes) -> TablePreview:
        """Headings, first rows and columns of a CSV or Excel file. Raises BadInput."""
        return self.tables.preview(name, content)

    def take_in(self, name: str, content: bytes, columns: Columns) -> TakenIn:
        """Takes all good rows in at once and remembers the columns; bad rows are told, not taken.

        Raises BadInput (wrong columns, unreadable file) and VaultFault; then nothing is stored.
        """
        return self.tables.take_in(name, content, columns)

    def _take(self, records: Sequence[Record]) -> None:
        self._records.append(records)
        self._arrived(records)

    # --- who needs what

    def people(self) -> list[Person]:
        """Every employee, as the rules see them."""
        return people_of(self._graph)

    def since(self) -> date:
        """The first day whose events are looked at: those before it were told in other ways."""
        text = self._meta.get(_SINCE)
        if not text:
            text = (today(self._clock) - LOOK_BACK).isoformat()
            self._meta.set(_SINCE, text)
        return date.fromisoformat(text)

    def set_since(self, day: date) -> None:
        """Looks at events from another day on. Raises BadInput for a day that has not come."""
        if day > today(self._clock):
            raise BadInput("since-future", "今日より前の日を入れてください。")
        self._meta.set(_SINCE, day.isoformat())

    def needs(self) -> Needs:
        """Who needs which notice and why; what stored filings report, or what was handed in on paper,
        is left out.

        Worked out anew only where facts, filings, the day or the insurer have changed. Raises Known
        "no-insurer" while nobody has said which insurer, BadInput without a table.
        """
        return self._needs({*self.filed(), *self.paper.standing()})

    def _needs(self, done: Collection[Key]) -> Needs:
        insurer = self.insurer()
        if insurer is None:
            raise Known(
                "no-insurer",
                "健康保険が協会けんぽか、健康保険組合か、国民健康保険組合かを、先に選んでください。",
            )
        day, since = today(self._clock), self.since()
        mark = (self._graph.revision, day, since, insurer, frozenset(done))
        known = self._worked_out
        if known is None or known[0] != mark:
            people, tables = self.people(), self._data.tables
            found = needs_of(people, tables, today=day, since=since, insurer=insurer, filed=done)
            known = self._worked_out = (mark, found)
        return known[1]

    def asks(self, what: Notice | Aside) -> tuple[Ask, ...]:
        """The facts a notice lacks, or what decides whether somebody left out needs one."""
        if isinstance(what, Notice):
            return asks_of(what, self._graph)
        asked = what in self.needs().questions
        return asks_about_cover(what.member, self._graph) if asked else ()

    def filed(self) -> Mapping[Key, str]:
        """Which filing reports a notice; rejected and withdrawn filings do not count."""
        return {**self._labour.keys(), **self._filed.keys()}

    def say_on_paper(self, key: Key, day: date) -> None:
        """A needed notice was handed in on paper on `day`: it is not needed any more.

        Raises BadInput: the day has not come, or the notice is not needed.
        """
        if all(notice.key != key for notice in self.needs().notices):
            raise BadInput("paper-needed", "この届は、いまは要りません。一覧を見直してください。")
        self.paper.say(key, day)

    def on_paper(self) -> tuple[OnPaper, ...]:
        """The notices that were handed in on paper, in words, the latest first."""
        return self.paper.lines(self.people())

    def procedure(self, notice: Notice) -> str:
        """The procedure that a notice is written in as a draft (雇用保険); "" for the CSV forms."""
        return procedure_of(notice)

    # --- notices to files

    def forms(self) -> tuple[SocialForm, ...]:
        """The six forms and the procedures they are filed by."""
        return tuple(self._forms[code] for code in CSV_FORMS if code in self._forms)

    def form(self, form: str) -> SocialForm:
        """One of them by its code. Raises BadInput for another."""
        if form not in self._forms:
            told = f"{FORM_NAMES.get(form, form)}は、CSVファイルでは出せません。"
            raise BadInput("no-csv", told)
        return self._forms[form]

    def prepare(self, form: str, keys: Collection[Key] | None = None) -> Prepared:
        """The exact files of a form for the needed notices (or those of `keys` among them).

        What is missing of the office is a fault in it. Raises what `needs` raises.
        """
        return self._preparing.prepare(form, self._wanted(form, keys))

    def accept_substitute(self, letter: str, substitute: str) -> None:
        """From now on `substitute` is sent for `letter`; the true letter stays the fact. Raises BadInput."""
        self._substitutes.accept(letter, substitute)

    def substitutes(self) -> Mapping[str, str]:
        """The substitutes this company has accepted."""
        return self._substitutes.accepted()

    def review(self, form: str, keys: Collection[Key] | None = None) -> SocialReview:
        """What is read before sealing. Raises what `needs` raises."""
        return self._sealing.review(self.form(form), self._wanted(form, keys))

    def seal(
        self,
        form: str,
        keys: Collection[Key] | None = None,
        *,
        certificate_id: str = "",
        my_numbers: MyNumbers | None = None,
    ) -> tuple[str, ...]:
        """Seals the notices, one filing a file, into the outbox; gives the filings' ids.

        `my_numbers` are 個人番号 by member key (people and dependants); their owner wipes them.
        All files are sealed or none. Raises Known with the first reason of the review.
        """
        with self._turn:
            self._before()
            notices = self._wanted(form, keys)
            return self._sealing.seal(
                self.form(form), notices, certificate_id=certificate_id, my_numbers=my_numbers
            )

    def read_numbers(self, content: bytes, asked: Sequence[Asked], into: MyNumbers) -> FileRead:
        """Takes the 個人番号 of those asked for out of a file's bytes; nothing is kept. Raises BadInput."""
        return read_numbers(content, asked, self._data.words, into)

    def reports(self, filing_id: str) -> tuple[Key, ...]:
        """The notices in one filing, in the order of its file. Raises VaultFault not_found."""
        return self._filed.of(Filings(self._vault).get(filing_id))

    def review_answer(self, filing_id: str) -> SocialReview:
        """What is read before the 補正 of a filing made here is answered (`Desk.cases.amend` seals it).

        Raises Known: which notices it is about cannot be told, or nothing is left to report.
        """
        self._before()
        return self._sealing.review(*self._answering(Filings(self._vault).get(filing_id)))

    def _answering(self, row: FilingRow) -> tuple[SocialForm, list[Notice]]:
        """The form of a filing, and the notices that answer for those in it as the facts stand."""
        old = self._filed.of(row)
        form = next((key[0] for key in old), "")
        done = [key for key in (*self.filed(), *self.paper.standing()) if key not in old]
        needed = [n for n in self._needs(done).notices if n.form == form]
        return self.form(form), answers_for(old, needed)

    def amend(
        self, plan: Plan, *, certificate_id: str = "", my_numbers: MyNumbers | None = None
    ) -> str:
        """Seals the answer to a 補正 of a filing made here, from the facts as they stand now.

        Raises Known: it cannot be sealed, or which notices it is about cannot be told.
        """
        with self._turn:
            self._before()
            form, again = self._answering(plan.row)
            return self._sealing.seal_answer(
                form, again, plan, certificate_id=certificate_id, my_numbers=my_numbers
            )

    def _kept_wanted(self, form: str, keys: Collection[Key] | None) -> list[Notice]:
        """The same with nothing left half typed."""
        self._before()
        return self._wanted(form, keys)

    def _wanted(self, form: str, keys: Collection[Key] | None) -> list[Notice]:
        self.form(form)
        wanted = None if keys is None else frozenset(keys)
        return [
            notice
            for notice in self.needs().notices
            if notice.form == form and (wanted is None or notice.key in wanted)
        ]


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
    graph = Graph(catalogue, still_standing(Records(vault).all()), today(clock))

    def arrived(records: Sequence[Record]) -> None:
        for record in records:
            graph.add(record)

    role = Standing(vault, company, account_id, signed_in, clock)
    return SocialDesk(
        vault, graph, catalogue, library, data, role, clock, arrived=arrived, person=person
    )
