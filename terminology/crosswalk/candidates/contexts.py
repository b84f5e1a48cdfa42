"""Source codes whose expression follows from their category: places, weeks, combined diseases."""

from __future__ import annotations

import re
from dataclasses import dataclass

from terminology.cluster import parse
from terminology.codes import code_key
from terminology.crosswalk.base.tabulation import Tabulation
from terminology.crosswalk.candidates.candidate import Candidate
from terminology.crosswalk.express.anatomy import ExtensionNames
from terminology.crosswalk.model import Step
from terminology.crosswalk.read.facets import Reading
from terminology.crosswalk.read.lexicon import Phrase, phrase
from terminology.crosswalk.tables.rows import contexts

_FLOOR = 0.5
_SCORE = 1.2


@dataclass(frozen=True, slots=True)
class _Context:
    """A row of ``contexts.tsv``."""

    codes: re.Pattern[str]
    groups: tuple[tuple[str, ...], ...]
    axis: str
    dropped: Phrase
    source: str


class Contexts:
    """The groups of source codes of ``contexts.tsv`` that the target release can express."""

    def __init__(self, tabulation: Tabulation) -> None:
        self._tabulation = tabulation
        self._rows = [row for row in _contexts() if self._exists(row)]
        self._any = re.compile("|".join(f"(?:{row.codes.pattern})" for row in self._rows) or "$^")
        self._names = {row.axis: ExtensionNames(tabulation, row.axis) for row in self._rows if row.axis}

    def _exists(self, row: _Context) -> bool:
        known = self._tabulation
        return all(known.is_stem(g[0]) and all(map(known.is_extension, g[1:])) for g in row.groups)

    def candidate(self, code: str, reading: Reading) -> Candidate | None:
        """The expression such a code is given, by title where its row names an axis; else ``None``."""
        key = code_key(code)
        if not self._any.match(key):
            return None
        row = next((row for row in self._rows if row.codes.match(key)), None)
        if row is None:
            return None
        groups = row.groups
        if row.axis:
            words = Phrase(reading.core.words - row.dropped.words, reading.core.optional)
            match = self._names[row.axis].nearest(words)
            if match is not None and match.score >= _FLOOR:
                groups = ((*groups[0], match.name.code), *groups[1:])
        stem = groups[0][0]
        step = Step("base", f"given by its category: {stem} {self._tabulation.title(stem)}", row.source)
        return Candidate(stem, groups, structured=True, score=_SCORE, steps=[step])


def _contexts() -> list[_Context]:
    found = []
    for row in contexts():
        groups = tuple((group.stem, *group.extensions) for group in parse(row.expression).groups)
        found.append(_Context(row.codes, groups, row.axis, phrase(row.dropped), row.source))
    return found
