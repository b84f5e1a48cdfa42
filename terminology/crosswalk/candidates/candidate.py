"""A stem under consideration, and the source code it is considered for."""

from __future__ import annotations

from dataclasses import dataclass, field

from terminology.crosswalk.base.who_ancestor import Base
from terminology.crosswalk.model import Step
from terminology.crosswalk.read.facets import Reading
from terminology.crosswalk.read.lexicon import Phrase, phrase
from terminology.crosswalk.read.names import Match


@dataclass(slots=True)
class Candidate:
    """A stem under consideration; ``match`` is its best name, ``score`` the weighed sum of its ``features``.

    ``support`` are the features WHO's tables give it, empty where neither they nor its place speak for it;
    ``exact`` tells that its title says the whole source title, ``one`` that it is WHO's single target of
    the nearest base, ``near`` that it is any target of that base; ``contrary`` that its title says the
    opposite of the source, ``beside`` that it says another thing than a source below its code, ``elsewhere``
    that it is of another site; ``structured`` that the source's category alone decides; ``said`` are words
    of the source that its groups say in others.
    """

    stem: str
    groups: tuple[tuple[str, ...], ...]
    support: dict[str, float] = field(default_factory=dict)
    features: dict[str, float] = field(default_factory=dict)
    match: Match | None = None
    score: float = 0.0
    exact: bool = False
    one: bool = False
    near: bool = False
    contrary: bool = False
    beside: bool = False
    elsewhere: bool = False
    structured: bool = False
    said: frozenset[str] = frozenset()
    steps: list[Step] = field(default_factory=list)

    @property
    def supported(self) -> bool:
        """Whether a row of WHO's tables or its place beside their targets speaks for it."""
        return bool(self.support)


@dataclass(frozen=True, slots=True)
class Source:
    """What is known of a source code: its title, inclusion terms and bases, and its letter of ICD-10.

    ``shares`` are the shares of ICD-11 chapters among WHO's targets of that letter, ``head`` the telling
    words of its head clause: a name without any of them is of something else. Of its words, ``mine``
    are all, ``affirmed`` and ``denied`` those its title asserts and denies, ``sides`` its sides, and
    ``around`` those of its bases too.
    """

    letter: str
    reading: Reading
    synonyms: list[Phrase]
    bases: list[Base]
    shares: dict[str, float]
    head: frozenset[str] = frozenset()
    mine: frozenset[str] = field(init=False)
    affirmed: frozenset[str] = field(init=False)
    denied: frozenset[str] = field(init=False)
    sides: frozenset[str] = field(init=False)
    around: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        """Read once what every candidate is compared with."""
        core, mine = self.reading.core, self.reading.core.everything
        denied = {word for word in core.words if word.startswith("!")}
        object.__setattr__(self, "mine", mine)
        object.__setattr__(self, "affirmed", core.words - denied)
        object.__setattr__(self, "denied", frozenset(word[1:] for word in denied))
        object.__setattr__(self, "sides", self.reading.sides)
        object.__setattr__(self, "around", mine.union(*(phrase(b.title).everything for b in self.bases)))

    @property
    def grounded(self) -> bool:
        """Whether WHO has a code it comes from, and not only the block around it."""
        return bool(self.bases) and not self.bases[0].is_block
