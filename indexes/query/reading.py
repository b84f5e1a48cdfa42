"""The ways a query can be read: as typed, and with abbreviations and lay terms written out."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, islice, product

from indexes.query.slot import Slot
from indexes.query.together import COMBINED_TRUST, SCATTERED_TRUST, combined, scattered
from indexes.text.context import Context, lasts
from indexes.text.lexicon import FORM_FIT, Lexicon
from indexes.text.vocabulary import (
    Rewriting,
    by_stem,
    find_rewritings,
)
from indexes.weights import WEIGHTS

MOST_READINGS = 6
MOST_SCORED_WORDS = 30
_MOST_AGAIN = 2


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a query: the words to be found and how far the reading is trusted."""

    slots: tuple[Slot, ...]
    trust: float
    label: str

    def otherwise(self, slots: tuple[Slot, ...], trust: float, said: str) -> Reading:
        """Return this reading with other words, trusted ``trust`` times as far; ``said`` is for the user."""
        label = "; ".join(filter(None, (self.label, said)))
        return Reading(slots, self.trust * trust, label)


def readings_of(
    slots: Sequence[Slot], lexicon: Lexicon, context: Context | None, capitals: Container[str] = frozenset()
) -> tuple[Reading, ...]:
    """Return the readings of a query, the literal one first where all its words are known.

    ``context`` asks in each reading for the codes of a history or a status, unless the disease lasts.
    ``capitals`` are the words that were typed in capitals, unless all were.
    """
    plain = _plain_readings(slots, lexicon, context is not None, capitals)
    literal = Reading(tuple(slots), 1.0, "")
    plain = (*plain, *_together(dict.fromkeys((literal, *plain)), lexicon), *_apart(literal, lexicon))
    if context is not None and not (
        context is Context.PERSONAL and any(lasts(_said(reading)) for reading in plain)
    ):
        mark = context_slot(context)
        plain = tuple(Reading((*r.slots, mark), r.trust, r.label) for r in plain)
    return tuple(replace(r, slots=tuple(_with_emphasis(r.slots, lexicon))) for r in plain)


def _together(readings: Iterable[Reading], lexicon: Lexicon) -> Iterator[Reading]:
    """Yield the first reading in which words say something together, read so."""
    for reading in readings:
        said = combined(reading.slots, lexicon)
        if said is not None:
            yield reading.otherwise(said[0], COMBINED_TRUST, said[1])
            return


def _apart(reading: Reading, lexicon: Lexicon) -> Iterator[Reading]:
    """Yield the reading with the words of a lay phrase that stand apart, if they do."""
    said = scattered(reading.slots, lexicon)
    if said is not None:
        yield Reading(said[0], SCATTERED_TRUST, said[1])


def _with_emphasis(slots: Sequence[Slot], lexicon: Lexicon) -> Iterator[Slot]:
    """Yield the words of a reading, what is wrong weighing more than where and on which side."""
    for slot in slots:
        forms = (token for token, fit in slot.tokens if fit >= FORM_FIT)
        names = not slot.denied and any(token in lexicon.conditions for token in forms)
        yield replace(slot, weight=slot.weight * WEIGHTS.condition) if names else slot


def _said(reading: Reading) -> list[str]:
    return [slot.token for slot in reading.slots if not slot.denied and slot.weight == 1.0]


def context_slot(context: Context) -> Slot:
    """Return the mark that asks for the codes of a history or a status."""
    weight = WEIGHTS.status if context is Context.STATUS else WEIGHTS.context
    return Slot("", context.value, ((context.value, 1.0),), weight)


def _plain_readings(
    slots: Sequence[Slot], lexicon: Lexicon, past: bool, capitals: Container[str]
) -> tuple[Reading, ...]:
    literal = Reading(tuple(slots), 1.0, "")
    found = _found_rewritings(slots, lexicon, past, capitals)
    if not found:
        return (literal,)
    choices = [(None, *readings) for _, readings in found]
    starts = [at for at, _ in found]
    # all places rewritten first: "pt w CHF and COPD" is read with both
    affordable = max(1, min(MOST_READINGS, MOST_SCORED_WORDS // len(slots)))
    likeliest = islice(_fullest_first(choices), affordable)
    readings = [
        _rewritten(slots, starts, combination, lexicon) for combination in likeliest if any(combination)
    ]
    readings += islice(filter(None, (_once_more(r, lexicon, past) for r in readings)), _MOST_AGAIN)
    unknown = [s for s in slots if not any(t in lexicon for t, _ in s.tokens)]
    return (*readings,) if unknown and readings else (literal, *readings)


def _found_rewritings(
    slots: Sequence[Slot], lexicon: Lexicon, past: bool, capitals: Container[str]
) -> list[tuple[int, tuple[Rewriting, ...]]]:
    """Return what can be read otherwise, within what is asserted and within each denied item.

    A drug that no code names is read as its class; an ordinary word is no abbreviation beside others.
    """
    found: list[tuple[int, tuple[Rewriting, ...]]] = []
    at = 0
    for _, run in groupby(slots, key=lambda slot: slot.denied):
        # the parts of a word that was split are no abbreviations
        words = ["" if slot.said and slot.word not in slot.said else slot.token for slot in run]
        found += [(at + start, readings) for start, readings in find_rewritings(words, past)]
        at += len(words)
    if len(slots) > 1:
        found = [
            (at, kept)
            for at, readings in found
            if (kept := tuple(r for r in readings if not r.in_capitals or slots[at].word in capitals))
        ]
    read = {at + n for at, readings in found for n in range(len(readings[0].words))}
    for at, slot in enumerate(slots):
        if at not in read and slot.token not in lexicon.drugs.listed:
            by_class = by_stem((slot.token,))
            found += [(at, by_class)] if by_class else []
    return sorted(found, key=lambda pair: pair[0])


def _once_more(reading: Reading, lexicon: Lexicon, past: bool) -> Reading | None:
    """Return a reading with the phrases that its rewriting made read in turn: *low k*, *low potassium*."""
    words = ["" if slot.denied else slot.token for slot in reading.slots]
    found = [
        (at, readings[0])
        for at, readings in find_rewritings(words, past)
        if len({slot.said for slot in reading.slots[at : at + len(readings[0].words)]}) > 1
    ]
    if not found:
        return None
    again = _rewritten(reading.slots, [at for at, _ in found], [one for _, one in found], lexicon)
    return replace(again, trust=again.trust * reading.trust, label=f"{reading.label}; {again.label}")


def _fullest_first(choices: Sequence[tuple[Rewriting | None, ...]]) -> list[tuple[Rewriting | None, ...]]:
    bounded = islice(product(*(reversed(c) for c in choices)), 64)
    return sorted(bounded, key=lambda combination: sum(c is None for c in combination))


def _rewritten(
    slots: Sequence[Slot],
    starts: Sequence[int],
    combination: Sequence[Rewriting | None],
    lexicon: Lexicon,
) -> Reading:
    result: list[Slot] = []
    at = 0
    trust = 1.0
    labels = []
    for start, rewriting in zip(starts, combination, strict=True):
        if rewriting is None:
            continue
        result.extend(slots[at:start])
        have = {slot.token for slot in result}
        weight, denied = slots[start].weight, slots[start].denied
        said = tuple(w for slot in slots[start : start + len(rewriting.words)] for w in slot.typed)
        result.extend(
            Slot(token, token, ((token, 1.0), *lexicon.related(token)), weight, denied, said)
            for token in dict.fromkeys(rewriting.meaning)
            if token not in have
        )
        at = start + len(rewriting.words)
        trust *= rewriting.trust
        labels.append(f"{' '.join(rewriting.words)} = {rewriting.reading}")
    result.extend(slots[at:])
    return Reading(tuple(result), trust, "; ".join(labels))
