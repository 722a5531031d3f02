"""What the practice door answers when it does not take something: RFC 7807 bodies with report lists."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from starlette.responses import JSONResponse

NONE = "-"
REFUSED = ("申請データチェックエラー", "申請データに誤りがあります。")


@dataclass(frozen=True)
class Finding:
    """One line of a report list; '-' where a column does not apply."""

    content: str
    item: str = NONE
    file_name: str = NONE
    form_name: str = NONE
    attached_file_name: str = NONE

    def row(self) -> dict[str, str]:
        """As it stands in `report_list`."""
        return asdict(self)


class DoorRefusal(Exception):
    """The door answers with a problem body instead of taking the request."""

    def __init__(
        self,
        status: int,
        title: str,
        detail: str,
        findings: tuple[Finding, ...] = (),
        *,
        short: bool = False,
    ) -> None:
        """`findings` become the report list; a `short` one has no names of forms (取下げ)."""
        super().__init__(detail)
        self.status = status
        self.title = title
        self.detail = detail
        self.findings = findings
        self.short = short

    def answer(self, path: str) -> JSONResponse:
        """The problem body for a request of `path`."""
        body: dict[str, object] = {
            "title": self.title,
            "detail": self.detail,
            "type": "about:blank",
            "instance": path,
        }
        if self.findings:
            rows = [finding.row() for finding in self.findings]
            left = ("form_name", "attached_file_name") if self.short else ()
            body["report_list"] = [
                {key: text for key, text in row.items() if key not in left} for row in rows
            ]
        headers = {"WWW-Authenticate": 'Bearer error="invalid_token"'} if self.status == 401 else {}
        return JSONResponse(body, self.status, headers, media_type="application/problem+json")


def bad_request(detail: str) -> DoorRefusal:
    """400 for a request whose fields are wrong."""
    return DoorRefusal(400, "リクエストパラメータチェックエラー", detail)


def bad_package(findings: list[Finding]) -> DoorRefusal:
    """400 for a package that fails the checks."""
    return DoorRefusal(400, *REFUSED, tuple(findings))


def not_found(detail: str) -> DoorRefusal:
    """404."""
    return DoorRefusal(404, "対象なし", detail)
