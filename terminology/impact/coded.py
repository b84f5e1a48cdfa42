"""The codes of a facility joined with their crosswalk: what every measure works on."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property

from terminology.bundle.store import Store
from terminology.concept import Kind
from terminology.crosswalk.model import Crosswalk, Motif, Relationship, Representation
from terminology.crosswalk.record import decode
from terminology.errors import DataNotAvailableError
from terminology.facility import Setting
from terminology.systems import ICD10CM

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


def join_codes(store: Store, volumes: Mapping[Setting, Weights], release: str | None = None) -> Facility:
    """Join reported codes with the release and the crosswalk of a bundle; every key comes back.

    Raises :class:`DataNotAvailableError` for a bundle without a crosswalk, and as :meth:`Store.release`.
    """
    loaded = store.release(ICD10CM.id, release)
    wanted = {key for weights in volumes.values() for key in weights}
    if store.query("SELECT 1 FROM crosswalk LIMIT 1").fetchone() is None:
        raise DataNotAvailableError("this bundle holds no crosswalk: it was built without ICD-11")
    here: dict[str, tuple[str, str, str | None, State]] = {}
    headings: dict[str, str] = {}
    for key, code, title, chapter, kind, billable in store.query(
        "SELECT key, code, title, chapter, kind, billable FROM concept WHERE release_id = ? "
        "AND kind IN ('chapter', 'category', 'code')",
        (loaded.number,),
    ):
        if kind == Kind.CHAPTER or len(key) == 3:
            headings[code] = title
        if kind != Kind.CHAPTER and key in wanted:
            here[key] = (code, title, chapter, State.VALID if billable else State.UNSPECIFIC)
    elsewhere = {
        key: (code, title, chapter, State.EXPIRED)
        for key, code, title, chapter in store.query(
            "SELECT c.key, c.code, c.title, c.chapter FROM concept AS c JOIN release AS r ON r.id "
            "= c.release_id "
            "WHERE r.system = ? AND c.kind IN ('category', 'code') ORDER BY r.id",
            (ICD10CM.id,),
        )
        if key in wanted and key not in here
    }
    named = elsewhere | here
    codes = {key: Coded(key, key, "", "", State.UNKNOWN) for key in wanted if key not in named}
    codes |= {
        key: Coded(key, code, title, chapter or "", state)
        for key, (code, title, chapter, state) in named.items()
    }
    for key, record in store.query("SELECT key, record FROM crosswalk"):
        if key in named:
            codes[key] = _joined(codes[key], decode(zlib.decompress(record)))
    return Facility(codes, volumes, loaded.release.id, headings)


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
