"""The checks of one field's value, compiled once from its definition, and substitutes applied.

What is impossible blocks, what is implausible warns; every sentence says what to do (LOOK 5).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING

from app.domain.canonical import canonical_json
from app.domain.characters import PROFILES, Profile, bad_characters, taken_whole
from app.facts.record import Blank, Value, encode_value
from app.forms.convert import in_units, sent
from app.forms.draft_parts import Problem
from app.forms.file_slots import file_checks

if TYPE_CHECKING:
    from app.forms.procedure import Field


Check = Callable[[Value], Problem | None]


def compile_checks(field: Field) -> Callable[[Value], tuple[Problem, ...]]:
    """A function that gives the problems of a value of `field`; built once a field."""
    checks: list[Check] = []
    profile = PROFILES[field.profile] if field.profile else None
    if field.kind in ("integer", "yen"):
        checks.extend(_number_checks(field))
    elif field.kind in ("choice", "choices", "consent"):
        checks.append(_choice_check(field))
        if field.kind == "consent":
            checks.append(_consent_check(field))
    elif field.kind in ("percent", "decimal"):
        checks.append(_decimal_check(field))
    elif field.kind == "file":
        checks.extend(file_checks(field))
    elif field.kind == "table":
        pass  # its rows are looked at one by one (app.forms.table_cells)
    elif field.kind not in ("date", "yes_no", "month"):
        if field.groups:
            checks.append(_digit_count(field))
        checks.append(_length_check(field))
        if field.kind == "phone":
            checks.append(_phone_check(field))
        if field.kind == "postal_code":
            checks.append(_postal_check(field))
        if field.kind == "person_name" or (field.kind == "kana" and field.parts):
            checks.append(_name_check(field))
        if profile is not None:
            checks.append(_character_check(field, profile))

    def run(value: Value) -> tuple[Problem, ...]:
        if isinstance(value, Blank):
            return ()
        found = [problem for check in checks if (problem := check(value)) is not None]
        return tuple(found)

    return run


def with_substitutes(field: Field, text: str) -> str:
    """`text` with each bad character replaced by its first lawful substitute, where there is one."""
    if not field.profile:
        return text
    bad = {b.index: b for b in bad_characters(text, PROFILES[field.profile])}
    return "".join(
        bad[i].substitutes[0] if i in bad and bad[i].substitutes else c for i, c in enumerate(text)
    )


def value_digest(*values: Value | None) -> str:
    """A digest under which a warning was accepted; it differs as soon as a value does."""
    plain = [None if value is None else encode_value(value) for value in values]
    return hashlib.sha256(canonical_json(plain)).hexdigest()


def _block(field: Field, code: str, sentence: str, note: str = "") -> Problem:
    return Problem(code, field.id, "block", sentence, note)


def _length_check(field: Field) -> Check:
    def check(value: Value) -> Problem | None:
        text = sent(field, value)
        if len(text) > field.max_length:
            over = len(text) - field.max_length
            return _block(
                field, "too-long", f"{field.max_length}字までです。あと {over}字減らしてください。"
            )
        if len(text) < field.min_length:
            return _block(
                field,
                "too-short",
                f"{field.min_length}字以上で入れてください。いま {len(text)}字あります。",
            )
        return None

    return check


def _digit_count(field: Field) -> Check:
    shape = "-".join(str(size) for size in field.groups)

    def check(value: Value) -> Problem | None:
        text = str(value)
        if not (text.isascii() and text.isdigit()):
            return _block(field, "not-digits", f"{field.label}は数字だけで入れてください。")
        if len(text) != field.digits:
            return _block(
                field,
                "digits-length",
                f"{field.label}は {field.digits}桁です。いま {len(text)}桁あります。",
                f"{shape} の順に並ぶ数字です。" if len(field.groups) > 1 else "",
            )
        return None

    return check


def _number_checks(field: Field) -> list[Check]:
    unit = field.unit_label

    def check(value: Value) -> Problem | None:
        number = in_units(int(value), field.unit) if isinstance(value, int) else None
        if number is None:
            return _block(field, "not-a-number", f"{field.label}は数字で入れてください。")
        low, high = field.minimum, field.maximum
        if (low is not None and number < low) or (high is not None and number > high):
            bounds = (
                f"{low:,}{unit} から {high:,}{unit} まで"
                if low is not None and high is not None
                else (f"{low:,}{unit} 以上" if low is not None else f"{high:,}{unit} まで")
            )
            return _block(
                field, "out-of-range", f"{field.label}は {bounds}です。この間で入れてください。"
            )
        if field.likely_max is not None and number > field.likely_max:
            return Problem(
                "implausible",
                field.id,
                "warn",
                f"{number:,}{unit}は、ふつうより大きな値です。桁を確かめてください。",
            )
        return None

    return [check]


def _choice_check(field: Field) -> Check:
    known = set(field.choice_labels)
    several = field.kind in ("choices", "consent")

    def check(value: Value) -> Problem | None:
        parts = str(value).split(",") if several else [str(value)]
        if all(part in known for part in parts):
            return None
        return _block(field, "choice-unknown", f"{field.label}は一覧から選んでください。")

    return check


def _consent_check(field: Field) -> Check:
    wanted = set(field.choice_labels)

    def check(value: Value) -> Problem | None:
        left = len(wanted - set(str(value).split(",")))
        if not left:
            return None
        return _block(
            field, "not-agreed", f"あと {left}つに同意が要ります。読んで、印を付けてください。"
        )

    return check


def _decimal_check(field: Field) -> Check:
    scale = 100 if field.kind == "percent" else 1
    sign = "%" if field.kind == "percent" else field.unit_label

    def check(value: Value) -> Problem | None:
        if isinstance(value, bool) or not isinstance(value, int | Fraction):
            return _block(field, "not-a-number", f"{field.label}は数字で入れてください。")
        number, low, high = value * scale, field.minimum, field.maximum
        if low is not None and number < low:
            return _block(
                field, "out-of-range", f"{field.label}は {low}{sign} 以上です。直してください。"
            )
        if high is not None and number > high:
            return _block(
                field, "out-of-range", f"{field.label}は {high}{sign} までです。直してください。"
            )
        return None

    return check


def _phone_check(field: Field) -> Check:
    def check(value: Value) -> Problem | None:
        if re.fullmatch(r"\d{1,5}-\d{1,4}-\d{3,5}", str(value)):
            return None
        return _block(
            field,
            "phone-shape",
            "市外局番、市内局番、加入者番号を「-」で区切ってください。",
            "例: 03-1234-5678",
        )

    return check


def _postal_check(field: Field) -> Check:
    def check(value: Value) -> Problem | None:
        if re.fullmatch(r"[0-9]{7}", str(value)):
            return None
        return _block(
            field, "postal-shape", "郵便番号は 7桁の数字です。123-4567 のように入れてください。"
        )

    return check


def _name_check(field: Field) -> Check:
    def check(value: Value) -> Problem | None:
        if len([part for part in re.split("[ \u3000]+", str(value)) if part]) == 2:
            return None
        return _block(
            field, "name-space", "姓と名のあいだに空白を一つ入れてください。", "例: 試験　太郎"
        )

    return check


def _character_check(field: Field, profile: Profile) -> Check:
    if profile.name != "any":
        taken_whole(profile)  # built here, once, and not at the first keystroke

    def check(value: Value) -> Problem | None:
        bad = bad_characters(sent(field, value), profile)
        return (
            character_problem(field, profile, bad[0].character, bad[0].substitutes) if bad else None
        )

    return check


def character_problem(
    field: Field, profile: Profile, character: str, substitutes: tuple[str, ...]
) -> Problem:
    """The problem of one letter the door does not take, with the remedy in its sentence."""
    where = profile.door or "この欄"
    if substitutes:
        sentence = (
            f"「{character}」は {where} で使えない字です。「{substitutes[0]}」に替えて送れます。"
        )
        note = "本当の字は記録に残ります。"
    elif profile.only.startswith("kana"):
        sentence = f"「{character}」はフリガナに使えません。カタカナで入れてください。"
        note = ""
    else:
        sentence = f"「{character}」は {where} で使えない字です。別の字で入れてください。"
        note = "住民票などの字と違ってもかまいません。備考にそのことを書けます。"
    return Problem("bad-character", field.id, "block", sentence, note, character, substitutes)
