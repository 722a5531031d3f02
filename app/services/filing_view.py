"""A filing as the outbox shows it: the state in words, the receipt, filed against decided, events."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.domain.era import wareki_text
from app.domain.filing import EGOV_STATUS, HAND_OVER, Capacity, Stage
from app.facts.record import Blank, Value, decode_value
from app.services.hand_state import HandState, hand_state
from app.services.refusals import Leads, RefusalLine, refusal_lines
from app.store.rows import DocumentRow, EventRow, FilingRow


@dataclass(frozen=True)
class DecidedRow:
    """One value as filed and as decided. `difference` is 同じ, 新しい or what differs."""

    label: str
    filed: str
    decided: str
    difference: str
    origin: str
    document_id: str


@dataclass(frozen=True)
class EventLine:
    """One line of できごと, newest first; `done` False for what is still to come."""

    at: datetime | None
    title: str
    note: str
    done: bool


@dataclass(frozen=True)
class BandText:
    """The band above the detail: kind ok, info, warn or danger, a sentence and a note."""

    kind: str
    sentence: str
    note: str


@dataclass(frozen=True)
class CandidateLine:
    """A case of e-Gov's list that may be this filing."""

    arrive_id: str
    sentence: str


@dataclass(frozen=True)
class FilingView:
    """Everything the outbox shows of one filing.

    `group` is sealed, waiting or done; `state_kind` wait, ok, warn, danger or info. `refusals` are
    what the door wants put right, each with the field it leads to; () while it wants nothing.
    `amends` and `withdraws` name the filing this one corrects or takes back, else "". `hand` is
    how it stands where a person files it by hand, else None; `can_hand_over` that it could be.
    `compared` counts the people of a decision that is compared person by person, 0 for any other.
    """

    id: str
    title: str
    procedure_id: str
    stage: Stage
    door: str
    door_status: str
    account: str
    capacity: Capacity
    subject_name: str
    sealed_at: datetime
    sha256: str
    receipt_number: str
    receipt_at: datetime | None
    state_word: str
    state_kind: str
    group: str
    summary: str
    band: BandText
    decided: tuple[DecidedRow, ...]
    events: tuple[EventLine, ...]
    chain_ok: bool
    practice: bool
    documents: tuple[DocumentRow, ...] = ()
    candidates: tuple[CandidateLine, ...] = ()
    can_send: bool = False
    by_portal: bool = False
    has_award: bool = False
    sent_back: bool = False
    seen: bool = True
    draft_id: str = ""
    refusals: tuple[RefusalLine, ...] = ()
    amends: str = ""
    withdraws: str = ""
    hand: HandState | None = None
    can_hand_over: bool = False
    compared: int = 0


_STATES: dict[Stage, tuple[str, str, str]] = {
    Stage.READY: ("送る前", "wait", "sealed"),
    Stage.SENDING: ("送信中", "info", "waiting"),
    Stage.UNKNOWN: ("確かめ中", "warn", "waiting"),
    Stage.ACCEPTED: ("到達", "info", "waiting"),
    Stage.REJECTED: ("受け付けられず", "danger", "done"),
    Stage.WITHDRAWN: ("取下げ", "wait", "done"),
    Stage.ENDED: ("手続終了", "ok", "done"),
}


def filing_view(
    row: FilingRow,
    events: Sequence[EventRow],
    documents: Sequence[DocumentRow],
    *,
    chain_ok: bool,
    door: str,
    account: str,
    subject_name: str,
    candidates: Sequence[tuple[str, datetime, str]] = (),
    seen: bool = True,
    leads: Callable[[], Leads | None] = lambda: None,
    has_award: bool = False,
) -> FilingView:
    """The view of one filing; pure, so that it can be made anywhere."""
    decisions = [e for e in events if e.kind == "decided"]
    waits_for_us = EGOV_STATUS.get(row.door_status, (False, False))[1]
    hand = hand_state(row, events)
    open_hand = hand if hand and row.stage in (Stage.READY, Stage.SENDING, Stage.UNKNOWN) else None
    word, kind, group = (
        open_hand.words if open_hand else _state(row, waits_for_us, decided=bool(decisions))
    )
    band = BandText(*open_hand.band) if open_hand else _band(row, events, waits_for_us)
    return FilingView(
        id=row.id,
        title=row.title,
        procedure_id=row.procedure_id,
        stage=row.stage,
        door=door,
        door_status=row.door_status,
        account=account,
        capacity=row.capacity,
        subject_name=subject_name,
        sealed_at=row.sealed_at,
        sha256=row.sha256,
        receipt_number=row.receipt_number,
        receipt_at=row.receipt_at,
        state_word=word,
        state_kind=kind,
        group=group,
        summary=open_hand.summary if open_hand else _summary(row, events),
        band=band,
        decided=_decided_rows(row, decisions),
        events=_event_lines(row, events),
        chain_ok=chain_ok,
        practice=row.practice,
        documents=tuple(documents),
        candidates=_candidate_lines(candidates),
        can_send=row.stage is Stage.READY and hand is None,
        by_portal=row.door == "portal",
        has_award=has_award,
        sent_back=waits_for_us,
        seen=seen,
        draft_id=row.draft_id,
        refusals=refusal_lines(row, events, leads),
        amends=_about("amends", events),
        withdraws=_about("withdraws", events),
        hand=hand,
        compared=max((int(e.data.get("people", 0)) for e in decisions), default=0),
        can_hand_over=row.door == "egov"
        and row.stage is Stage.READY
        and not any(e.kind in ("amends", "withdraws") for e in events),
    )


_PORTAL_BANDS = {
    Stage.READY: BandText(
        "info", "まだ出していません", "ポータルを開くと、値を画面に入れられます。出すボタンはあなたが押します。"
    ),
    Stage.SENDING: BandText(
        "info", "確認の画面まで進みました", "受付の画面が出たら、番号を読み取って記録します。"
    ),
    Stage.UNKNOWN: BandText(
        "warn",
        "出たか分かりません。",
        "ポータルの申請一覧を見て、受付番号があるか確かめてください。もう一度は出しません。",
    ),
}  # fmt: skip


def _state(row: FilingRow, waits_for_us: bool, *, decided: bool) -> tuple[str, str, str]:
    """The word for the state, its kind and the group of the list."""
    word, kind, group = _STATES[row.stage]
    if waits_for_us:
        return "補正", "danger", group
    if row.stage is Stage.ENDED and decided:
        return "決定", kind, group
    if row.stage in (Stage.ACCEPTED, Stage.ENDED) and row.door_status:
        return row.door_status, kind, group
    return word, kind, group


def _about(kind: str, events: Sequence[EventRow]) -> str:
    """The filing that an envelope about another is about."""
    return next((str(e.data["of"]) for e in events if e.kind == kind), "")


def _candidate_lines(
    candidates: Sequence[tuple[str, datetime, str]],
) -> tuple[CandidateLine, ...]:
    return tuple(
        CandidateLine(arrive_id, f"{at:%m月%d日 %H:%M:%S} 到達 · {name or '申請者名なし'}")
        for arrive_id, at, name in candidates
    )


def _day(at: datetime) -> str:
    return f"{at.month}月{at.day}日"


def _summary(row: FilingRow, events: Sequence[EventRow]) -> str:
    if row.stage is Stage.READY:
        return "封をして待っています"
    if row.stage is Stage.UNKNOWN:
        return "届いたか確かめています"
    last = events[-1] if events else None
    if row.stage is Stage.ACCEPTED and row.receipt_at:
        return f"{_day(row.receipt_at)}に{'到達' if row.door == HAND_OVER else '送信'}"
    return f"{_day(last.at)}に{last.title}" if last else ""


def _band(row: FilingRow, events: Sequence[EventRow], waits_for_us: bool) -> BandText:
    if row.door == "portal" and row.stage in _PORTAL_BANDS:
        return _PORTAL_BANDS[row.stage]
    if row.stage is Stage.READY:
        failed = [e for e in events if e.kind == "not-sent"]
        note = (
            failed[-1].note if failed else "サインインしてから「送る」を押すと、一度だけ送ります。"
        )
        return BandText("info", "まだ到達していません", note)
    if row.stage is Stage.SENDING:
        return BandText("info", "送っています", "答えを待っています。閉じても、二度は送りません。")
    if row.stage is Stage.UNKNOWN:
        return BandText(
            "warn",
            "届いたか分かりません。",
            "役所に確かめています(もう一度は送りません)。",
        )
    if row.stage is Stage.REJECTED:
        refusal = next((e for e in reversed(events) if e.kind == "rejected"), None)
        return BandText("danger", "受け付けられませんでした", refusal.note if refusal else "")
    if waits_for_us:
        notice = next((e for e in reversed(events) if e.kind == "notice"), None)
        note = f"{notice.title}。{notice.note}" if notice else "通知を確かめてください。"
        return BandText("danger", "直すようにとのことです", note)
    at = f"{_day(row.receipt_at)} {row.receipt_at:%H:%M:%S}" if row.receipt_at else ""
    return BandText("ok", f"{at} に届きました", "控えは書類庫にあります")


def _decided_rows(row: FilingRow, decisions: Sequence[EventRow]) -> tuple[DecidedRow, ...]:
    if not decisions:
        return ()
    by_field = {str(f["field"]): f for f in row.facts}
    by_path = {str(f["path"]): f for f in row.facts if f.get("path")}
    found: list[DecidedRow] = []
    for event in decisions:
        for value in event.data.get("values", ()):
            filed = by_field.get(str(value.get("field"))) or by_path.get(str(value["path"]))
            decided = decode_value(value["value"])
            found.append(
                DecidedRow(
                    label=str(value["label"]),
                    filed=_filed_text(filed),
                    decided=_text(decided),
                    difference=_difference(filed, decided),
                    origin="document",
                    document_id=str(event.data.get("document", "")),
                )
            )
    return tuple(found)


def _text(value: Value) -> str:
    if isinstance(value, Blank):
        return ""
    return wareki_text(value) if isinstance(value, date) else str(value)


def _filed_text(filed: Mapping[str, Any] | None) -> str:
    """As it left the house: a date in the era calendar, a number without its groups."""
    if filed is None or filed["value"] is None:
        return "出していません"
    value = decode_value(filed["value"])
    if isinstance(value, Blank):
        return "空欄"
    return _text(value) if isinstance(value, date) else str(filed["sent"] or filed["text"])


def _difference(filed: Mapping[str, Any] | None, decided: Value) -> str:
    """同じ where the value itself or the text that left is the decided one."""
    was = None if filed is None or filed["value"] is None else decode_value(filed["value"])
    if filed is None or was is None or isinstance(was, Blank):
        return "新しい"
    return "同じ" if decided == was or _text(decided) == filed["sent"] else "ちがいます"


def _event_lines(row: FilingRow, events: Sequence[EventRow]) -> tuple[EventLine, ...]:
    lines = [EventLine(e.at, e.title, e.note, True) for e in reversed(events)]
    if row.stage in (Stage.READY, Stage.SENDING, Stage.UNKNOWN):
        return (EventLine(None, "到達", "", False), *lines)
    if row.stage is Stage.ACCEPTED:
        return (EventLine(None, "決定", "公文書が届くと、事実になります", False), *lines)
    return tuple(lines)
