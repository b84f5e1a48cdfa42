"""One word of a query as it is scored."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Slot:
    """One word of the query: its own token, and all tokens that satisfy it with how well.

    ``weight`` scales the word's importance (below 1 for words that are a preference); a residual word
    weighs little anyway. ``denied`` numbers the denied item the word belongs to, 0 if it is asserted.
    ``said`` are the words that were typed, where they are others. What lacks a word that ``denies`` all the
    others does not answer them.
    """

    word: str
    token: str
    tokens: tuple[tuple[str, float], ...]
    weight: float = 1.0
    denied: int = 0
    said: tuple[str, ...] = ()
    denies: bool = False

    @property
    def typed(self) -> tuple[str, ...]:
        """The words of the query it stands for."""
        return self.said or (self.word,)
