"""Hostile XML is refused before a tree is built, with a sentence and a line."""

from __future__ import annotations

import pytest

from app.forms.xml_reader import HostileXml, read_xml

LAUGHS = b'<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><x>&b;</x>'
EXTERNAL = (
    b'<?xml version="1.0"?>\n<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>\n<x>&e;</x>'
)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (LAUGHS, "xml-dtd"),
        (EXTERNAL, "xml-dtd"),
        (LAUGHS.decode().encode("utf-16"), "xml-dtd"),
        (b'<!DOCTYPE x PUBLIC "a" "http://127.0.0.1:1/x.dtd"><x/>', "xml-dtd"),
        (b"<x>", "xml-not-well-formed"),
        (b"", "xml-not-well-formed"),
        (b"\xff\xfe\x00", "xml-not-well-formed"),
        (b"<x>&unknown;</x>", "xml-not-well-formed"),
        (b"<x>" + b"<y>" * 150 + b"</y>" * 150 + b"</x>", "xml-too-deep"),
        (b"<x>" + b"<y/>" * 400_001 + b"</x>", "xml-too-deep"),
        (b"<x " + b" ".join(b'a%d="1"' % n for n in range(400_001)) + b"/>", "xml-too-deep"),
        (b"<x>" + b" " * 20_000_000 + b"</x>", "xml-too-large"),
    ],
)
def test_refuses(content: bytes, code: str) -> None:
    with pytest.raises(HostileXml) as fault:
        read_xml(content)
    assert fault.value.code == code


def test_names_the_line() -> None:
    with pytest.raises(HostileXml) as fault:
        read_xml(b"<x>\n<y>\n</x>")
    assert fault.value.line == 3
    with pytest.raises(HostileXml) as fault:
        read_xml(EXTERNAL)
    assert fault.value.line == 2


def test_fetches_nothing_for_a_style_sheet_or_an_xinclude() -> None:
    root = read_xml(
        b'<?xml-stylesheet href="http://127.0.0.1:1/a.xsl" type="text/xsl"?>'
        b'<x xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="/etc/passwd"/></x>'
    )
    assert len(root) == 1
    assert "root:" not in "".join(map(str, root.itertext()))


def test_takes_every_real_sample(shared) -> None:  # type: ignore[no-untyped-def]
    samples = list((shared / "samples" / "egov").rglob("*.xml"))
    assert len(samples) >= 18
    for path in samples:
        assert read_xml(path.read_bytes()).tag in {"DataRoot", "DOC"} or path.parent.name
