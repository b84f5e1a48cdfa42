"""An institution's reviewed decisions, which win over the engine."""

from __future__ import annotations

import csv
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TextIO

from terminology.cluster import Cluster, ClusterVocabulary, parse
from terminology.codes import code_key
from terminology.crosswalk.corpus import Corpus
from terminology.crosswalk.model import Crosswalk, Representation, Step, Target
from terminology.errors import ClusterSyntaxError, ReleaseFormatError
from terminology.release_words import release_words

Judged = Callable[[str, Cluster], tuple[Target, Representation]]
ANONYMOUS = "a reviewer"
COLUMNS = ("source", "expression", "reviewer", "date", "comment")


@dataclass(frozen=True, slots=True)
class Decider:
    """Whose decision it is: the ``step`` it shows as, ``source`` where it stands, how sure it is.

    ``source`` is ``None`` for the overrides file, whose row names its line.
    """

    step: str = "override"
    source: str | None = None
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Override:
    """One reviewed decision: a row of the overrides CSV, or one that is shipped (``reviewed``).

    An empty expression says: no target.
    """

    source: str
    expression: str
    reviewer: str
    date: date
    comment: str
    line: int = 0
    path: str = field(default="overrides", compare=False)
    decider: Decider = Decider()


def unsigned(override: Override) -> Override:
    """Return a decision as it may be published: without its reviewer's name and comment."""
    return replace(override, reviewer="", comment="")


def read_overrides(file: TextIO, path: str) -> Iterator[Override]:
    """Yield the rows of an overrides CSV with the columns source, expression, reviewer, date, comment.

    Dates are ISO 8601. A row with neither reviewer nor date is a proposal nobody signed yet (see
    ``review``) and is no decision. Raises :class:`ReleaseFormatError` with the line of the fault.
    """
    reader = csv.DictReader(file)
    missing = [c for c in COLUMNS if c not in (reader.fieldnames or ())]
    if missing:
        found = ", ".join(reader.fieldnames or ()) or "an empty file"
        raise ReleaseFormatError(path, 1, f"the columns {', '.join(COLUMNS)}", found)
    decided: dict[str, int] = {}
    for row in reader:
        cells = {name: (row[name] or "").strip() for name in COLUMNS}
        if not cells["reviewer"] and not cells["date"]:
            continue
        for name in ("source", "reviewer", "date"):
            if not cells[name]:
                raise ReleaseFormatError(path, reader.line_num, f"a {name}", "nothing", column=name)
        try:
            day = date.fromisoformat(cells["date"])
        except ValueError:
            raise ReleaseFormatError(
                path, reader.line_num, "a date like 2026-10-01", cells["date"], column="date"
            ) from None
        earlier = decided.setdefault(code_key(cells["source"]), reader.line_num)
        if earlier != reader.line_num:
            raise ReleaseFormatError(
                path,
                reader.line_num,
                "one decision a source",
                f"{cells['source']} again, as on line {earlier}",
                column="source",
            )
        yield Override(
            cells["source"],
            cells["expression"],
            cells["reviewer"],
            day,
            cells["comment"],
            reader.line_num,
            path,
        )


def apply_overrides(
    crosswalks: Sequence[Crosswalk], overrides: Iterable[Override], corpus: Corpus, judge: Judged
) -> Sequence[Crosswalk]:
    """Return the crosswalks with reviewed decisions put first.

    ``judge`` judges an expression for a source code as the engine judges its own. The engine's targets stay
    behind the reviewed one. Of two decisions for one source the later stands. Raises as
    :func:`check_overrides`.
    """
    decisions = {code_key(o.source): o for o in overrides}
    if not decisions:
        return crosswalks
    check_overrides(decisions.values(), {code_key(c.source_code) for c in crosswalks}, corpus)
    vocabulary = ClusterVocabulary.of(corpus.target_release, corpus.target)
    return [_decided(c, decisions.get(code_key(c.source_code)), vocabulary, judge) for c in crosswalks]


def check_overrides(overrides: Iterable[Override], known: Container[str], corpus: Corpus) -> None:
    """Check that decisions fit the releases; ``known`` are the keys of the codes that are mapped.

    Raises :class:`ReleaseFormatError` with the line of a source the release does not hold, or of an
    expression that is ungrammatical or has a code the target release does not hold.
    """
    overrides = list(overrides)
    for override in overrides:
        if code_key(override.source) not in known:
            raise ReleaseFormatError(
                override.path,
                override.line,
                f"a code of ICD-10-CM {corpus.source_release}",
                repr(override.source),
                column="source",
            )
    vocabulary = ClusterVocabulary.of(corpus.target_release, corpus.target)
    for override in overrides:
        try:
            if override.expression:
                parse(override.expression, vocabulary)
        except ClusterSyntaxError as fault:
            raise ReleaseFormatError(
                override.path,
                override.line,
                f"an expression of ICD-11 {release_words(corpus.target_release)}",
                str(fault),
                column="expression",
            ) from None


def _decided(
    crosswalk: Crosswalk, override: Override | None, vocabulary: ClusterVocabulary, judge: Judged
) -> Crosswalk:
    if override is None:
        return crosswalk
    detail = f"decided by {override.reviewer or ANONYMOUS} on {override.date.isoformat()}"
    if override.comment:
        detail += f": {override.comment}"
    decider = override.decider
    step = Step(decider.step, detail, decider.source or f"overrides file, line {override.line}")
    if not override.expression:
        return replace(crosswalk, representation=Representation.NONE, targets=(), decision=step)
    cluster = parse(override.expression, vocabulary).normal()
    judged, representation = judge(crosswalk.source_code, cluster)
    rest = [t for t in crosswalk.targets if t.expression != judged.expression]
    proposed = next((t for t in crosswalk.targets if t.expression == judged.expression), None)
    reasons = proposed.provenance if proposed is not None else judged.provenance
    first = replace(judged, rank=1, confidence=decider.confidence, provenance=(step, *reasons))
    targets = (first, *(replace(t, rank=n) for n, t in enumerate(rest, 2)))
    return replace(crosswalk, representation=representation, targets=targets, decision=step)
