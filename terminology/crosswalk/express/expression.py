"""An expression in the making, and which axes its stems take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from terminology.crosswalk.base.tabulation import Tabulation
from terminology.crosswalk.model import Step
from terminology.crosswalk.read.facets import Reading
from terminology.crosswalk.read.lexicon import phrase
from terminology.crosswalk.tables.rows import axes


@dataclass(slots=True)
class Expression:
    """An expression under construction: groups of codes, and the steps that led to it.

    ``words`` are words its codes say beyond their titles: further names, the chapter's own subject.
    ``whole`` tells that the stem's title says the whole source title; ``optional`` are extension codes, each
    with its stem, that nothing shows the stem to take.
    """

    groups: list[list[str]]
    steps: list[Step] = field(default_factory=list)
    words: set[str] = field(default_factory=set)
    whole: bool = False
    optional: set[tuple[str, str]] = field(default_factory=set)

    @property
    def codes(self) -> list[str]:
        """All members in order."""
        return [code for group in self.groups for code in group]

    def join(self, stem: str, why: str, source: str) -> None:
        """Add a further stem after ``/``."""
        self.groups.append([stem])
        self.steps.append(Step("postcoordinate", why, source))


class Axes:
    """Which axes the stems of one target release take in an expression (``axes.tsv``)."""

    def __init__(self, tabulation: Tabulation) -> None:
        self._tabulation = tabulation
        self._scopes = {row.chapter: (frozenset(row.axes), frozenset(row.own)) for row in axes()}
        self._of: dict[str, tuple[frozenset[str], frozenset[str]]] = {}

    def of(self, stem: str) -> tuple[frozenset[str], frozenset[str]]:
        """The axes a stem takes, and the words its group says by itself: the eye in diseases of the eye."""
        known = self._of.get(stem)
        if known is None:
            prefixes = (stem[:n] for n in range(len(stem), 1, -1))
            scope = next((p for p in prefixes if p in self._scopes), self._tabulation.chapter(stem))
            known = self._of[stem] = self._scopes.get(scope, (frozenset(), frozenset()))
        return known

    def takes(self, stem: str, axis: str) -> bool:
        """Whether a stem takes an axis."""
        return axis in self.of(stem)[0]

    def said(self, codes: Sequence[str]) -> frozenset[str]:
        """The words the titles of some codes say."""
        return frozenset(w for c in codes for w in phrase(self._tabulation.title(c)).everything)

    def unsaid(self, made: Expression, reading: Reading) -> frozenset[str]:
        """The words a title asserts that an expression does not say yet."""
        said = self.said(made.codes) | made.words
        return frozenset(w for w in reading.core.everything if w not in said and not w.startswith("!"))
