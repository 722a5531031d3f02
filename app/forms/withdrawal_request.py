"""取下げ依頼: the package that asks e-Gov to let a filing be taken back (reference 1.5).

It is made from the sealed package of that filing: the same people and the same office, another
form. Its one application form is torisageirai.xml.
"""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass
from datetime import date
from xml.sax.saxutils import escape

from lxml import etree

from app.domain.errors import BadInput
from app.forms.archive import read_archive
from app.forms.payload import Package, pack
from app.forms.xml_reader import read_xml

KIND = "取下げ依頼"
PROC_ID = "9990000000000003"
FORM_ID, FORM_VERSION = "999000000000000003", "0001"
CONFIGURATION_STYLE = "999000000000000009"
FILE_NAME = "torisageirai.xml"
REASON_LIMIT = 400
_BAD = re.compile("[^\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_FORM = """<?xml version="1.0" encoding="UTF-8"?>
<?xml-stylesheet type="text/xsl" href="{form}.xsl" ?>
<DataRoot>
	<様式ID>{form}</様式ID>
	<様式バージョン>{version}</様式バージョン>
	<STYLESHEET>{form}.xsl</STYLESHEET>
	<取下げ依頼情報>
		<到達番号>{number}</到達番号>
		<手続名称>{title}</手続名称>
		<申請者氏名>{name}</申請者氏名>
		<依頼年月日>
			<年>{day.year}</年>
			<月>{day.month}</月>
			<日>{day.day}</日>
		</依頼年月日>
		<理由>{reason}</理由>
	</取下げ依頼情報>
</DataRoot>
"""


@dataclass(frozen=True)
class WithdrawalRequest:
    """Which case is to be taken back, why, and on which day (in Japan) that is asked."""

    arrive_id: str
    reason: str
    day: date


def build_withdrawal(filed: bytes, request: WithdrawalRequest) -> Package:
    """The package of a 取下げ依頼, made from the sealed package `filed`.

    Raises:
        BadInput: no reason, too long a reason, or `filed` is no e-Gov package.
    """
    reason = request.reason.strip()
    if not reason:
        raise BadInput("withdrawal-reason", "取り下げる理由を入れてください。")
    if len(reason) > REASON_LIMIT or _BAD.search(reason):
        raise BadInput(
            "withdrawal-reason-long",
            f"理由は {REASON_LIMIT}字までの文にしてください。送れない文字があれば除いてください。",
        )
    main = next((f.content for f in read_archive(filed) if f.name.endswith("/kousei.xml")), None)
    if main is None:
        raise _no_package()
    root = copy.deepcopy(read_xml(main))
    node = root.find("構成情報")
    if node is None:
        raise _no_package()
    title = node.findtext("管理情報/手続名称") or ""
    name = node.findtext("管理情報/申請者連絡先情報/申請者情報/氏名") or ""
    kousei = _configuration(root, node, request.arrive_id)
    form = _FORM.format(
        form=FORM_ID,
        version=FORM_VERSION,
        number=escape(request.arrive_id),
        title=escape(title),
        name=escape(name),
        day=request.day,
        reason=escape(reason),
    ).encode()
    return pack(PROC_ID, ((f"{PROC_ID}/kousei.xml", kousei), (f"{PROC_ID}/{FILE_NAME}", form)))


def _configuration(root: etree._Element, node: etree._Element, arrive_id: str) -> bytes:
    for element in [e for e in root if e.tag in ("署名情報", "その他")]:
        root.remove(element)
    for element in [e for e in node if e.tag in ("添付書類属性情報", "申請書属性情報")]:
        node.remove(element)
    style = CONFIGURATION_STYLE
    for place, path, text in (
        (root, "様式ID", style),
        (root, "様式バージョン", "0001"),
        (root, "STYLESHEET", f"{style}.xsl"),
        (node, "管理情報/手続番号/受付行政機関ID", f"100{PROC_ID[:3]}"),
        (node, "管理情報/手続番号/手続ID", PROC_ID),
        (node, "管理情報/初回受付番号", arrive_id),
        (node, "管理情報/申請種別", KIND),
        (node, "通信欄", None),
    ):
        found = place.find(path)
        if found is None:
            raise _no_package()
        found.text = text
    for element in node.iter("手数料情報", "府省照会情報"):
        for leaf in element.iter(etree.Element):
            if not len(leaf):
                leaf.text = None
    node.append(
        read_xml(
            f"<申請書属性情報><申請書様式ID>{FORM_ID}</申請書様式ID>"
            f"<申請書様式バージョン>{FORM_VERSION}</申請書様式バージョン>"
            "<申請書様式名称>取下げ依頼XML</申請書様式名称>"
            f"<申請書ファイル名称>{FILE_NAME}</申請書ファイル名称></申請書属性情報>".encode()
        )
    )
    body = etree.tostring(root, encoding="unicode", with_tail=False)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<?xml-stylesheet href="{style}.xsl" type="text/xsl"?>\n{body}\n'
    ).encode()


def _no_package() -> BadInput:
    return BadInput(
        "package-none",
        "元の届の構成管理(kousei.xml)が読めません。役所に連絡して取り下げてください。",
    )
