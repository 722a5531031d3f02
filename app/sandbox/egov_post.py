"""e-Gov API v2, 電子送達 and 情報共有: calls 23 to 30 of the reference's table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.sandbox.clock import TownClock, from_seconds, time_text
from app.sandbox.door import BASE, Body, Caller, Door, envelope, json_body, listed, page_of, wanted
from app.sandbox.findings import DoorRefusal, bad_request, not_found
from app.sandbox.postbox import Delivery, Postbox

POST_ID = r"[0-9A-Za-z_-]{1,50}"
MAIL = r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+"


@dataclass
class Share:
    """What one account lets another one see; it counts once the other has accepted."""

    owner: str
    other: str
    official_doc: str
    post_doc: str
    acceptance: str = "WAIT"


class ShareBook:
    """Every 情報共有, by owner and other."""

    def __init__(self) -> None:
        """An empty book."""
        self.shares: dict[tuple[str, str], Share] = {}

    def allows(self, owner: str, other: str, what: str) -> bool:
        """Whether `other` may fetch (`what`: official_doc or post_doc) of `owner`."""
        share = self.shares.get((owner, other))
        accepted = share is not None and share.acceptance == "ACCEPT"
        return accepted and getattr(share, what) == "DOWNLOAD"

    def kept(self) -> list[dict[str, str]]:
        """The book as plain data."""
        return [asdict(share) for share in self.shares.values()]

    def take_back(self, rows: list[dict[str, str]]) -> None:
        """Restore the book."""
        self.shares = {(row["owner"], row["other"]): Share(**row) for row in rows}


class PostCalls:
    """電子送達 (23 to 25) and 情報共有 (26 to 30)."""

    def __init__(
        self,
        door: Door,
        box: Postbox,
        book: ShareBook,
        clock: TownClock,
        accounts: Callable[[str], bool],
        changed: Callable[[], None],
    ) -> None:
        """`accounts` tells whether a key is an account of the town."""
        self._door = door
        self._box = box
        self._book = book
        self._clock = clock
        self._known = accounts
        self._changed = changed

    def routes(self) -> list[Route]:
        """The calls as routes; the lists come before the numbers that look like them."""
        table = [
            ("GET", "/post/lists", self.deliveries),
            ("GET", "/post/{post_id}", self.delivery),
            ("POST", "/post", self.delivery_done),
            ("GET", "/share-setting/lists", self.shares),
            ("POST", "/share-setting", self.share),
            ("PUT", "/share-setting", self.share_again),
            ("DELETE", "/share-setting", self.share_no_more),
            ("POST", "/share-confirmation", self.confirm),
        ]
        guard = self._door.guarded
        return [Route(BASE + path, guard(call), methods=[verb]) for verb, path, call in table]

    async def deliveries(self, request: Request, caller: Caller) -> Response:
        """電子送達一覧."""
        page = page_of(request)
        rows = [
            one.row()
            for one in self._box.of(caller.key)
            if page.first.date() <= from_seconds(one.issued).date() <= page.last.date()
        ]
        return listed(request, "電子送達一覧取得", "post_list", rows, page)

    def _delivery(self, post_id: str, caller: Caller) -> Delivery:
        found = self._box.deliveries.get(post_id)
        if found is None or not (
            found.account == caller.key or self._book.allows(found.account, caller.key, "post_doc")
        ):
            raise not_found("電子送達が見つかりません。")
        if self._clock.seconds() > found.expires:
            raise bad_request("電子送達の取得期限を過ぎています。")
        return found

    async def delivery(self, request: Request, caller: Caller) -> Response:
        """電子送達取得."""
        found = self._delivery(request.path_params["post_id"], caller)
        results = {
            "notice_data_name": found.name,
            "file_data": found.data,
            "file_name_list": [{"file_name": name} for name in found.names],
        }
        links = {"self": request.url.path, "complete": f"{BASE}/post"}
        return envelope(request, "電子送達取得", results, links=links)

    async def delivery_done(self, request: Request, caller: Caller) -> Response:
        """電子送達取得完了."""
        body = await json_body(request)
        found = self._delivery(wanted(body, "post_id", POST_ID), caller)
        at = found.downloaded or self._clock.seconds()
        if not caller.trial and not found.downloaded:
            found.downloaded = at
            self._changed()
        results = {
            "post_id": found.post_id,
            "notice_data_name": found.name,
            "download_date": time_text(from_seconds(at)),
        }
        return envelope(request, "電子送達取得完了", results)

    async def shares(self, request: Request, caller: Caller) -> Response:
        """情報共有一覧: what the caller shares, and what is shared with the caller."""
        _gbizid_only(caller)
        rows = []
        for share in self._book.shares.values():
            if caller.key in (share.owner, share.other):
                mine = share.owner == caller.key
                other = share.other if mine else share.owner
                rows.append(_row(share, other) | {"share_direction": "設定" if mine else "被設定"})
        return envelope(request, "情報共有一覧取得", {"share_setting_list": rows})

    async def share(self, request: Request, caller: Caller) -> Response:
        """情報共有設定."""
        body = await json_body(request)
        other = self._other(body, caller)
        if (caller.key, other) in self._book.shares:
            raise bad_request("すでに情報共有を設定しています。")
        share = Share(caller.key, other, *_permissions(body))
        return self._put(request, caller, share, "情報共有設定")

    async def share_again(self, request: Request, caller: Caller) -> Response:
        """情報共有更新: the other account has to accept again."""
        body = await json_body(request)
        other = self._other(body, caller)
        self._held(caller.key, other)
        share = Share(caller.key, other, *_permissions(body))
        return self._put(request, caller, share, "情報共有更新")

    def _put(self, request: Request, caller: Caller, share: Share, title: str) -> Response:
        if not caller.trial:
            self._book.shares[share.owner, share.other] = share
            self._changed()
        row = _row(share, share.other)
        del row["share_acceptance"]
        return envelope(request, title, row)

    async def share_no_more(self, request: Request, caller: Caller) -> Response:
        """情報共有解除."""
        body = await json_body(request)
        other = self._other(body, caller)
        self._held(caller.key, other)
        if not caller.trial:
            del self._book.shares[caller.key, other]
            self._changed()
        return envelope(request, "情報共有解除", {"gbiz_id": body["gbiz_id"]})

    async def confirm(self, request: Request, caller: Caller) -> Response:
        """情報共有確認, by the account that something is shared with."""
        body = await json_body(request)
        owner = self._other(body, caller)
        answer = wanted(body, "share_acceptance", "ACCEPT|DENY")
        share = self._held(owner, caller.key)
        if not caller.trial:
            share.acceptance = answer
            self._changed()
        results = {"gbiz_id": body["gbiz_id"], "share_acceptance": answer}
        return envelope(request, "情報共有確認", results)

    def _other(self, body: Body, caller: Caller) -> str:
        _gbizid_only(caller)
        key = f"gbizid:{wanted(body, 'gbiz_id', MAIL)}"
        if not self._known(key):
            raise not_found("GビズIDが見つかりません。")
        if key == caller.key:
            raise bad_request("自分のGビズIDは指定できません。")
        return key

    def _held(self, owner: str, other: str) -> Share:
        found = self._book.shares.get((owner, other))
        if found is None:
            raise not_found("情報共有が設定されていません。")
        return found


def _gbizid_only(caller: Caller) -> None:
    if caller.account.provider != "gbizid":
        raise DoorRefusal(403, "権限エラー", "GビズIDでログインしたときだけ使えるAPIです。")


def _permissions(body: Body) -> tuple[str, str]:
    return (
        wanted(body, "official_doc_permission", "READ|DOWNLOAD"),
        wanted(body, "post_doc_permission", "READ|DOWNLOAD"),
    )


def _row(share: Share, other: str) -> dict[str, Any]:
    return {
        "gbiz_id": other.partition(":")[2],
        "official_doc_permission": share.official_doc,
        "post_doc_permission": share.post_doc,
        "share_acceptance": share.acceptance,
    }
