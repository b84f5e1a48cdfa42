"""What payers tell apart by ICD-10-CM codes, and whether ICD-11 still tells it apart.

A coverage list, a payment category, a complication status or an episode's codes is a set of ICD-10-CM codes.
In ICD-11 a code of the set is told from the others by its stems alone, only with its extension codes, or not
at all, where a code outside the set has the very same recommended expression.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from terminology.bundle.crosswalk.crosswalks import recommended_expressions
from terminology.bundle.kept import kept_with_bundle
from terminology.bundle.store import Store
from terminology.bundle.tables.facility_tables import payment_statuses
from terminology.claims.context import check_context
from terminology.claims.studies.episodes import EpisodeDefinition
from terminology.claims.tables.coverage import DIAGNOSES, DOCUMENTS, CoverageDocument
from terminology.claims.tables.risk import RISK_CATEGORIES, RISK_COEFFICIENTS, RISK_LABELS
from terminology.cluster import stems_in
from terminology.facility import PaymentScheme
from terminology.systems import ICD10CM

COVERAGE, CATEGORY, STATUS, EPISODE = "coverage list", "HCC category", "MS-DRG status", "episode definition"
V28 = "CMS-HCC V28"
_SEGMENT = "CNA"
_EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class CodeSet:
    """A set of ICD-10-CM code keys that a payer tells from all others.

    ``weight`` is what one code of it is worth (a coefficient), ``None`` where that is not a number.
    """

    kind: str
    name: str
    title: str
    keys: frozenset[str]
    weight: float | None = None


@dataclass(frozen=True, slots=True)
class Lookalike:
    """A code of a set, and one outside it with the same expression."""

    key: str
    other: str
    expression: str


@dataclass(frozen=True, slots=True)
class Separation:
    """What becomes of one set in ICD-11, in codes, and in volume where volumes are given.

    ``by_stem`` codes are told by their stems, ``by_extension`` only with extension codes, ``lost`` not at
    all; ``unmapped`` have no ICD-11 expression.
    ``weight_at_stake`` is the volume of lost codes times the weight.
    """

    set: CodeSet
    codes: int
    by_stem: int
    by_extension: int
    lost: int
    unmapped: int
    volume: int
    volume_by_extension: int
    volume_lost: int
    weight_at_stake: float | None
    examples: tuple[Lookalike, ...]


def separations(
    store: Store,
    sets: Iterable[CodeSet],
    volumes: Mapping[str, int] | None = None,
    of_kinds: Mapping[str, Mapping[str, int]] | None = None,
) -> list[Separation]:
    """Return what becomes of each set, those that lose most first.

    ``volumes`` are counts by code key, ``of_kinds`` other ones for sets of a kind. Codes outside a set are
    all billable codes of the default release.
    """
    every = list(sets)
    release = _expressed(store, store.release(ICD10CM.id).release.id)
    others = {key for each in every for key in each.keys if key not in release.billable}
    expressions = {**recommended_expressions(store, others), **release.expressions}
    by_expression, by_stems = release.by_expression, release.by_stems
    weighed = of_kinds or {}
    found = [
        _separation(each, expressions, by_expression, by_stems, weighed.get(each.kind, volumes or {}))
        for each in every
    ]
    return sorted(
        found, key=lambda s: (-s.volume_lost, -s.volume_by_extension, -s.lost, s.set.kind, s.set.name)
    )


def stems_of(expression: str) -> str:
    """Return the stems of an expression, as one text.

    >>> stems_of("NC72.2&XK9K/PA60&XE266")
    'NC72.2/PA60'
    """
    return "/".join(stems_in(expression))


@dataclass(frozen=True, slots=True)
class Expressed:
    """What is recommended for the billable codes of a release; codes are keys."""

    billable: frozenset[str]
    expressions: Mapping[str, str]
    by_expression: Mapping[str, Collection[str]]
    by_stems: Mapping[str, Collection[str]]

    @classmethod
    def of(cls, billable: frozenset[str], expressions: Mapping[str, str]) -> Expressed:
        """Return the codes by their expressions, and by the stems of these."""
        by_expression: dict[str, list[str]] = {}
        by_stems: dict[str, list[str]] = {}
        for key, expression in expressions.items():
            by_expression.setdefault(expression, []).append(key)
            by_stems.setdefault(stems_of(expression), []).append(key)
        return cls(billable, expressions, by_expression, by_stems)


@kept_with_bundle(maxsize=2)
def _expressed(store: Store, release: str) -> Expressed:
    codes = store.codes(ICD10CM.id, release)
    billable = frozenset(code.replace(".", "") for code, _, _, billable in codes if billable)
    return Expressed.of(billable, recommended_expressions(store, billable))


def _separation(
    each: CodeSet,
    expressions: Mapping[str, str],
    by_expression: Mapping[str, Collection[str]],
    by_stems: Mapping[str, Collection[str]],
    volumes: Mapping[str, int],
) -> Separation:
    outcome: Counter[str] = Counter()
    volume: Counter[str] = Counter()
    examples = []
    for key in sorted(each.keys):
        expression = expressions.get(key)
        count = volumes.get(key, 0)
        volume["all"] += count
        if expression is None:
            outcome["unmapped"] += 1
            continue
        twin = next((other for other in by_expression.get(expression, ()) if other not in each.keys), None)
        if twin is not None:
            kind = "lost"
            examples.append((count, Lookalike(key, twin, expression)))
        else:
            shared = any(other not in each.keys for other in by_stems.get(stems_of(expression), ()))
            kind = "by_extension" if shared else "by_stem"
        outcome[kind] += 1
        volume[kind] += count
    examples.sort(key=lambda pair: (-pair[0], pair[1].key))
    return Separation(
        set=each,
        codes=len(each.keys),
        by_stem=outcome["by_stem"],
        by_extension=outcome["by_extension"],
        lost=outcome["lost"],
        unmapped=outcome["unmapped"],
        volume=volume["all"],
        volume_by_extension=volume["by_extension"],
        volume_lost=volume["lost"],
        weight_at_stake=None if each.weight is None else round(volume["lost"] * each.weight, 3),
        examples=tuple(example for _, example in examples[:_EXAMPLES]),
    )


def payer_sets(store: Store) -> list[CodeSet]:
    """Return every set the bundle holds: coverage lists, V28 categories, CC and MCC statuses."""
    return [*coverage_sets(store), *category_sets(store), *status_sets(store)]


def coverage_sets(store: Store) -> Iterator[CodeSet]:
    """Yield the covered list of the newest version of each loaded document."""
    tables = check_context(store).tables
    newest: dict[str, CoverageDocument] = {}
    for entry in tables.rows(DOCUMENTS):
        held = newest.get(entry.row.document)
        if held is None or held.version < entry.row.version:
            newest[entry.row.document] = entry.row
    keys: dict[str, set[str]] = {}
    for listed in tables.rows(DIAGNOSES):
        if listed.row.covered:
            keys.setdefault(listed.row.edition, set()).add(listed.row.key)
    for document in newest.values():
        if document.edition in keys:
            yield CodeSet(COVERAGE, document.document, document.title, frozenset(keys[document.edition]))


def category_sets(store: Store) -> Iterator[CodeSet]:
    """Yield each V28 payment category of the newest mapping, worth its community coefficient."""
    tables = check_context(store).tables
    newest = tables.releases(RISK_CATEGORIES)[-1:]
    keys: dict[str, set[str]] = {}
    for entry in tables.find_by(RISK_CATEGORIES, "model", V28):
        if entry.release in newest:
            keys.setdefault(entry.row.category, set()).add(entry.row.key)
    labels = {e.row.category: e.row.label for e in tables.find_by(RISK_LABELS, "model", V28)}
    values = {
        e.row.variable: e.row.value
        for e in tables.find_by(RISK_COEFFICIENTS, "model", V28)
        if not e.row.proposed
    }
    for category in sorted(keys, key=int):
        weight = values.get(f"{_SEGMENT}_HCC{category}")
        yield CodeSet(
            CATEGORY, f"HCC {category}", labels.get(category, ""), frozenset(keys[category]), weight
        )


def status_sets(store: Store) -> Iterator[CodeSet]:
    """Yield the codes that are MCC and those that are CC."""
    keys: dict[str, set[str]] = {}
    for key, status in payment_statuses(store, PaymentScheme.MS_DRG).items():
        keys.setdefault(status, set()).add(key)
    for status, held in sorted(keys.items()):
        yield CodeSet(STATUS, status, "", frozenset(held))


def episode_sets(store: Store, definitions: Iterable[EpisodeDefinition]) -> Iterator[CodeSet]:
    """Yield the diagnoses that exclude a claim from each definition; its DRGs and HCPCS codes stay."""
    billable = _expressed(store, store.release(ICD10CM.id).release.id).billable
    for definition in definitions:
        prefixes = definition.excluded_diagnoses
        held = frozenset(key for key in billable if prefixes and key.startswith(prefixes))
        yield CodeSet(EPISODE, definition.name, "excluded diagnoses", held)
