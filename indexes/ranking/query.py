"""From what was typed to the readings that are scored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice, product

from indexes.ranking.code_query import code_parts, codes_within
from indexes.ranking.score import Slot
from indexes.text.analysis import STOP_WORDS, normal_form, tokens_with_words, words
from indexes.text.lexicon import Lexicon
from indexes.text.vocabulary import Rewriting, fillers, find_rewritings, related_words, rewritten_words
from terminology.codes import WrittenCode, read_code
from terminology.errors import InvalidRequestError

LONGEST_QUERY = 2_000
MOST_WORDS = 24
MOST_READINGS = 6
MOST_SCORED_WORDS = 30
_MOST_CORRECTED = 4
_PREFIX_FROM = 3
_FILLER_LONGEST = 4
_RARE = 30
_LONGEST_WORD = 40
_CORRECTED_FIT = 0.9


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a query: the words to be found and how far the reading is trusted."""

    slots: tuple[Slot, ...]
    trust: float
    label: str


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """A query as it will be scored.

    ``corrected`` is the query with its misspelt words put right, if any. ``codes`` are the keys of the codes
    it consists of, ``codes_within`` of those among its words, ``written`` the first with the system that its
    prefix names.
    """

    text: str
    readings: tuple[Reading, ...]
    corrected: str | None
    codes: tuple[str, ...] = ()
    codes_within: tuple[str, ...] = ()
    written: WrittenCode | None = None


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


def parse(text: str, lexicon: Lexicon, *, typing: bool = False) -> ParsedQuery:
    """Return the readings of a query, the literal one first.

    ``typing`` means that the last word may be unfinished even if it is a word. Filler is left out, words the
    index does not know are split, joined, completed or corrected; abbreviations and lay terms
    add readings.
    """
    pairs, weights = _without_filler(text)
    pairs, weights = pairs[:MOST_WORDS], weights[:MOST_WORDS]
    unfinished = text[-1:].isalnum()
    slots: list[Slot] = []
    surfaces: list[str] = []
    corrected_words = 0
    for at, ((word, token), weight) in enumerate(zip(pairs, weights, strict=True)):
        last = at == len(pairs) - 1 and unfinished
        correct = corrected_words < _MOST_CORRECTED
        slot, corrected = _slot(word, token, weight, lexicon, last, typing=typing and last, correct=correct)
        slots.extend(slot)
        surfaces.append(corrected or word)
        corrected_words += corrected is not None
    slots = _joined(slots, lexicon)
    spelled = " ".join(surfaces) if corrected_words else None
    codes = code_parts(text)
    written = read_code(text) if codes else None
    return ParsedQuery(text, _readings(slots, lexicon), spelled, codes, codes_within(text), written)


def _without_filler(text: str) -> tuple[list[tuple[str, str]], list[float]]:
    known = fillers()
    spoken = words(text)
    weight_at = [1.0] * len(spoken)
    at = 0
    while at < len(spoken):
        for length in range(min(_FILLER_LONGEST, len(spoken) - at), 0, -1):
            weight = known.get(tuple(spoken[at : at + length]))
            if weight is not None:
                weight_at[at : at + length] = [weight] * length
                at += length
                break
        else:
            at += 1
    if not any(w and s not in STOP_WORDS for w, s in zip(weight_at, spoken, strict=True)):
        weight_at = [1.0] * len(spoken)
    content = [w for w, s in zip(weight_at, spoken, strict=True) if s not in STOP_WORDS]
    pairs: list[tuple[str, str]] = []
    weights: list[float] = []
    for pair, weight in zip(tokens_with_words(text), content, strict=True):
        if weight and pair[1] not in {token for _, token in pairs}:
            pairs.append(pair)
            weights.append(weight)
    return pairs, weights


def _slot(
    word: str, token: str, weight: float, lexicon: Lexicon, completes: bool, *, typing: bool, correct: bool
) -> tuple[list[Slot], str | None]:
    """Return the slots of one word and, when it was misspelt, the word as it was taken."""
    related = related_words().get(token, ())
    if token in lexicon or related:
        found = dict(((token, 1.0), *related))
        rare = completes and len(word) >= _PREFIX_FROM and lexicon.counts.get(token, 0) < _RARE
        if (typing and len(word) >= 2) or rare:
            for other in lexicon.completions(word):
                found.setdefault(other, 0.85 if typing else 0.75)
        return [Slot(word, token, tuple(found.items()), weight)], None
    if token in rewritten_words():
        return [Slot(word, token, ((token, 1.0),), weight)], None
    if completes and len(word) >= _PREFIX_FROM:
        completions = lexicon.completions(word)
        if completions:
            return [Slot(word, token, tuple((t, 0.9) for t in completions), weight)], None
    parts = _split(word, lexicon)
    if parts:
        return [Slot(p, p, ((p, 1.0), *related_words().get(p, ())), weight) for p in parts], None
    meant = lexicon.spelling.corrections(token) if correct else ()
    if meant:
        return [
            Slot(word, token, tuple((t, _CORRECTED_FIT - 0.1 * i) for i, t in enumerate(meant)), weight)
        ], lexicon.surface(meant[0])
    return [Slot(word, token, ((token, 1.0),), weight)], None


def _split(word: str, lexicon: Lexicon) -> tuple[str, ...]:
    best: tuple[int, tuple[str, ...]] = (0, ())
    if len(word) > _LONGEST_WORD:
        return ()
    for at in range(3, len(word) - 2):
        first, second = normal_form(word[:at]), normal_form(word[at:])
        if first in lexicon and second in lexicon:
            score = min(lexicon.counts[first], lexicon.counts[second])
            if score > max(best[0], 4):
                best = score, (first, second)
    return best[1]


def _joined(slots: Sequence[Slot], lexicon: Lexicon) -> list[Slot]:
    """Join neighbours that the index writes as one word: ``cardio vascular``."""
    result: list[Slot] = []
    for slot in slots:
        if result:
            joined = normal_form(result[-1].word + slot.word)
            alone = all(not any(t in lexicon for t, _ in s.tokens) for s in (result[-1], slot))
            if len(joined) > 5 and joined in lexicon and (alone or lexicon.counts[joined] > 3):
                before = result.pop()
                rare = min(_count(before, lexicon), _count(slot, lexicon))
                if alone or rare * 3 < lexicon.counts[joined]:
                    result.append(Slot(before.word + slot.word, joined, ((joined, 1.0),), slot.weight))
                    continue
                result.append(before)
        result.append(slot)
    return result


def _count(slot: Slot, lexicon: Lexicon) -> int:
    return max((lexicon.counts.get(t, 0) for t, _ in slot.tokens), default=0)


def _readings(slots: Sequence[Slot], lexicon: Lexicon) -> tuple[Reading, ...]:
    literal = Reading(tuple(slots), 1.0, "")
    found = find_rewritings([slot.token for slot in slots])
    if not found:
        return (literal,)
    choices = [(None, *readings) for _, readings in found]
    starts = [at for at, _ in found]
    # all places rewritten first: "pt w CHF and COPD" is read with both
    affordable = max(1, min(MOST_READINGS, MOST_SCORED_WORDS // len(slots)))
    likeliest = islice(_fullest_first(choices), affordable)
    readings = [_rewritten(slots, starts, combination) for combination in likeliest if any(combination)]
    unknown = [s for s in slots if not any(t in lexicon for t, _ in s.tokens)]
    return (*readings,) if unknown and readings else (literal, *readings)


def _fullest_first(choices: Sequence[tuple[Rewriting | None, ...]]) -> list[tuple[Rewriting | None, ...]]:
    bounded = islice(product(*(reversed(c) for c in choices)), 64)
    return sorted(bounded, key=lambda combination: sum(c is None for c in combination))


def _rewritten(
    slots: Sequence[Slot], starts: Sequence[int], combination: Sequence[Rewriting | None]
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
        weight = slots[start].weight
        result.extend(
            Slot(token, token, ((token, 1.0), *related_words().get(token, ())), weight)
            for token in dict.fromkeys(rewriting.meaning)
            if token not in have
        )
        at = start + len(rewriting.words)
        trust *= rewriting.trust
        labels.append(f"{' '.join(rewriting.words)} = {rewriting.reading}")
    result.extend(slots[at:])
    return Reading(tuple(result), trust, "; ".join(labels))
