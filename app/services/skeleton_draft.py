"""A draft of a procedure that has no folder: written on the door's skeleton, kept at each edit.

The answers lie in the vault under the place they are for, each with the label it was written under,
so that a changed skeleton loses none: what has no place any more is shown and waits for a person.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from app.domain.errors import BadInput
from app.forms.payload import Attachment
from app.services.my_number import Asked
from app.services.skeleton_filing import PREFIX, KeptSkeleton, Told, Values
from app.services.skeleton_places import KOUSEI, Place, Section, sections_of

if TYPE_CHECKING:
    from app.services.prefill import DraftWriter
    from app.store.documents import Documents
    from app.store.rows import DraftRow

_FILE = "file/"
_DELIVERY = "meta/delivery"
FILE_LIMIT = 10_000_000
"""Most bytes of one attachment: e-Gov's own limit is not published; ours keeps memory bounded."""
ATTACHMENT = "attachment"


@dataclass(frozen=True)
class Offer:
    """A known fact that may be put into a place: its text there, and where it comes from."""

    fact: str
    label: str
    text: str = field(repr=False)
    origin: str
    source: str
    record: str = ""


@dataclass(frozen=True)
class Leftover:
    """An answer whose place the form has no more; `target` is the place it obviously belongs to now."""

    place: str
    label: str
    text: str = field(repr=False)
    target: str = ""
    target_label: str = ""


@dataclass(frozen=True)
class FileSent:
    """A file that goes along: the name on the form, its file name, and the kept document."""

    place: str
    title: str
    file_name: str
    document: str
    size: int


class SkeletonDraft:
    """One draft on the screen. On the window's thread; what is typed is kept by the writer."""

    def __init__(
        self,
        row: DraftRow,
        kept: KeptSkeleton,
        writer: DraftWriter,
        documents: Documents,
        offer: Callable[[Place], Offer | None],
    ) -> None:
        self.id = row.id
        self.proc_id = row.procedure_id.removeprefix(PREFIX)
        self.kept = kept
        self.edition = row.edition
        self._writer = writer
        self._documents = documents
        self._offer = offer
        self._answers: dict[str, dict[str, Any]] = dict(row.answers)
        self.sections: tuple[Section, ...] = sections_of(kept.skeleton, kept.skeleton.leaves)
        self.places: dict[str, Place] = {p.id: p for s in self.sections for p in s.places}

    @property
    def title(self) -> str:
        """The procedure's name as the skeleton writes it."""
        return self.kept.skeleton.title or self.proc_id

    @property
    def saved_at(self) -> datetime | None:
        """When the vault last took something typed; None before the first time."""
        return self._writer.saved_at

    @property
    def delivery(self) -> bool:
        """Whether it is the wish for 電子送達, which goes to a counter of its own."""
        return _DELIVERY in self._answers

    def mark_delivery(self) -> None:
        """This draft is the wish for 電子送達."""
        self._put(_DELIVERY, {"text": "1"})

    @property
    def changed(self) -> bool:
        """Whether the door's form is another than the one the draft was begun on."""
        return self.edition != edition_of(self.kept)

    def text(self, place: str) -> str:
        """What stands in a place: the answer, else what the skeleton holds there."""
        answer = self._answers.get(place)
        if answer is not None:
            return str(answer["text"])
        return self.places[place].preset if place in self.places else ""

    def origin(self, place: str) -> str | None:
        """Where what stands there comes from: `typed`, that of an offered fact, None for nothing."""
        answer = self._answers.get(place)
        return str(answer.get("origin", "typed")) if answer is not None else None

    def answer(self, place: str, text: str) -> None:
        """What a person typed; an empty text takes the answer away. Raises nothing.

        What is typed where a 個人番号 belongs is not taken: it is asked for at sealing (`asked`).
        """
        one = self.places[place]
        if one.my_number:
            return
        if not text and not one.preset:
            self._put(place, None)
            return
        said = {"text": text, "label": one.label, "group": one.group, "origin": "typed"}
        self._put(place, said)

    def offered(self, place: str) -> Offer | None:
        """The fact that may be put there; None where nothing is known, or it stands there already."""
        found = self._offer(self.places[place])
        return found if found is not None and found.text != self.text(place) else None

    def accept(self, place: str, offer: Offer) -> None:
        """A person took the offer: the answer keeps where it comes from."""
        one = self.places[place]
        self._put(
            place,
            {
                "text": offer.text,
                "label": one.label,
                "group": one.group,
                "origin": offer.origin,
                "path": offer.fact,
                "record": offer.record,
                "source": offer.source,
            },
        )

    def problems(self) -> dict[str, str]:
        """What stands in the way of each place that was answered wrongly: place → sentence."""
        values = self.values()
        found: dict[str, str] = {}
        for form in self.kept.skeleton.forms:
            form_id = form.names.form_id
            for one in form.problems(values.get(form_id, {})):
                place = f"{form_id}/{one.path}"
                if self.text(place):
                    found.setdefault(place, one.sentence)
        return found

    def gaps(self) -> list[str]:
        """The places that have to be answered and are not."""
        return [
            p.id
            for p in self.places.values()
            if p.required and not p.my_number and not self.text(p.id).strip()
        ]

    def asked(self) -> tuple[Asked, ...]:
        """The places of 個人番号, to be asked for at sealing; keys are the places' ids."""
        return tuple(
            Asked(
                key=one.id,
                name=one.label,
                kana="",
                birth=None,
                number="",
                who="",
                sentence="この様式の欄に書きます。",
                may_skip=not one.required,
                skipping="" if one.required else "必須ではない欄です。",
                skip_word="空のまま出す",
                called=f"{one.group} / {one.label}" if one.group else one.label,
            )
            for one in self.places.values()
            if one.my_number and one.form_id != KOUSEI
        )

    def leftovers(self) -> list[Leftover]:
        """Answers without a place, in the order of their places' names."""
        return [
            self._leftover(place, answer)
            for place, answer in sorted(self._answers.items())
            if place not in self.places and not place.startswith(("file/", "meta/"))
        ]

    def move(self, leftover: Leftover) -> None:
        """Puts a leftover into its target, with its origin; it leaves its old place."""
        answer = self._answers[leftover.place]
        target = self.places[leftover.target]
        self._put(target.id, answer | {"label": target.label, "group": target.group})
        self._put(leftover.place, None)

    def drop(self, leftover: Leftover) -> None:
        """A person says that it is not needed any more; the history of the draft keeps it."""
        self._put(leftover.place, None)

    def _leftover(self, place: str, answer: Mapping[str, Any]) -> Leftover:
        label, group = str(answer.get("label", "")), str(answer.get("group", ""))
        path = place.partition("/")[2]
        same = [p for p in self.places.values() if p.path == path and p.form_id != KOUSEI]
        if len(same) != 1:
            same = [p for p in self.places.values() if (p.label, p.group) == (label, group)]
        target = same[0] if len(same) == 1 and not self.text(same[0].id) else None
        return Leftover(
            place,
            f"{group} / {label}" if group else label or path,
            str(answer["text"]),
            target.id if target else "",
            target.label if target else "",
        )

    # --- attachments

    def files(self) -> list[FileSent]:
        """The files that go along, in the order they were put in."""
        return [
            FileSent(place, a["title"], a["text"], a["document"], int(a["size"]))
            for place, a in sorted(self._answers.items())
            if place.startswith(_FILE)
        ]

    def keep_file(self, file_name: str, content: bytes) -> str:
        """Keeps a file in the vault, on any thread; gives its document for `attach`. Raises BadInput."""
        if not content:
            raise BadInput(
                "attachment-empty", f"{file_name} は空です。中身のあるものを選んでください。"
            )
        if len(content) > FILE_LIMIT:
            raise BadInput("attachment-large", f"{file_name} は大きすぎます。10MB までです。")
        return self._documents.keep(file_name, content, ATTACHMENT)

    def attach(self, title: str, file_name: str, document: str, size: int) -> FileSent:
        """Sends a kept file along. Raises BadInput: another of that name goes along already."""
        if any(f.file_name.lower() == file_name.lower() for f in self.files()):
            raise BadInput(
                "attachment-twice", f"{file_name} は、もう添えてあります。名前を替えてください。"
            )
        taken = [int(f.place.removeprefix(_FILE)) for f in self.files()]
        place = f"{_FILE}{max(taken, default=0) + 1:03d}"
        said = {"title": title.strip() or file_name.rpartition(".")[0], "text": file_name}
        self._put(place, {**said, "document": document, "size": size, "origin": "typed"})
        return self.files()[-1]

    def detach(self, place: str) -> None:
        """Takes a file out; the vault keeps it."""
        self._put(place, None)

    def attachments(self) -> tuple[Attachment, ...]:
        """The files with their bytes. Raises VaultFault."""
        return tuple(
            Attachment(f.title, f.file_name, self._documents.get(f.document).content)
            for f in self.files()
        )

    # --- what leaves

    def values(self) -> Values:
        """様式ID → path → text of everything answered."""
        found: dict[str, dict[str, str]] = {}
        for place, one in self.places.items():
            if place in self._answers and one.form_id != KOUSEI:
                found.setdefault(one.form_id, {})[one.path] = self.text(place)
        return found

    def configuration(self) -> Mapping[str, str]:
        """Path below 構成情報 → text of everything answered."""
        return {
            one.path: self.text(place)
            for place, one in self.places.items()
            if one.form_id == KOUSEI and place in self._answers
        }

    def told(self) -> Mapping[str, Told]:
        """Where each answer comes from, as the filing keeps it: place → what is told of it."""
        return {
            place: Told(
                str(a.get("origin", "typed")),
                str(a.get("path", "")),
                str(a.get("record", "")),
                str(a.get("source", "")),
            )
            for place, a in self._answers.items()
            if place in self.places
        }

    def rows(self) -> list[tuple[Place, str, str]]:
        """Every answered place with its text and origin, in the order of the form."""
        return [
            (one, self.text(place), self.origin(place) or "")
            for place, one in self.places.items()
            if self.text(place)
        ]

    def flush(self) -> None:
        """Writes everything pending before returning. Raises Known when it could not."""
        self._writer.flush()

    def _put(self, place: str, answer: dict[str, Any] | None) -> None:
        if answer is None:
            if self._answers.pop(place, None) is None:
                return
        elif self._answers.get(place) == answer:
            return
        else:
            self._answers[place] = answer
        self._writer.put((), self.id, {place: answer})


def edition_of(kept: KeptSkeleton) -> str:
    """The forms and versions of a skeleton as one text."""
    return ",".join(f"{form_id}:{version}" for form_id, version in kept.skeleton.editions)
