"""The JSON form of a check's answer."""

from __future__ import annotations

from datetime import date

from terminology.claims.encoding.report_json import finding_payload, report_payload
from terminology.claims.finding import (
    CheckedEdit,
    CheckReport,
    Finding,
    Icd11Effect,
    Icd11Note,
    InForce,
    NotChecked,
    Severity,
    Source,
)

SOURCE = Source("CMS", "a table", "v44", 3, InForce(date(2026, 10, 1)))


def test_a_finding_has_every_field_of_the_contract() -> None:
    note = Icd11Note(Icd11Effect.GONE, "There is no such character.")
    finding = Finding("dx.missing_7th", Severity.ERROR, "S52.501 lacks it.", SOURCE, dx=(1,), icd11=note)
    assert finding_payload(finding) == {
        "edit": "dx.missing_7th",
        "severity": "error",
        "certainty": "rule",
        "dx": 1,
        "line": None,
        "message": "S52.501 lacks it.",
        "why": None,
        "source": {
            "publisher": "CMS",
            "table": "a table",
            "release": "v44",
            "row": 3,
            "in_force": {"from": "2026-10-01", "to": None},
        },
        "suggest": [],
        "carc": ["16"],
        "rarc": ["M76"],
        "icd11": {"effect": "gone", "text": "There is no such character."},
    }


def test_several_places_are_a_list() -> None:
    finding = Finding("dx.excludes1", Severity.WARNING, "", SOURCE, dx=(1, 2), line=(3,))
    payload = finding_payload(finding)
    assert (payload["dx"], payload["line"]) == ([1, 2], 3)


def test_a_report_tells_what_was_checked_and_what_was_not() -> None:
    report = CheckReport((), (CheckedEdit("a", "T", "1"),), (NotChecked("b", "no table"),), "A-1")
    assert report_payload(report) == {
        "id": "A-1",
        "findings": [],
        "checked": [{"edit": "a", "table": "T", "release": "1"}],
        "not_checked": [{"edit": "b", "reason": "no table"}],
    }
