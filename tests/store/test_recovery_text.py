"""The recovery key on paper: what a hand may change, and that every slip is named."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import VaultFault
from app.store.key import VaultKey
from app.store.recovery import ALPHABET, key_from_recovery, recovery_text

KEYS = st.binary(min_size=32, max_size=32).map(VaultKey)


@given(KEYS)
def test_typed_back_in_any_manner(key: VaultKey) -> None:
    text = recovery_text(key)
    full_width = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)
    loose = text.lower().replace("-", " ー ").replace("0", "o").replace("1", "l")
    for typed in (text, full_width, loose, text.replace("-", "").replace("\n", "")):
        assert key_from_recovery(typed) == key


@given(KEYS, st.integers(0, 69), st.integers(1, 31))
def test_a_wrong_letter_names_its_group(key: VaultKey, place: int, shift: int) -> None:
    letters = recovery_text(key).replace("-", "").replace("\n", "")
    wrong = ALPHABET[(ALPHABET.index(letters[place]) + shift) % 32]
    with pytest.raises(VaultFault) as caught:
        key_from_recovery(letters[:place] + wrong + letters[place + 1 :])
    line, column = divmod(place // 5, 4)
    assert caught.value.code == "recovery_group"
    assert f"{line + 1}行目、左から{column + 1}組目" in caught.value.sentence
    assert letters[:5] not in str(caught.value)


@given(KEYS, st.integers(0, 12))
def test_swapped_groups_are_named(key: VaultKey, first: int) -> None:
    groups = recovery_text(key).replace("\n", "-").split("-")
    groups[first], groups[first + 1] = groups[first + 1], groups[first]
    if groups[first] != groups[first + 1]:
        with pytest.raises(VaultFault, match="recovery_group"):
            key_from_recovery("-".join(groups))


@given(KEYS, st.integers(0, 68))
def test_two_letters_exchanged_are_seen(key: VaultKey, at: int) -> None:
    letters = recovery_text(key).replace("-", "").replace("\n", "")
    typed = letters[:at] + letters[at + 1] + letters[at] + letters[at + 2 :]
    if typed != letters:
        with pytest.raises(VaultFault):
            key_from_recovery(typed)


@given(st.text(max_size=120))
def test_any_text_is_answered_with_a_sentence(text: str) -> None:
    with pytest.raises(VaultFault) as caught:
        key_from_recovery(text)
    assert caught.value.sentence.endswith("。")


def test_too_little_too_much_and_a_missing_letter() -> None:
    text = recovery_text(VaultKey.generate())
    with pytest.raises(VaultFault, match="recovery_short"):
        key_from_recovery(text[:40])
    with pytest.raises(VaultFault, match="recovery_long"):
        key_from_recovery(text + "-ABCDE")
    with pytest.raises(VaultFault, match="1行目、左から2組目"):
        key_from_recovery(text[:6] + text[7:])


def test_decoded_without_this_program() -> None:
    """As docs/vault-format.md tells it: drop each fifth letter, read base32."""
    key = VaultKey.generate()
    letters = recovery_text(key).replace("-", "").replace("\n", "")
    kept = "".join(c for at, c in enumerate(letters) if at % 5 != 4)
    rfc4648 = kept.translate(str.maketrans(ALPHABET, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"))
    assert base64.b32decode(rfc4648)[1:33] == key.raw()
