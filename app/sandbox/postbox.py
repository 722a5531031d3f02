"""電子送達: what the practice agencies deliver to an account without having been asked again."""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from app.sandbox.clock import TownClock, day_text, from_seconds, time_text
from app.sandbox.documents import DOCUMENT_NAME, STYLE_NAME, document_bytes, written
from app.sandbox.keys import TownKeys
from app.sandbox.ledger import Filing


@dataclass
class Delivery:
    """One 電子送達: a ZIP in base64 that may be fetched for a while."""

    post_id: str
    account: str
    name: str
    title: str
    sentence: str
    issuer: str
    issued: float
    expires: float
    data: str
    names: list[str] = field(default_factory=list)
    signed: bool = True
    downloaded: float = 0.0

    def row(self) -> dict[str, Any]:
        """As it stands in `post_list`: one message with one file."""
        at = time_text(from_seconds(self.issued))
        return {
            "ministry_message_id": f"M{self.post_id}",
            "type": "電子送達",
            "title": self.title,
            "message_sentence": self.sentence,
            "issuer_organization": self.issuer,
            "issue_date": at,
            "received_account": self.account.partition(":")[2],
            "notice_data_list": [
                {
                    "post_id": self.post_id,
                    "notice_data_name": self.name,
                    "notice_issue_date": at,
                    "download_expired_date": day_text(from_seconds(self.expires)),
                    "download_date": (
                        time_text(from_seconds(self.downloaded)) if self.downloaded else ""
                    ),
                    "sign": "あり" if self.signed else "なし",
                }
            ],
        }


class Postbox:
    """Every delivery, oldest first."""

    def __init__(
        self, clock: TownClock, keys: TownKeys, style: bytes, life: Callable[[], float]
    ) -> None:
        """`life` is how many seconds a delivery may be fetched."""
        self._clock = clock
        self._keys = keys
        self._style = style
        self._life = life
        self.deliveries: dict[str, Delivery] = {}
        self.serial = 0

    def of(self, account: str) -> list[Delivery]:
        """The deliveries of one account, newest first."""
        return [one for one in reversed(self.deliveries.values()) if one.account == account]

    def deliver(self, filing: Filing) -> None:
        """A signed notice to the account of a filing for 電子送達."""
        self.send(filing, "電子送達のお知らせ", "電子送達の利用を開始しました（練習）。")

    def send(self, filing: Filing, title: str, sentence: str) -> Delivery:
        """Put a signed document into the box of a filing's account."""
        lines = (f"到達番号　{filing.arrive_id}", f"内容　{sentence}")
        letter = written(filing, self._clock.now(), title, sentence, lines)
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(DOCUMENT_NAME, document_bytes(letter, self._keys))
            archive.writestr(STYLE_NAME, self._style)
        now = self._clock.seconds()
        self.serial += 1
        made = Delivery(
            post_id=f"{self._clock.now():%Y%m%d}{self.serial:06d}",
            account=filing.account,
            name=f"{title}.zip",
            title=title,
            sentence=sentence,
            issuer=filing.ministry,
            issued=now,
            expires=now + self._life(),
            data=base64.b64encode(buffer.getvalue()).decode("ascii"),
            names=[DOCUMENT_NAME, STYLE_NAME],
        )
        self.deliveries[made.post_id] = made
        return made

    def kept(self) -> dict[str, Any]:
        """The box as plain data."""
        rows = [asdict(one) for one in self.deliveries.values()]
        return {"serial": self.serial, "deliveries": rows}

    def take_back(self, data: dict[str, Any]) -> None:
        """Restore the box."""
        self.serial = data["serial"]
        self.deliveries = {row["post_id"]: Delivery(**row) for row in data["deliveries"]}
