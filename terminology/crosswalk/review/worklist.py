"""A worklist for reviewers: the uncertain codes, those that matter most first."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from collections.abc import Mapping as Dictionary
from typing import TextIO

from terminology.codes import code_key
from terminology.crosswalk.model import Crosswalk, Target
from terminology.crosswalk.review.overrides import COLUMNS

_PROPOSAL = (
    "title",
    "volume",
    "confidence",
    "representation",
    "proposed_title",
    "alternatives",
    "facets_lost",
)


def uncertain(
    crosswalks: Iterable[Crosswalk], volumes: Dictionary[str, int], *, below: float = 0.9
) -> list[tuple[Crosswalk, int]]:
    """Return the crosswalks whose recommendation is less sure than ``below``, with their volumes.

    The order is by expected number of wrong records: volume times the doubt. ``volumes`` are counts by
    source code in any notation; where none is given, codes without a volume are kept too, by doubt alone.
    What is decided already is not asked again.
    """
    counted = {code_key(code): volume for code, volume in volumes.items()}
    found = []
    for crosswalk in crosswalks:
        if crosswalk.decision is not None:
            continue
        volume = counted.get(code_key(crosswalk.source_code), 0)
        doubt = 1.0 - _sure(crosswalk.recommended)
        if doubt > 1.0 - below and (volume or not counted):
            found.append((max(volume, 1) * doubt, crosswalk, volume))
    found.sort(key=lambda item: (-item[0], item[1].source_code))
    return [(crosswalk, volume) for _, crosswalk, volume in found]


def write_review(worklist: Iterable[tuple[Crosswalk, int]], file: TextIO) -> None:
    """Write a worklist as CSV: an overrides file whose reviewer and date are still empty.

    ``expression`` holds the proposal; a reviewer corrects it, signs and dates the row. Read back with
    :func:`~terminology.crosswalk.review.overrides.read_overrides`, signed rows are decisions, the
    others are not.
    """
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow((*COLUMNS, *_PROPOSAL))
    for crosswalk, volume in worklist:
        target = crosswalk.recommended
        writer.writerow(
            (
                crosswalk.source_code,
                target.expression if target else "",
                "",
                "",
                "",
                crosswalk.source_title,
                volume,
                f"{_sure(target):.2f}" if target else "",
                crosswalk.representation,
                " / ".join(filter(None, target.titles)) if target else "",
                " | ".join(t.expression for t in crosswalk.targets[1:]),
                "; ".join(target.facets_lost) if target else "",
            )
        )


def _sure(target: Target | None) -> float:
    return (target.confidence or 0.0) if target else 0.0
