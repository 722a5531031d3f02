"""The redacted copy: every number of the filing masked in every file, nothing else touched."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.clock import JST
from app.domain.filing import Capacity
from app.domain.my_number import MASK, check_digit
from app.forms.payload import pack
from app.forms.redaction import redacted, still_holds
from app.services.my_number import MyNumbers, kept_apart
from app.store.rows import NewFiling

NOON = datetime(2026, 7, 3, 12, 0, tzinfo=JST)
BODIES = st.text("0123456789", min_size=11, max_size=11).filter(lambda t: t.strip("0"))
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
ONE = "123456789018"


def slowly(text: str, numbers: list[str]) -> str:
    """Another way to the same: one number after the other, by text."""
    for number in numbers:
        text = re.sub(f"(?<![0-9]){number}(?![0-9])", MASK, text)
        wide = number.translate(WIDE)
        text = re.sub(f"(?<![０-９]){wide}(?![０-９])", "＊" * 12, text)
    return text


@given(
    st.lists(BODIES, min_size=1, max_size=3),
    st.lists(
        st.one_of(st.integers(0, 2), st.text("あﾈ0123456789,\r\n１２", max_size=9)), max_size=9
    ),
    st.sampled_from(["utf-8", "cp932"]),
    st.booleans(),
)
def test_only_the_numbers_are_masked(
    bodies: list[str], parts: list[int | str], coding: str, wide: bool
) -> None:
    numbers = [body + str(check_digit(body)) for body in dict.fromkeys(bodies)]
    said = "".join(
        f",{numbers[p % len(numbers)].translate(WIDE) if wide else numbers[p % len(numbers)]},"
        if isinstance(p, int)
        else p
        for p in parts
    )
    package = pack("X", (("X/a.csv", said.encode(coding)),))
    copy = redacted(package, numbers)
    ((_, content),) = copy.files
    assert content == slowly(said, numbers).encode(coding)
    assert not still_holds(content, numbers)
    assert (copy is package) == (content == package.files[0][1])
    assert len(copy.zip_bytes) == len(package.zip_bytes)


def filing(envelope: bytes, sha256: str, **more: object) -> NewFiling:
    told: dict[str, object] = {
        "draft_id": "", "procedure_id": "p", "edition": "1", "door": "egov", "company_name": "社",
        "corporate_number": "1180301018771", "account_id": "a", "capacity": Capacity.HONNIN,
        "subject": "", "title": "届", "facts": [], "envelope": envelope, "envelope_name": "p.zip",
        "sha256": sha256, "sealed_at": NOON, "practice": True,
    }  # fmt: skip
    return NewFiling(**(told | more))  # type: ignore[arg-type]


def test_a_filing_without_a_number_is_kept_as_always() -> None:
    package = pack("X", (("X/a.csv", b"nothing"),))
    new = filing(package.zip_bytes, package.sha256)
    with MyNumbers() as numbers:
        numbers.put("a", ONE)
        assert kept_apart(new, package, numbers) is new
    assert kept_apart(new, package, None) is new


def test_a_number_that_would_stay_in_what_is_kept_is_a_bug() -> None:
    package = pack("X", (("X/a.csv", ONE.encode()),))
    with MyNumbers() as numbers:
        numbers.put("a", ONE)
        good = filing(package.zip_bytes, package.sha256)
        kept = kept_apart(good, package, numbers)
        assert (kept.apart, kept.people) == (package.zip_bytes, 1)
        assert ONE.encode() not in kept.envelope
        for spoiled in (
            {"title": f"届 {ONE}"}, {"facts": [{"text": f"9{ONE}9"}]},
            {"facts": [{"rows": [{"a": ONE}]}]},
        ):  # fmt: skip
            with pytest.raises(ValueError, match="would be left"):
                kept_apart(filing(package.zip_bytes, package.sha256, **spoiled), package, numbers)
        other = pack("X", (("X/a.csv", b"no number before the signature"),))
        with pytest.raises(ValueError, match="would be left"):
            kept_apart(good, other, numbers)
