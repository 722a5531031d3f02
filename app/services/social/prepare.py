"""From the notices of one form to files that may leave, with what is wrong, missing and replaced."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from app.domain.era import wareki_text
from app.domain.errors import BadInput
from app.domain.social.decisions import Decision, Revision
from app.forms.nenkin.encode import Faults, NenkinFile, encode
from app.forms.nenkin.fault import RecordFault
from app.forms.nenkin.head import Head
from app.forms.nenkin.layout import NenkinForms
from app.forms.nenkin.letters import Substitution, explanation_sheet
from app.services.social.insurer import (
    ACQUISITION,
    BONUS,
    DEPENDANTS,
    FORM_NAMES,
    LOSS,
    REGULAR,
    REVISION,
)
from app.services.social.life_records import acquisition_record, dependant_records, loss_record
from app.services.social.notice import Aside, Key, Notice
from app.services.social.pay_records import bonus_record, regular_record, revision_record
from app.services.social.people import BonusPaid, Dependant
from app.services.social.writing import Writing


@dataclass(frozen=True)
class Prepared:
    """The files of one form for one company. They may leave only when `ready`.

    `reports` are the keys of the notices in them, `waiting` those left out because facts are missing
    (or, on the social desk, because they do not go by e-Gov). `sheet` is the explanation of replaced letters, "" where none
    was. `inferred` names the fields that rest on inference, for the review page. `ends` counts the
    data records up to and with each of `reports`.
    """

    form: str
    files: tuple[NenkinFile, ...]
    reports: tuple[Key, ...]
    faults: tuple[RecordFault, ...]
    waiting: tuple[Aside, ...]
    substitutions: tuple[Substitution, ...]
    sheet: str
    inferred: tuple[str, ...]
    ends: tuple[int, ...] = field(default=(), repr=False)

    def key_of(self, fault: RecordFault) -> Key | None:
        """The notice whose record a fault is in; None for a fault of the head."""
        place = bisect_left(self.ends, fault.record)
        return self.reports[place] if fault.record and place < len(self.ends) else None

    def keys_by_file(self) -> tuple[tuple[Key, ...], ...]:
        """The notices in each of the files, where nothing is at fault."""
        found, before = [], 0
        for file in self.files:
            last = before + file.records
            first = bisect_left(self.ends, before + 1)
            found.append(self.reports[first : bisect_left(self.ends, last) + 1])
            before = last
        return tuple(found)

    @property
    def ready(self) -> bool:
        """Whether there is something to send and nothing against it."""
        return bool(self.files) and not self.faults


def prepare(
    form: str,
    notices: Iterable[Notice],
    writing: Writing,
    head: Head,
    replaced_in_head: tuple[Substitution, ...] = (),
) -> Prepared:
    """The files of `form` from the notices of that form. Faults and gaps are told, not raised."""
    waiting: list[Aside] = []
    keys: list[Key] = []
    ends: list[int] = []
    faults = Faults()
    writing.substitutions.clear()
    records = _records(form, notices, writing, waiting, keys, ends)
    try:
        files = tuple(encode(writing.forms, head, form, records, today=writing.day, faults=faults))
    except BadInput as wrong:
        if not faults:
            faults.append(RecordFault(0, "", 0, "", wrong.code, wrong.sentence))
        files = ()
    substitutions = (*replaced_in_head, *dict.fromkeys(writing.substitutions))
    name = writing.forms.forms[form].name
    made_on = wareki_text(head.made_on)
    return Prepared(
        form=form,
        files=files,
        reports=tuple(keys),
        faults=tuple(faults),
        waiting=tuple(waiting),
        substitutions=substitutions,
        sheet=explanation_sheet(name, head.office.name, made_on, substitutions),
        inferred=tuple(f.name for f in writing.forms.forms[form].inferred),
        ends=tuple(ends),
    )


def not_prepared(form: str, forms: NenkinForms, fault: BadInput) -> Prepared:
    """What it comes to where not even the head of a file can be written: the one fault that says why."""
    told = RecordFault(0, "", 0, "", fault.code, fault.sentence)
    inferred = tuple(f.name for f in forms.forms[form].inferred)
    return Prepared(form, (), (), (told,), (), (), "", inferred)


def _records(
    form: str,
    notices: Iterable[Notice],
    writing: Writing,
    waiting: list[Aside],
    keys: list[Key],
    ends: list[int],
) -> Iterator[list[str]]:
    count = 0
    for notice in notices:
        if notice.form != form:
            continue
        if notice.asks:
            told = f"{FORM_NAMES[form]}に「{'」「'.join(notice.asks)}」が足りません。"
            waiting.append(Aside(notice.person.member, notice.person.name, told))
            continue
        try:
            records = records_of_notice(notice, writing)
        except BadInput as missing:
            waiting.append(Aside(notice.person.member, notice.person.name, missing.sentence))
            continue
        count += len(records)
        keys.append(notice.key)
        ends.append(count)
        yield from records


def records_of_notice(notice: Notice, writing: Writing) -> list[list[str]]:
    """The lines of one complete notice. Raises BadInput where a fact is missing after all."""
    form, person, content = notice.form, notice.person, notice.content
    if form == REGULAR and isinstance(content, Decision):
        return [regular_record(writing, person, content)]
    if form == REVISION and isinstance(content, Revision):
        return [revision_record(writing, person, content)]
    if form == BONUS and isinstance(content, BonusPaid):
        return [bonus_record(writing, person, content)]
    if form == ACQUISITION:
        return [acquisition_record(writing, person)]
    if form == LOSS:
        return [loss_record(writing, person)]
    if form == DEPENDANTS and isinstance(content, tuple):
        joining = notice.event.startswith("since:")
        who = [d for d in content if isinstance(d, Dependant)]
        day = writing.day
        return list(dependant_records(writing, person, who, joining=joining, received_on=day))
    raise BadInput("no-csv", f"{FORM_NAMES[form]}は CSV にできません。")


def next_serial(files: tuple[NenkinFile, ...]) -> int:
    """媒体通番 of the file after these (it goes on; after 999 it begins anew)."""
    return files[-1].serial % 999 + 1 if files else 1
