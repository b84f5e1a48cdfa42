"""The engine's answers to a made classification are those written down: whatever changes one of them is seen.

After an intended change: ``TENELEVEN_RECORD=write pytest tests/terminology/crosswalk/test_made_answers.py``.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from zlib import crc32

from bench.golden import differences
from terminology.crosswalk import Crosswalk, Target
from terminology.crosswalk.engine import Engine, build_crosswalk
from tests.terminology.crosswalk.made_corpus import made_corpus
from tests.terminology.crosswalk.made_target import stems

RECORD = Path(__file__).parents[2] / "golden" / "made_crosswalk.tsv"


def _told(target: Target) -> str:
    facets = " ".join(
        f"{sign}{facet}"
        for sign, some in (("=", target.facets_kept), ("-", target.facets_lost), ("+", target.facets_added))
        for facet in some
    )
    steps = crc32("; ".join(f"{s.step} {s.detail} {s.source}" for s in target.provenance).encode())
    return f"{target.expression} {target.relationship} {target.confidence:.3f} {facets} {steps:08x}"


def _lines() -> Iterator[str]:
    engine = Engine(made_corpus())
    for crosswalk in answers():
        evidence = engine.evidence(crosswalk.source_code)
        weighed = " ".join(f"{value:.4g}" for value in evidence.features().values()) if evidence else ""
        told = "; ".join(map(_told, crosswalk.targets))
        yield "\t".join((crosswalk.source_code, crosswalk.representation, crosswalk.motif, told, weighed))


@cache
def answers() -> tuple[Crosswalk, ...]:
    return tuple(build_crosswalk(made_corpus()))


def test_every_code_is_answered_as_recorded() -> None:
    lines = list(_lines())
    if "TENELEVEN_RECORD" in os.environ:
        RECORD.write_text("\n".join(lines) + "\n", encoding="utf-8")
    changed = differences(RECORD.read_text("utf-8").splitlines(), lines)
    assert not changed, "\n".join([f"{len(changed)} lines differ", *changed[:20]])


def test_a_title_that_a_stem_says_is_led_to_it() -> None:
    own = stems()
    first = {crosswalk.source_code: crosswalk.recommended for crosswalk in answers()}
    led = [(to := first[code]) is not None and to.stem.startswith(stem) for code, stem in own.items()]
    assert len(led) > 400
    assert sum(led) > 0.85 * len(led)


def test_every_room_of_the_engine_has_codes() -> None:
    """The corpus is wide: all representations, further stems, extension codes, alternatives, rest classes."""
    first = [crosswalk.recommended for crosswalk in answers()]
    found = [target for target in first if target is not None]
    assert {"full", "full-postcoordinated", "partial"} <= {each.representation for each in answers()}
    assert sum(len(target.groups) > 1 for target in found) > 50
    assert sum(any(group.extensions for group in target.groups) for target in found) > 200
    assert sum(len(crosswalk.targets) > 1 for crosswalk in answers()) > 200
    assert sum(target.stem.endswith((".Y", ".Z")) for target in found) > 100
