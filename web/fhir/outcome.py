"""OperationOutcome: every error and remark of the FHIR API, worded in ``messages.tsv``.

Message ids, issue codes and wording follow HL7's terminology ecosystem (tx-ecosystem implementation guide,
code system ``http://hl7.org/fhir/tools/CodeSystem/tx-issue-type``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from terminology.rule_tables import read_rules

_ISSUE_TYPES = "http://hl7.org/fhir/tools/CodeSystem/tx-issue-type"
_MESSAGE_ID = "http://hl7.org/fhir/StructureDefinition/operationoutcome-message-id"
_ORDER = {"fatal": 0, "error": 1, "warning": 2, "information": 3}


@dataclass(frozen=True, slots=True)
class Issue:
    """One issue; ``id`` is its row in ``messages.tsv``, where the ecosystem's message id stands beside it.

    ``expression`` is the FHIRPath of what it is about; ``said``: the ``message`` parameter repeats it.
    """

    id: str
    severity: str
    code: str
    type: str
    text: str
    said: bool
    expression: str | None = None
    diagnostics: str | None = None

    def json(self) -> dict[str, Any]:
        """Return the issue as an element of an OperationOutcome."""
        details: dict[str, Any] = {"text": self.text}
        if self.type:
            details["coding"] = [{"system": _ISSUE_TYPES, "code": self.type}]
        found: dict[str, Any] = {"severity": self.severity, "code": self.code, "details": details}
        message_id = _MESSAGES[self.id].message_id if self.id in _MESSAGES else ""
        if message_id:
            found["extension"] = [{"url": _MESSAGE_ID, "valueString": message_id}]
        if self.diagnostics:
            found["diagnostics"] = self.diagnostics
        if self.expression:
            found["expression"] = [self.expression]
        return found


class FhirError(Exception):
    """A request that is answered with an OperationOutcome and an HTTP status."""

    def __init__(self, status: int, *issues: Issue) -> None:
        self.status = status
        self.issues = issues
        super().__init__("; ".join(i.text for i in issues))


def issue(
    identifier: str,
    expression: str | None = None,
    *,
    severity: str | None = None,
    diagnostics: str | None = None,
    **values: object,
) -> Issue:
    """Return the issue that ``messages.tsv`` words under an id, its placeholders filled."""
    row = _MESSAGES[identifier]
    return Issue(
        identifier,
        severity or row.severity,
        row.code,
        row.type,
        row.text.format(**values),
        row.said,
        expression,
        diagnostics,
    )


def refuse(status: int, identifier: str, expression: str | None = None, **values: object) -> FhirError:
    """Return the error with one issue, ready to be raised."""
    return FhirError(status, issue(identifier, expression, severity=None, diagnostics=None, **values))


def outcome(issues: Iterable[Issue]) -> dict[str, Any]:
    """Return an OperationOutcome, gravest issue first."""
    ordered = sorted(issues, key=lambda i: _ORDER[i.severity])
    return {"resourceType": "OperationOutcome", "issue": [i.json() for i in ordered]}


def message(issues: Iterable[Issue]) -> str | None:
    """Return what the ``message`` parameter says: the texts in alphabetical order, each once."""
    return "; ".join(sorted({i.text for i in issues if i.said})) or None


@dataclass(frozen=True, slots=True)
class _Message:
    """The wording of one kind of issue; ``message_id`` is the ecosystem's name for it, where it has one."""

    id: str
    message_id: str
    severity: str
    code: str
    type: str
    said: bool
    text: str


_MESSAGES = {row.id: row for row in read_rules("web.fhir", "messages.tsv", _Message)}
