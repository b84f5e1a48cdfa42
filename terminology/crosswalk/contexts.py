"""Source codes that are no condition of their own in ICD-11 but an extension code: place, activity."""

from __future__ import annotations

from terminology.codes import code_key
from terminology.crosswalk.anatomy import ExtensionNames
from terminology.crosswalk.facets import Reading
from terminology.crosswalk.lexicon import Phrase, phrase, read_table
from terminology.crosswalk.model import Step
from terminology.crosswalk.refine import Candidate
from terminology.crosswalk.tabulation import Tabulation

_FLOOR = 0.5
_SCORE = 0.6


class Contexts:
    """The groups of source codes of ``contexts.tsv``."""

    def __init__(self, tabulation: Tabulation) -> None:
        self._tabulation = tabulation
        self._rows = [row for row in read_table("contexts.tsv") if tabulation.is_stem(row[1])]
        self._names = {row[2]: ExtensionNames(tabulation, row[2]) for row in self._rows}

    def candidate(self, code: str, reading: Reading) -> Candidate | None:
        """The stem such a code is given, with the extension code whose title is nearest; else ``None``."""
        for prefix, stem, axis, dropped, source in self._rows:
            if not code_key(code).startswith(prefix):
                continue
            words = Phrase(reading.core.words - phrase(dropped).words, reading.core.optional)
            match = self._names[axis].nearest(words)
            group = [stem]
            if match is not None and match.score >= _FLOOR:
                group.append(match.name.code)
            step = Step("base", f"said by an extension code of {stem} {self._tabulation.title(stem)}", source)
            return Candidate(stem, (tuple(group),), table=_SCORE, score=_SCORE, steps=[step])
        return None
