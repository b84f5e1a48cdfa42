"""A bundle's crosswalk against the double codings: by stratum, weighted, with the draw's own uncertainty."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from bench.double_coding.adjudicated import DoubleCoding
from bench.double_coding.compared import GROUPS
from bench.recommended import Recommended
from terminology.crosswalk.review.agreement import Pair

Z95 = 1.96


@dataclass(frozen=True, slots=True)
class Measured:
    """One coded code with what the crosswalk recommends for it, ``None`` where that is no target."""

    coding: DoubleCoding
    target: Recommended | None

    @property
    def _pairs(self) -> Sequence[Pair]:
        given = self.coding.defensible or ("",)
        return [Pair(self.coding.drawn.code, self.target.expression if self.target else "", e) for e in given]

    @property
    def stem(self) -> bool:
        """Whether its first stem is that of an expression that either reader gave or accepted."""
        return any(pair.same_stem for pair in self._pairs)

    @property
    def exact(self) -> bool:
        """Whether it is an expression that either reader gave or accepted, in whatever order."""
        return any(pair.same for pair in self._pairs)

    @property
    def settled(self) -> bool | None:
        """Whether its first stem is that of the adjudicated expression; ``None`` without one."""
        settled, target = self.coding.adjudicated, self.target
        if settled is None:
            return None
        return Pair("", target.expression if target else "", settled.expression).same_stem

    @property
    def overclaims(self) -> bool:
        """Whether it claims to say all while both readers say that something is lost."""
        claims = self.target is not None and self.target.representation.startswith("full")
        return claims and not any(reading.representation == "full" for reading in self.coding.readings)


Figure = Callable[[Measured], bool | None]
"""What is true or false of a measured code, ``None`` where it cannot be told."""
FIGURES: tuple[tuple[str, Figure], ...] = (
    ("stem", lambda m: m.stem),
    ("exact", lambda m: m.exact),
    ("settled stem", lambda m: m.settled),
    ("overclaims", lambda m: m.overclaims),
)


def measure(codings: Iterable[DoubleCoding], targets: Mapping[str, Recommended]) -> list[Measured]:
    """Set the recommended target beside each coding."""
    return [Measured(coding, targets.get(coding.drawn.code)) for coding in codings]


def evaluation_rows(found: Sequence[Measured]) -> Iterator[tuple[str, ...]]:
    """Yield lines of a table: for each group its codes and figures, then the weighted ones of the frame."""
    yield ("group", "codes", *(name for name, _ in FIGURES))
    for name, belongs in GROUPS:
        group = [one for one in found if belongs(one.coding.drawn)]
        if group:
            yield (name, str(len(group)), *(_share(group, figure) for _, figure in FIGURES))
    weighted = (weighted_share(found, figure) for _, figure in FIGURES)
    yield ("all, weighted", str(len(found)), *(f"{share:.3f} ±{margin:.3f}" for share, margin in weighted))


def weighted_share(found: Sequence[Measured], figure: Figure) -> tuple[float, float]:
    """Return a share of the frame's families and the half width of its 95 % interval.

    The stratified estimator with the finite population correction (Cochran WG, Sampling Techniques, 1977,
    section 5.4). A stratum of one drawn code adds no variance: the width is too small by that. Where only a
    fold is measured, its codes stand for the whole of their strata.
    """
    strata: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    for one in found:
        if (told := figure(one)) is not None:
            strata[one.coding.drawn.stratum].append((one.coding.drawn.weight, told))
    total = sum(weight for members in strata.values() for weight, _ in members) or 1.0
    share, variance = 0.0, 0.0
    for members in strata.values():
        drawn, size = len(members), sum(weight for weight, _ in members) / total
        part = sum(told for _, told in members) / drawn
        share += size * part
        if drawn > 1:
            left = 1.0 - 1.0 / members[0][0]
            variance += size**2 * left * part * (1.0 - part) / (drawn - 1)
    return share, Z95 * sqrt(variance)


def _share(group: Sequence[Measured], figure: Figure) -> str:
    told = [value for one in group if (value := figure(one)) is not None]
    return f"{sum(told) / len(told):.3f}" if told else "-"
