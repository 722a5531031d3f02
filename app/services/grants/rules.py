"""The eligibility rules (resources/eligibility): conditions over facts, and which scheme has which.

    [[rule]]    id, title, expression (language of app.facts, `{name}` = a value of the record), ask (the
                facts to ask first), figures (name → expression, for the sentences), yes / no / unknown /
                change (the first sentence whose figures are all known), law, source_sentence,
                source_note, source_url, verified, note (only said, never decides)
    [[scheme]]  id, label, title_contains / title_excludes / institution_contains (parts of texts, folded),
                numbers (exact), from / to (days the call may have begun), rules (ids)

A rule without an expression is one the record keeps silent about: it stays unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from app.domain.clock import JST
from app.domain.folding import fold
from app.domain.grant import Grant
from app.facts.catalogue import Catalogue
from app.facts.definition import CatalogueFault
from app.facts.grammar import ExpressionFault
from app.facts.nodes import BOOL
from app.facts.toml_text import TomlText, read_folder

Param = int | str | tuple[str, ...]
Params = tuple[tuple[str, Param], ...]
"""The values of a record that a condition rests on, by name; hashable, so that equal ones are one."""

SPECS: Final = frozenset({"", "n", "yen", "day", "until"})
TOLD: Final = frozenset(
    (
        "limit",
        "prefectures",
        "areas",
        "band",
        "divisions",
        "industries",
        "purposes",
        "starts",
        "ends",
    )
)
"""The names of a record's values that expressions and sentences may use."""

_HOLE: Final = re.compile(r"\{(\w+)(?::(\w*))?\}")
_TEXTS: Final = ("yes", "no", "unknown", "change")
_WORDS: Final = ("title", "expression", "law", "source_sentence", "source_note", "source_url")
_RULE_KEYS: Final = frozenset((*_TEXTS, *_WORDS, "id", "ask", "figures", "verified", "note"))
_LISTS: Final = ("title_contains", "title_excludes", "institution_contains", "numbers", "rules")
_SCHEME_KEYS: Final = frozenset((*_LISTS, "id", "label", "from", "to"))
_SAMPLES: Final[dict[str, Param]] = {
    "limit": 1,
    "prefectures": ("東京都", "北海道"),
    "divisions": ("E", "D"),
}


@dataclass(frozen=True)
class Rule:
    """One kind of condition, before a record's values are put in."""

    id: str
    title: str
    expression: str = ""
    ask: tuple[str, ...] = ()
    figures: Mapping[str, str] = field(default_factory=dict)
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    change: tuple[str, ...] = ()
    law: str = ""
    source_sentence: str = ""
    source_note: str = ""
    source_url: str = ""
    verified: bool = True
    note: bool = False


@dataclass(frozen=True)
class Scheme:
    """How a scheme's records are known, and the rules they get."""

    id: str
    label: str
    title_contains: tuple[str, ...]
    title_excludes: tuple[str, ...]
    institution_contains: tuple[str, ...]
    numbers: frozenset[str]
    begins: date | None
    ends: date | None
    rules: tuple[str, ...]

    def takes(self, title: str, institution: str, number: str) -> bool:
        """Whether a record belongs to the scheme; `title` and `institution` are folded."""
        if number and number in self.numbers:
            return True
        if any(part in title for part in self.title_excludes):
            return False
        return any(part in title for part in self.title_contains) or any(
            part in institution for part in self.institution_contains
        )

    def in_force(self, day: date) -> bool:
        """Whether the scheme's rules hold for a call that began on a day."""
        return (not self.begins or self.begins <= day) and (not self.ends or day <= self.ends)


@dataclass(frozen=True)
class EligibilityRules:
    """All rules by id, in the order of their files, and all schemes."""

    rules: Mapping[str, Rule]
    schemes: tuple[Scheme, ...]

    def of_scheme(self, grant: Grant, today: date) -> tuple[str, ...]:
        """The ids of the rules a record has because of the schemes it belongs to.

        A scheme is in force for a record by the day its call began; today, where that is not told.
        """
        title, institution = fold(grant.title), ""
        if any(scheme.institution_contains for scheme in self.schemes):
            institution = fold(grant.institution)
        # Most records belong to no scheme: one look for all marks at once finds that out.
        if not self._marks.search(f"{title}\n{institution}") and grant.number not in self._numbers:
            return ()
        day = grant.starts.astimezone(JST).date() if grant.starts else today
        found: dict[str, None] = {}
        for scheme in self.schemes:
            if scheme.in_force(day) and scheme.takes(title, institution, grant.number):
                found.update(dict.fromkeys(scheme.rules))
        return tuple(found)

    @cached_property
    def _marks(self) -> re.Pattern[str]:
        parts = {p for s in self.schemes for p in (*s.title_contains, *s.institution_contains)}
        return re.compile("|".join(map(re.escape, sorted(parts))) or r"(?!)")

    @cached_property
    def _numbers(self) -> frozenset[str]:
        return frozenset(number for scheme in self.schemes for number in scheme.numbers)


def filled(text: str, params: Params) -> str:
    """An expression with the record's values written in as constants."""
    values = dict(params)
    return _HOLE.sub(lambda hole: _constant(values[hole[1]]), text)


def holes(text: str) -> tuple[tuple[str, str], ...]:
    """The (name, format) of every `{name:format}` in a text."""
    return tuple((name, spec) for name, spec in _HOLE.findall(text))


def _constant(value: Param) -> str:
    if isinstance(value, int):
        return str(value)
    texts = (value,) if isinstance(value, str) else value
    if any(sign in text for text in texts for sign in "'\"\\{}\n"):
        raise ValueError(value)
    quoted = [f"'{text}'" for text in texts]
    return quoted[0] if isinstance(value, str) else f"({', '.join(quoted)},)"


def load_rules(resources: Path, catalogue: Catalogue) -> EligibilityRules:
    """The rules in the program's resources folder.

    Raises:
        CatalogueFault: a file that cannot be used, with file, line and reason.
    """
    return rules_of(read_folder(resources / "eligibility"), catalogue)


def rules_of(texts: Mapping[str, str], catalogue: Catalogue) -> EligibilityRules:
    """The rules written in TOML texts, by file name. Raises CatalogueFault."""
    rules: dict[str, Rule] = {}
    schemes: list[tuple[TomlText, Scheme]] = []
    for name, text in texts.items():
        source = TomlText(name, text)
        extra = set(source.tables) - {"rule", "scheme"}
        if extra:
            raise CatalogueFault(name, 1, f"知らない見出しがあります: {min(extra)}")
        for table in source.tables.get("rule", []):
            rule = _rule(source, table, catalogue)
            if rule.id in rules:
                raise _fault(source, rule.id, "同じ条件が 2 つあります")
            rules[rule.id] = rule
        schemes += [(source, _scheme(source, table)) for table in source.tables.get("scheme", [])]
    for source, scheme in schemes:
        for wanted in scheme.rules:
            if wanted not in rules:
                raise _fault(source, scheme.id, f"条件 {wanted} がありません")
            if holes(rules[wanted].expression):
                raise _fault(source, scheme.id, f"条件 {wanted} は記録の値が要ります")
    return EligibilityRules(rules, tuple(scheme for _, scheme in schemes))


def _fault(source: TomlText, entry: str, reason: str) -> CatalogueFault:
    lines = source.text.splitlines()
    marks = (f'id = "{entry}"', f"id = '{entry}'")
    line = next((n for n, line in enumerate(lines, 1) if line.strip() in marks), 1)
    return CatalogueFault(source.name, line, f"{entry}: {reason}")


def _rule(source: TomlText, table: dict[str, Any], catalogue: Catalogue) -> Rule:
    entry = str(table.get("id", ""))
    lists = {key: table.get(key, []) for key in (*_TEXTS, "ask")}
    words = {key: table.get(key, "") for key in _WORDS}
    figures = table.get("figures", {})
    if not entry or not words["title"] or set(table) - _RULE_KEYS:
        raise _fault(source, entry, "id と title が要り、知らない項目は書けません")
    if not all(_is_texts(value) for value in lists.values()) or not all(
        isinstance(value, str) for value in (*words.values(), *figures.values())
    ):
        raise _fault(source, entry, '文は ["…"] の並びで、ほかは文字で書いてください')
    rule = Rule(
        id=entry,
        title=words["title"],
        expression=words["expression"],
        ask=tuple(lists["ask"]),
        figures=dict(figures),
        yes=tuple(lists["yes"]),
        no=tuple(lists["no"]),
        unknown=tuple(lists["unknown"]),
        change=tuple(lists["change"]),
        law=words["law"],
        source_sentence=words["source_sentence"],
        source_note=words["source_note"],
        source_url=words["source_url"],
        verified=bool(table.get("verified", True)),
        note=bool(table.get("note", False)),
    )
    _check(source, rule, catalogue)
    return rule


def _check(source: TomlText, rule: Rule, catalogue: Catalogue) -> None:
    """Compiles what the rule says with sample values. Raises CatalogueFault."""
    for text in (t for key in _TEXTS for t in getattr(rule, key)):
        for name, spec in holes(text):
            if spec not in SPECS:
                raise _fault(source, rule.id, f"知らない書式があります: {text}")
            if name not in rule.figures and name not in TOLD:
                raise _fault(source, rule.id, f"知らない数値があります: {name}")
    samples: Params = tuple(_SAMPLES.items())
    for text in (rule.expression, *rule.figures.values()):
        if not text:
            continue
        try:
            compiled = catalogue.compile(filled(text, samples))
        except KeyError as missing:
            raise _fault(source, rule.id, f"記録にない値です: {missing.args[0]}") from None
        except ExpressionFault as fault:
            raise _fault(source, rule.id, fault.reason) from None
        if text is rule.expression and compiled.node.kind != BOOL:
            raise _fault(source, rule.id, "expression は、はい・いいえになる式で書いてください")
    for path in rule.ask:
        if path not in catalogue.facts:
            raise _fault(source, rule.id, f"この項目は事実の目録にありません: {path}")


def _scheme(source: TomlText, table: dict[str, Any]) -> Scheme:
    entry = str(table.get("id", ""))
    lists: dict[str, Any] = {key: table.get(key, []) for key in _LISTS}
    days = [table.get("from"), table.get("to")]
    if not entry or set(table) - _SCHEME_KEYS or not all(map(_is_texts, lists.values())):
        raise _fault(source, entry, "制度の書き方が違います")
    if any(day is not None and not _is_day(day) for day in days):
        raise _fault(source, entry, "from と to は日付で書いてください")
    return Scheme(
        id=entry,
        label=str(table.get("label", "")),
        title_contains=tuple(map(fold, lists["title_contains"])),
        title_excludes=tuple(map(fold, lists["title_excludes"])),
        institution_contains=tuple(map(fold, lists["institution_contains"])),
        numbers=frozenset(lists["numbers"]),
        begins=days[0],
        ends=days[1],
        rules=tuple(lists["rules"]),
    )


def _is_texts(value: Any) -> bool:
    return isinstance(value, Iterable) and all(isinstance(part, str) and part for part in value)


def _is_day(value: Any) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)
