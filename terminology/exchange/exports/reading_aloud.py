"""A crosswalk in words, for a coder at a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from terminology.attribution import OWN
from terminology.crosswalk import Crosswalk, Target
from terminology.exchange.exports.no_target import NO_TARGET

_WIDTH = 100
_RELATIONSHIPS = {
    "equivalent": "says the same",
    "source-is-narrower-than-target": "is broader than the source",
    "source-is-broader-than-target": "is narrower than the source",
    "related-to": "is related, neither broader nor narrower",
    "not-related-to": "is not related",
}
_REPRESENTATIONS = {
    "full": "one ICD-11 code says it all",
    "full-postcoordinated": "a cluster of ICD-11 codes says it all",
    "partial": "something is lost or added",
    "none": NO_TARGET,
}


def crosswalk_lines(answer: Crosswalk) -> Iterator[str]:
    """Yield the lines that show a crosswalk: the recommended expression, how good it is, why, what else."""
    yield (f"{answer.source_code}  {answer.source_title}  ({answer.source_system} {answer.source_release})")
    kind = answer.representation
    if not answer.targets:
        yield f"  no target: {_REPRESENTATIONS[kind]} ({kind}, motif {answer.motif})"
        if answer.decision:
            yield f"  {answer.decision.detail}  [{answer.decision.source}]"
        return
    first, *others = answer.targets
    release = answer.target_release
    yield f"  -> {first.expression}  ({answer.target_system}{f' {release}' if release else ''})"
    for code, title in zip(first.members, first.titles, strict=False):
        yield f"     {code:<10} {title or ''}".rstrip()
    yield ""
    yield f"  representation  {kind}: {_REPRESENTATIONS[kind]}"
    yield f"  relationship    {first.relationship}: the target {_RELATIONSHIPS[first.relationship]}"
    yield f"  confidence      {_confidence(first)}"
    yield f"  motif           {answer.motif}"
    if answer.titles_alone:
        yield "  basis           titles alone: no table of WHO's is loaded"
    if first.optional:
        yield f"  optional        {', '.join(first.optional)}: nothing of WHO's shows that the stem takes it"
    yield from _facets(first)
    yield "  why"
    for step in first.provenance:
        yield from wrap(
            f"{step.step}: {step.detail}  [{step.source}]",
            _WIDTH,
            initial_indent="    ",
            subsequent_indent="      ",
        )
    if others:
        yield "  alternatives"
    for other in others:
        titles = " / ".join(title or "" for title in other.titles)
        yield f"    {other.expression:<16} {titles}  ({_confidence(other)}, {other.relationship})"
    if answer.source_system == "icd-10-cm":
        yield ""
        yield from wrap(OWN, _WIDTH, initial_indent="  ", subsequent_indent="  ")


def _facets(target: Target) -> Iterator[str]:
    for name, values in target.facets:
        for place, facet in enumerate(values):
            yield f"  {name if not place else '':<15} {facet.replace('=', ': ', 1)}"


def _confidence(target: Target) -> str:
    return "not stated" if target.confidence is None else f"{target.confidence:.2f}"
