"""個人番号 on their way from a person's hands into an envelope (DESIGN 7), and nowhere else.

They are asked for when a filing is sealed, held here in memory, put into the payload, and wiped. They
are no facts: no draft, log, setting, search or backup holds one. What is kept of the payload is said
in app.store.apart.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from types import TracebackType
from typing import NoReturn

from app.domain.errors import BadInput, Known
from app.domain.my_number import LENGTH, parse_my_number
from app.forms.payload import Package
from app.forms.redaction import redacted, still_holds
from app.store.rows import NewFiling

_DIGITS = re.compile(f"[0-9]{{{LENGTH},}}")


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody whose 個人番号 is asked for. `who` says 本人, 配偶者 or 被扶養者; `sentence` what for.

    `may_skip`: it may be left out (the 基礎年金番号 stands in its place); `skipping` says so, or why not,
    `skip_word` what that is called. `called` is the name of a place where no person is known. The
    other fields tell a row of a file from another.
    """

    key: str
    name: str = field(repr=False)
    kana: str = field(repr=False)
    birth: date | None = field(repr=False)
    number: str = field(repr=False)
    who: str
    sentence: str
    may_skip: bool
    skipping: str
    skip_word: str = "基礎年金番号で出す"
    called: str = ""

    @property
    def title(self) -> str:
        """Who it is, over the field."""
        return self.called or f"{self.name or '氏名はまだ'}さん({self.who})"


@dataclass(frozen=True, slots=True)
class FileRead:
    """What a file gave: `taken` numbers, `others` rows of people who are not asked; `bad` rows in words."""

    taken: int
    others: int
    bad: tuple[str, ...]


class MyNumbers:
    """The numbers of some people by member key, for one sealing. Use it as a context, or `wipe` it.

    Held as bytes that are overwritten by `wipe`. The texts given to the encoders are Python strings,
    which nobody can overwrite: they are left to the garbage collector, as short-lived as possible.
    Neither printed nor copied nor pickled.
    """

    __slots__ = ("_held", "_whose")

    def __init__(self) -> None:
        self._held: dict[str, bytearray] = {}
        self._whose: dict[int, str] = {}  # by Python's hash of this process, to find twins quickly

    def put(self, member: str, text: str) -> None:
        """Takes the number of a member as typed.

        Raises BadInput (which never repeats it): no number, or the number of another one here.
        """
        number = parse_my_number(text).encode("ascii")
        other = self._whose.get(hash(number), member)
        if other != member and self._held[other] == number:
            raise BadInput(
                "my-number-twice",
                "同じ個人番号が、ほかの人にも入っています。人を取りちがえていないか確かめてください。",
            )
        self.drop(member)
        self._held[member] = bytearray(number)
        self._whose[hash(number)] = member

    def drop(self, member: str) -> None:
        """Forgets the number of one member."""
        kept = self._held.pop(member, None)
        if kept is not None:
            self._whose.pop(hash(bytes(kept)), None)
            kept[:] = bytes(len(kept))

    def wipe(self) -> None:
        """Overwrites and forgets all of them."""
        for member in list(self._held):
            self.drop(member)

    @property
    def members(self) -> frozenset[str]:
        """Whose numbers are here."""
        return frozenset(self._held)

    def texts(self) -> dict[str, str]:
        """The numbers by member key, for the writer of a payload (Writing.my_numbers). Do not keep it."""
        return {member: kept.decode("ascii") for member, kept in self._held.items()}

    def __len__(self) -> int:
        return len(self._held)

    def __bool__(self) -> bool:
        return bool(self._held)

    def __contains__(self, member: object) -> bool:
        return member in self._held

    def __enter__(self) -> MyNumbers:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.wipe()

    def __repr__(self) -> str:
        return f"MyNumbers({len(self._held)})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("numbers are not written down")

    def __copy__(self) -> NoReturn:
        raise TypeError("numbers are not copied")

    def __deepcopy__(self, memo: object) -> NoReturn:
        raise TypeError("numbers are not copied")


def missing(
    asked: Iterable[Asked], numbers: MyNumbers | None, skipped: Collection[str] = ()
) -> tuple[Asked, ...]:
    """Who has neither a number nor a lawful skip yet."""
    return tuple(
        a
        for a in asked
        if not (numbers is not None and a.key in numbers) and not (a.may_skip and a.key in skipped)
    )


def refuse_missing(asked: Iterable[Asked], numbers: MyNumbers | None) -> None:
    """Raises Known for the first whose number must be given and is not; a lawful skip is no fault."""
    left = [a for a in missing(asked, numbers) if not a.may_skip]
    if left:
        whose = left[0].called or f"{left[0].name}さん"
        whose += f"ほか{len(left) - 1}人" if len(left) > 1 else ""
        raise Known("my-number-needed", f"{whose}の個人番号がまだありません。入れてください。")


def kept_apart(new: NewFiling, unsigned: Package, numbers: MyNumbers | None) -> NewFiling:
    """`new` as the vault keeps it where numbers stand in its envelope; `new` itself where none does.

    `new` is made as always, with the exact (signed) bytes that leave; `unsigned` is the same package
    before it was signed. The redacted copy is made from that one: a signature carries digests of the
    files, by which a number could be found by trying all of them.

    Raises ValueError (a bug) where a number would be left anywhere in what is kept.
    """
    texts = tuple(numbers.texts().values()) if numbers else ()
    copy = redacted(unsigned, texts)
    if copy is unsigned:
        _refuse(still_holds(new.envelope, texts))
    told = (new.title, new.subject, new.envelope_name, new.draft_id, *_strings(new.facts))
    known = frozenset(texts)
    _refuse(any(run in known for said in told for run in _runs(said)))
    if copy is unsigned:
        return new
    return replace(
        new, envelope=copy.zip_bytes, sha256=copy.sha256, apart=new.envelope, people=len(texts)
    )


def _runs(text: str) -> Iterator[str]:
    """Every twelve digits in a row of a text, overlapping ones too."""
    for run in _DIGITS.findall(text):
        yield from (run[at : at + LENGTH] for at in range(len(run) - LENGTH + 1))


def _refuse(left: bool) -> None:
    if left:
        raise ValueError("a number would be left in what is kept")


def _strings(value: object) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _strings(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _strings(part)
