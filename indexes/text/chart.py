"""A query as a chart says it: what is asserted, what is denied, what is past, and what says nothing."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from functools import cache

from indexes.text.analysis import tokens_with_words
from indexes.text.context import Context, context_cues, is_past
from indexes.text.denial import SpokenWord, all_words
from indexes.text.noise import without_noise
from indexes.text.vocabulary import fillers

_LONGEST_CUE = 5
_ASIDE = 0.3
_FAINT = 0.1
_TAKES = frozenset(
    ("on", "taking", "takes", "took", "given", "tried", "using", "uses", "started", "starting", "controlled",
     "managed", "treated", "continue", "continued", "refill", "refills", "prescribed")
)  # fmt: skip
_ABUSED = frozenset(
    ("cocaine", "crack", "heroin", "marijuana", "cannabis", "weed", "pot", "meth", "methamphetamine", "lsd",
     "pcp", "mdma", "ecstasy", "drugs", "tobacco", "nicotine", "alcohol", "inhalants")
)  # fmt: skip
"""What is taken, but not as a treatment."""
_JOINS = frozenset(("and", "plus", "or", "with", "by", "of", "for", "her", "his"))
_ABOUT_DRUGS = frozenset(
    ("overdose", "overdosed", "od", "poisoning", "poisoned", "toxicity", "toxic", "reaction", "allergy",
     "allergic", "rash", "adverse", "underdosing", "induced", "withdrawal", "dependence", "abuse", "term",
     "effect", "too", "level", "injection", "shot", "infusion")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ChartWord:
    """A word that is searched: ``weight`` below 1 makes it a preference, ``denied`` numbers a denied item.

    ``denies`` marks the words by which a query denies all it says: *no* in *no fever*.
    """

    word: str
    token: str
    weight: float = 1.0
    denied: int = 0
    denies: bool = False


@dataclass(frozen=True, slots=True)
class ChartReading:
    """What a query says: its words, what holds of them, the words left out, the words it denies.

    A query that only denies (*no chest pain*) is searched word by word, with the words that deny, as a term
    that only denies is indexed (*no health insurance coverage*); its ``denied`` words say so.
    """

    words: tuple[ChartWord, ...]
    context: Context | None = None
    left_out: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()

    @property
    def said_aside(self) -> tuple[str, ...]:
        """The words that are searched as a faint preference: *meds*."""
        return tuple(word.word for word in self.words if word.weight <= _FAINT)

    @property
    def only_denies(self) -> bool:
        """Whether all that the query says is denied."""
        return any(word.denies for word in self.words)


@dataclass(frozen=True, slots=True)
class _Weighed:
    spoken: SpokenWord
    weight: float
    cue: Context | None = None

    @property
    def is_content(self) -> bool:
        return self.cue is None and self.weight > 0 and bool(self.spoken.token)


_LONG_TERM_USE = tuple(
    _Weighed(SpokenWord(word, token), 1.0) for word, token in tokens_with_words("long term use")
)
"""What *on warfarin* says, where nothing else is said."""


def read_chart(text: str, drugs: Container[str] = frozenset()) -> ChartReading:
    """Return what a query says; ``drugs`` are the tokens that name drugs.

    >>> reading = read_chart("pt here with h/o dvt, denies fever")
    >>> [(w.word, w.denied) for w in reading.words], reading.context.value, reading.left_out
    ([('dvt', 0), ('fever', 1)], '@personal', ('pt', 'here'))
    """
    rest, noise = without_noise(text)
    weighed = _weighed(list(all_words(rest)))
    denied = tuple(w.spoken.word for w in weighed if w.spoken.denied and w.is_content)
    if not any(w.is_content and not w.spoken.denied for w in weighed):
        return _literal(text, denied)
    weighed, context = _in_context(_without_drugs_taken(weighed, drugs))
    if context is None and is_past(text):
        context = Context.PERSONAL
    found: dict[tuple[str, bool], ChartWord] = {}
    for w in weighed:
        if w.is_content:
            s = w.spoken
            found.setdefault((s.token, bool(s.denied)), ChartWord(s.word, s.token, w.weight, s.denied))
    left_out = (
        *noise,
        *(w.spoken.word for w in weighed if w.spoken.token and w.weight == 0 and w.cue is None),
    )
    return ChartReading(tuple(found.values()), context, left_out, denied)


def _without_drugs_taken(weighed: list[_Weighed], drugs: Container[str]) -> list[_Weighed]:
    """Leave out the drugs a patient is *on* beside a disease, unless the drug is what it is about."""
    if any(w.spoken.word in _ABOUT_DRUGS or w.spoken.word in _ABUSED for w in weighed):
        return weighed
    content = [w for w in weighed if w.is_content and not w.spoken.denied]
    if all(w.spoken.token in drugs for w in content):
        return [*_LONG_TERM_USE, *weighed] if weighed[0].spoken.word in _TAKES else weighed
    result: list[_Weighed] = []
    taken = False
    for w in weighed:
        if w.spoken.token not in drugs:
            taken = w.spoken.word in _TAKES or (taken and w.spoken.word in _JOINS)
        result.append(replace(w, weight=0.0) if taken and w.is_content and w.spoken.token in drugs else w)
    return result


def _literal(text: str, denied: tuple[str, ...]) -> ChartReading:
    said = {s.token for s in all_words(text)}
    words: dict[str, ChartWord] = {}
    for word, token in tokens_with_words(text):
        words.setdefault(token, ChartWord(word, token, denies=bool(denied) and token not in said))
    return ChartReading(tuple(words.values()), None, (), denied)


@cache
def _cues() -> dict[tuple[str, ...], Context | float | None]:
    """Fillers with their weight, contexts; ``None`` for words that are neither, though they look so."""
    return {**fillers(), **context_cues()}


def _weighed(spoken: Sequence[SpokenWord]) -> list[_Weighed]:
    known = _cues()
    words = [s.word for s in spoken]
    result: list[_Weighed] = []
    at = 0
    while at < len(spoken):
        for length in range(min(_LONGEST_CUE, len(spoken) - at), 0, -1):
            key = tuple(words[at : at + length])
            if key in known:
                value = known[key]
                cue = value if isinstance(value, Context) else None
                weight = value if isinstance(value, float) else 1.0
                result += [_Weighed(s, weight, cue) for s in spoken[at : at + length]]
                at += length
                break
        else:
            result.append(_Weighed(spoken[at], 1.0))
            at += 1
    return result


def _in_context(weighed: list[_Weighed]) -> tuple[list[_Weighed], Context | None]:
    """Return the words and the context that holds of them.

    What is said in passing (*chest pain with history of stroke*) weighs little and gives no context.
    """
    at = next((n for n, w in enumerate(weighed) if w.cue is not None and not w.spoken.denied), None)
    if at is None:
        return weighed, None
    cue = weighed[at].cue
    after = [n for n, w in enumerate(weighed) if n > at and w.is_content and not w.spoken.denied]
    before = [n for n, w in enumerate(weighed[:at]) if w.is_content and w.weight == 1 and not w.spoken.denied]
    if not after or not before or cue is Context.STATUS:
        return weighed, None if cue is Context.UNCERTAIN else cue
    clause = weighed[at].spoken.clause
    aside = {n for n in after if weighed[n].spoken.clause == clause}
    return [replace(w, weight=_ASIDE) if n in aside else w for n, w in enumerate(weighed)], None
