"""The social desk without window and town: a whole company from a table to the outbox."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from app.domain.clock import JST
from app.domain.errors import BadInput, Known, VaultFault
from app.domain.my_number import check_digit
from app.facts.catalogue import load_catalogue
from app.facts.record import Origin, Record, Value
from app.forms.library import ProcedureLibrary
from app.forms.nenkin.encode import encode
from app.services.my_number import MyNumbers
from app.services.sending_ways import contents_of
from app.services.social.desk import SocialDesk, load_social_data, open_social_desk
from app.services.social.filed import keys_in
from app.services.social.insurer import (
    ACQUISITION,
    BONUS,
    DEPENDANTS,
    LOSS,
    REGULAR,
    REVISION,
    Insurer,
)
from app.store.filing_rows import LaterFacts
from app.store.filings import Filings
from app.store.key_file import create_key_file
from app.store.records import Records
from app.store.slots import Cost
from app.store.vault import Vault
from tests.services.social_town import FACTS, MORE, WHO

ROOT = Path(__file__).resolve().parent.parent.parent
RESOURCES = ROOT / "resources"
CATALOGUE = load_catalogue(RESOURCES)
DATA = load_social_data(RESOURCES, CATALOGUE)
LIBRARY = ProcedureLibrary(RESOURCES, CATALOGUE)
LIBRARY_FOLDER = RESOURCES / "procedures"
NOW = datetime(2026, 7, 3, 9, 0, tzinfo=JST)
COMPANY: Mapping[str, Value] = FACTS | {
    "company.name": "株式会社練習", "company.kana": "カブシキガイシャレンシュウ",
    "company.head_office.address": "東京都千代田区霞が関１－２－２",
    "company.head_office.address_kana": "トウキョウトチヨダクカスミガセキ",
    "company.head_office.postal_code": "1008916", "company.phone": "03-1234-5678",
    "company.email": "soumu@example.jp", "company.representative.family_name": "山本",
    "company.representative.given_name": "湊", "company.representative.family_kana": "ヤマモト",
    "company.representative.given_kana": "ミナト",
}  # fmt: skip
HEADING = "社員番号,姓,名,セイ,メイ,生年月日,性別,被保険者整理番号,資格取得年月日,健保標準報酬,厚年標準報酬,改定月,基礎年金番号"
TARGETS = (
    "@key", "family_name", "given_name", "family_kana", "given_kana", "birth", "sex",
    "social_insurance.number", "social_insurance.acquired_on", "social_insurance.kenpo_standard",
    "social_insurance.kounen_standard", "social_insurance.revised_month", "pension_number",
)  # fmt: skip
MONTHS = tuple(f"{name}[2026-0{m}]" for m in (4, 5, 6) for name in ("pay", "pay_days"))


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    path = tmp_path / "x.vault"
    key, _ = create_key_file(
        path, "a passphrase", practice=True, cost=Cost(memory_kib=8 * 1024, passes=1, lanes=1)
    )
    opened = Vault.create(
        path, key, practice=True, migrations=RESOURCES / "migrations", clock=lambda: NOW
    )
    store(opened, COMPANY)
    yield opened
    opened.close()


def store(vault: Vault, facts: Mapping[str, Value]) -> None:
    Records(vault).append(
        Record(path, value, Origin.TYPED, NOW, str(value)) for path, value in facts.items()
    )


def desk_of(vault: Vault) -> SocialDesk:
    desk = open_social_desk(
        vault, ("株式会社練習", "1011001141756"), "egov", DATA, CATALOGUE, LIBRARY, lambda: NOW
    )
    if desk.insurer() is None:
        desk.set_insurer(Insurer.KYOKAI)
    return desk


def table(count: int) -> bytes:
    """A table of `count` employees with three months of pay."""
    kanji, kana = "佐藤鈴木高橋渡辺伊田中山本小林", "アイウエオカキクケコサシスセソ"
    rows = [HEADING + "".join(f",{m}" for m in MONTHS)]
    for n in range(count):
        a, b = n % 15, n // 15 % 15
        pay = 200_000 + n % 300 * 1_000
        rows.append(
            f"{n},{kanji[a] + kanji[a - 3]},{kanji[b]}子,{kana[a]}ガ,{kana[b]}コ,"
            f"{1970 + n % 30}-0{1 + n % 9}-1{n % 9},女,{n + 1},2020-04-01,260000,260000,2025-09,"
            f"{1000 + n % 9000:04d}{1 + n:06d},{pay},30,{pay},31,{pay},30"
        )
    return "\r\n".join(rows).encode("cp932")


def taken_in(desk: SocialDesk, count: int) -> None:
    content = table(count)
    preview = desk.preview("people.csv", content)
    assert (preview.row_count, preview.remembered) == (count, False)
    columns = type(preview.columns)(preview.headings, TARGETS + MONTHS)
    found = desk.take_in("people.csv", content, columns)
    assert (found.good_rows, found.bad, found.new) == (count, (), count)
    again = desk.preview("people.csv", content)
    assert (again.columns, again.remembered) == (columns, True)


def test_a_thousand_people_from_a_table_to_the_outbox(vault: Vault) -> None:
    desk = desk_of(vault)
    taken_in(desk, 1_000)
    began = time.process_time()
    prepared = desk.prepare(REGULAR)
    assert time.process_time() - began < 1.0
    assert (len(prepared.reports), prepared.ready, len(prepared.files)) == (1_000, True, 1)
    began = time.process_time()
    (filing,) = desk.seal(REGULAR)
    assert time.process_time() - began < 5.0
    assert desk.needs().notices == ()
    other = desk_of(vault)
    assert other.needs().notices == ()
    assert other.reports(filing) == prepared.reports
    assert set(other.filed().values()) == {filing}
    with pytest.raises(Known, match="出す届がありません"):
        other.seal(REGULAR)
    (row,) = Filings(vault).list()
    assert isinstance(row.facts, LaterFacts)
    whole = Filings(vault).get(filing)
    assert row.facts == whole.facts
    assert row == whole
    assert keys_in(row.facts) == prepared.reports
    assert Filings(vault).verify_chain(filing)
    told = contents_of(Filings(vault).envelope(filing))
    assert (told.proc_id, told.forms) == ("X-PRACTICE-22257", (("X-PRACTICE-2225701", "0001"),))


def test_only_the_chosen_are_prepared(vault: Vault) -> None:
    desk = desk_of(vault)
    taken_in(desk, 5)
    keys = [notice.key for notice in desk.needs().notices][:2]
    assert set(desk.prepare(REGULAR, keys).reports) == set(keys)
    desk.seal(REGULAR, keys)
    assert len(desk.needs().notices) == 3
    with pytest.raises(BadInput, match="CSV"):
        desk.prepare("seventy")


def test_what_does_not_fit_goes_in_a_filing_of_its_own(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.social.prepare.encode", partial(encode, most_bytes=4_000))
    desk = desk_of(vault)
    taken_in(desk, 40)
    ids = desk.seal(REGULAR)
    assert len(ids) == 3
    kept = [desk.reports(filing) for filing in ids]
    assert sum(map(len, kept)) == 40
    assert len({key for keys in kept for key in keys}) == 40
    for filing, keys in zip(ids, kept, strict=True):
        envelope = Filings(vault).envelope(filing)
        assert envelope.count(b"\r\n2225700,") == len(keys)
        assert f"<提出件数>{len(keys)}</提出件数>".encode() in envelope
        assert all(desk.filed()[key] == filing for key in keys)


def test_all_files_are_sealed_or_none(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.services.social.prepare.encode", partial(encode, most_bytes=4_000))
    desk = desk_of(vault)
    taken_in(desk, 40)
    seal, calls = Filings.seal, [0]

    def failing(self: Filings, *told: Any) -> str:
        calls[0] += 1
        if calls[0] == 3:
            raise VaultFault("disk_full", "ディスクがいっぱいです。")
        return seal(self, *told)

    monkeypatch.setattr(Filings, "seal", failing)
    with pytest.raises(VaultFault):
        desk.seal(REGULAR)
    assert Filings(vault).list() == []
    assert len(desk.needs().notices) == 40
    assert len(desk.seal(REGULAR)) == 3


def test_a_notice_of_two_lines_is_one_notice(vault: Vault) -> None:
    children = {
        f"dependants[c{n}].{leaf.partition('].')[2]}": value
        for n in range(3)
        for leaf, value in MORE[DEPENDANTS].items()
    } | {
        f"dependants[c{n}].{leaf}": value
        for n in range(3)
        for leaf, value in {
            "relation": "01", "since": date(2026, 7, 1), "given_name": f"子{'一二三'[n]}",
            "birth": date(2020 + n, 1, 1),
        }.items()
    }  # fmt: skip
    people = {
        f"employees[{m}].{leaf}": v for m in ("e1", "e2") for leaf, v in (WHO | children).items()
    }
    store(vault, people)
    desk = desk_of(vault)
    prepared = desk.prepare(DEPENDANTS)
    assert (prepared.files[0].records, prepared.ends, len(prepared.reports)) == (4, (2, 4), 2)
    assert prepared.keys_by_file() == (prepared.reports,)
    with MyNumbers() as numbers:
        for n, asked in enumerate(desk.review(DEPENDANTS).asked):
            body = f"{12345678900 + n:011d}"
            numbers.put(asked.key, f"{body}{check_digit(body)}")
        (filing,) = desk.seal(DEPENDANTS, my_numbers=numbers)
    assert "<提出件数>4</提出件数>".encode() in Filings(vault).envelope(filing)


def test_events_before_the_first_day_were_told_elsewhere(vault: Vault) -> None:
    desk = desk_of(vault)
    assert desk.since() == date(2026, 4, 2)
    store(vault, {f"employees[e1].{k}": v for k, v in (WHO | MORE[REGULAR]).items()})
    desk = desk_of(vault)
    assert len(desk.needs().notices) == 1
    desk.set_since(date(2026, 7, 2))
    assert desk.needs().notices == ()
    with pytest.raises(BadInput):
        desk.set_since(date(2026, 7, 4))


def test_a_real_company_seals_no_practice_number(tmp_path: Path) -> None:
    path = tmp_path / "real.vault"
    cost = Cost(memory_kib=8 * 1024, passes=1, lanes=1)
    key, _ = create_key_file(path, "a passphrase", practice=False, cost=cost)
    real = Vault.create(
        path, key, practice=False, migrations=RESOURCES / "migrations", clock=lambda: NOW
    )
    store(real, COMPANY)
    store(real, {f"employees[e1].{k}": v for k, v in (WHO | MORE[REGULAR]).items()})
    desk = desk_of(real)
    review = desk.review(REGULAR)
    assert review.prepared.ready
    (reason,) = review.reasons
    assert "手続の番号は公になっていない" in reason
    assert "手順書" in reason
    assert any("練習用に作ったもの" in told for told in review.inferred)
    with pytest.raises(Known, match="公になっていない"):
        desk.seal(REGULAR)
    assert Filings(real).list() == []
    real.close()


@pytest.mark.parametrize("form", [ACQUISITION, LOSS, DEPENDANTS, REVISION, REGULAR, BONUS])
def test_the_review_says_which_fields_rest_on_inference(vault: Vault, form: str) -> None:
    desk = desk_of(vault)
    inferred = desk.review(form).inferred
    assert inferred[-1].startswith("手続の番号と総括票は練習用")
    named = [f.name for f in DATA.forms.forms[form].inferred]
    assert len(inferred) == len(named) + 1
    notes = (LIBRARY_FOLDER / desk.form(form).procedure_id / "notes.md").read_text("utf-8")
    assert "推定の上にある項目" in notes
    assert desk.form(form).practice_only
