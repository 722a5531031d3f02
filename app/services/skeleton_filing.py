"""Filing a procedure that has no folder here, from the skeleton its door hands out.

The skeleton is fetched once and kept, so that it can be filled and sealed offline; at first contact
the door is asked whether it still takes that edition, as for every filing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from app.domain.clock import Clock
from app.domain.errors import Known
from app.domain.filing import BY_SKELETON
from app.forms.payload import Package, Submission
from app.forms.skeleton import (
    FormNames,
    ProcedureSkeleton,
    SkeletonProblem,
    build_from_skeleton,
    read_skeleton,
)
from app.services.connectors.egov import Egov
from app.services.my_number import MyNumbers, kept_apart
from app.services.sealing import Filer
from app.store.documents import Documents
from app.store.filings import Filings
from app.store.meta import Meta
from app.store.rows import NewEvent, NewFiling

if TYPE_CHECKING:
    from app.forms.certificate import Signer

KIND = "skeleton"
PREFIX = BY_SKELETON
_KEY = "skeleton-kept:"
_TITLES = "skeleton-titles"

Values = Mapping[str, Mapping[str, str]]
"""様式ID → path of the element → text."""


@dataclass(frozen=True)
class KeptSkeleton:
    """A skeleton as it lies in the vault, and when it was fetched."""

    skeleton: ProcedureSkeleton
    fetched_at: datetime


@dataclass(frozen=True)
class KnownProcedure:
    """A procedure whose skeleton is kept: its 手続ID, its name, and when it was fetched."""

    proc_id: str
    title: str
    fetched_at: datetime


@dataclass(frozen=True)
class Told:
    """Where a value comes from: its origin, the fact's path and record, the source in words."""

    origin: str = "typed"
    path: str = ""
    record: str = ""
    source: str = ""


class SkeletonFilings:
    """The procedures of one company that are filled from skeletons."""

    def __init__(
        self,
        filings: Filings,
        documents: Documents,
        meta: Meta,
        egov: Callable[[], Egov],
        clock: Clock,
        *,
        practice: bool,
    ) -> None:
        self._filings = filings
        self._documents = documents
        self._meta = meta
        self._egov = egov
        self._clock = clock
        self._practice = practice

    def fetch(self, proc_id: str) -> KeptSkeleton:
        """Fetches and keeps a procedure's skeleton; off the window's thread.

        Raises:
            DoorFault: e-Gov could not be asked. BadInput: the skeleton cannot be used.
        """
        told = self._egov().procedure(proc_id)
        forms = tuple(
            FormNames(
                f.form_id, f.form_version, f.form_name, f.apply_file_name, f.server_check_file_name
            )
            for f in told.forms
        )
        names = told.configuration_file_names
        read = read_skeleton(proc_id, told.zip_bytes, forms, names)
        now = self._clock()
        kept = {
            "document": self._documents.keep(f"{proc_id}.zip", told.zip_bytes, KIND),
            "forms": [asdict(f) for f in forms],
            "configuration": list(names),
            "fetched_at": now.isoformat(),
        }
        self._meta.set(f"{_KEY}{proc_id}", json.dumps(kept, ensure_ascii=False))
        known = self._titles() | {proc_id: read.title or proc_id}
        self._meta.set(_TITLES, json.dumps(known, ensure_ascii=False))
        return KeptSkeleton(read, now)

    def title(self, proc_id: str) -> str:
        """The name of a procedure whose skeleton was fetched; its number where it has none."""
        return self._titles().get(proc_id, proc_id)

    def known(self) -> list[KnownProcedure]:
        """The procedures whose skeletons are kept, by name, without reading the skeletons."""
        found = []
        for proc_id, title in self._titles().items():
            kept = json.loads(self._meta.get(f"{_KEY}{proc_id}"))
            at = datetime.fromisoformat(kept["fetched_at"])
            found.append(KnownProcedure(proc_id, title, at))
        return sorted(found, key=lambda k: k.title)

    def _titles(self) -> dict[str, str]:
        known: dict[str, str] = json.loads(self._meta.get(_TITLES) or "{}")
        return known

    def kept(self, proc_id: str) -> KeptSkeleton | None:
        """The skeleton fetched last; None when it never was."""
        text = self._meta.get(f"{_KEY}{proc_id}")
        if not text:
            return None
        kept = json.loads(text)
        content = self._documents.get(kept["document"]).content
        forms = tuple(FormNames(**f) for f in kept["forms"])
        read = read_skeleton(proc_id, content, forms, kept["configuration"])
        return KeptSkeleton(read, datetime.fromisoformat(kept["fetched_at"]))

    def problems(self, proc_id: str, values: Values) -> tuple[SkeletonProblem, ...]:
        """What the door's rules say against these values."""
        skeleton = self.needed(proc_id).skeleton
        return tuple(
            problem
            for form in skeleton.forms
            for problem in form.problems(values.get(form.names.form_id, {}))
        )

    def seal(
        self,
        proc_id: str,
        values: Values,
        configuration: Mapping[str, str],
        filer: Filer,
        *,
        title: str = "",
        subject: str = "",
        signer: Signer | None = None,
        submission: Submission | None = None,
        door: str = "",
        then: Sequence[tuple[str, NewEvent]] = (),
        draft_id: str = "",
        told: Mapping[str, Told] | None = None,
        my_numbers: MyNumbers | None = None,
    ) -> str:
        """Seals the filled forms; gives the filing's id.

        `configuration` is path → text below 構成情報 (who applies, whom to ask, which office);
        `submission`, `door` and `then` are as in Sealing.seal. `told` says where values come from,
        by 様式ID and path; what it does not name was typed. `my_numbers` are 個人番号 by "様式ID/path":
        they leave, and the filing keeps a redacted copy (my_number.kept_apart).

        Raises:
            Known: the skeleton was never fetched, or a value breaks one of its rules (the first).
        """
        skeleton = self.needed(proc_id).skeleton
        whole = _with_numbers(values, my_numbers)
        wrong = self.problems(proc_id, whole)
        if wrong:
            raise Known("not-sealable", wrong[0].sentence)
        what = submission or Submission()
        package = unsigned = self.package(proc_id, whole, configuration, filer, what)
        now = self._clock()
        if signer is not None:
            from app.forms.signing import INDIVIDUAL, STANDARD, signed

            form = INDIVIDUAL if skeleton.individual else STANDARD
            package = signed(package, form, signer, now)
        new = NewFiling(
            draft_id=draft_id,
            procedure_id=f"{PREFIX}{proc_id}",
            edition=",".join(f"{form_id}:{version}" for form_id, version in skeleton.editions),
            door=door or "egov",
            company_name=filer.company_name,
            corporate_number=filer.corporate_number,
            account_id=filer.account_id,
            capacity=filer.capacity,
            subject=subject,
            title=what.titled(skeleton.title or title or proc_id),
            facts=_facts(skeleton, values, told or {}),
            envelope=package.zip_bytes,
            envelope_name=package.file_name,
            sha256=package.sha256,
            sealed_at=now,
            practice=self._practice,
        )
        return self._filings.seal(kept_apart(new, unsigned, my_numbers), then)

    def package(
        self,
        proc_id: str,
        values: Values,
        configuration: Mapping[str, str],
        filer: Filer,
        what: Submission,
    ) -> Package:
        """The unsigned package. Raises Known: never fetched, or a value breaks a rule."""
        skeleton = self.needed(proc_id).skeleton
        return build_from_skeleton(skeleton, values, configuration, filer.capacity, what)

    def needed(self, proc_id: str) -> KeptSkeleton:
        """The skeleton fetched last. Raises Known when it never was."""
        kept = self.kept(proc_id)
        if kept is None:
            raise Known(
                "no-skeleton",
                "役所の様式をまだ取り寄せていません。つないでから、もう一度確かめてください。",
            )
        return kept


def _with_numbers(values: Values, my_numbers: MyNumbers | None) -> Values:
    """The values with the 個人番号 in their places; `values` itself stays without."""
    if not my_numbers:
        return values
    whole = {form_id: dict(texts) for form_id, texts in values.items()}
    for place, text in my_numbers.texts().items():
        form_id, _, path = place.partition("/")
        whole.setdefault(form_id, {})[path] = text
    return whole


def _facts(
    skeleton: ProcedureSkeleton, values: Values, told: Mapping[str, Told]
) -> list[dict[str, object]]:
    """What left, element by element, each with where it came from."""
    found: list[dict[str, object]] = []
    for form in skeleton.forms:
        for one in form.fields:
            text = values.get(form.names.form_id, {}).get(one.path, "")
            if not text:
                continue
            place = f"{form.names.form_id}/{one.path}"
            source = told.get(place, Told())
            found.append(
                {
                    "field": place,
                    "label": one.label,
                    "path": source.path,
                    "value": None,
                    "text": text,
                    "sent": text,
                    "origin": source.origin,
                    "record": source.record,
                    "source_text": text,
                    "locator": {"source": source.source} if source.source else {},
                    "typed": source.origin == "typed",
                    "substituted": False,
                }
            )
    return found
