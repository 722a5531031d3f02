"""個人番号: the check digit, what a person may type, and that no sentence repeats it."""

from __future__ import annotations

import copy
import pickle

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.domain.errors import BadInput
from app.domain.my_number import (
    LENGTH,
    MASK,
    check_digit,
    fits,
    is_named,
    parse_my_number,
    without_my_numbers,
)
from app.sandbox import my_number as town
from app.services.my_number import MyNumbers

BODIES = st.text("0123456789", min_size=11, max_size=11)
# P and Q of the ordinance written out, first digit to last: Q of n = 11 … 1.
_Q = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)


def by_the_table(body: str) -> int:
    """The check digit worked out another way: with the weights in a row."""
    rest = sum(int(p) * q for p, q in zip(body, _Q, strict=True)) % 11
    return {0: 0, 1: 0}.get(rest, 11 - rest)


@pytest.mark.parametrize("number", ["123456789018", "000000000019", "999999999996"])
def test_known_numbers_fit(number: str) -> None:
    assert int(number[-1]) == by_the_table(number[:-1])
    assert fits(number)
    assert parse_my_number(number) == number


@given(BODIES)
def test_the_rule_is_that_of_the_ordinance(body: str) -> None:
    assert check_digit(body) == by_the_table(body)
    fitting = [last for last in "0123456789" if fits(body + last)]
    assert fitting == [str(by_the_table(body))]


@given(BODIES, st.integers(0, 10), st.integers(1, 9))
def test_one_wrong_digit_is_found_but_between_the_two_remainders_of_zero(
    body: str, place: int, more: int
) -> None:
    """The remainders 0 and 1 share the digit 0, so the law's own rule lets some slips through."""
    wrong = body[:place] + str((int(body[place]) + more) % 10) + body[place + 1 :]
    number = body + str(check_digit(body))
    slipped = number[-1] == "0" and by_the_table(wrong) == 0
    assert fits(wrong + number[-1]) == slipped


@given(BODIES, st.lists(st.sampled_from([" ", "-", "　", "－", "ー"]), max_size=4))
def test_what_a_person_types_is_taken(body: str, between: list[str]) -> None:
    assume(body.strip("0"))
    number = body + str(check_digit(body))
    typed = number.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    for place, sign in enumerate(between, 1):
        typed = typed[: place * 4] + sign + typed[place * 4 :]
    assert parse_my_number(typed) == number


@given(st.text("0123456789", min_size=12, max_size=12))
def test_the_practice_town_wrote_the_rule_for_itself_and_agrees(digits: str) -> None:
    assert town.wrong(digits) == (digits not in town.EXAMPLES and not fits(digits))


@given(BODIES)
def test_the_practice_town_takes_every_number_that_can_exist(body: str) -> None:
    assert not town.wrong(body + str(by_the_table(body)))


def refusal(text: str) -> str:
    """What is said against a text; "" where it is a number."""
    try:
        assert fits(parse_my_number(text))
    except BadInput as wrong:
        return wrong.sentence
    return ""


@given(st.text(max_size=30))
def test_no_sentence_repeats_what_was_typed(text: str) -> None:
    digits = "".join(c for c in text if c.isascii() and c.isdigit())
    said = refusal(text)
    assert not said or said.endswith("。")
    assert len(digits) < 4 or digits not in said


@pytest.mark.parametrize(("code", "text"), [
    ("my-number-missing", "　"), ("my-number-length", "12345678901"),
    ("my-number-length", "1234567890123"), ("my-number-not-digits", "12345678901X"),
    ("my-number-check-digit", "123456789012"),
    ("my-number-check-digit", "000000000000"), ("my-number-not-digits", "①23456789018a"),
])  # fmt: skip
def test_each_fault_has_its_code(code: str, text: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse_my_number(text)
    assert caught.value.code == code


@given(BODIES, st.text("あ。/ 個人番号:「」", max_size=12), st.text("あ。/ 」", max_size=12))
def test_a_number_is_masked_in_what_a_door_says(body: str, before: str, after: str) -> None:
    number = body + str(check_digit(body))
    wide = number.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    for said in (number, wide, f"{number[:4]}-{number[4:8]}-{number[8:]}"):
        told = without_my_numbers(f"{before}{said}{after}")
        assert MASK in told
        assert not any(c.isdigit() for c in told)
    assert len(MASK) == LENGTH


@pytest.mark.parametrize("said", ["9002026000002796", "1180301018771", "202607031201000001"])
def test_longer_numbers_stay(said: str) -> None:
    assert without_my_numbers(f"到達番号 {said}") == f"到達番号 {said}"


def test_headings_that_speak_of_it() -> None:
    assert all(map(is_named, ("個人番号（ﾏｲﾅﾝﾊﾞｰ）", "マイ ナンバー", "My Number")))
    assert not any(map(is_named, ("個人事業", "基礎年金番号")))


def test_numbers_are_held_hidden_and_wiped() -> None:
    held = MyNumbers()
    held.put("a", "1234 5678 9018")
    with pytest.raises(BadInput) as caught:
        held.put("b", "123456789018")
    assert caught.value.code == "my-number-twice"
    held.put("a", "123456789018")  # the same again for the same one
    kept = held._held["a"]
    assert (held.texts(), held.members, len(held), "a" in held) == (
        {"a": "123456789018"}, {"a"}, 1, True,
    )  # fmt: skip
    assert "1234" not in repr(held) + str(held)
    for act in (copy.copy, copy.deepcopy, pickle.dumps):
        with pytest.raises(TypeError):
            act(held)
    with held:
        held.put("c", "999999999996")
    assert kept == bytes(12)
    assert not held
    with pytest.raises(BadInput):
        held.put("a", "1")
    assert "a" not in held
