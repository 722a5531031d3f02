"""送信箱 where a person files: before, while the 到達番号 is awaited, and 届と決定 person by person."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from PySide6.QtWidgets import QWidget

from app.domain.filing import Stage
from app.services.filing_view import BandText, EventLine, FilingView
from app.services.hand_state import HandState
from app.services.social.comparing import ComparedCell, ComparedPerson, Comparison, Outcome
from app.views.pages.outbox import OutboxPage
from app.views.pages.outbox_after import Beside
from tests.pictures.scenes.doors import FILINGS, Desk, Window, at, filing, framed
from tests.pictures.stage import Scene

GIVEN = HandState(at(7, 3, 9, 12), True, True, False, False)
TITLE = "健康保険・厚生年金保険被保険者報酬月額算定基礎届"


def _handed() -> FilingView:
    words, kind, group = GIVEN.words
    return filing(
        "8", TITLE, stage=Stage.READY, state_word=words, state_kind=kind, group=group, door="人が手で出す届",
        account="", subject_name="", receipt_number="", receipt_at=None, summary=GIVEN.summary,
        band=BandText(*GIVEN.band), hand=GIVEN, practice=True,
        events=(
            EventLine(None, "到達", "", False),
            EventLine(at(7, 3, 9, 12), "人に手渡しました",
                      "一度からは送っていません。人が届書作成プログラムか e-Gov で出します", True),
            EventLine(at(7, 3, 9, 11), "封をしました", "", True),
        ),
    )  # fmt: skip


def outbox_by_hand(scene: Scene) -> QWidget:
    return framed(
        OutboxPage(Desk((_handed(), *FILINGS[1:])), Window(), {"open": "8"}), "outbox", scene
    )


def outbox_could_go_by_hand(scene: Scene) -> QWidget:
    view = replace(FILINGS[0], can_hand_over=True)
    return framed(OutboxPage(Desk((view, *FILINGS[1:])), Window()), "outbox", scene)


def _same(label: str, text: str) -> ComparedCell:
    return ComparedCell(label, text, text, False)


HEALTH, PENSION = "標準報酬月額（健康保険）", "標準報酬月額（厚生年金保険）"
PEOPLE = (
    ComparedPerson(
        "b", "佐野　あかり", "13", Outcome.DIFFERS,
        (ComparedCell(HEALTH, "240千円", "260千円", True), ComparedCell(PENSION, "240千円", "260千円", True)),
        "標準報酬月額（健康保険）は、届では240千円、決定では260千円です。"
        "標準報酬月額（厚生年金保険）は、届では240千円、決定では260千円です。届では報酬月額238,500円から見込みました。"
        "賃金台帳と届の額を見直してください。届が正しければ年金事務所に問い合わせ、届がちがっていれば訂正の届を出してください。",
    ),
    ComparedPerson(
        "c", "髙橋　実", "14", Outcome.ONLY_FILED, (),
        "届に書いた人が、通知書にありません。通知書の続きがないか確かめ、年金事務所に問い合わせてください。",
    ),
    *(
        ComparedPerson(f"s{n}", f"伊藤　健{n}", str(20 + n), Outcome.SAME,
                       (_same(HEALTH, "300千円"), _same(PENSION, "300千円")), "")
        for n in range(6)
    ),
)  # fmt: skip
COMPARED = Comparison("4", "d1", "標準報酬決定通知書", date(2026, 7, 20), PEOPLE, ())


def outbox_compared(scene: Scene) -> QWidget:
    view = filing("4", TITLE, compared=len(PEOPLE))
    page = OutboxPage(Desk((view, *FILINGS[4:])), Window(), {"open": "4"})
    frame = framed(page, "outbox", scene)
    page._detail.show_beside(Beside(COMPARED, explanation=True))
    return frame


USUAL = ["outbox-compared"]
ONCE = ["outbox-by-hand", "outbox-could-go-by-hand"]
SCENES = {
    "outbox-compared": outbox_compared,
    "outbox-by-hand": outbox_by_hand,
    "outbox-could-go-by-hand": outbox_could_go_by_hand,
}
