"""The codes of a library in shares that several processes map, with the answers that one would give.

Codes of one first letter stay together: the engine keeps what it finds for one of them for others of that
letter. Only a motif is read from the whole graph, so it is given when all shares are mapped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from terminology.codes import code_key
from terminology.concept import Concept, NoteKind
from terminology.crosswalk.engine import mapped_codes
from terminology.crosswalk.library_crosswalk import LibraryCorpus
from terminology.crosswalk.review.overrides import Override, check_overrides


@dataclass(frozen=True, slots=True)
class Share:
    """Codes that are mapped after each other, and decisions for them.

    ``places`` are those of the codes among all that are mapped, in order.
    """

    codes: Sequence[str]
    places: Sequence[int]
    overrides: Sequence[Override]


def shares(chosen: LibraryCorpus, overrides: Sequence[Override], count: int) -> list[Share]:
    """Divide the codes into ``count`` shares, the largest first; none is empty unless all are.

    Raises as :func:`~terminology.crosswalk.review.overrides.check_overrides`.
    """
    codes = mapped_codes(chosen.corpus)
    check_overrides(overrides, frozenset(map(code_key, codes)), chosen.corpus)
    divided = []
    for letters in _divided(Counter(code[:1] for code in codes), count):
        places = [place for place, code in enumerate(codes) if code[:1] in letters]
        own = [o for o in overrides if code_key(o.source)[:1] in letters]
        divided.append(Share([codes[place] for place in places], places, own))
    return sorted(divided, key=lambda share: -len(share.codes))


def _divided(sizes: Mapping[str, int], count: int) -> list[frozenset[str]]:
    """Letters in groups whose sizes are about the same: each next largest goes to the smallest group."""
    groups: list[set[str]] = [set() for _ in range(max(1, min(count, len(sizes))))]
    filled = [0] * len(groups)
    for letter in sorted(sizes, key=lambda letter: (-sizes[letter], letter)):
        least = filled.index(min(filled))
        groups[least].add(letter)
        filled[least] += sizes[letter]
    return list(map(frozenset, groups))


def lean(chosen: LibraryCorpus) -> LibraryCorpus:
    """What the engine reads of a library, with only what it reads of concepts."""
    corpus = chosen.corpus
    earlier = {release: _lean(old) for release, old in corpus.earlier_targets.items()}
    source, target, icd10 = map(_lean, (corpus.source, corpus.target, corpus.icd10))
    return replace(
        chosen,
        corpus=replace(corpus, source=source, target=target, icd10=icd10, earlier_targets=earlier),
    )


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
