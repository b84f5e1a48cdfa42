"""Terms that ICD-10-CM lends to ICD-11 where no map of WHO's is loaded: between categories of one name.

ICD-10-CM's Tabular List names a disease in several ways, ICD-11's tabulation in one. Where the title of an
ICD-11 category is the title or an inclusion term of one ICD-10-CM code, the code's other names, and those of
the unspecified code below it, are names of the category too; they are trusted less than the category's own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from indexes.documents.document import SearchTerm, TermKind
from indexes.text.phrases import forms
from terminology.codes import code_key
from terminology.concept import Concept, Kind, NoteKind
from terminology.systems import ICD10CM

_TITLE_TRUST, _TERM_TRUST = 0.93, 0.9
_NAMES = (NoteKind.INCLUSION_TERM, NoteKind.INCLUDES)
_LONGEST_KEY = 5
Words = frozenset[str]


def same_title_terms(clinical: Iterable[Concept], eleven: Iterable[Concept]) -> dict[str, list[SearchTerm]]:
    """Return by ICD-11 key the titles and inclusion terms of the ICD-10-CM code of the same name."""
    codes = [
        c for c in clinical if c.kind in (Kind.CATEGORY, Kind.CODE) and len(code_key(c.code)) <= _LONGEST_KEY
    ]
    below = {code_key(c.code)[:-1]: c for c in codes if "unspecified" in c.title.lower()}
    by_title, by_term = _by_words(codes, _title), _by_words(codes, _inclusion_terms)
    lent: dict[str, list[SearchTerm]] = defaultdict(list)
    for concept in eleven:
        if concept.kind is not Kind.STEM:
            continue
        words = frozenset(forms(concept.title)[-1])
        for found, trust in ((by_title, _TITLE_TRUST), (by_term, _TERM_TRUST)):
            same = found.get(words, [])
            if same and len({code_key(c.code)[:3] for c in same}) == 1:
                general = [below[key] for c in same if (key := code_key(c.code)) in below]
                lent[code_key(concept.code)].extend(t for c in (*same, *general) for t in _lent(c, trust))
                break
    return lent


def _by_words(
    codes: Iterable[Concept], texts: Callable[[Concept], Iterable[str]]
) -> dict[Words, list[Concept]]:
    found: dict[Words, list[Concept]] = defaultdict(list)
    for concept in codes:
        for words in {frozenset(forms(text)[-1]) for text in texts(concept)}:
            found[words].append(concept)
    return found


def _title(concept: Concept) -> Iterator[str]:
    yield concept.title


def _inclusion_terms(concept: Concept) -> Iterator[str]:
    yield from (note.text for note in concept.notes if note.kind in _NAMES)


def _lent(concept: Concept, trust: float) -> Iterator[SearchTerm]:
    source = f"{ICD10CM.title} {concept.code}, of the same name"
    for text in (concept.title, *_inclusion_terms(concept)):
        yield SearchTerm(text, TermKind.EQUIVALENT, source, trust=trust)
