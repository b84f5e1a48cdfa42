"""Which sets of words are, exactly, a term of some code: hashes of all phrases, to be asked quickly."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from hashlib import blake2b
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexes.disk.units import Unit
from indexes.text.denial import DENIED

_FILE = "known_terms.npy"
_LONGEST = 6
_MARKS = (DENIED, "@")


def term_hash(words: Collection[str]) -> int:
    """Return the hash of a set of tokens, whatever their order."""
    return int.from_bytes(blake2b(" ".join(sorted(words)).encode(), digest_size=8).digest(), "little")


def hashes_of(units: Iterable[Unit]) -> set[int]:
    """Return the hashes of the phrases of units, without those that deny or are marked."""
    return {
        term_hash(phrase.tokens)
        for unit in units
        for phrase in unit.phrases
        if len(phrase.tokens) <= _LONGEST and not any(token[0] in _MARKS for token in phrase.tokens)
    }


def write_known_terms(folder: Path, hashes: Collection[int]) -> None:
    """Write the hashes of all terms of an index."""
    np.save(folder / _FILE, np.array(sorted(hashes), np.uint64), allow_pickle=False)


class KnownTerms:
    """The terms of an index, opened for asking."""

    def __init__(self, folder: Path) -> None:
        self._hashes: NDArray[np.uint64] = np.load(folder / _FILE, mmap_mode="r", allow_pickle=False)

    def known(self, sets: Iterable[Collection[str]]) -> list[bool]:
        """Return for each set of tokens whether it is a term."""
        wanted = np.array([term_hash(words) for words in sets], np.uint64)
        if not len(wanted) or not len(self._hashes):
            return [False] * len(wanted)
        at = np.minimum(np.searchsorted(self._hashes, wanted), len(self._hashes) - 1)
        found: list[bool] = (self._hashes[at] == wanted).tolist()
        return found
