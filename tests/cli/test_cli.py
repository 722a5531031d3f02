"""The command line from outside: what it prints, its exit codes, and that it never loads Qt."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from app.domain.clock import JST
from app.facts.record import Origin, Record
from app.store.key_file import create_key_file, unlock_with_passphrase
from app.store.records import Records
from app.store.slots import Cost
from app.store.vault import Vault

PASSPHRASE = "さくら坂の合言葉 2026"
SAMPLE = "resources/procedures/mhlw/koyou_hoken_shikaku_shutoku"


@pytest.fixture
def run(root: Path, tmp_path: Path):  # type: ignore[no-untyped-def]
    def call(*arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "ICHIDO_HOME": str(tmp_path / "home")}
        if not os.environ.get("DISPLAY"):
            environment["QT_QPA_PLATFORM"] = "offscreen"
        return subprocess.run(
            [sys.executable, "main.py", *arguments],
            cwd=root,
            env=environment,
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
        )

    return call


def test_help_names_every_command(run) -> None:  # type: ignore[no-untyped-def]
    done = run("help")
    assert done.returncode == 0
    for command in ("check", "town", "pack check", "prove", "verify"):
        assert command in done.stdout


@pytest.mark.parametrize("words", [["verify"], ["pack", "check"], ["frobnicate"], ["check", "x"]])
def test_what_is_not_understood_is_told_on_stderr(run, words: list[str]) -> None:  # type: ignore[no-untyped-def]
    done = run(*words)
    assert done.returncode == 2
    assert "main.py verify ZIP" in done.stderr
    assert done.stdout == ""


@pytest.fixture
def proof(tmp_path: Path) -> Path:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from app.domain.canonical import CHAIN_START, chain_next, salted_digest
    from app.services.proof import ProofMatter, make_proof

    content = {"n": 1, "at": "2026-07-03T13:41:00+09:00", "kind": "k", "title": "到達", "data": {}}
    digest = salted_digest("00" * 16, content)
    event = {
        **content,
        "salt": "00" * 16,
        "digest": digest,
        "link": chain_next(CHAIN_START, digest),
    }
    matter = ProofMatter(
        filing={"title": "雇用保険被保険者資格取得届", "company": "株式会社みなと製菓"},
        facts=[{"path": "company.name", "value": "株式会社みなと製菓", "origin": "register"}],
        receipt={"number": "9002026000002796", "at": "2026-07-03T13:43:00+09:00"},
        events=[event],
        envelope_name="4950000020325000.zip",
        envelope=b"PK exact bytes",
        documents=(),
        pdf=b"%PDF-1.7 ...",
        practice=True,
        made_at="2026-07-03T13:50:00+09:00",
    )
    path = tmp_path / "proof.zip"
    path.write_bytes(make_proof(matter, Ed25519PrivateKey.generate()))
    return path


def test_a_good_proof_is_verified(run, proof: Path) -> None:  # type: ignore[no-untyped-def]
    done = run("verify", str(proof))
    assert done.returncode == 0, done.stderr
    assert "すべて合いました。" in done.stdout
    assert "練習の証明ファイルです。" in done.stdout


def test_a_proof_with_one_flipped_byte_is_not(run, proof: Path) -> None:  # type: ignore[no-untyped-def]
    bad = bytearray(proof.read_bytes())
    place = bytes(bad).index(b"PK exact bytes")
    bad[place + 5] ^= 1
    proof.write_bytes(bytes(bad))
    done = run("verify", str(proof))
    assert done.returncode == 1
    assert "すべて合いました。" not in done.stdout
    assert "Traceback" not in done.stderr


def test_a_file_that_is_no_proof_gets_a_sentence(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "no.zip").write_text("not a zip")
    for name in ("no.zip", "missing.zip"):
        done = run("verify", str(tmp_path / name))
        assert done.returncode == 1
        assert done.stderr.strip().endswith("。")
        assert "Traceback" not in done.stderr


def test_a_good_folder_is_read(run, root: Path) -> None:  # type: ignore[no-untyped-def]
    done = run("pack", "check", str(root / SAMPLE))
    assert done.returncode == 0
    assert "きちんと読めます" in done.stdout


def test_a_bad_folder_is_named_with_its_file(run, root: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    folder = tmp_path / "koyou_hoken_shikaku_shutoku"
    shutil.copytree(root / SAMPLE, folder)
    (folder / "procedure.toml").write_text("title = [\n", "utf-8")
    done = run("pack", "check", str(folder))
    assert done.returncode == 1
    assert "procedure.toml" in done.stdout
    assert "Traceback" not in done.stderr


def test_check_says_each_part(run) -> None:  # type: ignore[no-untyped-def]
    done = run("check")
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert [line.split()[1] for line in lines] == [
        "暗号化した金庫",
        "手続のフォルダー",
        "ウィンドウ",
        "組み込みブラウザー",
    ]
    assert [line[0] for line in lines[:3]] == ["○", "○", "○"]
    assert lines[3][0] in "○△"


@pytest.mark.parametrize(
    ("script", "code", "last"),
    [
        ("print('{\"window\": true, \"window_note\": \"xcb\"}', flush=True); import os; os.abort()",
         0, "△ 組み込みブラウザー  ここでは使えません。いつものブラウザーでサインインします"),
        ("print('{\"window\": true}'); print('{\"window\": true, \"browser\": true, "
         "\"browser_note\": \"Chromium 1\"}'); print('noise')",
         0, "○ 組み込みブラウザー  Chromium 1"),
        ("raise SystemExit(1)",
         1, "△ 組み込みブラウザー  ここでは使えません。いつものブラウザーでサインインします"),
    ],
)  # fmt: skip
def test_the_probe_may_die_and_what_it_said_counts(
    capsys: pytest.CaptureFixture[str], resources: Path, script: str, code: int, last: str
) -> None:
    from app.cli import Commands, run

    def never(*_: object) -> int:
        raise AssertionError

    commands = Commands(resources, [sys.executable, "-c", script], never, never, never)  # type: ignore[arg-type]
    assert run(["check"], commands) == code
    assert capsys.readouterr().out.splitlines()[-1] == last


def test_no_command_loads_qt(root: Path, proof: Path) -> None:
    script = (
        "import sys, json\n"
        "from pathlib import Path\n"
        "from app.bootstrap import start\n"
        "codes = [start(words, Path('resources')) for words in json.loads(sys.argv[1])]\n"
        "print(json.dumps([codes, [m for m in sys.modules if m.split('.')[0] in ('PySide6', 'shiboken6')]]))"
    )
    words = [["verify", str(proof)], ["pack", "check", SAMPLE], ["help"], ["check"]]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    if not os.environ.get("DISPLAY"):
        environment["QT_QPA_PLATFORM"] = "offscreen"
    done = subprocess.run(
        [sys.executable, "-c", script, json.dumps(words)],
        cwd=root, env=environment, capture_output=True, text=True, timeout=90, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == [[0, 0, 0, 0], []]


@pytest.fixture
def company(tmp_path: Path, resources: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A closed company of this machine; its passphrase is typed when it is asked for."""
    monkeypatch.setenv("ICHIDO_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("getpass.getpass", lambda _: PASSPHRASE)
    path = tmp_path / "x.vault"
    key, _ = create_key_file(path, PASSPHRASE, practice=True, cost=Cost(64, 1, 1))
    vault = Vault.create(path, key, practice=True, migrations=resources / "migrations")
    now = datetime(2026, 7, 3, 12, tzinfo=JST)
    Records(vault).append([Record("company.phone", "03-1234-5678", Origin.TYPED, now)])
    vault.close(back_up=False)
    return path


def test_a_whole_company_file_is_called_whole(
    company: Path, resources: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from app.bootstrap import start

    assert start(["check", "--vault", str(company)], resources) == 0
    assert capsys.readouterr().out.startswith("○ 会社のファイル")
    assert not company.with_suffix(".backups").exists()


def test_an_altered_company_file_is_told(
    company: Path, resources: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from app.bootstrap import start

    key = unlock_with_passphrase(company, PASSPHRASE)
    with Vault.open(company, key, migrations=resources / "migrations") as vault:
        with vault.write() as connection:
            connection.execute("DROP TRIGGER record_log_stays")
            connection.execute("UPDATE record_log SET content = replace(content, '03-', '04-')")
        vault.close(back_up=False)
    assert start(["check", "--vault", str(company)], resources) == 1
    assert "記録のつながりが合いません" in capsys.readouterr().out


def test_another_passphrase_does_not_look_it_over(
    company: Path,
    resources: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from app.bootstrap import start

    monkeypatch.setattr("getpass.getpass", lambda _: "something else")
    assert start(["check", "--vault", str(company)], resources) == 1
    told = capsys.readouterr()
    assert "合言葉がちがいます" in told.err
    assert told.out == ""


def test_looking_a_company_over_does_not_rename_it(
    company: Path, resources: Path, tmp_path: Path
) -> None:
    """The list of companies shows the name it had, not that of the file."""
    from app.bootstrap import House, places, start

    house = House(resources, places({"ICHIDO_HOME": str(tmp_path / "home")}))
    card = house.companies.import_file(company)
    house.companies.remember(replace(card, name="みなと製菓"))
    assert start(["check", "--vault", str(card.path)], resources) == 0
    assert [c.name for c in house.companies.cards()] == ["みなと製菓"]
