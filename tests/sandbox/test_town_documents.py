"""What comes back from the practice e-Gov API: notices and official documents, judged by xmlsec1."""

from __future__ import annotations

import base64
import io
import subprocess
import zipfile
from pathlib import Path

import httpx
from lxml import etree

from tests.sandbox.town_packages import (
    Application,
    contents,
    filed,
    packed,
    period,
    send_file,
)
from tests.sandbox.town_process import TownProcess


def decided(api: httpx.Client, town: TownProcess, application: Application) -> tuple[str, int]:
    number = filed(api, application)
    town.advance(number, "審査中")
    town.advance(number, "審査終了")
    item = api.get(f"/apply/{number}").json()["results"]
    assert (item["notice_count"], item["doc_count"]) == (1, 1)
    return number, item["official_list"][0]["notice_sub_id"]


def fetched(api: httpx.Client, number: str, sub_id: int) -> dict[str, bytes]:
    answer = api.get(f"/official_document/{number}/{sub_id}").json()
    assert set(answer["_links"]) == {"self", "complete"}
    results = answer["results"]
    with zipfile.ZipFile(io.BytesIO(base64.b64decode(results["file_data"]))) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    assert [row["file_name"] for row in results["file_name_list"]] == list(files)
    return files


def test_notice_of_a_decision(
    api: httpx.Client, town: TownProcess, application: Application
) -> None:
    number, _ = decided(api, town, application)
    (row,) = api.get("/notice/lists", params=period()).json()["results"]["notice_list"]
    assert (row["arrive_id"], row["type"]) == (number, "お知らせ")
    notice = api.get(f"/notice/{number}/{row['notice_sub_id']}").json()["results"]["notice"]
    assert notice["notice_title"] == row["title"]
    (attached,) = notice["attached_file_list"]
    doc = etree.fromstring(base64.b64decode(attached["file_data"]))
    assert (doc.findtext("FRONT/SECRECY"), doc.findtext("BODY/DOCNO")) == ("COMMENT", number)
    assert api.get(f"/notice/{number}/9").status_code == 404
    assert api.get(f"/notice/{number}/0").status_code == 400


def test_official_document_carries_the_decision(
    api: httpx.Client, town: TownProcess, application: Application
) -> None:
    number, sub_id = decided(api, town, application)
    files = fetched(api, number, sub_id)
    doc = etree.fromstring(files["0000-RENSHU-001.xml"])
    lines = dict(str(p.text).split("　", 1) for p in doc.iterfind("BODY/MAINTXT2/MT2TEXT/P"))
    assert len(lines["被保険者番号"].replace("-", "")) == 11
    assert [len(part) for part in lines["被保険者番号"].split("-")] == [4, 6, 1]
    assert lines["被保険者氏名"] == "試験　花子"
    assert lines["資格取得年月日"] == "令和8年7月1日"
    assert lines["確認通知年月日"].startswith("令和")
    assert lines["到達番号"] == number
    etree.XSLT(etree.fromstring(files["stylesheet-RENSHU-001.xsl"]))(doc)


def test_document_has_the_shape_of_the_sample(
    api: httpx.Client, town: TownProcess, application: Application, shared: Path
) -> None:
    number, sub_id = decided(api, town, application)
    doc = etree.fromstring(fetched(api, number, sub_id)["0000-RENSHU-001.xml"])
    folder = shared / "samples" / "egov" / "koubunsho"
    real = etree.parse(str(folder / "officialdocument" / "0000-API-001.xml")).getroot()
    body, sample = doc.find("BODY"), real.find("BODY")
    assert body is not None
    assert sample is not None
    assert [child.tag for child in body] == [child.tag for child in sample]
    assert [child.tag for child in doc][:2] == ["FRONT", "BODY"]
    signed = etree.parse(str(folder / "verify_officialdocument" / "0000-API-002.xml")).getroot()
    names = [[e.tag for e in root[-1].iter()][:9] for root in (doc, signed)]
    assert names[0] == names[1]
    uris = [[e.get("Algorithm") for e in root[-1].iter()][:9] for root in (doc, signed)]
    assert uris[0] == uris[1]


def test_xmlsec1_verifies_the_document(
    api: httpx.Client, town: TownProcess, application: Application, tmp_path: Path
) -> None:
    number, sub_id = decided(api, town, application)
    data = fetched(api, number, sub_id)["0000-RENSHU-001.xml"]
    (tmp_path / "ca.pem").write_text(town.endpoints["document_authority_pem"])

    def judged(name: str, content: bytes) -> int:
        (tmp_path / name).write_bytes(content)
        command = ["xmlsec1", "--verify", "--id-attr:ID", "BODY"]
        command += ["--trusted-pem", str(tmp_path / "ca.pem"), str(tmp_path / name)]
        return subprocess.run(command, capture_output=True, check=False, timeout=30).returncode

    assert judged("good.xml", data) == 0
    assert judged("bad.xml", data.replace("試験".encode(), "偽造".encode())) != 0


def test_verify_call(api: httpx.Client, town: TownProcess, application: Application) -> None:
    number, sub_id = decided(api, town, application)
    files = fetched(api, number, sub_id)

    def asked(content: dict[str, bytes]) -> dict[str, str]:
        body = send_file(packed(content)) | {
            "sig_verification_xml_file_name": "0000-RENSHU-001.xml"
        }
        answer = api.post("/official_document/verify", json=body)
        assert answer.status_code == 200, answer.text
        official: dict[str, str] = answer.json()["results"]["verify_result"][0]["official"]
        return official

    good = asked(files)
    assert (good["validation_result"], good["certificate_result"]) == ("正当", "有効")
    files["0000-RENSHU-001.xml"] = files["0000-RENSHU-001.xml"].replace(b"DOCNO>", b"DOCNO> ", 1)
    assert asked(files)["validation_result"].startswith("検証失敗")
    nothing = api.post("/official_document/verify", json=send_file(packed({"a": b"b"})))
    assert nothing.status_code == 400


def test_verify_call_takes_the_real_signed_sample(api: httpx.Client, shared: Path) -> None:
    folder = shared / "samples" / "egov" / "koubunsho" / "verify_officialdocument"
    data = {"0000-API-002.xml": (folder / "0000-API-002.xml").read_bytes()}
    body = send_file(packed(data)) | {"sig_verification_xml_file_name": "0000-API-002.xml"}
    result = api.post("/official_document/verify", json=body).json()["results"]["verify_result"][0]
    assert result["official"]["validation_result"] == "正当"
    assert result["official"]["certificate_result"] == "確認できません"


def test_done_ends_the_procedure_and_documents_expire(
    api: httpx.Client, town: TownProcess, application: Application
) -> None:
    number, sub_id = decided(api, town, application)
    done = {"arrive_id": number, "notice_sub_id": sub_id}
    answer = api.post("/official_document", json=done).json()["results"]
    assert answer["doc_title"] == "雇用保険被保険者資格取得等確認通知書"
    item = api.get(f"/apply/{number}").json()["results"]
    assert item["status"] == "手続終了"
    assert item["official_list"][0]["doc_download_date"] == answer["download_date"]
    assert item["official_list"][0]["sign"] == "あり"
    fetched(api, number, sub_id)
    town.clock(31 * 86400)
    headers = {"Authorization": f"Bearer {town.token()['access_token']}"}
    late = api.get(f"/official_document/{number}/{sub_id}", headers=headers)
    assert late.status_code == 400
    assert "取得期限" in contents(late)
