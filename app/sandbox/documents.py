"""Documents the practice agency composes: 確認通知書, a plain decision, 補正通知 and コメント通知.

Their shape is that of the real samples; their content is ours (resources/sandbox/notes.md).
"""

from __future__ import annotations

import base64
import io
import zipfile
from dataclasses import dataclass
from datetime import datetime
from random import Random

from lxml import etree

from app.sandbox.keys import TownKeys
from app.sandbox.ledger import Filing
from app.sandbox.xmldsig import sign_document

DOCUMENT_NAME = "0000-RENSHU-001.xml"
STYLE_NAME = "stylesheet-RENSHU-001.xsl"
COMMENT_FORM = "999000000000000002"
CORRECTION_FORM = "999000000000000010"


@dataclass(frozen=True)
class Letter:
    """The parts of a DOC."""

    number: str
    date: str
    addressee: tuple[str, str]
    author: tuple[str, str]
    title: str
    opening: str
    heading: str
    lines: tuple[str, ...]
    closing: str
    secrecy: str = "親展"
    stamp: str = "要"
    style: str = STYLE_NAME


def wareki(moment: datetime) -> str:
    """A day of 令和 as documents write it."""
    year = moment.year - 2018
    return f"令和{'元' if year == 1 else year}年{moment.month}月{moment.day}日"


def decision(filing: Filing, decision_kind: str, moment: datetime, rng: Random) -> Letter:
    """The letter that ends the review of a filing."""
    lines: tuple[str, ...] = (f"到達番号　{filing.arrive_id}", "処分　受理")
    title, opening = "手続終了のお知らせ", "届出を受理しました。"
    if decision_kind == "employment_insurance":
        subject = filing.subject
        insured = subject.get("insured") or insured_number(rng)
        subject["insured_given"] = insured
        title = "雇用保険被保険者資格取得等確認通知書"
        opening = "次のとおり雇用保険の被保険者となったことを確認したので通知します。"
        lines = (
            f"被保険者番号　{insured}",
            f"被保険者氏名　{subject.get('name', '')}",
            f"被保険者氏名フリガナ　{subject.get('kana', '')}",
            f"生年月日　{subject.get('birth', '')}",
            f"資格取得年月日　{subject.get('acquired', '')}",
            f"事業所番号　{subject.get('office', '')}",
            f"事業所名称　{subject.get('workplace', '')}",
            f"確認通知年月日　{wareki(moment)}",
            f"到達番号　{filing.arrive_id}",
        )
    if decision_kind == "employment_loss":
        subject = filing.subject
        title = "雇用保険被保険者資格喪失確認通知書"
        opening = "次のとおり雇用保険の被保険者でなくなったことを確認したので通知します。"
        lines = (
            f"被保険者番号　{subject.get('insured', '')}",
            f"被保険者氏名　{subject.get('name', '')}",
            f"被保険者氏名フリガナ　{subject.get('kana', '')}",
            f"生年月日　{subject.get('birth', '')}",
            f"資格取得年月日　{subject.get('acquired', '')}",
            f"離職等年月日　{subject.get('left', '')}",
            f"事業所番号　{subject.get('office', '')}",
            f"事業所名称　{subject.get('workplace', '')}",
            f"確認通知年月日　{wareki(moment)}",
            f"到達番号　{filing.arrive_id}",
        )
    return written(filing, moment, title, opening, lines)


def written(
    filing: Filing, moment: datetime, title: str, opening: str, lines: tuple[str, ...]
) -> Letter:
    """A letter of the office a filing went to."""
    office = filing.destination.partition(",")[2] or filing.destination or filing.ministry
    return Letter(
        number=f"練習第{filing.arrive_id[-6:]}号",
        date=wareki(moment),
        addressee=(filing.corporation, filing.applicant),
        author=(office, f"{office}長" if office.endswith("所") else "担当"),
        title=title,
        opening=opening,
        heading="記",
        lines=lines,
        closing="この公文書は練習の町が作ったもので、効力はありません。",
    )


def insured_number(rng: Random) -> str:
    """Eleven digits 4-6-1, clearly ours: a real number is never known here."""
    return f"{rng.randrange(10**4):04d}-{rng.randrange(10**6):06d}-{rng.randrange(10)}"


def doc(letter: Letter) -> etree._Element:
    """The DOC element, in the order of the real sample 0000-API-001.xml."""
    root = etree.Element("DOC", VERSION="1.0")
    front = etree.SubElement(root, "FRONT")
    _text(front, "SECRECY", letter.secrecy)
    _text(front, "STAMP", letter.stamp)
    body = etree.SubElement(root, "BODY", ID="DOCBODY")
    etree.SubElement(body, "STYLESHEET", URI=letter.style)
    _text(body, "DOCNO", letter.number)
    _text(body, "DATE", letter.date).set("TYPE", "1")
    to = etree.SubElement(body, "TO")
    _text(to, "AFF", letter.addressee[0])
    _text(to, "NAME", letter.addressee[1])
    _text(to, "HONORIFC", "殿" if letter.addressee[1] else "")
    author = etree.SubElement(body, "AUTHOR")
    _text(author, "AFF", letter.author[0])
    _text(author, "NAME", letter.author[1])
    _text(body, "TITLE", letter.title)
    _paragraphs(etree.SubElement(body, "MAINTXT"), (letter.opening,))
    second = etree.SubElement(body, "MAINTXT2")
    _text(second, "MT2TITLE", letter.heading)
    _paragraphs(etree.SubElement(second, "MT2TEXT"), letter.lines)
    _paragraphs(etree.SubElement(body, "REFERENC"), (letter.closing,))
    return root


def document_bytes(letter: Letter, keys: TownKeys | None) -> bytes:
    """The document as a file, signed when keys are given."""
    root = doc(letter)
    if keys is not None:
        sign_document(root, keys.document, keys.authority)
    head = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<?xml-stylesheet type="text/xsl" href="{letter.style}"?>'
    )
    return head.encode("utf-8") + etree.tostring(root, encoding="utf-8", xml_declaration=False)


def packed(letter: Letter, keys: TownKeys | None, style: bytes) -> tuple[str, list[str]]:
    """The document and its style sheet as a base64 ZIP, and the names inside."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(DOCUMENT_NAME, document_bytes(letter, keys))
        archive.writestr(STYLE_NAME, style)
    return base64.b64encode(buffer.getvalue()).decode("ascii"), [DOCUMENT_NAME, STYLE_NAME]


def notice_letter(filing: Filing, title: str, sentence: str, form_id: str, day: str) -> bytes:
    """A コメント通知 or 補正通知 as a file (unsigned, as the samples are)."""
    correction = form_id == CORRECTION_FORM
    letter = Letter(
        number=filing.arrive_id,
        date=day,
        addressee=("", ""),
        author=(filing.ministry, "練習の町 担当"),
        title=title,
        opening="",
        heading="補正指示" if correction else "コメント",
        lines=(sentence,),
        closing="",
        secrecy="AMEND" if correction else "COMMENT",
        stamp="0",
        style=f"{form_id}.xsl",
    )
    return document_bytes(letter, None)


def _text(parent: etree._Element, name: str, value: str) -> etree._Element:
    element = etree.SubElement(parent, name)
    element.text = value or None
    return element


def _paragraphs(parent: etree._Element, lines: tuple[str, ...]) -> None:
    for line in lines:
        _text(parent, "P", line).set("LEVEL", "0")
