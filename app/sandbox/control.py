"""The control API: weather, clock, ledger, mailbox, tokens without a browser. It is ours alone."""

from __future__ import annotations

import hmac
import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.sandbox.agency import MODES
from app.sandbox.clock import time_text
from app.sandbox.control_public import PublicControl
from app.sandbox.egov_control import EgovControl, pace_of
from app.sandbox.identity import Session
from app.sandbox.ledger import Filing
from app.sandbox.portal_control import PortalControl
from app.sandbox.weather import KINDS

if TYPE_CHECKING:
    from app.sandbox.town import Town

Order = dict[str, Any]


class Control:
    """Every call wants the header X-Town-Token; a wrong order is 400 with `error`."""

    def __init__(self, town: Town) -> None:
        """`town` is what is controlled."""
        self._town = town

    def routes(self) -> list[Route]:
        """Everything under /control."""
        table: list[tuple[str, str, Callable[[Request, Order], Any]]] = [
            ("POST", "weather", self.weather),
            ("GET", "weather", self.sky),
            ("POST", "clock", self.clock),
            ("GET", "ledger", self.ledger),
            ("POST", "case/{arrive_id}/advance", self.advance),
            ("POST", "pace", self.pace),
            ("GET", "mailbox", self.mailbox),
            ("GET", "log", self.log),
            ("POST", "reset", self.reset),
            ("POST", "token", self.token),
            ("POST", "revoke", self.revoke),
            ("POST", "foreign-filing", self.foreign),
            ("POST", "client", self.client),
            ("POST", "account", self.account),
            ("POST", "houjin", self.houjin),
            ("GET", "endpoints", self.endpoints),
            *PublicControl(self._town.grants, self._town.facts).table(),
            *PortalControl(self._town).table(),
            *EgovControl(self._town).table(),
        ]
        return [
            Route(f"/control/{path}", self._guarded(call), methods=[verb])
            for verb, path, call in table
        ]

    def _guarded(
        self, call: Callable[[Request, Order], Any]
    ) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            given = request.headers.get("x-town-token", "").encode("utf-8")
            if not hmac.compare_digest(given, self._town.control_token.encode("ascii")):
                return JSONResponse({"error": "X-Town-Token is missing or wrong"}, 403)
            try:
                raw = await request.body()
                order = json.loads(raw) if raw else {}
                if not isinstance(order, dict):
                    raise ValueError("the body must be a JSON object")
                return JSONResponse(call(request, order))
            except (ValueError, TypeError, KeyError) as fault:
                return JSONResponse({"error": str(fault)}, 400)

        return endpoint

    def weather(self, request: Request, order: Order) -> Order:
        """POST {kind, count | seconds, match, delay, lag}; kind 'clear' clears the sky."""
        del request
        if order.get("kind") == "clear":
            self._town.weather.clouds.clear()
            return {"clouds": []}
        return {"cloud": asdict(self._town.weather.call(order))}

    def sky(self, request: Request, order: Order) -> Order:
        """GET the clouds there are, and the kinds that can be called."""
        del request, order
        return {"clouds": [asdict(item) for item in self._town.weather.clouds], "kinds": KINDS}

    def clock(self, request: Request, order: Order) -> Order:
        """POST {advance_seconds} or {set: ISO time} or {}: gives the time in the town."""
        del request
        clock = self._town.clock
        if "set" in order:
            clock.set(datetime.fromisoformat(str(order["set"])))
        clock.advance(float(order.get("advance_seconds", 0)))
        return {"now": time_text(clock.now()), "stamp": clock.stamp()}

    def ledger(self, request: Request, order: Order) -> Order:
        """GET every filing the e-Gov side holds, without the documents' bytes."""
        del request, order
        self._town.egov.bulk.settle()
        rows = []
        for filing in self._town.ledger.filings.values():
            row = asdict(filing)
            row["documents"] = [document.row() for document in filing.documents]
            row["notices"] = [
                notice.row() | {"correct_type": notice.correct_type} for notice in filing.notices
            ]
            row["arrive_date"] = filing.detail()["arrive_date"]
            rows.append(row)
        return {"count": len(rows), "filings": rows}

    def advance(self, request: Request, order: Order) -> Order:
        """POST {to, correct_type}: a status word, 補正, a fixed end, or 結末 for the procedure's own."""
        filing = self._town.ledger.filings.get(request.path_params["arrive_id"])
        if filing is None:
            raise ValueError("no such filing")
        correct_type = str(order.get("correct_type", "部分補正"))
        self._town.agency.advance(filing, str(order.get("to", "")), correct_type)
        return filing.detail()

    def pace(self, request: Request, order: Order) -> Order:
        """POST {mode: both | polls | time | manual, polls: [a, b], seconds: [a, b], bulk: [n, s]}."""
        del request
        pace = pace_of(order)
        if pace.mode not in MODES:
            raise ValueError(f"mode must be one of {', '.join(MODES)}")
        self._town.agency.pace = pace
        return asdict(pace)

    def mailbox(self, request: Request, order: Order) -> Order:
        """GET ?address=: the mails, oldest first; each with its `otp`."""
        del order
        mails = self._town.mailbox.of(request.query_params.get("address", ""))
        return {"mails": [asdict(mail) for mail in mails]}

    def log(self, request: Request, order: Order) -> Order:
        """GET the request log."""
        del request, order
        return {"lines": list(self._town.journal.lines())}

    def reset(self, request: Request, order: Order) -> Order:
        """POST: the town as on its first day (numbers go on)."""
        del request, order
        self._town.reset()
        return {"reset": True}

    def _key(self, order: Order) -> str:
        name = str(order.get("account", "prime@example.jp"))
        keys = [name, f"gbizid:{name}", f"egov:{name}"]
        found = next((key for key in keys if key in self._town.accounts), None)
        if found is None:
            raise ValueError("no such account")
        return found

    def token(self, request: Request, order: Order) -> Order:
        """POST {account, scheme}: tokens of the e-Gov account server without a browser."""
        del request
        town, key = self._town, self._key(order)
        stamp, provider = town.clock.stamp(), town.accounts[key].provider
        ext = stamp * 1000 if provider == "gbizid" else 0
        session = Session(key, stamp, provider, town.clock.seconds(), ext)
        session_id = town.egov_identity.open_session(session)
        issuer = f"{town.origins['egov_account', str(order.get('scheme', 'http'))]}/auth"
        scope = "openid offline_access"
        grant = town.egov_desk.open_grant(key, scope, issuer, session_id, stamp, ext)
        return town.egov_desk.tokens(grant, "")

    def revoke(self, request: Request, order: Order) -> Order:
        """POST {account}: revoke every token of an account on the server."""
        del request
        count = self._town.egov_identity.revoke_account(self._key(order))
        self._town.save()
        return {"revoked": count}

    def foreign(self, request: Request, order: Order) -> Order:
        """POST {account, proc_id, applicant, corporation, ago_seconds}: a filing made elsewhere."""
        del request
        town = self._town
        procedure = town.procedures.get(str(order.get("proc_id", "4950000020325000")))
        if procedure is None:
            raise ValueError("no such procedure")
        key = self._key(order)
        profile = town.accounts[key].profile
        filing = Filing(
            arrive_id=town.ledger.next_number(),
            account=key,
            proc_id=procedure.proc_id,
            proc_name=procedure.name,
            ministry=procedure.ministry,
            destination=next(iter(procedure.destinations.values()), ""),
            kind="新規申請",
            applicant=str(order.get("applicant", "練習　太郎")),
            corporation=str(order.get("corporation", profile.get("name", ""))),
            arrived=town.clock.seconds() - float(order.get("ago_seconds", 0)),
            origin="foreign",
            form_names=[form.form_name for form in procedure.forms],
        )
        town.ledger.take(filing)
        return {"arrive_id": filing.arrive_id}

    def client(self, request: Request, order: Order) -> Order:
        """POST {redirect_uris: [...]}: the registered redirect addresses of both clients."""
        del request
        given = order["redirect_uris"]
        if not isinstance(given, list) or not all(isinstance(item, str) for item in given):
            raise ValueError("redirect_uris must be a list of texts")
        self._town.client.redirects = list(given)
        self._town.rp.redirects = list(given)
        return {"redirect_uris": given}

    def account(self, request: Request, order: Order) -> Order:
        """POST {account, corporate_number}: let a practice account belong to another real row."""
        del request
        account = self._town.accounts[self._key(order)]
        number = str(order["corporate_number"])
        rows = [row for row in self._town.rows if row["corporateNumber"] == number]
        if not rows:
            raise ValueError("no such corporate number in the town")
        row = rows[-1]
        account.profile |= {
            "corporate_number": number,
            "name": row["name"],
            "prefecture_name": row["prefectureCode"],
            "address1": row["cityName"],
            "address2": row["streetNumber"],
        }
        return {"account": account.address, "name": row["name"]}

    def houjin(self, request: Request, order: Order) -> Order:
        """POST {limit}: calls a minute the corporate-number API answers before 403."""
        del request
        self._town.numbers.limit = int(order["limit"])
        return {"limit": self._town.numbers.limit}

    def endpoints(self, request: Request, order: Order) -> Order:
        """GET what was printed at start."""
        del request, order
        return self._town.endpoints()
