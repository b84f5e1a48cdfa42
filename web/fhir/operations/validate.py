"""Whether one coding is right: its system and version, its code, its place in a value set, its display."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from web.fhir.operations.finding import Checks, Finding, at, not_in
from web.fhir.outcome import FhirError, issue
from web.fhir.systems.display import display_issue, preferred
from web.fhir.systems.settle_version import pinned_versions, settle_version
from web.fhir.systems.statuses import concept_issues, deprecation, import_issues, status_issues
from web.fhir.systems.system import AskedSystem, Concept
from web.fhir.systems.versions import VersionRules
from web.fhir.valuesets.compose import Composition, Entry

Json = dict[str, Any]


def check_coding(checks: Checks, coding: Json, prefix: str) -> Finding:
    """Check a coding; ``prefix`` is the FHIRPath of the coding, empty for bare parameters."""
    found = Finding(coding)
    url, code = coding.get("system"), coding.get("code")
    if not url and not code:
        found.issues.append(issue("Coding_has_no_system_or_code__cannot_validate", prefix or "code"))
    elif not code:
        found.issues.append(issue("Coding_has_no_code__cannot_validate", prefix or "code"))
    elif not url:
        not_in(checks, found, prefix)
        found.issues.append(issue("Coding_has_no_system__cannot_validate", prefix or "code"))
    if not url or not code:
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
    registry, given = checks.registry, found.coding.get("version")
    found.system = registry.system(url, given) or registry.system(url)
    not_in(checks, found, prefix)
    if checks.membership_only:
        return
    where = at(prefix, "system")
    if ":" not in url:
        found.issues.append(issue("Terminology_TX_System_Relative", where))
    if found.system is not None:
        found.concept = found.system.find(found.coding["code"])
        if found.concept is None:
            _unknown_code(found, found.system, prefix)
        else:
            _describe(checks, found, Entry(found.system, found.concept), prefix)
        found.issues += status_issues(found.system, checks.valueset)
    elif registry.is_valueset(url):
        found.issues.append(issue("Terminology_TX_System_ValueSet2", where, system=url))
    elif registry.is_supplement(url):
        found.issues.append(
            issue("CODESYSTEM_CS_NO_SUPPLEMENT", where, system=registry.supplement_named(url))
        )
    else:
        named = "UNKNOWN_CODESYSTEM_VERSION_NONE" if given else "UNKNOWN_CODESYSTEM"
        found.issues.append(issue(named, where, system=url, version=given))
        found.unknown = url


def _find_code(checks: Checks, found: Finding, prefix: str) -> None:
    system, code = found.system, found.coding["code"]
    assert system is not None
    concept = system.find(code)
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
        _forbid(checks, found, entry, prefix)
        _remark(checks, found, entry, prefix)
    if not checks.membership_only:
        found.issues += status_issues(system, checks.valueset)
    _describe(checks, found, entry or Entry(system, concept), prefix)


def _describe(checks: Checks, found: Finding, entry: Entry, prefix: str) -> None:
    """Name the concept, and say what is to be said of it in a value set or out of it."""
    concept = entry.concept
    if checks.languages is not None:
        concept = entry.system.detail(concept)
    name = preferred(entry, concept, checks.languages)
    found.display = name.value if name else concept.display
    if checks.membership_only:
        return
    found.issues += concept_issues(concept, prefix)
    given = found.coding.get("display")
    if given:
        wrong = display_issue(
            entry,
            entry.system.detail(concept),
            given,
            checks.languages,
            at(prefix, "display"),
            lenient=checks.lenient_display,
        )
        if wrong is not None:
            found.issues.append(wrong)


def _membership(checks: Checks, found: Finding, system: AskedSystem, concept: Concept) -> Entry | None:
    rules = VersionRules(checks.rules.default, checks.rules.force)
    composition = Composition(checks.registry, rules, prefer={system.url: system.version})
    try:
        entry = composition.member(checks.valueset or {}, system, concept)
        if not checks.membership_only:
            found.issues += import_issues(composition.used.valuesets.values())
        return entry
    except FhirError as error:
        if not all(i.type == "not-found" for i in error.issues):
            raise
        found.issues.extend(error.issues)
        found.undecided = True
        return None


def _forbid(checks: Checks, found: Finding, entry: Entry, prefix: str) -> None:
    """Turn down a code that the request or the value set rules out: an abstract or an inactive one."""
    concept, where = entry.concept, at(prefix, "code")
    active = checks.active_only or (checks.valueset or {}).get("compose", {}).get("inactive") is False
    if concept.abstract and not checks.abstract:
        system = entry.system.url
        found.issues.append(issue("ABSTRACT_CODE_NOT_ALLOWED", where, system=system, code=concept.code))
        found.member = False
    if concept.inactive and active:
        found.issues.append(issue("STATUS_CODE_WARNING_CODE", where, code=concept.code))
        found.member = False
    if not found.member and checks.valueset is not None:
        not_in(checks, found, prefix)


def _remark(checks: Checks, found: Finding, entry: Entry, prefix: str) -> None:
    """Say what is to be said of a code in its place: marked as deprecated there, or in another case."""
    concept, system = entry.concept, entry.system
    where = at(prefix, "code")
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
    given = found.coding["code"]
    if given != concept.code and given.casefold() == concept.code.casefold():
        found.issues.append(
            issue("CODE_CASE_DIFFERENCE", where, given=given, code=concept.code, system=system.canonical)
        )
    if concept.normal is not None and concept.normal != given:
        found.issues.append(
            issue("CODE_NOT_IN_NORMAL_FORM", where, given=given, code=concept.normal, system=system.canonical)
        )
    found.issues += [replace(r, expression=where) for r in concept.remarks]


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
