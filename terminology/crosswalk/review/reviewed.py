"""Shipped decisions: what two readers of the project, blind to each other and to the engine, both gave.

A row of ``reviewed.tsv`` is read for one code and holds for its family: each code that differs in side and
encounter alone takes the expression with its own side and encounter. It is a decision like an institution's
own (:mod:`~terminology.crosswalk.review.overrides`), which wins over it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date

from terminology.cluster import Cluster, ClusterVocabulary, Group, parse
from terminology.codes import code_key
from terminology.crosswalk.corpus import Corpus
from terminology.crosswalk.express.laterality import SIDE_CODES
from terminology.crosswalk.read.facets import Facet, Reading, read_title
from terminology.crosswalk.review.families import families
from terminology.crosswalk.review.overrides import Decider, Override
from terminology.errors import ClusterSyntaxError
from terminology.rule_tables import read_rules

READERS = "two readers of the project, blind to each other and to the engine, not clinical coders,"
_SIDE, _ENCOUNTER = "laterality", "encounter"
_BOTH = frozenset({"left", "right"})
_SIDE_WORDS = _BOTH | {"bilateral", "unilateral"}


@dataclass(frozen=True, slots=True)
class ReviewedRow:
    """One row of ``reviewed.tsv``. ``why`` says why no mechanism can know it."""

    source: str
    expression: str
    confidence: float
    date: date
    why: str


@dataclass(frozen=True, slots=True)
class ReviewedDecisions:
    """The decisions of the rows that hold for a corpus, and the rows that do not, each with the reason."""

    decisions: tuple[Override, ...]
    left_out: tuple[tuple[ReviewedRow, str], ...]


def reviewed_rows() -> tuple[ReviewedRow, ...]:
    """Return the shipped rows. Raises :class:`ReleaseFormatError`."""
    return read_rules("terminology.crosswalk.tables", "reviewed.tsv", ReviewedRow)


def reviewed_decisions(corpus: Corpus, rows: Sequence[ReviewedRow]) -> ReviewedDecisions:
    """Return the rows' decisions for the codes of a corpus, each row's for its whole family.

    A row is left out whose code the source release does not hold as billable, whose expression the target
    release does not hold, or whose expression cannot be turned for all of its family; a build says so by
    :func:`~terminology.crosswalk.review.table_rows.idle_rows`.
    """
    if not rows:
        return ReviewedDecisions((), ())
    vocabulary = ClusterVocabulary.of(corpus.target_release, corpus.target)
    categories = {row.source[:3] for row in rows}
    titles = {c.code: c.title for c in corpus.source if c.billable and c.code[:3] in categories}
    family_of = {code: family for family in families(titles) for code in family}
    decisions: list[Override] = []
    left_out: list[tuple[ReviewedRow, str]] = []
    for row in rows:
        family = {code: titles[code] for code in family_of.get(row.source, ())}
        try:
            turned = family_expressions(row.source, row.expression, family, vocabulary)
        except (ClusterSyntaxError, LookupError) as fault:
            left_out.append((row, str(fault)))
            continue
        decider = Decider("reviewed", f"reviewed.tsv, {row.source}", row.confidence)
        decisions += [
            Override(code, expression, READERS, row.date, _comment(row, code), decider=decider)
            for code, expression in turned.items()
        ]
    return ReviewedDecisions(tuple(decisions), tuple(left_out))


def family_expressions(
    source: str, expression: str, family: Mapping[str, str], vocabulary: ClusterVocabulary
) -> dict[str, str]:
    """Return the expression of every code of a family, given that of one of them.

    ``family`` are codes with their titles. Raises :class:`ClusterSyntaxError` for an expression the release
    does not hold, and :class:`LookupError` where the side or encounter of a code cannot be told from it.
    """
    if source not in family:
        raise LookupError(f"{source} is no billable code of the release")
    cluster = parse(expression, vocabulary).normal()
    read = read_title(family[source], source)
    return {
        code: str(_turned(cluster, read, read_title(title, code), vocabulary).normal())
        for code, title in family.items()
    }


def _turned(cluster: Cluster, read: Reading, twin: Reading, vocabulary: ClusterVocabulary) -> Cluster:
    """The expression with what the twin says otherwise."""
    if _side(read) != _side(twin):
        cluster = _other_side(cluster, _side(read), _side(twin), vocabulary)
    ours, theirs = _by_dimension(read.ruled), _by_dimension(twin.ruled)
    for dimension in sorted({*ours, *theirs} - {_SIDE}):
        before, after = ours.get(dimension, ()), theirs.get(dimension, ())
        if before != after and dimension != _ENCOUNTER:
            raise LookupError(f"{twin.title!r} differs in {dimension} from what was read")
        if before != after:
            cluster = _other_encounter(cluster, _extensions(before), _extensions(after))
    return cluster


def _side(reading: Reading) -> str | None:
    """The extension code of the side a title names, right, left or both."""
    named = _BOTH if "bilateral" in reading.sides else _BOTH & reading.sides
    return next((code for code, sides in SIDE_CODES.items() if sides == named), None)


def _other_side(
    cluster: Cluster, before: str | None, after: str | None, vocabulary: ClusterVocabulary
) -> Cluster:
    stems = [vocabulary.concepts[code_key(group.stem)].title for group in cluster.groups]
    if any(_SIDE_WORDS & set(title.lower().split()) for title in stems):
        raise LookupError("a stem has a side of its own")
    if before is None:
        raise LookupError("what was read has no side: which stem bears it is not known")
    return _replaced(cluster, {before}, {after} if after else set())


def _other_encounter(cluster: Cluster, before: Set[str], after: Set[str]) -> Cluster:
    first, *others = _replaced(cluster, before, set()).groups
    return Cluster((Group(first.stem, (*first.extensions, *sorted(after))), *others))


def _replaced(cluster: Cluster, before: Set[str], after: Set[str]) -> Cluster:
    """The expression with other extension codes in each group that has one of ``before``."""
    groups = []
    for group in cluster.groups:
        kept = tuple(code for code in group.extensions if code not in before)
        there = len(kept) < len(group.extensions)
        groups.append(Group(group.stem, (*kept, *(sorted(after) if there else ()))))
    return Cluster(tuple(groups))


def _by_dimension(facets: Iterable[Facet]) -> dict[str, tuple[Facet, ...]]:
    found: dict[str, tuple[Facet, ...]] = {}
    for facet in facets:
        found[facet.dimension] = (*found.get(facet.dimension, ()), facet)
    return found


def _extensions(facets: Iterable[Facet]) -> frozenset[str]:
    return frozenset(code for facet in facets if facet.rule for code in facet.rule.extensions)


def _comment(row: ReviewedRow, code: str) -> str:
    return row.why if code == row.source else f"read for {row.source}; {row.why}"
