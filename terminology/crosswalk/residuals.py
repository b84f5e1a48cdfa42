"""Which of a stem, its ``other specified`` (Y) and its ``unspecified`` (Z) residual a source means.

WHO's tables point at the unspecified residual where a category that is divided is meant as a whole, at the
other-specified one where a foundation entity without a code of its own is meant. A source that says "other
specified" means the Y residual of what it names.
"""

from __future__ import annotations

from dataclasses import replace

from terminology.crosswalk.facets import Reading
from terminology.crosswalk.lexicon import phrase
from terminology.crosswalk.refine import Candidate
from terminology.crosswalk.tabulation import Tabulation


def settle(ranked: list[Candidate], reading: Reading, tabulation: Tabulation) -> list[Candidate]:
    """Return the candidates with stems and residuals of one family settled to one of them each."""
    settled: list[Candidate] = []
    seen: set[str] = set()
    for candidate in ranked:
        stem = _settled(candidate, reading, tabulation)
        if stem in seen:
            continue
        seen.add(stem)
        if stem == candidate.stem:
            settled.append(candidate)
        else:
            groups = ((stem, *candidate.groups[0][1:]), *candidate.groups[1:])
            settled.append(replace(candidate, stem=stem, groups=groups))
    return settled


def _settled(candidate: Candidate, reading: Reading, tabulation: Tabulation) -> str:
    stem = candidate.stem
    other, unspecified = tabulation.residual(stem, "Y"), tabulation.residual(stem, "Z")
    by_entity = candidate.match is not None and candidate.match.name.entity is not None
    if tabulation.children.get(stem):
        if reading.core.other and other is not None:
            return other
        return unspecified or other or stem
    if not tabulation.is_residual(stem) or by_entity:
        return stem
    says_other = phrase(tabulation.title(stem)).other
    if reading.core.other and not says_other and not reading.core.unspecified:
        return tabulation.sibling_residual(stem, "Y") or stem
    if reading.core.unspecified and says_other:
        return tabulation.sibling_residual(stem, "Z") or stem
    if not reading.core.other and says_other and candidate.table == 0.0:
        return tabulation.sibling_residual(stem, "Z") or stem
    return stem
