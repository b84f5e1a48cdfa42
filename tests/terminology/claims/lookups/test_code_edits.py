"""A code shows what the tables of claim checks say of it, each with its source."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from terminology.bundle.store import Store
from terminology.claims.lookups.code_edits import CodeEdits, code_edits, described
from terminology.codes import code_key


def edits_of(store: Store, code: str) -> CodeEdits:
    """The edits of a billable code, whether the small library has it as a concept or not."""
    billable = store.concept("icd-10-cm", "I10")
    return code_edits(store, replace(billable, code=code, key=code_key(code)))


def test_flags_of_the_editor_come_with_their_period(claim_store: Store) -> None:
    first, second = edits_of(claim_store, "E28.310").editor
    assert (first.flags, first.until) == (("adult", "female"), date(2024, 9, 30))
    assert (second.flags, second.begins, second.until) == (("adult",), date(2024, 10, 1), None)
    assert first.source == "Medicare Code Editor, diagnosis master v44"


def test_a_code_shows_the_exempt_lists_it_stands_on(claim_store: Store) -> None:
    (listed,) = edits_of(claim_store, "Z79.4").poa_exempt
    assert listed.startswith("Present on Admission exempt list")
    assert edits_of(claim_store, "E11.9").poa_exempt == ()


def test_a_heading_has_none(claim_store: Store) -> None:
    heading = next(
        code
        for code, _, kind, billable in claim_store.codes("icd-10-cm")
        if kind == "category" and not billable
    )
    shown = described(claim_store, claim_store.concept("icd-10-cm", heading))["edits"]
    assert shown == {"mce": [], "poa_exempt": (), "ms_drg": None, "risk": ()}
