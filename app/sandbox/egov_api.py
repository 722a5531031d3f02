"""The e-Gov API v2 put together: every call behind one door."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

from app.sandbox.door import Door
from app.sandbox.egov_apply import ApplyCalls
from app.sandbox.egov_bulk import BulkCalls
from app.sandbox.egov_general import GeneralCalls
from app.sandbox.egov_inquiry import InquiryCalls
from app.sandbox.egov_payment import BankPages, PaymentCalls
from app.sandbox.egov_post import PostCalls
from app.sandbox.egov_preprint import PreprintCalls
from app.sandbox.egov_withdraw import WithdrawCalls
from app.sandbox.reception import Reception

if TYPE_CHECKING:
    from app.sandbox.town import Town


class EgovApi:
    """Thirty calls of the reference's table; the other three belong to the account server."""

    def __init__(self, town: Town) -> None:
        """`town` has the books the calls work on."""
        self._town = town
        self._door = Door(town.egov_desk, town.accounts)
        self._reception = Reception(
            town.ledger, town.agency, town.procedures, town.clock, town.keys
        )
        self.bulk = BulkCalls(self._door, self._reception, town.batches, town.accounts)

    def routes(self) -> list[Route]:
        """Every route; fixed paths come before the numbers that look like them."""
        town, door, at = self._town, self._door, self._reception
        payments = PaymentCalls(door, at, lambda: town.origins["control", "http"])
        posts = PostCalls(
            door,
            town.postbox,
            town.shares,
            town.clock,
            lambda key: key in town.accounts,
            lambda: town.ledger.changed(),
        )
        return [
            *GeneralCalls(door, town.keys).routes(),
            *self.bulk.routes(),
            *payments.routes(),
            *posts.routes(),
            *PreprintCalls(door, at).routes(),
            *InquiryCalls(door, town.ledger, town.agency, town.clock, town.shares).routes(),
            *ApplyCalls(door, at).routes(),
            *WithdrawCalls(door, at, town.options.resources).routes(),
            *door.routes(),
        ]

    def bank_routes(self) -> list[Route]:
        """The pages of the practice bank."""
        return BankPages(self._reception).routes()
