"""Packages for the practice procedures, signed and unsigned, made as a third party would make them."""

from __future__ import annotations

import base64
import copy
import hashlib
import io
import zipfile
from collections.abc import Sequence
from typing import Any

import httpx
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import pkcs12
from lxml import etree

from tests.sandbox.town_packages import PERSON, packed, put, send_file, skeleton, to_bytes
from tests.sandbox.town_process import TownProcess

DS = "http://www.w3.org/2000/09/xmldsig#"
C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
RSA = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
PENSION_OFFICE = ("X-PRACTICE-PENSION-2101", "日本年金機構,渋谷年金事務所")
TEST_FORM = {"氏名": "練習　太郎"}

Signer = tuple[RSAPrivateKey, bytes]


def day(year: int, month: int, number: int, base: str = "") -> dict[str, str]:
    """年号, 年, 月, 日 of 令和 under a path."""
    parts = {"年号": "令和", "年": str(year), "月": str(month), "日": str(number)}
    return {f"{base}/{name}" if base else name: value for name, value in parts.items()}


def signer(town: TownProcess, **order: Any) -> Signer:
    """A key and its certificate from the control API's PKCS#12."""
    made = town.control("POST", "certificate", order)
    raw = base64.b64decode(made["pkcs12"])
    key, certificate, _ = pkcs12.load_key_and_certificates(raw, made["password"].encode())
    assert isinstance(key, RSAPrivateKey)
    assert certificate is not None
    return key, certificate.public_bytes(serialization.Encoding.DER)


def canonical(element: etree._Element) -> bytes:
    """Inclusive canonical XML of a detached copy."""
    alone = copy.deepcopy(element)
    alone.tail = None
    buffer = io.BytesIO()
    etree.ElementTree(alone).write_c14n(buffer)
    return buffer.getvalue()


def _sha(data: bytes) -> str:
    return base64.b64encode(hashlib.sha256(data).digest()).decode()


def sign(root: etree._Element, files: dict[str, bytes], who: Signer, **spoil: str) -> None:
    """Add a Signature over 構成情報 and `files`; `spoil` replaces texts before the value is made."""
    body = root.find("構成情報")
    assert body is not None
    rows = "".join(
        f'<Reference URI="{name}"><DigestMethod Algorithm="{SHA256}"/>'
        f"<DigestValue>{_sha(data)}</DigestValue></Reference>"
        for name, data in files.items()
    )
    key, certificate = who
    text = (
        f'<Signature xmlns="{DS}" Id="20261124100000"><SignedInfo>'
        f'<CanonicalizationMethod Algorithm="{C14N}"/><SignatureMethod Algorithm="{RSA}"/>'
        '<Reference URI="#%E6%A7%8B%E6%88%90%E6%83%85%E5%A0%B1"><Transforms>'
        f'<Transform Algorithm="{C14N}"/></Transforms><DigestMethod Algorithm="{SHA256}"/>'
        f"<DigestValue>{_sha(canonical(body))}</DigestValue></Reference>{rows}</SignedInfo>"
        "<SignatureValue/><KeyInfo><X509Data><X509Certificate>"
        f"{base64.b64encode(certificate).decode()}</X509Certificate></X509Data></KeyInfo></Signature>"
    )
    for old, new in spoil.items():
        text = text.replace({"c14n": C14N, "rsa": RSA, "sha": SHA256}[old], new)
    signature = etree.fromstring(text)
    raw = key.sign(canonical(signature[0]), padding.PKCS1v15(), hashes.SHA256())
    signature[1].text = base64.b64encode(raw).decode()
    holder = root.find("署名情報")
    if holder is None:
        holder = etree.Element("署名情報")
        body.addnext(holder)
    signature.set("Id", f"2026112410000{len(holder)}")
    holder.append(signature)


class Bundle:
    """A package of the 標準形式 with every form of its skeleton, for a test to fill and spoil."""

    def __init__(self, api: httpx.Client, proc_id: str, corporation: str = "株式会社練習") -> None:
        """Fetch the skeleton and write the people in."""
        self.proc_id = proc_id
        files = skeleton(api, proc_id)
        self.kousei = etree.fromstring(files["kousei.xml"])
        names = sorted(name for name in files if name.endswith("_01.xml"))
        self.forms = {name: etree.fromstring(files[name]) for name in names}
        self.extra: dict[str, bytes] = {}
        person = PERSON | {"法人団体名": corporation}
        for who in ("申請者情報", "連絡先情報"):
            put(self.kousei, person, f"構成情報/管理情報/申請者連絡先情報/{who}/")

    def fill(self, values: dict[str, str], form: int = 0) -> Bundle:
        """Write values into one of the forms."""
        put(self.forms[sorted(self.forms)[form]][-1], values)
        return self

    def destination(self, number: str, name: str) -> Bundle:
        """Set 提出先情報."""
        put(self.kousei, {"提出先識別子": number, "提出先名称": name}, "構成情報/提出先情報/")
        return self

    def kind(self, kind: str, first_number: str = "") -> Bundle:
        """Set 申請種別 and 初回受付番号."""
        put(self.kousei, {"申請種別": kind, "初回受付番号": first_number}, "構成情報/管理情報/")
        return self

    def attach(self, label: str, name: str, data: bytes) -> Bundle:
        """Name an attachment and pack it."""
        entry = etree.fromstring(
            f"<添付書類属性情報><添付種別>添付</添付種別><添付書類名称>{label}</添付書類名称>"
            f"<添付書類ファイル名称>{name}</添付書類ファイル名称><提出情報>1</提出情報>"
            "</添付書類属性情報>"
        )
        before = self.kousei.find("構成情報/管理情報")
        assert before is not None
        before.addnext(entry)
        self.extra[name] = data
        return self

    def signed(self, *people: Signer, without: Sequence[str] = (), **spoil: str) -> Bundle:
        """Sign everything, once for each of `people`."""
        held = {name: to_bytes(form) for name, form in self.forms.items()} | self.extra
        covered = {name: data for name, data in held.items() if name not in without}
        for who in people:
            sign(self.kousei, covered, who, **spoil)
        return self

    def files(self) -> dict[str, bytes]:
        """The files to pack."""
        forms = {name: to_bytes(form) for name, form in self.forms.items()}
        return {"kousei.xml": to_bytes(self.kousei), **forms, **self.extra}

    def raw(self) -> bytes:
        """The ZIP."""
        return packed({f"{self.proc_id}/{name}": data for name, data in self.files().items()})

    def body(self) -> dict[str, Any]:
        """The body of POST /apply."""
        return {"proc_id": self.proc_id, "send_file": send_file(self.raw())}


def fixed(api: httpx.Client, proc_id: str) -> Bundle:
    """A good application for one of the procedures with a fixed end."""
    return Bundle(api, proc_id).fill(TEST_FORM)


def unzipped(data: str) -> dict[str, bytes]:
    """The files of a base64 ZIP."""
    with zipfile.ZipFile(io.BytesIO(base64.b64decode(data))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def bearer(town: TownProcess, account: str) -> dict[str, str]:
    """The header of another account."""
    return {"Authorization": f"Bearer {town.token(account)['access_token']}"}


def withdrawal(bundle: Bundle, number: str) -> dict[str, Any]:
    """The body of POST /apply/withdraw for what `bundle` filed (reference, 1.5)."""
    root = copy.deepcopy(bundle.kousei)
    name = str(root.findtext("構成情報/管理情報/手続名称"))
    put(root, {"様式ID": "999000000000000009", "STYLESHEET": "999000000000000009.xsl"})
    info = {
        "手続番号/手続ID": "9990000000000003",
        "初回受付番号": number,
        "申請種別": "取下げ依頼",
    }
    put(root, info, "構成情報/管理情報/")
    body = root.find("構成情報")
    assert body is not None
    for entry in body.findall("添付書類属性情報") + body.findall("申請書属性情報"):
        body.remove(entry)
    entry = etree.SubElement(body, "申請書属性情報")
    values = ("999000000000000003", "0001", "取下げ依頼XML", "torisageirai.xml")
    tags = ("様式ID", "様式バージョン", "様式名称", "ファイル名称")
    for tag, value in zip(tags, values, strict=True):
        etree.SubElement(entry, f"申請書{tag}").text = value
    form = etree.fromstring(
        "<DataRoot><様式ID>999000000000000003</様式ID><様式バージョン>0001</様式バージョン>"
        "<STYLESHEET>999000000000000003.xsl</STYLESHEET><取下げ依頼情報>"
        f"<到達番号>{number}</到達番号><手続名称>{name}</手続名称><申請者氏名>練習　太郎</申請者氏名>"
        "<依頼年月日><年>2026</年><月>11</月><日>24</日></依頼年月日><理由>練習のため</理由>"
        "</取下げ依頼情報></DataRoot>"
    )
    files = {"kousei.xml": to_bytes(root), "torisageirai.xml": to_bytes(form)}
    raw = packed({f"9990000000000003/{name}": data for name, data in files.items()})
    return {"arrive_id": number, "send_file": send_file(raw, "torisage.zip")}


def leaving(api: httpx.Client, proc_id: str) -> Bundle:
    """A good 資格喪失届, with the 離職証明書 where the procedure has one."""
    office = {"事業主/住所": "東京都渋谷区神南１丁目", "事業主/氏名": "株式会社練習"}
    loss = {
        "被保険者番号/被保険者番号4桁": "1234",
        "被保険者番号/被保険者番号6桁": "567890",
        "被保険者番号/被保険者番号CD": "1",
        "事業所番号/事業所番号4桁": "1111",
        "事業所番号/事業所番号6桁": "222222",
        "事業所番号/事業所番号CD": "3",
        **day(2, 4, 1, "資格取得年月日"),
        **day(8, 6, 30, "離職等年月日"),
        "喪失原因": "2",
        "離職票交付希望": "1",
        "被保険者氏名": "試験　花子",
        "被保険者氏名フリガナ": "シケン　ハナコ",
        "性別": "女",
        **day(1, 5, 5, "生年月日"),
        "被保険者の住所又は居所": "東京都渋谷区神南２丁目",
        "事業所名称": "株式会社練習",
        "被保険者でなくなったことの原因": "転職希望による退職",
        "一週間の所定労働時間/時間": "40",
        "一週間の所定労働時間/分": "0",
        **office,
        **day(8, 7, 3, "届出年月日"),
        "あて先": "渋谷",
    }
    place = ("49511000010000000003829", "東京都,渋谷公共職業安定所")
    bundle = Bundle(api, proc_id).destination(*place).fill(loss)
    if len(bundle.forms) == 1:
        return bundle
    separation = {
        "被保険者番号": "12345678901",
        "事業所番号": "11112222223",
        "離職者氏名": "試験　花子",
        "離職者氏名フリガナ": "シケン　ハナコ",
        **day(8, 6, 30, "離職年月日"),
        "事業所/名称": "株式会社練習",
        "事業所/所在地": "東京都渋谷区神南１丁目",
        "離職者の住所又は居所": "東京都渋谷区神南２丁目",
        **office,
        "離職理由区分": "4",
        "具体的事情記載欄": "転職希望による退職",
        **day(8, 7, 1, "離職日の翌日"),
        "算定対象期間1/開始": "0601",
        "算定対象期間1/終了": "0630",
        "算定対象期間1/基礎日数": "30",
        "賃金支払対象期間1/開始": "0601",
        "賃金支払対象期間1/終了": "0630",
        "賃金支払対象期間1/基礎日数": "30",
        "賃金支払対象期間1/賃金額計": "250000",
        "離職者の確認": "1",
        "異議の有無": "2",
    }
    return bundle.fill(separation, form=1)


# ---------------------------------------------------------------- SHFD0006.CSV
OFFICE = "21,01,ｹｲﾄ,123,100,0000,東京都千代田区霞が関１－２－２,健保サービス株式会社,健保　良一,03,1234,5678"
HEAD = ["21,01,ｹｲﾄ,001,20261124,22223", "[kanri]", ",001", OFFICE, "[data]"]
BY_CODE = {
    "2200700": "2200700,21,01,ｹｲﾄ,123,12,ﾈﾝｷﾝ ﾀﾛｳ,年金　太郎,7,070401,1,1,,,,,,9,080401,0,0260000,0000000,0260000,,,,,,100,8916,ﾄｳｷｮｳﾄﾁﾖﾀﾞｸｶｽﾐｶﾞｾｷ1-2-2,東京都千代田区霞が関１－２－２,,",
    "2201700": "2201700,21,01,ｹｲﾄ,123,12,ﾈﾝｷﾝ ﾀﾛｳ,年金　太郎,7,070401,,1234,567890,9,080901,4,9,080831,,,,,,,,,",
    "2225700": "2225700,21,01,ｹｲﾄ,12,ﾈﾝｷﾝ ﾀﾛｳ,年金　太郎,7,070401,9,08,09,0260,0260,9,07,09,,,,,04,05,06,30,31,30,0260000,0260000,0260000,0000000,0000000,0000000,0260000,0260000,0260000,0780000,0260000,,,,,,,,,,,,,,,",
    "2221700": "2221700,21,01,ｹｲﾄ,12,ﾈﾝｷﾝ ﾀﾛｳ,年金　太郎,7,070401,9,08,10,0260,0260,9,07,09,07,1,,,07,08,09,31,31,30,300000,300000,300000,0,0,0,300000,300000,300000,900000,300000,,,,,,,,昇給,,,",
    "2265700": "2265700,21,01,ｹｲﾄ,12,ﾈﾝｷﾝ ﾀﾛｳ,年金　太郎,7,070401,9,080710,0500500,0000000,0500000,,,,,,,",
    "2202700": "2202700,21,01,ｹｲﾄ,1,9,080708,10,ﾈﾝｷﾝ ﾏｻｱｷ,年金　正明,5,551010,1,123456708900,,,3200000,,,,1,9,080708,ﾈﾝｷﾝ ｸﾐ,年金　久美,5,560326,2,123456078900" + "," * 110,
}  # fmt: skip
PROCEDURES = {code: f"X-PRACTICE-{code[:5]}" for code in BY_CODE}


def csv_bytes(code: str, rows: Sequence[str] = (), head: Sequence[str] = HEAD) -> bytes:
    """A file with these data lines (one good line unless told)."""
    lines = [*head, *(rows or [BY_CODE[code]])]
    return "".join(f"{line}\r\n" for line in lines).encode("cp932")


def pension(api: httpx.Client, code: str, data: bytes | None = None, count: int = 1) -> Bundle:
    """A good pension notice with the CSV attached."""
    bundle = Bundle(api, PROCEDURES[code]).destination(*PENSION_OFFICE)
    bundle.fill(
        {
            **day(8, 7, 3, "提出年月日"),
            "届書の種類": code,
            "事業所整理記号/都道府県コード": "21",
            "事業所整理記号/郡市区符号": "01",
            "事業所整理記号/事業所記号": "ケイト",
            "事業所番号": "123",
            "事業所所在地": "東京都千代田区霞が関１－２－２",
            "事業所名称": "健保サービス株式会社",
            "事業主氏名": "健保　良一",
            "電話番号": "03-1234-5678",
            "提出件数": str(count),
            "添付ファイル名": "SHFD0006.CSV",
        }
    )
    raw = csv_bytes(code) if data is None else data
    return bundle.attach("届書ＣＳＶファイル", "SHFD0006.CSV", raw)
