"""The weights of words, on which every choice of a code rests."""

from __future__ import annotations

import random

from terminology.crosswalk.read.lexicon import phrase
from terminology.crosswalk.read.names import Name, Names

TITLES = [
    f"{kind} of {site}" for kind in ("Pain", "Injury", "Cyst", "Ulcer") for site in ("knee", "lip", "ear")
]


def test_words_weigh_the_same_in_any_order() -> None:
    """A set of words has another order in each run; a choice must not."""
    names = Names(Name(str(n), title, phrase(title)) for n, title in enumerate(TITLES))
    words = sorted({w for title in TITLES for w in phrase(title).words} | {f"w{n}" for n in range(40)})
    totals = set()
    for seed in range(50):
        random.Random(seed).shuffle(words)
        totals.add(names.total(words))
    assert len(totals) == 1
