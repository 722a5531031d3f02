"""What e-Gov sends without being asked: 電子送達 and 手続に関するご案内, kept before they expire.

A letter is kept (durably) and judged before e-Gov is told that it was fetched, for it may be deleted
then. Each step is written down, so a look that was cut short goes on where it stopped.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from app.domain.clock import Clock, today
from app.domain.errors import Known, Refused
from app.domain.filing import DELIVERY_DOOR, Stage
from app.services.connectors.egov.rows import moment_of
from app.services.following import News
from app.store.documents import Documents
from app.store.filings import Filings
from app.store.meta import Meta

if TYPE_CHECKING:
    from app.services.connectors.egov import Egov, Letter, LetterMessage

LETTER, GUIDANCE = "delivery", "guidance"
"""The kinds under which the vault keeps a letter and a guidance."""
LOOKED_BACK: Final = timedelta(days=400)
"""How far back lists are asked for: longer than any letter may be fetched."""
AGAIN_AFTER: Final = timedelta(hours=6)
_ROWS, _ASKED = "deliveries", "deliveries:asked"
_BREAK = re.compile(r"(?i)<(?:br|/p|/div|/li|/tr|/h[1-6]|/dd|/dt|hr)\b[^>]*>")
_CELL = re.compile(r"(?i)</t[dh]>")
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Delivery:
    """One thing that came: a letter (電子送達) or a guidance (手続に関するご案内).

    `document` is its kept document, "" where it is not kept: then `missed` says why. `expires` is the
    door's own text; `sign` its word on a signature (あり, なし, ""). `told` says that e-Gov knows that
    it was fetched; `read_at` when a person opened it ("" while unread).
    """

    id: str
    kind: str
    title: str
    sentence: str
    issuer: str
    issued_at: str
    expires: str = ""
    sign: str = ""
    document: str = ""
    verdict: str = ""
    missed: str = ""
    told: bool = False
    read_at: str = ""

    @property
    def issued_on(self) -> date | None:
        """The day it was issued."""
        moment = moment_of(self.issued_at)
        return moment.date() if moment else None

    @property
    def unread(self) -> bool:
        """Whether nobody has opened it yet."""
        return not self.read_at


@dataclass(frozen=True)
class SignUp:
    """Where the wish for 電子送達 stands: `filing_id` is the latest one ("" for none), in words."""

    filing_id: str
    words: str
    accepted: bool


class Deliveries:
    """The letters of one company. `judge` gives the sentence about a ZIP's signature; raises Known.

    `look` may block; everything else asks the store alone.
    """

    def __init__(
        self,
        filings: Filings,
        documents: Documents,
        meta: Meta,
        egov: Callable[[], Egov],
        judge: Callable[[bytes], str],
        clock: Clock,
    ) -> None:
        self._filings = filings
        self._documents = documents
        self._meta = meta
        self._egov = egov
        self._judge = judge
        self._clock = clock

    def rows(self) -> list[Delivery]:
        """Everything that came, latest first."""
        rows = (Delivery(**row) for row in json.loads(self._meta.get(_ROWS) or "[]"))
        return sorted(rows, key=lambda d: (d.issued_at, d.id), reverse=True)

    def asked_at(self) -> datetime | None:
        """When the door was asked last; None when it never was."""
        text = self._meta.get(_ASKED)
        return datetime.fromisoformat(text) if text else None

    def sign_up(self) -> SignUp:
        """Where the wish for 電子送達 stands, as far as this company sent one from here."""
        rows = [r for r in self._filings.list() if r.door == DELIVERY_DOOR]
        for row in rows:
            if row.stage in (Stage.REJECTED, Stage.WITHDRAWN):
                continue
            if row.stage in (Stage.ACCEPTED, Stage.ENDED):
                return SignUp(row.id, f"申込みは e-Gov に届いています({row.door_status})。", True)
            return SignUp(row.id, "申込みに封をしました。まだ届いていません。", False)
        return SignUp("", "ここからは申し込んでいません。", False)

    def due(self) -> bool:
        """Whether a look is due: letters expire, so those that signed up are looked after."""
        asked = self.asked_at()
        wanted = self.sign_up().accepted or asked is not None
        return wanted and (asked is None or self._clock() - asked >= AGAIN_AFTER)

    def look(self) -> list[News]:
        """Asks for the lists, keeps what is new, and tells e-Gov what was kept.

        Raises:
            DoorFault: e-Gov could not be asked; what was kept before stays kept.
        """
        first = today(self._clock) - LOOKED_BACK
        last = today(self._clock) + timedelta(days=1)
        news: list[News] = []
        for message in self._egov().deliveries.list(first, last):
            for letter in message.letters:
                self._take_letter(message, letter, news)
        known = {d.id for d in self.rows() if d.kind == GUIDANCE}
        for row in self._egov().messages(first, last):
            if row.information_id not in known:
                self._take_guidance(row.information_id, news)
        self._meta.set(_ASKED, self._clock().isoformat())
        return news

    def mark_read(self, delivery_id: str, kind: str) -> None:
        """A person has opened it."""
        found = self._find(delivery_id, kind)
        if found is not None and found.unread:
            self._keep(replace(found, read_at=self._clock().isoformat()))

    def text(self, document_id: str) -> str:
        """A guidance as plain text: what the door wrote went through the one reader of HTML."""
        return plain_text(self._documents.get(document_id).content.decode("utf-8", "replace"))

    def _take_letter(self, message: LetterMessage, letter: Letter, news: list[News]) -> None:
        known = self._find(letter.post_id, LETTER)
        if known is not None and (known.told or (known.missed and not known.document)):
            return
        row = known or Delivery(
            letter.post_id, LETTER, message.title or letter.name, message.sentence,
            message.issuer_organization, letter.issue_date or message.issue_date,
            letter.expires, letter.sign,
        )  # fmt: skip
        if not row.document:
            try:
                row = self._fetch(row)
            except Refused as fault:
                self._missed(row, fault, news)
                return
            news.append(News("", f"電子送達「{row.title}」が届きました。書類庫に入れました。"))
        try:
            self._egov().deliveries.done(row.id)
        except (
            Refused
        ) as fault:  # it is kept here; that the office will not be told changes nothing
            row = replace(row, missed=f"受け取りを役所に伝えられませんでした。{fault.sentence}")
        self._keep(replace(row, told=True))

    def _fetch(self, row: Delivery) -> Delivery:
        """Fetched, kept for good, judged, written down: only then may the door delete it."""
        fetched = self._egov().deliveries.letter(row.id)
        try:
            verdict = self._judge(fetched.content)
        except Known as fault:
            verdict = fault.sentence
        name = fetched.name or f"電子送達{row.id}.zip"
        name = name if name.lower().endswith(".zip") else f"{name}.zip"
        document = self._documents.keep(name, fetched.content, LETTER, "", verdict)
        row = replace(row, document=document, verdict=verdict)
        self._keep(row)
        return row

    def _missed(self, row: Delivery, fault: Refused, news: list[News]) -> None:
        """Said, and not asked for again, where its day has passed; else the next look asks again."""
        until = moment_of(row.expires)
        past = until is not None and until.date() < today(self._clock)
        if "期限" not in fault.sentence and not past:
            raise fault
        limit = f"受け取りの期限は {row.expires}でした。" if row.expires else ""
        sentence = f"電子送達「{row.title}」を受け取れませんでした。{limit}"
        self._keep(replace(row, missed=f"{sentence}役所に再発行を相談してください。"))
        news.append(News("", sentence))

    def _take_guidance(self, information_id: str, news: list[News]) -> None:
        told = self._egov().message(information_id)
        name = f"ご案内{information_id}.html"
        document = self._documents.keep(name, told.information_data.encode(), GUIDANCE)
        for one in told.attachments:
            self._documents.keep(one.file_name, one.content, "attachment")
        self._keep(
            Delivery(
                information_id,
                GUIDANCE,
                told.information_title or "手続に関するご案内",
                "",
                told.issuer_organization,
                told.issue_date,
                document=document,
                told=True,
            )
        )
        news.append(News("", f"ご案内「{told.information_title}」が届きました。"))

    def _find(self, delivery_id: str, kind: str) -> Delivery | None:
        return next((d for d in self.rows() if (d.id, d.kind) == (delivery_id, kind)), None)

    def _keep(self, row: Delivery) -> None:
        rows = [d for d in self.rows() if (d.id, d.kind) != (row.id, row.kind)]
        text = json.dumps([asdict(d) for d in (*rows, row)], ensure_ascii=False)
        self._meta.set(_ROWS, text)


def unread(deliveries: Sequence[Delivery]) -> list[Delivery]:
    """Those nobody has opened yet."""
    return [d for d in deliveries if d.unread]


def plain_text(text: str) -> str:
    """What an office wrote, HTML or not, as plain text: cleaned first, so nothing in it acts."""
    from app.services.grants.clean import clean_html

    broken = _CELL.sub("　", _BREAK.sub("\n", clean_html(text)))
    lines = html.unescape(_TAG.sub("", broken)).splitlines()
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.strip() for line in lines)).strip()
