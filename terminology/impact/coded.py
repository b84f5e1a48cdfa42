"""The codes of a facility joined with their crosswalk: what every measure works on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property

from terminology.bundle.reported_codes import ReportedCode, reported_codes
from terminology.bundle.store import Store
from terminology.crosswalk.model import Crosswalk, Motif, Relationship, Representation
from terminology.facility import Setting

Weights = Mapping[str, int]
"""Volume by code key."""


class State(StrEnum):
    """What the release says of a reported code."""

    VALID = "valid"
    UNSPECIFIC = "not billable"
    EXPIRED = "not in this release"
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


@dataclass(frozen=True)
class Facility:
    """Everything a report is made of: joined codes by key, volumes by setting, the release they are read in.

    ``headings`` are the titles of its chapters and three-character categories.
    """

    codes: Mapping[str, Coded]
    volumes: Mapping[Setting, Weights]
    release: str
    headings: Mapping[str, str] = field(default_factory=dict)

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
    def _mapped(self) -> dict[int, list[tuple[Coded, int]]]:
        return {}


def join_codes(
    store: Store,
    volumes: Mapping[Setting, Weights],
    release: str | None = None,
    given: Mapping[str, str] | None = None,
) -> Facility:
    """Join reported codes with the release and the crosswalk of a bundle; every key comes back.

    ``given`` are the codes as they were written, by key; an unknown one is shown so. Raises
    :class:`DataNotAvailableError` for a bundle without a crosswalk, and as :meth:`Store.release`.
    """
    wanted = {key for weights in volumes.values() for key in weights}
    reported = reported_codes(store, wanted, release)
    written = given or {}
    codes = {
        key: Coded(key, written.get(key, key), "", "", State.UNKNOWN)
        for key in wanted
        if key not in reported.codes
    }
    codes |= {key: _coded(key, one) for key, one in reported.codes.items()}
    return Facility(codes, volumes, reported.release, reported.headings)


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
