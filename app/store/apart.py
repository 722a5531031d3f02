"""The true bytes of a filing with 個人番号, apart from its redacted copy, until the procedure ends.

Each lies encrypted (ChaCha20-Poly1305) under a key of its own. Those keys lie wrapped (AES key wrap,
RFC 3394) by one wrapping key, which is renewed at each destruction: the row of the ended filing goes,
the keys that stay are wrapped anew, and the new wrapping key is written over the old one, in its place.

What is guaranteed once a destruction has been committed and the WAL emptied (`log.emptied`):
- in the vault's file, free pages and the gaps of used ones included, and in its WAL there is nothing
  any more with which the true bytes could be read, also for who holds the vault's key;
- every backup this program makes, and a vault that comes back from one, never held them.

What is not: a copy of the vault's file that somebody else made meanwhile (another backup program, a
synchronised folder, a snapshot of the disk) holds the key too, under the vault's key; so may blocks
of the disk that the system has given up but not overwritten (an SSD, a copying file system). A
present file that is put aside by a restore while it cannot be opened stays as it is. Python's memory
is not wiped.

The digest is scrypt (n = 2^15, r = 8, p = 1; RFC 7914) over the SHA-256 of the true bytes: everything
but a few digits stands in the copy, so a quick digest would let them be found by trying; this one
makes each of 10^11 tries cost 32 MiB and a tenth of a second. The proof does not hold its salt.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from app.domain.canonical import new_salt
from app.store.cipher import Connection
from app.store.faults import fault
from app.store.rows import NewEvent

DESTROYED: Final = NewEvent(
    "numbers-destroyed",
    "個人番号の鍵を捨てました",
    "送ったファイルは、個人番号を伏せた写しだけが残ります",
)
GONE: Final = NewEvent(
    "numbers-gone",
    "個人番号の鍵はありません",
    "控えには鍵を入れないため、控えから戻すと送れません。封を解いて、もう一度封をしてください",
)

_KEY_BYTES = 32
_NONCE_BYTES = 12
_SCRYPT_N, _SCRYPT_R = 2**15, 8


@dataclass(frozen=True)
class Apart:
    """What was kept apart of a filing: of how many people, its digest; `kept` while it can be read."""

    people: int
    salt: str = field(repr=False)
    digest: str
    kept: bool


def kept_event(people: int, at: datetime) -> NewEvent:
    """What is said of a filing as its 個人番号 are kept apart."""
    note = f"{people}人分。手続が終わると鍵を捨てます。履歴と控えには、伏せた写しだけが入ります"
    return NewEvent(
        "numbers-kept", "個人番号を別の鍵で封に入れました", note, {"people": people}, at
    )


def digest_of(salt: str, content: bytes) -> str:
    """The salted, slow digest (hex) of the true bytes."""
    once = hashlib.sha256(content).digest()
    made = hashlib.scrypt(
        once, salt=salt.encode("ascii"), n=_SCRYPT_N, r=_SCRYPT_R, p=1,
        maxmem=2 * 128 * _SCRYPT_N * _SCRYPT_R, dklen=32,
    )  # fmt: skip
    return made.hex()


def prepared(content: bytes) -> tuple[str, str]:
    """A new salt and the digest under it; worked out before the transaction, which it would hold up."""
    salt = new_salt()
    return salt, digest_of(salt, content)


def keep(
    connection: Connection, filing_id: str, content: bytes, people: int, salt: str, digest: str
) -> None:
    """Keeps the true bytes of a filing under a new key, inside the caller's transaction."""
    key, nonce = secrets.token_bytes(_KEY_BYTES), secrets.token_bytes(_NONCE_BYTES)
    secret = nonce + ChaCha20Poly1305(key).encrypt(nonce, content, _bound(filing_id))
    wrapped = aes_key_wrap(_wrapping(connection), key)
    connection.execute("INSERT INTO apart VALUES (?, ?, ?, ?)", (filing_id, people, salt, digest))
    connection.execute("INSERT INTO apart_contents VALUES (?, ?)", (filing_id, secret))
    connection.execute("INSERT INTO apart_keys VALUES (?, ?)", (filing_id, wrapped))


def find(connection: Connection, filing_id: str) -> Apart | None:
    """What was kept apart of a filing; None where nothing ever was."""
    row = connection.execute(
        "SELECT people, salt, digest, EXISTS (SELECT 1 FROM apart_keys k"
        " WHERE k.filing_id = apart.filing_id) FROM apart WHERE filing_id = ?",
        (filing_id,),
    ).fetchone()
    return None if row is None else Apart(row[0], row[1], row[2], bool(row[3]))


def content_of(connection: Connection, filing_id: str) -> bytes:
    """The true bytes. Raises VaultFault: numbers_gone, filing_altered."""
    row = connection.execute(
        "SELECT content, wrapped, salt, digest FROM apart JOIN apart_contents USING (filing_id)"
        " JOIN apart_keys USING (filing_id) WHERE filing_id = ?",
        (filing_id,),
    ).fetchone()
    if row is None:
        raise fault("numbers_gone")
    secret, wrapped, salt, digest = bytes(row[0]), bytes(row[1]), row[2], row[3]
    try:
        key = aes_key_unwrap(_wrapping(connection), wrapped)
        nonce, rest = secret[:_NONCE_BYTES], secret[_NONCE_BYTES:]
        content = ChaCha20Poly1305(key).decrypt(nonce, rest, _bound(filing_id))
    except (InvalidUnwrap, InvalidTag, ValueError):
        raise fault("filing_altered") from None
    if digest_of(salt, content) != digest:
        raise fault("filing_altered")
    return content


def destroy(connection: Connection, filing_id: str) -> bool:
    """Destroys key and bytes, inside the caller's transaction; False where none were kept."""
    gone = connection.execute("DELETE FROM apart_keys WHERE filing_id = ?", (filing_id,)).rowcount
    connection.execute("DELETE FROM apart_contents WHERE filing_id = ?", (filing_id,))
    if not gone:
        return False
    _rewrap(connection)
    return True


def holds(connection: Connection) -> bool:
    """Whether a vault of any version keeps true bytes of some filing."""
    table = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'apart_keys'").fetchone()
    return bool(table) and bool(connection.execute("SELECT 1 FROM apart_keys").fetchone())


def empty(connection: Connection) -> None:
    """Takes every key and every true byte out of a copy of a vault, in one transaction.

    Its rollback journal stays in memory: a file beside the copy would hold the old pages.
    """
    if not holds(connection):
        return
    connection.execute("PRAGMA journal_mode = DELETE")  # an earlier WAL goes into the file first
    connection.execute("PRAGMA journal_mode = MEMORY")
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("DELETE FROM apart_keys")
    connection.execute("DELETE FROM apart_contents")
    _rewrap(connection)
    connection.execute("COMMIT")


def left_without_key(connection: Connection) -> list[str]:
    """The filings whose true bytes are gone though they may still be sent (they came from a backup)."""
    rows = connection.execute(
        "SELECT filing_id FROM apart JOIN filings ON filings.id = filing_id"
        " WHERE stage = 'ready' AND filing_id NOT IN (SELECT filing_id FROM apart_keys)"
    ).fetchall()
    return [filing_id for (filing_id,) in rows]


def _wrapping(connection: Connection) -> bytes:
    row = connection.execute("SELECT key FROM apart_wrapping").fetchone()
    if row is not None:
        return bytes(row[0])
    key = secrets.token_bytes(_KEY_BYTES)
    connection.execute("INSERT INTO apart_wrapping VALUES (1, ?)", (key,))
    return key


def _rewrap(connection: Connection) -> None:
    """Renews the wrapping key and wraps with it the keys that stay."""
    row = connection.execute("SELECT key FROM apart_wrapping").fetchone()
    if row is None:
        return
    old, new = bytes(row[0]), secrets.token_bytes(_KEY_BYTES)
    kept = connection.execute("SELECT filing_id, wrapped FROM apart_keys").fetchall()
    for filing_id, wrapped in kept:
        try:
            again = aes_key_wrap(new, aes_key_unwrap(old, bytes(wrapped)))
        except InvalidUnwrap:
            continue  # a key that opens nothing: what it was for is told as altered when asked for
        connection.execute(
            "UPDATE apart_keys SET wrapped = ? WHERE filing_id = ?", (again, filing_id)
        )
    connection.execute("UPDATE apart_wrapping SET key = ?", (new,))


def _bound(filing_id: str) -> bytes:
    return b"ichido.apart.1\0" + filing_id.encode("ascii")
