"""Which of a stem, its ``other specified`` (Y) and its ``unspecified`` (Z) residual a source means.

WHO's tables point at the unspecified residual where a category that is divided is meant as a whole, at the
other-specified one where a foundation entity without a code of its own is meant. A source that says "other
specified" means the Y residual of what it names.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from terminology.crosswalk.base.tabulation import Tabulation
from terminology.crosswalk.base.who_ancestor import Base
from terminology.crosswalk.candidates.candidate import Candidate
from terminology.crosswalk.read.facets import Reading
from terminology.crosswalk.read.lexicon import phrase

_WHOLE = 0.95
# A residual with these words is unspecified by cause: another thing than what a source adds.
_CAUSE = " due to unspecified "


def settle(
    ranked: list[Candidate],
    reading: Reading,
    tabulation: Tabulation,
    sayable: Callable[[frozenset[str], frozenset[str]], bool],
    member: Callable[[str], bool],
    bases: list[Base],
) -> list[Candidate]:
    """Return the candidates with stems and residuals of one family settled to one of them each.

    ``sayable`` tells whether some words of a name can be said by an extension code, ``member`` whether the
    source is a named member of a family that has no stem for it, ``bases`` are the source's.
    """
    attested = {c.stem for c in ranked if c.steps}
    settled: list[Candidate] = []
    seen: set[str] = set()
    for candidate in ranked:
        stem = settled_stem(candidate, reading, tabulation, attested, sayable, member, bases)
        if stem in seen:
            continue
        if settled and not candidate.one and _is_less(stem, settled[0].stem, tabulation):
            continue
        seen.add(stem)
        if stem == candidate.stem:
            settled.append(candidate)
        else:
            groups = ((stem, *candidate.groups[0][1:]), *candidate.groups[1:])
            settled.append(replace(candidate, stem=stem, groups=groups))
    return settled


def settled_stem(
    candidate: Candidate,
    reading: Reading,
    tabulation: Tabulation,
    attested: set[str],
    sayable: Callable[[frozenset[str], frozenset[str]], bool],
    member: Callable[[str], bool],
    bases: list[Base],
) -> str:
    """The one of a candidate's stem and its residuals that is meant; ``attested`` are the stems WHO names."""
    stem = _settled(candidate, reading, tabulation)
    if not _means_certain(candidate, reading, bases):
        stem = _beside_certain(stem, reading, tabulation)
    if candidate.one and not candidate.exact and member(stem):
        stem = _specified(stem, tabulation)
    return _attested_whole(candidate, reading, tabulation, attested, sayable) or stem


def _is_less(stem: str, first: str, tabulation: Tabulation) -> bool:
    """Whether a stem only says less than the first does: its family as a whole, or a residual of it or above.

    An alternative is to differ in meaning.
    """
    above = set(tabulation.ancestors(first))
    parent = tabulation.concepts[stem].parent
    return stem in above or (tabulation.is_residual(stem) and parent in above | {first})


def _means_certain(candidate: Candidate, reading: Reading, bases: list[Base]) -> bool:
    """Whether a source is in a group of certain ones: it says more than it, or WHO calls them equivalent.

    An unspecified source is not, nor one that is of others and says no more than WHO's code above it.
    """
    if candidate.one and bases and not bases[0].distance and bases[0].relation == "Equivalent":
        return True
    core = reading.core
    rest = core.other and bool(bases) and core.words <= phrase(bases[0].title).everything
    if core.unspecified or (rest and candidate.one):
        return False
    return candidate.match is None or candidate.match.recall < _WHOLE


def _beside_certain(stem: str, reading: Reading, tabulation: Tabulation) -> str:
    """The residual beside a group of certain specified ones, where a source names none of them.

    *Certain specified* is neither *other* nor the whole: what is not in the group is beside it.
    """
    parent = tabulation.concepts[stem].parent
    group = parent if parent is not None and tabulation.is_residual(stem) else stem
    if not tabulation.title(group).startswith("Certain ") or reading.core_text.startswith("certain "):
        return stem
    if tabulation.residual(group, "Y") == stem or not tabulation.children.get(group):
        return stem
    above = tabulation.concepts[group].parent
    letter = "Y" if reading.core.other else "Z"
    return (tabulation.residual(above, letter) if above is not None else None) or stem


def _attested_whole(
    candidate: Candidate,
    reading: Reading,
    tabulation: Tabulation,
    attested: set[str],
    sayable: Callable[[frozenset[str], frozenset[str]], bool],
) -> str | None:
    """The unspecified residual WHO names for the base, in place of the other-specified one beside it.

    For an entity that only adds a site, which an extension code says better, or where the source says no
    more than the whole category.
    """
    match = candidate.match
    if candidate.one or match is None or match.name.entity is None or candidate.stem[-1] != "Y":
        return None
    whole = tabulation.sibling_residual(candidate.stem, "Z")
    if whole is None or whole not in attested:
        return None
    parent = tabulation.concepts[candidate.stem].parent
    said = phrase(tabulation.title(parent)).everything if parent is not None else frozenset()
    further = match.name.words.words - said
    if reading.core.unspecified or (further and sayable(further, match.name.words.words)):
        return whole
    return None


def _specified(stem: str, tabulation: Tabulation) -> str:
    """The other-specified residual in place of the unspecified one, or of the whole that has none such."""
    if tabulation.children.get(stem):
        return tabulation.residual(stem, "Y") or stem
    same_axis = _CAUSE not in tabulation.title(stem)
    if same_axis and tabulation.residual(tabulation.concepts[stem].parent or "", "Z") == stem:
        return tabulation.sibling_residual(stem, "Y") or stem
    return stem


def _is_of_others(other: str, stem: str, reading: Reading, tabulation: Tabulation) -> bool:
    """Whether a source speaks of other members of a group, as its residual does and the group does not."""
    mine, theirs = reading.condition.words, phrase(tabulation.title(other))
    of_others = mine is not None and mine.of_other and theirs.of_other
    return of_others and not phrase(tabulation.title(stem)).of_other


def _settled(candidate: Candidate, reading: Reading, tabulation: Tabulation) -> str:
    stem = candidate.stem
    other, unspecified = tabulation.residual(stem, "Y"), tabulation.residual(stem, "Z")
    by_entity = candidate.match is not None and candidate.match.name.entity is not None
    if tabulation.children.get(stem):
        if reading.core.other and other is not None:
            return other
        if unspecified is None and other is not None and _is_of_others(other, stem, reading, tabulation):
            return other
        return unspecified or (stem if candidate.exact else tabulation.titled_rest(stem)) or stem
    if not tabulation.is_residual(stem):
        return stem
    says_other = phrase(tabulation.title(stem)).other
    if reading.core.other and not says_other and not reading.core.unspecified:
        return tabulation.sibling_residual(stem, "Y") or stem
    if by_entity:
        return stem
    if reading.core.of_other and not says_other and not reading.core.unspecified:
        return tabulation.sibling_residual(stem, "Y") or stem
    if reading.core.unspecified and says_other:
        return tabulation.sibling_residual(stem, "Z") or stem
    if not reading.core.other and says_other and not candidate.supported:
        return tabulation.sibling_residual(stem, "Z") or stem
    return stem
