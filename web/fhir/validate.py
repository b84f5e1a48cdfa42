"""Whether one coding is right: its system and version, its code, its place in a value set, its display."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from web.fhir.compose import Composition, Entry
from web.fhir.display import display_issue, preferred
from web.fhir.finding import Checks, Finding, at, not_in
from web.fhir.outcome import FhirError, issue
from web.fhir.settle_version import pinned_versions, settle_version
from web.fhir.statuses import deprecation, status_issues
from web.fhir.system import AskedSystem, Concept

Json = dict[str, Any]


def check_coding(checks: Checks, coding: Json, prefix: str) -> Finding:
    """Check a coding; ``prefix`` is the FHIRPath of the coding, empty for bare parameters."""
    found = Finding(coding)
    url = coding.get("system")
    if not url:
        not_in(checks, found, prefix)
        found.issues.append(issue("Coding_has_no_system__cannot_validate", prefix or "code"))
        return found
    if checks.valueset is None:
        settle_version(checks, found, url, [None], prefix)
    else:
        includes = pinned_versions(checks.registry, checks.valueset, url)
        if not includes:
            _outside(checks, found, url, prefix)
            return found
        settle_version(checks, found, url, includes, prefix)
    if found.system is None:
        return found
    _find_code(checks, found, prefix)
    return found


def _outside(checks: Checks, found: Finding, url: str, prefix: str) -> None:
    """No include names the coding's system."""
    registry = checks.registry
    found.system = registry.system(url, found.coding.get("version")) or registry.system(url)
    not_in(checks, found, prefix)
    if found.system is not None:
        found.concept = found.system.find(found.coding.get("code", ""))
        if found.concept is None and not checks.membership_only:
            _unknown_code(found, found.system, prefix)
        elif found.concept is not None:
            _name(checks, found, Entry(found.system, found.concept))
        return
    where = at(prefix, "system")
    if registry.is_valueset(url):
        found.issues.append(issue("Terminology_TX_System_ValueSet2", where, system=url))
        return
    if registry.is_supplement(url):
        found.issues.append(issue("CODESYSTEM_CS_NO_SUPPLEMENT", where, system=url))
        return
    if ":" not in url:
        found.issues.append(issue("Terminology_TX_System_Relative", where))
    found.issues.append(issue("UNKNOWN_CODESYSTEM", where, system=url))
    found.unknown_system = url


def _find_code(checks: Checks, found: Finding, prefix: str) -> None:
    system, code = found.system, found.coding.get("code", "")
    assert system is not None
    concept = system.find(code) if isinstance(code, str) and code else None
    found.concept = concept
    if concept is None:
        if checks.valueset is not None and system.content != "fragment":
            not_in(checks, found, prefix)
        _unknown_code(found, system, prefix)
        found.member = system.content == "fragment"
        return
    entry: Entry | None = Entry(system, concept)
    if checks.valueset is not None:
        entry = _membership(checks, found, system, concept)
        if entry is None and not found.not_found():
            not_in(checks, found, prefix)
    found.member = entry is not None
    if entry is not None:
        _remark(checks, found, entry, prefix)
    _name(checks, found, entry or Entry(system, concept))
    given = found.coding.get("display")
    if entry is not None and given and not checks.membership_only:
        wrong = display_issue(
            entry,
            system.detail(concept),
            given,
            checks.languages,
            at(prefix, "display"),
            lenient=checks.lenient_display,
        )
        if wrong is not None:
            found.issues.append(wrong)


def _membership(checks: Checks, found: Finding, system: AskedSystem, concept: Concept) -> Entry | None:
    rules = replace(checks.rules, check={}, force=dict(checks.rules.force))
    composition = Composition(checks.registry, rules, prefer={system.url: system.version})
    try:
        return composition.member(checks.valueset or {}, system, concept)
    except FhirError as error:
        if not all(i.type == "not-found" for i in error.issues):
            raise
        found.issues.extend(error.issues)
        return None


def _remark(checks: Checks, found: Finding, entry: Entry, prefix: str) -> None:
    """Say what speaks against a code although it is there: abstract, inactive, deprecated, other case."""
    concept, system = entry.concept, entry.system
    where = at(prefix, "code")
    active = checks.active_only or (checks.valueset or {}).get("compose", {}).get("inactive") is False
    if concept.abstract and not checks.abstract:
        found.issues.append(issue("ABSTRACT_CODE_NOT_ALLOWED", where, system=system.url, code=concept.code))
        found.member = False
    if concept.inactive and active:
        found.issues.append(issue("STATUS_CODE_WARNING_CODE", where, code=concept.code))
        found.member = False
    if not found.member and checks.valueset is not None:
        not_in(checks, found, prefix)
    if concept.inactive:
        statuses = dict.fromkeys(["inactive", *([concept.status] if concept.status else [])])
        for status in statuses:
            found.issues.append(
                issue("INACTIVE_CONCEPT_FOUND", prefix or "code", code=concept.code, status=status)
            )
    deprecated = deprecation(entry)
    if deprecated and checks.valueset is not None:
        found.issues.append(
            issue(
                "CONCEPT_DEPRECATED_IN_VALUESET",
                where,
                code=concept.code,
                system=system.url,
                valueset=checks.name,
                status=deprecated,
            )
        )
    given = found.coding.get("code", "")
    if given != concept.code and given.casefold() == concept.code.casefold():
        found.issues.append(
            issue("CODE_CASE_DIFFERENCE", where, given=given, code=concept.code, system=system.canonical)
        )
    found.issues += [replace(r, expression=where) for r in concept.remarks]
    found.issues += status_issues(system, checks.valueset)


def _name(checks: Checks, found: Finding, entry: Entry) -> None:
    concept = entry.concept
    if checks.languages is not None:
        concept = entry.system.detail(concept)
    name = preferred(entry, concept, checks.languages)
    found.display = name.value if name else concept.display


def _unknown_code(found: Finding, system: AskedSystem, prefix: str) -> None:
    code, where = found.coding.get("code", ""), at(prefix, "code")
    reason = system.why_not(code, where)
    if reason is not None:
        found.issues.append(reason)
        return
    name = "Unknown_Code_in_Version" if system.version else "Unknown_Code_in"
    if system.content == "fragment":
        name = "UNKNOWN_CODE_IN_FRAGMENT"
    found.issues.append(
        issue(
            name,
            where,
            diagnostics=system.hint(code),
            code=code,
            system=system.url,
            version=system.version or "",
        )
    )
