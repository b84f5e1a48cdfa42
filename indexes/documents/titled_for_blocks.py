"""Terms of codes that are titled for a whole block or chapter: a contact, a carrier, a screening, a history.

*Contact with and (suspected) exposure to infections with a predominantly sexual mode of transmission*
(Z20.2, NCHS, Tabular List) is for all categories of the block of that title, A50 to A64: *exposed to
syphilis* finds it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from indexes.documents.document import SearchTerm, TermKind
from indexes.text.phrases import core, forms
from terminology.codes import code_key
from terminology.concept import Concept, Kind

_FOR = re.compile(
    r"^(?P<said>contact with and \(suspected\) exposure to|encounter for screening for|carrier of|"
    r"(?:personal|family) history of)\s+(?:other |\(corrected\) )?(?P<what>.+)$",
    re.I,
)
_CODES = re.compile(r"\s*\([A-Z]\d[0-9A-Z](?:-[A-Z]\d[0-9A-Z])?\)$")
_PARENTHESES = re.compile(r"\s*\([^()]*\)")
_WHOLE = (Kind.CHAPTER, Kind.BLOCK)
_OF_BLOCK, _OF_CHAPTER = 0.88, 0.75
_LEAST_ALIKE = 0.6
_LONGEST_KEY = 4


def block_terms(concepts: Sequence[Concept]) -> dict[str, list[SearchTerm]]:
    """Return by key the terms of the codes titled for a block or a chapter of ICD-10-CM.

    ``concepts`` are those of one release, each parent before what stands under it.
    """
    children: dict[str, list[Concept]] = defaultdict(list)
    for concept in concepts:
        if concept.parent is not None:
            children[concept.parent].append(concept)
    whole = [(_words(c.title), c) for c in concepts if c.kind in _WHOLE]
    placed: dict[str, list[SearchTerm]] = defaultdict(list)
    for concept in concepts:
        titled = _FOR.match(concept.title)
        block = _meant(titled["what"], whole) if titled else None
        if titled is not None and block is not None:
            trust = _OF_BLOCK if block.kind is Kind.BLOCK else _OF_CHAPTER
            said, source = _PARENTHESES.sub("", titled["said"]), f"Tabular List: {block.code} {block.title}"
            placed[code_key(concept.code)] += [
                SearchTerm(f"{said} {core(below.title)}", TermKind.EQUIVALENT, source, "", trust)
                for below in _below(block, children)
            ]
    return placed


def _meant(what: str, whole: Sequence[tuple[frozenset[str], Concept]]) -> Concept | None:
    """Return the block of just these words, else the chapter that has most of them and little else."""
    words = _words(what)
    alike = [(len(words & theirs) / len(words | theirs), concept) for theirs, concept in whole]
    share, concept = max(alike, key=lambda pair: pair[0])
    least = _LEAST_ALIKE if concept.kind is Kind.CHAPTER else 1.0
    return concept if share >= least else None


def _words(title: str) -> frozenset[str]:
    return frozenset(forms(_CODES.sub("", title))[-1])


def _below(concept: Concept, children: dict[str, list[Concept]]) -> Iterator[Concept]:
    """Yield the categories under a block or chapter, and the codes of four characters under each."""
    for child in children.get(concept.code, ()):
        if child.kind not in _WHOLE and len(code_key(child.code)) > _LONGEST_KEY:
            continue
        if child.kind not in _WHOLE:
            yield child
        yield from _below(child, children)
