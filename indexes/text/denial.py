"""What a text denies: the words after ``without``, ``no``, ``negative for``, up to where the denial ends.

A denied word is a token of its own (``!aura``), in what is indexed and in what is asked, so that ``migraine
without aura`` meets the code that denies an aura and not the one that asserts it.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import count

from indexes.text.analysis import STOP_WORDS, fold, tokens, tokens_with_words, words
from indexes.text.tables import denials

DENIED = "!"
"""What stands before a token that is denied."""

_LONGEST_CUE = 4
_CLAUSE = re.compile(r"[,;:()\[\]?!\n]|\.\s|\.$| - ")
_MAY_DENY = re.compile(
    r"\b(?:without|w/o|not?|non|never|neg|negative|sin|sem|den(?:ies|ied|ying)|free|absence)\b", re.I
)
_JOINS = frozenset(("or", "nor", "and"))
_DENIES_ONE, _OF_A_TEST, _TEST = "denies one", "denies a test", "test"


@dataclass(frozen=True, slots=True)
class SpokenWord:
    """One word as written and its token (empty for a stop word).

    ``denied`` is the number of the denied item it belongs to (0: asserted), ``clause`` the number of its
    clause.
    """

    word: str
    token: str
    denied: int = 0
    clause: int = 0


@cache
def _roles() -> dict[tuple[str, ...], str]:
    return {row.words: row.role for row in denials()}


def may_deny(text: str) -> bool:
    """Whether ``text`` holds a word that denies."""
    return _MAY_DENY.search(text) is not None


def signed_tokens(text: str) -> list[str]:
    """Return the search tokens of a term, denied ones marked.

    >>> signed_tokens("Migraine without aura, not intractable"), signed_tokens("Cholera NOS, not specified")
    (['migrain', '!aura', '!intractabl'], ['cholera', 'nos', 'not', 'specified'])
    """
    if not may_deny(text):
        return tokens(text)
    spoken = spoken_words(text)
    return [DENIED + s.token if s.denied else s.token for s in spoken]


def spoken_words(text: str) -> list[SpokenWord]:
    """Return the words of ``text`` that are not stop words, each with what denies it.

    Words that only deny are left out. A text that asserts nothing is taken word by word: *no show*.

    >>> [(s.token, s.denied) for s in spoken_words("chest pain, denies fever or chills")]
    [('chest', 0), ('pain', 0), ('fever', 1), ('chill', 2)]
    """
    if may_deny(text):
        found = [s for s in all_words(text) if s.token]
        if any(not s.denied for s in found):
            return found
    return [SpokenWord(word, token) for word, token in tokens_with_words(text)]


def all_words(text: str) -> Iterator[SpokenWord]:
    """Yield the words of ``text``, stop words too, without those that only deny."""
    reader = _Reader()
    for number, clause in enumerate(_CLAUSE.split(fold(text))):
        yield from reader.read(clause, number)


class _Reader:
    """Reads clause after clause; ``item`` is the number of the denied item it stands in, 0 for none."""

    def __init__(self) -> None:
        self._items = count(1)
        self._role, self._before = "", ""
        self._item = self._said = 0

    def read(self, clause: str, number: int) -> Iterator[SpokenWord]:
        spoken = _denials_first(words(clause))
        pairs = deque(tokens_with_words(" ".join(spoken)))
        if self._role and spoken:
            self._cross_clause()
        at = 0
        while at < len(spoken):
            role, length = _cue(spoken, at)
            if role.startswith("denies") and role != "denies nothing":
                self._begin(role)
                self._before = spoken[at]
                at += _skipped(spoken[at : at + length], pairs)
                continue
            for word in spoken[at : at + length]:
                if role == "ends":
                    self._end(word)
                token = _token(word, pairs)
                yield SpokenWord(word, token, self._item, number)
                self._after(word)
            at += length

    def _cross_clause(self) -> None:
        """A denial ends with its clause, unless it goes on past commas.

        In an index path *without* is a level of its own and denies the next one.
        """
        if self._role == "denies on":
            self._begin(self._role)
        elif self._said or self._before != "without":
            self._role, self._item = "", 0

    def _begin(self, role: str) -> None:
        self._role, self._item, self._said = role, next(self._items), 0

    def _end(self, word: str) -> None:
        if word == "of" and _roles().get((self._before,)) == "carries on":
            return
        self._role, self._item = "", 0

    def _after(self, word: str) -> None:
        self._before = word
        if not self._item:
            return
        if word in _JOINS:
            if self._said:
                self._begin(self._role)
        elif word not in STOP_WORDS:
            self._said += 1
            if self._role == _DENIES_ONE:
                self._role, self._item = "", 0


def _denials_first(spoken: list[str]) -> list[str]:
    """Return words with what denies a test behind it put before it: *strep negative* as *negative strep*.

    >>> _denials_first(["pharyngitis", "strep", "negative"]), _denials_first(["rh", "negative", "mother"])
    (['pharyngitis', 'negative', 'strep'], ['rh', 'negative', 'mother'])
    """
    roles = _roles()
    for at in range(1, len(spoken)):
        if roles.get((spoken[at],)) == _OF_A_TEST and _is_test(spoken, at - 1):
            spoken[at - 1], spoken[at] = spoken[at], spoken[at - 1]
    return spoken


def _cue(spoken: list[str], at: int) -> tuple[str, int]:
    """Return the role and the number of the words that begin at ``at``; an ordinary word has none."""
    for length in range(min(_LONGEST_CUE, len(spoken) - at), 0, -1):
        role = _roles().get(tuple(spoken[at : at + length]))
        if role == _OF_A_TEST:
            return (_DENIES_ONE if _is_test(spoken, at + 1) else ""), 1
        if role is not None:
            return role, length
    return "", 1


def _is_test(spoken: list[str], at: int) -> bool:
    return at < len(spoken) and _roles().get((spoken[at],)) == _TEST


def _skipped(cue: list[str], pairs: deque[tuple[str, str]]) -> int:
    """Leave out the words of a cue; return how many they are."""
    for word in cue:
        _token(word, pairs)
    return len(cue)


def _token(word: str, pairs: deque[tuple[str, str]]) -> str:
    """Take the token of the next word from what is left of a clause; a stop word has none there."""
    return pairs.popleft()[1] if pairs and pairs[0][0] == word else ""
