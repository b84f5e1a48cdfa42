"""The names of ICD-11: which code a phrase means, found through an inverted index of words.

Names are the titles of stems and, through WHO's foundation tables, the titles of foundation entities that
have no code of their own: those count for the stem they fall under (its ``other specified`` residual where
it is divided further), as the shoreline of the tabulation has it (ICD-11 Reference Guide, foundation and
linearizations).
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from heapq import nlargest

from terminology.concept import Concept
from terminology.crosswalk.lexicon import Phrase, phrase
from terminology.crosswalk.tabulation import Tabulation
from terminology.mapping import Mapping, MapTable, TargetKind

_COMMON = 2500
_ALTERNATIVE = "alternative of the title"
_ALTERNATIVES = re.compile(r"^((?:[\w-]+, )*[\w-]+) or ([\w-]+)(?= (?:of|in|at|to|by|due)\b|$)")
_GENERIC = frozenset(
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
_NEGATION_WEIGHT = 0.35
_GENERIC_WEIGHT = 0.35
# How an entity without a code is fitted to a coded one: words of its title met in part count less; an
# inherited ICD-10 code speaks for it, another code against a category that is not divided.
_SUBSUMED = 0.999
_PARTLY = 0.4
_INHERITED = 0.6
_OTHER_TEN = 0.2


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
        return self.entity is None and self.source != _ALTERNATIVE


@dataclass(frozen=True, slots=True)
class Match:
    """How well a phrase meets a name: the weighted shares of its words that the other side has."""

    name: Name
    recall: float
    precision: float

    @property
    def score(self) -> float:
        """The harmonic mean of both shares; 1.0 when both say the same words."""
        total = self.recall + self.precision
        return 2 * self.recall * self.precision / total if total else 0.0


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
        self._size = max(len(self.names), 2)
        self._weights: dict[str, float] = {}
        self._required = [n.words.words for n in self.names]
        self._all = [n.words.everything for n in self.names]
        self._totals = [self.total(words) for words in self._required]

    def weight(self, word: str) -> float:
        """How telling a word is: its inverse document frequency, low for generic and negated words."""
        known = self._weights.get(word)
        if known is None:
            negated = word.startswith("!")
            found = len(self._postings.get(word.lstrip("!"), ()))
            known = math.log(1 + self._size / (1 + found)) / math.log(self._size)
            if negated:
                known *= _NEGATION_WEIGHT
            elif word in _GENERIC:
                known *= _GENERIC_WEIGHT
            self._weights[word] = known
        return known

    def total(self, words: Iterable[str]) -> float:
        """The summed weight of some words."""
        weights = self._weights
        summed = 0.0
        for word in words:
            known = weights.get(word)
            summed += self.weight(word) if known is None else known
        return summed

    def _match(self, wanted: Phrase, total: float, at: int) -> Match:
        """Compare a phrase whose words weigh ``total`` with the name at a place."""
        required = self._required[at]
        met = self.total(wanted.words & self._all[at])
        if wanted.optional:
            theirs = self.total(required & wanted.everything)
        elif required is self._all[at]:
            theirs = met
        else:
            theirs = self.total(required & wanted.words)
        return Match(self.names[at], met / total, theirs / self._totals[at])

    def best(self, wanted: Phrase, code: str) -> Match | None:
        """The best match among the names of one code; ``None`` when they share no word."""
        vocabulary = self.vocabulary.get(code)
        words = wanted.words
        if vocabulary is None or words.isdisjoint(vocabulary):
            return None
        total = self.total(words)
        best: Match | None = None
        highest = 0.0
        for at in self.of_code[code]:
            if words.isdisjoint(self._all[at]):
                continue
            match = self._match(wanted, total, at)
            score = match.score
            if score > highest or (score == highest and best is not None and match.name.entity is None):
                best, highest = match, score
        return best

    def titles(self, code: str) -> list[Phrase]:
        """What the title of a code says: as a whole, and by each of its alternatives."""
        return [self.names[at].words for at in self.of_code[code] if self.names[at].entity is None]

    def telling(self, words: Iterable[str]) -> frozenset[str]:
        """The words among some that are not all too common in names."""
        return frozenset(w for w in words if 0 < len(self._postings.get(w, ())) < _COMMON)

    def exact(self, wanted: Phrase) -> list[Name]:
        """Names that say exactly the same words."""
        return [self.names[at] for at in self._exact.get(wanted.words, ())]

    def search(self, wanted: Phrase, limit: int = 12) -> list[Match]:
        """The names nearest to a phrase, best first, found through its most telling words."""
        telling = sorted(
            (w for w in wanted.words if w in self._postings and not w.startswith("!")),
            key=lambda w: len(self._postings[w]),
        )
        met: dict[int, float] = {}
        for place, word in enumerate(telling[:3]):
            postings = self._postings[word]
            if place and len(postings) > _COMMON:
                break
            weight = self.weight(word)
            for at in postings:
                met[at] = met.get(at, 0.0) + weight
        totals = self._totals
        best = nlargest(limit * 4, met, key=lambda at: met[at] / (1.0 + totals[at]))
        total = self.total(wanted.words)
        matches = [self._match(wanted, total, at) for at in best]
        matches.sort(key=lambda m: (-m.score, m.name.entity is not None, m.name.code))
        return matches[:limit]


def stem_names(tabulation: Tabulation, mappings: Iterable[Mapping]) -> Names:
    """Gather the names of all stems: their titles and those of foundation entities that fall under them."""
    names = [
        Name(c.code, c.title, phrase(c.title)) for c in tabulation.stems if not tabulation.is_excluded(c.code)
    ]
    for concept in tabulation.stems:
        parent = tabulation.concepts.get(concept.parent or "")
        if parent is not None and concept.code.endswith("Z") and tabulation.is_residual(concept.code):
            words = replace(phrase(parent.title), unspecified=True)
            if tabulation.is_stem(parent.code) and not tabulation.is_excluded(concept.code):
                names.append(Name(concept.code, parent.title, words, source="title of the category"))
    titled = {(name.words, tabulation.category(name.code)) for name in names}
    for concept in tabulation.stems:
        below = [phrase(tabulation.title(c)).words for c in tabulation.children.get(concept.code, ())]
        for name in alternatives(concept):
            said_below = any(words and words <= name.words.words for words in below)
            if not said_below and (name.words, tabulation.category(name.code)) not in titled:
                names.append(name)
    names += foundation_names(tabulation, mappings)
    return Names(names)


def alternatives(concept: Concept) -> Iterable[Name]:
    """Yield what a title that begins with alternatives says by each of them: strain or sprain of ankle."""
    title = concept.title
    found = _ALTERNATIVES.match(title)
    if found is not None:
        for word in (*found[1].split(", "), found[2]):
            said = word + title[found.end() :]
            yield Name(concept.code, title, phrase(said), source=_ALTERNATIVE)


def foundation_names(tabulation: Tabulation, mappings: Iterable[Mapping]) -> Iterable[Name]:
    """Yield a name for each foundation entity of WHO's tables, with the code it falls under.

    Rows of the foundation table stand in tabulation order, so an entity without a code stands below the
    coded entity before it or below one of that one's ancestors. An entity inherits its ancestor's ICD-10
    code unless it has its own; that tells which of them. Rows of 10To11 tables that name the entity and a
    code say it outright.
    """
    stated: dict[str, str] = {}
    rows: dict[str, list[Mapping]] = defaultdict(list)
    for row in mappings:
        if row.table is MapTable.FOUNDATION_ELEVEN_TO_TEN:
            rows[row.release].append(row)
        elif row.table is MapTable.TEN_TO_ELEVEN_ONE and row.target_foundation_uri and row.target:
            code = tabulation.carry(row.target_uri, row.target)
            entity = row.target_foundation_uri.rpartition("/")[2]
            if code is not None and entity:
                stated[entity] = code
    for release in sorted(rows, reverse=True)[:1]:
        yield from _attached(tabulation, rows[release], stated)


def _attached(tabulation: Tabulation, rows: list[Mapping], stated: dict[str, str]) -> Iterable[Name]:
    last: str | None = None
    ten: dict[str, str | None] = {}
    for row in rows:
        entity = (row.source_uri or "").rpartition("/")[2]
        own = tabulation.code_of_entity(entity)
        if own is not None:
            last = own
            ten[own] = row.target
            if phrase(row.source_title) != phrase(tabulation.title(own)):
                yield Name(own, row.source_title, phrase(row.source_title), entity, "foundation")
            continue
        if entity in stated:
            code: str | None = stated[entity]
        else:
            code = _owner(tabulation, last, row, ten) if last is not None else None
            if code is not None:
                code = _shoreline(tabulation, code)
        if code is not None and tabulation.is_stem(code) and not tabulation.is_excluded(code):
            yield Name(code, row.source_title, phrase(row.source_title), entity, "foundation")


def _owner(tabulation: Tabulation, last: str, row: Mapping, ten: dict[str, str | None]) -> str | None:
    """The coded entity an uncoded one stands under: by inherited ICD-10 code and by shared words.

    ``None`` where neither speaks for any: its parent is then a block. An entity whose ICD-10 place is a whole
    block or chapter has inherited it, so what it stands under has the same.
    """
    line = [code for code in (last, *tabulation.ancestors(last)) if tabulation.is_stem(code)] or [last]
    if row.target_kind in (TargetKind.BLOCK, TargetKind.CHAPTER):
        line = [code for code in line if ten.get(code) == row.target]
        if not line:
            return None
    words = phrase(row.source_title).everything - _GENERIC

    def fit(code: str) -> float:
        title = phrase(tabulation.title(code)).words - _GENERIC
        met = len(title & words) / len(title) if title else 0.0
        value = met if met > _SUBSUMED else _PARTLY * met
        if row.target is not None and ten.get(code) == row.target:
            return value + _INHERITED
        theirs = ten.get(code)
        if met == 0 and row.target is not None and theirs is not None and theirs[:3] != row.target[:3]:
            return -_OTHER_TEN
        other_ten = theirs is not None and "-" not in theirs and not tabulation.children.get(code)
        if (met > 0 and other_ten) or (met == 0 and len(line) == 1):
            return value - _OTHER_TEN
        return value

    if not any(words & phrase(tabulation.title(code)).words for code in line):
        if len(line) == 1 and not tabulation.children.get(last):
            return None
        line = line[::-1]  # nothing tells them apart but the ICD-10 code: the most general one is right
    best = max(line, key=fit)
    return best if fit(best) >= 0 else None


def _shoreline(tabulation: Tabulation, code: str) -> str:
    """The code that counts an entity below a stem: its other-specified residual, if that is one by kind.

    A residual of another axis ("due to other specified bacterium") does not take it.
    """
    other, unspecified = tabulation.residual(code, "Y"), tabulation.residual(code, "Z")
    if other is not None and unspecified is not None and not phrase(tabulation.title(other)).other:
        return unspecified
    return other or unspecified or code
