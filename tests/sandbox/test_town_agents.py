"""Who has to sign what: agents, several signers, coverage, pinned algorithms, single signatures."""

from __future__ import annotations

import httpx
import pytest
from lxml import etree

from tests.sandbox.town_packages import contents, packed, put, send_file, skeleton, to_bytes
from tests.sandbox.town_process import TownProcess
from tests.sandbox.town_social import Bundle, bearer, fixed, sign, signer

CASE = "X-PRACTICE-T0001"
PAPERS = {"office@example.jp": "提出代行証明書", "dairi@example.jp": "委任状"}


@pytest.mark.parametrize("account", list(PAPERS))
def test_agent_needs_paper_and_certificate(
    api: httpx.Client, town: TownProcess, account: str
) -> None:
    headers = bearer(town, account)

    def said(bundle: Bundle) -> str:
        return contents(api.post("/apply", json=bundle.body(), headers=headers))

    def paper() -> Bundle:
        return fixed(api, CASE).attach(PAPERS[account], "shoumei.pdf", b"%PDF-1.4")

    good = signer(town)
    assert "署名がありません" in said(paper())
    assert f"{PAPERS[account]}が添付されていません" in said(fixed(api, CASE).signed(good))
    stranger = signer(town, self_signed=True)
    assert "認証局の発行したものではありません" in said(paper().signed(stranger))
    assert "有効期間外" in said(paper().signed(signer(town, days=-1)))
    answer = api.post("/apply", json=paper().signed(good).body(), headers=headers)
    assert answer.status_code == 200, answer.text
    assert town.ledger()[0]["capacity"] in ("提出代行", "代理")


def test_every_file_has_to_be_signed(api: httpx.Client, town: TownProcess) -> None:
    who = signer(town)
    bundle = fixed(api, CASE).attach("資料", "shiryo.pdf", b"%PDF-1.4")
    bundle.signed(who, without=("shiryo.pdf",))
    assert "署名の対象が足りません：shiryo.pdf" in contents(api.post("/apply", json=bundle.body()))
    bundle = fixed(api, CASE).attach("資料", "shiryo.pdf", b"%PDF-1.4").signed(who)
    assert api.post("/apply", json=bundle.body()).status_code == 200
    bundle.extra["shiryo.pdf"] = b"%PDF-1.5"
    assert "改変されています" in contents(api.post("/apply", json=bundle.body()))


def test_algorithms_are_pinned(api: httpx.Client, town: TownProcess) -> None:
    who = signer(town)
    spoiled = [
        {"rsa": "http://www.w3.org/2000/09/xmldsig#rsa-sha1"},
        {"sha": "http://www.w3.org/2000/09/xmldsig#sha1"},
        {"c14n": "http://www.w3.org/2001/10/xml-exc-c14n#"},
    ]
    for spoil in spoiled:
        text = contents(api.post("/apply", json=fixed(api, CASE).signed(who, **spoil).body()))
        assert "対象外" in text or "署名の対象に誤り" in text, spoil
    bundle = fixed(api, CASE).signed(who)
    value = bundle.kousei.find(".//{*}SignatureValue")
    assert value is not None
    value.text = "AAAA" + str(value.text)[4:]
    assert "署名値が一致しません" in contents(api.post("/apply", json=bundle.body()))
    bundle = fixed(api, CASE).signed(who)
    put(bundle.kousei, {"氏名": "別人　太郎"}, "構成情報/管理情報/申請者連絡先情報/申請者情報/")
    assert "改変されています" in contents(api.post("/apply", json=bundle.body()))


def test_two_elements_with_one_id(api: httpx.Client, town: TownProcess) -> None:
    bundle = fixed(api, CASE).signed(signer(town))
    element = bundle.kousei.find("構成情報/通信欄")
    assert element is not None
    element.set("ID", "構成情報")
    assert "同じIDが二つ" in contents(api.post("/apply", json=bundle.body()))


def test_three_signers_and_one_for_the_second_time(api: httpx.Client, town: TownProcess) -> None:
    proc_id = "900A020700013000"
    people = [signer(town, common_name=f"練習 {n}") for n in range(3)]

    def answer(*signers: int, again: str = "") -> httpx.Response:
        bundle = fixed(api, proc_id)
        if again:
            bundle.kind("再提出", again)
        return api.post("/apply", json=bundle.signed(*[people[n] for n in signers]).body())

    assert "署名がありません" in contents(answer())
    assert "3人の電子署名" in contents(answer(0, 1))
    assert "3人の電子署名" in contents(answer(0, 1, 1))
    number = answer(0, 1, 2).json()["results"]["arrive_id"]
    town.advance(number, "結末")
    assert api.get(f"/apply/{number}").json()["results"]["status"] == "審査中（補正待ち）"
    second = answer(0, again=number).json()["results"]["arrive_id"]
    town.advance(second, "結末")
    assert api.get(f"/apply/{second}").json()["results"]["doc_count"] == 1


class Single:
    """A package of the 個別ファイル署名形式, as e-Gov's answers describe it."""

    def __init__(self, api: httpx.Client, town: TownProcess, proc_id: str) -> None:
        """Write, sign and name every part."""
        self.proc_id = proc_id
        body = api.get(f"/procedure/{proc_id}").json()["results"]
        main, attach, *writes = body["configuration_file_name"]
        files = skeleton(api, proc_id)
        who = signer(town)
        bundle = Bundle(api, proc_id)
        self.main, self.parts = bundle.kousei, {}
        self.files: dict[str, bytes] = {}
        named: list[tuple[str, str]] = []
        for name, info in zip(writes, body["file_info"], strict=True):
            form = etree.fromstring(files[info["apply_file_name"]])
            put(form[-1], {"氏名": "練習　太郎"})
            self.files[info["apply_file_name"]] = to_bytes(form)
            root = etree.fromstring(files[name])
            sign(root, {info["apply_file_name"]: to_bytes(form)}, who)
            self.parts[name] = root
            named += [(f"{info['form_name']}の構成情報", name)]
            named += [(info["form_name"], info["apply_file_name"])]
        self.files["shiryo.pdf"] = b"%PDF-1.4"
        root = etree.fromstring(files[attach])
        self._name(root, [("資料", "shiryo.pdf")])
        sign(root, {"shiryo.pdf": b"%PDF-1.4"}, who)
        self.parts[attach] = root
        named += [
            ("添付書類署名ファイル１の構成情報", attach),
            ("添付書類署名ファイル１", "shiryo.pdf"),
        ]
        self._name(self.main, named)
        assert main == "kousei.xml"

    @staticmethod
    def _name(root: etree._Element, rows: list[tuple[str, str]]) -> None:
        place = root.find("構成情報/管理情報")
        assert place is not None
        for label, name in reversed(rows):
            place.addnext(
                etree.fromstring(
                    f"<添付書類属性情報><添付種別>添付</添付種別><添付書類名称>{label}</添付書類名称>"
                    f"<添付書類ファイル名称>{name}</添付書類ファイル名称><提出情報>1</提出情報>"
                    "</添付書類属性情報>"
                )
            )

    def sent(self, api: httpx.Client) -> httpx.Response:
        """POST /apply."""
        parts = {name: to_bytes(root) for name, root in self.parts.items()}
        files = {"kousei.xml": to_bytes(self.main), **parts, **self.files}
        raw = packed({f"{self.proc_id}/{name}": data for name, data in files.items()})
        return api.post("/apply", json={"proc_id": self.proc_id, "send_file": send_file(raw)})


@pytest.mark.parametrize("proc_id", ["950A101220029000", "900A102800072000"])
def test_single_signatures(api: httpx.Client, town: TownProcess, proc_id: str) -> None:
    answer = Single(api, town, proc_id).sent(api)
    assert answer.status_code == 200, answer.text
    forms = answer.json()["results"]["apply_form"]
    assert forms["attached_file"] == [{"attached_file_name": "資料"}]
    assert len(forms["form"]) == (2 if proc_id.startswith("950A") else 1)


def test_single_signatures_are_checked(api: httpx.Client, town: TownProcess) -> None:
    proc_id = "950A101220029000"

    def said(made: Single) -> str:
        return contents(made.sent(api))

    made = Single(api, town, proc_id)
    name = next(name for name in made.files if name.endswith("01_01.xml"))
    made.files[name] += b"\n"
    assert "改変されています" in said(made)
    made = Single(api, town, proc_id)
    sign(made.main, {}, signer(town))
    assert "構成管理XMLに電子署名は付けられません" in said(made)
    made = Single(api, town, proc_id)
    part = next(iter(made.parts.values()))
    put(part, {"氏名": "練習　太郎"}, "構成情報/管理情報/申請者連絡先情報/申請者情報/")
    assert "申請者情報には入力できません" in said(made)
    made = Single(api, town, proc_id)
    put(next(iter(made.parts.values())), {"申請種別": "新規申請"}, "構成情報/管理情報/")
    assert "構成情報XML.申請種別に誤り" in said(made)
    made = Single(api, town, proc_id)
    made.parts.pop(next(iter(made.parts)))
    assert "添付書類ファイルがありません" in said(made)
