"""情報共有: letting another gBizID of the same company see documents (reference 1.3, 26-30).

Only a gBizID sign-in may. Each change is sent once; where its answer is lost, `list` tells.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from app.domain.errors import BadInput
from app.services.connectors.egov.call import Caller, understand
from app.services.connectors.egov.shape import Misshapen, Shape

READ, DOWNLOAD = "READ", "DOWNLOAD"
ACCEPT, DENY = "ACCEPT", "DENY"
_MAIL = re.compile(r"[^\s@]{1,64}@[^\s@]{1,190}")


@dataclass(frozen=True)
class Share:
    """Whom something is shared with and how far (READ or DOWNLOAD, "" where e-Gov says nothing)."""

    gbiz_id: str
    official_documents: str
    deliveries: str
    acceptance: str = ""


class Sharing:
    """The calls about sharing. Raises as `Egov` does."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def list(self) -> tuple[Share, ...]:
        """情報共有一覧."""
        reply = self._caller.get("/share-setting/lists", large=True)
        return understand(reply, lambda r: tuple(_share(s) for s in r.each("share_setting_list")))

    def add(self, share: Share) -> Share:
        """設定."""
        return self._set("POST", share)

    def change(self, share: Share) -> Share:
        """更新."""
        return self._set("PUT", share)

    def remove(self, gbiz_id: str) -> None:
        """解除."""
        body = {"gbiz_id": _mail(gbiz_id)}
        understand(self._caller.file("/share-setting", body, method="DELETE"), _same(gbiz_id))

    def answer(self, gbiz_id: str, *, accept: bool) -> None:
        """共有確認: the answer to somebody who wants to share with us."""
        body = {"gbiz_id": _mail(gbiz_id), "share_acceptance": ACCEPT if accept else DENY}
        understand(self._caller.file("/share-confirmation", body), _same(gbiz_id))

    def _set(self, method: str, share: Share) -> Share:
        for permission in (share.official_documents, share.deliveries):
            if permission not in (READ, DOWNLOAD):
                raise BadInput("egov-share", "共有の範囲は READ か DOWNLOAD です。")
        body = {
            "gbiz_id": _mail(share.gbiz_id),
            "official_doc_permission": share.official_documents,
            "post_doc_permission": share.deliveries,
        }
        reply = self._caller.file("/share-setting", body, method=method)
        understand(reply, _same(share.gbiz_id))
        return share


def _mail(gbiz_id: str) -> str:
    if not _MAIL.fullmatch(gbiz_id):
        raise BadInput("egov-share-mail", "GビズID はメールアドレスの形で入れてください。")
    return gbiz_id


def _same(gbiz_id: str) -> Callable[[Shape], str]:
    """Reads an echo: when it names somebody, it must be the one asked about."""

    def read(r: Shape) -> str:
        told = r.text("gbiz_id")
        if told not in ("", gbiz_id):
            raise Misshapen("results.gbiz_id")
        return told

    return read


def _share(s: Shape) -> Share:
    return Share(
        s.text("gbiz_id", needed=True),
        s.text("official_doc_permission"),
        s.text("post_doc_permission"),
        s.text("share_acceptance"),
    )
