"""What was typed so far, read as whole words and the letters with which one more begins.

The last letters are taken as they stand beside what the query's own reading makes of them: *chole* is an
abbreviation and the beginning of a word, *my* is filler and the beginning of *myeloid*. Where they may become
a word that says nothing (*o* of *of*), what stands before them is a reading too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from operator import itemgetter

from indexes.query.parsed import ParsedQuery, parse
from indexes.query.reading import Reading
from indexes.query.slot import Slot
from indexes.text.analysis import STOP_WORDS, normal_form, words
from indexes.text.lexicon import Lexicon
from indexes.text.vocabulary import Rewriting, rewritings_beginning
from indexes.weights import WEIGHTS

_LEAST_LETTERS = 2
_MOST_TAIL = 3
_MOST_READINGS = 3
_MOST_OTHERWISE = 2


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A reading of what was typed so far: whole words, and the letters with which one more begins.

    ``last`` is the word these letters are by themselves, if they are one.
    """

    slots: tuple[Slot, ...]
    begins: str
    last: Slot | None
    trust: float


def unfinished(text: str, parsed: ParsedQuery, lexicon: Lexicon) -> tuple[Unfinished, ...]:
    """Return the readings of a half-typed text, read as ``parsed`` where it is taken as it stands."""
    typed = words(text)
    ended = not text[-1:].isalnum()
    letters = "" if ended or not typed else typed[-1]
    readings = [_as_typed(reading, letters) for reading in parsed.readings[:_MOST_READINGS]]
    if letters:
        readings += _by_last_letters(typed, readings, lexicon)
    return (*readings, *islice(_said_otherwise(typed, ended, lexicon), _MOST_OTHERWISE))


def _as_typed(reading: Reading, letters: str) -> Unfinished:
    """Take the last word of a reading for a beginning, if it is the one whose ``letters`` were typed last."""
    last = reading.slots[-1] if reading.slots else None
    if letters and last is not None and not last.said and not last.denied and last.word == letters:
        return Unfinished(reading.slots[:-1], letters, last, reading.trust)
    left_out = bool(letters) and not any(letters in slot.typed for slot in reading.slots)
    trust = WEIGHTS.begun_left_out if left_out else 1.0
    return Unfinished(reading.slots, "", None, reading.trust * trust)


def _by_last_letters(typed: list[str], known: list[Unfinished], lexicon: Lexicon) -> Iterator[Unfinished]:
    """Yield the readings that the last letters make as they stand, where no ``known`` one takes them so."""
    *whole, letters = typed
    before = " ".join(whole)
    if all(reading.begins != letters for reading in known):
        readings = parse(before, lexicon).readings if before else ()
        slots = readings[-1].slots if readings else ()
        yield Unfinished(slots, letters, None, WEIGHTS.begun_otherwise)
    if before and any(word.startswith(letters) for word in STOP_WORDS):
        yield from (
            Unfinished(reading.slots, "", None, reading.trust * WEIGHTS.begun_left_out)
            for reading in parse(before, lexicon).readings[:_MOST_OTHERWISE]
        )


def _said_otherwise(typed: list[str], ended: bool, lexicon: Lexicon) -> Iterator[Unfinished]:
    """Yield readings in which the last words typed begin what is said otherwise.

    What is whole with the word that is begun stands before what takes more words, then what begins with more
    of the words typed, then what means a frequent thing: *lung can* is *lung cancer* before its screening.
    """
    if typed and (ended or typed[-1] in STOP_WORDS):
        typed = [*typed, ""]
    spoken = [word for word in typed if word not in STOP_WORDS]
    begun: list[tuple[int, int, int, Rewriting]] = []
    for length in range(min(_MOST_TAIL, len(spoken)), 0, -1):
        *whole, last = spoken[-length:]
        if (len(last) < _LEAST_LETTERS and not whole) or length == len(spoken) == 1:
            continue
        for rewriting in rewritings_beginning((*map(normal_form, whole), last)):
            often = min((lexicon.counts.get(token, 0) for token in rewriting.meaning), default=0)
            begun.append((len(rewriting.words) - length, -length, -often, rewriting))
    begun.sort(key=itemgetter(0, 1, 2))
    meant: set[tuple[int, tuple[str, ...]]] = set()
    for _, before_last, _, rewriting in begun:
        if (before_last, rewriting.meaning) in meant:
            continue
        meant.add((before_last, rewriting.meaning))
        before = " ".join(spoken[:before_last])
        head = parse(before, lexicon).readings[-1].slots if before else ()
        slots = (Slot(t, t, ((t, 1.0), *lexicon.related(t))) for t in dict.fromkeys(rewriting.meaning))
        yield Unfinished((*head, *slots), "", None, WEIGHTS.begun_otherwise * rewriting.trust)
