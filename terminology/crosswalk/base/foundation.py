"""Foundation entities without a code of their own: which code each falls under.

An entity counts for the stem it stands under (its ``other specified`` residual where that is divided
further), as the shoreline of the tabulation has it (ICD-11 Reference Guide, foundation and linearizations).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache

from terminology.crosswalk.base.tabulation import Tabulation
from terminology.crosswalk.read.assertions import includes
from terminology.crosswalk.read.lexicon import phrase
from terminology.crosswalk.read.names import GENERIC, Name
from terminology.mapping import Mapping, MapTable, TargetKind

# How an entity without a code is fitted to a coded one: words of its title met in part count less; an
# inherited ICD-10 code speaks for it, another code against a category that is not divided.
_SUBSUMED = 0.999
_PARTLY = 0.4
_INHERITED = 0.6
_OTHER_TEN = 0.2
_JOINS = re.compile(r"\b(?:or|and)\b|[,-]")
_BOTH = re.compile(r"\bboth (\w+) and (\w+)\b")


def foundation_names(tabulation: Tabulation, mappings: Sequence[Mapping]) -> Iterable[Name]:
    """Yield a name for each foundation entity of WHO's tables, with the code it falls under.

    Rows of the foundation table stand in tabulation order, so an entity without a code stands below the
    coded entity before it or below one of that one's ancestors. An entity inherits its ancestor's ICD-10
    code unless it has its own; that tells which of them. Rows of 10To11 tables that name the entity and a
    code say it outright.
    """
    stated: dict[str, str] = {}
    rows: dict[str, list[Mapping]] = defaultdict(list)
    for row in mappings:
        if row.table is MapTable.FOUNDATION_ELEVEN_TO_TEN:
            rows[row.release].append(row)
        elif row.table is MapTable.TEN_TO_ELEVEN_ONE and row.target_foundation_uri and row.target:
            code = tabulation.carry(row.target_uri, row.target)
            entity = row.target_foundation_uri.rpartition("/")[2]
            if code is not None and entity:
                stated[entity] = code
    ones = _one_targets(tabulation, mappings)
    for release in sorted(rows, reverse=True)[:1]:
        yield from _attached(tabulation, rows[release], stated, ones)


def _one_targets(tabulation: Tabulation, mappings: Iterable[Mapping]) -> dict[str, str]:
    """The other-specified residual that WHO's newest table has for each ICD-10 code, where it has one."""
    rows = [row for row in mappings if row.table is MapTable.TEN_TO_ELEVEN_ONE and row.source_code]
    newest = max((row.release for row in rows), default="")
    found: dict[str, str] = {}
    for row in rows:
        code = row.release == newest and tabulation.carry(row.target_uri, row.target or "", row.release)
        if code and tabulation.is_residual(code) and code.endswith("Y"):
            found[row.source_code or ""] = code
    return found


def _attached(
    tabulation: Tabulation, rows: list[Mapping], stated: dict[str, str], ones: dict[str, str]
) -> Iterable[Name]:
    last: str | None = None
    ten: dict[str, str | None] = {}
    entities = [(row.source_uri or "").rpartition("/")[2] for row in rows]
    coded = [tabulation.code_of_entity(entity) for entity in entities]
    for row, entity, own, following in zip(rows, entities, coded, _following(coded), strict=True):
        if own is not None:
            last = own
            ten[own] = row.target
            if phrase(row.source_title) != phrase(tabulation.title(own)):
                yield Name(own, row.source_title, phrase(row.source_title), entity, "foundation")
            continue
        if entity in stated:
            code: str | None = stated[entity]
        else:
            code = _owner(tabulation, last, following, row, ten) if last is not None else None
            if code is not None and _is_beside(row.source_title, tabulation.title(code)):
                code = tabulation.concepts[code].parent
            if code is not None and not tabulation.is_stem(code):
                code = tabulation.residual(code, "Y")
            elif code is not None:
                code = _subsuming(tabulation, code, row.source_title)
                code = _narrowed(tabulation, code, ones.get(row.target or "")) or _shoreline(tabulation, code)
        if code is not None and tabulation.is_stem(code) and not tabulation.is_excluded(code):
            yield Name(code, row.source_title, phrase(row.source_title), entity, "foundation")


def _following(coded: list[str | None]) -> list[str | None]:
    """For each place, the next code after it."""
    found: list[str | None] = []
    following: str | None = None
    for code in reversed(coded):
        found.append(following)
        following = code or following
    return found[::-1]


def _line(tabulation: Tabulation, last: str, following: str | None) -> list[str]:
    """The stems an entity between two codes can stand under: of the first and its ancestors, nearest first.

    The rows walk the tree in depth, so all between two codes is in what the second one stands under.
    """
    line = [last, *tabulation.ancestors(last)]
    around = tabulation.concepts[following].parent if following is not None else None
    if around in line:
        line = line[: line.index(around) + 1]
    return [code for code in line if tabulation.is_stem(code)]


def _owner(
    tabulation: Tabulation, last: str, following: str | None, row: Mapping, ten: dict[str, str | None]
) -> str | None:
    """The coded entity an uncoded one stands under: by inherited ICD-10 code and by shared words.

    ``None`` where neither speaks for any: its parent is then a block. An entity whose ICD-10 place is a whole
    block or chapter has inherited it, so what it stands under has the same.
    """
    line = _line(tabulation, last, following) or [last]
    if row.target_kind in (TargetKind.BLOCK, TargetKind.CHAPTER):
        line = [code for code in line if ten.get(code) == row.target]
        if not line:
            return None
    words = phrase(row.source_title).everything - GENERIC
    if row.target_kind is TargetKind.BLOCK or _is_of_others(row.target, ten.get(line[0])):
        block = _block_of_leaf(tabulation, line, words)
        if block is not None:
            return block

    def fit(code: str) -> float:
        title = phrase(tabulation.title(code)).words - GENERIC
        met = len(title & words) / len(title) if title else 0.0
        value = met if met > _SUBSUMED else _PARTLY * met
        if row.target is not None and ten.get(code) == row.target:
            return value + _INHERITED
        theirs = ten.get(code)
        if met == 0 and row.target is not None and theirs is not None and theirs[:3] != row.target[:3]:
            return -_OTHER_TEN
        other_ten = theirs is not None and "-" not in theirs and not tabulation.children.get(code)
        if (met > 0 and other_ten) or (met == 0 and len(line) == 1):
            return value - _OTHER_TEN
        return value

    if not any(words & phrase(tabulation.title(code)).words for code in line):
        if len(line) == 1 and not tabulation.children.get(last):
            return None
        line = line[::-1]  # nothing tells them apart but the ICD-10 code: the most general one is right
    best = max(line, key=fit)
    return best if fit(best) >= 0 else None


def _is_of_others(ten: str | None, theirs: str | None) -> bool:
    """Whether an ICD-10 code is the category, or its rest (.8, .9), that another is a named member of."""
    if ten is None or theirs is None or ten == theirs:
        return False
    return theirs[:3] == ten[:3] and (len(ten) == 3 or ten[3:] in (".8", ".9"))


def _block_of_leaf(tabulation: Tabulation, line: list[str], words: frozenset[str]) -> str | None:
    """The block of a stem that is not divided, where an entity has only the block's own words from its title.

    A metastasis in the oral cavity is beside one in the anus, not below it.
    """
    stem, parent = line[0], tabulation.concepts[line[0]].parent
    if len(line) > 1 or tabulation.children.get(stem) or parent is None or tabulation.is_stem(parent):
        return None
    title, around = phrase(tabulation.title(stem)).words, phrase(tabulation.title(parent)).everything
    apart = title - around - GENERIC
    return parent if title & words and apart and apart.isdisjoint(words) else None


def _is_beside(title: str, other: str) -> bool:
    """Whether a title is no part of what another says: it says less, or one of two things it has *both* of.

    Monoplegia is not below monoplegia of the lower extremity.
    """
    words, named = phrase(title).everything - GENERIC, _BOTH.search(other.lower())
    if named is not None and not phrase(f"{named[1]} {named[2]}").words <= phrase(title).everything:
        return True
    single = not _JOINS.search(other) and not phrase(title).other and not phrase(title).of_other
    return single and bool(words) and words < phrase(other).words - GENERIC


def _subsuming(tabulation: Tabulation, code: str, title: str) -> str:
    """The stem below a code whose title says what an entity's title says in fewer words.

    "Laceration without foreign body of upper arm" stands under the open wounds of shoulder or upper arm; it
    is one of their lacerations without foreign body.
    """
    while True:
        whole = phrase(tabulation.title(code)).everything
        found: list[tuple[int, str]] = []
        for child in tabulation.children.get(code, ()):
            if tabulation.is_stem(child) and not tabulation.is_residual(child):
                asserted = includes(tabulation.title(child), title)
                if asserted is not None and asserted - whole - GENERIC:
                    found.append((len(asserted), child))
        best = max(found, default=None) or _of_kind(tabulation, code, title)
        if best is None or sum(size == best[0] for size, _ in found) > 1:
            return code
        code = best[1]


def _of_kind(tabulation: Tabulation, code: str, title: str) -> tuple[int, str] | None:
    """The one stem below a code all of whose own words a title says, with their number, if it says a kind.

    The kinds of open wounds of the pelvis are told apart by their words for the wound alone: a puncture wound
    with foreign body of external genital organs is of the one that says so, though that names other sites.
    """
    mine = phrase(title)
    said = {c: own for c in tabulation.children.get(code, ()) if len(own := _own(tabulation, c, code)) > 1}
    met = [(len(own), c) for c, own in said.items() if own <= mine.words and not own <= _sites(tabulation)]
    best = max(met, default=None)
    return best if best is not None and sum(size == best[0] for size, _ in met) == 1 else None


@lru_cache(maxsize=4)
def _sites(tabulation: Tabulation) -> frozenset[str]:
    """The words of anatomy."""
    titles = (c.title for c in tabulation.extensions if c.code.startswith("XA"))
    return frozenset(word for title in titles for word in phrase(title).words)


def _own(tabulation: Tabulation, code: str, parent: str) -> frozenset[str]:
    """The words of a stem that is no residual, beyond those of what it stands under."""
    if not tabulation.is_stem(code) or tabulation.is_residual(code):
        return frozenset()
    return phrase(tabulation.title(code)).words - phrase(tabulation.title(parent)).everything - GENERIC


def _narrowed(tabulation: Tabulation, code: str, one: str | None) -> str | None:
    """WHO's target of an entity's ICD-10 code, where it is a residual further down the entity's family."""
    parent = tabulation.concepts[one].parent if one is not None else None
    return one if parent is not None and code in tabulation.ancestors(parent) else None


def _shoreline(tabulation: Tabulation, code: str) -> str:
    """The code that counts an entity below a stem: its other-specified residual, if that is one by kind.

    A residual of another axis ("due to other specified bacterium") does not take it.
    """
    other, unspecified = tabulation.residual(code, "Y"), tabulation.residual(code, "Z")
    if other is not None and unspecified is not None and not phrase(tabulation.title(other)).other:
        return unspecified
    return other or unspecified or code
