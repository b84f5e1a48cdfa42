"""Releases, licences, attributions, and what is missing."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, Response

from terminology.bundle.facility_tables import has_facility_tables
from terminology.systems import CPT, ICD10, ICD10CM, ICD11, SYSTEMS
from web.opened import opened
from web.pages.frame import page

about = Blueprint("about", __name__)


@about.get("/about")
def show() -> Response:
    """Answer with what this server holds and under which terms."""
    store = opened().store
    systems = [
        {
            "system": SYSTEMS[name],
            "default": store.release(name).release,
            "in_force": store.release(name).release.in_force(date.today()),
            "releases": [store.release_record(r) for r in reversed(store.releases(name))],
        }
        for name in store.systems()
    ]
    return page("about.html", manifest=store.manifest, systems=systems, missing=_missing())


def _missing() -> list[str]:
    """What a reader could expect and will not find, as sentences."""
    opened_now = opened()
    store, loaded = opened_now.store, set(opened_now.store.systems())
    absent = [
        f"{system.title} is not loaded."
        for system in SYSTEMS.values()
        if system.id not in loaded and system.id != CPT.id
    ]
    if CPT.id not in loaded:
        absent.append("CPT is not loaded: it is the AMA's, and only a licensee's own files can add it.")
    if opened_now.search is None:
        absent.append("There is no search index.")
    if {ICD10CM.id, ICD11.id} <= loaded and not store.manifest.counts.get("crosswalk"):
        absent.append("There is no crosswalk.")
    if {ICD10.id, ICD11.id} <= loaded and not store.manifest.counts.get("mappings"):
        absent.append("WHO's mapping tables are not loaded.")
    if not has_facility_tables(store) or not store.manifest.counts.get("volumes"):
        absent.append("No facility volumes are loaded.")
    if ICD11.id in loaded and not store.has_axes():
        absent.append(
            "ICD-11 postcoordination axes are not loaded (only WHO's ICD-API states them): which extension "
            "codes a stem requires cannot be checked."
        )
    return absent
