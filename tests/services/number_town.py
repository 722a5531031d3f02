"""A 資格取得届 with a 個人番号 in the practice town, for tests."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager

from app.domain.clock import today
from app.facts.record import Value
from app.services.filing_view import FilingView
from app.services.my_number import MyNumbers
from app.services.social.insurer import ACQUISITION
from tests.services.open_desk import OpenDesk
from tests.services.social_town import WHO, social, told

TARO, CHILD = "123456789018", "234567890121"
AFTER_LAG = 6 * 60 + 150


def joined(office: OpenDesk, **more: Value) -> None:
    """Taro begins to work today; nobody knows his 基礎年金番号."""
    facts = {name: value for name, value in WHO.items() if name != "pension_number"}
    told(office, "e1", facts | {
        "social_insurance.acquired_on": today(office.clock), "social_insurance.number": "",
        "social_insurance.expected_monthly": 260_000,
    } | more)  # fmt: skip


@contextmanager
def numbers_of(**texts: str) -> Iterator[MyNumbers]:
    """Numbers as the window hands them over: wiped afterwards."""
    with MyNumbers() as numbers:
        for key, text in texts.items():
            numbers.put(key, text)
        yield numbers


def sealed(office: OpenDesk) -> str:
    """A 資格取得届 with Taro's number, in the outbox."""
    desk = social(office)
    joined(office)
    with numbers_of(e1=TARO) as numbers:
        (filing_id,) = desk.seal(ACQUISITION, my_numbers=numbers)
    assert not numbers
    return filing_id


def files_in(raw: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return {name.rpartition("/")[2]: archive.read(name) for name in archive.namelist()}


def ended(office: OpenDesk, filing_id: str) -> FilingView:
    """The case followed to its end."""
    row = office.desk.filings_store.get(filing_id)
    office.town.advance(row.receipt_number, "審査中")
    office.desk.poll()
    office.town.advance(row.receipt_number, "審査終了")
    office.desk.poll()
    return office.desk.filing(filing_id)


def kinds(office: OpenDesk, filing_id: str) -> list[str]:
    return [event.kind for event in office.desk.filings_store.events(filing_id)]
