"""Words the index does not know: what sounds the same, else what is the fewest keystrokes apart."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache

_SHORTEST = 5
_TWO_SLIPS_FROM = 8
_LONGEST = 40


class Spelling:
    """Corrections out of a vocabulary.

    ``vocabulary`` maps each token to the number of units it leads to. Only words of at least five letters
    are corrected; words of eight and more may be two keystrokes off.
    """

    def __init__(self, vocabulary: Mapping[str, int]) -> None:
        self._count = vocabulary
        self._by_shape: dict[tuple[str, int], list[str]] = defaultdict(list)
        for token in vocabulary:
            if token.isalpha() and len(token) >= 4:
                self._by_shape[token[0], len(token)].append(token)
        self._by_sound: dict[str, list[str]] = defaultdict(list)
        for token in vocabulary:
            if token.isalpha() and len(token) >= _SHORTEST:
                self._by_sound[sound(token)].append(token)
        self._masks = {shape: [_letters(t) for t in found] for shape, found in self._by_shape.items()}
        self.corrections = lru_cache(maxsize=4096)(self._corrections)

    def _corrections(self, token: str, most: int = 2) -> tuple[str, ...]:
        """Return up to ``most`` known tokens ``token`` may stand for, the likeliest first.

        A slip in the first letter is looked for only when nothing nearer is found.
        """
        if not _SHORTEST <= len(token) <= _LONGEST or not token.isalpha():
            return ()
        alike = self._by_sound.get(sound(token))
        if alike:
            return tuple(sorted(alike, key=lambda other: (-self._count[other], other))[:most])
        slips = 2 if len(token) >= _TWO_SLIPS_FROM else 1
        found = self._near(token, token[0], slips)
        if not found:
            other = [first for first in "abcdefghijklmnopqrstuvwxyz" if first != token[0]]
            found = [pair for first in other for pair in self._near(token, first, 1)]
        found.sort()
        return tuple(t for _, _, t in found[:most])

    def _near(self, token: str, first: str, slips: int) -> list[tuple[float, int, str]]:
        mask = _letters(token)
        near = []
        for length in range(len(token) - slips, len(token) + slips + 1):
            shape = first, length
            for other, letters in zip(self._by_shape.get(shape, ()), self._masks.get(shape, ()), strict=True):
                if (mask ^ letters).bit_count() > 2 * slips:
                    continue
                steps = distance(token, other, slips)
                if steps <= slips:
                    near.append(
                        (steps - 0.1 * min(self._count[other], 50) ** 0.5, -self._count[other], other)
                    )
        return near


_SOUNDS = (
    (re.compile(r"^p(?=[ns])"), ""), (re.compile(r"ph"), "f"), (re.compile(r"(?<=[bcdgkprst])h"), ""),
    (re.compile(r"y"), "i"),
    (re.compile(r"[ao]e"), "e"), (re.compile(r"c(?=[ei])|z"), "s"), (re.compile(r"c|q"), "k"),
    (re.compile(r"x"), "ks"), (re.compile(r"eu"), "u"), (re.compile(r"(.)\1+"), r"\1"),
)  # fmt: skip


def sound(word: str) -> str:
    """Return a word as it sounds: letters that sound the same are one, doubled letters single.

    >>> sound("cirosis") == sound("cirrhosis"), sound("diarea") == sound("diarrhea"), sound("ileus")
    (True, True, 'ilus')
    """
    for pattern, letter in _SOUNDS:
        word = pattern.sub(letter, word)
    return word


def _letters(word: str) -> int:
    mask = 0
    for letter in word:
        mask |= 1 << (ord(letter) & 31)
    return mask


def distance(first: str, second: str, most: int) -> int:
    """Return the keystrokes between two words (a swap of neighbours is one), ``most + 1`` if more.

    >>> distance("pnuemonia", "pneumonia", 2), distance("hemorhage", "hemorrhage", 2), distance("a", "xyz", 1)
    (1, 1, 2)
    """
    if abs(len(first) - len(second)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(second) + 1))
    for i, a in enumerate(first, 1):
        above, row = row, [i]
        for j, b in enumerate(second, 1):
            step = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a != b))
            if i > 1 and j > 1 and a == second[j - 2] and first[i - 2] == b:
                step = min(step, before[j - 2] + 1)
            row.append(step)
        before = above
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)
