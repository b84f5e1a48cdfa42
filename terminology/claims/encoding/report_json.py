"""The one encoder of a check's answer (docs/claims.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from terminology.claims.denials import carc_of, rarc_of
from terminology.claims.finding import CheckedEdit, CheckReport, Finding, InForce, Source


def report_payload(report: CheckReport) -> dict[str, Any]:
    """Return the JSON form of a report; the claim's ``id`` stands in it where the claim had one."""
    payload: dict[str, Any] = {} if report.id is None else {"id": report.id}
    payload["findings"] = [finding_payload(finding) for finding in report.findings]
    payload["checked"] = [_checked(edit) for edit in report.checked]
    payload["not_checked"] = [{"edit": each.edit, "reason": each.reason} for each in report.not_checked]
    return payload


def finding_payload(finding: Finding) -> dict[str, Any]:
    """Return the JSON form of a finding; ``dx`` and ``line`` are a number, a list of several, or null."""
    effect = finding.icd11
    return {
        "edit": finding.edit,
        "severity": finding.severity.value,
        "certainty": finding.certainty.value,
        "dx": _place(finding.dx),
        "line": _place(finding.line),
        "message": finding.message,
        "why": finding.why,
        "source": _source(finding.source),
        "suggest": list(finding.suggest),
        "carc": list(finding.carc or carc_of(finding.edit)),
        "rarc": list(rarc_of(finding.edit)),
        "icd11": None if effect is None else {"effect": effect.effect.value, "text": effect.text},
    }


def answer_payload(value: Any) -> Any:
    """Return the JSON form of any answer made of data classes; periods stand as in findings."""
    if isinstance(value, InForce):
        return _period(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: answer_payload(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return {name: answer_payload(member) for name, member in value.items()}
    return [answer_payload(member) for member in value] if isinstance(value, list | tuple) else value


def _place(numbers: tuple[int, ...]) -> int | list[int] | None:
    if len(numbers) > 1:
        return list(numbers)
    return numbers[0] if numbers else None


def _source(source: Source) -> dict[str, Any]:
    return {
        "publisher": source.publisher,
        "table": source.table,
        "release": source.release,
        "row": source.row,
        "in_force": _period(source.in_force),
    }


def _period(period: InForce) -> dict[str, str | None]:
    start, end = period.start, period.end
    return {
        "from": None if start is None else start.isoformat(),
        "to": None if end is None else end.isoformat(),
    }


def _checked(edit: CheckedEdit) -> dict[str, str | None]:
    return {"edit": edit.edit, "table": edit.table, "release": edit.release}
