"""What a bundle does without: systems and tables that are not in it, and codes that belong to one of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from terminology.bundle.kept import kept_with_bundle
from terminology.bundle.life.icd9_codes import became_icd10
from terminology.bundle.store_face import StoreFace
from terminology.codes import read_code
from terminology.systems import CPT, HCPCS, ICD10, ICD10CM, ICD11, ICF, SYSTEMS, CodeSystem

#: The one command that brings publishers' files into a bundle.
BUILD_WITH_DATA = "teneleven build --data FOLDER"
_PACKAGE = "package"
_NO_WHO_TABLES = "WHO's ICD-10 to ICD-11 tables are not loaded"
_GIVE_WHO_TABLES = f"give WHO's mapping.zip to '{BUILD_WITH_DATA}'"
_HOW: Mapping[str, str] = {
    ICD10CM.id: f"give CMS's code descriptions and NCHS's Tabular List to '{BUILD_WITH_DATA}'",
    ICD11.id: f"give WHO's SimpleTabulation-ICD-11-MMS-en.zip to '{BUILD_WITH_DATA}'",
    ICD10.id: f"give WHO's metadata files to '{BUILD_WITH_DATA}'",
    HCPCS.id: f"no package carries it; give CMS's file to '{BUILD_WITH_DATA}'",
    ICF.id: f"give WHO's SimpleTabulation-ICF-en.zip to '{BUILD_WITH_DATA}'",
    CPT.id: "it is the AMA's, and only a licensee's own files can add it",
}
#: Shapes that codes of a system have and codes of ICD with their dot have not (CMS, HCPCS record layout: a
#: letter A to V and four digits, D being the ADA's; AMA, CPT categories II and III and laboratory analyses).
_SHAPES: Mapping[str, re.Pattern[str]] = {
    HCPCS.id: re.compile(r"[A-CE-V]\d{4}", re.IGNORECASE),
    CPT.id: re.compile(r"\d{4}[AFMTU]", re.IGNORECASE),
}
#: An ICF code with qualifiers behind a point, or behind a plus for a facilitator (WHO, ICF, annex 2).
_QUALIFIED = re.compile(r"(?P<code>[BSDE]\d{1,5})(?P<qualifier>[.+]\d{1,5})", re.IGNORECASE)
#: Systems whose absence nobody need be told of: only a licensee, or who works with functioning, has them.
_UNASKED = frozenset({CPT.id, ICF.id})


def system_not_loaded(store: StoreFace, text: str) -> CodeSystem | None:
    """Return the system that a text has the shape of a code of and that this bundle does not hold.

    Only codes that no loaded system has are worth asking for: the shapes overlap with ICD-10-CM's without
    its dot.
    """
    written, loaded = read_code(text).text, store.systems()
    shaped = (name for name, shape in _SHAPES.items() if name not in loaded and shape.fullmatch(written))
    return next((SYSTEMS[name] for name in shaped), None)


def remark_not_loaded(store: StoreFace, text: str) -> str:
    """Return what to say of a code that no loaded system has, empty where nothing is known of it."""
    became = became_icd10(store, text)
    if became is not None:
        return f"{became.code} is {became.sentence}"
    if (qualified := _QUALIFIED.fullmatch(read_code(text).text)) and _in_icf(store, qualified["code"]):
        return (
            f"the ICF code {qualified['code'].lower()} with a qualifier, {qualified['qualifier']}: "
            "a qualifier is no part of the code, ask without it"
        )
    system = system_not_loaded(store, text)
    if system is None:
        return ""
    written = read_code(text).text
    return f"{written} has the shape of a code of {system.title}, which is not loaded here: {_HOW[system.id]}"


def remark_elsewhere(store: StoreFace, system: str, text: str) -> str:
    """Return what to say of a code that a system does not have: whose it is, empty where nothing is known."""
    written = read_code(text).text
    for other in store.systems():
        if other != system and store.has(other, written):
            return f"{written} is a code of {SYSTEMS[other].title}"
    return remark_not_loaded(store, text)


def remark_on_who_tables(store: StoreFace) -> str:
    """Return what to say where WHO's ICD-10 to ICD-11 tables are not loaded, empty where they are."""
    if store.manifest.counts.get("mappings"):
        return ""
    return f"{_NO_WHO_TABLES}, so what they map is not known; {_GIVE_WHO_TABLES}"


def _in_icf(store: StoreFace, code: str) -> bool:
    return ICF.id in store.systems() and store.has(ICF.id, code)


@kept_with_bundle(maxsize=2)
def missing(store: StoreFace) -> tuple[str, ...]:
    """Return what a reader could expect and will not find, as sentences."""
    return tuple(_missing(store))


def _missing(store: StoreFace) -> Iterator[str]:
    loaded, counts = set(store.systems()), store.manifest.counts
    for system in SYSTEMS.values():
        if system.id not in loaded:
            yield f"{system.title} is not loaded: {_HOW[system.id]}."
    if {ICD10CM.id, ICD11.id} <= loaded and not counts.get("crosswalk"):
        yield "There is no crosswalk."
    if {ICD10CM.id, ICD11.id} <= loaded and not counts.get("mappings"):
        yield f"{_NO_WHO_TABLES}: the crosswalk answers from titles alone; {_GIVE_WHO_TABLES}."
    if ICD10CM.id in loaded and not counts.get("index_terms"):
        yield f"ICD-10-CM's Alphabetic Index is not loaded: give NCHS's index XML to '{BUILD_WITH_DATA}'."
    if ICD10CM.id in loaded and not counts.get("predecessors"):
        yield (
            "ICD-10-CM's conversion table is not loaded: what replaced a retired code is not known; give "
            f"NCHS's table to '{BUILD_WITH_DATA}'."
        )
    if not counts.get("volumes"):
        yield "No facility volumes are loaded."
    if ICD11.id in loaded and not store.has_axes():
        yield (
            "ICD-11 postcoordination axes are not loaded (only WHO's ICD-API states them): which extension "
            "codes a stem requires cannot be checked."
        )


@kept_with_bundle(maxsize=2)
def stand_ins(store: StoreFace) -> tuple[str, ...]:
    """Return the titles of the systems that packages stand in for, in whole; none for a bundle of files."""
    carried = {record.name for record in store.manifest.sources if record.origin == _PACKAGE}
    records = (record for record in store.manifest.releases if carried.intersection(record.sources))
    return tuple(dict.fromkeys(SYSTEMS[record.system].title for record in records))


@kept_with_bundle(maxsize=2)
def absent_systems(store: StoreFace) -> tuple[str, ...]:
    """Return the titles of the systems that are not loaded, without those that few have use for."""
    loaded = frozenset(store.systems())
    return tuple(s.title for s in SYSTEMS.values() if s.id not in loaded | _UNASKED)
