"""手渡し in a real vault: the only way the six notices can go, offline and without a mark of practice."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from app.domain.clock import JST
from app.domain.errors import Known
from app.domain.filing import HAND_OVER, Stage
from app.facts.catalogue import load_catalogue
from app.facts.record import Origin, Record
from app.forms.library import ProcedureLibrary
from app.forms.nenkin.reading import read_file
from app.services.hand_back import HandOvers
from app.services.official_documents import ReadDocument
from app.services.social.desk import SocialDesk, load_social_data, open_social_desk
from app.services.social.insurer import REGULAR, Insurer
from app.store.filings import Filings
from app.store.key_file import create_key_file
from app.store.records import Records
from app.store.rows import FilingRow
from app.store.slots import Cost
from app.store.vault import Vault
from tests.services.social_town import FACTS, WHO, pay

RESOURCES = Path(__file__).resolve().parents[2] / "resources"
CATALOGUE = load_catalogue(RESOURCES)
DATA = load_social_data(RESOURCES, CATALOGUE)
NOW = datetime(2026, 7, 3, 9, 0, tzinfo=JST)
COMPANY = {key: text for key, text in FACTS.items() if "submission" not in key} | {
    "company.name": "株式会社本番", "company.head_office.address": "東京都千代田区霞が関１－２－２",
    "company.head_office.postal_code": "1008916", "company.phone": "03-1234-5678",
    "company.representative.family_name": "山本", "company.representative.given_name": "湊",
}  # fmt: skip
SPRING = pay({"2026-04": (30, 260_000), "2026-05": (31, 260_000), "2026-06": (30, 260_000)})


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    path = tmp_path / "real.vault"
    cost = Cost(memory_kib=8 * 1024, passes=1, lanes=1)
    key, _ = create_key_file(path, "a passphrase", practice=False, cost=cost)
    opened = Vault.create(
        path, key, practice=False, migrations=RESOURCES / "migrations", clock=lambda: NOW
    )
    told = COMPANY | {f"employees[e1].{leaf}": value for leaf, value in (WHO | SPRING).items()}
    Records(opened).append(
        Record(path, value, Origin.TYPED, NOW, str(value)) for path, value in told.items()
    )
    yield opened
    opened.close()


@pytest.fixture
def desk(vault: Vault) -> SocialDesk:
    made = open_social_desk(
        vault, ("株式会社本番", "1011001141756"), "egov", DATA, CATALOGUE,
        ProcedureLibrary(RESOURCES, CATALOGUE), lambda: NOW,
    )  # fmt: skip
    made.set_insurer(Insurer.KYOKAI)
    made.set_since(date(2026, 6, 1))
    return made


def text_of(pdf: bytes) -> str:
    tool = shutil.which("pdftotext")
    if tool is None:
        pytest.skip("pdftotext is not installed")
    done = subprocess.run([tool, "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return re.sub(r"[ \u3000\n\f]+", "", done.stdout.decode())


def test_the_door_is_closed_and_the_hand_over_is_open(
    vault: Vault, desk: SocialDesk, tmp_path: Path
) -> None:
    with pytest.raises(Known):
        desk.seal(REGULAR)
    folder = desk.after.hand_over(REGULAR, None, tmp_path)
    assert folder.name.startswith("手渡し-株式会社本番-")
    content = (folder / "届書" / "SHFD0006.CSV").read_bytes()
    found = read_file(content, DATA.forms, today=NOW.date())
    assert (found.faults, len(found.records)) == ((), 1)
    steps = text_of((folder / "手順.pdf").read_bytes())
    assert "練習" not in steps
    assert "届書作成プログラム" in steps
    (row,) = Filings(vault).list()
    assert (row.door, row.stage, row.practice) == (HAND_OVER, Stage.READY, False)
    assert "練習" not in row.edition
    assert list(desk.filed().values()) == [row.id]


def test_an_office_without_its_facts_hands_nothing_over(
    vault: Vault, desk: SocialDesk, tmp_path: Path
) -> None:
    del desk
    gone = Record(
        "company.social_insurance.mark", "ｹ,ｲ", Origin.TYPED, NOW, "ｹ,ｲ", valid_from=NOW.date()
    )
    Records(vault).append([gone])
    again = open_social_desk(
        vault, ("株式会社本番", "1011001141756"), "egov", DATA, CATALOGUE,
        ProcedureLibrary(RESOURCES, CATALOGUE), lambda: NOW,
    )  # fmt: skip
    with pytest.raises(Known):
        again.after.hand_over(REGULAR, None, tmp_path)
    assert Filings(vault).list() == []
    assert list(tmp_path.glob("*手渡し*")) == []


def test_the_files_can_be_written_again_after_the_program_was_closed(
    vault: Vault, desk: SocialDesk, tmp_path: Path
) -> None:
    first = desk.after.hand_over(REGULAR, None, tmp_path)
    (row,) = Filings(vault).list()

    def unread(_row: FilingRow, _content: bytes) -> ReadDocument:
        raise AssertionError("nothing is read here")

    hands = HandOvers(vault, unread, lambda _r: None, lambda: NOW, RESOURCES / "fonts", "山本")
    second = hands.give(row.id, tmp_path)
    inside = Path("届書") / "SHFD0006.CSV"
    assert (first / inside).read_bytes() == (second / inside).read_bytes()
    assert first != second
    kinds = [e.kind for e in Filings(vault).events(row.id)]
    assert kinds == ["sealed", "handed-over", "handed-over"]
