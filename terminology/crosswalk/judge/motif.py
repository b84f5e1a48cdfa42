"""Mapping motifs of the two-way graph (Boyd, Li, Burton, JAMIA 2013, doi:10.1136/amiajnl-2012-001358).

Forward edges lead from a source code to the stem recommended for it; backward edges from an ICD-11 stem,
through WHO's 11To10 table, to the source code of that ICD-10 code. A code's motif is read from the shape of
the connected part it lies in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from terminology.codes import code_key
from terminology.crosswalk.base.who_ancestor import Bases
from terminology.crosswalk.model import Crosswalk, Motif


def motifs(crosswalks: Sequence[Crosswalk], bases: Bases) -> dict[str, Motif]:
    """Return the motif of every source code."""
    forward: dict[str, str] = {}
    sources: dict[str, set[str]] = defaultdict(set)
    for crosswalk in crosswalks:
        target = crosswalk.recommended
        if target is not None:
            forward[crosswalk.source_code] = target.expression
            sources[target.expression].add(crosswalk.source_code)
    by_key = {code_key(c.source_code): c.source_code for c in crosswalks}
    backward: dict[str, set[str]] = defaultdict(set)
    for stem, row in bases.reverse.items():
        code = by_key.get(code_key(row.target or ""))
        if code is not None:
            backward[code].add(stem)
    return {c.source_code: _motif(c.source_code, forward, sources, backward) for c in crosswalks}


def _motif(
    code: str, forward: dict[str, str], sources: dict[str, set[str]], backward: dict[str, set[str]]
) -> Motif:
    expression = forward.get(code)
    if expression is None:
        return Motif.NO_MAPPING
    shared = len(sources[expression]) > 1
    others = backward.get(code, set()) - {expression}
    if not shared and not others:
        return Motif.IDENTITY
    if shared and not others:
        return Motif.SUBCLASS_TO_CLASS
    if not shared:
        return Motif.CLASS_TO_SUBCLASS
    return Motif.CONVOLUTED
