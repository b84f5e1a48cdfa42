"""Service lines: modifiers that contradict each other, sides, repeats, unlisted services.

The tables ``rules/modifier_conflicts.tsv`` and ``rules/repeat_modifiers.tsv`` name the manual of each row.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from terminology.claims.claim import Claim, ClaimLine
from terminology.claims.context import CheckContext
from terminology.claims.edit import Edit, Outcome
from terminology.claims.edits.claim_data import guide
from terminology.claims.finding import Certainty, CheckedEdit, Finding, Severity, Source, table_source
from terminology.claims.lookups.sides import LEFT, RIGHT, counterparts, sided
from terminology.claims.lookups.tabular import CodedDiagnosis, coded_diagnoses
from terminology.claims.service_dates import claim_day, line_day
from terminology.claims.tables.unlisted import UNLISTED_CODE
from terminology.rule_tables import read_rules

_RULES = "terminology.claims.rules"
MOST_MODIFIERS = 4
"""Modifiers of one line (837, SV1-01/SV2-02)."""
SIDES = {"RT": RIGHT, "LT": LEFT}
"""Modifiers of one side; laterality looks at no other."""


@dataclass(frozen=True, slots=True)
class ConflictRule:
    """Modifiers that contradict each other; ``others`` of ``=`` stands for any other of ``one``."""

    one: tuple[str, ...]
    others: tuple[str, ...]
    source: str
    says: str

    def broken_by(self, modifiers: tuple[str, ...]) -> tuple[str, str] | None:
        """Return the first two modifiers of a line that the rule keeps apart."""
        others = self.one if self.others == ("=",) else self.others
        for one in modifiers:
            for other in modifiers:
                if one != other and one in self.one and other in others:
                    return one, other
        return None


@dataclass(frozen=True, slots=True)
class RepeatRule:
    """Modifiers that tell a line of the same code apart from another."""

    modifiers: tuple[str, ...]
    says: str


def modifier_conflict(claim: Claim, context: CheckContext) -> Iterator[Outcome]:
    """Yield the lines whose modifiers contradict each other, or are more than a line has room for."""
    edit = "mod.conflict"
    yield CheckedEdit(edit, "modifier rules of CMS's manuals")
    for number, line in enumerate(claim.lines, 1):
        if len(line.modifiers) > MOST_MODIFIERS:
            message = f"{len(line.modifiers)} modifiers; a line has room for {MOST_MODIFIERS}."
            yield Finding(edit, Severity.ERROR, message, guide(claim, "SV1/SV2"), line=(number,))
        if len(line.modifiers) < 2:
            continue
        for rule in read_rules(_RULES, "modifier_conflicts.tsv", ConflictRule):
            pair = rule.broken_by(line.modifiers)
            if pair is not None:
                message = f"{pair[0]} and {pair[1]} on one line: {rule.says}."
                source = Source("CMS", rule.source)
                yield Finding(edit, Severity.WARNING, message, source, line=(number,))


def laterality(claim: Claim, context: CheckContext) -> Iterator[Outcome]:
    """Yield the lines whose side is not that of any diagnosis with a side that they point to."""
    edit = "line.laterality_mismatch"
    yield CheckedEdit(edit, "sides in ICD-10-CM titles")
    diagnoses = coded_diagnoses(claim, context)
    for number, line in enumerate(claim.lines, 1):
        sides = {SIDES[each] for each in line.modifiers if each in SIDES}
        if len(sides) != 1:
            continue
        (side,) = sides
        pointed = [each for each in diagnoses if each.number in line.pointers]
        lateral = [(each, of) for each in pointed if (of := _side(each, context)) is not None]
        if lateral and all(of not in (side, "bilateral") for _, of in lateral):
            codes = ", ".join(each.written for each, _ in lateral)
            message = f"The line is of the {side} side, the diagnosis it points to of the other: {codes}."
            numbers = tuple(each.number for each, _ in lateral)
            source = Source("TenEleven", "sides in ICD-10-CM titles")
            yield Finding(
                edit,
                Severity.WARNING,
                message,
                source,
                dx=numbers,
                line=(number,),
                certainty=Certainty.HEURISTIC,
            )


def _side(diagnosis: CodedDiagnosis, context: CheckContext) -> str | None:
    tabular = diagnosis.tabular
    if tabular is None or not counterparts(context, tabular):
        return None
    return sided(tabular.title).side


def duplicate(claim: Claim, context: CheckContext) -> Iterator[Outcome]:
    """Yield the lines that repeat another of the same code, modifiers and date without saying why."""
    edit = "line.duplicate"
    yield CheckedEdit(edit, "repeated lines")
    told_apart = {
        m for rule in read_rules(_RULES, "repeat_modifiers.tsv", RepeatRule) for m in rule.modifiers
    }
    first_at: dict[tuple[object, ...], int] = {}
    for number, line in enumerate(claim.lines, 1):
        if line.code is None or told_apart.intersection(line.modifiers):
            continue
        earlier = first_at.setdefault(_what(claim, line), number)
        if earlier != number:
            message = f"Repeats line {earlier}: the same code, modifiers and date."
            source = Source("TenEleven", "repeated lines")
            yield Finding(edit, Severity.WARNING, message, source, line=(number,))


def _what(claim: Claim, line: ClaimLine) -> tuple[object, ...]:
    day = line_day(claim, line)
    where = (line.place_of_service, line.revenue_code, line.ndc)
    return (line.code, frozenset(line.modifiers), day, *where)


def unlisted(claim: Claim, context: CheckContext) -> Iterator[Outcome]:
    """Yield the lines of unlisted services without a description (837, SV101-7 and SV202-7)."""
    edit = "line.noc_description"
    yield context.release_for(edit, UNLISTED_CODE, claim_day(claim))[1]
    for number, line in enumerate(claim.lines, 1):
        day = line_day(claim, line)
        if line.code is None or line.description or day is None:
            continue
        newest = context.tables.release_on(UNLISTED_CODE, day)
        for entry in context.tables.find(UNLISTED_CODE, line.code.upper()):
            if entry.release is newest and entry.row.covers(day):
                message = f"{line.code} is an unlisted code: the line needs a description of the service."
                source = table_source(entry.release, entry.row.row)
                yield Finding(edit, Severity.WARNING, message, source, line=(number,))


EDITS = (
    Edit("mod.conflict", Severity.WARNING, "Modifiers that contradict each other.", modifier_conflict),
    Edit(
        "line.laterality_mismatch",
        Severity.WARNING,
        "A line of one side points to diagnoses of the other only.",
        laterality,
        tables=("icd-10-cm",),
    ),
    Edit("line.duplicate", Severity.WARNING, "A line that repeats another without saying why.", duplicate),
    Edit(
        "line.noc_description",
        Severity.WARNING,
        "An unlisted service without a description.",
        unlisted,
        tables=(UNLISTED_CODE.name,),
    ),
)
