"""The words of a query as slots: known, related, completed, corrected, split or joined."""

from __future__ import annotations

from collections.abc import Sequence

from indexes.query.slot import Slot
from indexes.text.analysis import normal_form
from indexes.text.chart import ChartWord
from indexes.text.lexicon import FORM_FIT, Lexicon
from indexes.text.vocabulary import rewritten_words

_MOST_CORRECTED = 4
_PREFIX_FROM = 3
_RARE = 30
_LONGEST_WORD = 40
_CORRECTED_FIT = 0.9
_WHOLE_FIT = 0.97
_DERIVED_FIT = 0.9
_COMPLETED_FIT = 0.75


def slots_of(
    spoken: Sequence[ChartWord], lexicon: Lexicon, *, unfinished: bool
) -> tuple[list[Slot], str | None]:
    """Return the slots of a query and, where words were misspelt, the query as it was taken.

    ``unfinished`` means that the last word may go on.
    """
    slots: list[Slot] = []
    surfaces: list[str] = []
    corrected_words = 0
    for at, chart_word in enumerate(spoken):
        last = at == len(spoken) - 1 and unfinished
        correct = corrected_words < _MOST_CORRECTED
        made, corrected = _slot(chart_word, lexicon, last, correct=correct)
        slots.extend(made)
        surfaces.append(corrected or chart_word.word)
        corrected_words += corrected is not None
    return _joined(slots, lexicon), " ".join(surfaces) if corrected_words else None


def _slot(
    said: ChartWord, lexicon: Lexicon, completes: bool, *, correct: bool
) -> tuple[list[Slot], str | None]:
    """Return the slots of one word and, when it was misspelt, the word as it was taken."""
    word, token = said.word, said.token
    if said.denies:
        return [Slot(word, token, ((token, 1.0),), denies=True)], None

    def slot(tokens: tuple[tuple[str, float], ...]) -> Slot:
        return Slot(word, token, tokens, said.weight, said.denied)

    related = (*lexicon.related(token), *_whole_number(token))
    if token in lexicon or related:
        found = dict(((token, 1.0), *related))
        if lexicon.counts.get(token, 0) < _RARE:
            for other in lexicon.derived(word):
                found.setdefault(other, _DERIVED_FIT)
        rare = completes and len(word) >= _PREFIX_FROM and lexicon.counts.get(token, 0) < _RARE
        if rare:
            for other in lexicon.completions(word):
                found.setdefault(other, _COMPLETED_FIT)
        return [slot(tuple(found.items()))], None
    if token in rewritten_words():
        return [slot(((token, 1.0),))], None
    if completes and len(word) >= _PREFIX_FROM:
        completions = lexicon.completions(word)
        if completions:
            return [slot(tuple((t, 0.9) for t in completions))], None
    parts = _split(word, lexicon)
    if parts:
        both = [((p, 1.0), *lexicon.related(p)) for p in parts]
        return [
            Slot(p, p, t, said.weight, said.denied, (word,)) for p, t in zip(parts, both, strict=True)
        ], None
    derived = lexicon.derived(word)
    if derived:
        return [slot(tuple((t, FORM_FIT) for t in derived))], None
    meant = lexicon.spelling.corrections(token) if correct else ()
    if meant:
        taken = tuple((t, _CORRECTED_FIT - 0.1 * i) for i, t in enumerate(meant))
        return [slot(taken)], lexicon.surface(meant[0])
    return [slot(((token, 1.0),))], None


def _whole_number(token: str) -> tuple[tuple[str, float], ...]:
    """Return the whole number a decimal lies on: titles give ranges, which are indexed by whole numbers."""
    whole, point, _ = token.partition(".")
    return ((whole, _WHOLE_FIT),) if point and whole.isdigit() else ()


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
            same = result[-1].denied == slot.denied and not (result[-1].denies or slot.denies)
            if same and len(joined) > 5 and joined in lexicon and (alone or lexicon.counts[joined] > 3):
                before = result.pop()
                rare = min(_count(before, lexicon), _count(slot, lexicon))
                if alone or rare * 3 < lexicon.counts[joined]:
                    result.append(
                        Slot(before.word + slot.word, joined, ((joined, 1.0),), slot.weight, slot.denied)
                    )
                    continue
                result.append(before)
        result.append(slot)
    return result


def _count(slot: Slot, lexicon: Lexicon) -> int:
    return max((lexicon.counts.get(t, 0) for t, _ in slot.tokens), default=0)
