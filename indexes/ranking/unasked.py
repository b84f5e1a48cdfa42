"""What must be asked for: a history, an intent. A code that says it loses a little where the query does not.

Of a fall that is not said to be meant, the accident is coded; of a disease that is not said to be past, the
disease. What is on one side is an injury, not its cause: external causes have no side.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import numpy as np

from indexes.disk.columns import Floats, Ints
from indexes.disk.shard import TERM_KINDS, Shard
from indexes.documents.document import TermKind
from indexes.query.slot import Slot
from indexes.text.analysis import tokens
from indexes.text.context import Context
from indexes.text.tables import unasked
from indexes.text.vocabulary import sides
from terminology.systems import ICD10CM

_HISTORY = "history"
_HISTORY_MARKS = (Context.PERSONAL.value, Context.FAMILY.value)
_ASKS_HISTORY = frozenset((_HISTORY, *_HISTORY_MARKS, Context.STATUS.value))
_OF_ITS_OWN = 255
_EXTERNAL, _HAS_NO_SIDE = "20", np.float32(3)
_TITLE = TERM_KINDS.index(TermKind.TITLE)


def unasked_of(shard: Shard, slots: Iterable[Slot], units: Ints) -> Floats:
    """Return for each of the units how many things it says that the words of a query do not ask for."""
    asked = {slot.token for slot in slots}
    total, columns = _said(shard)
    found: Floats = total[units]
    for words, column in columns:
        if not words.isdisjoint(asked):
            found = found - column[units]
    if shard.system == ICD10CM.id and not asked.isdisjoint(sides()):
        found = found + (shard.chapter[units] == shard.chapter_number(_EXTERNAL)) * _HAS_NO_SIDE
    return found


@cache
def _words() -> tuple[frozenset[str], ...]:
    return tuple(frozenset(tokens(" ".join(row.words))) for row in unasked())


def _said(shard: Shard) -> tuple[Floats, tuple[tuple[frozenset[str], Floats], ...]]:
    """Return how many things each unit says, and for each thing the words that ask for it and the units."""
    if shard.unasked is None:
        columns = (
            (_ASKS_HISTORY, _of_history(shard)),
            *((words, _saying(shard, words)) for words in _words()),
        )
        total: Floats = np.add.reduce([column for _, column in columns], dtype=np.float32)
        shard.unasked = total, columns
    return shard.unasked


def _of_history(shard: Shard) -> Floats:
    found = np.zeros(len(shard), np.float32)
    for mark in _HISTORY_MARKS:
        if mark in shard.lexicon and _HISTORY in shard.lexicon:
            marked, _ = shard.units_with(shard.lexicon[mark])
            named, weights = shard.units_with(shard.lexicon[_HISTORY])
            found[np.intersect1d(marked, named[weights == _OF_ITS_OWN])] = 1
    return found


def _saying(shard: Shard, words: Iterable[str]) -> Floats:
    found = np.zeros(len(shard), np.float32)
    for word in words:
        if word in shard.lexicon:
            phrases = shard.phrases_with(shard.lexicon[word])
            titles = phrases[shard.phrase_kind[phrases] == _TITLE]
            found[shard.phrase_unit[titles]] = 1
    return found
