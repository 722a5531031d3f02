"""The commands of the command line; none of them opens a window or imports Qt.

main.py check                      is this installation whole? (starts the window probe as a child)
main.py check --vault VAULT        looks a company's file over (asks for the passphrase)
main.py town [OPTIONS]             the practice town; prints its endpoints as JSON
main.py pack check DIR             reads a procedure's folder and names what is wrong in it
main.py prove VAULT FILING ZIP     writes the proof of a filing (asks for the passphrase)
main.py verify ZIP                 checks a proof file
"""

from __future__ import annotations

import getpass
import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from app.domain.errors import Known

COMMANDS = frozenset({"check", "town", "pack", "prove", "verify", "help", "--help", "-h"})


@dataclass(frozen=True)
class Commands:
    """What bootstrap hands in: each is built only when its command is asked for."""

    resources: Path
    probe: Sequence[str]
    town: Callable[[list[str]], int]
    prove: Callable[[Path, str, str, Path], Path]
    look_over: Callable[[Path, str], list[str]]


def run(arguments: list[str], commands: Commands) -> int:
    """Runs one command and gives the exit code: 0 good, 1 something is wrong, 2 not understood."""
    try:
        match arguments:
            case ["check"]:
                return _check(commands)
            case ["check", "--vault", vault]:
                return _check_vault(commands, Path(vault))
            case ["town", *rest]:
                return commands.town(rest)
            case ["pack", "check", folder]:
                return _pack_check(Path(folder), commands.resources)
            case ["prove", vault, filing, target]:
                passphrase = getpass.getpass("合言葉: ")
                print(commands.prove(Path(vault), filing, passphrase, Path(target)))
                return 0
            case ["verify", file]:
                return _verify(Path(file))
            case ["help" | "--help" | "-h"]:
                print(__doc__)
                return 0
            case _:
                print(__doc__, file=sys.stderr)
                return 2
    except Known as fault:
        print(fault.sentence, file=sys.stderr)
        return 1


def _verify(file: Path) -> int:
    from app.services.proof import verify_proof

    verdict = verify_proof(file)
    if verdict.practice:
        print("練習の証明ファイルです。役所には出ていません。")
    for good, sentence in verdict.lines:
        print(("○ " if good else "× ") + sentence)
    print("すべて合いました。" if verdict.sound else "合わないところがあります。")
    return 0 if verdict.sound else 1


def _pack_check(folder: Path, resources: Path) -> int:
    from app.facts.catalogue import load_catalogue
    from app.forms.packs import check_pack

    faults = check_pack(folder, load_catalogue(resources))
    for fault in faults:
        print(fault)
    if not faults:
        print("この手続のフォルダーは、きちんと読めます。")
    return 1 if faults else 0


def _check(commands: Commands) -> int:
    """One line a part, and the probe of window and browser in a child (a crash stays there)."""
    rows: list[tuple[str, bool, str]] = [
        ("暗号化した金庫", *_try(_cipher)),
        ("手続のフォルダー", *_try(lambda: _procedures(commands.resources))),
    ]
    told = _probe(commands.probe)
    note = str(told.get("window_note", "")) or "ウィンドウを開ける画面が見つかりません"
    rows.append(("ウィンドウ", bool(told.get("window")), note))
    embedded = bool(told.get("browser"))
    note = (
        str(told.get("browser_note", ""))
        or "ここでは使えません。いつものブラウザーでサインインします"
    )
    for name, good, why in rows:
        print(f"{'○' if good else '×'} {name}{'  ' + why if why else ''}")
    print(f"{'○' if embedded else '△'} 組み込みブラウザー{'  ' + note if note else ''}")
    return 0 if all(good for _, good, _ in rows) else 1


def _check_vault(commands: Commands, vault: Path) -> int:
    """One line a finding; says also that there is none."""
    found = commands.look_over(vault, getpass.getpass("合言葉: "))
    for sentence in found:
        print(f"× {sentence}")
    if not found:
        print("○ 会社のファイル、記録、提出の記録は、そろっていて変わっていません。")
    return 1 if found else 0


def _probe(command: Sequence[str]) -> dict[str, object]:
    """What app.views.probe could tell in a child: the last of its JSON lines holds all of it.

    A child that dies (Chromium without its sandbox, as root) or hangs has told what it knew until then.
    """
    try:
        done = subprocess.run(
            [*command], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=60, check=False
        )
        output = done.stdout
    except subprocess.TimeoutExpired as late:
        output = late.stdout or b""
    except OSError:
        output = b""
    told: dict[str, object] = {}
    for line in output.decode("utf-8", "replace").splitlines():
        with suppress(ValueError):
            said = json.loads(line)
            if isinstance(said, dict) and "window" in said:
                told = said
    return told


def _try(part: Callable[[], str]) -> tuple[bool, str]:
    try:
        return True, part()
    except Exception as fault:
        return False, f"{type(fault).__name__}: {fault}"


def _cipher() -> str:
    from app.store.cipher import cipher_version

    return cipher_version()


def _procedures(resources: Path) -> str:
    from app.facts.catalogue import load_catalogue
    from app.forms.library import ProcedureLibrary

    library = ProcedureLibrary(resources, load_catalogue(resources))
    titles = [library.load(entry.id).title for entry in library.entries()]
    return f"{len(titles)}件"
