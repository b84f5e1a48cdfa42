"""Answers about single codes from the payers' tables: a pair, a limit, a service's coverage, a denial."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from terminology.bundle.tables.edit_tables import Entry
from terminology.claims.claim import SETTING_ALIASES, ClaimSetting
from terminology.claims.context import CheckContext
from terminology.claims.denials import LikelyDenial, edits_of
from terminology.claims.edits.lines.code_pairs import ASSOCIATED
from terminology.claims.finding import InForce, Source, table_source
from terminology.claims.lookups.coverage_lookup import CoverageRule, knows_service, rules_on, verdict
from terminology.claims.lookups.ncci_lookup import (
    SERVICES,
    incomplete,
    names_code,
    pair_history,
    pair_on,
    pair_source,
    unit_limit_on,
)
from terminology.claims.tables.coverage import DOCUMENTS
from terminology.claims.tables.ncci import CODE_PAIRS, UNIT_LIMITS, CodePair, Service, UnitLimit
from terminology.claims.tables.remark_codes import REMARK_CODES, RemarkCode
from terminology.codes import code_key
from terminology.errors import InvalidRequestError

_SETTINGS = {setting.value: setting for setting in ClaimSetting} | SETTING_ALIASES


def named_setting(text: str) -> ClaimSetting:
    """Return the setting a word names; raises :class:`InvalidRequestError`."""
    setting = _SETTINGS.get(text.lower())
    if setting is None:
        raise InvalidRequestError("setting", f"'{text}' is none of {', '.join(_SETTINGS)}")
    return setting


@dataclass(frozen=True, slots=True)
class PairRow:
    """One row of a pair: ``column2`` is not paid beside ``column1`` in the period of ``source``."""

    column1: str
    column2: str
    indicator: int
    in_force_on_date: bool
    rationale: str
    source: Source


@dataclass(frozen=True, slots=True)
class PairAnswer:
    """What NCCI says of two codes on a day.

    ``bundled`` is ``None`` where no table answers for the day (``not_checked`` says why). ``rows`` are the
    pair's rows over time, in either order.
    """

    a: str
    b: str
    date: date
    setting: str
    bundled: bool | None
    rows: tuple[PairRow, ...]
    modifiers: tuple[str, ...]
    not_checked: tuple[str, ...]


def pair_answer(context: CheckContext, a: str, b: str, day: date, setting: ClaimSetting) -> PairAnswer:
    """Return what NCCI says of two codes on a day in a setting, whichever of them is column 1."""
    one, two = code_key(a), code_key(b)
    service = SERVICES.get(setting)
    if service not in CODE_PAIRS:
        reason = f"NCCI has no table of pairs for {setting.value} claims"
        return PairAnswer(one, two, day, setting.value, None, (), (), (reason,))
    release = context.tables.release_on(CODE_PAIRS[service], day)
    reasons = [] if release else [context.absent(CODE_PAIRS[service], day)]
    in_force = [e for x, y in ((one, two), (two, one)) if (e := pair_on(context, service, x, y, day))]
    rows = [_pair_row(entry, entry in in_force) for entry in pair_history(context, service, one, two)]
    if release and not in_force:
        reasons += _doubts(context, service, release_part=incomplete(release), codes=(one, two))
    bundled = bool(in_force) if release and (in_force or not reasons) else None
    allowed = tuple(sorted(ASSOCIATED)) if any(entry.row.indicator == 1 for entry in in_force) else ()
    return PairAnswer(one, two, day, setting.value, bundled, tuple(rows), allowed, tuple(reasons))


def _doubts(
    context: CheckContext, service: Service, release_part: str | None, codes: Sequence[str]
) -> list[str]:
    """Why a pair that is not found is no approval."""
    doubts = [release_part] if release_part else []
    doubts += [
        f"{code} is in no second column of the loaded table, which may be cut"
        for code in codes
        if code[:1].isdigit() and not names_code(context, service, code)
    ]
    return doubts


def _pair_row(entry: Entry[CodePair], in_force: bool) -> PairRow:
    row = entry.row
    return PairRow(row.column1, row.column2, row.indicator, in_force, row.rationale, pair_source(entry))


@dataclass(frozen=True, slots=True)
class LimitRow:
    """One limit: ``adjudication`` 1 per line, 2 per day and absolute, 3 per day and open to appeal."""

    service: str
    units: int
    adjudication: int
    adjudication_text: str
    rationale: str
    source: Source


@dataclass(frozen=True, slots=True)
class LimitAnswer:
    """The limits of a code on a day, by service; ``latest`` are those of the newest release loaded."""

    code: str
    date: date
    limits: tuple[LimitRow, ...]
    latest: tuple[LimitRow, ...]
    not_checked: tuple[str, ...]


def limit_answer(context: CheckContext, code: str, day: date, setting: ClaimSetting | None) -> LimitAnswer:
    """Return the medically unlikely edits of a code on a day, of one setting or of all."""
    key = code_key(code)
    services = [SERVICES[setting]] if setting in SERVICES else [] if setting else list(Service)
    limits, latest, reasons = [], [], []
    if not services:
        reasons.append("NCCI does not edit inpatient stays")
    for service in services:
        table = UNIT_LIMITS[service]
        entry = unit_limit_on(context, service, key, day)
        newest = context.tables.releases(table)[-1:]
        latest += [_limit_row(service, e) for e in context.tables.find(table, key) if e.release in newest]
        if entry:
            limits.append(_limit_row(service, entry))
        elif context.tables.release_on(table, day) is None:
            reasons.append(context.absent(table, day))
        else:
            reasons.append(f"{service.value}: {key} has no published limit; some are confidential")
    return LimitAnswer(key, day, tuple(limits), tuple(latest), tuple(reasons))


def _limit_row(service: Service, entry: Entry[UnitLimit]) -> LimitRow:
    row = entry.row
    source = table_source(entry.release, row.row)
    return LimitRow(service.value, row.units, row.adjudication, row.adjudication_text, row.rationale, source)


@dataclass(frozen=True, slots=True)
class CoverageGroupAnswer:
    """One group of a document: how many codes it lists, and its words."""

    group: int
    codes: int
    paragraph: str
    asterisk_text: str


@dataclass(frozen=True, slots=True)
class CoverageAnswer:
    """What one document says of a service; ``support`` and ``listed`` are for the diagnoses asked for."""

    document: str
    title: str
    version: int
    national: bool
    contractors: tuple[str, ...]
    in_force: InForce
    support: str | None
    listed: tuple[str, ...]
    why: str
    covered: int
    noncovered: int
    groups: tuple[CoverageGroupAnswer, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class ServiceCoverage:
    """The documents about a service that are in force on a day. Lists are necessary, not sufficient."""

    code: str
    date: date
    diagnoses: tuple[str, ...]
    documents: tuple[CoverageAnswer, ...]
    not_checked: tuple[str, ...]


def coverage_answer(
    context: CheckContext, code: str, day: date, diagnoses: Sequence[str], contractor: str | None = None
) -> ServiceCoverage:
    """Return what coverage documents say of a service, and of diagnoses beside it, on a day."""
    key = code_key(code)
    rules = rules_on(context, key, day)
    if contractor:
        rules = [r for r in rules if r.document.row.national or contractor in r.document.row.contractors]
    reasons = ["lists are necessary, not sufficient: read the document for frequency and documentation"]
    if not context.tables.releases(DOCUMENTS):
        reasons = [f"{DOCUMENTS.title} ({DOCUMENTS.publisher}) is not loaded"]
    elif not rules:
        known = knows_service(context, key)
        reasons = [f"no loaded document about {key} is in force on {day}" if known else f"no rule on {key}"]
    keys = [code_key(each) for each in diagnoses]
    answers = tuple(_coverage(rule, keys) for rule in rules)
    return ServiceCoverage(key, day, tuple(diagnoses), answers, tuple(reasons))


def _coverage(rule: CoverageRule, keys: Sequence[str]) -> CoverageAnswer:
    row = rule.document.row
    said = verdict(rule, keys) if keys else None
    listed = {each.key: each.code for each in (*rule.covered, *rule.noncovered)}
    groups = tuple(
        CoverageGroupAnswer(
            group.group,
            sum(each.group == group.group for each in rule.covered),
            group.paragraph,
            group.asterisk_text,
        )
        for group, _ in rule.groups
    )
    return CoverageAnswer(
        document=row.document,
        title=row.title,
        version=row.version,
        national=row.national,
        contractors=row.contractors,
        in_force=InForce(row.effective, row.ends),
        support=said.support.value if said else None,
        listed=tuple(listed[key] for key in said.keys) if said else (),
        why=said.words if said else "",
        covered=len({each.key for each in rule.covered}),
        noncovered=len({each.key for each in rule.noncovered}),
        groups=groups,
        source=rule.source,
    )


@dataclass(frozen=True, slots=True)
class DenialAnswer:
    """Which edits to run for a denial. ``known`` tells whether the loaded list has the adjustment reason.

    ``remark`` is CMS's text of the remark code; the texts of adjustment reasons are X12's and not here.
    """

    carc: str
    rarc: str | None
    known: bool | None
    edits: tuple[LikelyDenial, ...]
    remark: str | None
    certainty: str
    not_checked: tuple[str, ...]


def denial_answer(context: CheckContext, carc: str, rarc: str | None = None) -> DenialAnswer:
    """Return the edits that are likely to have caught a denial, by its adjustment reason and remark."""
    loaded = bool(context.tables.releases(REMARK_CODES))
    reason = _remark(context, carc.upper(), "CARC")
    remark = _remark(context, rarc.upper(), "RARC") if rarc else None
    edits = edits_of(carc.upper(), rarc.upper() if rarc else None)
    missing = [] if loaded else [f"{REMARK_CODES.title} ({REMARK_CODES.publisher}) are not loaded"]
    if rarc and loaded and remark is None:
        missing.append(f"{rarc} is not in the loaded list of remark codes")
    if not edits:
        missing.append("none of the edits here is likely to answer for it")
    known = reason is not None if loaded else None
    words = remark.text if remark else None
    return DenialAnswer(carc, rarc, known, edits, words, "heuristic", tuple(missing))


def _remark(context: CheckContext, code: str, kind: str) -> RemarkCode | None:
    entries = context.tables.find(REMARK_CODES, code)
    return next((entry.row for entry in reversed(entries) if entry.row.kind == kind), None)
