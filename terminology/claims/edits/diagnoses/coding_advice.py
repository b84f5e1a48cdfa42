"""Advice of the guidelines: one code for two, one for both sides, a more specific one.

Source: ICD-10-CM Official Guidelines I.A.15 ("with": the Alphabetic Index joins them), I.B.9, I.C.9 (the
table ``rules/combinations.tsv``), I.B.13 (laterality), I.B.18 (unspecified codes).
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations as pairs_of

from terminology.bundle.index.book import BOOKS
from terminology.bundle.index.pairs import joined_codes
from terminology.claims.claim import Claim
from terminology.claims.context import CheckContext
from terminology.claims.edit import Edit, Outcome
from terminology.claims.edits.diagnoses.sequence import GUIDELINES, GUIDELINES_YEAR, guideline
from terminology.claims.finding import Certainty, CheckedEdit, Finding, NotChecked, Severity, Source
from terminology.claims.lookups.sides import BILATERAL, LEFT, RIGHT, counterparts, sided
from terminology.claims.lookups.tabular import CodedDiagnosis, coded_diagnoses
from terminology.rule_tables import read_rules

MORE_SPECIFIC = "dx.more_specific"
INDEX = BOOKS["diseases"].title
_DOCUMENTED = "F1"
"""Use of substances: related to another condition only where the provider says so (I.C.5.b.3)."""


@dataclass(frozen=True, slots=True)
class CombinationRule:
    """Codes, by the characters their keys begin with, that one of ``instead`` says together."""

    one: tuple[str, ...]
    other: tuple[str, ...]
    instead: tuple[str, ...]
    suggest: tuple[str, ...]
    section: str
    says: str


def combination(claim: Claim, context: CheckContext) -> Iterator[Outcome]:
    """Yield the pairs of diagnoses for which there is one code, where no such code is on the claim.

    The diagnosis that the one code takes the place of comes first, whatever the claim's order.
    """
    edit = "dx.combination"
    yield CheckedEdit(edit, GUIDELINES, GUIDELINES_YEAR)
    diagnoses = coded_diagnoses(claim, context)
    told: set[tuple[int, ...]] = set()
    for rule in _applicable(diagnoses, context):
        one, other = _beginning(diagnoses, rule.one), _beginning(diagnoses, rule.other)
        if one is None or other is None:
            continue
        numbers = tuple(sorted((one.number, other.number)))
        message = f"{one.written} and {other.written}: {rule.says}."
        source = guideline(rule.section)
        told.add(numbers)
        placed = (one.number, other.number)
        yield Finding(edit, Severity.INFO, message, source, dx=placed, suggest=rule.suggest)
    yield from _joined(edit, diagnoses, told, context)


def _joined(
    edit: str, diagnoses: Sequence[CodedDiagnosis], told: Container[tuple[int, ...]], context: CheckContext
) -> Iterator[Finding]:
    """The pairs that the Alphabetic Index joins by "with", but for those of a rule (I.A.15)."""
    joined = joined_codes(context.store)
    present = {diagnosis.key for diagnosis in diagnoses}
    for one in diagnoses:
        others = joined.get(one.key)
        if others is None or one.key.startswith(_DOCUMENTED):
            continue
        for other in diagnoses:
            found = others.get(other.key)
            numbers = tuple(sorted((one.number, other.number)))
            if found is None or numbers in told or found.key in present:
                continue
            yield Finding(
                edit,
                Severity.INFO,
                f"{one.written} and {other.written} are presumed related, unless the record says otherwise: "
                f"{found.code} says both (Guidelines I.A.15).",
                Source("NCHS", INDEX, found.edition, found.term),
                dx=(one.number, other.number),
                certainty=Certainty.HEURISTIC,
                suggest=(found.code,),
            )


def _applicable(diagnoses: Sequence[CodedDiagnosis], context: CheckContext) -> list[CombinationRule]:
    """The rules both of whose sides are on a claim, and none of the codes that say both."""
    one, other, instead = set[int](), set[int](), set[int]()
    for diagnosis in diagnoses:
        sides = _sides(diagnosis.key, context)
        one |= sides[0]
        other |= sides[1]
        instead |= sides[2]
    rules = _rules()
    return [rules[n] for n in sorted(one & other - instead)]


def _sides(key: str, context: CheckContext) -> tuple[frozenset[int], ...]:
    """The numbers of the rules that a code is one side of, the other, or says both of."""
    held: dict[str, tuple[frozenset[int], ...]] = context.memory.setdefault(CombinationRule, {})
    known = held.get(key)
    if known is None:
        known = held[key] = tuple(
            frozenset(n for n, rule in enumerate(_rules()) if key.startswith(getattr(rule, side)))
            for side in ("one", "other", "instead")
        )
    return known


def sides_of(key: str, context: CheckContext) -> tuple[int, int]:
    """Return the combinations that a code may be one side or the other of, as bits.

    Where no code of a claim is one side and another the other of the same, :func:`combination` finds nothing.
    """
    one, other, _ = _sides(key, context)
    joined = _joined_sides(context).get(key, (0, 0))
    return joined[0] | sum(1 << n for n in one), joined[1] | sum(1 << n for n in other)


def _joined_sides(context: CheckContext) -> dict[str, tuple[int, int]]:
    """The pairs that the Index joins, by the key of each of their codes, as bits above those of the rules."""
    held: dict[str, tuple[int, int]] | None = context.memory.get(joined_codes)
    if held is None:
        held = {}
        pairs = ((one, other) for one, others in joined_codes(context.store).items() for other in others)
        for number, (one, other) in enumerate(pairs, len(_rules())):
            held[one] = (held.get(one, (0, 0))[0] | 1 << number, held.get(one, (0, 0))[1])
            held[other] = (held.get(other, (0, 0))[0], held.get(other, (0, 0))[1] | 1 << number)
        context.memory[joined_codes] = held
    return held


def _rules() -> tuple[CombinationRule, ...]:
    return read_rules("terminology.claims.rules", "combinations.tsv", CombinationRule)


def bilateral(claim: Claim, context: CheckContext) -> Iterator[Outcome]:
    """Yield the pairs of a right and a left code for which there is one of both sides."""
    edit = "dx.bilateral"
    yield CheckedEdit(edit, GUIDELINES, GUIDELINES_YEAR)
    for one, other in pairs_of(coded_diagnoses(claim, context), 2):
        if one.tabular is None or other.tabular is None or one.key[:3] != other.key[:3]:
            continue
        if sided(one.tabular.title).bare != sided(other.tabular.title).bare:
            continue
        codes = counterparts(context, one.tabular)
        both = codes.get(BILATERAL)
        wanted = {codes.get(RIGHT), codes.get(LEFT)}
        if both is not None and {one.tabular.code, other.tabular.code} == wanted:
            message = f"{one.written} and {other.written}: {both} says both sides, where both are present."
            numbers = (one.number, other.number)
            yield Finding(edit, Severity.INFO, message, guideline("I.B.13"), dx=numbers, suggest=(both,))


def more_specific(claim: Claim, context: CheckContext) -> Iterator[Outcome]:
    """Yield the diagnoses whose titles say "unspecified", where that was asked for."""
    if MORE_SPECIFIC not in context.requested:
        yield NotChecked(MORE_SPECIFIC, "advice that is given on request")
        return
    yield CheckedEdit(MORE_SPECIFIC, GUIDELINES, GUIDELINES_YEAR)
    for diagnosis in coded_diagnoses(claim, context):
        tabular = diagnosis.tabular
        if tabular is not None and "unspecified" in tabular.title.lower():
            message = f"{diagnosis.written} is unspecified; a more specific code may describe the patient."
            source = guideline("I.B.18")
            yield Finding(
                MORE_SPECIFIC,
                Severity.INFO,
                message,
                source,
                dx=(diagnosis.number,),
                certainty=Certainty.HEURISTIC,
            )


def _beginning(diagnoses: tuple[CodedDiagnosis, ...], beginnings: tuple[str, ...]) -> CodedDiagnosis | None:
    return next((each for each in diagnoses if each.key.startswith(beginnings)), None)


EDITS = (
    Edit(
        "dx.combination",
        Severity.INFO,
        "Two diagnoses for which there is one code (Guidelines I.A.15, I.C.9.a).",
        combination,
    ),
    Edit(
        "dx.bilateral", Severity.INFO, "Two sides for which there is one code (Guidelines I.B.13).", bilateral
    ),
    Edit(MORE_SPECIFIC, Severity.INFO, "An unspecified code (Guidelines I.B.18), on request.", more_specific),
)
