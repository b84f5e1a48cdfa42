"""Which of payers' lists ICD-11 still tells apart: coverage lists, HCC categories, CC and MCC, episodes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from terminology.bundle.store import Store
from terminology.claims.studies.episodes import EpisodeDefinition
from terminology.claims.studies.separation import (
    CATEGORY,
    COVERAGE,
    EPISODE,
    STATUS,
    Lookalike,
    Separation,
    episode_sets,
    payer_sets,
    separations,
)
from terminology.codes import dotted
from terminology.facility import Setting
from terminology.impact.coded import Facility
from terminology.impact.measures.error_range import PAIRS
from terminology.impact.table import Chart, Column, Table, Value, unmeasured
from terminology.systems import ICD10CM

MOST_LISTED = 2_000
KINDS = {
    COVERAGE: "load coverage documents (CMS's Medicare Coverage Database) with the bundle",
    CATEGORY: "load CMS-HCC mappings with the bundle",
    STATUS: "load IPPS tables 6I and 6J with the bundle",
    EPISODE: "give your definitions (--episodes)",
}
"""The kinds of lists, and what brings each."""
_WHAT = (
    "A list is a set of ICD-10-CM codes that a payer tells from all others. A code is told by the stems of "
    "its ICD-11 expression where no billable code outside the list has the same stems, only with extension "
    "codes where one has the stems but not the whole expression, not at all where one has the very same "
    "expression."
)


def payer_lists(
    store: Store, facility: Facility, definitions: Iterable[EpisodeDefinition] = ()
) -> tuple[Table, Table]:
    """Return how many lists of each kind ICD-11 still tells apart, and the lists with volume at stake.

    The volumes are those of all settings, for CC and MCC of inpatient stays where there are any.
    """
    weights = facility.scopes()[0][1]
    stays = facility.volumes.get(Setting.INPATIENT)
    sets = [*payer_sets(store), *episode_sets(store, definitions)]
    found = separations(store, sets, weights, {STATUS: stays} if stays else None)
    return _summary(found), _listed(found, weights)


def _summary(found: Sequence[Separation]) -> Table:
    rows: list[tuple[Value, ...]] = []
    absent = []
    for kind, how in KINDS.items():
        some = [each for each in found if each.set.kind == kind]
        if not some:
            absent.append(f"{kind}: {how}")
            continue
        lost = sum(bool(each.lost) for each in some)
        extended = sum(bool(each.by_extension) and not each.lost for each in some)
        weighed = [each.weight_at_stake for each in some if each.weight_at_stake is not None]
        rows.append(
            (
                kind,
                len(some),
                len(some) - lost - extended,
                extended,
                lost,
                sum(each.codes for each in some),
                sum(each.by_stem for each in some),
                sum(each.by_extension for each in some),
                sum(each.lost for each in some),
                sum(each.unmapped for each in some),
                sum(each.volume for each in some),
                sum(each.volume_by_extension for each in some),
                sum(each.volume_lost for each in some),
                round(sum(weighed), 1) if weighed else None,
            )
        )
    return Table(
        "payer_lists",
        "Payers' lists",
        "Which lists that payers keep can ICD-11 no longer tell apart, and which only with extension codes?",
        f"{_WHAT} A code on several lists counts in each. Weight at stake: volume not told times the "
        "category's coefficient (community, non-dual, aged), HCC categories alone."
        + (f" Not measured, for none is loaded: {'; '.join(absent)}." if absent else ""),
        (
            Column("kind"),
            Column("lists", "count"),
            Column("told by stems", "count"),
            Column("told only with extension codes", "count"),
            Column("not told", "count"),
            Column("codes", "count"),
            Column("codes by stems", "count"),
            Column("codes only with extension codes", "count"),
            Column("codes not told", "count"),
            Column("codes without ICD-11", "count"),
            Column("volume", "count"),
            Column("volume only with extension codes", "count"),
            Column("volume not told", "count"),
            unmeasured("weight at stake", PAIRS, "number"),
        ),
        tuple(rows),
        (Chart("Volume on payers' lists that is not told", "kind", "volume not told"),),
    )


def _listed(found: Sequence[Separation], weights: Mapping[str, int]) -> Table:
    touched = [each for each in found if each.volume_lost or each.volume_by_extension]
    return Table(
        "payer_sets",
        "Payers' lists, one by one",
        "Which lists lose codes that this file reports, and to what?",
        f"{_WHAT} Lists whose reported codes are told by their stems are left out; at most {MOST_LISTED:,}, "
        "those that lose most volume first. An example is a reported code of the list, one outside it that "
        "has its expression, and the expression.",
        (
            Column("kind"),
            Column("list"),
            Column("title"),
            Column("codes", "count"),
            Column("codes only with extension codes", "count"),
            Column("codes not told", "count"),
            Column("volume", "count"),
            Column("volume only with extension codes", "count"),
            Column("volume not told", "count"),
            unmeasured("weight at stake", PAIRS, "number"),
            Column("examples"),
        ),
        tuple(
            (
                each.set.kind,
                each.set.name,
                each.set.title,
                each.codes,
                each.by_extension,
                each.lost,
                each.volume,
                each.volume_by_extension,
                each.volume_lost,
                each.weight_at_stake,
                "; ".join(_shown(example) for example in each.examples if weights.get(example.key)),
            )
            for each in touched[:MOST_LISTED]
        ),
    )


def _shown(example: Lookalike) -> str:
    code, other = (dotted(ICD10CM.id, key) for key in (example.key, example.other))
    return f"{code} as {other}: {example.expression}"
