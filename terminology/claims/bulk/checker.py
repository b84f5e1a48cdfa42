"""Checks many claims of one bundle with the same edits, each run only where it can find anything.

What an edit finds of a diagnosis or line, alone on a claim of the same period, is remembered: the edit is not
run again for it (``grains.tsv`` says for which edits that holds; all others run on every claim). What is told
or run is what the edit itself found, so that the findings are those of
:func:`terminology.claims.check.check`; a test holds the two together on every known case and on 10,000 claims
drawn at random.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable

from terminology.bundle.store import Store
from terminology.claims.bulk.diagnoses import DiagnosisParts
from terminology.claims.bulk.findings import PlacedFinding, as_found, in_order
from terminology.claims.bulk.grains import mask_of, plan_of
from terminology.claims.bulk.lines import LineParts
from terminology.claims.bulk.parts import BulkNotes, Prober, numbers_in, remember
from terminology.claims.check import completed, unanswered_in
from terminology.claims.claim import Claim, ClaimSetting
from terminology.claims.context import check_context
from terminology.claims.edit import Edit
from terminology.claims.edits import EDITS
from terminology.claims.finding import NotChecked


class BulkChecker:
    """Checks claims one after the other; it remembers codes and days, nothing of a claim."""

    def __init__(
        self, store: Store, edits: tuple[Edit, ...] = EDITS, requested: Collection[str] = ()
    ) -> None:
        """``requested`` are ids of edits that give their advice on request only; they run on every claim."""
        self._store = store
        self._requested = frozenset(requested)
        self._asked = mask_of(edits, self._requested)
        self._edits = edits
        self._prober = Prober(store, edits, plan_of(edits))
        self._diagnoses = DiagnosisParts(self._prober)
        self._lines = LineParts(self._prober)
        self._elsewhere = {
            one: [NotChecked(edit.id, edit.elsewhere) for edit in edits if one not in edit.settings]
            for one in ClaimSetting
        }
        self._told: set[ClaimSetting] = set()
        self._shapes: dict[Hashable, tuple[PlacedFinding, ...]] = {}

    def notes(self) -> BulkNotes:
        """Return what was applied and what was not since the last call."""
        notes, self._prober.notes = self._prober.notes, BulkNotes()
        self._told.clear()
        return notes

    def findings(self, claim: Claim) -> list[PlacedFinding]:
        """Return what the edits find on a claim, in the order of :func:`terminology.claims.check.check`."""
        setting, plan, found = claim.setting, self._prober.plan, list[PlacedFinding]()
        applies = self._prober.applies[setting]
        if setting in self._told:
            run = plan.always | self._asked
            run |= self._diagnoses.ask(claim, found) | self._lines.ask(claim, found)
            run = (run | self._shape(claim, found)) & applies
            if found:
                told = applies & ~run  # what runs finds its part again
                found = [each for each in found if told >> each.kept.edit & 1]
        else:  # the first of its setting runs through all edits, so that each says whether it applies
            run = applies
            self._told.add(setting)
            self._prober.notes.not_checked |= dict.fromkeys(self._elsewhere[setting])
            self._prober.notes.not_checked |= dict.fromkeys(unanswered_in(setting))
        if run:
            context = check_context(self._store, self._requested)
            for number in numbers_in(run):
                for finding in self._prober.run(number, claim, context):
                    found.append(as_found(completed(finding, claim, self._store), number))
        return in_order(found)

    def _shape(self, claim: Claim, told: list[PlacedFinding]) -> int:
        """Add what is found of a claim's outline, or return the edits to run for it."""
        plan, start, end = self._prober.plan, claim.statement_from, claim.statement_through
        lines = []
        for line in claim.lines:
            day = line.date_of_service
            if day is not None and ((start is not None and day < start) or (end is not None and day > end)):
                return plan.shape  # the day is told
            lines.append((line.pointers, day is None))
        where: Hashable = (
            claim.setting,
            len(claim.diagnoses),
            len(claim.external_causes),
            len(claim.reason_for_visit),
            (start is None, end is None, start == end),
            tuple(lines),
        )
        found = self._shapes.get(where)
        if found is None:
            context = check_context(self._store)
            found = remember(
                self._shapes,
                where,
                tuple(
                    as_found(completed(finding, claim, self._store), number)
                    for number in numbers_in(plan.shape & self._prober.applies[claim.setting])
                    for finding in self._prober.run(number, claim, context)
                ),
            )
        told += found
        return 0
