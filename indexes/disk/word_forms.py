"""What an index itself says of its words: which are forms of one another, and which name drugs.

Two words are forms of one another (*penis*, *penile*) when terms of the same code are equal but for them, for
several codes, or when they stand at the same codes often, and they differ in their endings alone; or when a
table has the one ending as the adjective's. Endings that make another disease (*-itis*, *-oma*) are no forms.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, groupby

from indexes.disk.units import Unit
from indexes.documents.document import TermKind
from indexes.text.analysis import tokens
from indexes.text.tables import adjective_endings

_LEAST_CODES = 2
_LEAST_STEM = 6
_LEAST_TOGETHER = 4
_SHARE_TOGETHER = 0.3
_LEAST_SHARED = 3
_LONGEST_ENDING = 5
_LONGEST_TERM = 6
_MOST_FORMS = 4
_MOST_ALIKE = 12
_OTHER_DISEASES = (
    "itis", "oma", "oid", "osis", "emia", "pathy", "algia", "uria", "ectomy", "plasty", "otomy", "ostomy",
    "lysis", "iasis", "penia", "rrhea", "scopy", "megaly", "cele",
)  # fmt: skip
_DRUG_CODES = ("T36", "T51")
_DRUG_SHARE = 0.8
_LEAST_DRUG_UNITS = 2
_LEAST_ENTRIES = 3
_OTHER_BOOKS = re.compile(r"External|Table")


class WordForms:
    """Gathers word forms from the units of one release after another."""

    def __init__(self) -> None:
        self._codes: Counter[tuple[str, str]] = Counter()
        self._together: Counter[tuple[str, str]] = Counter()
        self._anywhere: Counter[str] = Counter()

    def add(self, units: Iterable[Unit]) -> None:
        """Take up what the terms of these units say."""
        for unit in units:
            self._codes.update(set(_pairs(unit)))
            words = {t for phrase in unit.phrases for t in phrase.tokens if t.isalpha()}
            self._anywhere.update(words)
            self._together.update(_alike(words))

    def result(self) -> dict[str, list[str]]:
        """Return the other forms of each token, at most four, the most often shared first."""
        found: dict[str, list[str]] = defaultdict(list)
        shared = self._codes + Counter(
            {pair: codes for pair, codes in self._together.items() if self._often(pair, codes)}
        )
        for noun, adjective in adjectives(self._anywhere):
            shared[min(noun, adjective), max(noun, adjective)] = _LEAST_CODES
        for (first, second), codes in sorted(shared.items(), key=lambda item: (-item[1], item[0])):
            if codes >= _LEAST_CODES:
                for one, other in ((first, second), (second, first)):
                    if len(found[one]) < _MOST_FORMS:
                        found[one].append(other)
        return dict(found)

    def _often(self, pair: tuple[str, str], codes: int) -> bool:
        return codes >= max(_LEAST_TOGETHER, _SHARE_TOGETHER * min(self._anywhere[word] for word in pair))


def _alike(words: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the words of one code that could be forms of one another: they begin alike."""
    ordered = sorted(word for word in words if len(word) > _LEAST_SHARED + 1)
    for first, group in groupby(ordered, key=lambda word: word[:_LEAST_SHARED]):
        alike = list(group)
        if first and 1 < len(alike) <= _MOST_ALIKE:
            yield from (pair for pair in combinations(alike, 2) if are_forms(*pair))


def _pairs(unit: Unit) -> Iterator[tuple[str, str]]:
    terms: dict[frozenset[str], set[str]] = defaultdict(set)
    for phrase in unit.phrases:
        if 1 < len(phrase.tokens) <= _LONGEST_TERM:
            whole = frozenset(phrase.tokens)
            for token in whole:
                if len(token) > _LEAST_SHARED and token.isalpha():
                    terms[whole - {token}].add(token)
    for alike in terms.values():
        if 1 < len(alike) <= _MOST_ALIKE:
            yield from (pair for pair in combinations(sorted(alike), 2) if are_forms(*pair))


def are_forms(first: str, second: str) -> bool:
    """Whether two tokens differ in their endings alone, and in none that makes another disease.

    >>> are_forms("penis", "penil"), are_forms("thyroid", "thyroiditis"), are_forms("carcinoma", "carcinoid")
    (True, False, False)
    """
    shared = _shared_letters(first, second)
    endings = first[shared:], second[shared:]
    if shared < _LEAST_SHARED or max(map(len, endings)) > _LONGEST_ENDING:
        return False
    return not any(first.endswith(e) != second.endswith(e) for e in _OTHER_DISEASES)


def adjectives(known: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield (noun, adjective) of the known tokens that differ in an ending from the table.

    >>> list(adjectives({"calcaneus": 1, "calcaneal": 1, "local": 1}))
    [('calcaneus', 'calcaneal')]
    """
    words = set(known)
    endings = [(row.noun, row.adjective) for row in adjective_endings()]
    for word in sorted(words):
        for noun, adjective in endings:
            stem = word.removesuffix(adjective)
            long_enough = len(stem) >= (_LEAST_SHARED if noun else _LEAST_STEM)
            if stem != word and long_enough and stem + noun in words:
                yield stem + noun, word


def _shared_letters(first: str, second: str) -> int:
    """Return how many letters two words have in common at their beginnings."""
    apart = (n for n, (a, b) in enumerate(zip(first, second, strict=False)) if a != b)
    return next(apart, min(len(first), len(second)))


def condition_tokens(units: Iterable[Unit]) -> frozenset[str]:
    """Return the tokens that name conditions: the main terms of one word under which the Index has several.

    ``units`` are those of ICD-10-CM. *Fracture* and *infection* are such words, *right* and *toe* are not.
    """
    entries: Counter[str] = Counter()
    for unit in units:
        for term in unit.document.terms:
            if term.kind is TermKind.INDEX and ", " in term.text and not _OTHER_BOOKS.search(term.source):
                main = tokens(term.text.split(", ")[0])
                entries.update(main if len(main) == 1 else ())
    return frozenset(token for token, count in entries.items() if count >= _LEAST_ENTRIES)


def drug_tokens(units: Sequence[Unit]) -> frozenset[str]:
    """Return the tokens that stand, nearly always, in terms of drugs (ICD-10-CM T36 to T50)."""
    among_drugs: Counter[str] = Counter()
    anywhere: Counter[str] = Counter()
    for unit in units:
        words = {token for phrase in unit.phrases for token in phrase.tokens if token.isalpha()}
        anywhere.update(words)
        if _DRUG_CODES[0] <= unit.document.key < _DRUG_CODES[1]:
            among_drugs.update(words)
    return frozenset(
        token
        for token, count in among_drugs.items()
        if count >= max(_LEAST_DRUG_UNITS, _DRUG_SHARE * anywhere[token])
    )
