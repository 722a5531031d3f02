"""A procedure filled from the door's skeleton alone: fetched, sealed offline, sent, followed."""

from __future__ import annotations

import pytest
from lxml import etree

from app.domain.errors import Known
from app.domain.filing import Stage
from app.forms.archive import read_archive
from tests.services.open_desk import OpenDesk

PROC, FORM = "4950000020325000", "495000020325029841"
PEOPLE = "管理情報/申請者連絡先情報"


@pytest.fixture
def filled(office: OpenDesk) -> tuple[dict[str, str], dict[str, str]]:
    """The values of a filing that has a folder, element by element, to fill the skeleton with."""
    envelope = office.desk.filings_store.envelope(office.sealed())
    bodies = {f.name.partition("/")[2]: f.content for f in read_archive(envelope)}

    def leaves(root: etree._Element, below: etree._Element) -> dict[str, str]:
        tree = below.getroottree() if below is root else etree.ElementTree(below)
        return {
            tree.getelementpath(e): e.text.strip()
            for e in below.iter(etree.Element)
            if not len(e) and (e.text or "").strip() and e.text is not None
        }

    form = etree.fromstring(bodies[f"{FORM}_01.xml"])
    outline = {"様式ID", "様式バージョン", "STYLESHEET", "様式コピー情報", "Doctype", "Xmit"}
    values = {
        f"DataRoot/{path}": text
        for path, text in leaves(form, form).items()
        if path.rpartition("/")[2] not in outline
    }
    node = etree.fromstring(bodies["kousei.xml"]).find("構成情報")
    assert node is not None
    wanted = {
        path: text
        for path, text in leaves(node, node.__copy__()).items()
        if path.startswith((PEOPLE, "提出先情報"))
    }
    return values, wanted


def test_the_whole_way(office: OpenDesk, filled: tuple[dict[str, str], dict[str, str]]) -> None:
    values, people = filled
    skeletons = office.desk.cases.skeletons
    assert skeletons.kept(PROC) is None
    with pytest.raises(Known, match="まだ取り寄せていません"):
        skeletons.seal(PROC, {FORM: values}, people, office.desk.filer())
    fetched = skeletons.fetch(PROC)
    kept = skeletons.kept(PROC)
    assert kept is not None
    assert kept.skeleton.editions == fetched.skeleton.editions == ((FORM, "0003"),)
    assert [f.fields for f in kept.skeleton.forms] == [f.fields for f in fetched.skeleton.forms]
    assert skeletons.problems(PROC, {FORM: values}) == ()
    filing_id = skeletons.seal(PROC, {FORM: values}, people, office.desk.filer())
    row = office.desk.filings_store.get(filing_id)
    assert (row.title, row.edition) == ("雇用保険被保険者資格取得届／電子申請", f"{FORM}:0003")
    view = office.desk.send(filing_id)
    assert view.stage is Stage.ACCEPTED
    office.desk.poll()
    office.desk.today()
    assert office.desk.cases.not_withdrawable(filing_id) == ""


def test_a_rule_that_is_broken_seals_nothing(
    office: OpenDesk, filled: tuple[dict[str, str], dict[str, str]]
) -> None:
    values, people = filled
    skeletons = office.desk.cases.skeletons
    skeletons.fetch(PROC)
    before = len(office.desk.filings_store.list())
    place = next(p for p in values if p.endswith("/事業所番号4桁"))
    with pytest.raises(Known, match="事業所番号"):
        skeletons.seal(PROC, {FORM: {**values, place: "13"}}, people, office.desk.filer())
    with pytest.raises(Known, match="入れてください"):
        skeletons.seal(PROC, {FORM: {}}, people, office.desk.filer())
    assert len(office.desk.filings_store.list()) == before
