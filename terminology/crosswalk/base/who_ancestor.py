"""The WHO ICD-10 code that means what a source code means, and its targets in WHO's tables.

ICD-10-CM re-used and moved some codes, so an equal code is believed only as far as the titles agree. A
table of another ICD-11 release is carried forward to the loaded one by URI.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from terminology.codes import code_key
from terminology.concept import Concept
from terminology.crosswalk.base.tabulation import Tabulation
from terminology.crosswalk.read.lexicon import Phrase, phrase
from terminology.crosswalk.tables import rows
from terminology.mapping import Mapping, MapTable, TargetKind


@dataclass(frozen=True, slots=True)
class TableTarget:
    """One target WHO's tables give an ICD-10 code, in codes of the loaded release.

    ``groups`` are groups of codes, each a stem with its extension codes; ``said`` is the target as the table
    has it, ``where`` table, release and row for a reader to look up; ``carried``: it is of another release.
    """

    groups: tuple[tuple[str, ...], ...]
    said: str | None
    where: str
    carried: bool

    @property
    def stem(self) -> str:
        """The first stem."""
        return self.groups[0][0]

    @property
    def expression(self) -> str:
        """The target as an expression."""
        return "/".join("&".join(group) for group in self.groups)


@dataclass(frozen=True, slots=True)
class Base:
    """A WHO ICD-10 code taken as base of a source code, with the source code at that level.

    ``agreement`` is how far WHO's title and ICD-10-CM's title of that code say the same, 0 to 1;
    ``reused`` whether ICD-10-CM uses the code for something else; ``distance`` how many levels it lies
    above the source code.
    """

    code: str
    title: str
    level: Concept
    agreement: float
    reused: bool
    distance: int
    one: TableTarget | None
    multiple: tuple[TableTarget, ...]
    entity: str | None
    relation: str | None
    system: str = "ICD-10"

    @property
    def is_block(self) -> bool:
        """Whether it is only the block that spans the source's category."""
        return "-" in self.code


class Bases:
    """WHO's tables, looked up by ICD-10 code."""

    def __init__(self, tabulation: Tabulation, icd10: Iterable[Concept], mappings: Iterable[Mapping]) -> None:
        self._tabulation = tabulation
        self.titles: dict[str, str] = {code_key(c.code): c.title for c in icd10}
        self._one: dict[str, Mapping] = {}
        self._multiple: dict[str, list[Mapping]] = defaultdict(list)
        self._foundation: dict[str, Mapping] = {}
        self.reverse_ten: dict[str, str] = {}
        self.entity_ten: dict[str, str] = {}
        newest = _newest(mappings := list(mappings))
        for row in mappings:
            if newest.get(row.table) != row.release:
                continue
            self._take(row)
        self._blocks = [key for key in self._one if len(key) == 7]
        self._namesakes: dict[Phrase, list[str]] = defaultdict(list)
        for key, title in self.titles.items():
            if key in self._one or key in self._multiple:
                self._namesakes[phrase(title)].append(key)
        self._moved = [(row.codes, row.who) for row in rows.moved()]
        self._any_moved = re.compile("|".join(f"(?:{codes.pattern})" for codes, _ in self._moved))
        self._targets: dict[str, tuple[TableTarget | None, tuple[TableTarget, ...]]] = {}

    def _take(self, row: Mapping) -> None:
        if row.table is MapTable.ELEVEN_TO_TEN_ONE:
            code = self._tabulation.carry(row.source_uri, row.source_code or "", row.release)
            if code is not None and row.target:
                self.reverse_ten.setdefault(code, code_key(row.target))
            return
        if row.table is MapTable.FOUNDATION_ELEVEN_TO_TEN:
            if row.target and row.source_uri:
                self.entity_ten[row.source_uri.rpartition("/")[2]] = code_key(row.target)
            return
        if row.source_code is None:
            return
        key = code_key(row.source_code)
        self.titles.setdefault(key, row.source_title)
        if row.table is MapTable.TEN_TO_ELEVEN_ONE:
            self._one[key] = row
        elif row.table is MapTable.TEN_TO_ELEVEN_MULTIPLE:
            self._multiple[key].append(row)
        else:
            self._foundation[key] = row

    @property
    def empty(self) -> bool:
        """Whether no table from ICD-10 to ICD-11 is loaded."""
        return not (self._one or self._multiple)

    def chain(self, line: list[Concept]) -> list[Base]:
        """The bases of a source code, nearest first. ``line`` is the code and its ancestors."""
        if self.empty:
            return []
        found = []
        for distance, level in enumerate(line):
            key = code_key(level.code) if distance else self._key(level)
            if key not in self.titles or not (key in self._one or key in self._multiple):
                continue
            one, multiple = self.targets(key)
            row = self._foundation.get(key)
            entity = (
                row.target_foundation_uri.rpartition("/")[2] if row and row.target_foundation_uri else None
            )
            theirs = phrase(self.titles[key])
            agreement = _agreement(phrase(level.title), theirs)
            reused = len(key) > 3 and self._reused(phrase(level.title), theirs, line[-1], key)
            relation = row.relation if row else None
            found.append(
                Base(
                    key, self.titles[key], level, agreement, reused, distance, one, multiple, entity, relation
                )
            )
        return found or self._block(line[-1])

    def _key(self, source: Concept) -> str:
        """WHO's number of a source code: that of its meaning (``moved.tsv``), its own, or its namesake's.

        A namesake has the same title and is no code above it. Where WHO has the category it is looked for
        there, else anywhere.
        """
        key = code_key(source.code)
        rows = self._moved if self._any_moved.match(key) else ()
        moved = next((who for codes, who in rows if codes.match(key) and who in self.titles), key)
        if moved in self.titles:
            return moved
        named = [who for who in self._namesakes.get(phrase(source.title), ()) if not key.startswith(who)]
        if key[:3] in self.titles:
            named = [who for who in named if who[:3] == key[:3]]
        return named[0] if len(named) == 1 else key

    def _block(self, category: Concept) -> list[Base]:
        """The smallest WHO block that spans a category, as the last resort."""
        three = code_key(category.code)[:3]
        spans = [key for key in self._blocks if key[:3] <= three <= key[4:]]
        for key in sorted(spans, key=lambda k: (_rank(k[4:]) - _rank(k[:3]), k)):
            one, _ = self.targets(key)
            if one is not None:
                return [Base(key, self.titles[key], category, 0.0, True, 9, one, (), None, None)]
        return []

    def _reused(self, mine: Phrase, theirs: Phrase, category: Concept, key: str) -> bool:
        """Whether both titles say something beyond their category's, and nothing of it in common."""
        shared = phrase(category.title).everything | phrase(self.titles.get(key[:3], "")).everything
        own, other = mine.words - shared, theirs.words - shared
        return bool(own and other) and not own & other

    def targets(self, key: str) -> tuple[TableTarget | None, tuple[TableTarget, ...]]:
        """WHO's one target and its several targets of an ICD-10 code."""
        known = self._targets.get(key)
        if known is None:
            row = self._one.get(key)
            one = self._carried(row) if row else None
            several = tuple(t for t in map(self._carried, self._multiple.get(key, ())) if t is not None)
            known = self._targets[key] = (one, several)
        return known

    def _carried(self, row: Mapping) -> TableTarget | None:
        """A row's target in codes of the loaded release; ``None`` when it names none that can be used."""
        tabulation = self._tabulation
        if row.target_kind in (TargetKind.BLOCK, TargetKind.CHAPTER, TargetKind.ENTITY):
            entity = (row.target_foundation_uri or row.target_uri or "").rpartition("/")[2]
            place = tabulation.code_of_entity(entity)
            residual = self._nearest_residual(place) if place else None
            return self._target(((residual,),), row) if residual else None
        if row.target_kind not in (TargetKind.CODE, TargetKind.CLUSTER) or not row.target:
            return None
        groups: list[tuple[str, ...]] = []
        for part in row.target.split("/"):
            group: list[str] = []
            for member in part.split("&"):
                uri = row.target_uri if not groups and not group else None
                code = tabulation.carry(uri, member.strip(), row.release)
                if code is None:
                    code = tabulation.carry(None, member.strip())
                if code is not None:
                    group.append(code)
                elif not group:
                    break
            if group and tabulation.is_extension(group[0]):
                carrier = self._carrier(group[0])
                group = [carrier, *group] if carrier else []
            if group and tabulation.is_stem(group[0]):
                groups.append((group[0], *(c for c in group[1:] if tabulation.is_extension(c))))
        if not groups:
            return None
        return self._target(tuple(groups), row)

    def _target(self, groups: tuple[tuple[str, ...], ...], row: Mapping) -> TableTarget:
        where = f"WHO {row.table.value} {row.release}, row {row.row}"
        return TableTarget(
            groups, row.target or row.target_title, where, row.release != self._tabulation.release
        )

    def _nearest_residual(self, place: str) -> str | None:
        """The unspecified residual of a block or chapter, or of the nearest one around it."""
        for code in (place, *self._tabulation.ancestors(place)):
            residual = self._tabulation.residual(code, "Z")
            if residual is not None:
                return residual
        return None

    def _carrier(self, extension: str) -> str | None:
        """The stem an extension code that WHO names alone can stand with (``carriers.tsv``)."""
        line = [extension, *self._tabulation.ancestors(extension)]
        for row in rows.carriers():
            if row.root in line and self._tabulation.is_stem(row.stem):
                return row.stem
        return None


def _rank(three: str) -> int:
    """A three-character category as a number, so that blocks can be compared by their width."""
    return ord(three[0]) * 1296 + int(three[1:], 36)


def _newest(mappings: Iterable[Mapping]) -> dict[MapTable, str]:
    newest: dict[MapTable, str] = {}
    for row in mappings:
        newest[row.table] = max(newest.get(row.table, ""), row.release)
    return newest


def _agreement(mine: Phrase, theirs: Phrase) -> float:
    """How far two titles share their words, by number."""
    if not mine.words or not theirs.words:
        return 0.0
    met = len(mine.words & theirs.everything) + len(theirs.words & mine.everything)
    return met / (len(mine.words) + len(theirs.words))
