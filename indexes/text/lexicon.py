"""All tokens of an index: which exist, what begins with a prefix, how they are written."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Container, Mapping, Sequence
from functools import lru_cache, partial
from pathlib import Path
from types import MappingProxyType

from indexes.text.derivation import derived_forms
from indexes.text.spelling import Spelling
from indexes.text.vocabulary import DrugWords, related_words

_FILE = "lexicon.tsv"
_MOST_COMPLETIONS = 8
_DRUG, _CONDITION = "drug", "condition"
FORM_FIT = 0.93
"""How well another form of a word, found in the index itself, fits."""


class Lexicon:
    """The tokens of an index.

    ``counts`` maps a token to the number of units it leads to, ``surfaces`` to its usual written form where
    that differs, ``forms`` to its other forms; ``drugs`` are those that name drugs, ``conditions`` those that
    name what is wrong, not where or how.
    """

    def __init__(
        self,
        counts: Mapping[str, int],
        surfaces: Mapping[str, str],
        forms: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
        drugs: frozenset[str] = frozenset(),
        conditions: frozenset[str] = frozenset(),
    ) -> None:
        self.conditions = conditions
        self.drugs = DrugWords(drugs)
        self._forms = forms
        self.counts = counts
        self._sorted = sorted(counts)
        self._surfaces = surfaces
        self.spelling = Spelling(counts)
        self.derived = lru_cache(maxsize=4096)(partial(derived_forms, counts=counts))

    def __contains__(self, token: str) -> bool:
        return token in self.counts

    def related(self, token: str) -> tuple[tuple[str, float], ...]:
        """Return the other words that say the same as a token, with how well they fit."""
        known = related_words().get(token, ())
        forms = self._forms.get(token, ())
        if not forms:
            return known
        have = {other for other, _ in known}
        return (*known, *((form, FORM_FIT) for form in forms if form not in have))

    def surface(self, token: str) -> str:
        """Return a token as it is usually written."""
        return self._surfaces.get(token, token)

    def completions(self, prefix: str) -> list[str]:
        """Return the most frequent tokens that begin with ``prefix``, at most 16."""
        start = bisect_left(self._sorted, prefix)
        end = bisect_left(self._sorted, prefix + "\U0010ffff", lo=start)
        return sorted(self._sorted[start:end], key=lambda t: -self.counts[t])[:_MOST_COMPLETIONS]


def write_lexicon(
    folder: Path,
    counts: Mapping[str, int],
    surfaces: Mapping[str, Counter[str]],
    forms: Mapping[str, Sequence[str]],
    drugs: Container[str],
    conditions: Container[str],
) -> None:
    """Write the tokens of an index: units, how it is written, its forms, drug or condition."""
    lines = []
    for token in sorted(counts):
        written = surfaces.get(token)
        usual = written.most_common(1)[0][0] if written else token
        shown = usual if usual != token else ""
        others = " ".join(forms.get(token, ()))
        kind = _DRUG if token in drugs else _CONDITION if token in conditions else ""
        lines.append(f"{token}\t{counts[token]}\t{shown}\t{others}\t{kind}")
    (folder / _FILE).write_text("\n".join(lines), encoding="utf-8")


def read_lexicon(folder: Path) -> Lexicon:
    """Read what :func:`write_lexicon` wrote."""
    counts: dict[str, int] = {}
    surfaces: dict[str, str] = {}
    forms: dict[str, tuple[str, ...]] = {}
    drugs, conditions = set(), set()
    for line in (folder / _FILE).read_text(encoding="utf-8").split("\n"):
        if line:
            token, count, surface, others, kind = line.split("\t")
            counts[token] = int(count)
            if surface:
                surfaces[token] = surface
            if others:
                forms[token] = tuple(others.split())
            if kind == _DRUG:
                drugs.add(token)
            elif kind == _CONDITION:
                conditions.add(token)
    return Lexicon(counts, surfaces, forms, frozenset(drugs), frozenset(conditions))
