"""The sources of the made classification: codes of ``simple-icd-10-cm``, a few of every family."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from zlib import crc32

import simple_icd_10_cm as cm

from terminology.concept import Concept, Kind, Note, NoteKind

EVERY = 10
"""One category in so many is taken."""
ALSO = (
    *("A40", "A41", "D49", "E08", "H59", "J95", "K91", "M1A", "N99", "T82"),
    *("W21", "W26", "W31", "W54", "Y92", "Y93", "Z86"),
)
"""Categories taken besides, whose titles lead where few do: contexts with an axis, objects, procedures."""
MOST = 9
"""Codes of a category that are taken at most."""

BECOMES = dict(enumerate("1235689ABCDEFGJKLMNPQR", 1))
"""The letter of the ICD-11 chapter that a chapter of ICD-10-CM becomes, by its number."""


def drawn(text: str, every: int) -> bool:
    """Whether a text is one of so many, always the same."""
    return crc32(text.encode()) % every == 0


@cache
def families() -> tuple[tuple[str, ...], ...]:
    """Return the codes of each family that is taken, headings before what is below them."""
    found = []
    for number in BECOMES:
        for block in cm.get_children(str(number)):
            categories = [code for code in cm.get_descendants(block) if cm.is_category(code)]
            for category in (code for code in categories if code in ALSO or drawn(code, EVERY)):
                leaves = [code for code in (category, *cm.get_descendants(category)) if cm.is_leaf(code)]
                leaves = sorted(leaves, key=lambda code: crc32(code.encode()))[:MOST]
                taken = {a for leaf in leaves for a in cm.get_ancestors(leaf) if len(a) >= 3 and "-" not in a}
                found.append(tuple(sorted({*leaves, *(a for a in taken if a.startswith(category))})))
    return tuple(found)


def sources() -> Iterator[Concept]:
    """Yield the chapters, and the codes of each family."""
    for number in map(str, BECOMES):
        yield Concept("icd-10-cm", number, cm.get_description(number), Kind.CHAPTER, None)
    for family in families():
        for code in family:
            parent = cm.get_parent(code)
            terms = tuple(Note(NoteKind.INCLUSION_TERM, term) for term in cm.get_inclusion_term(code))
            leaf = cm.is_leaf(code)
            yield Concept(
                "icd-10-cm",
                code,
                cm.get_description(code),
                Kind.CODE if leaf else Kind.CATEGORY,
                parent if parent in family else cm.get_ancestors(code)[-1],
                billable=leaf,
                notes=terms,
            )
