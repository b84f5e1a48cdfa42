"""CodeSystem/$validate-code and ValueSet/$validate-code, and many of the latter at once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from web.fhir.asking import Asking
from web.fhir.operations.finding import Checks, Finding, not_in
from web.fhir.operations.validate import check_coding
from web.fhir.outcome import FhirError, Issue, issue, message, outcome, refuse
from web.fhir.parameters import Inputs, Outputs, canonical, split_canonical
from web.fhir.systems.system import AskedSystem, Concept
from web.fhir.systems.versions import VersionRules
from web.fhir.valuesets.compose import Composition
from web.fhir.valuesets.definition import check_imports, supplements_of

Json = dict[str, Any]
#: Statuses that FHIR gives a meaning to; a code system may use the property for words of its own.
_TOLD = ("draft", "experimental", "deprecated", "withdrawn", "retired")


def validate_in_system(asking: Asking, inputs: Inputs) -> Json:
    """CodeSystem/$validate-code: ``url`` or an instance, with ``code``, ``coding`` or ``codeableConcept``."""
    supplied = inputs.resources("codeSystem", "CodeSystem")
    url = inputs.text("url", "system") or (supplied[0].get("url") if supplied else None)
    checks = _checks(asking, inputs, None)
    version = inputs.text("version")
    codings, prefix, concept = _codings(inputs, url, version)
    if codings is None:
        raise refuse(400, "NO_CODE_TO_VALIDATE", given=inputs.described)
    if inputs.coding("coding") is None and concept is None and url is None:
        needed = "the url of a code system with the code"
        raise refuse(400, "MISSING_PARAMETER", operation="CodeSystem/$validate-code", needed=needed)
    for coding in codings:
        if url is not None:
            coding.setdefault("system", url)
    findings = [check_coding(checks, c, p) for c, p in zip(codings, prefix, strict=True)]
    return _answer(findings, concept, None, checks)


def validate_in_valueset(asking: Asking, inputs: Inputs) -> Json:
    """ValueSet/$validate-code: a value set by ``url``, instance or ``valueSet``, with what to check."""
    valueset = find_valueset(asking, inputs)
    checks = _checks(asking, inputs, valueset)
    codings, prefix, concept = _codings(
        inputs, inputs.text("system"), inputs.text("systemVersion", "version")
    )
    if codings is None:
        raise refuse(400, "NO_CODE_TO_VALIDATE", given=inputs.described)
    bare = concept is None and inputs.coding("coding") is None
    if bare and not codings[0].get("system"):
        if not inputs.flag("inferSystem"):
            needed = "a system with the code, or inferSystem"
            raise refuse(400, "MISSING_PARAMETER", operation="ValueSet/$validate-code", needed=needed)
        return _inferred(checks, codings[0])
    if concept is not None:
        checks = replace(checks, in_concept=True)
    findings = [check_coding(checks, c, p) for c, p in zip(codings, prefix, strict=True)]
    general = None
    if concept is not None and not any(f.member or f.undecided for f in findings):
        general = issue("TX_GENERAL_CC_ERROR_MESSAGE", valueset=checks.name)
    return _answer(findings, concept, general, checks)


def validate_many(asking: Asking, inputs: Inputs) -> Json:
    """ValueSet/$batch-validate-code: one ``validation`` Parameters for each check, answered in order."""
    answers = Outputs()
    for one in inputs.resources("validation", "Parameters"):
        try:
            answer = validate_in_valueset(asking, inputs.merged(Inputs.of_resource(one)))
        except FhirError as error:
            answer = outcome(error.issues)
        answers.add_resource("validation", answer)
    return answers.json()


def find_valueset(asking: Asking, inputs: Inputs) -> Json:
    """Return the value set that an operation is about. Raises :class:`FhirError` when it is not known."""
    inline = inputs.resources("valueSet", "ValueSet")
    if inline:
        found: Json | None = inline[0]
    else:
        url = inputs.text("url")
        if url is None:
            raise refuse(
                400, "MISSING_PARAMETER", operation="the operation", needed="a value set: url or valueSet"
            )
        version = inputs.text("valueSetVersion")
        found = asking.registry.valueset(url, version)
        if found is None:
            named, own = split_canonical(asking.registry.pinned(url))
            raise refuse(404, "Unable_to_resolve_value_Set_", valueset=canonical(named, own or version))
    assert found is not None
    check_imports(asking.registry, found)
    asking.registry.use_supplements(supplements_of(found))
    return found


def _checks(asking: Asking, inputs: Inputs, valueset: Json | None) -> Checks:
    lenient = inputs.flag("lenient-display-validation") or inputs.text("mode") == "lenient-display-validation"
    return Checks(
        asking.registry,
        VersionRules.of(inputs),
        valueset,
        asking.languages_of(inputs, valueset),
        abstract=inputs.flag("abstract") is not False,
        lenient_display=bool(lenient),
        active_only=bool(inputs.flag("activeOnly")),
        membership_only=bool(inputs.flag("valueset-membership-only")),
    )


def _codings(
    inputs: Inputs, system: str | None, version: str | None
) -> tuple[list[Json] | None, list[str], Json | None]:
    """Return the codings to check, the FHIRPath of each, and the CodeableConcept they stand in, if any."""
    for concept in inputs.concepts("codeableConcept"):
        codings = concept.get("coding", [])
        return codings, [f"CodeableConcept.coding[{n}]" for n in range(len(codings))], concept
    coding = inputs.coding("coding")
    if coding is not None:
        return [dict(coding)], ["Coding"], None
    code = inputs.text("code")
    if code is None:
        return None, [], None
    bare = {"system": system, "version": version, "code": code, "display": inputs.text("display")}
    return [{k: v for k, v in bare.items() if v is not None}], [""], None


def _inferred(checks: Checks, coding: Json) -> Json:
    """Find the system of a bare code among those of the value set."""
    code = coding["code"]
    systems: dict[str, AskedSystem] = {}
    for url in _systems_of(checks, checks.valueset or {}):
        composition = Composition(checks.registry, checks.rules)
        system = checks.registry.system(url, checks.rules.pin(url, None).pattern)
        concept = system.find(code) if system else None
        if system and concept and composition.member(checks.valueset or {}, system, concept):
            systems[url] = system
    if len(systems) == 1:
        return _answer(
            [check_coding(checks, {**coding, "system": next(iter(systems))}, "")], None, None, checks
        )
    found = Finding(coding)
    not_in(checks, found, "")
    if systems:
        found.issues.append(
            issue(
                "Unable_to_resolve_system__value_set_has_multiple_matches",
                "code",
                code=code,
                valueset=checks.name,
                systems=",".join(systems),
            )
        )
    else:
        found.issues.append(issue("UNABLE_TO_INFER_CODESYSTEM", "code", code=code, valueset=checks.name))
    return _answer([found], None, None, checks)


def _systems_of(checks: Checks, valueset: Json, depth: int = 0) -> list[str]:
    found: dict[str, None] = {}
    for include in valueset.get("compose", {}).get("include", ()):
        if "system" in include:
            found[include["system"]] = None
        elif depth < 20:
            for url in include.get("valueSet", ()):
                imported = checks.registry.imported(url, valueset) or {}
                found.update(dict.fromkeys(_systems_of(checks, imported, depth + 1)))
    return list(found)


def _answer(findings: list[Finding], concept: Json | None, general: Issue | None, checks: Checks) -> Json:
    good = next((f for f in findings if f.member), None)
    issues = [] if general is None else [general]
    for found in findings:
        issues += found.issues if found.member or good is None else _unheeded(found)
    if checks.membership_only:
        issues = [i for i in issues if i.type in ("not-in-vs", "this-code-not-in-vs", "not-found")]
    shown = good if concept is not None else findings[0]
    failed = any(i.severity in ("error", "fatal") for i in issues)
    result = good is not None and not failed
    known = None if shown is None else shown.concept
    out = Outputs()
    if shown is not None:
        out.add("code", "Code", shown.coding.get("code"))
    if concept is not None:
        out.add("codeableConcept", "CodeableConcept", concept)
    if shown is not None:
        out.add("display", "String", shown.display)
    if known is not None and known.inactive:
        out.add("inactive", "Boolean", True)
    if issues:
        out.add_resource("issues", outcome(issues))
    out.add("message", "String", message(issues))
    normal = None if known is None else known.normal or known.code
    if shown is not None and result and normal != shown.coding.get("code"):
        out.add("normalized-code", "Code", normal)
    out.add("result", "Boolean", result)
    if known is not None and _status_told(known):
        out.add("status", "Code", known.status)
    if shown is not None:
        out.add("system", "Uri", shown.coding.get("system"))
        settled = known is not None and shown.system is not None
        version = shown.system.version if settled and shown.system else shown.coding.get("version")
        out.add("version", "String", version)
    if not result:
        undecided = good is not None or any(f.undecided for f in findings)
        name = "x-caused-by-unknown-system" if undecided else "x-unknown-system"
        for unknown in dict.fromkeys(f.unknown for f in findings):
            out.add(name, "Canonical", unknown)
    return out.json()


def _unheeded(found: Finding) -> list[Issue]:
    """Return the issues of a coding beside one that is right: that its system is unknown is no error then."""
    if found.unknown is None or found.undecided:
        return found.issues
    unknown = ("UNKNOWN_CODESYSTEM", "UNKNOWN_CODESYSTEM_VERSION", "UNKNOWN_CODESYSTEM_VERSION_NONE")
    named = canonical(found.coding.get("system"), found.coding.get("version"))
    return [
        issue("UNKNOWN_CODESYSTEM_CODING_NOT_CHECKED", i.expression, system=named) if i.id in unknown else i
        for i in found.issues
    ]


def _status_told(concept: Concept) -> bool:
    return concept.status in _TOLD or (concept.inactive and concept.status not in (None, "inactive"))
