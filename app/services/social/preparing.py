"""From needed notices to the exact files of one office, with what the company has settled for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from app.domain.clock import Clock, today
from app.domain.errors import BadInput
from app.facts.graph import Graph
from app.forms.nenkin.head import Consultant, Head
from app.forms.nenkin.layout import NenkinForms
from app.forms.nenkin.letters import Substitution
from app.services.social.insurer import FORM_NAMES
from app.services.social.notice import Aside, Notice
from app.services.social.office import office_of, sent_text
from app.services.social.prepare import Prepared, next_serial, not_prepared, prepare
from app.services.social.substitutes import Substitutes
from app.services.social.tables import SocialTables
from app.services.social.writing import Writing
from app.services.standing import Standing
from app.store.meta import Meta

_SERIAL = "social:serial"
_NOBODY: Mapping[str, str] = {}


class Preparing:
    """Writes the files of one company. 媒体通番 runs on over everything that was sealed."""

    def __init__(
        self,
        graph: Graph,
        forms: NenkinForms,
        tables: SocialTables,
        substitutes: Substitutes,
        standing: Standing,
        meta: Meta,
        clock: Clock,
    ) -> None:
        self._graph = graph
        self._forms = forms
        self._tables = tables
        self._substitutes = substitutes
        self._standing = standing
        self._meta = meta
        self._clock = clock

    def prepare(
        self, form: str, notices: Sequence[Notice], numbers: Mapping[str, str] = _NOBODY
    ) -> Prepared:
        """The files for these notices; `numbers` are 個人番号 by member. Nothing is raised but a
        BadInput where a legal table does not reach the day."""
        day, accepted = today(self._clock), self._substitutes.accepted()
        try:
            office, replaced = office_of(self._graph, accepted)
        except BadInput as fault:
            return not_prepared(form, self._forms, fault)
        consultant, changed = self._consultant()
        replaced = (*replaced, *changed)
        head = Head(office, day, self._next(), consultant)
        figures = self._tables.figures(day)
        writing = Writing(self._forms, office, figures, day, accepted, numbers)
        going = [notice for notice in notices if notice.route.egov]
        found = prepare(form, going, writing, head, replaced)
        if len(going) == len(notices):
            return found
        others = tuple(_elsewhere(notice) for notice in notices if not notice.route.egov)
        return replace(found, waiting=(*found.waiting, *others))

    def writing(self) -> Writing:
        """How the notices are written today, with no 個人番号. Raises BadInput as `office_of` does."""
        day, accepted = today(self._clock), self._substitutes.accepted()
        office, _ = office_of(self._graph, accepted)
        return Writing(self._forms, office, self._tables.figures(day), day, accepted)

    def sealed(self, prepared: Prepared) -> None:
        """The next file goes on with the 媒体通番 after these."""
        if prepared.files:
            self._meta.set(_SERIAL, str(next_serial(prepared.files)))

    def consultant(self) -> Consultant | None:
        """The 社会保険労務士 who files for the company; None where the company or another one does.

        The name is as it is sent, with the accepted substitutes."""
        return self._consultant()[0]

    def _consultant(self) -> tuple[Consultant | None, tuple[Substitution, ...]]:
        agent = self._standing.agent()
        if agent is None or not agent.consultant_number:
            return None, ()
        accepted = self._substitutes.accepted()
        name, changed = sent_text("社会保険労務士の氏名", agent.consultant, accepted)
        return Consultant(agent.consultant_number, name), changed

    def _next(self) -> int:
        text = self._meta.get(_SERIAL, "1")
        return int(text) if text.isdigit() and 1 <= int(text) <= 999 else 1


def _elsewhere(notice: Notice) -> Aside:
    told = f"{FORM_NAMES[notice.form]}: {notice.route.sentence}"
    return Aside(notice.person.member, notice.person.name, told)
