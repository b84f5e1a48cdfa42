"""Wider readings: by the whole a body part belongs to, and by *drug* for the name of one.

A lump of the wrist is coded as one of the upper limb, the myopathy of a statin as drug-induced.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from dataclasses import replace

from indexes.disk.body_parts import Words
from indexes.disk.known_terms import KnownTerms
from indexes.query.reading import Reading
from indexes.query.slot import Slot
from indexes.text.analysis import tokens
from indexes.text.lexicon import Lexicon
from indexes.text.vocabulary import sides

_TRUST = 0.93
_STEPS = 3
_BOTH = frozenset(tokens("both bilateral"))
_DRUG = tuple(tuple(tokens(words)) for words in ("drug", "drug induced"))
_DRUG_TRUST = 0.98
_LONGEST = 2


def wider_readings(reading: Reading, parts: Mapping[Words, Words], lexicon: Lexicon) -> tuple[Reading, ...]:
    """Return the readings with a body part replaced by what it is a part of, the nearest whole first.

    What is on both sides is also read without a side: most conditions have a code for each side alone.
    """
    found: list[Reading] = list(_without_both(reading))
    for _ in range(_STEPS):
        wider = _widened(reading, parts, lexicon)
        if wider is None:
            break
        found.append(wider)
        reading = wider
    return tuple(found)


def _without_both(reading: Reading) -> Iterator[Reading]:
    kept = tuple(slot for slot in reading.slots if slot.token not in _BOTH or slot.denied)
    if 0 < len(kept) < len(reading.slots):
        yield reading.otherwise(kept, _TRUST, "a side left out")


def lacks_side(reading: Reading, unused: Collection[str]) -> bool:
    """Whether a side stands among the words of a reading that its answer does not use."""
    of_side = (slot for slot in reading.slots if slot.token in sides() and not slot.denied)
    return any(word in unused for slot in of_side for word in slot.typed)


def drug_reading(
    reading: Reading, terms: KnownTerms, drugs: Container[str], lexicon: Lexicon
) -> tuple[Reading, ...]:
    """Return the reading that takes the names of drugs for *drug*, where that makes a term; else none.

    *Penicillin rash* is the term *rash, drug*, *statin myopathy* is *myopathy, drug-induced*.
    """
    named = [slot for slot in reading.slots if slot.token in drugs and not slot.denied]
    rest = [slot for slot in reading.slots if slot not in named]
    if not named or not rest or any(slot.denied for slot in rest):
        return ()
    said = tuple(word for slot in named for word in slot.typed)
    sets = [{*(slot.token for slot in rest), *words} for words in _DRUG]
    for words, is_term in zip(_DRUG, terms.known(sets), strict=True):
        if is_term:
            drug = [Slot(w, w, ((w, 1.0), *lexicon.related(w)), 1.0, 0, said) for w in words]
            label = f"{' '.join(said)} = a drug"
            return (replace(reading, slots=(*rest, *drug), trust=reading.trust * _DRUG_TRUST, label=label),)
    return ()


def _widened(reading: Reading, parts: Mapping[Words, Words], lexicon: Lexicon) -> Reading | None:
    for length in range(_LONGEST, 0, -1):
        for at in range(len(reading.slots) - length + 1):
            replaced = reading.slots[at : at + length]
            whole = parts.get(tuple(slot.token for slot in replaced))
            if whole is None or any(slot.denied for slot in replaced):
                continue
            slots = (*reading.slots[:at], *_slots(whole, replaced, lexicon), *reading.slots[at + length :])
            part = " ".join(slot.word for slot in replaced)
            return reading.otherwise(slots, _TRUST, f"{part} as a part of {' '.join(whole)}")
    return None


def _slots(whole: Words, replaced: Sequence[Slot], lexicon: Lexicon) -> tuple[Slot, ...]:
    said = tuple(word for slot in replaced for word in slot.typed)
    return tuple(
        Slot(token, token, ((token, 1.0), *lexicon.related(token)), replaced[0].weight, 0, said)
        for token in whole
    )
