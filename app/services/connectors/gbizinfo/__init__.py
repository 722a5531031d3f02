"""gBizINFO REST API (経済産業省): the one module that speaks its wire, v2 and v1.

Follows shared/reference/open-data.md section 2. The token is the user's own; it travels in one
header and stands in no log. What the register says is offered, never imposed
(app.services.company_register).
"""

from __future__ import annotations

from app.services.connectors.gbizinfo.client import DOOR, GBizInfo
from app.services.connectors.gbizinfo.entry import Activity, Hojin, Term

ATTRIBUTION = "出典：gBizINFO(経済産業省)を加工して作成"
"""The words that must stand wherever the service's data are shown."""

NOT_FOUND = (
    "この法人番号の会社は、今の gBizINFO のデータに見つかりません。番号を見くらべてください。"
)
"""What to say when `company` gives None: no statement that there is no such company."""

ACCOUNT = "gbizinfo"
"""The id of the vault's account row that keeps the token (`tokens["token"]`)."""

__all__ = ["ACCOUNT", "ATTRIBUTION", "DOOR", "NOT_FOUND", "Activity", "GBizInfo", "Hojin", "Term"]
