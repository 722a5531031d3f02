"""What the calls to e-Gov are made of: numbers that can be such, days, a file in Base64."""

from __future__ import annotations

import base64
import re
from datetime import date
from typing import Any

from app.domain.errors import BadInput

PROC_ID = re.compile(r"[0-9A-Za-z]{16}|X-PRACTICE-[0-9A-Za-z]{5}")
"""A 手続ID: 16 letters and digits; those of the practice town alone have hyphens."""


def send_file(file_name: str, content: bytes) -> dict[str, Any]:
    """A file as e-Gov takes it."""
    return {"file_name": file_name, "file_data": base64.b64encode(content).decode("ascii")}


def days(date_from: date, date_to: date) -> dict[str, str]:
    """The query of both days and all between. Raises BadInput when they stand the wrong way."""
    if date_from > date_to:
        raise BadInput("egov-dates", "はじめの日が、終わりの日より後です。")
    return {"date_from": date_from.isoformat(), "date_to": date_to.isoformat()}


def check_number(shape: re.Pattern[str], text: str, name: str) -> None:
    """Raises BadInput for a number that cannot be one, before it gets into an address."""
    if not shape.fullmatch(text):
        raise BadInput("egov-number", f"{name}の形が合いません。書いてあるとおりに入れてください。")
