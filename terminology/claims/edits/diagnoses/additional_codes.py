"""Codes that the guidelines want beside others, whatever else the record says.

Source: ICD-10-CM Official Guidelines (the table ``rules/additional.tsv``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from terminology.claims.claim import Claim
from terminology.claims.context import CheckContext
from terminology.claims.edits.diagnoses.sequence import guideline
from terminology.claims.finding import Finding, Severity
from terminology.claims.lookups.tabular import CodedDiagnosis, coded_diagnoses
from terminology.icd10cm.note_references import NamedCodes
from terminology.rule_tables import read_rules


@dataclass(frozen=True, slots=True)
class AdditionalRule:
    """Codes, by the characters their keys begin with, that need one of ``needs`` beside them."""

    codes: tuple[str, ...]
    excepted: tuple[str, ...]
    unless: str
    needs: tuple[str, ...]
    section: str
    says: str

    def covers(self, diagnosis: CodedDiagnosis) -> bool:
        """Return whether a diagnosis needs the other code."""
        if diagnosis.tabular is None or not diagnosis.key.startswith(self.codes):
            return False
        excepted = bool(self.excepted) and diagnosis.key.startswith(self.excepted)
        return not excepted and not (self.unless and re.search(self.unless, diagnosis.tabular.title))


def guideline_additions(edit: str, claim: Claim, context: CheckContext) -> Iterator[Finding]:
    """Yield what the guidelines want beside the diagnoses of a claim and the claim lacks, once a rule."""
    diagnoses = coded_diagnoses(claim, context)
    for rule in _rules():
        if any(each.key.startswith(rule.needs) for each in diagnoses):
            continue
        needing = [each for each in diagnoses if rule.covers(each)]
        if needing:
            written = ", ".join(dict.fromkeys(each.written for each in needing))
            numbers = tuple(each.number for each in needing)
            words = f"{written}: {rule.says}."
            yield Finding(edit, Severity.INFO, words, guideline(rule.section), dx=numbers)


def guideline_codes(diagnosis: CodedDiagnosis) -> tuple[tuple[NamedCodes, ...], ...]:
    """Return, for each rule that a diagnosis is of, the codes that share in what it finds."""
    rules = (rule for rule in _rules() if rule.covers(diagnosis))
    return tuple(tuple(NamedCodes(each, each) for each in (*rule.needs, *rule.codes)) for rule in rules)


def _rules() -> tuple[AdditionalRule, ...]:
    return read_rules("terminology.claims.rules", "additional.tsv", AdditionalRule)
