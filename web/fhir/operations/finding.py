"""What a validation is asked to check, and what it finds for one coding."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from web.fhir.outcome import Issue, issue
from web.fhir.parameters import canonical
from web.fhir.registry import Registry
from web.fhir.systems.display import Languages
from web.fhir.systems.system import AskedSystem, Concept
from web.fhir.systems.versions import VersionRules

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Checks:
    """What a request asks to be checked. ``valueset`` is ``None`` for CodeSystem/$validate-code."""

    registry: Registry
    rules: VersionRules
    valueset: Json | None = None
    languages: Languages | None = None
    abstract: bool = True
    lenient_display: bool = False
    active_only: bool = False
    membership_only: bool = False
    in_concept: bool = False

    @property
    def name(self) -> str:
        """The canonical of the value set, for messages."""
        vs = self.valueset or {}
        return canonical(vs["url"], vs.get("version")) if vs.get("url") else "(unidentified)"


@dataclass(slots=True)
class Finding:
    """The outcome for one coding.

    ``member``: it is in the value set (or, without one, in the system); ``undecided``: nobody can tell, since
    the system is not known in the version that the value set names. ``unknown`` is the system, or the
    ``system|version``, that was looked for in vain.
    """

    coding: Json
    member: bool = False
    system: AskedSystem | None = None
    concept: Concept | None = None
    display: str | None = None
    issues: list[Issue] = field(default_factory=list)
    undecided: bool = False
    unknown: str | None = None

    @property
    def result(self) -> bool:
        """In the value set and free of errors."""
        return self.member and not any(i.severity in ("error", "fatal") for i in self.issues)

    def not_found(self) -> bool:
        """Whether something the check needed does not exist."""
        return any(i.type == "not-found" for i in self.issues)


def not_in(checks: Checks, found: Finding, prefix: str) -> None:
    """Add the issue that a coding is not in the value set."""
    if checks.valueset is None:
        return
    name = (
        "THIS_CODE_NOT_IN_VS" if checks.in_concept else "None_of_the_provided_codes_are_in_the_value_set_one"
    )
    coding = found.coding
    said = f"{canonical(coding.get('system'), coding.get('version'))}#{coding.get('code', '')}"
    if coding.get("display"):
        said += f" ('{coding['display']}')"
    found.issues.append(issue(name, at(prefix, "code"), coding=said, valueset=checks.name))


def at(prefix: str, element: str) -> str:
    """Return the FHIRPath of an element of a coding; bare parameters have no prefix."""
    return f"{prefix}.{element}" if prefix else element
