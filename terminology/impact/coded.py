"""The codes of a facility joined with their crosswalk: what every measure works on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property

from terminology.bundle.crosswalk.icd11_places import Icd11Places, Sharing, icd11_places, sharing
from terminology.bundle.life.reported_codes import ReportedCode, Span, reported_codes
from terminology.bundle.store import Store
from terminology.cluster import main_stem
from terminology.crosswalk.model import Crosswalk, Motif, Relationship, Representation, says_nothing
from terminology.facility import Setting
from terminology.systems import ICD10CM

Weights = Mapping[str, int]
"""Volume by code key."""
ENCOUNTERS = {"encounter=initial", "encounter=subsequent"}
"""The encounters that ICD-11 can say since 2024-01."""


class State(StrEnum):
    """What the release says of a reported code."""

    VALID = "valid"
    UNSPECIFIC = "not billable"
    EXPIRED = "not in use"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Destination:
    """One ICD-11 expression a code may become. ``size`` is the number of codes to enter."""

    expression: str
    stem: str
    title: str
    size: int
    confidence: float
    lost: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    relationship: Relationship = Relationship.EQUIVALENT

    @property
    def stems(self) -> tuple[str, ...]:
        """The stem of each group, the main one first."""
        return tuple(group.split("&", 1)[0] for group in self.expression.split("/"))


@dataclass(frozen=True, slots=True)
class Coded:
    """A reported code, what the release says of it, and where it goes; best destination first."""

    key: str
    code: str
    title: str
    chapter: str
    state: State
    representation: Representation = Representation.NONE
    motif: Motif = Motif.NO_MAPPING
    destinations: tuple[Destination, ...] = field(default=())

    @property
    def category(self) -> str:
        """The three-character category."""
        return self.code[:3]

    @property
    def first(self) -> Destination | None:
        """The recommended destination."""
        return self.destinations[0] if self.destinations else None

    @property
    def lost(self) -> tuple[str, ...]:
        """The facets whose meaning is lost: none of a code judged full, and no value that says nothing.

        "Unspecified side" or "fetus not applicable" is a gap of ICD-10-CM's own, not a loss.
        """
        if self.first is None or self.representation is not Representation.PARTIAL:
            return ()
        return tuple(facet for facet in self.first.lost if not says_nothing(facet))

    @property
    def with_encounter(self) -> Representation:
        """The representation where ``XY18`` and ``XY8S`` (ICD-11 since 2024-01) may say the encounter.

        They describe an episode of care: that a payer takes them for the 7th character is not decided, and A
        means active treatment (Official Guidelines I.C.19.a), not the first encounter.
        """
        narrower = self.first is not None and self.first.relationship is Relationship.SOURCE_NARROWER
        if narrower and self.lost and set(self.lost) <= ENCOUNTERS:
            return Representation.FULL_POSTCOORDINATED
        return self.representation


@dataclass(frozen=True)
class Facility:
    """Everything a report is made of: joined codes by key, volumes by setting, the release they are read in.

    ``headings`` are the titles of its chapters and three-character categories; ``places`` where ICD-11's
    stems stand, ``shared`` how many codes of the whole release each of them takes; ``moved`` the volume that
    has another state on the day of its row (:mod:`terminology.impact.row_days`).
    """

    codes: Mapping[str, Coded]
    volumes: Mapping[Setting, Weights]
    release: str
    headings: Mapping[str, str] = field(default_factory=dict)
    places: Icd11Places = field(default_factory=Icd11Places)
    shared: Sharing = field(default_factory=Sharing)
    read_as: str = ""
    moved: Mapping[Setting, Mapping[str, Mapping[State, int]]] = field(default_factory=dict)

    def scopes(self) -> list[tuple[str, Weights]]:
        """Return ``all settings`` first, then each setting that has volume."""
        return self._scopes

    @cached_property
    def _scopes(self) -> list[tuple[str, Weights]]:
        every: dict[str, int] = {}
        for weights in self.volumes.values():
            for key, count in weights.items():
                every[key] = every.get(key, 0) + count
        parts = [(s.value, self.volumes[s]) for s in Setting if self.volumes.get(s)]
        return [("all settings", every), *parts] if len(parts) != 1 else [("all settings", every)]

    @cached_property
    def stems_of_category(self) -> Mapping[str, frozenset[str]]:
        """The recommended main stems of the release's codes, by three-character category."""
        found: dict[str, set[str]] = {}
        for key, expression in self.shared.recommended.items():
            found.setdefault(key[:3], set()).add(main_stem(expression))
        return {category: frozenset(stems) for category, stems in found.items()}

    @cached_property
    def _mapped(self) -> dict[int, list[tuple[Coded, int]]]:
        return {}


def join_codes(
    store: Store,
    volumes: Mapping[Setting, Weights],
    release: str | None = None,
    given: Mapping[str, str] | None = None,
    span: Span | None = None,
) -> Facility:
    """Join reported codes with the release and the crosswalk of a bundle; every key comes back.

    ``span`` are the first and last day of the data: codes are judged by what was in use then.
    ``given`` are the codes as they were written, by key; an unknown one is shown so. Raises
    :class:`DataNotAvailableError` for a bundle without a crosswalk, and as :meth:`Store.release`.
    """
    wanted = {key for weights in volumes.values() for key in weights}
    reported = reported_codes(store, wanted, release, span)
    written = given or {}
    codes = {
        key: Coded(key, written.get(key, key), "", "", State.UNKNOWN)
        for key in wanted
        if key not in reported.codes
    }
    codes |= {key: _coded(key, one) for key, one in reported.codes.items()}
    return Facility(
        codes,
        volumes,
        reported.release,
        reported.headings,
        icd11_places(store, reported.target_release),
        sharing(store, store.release(ICD10CM.id).release.id),
        f"{reported.release} (codes in use {_days(span)})" if span else reported.release,
    )


def _days(span: Span) -> str:
    """Say a span: a year where it is one."""
    first, last = span
    if (first.month, first.day, last.month, last.day, first.year) == (1, 1, 12, 31, last.year):
        return f"in {first.year}"
    return f"on {first}" if first == last else f"from {first} to {last}"


def _coded(key: str, reported: ReportedCode) -> Coded:
    state = State.EXPIRED
    if reported.current:
        state = State.VALID if reported.billable else State.UNSPECIFIC
    coded = Coded(key, reported.code, reported.title, reported.chapter, state)
    return coded if reported.crosswalk is None else _joined(coded, reported.crosswalk)


def _joined(coded: Coded, found: Crosswalk) -> Coded:
    return replace(
        coded,
        representation=found.representation,
        motif=found.motif,
        destinations=tuple(
            Destination(
                target.expression,
                target.stem,
                "; ".join(filter(None, target.titles)),
                len(target.members),
                target.confidence or 0.0,
                target.facets_lost,
                target.facets_added,
                target.relationship,
            )
            for target in found.targets
        ),
    )


def mapped(facility: Facility, weights: Weights) -> list[tuple[Coded, int]]:
    """Return the codes that have a place in a release, with their volume; unknown ones are left out.

    ``weights`` is one of the facility's own, whose answer is remembered with it.
    """
    known = facility._mapped.get(id(weights))
    if known is None:
        codes = facility.codes
        known = [(codes[k], n) for k, n in weights.items() if codes[k].state is not State.UNKNOWN]
        if any(weights is own for _, own in facility.scopes()):
            facility._mapped[id(weights)] = known
    return known
