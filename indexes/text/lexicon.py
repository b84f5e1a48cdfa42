"""All tokens of an index: which exist, what begins with a prefix, how they are written."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from indexes.text.spelling import Spelling

_FILE = "lexicon.tsv"
_MOST_COMPLETIONS = 8


class Lexicon:
    """The tokens of an index.

    ``counts`` maps a token to the number of units it leads to, ``surfaces`` to its usual written form where
    that differs.
    """

    def __init__(self, counts: Mapping[str, int], surfaces: Mapping[str, str]) -> None:
        self.counts = counts
        self._sorted = sorted(counts)
        self._surfaces = surfaces
        self.spelling = Spelling(counts)

    def __contains__(self, token: str) -> bool:
        return token in self.counts

    def surface(self, token: str) -> str:
        """Return a token as it is usually written."""
        return self._surfaces.get(token, token)

    def completions(self, prefix: str) -> list[str]:
        """Return the most frequent tokens that begin with ``prefix``, at most 16."""
        start = bisect_left(self._sorted, prefix)
        end = bisect_left(self._sorted, prefix + "\U0010ffff", lo=start)
        return sorted(self._sorted[start:end], key=lambda t: -self.counts[t])[:_MOST_COMPLETIONS]


def write_lexicon(folder: Path, counts: Mapping[str, int], surfaces: Mapping[str, Counter[str]]) -> None:
    """Write the tokens of an index with their counts and usual forms."""
    lines = []
    for token in sorted(counts):
        forms = surfaces.get(token)
        usual = forms.most_common(1)[0][0] if forms else token
        lines.append(f"{token}\t{counts[token]}\t{usual if usual != token else ''}")
    (folder / _FILE).write_text("\n".join(lines), encoding="utf-8")


def read_lexicon(folder: Path) -> Lexicon:
    """Read what :func:`write_lexicon` wrote."""
    counts: dict[str, int] = {}
    surfaces: dict[str, str] = {}
    for line in (folder / _FILE).read_text(encoding="utf-8").split("\n"):
        if line:
            token, count, surface = line.split("\t")
            counts[token] = int(count)
            if surface:
                surfaces[token] = surface
    return Lexicon(counts, surfaces)
