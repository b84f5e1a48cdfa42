"""NCCI procedure-to-procedure edits: a code that is not paid beside another on one day.

Source: CMS, NCCI Policy Manual for Medicare Services, chapter I; Medicare Claims Processing Manual (Pub.
100-04), chapter 23, section 20.9; change request 11168 (59 and X{EPSU} on either column from 2019-07-01).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import permutations

from terminology.bundle.tables.edit_tables import Entry
from terminology.claims.claim import Claim, ClaimSetting
from terminology.claims.context import CheckContext
from terminology.claims.denials import carc_of
from terminology.claims.edit import Edit, Outcome
from terminology.claims.finding import CheckedEdit, Finding, NotChecked, Severity
from terminology.claims.lookups.ncci_lookup import (
    ABN_WORDS,
    NOT_FOR_STAYS,
    PROCEDURES_ONLY,
    SERVICES,
    DatedLine,
    by_day,
    incomplete,
    lines_of,
    names_code,
    pair_on,
    pair_source,
)
from terminology.claims.lookups.procedure_codes import is_licensed_code
from terminology.claims.tables.ncci import CODE_PAIRS, CodePair, Service

COLUMN2, BYPASSED = "ptp.column2", "ptp.bypassed"
#: Modifiers that say a service was separate; they count on either line since EITHER_COLUMN_SINCE.
DISTINCT = frozenset({"59", "XE", "XP", "XS", "XU"})
EITHER_COLUMN_SINCE = date(2019, 7, 1)
#: Eyelids, fingers, toes, sides and coronary arteries.
ANATOMIC = frozenset(
    {f"E{n}" for n in range(1, 5)}
    | {f"{limb}{n}" for limb in "FT" for n in "A123456789"}
    | {"LT", "RT", "LC", "LD", "LM", "RC", "RI"}
)
#: The NCCI-associated modifiers; 22, 50, 76 and 77 are none.
ASSOCIATED = ANATOMIC | DISTINCT | frozenset({"24", "25", "27", "57", "58", "78", "79", "91"})
_ABN = frozenset({"GA", "GX", "GY", "GZ"})
_SETTINGS = frozenset({ClaimSetting.PROFESSIONAL, ClaimSetting.OUTPATIENT})


def column2(claim: Claim, context: CheckContext) -> Iterator[Outcome]:
    """Yield each line whose code is column 2 of a pair on its day and is not passed by a modifier."""
    yield from _applied(COLUMN2, claim, context)
    for first, second, entry in _pairs(claim, context):
        if not passing(first, second, entry.row):
            yield _denied(first, second, entry)


def bypassed(claim: Claim, context: CheckContext) -> Iterator[Outcome]:
    """Yield each pair that passes by its modifier, which the record has to support."""
    yield from _applied(BYPASSED, claim, context)
    for first, second, entry in _pairs(claim, context):
        modifiers = passing(first, second, entry.row)
        if modifiers:
            yield _passed(first, second, entry, modifiers)


def passing(first: DatedLine, second: DatedLine, pair: CodePair) -> frozenset[str]:
    """Return the modifiers by which a pair passes: on the column 2 line, or 59 and X{EPSU} on either."""
    if pair.indicator != 1:
        return frozenset()
    either = DISTINCT if second.day >= EITHER_COLUMN_SINCE else frozenset()
    return (second.modifiers & ASSOCIATED) | (first.modifiers & either)


Standing = tuple[DatedLine, DatedLine, Entry[CodePair]]
"""Column 1 line, column 2 line, and the pair between them."""


def _pairs(claim: Claim, context: CheckContext) -> list[Standing]:
    """Return the pairs in force on a claim; worked out once for both edits."""
    held = context.scratch.get(CodePair)
    if not isinstance(held, list):
        held = context.scratch[CodePair] = list(_standing(claim, context))
    return held


def _standing(claim: Claim, context: CheckContext) -> Iterator[Standing]:
    """Yield the lines of each pair in force; of several column 1 lines the first that lets it stand."""
    service = SERVICES[claim.setting]
    for day, lines in by_day(lines_of(claim, context)).items():
        codes: dict[str, list[DatedLine]] = {}
        for each in lines:
            codes.setdefault(each.code, []).append(each)
        for one, two in permutations(codes, 2):
            entry = pair_on(context, service, one, two, day)
            if entry is not None:
                for second in codes[two]:
                    yield _nearest(codes[one], second, entry.row), second, entry


def _nearest(firsts: Sequence[DatedLine], second: DatedLine, pair: CodePair) -> DatedLine:
    return next((first for first in firsts if passing(first, second, pair)), firsts[0])


def _denied(first: DatedLine, second: DatedLine, entry: Entry[CodePair]) -> Finding:
    pair = entry.row
    words = f"{pair.column2} is not paid beside {pair.column1} (line {first.number}) on {second.day}."
    if pair.indicator == 0:
        words += " No modifier lets the pair pass (indicator 0)."
    else:
        words += (
            " It passes only with an NCCI-associated modifier, where the record supports one (indicator 1)."
        )
        ignored = sorted((second.modifiers | first.modifiers) - ASSOCIATED)
        if ignored:
            words += f" {', '.join(ignored)} does not count."
    if (first.modifiers | second.modifiers) & _ABN:
        words += f" {ABN_WORDS}"
    return Finding(
        COLUMN2,
        Severity.ERROR,
        words,
        pair_source(entry),
        line=(second.number,),
        why=pair.rationale,
        carc=carc_of(COLUMN2),
        icd11=PROCEDURES_ONLY,
    )


def _passed(
    first: DatedLine, second: DatedLine, entry: Entry[CodePair], modifiers: frozenset[str]
) -> Finding:
    pair, by = entry.row, ", ".join(sorted(modifiers))
    words = (
        f"{pair.column2} passes beside {pair.column1} (line {first.number}) by modifier {by}: the record "
        "must show that the service was distinct."
    )
    same = sorted(first.modifiers & second.modifiers & ANATOMIC)
    if same and not modifiers - frozenset(same):
        words += f" Both lines carry {', '.join(same)}, which does not show separate sites."
    return Finding(
        BYPASSED,
        Severity.INFO,
        words,
        pair_source(entry),
        line=(second.number,),
        why=pair.rationale,
        icd11=PROCEDURES_ONLY,
    )


def _applied(edit: str, claim: Claim, context: CheckContext) -> Iterator[CheckedEdit | NotChecked]:
    service = SERVICES[claim.setting]
    table = CODE_PAIRS[service]
    lines = lines_of(claim, context)
    for day in by_day(lines):
        release = context.tables.release_on(table, day)
        if release is None:
            yield NotChecked(edit, context.absent(table, day))
            continue
        yield CheckedEdit(edit, release.title, release.release)
        missing = incomplete(release)
        if missing:
            yield NotChecked(edit, f"{missing}: pairs of the others are not known")
    if len({line.code for line in lines}) > 1:
        yield from _unknown_codes(edit, service, lines, context)


def _unknown_codes(
    edit: str, service: Service, lines: Sequence[DatedLine], context: CheckContext
) -> Iterator[NotChecked]:
    """A table that is cut to HCPCS Level II knows no pair of a CPT code; that is no approval."""
    absent = sorted({each.code for each in lines if is_licensed_code(each.code)})
    absent = [code for code in absent if not names_code(context, service, code)]
    if absent and context.tables.releases(CODE_PAIRS[service]):
        yield NotChecked(edit, f"{', '.join(absent)}: in no row of the loaded table, which may be cut")


_TABLES = tuple(CODE_PAIRS[service].name for service in CODE_PAIRS)
_ELSEWHERE = f"{NOT_FOR_STAYS}, and suppliers of equipment have no table of pairs"

EDITS = (
    Edit(
        COLUMN2,
        Severity.ERROR,
        "A code that is not paid beside another code of the same day (NCCI pairs).",
        column2,
        _SETTINGS,
        _TABLES,
        _ELSEWHERE,
    ),
    Edit(
        BYPASSED,
        Severity.INFO,
        "An NCCI pair that passes by its modifier: document it.",
        bypassed,
        _SETTINGS,
        _TABLES,
        _ELSEWHERE,
    ),
)
