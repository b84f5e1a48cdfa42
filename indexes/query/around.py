"""Readings by the words around what is said: where it was (*at school*), what someone has or did."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from indexes.query.reading import Reading, context_slot
from indexes.query.slot import Slot
from indexes.text.analysis import tokens
from indexes.text.context import Context

_TRUST = 0.98
_ASIDE = 0.3
_AT = frozenset(("at", "in", "on"))
_LONGEST_PLACE = 5
_HAS = frozenset(("has", "have", "wears", "wear", "wearing", "uses", "using"))
_HAS_WITHIN, _LONGEST_STATUS = 3, 7
_WHILE = frozenset(("while", "during", "when"))
_LONGEST_ACTIVITY = 3


def place_reading(typed: Sequence[str], readings: Sequence[Reading]) -> Iterator[Reading]:
    """Yield each reading as a place, where a query is nothing but one: *at school*, *in the pool*."""
    if len(typed) <= _LONGEST_PLACE and typed[:1] and typed[0] in _AT:
        place = tuple(Slot("", token, ((token, 1.0),)) for token in tokens("place of occurrence"))
        for reading in readings:
            label = "; ".join(filter(None, (reading.label, "a place of occurrence")))
            yield Reading((*reading.slots, *place), reading.trust * _TRUST, label)


def status_reading(typed: Sequence[str], readings: Sequence[Reading]) -> Iterator[Reading]:
    """Yield each reading as a status, where someone has, wears or uses something: *wears hearing aids*."""
    if len(typed) <= _LONGEST_STATUS and not _HAS.isdisjoint(typed[:_HAS_WITHIN]):
        for reading in readings:
            what = tuple(slot for slot in reading.slots if slot.word not in _HAS)
            if what and not any(slot.denied for slot in what):
                label = "; ".join(filter(None, (reading.label, "a status")))
                yield Reading((*what, context_slot(Context.STATUS)), reading.trust * _TRUST, label)


def activity_reading(typed: Sequence[str], readings: Sequence[Reading]) -> Iterator[Reading]:
    """Yield each reading as an activity, by what was done *while* it happened: *hurt while swimming*."""
    at = next((n for n, word in enumerate(typed) if word in _WHILE), len(typed))
    done = frozenset(typed[at + 1 :])
    if done and len(done) <= _LONGEST_ACTIVITY:
        activity = tuple(Slot("", token, ((token, 1.0),)) for token in tokens("activity"))
        for reading in readings:
            what = tuple(slot for slot in reading.slots if slot.word in done)
            rest = (replace(slot, weight=slot.weight * _ASIDE) for slot in reading.slots if slot not in what)
            label = "; ".join(filter(None, (reading.label, "an activity")))
            if what:
                yield Reading((*activity, *what, *rest), reading.trust * _TRUST, label)
