"""From a draft's cells to the exact bytes e-Gov takes: kousei.xml, the application XML, the ZIP.

What goes where is data: payload.toml and XML templates in the procedure's folder. The bytes are a
function of the cells alone:

- a template is text; only {{…}} is replaced ({{table.1.column}} is a cell of a table's first row), so order, indentation (tabs) and line ends (LF) are the
  template's own; an element whose value is empty is written `<x/>`, as the real samples do;
- the ZIP holds `{proc_id}/kousei.xml` first, then the forms, then attachments in the order given;
  entries are stored, not compressed (no zlib version can change a byte), dated 1980-01-01 00:00:00,
  mode 0644, no extra fields.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from app.domain.errors import BadInput
from app.domain.filing import Capacity
from app.forms.checks import compile_checks
from app.forms.draft_parts import Cell
from app.forms.parts import part_text, row_cell
from app.forms.payload_rules import ELEMENT, ROW_MARK, PayloadRules, load_payload_rules
from app.forms.procedure import Procedure
from app.forms.snapshot import snapshot

_EACH = re.compile(r"[ \t]*<!--each attachments-->\n(.*?)[ \t]*<!--end-->\n", re.S)
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)

KINDS = ("新規申請", "再提出", "部分補正")


@dataclass(frozen=True)
class Attachment:
    """A file sent along: the name on the form, the file name in the package, its bytes."""

    title: str
    file_name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Submission:
    """What a package is sent for.

    `kind` is 申請種別; `first_number` 初回受付番号 (the original 到達番号 for 再提出, that of the
    case waiting for correction for 部分補正); `message` is 通信欄. `my_number` is the 個人番号 of whom
    the form is about, for templates with {{submission.my_number}}; it is given at sealing.
    """

    kind: str = "新規申請"
    first_number: str = ""
    message: str = ""
    attachments: tuple[Attachment, ...] = ()
    my_number: str = field(default="", repr=False)

    def titled(self, title: str) -> str:
        """A filing's title, with what it is sent for where that is no new application."""
        return title if self.kind == "新規申請" else f"{title}({self.kind})"


@dataclass(frozen=True)
class Package:
    """The envelope's content: one ZIP, its files and its fingerprint.

    For a portal `zip_bytes` is the canonical JSON of app.forms.snapshot, and no ZIP.
    """

    file_name: str
    zip_bytes: bytes = field(repr=False)
    files: tuple[tuple[str, bytes], ...] = field(repr=False)
    sha256: str = field(default="")


def build_package(
    procedure: Procedure,
    cells: Iterable[Cell],
    applicant: Mapping[str, str] | None = None,
    capacity: Capacity = Capacity.HONNIN,
    submission: Submission | None = None,
) -> Package:
    """The package of a complete draft; for a portal, which has no wire, the snapshot alone.

    `applicant` replaces values of kousei.xml by the id of their field (an office filing for its
    client names itself there). With capacity 提出代行 the 提出代行証明書 must be attached.

    Raises:
        BadInput: something is missing or stands to be put right, or the door would refuse it.
        PackFault: the folder's templates cannot be used.
    """
    what = submission or Submission()
    by_id = {cell.field.id: cell for cell in cells}
    _refuse_unready(by_id)
    if procedure.door == "portal":
        body = snapshot(procedure, by_id, capacity)
        name = f"{procedure.id.partition('/')[2]}.json"
        return Package(name, body, ((name, body),), fingerprint(body))
    refuse_submission(capacity, what)
    _refuse_overrides(procedure, applicant or {})
    rules = load_payload_rules(procedure)
    values = _Values(procedure, by_id, dict(applicant or {}), what, rules)
    files: list[tuple[str, bytes]] = []
    for entry in rules.files:
        name = _named(entry.name, procedure)
        files.append((name, _fill(rules.templates[entry.template], values, what)))
    files.extend((a.file_name, a.content) for a in what.attachments)
    folder = procedure.proc_id
    return pack(folder, tuple((f"{folder}/{name}", content) for name, content in files))


def pack(name: str, files: tuple[tuple[str, bytes], ...]) -> Package:
    """The package of these files (`folder/name`, bytes), in their order; the ZIP is `name`.zip."""
    zip_bytes = _zip(files)
    return Package(f"{name}.zip", zip_bytes, files, fingerprint(zip_bytes))


def fingerprint(content: bytes) -> str:
    """SHA-256, 64 hex characters."""
    return hashlib.sha256(content).hexdigest()


def _named(pattern: str, procedure: Procedure) -> str:
    return pattern.replace("{form_id}", procedure.form_id)


def _refuse_unready(cells: Mapping[str, Cell]) -> None:
    for cell in cells.values():
        if not cell.visible:
            continue
        blocked = next((p for p in cell.problems if p.blocks), None)
        if blocked is not None:
            raise BadInput(f"cell-{blocked.code}", f"{cell.field.label}: {blocked.sentence}")
        if cell.pending:
            raise BadInput(
                "cell-pending", f"{cell.field.label}はまだ書きかけです。Enter で決めてください。"
            )
        if not cell.answered and not cell.field.optional:
            raise BadInput(
                "cell-missing", f"{cell.field.label}がまだありません。{cell.field.where}"
            )


def _refuse_overrides(procedure: Procedure, overrides: Mapping[str, str]) -> None:
    for field_id, text in overrides.items():
        blocked = next(
            (p for p in compile_checks(procedure.field(field_id))(text) if p.blocks), None
        )
        if blocked is not None:
            raise BadInput(f"cell-{blocked.code}", blocked.sentence)


def refuse_submission(capacity: Capacity, what: Submission) -> None:
    """Raises BadInput for what e-Gov would refuse of kind, numbers, capacity and attachments."""
    if what.kind not in KINDS:
        raise BadInput("submission-kind", f"申請種別「{what.kind}」は扱えません。")
    if (what.kind == "新規申請") == bool(what.first_number):
        raise BadInput(
            "first-number",
            "初回受付番号は、再提出と部分補正のときだけ入れます。番号を確かめてください。",
        )
    if capacity is Capacity.TEISHUTSU_DAIKO and not any(
        "提出代行" in a.title for a in what.attachments
    ):
        raise BadInput("agency-proof-missing", "提出代行証明書がまだありません。添えてください。")
    if len(what.message) > 1000:
        raise BadInput("message-too-long", "通信欄は 1000字までです。短くしてください。")
    names = [a.file_name for a in what.attachments]
    for name in names:
        if (
            name.lower() == "kousei.xml"
            or re.search(r'[\\/:*?"<>|\x00-\x1f]|^\.', name)
            or not name
        ):
            raise BadInput(
                "attachment-name",
                f"添付のファイル名「{name[:60]}」は使えません。名前を替えてください。",
            )
    if len({name.lower() for name in names}) != len(names):
        raise BadInput(
            "attachment-twice", "同じファイル名の添付が二つあります。名前を替えてください。"
        )


class _Values:
    """Looks up what a template names: a cell or a part of it, the procedure, the submission."""

    def __init__(
        self,
        procedure: Procedure,
        cells: Mapping[str, Cell],
        overrides: Mapping[str, str],
        what: Submission,
        rules: PayloadRules,
    ) -> None:
        self._cells = cells
        self._overrides = overrides
        self._rules = rules
        self._fixed = {
            "procedure.proc_id": procedure.proc_id,
            "procedure.title": procedure.door_title,
            "procedure.form_id": procedure.form_id,
            "procedure.form_version": procedure.form_version,
            "procedure.form_name": procedure.form_name,
            "procedure.receiver": "100" + procedure.proc_id[:3],
            "submission.kind": what.kind,
            "submission.first_number": what.first_number,
            "submission.message": what.message,
            "submission.my_number": what.my_number,
        }

    def get(self, name: str) -> str:
        """The text for a template's {{name}}. Raises KeyError for a name the loader let through."""
        if name in self._fixed:
            return self._fixed[name]
        field_id, _, part = name.partition(".")
        if field_id in self._overrides:
            return self._overrides[field_id]
        cell = self._cells[field_id]
        row = ROW_MARK.fullmatch(part) if cell.field.columns else None
        if row is not None:
            inner = row_cell(cell, int(row[1]), row[2])
            return part_text(inner, row[3] or "") if inner is not None else ""
        text = part_text(cell, part) or self._rules.when_empty.get(name, "")
        if text in self._rules.omit.get(field_id, ()):
            return ""
        suffix = self._rules.strip_suffix.get(field_id, "")
        return text.removesuffix(suffix) if suffix else text


def _fill(template: str, values: _Values, what: Submission) -> bytes:
    def each(block: str) -> str:
        return "".join(
            _replace(
                block,
                {"attachment.title": a.title, "attachment.file_name": a.file_name}.__getitem__,
            )
            for a in what.attachments
        )

    parts = _EACH.split(template)
    done = [_replace(part, values.get) for part in parts[::2]]
    if len(parts) == 1:
        return done[0].encode("utf-8")
    return "".join((done[0], each(parts[1]), done[1])).encode("utf-8")


def _replace(template: str, get: Callable[[str], str]) -> str:
    """`template` with its marks replaced; substitution is in one pass, so values are never templates."""

    def element(match: re.Match[str]) -> str:
        text = _xml_text(get(match[2].strip()))
        return f"<{match[1]}>{text}</{match[1]}>" if text else f"<{match[1]}/>"

    return ELEMENT.sub(element, template)


def _xml_text(text: str) -> str:
    if _FORBIDDEN.search(text):
        raise BadInput("xml-character", "役所に送れない制御文字があります。入れ直してください。")
    return escape(text)


def _zip(files: Iterable[tuple[str, bytes]]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files:
            info = zipfile.ZipInfo(name, _ZIP_DATE)
            info.create_system = 3
            info.external_attr = 0o100644 << 16
            archive.writestr(info, content)
    return buffer.getvalue()
