"""The concept maps of the bundle: our crosswalk and WHO's tables, asked code by code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from terminology.bundle.crosswalk.crosswalks import crosswalk, reverse_crosswalk, sources_of
from terminology.bundle.crosswalk.who_crosswalk import who_crosswalk
from terminology.bundle.store import Store
from terminology.cluster import is_cluster
from terminology.crosswalk import Crosswalk, Relationship, Target
from terminology.errors import DataNotAvailableError, UnknownCodeError
from terminology.systems import ICD10, ICD10CM, ICD11, CodeSystem, code_system

Json = dict[str, Any]
URN = "urn:teneleven:ConceptMap:"
PROPERTY = "urn:teneleven:property:"


@dataclass(frozen=True, slots=True)
class OwnMap:
    """One direction of translation. ``publisher`` is whose work the relationships are."""

    id: str
    source: CodeSystem
    target: CodeSystem
    title: str
    publisher: str

    @property
    def url(self) -> str:
        """Its canonical url."""
        return URN + self.id

    @property
    def whos(self) -> bool:
        """Whether it answers from WHO's tables, which a bundle may lack."""
        return ICD10CM not in (self.source, self.target)


OWN_MAPS = (
    OwnMap(
        "icd-10-cm-to-icd-11",
        ICD10CM,
        ICD11,
        "ICD-10-CM to ICD-11 MMS: stem codes and clusters, with provenance",
        "TenEleven; not a map of WHO or of NCHS",
    ),
    OwnMap("icd-10-to-icd-11", ICD10, ICD11, "ICD-10 to ICD-11 MMS: WHO's transition tables", "WHO"),
    OwnMap("icd-11-to-icd-10", ICD11, ICD10, "ICD-11 MMS to ICD-10: WHO's transition tables", "WHO"),
    OwnMap(
        "icd-11-to-icd-10-cm",
        ICD11,
        ICD10CM,
        "ICD-11 MMS to ICD-10-CM: the crosswalk read backwards",
        "TenEleven; not a map of WHO or of NCHS",
    ),
)


class Match(NamedTuple):
    """One translation. ``relationship`` is an R5 word, read from the source concept to the target.

    ``source`` is the Coding that was translated. ``code`` is empty where a map says that there is no target.
    ``origin`` is the map that the search started from.
    """

    source: Json
    system: str
    code: str
    relationship: str
    origin: str | None
    version: str | None = None
    display: str | None = None
    source_comment: str | None = None
    target_comment: str | None = None
    products: tuple[Json, ...] = ()
    notes: tuple[tuple[str, str, Any], ...] = ()

    @property
    def translates(self) -> bool:
        """Whether this is a translation, and not the statement that there is none."""
        return bool(self.code) and self.relationship != Relationship.NOT_RELATED.value


def maps_between(
    source: str | None, target: str | None, url: str | None, *, every: bool = False
) -> list[OwnMap]:
    """Return the maps that a request means, by url or by the systems at their ends, the usual one first.

    Without a target the usual one alone counts, unless ``every`` is asked for.
    """
    if url is not None:
        return [m for m in OWN_MAPS if m.url == url]
    found = [
        m
        for m in OWN_MAPS
        if (source is None or m.source.uri == source) and (target is None or m.target.uri == target)
    ]
    return found if every or target is not None else found[:1]


def translate_own(store: Store, own: OwnMap, code: str, version: str | None) -> list[Match]:
    """Translate a code by one of our maps; no match for a code that has none or that is not loaded."""
    source = {"system": own.source.uri, "code": code}
    try:
        if own.source is ICD10CM:
            answer = crosswalk(store, code, version)
        elif own.target is ICD10CM:
            if is_cluster(code):
                return [_turned(m, own, source) for m in sources(store, own, code)]
            answer = reverse_crosswalk(store, code, version)
        else:
            answer = who_crosswalk(store, own.source.id, code, version)
    except (UnknownCodeError, DataNotAvailableError):
        return []
    release = answer.target_release or _release(store, own.target)
    return [_match(own, source, answer, target, release) for target in answer.targets]


def sources(store: Store, own: OwnMap, code: str) -> list[Match]:
    """Return what translates to a code: a map read backwards."""
    if own.source is ICD10CM or own.target is ICD10CM:
        release = _release(store, ICD10CM)
        return [
            Match(
                _coding(ICD10CM, row.code, row.title, release),
                ICD11.uri,
                code,
                row.relationship,
                own.url,
                notes=(
                    ("expression", "Code", row.expression),
                    ("confidence", "Decimal", row.confidence),
                ),
            )
            for row in sources_of(store, code)
        ]
    release = _release(store, own.source)
    found: dict[str, Match] = {}
    for row in store.mappings_to(own.target.id, code):
        if row.source_system == own.source.id and row.source_code:
            where = f"{row.map_table} {row.release}, row {row.row}"
            match = Match(
                _coding(own.source, row.source_code, row.source_title or None, release),
                own.target.uri,
                code,
                Relationship.RELATED.value,
                own.url,
                notes=(("provenance", "String", f"WHO table: {where}"),),
            )
            found.setdefault(row.source_code, match)
    return list(found.values())


def _turned(match: Match, own: OwnMap, source: Json) -> Match:
    """Return a match of the crosswalk as one of its reading backwards."""
    found = match.source
    word = {
        Relationship.SOURCE_NARROWER.value: Relationship.SOURCE_BROADER.value,
        Relationship.SOURCE_BROADER.value: Relationship.SOURCE_NARROWER.value,
    }.get(match.relationship, match.relationship)
    return Match(
        source,
        own.target.uri,
        found["code"],
        word,
        own.url,
        found.get("version"),
        found.get("display"),
        notes=match.notes,
    )


def _coding(system: CodeSystem, code: str, display: str | None, release: str | None) -> Json:
    coding = {"system": system.uri, "version": release, "code": code, "display": display}
    return {k: v for k, v in coding.items() if v}


def loaded(store: Store) -> list[OwnMap]:
    """Return the maps both of whose ends are in the bundle."""
    systems = set(store.systems())
    return [m for m in OWN_MAPS if m.source.id in systems and m.target.id in systems]


def _release(store: Store, system: CodeSystem) -> str | None:
    known = store.releases(system.id) if system.id in store.systems() else []
    return store.release(code_system(system.id).id).release.id if known else None


def _match(own: OwnMap, source: Json, answer: Crosswalk, target: Target, release: str | None) -> Match:
    notes: list[tuple[str, str, Any]] = [("rank", "Integer", target.rank)]
    if target.confidence is not None:
        notes.append(("confidence", "Decimal", target.confidence))
    notes += [("representation", "Code", answer.representation), ("motif", "Code", answer.motif)]
    notes += [("optional", "String", code) for code in target.optional]
    notes += [(f"facet-{name}", "String", facet) for name, values in target.facets for facet in values]
    for step in target.provenance:
        notes.append(("provenance", "String", f"{step.step}: {step.detail} ({step.source})"))
    return Match(
        source,
        own.target.uri,
        target.expression,
        target.relationship,
        own.url,
        release,
        _said(target.titles),
        notes=tuple(notes),
    )


def _said(titles: Sequence[str | None]) -> str | None:
    """Say a cluster in words: the stem's title, the others in brackets."""
    known = [t for t in titles if t]
    if not known:
        return None
    return known[0] + (f" [{'; '.join(known[1:])}]" if known[1:] else "")
