"""The cases of a procedure's folder: facts given, acts done, what must come out, byte for byte.

cases/<name>.toml holds facts by origin, acts in order and what is expected; a complete case has
cases/<name>.expected.<file> beside it for every file of its package. Files whose name begins with
an underscore hold facts that several cases share.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from app.domain.clock import JST, fixed_clock
from app.domain.errors import Known
from app.facts.catalogue import Catalogue
from app.facts.graph import Graph
from app.facts.record import Origin, Record, Value
from app.forms.case_grammar import Act, Case, Facts, FactValue, SharedFacts
from app.forms.convert import convert
from app.forms.draft import Draft
from app.forms.draft_parts import Earlier
from app.forms.pack_fault import PackFault
from app.forms.pack_files import read_bytes, read_toml
from app.forms.payload import Attachment, Package, Submission, build_package
from app.forms.procedure import Procedure, parse_model
from app.forms.toml_lines import Location, line_map, line_of

PERSON = "山本"


@dataclass(frozen=True)
class CaseRun:
    """A case carried out: the draft as it stands and its package (None where it is not complete)."""

    case: Case
    draft: Draft
    package: Package | None


def case_names(procedure: Procedure) -> tuple[str, ...]:
    """The names of the folder's cases, sorted."""
    found = (procedure.folder / "cases").glob("*.toml")
    return tuple(sorted(path.stem for path in found if not path.name.startswith("_")))


def run_case(procedure: Procedure, catalogue: Catalogue, name: str) -> CaseRun:
    """Carries out one case. Raises PackFault where its file cannot be used or an act is refused."""
    file = f"cases/{name}.toml"
    raw, text = read_toml(procedure.folder, file)
    lines = line_map(text)
    case = parse_model(Case, raw, file, lines)
    facts = [case.facts]
    for shared in case.shared:
        shared_raw, shared_text = read_toml(procedure.folder, f"cases/{shared}", named_in=file)
        facts.insert(
            0, parse_model(SharedFacts, shared_raw, f"cases/{shared}", line_map(shared_text)).facts
        )
    moment = datetime.combine(case.reference_date, datetime.min.time(), JST).replace(hour=9)
    try:
        records = records_of(facts, case.subject, moment, catalogue)
        graph = Graph(catalogue, records, case.reference_date)
    except Known as fault:
        raise PackFault("case-facts", file, line_of(lines, ("facts",)), fault.sentence) from None
    draft = Draft(
        procedure, graph, case.subject, {}, case.reference_date, fixed_clock(moment), PERSON,
        earlier=_earlier(procedure, case, file),
    )  # fmt: skip
    for number, act in enumerate(case.acts):
        carry_out(draft, act, file, line_of(lines, ("acts", number)))
    package = None
    if draft.is_complete:
        package = _package(procedure, draft, case, file)
    return CaseRun(case, draft, package)


def check_cases(procedure: Procedure, catalogue: Catalogue) -> list[PackFault]:
    """What the cases show to be wrong: each fault names the case's file."""
    names = case_names(procedure)
    if not names:
        return [
            PackFault(
                "case-missing",
                "cases",
                0,
                "例（cases/*.toml）が一つもありません。一つは書いてください。",
            )
        ]
    faults: list[PackFault] = []
    complete = 0
    for name in names:
        try:
            run = run_case(procedure, catalogue, name)
            complete += run.package is not None
            faults.extend(compare(procedure, name, run))
        except PackFault as fault:
            faults.append(fault)
    if not complete and not faults:
        faults.append(
            PackFault(
                "case-complete", "cases", 0, "送れるところまで進む例を、一つは書いてください。"
            )
        )
    faults.extend(
        PackFault(
            "case-orphan",
            f"cases/{path.name}",
            0,
            "この結果の例がありません。消すか、例を書いてください。",
        )
        for path in sorted((procedure.folder / "cases").glob("*.expected.*"))
        if path.name.split(".expected.")[0] not in names
    )
    return faults


def compare(procedure: Procedure, name: str, run: CaseRun) -> list[PackFault]:
    """The differences between a case carried out and what it expects."""
    file = f"cases/{name}.toml"
    _, text = read_toml(procedure.folder, file)
    lines: dict[Location, int] = line_map(text)
    faults = []
    for place, got, wanted in _compared(procedure, run):
        if got != wanted:
            key = ".".join(place)
            reason = f"{key} が合いません。いま {_brief(got)}、例では {_brief(wanted)} です。"
            line = line_of(lines, ("expect", *place))
            faults.append(PackFault("case-differs", file, line, reason))
    faults.extend(_compare_bytes(procedure, name, run))
    return faults


def _compared(procedure: Procedure, run: CaseRun) -> list[tuple[tuple[str, ...], Any, Any]]:
    """Where in [expect], what came out, what was expected."""
    expect, draft = run.case.expect, run.draft
    once = draft.once_only
    problems = tuple(f"{p.field_id}:{p.code}" for p in draft.problems())
    pairs: list[tuple[tuple[str, ...], Any, Any]] = [
        (("problems",), problems, expect.problems),
        (("gaps",), draft.gaps(), expect.gaps),
        (("typed",), once.typed, expect.typed),
        (("filled",), once.filled, expect.filled),
        (("sha256",), run.package.sha256 if run.package else "", expect.sha256),
    ]
    if expect.due is not None:
        pairs.append((("due",), draft.due(), expect.due))
    for field_id, wanted in expect.cells.items():
        known = field_id in procedure.by_id
        got = draft.cell(field_id).sent_text if known else "（この欄はありません）"
        pairs.append((("cells", field_id), got, wanted))
    return pairs


def _compare_bytes(procedure: Procedure, name: str, run: CaseRun) -> list[PackFault]:
    folder = procedure.folder / "cases"
    produced = (
        {path.rsplit("/", 1)[-1]: content for path, content in run.package.files}
        if run.package
        else {}
    )
    faults = []
    for path in sorted(folder.glob(f"{name}.expected.*")):
        plain = path.name.split(".expected.", 1)[1]
        if plain not in produced:
            faults.append(
                PackFault(
                    "case-bytes",
                    f"cases/{path.name}",
                    0,
                    "この例からは、このファイルはできません。",
                )
            )
    for plain, content in produced.items():
        if not plain.endswith((".xml", ".json")):
            continue
        file = f"cases/{name}.expected.{plain}"
        if not (procedure.folder / file).is_file():
            faults.append(
                PackFault("case-bytes", file, 0, "送る中身の見本がありません。置いてください。")
            )
            continue
        expected = read_bytes(procedure.folder, file)
        if expected != content:
            line = _first_difference(expected, content)
            faults.append(
                PackFault(
                    "case-bytes",
                    file,
                    line,
                    "送る中身が、見本と 1バイトも違わないようにしてください。",
                )
            )
    return faults


def _first_difference(expected: bytes, got: bytes) -> int:
    pairs = zip(expected.split(b"\n"), got.split(b"\n"), strict=False)
    for number, (a, b) in enumerate(pairs, start=1):
        if a != b:
            return number
    return min(expected.count(b"\n"), got.count(b"\n")) + 1


def _brief(value: Any) -> str:
    text = "、".join(map(str, value)) if isinstance(value, tuple) else str(value)
    return f"「{text[:160]}」"


def _earlier(procedure: Procedure, case: Case, file: str) -> dict[str, Earlier]:
    found: dict[str, Earlier] = {}
    for field_id, text in case.earlier.items():
        if field_id not in procedure.by_id:
            raise PackFault(
                "case-field", file, 0, f"欄「{field_id}」はありません。id を確かめてください。"
            )
        try:
            value = convert(procedure.field(field_id), text).value
        except Known as fault:
            raise PackFault(
                "case-act", file, 0, f"前の申請の値を読めません。{fault.sentence}"
            ) from None
        found[field_id] = Earlier(value, "earlier", "")
    return found


def _row_key(draft: Draft, field_id: str, row: str) -> str:
    """The key a case means: that of the n-th row where it is a number, else the key itself."""
    table = draft.cell(field_id).table
    if row.isdigit() and table is not None and 1 <= int(row) <= len(table.rows):
        return table.rows[int(row) - 1].key
    return row


def records_of(
    facts: list[Facts], subject: str, at: datetime, catalogue: Catalogue
) -> list[Record]:
    """The facts of a case as records, confirmed; a later group takes the place of an earlier one."""
    merged: dict[tuple[str, str], FactValue] = {}
    for group in facts:
        for origin, values in group.items():
            merged.update(
                {(origin, path.replace("[]", f"[{subject}]")): v for path, v in values.items()}
            )
    return [
        Record(
            path,
            _of_kind(catalogue, path, value),
            Origin(origin),
            at,
            str(value),
            salt="0" * 32,
            confirmed_by=PERSON,
            confirmed_at=at,
        )
        for (origin, path), value in merged.items()
    ]


def _of_kind(catalogue: Catalogue, path: str, value: FactValue) -> Value:
    """The value of a case's fact; a text is an exact ratio where the fact is one."""
    if not isinstance(value, str):
        return value
    return Fraction(value) if catalogue.definition(path).kind == "ratio" else value


def carry_out(draft: Draft, act: Act, file: str, line: int) -> None:
    """One act of a case in a draft. Raises PackFault, naming `file` and `line`, where it is refused."""
    if act.do in ("undo", "redo"):
        draft.undo() if act.do == "undo" else draft.redo()
        return
    if act.field not in draft.procedure.by_id:
        raise PackFault(
            "case-field", file, line, f"欄「{act.field}」はありません。id を確かめてください。"
        )
    try:
        match act.do:
            case "answer":
                draft.answer(act.field, act.text)
            case "typing":
                draft.typing(act.field, act.text)
            case "accept":
                draft.accept(act.field, act.text)
            case "blank":
                draft.leave_blank(act.field)
            case "substitute":
                draft.substitute(act.field)
            case "confirm":
                draft.confirm(act.field)
            case "clear":
                draft.clear(act.field)
            case "restore":
                draft.restore(act.field)
            case "write_cell":
                draft.write_cell(
                    act.field, _row_key(draft, act.field, act.row), act.column, act.text
                )
            case "add_row":
                draft.add_row(act.field, act.row)
            case "remove_row":
                draft.remove_row(act.field, _row_key(draft, act.field, act.row))
    except Known as fault:
        raise PackFault("case-act", file, line, f"この操作はできません。{fault.sentence}") from None
    except KeyError as fault:
        raise PackFault(
            "case-act", file, line, f"表に {fault} がありません。行と列を確かめてください。"
        ) from None


def _package(procedure: Procedure, draft: Draft, case: Case, file: str) -> Package:
    sending = case.sending
    attachments = tuple(
        Attachment(title, name, body.encode(coding[0] if coding else "utf-8"))
        for title, name, body, *coding in sending.attachments
    )
    try:
        return build_package(
            procedure, draft.cells(),
            submission=Submission(sending.kind, sending.first_number, sending.message, attachments),
        )  # fmt: skip
    except Known as fault:
        if isinstance(fault, PackFault):
            raise
        raise PackFault(
            "case-package", file, 0, f"送る中身を作れません。{fault.sentence}"
        ) from None
