"""The catalogue: what facts there are (resources/facts) and the dated legal figures.

Loading reads the tables only. Expressions are compiled when first used and kept;
`check()` compiles them all and finds unknown names, wrong kinds, cycles and dead facts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from app.facts.compiler import Compiled, compile_expression
from app.facts.definition import (
    DEFAULT_PRECEDENCE,
    KINDS,
    CatalogueFault,
    CollectionDef,
    Derivation,
    FactDef,
    Parameter,
    UnknownFact,
)
from app.facts.grammar import ExpressionFault
from app.facts.parameters import read_parameters
from app.facts.paths import is_concrete, is_pattern, normal
from app.facts.record import Origin
from app.facts.soundness import faults_of
from app.facts.toml_text import TomlText, read_folder

_KEYS = frozenset(
    (
        *("label", "kind", "choices", "length", "precedence", "where", "law"),
        *("value", "rule", "when", "askable", "internal", "secret", "personal"),
    )
)
_TYPES: dict[str, type] = {"choices": list, "precedence": list, "length": int} | dict.fromkeys(
    ("secret", "personal", "askable", "internal"), bool
)


def load_catalogue(resources: Path) -> Catalogue:
    """The catalogue in the program's resources folder.

    Raises:
        CatalogueFault: a file cannot be read as a catalogue; with file, line and reason.
    """
    return catalogue_of(read_folder(resources / "facts"), read_folder(resources / "parameters"))


def catalogue_of(facts: dict[str, str], parameters: dict[str, str] | None = None) -> Catalogue:
    """The catalogue written in TOML texts, by file name. Raises CatalogueFault."""
    sources = [TomlText(name, text) for name, text in facts.items()]
    return Catalogue(sources, parameters or {})


class Catalogue:
    """All facts, collections and legal figures, and the compiled expressions over them."""

    def __init__(self, sources: Iterable[TomlText], parameters: dict[str, str]) -> None:
        self._sources = {source.name: source for source in sources}
        self._parameter_texts = parameters
        self._collections: dict[str, CollectionDef] = {}
        self._facts: dict[str, FactDef] = {}
        self._compiled: dict[tuple[str, str, str], Compiled] = {}
        self._derivations: dict[str, tuple[Compiled | None, Compiled | None]] = {}
        for source in self._sources.values():
            _add_source(source, self._collections, self._facts)
        self._by_pattern = {fact.pattern: fact for fact in self._facts.values()}

    @property
    def facts(self) -> Mapping[str, FactDef]:
        """Every fact by its pattern, in the order of the files."""
        return self._by_pattern

    @property
    def collections(self) -> Mapping[str, CollectionDef]:
        """Every collection by its pattern."""
        return self._collections

    @cached_property
    def parameters(self) -> Mapping[str, Parameter]:
        """Every legal figure by its name."""
        return read_parameters(self._parameter_texts)

    def definition(self, path: str) -> FactDef:
        """The fact a concrete path or a pattern belongs to. Raises UnknownFact."""
        found = self._facts.get(normal(path))
        if found is None or not (is_concrete(path) or path == found.pattern):
            raise UnknownFact(path)
        return found

    def find(self, normal_path: str) -> FactDef | None:
        """The fact with this normal path, or None."""
        return self._facts.get(normal_path)

    def collection(self, pattern: str) -> CollectionDef | None:
        """The collection with this pattern, or None."""
        return self._collections.get(pattern)

    def parameter(self, name: str) -> Parameter | None:
        """The legal figure of this name, or None."""
        return self.parameters.get(name)

    def family(self, name: str) -> Mapping[str, Parameter]:
        """The legal figures named "name.code", by their codes."""
        head = f"{name}."
        return {k.removeprefix(head): v for k, v in self.parameters.items() if k.startswith(head)}

    def compile(
        self,
        expression: str,
        scope: str = "",
        period: str = "",
        answers: Mapping[str, str] | None = None,
    ) -> Compiled:
        """The compiled form of an expression, kept unless it reads a draft's answers.

        `scope` is a pattern of members ("employees[]") or a member's path; `answers` the kinds of
        the draft's own answers by field id. Raises ExpressionFault.
        """
        key = (expression, normal(scope), period)
        found = self._compiled.get(key)
        if found is None or answers is not None:
            found = compile_expression(expression, self, normal(scope), period, answers)
            if not found.uses_answers:
                self._compiled[key] = found
        return found

    def derivation_of(self, fact: FactDef) -> tuple[Compiled | None, Compiled | None]:
        """The compiled derivation and condition of a fact. Raises CatalogueFault."""
        found = self._derivations.get(fact.pattern)
        if found is None:
            value = self._part(fact, "value", fact.derivation.expression if fact.derivation else "")
            found = (value, self._part(fact, "when", fact.when))
            self._derivations[fact.pattern] = found
        return found

    def fault(self, fact: FactDef, key: str, reason: str) -> CatalogueFault:
        """A fault of a fact, at its line."""
        return self._sources[fact.file].fault(fact.pattern, key, reason)

    def check(self) -> list[CatalogueFault]:
        """Every fault of the catalogue's expressions: names, kinds, cycles, dead facts."""
        return faults_of(self)

    def _part(self, fact: FactDef, key: str, expression: str) -> Compiled | None:
        if not expression:
            return None
        scope = f"{fact.collection}[]" if fact.collection else ""
        try:
            return self.compile(expression, scope, fact.series)
        except ExpressionFault as fault:
            raise self.fault(fact, key, fault.reason) from None


def _add_source(
    source: TomlText, collections: dict[str, CollectionDef], facts: dict[str, FactDef]
) -> None:
    tables = source.tables
    extra = set(tables) - {"fact", "collection", "precedence"}
    if extra:
        raise CatalogueFault(source.name, 1, f"知らない見出しがあります: {min(extra)}")
    order = _precedence(source, "precedence", tables.get("precedence"))
    for table in tables.get("collection", []):
        pattern = str(table.get("path", ""))
        plain = all(isinstance(value, str) for value in table.values())
        extra = set(table) - {"path", "label", "counter"}
        if not is_pattern(pattern) or not plain or extra or not table.get("label"):
            raise source.fault(pattern, "", "一覧の書き方が違います")
        collections[pattern] = CollectionDef(pattern, table["label"], table.get("counter", "件"))
        removed = FactDef(
            f"{pattern}[].removed", f"{table['label']}から外した", "bool", file=source.name
        )
        facts.setdefault(normal(removed.pattern), removed)
    for pattern, table in tables.get("fact", {}).items():
        fact = _fact(source, pattern, table, order)
        if not _known_collections(fact, collections):
            raise source.fault(pattern, "", "この一覧は [[collection]] にありません")
        known = facts.get(normal(pattern))
        if known is not None and not pattern.endswith("[].removed"):
            raise source.fault(pattern, "", "同じ項目が 2 つあります")
        facts[normal(pattern)] = fact


def _known_collections(fact: FactDef, collections: dict[str, CollectionDef]) -> bool:
    pattern = fact.pattern
    cut = pattern.find("[]")
    while cut >= 0:
        if pattern[:cut] not in collections:
            return False
        cut = pattern.find("[]", cut + 1)
    return True


def _fact(
    source: TomlText, pattern: str, table: dict[str, Any], order: tuple[Origin, ...]
) -> FactDef:
    if not isinstance(table, dict) or not is_pattern(pattern) or pattern.endswith("[]"):
        raise source.fault(pattern, "", "項目の名前の書き方が違います")
    for key, value in table.items():
        if key not in _KEYS:
            raise source.fault(pattern, key, f"知らない項目です: {key}")
        if type(value) is not _TYPES.get(key, str):
            raise source.fault(pattern, key, f"{key} の書き方が違います")
    if not table.get("label") or table.get("kind") not in KINDS:
        raise source.fault(pattern, "kind", "label と、決まった種類の kind が要ります")
    if ("choices" in table) != (table["kind"] == "choice"):
        raise source.fault(pattern, "choices", "choices は kind が choice のときに要ります")
    value = table.get("value", "")
    if "rule" in table and not value:
        raise source.fault(pattern, "rule", "rule には value が要ります")
    law = table.get("law", "")
    return FactDef(
        pattern,
        table["label"],
        table["kind"],
        _choices(source, pattern, table.get("choices", [])),
        _precedence(source, pattern, table.get("precedence")) if "precedence" in table else order,
        Derivation(value, law, table.get("rule", "")) if value else None,
        table.get("secret", False),
        table.get("personal", False),
        table.get("where", ""),
        table.get("when", ""),
        table.get("askable", not value),
        table.get("internal", False),
        table.get("length", 0),
        law,
        source.name,
    )


def _choices(source: TomlText, pattern: str, pairs: list[Any]) -> tuple[tuple[str, str], ...]:
    for pair in pairs:
        if not isinstance(pair, list) or [type(part) for part in pair] != [str, str]:
            raise source.fault(pattern, "choices", "choices は [値, 表示] の並びで書いてください")
    return tuple((value, label) for value, label in pairs)


def _precedence(source: TomlText, entry: str, words: Any) -> tuple[Origin, ...]:
    if words is None:
        return DEFAULT_PRECEDENCE
    try:
        order = tuple(Origin(word) for word in words)
    except (TypeError, ValueError):
        raise source.fault(entry, "precedence", "知らない出どころがあります") from None
    if len(set(order)) != len(order):
        raise source.fault(entry, "precedence", "同じ出どころが 2 つあります")
    return order
