"""Names as they are shown: a company with and without its kind."""

from __future__ import annotations

from typing import Final

_KINDS: Final = (
    "株式会社",
    "有限会社",
    "合同会社",
    "合名会社",
    "合資会社",
    "一般社団法人",
    "一般財団法人",
    "医療法人",
    "社会福祉法人",
    "特定非営利活動法人",
)


def short_name(name: str) -> str:
    """The name without its kind of company: 株式会社みなと製菓 → みなと製菓."""
    return split_name(name)[1]


def split_name(name: str) -> tuple[str, str]:
    """The kind of company and the rest; ("", name) when no kind is in it."""
    for kind in _KINDS:
        if name.startswith(kind) and len(name) > len(kind):
            return kind, name[len(kind) :].strip()
        if name.endswith(kind) and len(name) > len(kind):
            return kind, name[: -len(kind)].strip()
    return "", name
