"""From what was typed to the readings that are scored."""

from __future__ import annotations

from dataclasses import dataclass

from indexes.query.around import activity_reading, place_reading, status_reading
from indexes.query.codes import code_parts, codes_within
from indexes.query.reading import Reading, readings_of
from indexes.query.words import slots_of
from indexes.text.analysis import words
from indexes.text.chart import ChartReading, read_chart
from indexes.text.lexicon import Lexicon
from terminology.codes import WrittenCode, read_code
from terminology.errors import InvalidRequestError

LONGEST_QUERY = 2_000
MOST_WORDS = 24
_MOST_OTHERWISE = 2


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """A query as it will be scored.

    ``corrected`` is the query with its misspelt words put right, if any. ``codes`` are the keys of the codes
    it consists of, ``codes_within`` of those among its words, ``written`` the first with the system that its
    prefix names. ``chart`` says what was left out and denied.
    """

    text: str
    readings: tuple[Reading, ...]
    corrected: str | None
    chart: ChartReading
    codes: tuple[str, ...] = ()
    codes_within: tuple[str, ...] = ()
    written: WrittenCode | None = None


def _capitals(text: str) -> frozenset[str]:
    """Return the words that are typed in capitals, none where all are."""
    return frozenset() if text.isupper() else frozenset(w.lower() for w in text.split() if w.isupper())


def checked(text: str) -> str:
    """Return ``text`` without control characters.

    Raises :class:`InvalidRequestError` when nothing is left or it is longer than 2,000 characters.
    """
    cleaned = "".join(c if c.isprintable() else " " for c in text[: LONGEST_QUERY + 1]).strip()
    if not cleaned:
        raise InvalidRequestError("q", "is empty; type a code, a term or a part of one")
    if len(text) > LONGEST_QUERY:
        raise InvalidRequestError(
            "q", f"is {len(text)} characters long; at most {LONGEST_QUERY} are searched"
        )
    return cleaned


def parse(text: str, lexicon: Lexicon) -> ParsedQuery:
    """Return the readings of a query, the literal one first.

    Filler is left out, words the index does not know are split, joined, completed or corrected; abbreviations
    and lay terms add readings.
    """
    chart = read_chart(text, lexicon.drugs)
    spoken = chart.words[:MOST_WORDS]
    slots, corrected = slots_of(spoken, lexicon, unfinished=text[-1:].isalnum())
    readings = readings_of(slots, lexicon, chart.context, _capitals(text))
    if chart.context is None and not chart.only_denies:
        typed = words(text)
        if not chart.denied and not any(r.label for r in readings):
            readings = (*readings, *place_reading(typed, readings[:1]))
        readings = (
            *readings,
            *status_reading(typed, readings[:_MOST_OTHERWISE]),
            *activity_reading(typed, readings[:1]),
        )
    codes = code_parts(text)
    written = read_code(text) if codes else None
    return ParsedQuery(text, readings, corrected, chart, codes, codes_within(text), written)
