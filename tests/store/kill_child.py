"""The program that is killed: does one thing to a vault over and over and says what is done.

    python kill_child.py ACTION VAULT MIGRATIONS      (the key in hex on standard input)

Each line on standard output is said only after the store returned: "done" with what was kept.
"""

from __future__ import annotations

import itertools
import os
import sys
import threading
from pathlib import Path

from store_parts import CHEAP, NOON, PASSPHRASE, SENDING, filing, hidden, record

from app.domain.clock import fixed_clock
from app.domain.filing import Stage
from app.store.backup import backups_of
from app.store.drafts import Drafts
from app.store.filings import Filings
from app.store.key import VaultKey
from app.store.key_changes import change_passphrase
from app.store.key_file import create_key_file
from app.store.records import Records
from app.store.rekey import rekey
from app.store.restore import restore
from app.store.rows import NewEvent
from app.store.vault import Vault


def say(*words: object) -> None:
    """One line to the parent, without any buffer in between."""
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def type_drafts(vault: Vault) -> None:
    """Types into one draft, a save for each key."""
    drafts = Drafts(vault)
    draft = drafts.create("p", "1")
    say("draft", draft)
    for n in itertools.count():
        drafts.save(draft, {f"f{n % 40}": {"value": f"{n}"}})
        say("done", n)


def seal(vault: Vault) -> None:
    """Seals one filing after the other."""
    filings = Filings(vault)
    for n in itertools.count():
        say("done", filings.seal(filing(n, account=f"a{n}")))


def send(vault: Vault) -> None:
    """Seals, goes to sending with the listed numbers, and stores the receipt."""
    filings = Filings(vault)
    for n in itertools.count():
        ident = filings.seal(filing(n))
        say("sealed", ident)
        filings.begin_sending(ident, [f"L{n}", "L0"], SENDING)
        say("sending", ident)
        event = NewEvent("arrived", "届きました")
        filings.store_receipt(ident, f"R{n}", receipt_at=NOON, event=event)
        say("accepted", ident)
        filings.move(ident, Stage.ENDED, NewEvent("ended", "手続終了"))
        say("ended", ident)


def keep_apart(vault: Vault) -> None:
    """Seals filings with 個人番号 and ends every second one."""
    filings = Filings(vault)
    for n in itertools.count():
        ident = filings.seal(hidden(n, account=f"a{n}"))
        say("sealed", ident, n)
        if n % 2:
            filings.move(ident, Stage.WITHDRAWN, NewEvent("unsealed", "封を解きました"))
            say("destroyed", ident)


def rekey_again(path: Path, key: VaultKey) -> None:
    """One new key after the other."""
    while True:
        key = rekey(path, key, PASSPHRASE, clock=fixed_clock(NOON), place="local", cost=CHEAP).key
        say("done")


def rekey_while_open(vault: Vault) -> None:
    """One new key after the other under a vault that another thread writes to."""
    records = Records(vault)

    def write() -> None:
        for n in itertools.count():
            records.append([record(f"w.b{n}")])
            say("wrote", n)

    threading.Thread(target=write, daemon=True).start()
    while True:
        vault.rekey(PASSPHRASE, cost=CHEAP)
        say("done")


def restore_again(path: Path, key: VaultKey) -> None:
    """Puts the one backup back, over and over."""
    (row,) = backups_of(path)
    while True:
        restore(path, row.path, key, present_key=key, clock=fixed_clock(NOON), place="local")
        say("done")


def change_passphrases(path: Path, key: VaultKey) -> None:
    """Another passphrase each time: its number."""
    for n in itertools.count():
        change_passphrase(path, key, str(n), cost=CHEAP)
        say("done", n)


def create(path: Path, migrations: Path) -> None:
    """Makes one company after the other beside `path`."""
    for n in itertools.count():
        new = path.with_name(f"new{n}.vault")
        key, _ = create_key_file(new, PASSPHRASE, practice=True, cost=CHEAP)
        Vault.create(new, key, practice=True, migrations=migrations, place="local").close()
        say("done", n)


def main() -> None:
    """Reads the key and does what it is told until it is killed."""
    action, path, migrations = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    place = "share" if action.endswith("-share") else "local"
    key = VaultKey(bytes.fromhex(sys.stdin.readline()))
    clock = fixed_clock(NOON)
    say("begin")
    if action == "create":
        create(path, migrations)
    on_closed = {"rekey": rekey_again, "restore": restore_again, "passphrase": change_passphrases}
    if action in on_closed:
        on_closed[action](path, key)
    if action == "migrate":
        Vault.open(path, key, migrations=migrations, clock=clock, place="local")
        say("done")
        sys.stdin.read()  # waits to be killed
    vault = Vault.open(path, key, migrations=migrations, clock=clock, place=place)
    say("open")
    acts = {
        "draft": type_drafts, "seal": seal, "send": send, "live": rekey_while_open,
        "apart": keep_apart,
    }  # fmt: skip
    acts[action.partition("-")[0]](vault)


if __name__ == "__main__":
    main()
