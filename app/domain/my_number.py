"""個人番号 (My Number): twelve digits whose last is a check digit, and how a text is rid of them.

行政手続における特定の個人を識別するための番号の利用等に関する法律施行令第八条の規定による検査用数字を定める省令
(平成26年総務省令第85号) 5条: 11 − (Σ PnQn mod 11), and 0 where that remainder is 0 or 1; n counted from
the right of the eleven digits before it, Q = n + 1 for n up to 6 and n − 5 above.

No sentence and no exception here ever repeats what was typed.
"""

from __future__ import annotations

import re
import unicodedata

from app.domain.errors import BadInput

LENGTH = 12
MASK = "*" * LENGTH
"""What stands in a redacted copy in the place of a number: as long, and no digit."""

_BODY = LENGTH - 1
_BETWEEN = frozenset(" -‐‑–−ー　\t")
_RUN = re.compile(r"(?<!\d)\d(?:[ \-‐‑–−ー　]?\d){11}(?!\d)")


def check_digit(body: str) -> int:
    """The check digit (0 to 9) of the eleven digits before it."""
    total = sum(
        int(digit) * (n + 1 if n <= 6 else n - 5) for n, digit in enumerate(reversed(body), start=1)
    )
    rest = total % 11
    return 0 if rest <= 1 else 11 - rest


def fits(digits: str) -> bool:
    """Whether a text is twelve ASCII digits, the last of which is their check digit."""
    shaped = len(digits) == LENGTH and digits.isascii() and digits.isdigit()
    return shaped and int(digits[_BODY]) == check_digit(digits[:_BODY])


def is_named(heading: str) -> bool:
    """Whether the heading of a column, or the name of a form's field, speaks of 個人番号."""
    plain = "".join(unicodedata.normalize("NFKC", heading).casefold().split())
    return any(word in plain for word in ("個人番号", "マイナンバー", "mynumber"))


def parse_my_number(text: str) -> str:
    """Twelve ASCII digits out of what a person typed; full-width digits, spaces and hyphens are taken.

    Raises:
        BadInput: nothing, not twelve digits, or the check digit does not fit. The sentence does not
            say what was typed.
    """
    plain = "".join(c for c in unicodedata.normalize("NFKC", text) if c not in _BETWEEN)
    if not plain.strip():
        raise BadInput("my-number-missing", "個人番号がまだありません。12桁の数字です。")
    if not (plain.isascii() and plain.isdigit()):
        raise BadInput("my-number-not-digits", "個人番号は数字だけで入れてください。12桁です。")
    if len(plain) != LENGTH:
        raise BadInput("my-number-length", f"個人番号は 12桁です。いま {len(plain)}桁あります。")
    if not fits(plain) or not plain.strip("0"):  # twelve zeros check, and are nobody's
        raise BadInput(
            "my-number-check-digit",
            "個人番号の数字が合いません。カードか通知書と 1桁ずつ見くらべてください。",
        )
    return plain


def without_my_numbers(text: str) -> str:
    """`text` with everything that looks like a 個人番号 (twelve digits in a row) masked.

    For what a door says about a filing that held one: it may repeat the value it refuses.
    """
    return _RUN.sub(MASK, text)
