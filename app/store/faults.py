"""The vault's faults as sentences, and the one place where SQLite's and the system's faults become them."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlcipher3 import dbapi2

from app.domain.errors import VaultFault

SENTENCES: Final[dict[str, str]] = {
    # keys
    "wrong_passphrase": "合言葉がちがいます。入れ直してください。",
    "empty_passphrase": "合言葉がまだありません。8文字以上を目安に決めてください。",
    "long_passphrase": "合言葉は1,024文字までです。短くしてください。",
    "wrong_secret": "このパソコンの鍵では開きません。合言葉で開いてください。",
    "wrong_identity": "この鍵では開きません。合言葉で開いてください。",
    "bad_recipient": "age の宛先として読めません。age1 で始まる文字を確かめてください。",
    "no_such_slot": "この開き方は登録されていません。合言葉で開いてください。",
    "last_slot": "これを外すと開けなくなります。先に新しい合言葉を決めてください。",
    "keys_full": "開き方は16通りまでです。使わない宛先を外してから足してください。",
    "keys_missing": "鍵ファイル(.keys)が見つかりません。復旧キーで開けます。",
    "keys_damaged": "鍵ファイル(.keys)が読めません。控えから戻すか、復旧キーで開いてください。",
    "keys_newer": "鍵ファイルは新しい版の一度で作られています。一度を新しくしてから開いてください。",
    "keys_altered": "鍵ファイル(.keys)が書き替えられています。控えから戻すか、復旧キーで開いてください。",
    "keys_costly": "鍵ファイル(.keys)の計算の重さが決まりを超えています。控えから戻してください。",
    "keys_of_other_vault": "鍵ファイル(.keys)がこの会社のものと合いません。組になるファイルを同じ所に置いてください。",
    "keys_already_there": "同じ名前の鍵ファイルがもうあります。別の名前にしてください。",
    "recovery_short": "復旧キーが途中までです。紙の14組をすべて入れてください。",
    "recovery_long": "復旧キーが長すぎます。紙の14組だけを入れてください。",
    "recovery_of_other_vault": "この復旧キーは、この会社の今の鍵のものではありません。新しい紙を確かめてください。",
    "recovery_version": "この復旧キーは新しい版の一度のものです。一度を新しくしてから使ってください。",
    # the file
    "vault_missing": "会社のファイルが見つかりません。移したり消したりした場合は、元の所に戻してください。",
    "vault_gone": "会社のファイルが元の所からなくなりました。フォルダーを戻してから、開き直してください。",
    "vault_already_there": "同じ名前の会社のファイルがもうあります。別の名前にしてください。",
    "folder_missing": "会社のファイルを置くフォルダーが見つかりません。フォルダーを戻すか、別の所を選んでください。",
    "damaged": "会社のファイルが傷んでいます。ファイルはそのままにしてあります。控えから戻してください。",
    "key_does_not_fit": "この鍵では開きません。復旧キーと会社の組み合わせを確かめてください。",
    "not_ours": "これは一度の会社のファイルではありません。ファイルを選び直してください。",
    "newer_file": "会社のファイルは新しい版の一度で作られています。一度を新しくしてから開いてください。",
    "cannot_open": "会社のファイルが開けません。フォルダーがあるか、開く許可があるかを確かめてください。",
    "disk_full": "ディスクがいっぱいで書けません。空きを作ってから、もう一度してください。前に保存したものは残っています。",
    "read_only": "この場所には書けません。フォルダーの書き込みの許可を確かめてください。",
    "no_permission": "この場所を開く許可がありません。フォルダーの許可を確かめてください。",
    "disk_trouble": "ディスクがうまく読み書きできません。機器のつながりを確かめて、開き直してください。",
    "busy": "ほかの書き込みが終わりません。少し待ってから、もう一度してください。",
    "closed": "この会社は閉じています。開き直してください。",
    "mode_differs": "練習と本番の印が合いません。練習の会社は本番に、本番の会社は練習に変えられません。",
    "migration_failed": "新しい形に移せませんでした。ファイルは元のままです。一度を元の版に戻すか、控えを確かめてください。",
    "records_altered": "記録のつながりが合いません。記録が外から書き替えられています。控えと比べてください。",
    "filing_altered": "提出の記録のつながりが合いません。外から書き替えられています。控えと比べてください。",
    "not_found": "探しているものが会社のファイルにありません。画面を開き直してください。",
    "numbers_gone": "この封の個人番号は、もうありません(手続が終わったか、控えから戻したためです)。封を解いて、もう一度封をしてください。",
    # backups
    "backup_missing": "控えのファイルが見つかりません。別の控えを選んでください。",
    "backup_damaged": "この控えは傷んでいて戻せません。別の控えを選んでください。今のファイルはそのままです。",
    "backup_of_other_vault": "この控えは別の会社のものです。今のファイルはそのままです。",
    # filings
    "twin_in_flight": "同じ届出がまだ返事を待っています。その結果が分かってから送れます。",
    "receipt_taken": "この到達番号は、別の提出の控えに使われています。番号を確かめてください。",
}
"""Every code of the store with its sentence, all but those that name a person or a place."""


def fault(code: str) -> VaultFault:
    """The fault of this code, with its sentence."""
    return VaultFault(code, SENTENCES[code])


_HARDLY_ANYTHING: Final = 64 * 1024  # bytes; SQLite's shared memory alone takes 32 KiB

_BY_ERRNO: Final[dict[int, str]] = {
    errno.ENOSPC: "disk_full",
    errno.EDQUOT: "disk_full",
    errno.EFBIG: "disk_full",
    errno.EROFS: "read_only",
    errno.EACCES: "no_permission",
    errno.EPERM: "no_permission",
    errno.ENOENT: "folder_missing",
    errno.ENOTDIR: "folder_missing",
}

# SQLite primary result codes (https://www.sqlite.org/rescode.html).
_BY_RESULT: Final[dict[int, str]] = {
    3: "no_permission",  # PERM
    5: "busy",  # BUSY
    6: "busy",  # LOCKED
    8: "read_only",  # READONLY
    10: "disk_trouble",  # IOERR
    11: "damaged",  # CORRUPT
    13: "disk_full",  # FULL
    14: "cannot_open",  # CANTOPEN
    23: "no_permission",  # AUTH
    26: "damaged",  # NOTADB
}

_BY_TEXT: Final[dict[str, str]] = {
    "database or disk is full": "disk_full",
    "attempt to write a readonly database": "read_only",
    "database is locked": "busy",
    "disk I/O error": "disk_trouble",
    "unable to open database file": "cannot_open",
    "database disk image is malformed": "damaged",
    "file is not a database": "damaged",
}


def from_os(problem: OSError) -> VaultFault:
    """What a fault of the operating system means for the vault."""
    return fault(_BY_ERRNO.get(problem.errno or 0, "disk_trouble"))


def code_of(problem: dbapi2.Error) -> str | None:
    """The code for a foreseen fault of SQLite, or None when it is a bug of ours."""
    result = getattr(problem, "sqlite_errorcode", None)
    if result is not None:
        return _BY_RESULT.get(int(result) & 0xFF)
    # backup() raises without a code, but with SQLite's fixed English text for it.
    return _BY_TEXT.get(str(problem))


def _looked_at(code: str, near: Path) -> str:
    """A sharper code for "could not open or write": SQLite does not say why, the place does."""
    folder = near.parent
    if not folder.is_dir():
        return "folder_missing"
    if shutil.disk_usage(folder).free < _HARDLY_ANYTHING:
        return "disk_full"
    return code if os.access(folder, os.W_OK) else "read_only"


@contextmanager
def as_faults(near: Path | None = None) -> Iterator[None]:
    """Turns foreseen faults of SQLite and of the system into VaultFault; lets bugs through.

    `near` is the file that is worked on: it is looked at where SQLite only says "I/O error".
    The cause is cut off (`from None`): a traceback of SQLite could show a statement's values.
    """
    try:
        yield
    except dbapi2.Error as problem:
        code = code_of(problem)
        if code is None:
            raise
        if near is not None and code in ("cannot_open", "disk_trouble"):
            code = _looked_at(code, near)
        raise fault(code) from None
    except OSError as problem:
        raise from_os(problem) from None
