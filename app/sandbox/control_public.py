"""The part of the control API that is about public data: the grants and the corporate facts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.requests import Request

from app.sandbox.gbizinfo import GBizInfo
from app.sandbox.jgrants import SHORT, JGrants
from app.sandbox.jgrants_composed import PRACTICE

Order = dict[str, Any]


class PublicControl:
    """Calls under /control/jgrants and /control/gbizinfo."""

    def __init__(self, grants: JGrants, facts: GBizInfo) -> None:
        """The two services that are controlled."""
        self._grants = grants
        self._facts = facts

    def table(self) -> list[tuple[str, str, Callable[[Request, Order], Any]]]:
        """Method, path and call of each."""
        return [
            ("GET", "jgrants", self.grants),
            ("POST", "jgrants", self.grants),
            ("POST", "jgrants/load", self.load),
            ("POST", "jgrants/record", self.record),
            ("POST", "jgrants/remove", self.remove),
            ("GET", "gbizinfo", self.facts),
            ("POST", "gbizinfo", self.facts),
            ("POST", "gbizinfo/company", self.company),
            ("POST", "gbizinfo/remove", self.without),
        ]

    def grants(self, request: Request, order: Order) -> Order:
        """POST {rate, short_keyword, big: {id, megabytes}}: switches; gives what there is."""
        del request
        api = self._grants
        if "rate" in order:
            api.rate = _whole(order["rate"], "rate")
        if "short_keyword" in order:
            if order["short_keyword"] not in SHORT:
                raise ValueError(f"short_keyword must be one of {', '.join(SHORT)}")
            api.short_keyword = order["short_keyword"]
        if "big" in order:
            big = order["big"] or {}
            api.big = {}
            if big:
                api.big[str(big["id"])] = int(float(big.get("megabytes", 40)) * 1_000_000)
        book = api.book
        return {
            "held": len(book.records()),
            "rate": api.rate,
            "short_keyword": api.short_keyword,
            "big": api.big,
            "practice": PRACTICE,
            "composed": book.composed_ids(),
            "kinds": book.kinds,
        }

    def load(self, request: Request, order: Order) -> Order:
        """POST {records, details, replace}: put real or other records behind the API."""
        del request
        return dict(self._grants.book.load(order))

    def record(self, request: Request, order: Order) -> Order:
        """POST {id, changes}: change one grant, in the list and in its details."""
        del request
        changes = order["changes"]
        if not isinstance(changes, dict):
            raise ValueError("changes must be an object")
        return {"record": self._grants.book.change(_known(order, self._grants), changes)}

    def remove(self, request: Request, order: Order) -> Order:
        """POST {ids}: take grants away."""
        del request
        ids = order["ids"]
        if not isinstance(ids, list):
            raise ValueError("ids must be a list")
        return {"removed": self._grants.book.remove([str(grant) for grant in ids])}

    def facts(self, request: Request, order: Order) -> Order:
        """POST {rate, bugs}: switches of gBizINFO; gives them, and the numbers with composed facts."""
        del request
        api = self._facts
        if "rate" in order:
            api.rate = _whole(order["rate"], "rate")
        if "bugs" in order:
            api.bugs = bool(order["bugs"])
        held = api.book.companies()
        composed = [number for number, company in held.items() if len(company) > 1]
        return {"held": len(held), "rate": api.rate, "bugs": api.bugs, "composed": composed}

    def company(self, request: Request, order: Order) -> Order:
        """POST {corporate_number, basic, certification, …}: add to or replace parts of a company."""
        del request
        parts = {name: value for name, value in order.items() if name != "corporate_number"}
        return {"company": self._facts.book.put(str(order["corporate_number"]), parts)}

    def without(self, request: Request, order: Order) -> Order:
        """POST {corporate_number}: gBizINFO does not know this company any more."""
        del request
        return {"removed": self._facts.book.remove(str(order["corporate_number"]))}


def _whole(value: Any, name: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(f"{name} must be a whole number from 0")
    return value


def _known(order: Order, grants: JGrants) -> str:
    grant = str(order["id"])
    if grant not in grants.book.records():
        raise ValueError("no such grant")
    return grant
