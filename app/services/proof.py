"""「証明ファイル」: one ZIP that proves a filing without this program, and the check of one.

The ZIP is written in one way only (stored, fixed order and dates), so that a checker can build it
again from its parts: any byte that differs, in a part or between the parts, is found. `SHA256SUMS`
covers every part; the vault's own Ed25519 key (RFC 8032) signs `SHA256SUMS`.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)

from app.domain.canonical import CHAIN_START, chain_next, salted_digest
from app.domain.errors import BadInput
from app.domain.filing import HAND_OVER

SUMS = "SHA256SUMS"
SIGNATURE = "SHA256SUMS.sig"
PUBLIC_KEY = "public-key.pem"
MANIFEST = "proof.json"
README = "README.txt"
EVENTS = "events.json"
MOST_BYTES = 512 * 1024 * 1024
MOST_PARTS = 2_000


@dataclass(frozen=True)
class ProofMatter:
    """What a proof is made of; every dict holds plain JSON values.

    `events` is the chain in order, each what the event says with its "salt", "digest" and "link":
    the digest commits to all but these three, the link to the link before and the digest.
    `documents` are (file name, bytes). `redacted` says that the envelope is a copy without 個人番号.
    """

    filing: dict[str, Any]
    facts: Sequence[dict[str, Any]]
    receipt: dict[str, Any]
    events: Sequence[dict[str, Any]]
    envelope_name: str
    envelope: bytes = field(repr=False)
    documents: Sequence[tuple[str, bytes]] = field(repr=False)
    pdf: bytes = field(repr=False)
    practice: bool
    made_at: str
    redacted: bool = False


@dataclass(frozen=True)
class Verdict:
    """The outcome of a check: `sound` only if every line is; `lines` are (ok?, Japanese sentence)."""

    sound: bool
    practice: bool
    lines: tuple[tuple[bool, str], ...]


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _zip(parts: Sequence[tuple[str, bytes]]) -> bytes:
    """The one way a proof is packed: stored, in the given order, dated 1980-01-01."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, body in parts:
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            archive.writestr(entry, body)
    return out.getvalue()


def make_proof(matter: ProofMatter, key: Ed25519PrivateKey) -> bytes:
    """The bytes of the ZIP. The same matter and key give the same bytes."""
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    manifest = {
        "format": "ichido-proof-1",
        "practice": matter.practice,
        "made_at": matter.made_at,
        "filing": matter.filing,
        "envelope": {
            "name": f"envelope/{matter.envelope_name}",
            "sha256": hashlib.sha256(matter.envelope).hexdigest(),
            "redacted": matter.redacted,
        },
        "public_key_sha256": hashlib.sha256(public).hexdigest(),
        "last_link": matter.events[-1]["link"] if matter.events else CHAIN_START,
    }
    parts: list[tuple[str, bytes]] = [
        (README, _readme(matter).encode()),
        (MANIFEST, _json(manifest)),
        (f"envelope/{matter.envelope_name}", matter.envelope),
        ("facts.json", _json(list(matter.facts))),
        ("receipt.json", _json(matter.receipt)),
        (EVENTS, _json(list(matter.events))),
        ("proof.pdf", matter.pdf),
        (PUBLIC_KEY, public),
        *((f"documents/{name}", body) for name, body in matter.documents),
    ]
    sums = "".join(f"{hashlib.sha256(body).hexdigest()}  {name}\n" for name, body in parts).encode()
    parts += [(SUMS, sums), (SIGNATURE, base64.b64encode(key.sign(sums)) + b"\n")]
    return _zip(parts)


def verify_proof(path: Path) -> Verdict:
    """Checks a proof file and says what was found, line by line.

    Raises:
        BadInput: the file cannot be read, or is no proof of this program.
    """
    try:
        raw = path.read_bytes() if path.stat().st_size <= MOST_BYTES else b""
    except OSError:
        raise BadInput(
            "proof-unread", f"ファイルを読めません。場所を確かめてください({path.name})。"
        ) from None
    parts = _parts(raw)
    return _judge(raw, parts)


def _parts(raw: bytes) -> list[tuple[str, bytes]]:
    no_proof = BadInput(
        "proof-none", "一度の証明ファイルではありません。ファイルを選び直してください。"
    )
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            entries = archive.infolist()
            if len(entries) > MOST_PARTS or sum(e.file_size for e in entries) > MOST_BYTES:
                raise no_proof
            if any(e.compress_type != zipfile.ZIP_STORED for e in entries):
                raise no_proof
            return [(e.filename, archive.read(e)) for e in entries]
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, OSError):
        raise BadInput(
            "proof-broken", "証明ファイルがこわれています。もとのファイルから写し直してください。"
        ) from None


def _judge(raw: bytes, parts: list[tuple[str, bytes]]) -> Verdict:
    named = dict(parts)
    lines: list[tuple[bool, str]] = []
    needed = {README, MANIFEST, "facts.json", "receipt.json", EVENTS, PUBLIC_KEY, SUMS, SIGNATURE}
    if missing := needed - named.keys():
        raise BadInput(
            "proof-none", f"証明ファイルに足りない部分があります({'、'.join(sorted(missing))})。"
        )
    lines.append(
        _line(
            len(named) == len(parts) and _zip(parts) == raw, "ファイル全体が、作ったときのままです"
        )
    )
    lines.append(_line(_sums_hold(parts, named), "どの部分も SHA256SUMS と合います"))
    lines.append(_line(_signature_holds(named), "この会社の金庫の鍵で署名されています"))
    manifest = _read_json(named[MANIFEST])
    envelope = manifest.get("envelope", {}) if isinstance(manifest, dict) else {}
    sent = named.get(str(envelope.get("name", "")))
    what = (
        "個人番号を伏せた写しは、封をしたときのままです(送ったものは入っていません)"
        if envelope.get("redacted") is True
        else "送ったファイルは、封をしたときのままです"
    )
    lines.append(
        _line(sent is not None and hashlib.sha256(sent).hexdigest() == envelope.get("sha256"), what)
    )
    last = manifest.get("last_link") if isinstance(manifest, dict) else None
    lines.append(_line(_chain_holds(named[EVENTS], last), "できごとの連なりは切れていません"))
    practice = isinstance(manifest, dict) and manifest.get("practice") is True
    return Verdict(all(ok for ok, _ in lines), practice, tuple(lines))


def _line(ok: bool, sentence: str) -> tuple[bool, str]:
    return ok, f"{sentence}。" if ok else f"合いません: {sentence}、とは言えません。"


def _sums_hold(parts: list[tuple[str, bytes]], named: dict[str, bytes]) -> bool:
    listed: dict[str, str] = {}
    for row in named[SUMS].decode("utf-8", "replace").splitlines():
        digest, _, name = row.partition("  ")
        listed[name] = digest
    covered = {name: body for name, body in parts if name not in (SUMS, SIGNATURE)}
    return listed == {n: hashlib.sha256(b).hexdigest() for n, b in covered.items()}


def _signature_holds(named: dict[str, bytes]) -> bool:
    try:
        key = load_pem_public_key(named[PUBLIC_KEY])
        if not isinstance(key, Ed25519PublicKey):
            return False
        key.verify(base64.b64decode(named[SIGNATURE].strip(), validate=True), named[SUMS])
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def _chain_holds(body: bytes, last: object) -> bool:
    events = _read_json(body)
    if not isinstance(events, list):
        return False
    link = CHAIN_START
    for event in events:
        try:
            content = {k: v for k, v in event.items() if k not in ("salt", "digest", "link")}
            if salted_digest(event["salt"], content) != event["digest"]:
                return False
            link = chain_next(link, event["digest"])
            if link != event["link"]:
                return False
        except (KeyError, TypeError, AttributeError, UnicodeEncodeError):
            return False
    return bool(link == last)


def _read_json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None


_HIDDEN = (
    "・送ったファイルに個人番号がありました。ここにあるのは個人番号を伏せた写しです。\n"
    "・送ったファイルそのものは、events.json の最初のできごとの apart が証明します。scrypt\n"
    "  (N=32768, r=8, p=1, 32バイト)を、その SHA-256 にかけた値です。塩は会社の金庫の中だけにあります。\n"
)


def _readme(matter: ProofMatter) -> str:
    mark = (
        "【練習】この証明ファイルは練習の町でのもので、役所には出ていません。\n\n"
        if matter.practice
        else ""
    )
    envelope, sent, hidden = (
        "役所に送ったファイルそのもの(1バイトも変えていません)",
        "送ったファイル",
        "",
    )
    if matter.redacted:
        envelope = "役所に送ったファイルの写し(個人番号を * で伏せ、電子署名を除いてあります)"
        sent = "写し"
        hidden = _HIDDEN
    by_hand = (
        "・この届は、一度からは送っていません。人が別のプログラムで出し、到達番号は人が入れたものです。\n"
        "  envelope/ にあるのは、人に手渡したファイルです。\n"
        if matter.filing.get("door") == HAND_OVER
        else ""
    )
    return f"""{mark}一度 証明ファイル

確かめ方
  1. このフォルダーで  sha256sum -c {SUMS}
     (Windows では certutil -hashfile ファイル名 SHA256 で一つずつ)
  2. 署名   base64 -d {SIGNATURE} > sig.bin
            openssl pkeyutl -verify -pubin -inkey {PUBLIC_KEY} -rawin -in {SUMS} -sigfile sig.bin
  3. 一度があれば  main.py verify このファイル.zip  (1 と 2 と、できごとの連なりまで一度に見ます)

入っているもの
  envelope/      {envelope}
  facts.json     その届に使った事実と、それぞれの出どころ
  receipt.json   役所の答え(到達番号と時刻)
  events.json    できごとの連なり(一つ変えると後ろがすべて合わなくなります)
  documents/     役所から届いた通知と公文書
  proof.pdf      上の内容を読める形にしたもの
  {PUBLIC_KEY}  署名を確かめる鍵

証明できること
・{sent}、事実、到達番号、できごとは、この証明ファイルを作ってから変わっていません。
・これを作ったのは、この会社の金庫の鍵を持つ人です。
{hidden}
証明できないこと
{by_hand}・時刻は、作ったパソコンの時計と役所の答えによります。第三者の時刻の証明ではありません。
・署名の鍵が誰のものかを、認証局は証明していません。公開鍵の指紋を別の方法で確かめてください。
・到達番号が本物かどうかは、役所に問い合わせて確かめられます。このファイルだけでは分かりません。
・公文書の官職署名は、公文書の中の署名で確かめてください。
"""
