"""The codes of a library in shares that several processes map, with the answers that one would give.

Codes of one first letter stay together: the engine keeps what it finds for one of them for others of that
letter. Only a motif is read from the whole graph, so it is given when all shares are mapped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from terminology.codes import code_key
from terminology.concept import Concept, Kind, NoteKind
from terminology.crosswalk.library_crosswalk import LibraryCorpus
from terminology.crosswalk.review.overrides import Override, check_overrides


@dataclass(frozen=True, slots=True)
class Share:
    """A share of a library's codes: what the engine reads of it, and decisions for its codes.

    ``places`` are those of its codes among all that are mapped, in order.
    """

    chosen: LibraryCorpus
    overrides: Sequence[Override]
    places: Sequence[int]


def shares(chosen: LibraryCorpus, overrides: Sequence[Override], count: int) -> list[Share]:
    """Divide the codes into ``count`` shares of about the same size; none is empty unless all are.

    What the engine does not read of concepts is left out of them. Raises as
    :func:`~terminology.crosswalk.review.overrides.check_overrides`.
    """
    corpus = chosen.corpus
    mapped = [code_key(c.code) for c in corpus.source if c.kind in (Kind.CATEGORY, Kind.CODE)]
    check_overrides(overrides, frozenset(mapped), corpus)
    common = replace(
        corpus,
        target=_lean(corpus.target),
        icd10=_lean(corpus.icd10),
        earlier_targets={release: _lean(old) for release, old in corpus.earlier_targets.items()},
    )
    divided = []
    for letters in _divided(Counter(key[:1] for key in mapped), count):
        source = [c for c in corpus.source if code_key(c.code)[:1] in letters]
        own = [o for o in overrides if code_key(o.source)[:1] in letters]
        places = [place for place, key in enumerate(mapped) if key[:1] in letters]
        part = replace(chosen, corpus=replace(common, source=_lean(source)))
        divided.append(Share(part, own, places))
    return divided


def _divided(sizes: Mapping[str, int], count: int) -> list[frozenset[str]]:
    """Letters in groups whose sizes are about the same: each next largest goes to the smallest group."""
    groups: list[set[str]] = [set() for _ in range(max(1, min(count, len(sizes))))]
    filled = [0] * len(groups)
    for letter in sorted(sizes, key=lambda letter: (-sizes[letter], letter)):
        least = filled.index(min(filled))
        groups[least].add(letter)
        filled[least] += sizes[letter]
    return list(map(frozenset, groups))


def _lean(concepts: Iterable[Concept]) -> list[Concept]:
    """Concepts with only what the engine reads of them."""
    return [
        Concept(
            c.system,
            c.code,
            c.title,
            c.kind,
            c.parent,
            billable=c.billable,
            notes=tuple(note for note in c.notes if note.kind is NoteKind.INCLUSION_TERM),
            axes=c.axes,
            uri=c.uri,
            foundation_uri=c.foundation_uri,
            properties={},
        )
        for c in concepts
    ]
