"""法人番号: thirteen digits whose first is a check digit.

法人番号の指定に関する省令 (平成26年財務省令第70号) 第2条: 9 − (Σ PnQn mod 9), n counted from the
right of the twelve-digit body, Q = 1 for odd n and 2 for even n.
"""

from __future__ import annotations

import unicodedata

from app.domain.errors import BadInput


def check_digit(body: str) -> int:
    """The check digit (1 to 9) of a twelve-digit body."""
    total = sum(int(d) * (1 if n % 2 else 2) for n, d in enumerate(reversed(body), start=1))
    return 9 - total % 9


def parse_corporate_number(text: str) -> str:
    """Thirteen ASCII digits out of what a person typed.

    Full-width digits, spaces, hyphens and the T of an invoice number are taken.

    Raises:
        BadInput: not thirteen digits, or the check digit does not fit.
    """
    plain = unicodedata.normalize("NFKC", text).strip().upper().removeprefix("T")
    plain = "".join(c for c in plain if c not in " -‐‑–−ー")
    if not plain:
        raise BadInput("number-missing", "法人番号がまだありません。13桁の数字です。")
    if not (plain.isascii() and plain.isdigit()):
        raise BadInput("number-not-digits", "法人番号は数字だけで入れてください。13桁です。")
    if len(plain) != 13:
        raise BadInput("number-length", f"法人番号は 13桁です。いま {len(plain)}桁あります。")
    if int(plain[0]) != check_digit(plain[1:]):
        raise BadInput(
            "number-check-digit", "法人番号の数字が合いません。1桁ずつ見くらべてください。"
        )
    return plain
