"""国庫金電子納付: what is to be paid, the banks that take it, and the way to a bank's page."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field

from app.domain.errors import DoorFault
from app.services.connectors.egov import parse, rows
from app.services.connectors.egov.ask import PROC_ID, check_number
from app.services.connectors.egov.call import Caller, understand
from app.services.connectors.egov.shape import Misshapen, Shape
from app.services.wire.address import check_address

PAY_NUMBER = re.compile(r"[0-9]{16}")
_KINDS = ("trust_bank", "shinkin_bank", "credit_union", "norinchukin_bank", "labour_bank")


@dataclass(frozen=True)
class Bank:
    """A financial institution that takes payments. `kind` is e-Gov's English name of its kind."""

    kind: str
    initial: str
    name: str
    service: str
    url: str


@dataclass(frozen=True)
class Banks:
    """GET /payment/lists, and the date of the list."""

    date: str
    banks: tuple[Bank, ...]


@dataclass(frozen=True)
class CaseFees:
    """GET /payment/{arrive_id}: what is to be paid for one case."""

    arrive_id: str
    proc_name: str
    fees: tuple[rows.Fee, ...]


@dataclass(frozen=True)
class BankPage:
    """POST /payment: the bank's page and the form it wants (`parameter` holds `content`)."""

    url: str
    facility_number: str
    treasury_money_code: str = field(repr=False)
    parameter: str
    content: bytes = field(repr=False)


class Payments:
    """The calls about payments. Raises as `Egov` does."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def banks(self) -> Banks:
        """国庫金電子納付取扱金融機関."""
        return understand(self._caller.get("/payment/lists", large=True), _banks)

    def fees(self, arrive_id: str) -> CaseFees:
        """電子納付情報一覧 of one case."""
        check_number(parse.ARRIVE_ID, arrive_id, "到達番号")

        def read(r: Shape) -> CaseFees:
            if parse.arrive_id(r) != arrive_id:
                raise Misshapen("results.arrive_id")
            return CaseFees(arrive_id, r.text("proc_name"), parse.fees(r))

        return understand(self._caller.get(f"/payment/{arrive_id}"), read)

    def bank_page(self, proc_id: str, arrive_id: str, pay_number: str, bank: str) -> BankPage:
        """金融機関サイト表示: nothing is paid by asking."""
        check_number(PROC_ID, proc_id, "手続ID")
        check_number(parse.ARRIVE_ID, arrive_id, "到達番号")
        check_number(PAY_NUMBER, pay_number, "納付番号")
        body = {
            "proc_id": proc_id,
            "arrive_id": arrive_id,
            "pay_number": pay_number,
            "bank_name": bank,
        }
        practice = self._caller.wire.practice
        return understand(self._caller.ask("/payment", body), lambda r: _page(r, practice))


def _banks(r: Shape) -> Banks:
    lists = r.inner("bank_list")
    found: list[Bank] = []
    for kind in _KINDS:
        if not lists.has(kind):
            continue
        groups = list(lists.each(kind)) if kind == "trust_bank" else [lists.inner(kind)]
        found += [
            Bank(
                kind,
                group.text("initial_name"),
                bank.text("financial_name", needed=True),
                bank.text("service_name"),
                bank.text("url"),
            )
            for group in groups
            for bank in group.each("bank")
        ]
    return Banks(r.text("financial_type_list_date"), tuple(found))


def _page(r: Shape, practice: bool) -> BankPage:
    """A bank's page is https; in a practice vault it is on this machine."""
    url = r.text("URL", needed=True)
    try:
        check_address(url, practice=practice)
    except DoorFault:
        raise Misshapen("results.URL") from None
    try:
        content = base64.b64decode(r.text("information_link_data"), validate=True)
    except ValueError:
        raise Misshapen("results.information_link_data") from None
    return BankPage(
        url,
        r.text("facility_number"),
        r.text("treasury_money_code"),
        r.text("parameter_tag_name"),
        content,
    )
