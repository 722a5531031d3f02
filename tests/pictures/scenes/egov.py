"""The rest of e-Gov: the generated form, its review, fees, letters. What is filled in is made up."""

from __future__ import annotations

import io
import zipfile
from types import SimpleNamespace
from typing import Any

from PySide6.QtWidgets import QWidget

from app.domain.filing import Capacity
from app.forms.skeleton import FormNames, read_skeleton
from app.services.connectors.egov import Fee
from app.services.deliveries import GUIDANCE, LETTER, Delivery, SignUp
from app.services.fees import FeeRow
from app.services.skeleton_draft import Offer, SkeletonDraft
from app.services.skeleton_filing import KeptSkeleton, KnownProcedure
from app.services.skeleton_places import Place
from app.services.verdicts import Judged, Mark
from app.store.rows import DraftRow
from app.views.pages.deliveries_page import DeliveriesPage
from app.views.pages.fees_page import FeesPage
from app.views.pages.skeleton_choose import SkeletonChoosePage
from app.views.pages.skeleton_page import SkeletonPage
from app.views.pages.skeleton_review import SkeletonReviewPage
from tests.pictures.scenes.doors import COMPANY, Window, at, framed
from tests.pictures.stage import Stage as Scene

PROC, FORM = "4950000020325000", "495000020325029841"
_KNOWN = {
    "company.name": ("商号又は名称", "株式会社みなと製菓", "register", "国税庁 法人番号公表サイト 2026-07-01"),
    "company.kana": ("商号又は名称のフリガナ", "カブシキガイシャミナトセイカ", "register", "国税庁 法人番号公表サイト 2026-07-01"),
    "company.head_office.address": ("本店の所在地", "神奈川県横浜市中区海岸通１－１", "register", "国税庁 法人番号公表サイト 2026-07-01"),
    "company.head_office.address_kana": ("本店の所在地のフリガナ", "カナガワケンヨコハマシナカクカイガンドオリ", "typed", "山本が入力 2026-07-01"),
    "company.head_office.postal_code": ("本店の郵便番号", "2310002", "register", "国税庁 法人番号公表サイト 2026-07-01"),
    "company.phone": ("電話番号", "045-000-0000", "typed", "山本が入力 2026-07-01"),
    "company.representative.name": ("代表者の氏名", "山本　花", "gbizid", "GビズIDの登録 2026-07-01"),
    "company.representative.kana": ("代表者の氏名のフリガナ", "ヤマモト　ハナ", "gbizid", "GビズIDの登録 2026-07-01"),
}  # fmt: skip


def _draft(scene: Scene) -> SkeletonDraft:
    folder = scene.resources / "sandbox" / "procedures" / PROC
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path in sorted(folder.glob("*.xml")):
            archive.writestr(path.name, path.read_bytes())
    names = FormNames(
        FORM, "0003", "雇用保険被保険者資格取得届", f"{FORM}_01.xml", f"{FORM}check.xml"
    )
    read = read_skeleton(PROC, buffer.getvalue(), (names,), ("kousei.xml",))
    kept = KeptSkeleton(read, at(7, 2, 9, 5))
    row = DraftRow("d1", f"skeleton/{PROC}", f"{FORM}:0003", "", at(7, 2, 9, 6), at(7, 3, 13, 40))
    writer: Any = SimpleNamespace(
        put=lambda *_a: None, flush=lambda: None, saved_at=at(7, 3, 13, 41)
    )

    def offer(place: Place) -> Offer | None:
        path = place.fact.replace("company.contact.", "company.representative.")
        known = _KNOWN.get(path)
        return Offer(path, *known) if known else None  # type: ignore[arg-type]

    draft = SkeletonDraft(row, kept, writer, SimpleNamespace(), offer)  # type: ignore[arg-type]
    values = {
        "被保険者氏名": "佐野　あかり", "被保険者氏名フリガナ": "サノ　アカリ", "取得": "1", "性別": "2",
        "職種": "あいう",
    }  # fmt: skip
    for place in draft.places.values():
        if place.label in values:
            draft.answer(place.id, values[place.label])
        elif place.label == "法人団体名" and (known := draft.offered(place.id)):
            draft.accept(place.id, known)
    return draft


def _desk(draft: SkeletonDraft | None, **more: Any) -> Any:
    known = [
        KnownProcedure(PROC, "雇用保険被保険者資格取得届／電子申請", at(7, 2, 9, 5)),
        KnownProcedure(
            "4950013320677000", "時間外労働・休日労働に関する協定届(各事業場単位)", at(6, 2)
        ),
    ]
    drafts = SimpleNamespace(
        get=lambda _i: draft,
        lines=lambda: [],
        reasons=lambda d: (
            [f"まだ答えていない欄が {len(d.gaps())}か所あります。"] if d.gaps() else []
        ),
    )
    return SimpleNamespace(
        egov=SimpleNamespace(drafts=drafts, **more),
        cases=SimpleNamespace(
            skeletons=SimpleNamespace(known=lambda: known), correction=lambda _f: None
        ),
        standing=SimpleNamespace(
            agent=lambda: None,
            filer=lambda: SimpleNamespace(capacity=Capacity.HONNIN),
            certificates=SimpleNamespace(list=list),
        ),
        sign_in_state=lambda: SimpleNamespace(
            signed_in=True, who="yamamoto@minato.example.jp", account_type=2
        ),
        document_text=lambda _i: _LETTER,
        practice=False,
        card=COMPANY,
    )


def skeleton(scene: Scene) -> QWidget:
    """The generated form, half filled, one rule broken."""
    draft = _draft(scene)
    page = SkeletonPage(_desk(draft), Window(), {"draft": "d1"})
    page._slices.finish()
    return framed(page, "procedures", scene)


def skeleton_choose(scene: Scene) -> QWidget:
    """The choice of a procedure."""
    return framed(SkeletonChoosePage(_desk(None), Window(), {}), "procedures", scene)


def skeleton_review(scene: Scene) -> QWidget:
    """What is read before it is sent."""
    draft = _draft(scene)
    page = SkeletonReviewPage(_desk(draft), Window(), {"draft": "d1"})
    frame = framed(page, "procedures", scene)
    page._slices.finish()
    return frame


def fees(scene: Scene) -> QWidget:
    """One fee to be paid, one paid, one too late."""

    def row(number: str, title: str, yen: int, status: str, expires: str, paid: str = "") -> FeeRow:
        fee = Fee(number, "482913", "00100", "カ)ミナトセイカ", str(yen), expires, status, paid)
        due = at(int(expires[5:7]), int(expires[8:10])).date()
        return FeeRow("f1", title, "9002026000002796", fee, yen, due, status == "納付期限切れ")

    rows = [
        row("1234567890123456", "建設業の許可の更新／電子申請", 50_000, "納付待ち", "2026-07-17"),
        row(
            "2234567890123456", "登録免許税の納付を要する届出", 1_500, "納付期限切れ", "2026-06-12"
        ),
        row("3234567890123456", "薬局開設許可更新", 11_000, "納付済み", "2026-06-30", "2026-06-20"),
    ]
    kept = SimpleNamespace(rows=lambda: rows)
    return framed(FeesPage(_desk(None, fees=kept), Window()), "outbox", scene)


_LETTER = (
    "令和8年度 保険料納入告知額・領収済額通知書\n\n到達番号　9002026000002796\n"
    "納付期限　令和8年7月31日\n内容　口座振替のお知らせです。"
)


def deliveries(scene: Scene) -> QWidget:
    """Letters and a guidance, one unread, one that could not be fetched; the verdicts of the first."""
    rows = [
        Delivery("p1", LETTER, "保険料納入告知額・領収済額通知書", "口座振替のお知らせです。", "日本年金機構",
                 "2026-07-01 09:00:00", "2026-07-31", "あり", "k1", told=True, read_at="x"),
        Delivery("1", GUIDANCE, "年度更新の受付を始めました", "", "厚生労働省", "2026-06-01 09:00:00",
                 document="k2", told=True),
        Delivery("p2", LETTER, "社会保険料額情報", "", "日本年金機構", "2026-04-20 09:00:00", "2026-05-20",
                 missed="電子送達「社会保険料額情報」を受け取れませんでした。受け取りの期限は 2026-05-20でした。"
                 "役所に再発行を相談してください。", read_at="x"),
    ]  # fmt: skip
    judged = Judged(
        True,
        (
            Mark("中身", True, "署名したときのままです。"),
            Mark("証明書", True, "認証局までたどれました。"),
            Mark("期間", True, "受け取った 2026年7月1日には、有効でした。"),
        ),
        "あり",
        "",
        "CN=日本年金機構,C=JP",
        "CN=政府共用認証局,C=JP",
        "2025-04-01 から 2028-03-31",
    )
    kept = SimpleNamespace(
        rows=lambda: rows,
        sign_up=lambda: SignUp("f1", "申込みは e-Gov に届いています(手続終了)。", True),
        asked_at=lambda: at(7, 3, 13, 30),
        mark_read=lambda *_a: None,
    )
    desk = _desk(None, deliveries=kept, verdicts=SimpleNamespace(of=lambda _i: judged))
    return framed(DeliveriesPage(desk, Window(), {"open": "delivery.p1"}), "documents", scene)


USUAL = ["skeleton", "fees", "deliveries"]
ONCE = ["skeleton-choose", "skeleton-review"]
SCENES = {
    "skeleton": skeleton,
    "skeleton-choose": skeleton_choose,
    "skeleton-review": skeleton_review,
    "fees": fees,
    "deliveries": deliveries,
}
