"""What a publisher wrote, made safe to show: HTML of Jグランツ, Markdown of ミラサポplus.

The cleaner is nh3 (ammonia): an allow list of elements that only shape text, no styles, no images,
nothing that is loaded. Links keep absolute addresses of http, https and mailto; they are opened by
the program's own confirmed opener. The result is HTML that a QTextBrowser shows.
"""

from __future__ import annotations

import html
import re
from typing import Final

from app.domain.grant import GrantDetail

LARGEST: Final = 1_000_000
"""Letters of a text that are shown; the rest is cut off with a sentence."""

_CUT: Final = "<p>(長いため、ここまでを表示しています。続きは募集のページにあります。)</p>"
_TAGS: Final = frozenset(
    [
        "p",
        "br",
        "hr",
        "div",
        "blockquote",
        "pre",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "table",
        "caption",
        "thead",
        "tbody",
        "tfoot",
        "tr",
        "td",
        "th",
        "strong",
        "b",
        "em",
        "i",
        "u",
        "s",
        "sub",
        "sup",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "a",
    ]
)
_ATTRIBUTES: Final = {"a": {"href"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}}
_DROPPED_WHOLE: Final = {"script", "style", "title", "template", "noscript", "iframe", "object", "svg", "math"}  # fmt: skip
_ANY_TAG: Final = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)\b[^>]*>")
_VOID: Final = frozenset({"br", "hr", "img", "input", "meta", "link", "wbr", "col"})
_DEEPEST: Final = 60  # levels; a text view follows them by recursion
_ADDRESS: Final = re.compile(r"(?i)(?:https?://[^/\s\\]|mailto:[^\s]+@)")


def shown_html(detail: GrantDetail) -> str:
    """The body of a grant, safe to show."""
    if detail.body_kind == "markdown":
        return clean_markdown(detail.body)
    return clean_html(detail.body)


def clean_html(text: str) -> str:
    """HTML of a publisher, safe to show; a text without any element keeps its lines."""
    if not _ANY_TAG.search(text[:LARGEST]):
        plain = html.escape(html.unescape(text[:LARGEST]), quote=False).strip()
        return "<br>".join(plain.splitlines()) + (_CUT if len(text) > LARGEST else "")
    return _cleaned(text)


def clean_markdown(text: str) -> str:
    """Markdown of a publisher as HTML, safe to show. HTML inside it is shown as text."""
    from markdown_it import MarkdownIt

    reader = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table")
    made: str = reader.render(text[:LARGEST])
    return _cleaned(made) + (_CUT if len(text) > LARGEST else "")


def _cleaned(text: str) -> str:
    import nh3

    made = nh3.clean(
        text[:LARGEST],
        tags=set(_TAGS),
        clean_content_tags=_DROPPED_WHOLE,
        attributes=_ATTRIBUTES,
        attribute_filter=_attribute,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
        strip_comments=True,
    )
    if _depth(made) > _DEEPEST:
        plain = html.unescape(_ANY_TAG.sub(" ", made))
        made = "<p>" + html.escape(plain, quote=False).strip() + "</p>"
    return made + (_CUT if len(text) > LARGEST else "")


def _attribute(tag: str, name: str, value: str) -> str | None:
    if name == "href":
        return value if _ADDRESS.match(value.strip()) else None
    if name in ("colspan", "rowspan"):
        return value if value.isascii() and value.isdigit() and 0 < int(value[:4]) <= 50 else None
    return value if tag == "a" else None


def _depth(cleaned: str) -> int:
    """How deep the elements of a cleaned text lie in each other."""
    deepest = level = 0
    for found in _ANY_TAG.finditer(cleaned):
        if found[2].lower() in _VOID:
            continue
        level += -1 if found[1] else 1
        deepest = max(deepest, level)
    return deepest
