"""The rows of the crosswalk's rule tables that do not apply to the releases that are loaded.

A row names codes of ICD-11 or a pattern of ICD-10-CM codes. After a new release some may be gone: such a row
does nothing, and says so here instead of in silence.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from itertools import chain
from typing import Any

from terminology.cluster import parse
from terminology.codes import code_key
from terminology.crosswalk.base.tabulation import Tabulation
from terminology.crosswalk.base.who_ancestor import Bases
from terminology.crosswalk.corpus import Corpus
from terminology.crosswalk.read.facets import facet_rules
from terminology.crosswalk.review.reviewed import reviewed_decisions, reviewed_rows
from terminology.crosswalk.tables import rows
from terminology.crosswalk.tables.rows import CodedRow
from terminology.release_words import release_words

_TABLES: dict[str, Callable[[], Sequence[CodedRow]]] = {
    "contexts.tsv": rows.contexts,
    "companions.tsv": rows.companions,
    "intents.tsv": rows.intents,
    "harm.tsv": rows.harm,
    "external_aspects.tsv": rows.external_aspects,
    "moved.tsv": rows.moved,
    "extension_names.tsv": rows.extension_names,
    "carriers.tsv": rows.carriers,
}


@dataclass(frozen=True, slots=True)
class IdleRow:
    """A row of a rule table that does nothing on these releases, by its first ``cells``, and why."""

    table: str
    cells: Sequence[str]
    why: str

    def __str__(self) -> str:
        return f"{self.table}: {' '.join(self.cells)}: {self.why}"


def idle_rows(corpus: Corpus) -> Iterator[IdleRow]:
    """Yield the rows of all rule tables that name a code or a group of codes which no loaded release has."""
    tabulation = Tabulation(corpus.target_release, corpus.target, {})
    keys = _by_letter(corpus)
    for table, read in _TABLES.items():
        for row in read():
            unknown = [c for named in row.named for c in _members(named) if not _has(tabulation, c)]
            if unknown:
                yield IdleRow(table, _cells(row), _no_code(corpus, unknown))
            elif row.codes is not None and not _is_met(row.codes, keys):
                why = f"no code of ICD-10-CM {corpus.source_release} or older meets it"
                yield IdleRow(table, _cells(row), why)
    known = Bases(tabulation, corpus.icd10, corpus.mappings).titles
    for moved in rows.moved():
        if known and moved.who not in known:
            yield IdleRow("moved.tsv", _cells(moved), f"WHO's ICD-10 has no {moved.who}")
    for rule in facet_rules():
        unknown = [code for code in rule.extensions if not _has(tabulation, code)]
        if unknown:
            yield IdleRow("facets.tsv", _cells(rule), _no_code(corpus, unknown))
    stems = {concept.code for concept in tabulation.stems}
    chapters = {tabulation.chapter(code) for code in stems}
    for axis in rows.axes():
        if axis.chapter not in chapters and not any(code.startswith(axis.chapter) for code in stems):
            why = f"no stem of ICD-11 {release_words(corpus.target_release)} begins so"
            yield IdleRow("axes.tsv", _cells(axis), why)
    for left_out, why in reviewed_decisions(corpus, reviewed_rows()).left_out:
        yield IdleRow("reviewed.tsv", (left_out.source, left_out.expression), why)


def idle_rows_said(corpus: Corpus) -> str | None:
    """Return in one sentence how many rows do nothing, with the first of each table; ``None`` for none."""
    idle = list(idle_rows(corpus))
    if not idle:
        return None
    first = {row.table: row for row in reversed(idle)}
    named = "; ".join(map(str, first.values()))
    return f"{len(idle)} rows of the crosswalk's rule tables do nothing here: {named}"


def _no_code(corpus: Corpus, unknown: Iterable[str]) -> str:
    return f"ICD-11 {release_words(corpus.target_release)} has no {', '.join(unknown)}"


def _cells(row: Any) -> tuple[str, ...]:
    """The first three cells of a row of any table, as they stand there."""
    return tuple(_cell(getattr(row, field.name)) for field in fields(row)[:3])


def _cell(value: str | tuple[str, ...] | re.Pattern[str]) -> str:
    if isinstance(value, re.Pattern):
        return value.pattern
    return value if isinstance(value, str) else " ".join(value)


def _by_letter(corpus: Corpus) -> dict[str, list[str]]:
    """The keys of the source codes by their first letter."""
    keys: dict[str, list[str]] = defaultdict(list)
    for concept in corpus.source:
        key = code_key(concept.code)
        keys[key[:1]].append(key)
    return keys


def _is_met(codes: re.Pattern[str], keys: dict[str, list[str]]) -> bool:
    """Whether any key meets a pattern; those of the letters it names are tried first, for they mostly do."""
    letters = sorted(keys, key=lambda letter: letter not in codes.pattern)
    return any(map(codes.match, chain.from_iterable(map(keys.__getitem__, letters))))


def _members(expression: str) -> Iterable[str]:
    """The codes of an expression, or an extension code alone."""
    if expression.startswith("X"):
        return (expression,)
    return [c for g in parse(expression).groups for c in (g.stem, *g.extensions)] if expression else ()


def _has(tabulation: Tabulation, code: str) -> bool:
    return tabulation.is_stem(code) or tabulation.is_extension(code)
