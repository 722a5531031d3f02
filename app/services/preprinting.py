"""What an office prints into a form beforehand (プレ印字): fetched with the keys, taken in as facts.

The keys open the office's record of a company: they are sent once and kept nowhere. The form that
comes back is kept as a document, and each value taken from it names that document as its origin.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.domain.clock import Clock, today
from app.domain.errors import BadInput
from app.facts.record import Origin, Record
from app.forms.draft import Draft
from app.forms.preprint import PreprintKey, PreprintRules, Printed, load_preprint, read_printed
from app.forms.skeleton import FormNames, read_skeleton
from app.services.connectors.egov import Egov
from app.store.documents import Documents

if TYPE_CHECKING:
    from app.forms.procedure import Procedure

KIND = "preprint"


@dataclass(frozen=True)
class PreprintPlan:
    """What is asked and taken for one draft: the rules, the keys the draft holds, facts by field.

    `missing` are keys a field of the draft should hold and does not, by the field's label.
    """

    procedure: Procedure
    rules: PreprintRules
    held: Mapping[str, str] = field(repr=False)
    paths: Mapping[str, str]
    missing: tuple[str, ...] = ()

    @property
    def asked(self) -> tuple[PreprintKey, ...]:
        """The keys a person is asked for."""
        return self.rules.asked


@dataclass(frozen=True)
class PrintedIn:
    """What the office printed: the values, and the records they become."""

    values: tuple[Printed, ...]
    records: tuple[Record, ...] = field(repr=False)
    document: str

    @property
    def sentence(self) -> str:
        """What was taken in, in a sentence."""
        if not self.values:
            return "役所が印字した値はありませんでした。"
        labels = "、".join(one.label for one in self.values)
        return f"プレ印字の {len(self.values)}か所を取り込みました（{labels}）。"


class Preprinting:
    """Fetches pre-printed forms for one company."""

    def __init__(
        self,
        documents: Documents,
        egov: Callable[[], Egov],
        take: Callable[[Sequence[Record]], None],
        clock: Clock,
    ) -> None:
        """`take` stores records and adds them to the graph, on the window's thread."""
        self._documents = documents
        self._egov = egov
        self._take = take
        self._clock = clock

    def plan(self, draft: Draft) -> PreprintPlan | None:
        """What is asked for a draft; None where its office prints nothing in. Raises PackFault."""
        procedure = draft.procedure
        rules = load_preprint(procedure)
        if rules is None:
            return None
        cells = {key.label: draft.cell(key.field) for key in rules.keys if key.field}
        held = {label: cell.sent_text for label, cell in cells.items() if cell.filled}
        missing = tuple(c.field.label for label, c in cells.items() if label not in held)
        paths = {v.field: draft.cell(v.field).fact_path or "" for v in rules.values}
        return PreprintPlan(procedure, rules, held, paths, missing)

    def fetch(self, plan: PreprintPlan, keys: Mapping[str, str]) -> PrintedIn:
        """Asks the office with the keys a person gave; off the window's thread.

        Raises:
            BadInput: a key is missing. DoorFault: e-Gov could not be asked, or knows no such record.
            Known: what came back cannot be read.
        """
        if plan.missing:
            told = f"{'、'.join(plan.missing)}がまだありません。先に入れてください。"
            raise BadInput("preprint-key", told)
        given = {**plan.held, **{k.label: keys.get(k.label, "").strip() for k in plan.asked}}
        empty = next((label for label, text in given.items() if not text), "")
        if empty:
            raise BadInput("preprint-key", f"{empty}を入れてください。")
        procedure, egov = plan.procedure, self._egov()
        name, content = self._empty_form(egov, procedure)
        filled = egov.preprint(
            procedure.proc_id, procedure.form_id, procedure.form_version, content, given
        )
        values = read_printed(procedure, plan.rules, filled.content)
        document = self._documents.keep(f"プレ印字_{name}", filled.content, KIND)
        digest = hashlib.sha256(filled.content).hexdigest()
        return PrintedIn(values, self._records(plan, values, document, name, digest), document)

    def take(self, printed: PrintedIn) -> None:
        """Takes what was fetched in as facts; on the window's thread."""
        self._take(printed.records)

    def _empty_form(self, egov: Egov, procedure: Procedure) -> tuple[str, bytes]:
        """The file name and the bytes of the door's empty form. Raises BadInput for another one."""
        told = egov.procedure(procedure.proc_id)
        forms = tuple(
            FormNames(
                f.form_id, f.form_version, f.form_name, f.apply_file_name, f.server_check_file_name
            )
            for f in told.forms
        )
        names = told.configuration_file_names
        skeleton = read_skeleton(procedure.proc_id, told.zip_bytes, forms, names)
        for form in skeleton.forms:
            known = (form.names.form_id, form.names.form_version.zfill(4))
            if known == (procedure.form_id, procedure.form_version):
                return form.names.apply_file_name, form.empty
        raise BadInput(
            "preprint-edition",
            "役所の様式の版が、この手続のデータと合いません。手続のデータを新しくしてください。",
        )

    def _records(
        self,
        plan: PreprintPlan,
        values: Sequence[Printed],
        document: str,
        name: str,
        digest: str,
    ) -> tuple[Record, ...]:
        now = self._clock()
        return tuple(
            Record(
                plan.paths[one.field_id],
                one.value,
                Origin.DOCUMENT,
                now,
                one.source_text,
                {"document": document, "file": name, "sha256": digest, "label": one.label},
                valid_from=today(self._clock),
                confirmed_by="プレ印字",
                confirmed_at=now,
            )
            for one in values
        )
