"""Where each door is for one vault: the practice town's own addresses, or those of the settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from app.domain.errors import Known

if TYPE_CHECKING:
    from app.services.settings import Settings


PORTALS: Mapping[str, str] = MappingProxyType({"jgrants": "https://www.jgrants-portal.go.jp"})
"""The portals the program may fill, by the name a `portal.toml` uses: exact https origins, ours alone."""


@dataclass(frozen=True)
class DoorAddresses:
    """The addresses one vault uses, and who the program is at e-Gov.

    `pin` is the SHA-256 of the practice town's certificate ("" for a real door). `pages` are
    addresses whose sites the browser may show during the sign-in. `mailbox` is the practice mailbox
    and `document_root` the certificate (PEM) the practice documents are signed under; both are empty
    for a real door. `portals` are the origins of the portals by name; they are among `pages`, so
    that one browser session (and its gBizID sign-in) serves them all.
    """

    houjin_bangou: str
    houjin_bangou_id: str
    egov_api: str
    egov_auth: str
    egov_issuer: str
    egov_jwks: str
    egov_broker: str
    client_id: str
    client_secret: str = field(repr=False)
    redirect_host: str
    redirect_port: int
    redirect_path: str
    pin: str = ""
    pages: tuple[str, ...] = ()
    portals: Mapping[str, str] = field(default_factory=dict)
    mailbox: str = ""
    document_root: bytes = field(default=b"", repr=False)
    jgrants: str = ""
    gbizinfo: str = ""
    gbizinfo_v1: str = ""
    gbizinfo_token: str = field(default="", repr=False)

    @property
    def redirect_uri(self) -> str:
        """The registered loopback address the browser is sent back to."""
        host = f"[{self.redirect_host}]" if ":" in self.redirect_host else self.redirect_host
        return f"http://{host}:{self.redirect_port}{self.redirect_path}"


def doors_of_town(endpoints: Mapping[str, str], settings: Settings, *, tls: bool) -> DoorAddresses:
    """The practice town's doors. `tls` chooses its https side, which the embedded browser shows.

    Raises:
        Known: the town's line lacks an address.
    """
    side = "_https" if tls else ""
    try:
        auth, gbizid = endpoints[f"egov_auth{side}"], endpoints[f"gbizid_issuer{side}"]
        portals = {"jgrants": endpoints["portal_https"]} if tls else {}
        return DoorAddresses(
            houjin_bangou=endpoints["houjin_bangou"],
            houjin_bangou_id=endpoints["application_id"],
            egov_api=endpoints["egov_api"],
            egov_auth=auth,
            egov_issuer=auth,
            egov_jwks="",
            egov_broker="",
            client_id=endpoints["software_id"],
            client_secret=endpoints["api_key"],
            redirect_host=settings.redirect_host,
            redirect_port=settings.redirect_port,
            redirect_path=settings.redirect_path,
            pin=endpoints["tls_sha256"] if tls else "",
            pages=(auth, gbizid, *portals.values()),
            portals=portals,
            mailbox=endpoints["mailbox"],
            document_root=endpoints["document_authority_pem"].encode("ascii"),
            # A town of an older program has no grants; its other doors work all the same.
            jgrants=endpoints.get("jgrants", ""),
            gbizinfo=endpoints.get("gbizinfo", ""),
            gbizinfo_token=endpoints.get("gbizinfo_token", ""),
        )
    except KeyError as missing:
        raise Known(
            "town-incomplete",
            f"練習の町の案内に {missing.args[0]} がありません。入れ直してください。",
        ) from None


def doors_of_settings(
    settings: Settings,
    *,
    houjin_bangou_id: str,
    client_id: str,
    client_secret: str,
    gbizinfo_token: str = "",
) -> DoorAddresses:
    """The real doors, with the organisation's own ids (kept in its vault)."""
    doors = settings.doors
    return DoorAddresses(
        houjin_bangou=doors.houjin_bangou,
        houjin_bangou_id=houjin_bangou_id,
        egov_api=doors.egov_api,
        egov_auth=doors.egov_auth,
        egov_issuer=doors.egov_issuer,
        egov_jwks=doors.egov_jwks,
        egov_broker=doors.egov_broker,
        client_id=client_id,
        client_secret=client_secret,
        redirect_host=settings.redirect_host,
        redirect_port=settings.redirect_port,
        redirect_path=settings.redirect_path,
        pages=(doors.egov_auth, doors.gbizid_issuer, *PORTALS.values()),
        portals=PORTALS,
        jgrants=doors.jgrants,
        gbizinfo=doors.gbizinfo,
        gbizinfo_v1=doors.gbizinfo_v1,
        gbizinfo_token=gbizinfo_token,
    )
