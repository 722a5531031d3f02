"""The one reader of XML that comes from outside: no DTD, no entities, no network, bounded."""

from __future__ import annotations

import io
import re
from typing import Any

from lxml import etree

from app.domain.errors import BadInput

SIZE_LIMIT = 20_000_000
DEPTH_LIMIT = 100
NODE_LIMIT = 400_000

_DOCTYPE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.I)


class HostileXml(BadInput):
    """XML that is refused; `line` is where, 0 if it cannot be said."""

    def __init__(self, code: str, sentence: str, line: int = 0) -> None:
        super().__init__(code, sentence)
        self.line = line


def read_xml(content: bytes) -> etree._Element:
    """The root element of `content`.

    Raises:
        HostileXml: it is too large, too deep, has a DTD or entities, or is not well-formed.
    """
    if len(content) > SIZE_LIMIT:
        raise HostileXml("xml-too-large", "XML が大きすぎます。開きません。")
    if b"\x00" in content[:4] or content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        probe = content.decode("utf-16", "ignore").encode("utf-8")
    else:
        probe = content
    if match := _DOCTYPE.search(probe):
        line = probe.count(b"\n", 0, match.start()) + 1
        raise HostileXml("xml-dtd", "DTD や実体の宣言がある XML は開きません。", line)
    _refuse_shape(content)
    tree: Any = etree.parse(io.BytesIO(content), _parser())
    root: etree._Element | None = tree.getroot()
    if root is None or tree.docinfo.doctype:
        raise HostileXml("xml-dtd", "DTD や実体の宣言がある XML は開きません。")
    return root


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False,
        attribute_defaults=False, huge_tree=False, recover=False, remove_comments=False,
    )  # fmt: skip


def _refuse_shape(content: bytes) -> None:
    """Counts depth and nodes while reading, so that a bomb is dropped before a tree is built."""
    depth = nodes = 0
    try:
        events = etree.iterparse(
            io.BytesIO(content), events=("start", "end"), resolve_entities=False, no_network=True,
            load_dtd=False, huge_tree=False,
        )  # fmt: skip
        for event, element in events:
            if event == "start":
                depth += 1
                nodes += 1 + len(element.attrib)
                if depth > DEPTH_LIMIT or nodes > NODE_LIMIT:
                    raise HostileXml("xml-too-deep", "XML の入れ子か要素が多すぎます。開きません。")
            else:
                depth -= 1
                element.clear()
    except etree.XMLSyntaxError as fault:
        line = fault.lineno or 0
        raise HostileXml("xml-not-well-formed", "XML として読めません。", line) from None
