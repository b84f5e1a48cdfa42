"""Measures claim checks on claims whose findings are known.

    python -m bench.claims_eval CASES.json --bundle bundle

``CASES.json`` holds ``cases: [{id, title, claim, expect, must_not_find, may}]``. ``expect`` are findings
``{edit, target: {dx, line}, severity, certain, accept, suggest}``: a case holds when every certain one is
raised on its target with its severity (``accept`` names edits that also count) and nothing of
``must_not_find`` is raised, where ``*`` stands for any error or warning.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from terminology.bundle.store import Store
from terminology.claims.check import check
from terminology.claims.encoding.claim_json import claims_of
from terminology.claims.encoding.report_json import report_payload

_FAMILY = {
    "A": "validity by date",
    "B": "validity",
    "C": "notes",
    "D": "sequence",
    "E": "age and sex",
    "F": "present on admission",
    "G": "HCPCS and modifiers",
    "H": "units",
    "I": "pairs, add-on",
    "J": "necessity",
    "K": "missing data, clean claims",
}


def faults_of(case: dict[str, Any], findings: list[dict[str, Any]]) -> Iterator[str]:
    """Yield what is wrong with the findings of a case."""
    for wanted in case["expect"]:
        if wanted.get("certain") and not any(_is(wanted, finding) for finding in findings):
            yield f"not found: {wanted['edit']} {wanted['severity']} on {wanted['target']}"
    for name in case["must_not_find"]:
        for finding in findings:
            wrong = finding["severity"] != "info" if name == "*" else finding["edit"] == name
            if wrong:
                yield f"false alarm: {finding['edit']} {finding['severity']}: {finding['message']}"


def _is(wanted: dict[str, Any], finding: dict[str, Any]) -> bool:
    edits = (wanted["edit"], *wanted.get("accept", ()))
    if finding["edit"] not in edits or finding["severity"] != wanted["severity"]:
        return False
    if not all(_places(finding[where]) == _places(at) for where, at in wanted["target"].items()):
        return False
    return set(wanted.get("suggest", ())) <= set(finding["suggest"])


def _places(value: int | list[int] | None) -> set[int]:
    if value is None:
        return set()
    return set(value) if isinstance(value, list) else {value}


def main() -> None:
    """Print each case that does not hold, and how many of each family do."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", type=Path)
    parser.add_argument("--bundle", type=Path, default=Path("bundle"))
    parser.add_argument("--verbose", action="store_true", help="print every finding")
    options = parser.parse_args()
    store = Store(options.bundle)
    held: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for case in orjson.loads(options.cases.read_bytes())["cases"]:
        family = _FAMILY.get(case["id"][:1], "other")
        (claim,) = claims_of(case["claim"])
        findings = report_payload(check(claim, store))["findings"]
        faults = list(faults_of(case, findings))
        total[family] += 1
        held[family] += not faults
        for fault in faults:
            print(f"{case['id']} {case['title']}: {fault}")
        if options.verbose:
            for finding in findings:
                print(f"  {case['id']} {finding['severity']} {finding['edit']}: {finding['message']}")
    for family, count in total.items():
        print(f"{family:<28} {held[family]:>3} of {count}")
    print(f"{'all':<28} {held.total():>3} of {total.total()}")


if __name__ == "__main__":
    main()
