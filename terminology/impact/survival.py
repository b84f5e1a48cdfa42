"""Does a list of ICD-10-CM codes survive the move? What replaces it in ICD-11, and what leaks in or out.

A value set, a registry, a quality measure, a coverage list tells its codes from all others. In ICD-11 an
expression that only codes of the list take replaces them exactly. One that other codes take too either lets
those in or, left away, drops its own.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from terminology.bundle.concepts.on_day import release_notices
from terminology.bundle.crosswalk.crosswalks import recommended_expressions, representations
from terminology.bundle.life.reported_codes import volumes_by_key
from terminology.bundle.store import Store
from terminology.claims.studies.separation import stems_of
from terminology.codes import code_key, dotted
from terminology.crosswalk.model import Representation
from terminology.errors import InvalidRequestError
from terminology.impact.measures.error_range import PAIRS
from terminology.impact.measures.representation import FUNG_2021
from terminology.systems import ICD10CM

MOST_CODES = 100_000
_NAMED = 20


@dataclass(frozen=True, slots=True)
class Replacement:
    """One ICD-11 expression (or its stems), the codes of the list that take it and those outside that do.

    Volumes are diagnoses of those codes; 0 where there are no volumes. ``reported`` of the list's codes have
    any.
    """

    target: str
    inside: tuple[str, ...]
    outside: tuple[str, ...]
    volume_inside: int
    volume_outside: int
    reported: int

    @property
    def exact(self) -> bool:
        """Whether no code outside the list takes it."""
        return not self.outside


@dataclass(frozen=True, slots=True)
class LevelSurvival:
    """A list at one level, ``expression`` or ``stem``.

    ``codes_exact`` of the list's codes have a target that no other code has. With every target
    (the wide list) ``codes_in`` others come in and none drops out; with exact ones alone (the strict list)
    ``codes_out`` drop out and none comes in. Volumes in the same words.
    A distinction is lost in practice only where the same volumes hold codes on both sides of it: of the
    ``codes_reported`` with volume, ``codes_exact_reported`` have a target that no other code with volume has.
    """

    level: str
    replacements: tuple[Replacement, ...]
    codes_exact: int
    codes_in: int
    codes_out: int
    volume_exact: int
    volume_in: int
    volume_out: int
    codes_reported: int = 0
    codes_exact_reported: int = 0
    volume_exact_reported: int = 0


@dataclass(frozen=True, slots=True)
class Survival:
    """What becomes of a list: its codes after headings were opened, what is not known or has no target.

    ``represented`` counts its codes by how much of each ICD-11 can say. ``release`` is the edition by which
    headings are opened and others come in, ``notices`` what it cannot say of the day, ``other_editions`` the
    codes of the list that it has not.
    """

    release: str
    notices: tuple[str, ...]
    other_editions: tuple[str, ...]
    codes: int
    volume: int
    unknown: tuple[str, ...]
    headings: tuple[str, ...]
    expression: LevelSurvival
    stem: LevelSurvival
    represented: Mapping[Representation, int]

    @property
    def has_volume(self) -> bool:
        """Whether volumes were counted at all."""
        return self.volume > 0


def survival(
    store: Store,
    codes: Iterable[str],
    setting: str | None = None,
    volumes: Mapping[str, int] | None = None,
    release: str | None = None,
    on: date | None = None,
) -> Survival:
    """Return what becomes of a list of ICD-10-CM codes (any spelling; headings stand for all below them).

    ``volumes`` are diagnoses by code key, the bundle's own without them, which ``setting`` limits.
    The edition is ``release``, else that of the day (``on``, today). Raises :class:`InvalidRequestError` for
    an empty list or more than :data:`MOST_CODES`, and as :meth:`Store.release`.
    """
    given = list(dict.fromkeys(filter(None, map(code_key, codes))))
    if not given:
        raise InvalidRequestError("codes", "the list holds no code")
    if len(given) > MOST_CODES:
        raise InvalidRequestError("codes", f"{len(given):,} codes; at most {MOST_CODES:,}")
    loaded = store.release(ICD10CM.id, release, on)
    edition = loaded.release.id
    billable = {code_key(c) for c, _, _, is_billable in store.codes(ICD10CM.id, edition) if is_billable}
    members, headings, unknown = _opened(given, billable, recommended_expressions(store, set(given)))
    targets = recommended_expressions(store, billable | members)
    counts = Counter(volumes_by_key(store, setting) if volumes is None else volumes)
    stems = {key: stems_of(expression) for key, expression in targets.items()}
    held = Counter(representations(store, members).values())
    held[Representation.NONE] += len(members) - held.total()
    represented = {kind: held[kind] for kind in Representation}
    return Survival(
        edition,
        () if release else release_notices(store, loaded, on, on or date.today()),
        tuple(dotted(ICD10CM.id, key) for key in sorted(members - billable)),
        len(members),
        sum(counts[key] for key in members),
        tuple(unknown),
        tuple(headings),
        _level("expression", members, targets, counts),
        _level("stem", members, stems, counts),
        represented,
    )


def _opened(
    given: list[str], billable: Collection[str], known: Collection[str]
) -> tuple[set[str], list[str], list[str]]:
    """Open the headings of a list; return its members, its headings and what is not known, as written."""
    members, headings, unknown = set[str](), list[str](), list[str]()
    below: defaultdict[str, list[str]] = defaultdict(list)
    for key in billable:
        for end in range(3, len(key)):
            below[key[:end]].append(key)
    for key in given:
        if key in billable or (key in known and key not in below):
            members.add(key)
        elif key in below:
            headings.append(dotted(ICD10CM.id, key))
            members.update(below[key])
        else:
            unknown.append(key)
    return members, headings, unknown


def _level(
    level: str, members: Collection[str], targets: Mapping[str, str], volumes: Mapping[str, int]
) -> LevelSurvival:
    takers: defaultdict[str, list[str]] = defaultdict(list)
    for key, target in targets.items():
        takers[target].append(key)
    wanted = {targets[key] for key in members if key in targets}
    rows = [_replacement(target, takers[target], members, volumes) for target in sorted(wanted)]
    rows.sort(key=lambda row: (-row.volume_outside, -len(row.outside), -row.volume_inside, row.target))
    exact = [row for row in rows if row.exact]
    shared = [row for row in rows if not row.exact]
    apart = [row for row in rows if not row.volume_outside]
    return LevelSurvival(
        level,
        tuple(rows),
        sum(len(row.inside) for row in exact),
        sum(len(row.outside) for row in shared),
        sum(len(row.inside) for row in shared),
        sum(row.volume_inside for row in exact),
        sum(row.volume_outside for row in shared),
        sum(row.volume_inside for row in shared),
        sum(row.reported for row in rows),
        sum(row.reported for row in apart),
        sum(row.volume_inside for row in apart),
    )


def _replacement(
    target: str, takers: Iterable[str], members: Collection[str], volumes: Mapping[str, int]
) -> Replacement:
    ordered = sorted(takers, key=lambda key: (-volumes.get(key, 0), key))
    inside = [key for key in ordered if key in members]
    outside = [key for key in ordered if key not in members]
    return Replacement(
        target,
        tuple(dotted(ICD10CM.id, key) for key in inside),
        tuple(dotted(ICD10CM.id, key) for key in outside),
        sum(volumes.get(key, 0) for key in inside),
        sum(volumes.get(key, 0) for key in outside),
        sum(volumes.get(key, 0) > 0 for key in inside),
    )


def sentences(found: Survival, words: int = 0) -> list[str]:
    """Say what becomes of a list, in sentences; ``words`` of its text were taken for titles."""
    said = [f"Read against ICD-10-CM {found.release}.", *(f"{notice}." for notice in found.notices)]
    if words:
        said.append(f"{words:,} words beside the codes were taken for titles and left out.")
    if found.unknown:
        said.append(f"Entries that are no ICD-10-CM codes ({len(found.unknown):,}): {_some(found.unknown)}.")
    if found.other_editions:
        said.append(
            f"Codes of other editions than {found.release} ({len(found.other_editions):,}), "
            f"read as these have them: {_some(found.other_editions)}."
        )
    if found.headings:
        said.append(f"Headings stand for the codes below them: {_some(found.headings)}.")
    for level, name in ((found.expression, "whole expression"), (found.stem, "stems alone")):
        share = level.codes_exact / found.codes if found.codes else 0.0
        text = (
            f"By {name}, {level.codes_exact:,} of {found.codes:,} codes ({share:.0%}) have an ICD-11 form "
            f"that no other code has; taking all forms lets {level.codes_in:,} other codes in, taking only "
            f"the exact ones drops {level.codes_out:,}"
        )
        if found.has_volume:
            text += (
                f" (of {found.volume:,} diagnoses: {level.volume_in:,} would come in, or "
                f"{level.volume_out:,} drop out)"
            )
        said.append(text + "." + (_reported(level) if found.has_volume else ""))
    if found.codes:
        said.append(_represented(found))
        said.append(f"No range is known of which forms are exact: {PAIRS}.")
    if not found.has_volume:
        said.append("No volume of these codes is at hand: leaks are counted in codes alone.")
    return said


def _reported(level: LevelSurvival) -> str:
    """What a level loses among the codes that were reported at all."""
    return (
        f" Of the {level.codes_reported:,} that were reported, {level.codes_exact_reported:,} have a form "
        "that no other reported code has."
    )


def _represented(found: Survival) -> str:
    """The codes of the list by representation, beside the yardstick of people's judgement."""
    part = {kind: f"{count / found.codes:.1%}" for kind, count in found.represented.items()}
    full, cluster = part[Representation.FULL], part[Representation.FULL_POSTCOORDINATED]
    return (
        f"Of the {found.codes:,} codes, each counted once, ICD-11 says {full} in full and {cluster} more by "
        f"postcoordination; {part[Representation.PARTIAL]} are partial, {part[Representation.NONE]} have no "
        f"place. {FUNG_2021}"
    )


def _some(names: tuple[str, ...]) -> str:
    return ", ".join(names[:_NAMED]) + (f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else "")
