"""What becomes of a finding's check in ICD-11: the table ``rules/icd11.tsv``, and what the crosswalk adds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from terminology.bundle.crosswalk.first_expressions import first_expressions, sharing
from terminology.bundle.kept import kept_with_bundle
from terminology.bundle.store import Store
from terminology.claims.claim import Claim
from terminology.claims.finding import Finding, Icd11Effect, Icd11Note
from terminology.claims.tables.mce import MCE_DIAGNOSIS, MceFlag
from terminology.codes import key_in
from terminology.rule_tables import read_rules
from terminology.systems import ICD10CM

#: Edits that are a flag of the Medicare Code Editor, by the flag.
FLAG_EDITS = {
    "dx.unacceptable_principal": (MceFlag.UNACCEPTABLE,),
    "dx.requires_secondary": (MceFlag.REQUIRES_SECONDARY,),
    "dx.questionable_admission": (MceFlag.QUESTIONABLE_ADMISSION,),
    "dx.wrong_procedure": (MceFlag.WRONG_PROCEDURE,),
    "dx.unspecified_code": (MceFlag.UNSPECIFIED,),
    "dx.age_conflict": (MceFlag.NEWBORN, MceFlag.PEDIATRIC, MceFlag.MATERNITY, MceFlag.ADULT),
    "dx.manifestation_first": (MceFlag.MANIFESTATION,),
    "dx.external_cause_first": (MceFlag.EXTERNAL_CAUSE,),
}


@dataclass(frozen=True, slots=True)
class EffectRule:
    """The effect of the move on one edit."""

    edit: str
    effect: str
    text: str


@cache
def general_effect(edit: str) -> Icd11Note | None:
    """Return what the move does to an edit in general, ``None`` for an edit the table does not have."""
    rules = read_rules("terminology.claims.rules", "icd11.tsv", EffectRule)
    rule = next((each for each in rules if each.edit == edit), None)
    return None if rule is None else Icd11Note(Icd11Effect(rule.effect), rule.text)


def effect_of(finding: Finding, claim: Claim, store: Store) -> Icd11Note | None:
    """Return what the move does to one finding: for pairs and flags as the crosswalk has the codes."""
    general = general_effect(finding.edit)
    if finding.edit != "dx.excludes1" and finding.edit not in FLAG_EDITS:
        return general
    codes = [claim.diagnoses[number - 1].code for number in finding.dx if number <= len(claim.diagnoses)]
    keys = [key_in(ICD10CM.id, code) for code in codes]
    if finding.edit == "dx.excludes1" and len(keys) == 2:
        return _pair(store, keys[0], keys[1]) or general
    if finding.edit in FLAG_EDITS and keys:
        return _flag(store, finding.edit, keys[0], general) or general
    return general


def _pair(store: Store, one: str, other: str) -> Icd11Note | None:
    expressions = first_expressions(store)
    first, second = expressions.get(one), expressions.get(other)
    if first is None or first != second:
        return None
    return Icd11Note(Icd11Effect.GONE, f"Both become {first}: there is no pair left to check.")


def _flag(store: Store, edit: str, key: str, general: Icd11Note | None) -> Icd11Note | None:
    """Whether the expression of a flagged code is shared with one that has not the flag."""
    expression = first_expressions(store).get(key)
    if expression is None:
        return None
    flagged, keys = flagged_keys(store, edit, date.today()), keys_in_use(store, date.today())
    others = [each for each in sharing(store, keys).get(expression, ()) if each not in flagged]
    if not others:
        return general
    text = (
        f"{expression} stands for {len(others)} codes without the flag too: "
        "from the ICD-11 code alone the check cannot be decided."
    )
    return Icd11Note(Icd11Effect.WEAKER, text)


@kept_with_bundle(maxsize=2)
def keys_in_use(store: Store, day: date) -> frozenset[str]:
    """Return the keys of the billable ICD-10-CM codes of the release of a day."""
    if not store.releases(ICD10CM.id):
        return frozenset()
    release = store.release(ICD10CM.id, on=day).release.id
    return frozenset(
        code.replace(".", "") for code, _, _, billable in store.codes(ICD10CM.id, release) if billable
    )


@kept_with_bundle(maxsize=32)
def flagged_keys(store: Store, edit: str, day: date) -> frozenset[str]:
    """Return the codes that the Medicare Code Editor flags for an edit on a day."""
    wanted = frozenset(FLAG_EDITS[edit])
    return frozenset(key for key, flags in _flags_on(store, day) if wanted.intersection(flags))


@kept_with_bundle(maxsize=2)
def _flags_on(store: Store, day: date) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The flagged codes of a day with their flags."""
    rows = (entry.row for entry in store.edit_tables.rows(MCE_DIAGNOSIS, having="flags"))
    return tuple((row.key, row.flags) for row in rows if row.covers(day))
