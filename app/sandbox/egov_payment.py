"""e-Gov API v2, fees: the banks, the payments of a filing, the way to the practice bank's page."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.sandbox import pages
from app.sandbox.clock import day_text
from app.sandbox.door import BASE, Caller, Door, envelope, json_body, wanted
from app.sandbox.findings import bad_request, not_found
from app.sandbox.ledger import PAY_STATES, Filing, Payment
from app.sandbox.reception import ARRIVE_ID, PROC_ID, Reception

# The practice banks; real banks are not named here.
BANKS: dict[str, list[dict[str, str]]] = {
    "trust_bank": [
        {"financial_name": "練習銀行", "service_name": "練習ダイレクト"},
        {"financial_name": "練習信託銀行", "service_name": "練習ネット"},
    ],
    "shinkin_bank": [{"financial_name": "練習信用金庫"}],
    "credit_union": [{"financial_name": "練習信用組合"}],
    "norinchukin_bank": [{"financial_name": "練習農協"}],
    "labour_bank": [{"financial_name": "練習労働金庫"}],
}
TREASURY_CODE = "00100"


def bank_names() -> set[str]:
    """Every `bank_name` the door takes."""
    return {bank["financial_name"] for held in BANKS.values() for bank in held}


class PaymentCalls:
    """Calls 18 to 20 of the reference's table."""

    def __init__(self, door: Door, reception: Reception, bank: Callable[[], str]) -> None:
        """`bank` gives the origin of the practice bank's page."""
        self._door = door
        self._at = reception
        self._bank = bank

    def routes(self) -> list[Route]:
        """The calls as routes; the list comes before the number that looks like it."""
        guard = self._door.guarded
        return [
            Route(f"{BASE}/payment/lists", guard(self.banks), methods=["GET"]),
            Route(f"{BASE}/payment/{{arrive_id}}", guard(self.payments), methods=["GET"]),
            Route(f"{BASE}/payment", guard(self.pay), methods=["POST"]),
        ]

    async def banks(self, request: Request, caller: Caller) -> Response:
        """国庫金電子納付取扱金融機関一覧."""
        del caller
        address = f"{self._bank()}/bank"
        trust = [bank | {"url": address} for bank in BANKS["trust_bank"]]
        bank_list: dict[str, Any] = {"trust_bank": [{"initial_name": "れ", "bank": trust}]}
        for kind, held in BANKS.items():
            if kind != "trust_bank":
                bank_list[kind] = {"bank": [bank | {"url": address} for bank in held]}
        day = day_text(self._at.clock.now())
        results = {"bank_list": bank_list, "financial_type_list_date": day}
        return envelope(request, "国庫金電子納付取扱金融機関一覧取得", results)

    async def payments(self, request: Request, caller: Caller) -> Response:
        """電子納付情報一覧."""
        filing = self._at.mine(request.path_params["arrive_id"], caller)
        self._at.agency.touch(filing, poll=False)
        results = {
            "arrive_id": filing.arrive_id,
            "proc_name": filing.proc_name,
            "apply_pay_list": [payment.row() for payment in filing.payments],
        }
        return envelope(request, "電子納付情報一覧取得", results)

    async def pay(self, request: Request, caller: Caller) -> Response:
        """金融機関サイト表示: where a payment is made, and what is handed to the bank."""
        body = await json_body(request)
        filing = self._at.mine(wanted(body, "arrive_id", ARRIVE_ID), caller)
        if wanted(body, "proc_id", PROC_ID) != filing.proc_id:
            raise bad_request("proc_id が到達番号の手続と一致しません。")
        number = wanted(body, "pay_number", r"[0-9]{16}")
        if str(body.get("bank_name")) not in bank_names():
            raise bad_request("bank_name に誤りがあります。")
        self._at.agency.touch(filing, poll=False)
        payment = next((one for one in filing.payments if one.pay_number == number), None)
        if payment is None:
            raise not_found("納付番号に該当する電子納付情報がありません。")
        if payment.status != PAY_STATES[0]:
            raise bad_request(f"この納付は{payment.status}です。")
        handed = {"pay_number": number, "confirm_number": payment.confirm_number}
        linked = base64.b64encode(json.dumps(handed).encode("ascii")).decode("ascii")
        results = {
            "URL": f"{self._bank()}/bank/{number}",
            "facility_number": payment.facility_number,
            "treasury_money_code": TREASURY_CODE,
            "parameter_tag_name": "info",
            "information_link_data": linked,
        }
        return envelope(request, "金融機関サイト表示", results)


class BankPages:
    """The practice bank: one page a payment, and one button."""

    def __init__(self, reception: Reception) -> None:
        """`reception` knows every filing."""
        self._at = reception

    def routes(self) -> list[Route]:
        """GET /bank, GET and POST /bank/{pay_number}."""
        return [
            Route("/bank", self.home, methods=["GET"]),
            Route("/bank/{pay_number}", self.page, methods=["GET", "POST"]),
        ]

    async def home(self, request: Request) -> Response:
        """A page without a payment."""
        del request
        return pages.page("練習銀行", pages.paragraph("e-Govの納付画面から開いてください。"))

    def _found(self, number: str) -> tuple[Filing, Payment] | None:
        for filing in self._at.ledger.filings.values():
            for payment in filing.payments:
                if payment.pay_number == number:
                    return filing, payment
        return None

    async def page(self, request: Request) -> Response:
        """What is owed; a POST pays it."""
        found = self._found(request.path_params["pay_number"])
        if found is None:
            return pages.page("練習銀行", pages.paragraph("納付番号が見つかりません。"), 404)
        filing, payment = found
        self._at.agency.touch(filing, poll=False)
        if request.method == "POST" and payment.status == PAY_STATES[0]:
            self._at.agency.settle(filing, payment, PAY_STATES[1])
        body = pages.paragraph(
            f"納付番号 {payment.pay_number}　{payment.fee:,}円　{payment.status}"
        )
        if payment.status == PAY_STATES[0]:
            path = f"/bank/{payment.pay_number}"
            body = pages.form(path, body, pages.button("納付する（練習）"))
        return pages.page("練習銀行", body)
