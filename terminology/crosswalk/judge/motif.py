"""Mapping motifs of the two-way graph (Boyd, Li, Burton, JAMIA 2013, doi:10.1136/amiajnl-2012-001358).

Forward edges lead from a source code to the stem recommended for it; backward edges from an ICD-11 stem,
through WHO's 11To10 table, to the source code of that ICD-10 code. A code's motif is read from the shape of
the connected part it lies in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from terminology.codes import code_key
from terminology.crosswalk.model import Motif


def motifs(recommended: Mapping[str, str | None], reverse: Mapping[str, str]) -> dict[str, Motif]:
    """Return the motif of every source code.

    ``recommended`` holds the expression recommended for each source code, ``None`` where there is none;
    ``reverse`` the key of the ICD-10 code that WHO's table gives each stem.
    """
    forward = {code: expression for code, expression in recommended.items() if expression is not None}
    sources: dict[str, set[str]] = defaultdict(set)
    for code, expression in forward.items():
        sources[expression].add(code)
    by_key = {code_key(code): code for code in recommended}
    backward: dict[str, set[str]] = defaultdict(set)
    for stem, ten in reverse.items():
        if ten in by_key:
            backward[by_key[ten]].add(stem)
    return {code: _motif(code, forward, sources, backward) for code in recommended}


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
