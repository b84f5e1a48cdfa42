"""What coverage determinations say of a service and its diagnoses on a day.

Source: CMS, Medicare Coverage Database; Medicare Program Integrity Manual (Pub. 100-08), chapter 13. A list
of diagnoses is necessary, not sufficient: frequency, age and documentation are in the document's text.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from terminology.bundle.tables.edit_tables import Entry
from terminology.claims.context import CheckContext
from terminology.claims.finding import InForce, Source, table_source
from terminology.claims.lookups.coverage_paragraph import GroupDemand, demand_of
from terminology.claims.tables.coverage import (
    DIAGNOSES,
    DOCUMENTS,
    GROUPS,
    SERVICES,
    CoverageDiagnosis,
    CoverageDocument,
    CoverageGroup,
)

#: Active, retired and future versions count by their dates; drafts and proposals never do.
_STATUSES = frozenset("ARF")


class Support(StrEnum):
    """What a document says of a service with some diagnoses."""

    LISTED = "listed"
    NOT_LISTED = "not listed"
    NOT_COVERED = "listed as not covered"
    INCOMPLETE = "another code is needed"
    CONDITIONAL = "listed under a condition"
    NO_RULE = "the document lists no diagnoses"


@dataclass(frozen=True, slots=True)
class CoverageRule:
    """One version of a document with its lists, as they are for one service."""

    document: Entry[CoverageDocument]
    covered: tuple[CoverageDiagnosis, ...]
    noncovered: tuple[CoverageDiagnosis, ...]
    groups: tuple[tuple[CoverageGroup, GroupDemand], ...]

    @property
    def source(self) -> Source:
        """The source: the document's number stands as release, its dates as those in force."""
        row = self.document.row
        told = table_source(self.document.release, row.row, InForce(row.effective, row.ends))
        return Source(
            told.publisher, f"{row.document} {row.title}", f"version {row.version}", row.row, told.in_force
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rule says of diagnoses: ``keys`` are those it lists, ``words`` the paragraph that decided."""

    rule: CoverageRule
    support: Support
    keys: tuple[str, ...] = ()
    words: str = ""


def rules_on(context: CheckContext, code: str, day: date) -> list[CoverageRule]:
    """Return the rule of each document that is about a service on a day, by its version of that day."""
    newest: dict[str, Entry[CoverageDocument]] = {}
    for edition in dict.fromkeys(entry.row.edition for entry in context.tables.find(SERVICES, code)):
        for document in context.tables.find(DOCUMENTS, edition):
            row = document.row
            held = newest.get(row.document)
            if (
                row.in_force(day)
                and row.status[:1].upper() in _STATUSES
                and (held is None or held.row.version < row.version)
            ):
                newest[row.document] = document
    return [_rule(context, document, code) for document in newest.values()]


def knows_service(context: CheckContext, code: str) -> bool:
    """Return whether any loaded document, of whatever date, is about a service."""
    return bool(context.tables.find(SERVICES, code))


def _rule(context: CheckContext, document: Entry[CoverageDocument], code: str) -> CoverageRule:
    edition = document.row.edition
    services = {entry.row.code for entry in context.tables.find_by(SERVICES, "edition", edition)}
    demands = [
        (entry.row, demand_of(entry.row.paragraph, entry.row.group, services))
        for entry in context.tables.find(GROUPS, edition)
    ]
    others = {
        (group.group, group.covered)
        for group, demand in demands
        if demand.services and code not in demand.services
    }
    listed = [
        entry.row
        for entry in context.tables.find(DIAGNOSES, edition)
        if (entry.row.group, entry.row.covered) not in others
    ]
    return CoverageRule(
        document,
        tuple(row for row in listed if row.covered),
        tuple(row for row in listed if not row.covered),
        tuple(
            (group, demand)
            for group, demand in demands
            if group.covered and (group.group, True) not in others
        ),
    )


def verdict(rule: CoverageRule, keys: Collection[str]) -> Verdict:
    """Return what a rule says of the diagnoses of a line, by their keys."""
    if not rule.covered and not rule.noncovered:
        return Verdict(rule, Support.NO_RULE)
    denied = tuple(dict.fromkeys(row.key for row in rule.noncovered if row.key in keys))
    if not rule.covered:
        left = [key for key in keys if key not in denied]
        return Verdict(rule, Support.LISTED if left else Support.NOT_COVERED, denied)
    hits = [row for row in rule.covered if row.key in keys and row.key not in denied]
    if not hits:
        return Verdict(rule, Support.NOT_COVERED if denied else Support.NOT_LISTED, denied)
    return _of_hits(rule, hits, keys)


def _of_hits(rule: CoverageRule, hits: Iterable[CoverageDiagnosis], keys: Collection[str]) -> Verdict:
    """The best that any group with a hit says: listed, under a condition, or with a code missing."""
    by_group: dict[int, list[CoverageDiagnosis]] = {}
    for row in hits:
        by_group.setdefault(row.group, []).append(row)
    verdicts = [_of_group(rule, group, rows, keys) for group, rows in by_group.items()]
    order = (Support.LISTED, Support.CONDITIONAL, Support.INCOMPLETE)
    return min(verdicts, key=lambda each: order.index(each.support))


def _of_group(
    rule: CoverageRule, number: int, hits: list[CoverageDiagnosis], keys: Collection[str]
) -> Verdict:
    found = tuple(dict.fromkeys(row.key for row in hits))
    group, demand = next(
        ((group, demand) for group, demand in rule.groups if group.group == number), (None, GroupDemand())
    )
    words = group.paragraph if group else ""
    every = {row.key for row in rule.covered if row.group == number}
    if demand.every_code and not every <= set(keys):
        return Verdict(rule, Support.INCOMPLETE, found, words)
    groups_held = {row.group for row in rule.covered if row.key in keys}
    if any(not needed & groups_held for needed in demand.beside):
        return Verdict(rule, Support.INCOMPLETE, found, words)
    if all(row.asterisk for row in hits) and not _spared(rule, number, keys):
        return Verdict(rule, Support.CONDITIONAL, found, (group.asterisk_text if group else "") or words)
    return Verdict(rule, Support.LISTED, found, words)


def _spared(rule: CoverageRule, number: int, keys: Collection[str]) -> bool:
    """Whether a code without asterisk of the group stands on the line too."""
    return any(row.key in keys and not row.asterisk for row in rule.covered if row.group == number)
