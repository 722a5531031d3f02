"""A proof file: judged by sha256sum and openssl, and refused after any flipped byte."""

from __future__ import annotations

import hashlib
import random
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.domain.canonical import CHAIN_START, chain_next, salted_digest
from app.domain.errors import BadInput
from app.services.proof import ProofMatter, make_proof, verify_proof


def _events() -> list[dict[str, Any]]:
    link = CHAIN_START
    events: list[dict[str, Any]] = []
    for n, title in enumerate(("封をしました", "送信", "到達"), start=1):
        content = {
            "n": n,
            "at": f"2026-07-03T13:4{n}:00+09:00",
            "kind": "k",
            "title": title,
            "data": {},
        }
        digest = salted_digest("00" * 16, content)
        link = chain_next(link, digest)
        events.append({**content, "salt": "00" * 16, "digest": digest, "link": link})
    return events


def matter(**changes: Any) -> ProofMatter:
    """A small practice filing."""
    whole: dict[str, Any] = {
        "filing": {"title": "雇用保険被保険者資格取得届", "company": "株式会社みなと製菓"},
        "facts": [{"path": "company.name", "value": "株式会社みなと製菓", "origin": "register"}],
        "receipt": {"number": "9002026000002796", "at": "2026-07-03T13:43:00+09:00"},
        "events": _events(),
        "envelope_name": "4950000020325000.zip",
        "envelope": b"PK exact bytes",
        "documents": (("確認通知書.zip", b"PK document"),),
        "pdf": b"%PDF-1.7 ...",
        "practice": True,
        "made_at": "2026-07-03T13:50:00+09:00",
    }
    return ProofMatter(**{**whole, **changes})


@pytest.fixture
def proof(tmp_path: Path) -> Path:
    path = tmp_path / "proof.zip"
    path.write_bytes(make_proof(matter(), Ed25519PrivateKey.generate()))
    return path


def test_a_proof_is_sound_and_marked_as_practice(proof: Path) -> None:
    verdict = verify_proof(proof)
    assert verdict.sound
    assert verdict.practice
    assert len(verdict.lines) == 5


def test_sha256sum_and_openssl_agree(proof: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    with zipfile.ZipFile(proof) as archive:
        archive.extractall(folder)
    assert "sha256sum -c SHA256SUMS" in (folder / "README.txt").read_text("utf-8")
    done = subprocess.run(
        ["sha256sum", "-c", "--strict", "SHA256SUMS"], cwd=folder, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not on this machine")
    subprocess.run("base64 -d SHA256SUMS.sig > sig.bin", cwd=folder, shell=True, check=True)
    done = subprocess.run(
        "openssl pkeyutl -verify -pubin -inkey public-key.pem -rawin -in SHA256SUMS -sigfile sig.bin",
        cwd=folder,
        shell=True,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_every_flipped_byte_is_found(proof: Path) -> None:
    good = proof.read_bytes()
    places = list(range(len(good)))
    random.Random(7).shuffle(places)
    for place in places[:400]:
        bad = bytearray(good)
        bad[place] ^= 1 << (place % 8)
        proof.write_bytes(bytes(bad))
        try:
            sound = verify_proof(proof).sound
        except BadInput:
            sound = False
        assert not sound, f"a flipped byte at {place} was not found"


def test_a_proof_repacked_with_another_key_of_its_own_needs_the_same_fingerprint(
    tmp_path: Path,
) -> None:
    """Who replaces key and signature makes another proof: its fingerprint differs (README says so)."""
    one = make_proof(matter(), Ed25519PrivateKey.generate())
    other = make_proof(matter(), Ed25519PrivateKey.generate())
    keys = []
    for name, body in (("a.zip", one), ("b.zip", other)):
        (tmp_path / name).write_bytes(body)
        with zipfile.ZipFile(tmp_path / name) as archive:
            keys.append(hashlib.sha256(archive.read("public-key.pem")).hexdigest())
    assert keys[0] != keys[1]


def test_the_same_matter_and_key_give_the_same_bytes() -> None:
    key = Ed25519PrivateKey.generate()
    assert make_proof(matter(), key) == make_proof(matter(), key)


def test_what_is_no_proof_is_said_in_words(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(b"not a zip")
    with pytest.raises(BadInput, match="こわれて"):
        verify_proof(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "a")
    with pytest.raises(BadInput, match="足りない"):
        verify_proof(path)
    with pytest.raises(BadInput, match="読めません"):
        verify_proof(tmp_path / "none.zip")
