"""The vault: one company's whole store in one encrypted file, open in one program at a time.

On a local disk: WAL and one connection a thread. On a share or an unknown file system:
journal_mode=TRUNCATE and one connection that the threads take turns with. Ordinary writes are
synchronous=NORMAL (they outlive a kill), durable ones FULL (they outlive a power cut).
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.domain.clock import JST, Clock, system_clock
from app.domain.errors import VaultFault
from app.store import backup, birth
from app.store.cipher import Connection, emptied, findings
from app.store.disk import Place, place_of
from app.store.faults import as_faults, fault
from app.store.gate import Gate
from app.store.key import VaultKey
from app.store.key_changes import settle
from app.store.lock import VaultLock
from app.store.migrate import application_of, migrate, migrations_in
from app.store.rekey import Rekeyed, rekey_held
from app.store.seats import Seat, Seats
from app.store.slots import Cost

_CLOSE_SECONDS: Final = 10.0


class Vault:
    """An open vault. Made by `create` or `open`; every fault a person can meet is a VaultFault."""

    def __init__(
        self, path: Path, key: VaultKey, lock: VaultLock, place: Place, clock: Clock
    ) -> None:
        self.path = path
        self.mode = place
        self.clock = clock
        self.keys_fault: VaultFault | None = None
        self.backup_fault: VaultFault | None = None
        self._key = key.copy()
        self._lock = lock
        self._identity = _identity(path)
        self._seats = Seats(path, self._key, place)
        self._gate = Gate()
        self._let_go = False
        self._log_owed = False
        # Writers of one program queue here rather than on SQLite's busy timer. On a share the
        # readers queue too: there is one connection.
        self._turn = threading.RLock()

    @classmethod
    def create(
        cls,
        path: Path,
        key: VaultKey,
        *,
        practice: bool,
        migrations: Path,
        clock: Clock = system_clock,
        place: Place | None = None,
    ) -> Vault:
        """Makes a new vault at `path` and opens it; takes the id from the key file beside it.

        Raises VaultFault: vault_already_there, mode_differs, keys_altered, folder_missing,
        read_only, disk_full.
        """
        if path.exists():
            raise fault("vault_already_there")
        birth.check_writable(path)
        vault_id = birth.id_for_new_vault(path, key, practice)
        with as_faults(path):
            birth.make(path, key, vault_id, practice, migrations_in(migrations), clock)
        return cls.open(path, key, migrations=migrations, clock=clock, place=place)

    @classmethod
    def open(
        cls,
        path: Path,
        key: VaultKey,
        *,
        migrations: Path,
        clock: Clock = system_clock,
        place: Place | None = None,
    ) -> Vault:
        """Opens the vault, brings it to the newest form, and settles a rekey that was cut short.

        `place` None finds out whether the disk is local. A missing or damaged key file does not
        hinder (the recovery paper must work without it); `keys_fault` then tells.
        Raises VaultFault: vault_missing, opened_twice, damaged, key_does_not_fit, not_ours,
        newer_file, mode_differs, keys_of_other_vault, migration_failed, read_only, disk_full.
        """
        birth.check_file(path)
        where = place or place_of(path)
        lock = VaultLock(path, where, clock)
        vault = None
        try:
            vault = cls(path, key, lock, where, clock)
            vault._begin(migrations)
        except BaseException:
            if vault is not None:
                vault._seats.close()
            lock.release()
            raise
        return vault

    def _begin(self, migrations: Path) -> None:
        with as_faults(self.path):
            birth.clear_parts(self.path)
        seat = self._seats.take()

        def copy_before(version: int) -> None:
            backup.copy_before_migration(self.path, seat.connection, self._key, version, self.clock)

        application = application_of(self.path)
        migrate(seat.connection, migrations_in(migrations), copy_before, application)
        emptied(seat.connection)  # what a kill left in the WAL
        with as_faults(self.path):
            mark = birth.mark_of(seat.connection)
        self._seats.give(seat)
        self.id, self.practice = mark.vault_id, mark.practice
        self.keys_fault = settle(self.path, self._key, mark.vault_id, mark.practice)

    @property
    def signing_key(self) -> Ed25519PrivateKey:
        """The vault's own Ed25519 key, made at creation and never changed."""
        with self.read() as connection:
            (seed,) = connection.execute("SELECT seed FROM signing_key").fetchone()
        return Ed25519PrivateKey.from_private_bytes(bytes(seed))

    @property
    def public_key(self) -> bytes:
        """The 32 bytes of the public half of `signing_key`."""
        with self.read() as connection:
            (public,) = connection.execute("SELECT public FROM signing_key").fetchone()
        return bytes(public)

    @property
    def is_open(self) -> bool:
        """Whether file and key are still held; False once `close` has ended, when another may open."""
        return not self._let_go

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """This thread's connection inside one consistent view; inside a write, that write's."""
        with self._seated(exclusive=self.mode == "share") as seat, as_faults(self.path):
            if seat.depth > 1:
                yield seat.connection
                return
            seat.connection.execute("BEGIN")
            try:
                yield seat.connection
            finally:
                self._seats.leave(seat)

    @contextmanager
    def write(self, durable: bool = False) -> Iterator[Connection]:
        """This thread's connection inside one transaction: all is kept, or nothing.

        `durable` waits until the disk has it (FULL). A write inside a write is part of it.
        Raises VaultFault: disk_full, read_only, vault_gone, opened_twice, busy, closed, damaged.
        """
        with self._seated(exclusive=True) as seat, as_faults(self.path):
            if seat.depth > 1:
                with self._part(seat, durable):
                    yield seat.connection
                return
            self._still_ours()
            # A rollback journal needs FULL to survive; NORMAL may corrupt it at a power cut.
            seat.set_level("FULL" if durable or self.mode == "share" else "NORMAL")
            seat.connection.execute("BEGIN IMMEDIATE")
            seat.writing, seat.durable = True, durable
            try:
                yield seat.connection
                self._still_ours()
                seat.connection.execute("COMMIT")
            except BaseException:
                seat.end("ROLLBACK")
                raise
            finally:
                seat.writing = False
            if self._log_owed:
                self._log_owed = not emptied(seat.connection)

    def owe_empty_log(self) -> None:
        """Empties the WAL after this write: an earlier page in it must not outlive its destruction.

        Where a reader is in the way, the next write or the closing does it.
        """
        self._log_owed = True

    @contextmanager
    def _part(self, seat: Seat, durable: bool) -> Iterator[None]:
        if not seat.writing or (durable and not seat.durable):
            raise RuntimeError("open the outer transaction as a (durable) write")
        name = f"part_{seat.depth}"
        seat.connection.execute(f"SAVEPOINT {name}")
        try:
            yield
        except BaseException:
            # A full disk may have rolled back the whole transaction already.
            if seat.connection.in_transaction:
                seat.connection.execute(f"ROLLBACK TO {name}")
                seat.connection.execute(f"RELEASE {name}")
            raise
        seat.connection.execute(f"RELEASE {name}")

    @contextmanager
    def _seated(self, *, exclusive: bool) -> Iterator[Seat]:
        with self._gate.entered(), self._turn if exclusive else contextlib.nullcontext():
            seats = self._seats
            seat = seats.take()
            try:
                yield seat
            finally:
                seats.give(seat)

    def _still_ours(self) -> None:
        """A deleted folder must not swallow what is written to a file without a name."""
        now = _identity(self.path)
        if now is None or (self.mode == "local" and now != self._identity):
            raise fault("vault_gone")
        self._lock.check()

    def close(self, *, back_up: bool = True) -> None:
        """Waits for what is being written, makes the day's backup, drops connections and key.

        A backup that fails does not hinder closing: `backup_fault` tells. Safe to call twice.
        """
        if self._gate.is_closed:
            return
        if back_up:
            try:
                self.back_up_if_due()
            except VaultFault as problem:
                self.backup_fault = problem
        self._gate.close(_CLOSE_SECONDS, self._seats.interrupt)
        self._seats.close()
        self._lock.release()
        self._key.forget()
        self._let_go = True

    def rekey(self, passphrase: str, *, cost: Cost | None = None) -> Rekeyed:
        """Encrypts the open vault with a new key and goes on with it; see `app.store.rekey`.

        Whoever reads or writes meanwhile, a send that stores its answer too, waits and goes on.
        Takes as long as a copy of the file. Not from within a read or a write of this thread.
        Raises VaultFault: wrong_passphrase, keys_altered, disk_full, damaged, vault_gone, busy,
        closed; then the vault is as it was.
        """
        with self._gate.emptied(_CLOSE_SECONDS):
            self._still_ours()
            self._seats.close()
            done = rekey_held(self.path, self._key, passphrase, clock=self.clock, cost=cost)
            old, self._key = self._key, done.key.copy()
            old.forget()
            self._identity = _identity(self.path)
            self._seats = Seats(self.path, self._key, self.mode)
            self.keys_fault = None
            return done

    def integrity_check(self) -> tuple[str, ...]:
        """What is wrong in the file, one finding each; empty when all is well."""
        with self.read() as connection:
            return findings(connection)

    def back_up_to(self, path: Path) -> None:
        """An encrypted, checked copy at `path` (.vault) with its key file beside it.

        Raises VaultFault: disk_full, read_only, folder_missing, damaged.
        """
        with self.read() as connection:
            backup.copy_to(path, connection, self._key)
        backup.copy_keys(self.path, path)

    def back_up_if_due(self) -> Path | None:
        """The day's backup (Japan time) in the backup folder, or None when today's is there.

        Keeps the newest ten days' copies. Raises VaultFault as `back_up_to`.
        """
        now = self.clock().astimezone(JST)
        target = backup.daily_path(self.path, now)
        if target.exists():
            return None
        with as_faults():
            target.parent.mkdir(mode=0o700, exist_ok=True)
        self.back_up_to(target)
        backup.rotate(self.path)
        return target

    def since_backup(self) -> timedelta | None:
        """How long ago the newest backup was made, or None when there is none."""
        rows = backup.backups_of(self.path)
        return self.clock() - rows[0].made_at if rows else None

    def __enter__(self) -> Vault:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino
