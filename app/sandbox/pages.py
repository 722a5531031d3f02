"""The town's web pages: plain Japanese, marked 練習, no script, nothing from another origin."""

from __future__ import annotations

from html import escape
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Route

FONT_PATH = "/font/BIZUDPGothic_400Regular.ttf"
# A machine may have no Japanese font: then the town's own origin gives the bundled one.
_CSS = """
@font-face{font-family:Town;src:local("BIZ UDPGothic"),url(/font/BIZUDPGothic_400Regular.ttf)}
*{box-sizing:border-box}body{margin:0;font:16px/1.6 Town,"BIZ UDPGothic",sans-serif;color:#1f2933;
background:#f4f5f7}.mark{background:#8a4b00;color:#fff;padding:.5em 1em;font-weight:bold}
main{max-width:32em;margin:1.5em auto;padding:1.5em;background:#fff;border:1px solid #c9ced6;
border-radius:8px}h1{font-size:1.25em;margin:0 0 .75em}label{display:block;margin:1em 0 .25em}
input{font:inherit;width:100%;padding:.5em;border:1px solid #6b7684;border-radius:4px}
button,.button{font:inherit;display:block;width:100%;margin-top:1em;padding:.6em;border-radius:4px;
border:1px solid #1d4f91;background:#1d4f91;color:#fff;text-align:center;text-decoration:none}
.quiet{background:#fff;color:#1d4f91}:focus{outline:3px solid #e0a100;outline-offset:2px}
.band{border-left:4px solid #b3261e;background:#fdf1f0;padding:.5em 1em}.big{font-size:2.5em;
text-align:center;letter-spacing:.1em}article{border-top:1px solid #dde1e6}
small{color:#52606d}
"""
_MARK = "練習　ここは練習の町です。実際の役所には何も送られません。"


def page(title: str, body: str, status: int = 200) -> HTMLResponse:
    """A whole page with its 練習 band; `body` is HTML already."""
    text = (
        '<!doctype html><html lang="ja"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>練習 {escape(title)}</title><style>{_CSS}</style></head><body>"
        f'<div class="mark" role="note">{_MARK}</div>'
        f"<main><h1>{escape(title)}</h1>{body}</main></body></html>"
    )
    headers = {
        "Cache-Control": "no-store",
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; font-src 'self'; "
        "frame-ancestors 'none'; base-uri 'none'",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
    return HTMLResponse(text, status, headers)


def font_route(fonts: Path) -> Route:
    """The route that gives the bundled font of the folder `fonts`."""
    path = fonts / FONT_PATH.rpartition("/")[2]
    keep = {"Cache-Control": "public, max-age=86400, immutable"}

    async def font(request: Request) -> Response:
        del request
        if not path.is_file():
            return Response(status_code=404)
        return FileResponse(path, media_type="font/ttf", headers=keep)

    return Route(FONT_PATH, font, methods=["GET"])


def band(sentence: str) -> str:
    """A sentence of what went wrong, announced to screen readers; empty for an empty sentence."""
    return f'<p class="band" role="alert" id="message">{escape(sentence)}</p>' if sentence else ""


def field(name: str, label: str, value: str = "", kind: str = "text", extra: str = "") -> str:
    """A labelled input whose id is its name; `extra` is more attributes."""
    return (
        f'<label for="{name}">{escape(label)}</label><input id="{name}" name="{name}" '
        f'type="{kind}" value="{escape(value)}" required {extra}>'
    )


def hidden(name: str, value: str) -> str:
    """A hidden input."""
    return f'<input type="hidden" name="{name}" value="{escape(value)}">'


def button(label: str, name: str = "action", value: str = "next", style: str = "") -> str:
    """A submit button with the id '{name}-{value}'."""
    formless = "formnovalidate" if style == "quiet" else ""
    return (
        f'<button class="{style}" id="{name}-{value}" name="{name}" value="{value}" {formless}>'
        f"{escape(label)}</button>"
    )


def form(action: str, *parts: str) -> str:
    """A POST form."""
    return (
        f'<form method="post" action="{escape(action)}" autocomplete="off">{"".join(parts)}</form>'
    )


def paragraph(text: str) -> str:
    """A paragraph of plain text."""
    return f"<p>{escape(text)}</p>"


def letter(head: str, subject: str, text: str) -> str:
    """One mail of a mailbox."""
    return (
        f"<article><p><small>{escape(head)}</small><br><b>{escape(subject)}</b><br>"
        f"{escape(text)}</p></article>"
    )
