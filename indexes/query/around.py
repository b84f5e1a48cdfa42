"""Readings by the words around what is said: where it was (*at school*), what someone has or did."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from indexes.query.reading import Reading, context_slot
from indexes.query.slot import Slot
from indexes.query.together import ASIDE
from indexes.text.analysis import tokens
from indexes.text.context import Context

_TRUST = 0.98
_AT = frozenset(("at", "in", "on"))
_LONGEST_PLACE = 5
_HAS = frozenset(("has", "have", "wears", "wear", "wearing", "uses", "using"))
_HAS_WITHIN, _LONGEST_STATUS = 3, 7
_WHILE = frozenset(("while", "during", "when"))
_LONGEST_ACTIVITY = 3


def place_reading(typed: Sequence[str], readings: Sequence[Reading]) -> Iterator[Reading]:
    """Yield each reading as a place, where a query is nothing but one: *at school*, *in the pool*."""
    if len(typed) <= _LONGEST_PLACE and typed[:1] and typed[0] in _AT:
        place = _asked_too("place of occurrence")
        for reading in readings:
            yield reading.otherwise((*reading.slots, *place), _TRUST, "a place of occurrence")


def status_reading(typed: Sequence[str], readings: Sequence[Reading]) -> Iterator[Reading]:
    """Yield each reading as a status, where someone has, wears or uses something: *wears hearing aids*."""
    if len(typed) <= _LONGEST_STATUS and not _HAS.isdisjoint(typed[:_HAS_WITHIN]):
        for reading in readings:
            what = tuple(slot for slot in reading.slots if slot.word not in _HAS)
            if what and not any(slot.denied for slot in what):
                yield reading.otherwise((*what, context_slot(Context.STATUS)), _TRUST, "a status")


def activity_reading(typed: Sequence[str], readings: Sequence[Reading]) -> Iterator[Reading]:
    """Yield each reading as an activity, by what was done *while* it happened: *hurt while swimming*."""
    at = next((n for n, word in enumerate(typed) if word in _WHILE), len(typed))
    done = frozenset(typed[at + 1 :])
    if done and len(done) <= _LONGEST_ACTIVITY:
        activity = _asked_too("activity")
        for reading in readings:
            what = tuple(slot for slot in reading.slots if slot.word in done)
            rest = (replace(slot, weight=slot.weight * ASIDE) for slot in reading.slots if slot not in what)
            if what:
                yield reading.otherwise((*activity, *what, *rest), _TRUST, "an activity")


def _asked_too(text: str) -> tuple[Slot, ...]:
    """Return the words that mark the codes asked for, of which none was typed."""
    return tuple(Slot("", token, ((token, 1.0),)) for token in tokens(text))
