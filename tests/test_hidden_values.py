"""What no log line, traceback or failed assertion may show: secrets, and whole bodies of letters.

A dataclass prints its fields wherever it is printed. Those that hold a key, a token, a passphrase
or the bytes of a filing say `field(repr=False)`; this reads every dataclass of the program for it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

TELLING = frozenset({
    "basic", "body", "claims", "code", "content", "cookie", "cookies", "credentials", "csrf",
    "headers", "json", "key", "keys", "nonce", "otp", "params", "passphrase", "password",
    "raw", "recovery", "salt", "sealed", "secret", "seed", "token", "tokens", "verifier",
})  # fmt: skip
"""Words of a field's name that speak of something not to be shown."""

HARMLESS = ("bool", "int", "datetime")
"""Types that hold no secret whatever the name: whether, how much, when."""

SEEN = frozenset({
    "Acceptance.code", "Problem.code", "BandFace.code",  # what a check is called
    "FilingRow.twin_key", "NewFiling.twin_key", "Slot.key_id",  # digests and public names
    "Grant.key", "GrantChange.key", "Member.key", "Question.key",  # which grant, member, question
    "GrantDetail.body_kind", "GrantSheet.body_note",  # html or text; why there is none
    "Matrix.keys",  # which obligations
    "GrantLine.key", "Star.key", "Found.keys",  # which grant
    "Award.key", "TableRow.key", "WrittenRow.key",  # which award, which row
    "Asked.key",  # whose number, by the key of a member or a place
    "Entry.key", "Put.key", "Outcome.key",  # which control of a portal's page
    "Indicator.key", "IndicatorRow.key", "Industry.code",  # which indicator, which trade
    "Condition.params",  # what a published record says
    "Activity.raw",  # what a public register says of a company
    "Provider.token_endpoint",  # an address of the door
    "RegisterEntry.city_code", "RegisterEntry.post_code", "RegisterEntry.prefecture_code",
})  # fmt: skip
"""Read one by one: the name speaks of something else."""


def shown_fields(source: str) -> Iterator[str]:
    """ "Class.field" of each telling field which the dataclass would print."""
    for cls in ast.walk(ast.parse(source)):
        if not isinstance(cls, ast.ClassDef) or not any(map(_is_dataclass, cls.decorator_list)):
            continue
        for part in cls.body:
            if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name):
                kind = ast.unparse(part.annotation)
                words = set(part.target.id.strip("_").split("_"))
                telling = bool(words & TELLING) and kind not in HARMLESS
                if (telling or "bytes" in kind) and not _is_hidden(part.value):
                    yield f"{cls.name}.{part.target.id}"


def _is_dataclass(decorator: ast.expr) -> bool:
    return "dataclass" in ast.unparse(decorator)


def _is_hidden(value: ast.expr | None) -> bool:
    return isinstance(value, ast.Call) and any(
        k.arg == "repr" and isinstance(k.value, ast.Constant) and k.value.value is False
        for k in value.keywords
    )


def test_no_dataclass_prints_a_secret(root: Path) -> None:
    """The practice town stands apart: what it holds is invented."""
    found = {
        f"{path.relative_to(root)}: {name}"
        for path in sorted((root / "app").rglob("*.py"))
        if "sandbox" not in path.parts
        for name in shown_fields(path.read_text("utf-8"))
        if name not in SEEN
    }
    assert not found


def test_the_reviewed_names_are_still_there(root: Path) -> None:
    """A name that went away must not excuse another one later."""
    met = {
        name
        for path in (root / "app").rglob("*.py")
        for name in shown_fields(path.read_text("utf-8"))
    }
    assert met >= SEEN


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("access_token: str", True),
        ("access_token: str = field(default='')", True),
        ("access_token: str = field(repr=True)", True),
        ("access_token: str = field(default='', repr=False)", False),
        ("paper: bytes | None = None", True),
        ("secret: bool", False),
        ("title: str", False),
    ],
)
def test_the_reader_itself(line: str, shown: bool) -> None:
    source = f"@dataclass(frozen=True)\nclass Thing:\n    {line}\n"
    assert bool(list(shown_fields(source))) is shown


def test_the_worst_of_them_print_nothing() -> None:
    """The same once more by printing, for those whose loss would open a vault or an account."""
    from app.services.wire.client import _Call
    from app.services.wire.reply import Reply
    from app.store.key import VaultKey
    from app.store.rekey import Rekeyed

    reply = Reply(200, {"set-cookie": "sid=geheim"}, b'{"access_token": "geheim"}')
    assert "geheim" not in repr(reply)
    secret = {"client_secret": "geheim"}
    call = _Call(
        "POST", "http://127.0.0.1/?code=geheim", secret, secret, secret, secret, b"geheim",
        ("ichido", "geheim"), False, False, (), 1,
    )  # fmt: skip
    assert "geheim" not in repr(call)
    assert "geheim" not in repr(Rekeyed(VaultKey.generate(), "geheim", b"geheim"))
