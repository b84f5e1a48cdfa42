"""What a search may be narrowed to, and the counts by which it could be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexes.disk.columns import Ints
from indexes.disk.shard import KINDS, SETTINGS, Shard
from terminology.concept import Kind
from terminology.errors import InvalidRequestError


@dataclass(frozen=True, slots=True)
class Filter:
    """Narrows results to a chapter (its code), a kind, billable codes or headings; ``None`` does not narrow.

    ``setting`` narrows nothing: it names the care setting by whose volumes equals are ordered. ``release`` is
    one of the shard's releases; without it that of the day of the build counts, with ``every`` all do.
    ``gone`` are keys that are not in use on the day that is asked for, though the release holds them,
    ``flags`` keys whose billable flag may be another there than in the newest release, with that flag. Raises
    :class:`InvalidRequestError` for a kind or setting that does not exist.
    """

    chapter: str | None = None
    kind: str | None = None
    billable: bool | None = None
    setting: str | None = None
    release: str | None = None
    gone: frozenset[str] = frozenset()
    every: bool = False
    flags: frozenset[tuple[str, bool]] = frozenset()

    def __post_init__(self) -> None:
        for name, value, known in (("kind", self.kind, KINDS), ("setting", self.setting, SETTINGS)):
            if value is not None and value not in known:
                raise InvalidRequestError(name, f"'{value[:40]}' is none of {', '.join(known)}")

    def mask(self, shard: Shard) -> NDArray[np.bool_]:
        """Return which units of a system pass."""
        masks = [shard.everything if self.every else shard.held_by(self.release or shard.release)]
        if self.gone:
            masks.append(shard.in_use(self.gone))
        if self.chapter is not None:
            masks.append(shard.chapter == shard.chapter_number(self.chapter))
        if self.kind is not None:
            masks.append(self.flagged(shard)[1] == KINDS.index(Kind(self.kind)))
        if self.billable is not None:
            masks.append(self.flagged(shard)[0] == int(self.billable))
        return np.logical_and.reduce(masks) if len(masks) > 1 else masks[0]

    def flagged(self, shard: Shard) -> tuple[NDArray[np.int8], NDArray[np.uint8]]:
        """Return the billable flags of a system's units (1, 0, or -1 for none), and their kinds."""
        return shard.flagged(self.flags) if self.flags else (shard.billable, shard.kind)


@dataclass(frozen=True, slots=True)
class InUse:
    """What of a code system answers: a release (``None``: all), without keys not in use on the day.

    ``flags`` are the billable flags, on the day or in the release, of keys that have had both, by key.
    """

    release: str | None
    gone: frozenset[str] = frozenset()
    flags: frozenset[tuple[str, bool]] = frozenset()


NOTHING_NAMED: Mapping[str, InUse] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Narrowed:
    """A filter, and what of each system is in use; a release that the filter names counts."""

    filter: Filter
    in_use: Mapping[str, InUse]

    def of(self, shard: Shard) -> Filter:
        used = self.in_use.get(shard.system)
        if used is None:
            return self.filter
        if self.filter.release is not None:
            return replace(self.filter, flags=used.flags)
        every = used.release is None
        return replace(self.filter, release=used.release, gone=used.gone, flags=used.flags, every=every)


def facets(found: Iterable[tuple[Shard, Ints, Filter]]) -> Mapping[str, Mapping[str, int]]:
    """Count units by system, chapter (``system/chapter``), kind and billable; most frequent values first."""
    counts: dict[str, Counter[str]] = {name: Counter() for name in ("system", "chapter", "kind", "billable")}
    for shard, units, wanted in found:
        if not len(units):
            continue
        counts["system"][shard.system] += len(units)
        for number, count in _tally(shard.chapter[units]):
            counts["chapter"][f"{shard.system}/{shard.chapters[number]}"] += count
        billable, kind = wanted.flagged(shard)
        for number, count in _tally(kind[units]):
            counts["kind"][KINDS[number].value] += count
        for number, count in _tally(billable[units]):
            if number >= 0:
                counts["billable"]["true" if number else "false"] += count
    return {name: dict(sorted(c.items(), key=lambda i: (-i[1], i[0]))) for name, c in counts.items()}


def _tally(values: NDArray[Any]) -> list[tuple[int, int]]:
    """Return (value, how often it occurs) of small whole numbers."""
    low = int(values.min())
    counts = np.bincount(values - values.dtype.type(low))
    return [(low + above, count) for above, count in enumerate(counts.tolist()) if count]
