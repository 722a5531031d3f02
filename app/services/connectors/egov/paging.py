"""Reading a whole list. A filing is settled by what is listed, so a list is complete or a fault."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar

from app.domain.errors import NoAnswer
from app.services.connectors.egov.call import DOOR, Caller
from app.services.connectors.egov.shape import Misshapen, Shape
from app.services.wire import unread

_T = TypeVar("_T")
_MOST_PAGES = 400
_ATTEMPTS = 3


def whole_list(
    caller: Caller,
    path: str,
    query: dict[str, str],
    *,
    key: str,
    read: Callable[[Shape], _T],
    identity: Callable[[_T], Hashable],
    page_size: int = 50,
) -> list[_T]:
    """Every row of a list call, in the door's order, each once.

    `offset` is a page number from 1. Where a door counts pages from 0 (the reference is ambiguous),
    the first page is still missing at the end, and page 0 is asked for too.

    Raises:
        NoAnswer: the list kept changing, or its pages do not add up to the count it states.
    """
    for _ in range(_ATTEMPTS):
        rows, stated = _pass(caller, path, query, key, read, identity, page_size)
        if len(rows) == stated:
            return list(rows.values())
    raise NoAnswer(
        "egov-list-incomplete",
        "e-Gov の一覧を終わりまで読めませんでした。時間をおいて、もう一度お試しください。",
    )


def _pass(
    caller: Caller,
    path: str,
    query: dict[str, str],
    key: str,
    read: Callable[[Shape], _T],
    identity: Callable[[_T], Hashable],
    page_size: int,
) -> tuple[dict[Hashable, _T], int]:
    """One reading of all pages: the rows found, and the count the door stated (−1: it changed)."""
    rows: dict[Hashable, _T] = {}
    stated = 0
    for page in range(1, _MOST_PAGES + 1):
        found, all_count = _page(caller, path, query, key, read, page, page_size)
        if page > 1 and all_count != stated:
            return rows, -1
        stated = all_count
        rows.update((identity(row), row) for row in found)
        if len(rows) >= stated or not found:
            break
    if len(rows) < stated:
        first, all_count = _page(caller, path, query, key, read, 0, page_size)
        rows = {identity(row): row for row in first} | rows
        stated = stated if all_count == stated else -1
    return rows, stated


def _page(
    caller: Caller,
    path: str,
    query: dict[str, str],
    key: str,
    read: Callable[[Shape], _T],
    page: int,
    page_size: int,
) -> tuple[list[_T], int]:
    reply = caller.get(path, query | {"limit": str(page_size), "offset": str(page)}, large=True)
    try:
        answer = Shape(reply.json(), "answer")
        found = [read(item) for item in answer.inner("results").each(key)]
        stated = answer.inner("resultset").number("all_count")
    except Misshapen:
        raise unread(DOOR, True, reply.status) from None
    return found, stated
