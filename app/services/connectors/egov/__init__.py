"""e-Gov 電子申請 REST API v2: the one module that speaks its wire.

Requests and answers follow shared/reference/egov-and-social-insurance.md sections 1.1 to 1.3.
"""

from __future__ import annotations

from app.services.connectors.egov.client import Egov
from app.services.connectors.egov.deliveries import Letter, LetterDone, LetterFile, LetterMessage
from app.services.connectors.egov.letters import (
    Attachment,
    DocumentDone,
    Message,
    MessageRow,
    Notice,
    NoticeRow,
    OfficialDocument,
    Verification,
)
from app.services.connectors.egov.payments import Bank, BankPage, Banks, CaseFees
from app.services.connectors.egov.rows import (
    Amended,
    BulkReceipt,
    Case,
    CaseDocument,
    CaseNotice,
    CheckResult,
    ErrorReport,
    Fee,
    FormFile,
    Receipt,
    ReportItem,
    Skeleton,
    Withdrawn,
)
from app.services.connectors.egov.sharing import Share

__all__ = [
    "Amended",
    "Attachment",
    "Bank",
    "BankPage",
    "Banks",
    "BulkReceipt",
    "Case",
    "CaseDocument",
    "CaseFees",
    "CaseNotice",
    "CheckResult",
    "DocumentDone",
    "Egov",
    "ErrorReport",
    "Fee",
    "FormFile",
    "Letter",
    "LetterDone",
    "LetterFile",
    "LetterMessage",
    "Message",
    "MessageRow",
    "Notice",
    "NoticeRow",
    "OfficialDocument",
    "Receipt",
    "ReportItem",
    "Share",
    "Skeleton",
    "Verification",
    "Withdrawn",
]
