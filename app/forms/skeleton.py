"""A procedure that has no folder of its own, filled from the door's skeleton (手続選択).

The skeleton's empty application form is the form, its check.xml the rules, its kousei.xml the
configuration file. Only leaves of the empty form can be filled, and nothing is sealed that breaks a
rule which is understood.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from lxml import etree

from app.domain.errors import BadInput
from app.domain.filing import Capacity
from app.forms.archive import read_archive
from app.forms.check_rules import CheckItem, Step, read_checks, read_path
from app.forms.payload import Package, Submission, pack, refuse_submission
from app.forms.xml_reader import read_xml

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_OUTLINE = frozenset(
    {"様式ID", "様式バージョン", "STYLESHEET", "様式コピー情報", "Doctype", "Xmit"}
)


@dataclass(frozen=True)
class FormNames:
    """What the door says of one form of a procedure; the file names are those in the skeleton."""

    form_id: str
    form_version: str
    form_name: str
    apply_file_name: str
    check_file_name: str = ""


@dataclass(frozen=True)
class SkeletonField:
    """One leaf of an application form: its path, its label, and what the skeleton holds there."""

    path: str
    label: str
    required: bool
    preset: str = ""


@dataclass(frozen=True)
class SkeletonProblem:
    """A value that the door would refuse."""

    path: str
    sentence: str


@dataclass(frozen=True)
class SkeletonForm:
    """One application form with its rules. `unread` are rules that only the door can check."""

    names: FormNames
    fields: tuple[SkeletonField, ...]
    checks: tuple[CheckItem, ...] = field(repr=False)
    empty: bytes = field(repr=False)
    unread: tuple[str, ...] = ()

    def problems(self, values: Mapping[str, str]) -> tuple[SkeletonProblem, ...]:
        """What the door would refuse in these values (path → text), in the order of its rules."""
        known = {f.path for f in self.fields}
        found = [
            SkeletonProblem(path, "この様式に、その欄はありません。")
            for path in values
            if path not in known
        ]
        found += [
            SkeletonProblem(path, "役所に送れない制御文字があります。入れ直してください。")
            for path, text in values.items()
            if _FORBIDDEN.search(text)
        ]
        presets = {f.path: f.preset for f in self.fields}
        for check in self.checks:
            path = _name(check.path)
            told = check.problem(values.get(path, presets.get(path, "")))
            if told:
                found.append(SkeletonProblem(path, told))
        return tuple(found)

    def filled(self, values: Mapping[str, str]) -> bytes:
        """The application XML with these values; everything else stays as the skeleton has it.

        Raises:
            BadInput: a value breaks a rule (the first one).
        """
        wrong = self.problems(values)
        if wrong:
            raise BadInput("skeleton-value", wrong[0].sentence)
        root = copy.deepcopy(read_xml(self.empty))
        for path, text in values.items():
            element = _find(root, read_path(path))
            assert element is not None
            element.text = text or None
        head = [
            etree.tostring(node, encoding="unicode", with_tail=False)
            for node in reversed(list(root.itersiblings(preceding=True)))
            if isinstance(node, etree._ProcessingInstruction)
        ]
        body = etree.tostring(root, encoding="unicode", with_tail=False)
        lines = ['<?xml version="1.0" encoding="UTF-8"?>', *head, body, ""]
        return "\n".join(lines).encode("utf-8")


@dataclass(frozen=True)
class ProcedureSkeleton:
    """A procedure as the door hands it out. `individual`: its files are signed one by one."""

    proc_id: str
    forms: tuple[SkeletonForm, ...]
    configuration: bytes = field(repr=False)
    individual: bool = False

    @property
    def editions(self) -> tuple[tuple[str, str], ...]:
        """(様式ID, バージョン) of each form."""
        return tuple((f.names.form_id, f.names.form_version) for f in self.forms)

    @property
    def title(self) -> str:
        """手続名称 as the skeleton writes it, "" where it leaves it empty."""
        return (read_xml(self.configuration).findtext("構成情報/管理情報/手続名称") or "").strip()

    @property
    def leaves(self) -> Mapping[str, str]:
        """The elements below 構成情報 that hold no others: path → what the skeleton holds there."""
        node = read_xml(self.configuration).find("構成情報")
        if node is None:
            return {}
        return {
            _path_of(e).partition("/構成情報/")[2]: (e.text or "").strip()
            for e in node.iter(etree.Element)
            if not len(e)
        }


def read_skeleton(
    proc_id: str, content: bytes, forms: Sequence[FormNames], configuration: Sequence[str]
) -> ProcedureSkeleton:
    """A procedure's skeleton from the door's ZIP.

    `configuration` are the names of its configuration files, the main one first.

    Raises:
        BadInput: the ZIP or a file in it is hostile or damaged, or a named file is missing.
    """
    files = {entry.name.rpartition("/")[2]: entry.content for entry in read_archive(content)}

    def named(name: str) -> bytes:
        if name not in files:
            raise BadInput(
                "skeleton-file",
                f"役所の様式に「{name[:60]}」がありません。取り寄せ直してください。",
            )
        return files[name]

    if not forms or not configuration:
        raise BadInput("skeleton-empty", "この手続には、送る様式がありません。")
    read = tuple(
        _form(f, named(f.apply_file_name), named(f.check_file_name) if f.check_file_name else None)
        for f in forms
    )
    return ProcedureSkeleton(proc_id, read, named(configuration[0]), len(configuration) > 1)


def build_from_skeleton(
    skeleton: ProcedureSkeleton,
    values: Mapping[str, Mapping[str, str]],
    configuration: Mapping[str, str],
    capacity: Capacity = Capacity.HONNIN,
    submission: Submission | None = None,
) -> Package:
    """The package of a procedure without a folder.

    `values` are path → text of each form by its 様式ID; `configuration` path → text below 構成情報
    of the configuration file (申請者, 連絡先, 提出先). What it does not name stays as it is.

    Raises:
        BadInput: a value breaks a rule, or the configuration file has no such element.
    """
    what = submission or Submission()
    refuse_submission(capacity, what)
    folder = skeleton.proc_id
    files = [(f.names.apply_file_name, f.filled(values.get(f.names.form_id, {})))
             for f in skeleton.forms]  # fmt: skip
    kousei = _configured(skeleton, configuration, what)
    attached = [(a.file_name, a.content) for a in what.attachments]
    packed = [("kousei.xml", kousei), *files, *attached]
    return pack(folder, tuple((f"{folder}/{name}", body) for name, body in packed))


def _form(names: FormNames, empty: bytes, checks: bytes | None) -> SkeletonForm:
    rules = read_checks(checks) if checks is not None else ()
    root = read_xml(empty)
    labels: dict[str, str] = {}
    required: set[str] = set()
    anchored: list[CheckItem] = []
    for rule in rules:
        whole = _anchored(root, rule.path)
        element = _find(root, whole)
        if element is None or len(element):
            raise BadInput(
                "skeleton-check",
                f"役所の決まりが、様式にない「{rule.label[:40]}」を指しています。取り寄せ直してください。",
            )
        path = _name(whole)
        labels.setdefault(path, rule.label)
        if rule.required:
            required.add(path)
        anchored.append(CheckItem(whole, rule.label, rule.required, rule.tests, rule.unread))
    fields = tuple(
        SkeletonField(path, labels.get(path, str(e.tag)), path in required, (e.text or "").strip())
        for e in root.iter(etree.Element)
        if not len(e) and e.tag not in _OUTLINE and (path := _path_of(e))
    )
    unread = tuple(f"{r.label}: {name}" for r in rules for name in r.unread)
    return SkeletonForm(names, fields, tuple(anchored), empty, unread)


def _anchored(root: etree._Element, path: tuple[Step, ...]) -> tuple[Step, ...]:
    return path if path[0].name == root.tag else (Step(str(root.tag)), *path)


def _find(root: etree._Element, path: tuple[Step, ...]) -> etree._Element | None:
    """The element at a path; never by XPath, for the path comes from outside."""
    if path[0] != Step(str(root.tag)):
        return None
    place = root
    for step in path[1:]:
        same = [e for e in place if e.tag == step.name]
        if len(same) < step.number:
            return None
        place = same[step.number - 1]
    return place


def _path_of(element: etree._Element) -> str:
    steps: list[Step] = []
    place: etree._Element | None = element
    while place is not None:
        before = sum(1 for _ in place.itersiblings(str(place.tag), preceding=True))
        steps.append(Step(str(place.tag), before + 1))
        place = place.getparent()
    return _name(tuple(reversed(steps)))


def _name(path: Sequence[Step]) -> str:
    return "/".join(s.name if s.number == 1 else f"{s.name}[{s.number}]" for s in path)


def _configured(skeleton: ProcedureSkeleton, values: Mapping[str, str], what: Submission) -> bytes:
    root = copy.deepcopy(read_xml(skeleton.configuration))
    node = root.find("構成情報")
    if node is None:
        raise BadInput(
            "package-none", "役所の様式の構成管理(kousei.xml)が読めません。取り寄せ直してください。"
        )
    fixed = {
        "管理情報/手続番号/受付行政機関ID": f"100{skeleton.proc_id[:3]}",
        "管理情報/手続番号/手続ID": skeleton.proc_id,
        "管理情報/申請種別": what.kind,
        "管理情報/初回受付番号": what.first_number,
        "通信欄": what.message,
    }
    for path, text in {**values, **fixed}.items():
        element = _find(node, (Step("構成情報"), *read_path(path)))
        if element is None or len(element) or _FORBIDDEN.search(text):
            raise BadInput("skeleton-configuration", f"構成管理に「{path[:60]}」を入れられません。")
        element.text = text or None
    for old in [e for e in node if e.tag in ("申請書属性情報", "添付書類属性情報")]:
        node.remove(old)
    place = next(i for i, e in enumerate(node) if e.tag == "管理情報") + 1
    for number, a in enumerate(what.attachments):
        node.insert(place + number, _entry("添付書類属性情報", {
            "添付種別": "添付", "添付書類名称": a.title,
            "添付書類ファイル名称": a.file_name, "提出情報": "1",
        }))  # fmt: skip
    for form in skeleton.forms:
        names = form.names
        node.append(_entry("申請書属性情報", {
            "申請書様式ID": names.form_id, "申請書様式バージョン": names.form_version,
            "申請書様式名称": names.form_name, "申請書ファイル名称": names.apply_file_name,
        }))  # fmt: skip
    style = root.findtext("様式ID") or ""
    body = etree.tostring(root, encoding="unicode", with_tail=False)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<?xml-stylesheet href="{style}.xsl" type="text/xsl"?>\n{body}\n'
    ).encode()


def _entry(tag: str, texts: Mapping[str, str]) -> etree._Element:
    inner = "".join(f"<{name}>{escape(text)}</{name}>" for name, text in texts.items())
    return read_xml(f"<{tag}>{inner}</{tag}>".encode())
