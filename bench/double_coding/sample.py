"""The sample that is coded twice: the frame's strata and their weights, the draw, the folds."""

from __future__ import annotations

import hashlib
import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.double_coding.frame import Family
from bench.double_coding.tables import read_table, write_table

VOLUME_BANDS = ((0.5, "volume-1"), (0.8, "volume-2"), (0.95, "volume-3"))
"""Families by falling volume, up to these shares of the frame's volume; the rest is drawn by chapter."""
VOLUME_SHARE = 0.4
"""The share of the families left after the new ones that is drawn by volume, a third from each band."""
DENSE = ("T", "21")
"""Parts that are drawn twice as densely: chapter 19's letter T, and chapter 21, the codes with Z."""
SAMPLE = ("code", "stratum", "weight", "fold", "family_codes", "new_in")
FOLDS = ("fit", "report")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A family that was drawn.

    ``code`` is its representative, ``weight`` how many families of the frame it stands for, ``family_codes``
    how many codes it has, ``new_in`` the release that brought the code, empty for an old one.
    """

    code: str
    stratum: str
    weight: float
    fold: str
    family_codes: int
    new_in: str


@dataclass(frozen=True, slots=True)
class Stratum:
    """A part of the frame: how many families it has and how many of them are drawn."""

    name: str
    families: int
    drawn: int

    @property
    def weight(self) -> float:
        """How many families one drawn stands for."""
        return self.families / self.drawn if self.drawn else 0.0


def draw(frame: Sequence[Family], size: int, seed: int) -> tuple[list[Drawn], list[Stratum]]:
    """Draw ``size`` families, all new ones among them, and return them in random order with the strata.

    Each family of the frame lies in one stratum and is drawn with its stratum's chance, so that weighted
    figures are unbiased for the frame.
    """
    chance = random.Random(seed)
    parts = _strata(frame)
    sizes = _sizes(parts, size)
    drawn: list[Drawn] = []
    strata: list[Stratum] = []
    for name, members in parts.items():
        stratum = Stratum(name, len(members), sizes[name])
        strata.append(stratum)
        for family in chance.sample(members, stratum.drawn):
            read = family.representative
            weight = round(stratum.weight, 4)
            drawn.append(Drawn(read.code, name, weight, fold_of(read.code), len(family.codes), read.new_in))
    chance.shuffle(drawn)
    return drawn, strata


def fold_of(code: str) -> str:
    """Return the fold of a code: one for its whole category, chosen by the category's hash.

    >>> fold_of("S72.001A") == fold_of("S72.92XA")
    True
    """
    return FOLDS[hashlib.sha256(code[:3].upper().encode()).digest()[0] % len(FOLDS)]


def write_sample(path: Path, drawn: Iterable[Drawn], strata: Iterable[Stratum]) -> None:
    """Write the sample: a row per drawn family; the strata as comments above."""
    rows = [(d.code, d.stratum, str(d.weight), d.fold, str(d.family_codes), d.new_in) for d in drawn]
    told = [f"stratum {s.name}: {s.families} families, {s.drawn} drawn" for s in strata]
    write_table(path, SAMPLE, rows, told)


def read_sample(path: Path) -> dict[str, Drawn]:
    """Return a sample by its codes, in their order. Raises :class:`ReleaseFormatError`."""
    return {
        row["code"]: Drawn(
            row["code"],
            row["stratum"],
            float(row["weight"]),
            row["fold"],
            int(row["family_codes"]),
            row["new_in"],
        )
        for _, row in read_table(path, SAMPLE)
    }


def _strata(frame: Sequence[Family]) -> dict[str, list[Family]]:
    parts: dict[str, list[Family]] = {"new": [f for f in frame if f.new]}
    old = sorted((f for f in frame if not f.new), key=lambda f: (-f.volume, f.codes[0].code))
    total, running = sum(f.volume for f in old), 0
    bands: dict[str, list[Family]] = {name: [] for _, name in VOLUME_BANDS}
    rest: dict[str, list[Family]] = defaultdict(list)
    for family in old:
        band = next((name for share, name in VOLUME_BANDS if running < share * total), None)
        running += family.volume
        if band is not None and family.volume:
            bands[band].append(family)
        else:
            rest[f"rest-{family.part}"].append(family)
    parts |= bands | dict(sorted(rest.items()))
    return {name: members for name, members in parts.items() if members}


def _sizes(parts: dict[str, list[Family]], size: int) -> dict[str, int]:
    """How many families each stratum gives: all new ones, a share by volume, the rest by size and density."""
    sizes = {name: len(members) for name, members in parts.items() if name == "new"}
    left = max(0, size - sum(sizes.values()))
    bands = {name: 1.0 for name in parts if name.startswith("volume-")}
    sizes |= _allot(bands, parts, round(VOLUME_SHARE * left))
    rest = {
        name: len(members) * (2.0 if members[0].part in DENSE else 1.0)
        for name, members in parts.items()
        if name.startswith("rest-")
    }
    return sizes | _allot(rest, parts, max(0, size - sum(sizes.values())))


def _allot(shares: dict[str, float], parts: dict[str, list[Family]], places: int) -> dict[str, int]:
    """Divide places by shares, at least one each and none beyond what a part holds; largest remainders."""
    total = sum(shares.values()) or 1.0
    exact = {name: places * share / total for name, share in shares.items()}
    given = {name: min(len(parts[name]), max(1, int(value))) for name, value in exact.items()}
    by_remainder = sorted(exact, key=lambda name: (-(exact[name] - int(exact[name])), name))
    missing = places - sum(given.values())
    while missing > 0 and (open_parts := [n for n in by_remainder if given[n] < len(parts[n])]):
        for name in open_parts[:missing]:
            given[name] += 1
        missing = places - sum(given.values())
    return given
