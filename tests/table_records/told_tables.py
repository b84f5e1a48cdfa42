"""What users are told by tables of meanings, names and rules: each row by what answers from it.

Rows that stand in rules of claims are held to as they are read: the rules themselves have tests of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any

import simple_icd_10_cm

from loaders.acquire.wheels import wheels
from loaders.completeness import PublishedCount, check_complete
from loaders.hcpcs import release as hcpcs
from teneleven.packages import allowed_licences
from terminology.claims.bulk.grains import grains
from terminology.claims.check import unanswered_in
from terminology.claims.claim import ClaimSetting
from terminology.claims.denials import carc_of, edits_of, likely_denials, rarc_of
from terminology.claims.edits.diagnoses.additional_codes import AdditionalRule
from terminology.claims.edits.diagnoses.coding_advice import CombinationRule
from terminology.claims.edits.diagnoses.sequence import SequenceRule
from terminology.claims.edits.lines.service_lines import ConflictRule, RepeatRule
from terminology.claims.icd11_effects import EffectRule, general_effect
from terminology.claims.lookups.code_rules import FlagWords, Segment
from terminology.claims.lookups.fee_lookup import indicators, modifier_indicators
from terminology.compare.side_by_side import guideline_rules
from terminology.concept import Concept, Kind
from terminology.crosswalk.candidates.strangeness import opposites
from terminology.crosswalk.candidates.weights import bounds
from terminology.crosswalk.read import lexicon
from terminology.crosswalk.read.facets import facet_rules
from terminology.crosswalk.tables import rows
from terminology.edition import Edition
from terminology.errors import InvalidRequestError, ReleaseFormatError
from terminology.exchange.care_settings import CareSettingRow
from terminology.exchange.claims import claim_columns, denied
from terminology.exchange.fhir.supporting_info import CategoryRow
from terminology.exchange.tables import columns
from terminology.icd10cm.guidelines import sections_for
from terminology.impact.measures import error_range
from terminology.impact.measures.comparability import condition_groups
from terminology.impact.scenario import published_values
from terminology.release import Release
from terminology.rule_tables import read_rules
from tests.table_records.cells import cells
from web.fhir import outcome
from web.fhir.systems.core_systems import core_resources
from web.fhir.systems.property_table import TABLE
from web.fhir.xml.elements import element_types
from web.openapi.complete import glossary

Lines = Iterator[tuple[str, str]]
_CHAPTERS = range(1, 23)


def _as_read(package: str, name: str, row: type[Any], first: str) -> Lines:
    yield from (cells(each, first) for each in read_rules(package, name, row))  # type: ignore[arg-type]  # a type is hashable


def _pairs(found: Mapping[str, object]) -> Lines:
    yield from ((name, str(said)) for name, said in found.items())


@cache
def _titles() -> Mapping[str, str]:
    codes = simple_icd_10_cm.get_all_codes(with_dots=False)
    return {code: simple_icd_10_cm.get_description(code).lower() for code in codes if code[-1:].isalnum()}


def _facets() -> Lines:
    for rule in facet_rules():
        met = [key for key, title in _titles().items() if rule.applies_to(key) and rule.pattern.search(title)]
        stays = " stays" * rule.stays
        yield (
            f"{rule.dimension}={rule.value}",
            f"{' '.join(rule.extensions)}{stays}: {len(met)} codes, {met[:1]}",
        )


def _moved() -> Lines:
    for row in rows.moved():
        met = [key for key in _titles() if row.codes.match(key)]
        yield row.codes.pattern, f"{row.who}: {len(met)} codes, {met[:1]}"


def _said(title: str) -> str:
    return " ".join(sorted(lexicon.phrase(title).everything))


def _thesaurus() -> Lines:
    variants = dict.fromkeys(variant for variant, _ in lexicon.synonyms())
    yield from ((variant, _said(variant)) for variant in variants)


def _extension_names() -> Lines:
    for row in rows.extension_names():
        yield f"{row.code} {row.name}", f"{row.says}: {_said(row.name)}"


def _sections() -> Lines:
    for chapter in _CHAPTERS:
        for section in sections_for(str(chapter)):
            yield f"{chapter} {section.section}", f"{section.title}, {section.address.rpartition('#')[2]}"


def _denials() -> Lines:
    for edit in dict.fromkeys(row.edit for row in likely_denials()):
        yield edit, f"{' '.join(carc_of(edit))} | {' '.join(rarc_of(edit))}"
    for carc in dict.fromkeys(row.carc for row in likely_denials()):
        yield carc, " ".join(dict.fromkeys(row.edit for row in edits_of(carc)))


def _effects() -> Lines:
    for rule in read_rules("terminology.claims.rules", "icd11.tsv", EffectRule):
        effect = general_effect(rule.edit)
        assert effect is not None
        yield rule.edit, f"{effect.effect}: {effect.text}"


def _unanswered() -> Lines:
    for setting in ClaimSetting:
        for told in unanswered_in(setting):
            yield f"{setting} {told.edit}", told.reason


def _indicators() -> Lines:
    for scheme in ("pfs", "opps", "coverage"):
        for code, indicator in indicators(scheme).items():
            yield f"{scheme} {code}", f"{'paid' if indicator.paid else 'not paid'}: {indicator.meaning}"


def _claim_columns() -> Lines:
    for row in claim_columns._rows():
        for name in row.names:
            for column in (name, name.upper().replace("_", " "), f"{name}2", f"line3_{name}"):
                yield column, f"{row.kind}: {_place(column)}"


def _place(column: str) -> str:
    try:
        layout = claim_columns.claim_layout(["dx1", column])
    except InvalidRequestError as error:
        return str(error)
    return f"{layout.single} {layout.diagnoses} {layout.codes} {layout.lines} {layout.unused}"


def _columns() -> Lines:
    for row in read_rules("terminology.exchange.tables", "columns.tsv", columns._NameRow):
        for column in (row.name, f"{row.name} dx", f"dx {row.name} code", f"diagnosis_{row.name}_3"):
            role = columns.role_column([column], row.role) if row.role in _ROLES else ""
            yield f"{row.role} {column}", f"{role or ''}: {_codes_in(column)}"


_ROLES = frozenset(("charge", "count", "date", "department", "payer", "setting"))


def _codes_in(column: str) -> str:
    try:
        found = columns.code_columns(["Code", "DX2", column])
    except InvalidRequestError as error:
        return str(error)
    return f"{found.all} {found.apart} {dict(found.versions)} {found.older} {found.unread}"


def _complete() -> Lines:
    for row in read_rules("loaders", "published_counts.tsv", PublishedCount):
        least = row.entries * (1 - row.may_lack_percent / 100)
        for count in (row.entries, int(least), int(least) - 1, 3):
            yield f"{row.system} {row.release} {count}", _completeness(row, count)


def _completeness(row: PublishedCount, count: int) -> str:
    concept = Concept(row.system, "C1", "a title", Kind.CODE, None)
    release = Release(row.system, row.release, date(2025, 10, 1), None, ("file.txt",))
    try:
        return "; ".join(check_complete([Edition(release, [concept] * count)]))
    except ReleaseFormatError as error:
        return str(error)


def _meanings() -> Lines:
    yield from ((f"{field} {code}", meaning) for (field, code), meaning in hcpcs._meanings().items())


def _core_concepts() -> Lines:
    for url, resource in core_resources("4.0.1").items():
        yield url, f"{resource['name']} {resource['title']}"
        for concept in resource.get("concept", ()):
            yield f"{url} {concept['code']}", concept["display"]


def sections() -> Mapping[str, Lines]:
    """Return what is asked of each table by its path, and what it answers."""
    rules = "terminology.claims.rules"
    lookups = "terminology.claims.lookups"
    return {
        "loaders/acquire/wheels.tsv": (cells(row, "package") for row in wheels()),
        "loaders/hcpcs/meanings.tsv": _meanings(),
        "loaders/hcpcs/sections.tsv": ((code, c.title) for code, c in hcpcs._chapters().items()),
        "loaders/published_counts.tsv": _complete(),
        "teneleven/licences.tsv": _pairs(allowed_licences()),
        "terminology/claims/bulk/grains.tsv": (cells(row, "edit") for row in grains()),
        "terminology/claims/denials.tsv": _denials(),
        "terminology/claims/lookups/indicators.tsv": _indicators(),
        "terminology/claims/lookups/mce_flags.tsv": _as_read(lookups, "mce_flags.tsv", FlagWords, "flag"),
        "terminology/claims/lookups/modifier_indicators.tsv": (
            cells(row, "field") for row in modifier_indicators()
        ),
        "terminology/claims/lookups/risk_segments.tsv": _as_read(
            lookups, "risk_segments.tsv", Segment, "prefix"
        ),
        "terminology/claims/rules/additional.tsv": _as_read(
            rules, "additional.tsv", AdditionalRule, "section"
        ),
        "terminology/claims/rules/combinations.tsv": _as_read(
            rules, "combinations.tsv", CombinationRule, "one"
        ),
        "terminology/claims/rules/icd11.tsv": _effects(),
        "terminology/claims/rules/modifier_conflicts.tsv": _as_read(
            rules, "modifier_conflicts.tsv", ConflictRule, "one"
        ),
        "terminology/claims/rules/repeat_modifiers.tsv": _as_read(
            rules, "repeat_modifiers.tsv", RepeatRule, "says"
        ),
        "terminology/claims/rules/sequence.tsv": _as_read(rules, "sequence.tsv", SequenceRule, "edit"),
        "terminology/claims/rules/unanswered.tsv": _unanswered(),
        "terminology/compare/guideline_rules.tsv": (cells(row, "topic") for row in guideline_rules()),
        "terminology/crosswalk/tables/axes.tsv": (cells(row, "chapter") for row in rows.axes()),
        "terminology/crosswalk/tables/bounds.tsv": _pairs(bounds()),
        "terminology/crosswalk/tables/carriers.tsv": (cells(row, "root") for row in rows.carriers()),
        "terminology/crosswalk/tables/extension_names.tsv": _extension_names(),
        "terminology/crosswalk/tables/facets.tsv": _facets(),
        "terminology/crosswalk/tables/moved.tsv": _moved(),
        "terminology/crosswalk/tables/opposites.tsv": (
            (word, " ".join(sorted(others))) for word, others in opposites().items()
        ),
        "terminology/crosswalk/tables/thesaurus.tsv": _thesaurus(),
        "terminology/exchange/care_settings.tsv": _as_read(
            "terminology.exchange", "care_settings.tsv", CareSettingRow, "word"
        ),
        "terminology/exchange/claims/claim_columns.tsv": _claim_columns(),
        "terminology/exchange/claims/not_denials.tsv": _as_read(
            "terminology.exchange.claims", "not_denials.tsv", denied._NoDenial, "carc"
        ),
        "terminology/exchange/fhir/supporting_info.tsv": _as_read(
            "terminology.exchange.fhir", "supporting_info.tsv", CategoryRow, "category"
        ),
        "terminology/exchange/tables/columns.tsv": _columns(),
        "terminology/guideline_sections.tsv": _sections(),
        "terminology/impact/condition_groups.tsv": (
            (g.name, f"{' '.join(g.prefixes)} | {' '.join(g.icd_11)}") for g in condition_groups()
        ),
        "terminology/impact/measured_error.tsv": _as_read(
            "terminology.impact", "measured_error.tsv", error_range._ErrorRow, "claim"
        ),
        "terminology/impact/published_values.tsv": (cells(row, "what") for row in published_values()),
        "web/fhir/messages.tsv": (cells(row, "id") for row in outcome._MESSAGES.values()),
        "web/fhir/systems/core_systems.tsv": _core_concepts(),
        "web/fhir/systems/properties.tsv": (cells(row, "code") for row in TABLE),
        "web/fhir/xml/elements.tsv": (cells(row, "type") for row in element_types()),
        "web/openapi/glossary.tsv": _pairs(glossary()),
    }
