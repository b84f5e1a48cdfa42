"""Names of codes: which code a phrase means, found through an inverted index of words.

Which names the stems of ICD-11 have: :mod:`terminology.crosswalk.base.stem_names`.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from terminology.crosswalk.read.lexicon import Phrase

_COMMON = 2500
# Best matches are asked for again by the same code and its neighbours: more are not worth their memory.
_MOST_KEPT = 50_000
ALTERNATIVE = "alternative of the title"
GENERIC = frozenset(
    {
        "disease",
        "injury",
        "organ",
        "type",
        "form",
        "part",
        "site",
        "finding",
        "problem",
        "factor",
        "health",
        "origin",
        "status",
    }
    | {"multiple", "cause", "unintentional"}
)
# Weights are whole multiples of 1/_GRAIN: their sums are exact, whatever the order of the words in a set.
_GRAIN = 2**24
_NEGATION_WEIGHT = 0.35
_GENERIC_WEIGHT = 0.35


@dataclass(frozen=True, slots=True)
class Name:
    """One name of one code; ``entity`` is the foundation entity's WHO id when it is not the code's title."""

    code: str
    title: str
    words: Phrase
    entity: str | None = None
    source: str = "title"

    @property
    def is_title(self) -> bool:
        """Whether it is the whole title of the code, not an entity's and not one of its alternatives."""
        return self.entity is None and self.source != ALTERNATIVE


class Match(NamedTuple):
    """How well a phrase meets a name: the weighted shares of its words that the other side has."""

    name: Name
    recall: float
    precision: float

    @property
    def score(self) -> float:
        """The harmonic mean of both shares; 1.0 when both say the same words."""
        total = self.recall + self.precision
        return 2 * self.recall * self.precision / total if total else 0.0


class _WordWeights(dict[str, float]):
    """How telling each word is, worked out when it is first asked for."""

    def __init__(self, postings: dict[str, list[int]], size: int) -> None:
        super().__init__()
        self._postings, self._size = postings, size

    def __missing__(self, word: str) -> float:
        negated = word.startswith("!")
        found = len(self._postings.get(word.lstrip("!"), ()))
        weight = math.log(1 + self._size / (1 + found)) / math.log(self._size)
        if negated:
            weight *= _NEGATION_WEIGHT
        elif word in GENERIC:
            weight *= _GENERIC_WEIGHT
        weight = self[word] = round(weight * _GRAIN) / _GRAIN
        return weight


class Names:
    """All names of a set of codes, searchable by words."""

    def __init__(self, names: Iterable[Name]) -> None:
        self.names: list[Name] = []
        self.of_code: dict[str, list[int]] = defaultdict(list)
        self.vocabulary: dict[str, set[str]] = defaultdict(set)
        self._postings: dict[str, list[int]] = defaultdict(list)
        self._exact: dict[frozenset[str], list[int]] = defaultdict(list)
        seen: set[tuple[str, Phrase]] = set()
        for name in names:
            if (name.code, name.words) in seen or not name.words.words:
                continue
            seen.add((name.code, name.words))
            at = len(self.names)
            self.names.append(name)
            self.of_code[name.code].append(at)
            self.vocabulary[name.code].update(name.words.words)
            self._exact[name.words.words].append(at)
            for word in name.words.everything:
                self._postings[word].append(at)
        self._holders: dict[str, set[str]] = defaultdict(set)
        for code, words in self.vocabulary.items():
            for word in words:
                self._holders[word].add(code)
        self._size = max(len(self.names), 2)
        self._weights = _WordWeights(self._postings, self._size)
        self._required = [n.words.words for n in self.names]
        self._all = [n.words.everything for n in self.names]
        self._totals = [self.total(words) for words in self._required]
        self._arrays: dict[str, npt.NDArray[np.intp]] = {}
        self._norms = 1.0 + np.array(self._totals)
        self._met = np.zeros(len(self.names))
        self._best: dict[tuple[frozenset[str], frozenset[str], str], Match | None] = {}

    def weight(self, word: str) -> float:
        """How telling a word is: its inverse document frequency, low for generic and negated words."""
        return self._weights[word]

    def says(self, words: Iterable[str], least: float) -> bool:
        """Whether any of some words is more telling than ``least``."""
        weights = self._weights
        for word in words:  # noqa: SIM110 -- asked a million times in a build, mostly of no word or one
            if weights[word] > least:
                return True
        return False

    def having(self, words: Iterable[str], codes: frozenset[str]) -> set[str]:
        """Those of some codes one of whose names asks for any of some words."""
        return {code for word in words if word in self._holders for code in codes & self._holders[word]}

    def total(self, words: Iterable[str]) -> float:
        """The summed weight of some words."""
        return sum(map(self._weights.__getitem__, words), 0.0)

    def _shares(self, wanted: Phrase, total: float, at: int) -> tuple[float, float]:
        """Recall and precision of the name at a place for a phrase whose words weigh ``total``."""
        required, weight = self._required[at], self._weights.__getitem__
        met = theirs = sum(map(weight, wanted.words & self._all[at]))
        if wanted.optional or required is not self._all[at]:
            theirs = sum(map(weight, required & wanted.everything))
        return met / total, theirs / self._totals[at]

    def _match(self, wanted: Phrase, total: float, at: int) -> Match:
        """Compare a phrase whose words weigh ``total`` with the name at a place."""
        return Match(self.names[at], *self._shares(wanted, total, at))

    def best(self, wanted: Phrase, code: str) -> Match | None:
        """The best match among the names of one code; ``None`` when they share no word."""
        vocabulary = self.vocabulary.get(code)
        words = wanted.words
        if vocabulary is None or words.isdisjoint(vocabulary):
            return None
        key = (words, wanted.optional, code)
        if key in self._best:
            return self._best[key]
        if len(self._best) >= _MOST_KEPT:
            self._best.clear()
        best = self._best[key] = self._best_of(wanted, self.of_code[code])
        return best

    def _best_of(self, wanted: Phrase, places: Sequence[int]) -> Match | None:
        words, everything = wanted.words, wanted.everything
        weight, total = self._weights.__getitem__, self.total(words)
        best: tuple[int, float, float] | None = None
        highest = 0.0
        for at in places:
            all_of_it, required = self._all[at], self._required[at]
            shared = words & all_of_it
            if not shared:
                continue
            met = theirs = sum(map(weight, shared))
            if everything is not words or required is not all_of_it:
                theirs = sum(map(weight, required & everything))
            recall, precision = met / total, theirs / self._totals[at]
            score = 2 * recall * precision / (recall + precision)
            if score > highest or (score == highest and best is not None and self.names[at].entity is None):
                best, highest = (at, recall, precision), score
        return Match(self.names[best[0]], best[1], best[2]) if best is not None else None

    def titles(self, code: str) -> list[Phrase]:
        """What the title of a code says: as a whole, and by each of its alternatives."""
        return [self.names[at].words for at in self.of_code[code] if self.names[at].entity is None]

    def telling(self, words: Iterable[str]) -> frozenset[str]:
        """The words among some that are not all too common in names."""
        return frozenset(w for w in words if 0 < len(self._postings.get(w, ())) < _COMMON)

    def exact(self, wanted: Phrase) -> list[Name]:
        """Names that say exactly the same words."""
        return [self.names[at] for at in self._exact.get(wanted.words, ())]

    def within(self, wanted: Phrase) -> list[Match]:
        """The names all of whose words are among those of a phrase, the fullest first."""
        words, total = wanted.words, self.total(wanted.words)
        found = {at for word in words for at in self._postings.get(word, ()) if self._required[at] <= words}
        matches = [self._match(wanted, total, at) for at in found]
        return sorted(matches, key=lambda m: (-m.score, m.name.code, m.name.title))

    def _places(self, word: str) -> npt.NDArray[np.intp]:
        """The places of the names that have a word."""
        known = self._arrays.get(word)
        if known is None:
            known = self._arrays[word] = np.array(self._postings[word], np.intp)
        return known

    def _nearest(self, telling: Iterable[str], limit: int) -> list[int]:
        """The places of names that words meet by most of their weight; of equals the one met first."""
        met = self._met
        parts: list[npt.NDArray[np.intp]] = []
        for word in telling:
            places = self._places(word)
            parts.append(places[met[places] == 0.0] if parts else places)
            met[places] += self.weight(word)
        if not parts:
            return []
        found = np.concatenate(parts)
        shares = met[found] / self._norms[found]
        met[found] = 0.0
        if len(found) > limit:
            near = shares >= np.partition(shares, -limit)[-limit]
            found, shares = found[near], shares[near]
        nearest: list[int] = found[np.argsort(-shares, kind="stable")[:limit]].tolist()
        return nearest

    def search(self, wanted: Phrase, limit: int = 12) -> list[Match]:
        """The names nearest to a phrase, best first, found through its most telling words."""
        counts = sorted(
            (len(self._postings[w]), w) for w in wanted.words if w in self._postings and not w.startswith("!")
        )
        telling = [w for place, (count, w) in enumerate(counts[:3]) if not place or count <= _COMMON]
        total, names = self.total(wanted.words), self.names
        ranked: list[tuple[float, bool, str, int, int, float, float]] = []
        for place, at in enumerate(self._nearest(telling, limit * 4)):
            recall, precision = self._shares(wanted, total, at)
            name, both = names[at], recall + precision
            score = 2 * recall * precision / both if both else 0.0
            ranked.append((-score, name.entity is not None, name.code, place, at, recall, precision))
        return [Match(names[at], recall, precision) for *_, at, recall, precision in sorted(ranked)[:limit]]
