"""Which version of its code system a coding is checked against."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from web.fhir.operations.finding import Checks, Finding, at
from web.fhir.outcome import FhirError, issue
from web.fhir.registry import Registry
from web.fhir.systems.system import AskedSystem, Concept
from web.fhir.systems.versions import fits, is_pattern, listed, order
from web.fhir.valuesets.compose import Composition

Json = dict[str, Any]


def pinned_versions(registry: Registry, valueset: Json, url: str) -> list[str | None]:
    """Return the versions of a system that a value set's includes state, through its imports.

    The imports must have been checked for circles.
    """
    found: list[str | None] = []
    if "compose" not in valueset:
        stack = list(valueset.get("expansion", {}).get("contains", ()))
        while stack:
            one = stack.pop()
            if one.get("system") == url and one.get("version") not in found:
                found.append(one.get("version"))
            stack.extend(one.get("contains", ()))
    for include in valueset.get("compose", {}).get("include", ()):
        if include.get("system") == url:
            found.append(include.get("version"))
        elif "system" not in include:
            for imported in include.get("valueSet", ()):
                known = registry.imported(imported, valueset)
                if known is None:
                    found.append(None)
                else:
                    found += pinned_versions(registry, known, url)
    return found


def settle_version(checks: Checks, found: Finding, url: str, includes: list[str | None], prefix: str) -> None:
    """Settle which version of a coding's system counts and remark on any other that was named.

    ``includes`` are the versions that the value set states for the system (``None``: no version).
    """
    registry, given = checks.registry, found.coding.get("version")
    included = next((i for i in includes if i is not None and i == given), includes[0])
    if len(includes) > 1 and given is None:
        included = _holding(checks, url, includes, found.coding)
    pinned = checks.rules.pin(url, included)
    pattern, known = pinned.pattern, registry.versions(url)
    if given and pattern and is_pattern(pattern) and fits(given, pattern):
        pattern = given
    if given and not pattern and any(fits(v, given) for v in known):
        pattern = given
    system = registry.system(url, pattern)
    if system is None:
        found.undecided = True
        if given and pattern and given != pattern and checks.valueset is not None:
            where = at(prefix, "version")
            found.issues.append(
                issue("VALUESET_VALUE_MISMATCH", where, system=url, version=pattern, given=given)
            )
        _unknown_system(found, url, pattern, registry, prefix)
        return
    found.system = system
    if given and given != system.version and not fits(system.version, given):
        _mismatch(checks, found, system, pattern, included, given, prefix)
    wrong = checks.rules.violated(url, system.version)
    if wrong:
        found.issues.append(
            issue(
                "VALUESET_VERSION_CHECK",
                at(prefix, "version"),
                system=url,
                version=system.version,
                required=wrong,
            )
        )


class Holder(NamedTuple):
    """An included version that holds the code."""

    included: str | None
    system: AskedSystem
    concept: Concept


def _holding(checks: Checks, url: str, includes: list[str | None], coding: Json) -> str | None:
    """Return the version that counts of several included ones for a coding that names none.

    The newest that holds the code: of those whose include takes it if there are any, and of those in turn
    the one whose name for it is the display that was sent.
    """
    newest_first = sorted(includes, key=order, reverse=True)
    holders = list(_holders(checks, url, newest_first, coding.get("code", "")))
    taken = [holder for holder in holders if _takes(checks, holder)] or holders
    named = [holder for holder in taken if coding.get("display") in _names(holder)] or taken
    return named[0].included if named else newest_first[0]


def _holders(checks: Checks, url: str, includes: Sequence[str | None], code: str) -> Iterator[Holder]:
    for included in includes:
        system = checks.registry.system(url, checks.rules.pin(url, included).pattern)
        concept = system.find(code) if system is not None else None
        if system is not None and concept is not None:
            yield Holder(included, system, concept)


def _takes(checks: Checks, holder: Holder) -> bool:
    try:
        entry = Composition(checks.registry, checks.rules).member(
            checks.valueset or {}, holder.system, holder.concept
        )
    except FhirError:  # said when the membership itself is looked at
        return False
    return entry is not None and entry.system.version == holder.system.version


def _names(holder: Holder) -> set[str | None]:
    concept = holder.system.detail(holder.concept)
    return {concept.display, *(designation.value for designation in concept.designations)} - {None}


def _mismatch(
    checks: Checks,
    found: Finding,
    system: AskedSystem,
    pattern: str | None,
    included: str | None,
    given: str,
    prefix: str,
) -> None:
    known = checks.registry.versions(system.url)
    where, url = at(prefix, "version"), system.url
    if checks.valueset is not None:
        if pattern is None:
            found.issues.append(
                issue(
                    "VALUESET_VALUE_MISMATCH_DEFAULT", where, system=url, version=system.version, given=given
                )
            )
        elif pattern != included:
            found.issues.append(
                issue(
                    "VALUESET_VALUE_MISMATCH_CHANGED",
                    where,
                    system=url,
                    version=pattern,
                    pinned=included or "",
                    given=given,
                )
            )
        else:
            found.issues.append(
                issue("VALUESET_VALUE_MISMATCH", where, system=url, version=pattern, given=given)
            )
    if not any(fits(v, given) for v in known):
        _unknown_version(found, url, given, known, prefix)
        if checks.valueset is None:
            found.system = None


def _unknown_system(found: Finding, url: str, pattern: str | None, registry: Registry, prefix: str) -> None:
    known = registry.versions(url)
    if known and pattern is not None:
        _unknown_version(found, url, pattern, known, prefix)
        return
    where = at(prefix, "system")
    if registry.is_supplement(url):
        found.issues.append(
            issue("CODESYSTEM_CS_NO_SUPPLEMENT", where, system=registry.supplement_named(url))
        )
        return
    if registry.is_valueset(url):
        found.issues.append(issue("Terminology_TX_System_ValueSet2", where, system=url))
        return
    found.issues.append(issue("UNKNOWN_CODESYSTEM", where, system=url))
    found.unknown = url


def _unknown_version(found: Finding, url: str, version: str, known: list[str | None], prefix: str) -> None:
    named = "UNKNOWN_CODESYSTEM_VERSION" if listed(known) else "UNKNOWN_CODESYSTEM_VERSION_NONE"
    found.issues.append(issue(named, at(prefix, "system"), system=url, version=version, known=listed(known)))
    found.unknown = f"{url}|{version}" if listed(known) else url
