"""How far two reviewers agree: their signed sheets of the same codes, compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from terminology.cluster import parse
from terminology.codes import code_key
from terminology.crosswalk.review.overrides import Override


@dataclass(frozen=True, slots=True)
class Pair:
    """What two reviewers decided for one source; an empty expression says: no target."""

    source: str
    first: str
    second: str

    @property
    def stems(self) -> tuple[str, str]:
        """The first stem of each decision."""
        return _stem(self.first), _stem(self.second)

    @property
    def same_stem(self) -> bool:
        """Whether both begin with the same stem."""
        return self.stems[0] == self.stems[1]

    @property
    def same(self) -> bool:
        """Whether both say the same, whatever the order of stems and extension codes."""
        return _unordered(self.first) == _unordered(self.second)


@dataclass(frozen=True, slots=True)
class ReviewAgreement:
    """Two sheets compared: the sources both decided, and those only one of them did."""

    pairs: tuple[Pair, ...]
    only_first: tuple[str, ...]
    only_second: tuple[str, ...]

    @property
    def differences(self) -> tuple[Pair, ...]:
        """The sources the two decided differently, in the first sheet's order."""
        return tuple(pair for pair in self.pairs if not pair.same)

    @property
    def stem_share(self) -> float:
        """The share of sources with the same stem; 0 without any."""
        return sum(pair.same_stem for pair in self.pairs) / (len(self.pairs) or 1)

    @property
    def share(self) -> float:
        """The share of sources with the same expression; 0 without any."""
        return sum(pair.same for pair in self.pairs) / (len(self.pairs) or 1)

    @property
    def stem_kappa(self) -> float:
        """Cohen's kappa of the stems: agreement beyond that of chance."""
        return kappa([pair.stems for pair in self.pairs])

    @property
    def kappa(self) -> float:
        """Cohen's kappa of the expressions."""
        return kappa([(str(_unordered(p.first)), str(_unordered(p.second))) for p in self.pairs])


def compare_reviews(first: Iterable[Override], second: Iterable[Override]) -> ReviewAgreement:
    """Compare the decisions of two reviewers, source by source."""
    ours = {code_key(o.source): o for o in first}
    theirs = {code_key(o.source): o for o in second}
    both = [key for key in ours if key in theirs]
    return ReviewAgreement(
        tuple(Pair(ours[k].source, ours[k].expression, theirs[k].expression) for k in both),
        tuple(o.source for key, o in ours.items() if key not in theirs),
        tuple(o.source for key, o in theirs.items() if key not in ours),
    )


def kappa(choices: Sequence[tuple[str, str]]) -> float:
    """Cohen's kappa of pairs of choices (Cohen J, 1960); 1 where chance alone would agree always.

    >>> round(kappa([("a", "a"), ("a", "b"), ("b", "b"), ("b", "b")]), 2)
    0.5
    """
    total = len(choices)
    if not total:
        return 0.0
    ours, theirs = Counter(a for a, _ in choices), Counter(b for _, b in choices)
    observed = sum(a == b for a, b in choices) / total
    expected = sum(count * theirs[choice] for choice, count in ours.items()) / total**2
    return 1.0 if expected == 1.0 else (observed - expected) / (1.0 - expected)


def _stem(expression: str) -> str:
    return parse(expression).stem if expression else ""


def _unordered(expression: str) -> tuple[str, ...]:
    if not expression:
        return ()
    return tuple(sorted("&".join([g.stem, *sorted(g.extensions)]) for g in parse(expression).groups))
