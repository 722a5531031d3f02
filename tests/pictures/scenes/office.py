"""All companies of an office: 期限の表, the batch, the office itself, and where it is opened."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from PySide6.QtWidgets import QWidget

from app.domain.clock import JST
from app.services.companies import CompanyCard
from app.services.office.batch_rows import BatchRow, BatchState
from app.services.office.matrix import Matrix, MatrixRow
from app.services.office.offices import OfficeCard
from app.services.office.profile import Said
from app.services.office.summary import COLUMNS, Cell, CellState
from app.services.sign_in import SignInState
from app.services.social.insurer import REGULAR
from app.store.office_file import OfficeCompany
from app.views.main_window import MainWindow
from app.views.page import Page
from app.views.pages.batch_page import BatchPage
from app.views.pages.matrix_page import MatrixPage
from app.views.pages.office_open import OfficeOpenPage
from app.views.pages.office_page import OfficePage
from tests.pictures.sample_house import SampleHouse
from tests.pictures.stage import NOW, Stage

SEEN = datetime(2026, 7, 3, 9, 5, tzinfo=JST)
WHO = (
    ("みなと製菓", "ai", "港", 3, 14), ("青葉工務店", "matsu", "青", 6, 38),
    ("花の木", "azuki", "花", 12, 3), ("鈴木鉄工所", "tetsu", "鈴", 3, 61),
    ("海野水産", "hanada", "海", 9, 112), ("茶のまるや", "kogane", "茶", 3, 8),
    ("みどり訪問看護", "budo", "緑", 3, 44), ("石川電設", "kaki", "石", 5, 9),
    ("和の湯旅館", "matsu", "和", 8, 27), ("八木運送", "ai", "八", 3, 83),
    ("東静ふぁーむ", "azuki", "東", 12, 11), ("丸平水道", "tetsu", "丸", 6, 22),
)  # fmt: skip
LETTERS = (
    "w2 o  n  a1 d  n  n  d  w1", "s38 o n  n  n  d  n  d  n", "-  d  n  n  n  n  n  n  n",
    "v  d  b  n  d  l1 n  n  l1", "w5 t  n  n  s2 s1 w1 w2 n", "d  d  n  n  n  n  n  n  n",
    "t  o  n  s3 n  n  n  n  n", "s9 v  n  n  n  n  n  n  n", "s27 o n  w1 r1 n  n  n  n",
    "d  d  n  n  v  n  n  n  n", "e  o  n  n  n  n  n  n  n", "u  u  u  u  u  u  u  u  u",
)  # fmt: skip
STATES = {
    "w": CellState.WRITE, "s": CellState.SEND, "d": CellState.DONE, "l": CellState.LATE,
    "r": CellState.RETURNED, "v": CellState.REVIEW, "t": CellState.WAIT, "o": CellState.LATER,
    "n": CellState.NONE, "-": CellState.NONE, "a": CellState.ASKING, "e": CellState.SEALED,
    "b": CellState.DONE, "u": CellState.UNSEEN,
}  # fmt: skip
NUMBER = "10000000000{:02d}"


def _cell(letters: str) -> Cell:
    state = STATES[letters[0]]
    due = date(2026, 7, 10) if state in (CellState.SEND, CellState.WRITE) else None
    if state is CellState.WAIT:
        due = date(2026, 8, 31)
    why, ready = "毎年 7月1日に使っている人の届です。", state is CellState.SEND
    return Cell(state, int(letters[1:] or 0), due, why, ready)


def matrix() -> Matrix:
    """Twelve companies as last seen."""
    rows = [
        MatrixRow(
            f"v{n}", name, NUMBER.format(n), plate, kanji, people, month, SEEN,
            tuple(_cell(text) for text in LETTERS[n].split()),
            "鍵が新しくなりました。" if n == 11 else "",
        )
        for n, (name, plate, kanji, month, people) in enumerate(WHO)
    ]  # fmt: skip
    return Matrix(tuple(rows), tuple(COLUMNS))


def _companies() -> list[OfficeCompany]:
    return [
        OfficeCompany(f"v{n}", f"{n}.vault", name, NUMBER.format(n), "静岡市", plate, kanji, SEEN)
        for n, (name, plate, kanji, _month, _people) in enumerate(WHO)
    ]


def _plain_card(company: OfficeCompany) -> CompanyCard:
    return CompanyCard(
        Path("/companies") / company.file, company.name, company.corporate_number, company.town,
        company.plate, company.kanji, False,
    )  # fmt: skip


class SampleOffice:
    """An office that answers from memory."""

    name = "さくら労務事務所"

    def __init__(self) -> None:
        self.file: Any = SimpleNamespace(path=Path("/companies/さくら労務事務所.office"))
        self.profile = SimpleNamespace(
            read=lambda: Said(self.name, "13012345", "佐倉　花子"),
            proof_of=lambda _vault="": SimpleNamespace(name="提出代行証明書 2026.pdf"),
        )
        self.certificates = SimpleNamespace(list=list)

    def companies(self) -> list[OfficeCompany]:
        """Twelve of them."""
        return _companies()

    def strangers(self) -> list[CompanyCard]:
        """None."""
        return []

    def card(self, company: OfficeCompany) -> CompanyCard:
        """Its card."""
        return _plain_card(company)

    def lock(self) -> None:
        """Nothing is held."""


class SampleOfficeDesk:
    """All companies at once, from memory."""

    practice = False

    def __init__(self, stage: Stage) -> None:
        self.office = SampleOffice()
        self.parts = None
        self.accounts = SimpleNamespace(list=list)
        self.clock = stage.clock
        self.card = CompanyCard(self.office.file.path, "12社 すべての会社", "", "", "", "", False)

    def matrix(self) -> Matrix:
        """The table."""
        return matrix()

    def sign_in_state(self) -> SignInState:
        """Signed in for another 48 minutes."""
        return SignInState(True, NOW.replace(hour=14, minute=30, tzinfo=JST), "jimusho")

    def once_ratio(self) -> None:
        """Not told here."""

    def saved_at(self) -> None:
        """Nothing is typed here."""

    def counts(self) -> dict[str, int]:
        """As the table has it."""
        return {"today": 9}

    def procedures(self) -> tuple[Any, ...]:
        """None."""
        return ()

    def keep(self) -> None:
        """Nothing is pending."""

    def lock(self) -> None:
        """Nothing is open."""


class OfficeHouse(SampleHouse):
    """A house whose pages are those of an office."""

    offices = SimpleNamespace(
        cards=lambda: [OfficeCard(Path("/a.office"), "さくら労務事務所", False)]
    )

    def page(self, name: str, desk: Any, window: Any, asked: Any) -> Page:
        """The pages of all companies."""
        if name == "today":
            return MatrixPage(desk, window)
        if name == "batch":
            page = BatchPage(desk, window, asked)
            page._is_begun(SimpleNamespace(form=REGULAR, rows=rows(), halted=""))  # type: ignore[arg-type]
            return page
        return OfficePage(desk, window, self)


def rows() -> list[BatchRow]:
    """A batch in the middle of its life."""
    made = []
    for n, (name, plate, kanji, _month, people) in enumerate(WHO):
        row = BatchRow(f"v{n}", name, NUMBER.format(n), plate, kanji, BatchState.SENT, people, 0, 1)
        told: dict[str, Any] = {"arrivals": (f"90020260000{n:05d}",), "filings": ("f",)}
        if n == 1:
            told = {
                "state": BatchState.FAULTS, "faults": 2,
                "reasons": ("高橋　一さん: 「髙」は年金事務所のファイルで使えない字です。「高」に替えて送れます。",),
            }  # fmt: skip
        elif n == 4:
            told = {"state": BatchState.UNKNOWN, "filings": ("f",), "arrivals": ("",),
                    "reasons": ("届いたか分かりません。役所に確かめています(もう一度は送りません)。",)}  # fmt: skip
        elif n == 7:
            told = {"state": BatchState.FAILED, "people": 0, "files": 0,
                    "reasons": ("石川電設は、鍵が新しくなりました。「事務所」の画面で、この会社の合言葉を一度入れてください。",)}  # fmt: skip
        elif n in (9, 10):
            told = {"state": BatchState.SEALED, "filings": ("f",), "arrivals": ("",)}
        elif n == 5:
            told = {"state": BatchState.NOTHING, "people": 0, "files": 0}
        made.append(BatchRow(**{**row.__dict__, **told}))
    return made


def _window(stage: Stage) -> MainWindow:
    window = MainWindow(OfficeHouse(stage.resources, stage.clock))
    desk: Any = SampleOfficeDesk(stage)
    window.offices.office = desk.office
    window.take_desk(desk)
    return window


def office_matrix(stage: Stage) -> QWidget:
    """期限の表."""
    return _window(stage)


def office_dates(stage: Stage) -> QWidget:
    """The same by date."""
    window = _window(stage)
    page: Any = window.page()
    page.segments.set_chosen("dates")
    return window


def office_batch(stage: Stage) -> QWidget:
    """A batch after sending, one company with faults chosen."""
    window = _window(stage)
    window.show_page("batch")
    page: Any = window.page()
    page.table.setCurrentIndex(page.model.index(1, 0))
    return window


def office_batch_confirm(stage: Stage) -> QWidget:
    """Before two companies go out."""
    window = _window(stage)
    window.show_page("batch")
    page: Any = window.page()
    page.go_on()
    return window


def office_page(stage: Stage) -> QWidget:
    """事務所."""
    window = _window(stage)
    window.show_page("office")
    return window


def office_open(stage: Stage) -> QWidget:
    """The first page of an office."""
    page = OfficeOpenPage(OfficeHouse(stage.resources, stage.clock))
    page.give_focus()
    return page


SCENES = {
    "office-matrix": office_matrix,
    "office-dates": office_dates,
    "office-batch": office_batch,
    "office-batch-confirm": office_batch_confirm,
    "office-page": office_page,
    "office-open": office_open,
}
USUAL = ("office-matrix",)
ONCE = ("office-dates", "office-batch", "office-batch-confirm", "office-page", "office-open")
