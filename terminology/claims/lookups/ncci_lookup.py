"""What the tables of NCCI say of codes on a day: pairs, units, add-on codes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from terminology.bundle.tables.edit_tables import Entry
from terminology.claims.claim import Claim, ClaimLine, ClaimSetting
from terminology.claims.context import CheckContext
from terminology.claims.finding import Icd11Effect, Icd11Note, InForce, Source, table_source
from terminology.claims.service_dates import line_day
from terminology.claims.tables.ncci import (
    ADD_ONS,
    CODE_PAIRS,
    UNIT_LIMITS,
    AddOn,
    CodePair,
    Service,
    UnitLimit,
)
from terminology.codes import code_key
from terminology.edit_table import EditTable, TableRelease

#: Which table answers for which claim; Medicare does not edit inpatient stays by NCCI.
SERVICES = {
    ClaimSetting.PROFESSIONAL: Service.PRACTITIONER,
    ClaimSetting.OUTPATIENT: Service.OUTPATIENT,
    ClaimSetting.DME: Service.DME,
}
NOT_FOR_STAYS = "NCCI does not edit inpatient stays"
PROCEDURES_ONLY = Icd11Note(Icd11Effect.SAME, "It compares procedure codes, which ICD-11 does not replace.")
ABN_WORDS = "An ABN does not shift an NCCI denial to the patient."


@dataclass(frozen=True, slots=True)
class DatedLine:
    """A line with a code: its 1-based number, the code's key, and its day."""

    number: int
    code: str
    day: date
    line: ClaimLine

    @property
    def modifiers(self) -> frozenset[str]:
        """The line's modifiers in capitals."""
        return frozenset(modifier.upper() for modifier in self.line.modifiers)


def dated_lines(claim: Claim) -> list[DatedLine]:
    """Return the lines that have a code and a day, their own or the claim's."""
    return list(_dated(claim))


def lines_of(claim: Claim, context: CheckContext) -> list[DatedLine]:
    """Return the dated lines of the claim that a context is for; worked out once for all edits."""
    held = context.scratch.get(DatedLine)
    if not isinstance(held, list):
        held = context.scratch[DatedLine] = dated_lines(claim)
    return held


def _dated(claim: Claim) -> Iterator[DatedLine]:
    for number, line in enumerate(claim.lines, 1):
        day = line_day(claim, line)
        if line.code and day is not None:
            yield DatedLine(number, code_key(line.code), day, line)


def by_day(lines: Sequence[DatedLine]) -> dict[date, list[DatedLine]]:
    """Return the lines of each day, the earliest day first."""
    days: dict[date, list[DatedLine]] = {}
    for each in sorted(lines, key=lambda line: line.day):
        days.setdefault(each.day, []).append(each)
    return days


def pair_on(
    context: CheckContext, service: Service, column1: str, column2: str, day: date
) -> Entry[CodePair] | None:
    """Return the pair that is in force on a day, of the several rows a pair may have over time."""
    table = CODE_PAIRS[service]
    release = context.tables.release_on(table, day)
    entries = context.tables.find(table, column1, column2)
    return next((each for each in entries if each.release is release and each.row.in_force(day)), None)


def pair_history(context: CheckContext, service: Service, a: str, b: str) -> list[Entry[CodePair]]:
    """Return every row of two codes, in either order, as the newest release has them."""
    table = CODE_PAIRS[service]
    newest = context.tables.releases(table)[-1:]
    entries = (*context.tables.find(table, a, b), *context.tables.find(table, b, a))
    return [each for each in entries if each.release in newest]


def names_code(context: CheckContext, service: Service, code: str) -> bool:
    """Return whether any second column of the loaded pairs has a code."""
    return bool(context.tables.find_by(CODE_PAIRS[service], "column2", code))


def pair_source(entry: Entry[CodePair]) -> Source:
    """Return the source of a pair with its own period, which its table knows no further than its quarter."""
    ends = entry.row.deleted or entry.release.in_force_to
    return table_source(entry.release, entry.row.row, InForce(entry.row.effective, ends))


def unit_limit_on(context: CheckContext, service: Service, code: str, day: date) -> Entry[UnitLimit] | None:
    """Return the limit of a code on a day."""
    return _on(context, UNIT_LIMITS[service], code, day)


def _on(context: CheckContext, table: EditTable[UnitLimit], code: str, day: date) -> Entry[UnitLimit] | None:
    release = context.tables.release_on(table, day)
    return next((each for each in context.tables.find(table, code) if each.release is release), None)


def add_ons_on(context: CheckContext, code: str, day: date) -> list[Entry[AddOn]]:
    """Return the edits of an add-on code on a day, none where the code is no add-on."""
    release = context.tables.release_on(ADD_ONS, day)
    entries = context.tables.find(ADD_ONS, code)
    return [each for each in entries if each.release is release and each.row.in_force(day)]


def incomplete(release: TableRelease) -> str | None:
    """Return why a release of pairs does not say everything, ``None`` where it does."""
    _, found, parts = release.release.partition(" (")
    return f"only {parts.rstrip(')').removesuffix(' only')} of CMS's files is loaded" if found else None
