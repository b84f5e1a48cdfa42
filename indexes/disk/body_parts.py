"""What an index itself says of body parts: which is a part of which.

The Alphabetic Index sends from a part to the whole that has a code: *Abscess, heel, see Abscess, foot*.
Where it does so for several diseases, the heel is a part of the foot. It also prints a part below its whole
and sends from there to the part: *Burn, upper limb, elbow, see Burn, elbow*.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from indexes.disk.units import Unit
from indexes.text.analysis import tokens

Words = tuple[str, ...]

_FILE = "body_parts.tsv"
_LEAST_DISEASES = 2
_LONGEST = 2
_SEE = re.compile(r", see (.+?)(?:, at |$)")


class BodyParts:
    """Gathers which part belongs to which whole from the units of ICD-10-CM."""

    def __init__(self) -> None:
        self._diseases: dict[tuple[Words, Words], set[str]] = defaultdict(set)
        self._nested: dict[tuple[Words, Words], set[str]] = defaultdict(set)

    def add(self, units: Iterable[Unit]) -> None:
        """Take up the references among the terms of these units."""
        for unit in units:
            for term in unit.document.terms:
                reference = _SEE.search(term.source)
                if reference is not None:
                    self._take(term.text, reference.group(1))

    def _take(self, term: str, seen: str) -> None:
        disease, *path = term.split(", ")
        same, *end = seen.split(", ")
        if not path or len(end) != 1 or tokens(disease)[:1] != tokens(same)[:1]:
            return
        last, meant = tuple(tokens(path[-1])), tuple(tokens(end[0]))
        above = tuple(tokens(" ".join(path[:-1])))
        pair = (last, above) if above and last == meant else (last, () if above else meant)
        if all(0 < len(words) <= _LONGEST for words in pair) and pair[0] != pair[1]:
            (self._nested if above else self._diseases)[pair].add(disease)

    def result(self) -> dict[Words, Words]:
        """Return the whole of each part: the one that the Index names for the most diseases.

        What stands above a part is a whole only if the Index also sends to it as one: a nail is none.
        """
        counted = Counter({pair: len(diseases) for pair, diseases in self._diseases.items()})
        wholes = {whole for (_, whole), diseases in counted.items() if diseases >= _LEAST_DISEASES}
        counted.update({pair: len(found) for pair, found in self._nested.items() if pair[1] in wholes})
        found: dict[Words, Words] = {}
        for (part, whole), diseases in sorted(counted.items(), key=lambda item: (-item[1], item[0])):
            if diseases >= _LEAST_DISEASES and found.get(whole) != part:
                found.setdefault(part, whole)
        return found


def write_body_parts(folder: Path, parts: Mapping[Words, Words]) -> None:
    """Write which part belongs to which whole."""
    lines = (f"{' '.join(part)}\t{' '.join(whole)}" for part, whole in sorted(parts.items()))
    (folder / _FILE).write_text("\n".join(lines), encoding="utf-8")


def read_body_parts(folder: Path) -> dict[Words, Words]:
    """Read what :func:`write_body_parts` wrote; an index that was built before has none."""
    path = folder / _FILE
    lines: Sequence[str] = path.read_text(encoding="utf-8").split("\n") if path.is_file() else ()
    pairs = (line.split("\t") for line in lines if line)
    return {tuple(part.split()): tuple(whole.split()) for part, whole in pairs}
