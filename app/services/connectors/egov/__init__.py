"""e-Gov 電子申請 REST API v2: the one module that speaks its wire.

Requests and answers follow shared/reference/egov-and-social-insurance.md sections 1.1 to 1.3.
"""

from __future__ import annotations

from app.services.connectors.egov.client import Egov
from app.services.connectors.egov.rows import (
    Amended,
    Attachment,
    Case,
    CaseDocument,
    CaseNotice,
    CheckResult,
    DocumentDone,
    ErrorReport,
    FormFile,
    Message,
    MessageRow,
    Notice,
    NoticeRow,
    OfficialDocument,
    Receipt,
    ReportItem,
    Skeleton,
    Verification,
    Withdrawn,
)

__all__ = [
    "Amended",
    "Attachment",
    "Case",
    "CaseDocument",
    "CaseNotice",
    "CheckResult",
    "DocumentDone",
    "Egov",
    "ErrorReport",
    "FormFile",
    "Message",
    "MessageRow",
    "Notice",
    "NoticeRow",
    "OfficialDocument",
    "Receipt",
    "ReportItem",
    "Skeleton",
    "Verification",
    "Withdrawn",
]
