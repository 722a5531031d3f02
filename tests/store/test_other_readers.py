"""The vault is read without this program, as docs/vault-format.md tells it."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import apsw
import pyrage
import pytest
from argon2.low_level import Type, hash_secret_raw
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.keywrap import aes_key_unwrap
from store_parts import (
    CHEAP,
    MIGRATIONS,
    NAME,
    PASSPHRASE,
    ROOT,
    House,
    employee_record,
    filing,
    hidden,
)

from app.store.backup import backups_of
from app.store.filings import Filings
from app.store.key_changes import add_age_slot
from app.store.migrate import migrations_in
from app.store.records import Records


def _with_rows(house: House) -> None:
    Records(house.vault).append([employee_record()])
    Filings(house.vault).seal(filing())
    house.vault.close()


def _by_apsw(path: Path, raw: bytes) -> Any:
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
    connection.pragma("cipher", "sqlcipher")
    connection.pragma("legacy", 4)
    connection.pragma("hexkey", f"x'{raw.hex()}'".encode().hex())
    return connection


def test_apsw_sqlite3mc_opens_vault_and_backup(house: House) -> None:
    _with_rows(house)
    (row,) = backups_of(house.path)
    for path in (house.path, row.path):
        connection = _by_apsw(path, house.key.raw())
        assert connection.pragma("user_version") == len(migrations_in(MIGRATIONS))
        assert connection.pragma("integrity_check") == "ok"
        (content,) = connection.execute("SELECT content FROM record_log").fetchone()
        assert json.loads(content)["value"]["v"] == NAME
        envelope = connection.execute("SELECT content FROM envelopes").fetchone()[0]
        assert envelope == filing().envelope
        connection.close()


def test_what_is_kept_apart_can_be_read_as_it_is_written_down(house: House) -> None:
    """docs/vault-format.md, "Kept apart", with nothing of this program."""
    ident = Filings(house.vault).seal(hidden())
    house.vault.close()
    (row,) = backups_of(house.path)
    connection = _by_apsw(house.path, house.key.raw())
    (salt, digest) = connection.execute("SELECT salt, digest FROM apart").fetchone()
    (content,) = connection.execute("SELECT content FROM apart_contents").fetchone()
    (wrapped,) = connection.execute("SELECT wrapped FROM apart_keys").fetchone()
    (wrapping,) = connection.execute("SELECT key FROM apart_wrapping").fetchone()
    key = aes_key_unwrap(wrapping, wrapped)
    bound = b"ichido.apart.1\0" + ident.encode()
    true = ChaCha20Poly1305(key).decrypt(content[:12], content[12:], bound)
    assert true == hidden().apart
    once = hashlib.sha256(true).digest()
    slow = hashlib.scrypt(once, salt=salt.encode(), n=32768, r=8, p=1, maxmem=2**27, dklen=32)
    assert slow.hex() == digest
    connection.close()
    copy = _by_apsw(row.path, house.key.raw())
    counts = "SELECT (SELECT count(*) FROM apart_keys), (SELECT count(*) FROM apart_contents)"
    assert copy.execute(counts).fetchone() == (0, 0)
    assert copy.execute("SELECT key FROM apart_wrapping").fetchone() != (wrapping,)
    copy.close()


def test_apsw_with_another_key_reads_nothing(house: House) -> None:
    _with_rows(house)
    connection = _by_apsw(house.path, bytes(32))
    with pytest.raises(apsw.NotADBError):
        connection.execute("SELECT content FROM record_log").fetchone()
    connection.close()


def test_sqlcipher_command_opens_it(house: House) -> None:
    program = shutil.which("sqlcipher")
    if program is None:
        pytest.skip("the sqlcipher command is not installed")
    told = subprocess.run(
        [program, ":memory:", "PRAGMA cipher_version;"], capture_output=True, text=True, check=False
    ).stdout
    version = re.search(r"(\d+)\.\d+", told)
    if version is None or int(version[1]) < 4:
        pytest.skip(f"the sqlcipher command is older than 4 ({told.strip() or 'no version'})")
    _with_rows(house)
    done = subprocess.run(
        [program, str(house.path)],
        input=f"PRAGMA key = \"x'{house.key.raw().hex()}'\";\nSELECT content FROM record_log;\n",
        capture_output=True,
        text=True,
        check=True,
    )
    assert NAME in done.stdout


def test_key_file_is_opened_by_hand(house: House) -> None:
    """Slot by slot with argon2, ChaCha20-Poly1305 and age, from the written format alone."""
    identity = pyrage.x25519.Identity.generate()
    add_age_slot(house.path, house.key, str(identity.to_public()))
    form = json.loads(house.path.with_suffix(".keys").read_bytes())
    by_kind = {slot["kind"]: slot for slot in form["slots"]}

    slot = by_kind["passphrase"]
    kdf, sealed = slot["kdf"], base64.b64decode(slot["sealed"])
    wrapping = hash_secret_raw(
        PASSPHRASE.encode(),
        base64.b64decode(kdf["salt"]),
        kdf["passes"],
        kdf["memory_kib"],
        kdf["lanes"],
        32,
        Type.ID,
    )
    bound = {k: v for k, v in slot.items() if k not in ("nonce", "sealed")}
    bound |= {"ichido": 1, "vault": form["vault_id"], "mode": form["mode"]}
    data = json.dumps(bound, sort_keys=True, separators=(",", ":")).encode()
    nonce = base64.b64decode(slot["nonce"])
    assert ChaCha20Poly1305(wrapping).decrypt(nonce, sealed, data) == house.key.raw()
    assert kdf["memory_kib"] == CHEAP.memory_kib

    opened = pyrage.decrypt(base64.b64decode(by_kind["age"]["sealed"]), [identity])
    assert base64.b64decode(json.loads(opened)["key"]) == house.key.raw()


AGE = shutil.which("age")


@pytest.mark.skipif(AGE is None, reason="the age command is not installed")
def test_age_command_opens_its_slot(house: House, tmp_path: Path) -> None:
    identity = pyrage.x25519.Identity.generate()
    add_age_slot(house.path, house.key, str(identity.to_public()))
    form = json.loads(house.path.with_suffix(".keys").read_bytes())
    sealed = next(slot["sealed"] for slot in form["slots"] if slot["kind"] == "age")
    (tmp_path / "id").write_text(str(identity))
    os.chmod(tmp_path / "id", 0o600)
    done = subprocess.run(
        [str(AGE), "-d", "-i", str(tmp_path / "id")],
        input=base64.b64decode(sealed),
        capture_output=True,
        check=True,
    )
    assert base64.b64decode(json.loads(done.stdout)["key"]) == house.key.raw()


def _blocks() -> list[str]:
    """The pieces of Python that docs/vault-format.md shows."""
    blocks: list[list[str]] = [[]]
    for line in (ROOT / "docs" / "vault-format.md").read_text("utf-8").splitlines():
        if line.startswith("    "):
            blocks[-1].append(line[4:])
        elif blocks[-1]:
            blocks.append([])
    return ["\n".join(block) for block in blocks if block and block[0].startswith("import ")]


def test_the_written_way_works_to_the_letter(house: House, tmp_path: Path) -> None:
    """The Python of docs/vault-format.md, run as it stands."""
    _with_rows(house)
    folder = tmp_path / "by hand"
    folder.mkdir()
    for end in (".vault", ".keys"):
        shutil.copyfile(house.path.with_suffix(end), folder / f"x{end}")
    raw = f"x'{house.key.raw().hex()}'"
    reads_vault, reads_keys, reads_paper = _blocks()

    def run(block: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", block],
            cwd=folder,
            input=PASSPHRASE + "\n",
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        )
        return done.stdout

    assert NAME in run(reads_vault.replace("x'00112233…64 hex digits…'", raw))
    assert run(reads_keys).endswith(raw + "\n")
    paper = house.recovery.replace("\n", "\\n")
    assert run(reads_paper.replace("…the 14 groups…", paper)) == raw + "\n"
