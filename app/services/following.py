"""What comes back: statuses, notices, official documents, and the facts a decision holds.

A document is kept (durably), its signature judged, its decided values stated as records; only then
is e-Gov told that it was fetched, since it may delete the document afterwards. Each step leaves an
event, so a poll that was cut short goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from app.domain.clock import Clock, today
from app.domain.errors import DoorFault, Known, Refused
from app.domain.filing import DELIVERY_DOOR, EGOV_STATUS, Stage
from app.domain.my_number import without_my_numbers
from app.facts.record import Record
from app.services.connectors.egov import Case, CaseDocument, CaseNotice, Egov, Notice
from app.services.connectors.egov.rows import moment_of
from app.services.fees import fee_events
from app.services.official_documents import ReadDocument, decided_event, records_decided
from app.store.documents import Documents
from app.store.filings import Filings
from app.store.records import Records
from app.store.rows import FilingRow, NewEvent

FOLLOWED = timedelta(days=180)
"""How long after its receipt a finished case is still asked about (documents may come late)."""


Reader = Callable[[FilingRow, bytes], ReadDocument]
"""Reads the ZIP of an official document by the rules of the filing's procedure; raises Known."""


@dataclass(frozen=True)
class News:
    """One thing a poll found. `records` have been stored; the fact graph has yet to take them in."""

    filing_id: str
    sentence: str
    records: tuple[Record, ...] = ()


class Following:
    """Follows the accepted filings of one company to their end."""

    def __init__(
        self,
        filings: Filings,
        documents: Documents,
        records: Records,
        egov: Egov,
        read: Reader,
        clock: Clock,
    ) -> None:
        self._filings = filings
        self._documents = documents
        self._records = records
        self._egov = egov
        self._read = read
        self._clock = clock

    def due(self) -> list[FilingRow]:
        """The filings a poll would ask about."""
        oldest = self._clock() - FOLLOWED
        return [
            row
            for row in self._filings.list(Stage.ACCEPTED, Stage.ENDED)
            if row.door in ("egov", DELIVERY_DOOR)
            and (
                row.stage is Stage.ACCEPTED
                or (row.stage is Stage.ENDED and row.receipt_at and row.receipt_at > oldest)
            )
        ]

    def poll(self) -> list[News]:
        """Asks about every filing that is due, and gives what is new.

        Raises:
            DoorFault: the first one could not be asked at all. A fault at a later one ends the
            poll with what was found so far; the next poll goes on.
        """
        news: list[News] = []
        refused: Refused | None = None
        for row in self.due():
            try:
                self._follow(row, news)
            except Refused as fault:  # about this one alone: the others are asked all the same
                refused = refused or fault
            except DoorFault:
                if not news:
                    raise
                break
        if refused is not None and not news:
            raise refused
        return news

    def _follow(self, row: FilingRow, news: list[News]) -> None:
        ask = self._egov.deliveries.case if row.door == DELIVERY_DOOR else self._egov.case
        case = ask(row.receipt_number)
        events = self._filings.events(row.id)
        done = {(e.kind, str(e.data.get("sub", ""))) for e in events}
        if case.status and case.status != row.door_status:
            self._filings.add_event(
                row.id,
                NewEvent("status", case.status, case.submission_destination, {"word": case.status}),
                door_status=case.status,
            )
            news.append(News(row.id, f"{row.title}: {case.status}"))
        for event in fee_events(case.fees, events):
            self._filings.add_event(row.id, event)
            news.append(News(row.id, f"{row.title}: {event.title}"))
        for notice in case.notices:
            if ("notice", str(notice.notice_sub_id)) not in done:
                self._take_notice(row, notice, news)
        for document in case.documents:
            sub = str(document.notice_sub_id)
            if ("document-done", sub) not in done and ("document-missed", sub) not in done:
                self._take_document(row, document, done, news)
        self._end(row, case)

    def _end(self, row: FilingRow, case: Case) -> None:
        over = EGOV_STATUS.get(case.status, (False, False))[0]
        if not over or self._filings.get(row.id).stage is not Stage.ACCEPTED:
            return
        if self._withdrawn(row):
            event = NewEvent("withdrawn", "取下げが認められました")
            self._filings.move(row.id, Stage.WITHDRAWN, event)
            return
        self._filings.move(row.id, Stage.ENDED, NewEvent("ended", "手続が終わりました"))

    def _withdrawn(self, row: FilingRow) -> bool:
        """Whether we asked to withdraw and the office's last word on it is no refusal (却下)."""
        events = self._filings.events(row.id)
        asked = [e.n for e in events if e.kind == "withdrawing"]
        words = [
            f"{e.title}{e.note}"
            for e in events
            if asked and e.n > asked[0] and e.kind == "notice" and e.data.get("type") == "取下げ"
        ]
        return bool(words) and "却下" not in words[-1]

    def _take_notice(self, row: FilingRow, listed: CaseNotice, news: list[News]) -> None:
        notice = self._egov.notice(row.receipt_number, listed.notice_sub_id)
        if self._filings.kept_apart(row.id) is not None:
            # The office may repeat a 個人番号 that it asks to be put right.
            notice = replace(
                notice,
                notice_title=without_my_numbers(notice.notice_title),
                notice_sentence=without_my_numbers(notice.notice_sentence),
            )
        kept: list[str] = [
            self._documents.keep(
                f"通知{notice.notice_sub_id}.txt",
                _notice_text(notice).encode(),
                "notice",
                row.id,
                "",
            )
        ]
        kept += [
            self._documents.keep(a.file_name, a.content, "attachment", row.id, "")
            for a in notice.attachments
        ]
        self._filings.add_event(
            row.id,
            NewEvent(
                "notice",
                notice.notice_title or "通知が届きました",
                notice.notice_sentence,
                {
                    "sub": str(notice.notice_sub_id),
                    "type": notice.notice_type,
                    "correct_type": notice.correct_type,
                    "until": notice.correct_expired_date,
                    "documents": kept,
                },
            ),
        )
        news.append(News(row.id, f"{row.title}: {notice.notice_title or '通知が届きました'}"))

    def _take_document(
        self, row: FilingRow, listed: CaseDocument, done: set[tuple[str, str]], news: list[News]
    ) -> None:
        """Fetched at once, for it expires; one that has expired is said and not asked for again."""
        sub = listed.notice_sub_id
        if ("decided", str(sub)) not in done:
            try:
                self._keep_document(row, listed, news)
            except Refused as fault:
                until = moment_of(listed.doc_download_expired_date)
                if "期限" not in fault.sentence and not (
                    until and until.date() < today(self._clock)
                ):
                    raise  # for another reason: the next poll asks again
                self._missed(row, listed, fault, news)
                return
        title, note = "受け取りを役所に伝えました", listed.doc_title
        try:
            self._egov.document_done(row.receipt_number, sub)
        except (
            Refused
        ) as fault:  # it is kept here; that the office will not be told changes nothing
            title, note = "受け取りを役所に伝えられませんでした", fault.sentence
        self._filings.add_event(row.id, NewEvent("document-done", title, note, {"sub": str(sub)}))

    def _missed(
        self, row: FilingRow, listed: CaseDocument, fault: Refused, news: list[News]
    ) -> None:
        title = listed.doc_title or "公文書"
        until = listed.doc_download_expired_date
        limit = f"受け取りの期限は {until}でした。" if until else ""
        sentence = f"{title}を受け取れませんでした。{limit}役所に再発行を相談してください。"
        self._filings.add_event(
            row.id,
            NewEvent(
                "document-missed",
                "公文書を受け取れませんでした",
                f"{sentence}{fault.sentence}",
                {"sub": str(listed.notice_sub_id), "until": until},
            ),
        )
        news.append(News(row.id, f"{row.title}: {sentence}"))

    def _keep_document(self, row: FilingRow, listed: CaseDocument, news: list[News]) -> None:
        sub = listed.notice_sub_id
        fetched = self._egov.official_document(row.receipt_number, sub)
        title = listed.doc_title or "公文書"
        try:
            read = self._read(row, fetched.zip_bytes)
        except Known as fault:
            kept = self._documents.keep(
                f"{title}.zip", fetched.zip_bytes, "official", row.id, fault.sentence
            )
            event = decided_event(title, fault.sentence, kept, str(sub), sign=listed.sign)
            self._filings.add_event(row.id, event)
            news.append(News(row.id, f"{row.title}: 公文書が届きました。{fault.sentence}"))
            return
        kept = self._documents.keep(
            f"{title}.zip", fetched.zip_bytes, "official", row.id, read.verdict
        )
        self._documents.keep(read.xml_name, read.xml, "official-xml", row.id, read.verdict)
        records = records_decided(read, self._documents.get(kept), row.id, self._clock())
        with self._filings.together():  # a kill between the two would have them stated twice
            if records:
                self._records.append(list(records))
            event = decided_event(title, read.verdict, kept, str(sub), read, sign=listed.sign)
            self._filings.add_event(row.id, event)
        news.append(
            News(row.id, f"{row.title}: 公文書が届き、事実 {len(records)}つに加えました", records)
        )


def _notice_text(notice: Notice) -> str:
    rows = [
        ("題名", notice.notice_title),
        ("種類", notice.notice_type),
        ("補正の種類", notice.correct_type),
        ("補正の期限", notice.correct_expired_date),
        ("発出日", notice.issue_date),
        ("発出元", notice.issuer_organization),
    ]
    head = "".join(f"{name}: {text}\n" for name, text in rows if text)
    return f"{head}\n{notice.notice_sentence}\n"
