"""What the practice e-Gov door does not take, each with its own reason, and nothing is filed."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from lxml import etree

from tests.sandbox.town_packages import (
    Application,
    put,
    refused,
    skeleton,
)
from tests.sandbox.town_process import TownProcess

FORM = "495000020325029841_01.xml"
INFO = "構成情報/管理情報/"
PERSON = f"{INFO}申請者連絡先情報/申請者情報/"
FORM_ENTRY = "構成情報/申請書属性情報/"
Spoil = Callable[[Application], None]


def in_kousei(path: str, value: str) -> Spoil:
    return lambda application: put(application.kousei, {path: value})


def in_form(path: str, value: str) -> Spoil:
    return lambda application: put(application.form[-1], {path: value})


def in_head(path: str, value: str) -> Spoil:
    return lambda application: put(application.form, {path: value})


def swap_first_two(application: Application) -> None:
    body = application.form[-1]
    body.insert(0, body[1])


def drop(path: str) -> Spoil:
    def spoil(application: Application) -> None:
        element = application.form[-1].find(path)
        assert element is not None
        parent = element.getparent()
        assert parent is not None
        parent.remove(element)

    return spoil


def add_unknown(application: Application) -> None:
    etree.SubElement(application.form[-1], "個人番号").text = "1"


def kousei_unknown(application: Application) -> None:
    element = application.kousei.find("構成情報/管理情報")
    assert element is not None
    etree.SubElement(element, "法人名").text = "練習"


def drop_form_entry(application: Application) -> None:
    body = application.kousei.find("構成情報")
    entry = application.kousei.find("構成情報/申請書属性情報")
    assert body is not None
    assert entry is not None
    body.remove(entry)


def without(name: str) -> Spoil:
    return lambda application: application.without.add(name)


def extra(name: str, data: bytes) -> Spoil:
    return lambda application: application.extra.update({name: data})


SPOILED: dict[str, tuple[Spoil, str]] = {
    "form id": (in_kousei(f"{FORM_ENTRY}申請書様式ID", "495000020325029842"), "申請書様式ID"),
    "form version": (in_kousei(f"{FORM_ENTRY}申請書様式バージョン", "0004"), "様式バージョン"),
    "form name": (in_kousei(f"{FORM_ENTRY}申請書様式名称", "取得届"), "申請書様式名称"),
    "form file name": (in_kousei(f"{FORM_ENTRY}申請書ファイル名称", "a.xml"), "申請書ファイル名称"),
    "id in the form": (in_head("様式ID", "495000020325029842"), "申請書XML.様式ID"),
    "version in the form": (in_head("様式バージョン", "0002"), "申請書XML.様式バージョン"),
    "style sheet in the form": (in_head("STYLESHEET", "a.xsl"), "申請書XML.STYLESHEET"),
    "element order": (swap_first_two, "項目の順序"),
    "missing element": (drop("被保険者氏名"), "足りません"),
    "last element missing": (drop("Xmit"), "足りません"),
    "unknown element": (add_unknown, "様式にない項目"),
    "unknown element in kousei": (kousei_unknown, "様式にない項目"),
    "full-width postal code": (in_kousei(f"{PERSON}郵便番号", "１５０００４１"), "郵便番号"),
    "postal code with hyphen": (in_kousei(f"{PERSON}郵便番号", "150-0041"), "郵便番号"),
    "full-width phone": (in_kousei(f"{PERSON}電話番号", "０３－００００－０００１"), "電話番号"),
    "half-width address": (in_kousei(f"{PERSON}住所", "東京都渋谷区1-2"), "住所は全角"),
    "name without space": (in_kousei(f"{PERSON}氏名", "練習太郎"), "姓と名の間"),
    "kana in hiragana": (in_kousei(f"{PERSON}氏名フリガナ", "れんしゅう　たろう"), "全角カタカナ"),
    "no name": (in_kousei(f"{PERSON}氏名", ""), "氏名は必須"),
    "mail": (in_kousei(f"{PERSON}電子メールアドレス", "練習"), "電子メールアドレス"),
    "agency": (in_kousei(f"{INFO}手続番号/受付行政機関ID", "100900"), "受付行政機関ID"),
    "procedure id": (in_kousei(f"{INFO}手続番号/手続ID", "4950000020325001"), "手続ID"),
    "procedure name": (in_kousei(f"{INFO}手続名称", "取得届"), "手続名称"),
    "kind": (in_kousei(f"{INFO}申請種別", "取下げ依頼"), "申請種別"),
    "partial correction by apply": (in_kousei(f"{INFO}申請種別", "部分補正"), "申請種別"),
    "configuration form": (in_kousei("様式ID", "999000000000000009"), "様式ID"),
    "corporate number": (
        lambda a: a.kousei.append(etree.fromstring("<その他><法人番号>１</法人番号></その他>")),
        "法人番号は半角数字13桁",
    ),
    "fee of one's own": (
        in_kousei("構成情報/手数料情報/手数料1/振込金額", "100"),
        "手数料情報には入力できません",
    ),
    "destination unknown": (lambda a: a.destination("1" * 23, "練習"), "提出先識別子"),
    "destination misnamed": (
        lambda a: a.destination("49511000010000000003829", "渋谷"),
        "提出先名称",
    ),
    "destination missing": (lambda a: a.destination("", ""), "提出先識別子は必須"),
    "form not named": (drop_form_entry, "申請書属性情報がありません"),
    "form file missing": (without(FORM), "申請書ファイルがありません"),
    "kousei missing": (without("kousei.xml"), "kousei.xml）がありません"),
    "file not named": (extra("memo.txt", b"a"), "記載のないファイル"),
    "attachment missing": (
        lambda a: a.attach("雇用契約書", "keiyaku.pdf", None),
        "添付書類ファイルがありません",
    ),
    "not XML": (extra(FORM, b'<?xml version="1.0" encoding="UTF-8"?><DataRoot>'), "XMLの形式"),
    "another encoding": (
        extra(FORM, '<?xml version="1.0" encoding="Shift_JIS"?><DataRoot/>'.encode("cp932")),
        "UTF-8",
    ),
    "a DTD": (
        extra(FORM, b'<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE a><DataRoot/>'),
        "DOCTYPE",
    ),
    "another root": (
        extra(FORM, b'<?xml version="1.0" encoding="UTF-8"?><Root/>'),
        "ルート要素",
    ),
    "JIS level 3 kanji": (in_form("被保険者氏名", "髙　花子"), "髙（U+9AD9）"),
    "circled number": (in_form("事業所名称", "株式会社①"), "①（U+2460）"),
    "bracketed company": (in_form("事業所名称", "㈱練習"), "㈱（U+3231）"),
    "half-width kana": (in_form("被保険者氏名フリガナ", "ｼｹﾝ"), "ｼ（U+FF7C）"),
    "supplementary kanji": (in_form("被保険者氏名", "𠮷田　花子"), "𠮷（U+20BB7）"),
    "emoji": (in_form("備考欄_申請者/備考", "🙂"), "（U+1F642）"),
    "accent": (in_form("備考欄_申請者/備考", "é"), "é（U+00E9）"),
    "empty required": (in_form("性別", ""), "性別は必須"),
    "not in the list": (in_form("性別", "女性"), "性別は男、女のいずれか"),
    "number in full width": (in_form("賃金/賃金月額", "２５０"), "賃金・賃金月額は半角数字"),
    "too many digits": (in_form("賃金/賃金月額", "25000"), "4桁以内"),
    "wrong length": (in_form("事業所番号/事業所番号4桁", "111"), "4文字"),
    "too long": (in_form("被保険者氏名", "あ" * 31), "30文字以内"),
    "month 13": (in_form("生年月日/月", "13"), "12以下"),
    "month 0": (in_form("生年月日/月", "0"), "1以上"),
    "no such day": (in_form("届出年月日/日", "32"), "31以下"),
    "30 February": (
        lambda a: put(a.form[-1], {"生年月日/月": "2", "生年月日/日": "30"}),
        "日付に誤り",
    ),
    "day after the era": (in_form("生年月日/年", "40"), "日付に誤り"),
    "half a date": (
        in_form("契約期間の定めの有無/契約期間の定め有/契約期間開始/年", "8"),
        "日付に誤り",
    ),
    "half-width in a full-width field": (in_form("事業所名称", "Renshu"), "全角"),
    "text between elements": (
        lambda a: setattr(a.form[-1], "text", "余分"),
        "要素の間に文字",
    ),
    "child in a leaf": (
        lambda a: a.form[-1][0].append(etree.Element("子")),
        "様式にない項目",
    ),
}


@pytest.mark.parametrize("name", list(SPOILED))
def test_spoiled_application(api: httpx.Client, town: TownProcess, name: str) -> None:
    spoil, reason = SPOILED[name]
    application = Application(skeleton(api))
    spoil(application)
    assert reason in refused(api, application.body())
    check = api.post("/apply/check", json=application.body())
    if name != "partial correction by apply":
        assert check.status_code == 200
        assert reason in str(check.json()["results"]["report_list"])
    assert town.ledger() == []


def test_unspoiled_application_is_taken(api: httpx.Client) -> None:
    assert api.post("/apply", json=Application(skeleton(api)).body()).status_code == 200


def test_attachment_is_taken_when_it_is_there(api: httpx.Client) -> None:
    application = Application(skeleton(api))
    application.attach("雇用契約書", "keiyaku.pdf", b"%PDF-1.4")
    answer = api.post("/apply", json=application.body()).json()["results"]
    assert answer["apply_form"]["attached_file"] == [{"attached_file_name": "雇用契約書"}]


def test_destination_where_none_is_wanted(api: httpx.Client) -> None:
    proc_id = "900A010002008000"
    application = Application(skeleton(api, proc_id), proc_id)
    assert api.post("/apply", json=application.body()).status_code == 200
    application.destination("900API00000000001001001", "総務省,行政管理局,API")
    assert "この手続では指定できません" in refused(api, application.body())


def test_second_real_test_procedure(api: httpx.Client) -> None:
    proc_id = "900A010200001000"
    application = Application(skeleton(api, proc_id), proc_id)
    application.destination("900API00000000001001001", "総務省,行政管理局,API")
    assert api.post("/apply", json=application.body()).status_code == 200
