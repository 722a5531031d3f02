"""A desk without vault or wire: real catalogue, graph, procedures and drafts; what is kept is listed."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from app.domain.clock import JST, Clock, fixed_clock, today
from app.domain.errors import Known
from app.facts.catalogue import Catalogue, load_catalogue
from app.facts.graph import Graph
from app.facts.record import Origin, Record, Value
from app.forms.draft import Draft
from app.forms.draft_parts import Answer, Change
from app.forms.library import ProcedureLibrary
from app.services.company_facts import CompanyFacts
from app.services.draft_renewal import Renewal

PROCEDURE = "mhlw/koyou_hoken_shikaku_shutoku"
PERSON = "k3x9ab"
NOW = datetime(2026, 7, 3, 13, 42, tzinfo=JST)
EARLIER = datetime(2026, 6, 1, 9, 0, tzinfo=JST)

REGISTER = {
    "company.corporate_number": "1010401012345",
    "company.name": "株式会社みなと製菓",
    "company.kana": "カブシキガイシャミナトセイカ",
    "company.head_office.prefecture": "東京都",
    "company.head_office.city": "港区",
    "company.head_office.street": "芝浦１丁目２番３号",
}
GBIZID = {
    "company.representative.family_name": "山本",
    "company.representative.given_name": "湊",
    "company.representative.family_kana": "ヤマモト",
    "company.representative.given_kana": "ミナト",
    "company.representative.title": "代表取締役",
    "company.phone": "03-3456-7890",
}
DOCUMENT = {
    "company.employment_insurance.office_number": "13010000012",
    "company.employment_insurance.hello_work": "品川公共職業安定所",
}
TYPED_PERSON = {
    "family_name": "髙橋",
    "given_name": "由美",
    "family_kana": "タカハシ",
    "given_kana": "ユミ",
    "sex": "女",
    "birth": date(1998, 4, 12),
    "hired_on": date(2026, 7, 1),
    "monthly_wage": 2_840_000,
    "weekly_hours": 40,
}


def record(
    path: str, value: Value, origin: Origin, *, confirmed: bool = True, **place: str
) -> Record:
    """A record as the program would have made it on 2026-06-01."""
    return Record(
        path,
        value,
        origin,
        EARLIER,
        str(value),
        place or {"by": "山本"},
        confirmed_by="山本" if confirmed else "",
        confirmed_at=EARLIER if confirmed else None,
    )


def sample_records() -> list[Record]:
    """A company with a registered address, a representative, office numbers, and one employee."""
    found = [record(p, v, Origin.REGISTER, service="houjin_bangou") for p, v in REGISTER.items()]
    found += [record(p, v, Origin.GBIZID, service="gbizid") for p, v in GBIZID.items()]
    found += [
        record(p, v, Origin.DOCUMENT, file="適用事業所設置届 事業主控.pdf", row="1")
        for p, v in DOCUMENT.items()
    ]
    found += [
        record(f"employees[{PERSON}].{name}", v, Origin.TYPED) for name, v in TYPED_PERSON.items()
    ]
    return found


@lru_cache
def _read(resources: Path) -> tuple[Catalogue, ProcedureLibrary]:
    """The catalogue and the procedures, read once for all tests; both are never changed."""
    return load_catalogue(resources), ProcedureLibrary(resources)


class KeptDraft:
    """What `OpenDraft` of the services is to a page; every change is listed in `kept`."""

    def __init__(self, draft: Draft, clock: Clock, draft_id: str = "d1") -> None:
        self.id = draft_id
        self.draft = draft
        self.clock = clock
        self.kept: list[Change] = []
        self.cursor = ""
        self.saved_at: datetime | None = None
        self.pending = False
        self.fault: Known | None = None
        self.flushed = 0
        self.renewal: Renewal | None = None
        self.files: Any = None  # a test that attaches files gives it a vault

    def apply(self, change: Change) -> None:
        self.kept.append(change)
        self.saved_at = self.clock()

    def flush(self) -> None:
        self.flushed += 1

    def set_cursor(self, field_id: str) -> None:
        self.cursor = field_id

    def pdf(self) -> bytes:
        return b"%PDF-1.4 test"

    def stored_answers(self) -> dict[str, Answer]:
        """The answers a new session would read from what was kept."""
        answers: dict[str, Answer] = {}
        for change in self.kept:
            if change.answer is None:
                answers.pop(change.field_id, None)
            else:
                answers[change.field_id] = Answer.from_json(change.answer.to_json())
        return answers


class FormDesk:
    """The desk of 株式会社みなと製菓."""

    def __init__(
        self, resources: Path, *, records: list[Record] | None = None, practice: bool = True
    ) -> None:
        self.clock = fixed_clock(NOW)
        self.practice = practice
        self.person = "山本"
        self.catalogue, self.library = _read(resources)
        self.graph = Graph(
            self.catalogue, sample_records() if records is None else records, today(self.clock)
        )
        self.stated: list[Record] = []
        self.facts = CompanyFacts(
            self.catalogue, self.graph, self.stated.extend, self.clock, self.person
        )
        self.card = SimpleNamespace(
            name="株式会社みなと製菓",
            corporate_number="1010401012345",
            town="東京都港区",
            plate="ai",
            kanji="港",
            path=Path("minato.vault"),
            practice=practice,
        )
        self.opened: dict[tuple[str, str], KeptDraft] = {}
        self.left: list[Any] = []
        self.sealed: list[str] = []
        self.sent: list[str] = []
        self.seal_fault: Exception | None = None
        self.send_fault: Exception | None = None
        self.answer_stage = "accepted"

    # facts

    def employees(self) -> list[Any]:
        return self.facts.members("employees")

    def add_member(self, collection: str, texts: dict[str, str]) -> str:
        return self.facts.add_member(collection, texts)

    def answer_fact(self, path: str, text: str) -> Record:
        return self.facts.answer(path, text)

    def confirm_fact(self, path: str, record_id: str = "") -> Record:
        return self.facts.confirm(path, record_id)

    def fact_rows(self, section: str) -> list[Any]:
        return self.facts.rows(section)

    def disclosures(self) -> list[Any]:
        return self.left

    # drafts

    def procedures(self) -> Any:
        return self.library.entries()

    def drafts(self) -> list[Any]:
        return [
            SimpleNamespace(
                id=d.id, procedure_id=p, subject=s, title=d.draft.procedure.title,
                subject_name="", updated_at=NOW,
            )
            for (p, s), d in self.opened.items()
        ]  # fmt: skip

    def open_draft(self, procedure_id: str, subject: str) -> KeptDraft:
        key = (procedure_id, subject)
        if key not in self.opened:
            self.opened[key] = self.draft_from({}, procedure_id, subject)
        return self.opened[key]

    def draft(self, draft_id: str) -> KeptDraft:
        return next(d for d in self.opened.values() if d.id == draft_id)

    def draft_from(
        self, answers: dict[str, Answer], procedure_id: str = PROCEDURE, subject: str = PERSON
    ) -> KeptDraft:
        """A draft as a new session would open it."""
        procedure = self.library.load(procedure_id, self.catalogue)
        draft = Draft(
            procedure, self.graph, subject, answers, today(self.clock), self.clock, self.person,
            draft_id="d1",
        )  # fmt: skip
        return KeptDraft(draft, self.clock)

    # leaving

    def review(self, draft_id: str) -> Any:
        draft = next(d.draft for d in self.opened.values() if d.id == draft_id)
        reasons = (
            [f"まだ答えていない欄が {len(draft.gaps())}か所あります。"] if draft.gaps() else []
        )
        return SimpleNamespace(
            door_sentence=draft.procedure.door_sentence,
            account="山本 湊(GビズID)",
            capacity="本人",
            leaving=f"{draft.procedure.title}の値が {draft.procedure.authority}に出ます。",
            can_send=draft.is_complete,
            reasons=tuple(reasons),
        )

    def seal(self, draft_id: str) -> str:
        if self.seal_fault is not None:
            raise self.seal_fault
        self.sealed.append(draft_id)
        return "f1"

    def send(self, filing_id: str) -> Any:
        self.sent.append(filing_id)
        if self.send_fault is not None:
            raise self.send_fault
        return SimpleNamespace(id=filing_id, stage=self.answer_stage, band=SimpleNamespace(note=""))

    # the frame

    def sign_in_state(self) -> Any:
        until = datetime(2026, 7, 3, 14, 30, tzinfo=JST)
        return SimpleNamespace(signed_in=True, until=until, who="山本 湊")

    def counts(self) -> dict[str, int]:
        return {"today": 1, "outbox": 0}

    def once_ratio(self) -> float | None:
        return None

    def saved_at(self) -> datetime | None:
        return None

    def today(self) -> Any:
        raise NotImplementedError

    def keep(self) -> None: ...

    def lock(self) -> None:
        self.locked = True


class FakeWindow:
    """What a page asks of the window, listed."""

    def __init__(self) -> None:
        self.shown: list[tuple[str, dict[str, str]]] = []
        self.said: list[str] = []
        self.updated = 0

    def show_page(self, name: str, **asked: str) -> None:
        self.shown.append((name, asked))

    def back(self) -> None:
        self.shown.append(("back", {}))

    def say(self, sentence: str, undo: Any = None) -> None:
        self.said.append(sentence)

    def update_status(self) -> None:
        self.updated += 1


def dress(app: Any, resources: Path, mode: str = "light", text: float = 1.0) -> None:
    """Puts the program's look on a test application."""
    from app.views import theme

    theme.apply(app, theme.load(resources, mode, text))
