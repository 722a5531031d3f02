"""The six pension notices, from facts through the practice town to their ends, byte for byte."""

from __future__ import annotations

import base64
from datetime import date

import pytest

from app.domain.clock import today
from app.domain.errors import BadInput, Known, Refused
from app.domain.filing import Capacity, Stage
from app.services.social.insurer import (
    BONUS,
    DEPENDANTS,
    REGULAR,
    REVISION,
    Insurer,
)
from tests.services.open_desk import OpenDesk
from tests.services.social_town import (
    FACTS,
    LINES,
    MORE,
    SPRING,
    WHO,
    advanced,
    files_of,
    social,
    told,
)

NAME, ADDRESS = (
    "株式会社Ｃｈｉｍｎｅｙ　Ｃｏｆｆｅｅ",
    "東京都渋谷区神南１丁目８番１７号横山ビル５Ｆ",
)
COVER = """<?xml version="1.0" encoding="UTF-8"?>
<?xml-stylesheet href="X-PRACTICE-{form}.xsl" type="text/xsl"?>
<DataRoot>
	<様式ID>X-PRACTICE-{form}</様式ID>
	<様式バージョン>0001</様式バージョン>
	<STYLESHEET>X-PRACTICE-{form}.xsl</STYLESHEET>
	<様式コピー情報>0</様式コピー情報>
	<Doctype>1</Doctype>
	<G-X-PRACTICE-{form}_1>
		<提出年月日>
			<年号>令和</年号>
			<年>{year}</年>
			<月>{month}</月>
			<日>{day}</日>
		</提出年月日>
		<届書の種類>{code}</届書の種類>
		<事業所整理記号>
			<都道府県コード>21</都道府県コード>
			<郡市区符号>01</郡市区符号>
			<事業所記号>ケイト</事業所記号>
		</事業所整理記号>
		<事業所番号>123</事業所番号>
		<事業所所在地>{address}</事業所所在地>
		<事業所名称>{name}</事業所名称>
		<事業主氏名>山本　湊</事業主氏名>
		<電話番号>03-1234-5678</電話番号>
		<社会保険労務士氏名/>
		<提出件数>1</提出件数>
		<添付ファイル名>SHFD0006.CSV</添付ファイル名>
		<備考/>
	</G-X-PRACTICE-{form}_1>
</DataRoot>
"""


def expected_csv(office: OpenDesk, form: str, serial: int = 1) -> bytes:
    """The whole file, as the office's layout has it."""
    day = today(office.clock)
    head = [
        f"21,01,ｹｲﾄ,{serial:03d},{day:%Y%m%d},22223", "[kanri]", ",001",
        f"21,01,ｹｲﾄ,123,150,0041,{ADDRESS},{NAME},山本　湊,03,1234,5678", "[data]",
    ]  # fmt: skip
    line = LINES[form].replace("{day}", f"9,{day.year - 2018:02d}{day:%m%d}")
    return "".join(f"{text}\r\n" for text in [*head, line]).encode("cp932")


def expected_cover(office: OpenDesk, form: str) -> bytes:
    """The covering form, written out here once more."""
    day = today(office.clock)
    return COVER.format(
        form=f"{form[:5]}01", code=form, year=day.year - 2018, month=day.month, day=day.day,
        address=ADDRESS, name=NAME,
    ).encode()  # fmt: skip


@pytest.mark.parametrize("form", list(MORE))
def test_a_notice_travels_to_its_end(office: OpenDesk, form: str) -> None:
    desk = social(office)
    told(office, "e1", WHO | MORE[form])
    review = desk.review(form)
    assert (review.reasons, review.can_seal, len(review.notices)) == ((), True, 1)
    assert review.leaving.startswith("1人の")
    (filing,) = desk.seal(form)
    files = files_of(office, filing)
    assert list(files) == ["kousei.xml", f"X-PRACTICE-{form[:5]}01_01.xml", "SHFD0006.CSV"]
    assert files["SHFD0006.CSV"] == expected_csv(office, form)
    assert files[f"X-PRACTICE-{form[:5]}01_01.xml"] == expected_cover(office, form)
    assert [n for n in desk.needs().notices if n.form == form] == []
    view = office.desk.send(filing)
    assert view.stage is Stage.ACCEPTED
    number = advanced(office, filing, "審査終了")
    row = office.desk.filings_store.get(filing)
    assert (row.stage, row.receipt_number) == (Stage.ENDED, number)
    assert list(desk.filed().values()) == [filing]
    assert any(d.kind == "official-xml" for d in office.desk.documents_store.list(filing))
    with pytest.raises(Known, match="出す届がありません"):
        desk.seal(form)


def test_a_filing_holds_the_records_each_notice_was_written_from(office: OpenDesk) -> None:
    desk = social(office)
    told(office, "e1", WHO | SPRING)
    (filing,) = desk.seal(REGULAR)
    row = office.desk.filings_store.get(filing)
    fact = next(f for f in row.facts if "notice" in f)
    assert fact["notice"] == [REGULAR, "e1", str(today(office.clock).year)]
    known = {r.id: r for r in office.desk.records.all()}
    for leaf, (origin, record) in fact["records"].items():
        assert (known[record].path, origin) == (f"employees[e1].{leaf}", "books")
    assert {"pay[2026-04]", "pay_days[2026-06]", "birth", "family_kana"} <= set(fact["records"])
    assert "address" not in fact["records"]
    office.desk.send(filing)
    paths = {p for row in office.desk.disclosures() for p in row.paths}
    assert {"employees[e1].pay[2026-05]", "company.social_insurance.mark"} <= paths
    assert office.desk.filing(filing).chain_ok


def test_what_a_notice_may_tell_besides_is_asked_and_leaves(office: OpenDesk) -> None:
    desk = social(office)
    told(office, "e1", WHO | MORE[REVISION] | MORE[DEPENDANTS])
    besides = {
        REVISION: ("employees[e1].fixed_pay_reason[2026-07]", "基本給の変更", 45, "基本給の変更"),
        DEPENDANTS: ("employees[e1].social_insurance.yearly_income", "4,200,000", 16, "4200000"),
    }
    office.sign_in()
    for form, (path, answer, place, sent) in besides.items():
        (notice,) = (n for n in desk.needs().notices if n.form == form)
        assert notice.asks == ()
        (ask,) = desk.asks(notice)
        assert ask.path == path
        assert ask.label.endswith("（なくても出せます）")
        office.desk.answer_fact(path, answer)
        (notice,) = (n for n in desk.needs().notices if n.form == form)
        assert desk.asks(notice) == ()
        (filing,) = desk.seal(form, my_numbers=None)
        line = files_of(office, filing)["SHFD0006.CSV"].decode("cp932").splitlines()[5]
        assert line.split(",")[place] == sent
        (fact,) = (f for f in office.desk.filings_store.get(filing).facts if "notice" in f)
        assert path.removeprefix("employees[e1].") in fact["records"]


def test_what_was_refused_or_taken_back_is_needed_again(office: OpenDesk) -> None:
    desk = social(office)
    told(office, "e1", WHO | SPRING)

    def needed() -> int:
        return len([n for n in desk.needs().notices if n.form == REGULAR])

    (first,) = desk.seal(REGULAR)
    assert needed() == 0
    office.desk.unseal(first)
    assert needed() == 1
    (second,) = desk.seal(REGULAR)
    office.desk.send(second)
    wish_of = advanced(office, second, "審査中")
    office.desk.send(office.desk.cases.withdraw(second, "誤り"))
    assert needed() == 0, "it stands until the office lets it go"
    office.town.advance(wish_of, "取下げ承認")
    office.desk.poll()
    assert office.desk.filings_store.get(second).stage is Stage.WITHDRAWN
    assert needed() == 1
    office.desk.answer_fact("company.social_insurance.submission_name", "日本年金機構,港年金事務所")
    (third,) = desk.seal(REGULAR)
    with pytest.raises(Refused):
        office.desk.send(third)
    assert needed() == 1


def test_a_serial_number_runs_on_and_starts_anew_after_999(office: OpenDesk) -> None:
    desk = social(office)
    office.desk.meta.set("social:serial", "999")
    for n, form in enumerate((REGULAR, BONUS), 1):
        told(office, f"e{n}", WHO | MORE[form])
    serials = [
        files_of(office, desk.seal(form)[0])["SHFD0006.CSV"][10:13] for form in (REGULAR, BONUS)
    ]
    assert serials == [b"999", b"001"]


def test_replaced_letters_go_with_an_explanation(office: OpenDesk) -> None:
    desk = social(office)
    told(office, "e1", WHO | SPRING | {"family_name": "髙橋", "family_kana": "タカハシ"})
    refused = desk.review(REGULAR)
    assert any("髙" in reason for reason in refused.reasons)
    (fault,) = refused.prepared.faults
    assert refused.prepared.key_of(fault) == refused.notices[0].key
    for letter, other in (("橋", "端"), ("髙", "鷹")):
        with pytest.raises(BadInput):
            desk.accept_substitute(letter, other)
    desk.accept_substitute("髙", "高")
    assert desk.review(REGULAR).attached == ("SHFD0006.CSV", "文字の説明.pdf")
    (filing,) = desk.seal(REGULAR)
    files = files_of(office, filing)
    assert "高橋　太郎".encode("cp932") in files["SHFD0006.CSV"]
    assert files["文字の説明.pdf"].startswith(b"%PDF-")
    assert office.desk.graph.fact("employees[e1].family_name").value == "髙橋"
    assert office.desk.send(filing).stage is Stage.ACCEPTED
    assert "髙橋" in next(
        f["text"] for f in office.desk.filings_store.get(filing).facts if "notice" in f
    )


def test_the_owner_of_another_letter_is_covered_too(office: OpenDesk) -> None:
    desk = social(office)
    told(office, "e1", WHO | SPRING)
    office.desk.answer_fact("company.representative.family_name", "髙田")
    assert not desk.review(REGULAR).can_seal
    desk.accept_substitute("髙", "高")
    (filing,) = desk.seal(REGULAR)
    files = files_of(office, filing)
    assert "<事業主氏名>高田　湊".encode() in files["X-PRACTICE-2225701_01.xml"]
    assert office.desk.send(filing).stage is Stage.ACCEPTED


def test_an_office_files_for_the_company(office: OpenDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.services.open_desk.ACCOUNT", "office@example.jp")
    office.sign_in()
    desk, standing = social(office), office.desk.standing
    told(office, "e1", WHO | SPRING)
    made = office.town.control("POST", "certificate", {})
    kept = standing.certificates.take_in(base64.b64decode(made["pkcs12"]), made["password"])
    with pytest.raises(BadInput):
        standing.appoint("事務所", "daikou.pdf", b"%PDF-1.4", consultant_number="12345678")
    with pytest.raises(BadInput, match="8桁の数字"):
        standing.appoint(
            "事務所", "daikou.pdf", b"%PDF-1.4", consultant_number="1312345", consultant="社労 花子"
        )
    standing.appoint(
        "練習社労士事務所", "daikou.pdf", b"%PDF-1.4",
        consultant_number="13123456", consultant="髙山 花子",
    )  # fmt: skip
    assert not desk.review(REGULAR).can_seal
    desk.accept_substitute("髙", "高")
    review = desk.review(REGULAR)
    assert review.capacity is Capacity.TEISHUTSU_DAIKO
    assert {"SHFD0006.CSV", "提出代行証明書.pdf"} <= set(review.attached)
    assert [s.field for s in review.prepared.substitutions] == ["社会保険労務士の氏名"]
    (filing,) = desk.seal(REGULAR, certificate_id=kept.id)
    files = files_of(office, filing)
    head = files["SHFD0006.CSV"].decode("cp932").split("\r\n")
    assert head[0].startswith(",,13123456,001,")
    assert head[2] == "高山　花子,001"
    assert "<社会保険労務士氏名>高山　花子".encode() in files["X-PRACTICE-2225701_01.xml"]
    assert b"<Signature" in files["kousei.xml"]
    view = office.desk.send(filing)
    assert (view.stage, view.capacity) == (Stage.ACCEPTED, Capacity.TEISHUTSU_DAIKO)
    case = next(f for f in office.town.ledger() if f["arrive_id"] == view.receipt_number)
    assert case["capacity"] == "提出代行"


def test_a_kumiai_gets_no_dependants_here(office: OpenDesk) -> None:
    desk = social(office, Insurer.KUMIAI)
    child = {k.replace("d1", "d2"): v for k, v in MORE[DEPENDANTS].items()}
    told(office, "e1", WHO | child | {"dependants[d2].relation": "01"})
    review = desk.review(DEPENDANTS)
    (reason,) = review.reasons
    assert "年金　太郎さん: 被扶養者（異動）届: 年金の側に届はありません" in reason
    assert "健康保険組合" in review.prepared.waiting[0].sentence


def test_nothing_is_needed_before_the_insurer_is_told(office: OpenDesk) -> None:
    desk = office.desk.social
    told(office, "e1", WHO | SPRING)
    assert desk.insurer() is None
    with pytest.raises(Known, match="先に選んで"):
        desk.needs()
    social(office, Insurer.KOKUHO)
    assert desk.insurer() is Insurer.KOKUHO


def test_what_the_office_lacks_is_said_and_nothing_sealed(office: OpenDesk) -> None:
    desk = office.desk.social
    desk.set_insurer(Insurer.KYOKAI)
    desk.set_since(date(2026, 1, 1))
    told(office, "e1", WHO | SPRING)
    (reason,) = desk.review(REGULAR).reasons
    assert "事業所記号" in reason
    for path, text in FACTS.items():
        if "submission" not in path:
            office.desk.answer_fact(path, text)
    (reason,) = desk.review(REGULAR).reasons
    assert "提出先識別子" in reason
    with pytest.raises(Known, match="提出先識別子"):
        desk.seal(REGULAR)
    assert office.desk.filings_store.list() == []


def test_what_a_table_wrote_enters_the_graph_in_turns(office: OpenDesk) -> None:
    desk = social(office)
    rows = "社員番号,姓,名\r\n" + "".join(f"{n},佐野,{n}子\r\n" for n in range(30))
    preview = desk.preview("a.csv", rows.encode())
    desk.take_in("a.csv", rows.encode(), preview.columns)
    assert office.desk.graph.members("employees") == ()
    turns = 1
    while office.desk.take_in_some(25):
        turns += 1
    assert (turns, len(office.desk.graph.members("employees"))) == (4, 30)
    assert not office.desk.take_in_some(25)
