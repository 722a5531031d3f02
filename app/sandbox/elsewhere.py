"""A site of another origin with fields that look like the portal's: framed by it, or taken for it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

_FIELDS = (
    ("ContactLastName__c", "担当者氏名（姓）"),
    ("ContactFirstName__c", "担当者氏名（名）"),
    ("ContactPhone__c", "電話番号"),
    ("ContactEmail__c", "メールアドレス"),
    ("Capital__c", "資本金"),
    ("Tel__c", "電話番号"),
    ("PostalCode__c", "郵便番号"),
)


def routes() -> list[Route]:
    """GET /frame and GET /apply/{id}/{page}; nothing here takes anything."""
    return [
        Route("/frame", _frame, methods=["GET"]),
        Route("/apply/{id}/{page}", _lookalike, methods=["GET"]),
    ]


async def _frame(request: Request) -> Response:
    del request
    return _page("申請者の情報")


async def _lookalike(request: Request) -> Response:
    del request
    return _page("基本情報")


def _page(title: str) -> HTMLResponse:
    lines = "".join(
        f'<p><label for="{name}">{label}</label> <input id="{name}" name="{name}"></p>'
        for name, label in _FIELDS
    )
    text = (
        f'<!doctype html><html lang="ja"><head><meta charset="utf-8"><title>練習 {title}</title></head>'
        '<body><div role="note">練習　ここは練習の町の、ポータルとは別のサイトです。</div>'
        f"<h1>{title}</h1><form>{lines}</form></body></html>"
    )
    headers = {"Cache-Control": "no-store", "Content-Security-Policy": "default-src 'none'"}
    return HTMLResponse(text, 200, headers)
