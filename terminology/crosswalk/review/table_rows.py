"""The rows of the crosswalk's rule tables that do not apply to the releases that are loaded.

A row names codes of ICD-11 or a pattern of ICD-10-CM codes. After a new release some may be gone: such a row
does nothing, and says so here instead of in silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from terminology.cluster import parse
from terminology.codes import code_key
from terminology.crosswalk.base.tabulation import Tabulation
from terminology.crosswalk.corpus import Corpus
from terminology.crosswalk.read.lexicon import read_table
from terminology.crosswalk.review.reviewed import reviewed_decisions, reviewed_rows

# Per table: the column of the pattern of source codes, and those of ICD-11 expressions; -1 for none.
_CODES = {
    "contexts.tsv": (0, (1,)),
    "companions.tsv": (0, (2,)),
    "intents.tsv": (0, (1, 2, 3, 4)),
    "harm.tsv": (1, (3,)),
    "external_aspects.tsv": (1, (3,)),
    "moved.tsv": (0, ()),
    "extension_names.tsv": (-1, (0,)),
    "carriers.tsv": (-1, (0, 1)),
}


@dataclass(frozen=True, slots=True)
class IdleRow:
    """A row of a rule table that does nothing on these releases, and why."""

    table: str
    row: Sequence[str]
    why: str

    def __str__(self) -> str:
        return f"{self.table}: {' '.join(self.row[:3])}: {self.why}"


def idle_rows(corpus: Corpus) -> Iterator[IdleRow]:
    """Yield the rows of all rule tables that name a code or a group of codes which no loaded release has."""
    tabulation = Tabulation(corpus.target_release, corpus.target, {})
    keys = [code_key(concept.code) for concept in corpus.source]
    for table, (pattern, named) in _CODES.items():
        for row in read_table(table):
            unknown = [code for at in named for code in _members(row[at]) if not _has(tabulation, code)]
            if unknown:
                yield IdleRow(table, row, f"ICD-11 {corpus.target_release} has no {', '.join(unknown)}")
            elif pattern >= 0 and not any(map(re.compile(row[pattern]).match, keys)):
                yield IdleRow(table, row, f"no code of ICD-10-CM {corpus.source_release} or older meets it")
    for row in read_table("facets.tsv"):
        unknown = [code for code in row[3].split() if not _has(tabulation, code)]
        if unknown:
            yield IdleRow("facets.tsv", row, f"ICD-11 {corpus.target_release} has no {', '.join(unknown)}")
    stems = {concept.code for concept in tabulation.stems}
    chapters = {tabulation.chapter(code) for code in stems}
    for row in read_table("axes.tsv"):
        if row[0] not in chapters and not any(code.startswith(row[0]) for code in stems):
            yield IdleRow("axes.tsv", row, f"no stem of ICD-11 {corpus.target_release} begins so")
    for left_out, why in reviewed_decisions(corpus, reviewed_rows()).left_out:
        yield IdleRow("reviewed.tsv", (left_out.source, left_out.expression), why)


def idle_rows_said(corpus: Corpus) -> str | None:
    """Return in one sentence how many rows do nothing, with the first of each table; ``None`` for none."""
    rows = list(idle_rows(corpus))
    if not rows:
        return None
    first = {row.table: row for row in reversed(rows)}
    named = "; ".join(map(str, first.values()))
    return f"{len(rows)} rows of the crosswalk's rule tables do nothing here: {named}"


def _members(expression: str) -> Iterable[str]:
    """The codes of an expression, or an extension code alone."""
    if expression.startswith("X"):
        return (expression,)
    return [c for g in parse(expression).groups for c in (g.stem, *g.extensions)] if expression else ()


def _has(tabulation: Tabulation, code: str) -> bool:
    return tabulation.is_stem(code) or tabulation.is_extension(code)
