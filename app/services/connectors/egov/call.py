"""One call to the API: bearer, problem JSON, and what each answer means.

For a call that files something (申請, 補正, 取下げ) the outcome must never be guessed:

* 401 → `SignedOut`: e-Gov did not know who asks, so it took nothing;
* 4xx with problem JSON, and any problem JSON with a report_list → `Refused`, nothing was filed;
* 413 → `Refused` (a gate in front of e-Gov never let the body in);
* every other 4xx without problem JSON, 408, 5xx, and a 2xx that cannot be read → `NoAnswer`.

A token revoked at the account server was seen to be answered with 500 (reference 1.2). So at 500 the
account server is asked whether the sign-in still lives. If not, a reading call ends as `SignedOut`;
a filing call stays `NoAnswer`, for the revocation may have come after the filing was taken.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from app.domain.errors import DoorFault, NoAnswer, Refused, SignedOut, Unreachable
from app.services.connectors.egov.parse import report_items, results_of
from app.services.connectors.egov.rows import ReportItem
from app.services.connectors.egov.shape import Misshapen, Shape
from app.services.wire import Reply, Wire, unread

_T = TypeVar("_T")
DOOR = "e-Gov"
SMALL = 8 * 1024 * 1024  # bytes of an ordinary answer
LARGE = 160 * 1024 * 1024  # bytes of an answer that carries a Base64 file


@dataclass(frozen=True)
class Caller:
    """Who asks, and where. `still_signed_in` asks the account server; None when it cannot tell."""

    wire: Wire
    base: str
    token: Callable[[], str] = field(repr=False)
    still_signed_in: Callable[[], bool | None] | None = None

    def get(
        self, path: str, params: Mapping[str, str] | None = None, *, large: bool = False
    ) -> Reply:
        """A reading call."""
        return self._call("GET", path, params=params, idempotent=True, large=large)

    def ask(self, path: str, body: Mapping[str, Any], *, large: bool = False) -> Reply:
        """A POST that may be repeated without harm (check, verify, "done")."""
        return self._call("POST", path, body=body, idempotent=True, large=large)

    def file(
        self, path: str, body: Mapping[str, Any], *, trial: bool = False, method: str = "POST"
    ) -> Reply:
        """A call that files or changes something: sent once, never repeated by itself."""
        return self._call(method, path, body=body, idempotent=False, trial=trial)

    def _call(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        idempotent: bool,
        large: bool = False,
        trial: bool = False,
    ) -> Reply:
        headers = {"Authorization": f"Bearer {self.token()}"}
        if trial:
            headers["X-eGovAPI-Trial"] = "true"
        reply = self.wire.request(
            method,
            self.base.rstrip("/") + path,
            headers=headers,
            params=params,
            json=body,
            idempotent=idempotent,
            limit=LARGE if large else SMALL,
        )
        if 200 <= reply.status < 300:
            return reply
        raise self._fault(reply, idempotent)

    def _fault(self, reply: Reply, idempotent: bool) -> DoorFault:
        status = reply.status
        if status == 401:
            return SignedOut(
                "egov-signed-out",
                "e-Gov へのサインインが切れています。サインインし直してください。送るものはそのまま残っています。",
                status=status,
            )
        problem = _problem(reply)
        if problem is not None and (problem.items or (400 <= status < 500 and status != 408)):
            return problem
        if status == 413:
            return Refused(
                "egov-too-large",
                "送るものが大きすぎて、e-Gov に入りませんでした。添付を小さくしてください。",
                status=status,
            )
        if status >= 500:
            return self._server_fault(reply, idempotent)
        if idempotent:
            return NoAnswer(
                "egov-unexpected",
                f"e-Gov の答えが、思っていた形ではありません。時間をおいて、もう一度お試しください。({status})",
                status=status,
            )
        return _unknown(status)

    def _server_fault(self, reply: Reply, idempotent: bool) -> DoorFault:
        if reply.status == 500 and self._revoked():
            if idempotent:
                return SignedOut(
                    "egov-revoked",
                    "e-Gov へのサインインが取り消されています。サインインし直してください。",
                    status=reply.status,
                )
            return NoAnswer(
                "egov-unknown-signed-out",
                "届いたか分かりません。サインインも切れています。サインインし直すと、e-Gov に確かめます。",
                status=reply.status,
            )
        if idempotent:
            return NoAnswer(
                "egov-trouble",
                "e-Gov がいま答えられません。時間をおいて、もう一度お試しください。",
                status=reply.status,
            )
        return _unknown(reply.status)

    def _revoked(self) -> bool:
        if self.still_signed_in is None:
            return False
        try:
            return self.still_signed_in() is False
        except SignedOut:
            return True
        except DoorFault:
            return False  # the account server does not answer either: nothing is learnt


def understand(reply: Reply, read: Callable[[Shape], _T]) -> _T:
    """The row that `read` makes of the `results`.

    Raises:
        NoAnswer: the answer is not of the reference's shape.
    """
    try:
        return read(results_of(reply.json()))
    except Misshapen:
        raise unread(DOOR, reply.idempotent, reply.status) from None


def _problem(reply: Reply) -> Refused | None:
    """The refusal of an RFC 7807 body (title, detail, type, instance, report_list), else None."""
    if not reply.is_json():
        return None
    try:
        shape = Shape(reply.json(), "problem")
        title, detail = shape.text("title"), shape.text("detail")
        items = report_items(shape) + _bulk_items(shape)
    except (Misshapen, NoAnswer, Unreachable):
        return None
    if not (title or detail or items):
        return None
    said = _clean(detail or title or items[0].content)
    return Refused(
        f"egov-{reply.status}",
        f"e-Gov は受け付けませんでした。「{said}」とのことです。",
        status=reply.status,
        items=tuple((i.where, i.item, i.content) for i in items),
    )


def _bulk_items(shape: Shape) -> tuple[ReportItem, ...]:
    return tuple(
        ReportItem("", "", e.text("errorFile") or e.text("errorFolder"), "", e.text("content"))
        for e in shape.each("error")
    )


def _clean(text: str) -> str:
    """The door's own words on one line, held to 200 characters, for a sentence of ours."""
    line = "".join(c if c.isprintable() else " " for c in text).strip().rstrip("。.")
    return line if len(line) <= 200 else line[:199] + "…"


def _unknown(status: int) -> NoAnswer:
    return NoAnswer(
        "egov-unknown",
        "届いたか分かりません。もう一度は送らず、e-Gov に確かめます。",
        status=status,
    )
