"""Element order: a file must have exactly the elements of the real sample, in its order."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from app.sandbox.characters import foreign
from app.sandbox.findings import Finding

# Elements that may stand several times, or may be absent, where the real samples show it.
REPEATED = frozenset({"添付書類属性情報", "申請書属性情報"})
OPTIONAL = frozenset(
    {"添付書類属性情報", "申請書属性情報", "署名情報", "その他", "納付関連情報", "法人番号"}
)
_DSIG = "{http://www.w3.org/2000/09/xmldsig#}"


def children(element: etree._Element) -> list[etree._Element]:
    """The child elements, without comments and instructions."""
    return [child for child in element if isinstance(child.tag, str)]


def path_of(element: etree._Element) -> str:
    """Names from below the root, joined with a full stop as the door's messages do."""
    names = [str(element.tag)]
    names += [str(parent.tag) for parent in element.iterancestors()]
    return ".".join(reversed(names[:-1])) or names[0]


def compare(model: etree._Element, given: etree._Element, file_name: str) -> Iterator[Finding]:
    """Every difference of shape, and every character the door does not take."""
    if given.tag != model.tag:
        yield Finding(f"ルート要素は {model.tag} です。", str(given.tag), file_name)
        return
    yield from _level(model, given, file_name)


def _level(model: etree._Element, given: etree._Element, file_name: str) -> Iterator[Finding]:
    wanted, got = children(model), children(given)
    if not wanted:
        yield from _leaf(given, got, file_name)
        return
    if (given.text or "").strip() or any((child.tail or "").strip() for child in given):
        yield Finding("要素の間に文字があります。", path_of(given), file_name)
    names = [str(child.tag) for child in wanted]
    place = 0
    for child in got:
        name = str(child.tag)
        if name not in names:
            yield Finding("様式にない項目です。", path_of(child), file_name)
            continue
        index = names.index(name)
        again = place > 0 and index == place - 1 and name in REPEATED
        missing = [item for item in names[place:index] if item not in OPTIONAL]
        if (index < place and not again) or missing:
            yield Finding("項目の順序に誤りがあるか、項目が足りません。", path_of(child), file_name)
        place = max(place, index + 1)
        if not name.startswith(_DSIG) and name != "署名情報":
            yield from _level(wanted[index], child, file_name)
    for item in names[place:]:
        if item not in OPTIONAL:
            yield Finding("項目が足りません。", f"{path_of(given)}.{item}", file_name)


def _leaf(given: etree._Element, got: list[etree._Element], file_name: str) -> Iterator[Finding]:
    if got:
        yield Finding("様式にない項目です。", path_of(got[0]), file_name)
    signs = foreign((given.text or "").strip("\r\n\t"))
    if signs:
        shown = "、".join(f"{sign}（U+{ord(sign):04X}）" for sign in signs)
        yield Finding(f"使用できない文字があります：{shown}", path_of(given), file_name)
