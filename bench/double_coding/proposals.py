"""What both readers give against the crosswalk: material for a mechanism, at last for ``reviewed.tsv``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench.double_coding.evaluation import Measured
from terminology.bundle.concepts.vocabulary import cluster_vocabulary
from terminology.bundle.store import Store
from terminology.crosswalk.review.agreement import ReviewAgreement
from terminology.crosswalk.review.families import families
from terminology.crosswalk.review.reviewed import family_expressions
from terminology.errors import ClusterSyntaxError
from terminology.systems import ICD10CM


@dataclass(frozen=True, slots=True)
class Proposal:
    """A code on which two readers agree against the crosswalk.

    ``family`` are the expressions that a row would give to its family, empty where it cannot be turned for
    all of them, for the reason ``refused``.
    """

    code: str
    expression: str
    crosswalk: str
    family: Mapping[str, str]
    refused: str = ""


def proposals(store: Store, found: Sequence[Measured], release: str, target: str) -> list[Proposal]:
    """Return the codes of fold fit where both readers give one expression that the crosswalk does not.

    What one of them accepts of the crosswalk's is no proposal. Raises :class:`UnknownReleaseError`.
    """
    titles = {code: title for code, title, _, billable in store.codes(ICD10CM.id, release) if billable}
    family_of = {code: family for family in families(titles) for code in family}
    vocabulary = cluster_vocabulary(store, target)
    made = []
    for one in found:
        code, agreed = one.coding.drawn.code, one.coding.agreed
        if one.coding.drawn.fold != "fit" or agreed is None or one.exact:
            continue
        given = one.target.expression if one.target else ""
        family = {member: titles[member] for member in family_of.get(code, ())}
        try:
            made.append(Proposal(code, agreed, given, family_expressions(code, agreed, family, vocabulary)))
        except (ClusterSyntaxError, LookupError) as fault:
            made.append(Proposal(code, agreed, given, {}, str(fault)))
    return made


def confidence(found: Sequence[Measured]) -> float:
    """How sure a row is: the share of stems on which the two readers agree in fold fit."""
    pairs = tuple(one.coding.double.pair for one in found if one.coding.drawn.fold == "fit")
    return round(ReviewAgreement(pairs, (), ()).stem_share, 2)
